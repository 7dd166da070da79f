"""Grammar of calendar dates: days, months, years, numeric dates, and pairs of two calendars."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

from ruskor.calendars import hijri_month, hijri_to_date, hijri_year, month_end
from ruskor.timex.expr import Calendar, Date, Expr, Fixed, Flag, Range, Shift
from ruskor.timex.numbers import day_number, number, small
from ruskor.timex.run import Run

HIJRI_YEARS = range(1300, 1501)
_QUOTES = "”“\"»«'’)] "
_BEFORE_YEAR = {"", ",", "،", ".", "-", "/", "(", ")", "”", '"', "»", "“"}
DASHES = {"-", "–", "—", "−", "ـ"}
Dated = tuple[Expr, int, Calendar]


def of(run: Run, i: int) -> int:
    """Past a joining «من», «في», «ل», «ب» at i."""
    return i + 1 if run.has(i, "of") and not run.gaps[i].strip(_QUOTES) else i


def modifier(run: Run, i: int) -> tuple[Flag | int, int] | None:
    """«الماضي», «المقبل», «الجاري», «نفسه» …; «قبل الماضي» is -2, «بعد المقبل» 2. Returns (flag or count, next)."""
    if i >= run.n or run.gaps[i].strip(_QUOTES):
        return None
    roles = run.roles[i]
    if "mod" in roles:
        return roles["mod"], i + 1
    if "what" in roles and run.has(i + 1, "before") and run.get(i + 2, "mod") == "past":
        return -2, i + 3
    following = run.get(i + 1, "mod")
    if following == "past" and "before" in roles:
        return -2, i + 2
    if following == "future" and "after" in roles:
        return 2, i + 2
    return None


def shifted(unit: str, flag: Flag | int) -> Shift:
    """The unit that a modifier points at."""
    if isinstance(flag, int):
        return Shift(unit, flag)  # type: ignore[arg-type]
    count = {"past": -1, "future": 1, "next": 1, "previous": -1}.get(flag, 0)
    return Shift(unit, count, anaphoric=flag in {"same", "next", "previous"}, strict=flag == "same")  # type: ignore[arg-type]


def pointed(run: Run, i: int, unit: str) -> tuple[Shift, int] | None:
    """«هذا العام», «العام الماضي», «ذلك الشهر», «نفس السنة»: the unit with what points at it."""
    if run.has(i, "this") and run.space(i + 1):
        found = run.get(i + 1, "u")
        if found == (unit, "one", True):
            return Shift(unit, 0), i + 2  # type: ignore[arg-type]
        return None
    if (run.has(i, "that") or run.has(i, "samebefore")) and run.space(i + 1) and run.get(i + 1, "u") == (unit, "one", True):
        return Shift(unit, 0, True, True), i + 2  # type: ignore[arg-type]
    if run.get(i, "u") == (unit, "one", True) and (found := modifier(run, i + 1)):
        return shifted(unit, found[0]), found[1]
    if run.get(i, "shift0") == unit:
        return Shift(unit, 0), i + 1  # type: ignore[arg-type]
    return None


def era(run: Run, i: int) -> tuple[Calendar | None, int]:
    """«هـ», «م» after a year."""
    if i < run.n and run.gaps[i].strip() in {"", "("} and not run.prefix[i]:
        if "hij" in run.roles[i]:
            return "hijri", i + 1
        if "greg" in run.roles[i]:
            return "gregorian", i + 1
    return None, i


def year_number(run: Run, i: int, *, loose: bool = False) -> tuple[int, Calendar | None, int] | None:  # noqa: PLR0911 - a rule tries its readings in turn
    """A year in four figures or in words from a thousand up, with its era."""
    if i >= run.n or run.prefix[i].strip("لب"):
        return None
    figure = run.get(i, "d")
    if figure is not None:
        calendar, j = era(run, i + 1)
        if run.has(i + 1, "bc"):
            return None
        if run.roles[i]["dl"] == 4 and 1000 <= figure < 2200:
            return figure, calendar, j
        return (figure, calendar, j) if calendar == "hijri" and figure else None
    if not loose and run.gap(i):
        return None
    found = number(run, i)
    if found and 1000 <= found[0] < 2200 and (found[1] > i + 1 or found[0] == 2000):
        calendar, j = era(run, found[1])
        return found[0], calendar, j
    return None


def year(run: Run, i: int) -> tuple[int | Expr, Calendar | None, int] | None:
    """The year after a month or a part: «2024», «، 2024», «من العام الماضي», «عام ألفين», «لسنة 2021»."""
    if run.has(i, "d"):
        return year_number(run, i, loose=True) if run.bare[i] in _BEFORE_YEAR else None
    j = of(run, i)
    if run.has(j, "approx"):
        j += 1
    if (found := pointed(run, j, "year")) and not run.gap(i).strip(_QUOTES):
        return found[0], None, found[1]
    unit = run.get(j, "u")
    if unit and unit[:2] == ("year", "one") and run.bare[j].strip(_QUOTES) in {"", ",", "،", "("}:
        numbered = year_number(run, j + 1)
        return numbered if numbered and run.gap(j + 1) in {"", "("} else None
    if j < run.n and run.bare[j] in _BEFORE_YEAR:
        return year_number(run, j, loose=True)
    return None


def month(run: Run, i: int) -> tuple[int, Calendar, int, int] | None:
    """A month name with its second name, or «شهر» + number: (month, calendar, next, how sure 0 … 3)."""
    start, sure = i, 0
    if run.has(i, "mw") and run.space(i + 1):
        i, sure = i + 1, 2
    found = run.get(i, "m")
    if found is None:
        if sure:
            numbered = small(run, i) or ((run.roles[i]["d"], i + 1, False) if run.has(i, "d") else None)
            definite = run.roles[start]["u"][2]
            if numbered and 1 <= numbered[0] <= 12 and definite == numbered[2]:
                return numbered[0], "gregorian", numbered[1], 2
        return None
    if run.prefix[i].startswith("و") and sure:
        return None
    value, letter, level = found
    calendar: Calendar = "hijri" if letter == "h" else "gregorian"
    sure = max(sure, 2 - level)
    j = i + 1
    second = run.get(j, "m")
    if second and second[:2] == (value, letter) and not run.prefix[j] and run.words[j] != run.words[i]:
        return value, calendar, j + 1, 3
    return value, calendar, j, sure


def build(  # noqa: PLR0911 - a rule tries its readings in turn
    day: int | None,
    month: int | Expr | None,
    calendar: Calendar,
    year: int | Expr | None,
    *,
    flag: Flag | None = None,
    weekday: int | None = None,
) -> Expr | None:
    """The expression for the parts of a date; None where there is no such day."""
    if isinstance(year, int) and not date.min.year <= year <= date.max.year:
        return None
    if isinstance(month, int) and isinstance(year, int):
        if calendar == "hijri" and year < 1600:
            if day is None:
                bounds = hijri_month(year, month)
                return Fixed(*bounds, "month") if bounds else None
            found = hijri_to_date(year, month, day)
            return Fixed(found, found, "day", weekday) if found else None
        if calendar == "gregorian":
            if day is None:
                return Fixed(date(year, month, 1), month_end(year, month), "month")
            if day > month_end(year, month).day:
                return None
            found = date(year, month, day)
            return Fixed(found, found, "day", weekday)
    if isinstance(month, int) and day and day > (30 if calendar == "hijri" else month_end(2024, month).day):
        return None
    return Date(year, month, day, weekday, calendar, flag)


def with_day(expr: Expr | None, day: int) -> Expr | None:
    """The same date with another day."""
    if isinstance(expr, Date):
        return build(day, expr.month, expr.calendar, expr.year, flag=expr.flag)
    if isinstance(expr, Fixed):
        return build(day, expr.start.month, "gregorian", expr.start.year) if expr.start.day != day else expr
    return None


def _month_of_day(run: Run, i: int) -> tuple[int | Expr, Calendar, int, Flag | None] | None:  # noqa: C901, PLR0911 - one return a reading
    """What follows a day number: a month name, «من الشهر الماضي», «من الجاري», «منه»."""
    if i >= run.n:
        return None
    if "m" in run.roles[i] and not run.bare[i] and not run.prefix[i] and (plain := month(run, i)):
        return plain[0], plain[1], plain[2], None
    if run.has(i, "ana") and run.space(i) and run.roles[i]["ana"] == "month":
        return Shift("month", 0, True, True), "gregorian", i + 1, None
    gap = run.gap(i).strip(_QUOTES + "«“")
    if gap not in {"", "-", "/", ".", "،"}:
        return None
    j = of(run, i)
    if j > i and not run.space(j):
        return None
    if j > i or gap == "":
        if found := pointed(run, j, "month"):
            return found[0], "gregorian", found[1], None
        # «19 من الجاري», «23 الجاري»; the feminine «الجارية» belongs to something else.
        if run.get(j, "mod") == "current" and (j > i or not run.words[j].endswith("ه")):
            return Shift("month", 0), "gregorian", j + 1, None
    if j < run.n and run.prefix[j] and j == i and run.prefix[j] != "ل":
        return None
    named = month(run, j)
    if named and named[1] == "hijri" and (gap or (named[3] == 0 and not run.gaps[i])):
        return None  # «6 - صفر», «1صفر» are scores
    return (named[0], named[1], named[2], None) if named else None


_TAIL = {"d", "n", "of", "u", "mod", "this", "that", "samebefore", "shift0", "before", "after", "what", "approx"}


def _tail(run: Run, j: int) -> tuple[int | Expr | None, Calendar | None, int, Flag | None]:
    """Year or modifier after a month."""
    if j >= run.n or not run.roles[j].keys() & _TAIL:
        return None, None, j, None
    if found := year(run, j):
        return found[0], found[1], found[2], None
    pointer = modifier(run, j)
    if pointer and isinstance(pointer[0], str):
        if run.has(pointer[1], "d") and run.space(pointer[1]) and (found := year_number(run, pointer[1])):
            return found[0], found[1], found[2], None
        return None, None, pointer[1], pointer[0]
    return None, None, j, None


def day_month(run: Run, i: int) -> Dated | None:
    """«12 سبتمبر/ أيلول الحالي», «الثاني عشر من يونيو المقبل», «19 من الجاري», «28 منه»."""
    found = day_number(run, i)
    if found and run.has(i, "o") and run.has(found[1], "at") and not any(run.has(i - 1, role) for role in ("in", "dayof", "wd")):
        return None  # «لقاؤهما الثاني في مايو»: the second of them, not of May
    return _finish_day(run, found[0], found[1]) if found else None


def _finish_day(run: Run, day: int, j: int) -> Dated | None:
    named = _month_of_day(run, j)
    if not named:
        return None
    value, calendar, j, _ = named
    when, flag = None, None
    if isinstance(value, int):
        when, _, j, flag = _tail(run, j)
    elif isinstance(value, Shift) and (found := year(run, j)) and isinstance(found[0], int):
        j = found[2]
    expr = build(day, value, calendar, when, flag=flag)
    if expr is None and isinstance(when, int):
        return None
    return (expr, j, calendar) if expr else None


def day_list(run: Run, i: int, *, between: bool = False) -> list[tuple[int, int, Expr]] | None:  # noqa: C901, PLR0912 - a rule tries its readings in turn
    """Several days of one month: «18 و19 يونيو», «11 إلى 13 من الجاري», «5 و6 و7 أغسطس». Days in a row are one range.

    Returns (first lexeme, next lexeme, expression) for each mention.
    """
    found = day_number(run, i)
    if not found:
        return None
    days, ends, ranged = [found[0]], [(i, found[1])], between
    j = found[1]
    while j < run.n:
        k = j
        if run.prefix[j] == "و" and run.space(j):
            pass
        elif run.has(j, "and") and run.space(j):
            k = j + 1
        elif (run.has(j, "to") or run.has(j, "or")) and run.space(j):
            k, ranged = j + 1, True
        elif run.has(j, "d") and run.gap(j) in DASHES | {"/", "،", ","}:
            ranged = ranged or run.gap(j) in DASHES
        else:
            break
        if run.has(k, "dayof") and run.space(k):
            k += 1
        following = day_number(run, k)
        if not following:
            break
        days.append(following[0])
        ends.append((k, following[1]))
        j = following[1]
    if len(days) < 2:
        return None
    final = _finish_day(run, days[-1], ends[-1][1])
    if not final:
        return None
    expr, j, _ = final
    row = ranged or all(b == a + 1 for a, b in pairwise(days))
    if row:
        first = with_day(expr, days[0])
        return [(i, j, Range(first, expr))] if first and days[0] < days[-1] else None
    out = []
    for day, (a, b) in zip(days[:-1], ends[:-1], strict=True):
        each = with_day(expr, day)
        if each:
            out.append((a, b, each))
    return [*out, (ends[-1][0], j, expr)]


def month_first(run: Run, i: int) -> tuple[Expr, int, Calendar, int] | None:
    """«يونيو 2024», «سبتمبر من العام الماضي», «فبراير الماضي», «يوليو 13-15», «يناير الثاني والعشرين، 2018».

    The last of the four says how sure it is that this is a month (0: only the context can tell).
    """
    named = month(run, i)
    if not named:
        return None
    value, calendar, j, sure = named
    when, _, k, flag = _tail(run, j)
    joined = {"", "-", ",", "،"} if calendar == "gregorian" else {""}
    if when is None and flag is None and j < run.n and run.bare[j] in joined and not run.prefix[j]:
        found = day_number(run, j)
        if found:
            day, k = found
            last = None
            if (run.has(k, "to") or run.gap(k) in DASHES) and (more := day_number(run, k + run.has(k, "to"))):
                last, k = more
            when, _, k, flag = _tail(run, k)
            expr = build(day, value, calendar, when, flag=flag)
            if expr and last and (end := with_day(expr, last)):
                return Range(expr, end), k, calendar, 3
            return (expr, k, calendar, 3) if expr else None
    expr = build(None, value, calendar, when, flag=flag)
    return (expr, k, calendar, 3 if when is not None or flag else sure) if expr else None


def numeric(run: Run, i: int, *, cued: bool = False) -> Dated | None:  # noqa: C901, PLR0911 - a rule tries its readings in turn
    """«18/6/2024», «2024-06-18», «13.09.2023», «2/2013»; day/month alone only where something cues it or it is «22/04»."""
    if not run.has(i, "d"):
        return None
    if i and run.has(i - 1, "d") and run.gaps[i] in {"/", "-", ".", ":"}:
        return None
    parts, j, sep = [run.roles[i]["d"]], i + 1, run.gap(i + 1)
    widths = [run.roles[i]["dl"]]
    if sep not in {"/", "-", ".", "\\", "–"}:
        return None
    while run.has(j, "d") and run.gap(j) == sep:
        parts.append(run.roles[j]["d"])
        widths.append(run.roles[j]["dl"])
        j += 1
    if max(widths) > 4 or 3 in widths:
        return None
    calendar, after = era(run, j)
    if len(parts) == 3:
        return _three(parts, widths, calendar, after)
    if len(parts) != 2:
        return None
    a, b = parts
    if sep in {"/", "-"} and max(widths) == 4 and min(widths) <= 2 and not (sep == "-" and run.gaps[i + 1] != sep):
        value, when = (b, a) if widths[0] == 4 else (a, b)
        if 1 <= value <= 12 and (1900 <= when <= 2100 or calendar == "hijri"):
            expr = build(None, value, "hijri" if calendar == "hijri" else "gregorian", when)
            return (expr, after, "gregorian") if expr else None
        return None
    if sep != "/" or max(widths) > 2 or not (1 <= a <= 31 and 1 <= b <= 12):
        return None
    if not cued and not (widths == [2, 2] and (a > 12 or run.words[i + 1].startswith("0"))):
        return None
    expr = build(a, b, "gregorian", None)
    return (expr, j, "gregorian") if expr else None


def _three(parts: list[int], widths: list[int], calendar: Calendar | None, j: int) -> Dated | None:
    a, b, c = parts
    if widths[0] == 4 and max(widths[1:]) <= 2:
        orders = [(c, b, a), (b, c, a)]
    elif widths[2] == 4 and max(widths[:2]) <= 2:
        orders = [(a, b, c), (b, a, c)]
    elif widths[2] == 2 and max(widths) <= 2 and b <= 12 and a <= 31:
        orders = [(a, b, c + (2000 if c < 70 else 1900))]
    else:
        return None
    for day, value, when in orders:
        if not (1 <= value <= 12 and 1 <= day <= 31):
            continue
        hijri = calendar == "hijri" or (calendar is None and when in HIJRI_YEARS)
        if not hijri and not 1000 <= when < 2200:
            continue
        expr = build(day, value, "hijri" if hijri else "gregorian", when)
        if expr:
            return expr, j, "hijri" if hijri else "gregorian"
    return None


def calendar_date(run: Run, i: int, *, cued: bool = False) -> Dated | None:
    """One complete or incomplete date with a day, and its second calendar where one stands beside it: the Gregorian one wins."""
    found = _day_date(run, i, cued=cued)
    if not found:
        return None
    expr, j, calendar = found
    k = j
    if k >= run.n:
        return found
    if run.has(k, "corr"):
        k = of(run, k + 1)
    gap = run.gap(k)
    if k < run.n and all(c in "-–—/|(،,: )=" for c in gap):
        second = _day_date(run, k, cued=True)
        if second and second[2] != calendar:
            return (second[0] if second[2] == "gregorian" else expr), second[1], "gregorian"
    return found


def _day_date(run: Run, i: int, *, cued: bool = False) -> Dated | None:
    if i >= run.n:
        return None
    if run.has(i, "d") and (found := numeric(run, i, cued=cued)):
        return found
    if found := day_month(run, i):
        return found
    named = month_first(run, i)
    if named and named[3] == 3 and isinstance(named[0], (Fixed, Date)) and _has_day(named[0]):
        return named[0], named[1], named[2]
    return None


def _has_day(expr: Fixed | Date) -> bool:
    return expr.precision == "day" if isinstance(expr, Fixed) else expr.day is not None


def whole_year(value: int, calendar: Calendar | None) -> Fixed | None:
    """The days of a year."""
    if calendar == "hijri":
        bounds = hijri_year(value)
        return Fixed(*bounds, "year") if bounds else None
    return Fixed(date(value, 1, 1), date(value, 12, 31), "year")


def weekday_of(expr: Expr, weekday: int) -> Expr:
    """The date with the weekday that is written before it."""
    return replace(expr, weekday=weekday) if isinstance(expr, (Fixed, Date)) else expr
