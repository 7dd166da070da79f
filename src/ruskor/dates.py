"""Dates found in a text: the plain function behind `ruskor.find_dates` and `ruskor dates`."""

from __future__ import annotations

from datetime import date

from ruskor.arabic import fold, tokenize
from ruskor.errors import RuskorError
from ruskor.model import DateMention, Interval
from ruskor.timex import find, resolve_all


def as_interval(published: date | str | Interval | None) -> Interval | None:
    """The article's own date as an interval: a day, an ISO day or «A..B».

    Raises RuskorError where it is none of these.
    """
    if published is None or isinstance(published, Interval):
        return published
    if isinstance(published, date):
        day = date(published.year, published.month, published.day)
        return Interval(day, day, "day")
    first, _, last = published.strip().partition("..")
    try:
        start = date.fromisoformat(first.strip())
        end = date.fromisoformat(last.strip()) if last else start
    except ValueError as error:
        raise RuskorError(f"not a date: {published!r}", hint="write a day as 2024-06-18 or a range as 2024-06-10..2024-06-16") from error
    if end < start:
        raise RuskorError(f"the range ends before it starts: {published!r}")
    return Interval(start, end, "day")


def find_dates(text: str, *, published: date | str | Interval | None = None, unresolved: bool = False) -> list[DateMention]:
    """The date expressions of an Arabic text, in order, with the days that they denote.

    `published` is the text's own date (a day, an ISO day, "A..B" or an Interval); without it only what is dated in full is
    returned. `unresolved=True` adds what cannot be resolved, with a null value. Spans are code points of `text`.
    Raises RuskorError for a `published` that is no date.
    """
    anchor = as_interval(published)
    timexes = find(tokenize(fold(text)))
    values = resolve_all(timexes, anchor)
    return [
        DateMention(timex.text, timex.span, value) for timex, value in zip(timexes, values, strict=True) if value is not None or unresolved
    ]
