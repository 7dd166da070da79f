"""Grammar of everything but plain calendar dates: days counted from today, weekdays, units, durations, parts, feasts."""

from __future__ import annotations

from datetime import date

from ruskor.timex.dates import (
    build,
    calendar_date,
    modifier,
    month,
    month_first,
    of,
    pointed,
    shifted,
    weekday_of,
    whole_year,
    with_day,
    year,
    year_number,
)
from ruskor.timex.expr import After, Date, Expr, Feast, Fixed, Nth, Part, Range, Season, Shift, Today, Weekday, Window
from ruskor.timex.numbers import number, small
from ruskor.timex.run import Run

Found = tuple[Expr, int]
_OPEN = {"", "(", "،", ",", "-", "–", "«", "/", ":"}
_YEARS = {"year": 1, "decade": 10, "century": 100}


def today(run: Run, i: int) -> Found | None:
    """«اليوم», «أمس الأربعاء», «يوم غد», «اليوم الثلاثاء 16 يناير 2024», «اليوم الخميس (27 تموز)»."""
    k = i
    while run.has(k, "noon") and run.space(k + 1):
        k += 1
    if run.get(k, "u") == ("day", "one", False) or run.has(k, "dei") and run.has(k, "u"):
        step = k + 1 + run.has(k + 1, "rel")
        if run.has(step, "dei") and run.space(step) and (step == k + 1 or abs(run.roles[step]["dei"]) == 2):
            k = step
    if run.has(k, "this") and run.get(k + 1, "dei") == 0 and run.get(k + 1, "u") and run.space(k + 1):
        return Today(0), k + 2
    if run.has(k, "shift0") and run.roles[k]["shift0"] == "day":
        return Today(0), k + 1
    offset = run.get(k, "dei")
    if offset is None:
        return None
    j = k + 1
    if k == i and (run.trapped(k, "today_not_after", "outlet", "outlet_name") or k == 1 and run.trapped(0, "outlet")):
        return None
    if run.words[k] == "غد" and k == i and not run.has(k - 1, "corr") and run.prefix[k]:
        return None
    if run.get(k, "u"):  # «اليوم» is also «the day»
        if run.follows(j, "vague_after") or (run.space(j) and (run.has(j, "o") or run.has(j, "last") or run.has(j, "mod"))):
            return None
    if run.follows(j, "vague_after") and run.space(j) | (j >= run.n):
        return None
    weekday, said = None, None
    if run.has(j, "dayof") and run.has(j + 1, "wd") and run.space(j + 1):
        j += 1
    if run.has(j, "wd") and run.gap(j) in _OPEN and not run.prefix[j]:
        weekday, j = run.roles[j]["wd"], j + 1
    m = j
    if run.has(m, "corr") and run.gap(m) in _OPEN:
        m = of(run, m + 1)
    if m < run.n and (run.gap(m) in _OPEN or m > j) and not run.prefix[m].startswith("و"):
        if found := calendar_date(run, m, cued=True):
            said, j = found[0], found[1]
    return Today(offset, weekday, said), j


