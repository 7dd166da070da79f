"""Days and intervals as people and metadata write them in ASCII: `2024-06-18`, `2024-06`, `2024-06-10..2024-06-16`."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from ruskor.errors import RuskorError
from ruskor.model import Interval

_PART = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})(?:[T ].*)?)?)?")
# A date that stands by itself in a file's name or an address, with or without one kind of separator.
_IN_NAME = re.compile(r"(?<![0-9A-Za-z])((?:19|20)\d\d)([-_./]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?![0-9A-Za-z])")


def _interval(text: str) -> Interval | None:
    found = _PART.fullmatch(text.strip())
    if not found:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    assert year is not None
    try:
        if month is None:
            return Interval(date(year, 1, 1), date(year, 12, 31), "year")
        if day is None:
            return Interval(date(year, month, 1), date(year, month, monthrange(year, month)[1]), "month")
        # A time after the day is left aside: metadata keep their own offset's calendar day.
        return Interval(date(year, month, day), date(year, month, day), "day")
    except ValueError:
        return None


def parse_days(text: str, *, what: str = "date") -> Interval:
    """The interval that `text` names: a day, month or year in ISO form, or `A..B`.

    Raises RuskorError (usage) where it is none; `what` is how the message calls it.
    """
    hint = "write 2024-06-18, 2024-06 or 2024-06-10..2024-06-16"
    left, dots, right = text.partition("..")
    first = _interval(left)
    last = _interval(right) if dots else first
    if first is None or last is None or last.end is None:
        raise RuskorError(f"{what}: {text!r} is no date", hint=hint)
    if last.end < first.start:
        raise RuskorError(f"{what}: {text!r} ends before it begins", hint=hint)
    coarse = max(first.precision, last.precision, key=["day", "month", "year"].index)
    return Interval(first.start, last.end, coarse)


def date_in_name(name: str) -> Interval | None:
    """The one day that a file's name or an address contains; null for none or for several different ones."""
    days = set()
    for year, _, month, day in _IN_NAME.findall(name):
        try:
            days.add(date(int(year), int(month), int(day)))
        except ValueError:
            continue
    if len(days) != 1:
        return None
    (only,) = days
    return Interval(only, only, "day")
