"""One pass over a run: which date expressions it holds. Longest parse first, from left to right."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ruskor.timex import periods, relative
from ruskor.timex.dates import DASHES, build, calendar_date, day_list, month_first, whole_year, year_number
from ruskor.timex.expr import After, Date, Expr, Feast, Fixed, Nth, Part, Range, Season, Shift, Weekday
from ruskor.timex.numbers import day_number
from ruskor.timex.run import Run


@dataclass(slots=True)
class Item:
    """An expression found in a run: tokens `first` … `last` of the run, and what finding has still to decide.

    `kind`: since (lasting or counting back?), ago, after (from when?), that (from the date before), event and event_on (a duration
    before «من», «على» and an event), ahead and anniversary (the base follows). `check`: compare with the raw text;
    `open`: tense may decide the value.
    """

    first: int
    last: int
    skip: int
    expr: Expr
    kind: str = ""
    check: bool = False
    open: bool = False


def is_open(expr: Expr) -> bool:
    """Whether tense may decide the value."""
    if isinstance(expr, Weekday):
        return expr.flag is None and expr.week is None
    if isinstance(expr, Date):
        return expr.year is None and expr.flag is None
    if isinstance(expr, (Season, Feast)):
        return expr.year is None and expr.flag is None
    if isinstance(expr, Range):
        return is_open(expr.last) or is_open(expr.first)
    return isinstance(expr, (Part, Nth)) and is_open(expr.of)


def _outside(run: Run, i: int) -> int:
    """How many letters of proclitics stand before the expression; the «لل» that is fused with the article stays inside."""
    size = len(run.prefix[i])
    return size - 1 if size and run.words[i][size - 1 : size + 1] == "لل" else size


def parse(run: Run) -> list[Item]:
    """The expressions of a run, in order."""
    out: list[Item] = []
    i = 0
    year_before = -1  # lexeme after the last mention, if that was a year
    while i < run.n:
        if year_before == i and run.has(i, "and"):
            i = year_before = i + 1
            continue
        found = _at(run, i, year_before=year_before == i)
        if not found:
            i = _past_name(run, i)
            continue
        j, expr = i, None
        if run.trapped(i, "every") or (run.has(found[-1][1], "of") and run.follows(found[-1][1] + 1, "every")):
            i = max(found[-1][1], i + 1)
            continue
        for a, b, expr, kind in found:
            check = any("raw" in roles for roles in run.roles[a:b])
            out.append(Item(run.first[a], run.last[b - 1], _outside(run, a), expr, kind, check, is_open(expr)))
            j = b
        year_before = j if isinstance(expr, Fixed) and expr.precision == "year" else -1
        i = max(j, i + 1)
    return _inherit(run, out)


_DAYS = {"noon", "u", "dei", "this", "shift0", "wd", "wb", "dayof", "uc"}
_NUMBERED = {"d", "n", "n1", "o", "noon", "dayof", "uc"}
_PARSERS = (
    ({"part"}, periods.part),
    ({"o"}, relative.feast_day),
    ({"o", "last"}, periods.nth),
    ({"sameday", "shift0", "this", "that", "samebefore", "u"}, periods.unit_phrase),
    ({"season", "this"}, periods.season),
    ({"dec"}, periods.decade),
    ({"feast", "period"}, relative.feast),
    ({"d", "n", "n1"}, periods.counted_window),
)
_FIRST = {"from", "m", "mw", "dayafter", "daybefore", "anniv"} | _DAYS | _NUMBERED
_TIMED = {"since", "before", "after", "afterthat", "beforethat"}
_FIRST |= _TIMED | {role for roles, _ in _PARSERS for role in roles}


def _past_name(run: Run, i: int) -> int:
    """The next lexeme to try: past the whole of «حركة 20 فبراير», which is a name."""
    if run.trapped(i, "date_not_after") and (found := calendar_date(run, i)):
        return found[1]
    return i + 1


Parsed = list[tuple[int, int, Expr, str]]


def _at(run: Run, i: int, *, year_before: bool) -> Parsed | None:  # noqa: C901, PLR0911, PLR0912 - a rule tries its readings in turn
    roles = run.roles[i]
    keys = roles.keys()
    if not keys & _FIRST:
        return None
    if "from" in roles and (found := _range(run, i)):
        return [(i, found[1], found[0], "")]
    if keys & _TIMED and (timed := relative.duration(run, i)):
        expr, j, kind = timed
        if run.has(j, "event") and run.space(j) and kind in {"after", "ago"} and not run.has(j + 1, "ana"):
            if isinstance(expr, After) and run.has(j, "of") and run.has(j + 1, "now"):
                return [(i, j, Shift(expr.unit, expr.count), "")]  # «بعد سنة من الآن»
            if kind == "ago" and isinstance(expr, Shift):
                if run.has(j, "of") and not run.has(j + 1, "now"):
                    return [(i, j, After(expr.unit, expr.count), "ahead")]
            else:
                return [(i, j, expr, "event" if run.has(j, "of") else "event_on")]
        return [(i, j, expr, kind)]
    if "anniv" in roles and (counted := relative.anniversary(run, i)):
        return [(i, counted[1], After("year", counted[0]), "anniversary")]
    # «عشية الأربعاء» is its evening.
    if ("dayafter" in roles or "daybefore" in roles) and not (run.has(i + 1, "wd") and run.space(i + 1)):
        return [(i, i + 1, After("day", 1 if "dayafter" in roles else -1), "ahead")]
    listed = day_list(run, i + _lead(run, i)) if keys & _NUMBERED else None
    if listed and not run.trapped(i, "date_not_after"):
        first_day, *rest = listed
        return [(i, first_day[1], first_day[2], ""), *((a, b, e, "") for a, b, e in rest)]
    found = simple(run, i, year_before=year_before)
    if not found:
        return None
    expr, j = found
    if more := _onward(run, expr, j):
        expr, j = more
    return [(i, j, expr, "")]


def _lead(run: Run, i: int) -> int:
    """Past «يومي», «أيام», «يوم», «في الفترة من» before a day number."""
    k = i
    while run.has(k, "noon") and run.space(k + 1):
        k += 1
    if (run.has(k, "dayof") or run.get(k, "uc") == "day") and run.space(k + 1):
        k += 1
    return k - i


def simple(run: Run, i: int, *, year_before: bool = False) -> tuple[Expr, int] | None:  # noqa: PLR0911 - a rule tries its readings in turn
    """One expression without a range around it."""
    roles = run.roles[i]
    keys = roles.keys()
    if keys & _DAYS and (found := relative.today(run, i) or relative.weekday(run, i)):
        return found
    if (keys & _NUMBERED or "m" in roles or "mw" in roles) and (dated := _dated(run, i, _lead(run, i))):
        return dated
    for starts, parser in _PARSERS:
        if keys & starts and (found := parser(run, i)):
            return found
    if run.get(i, "uc") in {"year", "month"} and run.space(i + 1):
        if found := periods.plain_year(run, i):
            return found
        if run.has(i + 1, "m") and (named := month_first(run, i + 1)):
            return _months(run, named[0], named[1])
    if "m" in roles or "mw" in roles:
        return _month_alone(run, i)
    return _bare_year(run, i, year_before=year_before)


def _months(run: Run, first: Expr, j: int) -> tuple[Expr, int]:
    """«شهري مارس وأبريل 2024»."""
    if run.has(j, "m") and run.prefix[j] == "و" and (second := month_first(run, j)):
        return Range(_fill(first, second[0]), second[0]), second[1]
    return first, j


def _dated(run: Run, i: int, lead: int) -> tuple[Expr, int] | None:
    k = i + lead
    cued = bool(lead) or run.has(i - 1, "corr") or run.has(i - 1, "dayof")
    found = calendar_date(run, k, cued=cued)
    if not found:
        return None
    if run.has(k, "d") and run.prefix[k] == "" and k == i and i and run.has(i - 1, "d") and run.gaps[i].strip() in {"/", ".", "-"}:
        return None
    if run.trapped(i, "date_not_after") and not isinstance(found[0], Fixed):
        return None
    return found[0], found[1]


_STRONG = {"in", "since", "of", "to", "between", "part", "from"}


def _month_alone(run: Run, i: int) -> tuple[Expr, int] | None:
    named = month_first(run, i)
    if not named:
        return None
    expr, j, _, sure = named
    explicit = sure == 3 or run.has(i, "mw")
    if run.trapped(i, "month_not_after") or (not explicit and run.trapped(i, "date_not_after")):
        return None
    if sure <= 1:
        before = run.roles[i - 1] if i > 0 and run.space(i) else {}
        cue = bool(before.keys() & _STRONG) or run.prefix[i] in {"ب", "وب", "ل"}
        if sure == 0 or not cue:
            return None
    if run.follows(j, "month_not_before"):
        return None
    return expr, j


def _bare_year(run: Run, i: int, *, year_before: bool) -> tuple[Expr, int] | None:  # noqa: PLR0911 - a rule tries its readings in turn
    """«في 2011», «(2013)», «1950- 1953», «منذ 2020», «2006 و2009» after a year."""
    if not run.has(i, "d") or run.roles[i]["dl"] != 4:
        return None
    found = year_number(run, i)
    if not found:
        return None
    value, calendar, j = found
    spaced = run.gap(j) if j < run.n else ""
    if run.follows(j, "counted") and not spaced:
        return None
    if j < run.n and run.has(j, "d") and spaced in {"/", ".", "-", "–", "—"} and run.roles[j]["dl"] != 4:
        return None
    if i and run.has(i - 1, "d") and run.gap(i) in {"/", ".", ":", "+"}:
        return None  # a part of something longer
    ranged = run.gap(j) in DASHES and run.has(j, "d") and run.roles[j]["dl"] == 4 and run.roles[j]["d"] > value
    before = run.roles[i - 1] if i and run.space(i) else {}
    plausible = calendar is not None or 1800 <= value <= 2100
    cued = ("yprep" in before and not run.trapped(i - 1, "not_year_after")) or ("(" in run.gaps[i] and (run.closes(j) or ranged))
    cued = cued or (run.trapped(i, "year_noun") and not run.prefix[i])
    cued = cued or (year_before and (run.prefix[i] == "و" or (i > 0 and run.has(i - 1, "and"))))
    if not (plausible and (cued or (ranged and 1000 <= run.roles[j]["d"] <= 2100))):
        return None
    whole = whole_year(value, calendar)
    return (whole, j) if whole else None


def _range(run: Run, i: int) -> tuple[Expr, int] | None:
    """«من … إلى …», «بين … و…»."""
    k = i + 1
    if not run.space(k):
        return None
    between = run.has(i, "between")
    if days := day_list(run, k + _lead(run, k), between=between):
        return None if len(days) > 1 else (days[0][2], days[0][1])
    first_found = _endpoint(run, k)
    if not first_found:
        return None
    first, j = first_found
    m = j
    if run.has(m, "to") or (run.has(m, "and") and between):
        m += 1
    elif not (between and m < run.n and run.prefix[m].startswith("و")):
        return None
    last_found = _endpoint(run, m)
    if not last_found:
        return None
    last, j = last_found
    joined = _join(first, last)
    return (joined, j) if joined else None


def _endpoint(run: Run, k: int) -> tuple[Expr, int] | None:  # noqa: PLR0911 - a rule tries its readings in turn
    if k >= run.n:
        return None
    if run.has(k, "at"):
        k += 1
        if k >= run.n:
            return None
    if found := simple(run, k, year_before=True):
        return found
    if (numbered := year_number(run, k, loose=True)) and 1000 <= numbered[0] <= 2200:
        whole = whole_year(numbered[0], numbered[1])
        return (whole, numbered[2]) if whole else None
    if named := month_first(run, k):
        return named[0], named[1]
    day = day_number(run, k)
    if day and run.has(k, "d"):
        return Date(None, None, day[0]), day[1]
    return None


def _onward(run: Run, expr: Expr, j: int) -> tuple[Expr, int] | None:
    """A second end point after one that stands alone: «13 تموز - 15 تموز», «1950- 1953», «الأحد إلى الخميس»."""
    if j >= run.n:
        return None
    k = j
    if run.has(j, "to") and run.space(j):
        k = j + 1
    elif run.gap(j) not in DASHES:
        return None
    if k >= run.n:
        return None
    found = simple(run, k, year_before=True)
    if not found and k == j and (numbered := year_number(run, k, loose=True)) and _kind(expr) == "year":
        whole = whole_year(numbered[0], numbered[1])
        found = (whole, numbered[2]) if whole else None
    if not found or _kind(found[0]) != _kind(expr) or (k == j and _kind(expr) == "weekday"):
        return None
    joined = _join(expr, found[0])
    return (joined, found[1]) if joined else None


def _kind(expr: Expr) -> str:
    if isinstance(expr, Weekday):
        return "weekday"
    if isinstance(expr, Fixed):
        return expr.precision
    if isinstance(expr, Date):
        return "day" if expr.day is not None else "month"
    return type(expr).__name__


def _fill(first: Expr, last: Expr) -> Expr:
    """What the first end point lacks, the last gives: month, year, flag."""
    if isinstance(first, Weekday) and isinstance(last, Weekday):
        return replace(first, flag=first.flag or last.flag, week=first.week or last.week)
    if not isinstance(first, Date):
        return first
    if isinstance(last, Fixed):
        value = first.month if first.month is not None else last.start.month
        if first.year is not None or not isinstance(value, int):
            return first
        when = last.start.year - (value > last.start.month)
        return build(first.day, value, "gregorian", when, flag=first.flag, weekday=first.weekday) or first
    if isinstance(last, Date):
        return replace(first, month=first.month if first.month is not None else last.month,
                       year=first.year if first.year is not None else last.year,
                       flag=first.flag or last.flag, calendar=last.calendar)  # fmt: skip
    return first


def _join(first: Expr, last: Expr) -> Expr | None:
    first = _fill(first, last)
    if isinstance(last, Date) and last.day and last.month is None and last.weekday is None and isinstance(first, (Fixed, Date)):
        last = replace(last, month=Shift("month", 0, True, True))
    if isinstance(first, Date) and first.month is None:
        return None
    if isinstance(first, Fixed) and isinstance(last, Fixed) and first.start > last.end:
        return None
    if isinstance(first, Fixed) and isinstance(last, Date) and isinstance(last.month, int) and last.year is None:
        later = first.start.year + (last.month < first.start.month)
        last = build(last.day, last.month, last.calendar, later) or last
    return Range(first, last)


def _inherit(run: Run, items: list[Item]) -> list[Item]:
    """«12 مارس و3 أبريل 2024»: a year that a list gives once holds for what comes before it."""
    for k in range(len(items) - 2, -1, -1):
        a, b = items[k], items[k + 1]
        if b.first - a.last > 2 or not isinstance(a.expr, Date) or a.expr.year is not None or a.expr.flag or a.expr.weekday is not None:
            continue
        if not isinstance(b.expr, Fixed) or b.expr.precision not in {"day", "month"} or a.kind or b.kind:
            continue
        position = next((n for n in range(run.n) if run.first[n] == b.first), None)
        joined = position is not None and (run.prefix[position].startswith("و") or run.has(position - 1, "and"))
        if joined and isinstance(a.expr.month, int) and a.expr.month <= b.expr.start.month:
            filled = _fill(a.expr, b.expr)
            items[k] = replace(a, expr=filled)
    return items
