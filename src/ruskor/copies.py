"""Near copies of one agency text, by MinHash (Broder 1997) over runs of four words; `rensa` computes it."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from datetime import date
from heapq import merge
from itertools import compress
from operator import eq

from ruskor.document import Document

_PERMUTATIONS = 128
_BANDS = 32
_RUN = 4
# Agreement of the sketches from which two articles count as one witness.
_ALIKE = 0.6


def sketch(document: Document, body: list[bool]) -> tuple[int, ...]:
    """The MinHash of an article's body words; empty for a text too short to tell."""
    from rensa import RMinHash

    words = list(compress(document.tokens.words, body))
    if len(words) < 12:
        return ()
    minhash = RMinHash(num_perm=_PERMUTATIONS, seed=1)
    minhash.update(list(map(" ".join, zip(*[words[i : len(words) - _RUN + 1 + i] for i in range(_RUN)], strict=True))))
    return tuple(minhash.digest())


def likeness(a: tuple[int, ...], b: tuple[int, ...]) -> float:
    """The estimated Jaccard similarity of two sketches."""
    return sum(x == y for x, y in zip(a, b, strict=True)) / _PERMUTATIONS if a and b else 0.0


def near_copies(articles: dict[str, tuple[tuple[int, ...], date | None]]) -> dict[str, str]:
    """For each article (sketch, publication day) that is a near copy: the first of its group (earliest, then by name)."""
    names = list(articles)
    days = [day.toordinal() if day else 0 for _, day in articles.values()]
    return copies_of(names, days, [array("I", marks).tobytes() for marks, _ in articles.values()])


def copies_of(names: Sequence[str], days: Sequence[int], marks: Sequence[bytes]) -> dict[str, str]:
    """The same from packed sketches; `days` are ordinals, 0 for unknown.

    Band after band, only what several articles share is remembered; then each article is compared with its candidates, the
    first ones first, until one is alike: the copies of one text are each compared once.
    """
    ordered = sorted((k for k in range(len(names)) if marks[k]), key=lambda k: (days[k] or date.max.toordinal(), names[k]))
    width = _PERMUTATIONS // _BANDS * 4
    shared: dict[int, list[list[int]]] = {}  # place in the order → groups of places that share a band
    for band in range(0, _PERMUTATIONS * 4, width):
        firsts: dict[bytes, int] = {}
        groups: dict[bytes, list[int]] = {}
        for place, k in enumerate(ordered):
            key = marks[k][band : band + width]
            first = firsts.setdefault(key, place)
            if first != place:
                group = groups.setdefault(key, [first])
                group.append(place)
                shared.setdefault(place, []).append(group)
    leader: dict[str, str] = {}
    for place in sorted(shared):
        own, tried = array("I", marks[ordered[place]]), -1
        for other in merge(*shared[place]):
            if other >= place:
                break
            if other != tried and _agreement(own, array("I", marks[ordered[other]])) >= _ALIKE:
                name = names[ordered[other]]
                leader[names[ordered[place]]] = leader.get(name, name)
                break
            tried = other
    return leader


def _agreement(a: array[int], b: array[int]) -> float:
    same: int = sum(map(eq, a, b))
    return same / _PERMUTATIONS
