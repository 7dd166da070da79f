"""Who, where and when an event can be told of: people, places, organisations, nationalities and dates as the event layer sees them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from ruskor.document import Document
from ruskor.gazetteer import Gazetteer
from ruskor.modality import Modality
from ruskor.model import Interval, Span
from ruskor.names import Hit, make_hit
from ruskor.offices import When, resolve_title
from ruskor.people import Ref, state_counts, title_words
from ruskor.places import PlaceRef
from ruskor.titles import likely_state
from ruskor.topic import level_of


@dataclass(slots=True)
class Entity:
    """Who or what can take part in an event: tokens first … last with any title.

    `person` is an index into the gazetteer's people or null; `name`, `id` and `country` are canonical.
    """

    first: int
    last: int
    kind: Literal["person", "place", "organization", "nationality"]
    name: str
    name_ar: str
    id: str | None
    country: str | None
    person: int | None = None
    place: PlaceRef | None = None
    prefix: str = ""
    weak: bool = False  # named only to explain somebody else («والد كيم جونغ أون»)
    acts_for: str | None = None
    media: bool = False
    leaders: bool = False  # «زعماء روسيا»: the state stands for its leaders


@dataclass(slots=True)
class Time:
    """A resolved date expression: tokens first … last."""

    first: int
    last: int
    value: Interval
    span: Span
    counts: bool = False  # «بعد تسعة أشهر على …»: counts from what follows


def build_entities(
    document: Document,
    gazetteer: Gazetteer,
    modality: Modality,
    *,
    people: list[Ref],
    places: list[PlaceRef],
    hits: list[Hit],
    body: list[bool],
    when: When | None,
) -> list[Entity]:
    """People with their titles, places, organisations and nationality adjectives, sorted, none inside another."""
    words = document.tokens.words
    out: list[Entity] = []
    covered: set[int] = set()

    def add(entity: Entity | None) -> None:
        if entity is not None and covered.isdisjoint(range(entity.first, entity.last + 1)):
            covered.update(range(entity.first, entity.last + 1))
            out.append(entity)

    for entity in (
        *(_person(words, gazetteer, ref) for ref in people),
        *(_organization(words, gazetteer, hit) for hit in hits if body[hit.first] and hit.has("org")),
        *(_place(words, gazetteer, place) for place in places if not place.inside),
    ):
        add(entity)
    for hit in hits:
        if body[hit.first] and hit.first not in covered and hit.has("demonym"):
            add(_nationality(words, gazetteer, modality, _one_state(gazetteer, hits, hit)))
    out.sort(key=lambda e: e.first)
    out = [_titled(words, gazetteer, modality, out, k) or e for k, e in enumerate(out)]
    for e in out:
        back = 3 if e.first and words[e.first - 1] in modality.from_words else 2  # «بتكليف خاص من الرئيس»
        e.weak = e.kind == "person" and any(_bare(words[j]) in modality.proxy for j in range(max(0, e.first - back), e.first))
    for giver, taker in pairwise([e for e in out if e.kind == "person"]):
        # «رسالة من الرئيس الروسي للزعيم الكوري الشمالي»: to whom the message goes
        taker.weak = taker.weak or (giver.weak and taker.prefix.endswith("ل") and taker.first - giver.last == 1)
    out = [_sender(words, gazetteer, modality, e) or e for e in out]
    return _of_one_office(words, gazetteer, out, when)


def _of_one_office(words: list[str], gazetteer: Gazetteer, entities: list[Entity], when: When | None) -> list[Entity]:
    """With the holders of an office in place of two states told behind it («الرئيسان الروسي والكوري الشمالي»)."""
    out = list(entities)
    for k, (a, b) in enumerate(pairwise(entities)):
        states = {a.kind, b.kind} <= {"nationality", "place"} and a.country is not None and b.country is not None
        if states and b.prefix.startswith("و") and b.first - a.last == 1 and (office := _office_of_two(words, a.first)):
            for j, e in ((k, a), (k + 1, b)):
                out[j] = _holder(gazetteer, office, e, when) or e
    return out


def _office_of_two(words: list[str], token: int) -> str | None:
    """The office that two states named from a token on are told by."""
    tw = title_words()
    earlier, before = ["", "", *words[max(0, token - 2) : token]][-2:]
    if before in tw.both_lead or before[1:] in tw.both_lead:  # a proclitic may stand before either
        return "leader"
    return tw.portfolios.get(before) if earlier in tw.both_ministers or earlier[1:] in tw.both_ministers else None


def _holder(gazetteer: Gazetteer, office: str, e: Entity, when: When | None) -> Entity | None:
    """The holder of an office in the state that an entity tells."""
    found = resolve_title(gazetteer, (office,), e.country or "", when, stands_for=title_words().stands_for)
    if found is None:
        return None
    p = gazetteer.people[found]
    return Entity(e.first, e.last, "person", p.name, p.name_ar, p.id, p.country, found, prefix=e.prefix)


def _sender(words: list[str], gazetteer: Gazetteer, modality: Modality, e: Entity) -> Entity | None:
    """«المبعوث الخاص للزعيم الكوري الشمالي», «ممثل بوتين»: his state, for which somebody else comes."""
    if e.kind != "person" or e.country is None:
        return None
    back = 2 if e.prefix.endswith("ل") else 1
    titled = _bare(words[e.first]) in modality.envoys and e.last - e.first == 1 and e.person in gazetteer.leaders
    sent = any(_bare(word) in modality.envoys for word in words[max(0, e.first - back) : e.first])
    return state_entity(gazetteer, e.country, e.first, e.last) if titled or sent else None


def _titled(words: list[str], gazetteer: Gazetteer, modality: Modality, entities: list[Entity], k: int) -> Entity | None:
    """«الوزير الروسي»: the Russian minister named last; «المسؤولة الروسية»: the woman of that state below its leaders."""
    e = entities[k]
    level = modality.titled.get(words[e.first - 1]) if e.kind == "nationality" and e.first else None
    if level is None:
        return None
    feminine = words[e.first - 1].endswith("ه")
    for p in reversed(entities[:k]):
        known = p.person is not None and p.country == e.country and not p.weak
        if (
            known
            and p.person is not None
            and (gazetteer.people[p.person].gender == "f") == feminine
            and _of_level(gazetteer, p.name, level)
        ):
            return replace(p, first=e.first - 1, last=e.last, prefix="")
    return None


def _of_level(gazetteer: Gazetteer, name: str, level: str) -> bool:
    held = level_of(gazetteer, name, None)
    return held == level if level == "minister" else held not in ("leader", "head_of_government")


def _bare(word: str) -> str:
    return word[1:] if word[:1] in ("و", "ف") and len(word) > 3 else word


def _prefix(word: str, skip: int) -> str:
    """The proclitics of a name; «لل» swallows the article, which belongs to the name."""
    return word[:skip] or ("ل" if word.startswith("لل") else "")


def _person(words: list[str], gazetteer: Gazetteer, ref: Ref) -> Entity | None:
    if ref.weak and ref.kind == "name":
        return None
    first, last, skip = ref.first, ref.last, ref.skip
    if ref.title is not None:
        first, last = min(first, ref.title.first), max(last, ref.title.last)
        skip = ref.title.skip if ref.title.first <= ref.first else ref.skip
    prefix = _prefix(words[first], skip)
    if ref.person is not None:
        p = gazetteer.people[ref.person]
        return Entity(first, last, "person", p.name, p.name_ar, p.id, p.country, ref.person, prefix=prefix)
    if ref.romanised:
        return Entity(first, last, "person", ref.romanised, ref.romanised_ar, None, ref.state, prefix=prefix)
    return None


def _organization(words: list[str], gazetteer: Gazetteer, hit: Hit) -> Entity:
    o = gazetteer.organizations[hit.of("org")[0]]
    entity = Entity(hit.first, hit.last, "organization", o.name, o.name_ar, o.id, o.country, prefix=_prefix(words[hit.first], hit.skip))
    return replace(entity, acts_for=o.acts_for, media=o.kind == "media")


def _place(words: list[str], gazetteer: Gazetteer, ref: PlaceRef) -> Entity:
    p = gazetteer.places[ref.place]
    return Entity(ref.first, ref.last, "place", p.name, p.name_ar, p.id, p.country, place=ref, prefix=_prefix(words[ref.first], ref.skip))


def _one_state(gazetteer: Gazetteer, hits: list[Hit], hit: Hit) -> Hit:
    """«القمة الروسية الكورية»: beside another nationality an adjective of two states is that of which the article speaks most."""
    states = hit.of("demonym")[0]
    beside = (hit.first - 1, hit.last + 1)
    if "|" not in states or not any(other.has("demonym") and (other.last in beside or other.first in beside) for other in hits):
        return hit
    counts = state_counts(gazetteer, hits)
    first = likely_state(gazetteer, states, (), counts)
    second = max(counts.get(state, 0) for state in states.split("|") if state != first)
    return hit if counts.get(first, 0) < 2 * second + 1 else make_hit(hit.first, hit.last, hit.skip, (("demonym", first),))


def _nationality(words: list[str], gazetteer: Gazetteer, modality: Modality, hit: Hit) -> Entity | None:
    """The state of a nationality adjective as a party, or the place that it makes with the noun before it."""
    country = hit.of("demonym")[0]
    land = _land(gazetteer, modality, country, words[hit.first - 1] if hit.first else "")
    if land is not None:
        p = gazetteer.places[land]
        ref = PlaceRef(hit.first - 1, hit.last, 0, land, "location")
        return Entity(hit.first - 1, hit.last, "place", p.name, p.name_ar, p.id, p.country, place=ref)
    return state_entity(gazetteer, country, hit.first, hit.last, prefix=_prefix(words[hit.first], hit.skip))


def _land(gazetteer: Gazetteer, modality: Modality, country: str, before: str) -> int | None:
    """The place that «العاصمة» or «الأراضي» with a nationality stands for."""
    bare = before.removeprefix("ب").removeprefix("و")
    if bare in modality.land_words:
        return gazetteer.countries.get(country)
    if bare in modality.capital_words:
        capitals = (name for name, state in gazetteer.capitals.items() if state == country)
        return next((gazetteer.place_index[name] for name in capitals if name in gazetteer.place_index), None)
    return None


def state_entity(gazetteer: Gazetteer, country: str, first: int, last: int, *, prefix: str = "") -> Entity | None:
    """A state as a party, told by the tokens first … last; null where the gazetteer has no such country."""
    if country not in gazetteer.countries:
        return None
    place = gazetteer.places[gazetteer.countries[country]]
    return Entity(first, last, "nationality", place.name, place.name_ar, place.id, country, prefix=prefix)


def as_state(entity: Entity) -> Entity:
    """The state in which a place lies, as a party."""
    return replace(entity, kind="nationality", place=None)


def countries_of(entities: Iterable[Entity]) -> set[str]:
    """Their countries, without the unknown ones."""
    return {e.country for e in entities if e.country}


def people_of(entities: Iterable[Entity]) -> set[str]:
    """Names of the people among them."""
    return {e.name for e in entities if e.kind == "person"}


def names_of(entities: Iterable[Entity]) -> frozenset[str]:
    """Their canonical names."""
    return frozenset(e.name for e in entities)


@lru_cache(8)
def pair_words(both: frozenset[str]) -> dict[str, str]:
    """Words for two: people for «بينهما» and «الزعيمان», states for «البلدان»; one of the proclitics و ف ب ل may stand before."""
    tw = title_words()
    kinds = dict.fromkeys(tw.pair_states, "states") | dict.fromkeys((*tw.pair_people, *both), "people")
    kinds |= dict.fromkeys(tw.pair_leaders, "leaders") | dict.fromkeys(tw.pair_ministers, "ministers")
    return {proclitic + word: kind for word, kind in kinds.items() for proclitic in "وفبل"} | kinds
