"""Titles: an office with its state («وزير الخارجية الروسي», «زعيم كوريا الشمالية», «نظيره الأميركي»), and who may bear one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from ruskor.arabic import fold_key
from ruskor.document import Document
from ruskor.gazetteer import Gazetteer
from ruskor.lexicon import word_file
from ruskor.names import Hit

_JOINT = frozenset(" \"'“”„«»()-،,")
# The field of an office has at most so many words.
_FIELD = 4
_LEADING = frozenset(("leader", "head_of_government"))


@dataclass(frozen=True, slots=True)
class TitleWords:
    """The lists of `data/titles.yaml`, folded."""

    modifiers: dict[str, str]
    modifier_tails: frozenset[str]
    counterpart: frozenset[str]
    bare_leader: frozenset[str]
    stands_for: dict[str, list[str]]
    named_after: frozenset[str]
    vessels: frozenset[str]
    fillers: frozenset[str]
    no_name_raw: frozenset[str]
    both_lead: frozenset[str]
    both_ministers: frozenset[str]
    portfolios: dict[str, str]
    pair_of_states: frozenset[str]
    pair_people: frozenset[str]
    pair_leaders: frozenset[str]
    pair_ministers: frozenset[str]
    pair_states: frozenset[str]
    same_state: dict[str, str]
    posts: dict[str, dict[str, str]]
    sent: frozenset[str]
    posted_at: frozenset[str]
    post_adjectives: frozenset[str]
    fields: frozenset[str]
    seats: frozenset[str]
    complementizers: frozenset[str]
    no_names: frozenset[str]
    inner_names: frozenset[str]
    particles: frozenset[str]
    year_words: frozenset[str]
    that_time: frozenset[str]
    since: frozenset[str]
    half_adjectives: dict[str, str]
    nested_heads: dict[str, str]
    speaks_for: frozenset[str]
    then_phrases: tuple[tuple[str, ...], ...]
    feminine_kin: frozenset[str]
    periods: tuple[tuple[str, int, int], ...]


@cache
def title_words() -> TitleWords:
    """The words around names and titles."""
    table: dict[str, Any] = word_file("titles.yaml")

    def folded(key: str) -> frozenset[str]:
        return frozenset(fold_key(word) for word in table[key])

    return TitleWords(
        modifiers={fold_key(word): key for key in ("former", "deposed", "before_last", "then", "elect", "current") for word in table[key]},
        modifier_tails=folded("modifier_tails"),
        counterpart=folded("counterpart"),
        bare_leader=folded("bare_leader"),
        stands_for=table["stands_for"],
        named_after=folded("named_after"),
        vessels=folded("vessels"),
        fillers=folded("fillers"),
        no_name_raw=frozenset(table["no_name_raw"]),
        both_lead=folded("both_lead"),
        both_ministers=folded("both_ministers"),
        portfolios={fold_key(word): office for word, office in table["portfolios"].items()},
        pair_of_states=folded("pair_of_states"),
        pair_people=folded("pair_people"),
        pair_leaders=folded("pair_leaders"),
        pair_ministers=folded("pair_ministers"),
        pair_states=folded("pair_states"),
        same_state=table["same_state"],
        posts=table["posts"],
        sent=frozenset(table["sent"]),
        post_adjectives=folded("post_adjectives"),
        fields=folded("fields"),
        seats=frozenset(table["seats"]),
        posted_at=folded("posted_at"),
        complementizers=folded("complementizers"),
        no_names=folded("no_names"),
        inner_names=folded("inner_names"),
        particles=folded("particles"),
        year_words=folded("year_words"),
        that_time=folded("that_time"),
        since=folded("since"),
        half_adjectives={fold_key(word): state for word, state in table["half_adjectives"].items()},
        nested_heads={fold_key(word): office for word, office in table["nested_heads"].items()},
        speaks_for=frozenset(table["speaks_for"]),
        then_phrases=tuple(tuple(fold_key(phrase).split()) for phrase in table["then_phrases"]),
        feminine_kin=frozenset(table["feminine_kin"]),
        periods=tuple((fold_key(p), row["from"], row["to"]) for row in table["periods"] for p in row["words"]),
    )


@dataclass(slots=True)
class Title:
    """A title with its state: tokens first … last, before any name is attached.

    `whose`: m or f where the state is that of the man or the state last named («وزير خارجيته», «زعيمها»);
    `counterpart`: the office is that of whom was last named («نظيره الأميركي»).
    """

    first: int
    last: int
    skip: int
    offices: tuple[str, ...]
    state: str | None
    modifier: str | None
    whose: str | None = None
    counterpart: bool = False


@dataclass(slots=True)
class Ref:
    """A person mention in progress: tokens first … last, `skip` letters of proclitics in the first token.

    `person` is an index into the gazetteer, or null for an unknown name; `kind` is name or title; `candidates` are the
    people whom a part of a name may denote; `weak` marks a complement of kinship, which does not lead the discourse.
    """

    first: int
    last: int
    skip: int
    kind: str
    person: int | None
    candidates: tuple[int, ...] = ()
    weak: bool = False
    full: bool = False
    score: float = 1.0
    state: str | None = None
    title: Title | None = None
    romanised: str = ""
    romanised_ar: str = ""
    rare: bool = False


def joined(document: Document, token: int) -> bool:
    """Whether only spaces, quotes, brackets or a comma stand before the token."""
    gap = document.tokens.gap(token)
    return len(gap) <= 3 and _JOINT.issuperset(gap)


def likely_state(gazetteer: Gazetteer, states: str, offices: Iterable[str], counts: dict[str, int]) -> str:
    """One of several states that an adjective fits («الكوري»): the one with such an office, then the one most spoken of."""
    options = states.split("|")
    if len(options) == 1:
        return states
    having = [state for state in options if any((office, state) in gazetteer.holders for office in offices)]
    options = having or options
    return max(options, key=lambda state: (counts.get(state, 0), -options.index(state)))


def read_title(
    document: Document, gazetteer: Gazetteer, hits: list[Hit], k: int, counts: dict[str, int] | None = None
) -> tuple[Title, int] | None:
    """The title that starts at hit k, with its state's adjective or name, and the index of the next hit.

    `counts` says how often each state is spoken of in the article.
    """
    hit = hits[k]
    offices: tuple[str, ...]
    state, whose, modifier = None, None, None
    if hit.has("title"):
        readings = [reference.split("|") for reference in hit.of("title")]
        offices, state = tuple(office for office, _ in readings), readings[0][1]
        modifier = _modifier_inside(document, hit)
    elif hit.has("office") or hit.has("office_of"):
        offices = tuple(dict.fromkeys(hit.of("office") + hit.of("office_of")))
    elif hit.has("office_his"):
        readings = [reference.split("|") for reference in hit.of("office_his")]
        offices, whose = tuple(office for office, _ in readings), readings[0][1]
    else:
        return None
    last, n = hit.last, k + 1
    if state is None and whose is None:
        last, modifier = _read_modifiers(document, last, modifier)
        look = _Look(document, gazetteer, hits, hit, offices, counts or {})
        state, last, n = _read_state(look, n, last)
        if state == "":
            return None
    last, modifier = _read_modifiers(document, last, modifier)
    if state is not None and not hit.has("title"):
        offices, last, n = _read_post(document, gazetteer, hits, n, last=last, offices=offices)
        last = _read_field(document, last)
        while n < len(hits) and hits[n].first <= last:
            n += 1
    return Title(hit.first, last, hit.skip, offices, state, modifier, whose), n


def _modifier_inside(document: Document, hit: Hit) -> str | None:
    """«الأمين العام السابق للأمم المتحدة»."""
    words, modifiers = document.tokens.words, title_words().modifiers
    return next((modifiers[words[i]] for i in range(hit.first, hit.last) if words[i] in modifiers), None)


def _read_modifiers(document: Document, last: int, modifier: str | None) -> tuple[int, str | None]:
    """Adjectives of time after the token: (the last token, the last of them or the one given)."""
    words, tw = document.tokens.words, title_words()
    for phrase in tw.then_phrases:
        if tuple(words[last + 1 : last + 1 + len(phrase)]) == phrase:
            return last + len(phrase), "then"
    while last + 1 < len(words) and words[last + 1] in tw.modifiers and document.tokens.gap(last + 1) == " ":
        modifier = tw.modifiers[words[last + 1]]
        last += 1
        if last + 1 < len(words) and words[last + 1] in tw.modifier_tails:
            last += 1
    return last, modifier


def _read_post(
    document: Document, gazetteer: Gazetteer, hits: list[Hit], n: int, *, last: int, offices: tuple[str, ...]
) -> tuple[tuple[str, ...], int, int]:
    """Where an ambassador or envoy is posted («السفير الروسي لدى الصين»): (offices, last token, next hit)."""
    tw, words = title_words(), document.tokens.words
    office = next((office for office in offices if office in tw.posts), None)
    if office is None:
        return offices, last, n
    at = last
    while at + 1 < len(words) and words[at + 1] in tw.post_adjectives and document.tokens.gap(at + 1) == " ":
        at += 1
    if n >= len(hits):
        return offices, at, n
    following = hits[n]
    if following.first == at + 2 and following.skip == 0 and words[at + 1] in tw.posted_at:
        pass
    elif following.first != at + 1 or not words[following.first].startswith("ل") or office not in tw.sent:
        return offices, at, n
    target: str | None = None
    if following.has("place"):
        target = gazetteer.state_of_place(gazetteer.places[following.of("place")[0]].name)
    elif following.has("org"):
        target = gazetteer.organizations[following.of("org")[0]].name
    if target is None:
        return offices, at, n
    found = tw.posts[office].get(target)
    # Elsewhere nobody is known, and the bare title would denote somebody else.
    return ((found,) if found else ()), following.last, n + 1


def _read_field(document: Document, last: int) -> int:
    """The last token of the field of an office («مساعد الرئيس الروسي لشؤون السياسة الخارجية»)."""
    words = document.tokens.words
    if last + 1 < len(words) and words[last + 1] in title_words().fields and document.tokens.gap(last + 1) == " ":
        end = last + 1
        while end + 1 < len(words) and end < last + _FIELD and words[end + 1].startswith("ال") and document.tokens.gap(end + 1) == " ":
            end += 1
        return end
    return last


@dataclass(slots=True)
class _Look:
    """What is needed to read the state after an office."""

    document: Document
    gazetteer: Gazetteer
    hits: list[Hit]
    hit: Hit
    offices: tuple[str, ...]
    counts: dict[str, int]


def _read_state(look: _Look, n: int, last: int) -> tuple[str | None, int, int]:
    """The state after an office: (state, last token, next hit); "" where the office is any such one («رئيس روسي»)."""
    words, hits, nothing = look.document.tokens.words, look.hits, (None, last, n)
    half = title_words().half_adjectives.get(words[last + 1]) if last + 1 < len(words) else None
    if half is not None and look.hit.has("office") and look.document.tokens.gap(last + 1) == " ":
        counts = look.counts
        if counts.get("PRK") or counts.get("KOR") or (look.offices[0], half) in look.gazetteer.holders:
            return half, last + 1, n
    if n >= len(hits):
        return nothing
    following = hits[n]
    adjacent = following.first == last + 1 and look.document.tokens.gap(following.first) == " "
    if adjacent and following.has("demonym") and following.skip == 0:
        return _read_nationality(look, n, last)
    state = _state_named(look, following)
    if state is None:
        return nothing
    whole = look.hit.has("office") or following.has("org")
    fused = adjacent and words[following.first].startswith("ل") and whole  # «القائد الأعلى لكوريا الشمالية»
    plain = adjacent and following.skip == 0 and (look.hit.has("office_of") or following.has("org"))
    inside = whole and following.first == last + 2 and following.skip == 0 and words[last + 1] == "في"
    return (state, following.last, n + 1) if fused or plain or inside else nothing


def _read_nationality(look: _Look, n: int, last: int) -> tuple[str | None, int, int]:
    words, hits = look.document.tokens.words, look.hits
    following = hits[n]
    if not words[following.first].startswith("ال") and not look.hit.has("office"):
        return "", last, n
    state = likely_state(look.gazetteer, following.of("demonym")[0], look.offices, look.counts)
    last, n = following.last, n + 1
    while n < len(hits) and hits[n].first == last + 1 and hits[n].has("demonym") and hits[n].of("demonym") == following.of("demonym"):
        last, n = hits[n].last, n + 1  # an adjective written twice
    return state, last, n


def _state_named(look: _Look, following: Hit) -> str | None:
    """The state of a place, or of the seat of a head of state («مستشار الكرملين»)."""
    g = look.gazetteer
    if following.has("org"):
        seat = g.organizations[following.of("org")[0]]
        return seat.country if seat.name in title_words().seats else None
    return g.state_of_place(g.places[following.of("place")[0]].name) if following.has("place") else None


def near(document: Document, last: int, first: int) -> bool:
    """Whether a name at `first` belongs to the title that ends at `last`: at most two fillers between."""
    if not 0 < first - last <= 3:
        return False
    fillers, words = title_words().fillers, document.tokens.words
    return all(words[j] in fillers for j in range(last + 1, first)) and all(joined(document, j) for j in range(last + 1, first + 1))


def held(gazetteer: Gazetteer, person: int, offices: Iterable[str], state: str | None) -> bool:
    """Whether the person ever held one of the offices (or what stands for it) in the state."""
    tw = title_words()
    keys = set(offices)
    for office in tuple(keys):
        keys.update(tw.stands_for.get(office, ()))
    same = tw.same_state.get(state or "", state)
    return any(term.office in keys and tw.same_state.get(term.of, term.of) == same for term in gazetteer.people[person].terms)


def compatible(gazetteer: Gazetteer, title: Title, candidates: Iterable[int]) -> bool:
    """Whether one of the people can bear the title.

    Leaders of states are all known: who never was one does not bear a leader's title («للرئيس الروسي يوري أوشاكوف»).
    """
    if title.state is None:
        return True
    people = gazetteer.people
    candidates = list(candidates)
    if any(held(gazetteer, p, title.offices, title.state) for p in candidates):
        return True
    level = gazetteer.offices.get(title.offices[0], ("", ""))[0] if title.offices else ""
    if level in _LEADING and title.modifier != "elect" and any(people[p].terms for p in candidates):
        return False
    tw = title_words()
    same = tw.same_state.get(title.state, title.state)
    return any(people[p].country is None or tw.same_state.get(people[p].country or "", people[p].country) == same for p in candidates) or (
        title.state not in gazetteer.countries
    )
