"""The commands of the store: `ingest`, `changes`, `search`, `forget`, `backup`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, cast

import typer

from ruskor.cli.options import All, Errors, FilesFrom, Format, Lang, NoProgress, Nul, Output, Paths, Published, Quiet, Topic, Verbose

if TYPE_CHECKING:
    from ruskor.context import Context

LockTimeout = Annotated[
    float, typer.Option("--lock-timeout", metavar="SECONDS", help="How long to wait for another run; 0: not at all.", min=0)
]


def _own(ctx: typer.Context, *, quiet: bool, verbose: bool, no_progress: bool = True) -> Context:
    from ruskor.cli.work import set_voice

    return set_voice(cast("Context", ctx.obj), quiet=quiet, verbose=verbose, no_progress=no_progress)


def add_store_commands(app: typer.Typer, *, default_topic: str) -> None:
    """Register the commands."""

    @app.command()
    def ingest(
        ctx: typer.Context,
        paths: Paths = None,
        *,
        reanalyse: Annotated[
            bool | None,
            typer.Option(
                "--reanalyse/--no-reanalyse",
                help="Analyse every stored article again, or none; by default those that another version or other data analysed.",
                show_default=False,
            ),
        ] = None,
        lock_timeout: LockTimeout = 600.0,
        published: Published = None,
        topic: Topic = default_topic,
        files_from: FilesFrom = None,
        nul: Nul = False,
        errors: Errors = None,
        quiet: Quiet = False,
        verbose: Verbose = False,
        no_progress: NoProgress = False,
    ) -> int:
        """Add new and changed articles to a store."""
        from ruskor.cli import ingest as command

        own = _own(ctx, quiet=quiet, verbose=verbose, no_progress=no_progress)
        return command.ingest(
            own, paths, topic=topic, published=published, files_from=files_from, nul=nul, errors=errors, reanalyse=reanalyse,
            lock_timeout=lock_timeout,
        )  # fmt: skip

    @app.command()
    def changes(
        ctx: typer.Context,
        *,
        since: Annotated[
            str | None, typer.Option(metavar="RUN|DATE", help="After this run, or since this day; without it since the last --mark.")
        ] = None,
        mark: Annotated[bool, typer.Option("--mark", help="Remember that all this was told.")] = False,
        exit_code: Annotated[bool, typer.Option("--exit-code", help="End with 5 where something is new.")] = False,
        form: Format = None,
        output: Output = None,
        lang: Lang = "en",
        everything: All = False,
        lock_timeout: LockTimeout = 60.0,
        quiet: Quiet = False,
        verbose: Verbose = False,
    ) -> int:
        """Print what is new in a store: events, changed status, dates and places, disagreements, people."""
        from ruskor.cli import changes as command

        own = _own(ctx, quiet=quiet, verbose=verbose)
        return command.changes(
            own, since=since, mark=mark, exit_code=exit_code, form=form, output=output, lang=lang, everything=everything,
            lock_timeout=lock_timeout,
        )  # fmt: skip

    @app.command()
    def search(
        ctx: typer.Context,
        query: Annotated[
            str, typer.Argument(metavar="QUERY", help='Words that all must stand there; "a phrase"; a beginning*.', show_default=False)
        ],
        *,
        evidence: Annotated[bool, typer.Option("--evidence", help="Only in the passages that tell of events.")] = False,
        limit: Annotated[int, typer.Option(metavar="N", help="At most so many articles.", min=1)] = 50,
        form: Format = None,
        output: Output = None,
        lang: Lang = "en",
        quiet: Quiet = False,
        verbose: Verbose = False,
    ) -> int:
        """Find articles of a store by words of their text, whatever their spelling."""
        from ruskor.cli import ingest as command

        own = _own(ctx, quiet=quiet, verbose=verbose)
        return command.search(own, query, evidence=evidence, limit=limit, form=form, output=output, lang=lang)

    @app.command()
    def forget(
        ctx: typer.Context,
        articles: Annotated[list[str], typer.Argument(metavar="ARTICLE...", help="Names or paths of articles.", show_default=False)],
        *,
        lock_timeout: LockTimeout = 600.0,
        quiet: Quiet = False,
        verbose: Verbose = False,
    ) -> int:
        """Remove articles from a store, with all that only they tell."""
        from ruskor.cli import ingest as command

        return command.forget(_own(ctx, quiet=quiet, verbose=verbose), articles, lock_timeout=lock_timeout)

    @app.command()
    def backup(
        ctx: typer.Context,
        output: Annotated[str, typer.Argument(metavar="FILE", help="Where to write the copy.", show_default=False)],
        *,
        quiet: Quiet = False,
        verbose: Verbose = False,
    ) -> int:
        """Copy a store safely while others use it."""
        from ruskor.cli import ingest as command

        return command.backup(_own(ctx, quiet=quiet, verbose=verbose), output)
