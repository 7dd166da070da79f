"""People mentioned in an article: full names, parts of names by discourse, bare titles by date, kinship."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from ruskor.arabic import fold_key
from ruskor.document import Document
from ruskor.gazetteer import Gazetteer
from ruskor.lexicon import data_files, load_yaml
from ruskor.names import Hit
from ruskor.offices import resolve_title

When = tuple[date, date] | None


@dataclass(frozen=True, slots=True)
class TitleWords:
    """The lists of `data/titles.yaml`, folded."""

    modifiers: dict[str, str]
    counterpart: frozenset[str]
    bare_leader: frozenset[str]
    stands_for: dict[str, list[str]]
    named_after: frozenset[str]
    fillers: frozenset[str]
    pair_people: frozenset[str]
    pair_states: frozenset[str]


@cache
def title_words() -> TitleWords:
    """The words around names and titles."""
    table: dict[str, Any] = load_yaml(data_files("titles.yaml")[0])

    def folded(key: str) -> frozenset[str]:
        return frozenset(fold_key(word) for word in table[key])

    return TitleWords(
        modifiers={fold_key(word): key for key in ("former", "then", "elect", "current") for word in table[key]},
        counterpart=folded("counterpart"),
        bare_leader=folded("bare_leader"),
        stands_for=table["stands_for"],
        named_after=folded("named_after"),
        fillers=folded("fillers"),
        pair_people=folded("pair_people"),
        pair_states=folded("pair_states"),
    )


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


@dataclass(frozen=True, slots=True)
class Title:
    """A title with its state: tokens first … last, before any name is attached."""

    first: int
    last: int
    skip: int
    offices: tuple[str, ...]
    state: str | None
    modifier: str | None


def _gap_ok(document: Document, token: int, allowed: str = " \"'“”„«»()-،,") -> bool:
    gap = document.tokens.gap(token)
    return len(gap) <= 3 and set(gap) <= set(allowed)


def read_title(document: Document, gazetteer: Gazetteer, hits: list[Hit], k: int) -> tuple[Title, int] | None:
    """The title that starts at hit k, with its state's adjective or name, and the index of the next hit."""
    words = document.tokens.words
    tw = title_words()
    hit = hits[k]
    offices: tuple[str, ...]
    state: str | None = None
    if hit.has("title"):
        readings = [reference.split("|") for reference in hit.of("title")]
        offices, state = tuple(office for office, _ in readings), readings[0][1]
        last, n = hit.last, k + 1
    elif hit.has("office") or hit.has("office_of"):
        offices = tuple(dict.fromkeys(hit.of("office") + hit.of("office_of")))
        last, n = hit.last, k + 1
    else:
        return None
    if n < len(hits) and hits[n].first == last + 1 and document.tokens.gap(hits[n].first) == " " and state is None:
        following = hits[n]
        if following.has("demonym"):
            state, last, n = following.of("demonym")[0], following.last, n + 1
        elif following.has("place") and hit.has("office_of"):
            country = gazetteer.state_of_place(gazetteer.places[following.of("place")[0]].name)
            if country:
                state, last, n = country, following.last, n + 1
    modifier = None
    while last + 1 < len(words) and document.tokens.gap(last + 1) == " " and words[last + 1] in tw.modifiers:
        modifier = tw.modifiers[words[last + 1]]
        last += 1
    if state is None and modifier and n < len(hits) and hits[n].first == last + 1 and hits[n].has("demonym"):
        state, last, n = hits[n].of("demonym")[0], hits[n].last, n + 1
    return Title(hit.first, last, hit.skip, offices, state, modifier), n


def find_people(document: Document, gazetteer: Gazetteer, hits: list[Hit], when: When, body: list[bool]) -> list[Ref]:
    """The people of an article in order of mention, resolved as of `when` (the article's date, if known).

    `body[i]` says whether token i belongs to the article and not to page furniture.
    """
    refs = _candidates(document, gazetteer, hits, body)
    _resolve_discourse(document, gazetteer, refs, when)
    _resolve_titles(gazetteer, refs, when)
    return [ref for ref in refs if ref.person is not None]


