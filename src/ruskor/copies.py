"""Near copies of one agency text, by MinHash (Broder 1997) over runs of four words; `rensa` computes it."""

from __future__ import annotations

from datetime import date

from ruskor.document import Document

_PERMUTATIONS = 128
_BANDS = 32
_RUN = 4
# Agreement of the sketches from which two articles count as one witness.
_ALIKE = 0.6


def sketch(document: Document, body: list[bool]) -> tuple[int, ...]:
    """The MinHash of an article's body words; empty for a text too short to tell."""
    from rensa import RMinHash

    words = [word for word, inside in zip(document.tokens.words, body, strict=True) if inside]
    if len(words) < 12:
        return ()
    minhash = RMinHash(num_perm=_PERMUTATIONS, seed=1)
    minhash.update([" ".join(words[i : i + _RUN]) for i in range(len(words) - _RUN + 1)])
    return tuple(minhash.digest())


def likeness(a: tuple[int, ...], b: tuple[int, ...]) -> float:
    """The estimated Jaccard similarity of two sketches."""
    return sum(x == y for x, y in zip(a, b, strict=True)) / _PERMUTATIONS if a and b else 0.0


def near_copies(articles: dict[str, tuple[tuple[int, ...], date | None]]) -> dict[str, str]:
    """For each article (sketch, publication day) that is a near copy: the first of its group (earliest, then by name)."""
    rows = _PERMUTATIONS // _BANDS
    buckets: dict[tuple[int, tuple[int, ...]], list[str]] = {}
    ordered = sorted(articles, key=lambda name: (articles[name][1] or date.max, name))
    leader: dict[str, str] = {}
    for name in ordered:
        marks = articles[name][0]
        if not marks:
            continue
        bands = [(band, marks[band * rows : (band + 1) * rows]) for band in range(_BANDS)]
        candidates = sorted({other for band in bands for other in buckets.get(band, ())})
        alike = [other for other in candidates if likeness(marks, articles[other][0]) >= _ALIKE]
        if alike:
            first = min(alike, key=ordered.index) if len(alike) > 1 else alike[0]
            leader[name] = leader.get(first, first)
        for band in bands:
            buckets.setdefault(band, []).append(name)
    return leader
