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
_FILLERS = 2  # words between a title and its name


def mentioned(document: Document, gazetteer: Gazetteer, hits: Sequence[Hit]) -> tuple[set[str], set[str], dict[str, list[int]]]:
    """(people, places, name → tokens) by canonical English names, for `find_published`; furniture lines are left out.

    With a place come the places that contain it, and the ISO code of its country (so do nationality adjectives).
    """
    hits = list(hits)
    where: dict[str, list[int]] = {}
    people: set[str] = set()
    places: set[str] = set()
    body = bytearray(len(document.tokens.words))
    for sentence in document.sentences:
        body[sentence.first : sentence.last + 1] = b"\1" * (sentence.last - sentence.first + 1)
    open_names: list[tuple[int, list[int]]] = []  # token, persons of whom one may be meant
    for k, hit in enumerate(hits):
        if not body[hit.first]:
            continue
        if hit.has("person"):
            person = max(hit.of("person"), key=lambda p: gazetteer.people[p].prominence)
            people.add(gazetteer.people[person].name)
            where.setdefault(gazetteer.people[person].name, []).append(hit.first)
        elif hit.has("short"):
            open_names.append((hit.first, hit.of("short")))
        elif hit.has("place"):
            place = gazetteer.places[max(hit.of("place"), key=lambda p: gazetteer.places[p].prominence)]
            if not place.ambiguous or hit.last > hit.first:
                for name in (place.name, *place.inside, *(place.country or "").split("|")):
                    if name:
                        places.add(name)
                        where.setdefault(name, []).append(hit.first)
        elif hit.has("demonym"):
            for name in hit.of("demonym"):
                places.add(name)
                where.setdefault(name, []).append(hit.first)
        elif hit.has("office") or hit.has("title"):
            holders = _holders(document, gazetteer, hits, k)
            if holders:
                open_names.append((hit.first, holders))
    named = set(people)
    for token, candidates in open_names:
        for name in _bearers(gazetteer, candidates, named):
            people.add(name)
            where.setdefault(name, []).append(token)
    return people, places, where


def _holders(document: Document, gazetteer: Gazetteer, hits: list[Hit], k: int) -> list[int]:
    """The leaders whom a title without a name may denote."""
    read = read_title(document, gazetteer, hits, k)
    if read is None or read[0].state is None or read[0].modifier is not None:
        return []
    title, n = read
    if n < len(hits) and hits[n].first - title.last <= _FILLERS and (hits[n].has("person") or hits[n].has("short")):
        return []
    out = []
    for office in title.offices:
        if gazetteer.offices.get(office, ("", ""))[0] in _LEADERS:
            out += [person for _, _, person in gazetteer.holders.get((office, title.state), ())]
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
