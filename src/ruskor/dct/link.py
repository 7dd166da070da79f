"""Which known events the sentences of an article speak of, by people, places, phrases and words of the type."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from operator import itemgetter

from ruskor.dct.words import dct_words
from ruskor.document import Document
from ruskor.knownevents import KnownEvent, stem
from ruskor.memory import Memory

_PHRASE_GAP = 3  # words that may stand inside a phrase
_RARE = 6  # a place of so few events says much
_SHORT = 90  # words: an article of a few sentences is read as a whole
_PER_SENTENCE = 12
_LEAST = 0.3  # likelihood below which a link is none
_STRANGER = 0.8
_STRANGERS = (1.0, _STRANGER, _STRANGER**2)  # by how many people of the sentence have no part in the event
_ELSEWHERE = 0.85  # none of the event's places is named
_UNSAID = 0.5
_NAMED = frozenset({"historic", "other"})
_RIVAL = 0.05
_ALIKE = 0.08
_SAME = 7  # days within which two events are one happening
_Phrase = tuple[tuple[str, ...], tuple[int, ...]]  # stems, the events that they name
# Of a word: its stem, the same without a first letter, phrases that it may begin, types of events of which it is a word.
_Looked = tuple[str, str, tuple[_Phrase, ...], tuple[str, ...]]
_STEM, _SHORTER = itemgetter(0), itemgetter(1)
_BEST_FIRST = itemgetter(0, 1)
_ONE_SIDED = {"visit", "delegation", "statement", "weapons_test", "invitation"}


@dataclass(slots=True)
class Link:
    """Event `event` (its index) is spoken of with likelihood `score`; `why` names what matched.

    `share` is below 1 where other events fit as well: then a weekday that agrees may be chance.
    """

    event: int
    score: float
    why: str
    share: float = 1.0

    @property
    def strength(self) -> float:
        """How much a clue that rests on the link weighs."""
        return self.score**2 * self.share


@dataclass(slots=True)
class Index:
    """The known events by name and by phrase."""

    events: Sequence[KnownEvent]
    by_person: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    by_place: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    phrases: dict[str, list[_Phrase]] = field(default_factory=lambda: defaultdict(list))
    rare: frozenset[str] = frozenset()  # places of few happenings
    shares: list[tuple[tuple[str, float], ...]] = field(default_factory=list)  # of each event, its people and what each is worth
    weights: list[tuple[tuple[str, float], ...]] = field(default_factory=list)  # the same of its places
    kinds: dict[str, tuple[str, ...]] = field(default_factory=dict)  # stem → types of events of which it is a word
    looked: Memory[str, _Looked] = field(init=False)

    def __post_init__(self) -> None:
        self.looked = Memory(self.look)

    def look(self, word: str) -> _Looked:
        """What is known of a word; the stem of a figure is that of the figure written out."""
        root = stem(dct_words().digits.get(word, word))
        phrases = self.phrases.get(root, ()) or self.phrases.get(root[1:], ())
        return root, root[1:], tuple(phrases), self.kinds.get(stem(word), ())


def make_index(events: Sequence[KnownEvent]) -> Index:
    """Index the events once; many articles use it."""
    index = Index(events)
    shared: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for k, event in enumerate(events):
        for name in event.people:
            index.by_person[name].append(k)
        for name in event.places:
            index.by_place[name].append(k)
        for phrase in event.keywords:
            shared[phrase].append(k)
    for phrase, owners in shared.items():
        if phrase:
            index.phrases[phrase[0]].append((phrase, tuple(owners)))
    kinds: dict[str, list[str]] = defaultdict(list)
    for kind, words in dct_words().types.items():
        for word in words:
            kinds[word].append(kind)
    index.kinds = {word: tuple(found) for word, found in kinds.items()}
    index.rare = frozenset(name for name, owners in index.by_place.items() if _apart(index, owners) <= _RARE)
    index.shares = [_shares(event) for event in events]
    index.weights = [_weights(event, index.rare) for event in events]
    return index


def _shares(event: KnownEvent) -> tuple[tuple[str, float], ...]:
    """The first of the people makes the visit; others stand in for a missing one, not in full."""
    shares = (1.0,) if len(event.people) == 1 else (0.65, 0.35) if event.type in _ONE_SIDED else (0.5, 0.5)
    return tuple((name, shares[n] if n < len(shares) else 0.2) for n, name in enumerate(event.people))


def _weights(event: KnownEvent, rare: frozenset[str]) -> tuple[tuple[str, float], ...]:
    """Places go from the narrowest."""
    last = len(event.places) - 1
    worth = [max(0.75**n, 0.5) if n == last else 0.75**n for n in range(last + 1)]
    return tuple((name, weight * (1.15 if name in rare else 0.85)) for name, weight in zip(event.places, worth, strict=True))


def _apart(index: Index, owners: Sequence[int]) -> int:
    """How many different happenings the events are."""
    return _groups([index.events[k].start.toordinal() for k in owners])


def _groups(days: list[int]) -> int:
    """How many happenings: days (ordinals) within a week of one another count once."""
    days.sort()
    return sum([1 for a, b in pairwise(days) if b - a > _SAME]) + 1 if days else 0


def _find_phrases(
    index: Index, looked: Sequence[_Looked], words: Sequence[str], present: frozenset[str]
) -> dict[int, tuple[float, str]]:
    """Events whose phrase stands in the words: event → (share, phrase); `present` are the stems of the whole text."""
    found: dict[int, tuple[float, str]] = {}
    roots: list[str] = []
    for i, row in enumerate(looked):
        for phrase, owners in row[2]:
            if not present.issuperset(phrase[1:]):
                continue
            roots = roots or [row[0] for row in looked]
            span = _spread(roots, i, phrase)
            if span is None:
                continue
            first, last, ordered = span
            share = (1.0 - 0.05 * max(0, last - first + 1 - len(phrase))) / _apart(index, owners)
            if len(phrase) == 1 or not ordered:
                share *= 0.7
            for owner in owners:
                if share > found.get(owner, (0.0, ""))[0]:
                    found[owner] = (share, " ".join(words[first : last + 1]))
    return found


def _spread(roots: Sequence[str], i: int, phrase: tuple[str, ...]) -> tuple[int, int, bool] | None:
    """(first word, last word, in order) of a phrase whose first word stands at i: with few words between, or in any order close by."""
    j = i
    for part in phrase[1:]:
        stop = min(len(roots), j + 2 + _PHRASE_GAP)
        step = next((k for k in range(j + 1, stop) if roots[k] == part or roots[k][1:] == part), None)
        if step is None:
            break
        j = step
    else:
        return i, j, True
    if len(phrase) < 3:
        return None
    reach = len(phrase) + 1
    at = [i]
    for part in phrase[1:]:
        near = next((k for k in range(max(0, i - reach), min(len(roots), i + reach + 1)) if roots[k] == part and k not in at), None)
        if near is None:
            return None
        at.append(near)
    return (min(at), max(at), False) if max(at) - min(at) <= reach else None


@dataclass(slots=True)
class _Candidate:
    """What of an event the article names: (name, share) of people, (name, weight) of places."""

    event: int
    happening: KnownEvent
    people: tuple[tuple[str, float], ...] | None  # null: the event has none
    places: tuple[tuple[str, float], ...]
    base: float  # worth of the place where none is named
    states: str
    own: frozenset[int]  # tokens of its people
    names: frozenset[str]
    foreign: dict[str, bool] = field(default_factory=dict)  # people → whether they are others than its own

    def place(self, here: Collection[str], far: float) -> tuple[float, str]:
        """(worth, name) of the best of its places; a name that is not `here` is worth so much less (`far`)."""
        worth, best = self.base, ""
        for name, weight in self.places:
            value = weight if name in here else weight * far
            if value > worth or not best:
                worth, best = value, name
        return worth, best


class Linker:
    """The links of one article's sentences, computed where asked for."""

    def __init__(
        self, index: Index, document: Document, people: Collection[str], places: Collection[str], where: Mapping[str, Sequence[int]] | None
    ) -> None:
        self.index, self.document, self.where = index, document, where
        self.people, self.places = set(people), set(places)
        self.short = sum(s.last - s.first + 1 for s in document.sentences) <= _SHORT
        self.far = 0.85 if self.short else 0.55  # what a name elsewhere in the article is worth
        self.memory: dict[int, list[Link]] = {}
        self.phrases: list[dict[int, tuple[float, str]]] = []
        self.kinds: list[set[str]] = []  # types of events of which the sentence holds a word
        every = list(map(index.looked.__getitem__, document.tokens.words))
        present = frozenset((*map(_STEM, every), *map(_SHORTER, every)))
        for sentence in document.sentences:
            looked = every[sentence.first : sentence.last + 1]
            self.phrases.append(_find_phrases(index, looked, document.tokens.words[sentence.first : sentence.last + 1], present))
            self.kinds.append({kind for row in looked if row[3] for kind in row[3]})
        self.all_kinds: set[str] = set().union(*self.kinds)
        self.names = self._names()
        self.all_phrases: dict[int, tuple[float, str]] = {}
        for found in self.phrases:
            for event, value in found.items():
                if value[0] > self.all_phrases.get(event, (0.0, ""))[0]:
                    self.all_phrases[event] = value
        self.candidates = self._candidates()
        self.by_name: dict[str, list[int]] = defaultdict(list)
        self.by_event: dict[int, int] = {}
        for n, candidate in enumerate(self.candidates):
            self.by_event[candidate.event] = n
            for name in candidate.names:
                self.by_name[name].append(n)

    def _candidates(self) -> list[_Candidate]:
        count: dict[int, float] = defaultdict(float)
        for name in self.people:
            for k in self.index.by_person.get(name, ()):
                count[k] += 1
        for name in self.places:
            found = self.index.by_place.get(name, ())
            for k in found:
                count[k] += 1 if len(found) <= _RARE else 0.6
        for k in self.all_phrases:
            count[k] += 3
        events = self.index.events
        return [
            self._candidate(k)
            for k, value in count.items()
            if value >= 1.5 or (value >= 1 and len(events[k].people) == 1) or (not events[k].people and value >= 0.6)
        ]

    def _candidate(self, k: int) -> _Candidate:
        """What of an event the article names."""
        event, where = self.index.events[k], self.where or {}
        people = tuple([row for row in self.index.shares[k] if row[0] in self.people])
        places = tuple([row for row in self.index.weights[k] if row[0] in self.places])
        states = bool(event.states) and self.places.issuperset(event.states)
        base = 0.35 if states else 0.0 if event.places else 0.3
        own = frozenset([token for name in event.people for token in where.get(name, ())])
        names = frozenset([name for name, _ in people + places])
        return _Candidate(k, event, people if event.people else None, places, base, "/".join(event.states) if states else "", own, names)

    def _names(self) -> list[set[str]]:
        """The people and places of each sentence; without `where` all of them."""
        everything = self.people | self.places
        if self.where is None:
            return [everything for _ in self.document.sentences]
        sentences = self.document.sentences
        firsts = [sentence.first for sentence in sentences]
        out: list[set[str]] = [set() for _ in sentences]
        for name in everything:
            for token in self.where.get(name, ()):
                k = bisect_right(firsts, token) - 1
                if k >= 0 and token <= sentences[k].last:
                    out[k].add(name)
        return out

    def of(self, sentence: int) -> list[Link]:
        """The events of a sentence, best first."""
        links = self.memory.get(sentence)
        if links is None:
            links = self.memory[sentence] = self._link(sentence)
        return links

    def _link(self, sentence: int) -> list[Link]:
        here, phrases = self.names[sentence], self.phrases[sentence]
        strangers = [] if self.where is None else [name for name in here & self.people if name in self.index.by_person]
        candidates = self.candidates
        if not (self.short or self.where is None):
            near = {n for name in here for n in self.by_name.get(name, ())}
            near.update(self.by_event[event] for event in phrases if event in self.by_event)
            candidates = [candidates[n] for n in sorted(near)]
        out: list[tuple[float, int, _Candidate]] = []
        for candidate in candidates:
            score = self._score(candidate, here, sentence, phrases, strangers)
            if score >= _LEAST:
                out.append((-score, candidate.event, candidate))
        out.sort(key=_BEST_FIRST)
        worse = [score for score, _, _ in out]
        days = [candidate.happening.start.toordinal() for _, _, candidate in out]
        links: list[Link] = []
        for score, event, candidate in out[:_PER_SENTENCE]:
            # How many other happenings fit about as well.
            day = candidate.happening.start.toordinal()
            rivals = [other for other in days[: bisect_left(worse, score + _ALIKE)] if abs(other - day) > _SAME]
            share = 1 / (1 + _RIVAL * min(4, _groups(rivals)))
            links.append(Link(event, -score, self._why(candidate, here, phrases), share))
        return links

    def _why(self, candidate: _Candidate, here: set[str], phrases: dict[int, tuple[float, str]]) -> str:
        """The names and phrases by which a sentence speaks of an event."""
        best = candidate.place(here, self.far)[1] or candidate.states
        phrase = phrases.get(candidate.event) or self.all_phrases.get(candidate.event)
        why = [*(name for name, _ in candidate.people or ()), *([best] if best else ()), *([f"«{phrase[1]}»"] if phrase else ())]
        return ", ".join(dict.fromkeys(why))

    def _others(self, candidate: _Candidate, strangers: list[str]) -> int:
        """How many of the people named in the sentence are others than those of the event."""
        foreign, count = candidate.foreign, 0
        for name in strangers:
            if name not in foreign:
                foreign[name] = name not in candidate.happening.people and candidate.own.isdisjoint((self.where or {}).get(name, ()))
            count += foreign[name]
        return count

    def _score(
        self, candidate: _Candidate, here: set[str], sentence: int, phrases: dict[int, tuple[float, str]], strangers: list[str]
    ) -> float:
        """How likely a sentence speaks of an event."""
        event, far = candidate.happening, self.far
        place, best = candidate.place(here, far)
        people, named = 0.5, 1 if best or candidate.states else 0
        if candidate.people is not None:
            total = 0.0
            for name, share in candidate.people:
                total += share if name in here else share * far
            people = min(total, 1.0)
            named += len(candidate.people)
        if best and place > 0.5 and people < 0.5 and best in self.index.rare:
            people = 0.5
        kind = 0.3  # somebody says something in every article
        if event.type != "statement":
            kind = 1.0 if event.type in self.kinds[sentence] else 0.5 if event.type in self.all_kinds else 0.0
        score = (_ELSEWHERE if event.places and not best else 1.0) * people * (0.25 + 0.45 * place + 0.3 * kind)
        if named < 2:
            score *= 0.6
        if strangers and candidate.people is not None:
            score *= _STRANGERS[min(2, self._others(candidate, strangers))]
        phrase = phrases.get(candidate.event)
        if phrase is None and not kind and event.type in _NAMED:
            score *= _UNSAID  # a death or a parade is spoken of by a word for it, not by who and where alone
        weighted = 1.0
        if phrase is None and (phrase := self.all_phrases.get(candidate.event)) is not None:
            weighted = far if self.short else 0.3
        if phrase is not None:
            bonus = 0.85 * phrase[0] * weighted
            score = min(1.1, bonus + (1 - min(bonus, 0.9)) * score)
        return score * (1.0 if event.status == "occurred" else 0.6)