def weekday(run: Run, i: int) -> Found | None:
    """«الخميس», «يوم الأربعاء الماضي», «الاثنين 18 شباط», «يومي الثلاثاء والأربعاء», «خميس الأسبوع المقبل»."""
    k, marked = i, False
    while run.has(k, "noon") and run.space(k + 1):
        k, marked = k + 1, True
    this = run.has(k, "this") and run.space(k + 1)
    k += this
    plural = run.get(k, "uc") == "day"
    if (run.has(k, "dayof") or plural) and run.space(k + 1):
        k, marked = k + 1, True
    value = run.get(k, "wd")
    if value is None:
        return _bare_weekday(run, k)
    if run.trapped(k, "weekday_not_after", "every") and not (marked and not run.trapped(i, "every")):
        return None
    j = k + 1
    if run.follows(j, "weekday_not_before"):
        return None
    days = [value]
    while run.has(j, "wd") and (run.prefix[j] == "و" and plural or marked and run.space(j) and not run.prefix[j] and not plural
                                or run.gap(j) in {"-", "/", "–"}):
        days.append(run.roles[j]["wd"])
        j += 1
    week = None
    flag = "current" if this else None
    if plural and len(days) == 1 and run.words[k - 1].endswith("ايام"):
        return None  # «أيام الجمعة»: every week
    if run.has(j, "dei") and run.gap(j) in _OPEN and not run.has(j, "u"):
        return Today(run.roles[j]["dei"], value), j + 1
    if pointer := modifier(run, j):
        if not isinstance(pointer[0], str):
            return Weekday(value, None, Shift("week", pointer[0])), pointer[1]
        if pointer[0] == "same":
            return Shift("day", 0, True, True), pointer[1]
        flag, j = pointer
        if run.has(j, "corr") and (said := calendar_date(run, of(run, j + 1), cued=True)):
            return weekday_of(said[0], value), said[1]
    elif (nth := _ordinal_after(run, j)) and (target := period(run, of(run, nth[1]))) and len(days) == 1 and _is_month(target[0]):
        if nth[0] <= 5:
            return Nth(nth[0], target[0], weekday=value), target[1]
    elif found := pointed(run, of(run, j), "week"):
        week, j = found
    else:
        m = j
        if run.has(m, "corr"):
            m = of(run, m + 1)
        elif run.has(m, "in") and run.words[m] in {"في", "فى"} and run.space(m):
            m += 1
        if run.has(m, "dayof") and not run.prefix[m]:
            m += 1
        if m < run.n and (run.gap(m) in _OPEN or m > j) and not run.prefix[m].startswith("و"):
            if found2 := calendar_date(run, m, cued=True):
                return weekday_of(found2[0], days[0]), found2[1]
            if shared := _shared_month(run, j, value):
                return shared
            numbered = small(run, m)
            if m == j and numbered and numbered[2] and 5 < numbered[0] <= 31 and run.space(m):
                return Date(None, None, numbered[0], value), numbered[1]
    first = Weekday(days[0], flag, week)  # type: ignore[arg-type]
    if len(days) > 1:
        return Range(first, Weekday(days[-1], flag, week)), j  # type: ignore[arg-type]
    return first, j


def _shared_month(run: Run, j: int, value: int) -> Found | None:
    """«الثلاثاء 18 والخميس 20 يونيو»: the first day has the month of the second."""
    if not (run.has(j, "d") and run.roles[j]["dl"] <= 2 and run.space(j)):
        return None
    k = j + 1 + run.has(j + 1, "and") + run.has(j + 1, "to")
    if run.has(k, "wd") and (found := calendar_date(run, k + 1)) and (day := with_day(found[0], run.roles[j]["d"])):
        return weekday_of(day, value), j + 1
    return None


def _bare_weekday(run: Run, k: int) -> Found | None:
    value = run.get(k, "wb")
    if value is None or run.trapped(k, "every"):
        return None
    if (found := pointed(run, of(run, k + 1), "week")) and run.space(k + 1):
        return Weekday(value, None, found[0]), found[1]
    return None


def _is_month(expr: Expr) -> bool:
    return isinstance(expr, Date) or isinstance(expr, Fixed) and expr.precision == "month" or isinstance(expr, Shift) and expr.unit == "month"


def _ordinal_after(run: Run, j: int) -> tuple[int, int] | None:
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
    return isinstance(expr, Range) or isinstance(expr, Date) and expr.day is not None or isinstance(expr, Fixed) and expr.precision == "day"


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
        if last and len(values) > 1 and all(b == a + 1 for a, b in zip(values, values[1:], strict=False)):
            return Range(whole, last), j
    return whole, found[2]


def unit_phrase(run: Run, i: int) -> Found | None:
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
    if name not in {"quarter", "half"} and (found := pointed(run, i, name)):
        expr, j = found
        if name == "week" and (day := _weekday_after(run, j)):
            return Weekday(day[0], None, expr), day[1]
        if name == "day" and isinstance(expr, Shift) and not expr.anaphoric:
            return Today(expr.count), j
        return expr, j
    if k > i:
        return None
    if found := plain_year(run, i):
        return found
    if definite and (window := _window(run, i, name, form)):
        return window
    return (_counted_unit(run, i) or century(run, i)) if definite or name == "half" else None


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
    if run.space(j) and (ordinal and ordinal[0] == 1 or run.has(j, "last")) and name in {"day", "week", "month", "year"}:
        target = target_of(run, j + 1)
        if not target:
            scale = _YEARS.get(name)  # «السنوات الخمس الأخيرة»
            return (Window("year" if scale else name, count * (scale or 1), -1), j + 1) if run.has(j, "last") else None  # type: ignore[arg-type]
        first, last = (1, count) if ordinal and ordinal[0] == 1 else (-count, -1)
        return Range(Nth(first, target[0], name), Nth(last, target[0], name)), target[1]  # type: ignore[arg-type]
    pointer = modifier(run, j)
    if not pointer or pointer[0] not in {"past", "future", "next"}:
        return None
    sign = -1 if pointer[0] == "past" else 1
    if name in _YEARS:
        return Window("year", count * _YEARS[name], sign), pointer[1]
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
    scale = _YEARS.get(unit[0])
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
    nth = _ordinal_after(run, i + 1)
    if not nth:
        return None
    n, j = nth
    if not 0 <= abs(n) <= (31 if unit[0] == "day" else 12 if unit[0] == "month" else 5):
        return None
    target = target_of(run, j) if run.space(j) else None
    if not target or unit[0] in _YEARS:
        return None
    return _count(n, unit[0], target)


