"""Dates, statuses and counts in the few words that tables and summaries use."""

from __future__ import annotations

from ruskor.model import Interval

# Mark and colour of a status.
STATUS_MARKS = {
    "occurred": ("●", "green"),
    "ongoing": ("◐", "cyan"),
    "planned": ("○", "yellow"),
    "possible": ("?", "magenta"),
    "denied": ("✗", "red"),
    "called_off": ("⊘", "red"),
}
_CUT = {"month": 7, "year": 4, "multi-year": 4}


def short_interval(value: Interval | None) -> str:
    """An interval as briefly as its precision allows: `2024-06-18..19`, `2023-07`, `2019`, `2024-10-28..`."""
    if value is None:
        return "undated"
    if value.end is None:
        return f"{value.start.isoformat()[: _CUT.get(value.precision, 10)]}.."
    cut = _CUT.get(value.precision, 10)
    if value.precision in {"season", "year"} and (value.start.month, value.end.month) != (1, 12):
        cut = 7
    if cut < 10 and not is_whole_months(value):
        cut = 10
    start, end = value.start.isoformat()[:cut], value.end.isoformat()[:cut]
    if start == end:
        return start
    common = next(k for k in (8, 5, 0) if start[:k] == end[:k])
    return f"{start}..{end[common:]}"


def is_whole_months(value: Interval) -> bool:
    """Whether an interval begins on the first and ends on the last day of a month."""
    from calendar import monthrange

    assert value.end is not None
    return value.start.day == 1 and value.end.day == monthrange(value.end.year, value.end.month)[1]


def count(number: int, word: str) -> str:
    """`1 article`, `5 articles`."""
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"
