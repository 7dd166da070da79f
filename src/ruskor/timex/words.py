"""The date words of `data/timex/*.yaml` as one look-up table: folded word → what it can be.

Proclitics (و ف ب ل ك, and the article fused with them: بال كال لل) are undone when the table is built, so that finding costs one
dict look-up a token.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ruskor.arabic import fold_key
from ruskor.lexicon import compiled, data_files, load_yaml

# word → (prefix, letters of the prefix outside the word, roles)
Roles = dict[str, Any]
Entry = tuple[str, Roles]

_BARE = ("", "و", "ف", "ب", "ل", "ك", "وب", "ول", "وك", "فب", "فل")
_FUSED = (("لل", "ل"), ("ولل", "ول"), ("فلل", "فل"))

TRAPS = (
    "weekday_not_after", "date_not_after", "month_not_after", "adjective_after", "not_year_after", "age", "counted",
    "weekday_not_before", "month_not_before", "lasting", "duration", "vague_after", "now_verbs", "still", "every",
    "outlet", "outlet_name", "today_not_after", "year_not_before",
)  # fmt: skip
_NO_ARTICLE = {"today_not_after"}  # «عالم اليوم» is no date, «العالم اليوم» is
TRAP = {name: 1 << k for k, name in enumerate(TRAPS)}


@dataclass(frozen=True, slots=True)
class Words:
    """`table`: word → (prefix, roles); `core`: the words that make a date; `starters`: those a run may begin with; `traps`: word → bits of TRAP."""

    table: dict[str, Entry]
    core: frozenset[str]
    starters: frozenset[str]
    traps: dict[str, int]
    feasts: dict[str, dict[str, Any]]


def prefixed(word: str) -> list[tuple[str, str]]:
    """(surface, prefix) of a word with every proclitic: «الشهر» → «بالشهر», «للشهر» …"""
    forms = [(p + word, p) for p in _BARE]
    if word.startswith("ال") and len(word) > 3:
        forms += [(fused + word[2:], p) for fused, p in _FUSED]
    return forms


class _Builder:
    def __init__(self) -> None:
        self.direct: dict[str, Roles] = {}
        self.phrases: dict[str, dict[tuple[str, ...], Roles]] = {}

    def add(self, text: str, role: str, value: Any) -> None:
        parts = fold_key(str(text)).split()
        if len(parts) == 1:
            self.direct.setdefault(parts[0], {}).setdefault(role, value)
        else:
            self.direct.setdefault(parts[0], {})
            self.phrases.setdefault(parts[0], {}).setdefault(tuple(parts[1:]), {}).setdefault(role, value)
            for part in parts[1:]:
                self.direct.setdefault(part, {}).setdefault("x", 1)

    def table(self) -> dict[str, Entry]:
        for first, found in self.phrases.items():
            self.direct[first]["ph"] = sorted(found.items(), key=lambda item: -len(item[0]))
        table: dict[str, Entry] = {word: ("", roles) for word, roles in self.direct.items()}
        for word, roles in self.direct.items():
            if roles.keys() <= {"x"} or len(word) < 2:
                continue
            for surface, prefix in prefixed(word):
                table.setdefault(surface, (prefix, roles))
        return table


_SIMPLE = {  # role of the word class in words.yaml
    "ago": "ago", "since": "since", "after": "after", "before": "before", "of": "of", "to": "to", "between": "between", "and": "and", "or": "or",
    "corresponding": "corr", "approx": "approx", "more_or_less": "more", "noon": "noon", "event_after": "event", "this": "this",
    "that": "that", "same_before": "samebefore", "era_hijri": "hij", "era_gregorian": "greg", "same_day": "sameday",
    "relative_pronoun": "rel", "anniversary": "anniv", "anniversary_filler": "filler", "the_day_after": "dayafter",
    "the_day_before": "daybefore", "within": "within", "in": "in", "day_of": "dayof", "article": "al",
    "after_that": "afterthat", "before_that": "beforethat", "passing": "passing", "what": "what", "at": "at", "deictic_cued": "cued", "month_word": "mw",
}  # fmt: skip
_CORE = {"m", "wd", "wb", "u", "uc", "dei", "season", "dec", "feast", "period", "sameday", "anniv", "dayafter", "daybefore", "shift0", "ana"}


def _build(paths: list[Path]) -> tuple[Any, ...]:
    data = {path.stem: load_yaml(path) for path in paths}
    words, numbers, units = data["words"], data["numbers"], data["units"]
    b = _Builder()
    months = data["months"]
    for calendar, names in (("g", months["gregorian"]), ("h", months["hijri"])):
        for number, spellings in names.items():
            for name in spellings:
                level = 2 if name in months["names"] else 1 if name in months["ambiguous"] else 0
                if calendar == "h" and " " not in name and not level:
                    level = 1
                b.add(name, "m", (number, calendar, level))
                if name in months["raw"]:
                    b.add(name, "raw", name)
    for number, spellings in data["weekdays"]["definite"].items():
        for name in spellings:
            b.add(name, "wd", number)
            b.add("ه" + name, "wd", number)
    for number, spellings in data["weekdays"]["bare"].items():
        for name in spellings:
            b.add(name, "wb", number)
    for unit in ("day", "week", "month", "year", "decade", "century", "quarter", "half"):
        for form, spellings in units[unit].items():
            for name in spellings:
                b.add(name, "u", (unit, form, False))
                b.add("ال" + name, "u", (unit, form, True))
                if form == "one":
                    b.add("هال" + name, "shift0", unit)
    for unit, spellings in units["construct"].items():
        for name in spellings:
            b.add(name, "uc", unit)
            if unit in {"month", "year"}:
                b.add("ال" + name, "uc", unit)
    for unit in ("month", "year"):
        for name in units[unit]["dual"]:
            b.add("ال" + name, "uc", unit)
    _numbers(b, numbers)
    for flag, spellings in words["modifier"].items():
        for name in spellings:
            b.add(name, "mod", flag)
    for offset, spellings in (*words["deictic"].items(), *words["deictic_phrase"].items()):
        for name in spellings:
            b.add(name, "dei", offset)
    for part, spellings in words["part"].items():
        for name in spellings:
            b.add(name, "part", (part, name in words["weak_part"]))
    for season, spellings in words["season"].items():
        for name in spellings:
            b.add(name, "season", (season, name.startswith("ال")))
    for decade, spellings in words["decade"].items():
        for name in spellings:
            b.add(name, "dec", (decade, name.startswith("ال")))
    for key, role in _SIMPLE.items():
        for name in words.get(key, months.get(key, ())):
            b.add(name, role, 1)
    for name, unit in words["anaphor"].items():
        b.add(name, "ana", unit)
    for name in words["year_after"]:
        b.add(name, "yprep", 1)
    for name in (*words["from"], *words["between"]):
        b.add(name, "from", 1)
    feasts = {}
    for feast in data["feasts"]:
        feasts[feast["key"]] = {k: v for k, v in feast.items() if k != "names"}
        for name in feast["names"]:
            b.add(name, "feast", feast["key"])
    for period in data["periods"]:
        for name in period["names"]:
            b.add(name, "period", (period["start"].isoformat(), period["end"].isoformat()))
    table = b.table()
    # «باب» is no «ب» + «آب», «واحد» no «و» + «أحد»: a prefix on a word of two letters is too little to go by.
    table = {w: e for w, e in table.items() if not (e[0] and len(w) - len(e[0]) <= 2 and "m" in e[1])}
    core = {w for w, (_, roles) in table.items() if roles.keys() & _CORE or any(r.keys() & _CORE for _, r in roles.get("ph", ()))}
    core |= {w for w, (_, roles) in table.items() if roles.get("mod") == "current" and len(w) > 3}
    core |= {str(n) for n in range(1000, 2200)} | {f"{n:0{w}}" for w in (1, 2) for n in range(1, 32)}
    traps: dict[str, int] = {}
    for name in TRAPS:
        for word in data["traps"].get(name, words.get(name, ())):
            key = fold_key(word)
            for stem in {key} if key.startswith("ال") or name in _NO_ARTICLE else {key, "ال" + key}:
                for surface, _ in prefixed(stem):
                    traps[surface] = traps.get(surface, 0) | TRAP[name]
    return {w: (p, dict(r)) for w, (p, r) in table.items()}, sorted(core), traps, feasts


def _numbers(b: _Builder, numbers: Any) -> None:
    for value, spellings in numbers["cardinal"].items():
        for name in spellings:
            b.add(name, "n", value)
            b.add("ال" + name, "n", value)
    for name in numbers["one_before_ten"]:
        b.add(name, "n1", 1)
        b.add("ال" + name, "n1", 1)
    for value, spellings in numbers["ordinal"].items():
        for name in spellings:
            feminine = name in numbers["feminine"]
            b.add(name, "o", (value, False, feminine))
            b.add("ال" + name, "o", (value, True, feminine))
    for name in numbers["last"]:
        b.add(name, "last", name.startswith("ال"))
    for value, spellings in numbers["fraction"].items():
        for name in spellings:
            b.add(name, "frac", value)


@cache
def words() -> Words:
    """The table, compiled once and cached."""
    paths = data_files("timex/*.yaml")
    table, core, traps, feasts = compiled("timex", _build, paths, salt="12")
    starters = frozenset(word for word, (_, roles) in table.items() if roles.keys() - {"x"})
    return Words(table, frozenset(core), starters, traps, feasts)
