"""One line that names an event, in English and Arabic, from the patterns of `data/types.yaml`."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from ruskor.lexicon import compiled, data_files, load_yaml

_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_FIELD = re.compile(r"\{(\w+)\}")


def _build(paths: list[Any]) -> Any:
    return load_yaml(paths[0])


@cache
def type_table() -> dict[str, Any]:
    """Names and title patterns of types and statuses."""
    table: dict[str, Any] = compiled("types", _build, data_files("types.yaml"))
    return table


def joined(names: list[str], lang: str) -> str:
    """«A, B and C»; in Arabic every name is joined by و."""
    link: str = type_table()["and"][lang]
    if len(names) < 2:
        return "".join(names)
    if lang == "ar":
        return link.join(names)
    return ", ".join(names[:-1]) + link + names[-1]


def make_title(kind: str, fields: dict[str, str], lang: str, *, several: bool = False) -> str:
    """Fill the pattern of the type; optional parts without a value go, other missing values leave the type's name.

    `several`: the first side is more than one.
    """
    row = type_table()["types"][kind]
    pattern: str = (row.get("title_of_several", row["title"]) if several else row["title"])[lang]

    def optional(match: re.Match[str]) -> str:
        needed = _FIELD.findall(match.group(1))
        return match.group(1) if all(fields.get(name) for name in needed) else ""

    pattern = _OPTIONAL.sub(optional, pattern)
    if any(not fields.get(name) for name in _FIELD.findall(pattern)):
        known = fields.get("both") or fields.get("first") or fields.get("second") or fields.get("place") or ""
        name: str = row[lang]
        return f"{name[:1].upper() + name[1:]}: {known}" if known else name[:1].upper() + name[1:]
    title = _FIELD.sub(lambda m: fields[m.group(1)], pattern)
    return title[:1].upper() + title[1:]
