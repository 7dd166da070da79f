"""An event as directed acts, as event data sets have them: who towards whom, one row a direction (used by `polecat` and `gdelt`)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import permutations
from typing import Any

from ruskor.annotation import Annotation
from ruskor.codes import cameo, plover, variants_of
from ruskor.corpus import CorpusEvent
from ruskor.gazetteer import Gazetteer, Place
from ruskor.lexicon import compiled, data_files, load_yaml
from ruskor.model import Article, Interval, Participant

_TRAVEL = frozenset(("visit", "delegation"))
_MUTUAL = frozenset(("summit", "meeting", "negotiation", "call", "agreement", "economic_exchange"))


@dataclass(frozen=True, slots=True)
class Direction:
    """One directed act; `number` counts an event's directions from 1, codes are null where the codebooks have none."""

    event: CorpusEvent
    number: int
    actor: tuple[Participant, ...]
    recipient: tuple[Participant, ...]
    cameo: str | None
    plover: str | None
    mode: str | None


def _build(paths: list[Any]) -> Any:
    table = load_yaml(paths[0])
    return table | {"quad": {code: quad for quad, codes in table["plover_quad"].items() for code in codes}}


@cache
def interchange() -> dict[str, Any]:
    """The codes of other data sets (`data/interchange.yaml`)."""
    table: dict[str, Any] = compiled("interchange", _build, data_files("interchange.yaml"))
    return table


def _build_geonames(paths: list[Any]) -> dict[str, int]:
    return {entry["name"]: entry["geonames"] for path in paths for entry in load_yaml(path) or [] if entry.get("geonames")}


@cache
def geonames() -> dict[str, int]:
    """Place → GeoNames number, where it is known."""
    table: dict[str, int] = compiled("geonames", _build_geonames, data_files("places/*.yaml"))
    return table


def directions(events: Iterable[CorpusEvent], gazetteer: Gazetteer) -> list[Direction]:
    """The directed acts of the events: a visit from the guest's and the host's side, other contacts from each party's, the rest once."""
    out = []
    for event in events:
        variants = variants_of(event, gazetteer)
        pairs = _pairs(event)
        for number, (actor, recipient, view) in enumerate(pairs, 1):
            code = plover(event.type, event.status, *variants)
            own = event.cameo if view != "host" else cameo(event.type, event.status, "host", *variants)
            kind = event.plover
            out.append(Direction(event, number, actor, recipient, own, kind, code[1] if code and code[0] == kind else None))
    return out


def _pairs(event: CorpusEvent) -> list[tuple[tuple[Participant, ...], tuple[Participant, ...], str]]:
    everybody = _parties(event)
    if event.type in _TRAVEL:
        guests = tuple(p for p in everybody if p.role == "guest")
        hosts = tuple(p for p in everybody if p.role == "host") or tuple(p for p in everybody if p.role != "guest")
        if guests and hosts:
            return [(guests, hosts, "guest"), (hosts, guests, "host")]
        return [(guests or hosts, (), "guest")]
    if event.type in _MUTUAL:
        sides = _sides(everybody)
        if len(sides) > 1:
            return [(a, b, "") for a, b in permutations(sides, 2)]
        return [(sides[0] if sides else (), (), "")]
    first = {"host"} if event.type == "invitation" else {"actor", "speaker", "guest"}
    actors = tuple(p for p in everybody if p.role in first)
    others = tuple(p for p in everybody if p.role not in first)
    return [(actors, others, "")] if actors else [(others, (), "")]


def _parties(event: CorpusEvent) -> list[Participant]:
    """People, organisations, and the states for which nobody else is named."""
    spoken = {p.country for p in event.people}
    return [*event.people, *[p for p in event.actors if p.kind == "organization" or p.country not in spoken]]


def _sides(everybody: Sequence[Participant]) -> list[tuple[Participant, ...]]:
    """The parties by state, in the order in which they are named; who belongs to no state stands alone."""
    sides: dict[str, list[Participant]] = {}
    for p in everybody:
        sides.setdefault(p.country or p.name, []).append(p)
    return [tuple(side) for side in sides.values()]


def first_source(event: CorpusEvent, articles: dict[str, Article]) -> Article | None:
    """The article that told of the event first, as far as it is known."""
    return articles.get(event.articles[0]) if event.articles else None


def articles_of(annotations: Iterable[Annotation]) -> dict[str, Article]:
    """The articles by name."""
    return {a.article.article: a.article for a in annotations}


def place_of(event: CorpusEvent, gazetteer: Gazetteer) -> Place | None:
    """The event's most specific place, as the gazetteer knows it."""
    if not event.places or event.places[0].name not in gazetteer.place_index:
        return None
    return gazetteer.places[gazetteer.place_index[event.places[0].name]]


def region_of(place: Place, gazetteer: Gazetteer, *kinds: str) -> Place | None:
    """The innermost place of one of the kinds that contains the place, or that it is."""
    if place.kind in kinds:
        return place
    around = [gazetteer.places[gazetteer.place_index[name]] for name in place.inside if name in gazetteer.place_index]
    return next((outer for outer in around if outer.kind in kinds), None)


def office_of(person: Participant, when: Interval | None, gazetteer: Gazetteer) -> str | None:
    """The English name of the highest office a person held on all the event's days; null without a date."""
    index = gazetteer.person_index.get(person.name)
    if index is None or when is None:
        return None
    first, last = when.start.isoformat(), when.last.isoformat()
    held = [
        t for t in gazetteer.people[index].terms
        if t.office in gazetteer.offices and t.since <= first and (t.until is None or t.until >= last[: len(t.until)])
    ]  # fmt: skip
    levels = ("leader", "head_of_government", "minister", "senior", "official")
    best = min(held, key=lambda t: levels.index(gazetteer.offices[t.office][0]), default=None)
    return gazetteer.offices[best.office][1] if best else None


def sector_of(party: Participant, when: Interval | None, gazetteer: Gazetteer) -> str | None:
    """GOV for a state or a person in office, else by the kind of organisation; null where it is not known."""
    if party.kind == "state":
        return "GOV"
    if party.kind == "person":
        return "GOV" if office_of(party, when, gazetteer) else None
    kind = next((o.kind for o in gazetteer.organizations if o.name == party.name), None)
    found: str | None = interchange()["sector"].get(kind)
    return found
