"""Places mentioned in an article, each with its role: location, actor or attributive."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from ruskor.arabic import fold_key
from ruskor.cities import find_cities
from ruskor.document import Document
from ruskor.gazetteer import Gazetteer
from ruskor.lexicon import word_file
from ruskor.model import PlaceRole
from ruskor.names import Hit, make_hit
from ruskor.people import Ref
from ruskor.titles import title_words

# Kinds of places that act («قالت موسكو»); all others are only ever somewhere.
_ACTING = frozenset({"country", "capital"})
_ANYWHERE = _ACTING | {"region", "city", "island", "river", "sea", "border", "area"}
_IN_TITLES = _ACTING | {"region", "city", "island"}
# Organisations in whose name a state's name is still that of the state («وزارة خارجية كوريا الشمالية»).
_OF_STATE = frozenset({"ministry", "government", "parliament", "military", "agency", "party", "court", "other"})
_PASSED = frozenset({"demonym", "person", "short", "office", "office_of", "title"})
_PROCLITICS = frozenset("وفبلك")
_DOUBLE = frozenset(("وب", "ول", "فب"))
_LOOK_BACK = 14
_SHORT = 3
_FREE = 1
_ON_BACK = 7
_B_BACK = 4
_WORLD_SCORE = 0.6


@dataclass(slots=True)
class PlaceRef:
    """A place mention: tokens first … last, `skip` letters of proclitics, index into the gazetteer, role.

    `inside`: the mention is part of an organisation's name or of a title.
    """

    first: int
    last: int
    skip: int
    place: int
    role: PlaceRole
    score: float = 1.0
    inside: bool = False


@dataclass(frozen=True, slots=True)
class RoleWords:
    """The lists of `data/roles.yaml`, folded; those that hold beginnings of words are tuples."""

    location_prepositions: frozenset[str]
    actor_prepositions: frozenset[str]
    before_objects: frozenset[str]
    fronting: frozenset[str]
    place_nouns: frozenset[str]
    capital: frozenset[str]
    motion: frozenset[str]
    passed_over: frozenset[str]
    attributive_nouns: frozenset[str]
    people_of: frozenset[str]
    institutions: frozenset[str]
    event_nouns: frozenset[str]
    compass: frozenset[str]
    giving: frozenset[str]
    from_party: frozenset[str]
    to_party: frozenset[str]
    on_party: tuple[str, ...]
    b_party: tuple[str, ...]
    ways: tuple[str, ...]
    posted: frozenset[str]
    coming_from: frozenset[str]
    acting_regions: frozenset[str]
    not_nested_after: frozenset[str]
    divided: frozenset[str]
    adjective_too: frozenset[str]
    not_places_before: frozenset[str]
    halves: dict[str, str]


@cache
def role_words() -> RoleWords:
    """The words that tell a place's role."""
    table: dict[str, Any] = word_file("roles.yaml")
    lists: dict[str, Any] = {}
    for key, words in table.items():
        if key == "motion_verbs":
            lists[key] = [(fold_key(perfect), fold_key(stem)) for perfect, stem in words.items()]
            continue
        folded = [fold_key(word) for word in words]
        if key in ("acting_regions", "divided"):
            folded = list(words)
        lists[key] = tuple(folded) if key in ("on_party", "b_party", "ways") else frozenset(folded)
    lists["motion"] |= {form for perfect, stem in lists.pop("motion_verbs") for form in _verb_forms(perfect, stem)}
    lists["before_objects"] |= lists["actor_prepositions"]
    return RoleWords(**(lists | {"halves": {fold_key(word): state for word, state in table["halves"].items()}}))


def _verb_forms(perfect: str, stem: str) -> list[str]:
    """Third persons of the perfect, the imperfect and the future («زار», «زارت», «يزور», «ستزوران»)."""
    out = [perfect + ending for ending in ("", "ت", "ا", "وا", "تا")]
    return out + [future + person + stem + ending for future in ("", "س") for person in "يت" for ending in ("", "ان", "ون", "ا", "وا")]


def _in(words: frozenset[str], word: str) -> bool:
    """Whether the word, or the word without a leading proclitic, is in the list."""
    if word in words:
        return True
    return word[:1] in _PROCLITICS and (word[1:] in words or (word[:2] in _DOUBLE and word[2:] in words))


