"""The options that commands share, declared once."""

from __future__ import annotations

from typing import Annotated

import typer

_INPUT, _FILTER, _OUTPUT = "Input", "Which rows", "Output"

Paths = Annotated[list[str] | None, typer.Argument(metavar="PATH...", help="Files, folders, or - for standard input.", show_default=False)]
Published = Annotated[str | None, typer.Option(metavar="DATE", help="The articles' own date, a day or A..B.", rich_help_panel=_INPUT)]
Topic = Annotated[str, typer.Option(metavar="NAME", help="The topic that decides what is relevant.", rich_help_panel=_INPUT)]
Corrections = Annotated[
    str | None, typer.Option(metavar="FILE", help="An analyst's corrections, applied to what is found.", rich_help_panel=_INPUT)
]
Gazetteers = Annotated[
    list[str] | None,
    typer.Option(
        "--gazetteer", metavar="FILE", help="Your own people, places, organisations and offices, over ours.", rich_help_panel=_INPUT
    ),
]
FilesFrom = Annotated[
    str | None, typer.Option("--files-from", metavar="FILE|-", help="Read paths from a list, one a line.", rich_help_panel=_INPUT)
]
Nul = Annotated[bool, typer.Option("-0", "--null", help="The list of --files-from is ended by NUL bytes.", rich_help_panel=_INPUT)]

Since = Annotated[str | None, typer.Option(metavar="DATE", help="Events that touch this day or later.", rich_help_panel=_FILTER)]
Until = Annotated[str | None, typer.Option(metavar="DATE", help="Events that touch this day or earlier.", rich_help_panel=_FILTER)]
Types = Annotated[list[str] | None, typer.Option("--type", metavar="TYPE", help="Events of this type.", rich_help_panel=_FILTER)]
Statuses = Annotated[list[str] | None, typer.Option("--status", metavar="STATUS", help="Events of this status.", rich_help_panel=_FILTER)]
People = Annotated[
    list[str] | None,
    typer.Option("--person", metavar="NAME", help="Events with this person (name, alias, id).", rich_help_panel=_FILTER),
]
Places = Annotated[
    list[str] | None,
    typer.Option("--place", metavar="NAME", help="Events at or in this place (name, alias, id).", rich_help_panel=_FILTER),
]
Core = Annotated[bool, typer.Option("--core", help="Only contacts between the topic's two states.", rich_help_panel=_FILTER)]
All = Annotated[bool, typer.Option("--all", help="Also statements and what is outside the topic.", rich_help_panel=_FILTER)]

Format = Annotated[str | None, typer.Option("--format", "-f", metavar="FORMAT", help="The output format.", rich_help_panel=_OUTPUT)]
Output = Annotated[
    str | None,
    typer.Option("--output", "-o", metavar="FILE", help="Write to a file; its suffix names the format.", rich_help_panel=_OUTPUT),
]
Lang = Annotated[str, typer.Option(metavar="en|ar", help="The language of titles, tables and dates.", rich_help_panel=_OUTPUT)]
Errors = Annotated[
    str | None, typer.Option("--errors", metavar="FILE", help="Write the articles that failed as JSON lines.", rich_help_panel=_OUTPUT)
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.", rich_help_panel=_OUTPUT)]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Say more; a traceback where something breaks.", rich_help_panel=_OUTPUT)]
NoProgress = Annotated[bool, typer.Option("--no-progress", help="Show no progress.", rich_help_panel=_OUTPUT)]
