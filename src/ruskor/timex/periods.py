"""Grammar of periods: units with what points at them, windows, parts, counted units, decades, centuries, seasons."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from ruskor.timex.dates import build, modifier, month_first, of, pointed, whole_year, year, year_number
from ruskor.timex.expr import Date, Expr, Fixed, Flag, Nth, Part, Range, Season, Shift, Today, Weekday, Window
from ruskor.timex.numbers import number, small
from ruskor.timex.run import Run

Found = tuple[Expr, int]
YEARS = {"year": 1, "decade": 10, "century": 100}


def ordinal_after(run: Run, j: int) -> tuple[int, int] | None:
    """«الأول», «الثالث», «الأخير» after the word it counts."""
    if not run.space(j):
        return None
    if run.has(j, "last"):
        return -1, j + 1
    found = small(run, j)
    return (found[0], found[1]) if found and found[2] else None


def period(run: Run, i: int) -> Found | None:
    """A month, quarter, year, decade or century that a part or a count refers to."""
    if i >= run.n:
        return None
    i += run.has(i, "approx")
    if found := month_first(run, i):
        return (found[0], found[1]) if not _is_day(found[0]) else None
    for unit in ("month", "year", "week", "decade", "century", "quarter"):
        if pointer := pointed(run, i, unit):
            return pointer
    if found2 := plain_year(run, i):
        return found2
    if (found3 := year_number(run, i)) and run.space(i):
        whole = whole_year(found3[0], found3[1])
        return (whole, found3[2]) if whole else None
    return season(run, i) or decade(run, i) or century(run, i) or _counted_unit(run, i)


def _is_day(expr: Expr) -> bool:
    if isinstance(expr, Fixed):
        return expr.precision == "day"
    return isinstance(expr, Range) or (isinstance(expr, Date) and expr.day is not None)


def is_month(expr: Expr) -> bool:
    """Whether an expression is a month."""
    if isinstance(expr, Fixed):
        return expr.precision == "month"
    return isinstance(expr, Date) or (isinstance(expr, Shift) and expr.unit == "month")


def plain_year(run: Run, i: int) -> Found | None:
    """«عام 2006», «العام 2000», «سنة ألف وتسعمئة وثمان وأربعين», «عام 1444 هـ», «عامي 2018 و2019»."""
    unit = run.get(i, "u")
    double = run.get(i, "uc") == "year"
    if not double and not (unit and unit[:2] == ("year", "one")):
        return None
    if not run.space(i + 1) and run.gap(i + 1) not in {"(", "«"}:
        return None
    found = year_number(run, i + 1)
    if not found:
        return None
    whole = whole_year(found[0], found[1])
    if whole is None:
        return None
    if double:
        values, j = [found[0]], found[2]
        while j < run.n and (run.has(j, "and") or run.prefix[j] == "و") and (more := year_number(run, j + run.has(j, "and"), loose=True)):
            values.append(more[0])
            j = more[2]
        last = whole_year(values[-1], found[1])
        if last and len(values) > 1 and all(b == a + 1 for a, b in pairwise(values)):
            return Range(whole, last), j
    return whole, found[2]


def unit_phrase(run: Run, i: int) -> Found | None:  # noqa: C901, PLR0911 - a rule tries its readings in turn
    """«الأسبوع الماضي», «هذا العام», «الأيام الثلاثة الماضية», «اليوم الثالث من أكتوبر», «الربع الأول من العام»."""
    if run.get(i, "sameday"):
        return Shift("day", 0, True, True), i + 1
    if run.has(i, "shift0"):
        return Shift(run.roles[i]["shift0"], 0), i + 1
    k = i + 1 if (run.has(i, "this") or run.has(i, "that") or run.has(i, "samebefore")) else i
    unit = run.get(k, "u")
    if not unit:
        return None
    name, form, definite = unit
    if name == "year" and form == "one" and run.trapped(k, "adjective_after"):
        return None
    if name not in {"quarter", "half"} and (pointer := pointed(run, i, name)):
        expr, j = pointer
        if name == "week" and (day := _weekday_after(run, j)):
            return Weekday(day[0], None, expr), day[1]
        if name == "day" and not expr.anaphoric:
            return Today(expr.count), j
        if abs(expr.count) <= 1 and (named := _named(run, name, expr, j)):
            return named
        return expr, j
    if k > i:
        return None
    if found := plain_year(run, i):
        return found
    if definite and (window := _window(run, i, name, form)):
        return window
    return (_counted_unit(run, i) or century(run, i)) if definite or name == "half" else None


def _named(run: Run, name: str, expr: Shift, j: int) -> Found | None:
    """«العام الجاري 2024», «الشهر الماضي (مايو)»: the unit with its name after it."""
    flag: Flag = "current" if expr.count == 0 else "past" if expr.count < 0 else "future"
    gap = run.gap(j)
    if name == "year" and run.has(j, "d") and gap in {"", "("} and (found := year_number(run, j, loose=True)):
        whole = whole_year(found[0], found[1])
        if expr.anaphoric or found[1] == "hijri":
            return (whole, found[2]) if whole else None
        return Date(found[0], None, flag=flag), found[2]
    if (
        name == "month"
        and not expr.anaphoric
        and run.has(j, "m")
        and gap in {"(", ",", "،", "/"}
        and not run.prefix[j]
        and (said := month_first(run, j))
    ):
        return (Date(None, said[0].month, flag=flag), said[1]) if isinstance(said[0], Date) and said[0].day is None else None
    return None


def _weekday_after(run: Run, j: int) -> tuple[int, int] | None:
    k = j + (run.has(j, "dayof") and not run.prefix[j])
    if run.has(k, "wd") and run.space(j) and not run.prefix[k]:
        return run.roles[k]["wd"], k + 1
    return None


def _window(run: Run, i: int, name: str, form: str) -> Found | None:
    j, count = i + 1, 2 if form == "dual" else 0
    if form == "many" and run.space(j) and (found := number(run, j)):
        count, j = found
    if not count or name in {"quarter", "half"}:
        return None
    ordinal = run.get(j, "o")
    if run.space(j) and ((ordinal and ordinal[0] == 1) or run.has(j, "last")) and name in {"day", "week", "month", "year"}:
        target = target_of(run, j + 1)
        if not target:
            scale = YEARS.get(name)  # «السنوات الخمس الأخيرة»
            return (Window("year" if scale else name, count * (scale or 1), -1), j + 1) if run.has(j, "last") else None  # type: ignore[arg-type]
        first, last = (1, count) if ordinal and ordinal[0] == 1 else (-count, -1)
        return Range(Nth(first, target[0], name), Nth(last, target[0], name)), target[1]  # type: ignore[arg-type]
    pointer = modifier(run, j)
    if not pointer or pointer[0] not in {"past", "future", "next"}:
        return None
    sign = -1 if pointer[0] == "past" else 1
    if name in YEARS:
        return Window("year", count * YEARS[name], sign), pointer[1]
    return Window(name, count, sign), pointer[1]  # type: ignore[arg-type]


def counted_window(run: Run, i: int) -> Found | None:
    """«3 أيام القادمة», «المئة عام المقبلة»."""
    found = number(run, i)
    if not found or not run.space(found[1]) or found[0] > 1000:
        return None
    unit = run.get(found[1], "u")
    pointer = modifier(run, found[1] + 1)
    if not unit or unit[1] == "dual" or not pointer or pointer[0] not in {"past", "future"} or unit[0] in {"quarter", "half"}:
        return None
    if unit[1] == "one" and found[0] < 11:
        return None
    scale = YEARS.get(unit[0])
    return Window("year" if scale else unit[0], found[0] * (scale or 1), -1 if pointer[0] == "past" else 1), pointer[1]


def target_of(run: Run, j: int) -> Found | None:
    """What «من …» counts in: a period, or «العام», «الشهر» alone, which is the current one."""
    k = of(run, j)
    if found := period(run, k):
        return found
    unit = run.get(k, "u")
    if k > j and unit and unit[1:] == ("one", True) and unit[0] in {"month", "year", "week"} and not run.follows(k + 1, "year_not_before"):
        return Shift(unit[0], 0), k + 1
    return None


def _counted_unit(run: Run, i: int) -> Found | None:
    """«اليوم الثالث من أكتوبر», «الأسبوع الأول من يوليو», «الربع الأخير من العام الماضي», «النصف الثاني من 2023»."""
    part = run.get(i, "part")
    if part and part[0] in {"first_half", "second_half"}:
        target = target_of(run, i + 1)
        return (Part(part[0], target[0]), target[1]) if target and run.space(i + 1) else None
    unit = run.get(i, "u")
    if not unit or unit[1] != "one":
        return None
    nth = ordinal_after(run, i + 1)
    if not nth:
        return None
    n, j = nth
    if not 0 <= abs(n) <= (31 if unit[0] == "day" else 12 if unit[0] == "month" else 5):
        return None
    target = target_of(run, j) if run.space(j) else None
    if not target or unit[0] in YEARS:
        return None
    return _count(n, unit[0], target)


def _count(n: int, name: str, target: Found) -> Found | None:
    expr, j = target
    if name == "day" and n > 0 and isinstance(expr, (Date, Fixed)) and is_month(expr):
        if isinstance(expr, Date):
            day: Expr | None = build(n, expr.month, expr.calendar, expr.year, flag=expr.flag)
        else:
            day = build(n, expr.start.month, "gregorian", expr.start.year)
        return (day, j) if day else None
    return Nth(n, expr, unit=name), j  # type: ignore[arg-type]


def century(run: Run, i: int) -> Found | None:
    """«القرن التاسع عشر», «القرن العشرين», «العقد الأول من القرن»."""
    unit = run.get(i, "u")
    if not unit or unit[:2] != ("century", "one") or not run.space(i + 1):
        return None
    found = small(run, i + 1)
    if found and 1 <= found[0] <= 22 and (found[2] or found[0] >= 20):
        n = found[0]
        if run.has(found[1], "bc"):
            return None
        if run.has(found[1], "hij") and run.space(found[1]):
            first, last = whole_year(100 * n - 99, "hijri"), whole_year(100 * n, "hijri")
            return (Fixed(first.start, last.end, "multi-year"), found[1] + 1) if first and last else None
        return Fixed(date(100 * n - 99, 1, 1), date(100 * n, 12, 31), "multi-year"), found[1]
    return None


def decade(run: Run, i: int) -> Found | None:
    """«التسعينيات», «ثمانينيات القرن الماضي», «سبعينات القرن العشرين»."""
    found = run.get(i, "dec")
    if found is None or run.trapped(i, "age"):
        return None
    value, definite = found
    j, base = i + 1, None
    k = of(run, j)
    if run.follows(k, "age"):
        return None
    if run.space(j) and (pointer := pointed(run, k, "century")) and isinstance(pointer[0], Shift):
        base, j = (1900 if pointer[0].count < 0 else 2000), pointer[1]
    elif run.space(j) and (whole := century(run, k)) and isinstance(whole[0], Fixed):
        base, j = whole[0].start.year - 1, whole[1]
    elif not definite:
        return None
    if base is None:
        base = 2000 if value <= 20 else 1900
    start = base + value
    return Fixed(date(start, 1, 1), date(start + 9, 12, 31), "multi-year"), j


def season(run: Run, i: int) -> Found | None:
    """«خريف 2023», «صيف العام الماضي», «الشتاء المقبل», «هذا الصيف»."""
    if run.has(i, "this") and run.has(i + 1, "season") and run.space(i + 1) and run.roles[i + 1]["season"][1]:
        return Season(run.roles[i + 1]["season"][0], None, "current"), i + 2
    if not run.has(i, "season") or not run.space(i + 1):
        return None
    value, definite = run.roles[i]["season"]
    if definite:
        pointer = modifier(run, i + 1)
        if pointer and isinstance(pointer[0], str):
            return Season(value, None, pointer[0]), pointer[1]
        when = year(run, of(run, i + 1))
        return (Season(value, when[0]), when[2]) if when and of(run, i + 1) > i + 1 else None
    found = year(run, i + 1)
    return (Season(value, found[0]), found[2]) if found else None


def part(run: Run, i: int) -> Found | None:  # noqa: PLR0911 - a rule tries its readings in turn
    """«مطلع الشهر المقبل», «أواخر عام 2011», «منتصف أكتوبر», «نهاية الأسبوع», «النصف الثاني من إبريل»."""
    found = run.get(i, "part")
    if not found or not run.space(i + 1):
        return None
    name, weak = found
    if name in {"first_half", "second_half"}:
        return _counted_unit(run, i)
    k = of(run, i + 1)
    target = period(run, k)
    if not target and run.has(k, "season") and not weak and run.roles[k]["season"][1]:
        target = Season(run.roles[k]["season"][0]), k + 1
    if target:
        if weak and not is_month(target[0]) and name != "middle":
            return None
        return Part(name, target[0]), target[1]
    unit = run.get(k, "u")
    if not unit or unit[1] != "one" or not unit[2] or weak or run.has(k + 1, "o"):
        return None
    if unit[0] == "week" and name == "end":
        return Part("weekend", Shift("week", 0)), k + 1
    if unit[0] in {"month", "year", "week"} and not run.follows(k + 1, "year_not_before"):
        return Part(name, Shift(unit[0], 0)), k + 1
    return None


def nth(run: Run, i: int) -> Found | None:
    """«آخر خميس من الشهر», «ثالث ثلاثاء في أيلول», «أول أسبوع بشهر أكتوبر», «ثالث يوم من شهر», «آخر يوم من 2023»."""
    ordinal = run.get(i, "o")
    if run.has(i, "last"):
        n = -1
    elif ordinal:
        n = ordinal[0]
    else:
        return None
    k = i + 1
    if not run.space(k):
        return None
    if run.has(k, "dayof") and (run.has(k + 1, "wb") or run.has(k + 1, "wd")):
        k += 1
    value = run.get(k, "wb")
    value = run.get(k, "wd") if value is None else value
    unit = run.get(k, "u")
    target = target_of(run, k + 1) if run.space(k + 1) else None
    if value is not None:
        return (Nth(n, target[0], weekday=value), target[1]) if target and abs(n) <= 5 else None
    if unit and unit[1] == "one" and not unit[2] and target and unit[0] in {"day", "week", "month", "quarter"}:
        return _count(n, unit[0], target)
    return None