@dataclass(slots=True)
class _View:
    """What the rules look at."""

    document: Document
    gazetteer: Gazetteer
    rw: RoleWords
    words: list[str]
    starts: list[int]
    named: set[int]  # tokens of people, titles and nationalities
    refs: list[PlaceRef]

    def gap(self, token: int) -> str:
        return self.document.tokens.gap(token)


def find_places(
    document: Document,
    gazetteer: Gazetteer,
    hits: list[Hit],
    body: list[bool],
    titled: Iterable[tuple[int, int]],
    *,
    people: list[Ref] | None = None,
) -> list[PlaceRef]:
    """The places of an article in order of mention.

    `titled` are the token ranges of titles: a state's name inside one only qualifies the office. `people` are the people
    found: a word that is part of a person's name is no place.
    """
    inside_title = {token for first, last in titled for token in range(first, last + 1)}
    person_at = {token for ref in people or () if ref.kind == "name" for token in range(ref.first, ref.last + 1)}
    named = set(inside_title | person_at)
    for hit in hits:
        if not hit.kinds.isdisjoint(_PASSED):
            named.update(range(hit.first, hit.last + 1))
    view = _View(document, gazetteer, role_words(), document.tokens.words, _sentence_starts(document), named, [])
    refs = view.refs
    for hit in hits:
        if not body[hit.first]:
            continue
        kinds = hit.kinds
        if "place" not in kinds:
            if hit.last > hit.first and not kinds.isdisjoint(("title", "org")):
                refs += _nested(gazetteer, view.words, hit) or _after_in(view, hit)
            continue
        if hit.first in person_at:
            continue
        place = _choose(view, hit)
        if place is None:
            continue
        role: PlaceRole
        role = "attributive" if hit.first in inside_title else _role(view, hit, place)
        refs.append(PlaceRef(hit.first, hit.last, hit.skip, place, role, hit.score, hit.first in inside_title))
        if hit.last > hit.first + 1:
            refs += _after_in(view, hit)
    _add_halves(view, hits, body)
    _add_cities(view, hits, body, person_at | inside_title)
    return refs


def _sentence_starts(document: Document) -> list[int]:
    """For each token the first token of its sentence (tokens of furniture: themselves)."""
    starts = list(range(len(document.tokens.words)))
    for sentence in document.sentences:
        starts[sentence.first : sentence.last + 1] = [sentence.first] * (sentence.last + 1 - sentence.first)
    return starts


def _nested(gazetteer: Gazetteer, words: list[str], hit: Hit) -> list[PlaceRef]:
    """The states and capitals named inside a title or an institution's name."""
    if not hit.has("title") and not any(gazetteer.organizations[k].kind in _OF_STATE for k in hit.of("org")):
        return []
    out: list[PlaceRef] = []
    kinds = _IN_TITLES if hit.has("title") else _ACTING
    not_after = role_words().not_nested_after
    i = hit.first + 1
    while i <= hit.last:
        skips = (0, 1) if words[i][0] in "بلو" else (0,)
        found = [(best, skip) for skip in skips if (best := _inside(gazetteer, words, i, last=hit.last, skip=skip, kinds=kinds))]
        if found and words[i - 1] not in not_after:
            (last, place), skip = found[0]
            out.append(PlaceRef(i, last, skip, place, "attributive", hit.score, inside=True))
            i = last
        i += 1
    return out


def _inside(gazetteer: Gazetteer, words: list[str], i: int, *, last: int, skip: int, kinds: frozenset[str]) -> tuple[int, int] | None:
    """The longest name of a place of these kinds in tokens i … last: (its last token, place)."""
    node, j, best = gazetteer.trie.get(words[i][skip:]), i, None
    while node is not None:
        readings = node.get("", ())
        if not any(kind == "demonym" for kind, _ in readings):
            places = [k for kind, k in readings if kind == "place" and gazetteer.places[k].kind in kinds]
            best = (j, places[-1]) if places else best
        j += 1
        node = node.get(words[j]) if j <= last else None
    return best


