"""`ruskor report`: the options, and the page written from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import typer  # noqa: TC002 - read from the annotations when the command is registered

from ruskor.cli.options import (
    All,
    Core,
    Corrections,
    Errors,
    FilesFrom,
    Lang,
    NoProgress,
    Nul,
    Output,
    Paths,
    People,
    Places,
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


def add_report(app: typer.Typer, *, default_topic: str) -> None:
    """Register the command."""

    @app.command()
    def report(
        ctx: typer.Context,
        paths: Paths = None,
        *,
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
        people: People = None,
        places: Places = None,
        core: Core = False,
        everything: All = False,
        errors: Errors = None,
        quiet: Quiet = False,
        verbose: Verbose = False,
        no_progress: NoProgress = False,
    ) -> int:
        """Write one offline HTML page: timeline, map, network, table and evidence."""
        from ruskor.cli import work

        own = work.set_voice(cast("Context", ctx.obj), quiet=quiet, verbose=verbose, no_progress=no_progress)
        chosen = work.make_filter(
            since=since, until=until, types=types, statuses=statuses, people=people, places=places, core=core, everything=everything
        )
        job = work.make_job(
            own, paths, topic=topic, corrections=corrections, published=published, files_from=files_from, nul=nul, errors=errors
        )
        return write_report(job, chosen, output=output, lang=work.check_lang(lang))


def write_report(job: Job, chosen: Filter, *, output: str | None, lang: str) -> int:
    """The page, to a file or a pipe; a file stays as it is where nothing could be processed.

    Raises RuskorError (usage) where it would go to a terminal.
    """
    from ruskor.cli.commands import version_line
    from ruskor.cli.work import emit, run_job
    from ruskor.errors import RuskorError
    from ruskor.report import build_report, render_report
    from ruskor.report.render import load_accuracy
    from ruskor.select import explain_empty, select
    from ruskor.topic import load_topic

    if (output is None or output == "-") and job.ctx.stdout_tty:
        raise RuskorError("a page on a terminal helps nobody", hint="name a file: -o report.html")
    topic = load_topic(job.topic)
    run = run_job(job)
    if not job.done:
        return job.exit_code()
    gazetteer = job.gazetteer()
    events, dropped = select(run.events, chosen, gazetteer)
    if not events:
        job.ctx.note(explain_empty(dropped, job.done))
    page = render_report(
        build_report(
            events, run.annotations, title=(topic.title_en, topic.title_ar), states=topic.states, successors=topic.successors,
            failures=run.failures, gazetteer=gazetteer, accuracy=load_accuracy(), generator=version_line(), lang=lang,
        )
    )  # fmt: skip
    emit(job.ctx, [page], output)
    return job.exit_code()
