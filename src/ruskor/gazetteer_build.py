"""The build of the gazetteers' tables: YAML entries to one trie, with spelling variants and misspellings prepared.

The tables hold plain values only, so that `lexicon.compiled` can keep them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruskor.arabic import fold, fold_key, tokenize
from ruskor.errors import DataError
from ruskor.lexicon import data_files, load_yaml
from ruskor.spelling import Spelling, spelling_from

Node = dict[str, Any]
Entry = dict[str, Any]

# Names of these countries are Arabic: no letter of theirs is foreign.
_ARAB = frozenset(("EGY", "SAU", "SYR", "LBN", "JOR", "IRQ", "KWT", "QAT", "ARE", "BHR", "OMN", "YEM", "SDN", "LBY", "TUN", "DZA", "MAR", "MRT", "PSE", "SOM", "DJI", "COM"))  # fmt: skip # noqa: E501
_SYLLABIC = frozenset(("PRK", "KOR", "CHN", "VNM", "TWN"))
_SYLLABLE = 5
_CITIES = frozenset(("city", "capital", "country", "region", "island", "border"))
_VENUES = frozenset(("port", "airport", "station"))
# A person of this prominence is known by a part of the name alone; the words of such names are recognised with a letter wrong.
_FAMOUS = 3
_CHECKED = 5
_WORD = re.compile(r"[^\W\d_]+|\d+")


@dataclass(slots=True)
class _Draft:
    """The trie in the making, with the words of which more is to be prepared."""

    rules: dict[str, Any]
    spelling: Spelling
    twins: dict[str, list[str]]
    words: dict[str, list[str]]  # the folded words of every name
    trie: Node = field(default_factory=dict)
    foreign: set[str] = field(default_factory=set)
    checked: set[str] = field(default_factory=set)
    syllables: set[str] = field(default_factory=set)

    def add(self, names: Iterable[str], kind: str, reference: Any, *, outside: bool = False, weight: int = 0) -> None:
        """Insert names; `outside`: foreign ones, with the spelling rules of these; `weight` is their prominence."""
        for name in names:
            words = self.split(name)
            if not words:
                continue
            _insert(self.trie, words, kind, reference)
            for twin in self.twins.get(words[0], ()) if kind == "place" and len(words) > 1 else ():
                _insert(self.trie, [twin, *words[1:]], kind, reference)
            if weight >= _FAMOUS:
                self.checked.update(word for word in words if len(word) >= _CHECKED)
            if outside:
                self.foreign.update(words)
                for joined in _joined(words):
                    _insert(self.trie, joined, kind, reference)
                    self.foreign.update(joined)


    def split(self, name: str) -> list[str]:
        """The folded words of a name."""
        words = self.words.get(name)
        if words is None:
            words = self.words[name] = tokenize(fold(name)).words
        return words


def _folded(entries: Iterable[Entry]) -> dict[str, list[str]]:
    """The folded words of all names in the entries, folded at once: thousands of short strings take ten times as long."""
    names: set[str] = set()
    for entry in entries:
        for key in ("name_ar", "aliases", "short", "sensitive_short", "adjective", "of_state", "demonyms", "people"):
            value = entry.get(key) or []
            names.update([value] if isinstance(value, str) else value)
        names.update(fixed["title"] for fixed in entry.get("fixed") or [])
    ordered = sorted(name for name in names if "\n" not in name)
    return {name: _WORD.findall(text) for name, text in zip(ordered, fold("\n".join(ordered)).text.split("\n"), strict=True)}


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


def _adjective_forms(words: list[str]) -> list[list[str]]:
    """Masculine, feminine, dual and plural forms of a nationality adjective of one or more words, with and without article."""
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


def read_entries(pattern: str, extra: Iterable[Path] = ()) -> list[Entry]:
    """The entries of the data files, with those of the user's own files over them.

    A file of the user's is a mapping with the keys people, places, organizations, offices; an entry of the same name
    replaces what it says, and its lists are added. Raises DataError where a file has another shape.
    """
    out: list[Entry] = []
    for path in data_files(pattern):
        loaded = load_yaml(path) or []
        if not isinstance(loaded, list):
            raise DataError(f"{path}:1: a list of entries is expected")
        out += loaded
    section = pattern.removesuffix("/*.yaml").removesuffix(".yaml")
    at = {_name(entry): k for k, entry in enumerate(out)}
    taken: dict[str, str] = {}
    for path in extra:
        loaded = load_yaml(path) or {}
        if not isinstance(loaded, dict):
            raise DataError(f"{path}:1: a mapping with people, places, organizations or offices is expected")
        for entry in loaded.get(section) or []:
            k = at.get(_name(entry))
            if k is None:
                at[_name(entry)] = len(out)
                out.append(entry)
            else:
                out[k] = merge_entry(out[k], entry)
            taken |= {fold_key(name): _name(entry) for name in _full_names(entry)}
    return [_without(entry, taken) for entry in out] if taken else out


def _name(entry: Entry) -> str:
    return str(entry.get("key") or entry.get("name"))


def _full_names(entry: Entry) -> list[str]:
    return [name for name in (entry.get("name_ar"), *(entry.get("aliases") or [])) if name]


def _without(entry: Entry, taken: dict[str, str]) -> Entry:
    """The entry without those of its aliases and short forms that the user gives to another."""
    own = _name(entry)
    return entry | {
        key: kept
        for key in ("aliases", "short", "sensitive_short")
        if (old := entry.get(key)) and len(kept := [name for name in old if taken.get(fold_key(name), own) == own]) < len(old)
    }


def _term(value: Any) -> tuple[str, ...]:
    return tuple(str(value.get(key)) for key in ("office", "of", "from")) if isinstance(value, dict) else (str(value),)


def merge_entry(old: Entry, new: Entry) -> Entry:
    """An entry of ours with the values of the user's over it; lists are added, and a replaced Arabic name is still recognised."""
    merged = old | new
    for key, value in old.items():
        if isinstance(value, list) and isinstance(new.get(key), list) and key != "active":
            # A term of the same office from the same day is the same term: the user says how it ended.
            again = {_term(item) for item in new[key]} if key == "terms" else set()
            kept = [item for item in value if key != "terms" or _term(item) not in again]
            merged[key] = kept + [item for item in new[key] if item not in kept]
    if new.get("name_ar") and old.get("name_ar") not in (None, new["name_ar"]):
        aliases = merged.get("aliases")
        names = aliases if isinstance(aliases, list) else []
        merged["aliases"] = [*names, *([] if old["name_ar"] in names else [old["name_ar"]])]
    return merged


