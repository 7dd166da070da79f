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
    "outlet", "outlet_name", "today_not_after", "year_not_before", "year_noun",
)  # fmt: skip
_NO_ARTICLE = {"today_not_after"}  # «عالم اليوم» is no date, «العالم اليوم» is
_SHORTEST = 2  # letters of a word that no prefix is read off
TRAP = {name: 1 << k for k, name in enumerate(TRAPS)}


@dataclass(frozen=True, slots=True)
class Words:
    """The tables.

    `table`: word → (prefix, roles); `core`: words that make a date; `starters`: words a run may begin with; `joints`: words that it does
    not end with; `alone`: words that can be an expression by themselves; `traps`: word → bits of TRAP; `feasts`: their days by key.
    """

    table: dict[str, Entry]
    core: frozenset[str]
    starters: frozenset[str]
    joints: frozenset[str]
    alone: frozenset[str]
    traps: dict[str, int]
    feasts: dict[str, dict[str, Any]]


def prefixed(word: str) -> list[tuple[str, str]]:
    """(surface, prefix) of a word with every proclitic: «الشهر» → «بالشهر», «للشهر»."""
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

    def each(self, role: str, values: dict[Any, Any]) -> None:
        """The words of every value with a role."""
        for value, spellings in values.items():
            for text in spellings:
                self.add(text, role, value)

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
    "ago": "ago", "since": "since", "after": "after", "before": "before", "of": "of", "to": "to", "between": "between",
    "and": "and", "or": "or", "corresponding": "corr", "approx": "approx", "more_or_less": "more", "noon": "noon",
    "event_after": "event", "this": "this", "that": "that", "same_before": "samebefore", "era_hijri": "hij",
    "era_gregorian": "greg", "same_day": "sameday", "relative_pronoun": "rel", "anniversary": "anniv",
    "anniversary_filler": "filler", "the_day_after": "dayafter", "the_day_before": "daybefore", "within": "within", "in": "in",
    "day_of": "dayof", "article": "al", "after_that": "afterthat", "before_that": "beforethat", "passing": "passing",
    "what": "what", "at": "at", "deictic_cued": "cued", "year_after": "yprep", "now": "now", "era_before": "bc",
}  # fmt: skip
# Words that join others and end no expression, and words that may be one by themselves.
_JOINTS = {
    "x",
    "in",
    "at",
    "yprep",
    "from",
    "between",
    "to",
    "and",
    "or",
    "within",
    "since",
    "ago",
    "before",
    "after",
    "approx",
    "this",
    "ph",
}
_ALONE = {"m", "wd", "dei", "feast", "period", "sameday", "shift0", "dec", "dayafter", "daybefore"}
_CORE = {
    "m", "wd", "wb", "u", "uc", "dei", "season", "dec", "feast", "period", "sameday", "anniv", "dayafter", "daybefore", "shift0", "ana",
}  # fmt: skip


def _months(b: _Builder, months: Any) -> None:
    for calendar, names in (("g", months["gregorian"]), ("h", months["hijri"])):
        for number, spellings in names.items():
            for name in spellings:
                single = calendar == "h" and " " not in name
                level = 2 if name in months["names"] else int(single or name in months["ambiguous"])
                b.add(name, "m", (number, calendar, level))
    for name in months["raw"]:
        b.add(name, "raw", name)
    for name in months["month_word"]:
        b.add(name, "mw", 1)


def _weekdays(b: _Builder, weekdays: Any) -> None:
    b.each("wd", weekdays["definite"])
    b.each("wb", weekdays["bare"])
    for number, spellings in weekdays["definite"].items():
        for name in spellings:
            b.add("ه" + name, "wd", number)


def _units(b: _Builder, units: Any) -> None:
    for unit in ("day", "week", "month", "year", "decade", "century", "quarter", "half"):
        for form, spellings in units[unit].items():
            for name in spellings:
                b.add(name, "u", (unit, form, False))
                b.add("ال" + name, "u", (unit, form, True))
        for name in units[unit]["one"]:
            b.add("هال" + name, "shift0", unit)
    for unit, spellings in units["construct"].items():
        b.each("uc", {unit: spellings})
    for unit in ("month", "year"):
        for name in (*units["construct"][unit], *units[unit]["dual"]):
            b.add("ال" + name, "uc", unit)


