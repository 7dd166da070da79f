"""Grammar of relative dates: days counted from today, weekdays, durations, feasts, anniversaries."""

from __future__ import annotations

from datetime import date

from ruskor.timex.dates import calendar_date, modifier, month, of, pointed, weekday_of, with_day, year
from ruskor.timex.expr import After, Date, Expr, Feast, Fixed, Flag, Nth, Range, Shift, Today, Weekday
from ruskor.timex.numbers import number, small
from ruskor.timex.periods import YEARS, Found, is_month, ordinal_after, period
from ruskor.timex.run import Run

OPEN = {"", "(", "،", ",", "-", "–", "«", "/", ":"}


def today(run: Run, i: int) -> Found | None:  # noqa: C901, PLR0911, PLR0912 - a rule tries its readings in turn
    """«اليوم», «أمس الأربعاء», «يوم غد», «اليوم الثلاثاء 16 يناير 2024», «اليوم الخميس (27 تموز)»."""
    k = i
    while run.has(k, "noon") and run.space(k + 1):
        k += 1
    if run.get(k, "u") == ("day", "one", False) or (run.has(k, "dei") and run.has(k, "u")):
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
    if k == i and (run.trapped(k, "today_not_after", "outlet", "outlet_name") or (k == 1 and run.trapped(0, "outlet"))):
        return None
    if run.has(k, "cued") and k == i and not (run.prefix[k].strip("وف") or run.has(i - 1, "in")):
        return None  # «الغد» alone is the future, «الأمس» the past
    # «اليوم» is also «the day»: «اليوم الثالث», «اليوم التالي», «اليوم الذي».
    if run.has(k, "u") and run.space(j) and run.roles[j].keys() & {"o", "last", "mod", "rel"} and not run.has(j, "to"):
        return None
    if run.follows(j, "vague_after") and (run.space(j) or j >= run.n):
        return None
    weekday, said = None, None
    if run.has(j, "dayof") and run.has(j + 1, "wd") and run.space(j + 1):
        j += 1
    if run.has(j, "wd") and run.gap(j) in OPEN and not run.prefix[j]:
        weekday, j = run.roles[j]["wd"], j + 1
    m = j
    if run.has(m, "corr") and run.gap(m) in OPEN:
        m = of(run, m + 1)
    near = m < run.n and (run.gap(m) in OPEN or m > j) and not run.prefix[m].startswith("و")
    if near and (found := calendar_date(run, m, cued=True)):
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
    if run.follows(j, "weekday_not_before") or (run.get(j, "n") == 10 and run.space(j) and not run.prefix[j]):
        return None  # «الأحد عشر» is a number
    days, j = _weekday_list(run, value, j, marked=marked, plural=plural)
    if plural and len(days) == 1 and run.has(k - 1, "u"):
        return None  # «أيام الجمعة»: every week
    return _with_weekday(run, days, j, "current" if this else None)


def _weekday_list(run: Run, value: int, j: int, *, marked: bool, plural: bool) -> tuple[list[int], int]:
    """«الثلاثاء والأربعاء» after «يومي», the night «السبت الأحد»."""
    days = [value]
    while run.has(j, "wd"):
        listed = plural and run.prefix[j] == "و"
        listed = listed or (run.prefix[j] == "و" and run.has(j + 1, "mod") and run.words[j + 1].endswith("ين"))
        night = marked and not plural and run.space(j) and not run.prefix[j]
        if not (listed or night or run.gap(j) in {"-", "/", "–"}):
            break
        days.append(run.roles[j]["wd"])
        j += 1
    return days, j


def _with_weekday(run: Run, days: list[int], j: int, flag: Flag | None) -> Found | None:  # noqa: PLR0911 - one return a reading
    """What follows a weekday: a modifier, its week, its place in a month, its date."""
    value, week = days[0], None
    if run.has(j, "dei") and run.gap(j) in OPEN and not run.has(j, "u"):
        return Today(run.roles[j]["dei"], value), j + 1
    pointer = modifier(run, j)
    if pointer:
        if not isinstance(pointer[0], str):
            return Weekday(value, None, Shift("week", pointer[0])), pointer[1]
        if pointer[0] == "same":
            return Shift("day", 0, anaphoric=True, strict=True), pointer[1]
        flag, j = pointer[0], pointer[1]
        if run.has(j, "corr") and (said := calendar_date(run, of(run, j + 1), cued=True)):
            return weekday_of(said[0], value), said[1]
    elif (nth := ordinal_after(run, j)) and (target := period(run, of(run, nth[1]))) and len(days) == 1 and is_month(target[0]):
        if nth[0] <= 5:
            return Nth(nth[0], target[0], weekday=value), target[1]
    elif found := pointed(run, of(run, j), "week"):
        week, j = found
    elif dated := _weekday_date(run, value, j):
        return dated
    first = Weekday(value, flag, week)
    return (Range(first, Weekday(days[-1], flag, week)) if len(days) > 1 else first), j


def _weekday_date(run: Run, value: int, j: int) -> Found | None:
    """«الاثنين 18 شباط», «الثلاثاء الموافق …», «الأحد في 29 تموز», «السبت السادس عشر»."""
    m = j
    if run.has(m, "corr"):
        m = of(run, m + 1)
    elif run.has(m, "at") and run.space(m):
        m += 1
    if run.has(m, "dayof") and not run.prefix[m]:
        m += 1
    if m >= run.n or (run.gap(m) not in OPEN and m == j) or run.prefix[m].startswith("و"):
        return None
    if found := calendar_date(run, m, cued=True):
        return weekday_of(found[0], value), found[1]
    if shared := _shared_month(run, j, value):
        return shared
    numbered = small(run, m)
    if m == j and numbered and numbered[2] and 5 < numbered[0] <= 31 and run.space(m):
        return Date(None, None, numbered[0], value), numbered[1]
    return None


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


def amount(run: Run, i: int) -> tuple[str, int, int] | None:  # noqa: C901, PLR0911 - a rule tries its readings in turn
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
    if unit[0] in YEARS:
        return "year", count * YEARS[unit[0]], j
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
    if modifier(run, j) or run.has(j, "and") or run.has(j, "bc"):
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
    if key == "christmas" and (small(run, i + 1) or run.has(i + 1, "al")):
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


def feast_day(run: Run, i: int) -> Found | None:
    """«أول أيام عيد الفطر», «ثاني أيام عيد الأضحى»."""
    ordinal = run.get(i, "o")
    if ordinal and run.space(i + 1) and run.get(i + 1, "u") == ("day", "many", False) and run.space(i + 2):
        kept = feast(run, i + 2)
        if kept and isinstance(kept[0], Feast):
            return After("day", ordinal[0] - 1, kept[0]), kept[1]
    return None
