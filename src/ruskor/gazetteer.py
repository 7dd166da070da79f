"""The gazetteers of `data/`, compiled to one trie over folded words.

A trie node is a dict from word to node; the key "" holds what ends there: a list of (kind, reference). Kinds:
`person` (a full name), `short` (a part of a name), `rare` (a short form that is also a common word), `place`, `org`,
`demonym` (reference: country), `office` (before a state's adjective), `office_of` (before a state's name; both: office key),
`title` (a fixed title; reference: "office|state"), `kin` (reference: relation), `office_his` (an office with the suffix of him
or her: «وزير خارجيته»; reference: "office|m" or "office|f"). A demonym that fits several states («الكوري») has them joined by "|".
"""

from __future__ import annotations

import gc
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from ruskor.arabic import fold_key
from ruskor.errors import DataError
from ruskor.lexicon import compiled, data_files, load_yaml
from ruskor.spelling import Spelling, spelling_from

Node = dict[str, Any]

# Raise when the build below changes what it makes, so that old caches are not read.
_BUILD = "26"


class Term(NamedTuple):
    """One term of office: ISO dates (possibly cut to year or month); `until` is null while it lasts."""

    office: str
    of: str
    since: str
    until: str | None


class Person(NamedTuple):
    """One known person."""

    name: str
    name_ar: str
    id: str | None
    country: str | None
    gender: str
    prominence: int
    short: tuple[str, ...]
    terms: tuple[Term, ...]
    kin: dict[str, str]
    active: tuple[int | None, int | None]


class Place(NamedTuple):
    """One known place; `inside` are the names of what contains it, innermost first."""

    name: str
    name_ar: str
    id: str | None
    kind: str
    country: str | None
    lat: float | None
    lon: float | None
    inside: tuple[str, ...]
    prominence: int
    ambiguous: bool


class Organization(NamedTuple):
    """One known organisation."""

    name: str
    name_ar: str
    id: str | None
    kind: str
    country: str | None
    acts_for: str | None


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Everything known by name, with the trie that finds it."""

    people: tuple[Person, ...]
    places: tuple[Place, ...]
    organizations: tuple[Organization, ...]
    offices: dict[str, tuple[str, str]]  # key → (level, English name)
    countries: dict[str, int]  # ISO code → place
    capitals: dict[str, str]  # capital's name → ISO code
    place_index: dict[str, int]
    person_index: dict[str, int]
    trie: Node
    variants: dict[str, tuple[str, ...]]
    skeletons: dict[str, tuple[str, ...]]
    deletes: dict[str, Collection[str]]  # a long known word without one letter → the words; "" → all of these words
    syllables: frozenset[str]  # short parts of Korean, Chinese and Vietnamese names
    spelling: Spelling
    famous: frozenset[int]  # people whom the press names without more ado
    leaders: frozenset[int]  # people who ever led a state
    holders: dict[tuple[str, str], tuple[tuple[str, str, int], ...]]  # (office, state) → (since, until, person)

    def state_of_place(self, name: str) -> str | None:
        """ISO code of the country that a country's or capital's name stands for, else null."""
        place = self.places[self.place_index[name]] if name in self.place_index else None
        if place is None:
            return None
        return place.country if place.kind == "country" else self.capitals.get(name)


def _words(text: str) -> list[str]:
    from ruskor.arabic import fold, tokenize

    return tokenize(fold(text)).words


def _insert(trie: Node, words: list[str], kind: str, reference: Any) -> None:
    node = trie
    for word in words:
        node = node.setdefault(word, {})
    payload = node.setdefault("", [])
    if (kind, reference) not in payload:
        payload.append((kind, reference))


def _joined(words: list[str]) -> list[list[str]]:
    """The name with neighbouring short parts written as one word, as Korean and Chinese names are."""
    if not 2 <= len(words) <= 4 or any(len(word) > 6 for word in words):
        return []
    out = [["".join(words)]]
    if len(words) > 2:
        out += [[*words[:k], words[k] + words[k + 1], *words[k + 2 :]] for k in range(len(words) - 1)]
    return out


def _adjective_forms(phrase: str) -> list[list[str]]:
    """Masculine, feminine, dual and plural forms of a nationality adjective of one or more words, with and without article."""
    words = _words(phrase)
    forms: list[list[str]] = []
    for endings in ("", "ه", "ين", "ون", "ان", "تان", "تين", "ات"):
        for article in ("", "ال"):
            forms.append([article + word + endings for word in words])
            if len(words) > 1 and article:
                # «الكوري الشمالي» has two articles, «كوري شمالي» none; «جنوب إفريقي» only one.
                forms.append([words[0] + endings, *[article + word + endings for word in words[1:]]])
    if len(words) > 1:
        forms.append([word + "ا" for word in words])  # «وفدا كوريا جنوبيا»; «روسيا» alone is the country
    return forms


def _with_suffix(words: list[str]) -> list[tuple[list[str], str]]:
    """An office before a state's name with the suffix of him and of her: «وزير خارجيته», «زعيمها»."""
    *rest, last = words
    stem = last[:-1] + "ت" if last.endswith("ه") else last
    stem = stem[:-1] + "ئ" if stem.endswith("ء") else stem
    return [([*rest, stem + suffix], gender) for suffix, gender in (("ه", "m"), ("ها", "f"))]


