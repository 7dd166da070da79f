"""The words of `data/dct.yaml`, folded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from ruskor.arabic import fold_key
from ruskor.knownevents import stem, stems
from ruskor.lexicon import word_file


@dataclass(frozen=True, slots=True)
class DctWords:
    """The lists of `data/dct.yaml`, folded."""

    roles: dict[str, str]
    issue: frozenset[str]
    in_sentence: frozenset[str]
    apposition: frozenset[str]
    limits: frozenset[str]
    types: dict[str, frozenset[str]]  # event type → stems
    future: frozenset[str]
    not_future: frozenset[str]
    today: frozenset[str]
    that: frozenset[str]
    current: frozenset[str]
    since: frozenset[str]
    after: frozenset[str]
    before: frozenset[str]
    vague: dict[str, tuple[int, int]]
    vague_fill: frozenset[str]
    vague_of: frozenset[str]
    digits: dict[str, str]  # figures in words, for phrases
    bases: tuple[tuple[tuple[str, ...], date, bool], ...]  # stems, what an anniversary counts from, whether the day is meant


def _base(text: str) -> tuple[date, bool]:
    """A day, or the first day of a year, and which of the two."""
    return (date.fromisoformat(text), True) if len(text) == 10 else (date(int(text), 1, 1), False)


@cache
def dct_words() -> DctWords:
    """The words that the dater reads."""
    table: dict[str, Any] = word_file("dct.yaml")

    def folded(key: str) -> frozenset[str]:
        return frozenset(map(fold_key, table[key]))

    return DctWords(
        roles={fold_key(word): role for role, words in table["printed"].items() for word in words},
        issue=folded("issue"),
        in_sentence=folded("date_in_sentence"),
        apposition=folded("apposition"),
        limits=folded("limits"),
        types={kind: frozenset(stem(fold_key(word)) for word in words) for kind, words in table["types"].items()},
        future=folded("future"),
        not_future=folded("not_future"),
        today=folded("today"),
        that=folded("that"),
        current=folded("current"),
        since=folded("since"),
        after=folded("after"),
        before=folded("before"),
        vague={fold_key(word): (low, high) for word, (low, high) in table["vague"].items()},
        vague_fill=folded("vague_before"),
        vague_of=folded("vague_after"),
        digits={str(figure): fold_key(word) for figure, word in table["digits"].items()},
        bases=tuple((stems(phrase), *_base(str(row["date"]))) for row in table["anniversaries"] for phrase in row["phrases"]),
    )