def _after_in(view: _View, hit: Hit) -> list[PlaceRef]:
    """The place after a preposition in a longer name: «فندق متروبول في هانوي», «جسر الصداقة فوق نهر تومين»."""
    for i in range(hit.first + 1, hit.last):
        if view.words[i] in view.rw.location_prepositions and view.words[i] not in view.rw.compass:
            found = _inside(view.gazetteer, view.words, i + 1, last=hit.last, skip=0, kinds=_ANYWHERE)
            if found is not None and found[0] == hit.last:
                return [PlaceRef(i + 1, hit.last, 0, found[1], "location", hit.score, inside=True)]
    return []


def _choose(view: _View, hit: Hit) -> int | None:
    """The reading whose name is written so («عُمان», «عمّان»), else the most prominent.

    An ambiguous name only with a cue beside it; null for what is none here.
    """
    words, rw, i, places = view.words, view.rw, hit.first, view.gazetteer.places
    readings = hit.of("place")
    best = readings[0]
    if len(readings) > 1:
        written = view.document.tokens.raw_text(hit.first, hit.last, hit.skip)
        best = max(readings, key=lambda k: (places[k].name_ar == written, places[k].prominence, -k))
    before = words[i - 1] if i > view.starts[i] else ""
    if hit.last + 1 < len(words) and words[hit.last + 1] in rw.not_places_before and view.gap(hit.last + 1) == " ":
        return None
    if before in title_words().vessels:
        return None  # «الغواصة كورسك»
    if hit.last == i and words[i] in rw.adjective_too and before.endswith("ا") and not (view.refs and view.refs[-1].last == i - 1):
        return None  # «سيفا كوريا»
    telling = hit.last > hit.first and any(len(word) > _SHORT for word in words[i : hit.last + 1])
    if telling or not places[best].ambiguous:
        return cast("int", best)
    cue = _in(rw.location_prepositions, before) or _in(rw.place_nouns, before)
    if not cue and (_in(rw.motion, before) or i - 1 in view.named):
        # «يزور مسقط», «غادر لافروف مسقط», but not «زيارة جده»
        same_end = view.document.tokens.raw_text(i, hit.last)[-1:] == places[best].name_ar[-1:]
        cue = same_end and _after_motion(view, i, view.starts[i])
    return best if cue and view.gap(i) == " " else None


def _role(view: _View, hit: Hit, place: int) -> PlaceRole:
    """The role of a place outside titles."""
    i = hit.first
    start = view.starts[i]
    previous = view.words[i - 1] if i > start else ""
    by_letter = _by_proclitic(view, hit, place, start)
    if by_letter is not None:
        return by_letter
    party: PlaceRole = "actor" if _acts(view, place) else "location"
    if i == start and _dateline(view, hit):
        return "location"
    last = view.refs[-1] if view.refs else None
    if last is not None and last.last == i - 1 and last.first > start and view.words[last.first - 1] in view.rw.capital:
        return _beside(view, last)
    if not previous or (view.gap(i).strip("\"'«“ ") and previous not in view.rw.motion):
        return party
    role = _by_noun(view, i, start, previous, place) or _by_preposition(view, i, start, previous, place)
    if role is not None:
        return role
    return "location" if _after_motion(view, i, start) else party


def _beside(view: _View, state: PlaceRef) -> PlaceRole:
    """«إلى عاصمة كوريا الشمالية "بيونغ يانغ"»: the name of the capital is where what stands before «عاصمة» points to."""
    before = view.words[state.first - 2] if state.first > 1 else ""
    return "location" if _in(view.rw.location_prepositions, before) or before.startswith(("ب", "ل")) else "actor"


def _by_proclitic(view: _View, hit: Hit, place: int, start: int) -> PlaceRole | None:
    """The role where و, ب or ل stands before the place."""
    words, refs, i = view.words, view.refs, hit.first
    acting = _acts(view, place)
    party: PlaceRole = "actor" if acting else "location"
    proclitic = words[i][: hit.skip]
    if proclitic == "و" and refs and refs[-1].last == i - 1 and refs[-1].first >= start and view.gap(i) == " ":
        role = refs[-1].role
        return role if acting or role != "actor" else "location"
    if proclitic.endswith("ب"):
        return party if acting and any(word.startswith(view.rw.b_party) for word in words[max(start, i - _B_BACK) : i]) else "location"
    if words[i].startswith("لل") or proclitic.endswith("ل"):
        heads = _heads(view, i + 1, start)
        if any(head.startswith("ال") and _in(view.rw.place_nouns, head.removeprefix("ال")) for head in heads[:2]):
            return "location"  # «الساحل الشرقي لكوريا الشمالية»
        return "location" if _after_motion(view, i, start) else party
    return None


