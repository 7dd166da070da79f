"""Names for the dating of an article: whom and what it may mention, before anybody knows when it was written.

`people.find_people` decides for one bearer of «كيم», and for that it wants the date; here all leaders who may be meant count, and
the events decide between them.
"""

from __future__ import annotations

from collections.abc import Sequence

from ruskor.document import Document
from ruskor.gazetteer import Gazetteer
from ruskor.names import Hit
from ruskor.people import read_title

_LEADERS = {"leader", "head_of_government"}
_TITLED = frozenset(("office", "title"))
Mentioned = tuple[set[str], set[str], dict[str, list[int]]]  # people, places, name → tokens
_FILLERS = 2  # words between a title and its name


def mentioned(document: Document, gazetteer: Gazetteer, hits: Sequence[Hit]) -> Mentioned:  # noqa: C901 - one branch a kind of name
    """(people, places, name → tokens) by canonical English names, for `find_published`; furniture lines are left out.

    With a place come the places that contain it, and the ISO code of its country (so do nationality adjectives).
    """
    where: dict[str, list[int]] = {}
    people: set[str] = set()
    places: set[str] = set()
    hits = list(hits)
    inside: dict[int, tuple[str, ...]] = {}  # what was found of places that come again
    body = bytearray(len(document.tokens.words))
    for sentence in document.sentences:
        body[sentence.first : sentence.last + 1] = b"\1" * (sentence.last - sentence.first + 1)
    open_names: list[tuple[int, list[int]]] = []  # token, persons of whom one may be meant
    for k, hit in enumerate(hits):
        if not body[hit.first]:
            continue
        found: Sequence[str] = ()
        kinds = hit.kinds
        if "person" in kinds:
            person = max(hit.of("person"), key=lambda p: gazetteer.people[p].prominence)
            found = (gazetteer.people[person].name,)
            people.update(found)
        elif "short" in kinds:
            open_names.append((hit.first, hit.of("short")))
        elif "place" in kinds:
            found = _place_names(gazetteer, hit, inside)
            places.update(found)
        elif "demonym" in kinds:
            found = hit.of("demonym")
            places.update(found)
        elif not kinds.isdisjoint(_TITLED) and (holders := _holders(document, gazetteer, hits, k)):
            open_names.append((hit.first, holders))
        for name in found:
            where.setdefault(name, []).append(hit.first)
    named = set(people)
    for token, candidates in open_names:
        for name in _bearers(gazetteer, candidates, named):
            people.add(name)
            where.setdefault(name, []).append(token)
    return people, places, where


def _place_names(gazetteer: Gazetteer, hit: Hit, known: dict[int, tuple[str, ...]]) -> tuple[str, ...]:
    """A place, what contains it and the code of its country; nothing for a single word that is also another."""
    here = hit.of("place")
    best = here[0] if len(here) == 1 else max(here, key=lambda p: gazetteer.places[p].prominence)
    place = gazetteer.places[best]
    if place.ambiguous and hit.last == hit.first:
        return ()
    names = known.get(best)
    if names is None:
        names = known[best] = tuple([name for name in (place.name, *place.inside, *(place.country or "").split("|")) if name])
    return names


def _holders(document: Document, gazetteer: Gazetteer, hits: list[Hit], k: int) -> list[int]:
    """The leaders whom a title without a name may denote."""
    read = read_title(document, gazetteer, hits, k)
    if read is None:
        return []
    title, n = read
    state = title.state
    if state is None or title.modifier is not None:
        return []
    if n < len(hits) and hits[n].first - title.last <= _FILLERS and (hits[n].has("person") or hits[n].has("short")):
        return []
    out = []
    for office in title.offices:
        if gazetteer.offices.get(office, ("", ""))[0] in _LEADERS:
            out += [person for _, _, person in gazetteer.holders.get((office, state), ())]
    return out


def _bearers(gazetteer: Gazetteer, candidates: list[int], named: set[str]) -> list[str]:
    """Of several bearers those named in full in the article, else the leaders among the best known, else the best known."""
    people = [gazetteer.people[p] for p in dict.fromkeys(candidates)]
    full = [p.name for p in people if p.name in named]
    if full:
        return full
    most = max(p.prominence for p in people)
    best = [p for p in people if p.prominence == most]
    leaders = [p for p in best if any(gazetteer.offices.get(t.office, ("", ""))[0] in _LEADERS for t in p.terms)]
    return [p.name for p in leaders or best]
