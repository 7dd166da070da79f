"""From symbolic expressions to days: `resolve` for one expression and one anchor, `resolve_all` for a text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from ruskor.calendars import (
    date_to_hijri,
    easter,
    hijri_month,
    hijri_to_date,
    month_end,
    orthodox_easter,
)
from ruskor.model import Interval, Precision
from ruskor.timex.expr import (
    After,
    Date,
    Direction,
    Expr,
    Feast,
    Fixed,
    Flag,
    Nth,
    Part,
    Range,
    Season,
    Shift,
    Since,
    Timex,
    Today,
    Weekday,
    Window,
)
from ruskor.timex.words import words

_DAY = timedelta(days=1)
_ORDER = ("day", "week", "month", "season", "year", "multi-year")
_SLACK = timedelta(days=10)  # «30 يوليو الجاري» in a paper of 1 August
LONGEST = 400  # days of an anchor interval that are tried one by one


@dataclass(slots=True)
class Context:
    """The dates named before in the text: the last day, the last that lies in one month, the last that lies in one year."""

    day: Interval | None = None
    month: Interval | None = None
    year: Interval | None = None
    last: Interval | None = None
    sentence: int = 0

    def add(self, value: Interval, sentence: int = 0) -> None:
        """Take note of a resolved date."""
        self.sentence = sentence
        self.last = value
        if value.end is None:
            return
        if value.precision == "day":
            self.day = value
        if (value.start.year, value.start.month) == (value.end.year, value.end.month):
            self.month = value
        if value.start.year == value.end.year:
            self.year = value


@dataclass(slots=True)
class _State:
    day: date | None
    context: Context
    direction: Direction | None


class _Unresolved(Exception):
    """Something that the expression needs is not known."""


def _month_of(day: date, count: int = 0) -> Interval:
    index = day.year * 12 + day.month - 1 + count
    year, month = divmod(index, 12)
    return Interval(date(year, month + 1, 1), month_end(year, month + 1), "month")


def _span(first_year: int, last_year: int, precision: Precision) -> Interval:
    return Interval(date(first_year, 1, 1), date(last_year, 12, 31), precision)


def _unit(unit: str, day: date, count: int) -> Interval:
    """The unit `count` away from the one that holds the day."""
    if unit == "day":
        found = day + count * _DAY
        return Interval(found, found, "day")
    if unit == "week":
        monday = day - day.weekday() * _DAY + 7 * count * _DAY
        return Interval(monday, monday + 6 * _DAY, "week")
    if unit == "month":
        return _month_of(day, count)
    if unit in {"quarter", "half"}:
        size = 3 if unit == "quarter" else 6
        first = _month_of(day, -((day.month - 1) % size) + size * count)
        end = _month_of(first.start, size - 1).end
        return Interval(first.start, end, "season" if size == 3 else "year")
    if unit == "year":
        return _span(day.year + count, day.year + count, "year")
    if unit == "decade":
        start = day.year // 10 * 10 + 10 * count
        return _span(start, start + 9, "multi-year")
    start = (day.year - 1) // 100 * 100 + 1 + 100 * count
    return _span(start, start + 99, "multi-year")


def _need(state: _State) -> date:
    if state.day is None:
        raise _Unresolved
    return state.day


def _fixed(expr: Fixed, _: _State) -> Interval:
    return Interval(expr.start, expr.end, expr.precision)


def _shift(expr: Shift, state: _State) -> Interval:
    if not expr.anaphoric:
        return _unit(expr.unit, _need(state), expr.count)
    context = state.context
    base = context.day if expr.unit == "day" else context.month if expr.unit in {"week", "month"} else context.year
    if base is not None and base.end is not None:
        return _unit(expr.unit, base.end if expr.count > 0 else base.start, expr.count)
    if expr.strict:
        raise _Unresolved
    return _unit(expr.unit, _need(state), expr.count)


def _today(expr: Today, state: _State) -> Interval:
    if isinstance(expr.date, Fixed):
        return _fixed(expr.date, state)
    day = _need(state) + expr.offset * _DAY
    if expr.weekday is not None and day.weekday() != expr.weekday:
        # The weekday that is written wins over a print date that is off by a little.
        away = (expr.weekday - day.weekday() + 3) % 7 - 3
        day += away * _DAY
    return Interval(day, day, "day")


def _pick(candidates: list[Interval], day: date, flag: Flag | None, direction: Direction | None) -> Interval:
    """The candidate that flag, direction or nearness choose; candidates are in order."""
    before = [c for c in candidates if c.last < day]
    after = [c for c in candidates if c.start > day]
    around = [c for c in candidates if c.start <= day <= c.last]
    if flag in {"past", "previous"}:
        chosen = before[-1:]
    elif flag in {"future", "next"}:
        chosen = after[:1]
    elif flag == "current":
        chosen = around or [min(candidates, key=lambda c: min(abs((c.start - day).days), abs((c.last - day).days)))]
        if not around and not _month_of(chosen[0].start).start - _SLACK <= day <= _month_of(chosen[0].last).last + _SLACK:
            raise _Unresolved
    elif direction == "past":
        chosen = around or before[-1:]
    elif direction == "future":
        chosen = around or after[:1]
    elif around or not before or not after:
        chosen = around or before[-1:] or after[:1]
    else:
        # News tells more of what was than of what will be: the future only where it is much nearer.
        past, future = (day - before[-1].last).days, (after[0].start - day).days
        chosen = after[:1] if future * 3 < past else before[-1:]
    if not chosen:
        raise _Unresolved
    return chosen[0]


def _on(year: int, month: int, day: int | None, calendar: str) -> Interval | None:
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


def _date(expr: Date, state: _State) -> Interval:
    if expr.month is None:
        return _day_and_weekday(expr, state)
    if not isinstance(expr.month, int):
        within = _value(expr.month, state)
        found = _on(within.start.year, within.start.month, expr.day, "gregorian")
        if found is None:
            raise _Unresolved
        return found
    hijri = expr.calendar == "hijri"
    if expr.year is not None:
        year = expr.year if isinstance(expr.year, int) else _value(expr.year, state).start.year
        if hijri and year >= 1600:
            middle = date_to_hijri(date(year, 7, 1))[0]
            candidates = [c for y in (middle - 1, middle, middle + 1) if (c := _on(y, expr.month, expr.day, "hijri"))]
            candidates = [c for c in candidates if c.start.year == year]
            if candidates:
                return candidates[0]
            raise _Unresolved
        found = _on(year, expr.month, expr.day, expr.calendar)
        if found is None:
            raise _Unresolved
        return found
    day = _need(state)
    middle = date_to_hijri(day)[0] if hijri else day.year
    reach = 8 if (expr.month, expr.day) == (2, 29) else 2
    candidates = [c for y in range(middle - reach, middle + reach + 1) if (c := _on(y, expr.month, expr.day, expr.calendar))]
    if expr.weekday is not None and expr.flag is None:
        near = [c for c in candidates if c.start.weekday() == expr.weekday and abs((c.start - day).days) <= 400]
        if near:
            return min(near, key=lambda c: abs((c.start - day).days))
    return _pick(candidates, day, expr.flag, state.direction)


def _day_and_weekday(expr: Date, state: _State) -> Interval:
    """«السبت السادس عشر»: the nearest such day."""
    day = _need(state)
    if expr.day is None or expr.weekday is None:
        raise _Unresolved
    near = [
        d for n in range(-62, 63) if (d := day + n * _DAY).day == expr.day and d.weekday() == expr.weekday
    ]
    if not near:
        raise _Unresolved
    found = min(near, key=lambda d: abs((d - day).days))
    return Interval(found, found, "day")


def _weekday(expr: Weekday, state: _State) -> Interval:
    if expr.week is not None:
        week = _value(expr.week, state)
        found = week.start + expr.weekday * _DAY
        return Interval(found, found, "day")
    day = _need(state)
    ahead = (expr.weekday - day.weekday()) % 7
    behind = (day.weekday() - expr.weekday) % 7
    if expr.flag in {"past", "previous"}:
        found = day - (behind or 7) * _DAY
    elif expr.flag in {"future", "next"}:
        found = day + (ahead or 7) * _DAY
    elif expr.flag == "current":
        found = day + (expr.weekday - day.weekday()) * _DAY
    elif state.direction == "future":
        found = day + ahead * _DAY
    else:
        found = day - behind * _DAY
    return Interval(found, found, "day")


def _thirds(start: date, months: tuple[int, int], precision: Precision) -> Interval:
    first = _month_of(start, months[0])
    return Interval(first.start, _month_of(start, months[1]).last, precision)


def _years(start: int, bounds: tuple[int, int]) -> Interval:
    first, last = start + bounds[0], start + bounds[1]
    return _span(first, last, "year" if first == last else "multi-year")


def _part(expr: Part, state: _State) -> Interval:
    of = _value(expr.of, state)
    part, start, end = expr.part, of.start, of.last
    length = (end - start).days + 1
    if length == 7:
        bounds = {"start": (0, 1), "middle": (2, 3), "end": (5, 6), "weekend": (5, 6)}.get(part)
        if bounds is None:
            bounds = (0, 2) if part == "first_half" else (3, 6)
        return Interval(start + bounds[0] * _DAY, start + bounds[1] * _DAY, "day")
    if length <= 31:
        days = {"start": (1, 10), "middle": (11, 20), "end": (21, length), "first_half": (1, 15), "second_half": (16, length)}[part]
        return Interval(start + (days[0] - 1) * _DAY, start + (days[1] - 1) * _DAY, "month")
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
    raise _Unresolved


def _nth(expr: Nth, state: _State) -> Interval:
    of = _value(expr.of, state)
    if expr.weekday is not None:
        found = _nth_weekday(expr.n, expr.weekday, of)
    elif expr.unit == "day":
        found = of.start + (expr.n - 1) * _DAY if expr.n > 0 else of.last + (expr.n + 1) * _DAY
    elif expr.unit == "week":
        return _nth_week(expr.n, of)
    elif expr.unit == "year":
        year = of.start.year + expr.n - 1 if expr.n > 0 else of.last.year + 1 + expr.n
        return _span(year, year, "year")
    else:
        count = {"month": 1, "quarter": 3, "half": 6}.get(expr.unit or "", 0)
        if not count or of.start.day != 1:
            raise _Unresolved
        total = round((of.last - of.start).days / 30.4 / count)
        k = expr.n - 1 if expr.n > 0 else total + expr.n
        if not 0 <= k < total:
            raise _Unresolved
        first = _month_of(of.start, k * count)
        precision: Precision = "month" if count == 1 else "season" if count == 3 else "year"
        return Interval(first.start, _month_of(first.start, count - 1).last, precision)
    if not of.start <= found <= of.last:
        raise _Unresolved
    return Interval(found, found, "day")


def _nth_weekday(n: int, weekday: int, of: Interval) -> date:
    if n < 0:
        return of.last - ((of.last.weekday() - weekday) % 7) * _DAY
    # «الثلاثاء الثالث من سبتمبر» is the third of September where that is a Tuesday, else the third Tuesday.
    if of.start.day == 1 and (of.start + (n - 1) * _DAY).weekday() == weekday:
        return of.start + (n - 1) * _DAY
    return of.start + ((weekday - of.start.weekday()) % 7 + 7 * (n - 1)) * _DAY


def _nth_week(n: int, of: Interval) -> Interval:
    """Weeks that begin in the period; the first holds its first Monday, the last its last Monday that is whole."""
    if n < 0:
        monday = of.last - of.last.weekday() * _DAY
        if monday + 6 * _DAY > of.last:
            monday -= 7 * _DAY
    else:
        monday = of.start + (-of.start.weekday() % 7 + 7 * (n - 1)) * _DAY
    if not of.start <= monday <= of.last:
        raise _Unresolved
    return Interval(monday, monday + 6 * _DAY, "week")


def _season_of(season: int, year: int) -> Interval:
    start = date(year, 3 * season + 3, 1)
    return Interval(start, _month_of(start, 2).last, "season")


def _season(expr: Season, state: _State) -> Interval:
    if expr.year is not None:
        year = expr.year if isinstance(expr.year, int) else _value(expr.year, state).start.year
        return _season_of(expr.season, year)
    day = _need(state)
    candidates = [_season_of(expr.season, y) for y in range(day.year - 2, day.year + 3)]
    return _pick(candidates, day, expr.flag, state.direction)


def _range(expr: Range, state: _State) -> Interval:
    first, last = expr.first, expr.last
    if isinstance(last, Weekday) and isinstance(first, Weekday) and last.week is None:
        return _weekdays(first, last, state)
    if isinstance(first, Weekday) and first.week is None and first.flag is None:
        b = _value(last, state)
        a = _weekday(first, replace(state, day=b.start, direction="past"))
        return Interval(a.start, b.last, "day")
    if isinstance(last, Weekday) and last.flag is None and last.week is None:
        a = _value(first, state)
        b = _weekday(last, replace(state, day=a.start, direction="future"))
        return Interval(a.start, b.last, "day")
    if isinstance(last, Date) and isinstance(last.month, Shift) and last.month.anaphoric or isinstance(last, Date) and last.year is None:
        a = _value(first, state)
        inner = Context()
        inner.add(a)
        if isinstance(last.month, int) and isinstance(first, Fixed):
            last = replace(last, year=a.start.year)
        b = _value(last, replace(state, context=inner))
        if isinstance(first, Date) and first.year is None and a.start > b.last and isinstance(first.month, int):
            a = _on(b.start.year - (first.month > b.start.month), first.month, first.day, first.calendar) or a
    else:
        a, b = _value(first, state), _value(last, state)
    if a.start > b.last:
        raise _Unresolved
    precision = max(a.precision, b.precision, key=_ORDER.index)
    return Interval(a.start, b.last, "multi-year" if precision == "year" else precision)


def _weekdays(first: Weekday, last: Weekday, state: _State) -> Interval:
    """A row of weekdays: in the past the last is found first, in the future the first."""
    gap = (last.weekday - first.weekday) % 7
    if state.direction == "future" and last.flag is None or last.flag in {"future", "next", "current"}:
        a = _weekday(first, state).start
        return Interval(a, a + gap * _DAY, "day")
    b = _weekday(last, state).start
    return Interval(b - gap * _DAY, b, "day")


def _window(expr: Window, state: _State) -> Interval:
    day, n = _need(state), expr.count
    if expr.sign < 0:
        first, last = _unit(expr.unit, day, -n), _unit(expr.unit, day, -1)
    else:
        first, last = _unit(expr.unit, day, 1), _unit(expr.unit, day, n)
    precision = "multi-year" if expr.unit == "year" and n > 1 else first.precision
    return Interval(first.start, last.end, precision)


def _back(day: date, unit: str, count: int) -> date:
    """The same day some units away, kept within its month."""
    if unit in {"day", "week"}:
        return day + count * (7 if unit == "week" else 1) * _DAY
    month = _month_of(day, count * (12 if unit == "year" else 1))
    return min(month.start + (day.day - 1) * _DAY, month.last)


def _since(expr: Since, state: _State) -> Interval:
    day = _need(state)
    if isinstance(expr.first, Shift):
        start = _back(day, expr.first.unit, expr.first.count)
        long = expr.first.unit == "year" and expr.first.count < -1
        return Interval(start, day, "multi-year" if long else _unit(expr.first.unit, day, 0).precision)
    first = _value(expr.first, state)
    return Interval(first.start, day, first.precision)


def _after(expr: After, state: _State) -> Interval:
    base = _value(expr.base, state) if expr.base is not None else state.context.last
    if base is None or base.end is None:
        raise _Unresolved
    if base.precision == "day" and base.start != base.end and expr.unit == "day":
        base = Interval(base.end, base.end, "day")
    if expr.exact and expr.unit == "year":
        if base.precision not in {"day", "month", "year"}:
            raise _Unresolved
        return Interval(_back(base.start, "year", expr.count), _end_of(base, expr.count), base.precision)
    if expr.unit in {"day", "week"} and base.precision != "day":
        raise _Unresolved
    if expr.unit == "month" and base.precision not in {"day", "month"}:
        raise _Unresolved
    found = _unit(expr.unit, base.start, expr.count)
    return found


def _end_of(base: Interval, years: int) -> date:
    end = _back(base.last, "year", years)
    return month_end(end.year, end.month) if base.precision == "month" else end


@lru_cache(maxsize=1024)
def _feast_days(key: str, year: int) -> tuple[Interval, ...]:
    """When a feast fell within a Gregorian year: once, or, for a Hijri feast, up to twice."""
    feast: dict[str, Any] = words().feasts[key]
    if "gregorian" in feast:
        day = date(year, *feast["gregorian"])
        return (Interval(day, day, "day"),)
    if "easter" in feast or "orthodox_easter" in feast:
        base, away = (easter(year), feast["easter"]) if "easter" in feast else (orthodox_easter(year), feast["orthodox_easter"])
        return (Interval(base + away * _DAY, base + away * _DAY, "day"),)
    middle = date_to_hijri(date(year, 7, 1))[0]
    found = [_hijri_feast(key, y) for y in range(middle - 1, middle + 2)]
    return tuple(f for f in found if f and f.start.year == year)


def _hijri_feast(key: str, year: int) -> Interval | None:
    month, day = words().feasts[key]["hijri"]
    return _on(year, month, day, "hijri")


def _feast(expr: Feast, state: _State) -> Interval:
    if expr.year is not None:
        year = expr.year if isinstance(expr.year, int) else _value(expr.year, state).start.year
        if year < 1600:
            found = _hijri_feast(expr.key, year) if "hijri" in words().feasts[expr.key] else None
            if found is None:
                raise _Unresolved
            return found
        days = _feast_days(expr.key, year)
        if not days:
            raise _Unresolved
        return days[0]
    day = _need(state)
    candidates = [f for y in range(day.year - 2, day.year + 3) for f in _feast_days(expr.key, y)]
    return _pick(candidates, day, expr.flag, state.direction)


_RESOLVERS: dict[type, Callable[[Any, _State], Interval]] = {
    Fixed: _fixed, Shift: _shift, Today: _today, Date: _date, Weekday: _weekday, Part: _part, Nth: _nth, Season: _season,
    Range: _range, Window: _window, Since: _since, After: _after, Feast: _feast,
}  # fmt: skip


def _value(expr: Expr, state: _State) -> Interval:
    return _RESOLVERS[type(expr)](expr, state)


def _try(expr: Expr, state: _State) -> Interval | None:
    try:
        return _value(expr, state)
    except (_Unresolved, OverflowError, ValueError):
        return None  # not known, or outside the calendar


def resolve(
    timex: Timex | Expr,
    anchor: Interval | date | None,
    context: Context | None = None,
    *,
    direction: Direction | None = None,
) -> Interval | None:
    """The days of an expression in an article of this date; None where they cannot be told.

    An anchor interval gives a value only if every day of it gives the same. `context` holds the dates named before; `direction`
    overrides that of a Timex. Never raises.
    """
    expr = timex
    if isinstance(timex, Timex):
        expr, direction = timex.expr, direction or timex.direction
    context = context or Context()
    if isinstance(expr, Fixed):
        return Interval(expr.start, expr.end, expr.precision)
    if not isinstance(anchor, Interval):
        return _try(expr, _State(anchor, context, direction))  # type: ignore[arg-type]
    first = _try(expr, _State(anchor.start, context, direction))  # type: ignore[arg-type]
    if first is None or anchor.end == anchor.start:
        return first
    if anchor.end is None or (anchor.end - anchor.start).days > LONGEST:
        return _try(expr, _State(None, context, direction))  # type: ignore[arg-type]
    day = anchor.end
    while day > anchor.start:
        if _try(expr, _State(day, context, direction)) != first:  # type: ignore[arg-type]
            return None
        day -= _DAY
    return first


def resolve_all(timexes: Sequence[Timex], anchor: Interval | date | None) -> list[Interval | None]:
    """The days of every expression of a text, in order, with the context that anaphora need («في اليوم نفسه», «منه»)."""
    context = Context()
    out: list[Interval | None] = []
    for k, timex in enumerate(timexes):
        expr = timex.expr
        if isinstance(expr, After) and expr.base is None:
            value = _anchored(timexes, k, anchor, context)
        elif type(expr) is Fixed:
            value = Interval(expr.start, expr.end, expr.precision)
        else:
            value = resolve(timex, anchor, context)
        out.append(value)
        if value is not None:
            context.add(value, timex.sentence)
    return out


def _anchored(timexes: Sequence[Timex], k: int, anchor: Interval | date | None, context: Context) -> Interval | None:
    """A duration from an event: the date that the sentence names after it, else the one before."""
    timex, expr = timexes[k], timexes[k].expr
    if isinstance(expr, After) and expr.ahead:
        if k + 1 < len(timexes) and timexes[k + 1].sentence == timex.sentence and isinstance(timexes[k + 1].expr, Fixed | Date | Today):
            base = resolve(timexes[k + 1], anchor, context)
            if base is not None:
                inner = Context()
                inner.add(base)
                return resolve(timex, anchor, inner)
        return None
    if timex.sentence - context.sentence > 1:
        return None
    return resolve(timex, anchor, context)
