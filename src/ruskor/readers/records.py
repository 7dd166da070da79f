"""Records."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Columns:
    """Which fields of a record hold what."""

    def key(self) -> str:
        return ""


def columns_of(extra):
    return Columns()
