"""The gazetteers of `data/`, compiled to one trie over folded words.

A trie node is a dict from word to node; the key "" holds what ends there: a list of (kind, reference). Kinds:
`person` (a full name), `short` (a part of a name), `rare` (a short form that is also a common word), `place`, `org`,
`demonym` (reference: country), `office` (before a state's adjective), `office_of` (before a state's name; both: office key),
`title` (a fixed title; reference: "office|state"), `kin` (reference: relation), `office_his` (an office with the suffix of him
or her: «وزير خارجيته»; reference: "office|m" or "office|f"). A demonym that fits several states («الكوري») has them joined by "|".
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from ruskor.errors import DataError
from ruskor.lexicon import compiled, data_files, digest, word_file
from ruskor.spelling import Spelling, spelling_from
from ruskor.world import City, load_world

Node = dict[str, Any]

# Raise when the build below changes what it makes, so that old caches are not read.
_BUILD = "36"
# The prominence of the world's cities; ours begins at 1.
WORLD = 0
# So many degrees apart, two cities of one name and country are the same.
_NEAR = 0.5
# The sections of a user's own file.
USER_SECTIONS = ("people", "places", "organizations", "offices")


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


class PlaceIndex(dict[str, int]):
    """English name → place. `in` and `get` see our own places alone; `[name]` also finds a city of the world, and takes it in.

    So the name of an event's place can always be looked up, in another process too, and what is known by name does not depend
    on which cities were met before.
    """

    def __init__(self, places: list[Place]) -> None:
        super().__init__({place.name: k for k, place in reversed(list(enumerate(places)))})
        self.places = places
        self.taken_in: dict[int, int] = {}

    def __missing__(self, name: str) -> int:
        index = load_world().index
        city = index.get(name, index.get(name.rpartition(" (")[0]))
        if city is None:
            raise KeyError(name)
        return self.take_in(city)

    def take_in(self, k: int) -> int:
        """The place for a city of the world's table: our own where it is the same one, else a new one behind ours."""
        known = self.taken_in.get(k)
        if known is not None:
            return known
        city = load_world().city(k)
        own = self.get(city.name.partition(",")[0])
        if own is None or not _same(self.places[own], city):
            # a namesake of one of ours: «Moscow (USA)»
            name = city.name if city.name not in self else f"{city.name} ({city.country})"
            own = len(self.places)
            self.places.append(Place(name, city.name_ar, None, "city", city.country, city.lat, city.lon, (), WORLD, ambiguous=False))
        self.taken_in[k] = own
        return own


def _same(place: Place, city: City) -> bool:
    if place.country != city.country or place.lat is None or place.lon is None:
        return False
    return abs(place.lat - city.lat) < _NEAR and abs(place.lon - city.lon) < _NEAR


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
    places: list[Place]  # ours; behind them the cities of the world that were met
    organizations: tuple[Organization, ...]
    offices: dict[str, tuple[str, str]]  # key → (level, English name)
    countries: dict[str, int]  # ISO code → place
    capitals: dict[str, str]  # capital's name → ISO code
    place_index: PlaceIndex
    person_index: dict[str, int]
    organization_index: dict[str, int]
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


def _pad(day: str, *, end: bool) -> str:
    """A date that may be cut to year or month, as a full ISO date at its first or last day."""
    if len(day) == 4:
        return day + ("-12-31" if end else "-01-01")
    return day + ("-31" if end else "-01") if len(day) == 7 else day


_FILES = (
    *(f"{kind}/*.yaml" for kind in ("people", "places", "organizations")),
    *(f"{name}.yaml" for name in ("offices", "kinship", "spelling", "titles", "roles")),
)


def _build_with(extra: tuple[Path, ...]) -> Callable[[list[Path]], dict[str, Any]]:
    def make(_paths: list[Path]) -> dict[str, Any]:
        from ruskor.gazetteer_build import build

        return build(extra)

    return make


def load_gazetteer(extra: tuple[Path, ...] = ()) -> Gazetteer:
    """The compiled gazetteers (from the cache where it is current), with the user's own files over them.

    Raises DataError where a file cannot be read or has another shape (see `gazetteer_build.read_entries`). The values of
    entries are not checked here: `check.require_sound` does that, and tells file and line.
    """
    return _load(extra, content_of(extra))


def content_of(extra: tuple[Path, ...]) -> str:
    """A hash of the user's files, empty without any: a file that was changed meanwhile is another one.

    Raises DataError where one cannot be read.
    """
    try:
        return digest(extra) if extra else ""
    except OSError as error:
        raise DataError(f"{error.filename or extra[0]}: cannot be read: {error.strerror or error}") from error


@lru_cache(maxsize=4)
def _load(extra: tuple[Path, ...], _content: str) -> Gazetteer:
    paths = data_files(*_FILES)
    was_on = gc.isenabled()
    gc.disable()  # a hundred thousand small containers at once: collecting in between doubles the time
    try:
        table = compiled("gazetteer", _build_with(extra), [*paths, *extra], salt=_BUILD)
    finally:
        if was_on:
            gc.enable()
    people = tuple(Person._make((*row[:7], tuple(Term(*t) for t in row[7]), *row[8:])) for row in table["people"])
    places = [Place(*row) for row in table["places"]]
    deletes = table["deletes"]
    deletes[""] = frozenset(deletes[""])
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
        place_index=PlaceIndex(places),
        person_index={person.name: k for k, person in reversed(list(enumerate(people)))},
        organization_index={row[0]: k for k, row in reversed(list(enumerate(table["organizations"])))},
        trie=table["trie"],
        variants=table["variants"],
        skeletons=table["skeletons"],
        deletes=deletes,
        syllables=frozenset(table["syllables"]),
        spelling=spelling_from(word_file("spelling.yaml")),
        famous=frozenset(table["famous"]),
        leaders=frozenset(table["leaders"]),
        holders={key: tuple(sorted(rows)) for key, rows in holders.items()},
    )
