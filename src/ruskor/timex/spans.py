"""Days of units, parts and feasts: plain calendar arithmetic, without any text."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from ruskor.calendars import date_to_hijri, easter, hijri_month, hijri_to_date, month_end, orthodox_easter
from ruskor.model import Interval, Precision
from ruskor.timex.words import words

DAY = timedelta(days=1)


class UnresolvedError(Exception):
    """Something that the expression needs is not known."""


def month_of(day: date, count: int = 0) -> Interval:
    """The month `count` away from that of the day."""
    index = day.year * 12 + day.month - 1 + count
    year, month = divmod(index, 12)
    return Interval(date(year, month + 1, 1), month_end(year, month + 1), "month")


def years_span(first_year: int, last_year: int, precision: Precision) -> Interval:
    """Whole years."""
    return Interval(date(first_year, 1, 1), date(last_year, 12, 31), precision)


def unit_of(unit: str, day: date, count: int) -> Interval:  # noqa: PLR0911 - one branch a case
    """The unit `count` away from the one that holds the day."""
    if unit == "day":
        found = day + count * DAY
        return Interval(found, found, "day")
    if unit == "week":
        monday = day - day.weekday() * DAY + 7 * count * DAY
        return Interval(monday, monday + 6 * DAY, "week")
    if unit == "month":
        return month_of(day, count)
    if unit in {"quarter", "half"}:
        size = 3 if unit == "quarter" else 6
        first = month_of(day, -((day.month - 1) % size) + size * count)
        end = month_of(first.start, size - 1).end
        return Interval(first.start, end, "season" if size == 3 else "year")
    if unit == "year":
        return years_span(day.year + count, day.year + count, "year")
    if unit == "decade":
        start = day.year // 10 * 10 + 10 * count
        return years_span(start, start + 9, "multi-year")
    start = (day.year - 1) // 100 * 100 + 1 + 100 * count
    return years_span(start, start + 99, "multi-year")


def on(year: int, month: int, day: int | None, calendar: str) -> Interval | None:
    """A day or month of a calendar; None where there is none."""
    if calendar == "hijri":
        if day is None:
            bounds = hijri_month(year, month)
            return Interval(*bounds, "month") if bounds else None
        found = hijri_to_date(year, month, day)
        return Interval(found, found, "day") if found else None
    if day is None:
        return Interval(date(year, month, 1), month_end(year, month), "month")
    if day > month_end(year, month).day:
        return None
    return Interval(date(year, month, day), date(year, month, day), "day")


def back(day: date, unit: str, count: int) -> date:
    """The same day some units away, kept within its month."""
    if unit in {"day", "week"}:
        return day + count * (7 if unit == "week" else 1) * DAY
    month = month_of(day, count * (12 if unit == "year" else 1))
    return min(month.start + (day.day - 1) * DAY, month.last)


def _thirds(start: date, months: tuple[int, int], precision: Precision) -> Interval:
    first = month_of(start, months[0])
    return Interval(first.start, month_of(start, months[1]).last, precision)


def _years(start: int, bounds: tuple[int, int]) -> Interval:
    first, last = start + bounds[0], start + bounds[1]
    return years_span(first, last, "year" if first == last else "multi-year")


def part_of(part: str, of: Interval) -> Interval:
    """The beginning, middle, end or half of a period (the contract's thirds)."""
    start, end = of.start, of.last
    length = (end - start).days + 1
    if length == 7:
        bounds = {"start": (0, 1), "middle": (2, 3), "end": (5, 6), "weekend": (5, 6)}.get(part)
        if bounds is None:
            bounds = (0, 2) if part == "first_half" else (3, 6)
        return Interval(start + bounds[0] * DAY, start + bounds[1] * DAY, "day")
    if length <= 31:
        days = {"start": (1, 10), "middle": (11, 20), "end": (21, length), "first_half": (1, 15), "second_half": (16, length)}[part]
        return Interval(start + (days[0] - 1) * DAY, start + (days[1] - 1) * DAY, "month")
    if length <= 93:
        quarters = {"start": (0, 0), "middle": (1, 1), "end": (2, 2), "first_half": (0, 1), "second_half": (1, 2)}[part]
        return _thirds(start, quarters, "month")
    if length <= 185:
        halves = {"start": (0, 1), "middle": (2, 3), "end": (4, 5), "first_half": (0, 2), "second_half": (3, 5)}[part]
        return _thirds(start, halves, "season")
    if length <= 366 and start.day == 1:
        year = {"start": (0, 2), "middle": (3, 8), "end": (9, 11), "first_half": (0, 5), "second_half": (6, 11)}[part]
        return _thirds(start, year, "year" if "half" in part else "season")
    if length > 3000:
        size = end.year - start.year + 1
        third = size // 3 if size > 10 else 3
        cut = {"start": (0, third - 1), "middle": (third, size - third - 1), "end": (size - third, size - 1),
               "first_half": (0, size // 2 - 1), "second_half": (size // 2, size - 1)}[part]  # fmt: skip
        return _years(start.year, cut)
    raise UnresolvedError


def nth_of(n: int, of: Interval, unit: str | None, weekday: int | None) -> Interval:
    """The n-th (-1 the last) unit or weekday of a period; raises UnresolvedError where there is none."""
    if weekday is not None:
        found = nth_weekday(n, weekday, of)
    elif unit == "day":
        found = of.start + (n - 1) * DAY if n > 0 else of.last + (n + 1) * DAY
    elif unit == "week":
        return nth_week(n, of)
    elif unit == "year":
        year = of.start.year + n - 1 if n > 0 else of.last.year + 1 + n
        return years_span(year, year, "year")
    else:
        count = {"month": 1, "quarter": 3, "half": 6}.get(unit or "", 0)
        if not count or of.start.day != 1:
            raise UnresolvedError
        total = round((of.last - of.start).days / 30.4 / count)
        k = n - 1 if n > 0 else total + n
        if not 0 <= k < total:
            raise UnresolvedError
        first = month_of(of.start, k * count)
        precision: Precision = "month" if count == 1 else "season" if count == 3 else "year"
        return Interval(first.start, month_of(first.start, count - 1).last, precision)
    if not of.start <= found <= of.last:
        raise UnresolvedError
    return Interval(found, found, "day")


def nth_weekday(n: int, weekday: int, of: Interval) -> date:
    """The n-th weekday of a period."""
    if n < 0:
        return of.last - ((of.last.weekday() - weekday) % 7) * DAY
    # «الثلاثاء الثالث من سبتمبر» is the third of September where that is a Tuesday, else the third Tuesday.
    if of.start.day == 1 and (of.start + (n - 1) * DAY).weekday() == weekday:
        return of.start + (n - 1) * DAY
    return of.start + ((weekday - of.start.weekday()) % 7 + 7 * (n - 1)) * DAY


def nth_week(n: int, of: Interval) -> Interval:
    """Weeks that begin in the period; the first holds its first Monday, the last its last Monday that is whole."""
    if n < 0:
        monday = of.last - of.last.weekday() * DAY
        if monday + 6 * DAY > of.last:
            monday -= 7 * DAY
    else:
        monday = of.start + (-of.start.weekday() % 7 + 7 * (n - 1)) * DAY
    if not of.start <= monday <= of.last:
        raise UnresolvedError
    return Interval(monday, monday + 6 * DAY, "week")


def season_of(season: int, year: int) -> Interval:
    """A season of a year: winter runs into the next."""
    start = date(year, 3 * season + 3, 1)
    return Interval(start, month_of(start, 2).last, "season")


@lru_cache(maxsize=1024)
def feast_days(key: str, year: int) -> tuple[Interval, ...]:
    """When a feast fell within a Gregorian year: once, or, for a Hijri feast, up to twice."""
    feast: dict[str, Any] = words().feasts[key]
    if "gregorian" in feast:
        day = date(year, *feast["gregorian"])
        return (Interval(day, day, "day"),)
    if "easter" in feast or "orthodox_easter" in feast:
        base, away = (easter(year), feast["easter"]) if "easter" in feast else (orthodox_easter(year), feast["orthodox_easter"])
        return (Interval(base + away * DAY, base + away * DAY, "day"),)
    middle = date_to_hijri(date(year, 7, 1))[0]
    found = [hijri_feast(key, y) for y in range(middle - 1, middle + 2)]
    return tuple(f for f in found if f and f.start.year == year)


def hijri_feast(key: str, year: int) -> Interval | None:
    """A Hijri feast in a Hijri year."""
    month, day = words().feasts[key]["hijri"]
    return on(year, month, day, "hijri")