def _bare_city(words: list[str], own: int, cities: dict[str, int], nouns: frozenset[str], tails: frozenset[str]) -> bool:
    """Whether a venue's name is only a generic noun and a city's name: «مطار بيونغ يانغ الدولي» names the city."""
    if len(words) < 2 or words[0] not in nouns:
        return False
    rest = words[1:-1] if len(words) > 2 and words[-1] in tails else words[1:]
    return cities.get(" ".join(rest), own) != own


def _entries(pattern: str) -> list[tuple[Path, dict[str, Any]]]:
    out = []
    for path in data_files(pattern):
        loaded = load_yaml(path) or []
        if not isinstance(loaded, list):
            raise DataError(f"{path}:1: a list of entries is expected")
        out += [(path, entry) for entry in loaded]
    return out


_FOREIGN_EXEMPT = frozenset("EGY SAU SYR LBN JOR IRQ KWT QAT ARE BHR OMN YEM SDN LBY TUN DZA MAR MRT PSE SOM DJI COM".split())
_SYLLABIC = frozenset(("PRK", "KOR", "CHN", "VNM", "TWN"))
_CITIES = frozenset(("city", "capital", "country", "region", "island", "border"))
# A person of this prominence is known by a part of the name alone.
_FAMOUS = 3
_VENUES = frozenset(("port", "airport", "station"))