def _count(n: int, name: str, target: Found) -> Found | None:
    expr, j = target
    if name == "day" and n > 0 and isinstance(expr, Date | Fixed) and _is_month(expr):
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
        return Fixed(date(100 * n - 99, 1, 1), date(100 * n, 12, 31), "multi-year"), found[1]
    return None


def decade(run: Run, i: int) -> Found | None:
    """«التسعينيات», «ثمانينيات القرن الماضي», «سبعينات القرن العشرين»."""
    value = run.get(i, "dec")
    if value is None or run.trapped(i, "age"):
        return None
    j, base = i + 1, None
    k = of(run, j)
    if run.follows(k, "age"):
        return None
    if run.space(j) and (pointer := pointed(run, k, "century")) and isinstance(pointer[0], Shift):
        base, j = (1900 if pointer[0].count < 0 else 2000), pointer[1]
    elif run.space(j) and (found := century(run, k)) and isinstance(found[0], Fixed):
        base, j = found[0].start.year - 1, found[1]
    elif not run.words[i].lstrip("وفبلك").startswith(("ال", "ل")):
        return None
    if base is None:
        base = 2000 if value <= 20 else 1900
    start = base + value
    return Fixed(date(start, 1, 1), date(start + 9, 12, 31), "multi-year"), j


def season(run: Run, i: int) -> Found | None:
    """«خريف 2023», «صيف العام الماضي», «الشتاء المقبل», «هذا الصيف»."""
    if run.has(i, "this") and run.has(i + 1, "season") and run.space(i + 1) and run.words[i + 1].startswith("ال"):
        return Season(run.roles[i + 1]["season"], None, "current"), i + 2
    value = run.get(i, "season")
    if value is None or not run.space(i + 1):
        return None
    if run.words[i].lstrip("وفبلك").startswith(("ال", "ل")) or run.words[i].startswith("لل"):
        pointer = modifier(run, i + 1)
        if pointer and isinstance(pointer[0], str):
            return Season(value, None, pointer[0]), pointer[1]
        when = year(run, of(run, i + 1))
        return (Season(value, when[0]), when[2]) if when and of(run, i + 1) > i + 1 else None
    found = year(run, i + 1)
    return (Season(value, found[0]), found[2]) if found else None


def part(run: Run, i: int) -> Found | None:
    """«مطلع الشهر المقبل», «أواخر عام 2011», «منتصف أكتوبر», «نهاية الأسبوع», «النصف الثاني من إبريل»."""
    found = run.get(i, "part")
    if not found or not run.space(i + 1):
        return None
    name, weak = found
    if name in {"first_half", "second_half"}:
        return _counted_unit(run, i)
    k = of(run, i + 1)
    target = period(run, k)
    if not target and run.has(k, "season") and not weak and run.words[k].startswith("ال"):
        target = Season(run.roles[k]["season"]), k + 1
    if target:
        if weak and not _is_month(target[0]) and name != "middle":
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
    if unit == ("day", "many", False) and n > 0 and (kept := feast(run, k + 1)) and isinstance(kept[0], Feast):
        return After("day", n - 1, kept[0]), kept[1]
    target = target_of(run, k + 1) if run.space(k + 1) else None
    if value is not None:
        return (Nth(n, target[0], weekday=value), target[1]) if target and abs(n) <= 5 else None
    if unit and unit[1] == "one" and not unit[2] and target and unit[0] in {"day", "week", "month", "quarter"}:
        return _count(n, unit[0], target)
    return None