def _candidates(document: Document, gazetteer: Gazetteer, hits: list[Hit], body: list[bool]) -> list[Ref]:
    """Names and bare titles, not yet resolved; a title that belongs to a name is stored with it."""
    tw = title_words()
    words, refs = document.tokens.words, []
    pending: Title | None = None
    relation: tuple[str, Hit] | None = None
    office: tuple[str, ...] = ()
    k = 0
    while k < len(hits):
        hit = hits[k]
        if not body[hit.first]:
            k += 1
            continue
        read = read_title(document, gazetteer, hits, k)
        if read is not None:
            title, k = read
            if title.state is not None or _continues(document, hits, k, title.last):
                pending, office = title, title.offices
                if not _continues(document, hits, k, title.last) and not _apposed(document, refs, title.first):
                    refs.append(Ref(title.first, title.last, title.skip, "title", None, title=title, state=title.state))
                    pending = None
                elif _apposed(document, refs, title.first):
                    refs[-1].title = refs[-1].title or title
                    pending = None
            elif words[title.first] in tw.bare_leader and not _apposed(document, refs, title.first):
                refs.append(Ref(title.first, title.last, title.skip, "title", None, title=title))
            continue
        if hit.has("kin"):
            relation = (hit.of("kin")[0], hit)
        elif hit.has("demonym"):
            before = words[hit.first - 1] if hit.first else ""
            if before in tw.counterpart and office:
                title = Title(hit.first - 1, hit.last, 0, office, hit.of("demonym")[0], None)
                if _continues(document, hits, k + 1, hit.last):
                    pending = title
                else:
                    refs.append(Ref(hit.first - 1, hit.last, 1 if before[0] == "و" and before[1:] in tw.counterpart else 0, "title", None, title=title, state=title.state))
        elif hit.has("person") or hit.has("short") or (hit.has("rare") and (pending is not None and _near(document, pending.last, hit.first))):
            if hit.first and words[hit.first - 1] in tw.named_after:
                k += 1
                continue
            full = hit.has("person")
            candidates = tuple(hit.of("person") or hit.of("short") or hit.of("rare"))
            ref = Ref(hit.first, hit.last, hit.skip, "name", None, candidates, full=full, score=hit.score)
            if pending is not None and _near(document, pending.last, hit.first):
                ref.title, ref.state = pending, pending.state
            if relation is not None and relation[1].last + 1 == hit.first:
                refs.append(Ref(relation[1].first, hit.last, relation[1].skip, "title", None, candidates, state=f"kin:{relation[0]}"))
                ref.weak = True
            refs.append(ref)
            pending = None
        k += 1
    return refs


def _near(document: Document, last: int, first: int) -> bool:
    """Whether a name at `first` belongs to the title that ends at `last`: at most two fillers between."""
    fillers = title_words().fillers
    if not 0 < first - last <= 3:
        return False
    return all(document.tokens.words[j] in fillers for j in range(last + 1, first)) and all(_gap_ok(document, j) for j in range(last + 1, first + 1))


def _continues(document: Document, hits: list[Hit], k: int, last: int) -> bool:
    """Whether a name follows the title that ends at token `last`."""
    if k >= len(hits):
        return False
    hit = hits[k]
    return (hit.has("person") or hit.has("short") or hit.has("rare")) and hit.skip == 0 and _near(document, last, hit.first)


def _apposed(document: Document, refs: list[Ref], first: int) -> bool:
    """Whether the title at `first` explains the name right before it."""
    return bool(refs) and refs[-1].kind == "name" and refs[-1].last + 1 == first and _gap_ok(document, first)


