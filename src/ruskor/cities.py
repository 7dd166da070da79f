"""Cities of the world in a text: names of `world` where the words around them speak for a city.

A name of one word needs a cue: a noun of place before it, or a preposition before it and its country in the same sentence. A
longer one needs a preposition or a noun as well, unless the city is large or its country is named. Nothing that our own gazetteers or
the people found have taken is looked at.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ruskor.document import Document
from ruskor.gazetteer import Gazetteer
from ruskor.names import Hit
from ruskor.world import World, load_world

# Without a cue a name of several words is taken for a city of so many people, if one of its words has so many letters.
_LARGE, _LONG = 100_000, 5
# The largest of several cities of one name is meant, where no country is named, if it has so many times the people of the next.
_FAR_LARGER = 3
_JOINTS = frozenset((" ", "-", "\u2010", "\u2011", "\u2013"))
_BEFORE = frozenset((" ", ' "', " «", " “"))
_STATES = frozenset(("country", "capital"))
# What our own gazetteers have found; a part of a person's name that is none here («سان») is free.
_TAKEN = frozenset(("place", "org", "demonym", "title", "office", "office_of", "person"))


class Found(NamedTuple):
    """A city: tokens first … last, `skip` letters of proclitics, its number in the world's table."""

    first: int
    last: int
    skip: int
    city: int


@dataclass(slots=True)
class _Look:
    """What the rules look at."""

    document: Document
    gazetteer: Gazetteer
    hits: Sequence[Hit]
    starts: Sequence[int]  # for each token the first one of its sentence
    world: World
    everywhere: frozenset[str] | None = None

    def states(self, first: int, last: int) -> frozenset[str]:
        """ISO codes of the states named in the tokens first … last, by name, capital or nationality."""
        found: set[str] = set()
        places = self.gazetteer.places
        for hit in self.hits:
            if hit.first < first or hit.last > last:
                continue
            for kind, reference in hit.payload:
                if kind == "demonym":
                    found.update(reference.split("|"))
                elif kind == "place" and places[reference].kind in _STATES:
                    found.update((places[reference].country or "").split("|"))
        return frozenset(found)

    def nationality(self, token: int) -> frozenset[str]:
        """ISO codes of the adjective with article at this token, right behind the word before it."""
        words, gap = self.document.tokens.words, self.document.tokens.gap
        if token >= len(words) or not words[token].startswith("ال") or gap(token) != " ":
            return frozenset()
        found = next((hit for hit in self.hits if hit.first == token), None)
        return frozenset(state for reference in found.of("demonym") for state in reference.split("|")) if found else frozenset()

    def in_document(self) -> frozenset[str]:
        if self.everywhere is None:
            self.everywhere = self.states(0, len(self.starts))
        return self.everywhere

    def in_sentence(self, token: int) -> frozenset[str]:
        start, n = self.starts[token], len(self.starts)
        last = token
        while last + 1 < n and self.starts[last + 1] == start:
            last += 1
        return self.states(start, last)


def find_cities(
    document: Document,
    gazetteer: Gazetteer,
    hits: Sequence[Hit],
    *,
    starts: Sequence[int],
    body: Sequence[bool],
    taken: Collection[int],
) -> list[Found]:
    """Cities of the world named in the body, in order; `taken` are the tokens of places and people already found.

    `starts` gives for each token the first token of its sentence.
    """
    world = load_world()
    candidates = [i for i, _ in world.memory.known(document.tokens.words)]
    if not candidates:
        return []
    blocked = {token for hit in hits if not hit.kinds.isdisjoint(_TAKEN) for token in range(hit.first, hit.last + 1)}
    blocked.update(taken)
    look = _Look(document, gazetteer, hits, starts, world)
    out: list[Found] = []
    for i in candidates:
        if i in blocked or not body[i] or (out and out[-1].last >= i):
            continue
        named = _named(look, i)
        if named is None:
            continue
        last, skip, _ = named
        if any(token in blocked for token in range(i, last + 1)):
            continue
        city = _meant(look, named, i, listed=bool(out) and out[-1].last == i - 1)
        if city is not None:
            out.append(Found(i, last, skip, city))
    return out


def _named(look: _Look, i: int) -> tuple[int, int, tuple[int, ...]] | None:
    """The longest name at token i: (last token, letters of proclitics, cities)."""
    words, names, gap, starts = look.document.tokens.words, look.world.names, look.document.tokens.gap, look.starts
    best: tuple[int, int, tuple[int, ...]] | None = None
    for skip, form, most in look.world.memory[words[i]]:
        key, last = form, i
        while True:
            rows = names.get(key)
            if rows is not None and (best is None or last > best[0]):
                best = (last, skip, rows)
            if last + 1 - i >= most or last + 1 >= len(words) or starts[last + 1] != starts[i] or gap(last + 1) not in _JOINTS:
                break
            last += 1
            key += " " + words[last]
    return best


def _bare(word: str, lists: frozenset[str]) -> bool:
    return word in lists or (word[:1] in "وبفلك" and word[1:] in lists)


def _meant(look: _Look, named: tuple[int, int, tuple[int, ...]], i: int, *, listed: bool) -> int | None:
    """The city that the name at token i means here, null where nothing speaks for one; `listed`: right behind another city."""
    last, skip, rows = named
    tokens, lists = look.document.tokens, look.world.words
    words = tokens.words
    previous = words[i - 1] if i > look.starts[i] and tokens.gap(i) in _BEFORE else ""
    noun, small = not skip and _bare(previous, lists.nouns), not skip and _bare(previous, lists.small_nouns)
    name = " ".join((words[i][skip:], *words[i + 1 : last + 1]))
    if name in look.gazetteer.spelling.common_words or (name in lists.words and not noun and not small):
        return None
    proclitic = words[i][:skip]
    at = proclitic.endswith("ب") or (listed and proclitic == "و") or (not skip and _bare(previous, lists.prepositions))
    states = look.nationality(last + 1)
    if states:
        # «مدينة آراو السويسرية» is none of another country
        return _among(look, rows, states) if noun or small or at or last > i else None
    if noun:
        return _choose(look, i, rows)
    if small:
        return _among(look, rows, look.in_document())
    if last > i and (at or (look.world.city(rows[0]).population >= _LARGE and any(len(word) >= _LONG for word in words[i : last + 1]))):
        return _choose(look, i, rows)
    return _among(look, rows, look.in_sentence(i)) if last > i or at else None


def _among(look: _Look, rows: tuple[int, ...], states: frozenset[str]) -> int | None:
    """The largest of the cities that lie in one of the states."""
    return next((k for k in rows if look.world.city(k).country in states), None) if states else None


def _choose(look: _Look, i: int, rows: tuple[int, ...]) -> int | None:
    """The city in a state that the sentence or the article names, else the one that is far larger than the others."""
    city = look.world.city
    for states in (look.in_sentence(i), look.in_document()):
        chosen = _among(look, rows, states)
        if chosen is not None:
            return chosen
    if len(rows) > 1 and city(rows[0]).population < _FAR_LARGER * city(rows[1]).population:
        return None
    return rows[0]
