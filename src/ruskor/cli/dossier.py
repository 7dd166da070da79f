"""`ruskor people` and `ruskor places`: the options, and the dossier printed from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, cast

import typer

from ruskor.cli.options import (
    All,
    Core,
    Corrections,
    Errors,
    FilesFrom,
    Format,
    Lang,
    NoProgress,
    Nul,
    Output,
    Paths,
    Published,
    Quiet,
    Since,
    Statuses,
    Topic,
    Types,
    Until,
    Verbose,
)

if TYPE_CHECKING:
    from ruskor.cli.work import Job
    from ruskor.context import Context
    from ruskor.select import Filter

Name = Annotated[str, typer.Argument(metavar="NAME", help="A name, a part of it, an alias or an id.", show_default=False)]


def add_dossiers(app: typer.Typer, *, default_topic: str) -> None:
    """Register the commands."""

    def register(command: str, kind: str, words: str) -> None:
        @app.command(command, help=words)
        def dossier(
            ctx: typer.Context,
            name: Name,
            paths: Paths = None,
            *,
            form: Format = None,
            output: Output = None,
            lang: Lang = "en",
            published: Published = None,
            topic: Topic = default_topic,
            corrections: Corrections = None,
            files_from: FilesFrom = None,
            nul: Nul = False,
            since: Since = None,
            until: Until = None,
            types: Types = None,
            statuses: Statuses = None,
            core: Core = False,
            everything: All = False,
            errors: Errors = None,
            quiet: Quiet = False,
            verbose: Verbose = False,
            no_progress: NoProgress = False,
        ) -> int:
            from ruskor.cli import work

            own = work.set_voice(cast("Context", ctx.obj), quiet=quiet, verbose=verbose, no_progress=no_progress)
            chosen = work.make_filter(since=since, until=until, types=types, statuses=statuses, core=core, everything=everything)
            job = work.make_job(
                own, paths, topic=topic, corrections=corrections, published=published, files_from=files_from, nul=nul, errors=errors
            )
            return write_dossier(job, chosen, name, kind=kind, form=form, output=output, lang=work.check_lang(lang))

    register("people", "person", "Print a dossier of one person: spellings, offices, events, partners, articles.")
    register("places", "place", "Print a dossier of one place: spellings, what happened there, who was there, articles.")


def write_dossier(job: Job, chosen: Filter, name: str, *, kind: str, form: str | None, output: str | None, lang: str) -> int:
    """The dossier as text or JSON.

    Raises RuskorError (usage) where nobody bears the name, or several do.
    """
    from dataclasses import replace

    from ruskor.cli.work import choose_format, emit, emit_blocks, run_job
    from ruskor.dossier import dossier_blocks, event_test, find_subject, make_dossier
    from ruskor.export import json_line
    from ruskor.interface import load_words
    from ruskor.readers import readable
    from ruskor.select import select
    from ruskor.terminal import width_for

    form = choose_format(job.ctx, form, output, allowed=("table", "json"), piped="table")
    run = run_job(job)
    if not job.done:
        return job.exit_code()
    gazetteer = job.gazetteer()
    subject = find_subject(readable(name), run.annotations, gazetteer, kind=kind)
    concerned = event_test(subject, kind=kind, gazetteer=gazetteer)
    own = [event for event in run.events if concerned(event)]
    shown, _ = select(own, chosen, gazetteer)
    whole, _ = select(own, replace(chosen, everything=True), gazetteer)
    dossier = make_dossier(subject, run.annotations, shown, gazetteer, kind=kind, lang=lang, hidden=len(whole) - len(shown))
    if form == "json":
        emit(job.ctx, [json_line(dossier) + "\n"], output)
    else:
        blocks = dossier_blocks(dossier, words=load_words(lang, gazetteer=gazetteer), columns=width_for(job.ctx, output))
        emit_blocks(job.ctx, blocks, output, lang=lang)
    return job.exit_code()