def _resolve_discourse(document: Document, gazetteer: Gazetteer, refs: list[Ref], when: When) -> None:
    """Give every name its person: full names by title and time, parts of names by who was named before."""
    counts: dict[int, int] = {}
    for ref in refs:
        if ref.kind == "name" and (ref.full or len(ref.candidates) == 1):
            for person in ref.candidates[:1]:
                counts[person] = counts.get(person, 0) + 1
    full_in_text = {p for ref in refs if ref.full for p in ref.candidates}
    recent: list[int] = []
    for ref in refs:
        if ref.kind != "name":
            continue
        ref.person = _choose(gazetteer, ref, recent, counts, full_in_text, when)
        if ref.person is not None and not ref.weak:
            if ref.person in recent:
                recent.remove(ref.person)
            recent.append(ref.person)


def _choose(gazetteer: Gazetteer, ref: Ref, recent: list[int], counts: dict[int, int], named: set[int], when: When) -> int | None:
    people = gazetteer.people
    candidates = list(ref.candidates)
    if ref.title is not None and ref.title.state is not None:
        fitting = [p for p in candidates if _held(gazetteer, p, ref.title)]
        if not fitting:
            fitting = [p for p in candidates if people[p].country == ref.title.state]
        candidates = fitting or candidates
    if len(candidates) == 1:
        return candidates[0]

    def rank(person: int) -> tuple[float, int, str]:
        known = people[person]
        score = 0.0
        if not ref.full and person in recent:
            # The last bearer of the name leads, unless he is a relative of the one the article is about.
            score += 40 + 10 * (recent.index(person) + 1) / len(recent)
            chief = max((p for p in recent if p in candidates), key=lambda p: counts.get(p, 0))
            if person != chief and people[chief].name in known.kin.values() or known.name in people[chief].kin.values():
                score -= 25
        elif not ref.full and person in named:
            score += 20
        score += min(counts.get(person, 0), 10)
        score += 3 * known.prominence
        if when is not None and known.active[0] is not None and not (known.active[0] <= when[1].year and when[0].year <= (known.active[1] or 9999)):
            score -= 15
        if when is not None and any(t.since[:4] <= str(when[1].year) and (t.until or "9999")[:4] >= str(when[0].year) for t in known.terms):
            score += 5
        return score, known.prominence, known.name

    return max(candidates, key=rank)


def _held(gazetteer: Gazetteer, person: int, title: Title) -> bool:
    keys = set(title.offices)
    for office in title.offices:
        keys.update(title_words().stands_for.get(office, ()))
    return any(term.of == title.state and term.office in keys for term in gazetteer.people[person].terms)


def _resolve_titles(gazetteer: Gazetteer, refs: list[Ref], when: When) -> None:
    tw = title_words()
    named = {ref.person for ref in refs if ref.kind == "name" and ref.person is not None}
    last_leader: int | None = None
    for k, ref in enumerate(refs):
        if ref.kind == "name":
            if ref.person is not None and any(t.office == "leader" for t in gazetteer.people[ref.person].terms):
                last_leader = ref.person
            continue
        if ref.state and ref.state.startswith("kin:"):
            ref.person = _relative(gazetteer, ref, refs[k + 1 : k + 3])
        elif ref.title is not None and ref.title.state is not None:
            ref.person = resolve_title(
                gazetteer, list(ref.title.offices), ref.title.state, when,
                modifier=ref.title.modifier, stands_for=tw.stands_for, named=named,
            )  # fmt: skip
        elif ref.title is not None:
            ref.person = last_leader


def _relative(gazetteer: Gazetteer, ref: Ref, following: list[Ref]) -> int | None:
    """«أخت كيم»: the sister of the person named next; nobody if her own name follows at once."""
    assert ref.state is not None
    relation = ref.state.removeprefix("kin:")
    if not following or following[0].person is None:
        return None
    if len(following) > 1 and following[1].first <= following[0].last + 2 and following[1].full:
        return None
    anchor = gazetteer.people[following[0].person]
    name = anchor.kin.get(relation)
    return gazetteer.person_index.get(name) if name else None