def amount(run: Run, i: int) -> tuple[str, int, int] | None:
    """«ثلاثة أيام», «24 عاما», «يومين», «ربع قرن», «عام»: (unit, count, next); decades and centuries as years."""
    i += run.has(i, "approx")
    fraction = run.get(i, "frac")
    if fraction and run.space(i + 1) and (unit := run.get(i + 1, "u")) and unit[1] == "one" and not unit[2]:
        size = {"century": ("year", 100), "decade": ("year", 10), "year": ("month", 12)}.get(unit[0])
        return (size[0], round(fraction * size[1]), i + 2) if size else None
    unit, count, j = run.get(i, "u"), 1, i + 1
    if unit is None:
        found = number(run, i)
        if not found or not run.space(found[1]) or run.has(i, "o"):
            return None
        count, j = found
        unit = run.get(j, "u")
        if not unit or unit[2] or unit[1] == "dual":
            return None
        j += 1
    elif unit[2] or unit[1] == "many":
        return None
    elif unit[1] == "dual":
        count = 2
    elif run.get(j, "n") == 1 and run.space(j):
        j += 1
    elif number(run, j) or run.has(j, "wd") or run.has(j, "m"):
        return None
    if unit[0] in {"quarter", "half"} or not 0 < count < 3000:
        return None
    if k := _half_more(run, j):
        if unit[0] == "year":
            return "month", 12 * count + 6, k
        return None
    if unit[0] in _YEARS:
        return "year", count * _YEARS[unit[0]], j
    return unit[0], count, j


def _half_more(run: Run, j: int) -> int:
    """Past «ونصف», «ونصف العام»."""
    return j + 1 if run.has(j, "frac") and run.prefix[j] == "و" else 0


def duration(run: Run, i: int) -> tuple[Expr, int, str] | None:
    """«قبل ثلاثة أيام», «منذ أسبوعين», «بعد تسعة أشهر»: (expression, next, which preposition)."""
    roles = run.roles[i]
    if ("afterthat" in roles or "beforethat" in roles) and run.space(i + 1) and run.prefix[i + 1 : i + 2] == ["ب"]:
        found = amount(run, i + 1)
        sign = 1 if "afterthat" in roles else -1
        return (After(found[0], sign * found[1]), found[2], "that") if found else None  # type: ignore[arg-type]
    kind = "since" if "since" in roles else "ago" if "before" in roles else "after" if "after" in roles else None
    if not kind or not run.space(i + 1):
        return None
    found = amount(run, i + 1 + run.has(i + 1, "passing"))
    if not found:
        return None
    unit, count, j = found
    if modifier(run, j) or run.has(j, "and"):
        return None
    if kind == "after":
        return After(unit, count), j, kind  # type: ignore[arg-type]
    return Shift(unit, -count), j, kind  # type: ignore[arg-type]


def feast(run: Run, i: int) -> Found | None:
    """«عيد الفطر 2024», «عيد الأضحى الماضي», «رأس السنة الهجرية 1446», «الحرب الباردة»."""
    bounds = run.get(i, "period")
    if bounds:
        return Fixed(date.fromisoformat(bounds[0]), date.fromisoformat(bounds[1]), "multi-year"), i + 1
    key = run.get(i, "feast")
    if not key:
        return None
    if key == "christmas" and (small(run, i + 1) or run.words[i + 1 : i + 2] == ["ال"]):
        return None
    if found := year(run, i + 1):
        value = found[0]
        return Feast(key, value), found[2]
    pointer = modifier(run, i + 1)
    if pointer and isinstance(pointer[0], str):
        return Feast(key, None, pointer[0]), pointer[1]
    return Feast(key), i + 1


def anniversary(run: Run, i: int) -> tuple[int, int] | None:
    """«الذكرى السنوية الـ80», «الذكرى الخامسة والسبعين»: (years, next)."""
    if not run.has(i, "anniv"):
        return None
    j = i + 1
    while run.has(j, "filler") and run.space(j):
        j += 1
    found = number(run, j) if run.has(j, "d") else small(run, j)
    if found and run.has(j, "d") and (j == i + 1 or month(run, found[1])):
        return None  # «ذكرى 11 سبتمبر»
    if not found or not found[0] or found[0] > 500:
        return None
    return found[0], found[1]


def shown_month(run: Run, i: int) -> bool:
    """Whether a month name stands at i (with «شهر» or without)."""
    return month(run, i) is not None


__all__ = ["shifted"]
