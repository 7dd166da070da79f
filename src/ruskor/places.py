"""Places mentioned in an article, each with its role: location, actor or attributive."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from ruskor.arabic import fold_key
from ruskor.document import Document
from ruskor.gazetteer import Gazetteer
from ruskor.lexicon import data_files, load_yaml
from ruskor.model import PlaceRole
from ruskor.names import Hit
from ruskor.people import Ref

# Kinds of places that act («قالت موسكو»); all others are only ever somewhere.
_ACTING = frozenset({"country", "capital"})
_LOOK_BACK = 14


@dataclass(frozen=True, slots=True)
class PlaceRef:
    """A place mention: tokens first … last, `skip` letters of proclitics, index into the gazetteer, role."""

    first: int
    last: int
    skip: int
    place: int
    role: PlaceRole
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class RoleWords:
    """The lists of `data/roles.yaml`, folded."""

    location_prepositions: frozenset[str]
    actor_prepositions: frozenset[str]
    place_nouns: frozenset[str]
    motion: frozenset[str]
    attributive_nouns: frozenset[str]
    compass: frozenset[str]
    giving: frozenset[str]
    from_party: frozenset[str]
    halves: dict[str, str]


@cache
def role_words() -> RoleWords:
    """The words that tell a place's role."""
    table: dict[str, Any] = load_yaml(data_files("roles.yaml")[0])
    sets = {key: frozenset(map(fold_key, words)) for key, words in table.items() if key != "halves"}
    return RoleWords(**sets, halves={fold_key(word): state for word, state in table["halves"].items()})


def _in(words: frozenset[str], word: str) -> bool:
    """Whether the word, or the word without a leading و or ف, is in the list."""
    return word in words or (word[:1] in ("و", "ف") and word[1:] in words)


def find_places(
    document: Document, gazetteer: Gazetteer, hits: list[Hit], body: list[bool], titled: Iterable[tuple[int, int]], people: list[Ref] | None = None
) -> list[PlaceRef]:
    """The places of an article in order of mention.

    `titled` are the token ranges of titles: a state's name inside one only qualifies the office.
    """
    inside_title = {token for first, last in titled for token in range(first, last + 1)}
    breaks = _sentence_starts(document)
    refs: list[PlaceRef] = []
    for k, hit in enumerate(hits):
        if not body[hit.first] or not hit.has("place"):
            continue
        place = _choose(document, gazetteer, hit)
        if place is None:
            continue
        role: PlaceRole
        role = "attributive" if hit.first in inside_title else _role(document, gazetteer, hit, place, refs, hits[:k], breaks)
        refs.append(PlaceRef(hit.first, hit.last, hit.skip, place, role, hit.score))
    _add_halves(document, gazetteer, refs, body, breaks)
    return refs


def _sentence_starts(document: Document) -> list[int]:
    """For each token the first token of its sentence (tokens of furniture: themselves)."""
    starts = list(range(len(document.tokens.words)))
    for sentence in document.sentences:
        for token in range(sentence.first, sentence.last + 1):
            starts[token] = sentence.first
    return starts


def _choose(document: Document, gazetteer: Gazetteer, hit: Hit) -> int | None:
    """The most prominent reading; an ambiguous name only with a cue beside it."""
    best = max(hit.of("place"), key=lambda k: (gazetteer.places[k].prominence, -k))
    if not gazetteer.places[best].ambiguous or hit.last > hit.first:
        return cast("int", best)
    rw = role_words()
    before = document.tokens.words[hit.first - 1] if hit.first else ""
    cue = _in(rw.location_prepositions, before) or _in(rw.place_nouns, before)
    return best if cue and document.tokens.gap(hit.first) == " " else None


