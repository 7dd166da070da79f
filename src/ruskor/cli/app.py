"""The commands: each turns its options into a call of a plain function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from ruskor.cli.completion import add_completion
from ruskor.cli.dossier import add_dossiers
from ruskor.cli.options import (
    All,
    Core,
    Corrections,
    Errors,
    FilesFrom,
    Format,
    Gazetteers,
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
from ruskor.cli.report import add_report
from ruskor.cli.store import add_store_commands

if TYPE_CHECKING:
    from ruskor.context import Context

TOPIC = "russia-north-korea"

app = typer.Typer(
    name="ruskor",
    help="Arabic news on Russia and North Korea → a table of dated events with verbatim evidence.",
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
data_app = typer.Typer(
    help="The gazetteers and word lists.", pretty_exceptions_enable=False, context_settings={"help_option_names": ["-h", "--help"]}
)
app.add_typer(data_app, name="data")


def command_line() -> Any:
    """The click command of the whole application."""
    from ruskor.cli.shared import graft

    return graft(typer.main.get_command(app))


def _leaves(command: Any, prefix: str = "") -> dict[str, Any]:
    out: dict[str, Any] = {}
    for name, inner in command.commands.items():
        out |= _leaves(inner, f"{prefix}{name}_") if hasattr(inner, "commands") else {f"{prefix}{name}": inner}
    return out


def _named(command: Any) -> dict[str, Any]:
    """Option name as in a configuration file → parameter."""
    return {
        flag.lstrip("-").replace("-", "_"): parameter
        for parameter in command.params
        for flag in parameter.opts
        if flag.startswith("--") and flag not in {"--help", "--output", "--null", "--with-text", "--floors"}
    }


def defaults(command: Any, ctx: Context) -> dict[str, Any]:
    """The default map: options from variables and configuration files, for each command those that it has."""
    from ruskor.config import load_defaults

    leaves = _leaves(command)
    options = {name: bool(parameter.multiple) for leaf in leaves.values() for name, parameter in _named(leaf).items()}
    loaded = load_defaults(ctx.env, ctx.cwd, options=options, commands=leaves)
    out: dict[str, Any] = {}
    for name, leaf in leaves.items():
        own = {parameter.name: loaded[name][option] for option, parameter in _named(leaf).items() if option in loaded[name]}
        group, _, inner = name.partition("_")
        if inner:
            out.setdefault(group, {})[inner] = own
        else:
            out[name] = own
    return out


def _context(ctx: typer.Context, *, quiet: bool, verbose: bool, no_progress: bool = False) -> Context:
    from ruskor.cli.work import set_voice

    return set_voice(cast("Context", ctx.obj), quiet=quiet, verbose=verbose, no_progress=no_progress)


def _version(ctx: typer.Context, asked: bool) -> None:  # noqa: FBT001 - typer calls it so
    if asked:
        from ruskor.cli.commands import version_line

        cast("Context", ctx.obj).write(version_line() + "\n")
        raise typer.Exit


@app.callback()
def root(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and the hash of the data.")
    ] = False,
) -> None:
    """Arabic news on Russia and North Korea → a table of dated events with verbatim evidence."""


@app.command()
def extract(
    ctx: typer.Context,
    paths: Paths = None,
    *,
    form: Format = None,
    output: Output = None,
    lang: Lang = "en",
    published: Published = None,
    topic: Topic = TOPIC,
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
    """Print the event table: one row, one real event."""
    from ruskor.cli import commands, work

    own = _context(ctx, quiet=quiet, verbose=verbose, no_progress=no_progress)
    chosen = work.make_filter(
        since=since, until=until, types=types, statuses=statuses, people=people, places=places, core=core, everything=everything
    )
    job = work.make_job(
        own, paths, topic=topic, corrections=corrections, published=published, files_from=files_from, nul=nul, errors=errors
    )
    return commands.extract(job, chosen, form=form, output=output, lang=work.check_lang(lang))


@app.command()
def summary(
    ctx: typer.Context,
    paths: Paths = None,
    *,
    form: Format = None,
    output: Output = None,
    lang: Lang = "en",
    published: Published = None,
    topic: Topic = TOPIC,
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
    """Print a timeline, the people and places, and where articles disagree."""
    from ruskor.cli import commands, work

    own = _context(ctx, quiet=quiet, verbose=verbose, no_progress=no_progress)
    chosen = work.make_filter(
        since=since, until=until, types=types, statuses=statuses, people=people, places=places, core=core, everything=everything
    )
    job = work.make_job(
        own, paths, topic=topic, corrections=corrections, published=published, files_from=files_from, nul=nul, errors=errors
    )
    return commands.summary(job, chosen, form=form, output=output, lang=work.check_lang(lang))


@app.command()
def annotate(
    ctx: typer.Context,
    paths: Paths = None,
    *,
    form: Format = None,
    output: Output = None,
    with_text: Annotated[bool, typer.Option("--with-text", help="Add each article's text, to which the spans refer.")] = False,
    published: Published = None,
    topic: Topic = TOPIC,
    corrections: Corrections = None,
    files_from: FilesFrom = None,
    nul: Nul = False,
    errors: Errors = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    no_progress: NoProgress = False,
) -> int:
    """Print every article's dates, people, places and events with their spans."""
    from ruskor.cli import commands, work

    own = _context(ctx, quiet=quiet, verbose=verbose, no_progress=no_progress)
    job = work.make_job(
        own, paths, topic=topic, corrections=corrections, published=published, files_from=files_from, nul=nul, errors=errors
    )
    return commands.annotate(job, form=form, output=output, with_text=with_text)


