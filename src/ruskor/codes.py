"""CAMEO and PLOVER codes of a row, from `data/codes.yaml` (docs/codes.md gives the reasons and the codebooks)."""

from __future__ import annotations

from functools import cache
from typing import Any

from ruskor.lexicon import compiled, data_files, load_yaml


def _build(paths: list[Any]) -> Any:
    return load_yaml(paths[0])


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = compiled("codes", _build, data_files("codes.yaml"))
    return table


def _variant(cell: Any, variants: tuple[str, ...]) -> Any:
    """The value of a cell: of the first variant that it has, else of its first entry."""
    if not isinstance(cell, dict) or "type" in cell:
        return cell
    for variant in variants:
        if variant in cell:
            return cell[variant]
    return next(iter(cell.values()))


def cameo(kind: str, status: str, *variants: str) -> str | None:
    """The CAMEO code of an event type and status, or null; a visit's code takes the guest's view unless `host` is asked for."""
    cell = _variant(_table().get(kind, {}).get("cameo", {}).get(status), variants)
    return None if cell is None else str(cell)


def plover(kind: str, status: str, *variants: str) -> tuple[str, str | None] | None:
    """(PLOVER event type, mode) of an event type and status, or null."""
    cell = _variant(_table().get(kind, {}).get("plover", {}).get(status), variants)
    return None if cell is None else (str(cell["type"]), cell.get("mode"))