def _role(document: Document, gazetteer: Gazetteer, hit: Hit, place: int, refs: list[PlaceRef], before: list[Hit], breaks: list[int]) -> PlaceRole:
    rw = role_words()
    words, tokens = document.tokens.words, document.tokens
    start = breaks[hit.first]
    i = hit.first
    previous = words[i - 1] if i > start else ""
    earlier = words[i - 2] if i - 1 > start else ""
    proclitic = words[i][: hit.skip]
    fused_l = words[i].startswith("لل") or proclitic.endswith("ل")
    acting = gazetteer.places[place].kind in _ACTING
    if proclitic in ("و", "") and refs and proclitic and refs[-1].last == i - 1 and refs[-1].first >= start and tokens.gap(i) == " ":
        return refs[-1].role if acting or refs[-1].role == "location" else "location"
    if proclitic.endswith("ب"):
        return "location"
    if fused_l:
        if _motion_before(document, hit.first, start, before):
            return "location"
        return "actor" if acting else "location"
    if _in(rw.attributive_nouns, previous) and tokens.gap(i) == " ":
        return "attributive" if acting else "location"
    if previous in rw.compass or _in(rw.place_nouns, previous):
        return "location"
    if previous == "من" and (_in(rw.from_party, earlier)):
        return "actor" if acting else "location"
    if previous == "الي" and earlier == "جانب":
        return "location" if not acting else "actor"
    if _in(rw.location_prepositions, previous):
        if previous == "علي" and acting and _party_of_on(words[max(start, i - 4) : i - 1]):
            return "actor"
        return "location"
    if _in(rw.actor_prepositions, previous):
        if previous.endswith("بين") and _route_before(words[max(start, i - 5) : i - 1]):
            return "location"
        return "actor" if acting else "location"
    if _motion_before(document, hit.first, start, before):
        return "location"
    return "actor" if acting else "location"


def _party_of_on(words: list[str]) -> bool:
    """«المفروضة على روسيا», «اعتماد على موسكو»: the state is what is pressed or relied on, not where."""
    stems = ("عقوب", "مفروض", "اعتماد", "ضغط", "ضغوط", "فرض", "اثر", "رد", "اتهام")
    return any(stem in word for word in words for stem in stems)


def _route_before(words: list[str]) -> bool:
    stems = ("رحل", "حدود", "خط", "قطار", "طريق", "تنقل", "سكك", "مساف", "جسر", "معبر")
    return any(stem in word for word in words for stem in stems)


def _motion_before(document: Document, first: int, start: int, before: list[Hit]) -> bool:
    """A verb or noun of motion earlier in the clause, with nothing but people, titles and adverbs between."""
    rw = role_words()
    words = document.tokens.words
    named = {token for hit in before[-6:] for token in range(hit.first, hit.last + 1) if not hit.has("place")}
    free = 0
    for token in range(first - 1, max(start, first - _LOOK_BACK) - 1, -1):
        if _in(rw.motion, words[token]) or _in(rw.motion, words[token].lstrip("لب")):
            return True
        if "،" in document.tokens.gap(token + 1) and token not in named and free:
            return False
        if token not in named:
            free += 1
            if free > 3:
                return False
    return False


def _add_halves(document: Document, gazetteer: Gazetteer, refs: list[PlaceRef], body: list[bool], breaks: list[int]) -> None:
    """«الشمال» for North Korea in an article that names Korea."""
    rw = role_words()
    present = {gazetteer.places[ref.place].country for ref in refs}
    words = document.tokens.words
    taken = {token for ref in refs for token in range(ref.first, ref.last + 1)}
    found = []
    for i, word in enumerate(words):
        state = rw.halves.get(word)
        if state is None or not body[i] or i in taken or state not in present:
            continue
        after = words[i + 1] if i + 1 < len(words) else ""
        previous = words[i - 1] if i > breaks[i] else ""
        if (after.startswith("ال") and document.tokens.gap(i + 1) == " ") or previous in rw.compass:
            continue  # «الشمال الشرقي»
        location = _in(rw.location_prepositions, previous) or words[i][0] == "ب"
        found.append(PlaceRef(i, i, 0, gazetteer.countries[state], "location" if location else "actor", 0.8))
    refs.extend(found)
    refs.sort(key=lambda ref: ref.first)