@app.command()
def articles(
    ctx: typer.Context,
    paths: Paths = None,
    *,
    form: Format = None,
    output: Output = None,
    lang: Lang = "en",
    published: Published = None,
    topic: Topic = TOPIC,
    corrections: Corrections = None,
    files_from: FilesFrom = None,
    nul: Nul = False,
    errors: Errors = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
    no_progress: NoProgress = False,
) -> int:
    """Print one line an article: its date and where that comes from, its relevance, its failure."""
    from ruskor.cli import commands, work

    own = _context(ctx, quiet=quiet, verbose=verbose, no_progress=no_progress)
    job = work.make_job(
        own, paths, topic=topic, corrections=corrections, published=published, files_from=files_from, nul=nul, errors=errors
    )
    return commands.articles(job, form=form, output=output, lang=work.check_lang(lang))


@app.command()
def show(
    ctx: typer.Context,
    what: Annotated[str, typer.Argument(metavar="ARTICLE|EVENT", help="A file, an article's name or an event's id.", show_default=False)],
    paths: Paths = None,
    *,
    form: Format = None,
    output: Output = None,
    lang: Lang = "en",
    published: Published = None,
    topic: Topic = TOPIC,
    corrections: Corrections = None,
    files_from: FilesFrom = None,
    nul: Nul = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
    no_progress: NoProgress = False,
) -> int:
    """Explain one article or one event with its evidence."""
    from ruskor.cli import commands, work

    own = _context(ctx, quiet=quiet, verbose=verbose, no_progress=no_progress)
    given = paths if paths or files_from or work.from_store(own, what) else [what]
    job = work.make_job(own, given, topic=topic, corrections=corrections, published=published, files_from=files_from, nul=nul)
    return commands.show(job, what, form=form, output=output, lang=work.check_lang(lang))


@app.command()
def dates(
    ctx: typer.Context,
    text: Annotated[str, typer.Argument(metavar="TEXT|-", help="An Arabic text, or - for standard input.", show_default=False)],
    *,
    published: Annotated[str | None, typer.Option(metavar="DATE", help="The text's own date, a day or A..B.")] = None,
    unresolved: Annotated[bool, typer.Option("--unresolved", help="Also expressions that cannot be resolved.")] = False,
    form: Format = None,
    output: Output = None,
    lang: Lang = "en",
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Print the dates that a text names."""
    from ruskor.cli import commands, work

    own = _context(ctx, quiet=quiet, verbose=verbose)
    return commands.dates(own, text, published=published, unresolved=unresolved, form=form, output=output, lang=work.check_lang(lang))


@app.command()
def evaluate(
    ctx: typer.Context,
    gold: Annotated[str, typer.Argument(metavar="GOLD", help="A folder with gold annotation.", show_default=False)],
    paths: Paths = None,
    *,
    floors: Annotated[str | None, typer.Option("--floors", metavar="FILE", help="Least figures; below one the exit code is 4.")] = None,
    form: Format = None,
    output: Output = None,
    lang: Lang = "en",
    topic: Topic = TOPIC,
    quiet: Quiet = False,
    verbose: Verbose = False,
    no_progress: NoProgress = False,
) -> int:
    """Print precision and recall against gold annotation."""
    from ruskor.cli import commands, work

    own = _context(ctx, quiet=quiet, verbose=verbose, no_progress=no_progress)
    job = work.make_job(own, paths, topic=topic)
    return commands.evaluate(job, gold, floors=floors, form=form, output=output, lang=work.check_lang(lang))


@data_app.command("check")
def data_check(
    ctx: typer.Context,
    files: Annotated[list[str] | None, typer.Argument(metavar="FILE...", help="Your own gazetteers.", show_default=False)] = None,
    *,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Check every file of data/, and your own gazetteers: exit code 2 where something is wrong."""
    from ruskor.cli import commands

    return commands.data_check(_context(ctx, quiet=quiet, verbose=verbose), files or ())


@data_app.command("search")
def data_search(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="A name, an alias or an id.", show_default=False)],
    *,
    gazetteer: Gazetteers = None,
    form: Format = None,
    output: Output = None,
    lang: Lang = "en",
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Find people, places, organisations and offices by name."""
    from ruskor.cli import commands, work

    own = _context(ctx, quiet=quiet, verbose=verbose)
    return commands.data_search(own, name, gazetteers=gazetteer or (), form=form, output=output, lang=work.check_lang(lang))


add_dossiers(app, default_topic=TOPIC)
add_report(app, default_topic=TOPIC)
add_store_commands(app, default_topic=TOPIC)
add_completion(app)