def _by_noun(view: _View, i: int, start: int, previous: str, place: int) -> PlaceRole | None:
    """The role where a noun stands right before the place."""
    rw, acting = view.rw, _acts(view, place)
    if _in(rw.place_nouns, previous) and i - 2 >= start and not acting and _in(rw.attributive_nouns, view.words[i - 2]):
        return "attributive"  # «حاكم مقاطعة بريموريه»
    if _in(rw.attributive_nouns, previous):
        return "attributive" if acting else "location"
    if previous in rw.compass or _in(rw.place_nouns, previous) or _in(rw.event_nouns, previous):
        return "location"
    return None


def _acts(view: _View, place: int) -> bool:
    known = view.gazetteer.places[place]
    return known.kind in _ACTING or known.name in view.rw.acting_regions


def _heads(view: _View, i: int, start: int) -> list[str]:
    """The nearest noun before the preposition at i - 1, its adjectives skipped, and what stands before it."""
    j = i - 2
    out: list[str] = []
    while j >= start and len(out) < _LOOK_BACK // 3:
        if view.gap(j + 1).strip(" \"'«»“”()"):
            break
        out.append(view.words[j])
        if len(out) > 1 and not view.words[j + 1].startswith("ال") and j + 1 not in view.named and not view.words[j + 1].endswith("ه"):
            break
        j -= 1
    return out


def _by_preposition(view: _View, i: int, start: int, previous: str, place: int) -> PlaceRole | None:
    """The role that the preposition before the place gives together with the noun before it."""
    rw = view.rw
    bare = previous[1:] if previous[:1] in ("و", "ف") else previous
    word = bare if bare in rw.location_prepositions or bare in rw.actor_prepositions else previous
    party: PlaceRole = "actor" if _acts(view, place) else "location"
    if word not in rw.location_prepositions and word not in rw.actor_prepositions and not word.endswith("بين"):
        return None
    heads = _heads(view, i, start)
    if word == "من":
        return _from(rw, heads, party)
    if word == "في":
        of_state = view.gazetteer.places[place].kind == "country" and any(_in(rw.institutions, head) for head in heads)
        return "attributive" if of_state else "location"
    if word == "لدي":
        return "attributive" if _acts(view, place) and any(_in(rw.posted, head) for head in heads) else party
    if word == "الي":
        to_party = heads[:1] == ["جانب"] or any(_in(rw.to_party, head) for head in heads[:2])
    elif word == "علي":
        to_party = any(head.startswith(rw.on_party) for head in view.words[max(start, i - _ON_BACK) : i - 1])
    elif word == "مع" or word.endswith("بين"):
        to_party = not any(head.startswith(rw.ways) for head in heads[:3])
    else:
        to_party = word in rw.actor_prepositions
    return party if to_party else "location"


def _from(rw: RoleWords, heads: list[str], party: PlaceRole) -> PlaceRole:
    """The role after «من»."""
    if heads and _in(rw.coming_from, heads[0]):
        return "location"
    if any(_in(rw.from_party, head) for head in heads[:2]):
        return party
    return "attributive" if any(_in(rw.people_of, head) for head in heads[:2]) else "location"


def _dateline(view: _View, hit: Hit) -> bool:
    """«موسكو 12 سبتمبر (شينخوا) --», «بيونغ يانغ (أ ف ب) -»: a place at the very start, then a date or an agency."""
    tokens = view.document.tokens
    text = tokens.folded.text
    after = text[tokens.ends[hit.last] : tokens.ends[hit.last] + 2].strip()
    nxt = view.words[hit.last + 1] if hit.last + 1 < len(view.words) else ""
    ends = text.find("\n", tokens.ends[hit.last])
    head = text[tokens.ends[hit.last] : min(ends if ends >= 0 else len(text), tokens.ends[hit.last] + 60)]
    dashed = "-" in head or "–" in head or "—" in head
    return dashed and (after.startswith(("(", "/", "-", "–", "—", "،", ",")) or nxt.isdigit())