def build(extra: Iterable[Path] = ()) -> dict[str, Any]:
    """The tables of all gazetteers, with the user's own files over the package's."""
    rules = load_yaml(data_files("spelling.yaml")[0])
    twins = {fold_key(a): [fold_key(b) for b in group if b != a] for group in rules["twin_nouns"] for a in group}
    extra = tuple(extra)
    patterns = ("people/*.yaml", "places/*.yaml", "organizations/*.yaml", "offices.yaml")
    entries = [read_entries(pattern, extra) for pattern in patterns]
    draft = _Draft(rules, spelling_from(rules), twins, _folded(entry for section in entries for entry in section))
    people = [_person(draft, k, entry) for k, entry in enumerate(entries[0])]
    places, countries, capitals = _places(draft, entries[1])
    organizations = []
    for k, entry in enumerate(entries[2]):
        kind = entry.get("kind") or "other"
        organizations.append((entry["name"], entry["name_ar"], entry.get("id"), kind, entry.get("country"), entry.get("acts_for")))
        draft.add([entry["name_ar"], *(entry.get("aliases") or [])], "org", k)
    offices = _offices(draft, entries[3])
    for relation, forms in (load_yaml(data_files("kinship.yaml")[0]) or {}).items():
        draft.add(forms, "kin", relation)
    leaders = {k for k, row in enumerate(people) if any(offices.get(term[0], ("", ""))[0] == "leader" for term in row[7])}
    return {
        "people": people,
        "places": places,
        "organizations": organizations,
        "offices": offices,
        "countries": countries,
        "capitals": capitals,
        "trie": draft.trie,
        **_near_words(draft),
        "syllables": sorted(draft.syllables),
        "famous": [k for k, row in enumerate(people) if row[5] >= _FAMOUS or k in leaders],
        "leaders": sorted(leaders),
    }


def _person(draft: _Draft, k: int, entry: Entry) -> tuple[Any, ...]:
    """Insert the names of a person; the row of the table."""
    terms = [(t["office"], t["of"], str(t["from"]), None if t.get("to") is None else str(t["to"])) for t in entry.get("terms") or []]
    short, rare = list(entry.get("short") or []), list(entry.get("sensitive_short") or [])
    full = [entry["name_ar"], *(entry.get("aliases") or [])]
    outside, weight = entry.get("country") not in _ARAB, entry.get("prominence") or 1
    parts = [draft.split(name) for name in full]
    draft.add([name for name, words in zip(full, parts, strict=True) if len(words) > 1], "person", k, outside=outside, weight=weight)
    draft.add([name for name, words in zip(full, parts, strict=True) if len(words) == 1], "short", k, outside=outside, weight=weight)
    draft.add(short, "short", k, outside=outside, weight=weight)
    draft.add(rare, "rare", k)
    if entry.get("country") in _SYLLABIC:
        draft.syllables.update(word for words in parts if len(words) == 3 for word in words if len(word) <= _SYLLABLE)
    return (
        entry["name"],
        entry["name_ar"],
        entry.get("id"),
        entry.get("country"),
        entry.get("gender") or "m",
        weight,
        tuple(" ".join(draft.split(s)) for s in short + rare),
        terms,
        dict(entry.get("kin") or {}),
        tuple(entry.get("active") or (None, None)),
    )


