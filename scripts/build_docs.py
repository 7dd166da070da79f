"""Write the reference pages that come from the code: commands with their options, and the columns of every table.

Without an option it writes docs/reference/; with --check it ends with 1 where a page is not current.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs" / "reference"
TABLES = {
    "events": ("The event table", "`ruskor extract`, `ruskor.extract(…).events`; one row, one real event."),
    "events_extra": ("Beside the columns", "What JSON and Parquet have too, and `Corpus.rows`."),
    "articles": ("Articles", "`ruskor articles`, `Corpus.articles`; one row an article, failed ones too."),
    "people": ("People", "`Corpus.people`."),
    "places": ("Places", "`Corpus.places`."),
    "dates": ("Dates", "`Corpus.dates`; `ruskor dates` has the same columns without `article`."),
}


def table_columns() -> dict[str, dict[str, str]]:
    """Every table of the code with its columns and their kinds."""
    from ruskor import table

    return {
        "events": table.EVENT_COLUMNS, "events_extra": table.EVENT_EXTRA, "articles": table.ARTICLE_COLUMNS, "people": table.PEOPLE_COLUMNS,
        "places": table.PLACE_COLUMNS, "dates": table.DATE_COLUMNS,
    }  # fmt: skip


def columns_page() -> str:
    """docs/reference/columns.md."""
    from ruskor.lexicon import load_yaml

    words = load_yaml(ROOT / "data" / "columns.yaml")
    kinds = {"str": "text", "bool": "true or false", "float": "number", "int": "whole number", "list": "list", "json": "object"}
    parts = ["# Columns\n", "Made from `data/columns.yaml` and the code by `scripts/build_docs.py`.\n"]
    for name, columns in table_columns().items():
        title, lead = TABLES[name]
        rows = [f"| `{column}` | {kinds[kind]} | {words[name][column]} |" for column, kind in columns.items()]
        parts += [f"## {title}\n", f"{lead}\n", "| column | kind | meaning |\n|---|---|---|\n" + "\n".join(rows) + "\n"]
    parts.append("In CSV and TSV lists are joined by `; `, true and false are `true` and `false`, and what is unknown is empty.\n")
    return "\n".join(parts)


def leaves(command: Any, prefix: str = "") -> dict[str, Any]:
    """Every command by its words."""
    out: dict[str, Any] = {}
    for name, inner in command.commands.items():
        out |= leaves(inner, f"{prefix}{name} ") if hasattr(inner, "commands") else {prefix + name: inner}
    return out


def commands_page() -> str:
    """docs/reference/commands.md."""
    from ruskor.cli.app import command_line

    parts = ["# Commands and options\n", "Made from the code by `scripts/build_docs.py`; [the command line](../cli.md) explains them.\n"]
    for name, command in leaves(command_line()).items():
        arguments = [p for p in command.params if p.param_type_name == "argument"]
        options = [p for p in command.params if p.param_type_name == "option"]
        usage = " ".join(["ruskor", name, "[OPTIONS]", *[_argument(p) for p in arguments]])
        parts += [f"## {name}\n", f"{command.help}\n", f"    {usage}\n"]
        rows = [f"| `{_cell(_argument(p))}` | {_cell(p.help)} |" for p in arguments]
        rows += [f"| {_flags(p)} | {_cell(p.help)} |" for p in options if p.name != "help"]
        parts.append("| | |\n|---|---|\n" + "\n".join(rows) + "\n")
    return "\n".join(parts)


def _argument(parameter: Any) -> str:
    name = parameter.metavar or parameter.name.upper()
    return name if parameter.required else f"[{name}]"


def _flags(parameter: Any) -> str:
    value = "" if parameter.is_flag else f" {parameter.metavar or 'NUMBER'}"
    flags = [f"`{flag}{value if flag.startswith('--') else ''}`" for flag in (*parameter.opts, *parameter.secondary_opts)]
    return _cell(", ".join(flags))


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


PAGES = {"columns.md": columns_page, "commands.md": commands_page}


def main() -> int:
    """Write or check the pages."""
    stale = []
    for name, make in PAGES.items():
        path, text = DOCS / name, make()
        if "--check" in sys.argv:
            stale += [] if path.is_file() and path.read_text(encoding="utf-8") == text else [name]
        else:
            path.write_text(text, encoding="utf-8")
    if stale:
        print(f"not current: {', '.join(stale)}; run python scripts/build_docs.py")
    return bool(stale)


if __name__ == "__main__":
    sys.exit(main())