def _after_motion(view: _View, first: int, start: int) -> bool:
    """A verb or noun of motion earlier in the clause, with nothing but people, days and adverbs between."""
    rw, words = view.rw, view.words
    openers = title_words().complementizers
    free = 0
    bound = not words[first].startswith("ل")
    for token in range(first - 1, max(start, first - _LOOK_BACK) - 1, -1):
        word = words[token]
        if token not in view.named:
            if _in(rw.motion, word):
                return True
            if word in openers:
                return False
            if not (word.isdigit() or word in rw.passed_over or word[1:].isdigit()):
                free += 1
                # «قلق الولايات المتحدة»: the place belongs to the noun right before it
                if free > _FREE or (token == first - 1 and bound and not word.startswith("ال")):
                    return False
        if "،" in view.gap(token + 1) and token not in view.named and free:
            return False
    return False


def _add_cities(view: _View, hits: list[Hit], body: list[bool], others: set[int]) -> None:
    """The cities of the world that our own gazetteer lacks."""
    refs = view.refs
    taken = others.union(token for ref in refs for token in range(ref.first, ref.last + 1))
    found = find_cities(view.document, view.gazetteer, hits, starts=view.starts, body=body, taken=taken)
    for city in found:
        place = view.gazetteer.place_index.take_in(city.city)
        role = _role(view, make_hit(city.first, city.last, city.skip, ()), place)
        refs.append(PlaceRef(city.first, city.last, city.skip, place, role, _WORLD_SCORE))
    if found:
        refs.sort(key=lambda ref: ref.first)


def _half_tokens(view: _View) -> list[tuple[int, int, str]]:
    """Where «الشمال» or «الجنوب» stands as a word of its own: (token, letters of proclitics, state)."""
    tokens = view.document.tokens
    text, out = tokens.folded.text, []
    for half, state in view.rw.halves.items():
        at = text.find(half)
        while at >= 0:
            i = bisect_right(tokens.starts, at) - 1
            skip = at - tokens.starts[i]
            if tokens.ends[i] == at + len(half) and (skip == 0 or (skip == 1 and text[at - 1] in "وبفك")):
                out.append((i, skip, state))
            at = text.find(half, at + 1)
    return out


def _speaks_of(view: _View, hits: list[Hit], states: set[str]) -> bool:
    """Whether a place, person or nationality of these states is named."""
    if any(view.gazetteer.places[ref.place].country in states for ref in view.refs):
        return True
    for hit in hits:
        for kind, reference in hit.payload:
            if kind == "demonym":
                found = not states.isdisjoint(reference.split("|"))
            elif kind == "person":
                found = view.gazetteer.people[reference].country in states
            elif kind == "place":
                found = view.gazetteer.places[reference].name in view.rw.divided
            else:
                found = kind == "title" and reference.split("|")[1] in states
            if found:
                return True
    return False


def _add_halves(view: _View, hits: list[Hit], body: list[bool]) -> None:
    """«الشمال» for North Korea in an article that speaks of Korea."""
    rw, words, refs = view.rw, view.words, view.refs
    halves = _half_tokens(view)
    if not halves or not _speaks_of(view, hits, set(rw.halves.values())):
        return
    taken = {token for ref in refs for token in range(ref.first, ref.last + 1)}
    taken |= {token for hit in hits for token in range(hit.first, hit.last + 1)}
    found: list[PlaceRef] = []
    for i, skip, state in halves:
        if not body[i] or i in taken:
            continue
        after = words[i + 1] if i + 1 < len(words) else ""
        previous = words[i - 1] if i > view.starts[i] else ""
        if view.gap(i + 1) == " " and ((after.startswith("ال") and not after.startswith("الي")) or after == "من"):
            continue  # «الشمال الشرقي», «إلى الشمال من»
        if previous in rw.compass:
            continue
        place = view.gazetteer.countries[state]
        found.append(PlaceRef(i, i, skip, place, _role(view, make_hit(i, i, skip, ()), place), 0.8))
    refs.extend(found)
    refs.sort(key=lambda ref: ref.first)
