"""Who is meant: parts of names by who was named before, titles and names by the time spoken of, kinship.

An unknown name counts as a person with a negative number, so that it too can be meant by a part of it later on.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

from ruskor.clock import Clock, When
from ruskor.document import Document
from ruskor.gazetteer import Gazetteer
from ruskor.names import Hit
from ruskor.offices import holders, resolve_title
from ruskor.titles import Ref, held, title_words

# In these countries the family name comes first.
_FAMILY_FIRST = frozenset(("PRK", "KOR", "CHN", "VNM", "TWN"))
_LONGEST_SYLLABLE = 6


def _number(index: int) -> int:
    """The number of the unknown name that is refs[index]."""
    return -1 - index


def second_mentions(document: Document, gazetteer: Gazetteer, hits: list[Hit], refs: list[Ref], body: list[bool]) -> list[Ref]:
    """The mentions with those added that are a part of a name given in full before («يون بيونغ سي … وقال يون»)."""
    for number, ref in enumerate([ref for ref in refs if ref.full and not ref.candidates]):
        ref.candidates = (_number(number),)
    words = document.tokens.words
    parts: dict[str, list[tuple[int, tuple[int, ...]]]] = {}
    for ref in refs:
        if ref.kind == "name" and ref.full and ref.last > ref.first:
            for word in _parts(gazetteer, words, ref):
                parts.setdefault(word, []).append((ref.first, ref.candidates))
    if not parts:
        return refs
    at = {ref.first: ref for ref in refs if ref.kind == "name" and not ref.full}
    covered = _covered(hits, refs)
    forms = {proclitic + part: len(proclitic) for part in parts for proclitic in "كلبفو"} | dict.fromkeys(parts, 0)
    added: list[Ref] = []
    for i in [i for i, word in enumerate(words) if word in forms]:
        skip = forms[words[i]]
        rows = parts[words[i][skip:]]
        known = at.get(i)
        before = known is None or not known.rare
        people = tuple(dict.fromkeys(p for first, bearers in rows if first < i or not before for p in bearers))
        if known is not None and known.first == known.last:
            known.candidates = tuple(dict.fromkeys((*known.candidates, *people)))
        elif known is None and people and i not in covered and body[i]:
            added.append(Ref(i, i, skip, "name", None, people))
    return sorted([*refs, *added], key=lambda ref: (ref.first, -ref.last)) if added else refs


def _parts(gazetteer: Gazetteer, words: list[str], ref: Ref) -> list[str]:
    """The words of a full name by which the person is called later."""
    first, last = words[ref.first][ref.skip :], words[ref.last]
    if ref.candidates[0] >= 0:
        country = gazetteer.people[ref.candidates[0]].country
        return [first] if country in _FAMILY_FIRST else [last]
    short = all(len(words[i]) <= _LONGEST_SYLLABLE for i in range(ref.first, ref.last + 1))
    return [first] if ref.last - ref.first == 2 and short else [last]


def _covered(hits: list[Hit], refs: list[Ref]) -> set[int]:
    """Tokens that are names or titles already, or longer names of anything."""
    out = {token for ref in refs for token in range(ref.first, ref.last + 1)}
    for ref in refs:
        if ref.title is not None:
            out.update(range(ref.title.first, ref.title.last + 1))
    for hit in hits:
        if hit.last > hit.first or any(kind in ("place", "org", "demonym", "person", "title") for kind, _ in hit.payload):
            out.update(range(hit.first, hit.last + 1))
    return out


@dataclass(slots=True)
class _Mind:
    """What a reader has in mind: who was named, last one last, and how often."""

    gazetteer: Gazetteer
    words: list[str]
    refs: list[Ref]
    when: When | None
    clock: Clock
    state_counts: dict[str, int]
    named: set[int]
    sentences: list[int]  # their first tokens
    counts: dict[int, int] = field(default_factory=dict)
    recent: list[int] = field(default_factory=list)
    last_leader: int | None = None
    last_state: str | None = None
    last_person: int | None = None

    def sentence(self, token: int) -> int:
        """The number of the sentence that a token stands in."""
        return bisect_right(self.sentences, token) - 1

    def see(self, person: int, ref: Ref) -> None:
        """Take note of a mention."""
        if not ref.weak:
            if person in self.recent:
                self.recent.remove(person)
            self.recent.append(person)
            self.last_person = person
        if person >= 0 and any(term.office == "leader" for term in self.gazetteer.people[person].terms):
            self.last_leader = person


def resolve(
    document: Document, gazetteer: Gazetteer, refs: list[Ref], *, when: When | None, clock: Clock, state_counts: dict[str, int]
) -> None:
    """Give every mention its person, in place, from left to right."""
    unknown = {ref.candidates[0]: ref for ref in refs if ref.full and ref.candidates and ref.candidates[0] < 0}
    named = {p for ref in refs if ref.full for p in ref.candidates}
    sentences = [sentence.first for sentence in document.sentences]
    mind = _Mind(gazetteer, document.tokens.words, refs, when, clock, state_counts, named, sentences)
    for ref in refs:
        if ref.kind == "name" and (ref.full or len(ref.candidates) == 1):
            mind.counts[ref.candidates[0]] = mind.counts.get(ref.candidates[0], 0) + 1
    late: list[int] = []
    for k, ref in enumerate(refs):
        if ref.kind == "name":
            person = _choose(mind, ref)
            if person < 0:
                first = unknown[person]
                ref.romanised, ref.romanised_ar, ref.state = first.romanised, first.romanised_ar, first.state
            else:
                ref.person = person
            mind.see(person, ref)
        elif ref.state is not None and ref.state.startswith("kin:") and ref.title is None:
            late.append(k)  # who it is depends on the name that follows
        else:
            ref.person = _title(mind, ref)
            if ref.person is not None:
                mind.see(ref.person, ref)
    for k in late:
        refs[k].person = _relative(gazetteer, refs[k], refs[k + 1 : k + 3])
    if any(ref.kind == "title" and ref.person is None for ref in refs) and mind.last_leader is None:
        _lonely_leaders(mind)


def _lonely_leaders(mind: _Mind) -> None:
    """«الزعيم» in an article that names no leader: the northern one, where the article is about that state."""
    tw = title_words()
    state = max(mind.state_counts, key=lambda s: mind.state_counts[s], default=None)
    for ref in mind.refs:
        if ref.kind == "title" and ref.person is None and ref.title is not None and ref.title.state is None and ref.title.whose is None:
            for s in ("PRK", state):
                if s and mind.state_counts.get(s) and ref.person is None:
                    ref.person = resolve_title(mind.gazetteer, ref.title.offices, s, mind.when, stands_for=tw.stands_for)


def _title(mind: _Mind, ref: Ref) -> int | None:
    """The person whom a bare title denotes, at the time spoken of."""
    title, tw, g = ref.title, title_words(), mind.gazetteer
    assert title is not None
    state, offices = title.state, title.offices
    if title.whose is not None:
        state = _owner_state(mind, ref)
    if title.counterpart and mind.last_person is not None and mind.last_person >= 0:
        now = mind.when
        own = [t.office for t in g.people[mind.last_person].terms if mind.last_person in holders(g, t.office, t.of, now)]
        offices = tuple(own) or offices
    if state is None:
        return None if title.whose is not None else mind.last_leader
    when, modifier = mind.when, title.modifier
    spoken = mind.clock.spoken(title.first, mind.when, anywhere=modifier == "then", periods=False)
    if modifier == "then":
        if spoken is None:
            past = [p for ref in mind.refs for p in ref.candidates if ref.full and p >= 0 and held(g, p, offices, state)]
            return past[0] if past else None
        when, modifier = spoken, None
    elif spoken is not None and modifier is None:
        when = spoken
    found = resolve_title(g, offices, state, when, modifier=modifier, stands_for=tw.stands_for, named=mind.named)
    if found is not None and ref.state is not None and ref.state.startswith("kin:"):
        name = g.people[found].kin.get(ref.state.removeprefix("kin:"))
        return g.person_index.get(name) if name else None
    return found


def _owner_state(mind: _Mind, ref: Ref) -> str | None:
    """«وزير خارجيته»: the state of the man last named; «زعيمها»: the state last named."""
    assert ref.title is not None
    if mind.last_person is not None and mind.last_person >= 0:
        person = mind.gazetteer.people[mind.last_person]
        if ref.title.whose == "m" or person.gender == "f":
            return person.country
    return None


def _choose(mind: _Mind, ref: Ref) -> int:
    """The person whom a name denotes."""
    people = mind.gazetteer.people
    candidates = list(ref.candidates)
    title = ref.title
    if title is not None and title.state is not None and title.whose is None:
        fitting = [p for p in candidates if p >= 0 and held(mind.gazetteer, p, title.offices, title.state)]
        if not fitting:
            fitting = [p for p in candidates if p >= 0 and people[p].country == title.state]
        candidates = fitting or candidates
    if len(candidates) == 1:
        return candidates[0]
    if ref.full:
        return max(candidates, key=lambda p: _prior(mind, p))
    spoken = None if ref.weak else mind.clock.spoken(ref.first, mind.when)  # «والد كيم»: the father is of then
    introduced = [p for p in mind.recent if p in candidates]
    if not introduced:
        leading = [p for p in candidates if p >= 0 and _leads(mind, p, mind.when)]
        # Who is named in full further down is likely meant, but not a relative of the leader («ابنة كيم … كيم يو جونغ»).
        later = {p for p in candidates if p in mind.named and not any(_kin(mind, p, leader) for leader in leading)}
        return max(candidates, key=lambda p: _prior(mind, p, spoken, 20 * (p in later)))
    chief = next((p for p in introduced if _leads(mind, p, mind.when)), None)
    if chief is None:
        chief = max(introduced, key=lambda p: (mind.counts.get(p, 0), introduced.index(p)))
    return _by_family_name(mind, ref, candidates, introduced, chief, spoken)


def _by_family_name(mind: _Mind, ref: Ref, candidates: list[int], introduced: list[int], chief: int, spoken: When | None) -> int:  # noqa: PLR0917 - what `_choose` knows
    """Which of the people introduced a part of a name means."""
    people = mind.gazetteer.people
    if spoken is not None:
        then = max(candidates, key=lambda p: _prior(mind, p, spoken))
        if then >= 0 and _share_led(mind, then, spoken) > 0 and chief >= 0 and _share_led(mind, chief, spoken) == 0:
            return then
    female = [p for p in introduced if p >= 0 and people[p].gender == "f"]
    if female and ref.skip == 0 and ref.first and mind.words[ref.first - 1].endswith("ت"):
        return female[-1]  # «وحملت كيم الهدايا»
    last = next((p for p in reversed(introduced) if p == chief or not _kin(mind, p, chief)), introduced[-1])
    # The leader with whom an article begins stays its «كيم»: the press gives others their whole names, unless it goes on about them.
    if last != chief and _leads(mind, chief, mind.when) and _introduced_first(mind, candidates) == chief and not _at_hand(mind, last, ref):
        return chief
    # Else the last bearer of the name is meant, unless he is a relative of the one the article is about.
    return last


def _introduced_first(mind: _Mind, candidates: list[int]) -> int | None:
    """Which of the people the article names in full first."""
    return next((ref.candidates[0] for ref in mind.refs if ref.full and ref.candidates and ref.candidates[0] in candidates), None)


def _at_hand(mind: _Mind, person: int, ref: Ref) -> bool:
    """Whether the sentence of a mention names the person before it, or the sentence before it begins with that person."""
    here = mind.sentence(ref.first)
    before = [other for other in mind.refs if other.kind == "name" and other.first < ref.first and not other.weak]
    if any(other.full and mind.sentence(other.first) == here and person in other.candidates for other in before):
        return True
    opening = next((other for other in before if mind.sentence(other.first) == here - 1), None)
    return opening is not None and person == (opening.candidates[0] if opening.person is None else opening.person)


def _kin(mind: _Mind, a: int, b: int) -> bool:
    if a < 0 or b < 0:
        return False
    one, other = mind.gazetteer.people[a], mind.gazetteer.people[b]
    return other.name in one.kin.values() or one.name in other.kin.values()


def _leads(mind: _Mind, person: int, when: When | None) -> bool:
    """Whether the person led a state then (or does today, where the time is unknown)."""
    if person not in mind.gazetteer.leaders:
        return False
    for term in mind.gazetteer.people[person].terms:
        if term.office in ("leader", "president", "king"):
            if when is None:
                if term.until is None:
                    return True
            elif term.since[:10] <= when[1].isoformat() and (term.until or "9999") >= when[0].isoformat()[: len(term.until or "9999")]:
                return True
    return False


def _prior(mind: _Mind, person: int, spoken: When | None = None, extra: float = 0) -> tuple[float, int, str]:
    """How likely a bearer of the name is meant whom nobody has introduced."""
    if person < 0:
        return extra, 0, ""
    known = mind.gazetteer.people[person]
    score = extra + 3.0 * known.prominence + min(mind.counts.get(person, 0), 10)
    if _leads(mind, person, mind.when):
        score += 10
    score += _of_time(mind, person, mind.when, 15)
    if spoken is not None:
        score += _of_time(mind, person, spoken, 60) + 30 * _share_led(mind, person, spoken)
    return score, known.prominence, known.name


def _of_time(mind: _Mind, person: int, when: When | None, penalty: float) -> float:
    """Below zero where the press of that time does not mean this person by the short name."""
    first, last = mind.gazetteer.people[person].active
    if when is None:
        return 0.0 if last is None else -penalty
    if first is not None and not (first <= when[1].year and when[0].year <= (last or 9999)):
        return -penalty
    return 0.0


def _share_led(mind: _Mind, person: int, when: When) -> float:
    """The part of a time (0 … 1) in which the person led a state."""
    if person not in mind.gazetteer.leaders:
        return 0.0
    years = when[1].year - when[0].year + 1
    best = 0
    for term in mind.gazetteer.people[person].terms:
        if term.office in ("leader", "president"):
            until = int(term.until[:4]) if term.until else 9999
            best = max(best, min(until, when[1].year) - max(int(term.since[:4]), when[0].year) + 1)
    return best / years


def _relative(gazetteer: Gazetteer, ref: Ref, following: list[Ref]) -> int | None:
    """«أخت كيم»: the sister of the person named next; nobody if her own name follows at once."""
    assert ref.state is not None
    relation = ref.state.removeprefix("kin:")
    if not following or following[0].person is None:
        return None
    if len(following) > 1 and following[1].first <= following[0].last + 2 and following[1].full:
        return None
    name = gazetteer.people[following[0].person].kin.get(relation)
    return gazetteer.person_index.get(name) if name else None