def _build(_paths: list[Path]) -> dict[str, Any]:
    rules = load_yaml(data_files("spelling.yaml")[0])
    spelling = spelling_from(rules)
    twins = {fold_key(a): [fold_key(b) for b in group if b != a] for group in rules["twin_nouns"] for a in group}
    trie: Node = {}
    foreign: set[str] = set()
    checked: set[str] = set()
    syllables: set[str] = set()

    def add(names: list[str], kind: str, reference: Any, *, outside: bool, weight: int = 0) -> None:
        for name in names:
            words = _words(name)
            if not words:
                continue
            _insert(trie, words, kind, reference)
            for twin in twins.get(words[0], ()) if kind == "place" and len(words) > 1 else ():
                _insert(trie, [twin, *words[1:]], kind, reference)
            if weight >= 3:
                checked.update(word for word in words if len(word) >= 5)
            if outside:
                foreign.update(words)
                for joined in _joined(words):
                    _insert(trie, joined, kind, reference)
                    foreign.update(joined)

    people, places, organizations = [], [], []
    for _, entry in _entries("people/*.yaml"):
        k = len(people)
        terms = [(t["office"], t["of"], str(t["from"]), None if t.get("to") is None else str(t["to"])) for t in entry.get("terms") or []]
        active = entry.get("active") or [None, None]
        short = [*(entry.get("short") or [])]
        rare = [*(entry.get("sensitive_short") or [])]
        people.append(
            (entry["name"], entry["name_ar"], entry.get("id"), entry.get("country"), entry.get("gender") or "m", entry.get("prominence") or 1,
             tuple(fold_key(s) for s in short + rare), terms, dict(entry.get("kin") or {}), tuple(active))
        )  # fmt: skip
        outside = entry.get("country") not in _FOREIGN_EXEMPT
        full = [name for name in [entry["name_ar"], *(entry.get("aliases") or [])]]
        weight = entry.get("prominence") or 1
        add([n for n in full if len(_words(n)) > 1], "person", k, outside=outside, weight=weight)
        add([n for n in full if len(_words(n)) == 1], "short", k, outside=outside, weight=weight)
        add(short, "short", k, outside=outside, weight=weight)
        add(rare, "rare", k, outside=False)
        if entry.get("country") in _SYLLABIC:
            for n in full:
                parts = _words(n)
                if len(parts) == 3:
                    syllables.update(part for part in parts if len(part) <= 5)
    countries: dict[str, int] = {}
    capitals: dict[str, str] = {}
    place_entries = _entries("places/*.yaml")
    nouns = frozenset(map(fold_key, load_yaml(data_files("roles.yaml")[0])["place_nouns"]))
    tails = frozenset(map(fold_key, rules["venue_tails"]))
    cities = {
        " ".join(_words(name)): k
        for k, (_, entry) in enumerate(place_entries)
        if entry.get("kind") in _CITIES
        for name in [entry["name_ar"], *(entry.get("aliases") or [])]
    }
    for _, entry in place_entries:
        k = len(places)
        places.append(
            (entry["name"], entry["name_ar"], entry.get("id"), entry.get("kind") or "site", entry.get("country"), entry.get("lat"), entry.get("lon"),
             tuple(entry.get("in") or ()), entry.get("prominence") or 1, bool(entry.get("ambiguous")))
        )  # fmt: skip
        outside = entry.get("country") not in _FOREIGN_EXEMPT and bool(entry.get("country"))
        names = [entry["name_ar"], *(entry.get("aliases") or [])]
        if entry.get("kind") in _VENUES:
            names = [name for name in names if not _bare_city(_words(name), k, cities, nouns, tails)]
        add(names, "place", k, outside=outside, weight=entry.get("prominence") or 1)
        if entry.get("kind") == "country" and entry.get("iso3"):
            countries[entry["iso3"]] = k
            if entry.get("capital"):
                capitals[entry["capital"]] = entry["iso3"]
            for adjective in entry.get("demonyms") or []:
                for words in _adjective_forms(adjective):
                    _insert(trie, words, "demonym", entry["iso3"])
                foreign.update(_words(adjective))
            for plural in entry.get("people") or []:
                for article in ("", "ال"):
                    _insert(trie, [article + word for word in _words(plural)], "demonym", entry["iso3"])
    for _, entry in _entries("organizations/*.yaml"):
        k = len(organizations)
        organizations.append((entry["name"], entry["name_ar"], entry.get("id"), entry.get("kind") or "other", entry.get("country"), entry.get("acts_for")))
        add([entry["name_ar"], *(entry.get("aliases") or [])], "org", k, outside=False)
    title_table = load_yaml(data_files("titles.yaml")[0])
    offices: dict[str, tuple[str, str]] = {}
    for _, entry in _entries("offices.yaml"):
        offices[entry["key"]] = (entry["level"], entry["name"])
        add(entry.get("adjective") or [], "office", entry["key"], outside=False)
        add(entry.get("of_state") or [], "office_of", entry["key"], outside=False)
        for name in entry.get("of_state") or []:
            if not name.endswith(" في") and (" " in name or name in title_table["owned"]):
                for words, gender in _with_suffix(_words(name)):
                    _insert(trie, words, "office_his", f"{entry['key']}|{gender}")
        for fixed in entry.get("fixed") or []:
            add([fixed["title"]], "title", f"{entry['key']}|{fixed['of']}", outside=False)
    for adjective, states in title_table["underspecified"].items():
        for words in _adjective_forms(adjective):
            _insert(trie, words, "demonym", "|".join(states))
    for relation, forms in (load_yaml(data_files("kinship.yaml")[0]) or {}).items():
        add(forms, "kin", relation, outside=False)

    leaders = {k for k, row in enumerate(people) if any(offices.get(term[0], ("", ""))[0] == "leader" for term in row[7])}
    variants: dict[str, set[str]] = {}
    skeletons: dict[str, set[str]] = {}
    for word in sorted(foreign):
        for form in spelling.variants(word):
            if len(form) > 1:
                variants.setdefault(form, set()).add(word)
        if len(word) >= 4:
            skeletons.setdefault(spelling.skeleton(word), set()).add(word)
    deletes: dict[str, set[str]] = {}
    known = sorted(checked & foreign)
    deletes[""] = set(known)
    for word in known:
        for at in range(1, len(word)):
            deletes.setdefault(word[:at] + word[at + 1 :], set()).add(word)
    return {
        "people": people,
        "places": places,
        "organizations": organizations,
        "offices": offices,
        "countries": countries,
        "capitals": capitals,
        "trie": trie,
        "variants": {form: tuple(sorted(words)) for form, words in variants.items()},
        "skeletons": {form: tuple(sorted(words)) for form, words in skeletons.items()},
        "deletes": {form: tuple(sorted(words)) for form, words in deletes.items()},
        "syllables": sorted(syllables),
        "famous": [k for k in range(len(people)) if people[k][5] >= _FAMOUS or k in leaders],
        "leaders": sorted(leaders),
    }


