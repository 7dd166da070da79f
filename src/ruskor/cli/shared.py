"""Options that many commands have alike, grafted onto them: a store as input, columns of records, spreadsheet output, logs.

A command does not name them in its signature; their values stand in `Context.extra`.
"""

from __future__ import annotations

from copy import copy
from typing import Annotated, Any

import typer

_INPUT, _OUTPUT, _LOG = "Input", "Output", "Logs"

_template = typer.Typer()


@_template.command()
def _options(
    *,
    db: Annotated[str | None, typer.Option("--db", metavar="FILE", help="A store that `ingest` made.", rich_help_panel=_INPUT)] = None,
    input_format: Annotated[
        str | None,
        typer.Option(
            metavar="FORMAT", help="What the inputs are, whatever their names: text html jsonl json csv tsv parquet.",
            rich_help_panel=_INPUT,
        ),
    ] = None,
    text_column: Annotated[str | None, typer.Option(metavar="NAME", help="The field with the text.", rich_help_panel=_INPUT)] = None,
    published_column: Annotated[str | None, typer.Option(metavar="NAME", help="The field with the date.", rich_help_panel=_INPUT)] = None,
    title_column: Annotated[str | None, typer.Option(metavar="NAME", help="The field with the title.", rich_help_panel=_INPUT)] = None,
    outlet_column: Annotated[str | None, typer.Option(metavar="NAME", help="The field with the outlet.", rich_help_panel=_INPUT)] = None,
    url_column: Annotated[str | None, typer.Option(metavar="NAME", help="The field with the address.", rich_help_panel=_INPUT)] = None,
    id_column: Annotated[str | None, typer.Option(metavar="NAME", help="The field that names the record.", rich_help_panel=_INPUT)] = None,
    max_size: Annotated[
        str | None, typer.Option(metavar="SIZE", help="The largest article or record that is read (default 20M).", rich_help_panel=_INPUT)
    ] = None,
    gazetteer: Annotated[
        list[str] | None,
        typer.Option(metavar="FILE", help="Your own people, places, organisations and offices, over ours.", rich_help_panel=_INPUT),
    ] = None,
    no_user_data: Annotated[
        bool, typer.Option("--no-user-data", help="Leave out the gazetteers of your configuration folder.", rich_help_panel=_INPUT)
    ] = False,
    ner: Annotated[
        str, typer.Option(metavar="ENGINE", help="Names also by another engine: camel (default ruskor).", rich_help_panel=_INPUT)
    ] = "ruskor",
    raw: Annotated[
        bool, typer.Option("--raw", help="CSV and XLSX: leave cells that a spreadsheet would run.", rich_help_panel=_OUTPUT)
    ] = False,
    add_bom: Annotated[bool, typer.Option("--add-bom", help="CSV and TSV: begin with a mark for Excel.", rich_help_panel=_OUTPUT)] = False,
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", "-j", metavar="N", min=1, help="Work with so many processes (default: all cores).", rich_help_panel=_INPUT),
    ] = None,
    engine: Annotated[
        str, typer.Option(metavar="local|dask", help="Where to work: here, or on a Dask cluster.", rich_help_panel=_INPUT)
    ] = "local",
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="The Dask scheduler (default: a cluster of its own).", rich_help_panel=_INPUT)
    ] = None,
    log_file: Annotated[str | None, typer.Option(metavar="FILE", help="Also write what is said to a file.", rich_help_panel=_LOG)] = None,
    log_format: Annotated[str, typer.Option(metavar="text|json", help="Lines of text or of JSON.", rich_help_panel=_LOG)] = "text",
) -> None:
    """Only its options are used."""


_STORE = ("db",)
_RECORDS = ("input_format", "text_column", "published_column", "title_column", "outlet_column", "url_column", "id_column", "max_size")
_SHEETS = ("raw", "add_bom")
_LOGS = ("log_file", "log_format")
_GAZETTEERS = ("gazetteer", "no_user_data")
_KNOWLEDGE = (*_GAZETTEERS, "ner")
_READING = (*_STORE, *_RECORDS, *_KNOWLEDGE, *_LOGS)
COMMANDS: dict[str, tuple[str, ...]] = {
    "extract": (*_READING, *_SHEETS),
    "articles": (*_READING, *_SHEETS),
    "people": _READING,
    "places": _READING,
    "summary": _READING,
    "annotate": _READING,
    "show": _READING,
    "report": _READING,
    "evaluate": (*_RECORDS, *_KNOWLEDGE, *_LOGS),
    "ingest": _READING,
    "changes": (*_STORE, *_LOGS),
    "search": (*_STORE, *_LOGS),
    "forget": (*_STORE, *_GAZETTEERS, *_LOGS),
    "backup": (*_STORE, *_LOGS),
}
# What reads articles can do so with several processes.
_PARALLEL = ("extract", "articles", "people", "places", "summary", "annotate", "report", "evaluate")
COMMANDS["extract"] += ("engine", "scheduler")
COMMANDS |= {name: (*COMMANDS[name], "jobs") for name in _PARALLEL}


def graft(command: Any) -> Any:
    """Add the shared options to the commands of an application that have them; returns the application."""
    found = {parameter.name: parameter for parameter in typer.main.get_command(_template).params}
    for name, leaf in command.commands.items():
        own = {parameter.name for parameter in leaf.params}
        for option in COMMANDS.get(name, ()):
            if option not in own:
                parameter = copy(found[option])  # a parameter belongs to one command
                parameter.expose_value = False
                parameter.callback = _keep
                leaf.params.append(parameter)
    return command


def _keep(ctx: Any, parameter: Any, value: Any) -> Any:
    """Remember the value, and whether it was given on the command line."""
    if ctx.obj is not None:
        ctx.obj.extra[parameter.name] = value
        source = ctx.get_parameter_source(parameter.name)
        ctx.obj.explicit.discard(parameter.name)
        if source is not None and source.name == "COMMANDLINE":
            ctx.obj.explicit.add(parameter.name)
        if parameter.name == "log_format":
            _start_log(ctx.obj)
    return value


def _start_log(own: Any) -> None:
    from ruskor.logs import start_log

    if own.extra.get("log_file"):
        start_log(own, own.extra["log_file"], form=own.extra["log_format"])
    elif own.extra["log_format"] not in {"text", "json"}:
        start_log(own, "", form=own.extra["log_format"])
