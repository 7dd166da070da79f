"""Numbers in figures and words: «الخامس والعشرين», «أحد عشر», «ألفين وثلاثة وعشرين», «خمس وأربعين وتسعمئة وألف»."""

from __future__ import annotations

from ruskor.timex.run import Run

Found = tuple[int, int]  # value, next lexeme


def _joined(run: Run, i: int) -> int:
    """The lexeme that «و» joins at i: i itself if it carries the letter, i+1 if the letter stands alone, else -1."""
    if i < run.n and run.prefix[i].startswith("و") and run.space(i):
        return i
    return i + 1 if run.has(i, "and") and run.space(i) and run.space(i + 1) else -1


def small(run: Run, i: int) -> tuple[int, int, bool] | None:
    """A number below a hundred in words: (value, next, whether it is an ordinal)."""
    roles = run.roles[i] if i < run.n else {}
    ordinal = "o" in roles or ("n1" in roles and run.words[i].startswith("ال"))
    if "o" in roles:
        unit = roles["o"][0]
    elif "n1" in roles:
        unit = 1
    elif "n" in roles and roles["n"] < 100:
        unit = roles["n"]
    else:
        return None
    if unit < 10:
        if run.space(i + 1) and run.get(i + 1, "n") == 10 and not run.prefix[i + 1]:
            return unit + 10, i + 2, ordinal
        k = _joined(run, i + 1)
        tens = run.get(k, "n") if k > 0 else None
        if tens and 20 <= tens < 100:
            return unit + tens, k + 1, ordinal
    if "n1" in roles and "n" not in roles and not ordinal:
        return None
    return unit, i + 1, ordinal


def _component(run: Run, i: int) -> tuple[int, int, str] | None:  # noqa: PLR0911 - a rule tries its readings in turn
    if i >= run.n:
        return None
    value = run.roles[i].get("n")
    if value is not None and value >= 1000:
        return value, i + 1, "thousand"
    if value is not None and value >= 100:
        return value, i + 1, "hundred"
    found = small(run, i)
    if not found:
        return None
    value, j, _ = found
    following = run.get(j, "n") if run.space(j) and not run.prefix[j] else None
    if following == 100 and value < 10:
        return value * 100, j + 1, "hundred"
    if following == 1000 and value > 2:
        return value * 1000, j + 1, "thousand"
    return value, j, "small"


def number(run: Run, i: int) -> Found | None:
    """A number in figures or words: (value, next lexeme)."""
    figure = run.get(i, "d")
    if figure is not None:
        if run.space(i + 1) and run.get(i + 1, "n") == 1000 and not run.prefix[i + 1]:
            return figure * 1000, i + 2
        return figure, i + 1
    found = _component(run, i)
    if not found:
        return None
    total, j, kind = found
    kinds = {kind}
    while (k := _joined(run, j)) > 0:
        more = _component(run, k)
        if not more or more[2] in kinds:
            break
        total, j = total + more[0], more[1]
        kinds.add(more[2])
    return total, j


def day_number(run: Run, i: int) -> Found | None:
    """A day of a month, 1 … 31: figures, an ordinal or a number word."""
    roles = run.roles[i] if i < run.n else {}
    if "d" in roles:
        return (roles["d"], i + 1) if 1 <= roles["d"] <= 31 and roles["dl"] <= 2 else None
    found = small(run, i)
    if found and found[2] and found[1] == i + 1 and roles.get("o", (0, 0, False))[2]:
        return None  # days are masculine: «الثالثة» is an hour or a round
    if found and not found[2] and found[0] < 20 and run.words[i].startswith("ال"):
        return None  # «الأشهر الثلاثة من أبريل إلى يونيو»
    return (found[0], found[1]) if found and 1 <= found[0] <= 31 else None