def _places(draft: _Draft, entries: list[Entry]) -> tuple[list[tuple[Any, ...]], dict[str, int], dict[str, str]]:
    """Insert the places and nationalities: (rows, countries by code, codes by capital)."""
    nouns = frozenset(map(fold_key, load_yaml(data_files("roles.yaml")[0])["place_nouns"]))
    tails = frozenset(map(fold_key, draft.rules["venue_tails"]))
    names_of = [[entry["name_ar"], *(entry.get("aliases") or [])] for entry in entries]
    cities: dict[str, int] = {}
    for k, (entry, names) in enumerate(zip(entries, names_of, strict=True)):
        if entry.get("kind") in _CITIES:
            cities |= {" ".join(draft.split(name)): k for name in names}
    rows: list[tuple[Any, ...]] = []
    countries: dict[str, int] = {}
    capitals: dict[str, str] = {}
    for k, (entry, names) in enumerate(zip(entries, names_of, strict=True)):
        kind, country, weight = entry.get("kind") or "site", entry.get("country"), entry.get("prominence") or 1
        rows.append(
            (entry["name"], entry["name_ar"], entry.get("id"), kind, country, entry.get("lat"), entry.get("lon"),
             tuple(entry.get("in") or ()), weight, bool(entry.get("ambiguous")))
        )  # fmt: skip
        kept = names if kind not in _VENUES else [name for name in names if not _bare_city(draft.split(name), k, cities, nouns, tails)]
        draft.add(kept, "place", k, outside=bool(country) and country not in _ARAB, weight=weight)
        if kind == "country" and entry.get("iso3"):
            countries[entry["iso3"]] = k
            if entry.get("capital"):
                capitals.setdefault(entry["capital"], entry["iso3"])  # Moscow is Russia's first, then the Soviet Union's
            _nationality(draft, entry)
    return rows, countries, capitals


def _nationality(draft: _Draft, entry: Entry) -> None:
    for adjective in entry.get("demonyms") or []:
        for words in _adjective_forms(draft.split(adjective)):
            _insert(draft.trie, words, "demonym", entry["iso3"])
        draft.foreign.update(draft.split(adjective))
    for plural in entry.get("people") or []:
        for article in ("", "ال"):
            _insert(draft.trie, [article + word for word in draft.split(plural)], "demonym", entry["iso3"])


def _offices(draft: _Draft, entries: list[Entry]) -> dict[str, tuple[str, str]]:
    """Insert the offices and titles: key → (level, English name)."""
    table = load_yaml(data_files("titles.yaml")[0])
    offices: dict[str, tuple[str, str]] = {}
    for entry in entries:
        key = entry["key"]
        offices[key] = (entry["level"], entry["name"])
        draft.add(entry.get("adjective") or [], "office", key)
        draft.add(entry.get("of_state") or [], "office_of", key)
        for name in entry.get("of_state") or []:
            if not name.endswith(" في") and (" " in name or name in table["owned"]):
                for words, gender in _with_suffix(draft.split(name)):
                    _insert(draft.trie, words, "office_his", f"{key}|{gender}")
        for fixed in entry.get("fixed") or []:
            draft.add([fixed["title"]], "title", f"{key}|{fixed['of']}")
    for adjective, states in table["underspecified"].items():
        for words in _adjective_forms(draft.split(adjective)):
            _insert(draft.trie, words, "demonym", "|".join(states))
    return offices


def _near_words(draft: _Draft) -> dict[str, dict[str, tuple[str, ...]]]:
    """For spellings and misspellings the known words that they may stand for."""
    variants: dict[str, list[str]] = {}
    skeletons: dict[str, list[str]] = {}
    deletes: dict[str, list[str]] = {}
    skeleton, spelled = draft.spelling.skeleton, draft.spelling.variants
    for word in sorted(draft.foreign):
        for form in spelled(word):
            if len(form) > 1:
                variants.setdefault(form, []).append(word)
        if len(word) >= 4:
            skeletons.setdefault(skeleton(word), []).append(word)
    known = sorted(draft.checked & draft.foreign)
    for word in known:
        for form in {word[:at] + word[at + 1 :] for at in range(1, len(word))}:
            deletes.setdefault(form, []).append(word)
    deletes[""] = known
    tables = {"variants": variants, "skeletons": skeletons, "deletes": deletes}
    return {name: {form: tuple(words) for form, words in table.items()} for name, table in tables.items()}
