"""Counts over time as one short line of blocks: ▁▂▃▄▅▆▇█."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from ruskor.model import Interval

_BLOCKS = "▁▂▃▄▅▆▇█"
_MOST = 26  # columns of a line
_MONTHS = (1, 3, 12)  # a month, a quarter, a year; then several years


@dataclass(frozen=True, slots=True)
class Scale:
    """Equal stretches of months from the month of `start`; `step` is how many months each has."""

    start: date
    step: int
    size: int

    @property
    def end(self) -> date:
        """The first day after the last stretch."""
        months = self.start.year * 12 + self.start.month - 1 + self.step * self.size
        return date(min(months // 12, date.max.year), months % 12 + 1, 1)

    def place(self, value: Interval) -> int | None:
        """The stretch in which an interval begins; null where it is so wide that no stretch is its own."""
        if value.end is None or (value.end.year - value.start.year) * 12 + value.end.month - value.start.month < max(self.step, 12):
            index = ((value.start.year - self.start.year) * 12 + value.start.month - self.start.month) // self.step
            return index if 0 <= index < self.size else None
        return None

    def starts(self) -> list[str]:
        """The first month of each stretch: `2024-06`, or `2024` where stretches are years."""
        months = [self.start.year * 12 + self.start.month - 1 + self.step * k for k in range(self.size)]
        return [f"{m // 12:04}" if self.step >= 12 else f"{m // 12:04}-{m % 12 + 1:02}" for m in months]


def make_scale(values: Iterable[Interval]) -> Scale | None:
    """A scale that holds the intervals in few stretches: months, quarters, years or several years; null for none.

    The earliest tenth is left out where the stretches become shorter by that.
    """
    days = sorted(value.start for value in values)
    if not days:
        return None
    whole = _scale(days[0], days[-1])
    # A few events of long ago would press all others together.
    most = _scale(days[len(days) // 10], days[-1])
    return most if most.step < whole.step else whole


def _scale(first: date, last: date) -> Scale:
    for step in _MONTHS:
        start = first.year * 12 + (first.month - 1) // step * step if step < 12 else first.year * 12
        size = (last.year * 12 + last.month - 1 - start) // step + 1
        if size <= _MOST:
            return Scale(date(start // 12, start % 12 + 1, 1), step, size)
    years = -(-(last.year - first.year + 1) // _MOST)
    first_year = max(1, first.year // years * years)
    return Scale(date(first_year, 1, 1), 12 * years, (last.year - first_year) // years + 1)


def counts(values: Iterable[Interval], scale: Scale) -> list[int]:
    """How many intervals begin in each stretch."""
    out = [0] * scale.size
    for value in values:
        index = scale.place(value)
        if index is not None:
            out[index] += 1
    return out


def sparkline(numbers: Sequence[int], *, most: int | None = None) -> str:
    """One block a number, the highest for `most` (or the greatest); a dot for nought."""
    top = max(most or 0, *numbers, 1) if numbers else 1
    return "".join("·" if not n else _BLOCKS[min(len(_BLOCKS) - 1, (n * len(_BLOCKS) - 1) // top)] for n in numbers)
