"""From an expression and the days it denotes back to the article's day: «أمس الأربعاء» of 13 September is written on the 14th.

The inverse of `timex.resolve` for the expressions that count from the article's day. Each answer is a window of days with a weight:
what names one day weighs more than what names a month.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from ruskor.calendars import month_end
from ruskor.timex.expr import After, Date, Direction, Expr, Part, Range, Season, Shift, Since, Today, Weekday, Window

_DAY = timedelta(days=1)
Where = tuple[date, date, float]  # first day, last day, weight
_LONG = 12  # days of an event that a weekday or day may still point into


def shift_month(day: date, count: int) -> date:
    """The first day of the month `count` months on."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, 1)


def _year(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


def same_day(day: date, years: int) -> date:
    """The day's anniversary; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def written(expr: Expr, start: date, end: date, direction: Direction | None) -> list[Where]:
    """The days on which `expr` may have been written if it denotes (a day of) start … end."""
    if start.year < 1900 or end.year > 2090:
        return []
    return list(_written(expr, start, end, direction))


def _days(start: date, end: date) -> list[date]:
    return [start + k * _DAY for k in range(min((end - start).days, _LONG) + 1)]


def _written(expr: Expr, start: date, end: date, direction: Direction | None) -> Iterator[Where]:  # noqa: C901 - one branch an expression
    if isinstance(expr, Today):
        yield from _today(expr, start, end)
    elif isinstance(expr, Weekday):
        yield from _weekday(expr, start, end, direction)
    elif isinstance(expr, Shift):
        if not expr.anaphoric:
            yield from _shift(expr, start, end)
    elif isinstance(expr, Date):
        yield from _date(expr, start, end, direction)
    elif isinstance(expr, Part):
        yield from _part(expr, start, end, direction)
    elif isinstance(expr, Range):
        yield from _range(expr, start, end, direction)
    elif isinstance(expr, Since):
        yield from _since(expr, start)
    elif isinstance(expr, After):
        yield from _after(expr, start, end)
    elif isinstance(expr, Window):
        yield from _window(expr, start, end)
    elif isinstance(expr, Season) and expr.flag in {"past", "current"}:
        yield start, start + 360 * _DAY, 0.3


def _today(expr: Today, start: date, end: date) -> Iterator[Where]:
    if expr.weekday is None:
        # Every event has a day before and after it: «أمس» alone is no check.
        weight = (0.7 if expr.offset == 0 else 0.8) * (1.0 if start == end else 0.7)
        yield start - expr.offset * _DAY, min(end, start + _LONG * _DAY) - expr.offset * _DAY, weight
        return
    for day in _days(start, end):
        if day.weekday() == expr.weekday:
            yield day - expr.offset * _DAY, day - expr.offset * _DAY, 3.0 * _telling(start, end)
    if expr.offset <= 0 and (after := end + _DAY).weekday() == expr.weekday:
        # What is told today happened yesterday, or a day's difference of time zones lies between.
        yield after - expr.offset * _DAY, after - expr.offset * _DAY, 0.9


def _telling(start: date, end: date) -> float:
    """How much a weekday tells of an event: every weekday falls into a long one."""
    return (1.0, 0.8, 0.65, 0.5, 0.4, 0.3, 0.2)[min((end - start).days, 6)]


def _weekday(expr: Weekday, start: date, end: date, direction: Direction | None) -> Iterator[Where]:
    for day in _days(start, end):
        if day.weekday() != expr.weekday:
            continue
        weight = 2.0 * _telling(start, end)
        if isinstance(expr.week, Shift):
            monday = day - day.weekday() * _DAY - 7 * expr.week.count * _DAY
            yield monday, monday + 6 * _DAY, weight
        elif expr.flag == "past":
            yield day + _DAY, day + 7 * _DAY, weight
        elif expr.flag in {"future", "next"}:
            yield day - 7 * _DAY, day - _DAY, weight
        elif direction == "past":
            yield day, day + 6 * _DAY, weight
        elif direction == "future":
            yield day - 6 * _DAY, day, weight
        else:
            yield day - 6 * _DAY, day + 6 * _DAY, weight * 0.8


def _shift(expr: Shift, start: date, end: date) -> Iterator[Where]:  # noqa: C901, PLR0912 - one branch a unit
    unit, count = expr.unit, expr.count
    if (end - start).days > 40 and unit in {"day", "week", "month"}:
        return
    if unit == "day":
        yield start - count * _DAY, min(end, start + _LONG * _DAY) - count * _DAY, 2.2 if start == end else 1.5
    elif unit == "week":
        for day in {start, end}:
            monday = day - day.weekday() * _DAY - 7 * count * _DAY
            if abs(count) <= 1:
                yield monday, monday + 6 * _DAY, 1.8
            else:  # «قبل أسبوعين» is seldom exact
                yield monday - 3 * _DAY, monday + 9 * _DAY, 1.2
    elif unit == "month":
        apart = 1.0 if start.month == end.month else 0.6
        for day in {start, end}:
            first = shift_month(day, -count)
            if abs(count) <= 1:
                yield first, month_end(first.year, first.month), 1.5 * apart
            else:
                first, last = shift_month(day, -count - 1), shift_month(day, -count + 1)
                yield first, month_end(last.year, last.month), 0.7
    elif unit in {"year", "decade", "century"}:
        if unit != "year":
            return
        first, last = _year(start.year - count)
        if abs(count) <= 1:
            yield first, last, 1.2
        else:  # «قبل 24 عاما», «منذ أكثر من ثلاث سنوات»
            yield same_day(start, -count) - 200 * _DAY, same_day(start, -count) + 300 * _DAY, 0.8


def _date(expr: Date, start: date, end: date, direction: Direction | None) -> Iterator[Where]:  # noqa: C901, PLR0911, PLR0912 - a branch a flag
    if expr.calendar != "gregorian":
        return
    if isinstance(expr.month, Shift):  # «العاشر من الشهر الجاري»
        if expr.day is None:
            yield from _shift(expr.month, start, end)
            return
        for day in _days(start, end):
            if day.day == expr.day and not expr.month.anaphoric:
                first = shift_month(day, -expr.month.count)
                yield first, month_end(first.year, first.month), 1.4
        return
    if not isinstance(expr.month, int):
        return
    days = _days(start, end) if expr.day else [start, end]
    hit = next((d for d in days if d.month == expr.month and expr.day in {None, d.day}), None)
    if hit is None:
        return
    weight = 1.5 if expr.day else 1.0
    if isinstance(expr.year, int):
        return
    if isinstance(expr.year, Shift):
        if not expr.year.anaphoric:
            yield *_year(hit.year - expr.year.count), weight + 0.3
        return
    if expr.flag == "current":
        first = hit if expr.day and direction == "past" else date(hit.year, hit.month, 1)
        yield first, hit if expr.day and direction == "future" else month_end(hit.year, hit.month), weight + 0.5
    elif expr.flag == "past":
        yield (hit + _DAY if expr.day else shift_month(hit, 1)), shift_month(hit, 12) + 27 * _DAY, weight
    elif expr.flag in {"future", "next"}:
        yield shift_month(hit, -11), hit, weight
    elif direction == "past":
        yield hit, shift_month(hit, 11), weight * (0.75 if expr.day else 1.0)
        if expr.day:  # a day without its year is mostly of these days
            yield hit, hit + 60 * _DAY, weight
            yield hit, hit + 9 * _DAY, weight + 0.5
    elif direction == "future":
        yield shift_month(hit, -10), hit, weight * (0.75 if expr.day else 1.0)
        if expr.day:
            yield hit - 60 * _DAY, hit, weight
            yield hit - 14 * _DAY, hit, weight + 0.4
    else:
        yield shift_month(hit, -6), shift_month(hit, 10), weight


def _part(expr: Part, start: date, end: date, direction: Direction | None) -> Iterator[Where]:
    if expr.part == "weekend":
        return
    inside = {
        "start": start.day <= 12,
        "middle": 9 <= start.day <= 22,
        "end": end.day >= 18,
        "first_half": start.day <= 16,
        "second_half": end.day >= 15,
    }
    month = isinstance(expr.of, Date) or (isinstance(expr.of, Shift) and expr.of.unit == "month")
    if month and not inside[expr.part]:
        return
    for first, last, weight in _written(expr.of, start, end, direction):
        yield first, last, weight + 0.2 * month


def _range(expr: Range, start: date, end: date, direction: Direction | None) -> Iterator[Where]:  # noqa: C901 - both ends or one
    both = (end - start).days <= 20
    a, b = expr.first, expr.last
    if isinstance(b, Date) and isinstance(b.month, Shift) and b.month.anaphoric and isinstance(a, Date):
        b = Date(a.year, a.month, b.day, b.weekday, flag=a.flag)
    firsts = list(_written(a, start, start, direction))
    lasts = list(_written(b, end, end, direction)) if both else []
    if firsts and lasts:  # both ends fit: more than a chance
        chosen = lasts if direction == "past" else firsts if direction == "future" else None
        if chosen is not None:
            for first, last, weight in chosen:
                yield first, last, weight + 0.8
            return
        for first, last, weight in firsts:
            for other, until, _ in lasts:
                if first <= until and other <= last:
                    yield max(first, other), min(last, until), weight + 0.8
        return
    if not both:
        return
    if start == end:
        inner = [*firsts, *_written(b, start, end, direction)]
    else:  # a range inside the event, or a day off at one end
        inner = list(_written(a, start, end, direction))
        if not inner or not list(_written(b, start - _DAY, end + _DAY, direction)):
            return
    for first, last, weight in inner:
        yield first, last, weight * 0.7


def _since(expr: Since, start: date) -> Iterator[Where]:
    if isinstance(expr.first, Shift) and not expr.first.anaphoric:
        unit, count = expr.first.unit, -expr.first.count
        if unit == "year" and count < 60:
            yield same_day(start, count) - 30 * _DAY, same_day(start, count + 1) + 10 * _DAY, 0.9
        elif unit == "month":
            first = shift_month(start, count)
            yield first, shift_month(first, 2), 0.9
        elif unit in {"day", "week"}:
            day = start + count * (7 if unit == "week" else 1) * _DAY
            yield day - 2 * _DAY, day + 6 * _DAY, 1.0
    elif isinstance(expr.first, Date):
        yield from ((a, b, w * 0.7) for a, b, w in _date(expr.first, start, start, "past"))


def _after(expr: After, start: date, end: date) -> Iterator[Where]:
    if expr.base is not None:
        return
    if expr.unit == "day":
        yield (end if expr.count > 0 else start) + expr.count * _DAY, end + expr.count * _DAY, 2.0
    elif expr.unit == "week":
        yield start + 7 * expr.count * _DAY, end + 7 * expr.count * _DAY, 1.7
        yield start + (7 * expr.count - 2) * _DAY, end + (7 * expr.count + 3) * _DAY, 1.1
    elif expr.unit == "month":
        first = shift_month(start, expr.count)
        yield first, month_end(first.year, first.month), 1.0
    elif expr.unit == "year" and abs(expr.count) < 100:
        yield same_day(start, expr.count) - 60 * _DAY, same_day(start, expr.count) + 300 * _DAY, 0.5


def _window(expr: Window, start: date, end: date) -> Iterator[Where]:
    length = {"day": 1, "week": 7, "month": 30, "year": 365}.get(expr.unit, 0) * expr.count * _DAY
    if not length or length.days > 4000:
        return
    if expr.sign < 0:
        yield start, end + length, 0.6
    else:
        yield start - length, end, 0.6
