"""From symbolic expressions to days: `resolve` for one expression and one anchor, `resolve_all` for a text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from ruskor.calendars import date_to_hijri, month_end
from ruskor.model import Interval
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
from ruskor.timex.spans import (
    DAY,
    UnresolvedError,
    back,
    feast_days,
    hijri_feast,
    month_of,
    nth_of,
    on,
    part_of,
    season_of,
    unit_of,
)
from ruskor.timex.words import words

_ORDER = ("day", "week", "month", "season", "year", "multi-year")
_SLACK = timedelta(days=10)  # «30 يوليو الجاري» in a paper of 1 August
_FAR_BACK, _SOON = 300, 60  # days
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


def _need(state: _State) -> date:
    if state.day is None:
        raise UnresolvedError
    return state.day


def _fixed(expr: Fixed, _: _State) -> Interval:
    return Interval(expr.start, expr.end, expr.precision)


def _shift(expr: Shift, state: _State) -> Interval:
    if not expr.anaphoric:
        return unit_of(expr.unit, _need(state), expr.count)
    context = state.context
    base = context.day if expr.unit == "day" else context.month if expr.unit in {"week", "month"} else context.year
    if base is not None and base.end is not None:
        return unit_of(expr.unit, base.end if expr.count > 0 else base.start, expr.count)
    if expr.strict:
        raise UnresolvedError
    return unit_of(expr.unit, _need(state), expr.count)


def _today(expr: Today, state: _State) -> Interval:
    if isinstance(expr.date, Fixed):
        return _fixed(expr.date, state)
    day = _need(state) + expr.offset * DAY
    if expr.weekday is not None and day.weekday() != expr.weekday:
        # The weekday that is written wins over a print date that is off by a little.
        away = (expr.weekday - day.weekday() + 3) % 7 - 3
        day += away * DAY
    return Interval(day, day, "day")


def _just_ahead(before: list[Interval], after: list[Interval], day: date) -> bool:
    """Whether a bare day lies some weeks ahead or nearly a year back: so far back the year would be told («ألغى قمة 12 يونيو»)."""
    return bool(before and after) and (day - before[-1].last).days > _FAR_BACK and (after[0].start - day).days < _SOON


def _just_behind(before: list[Interval], after: list[Interval], day: date) -> bool:
    """Whether a bare day lies some weeks back or nearly a year ahead («وكانت ذكرت أنه سيزور في 30 يونيو», told in August)."""
    return bool(before and after) and (after[0].start - day).days > _FAR_BACK and (day - before[-1].last).days < _SOON


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
        if not around and not month_of(chosen[0].start).start - _SLACK <= day <= month_of(chosen[0].last).last + _SLACK:
            raise UnresolvedError
    elif direction == "past":
        chosen = around or (after[:1] if _just_ahead(before, after, day) else before[-1:])
    elif direction == "future":
        chosen = around or (before[-1:] if _just_behind(before, after, day) else after[:1])
    elif around or not before or not after:
        chosen = around or before[-1:] or after[:1]
    else:
        # News tells more of what was than of what will be: the future only where it is much nearer.
        past, future = (day - before[-1].last).days, (after[0].start - day).days
        chosen = after[:1] if future * 3 < past else before[-1:]
    if not chosen:
        raise UnresolvedError
    return chosen[0]


def _date(expr: Date, state: _State) -> Interval:
    if expr.month is None:
        return _without_month(expr, state)
    if not isinstance(expr.month, int):
        within = _value(expr.month, state)
        found = on(within.start.year, within.start.month, expr.day, "gregorian")
        if found is None:
            raise UnresolvedError
        return found
    hijri = expr.calendar == "hijri"
    if expr.year is not None:
        year = expr.year if isinstance(expr.year, int) else _value(expr.year, state).start.year
        found = _hijri_in(year, expr.month, expr.day) if hijri and year >= 1600 else on(year, expr.month, expr.day, expr.calendar)
        if found is None:
            raise UnresolvedError
        return found
    day = _need(state)
    middle = date_to_hijri(day)[0] if hijri else day.year
    reach = 8 if (expr.month, expr.day) == (2, 29) else 2
    candidates = [c for y in range(middle - reach, middle + reach + 1) if (c := on(y, expr.month, expr.day, expr.calendar))]
    if expr.weekday is not None and expr.flag is None:
        near = [c for c in candidates if c.start.weekday() == expr.weekday and abs((c.start - day).days) <= 400]
        if near:
            return min(near, key=lambda c: abs((c.start - day).days))
    return _pick(candidates, day, expr.flag, state.direction)


def _hijri_in(year: int, month: int, day: int | None) -> Interval | None:
    """«رمضان 2024»: the Hijri month or day that begins in a Gregorian year."""
    middle = date_to_hijri(date(year, 7, 1))[0]
    found = (on(y, month, day, "hijri") for y in (middle - 1, middle, middle + 1))
    return next((f for f in found if f and f.start.year == year), None)


def _without_month(expr: Date, state: _State) -> Interval:
    """«العام الجاري 2024»: the year; «السبت السادس عشر»: the nearest such day."""
    if isinstance(expr.year, int) and expr.day is None:
        return unit_of("year", date(expr.year, 1, 1), 0)
    day = _need(state)
    if expr.day is None or expr.weekday is None:
        raise UnresolvedError
    near = [d for n in range(-62, 63) if (d := day + n * DAY).day == expr.day and d.weekday() == expr.weekday]
    if not near:
        raise UnresolvedError
    found = min(near, key=lambda d: abs((d - day).days))
    return Interval(found, found, "day")


def _weekday(expr: Weekday, state: _State) -> Interval:
    if expr.week is not None:
        week = _value(expr.week, state)
        found = week.start + expr.weekday * DAY
        return Interval(found, found, "day")
    day = _need(state)
    ahead = (expr.weekday - day.weekday()) % 7
    behind = (day.weekday() - expr.weekday) % 7
    if expr.flag in {"past", "previous"}:
        found = day - (behind or 7) * DAY
    elif expr.flag in {"future", "next"}:
        found = day + (ahead or 7) * DAY
    elif expr.flag == "current":
        found = day + (expr.weekday - day.weekday()) * DAY
    elif state.direction == "future":
        found = day + ahead * DAY
    else:
        found = day - behind * DAY
    return Interval(found, found, "day")


def _part(expr: Part, state: _State) -> Interval:
    return part_of(expr.part, _value(expr.of, state))


def _nth(expr: Nth, state: _State) -> Interval:
    return nth_of(expr.n, _value(expr.of, state), expr.unit, expr.weekday)


def _season(expr: Season, state: _State) -> Interval:
    if expr.year is not None:
        year = expr.year if isinstance(expr.year, int) else _value(expr.year, state).start.year
        return season_of(expr.season, year)
    day = _need(state)
    candidates = [season_of(expr.season, y) for y in range(day.year - 2, day.year + 3)]
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
    if (isinstance(last, Date) and isinstance(last.month, Shift) and last.month.anaphoric) or (
        isinstance(last, Date) and last.year is None
    ):
        a = _value(first, state)
        inner = Context()
        inner.add(a)
        if isinstance(last.month, int) and isinstance(first, Fixed):
            last = replace(last, year=a.start.year)
        b = _value(last, replace(state, context=inner))
        if isinstance(first, Date) and first.year is None and a.start > b.last and isinstance(first.month, int):
            a = on(b.start.year - (first.month > b.start.month), first.month, first.day, first.calendar) or a
    else:
        a, b = _value(first, state), _value(last, state)
    if a.start > b.last:
        raise UnresolvedError
    precision = max(a.precision, b.precision, key=_ORDER.index)
    return Interval(a.start, b.last, "multi-year" if precision == "year" else precision)


def _weekdays(first: Weekday, last: Weekday, state: _State) -> Interval:
    """A row of weekdays: in the past the last is found first, in the future the first, unless it has begun («ستزورها من السبت»)."""
    gap = (last.weekday - first.weekday) % 7
    since = (_need(state).weekday() - first.weekday) % 7
    if state.direction == "future" and first.flag is None and last.flag is None and since < gap:
        a = _need(state) - since * DAY
        return Interval(a, a + gap * DAY, "day")
    if (state.direction == "future" and last.flag is None) or last.flag in {"future", "next", "current"}:
        a = _weekday(first, state).start
        return Interval(a, a + gap * DAY, "day")
    b = _weekday(last, state).start
    return Interval(b - gap * DAY, b, "day")


def _window(expr: Window, state: _State) -> Interval:
    day, n = _need(state), expr.count
    if expr.sign < 0:
        first, last = unit_of(expr.unit, day, -n), unit_of(expr.unit, day, -1)
    else:
        first, last = unit_of(expr.unit, day, 1), unit_of(expr.unit, day, n)
    precision = "multi-year" if expr.unit == "year" and n > 1 else first.precision
    return Interval(first.start, last.end, precision)


def _since(expr: Since, state: _State) -> Interval:
    day = _need(state)
    if isinstance(expr.first, Shift):
        start = back(day, expr.first.unit, expr.first.count)
        long = expr.first.unit == "year" and expr.first.count < -1
        return Interval(start, day, "multi-year" if long else unit_of(expr.first.unit, day, 0).precision)
    first = _value(expr.first, state)
    return Interval(first.start, day, first.precision)


def _after(expr: After, state: _State) -> Interval:
    base = _value(expr.base, state) if expr.base is not None else state.context.last
    if base is None or base.end is None:
        raise UnresolvedError
    if base.precision == "day" and base.start != base.end and expr.unit == "day":
        base = Interval(base.end, base.end, "day")
    if expr.exact and expr.unit == "year":
        if base.precision not in {"day", "month", "year"}:
            raise UnresolvedError
        return Interval(back(base.start, "year", expr.count), _end_of(base, expr.count), base.precision)
    if expr.unit in {"day", "week"} and base.precision != "day":
        raise UnresolvedError
    if expr.unit == "month" and base.precision not in {"day", "month"}:
        raise UnresolvedError
    return unit_of(expr.unit, base.start, expr.count)


def _end_of(base: Interval, years: int) -> date:
    end = back(base.last, "year", years)
    return month_end(end.year, end.month) if base.precision == "month" else end


def _feast(expr: Feast, state: _State) -> Interval:
    if expr.year is not None:
        year = expr.year if isinstance(expr.year, int) else _value(expr.year, state).start.year
        if year < 1600:
            found = hijri_feast(expr.key, year) if "hijri" in words().feasts[expr.key] else None
            if found is None:
                raise UnresolvedError
            return found
        days = feast_days(expr.key, year)
        if not days:
            raise UnresolvedError
        return days[0]
    day = _need(state)
    candidates = [f for y in range(day.year - 2, day.year + 3) for f in feast_days(expr.key, y)]
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
    except (UnresolvedError, OverflowError, ValueError):
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
        day -= DAY
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
    return _same_weekdays(timexes, out)


def _same_weekdays(timexes: Sequence[Timex], values: list[Interval | None]) -> list[Interval | None]:
    """A weekday of which nothing is said («لقاء لافروف وتيلرسون الخميس») is the one that the text names more fully («غدا الخميس»)."""
    full: dict[int, set[date]] = {}
    for timex, value in zip(timexes, values, strict=True):
        weekday = timex.expr.weekday if isinstance(timex.expr, (Today, Date)) else None
        if weekday is not None and value is not None and value.start == value.end and value.start.weekday() == weekday:
            full.setdefault(weekday, set()).add(value.start)
    if not full:
        return values
    out = list(values)
    for k, timex in enumerate(timexes):
        value = values[k]
        if timex.direction is None and isinstance(timex.expr, Weekday) and timex.expr.flag is None and timex.expr.week is None:
            days = full.get(timex.expr.weekday, set())
            if value is not None and len(days) == 1 and abs((day := min(days)) - value.start) <= 7 * DAY:
                out[k] = Interval(day, day, "day")
    return out


def _anchored(timexes: Sequence[Timex], k: int, anchor: Interval | date | None, context: Context) -> Interval | None:
    """A duration from an event: the date that the sentence names after it, else the one before."""
    timex, expr = timexes[k], timexes[k].expr
    if isinstance(expr, After) and expr.ahead:
        if k + 1 < len(timexes) and timexes[k + 1].sentence == timex.sentence and isinstance(timexes[k + 1].expr, (Fixed, Date, Today)):
            base = resolve(timexes[k + 1], anchor, context)
            if base is not None:
                inner = Context()
                inner.add(base)
                found = resolve(timex, anchor, inner)
                today = anchor.end if isinstance(anchor, Interval) else anchor
                # «الذكرى السبعين للنصر يوم 9 مايو المقبل»: that day is the anniversary and not what it counts from.
                far = expr.exact and found is not None and today is not None and found.start.year > today.year + 1
                return None if far else found
        return None
    if timex.sentence - context.sentence > 1:
        return None
    return resolve(timex, anchor, context)