def _numbers(b: _Builder, numbers: Any) -> None:
    for role, table in (("n", numbers["cardinal"]), ("n1", {1: numbers["one_before_ten"]})):
        for value, spellings in table.items():
            for name in spellings:
                b.add(name, role, value)
                b.add("ال" + name, role, value)
    for value, spellings in numbers["ordinal"].items():
        for name in spellings:
            feminine = name in numbers["feminine"]
            b.add(name, "o", (value, False, feminine))
            b.add("ال" + name, "o", (value, True, feminine))
    for name in numbers["last"]:
        b.add(name, "last", name.startswith("ال"))
    b.each("frac", numbers["fraction"])


def _words(b: _Builder, words: Any) -> None:
    b.each("mod", words["modifier"])
    b.each("dei", words["deictic"])
    b.each("dei", words["deictic_phrase"])
    for key, role in (("season", "season"), ("decade", "dec")):
        for value, spellings in words[key].items():
            for name in spellings:
                b.add(name, role, (value, name.startswith("ال")))
    for part, spellings in words["part"].items():
        for name in spellings:
            b.add(name, "part", (part, name in words["weak_part"]))
    for key, role in _SIMPLE.items():
        b.each(role, {1: words[key]})
    for name, unit in words["anaphor"].items():
        b.add(name, "ana", unit)
    b.each("from", {1: [*words["from"], *words["between"]]})


def _named(b: _Builder, feasts: Any, periods: Any) -> dict[str, dict[str, Any]]:
    for feast in feasts:
        b.each("feast", {feast["key"]: feast["names"]})
    for period in periods:
        b.each("period", {(period["start"].isoformat(), period["end"].isoformat()): period["names"]})
    return {feast["key"]: {k: v for k, v in feast.items() if k != "names"} for feast in feasts}


def _traps(lists: Any, words: Any) -> dict[str, int]:
    traps: dict[str, int] = {}
    for name in TRAPS:
        for word in lists.get(name, words.get(name, ())):
            key = fold_key(word)
            for stem in {key} if key.startswith("ال") or name in _NO_ARTICLE else {key, "ال" + key}:
                # «بين» is no «ب» + «ين» (yen), «وطن» no «و» + «طن»
                for surface in {stem} if len(stem) <= _SHORTEST else {surface for surface, _ in prefixed(stem)}:
                    traps[surface] = traps.get(surface, 0) | TRAP[name]
    return traps


def _core(table: dict[str, Entry]) -> set[str]:
    core = {w for w, (_, roles) in table.items() if roles.keys() & _CORE or any(r.keys() & _CORE for _, r in roles.get("ph", ()))}
    core |= {w for w, (_, roles) in table.items() if roles.get("mod") == "current" and len(w) > 3}
    return core | {str(n) for n in range(1000, 2200)} | {f"{n:0{w}}" for w in (1, 2) for n in range(1, 32)}


def _build(paths: list[Path]) -> tuple[Any, ...]:
    data = {path.stem: load_yaml(path) for path in paths}
    b = _Builder()
    _months(b, data["months"])
    _weekdays(b, data["weekdays"])
    _units(b, data["units"])
    _numbers(b, data["numbers"])
    _words(b, data["words"])
    feasts = _named(b, data["feasts"], data["periods"])
    # «باب» is no «ب» + «آب»: a prefix on a word of two letters is too little to go by.
    table = {w: e for w, e in b.table().items() if not (e[0] and len(w) - len(e[0]) <= _SHORTEST and "m" in e[1])}
    return {w: (p, dict(r)) for w, (p, r) in table.items()}, sorted(_core(table)), _traps(data["traps"], data["words"]), feasts


@cache
def words() -> Words:
    """The table, compiled once and cached."""
    paths = data_files("timex/*.yaml")
    table, core, traps, feasts = compiled("timex", _build, paths, salt="16")
    return Words(
        table=table,
        core=frozenset(core),
        starters=frozenset(word for word, (_, roles) in table.items() if roles.keys() - {"x"}),
        joints=frozenset(word for word, (_, roles) in table.items() if roles.keys() <= _JOINTS and roles.keys() - {"x"}),
        alone=frozenset(word for word, (_, roles) in table.items() if roles.keys() & _ALONE) | {str(n) for n in range(1000, 2200)},
        traps=traps,
        feasts=feasts,
    )