def _pad(day: str, *, end: bool) -> str:
    """A date that may be cut to year or month, as a full ISO date at its first or last day."""
    if len(day) == 4:
        return day + ("-12-31" if end else "-01-01")
    return day + ("-31" if end else "-01") if len(day) == 7 else day


@cache
def load_gazetteer() -> Gazetteer:
    """The compiled gazetteers (from the cache where it is current)."""
    paths = data_files("people/*.yaml", "places/*.yaml", "organizations/*.yaml", "offices.yaml", "kinship.yaml", "spelling.yaml", "titles.yaml", "roles.yaml")
    was_on = gc.isenabled()
    gc.disable()  # a hundred thousand small containers at once: collecting in between doubles the time
    try:
        table = compiled("gazetteer", _build, paths, salt=_BUILD)
    finally:
        if was_on:
            gc.enable()
    people = tuple(Person(*row[:7], tuple(Term(*t) for t in row[7]), *row[8:]) for row in table["people"])
    places = tuple(Place(*row) for row in table["places"])
    famous: frozenset[int]  # people whom the press names without more ado
    leaders: frozenset[int]  # people who ever led a state
    holders: dict[tuple[str, str], list[tuple[str, str, int]]] = {}
    for k, person in enumerate(people):
        for term in person.terms:
            until = _pad(term.until, end=True) if term.until else "9999"
            holders.setdefault((term.office, term.of), []).append((_pad(term.since, end=False), until, k))
    return Gazetteer(
        people=people,
        places=places,
        organizations=tuple(Organization(*row) for row in table["organizations"]),
        offices=table["offices"],
        countries=table["countries"],
        capitals=table["capitals"],
        place_index={place.name: k for k, place in reversed(list(enumerate(places)))},
        person_index={person.name: k for k, person in reversed(list(enumerate(people)))},
        trie=table["trie"],
        variants=table["variants"],
        skeletons=table["skeletons"],
        deletes=table["deletes"] | {"": frozenset(table["deletes"][""])},
        syllables=frozenset(table["syllables"]),
        spelling=spelling_from(load_yaml(data_files("spelling.yaml")[0])),
        famous=frozenset(table["famous"]),
        leaders=frozenset(table["leaders"]),
        holders={key: tuple(sorted(rows)) for key, rows in holders.items()},
    )
