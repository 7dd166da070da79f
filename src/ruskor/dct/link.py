"""Which known events the sentences of an article speak of, by people, places, phrases and words of the type."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

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
_TOO_LITTLE = 0.6  # less than two names
_RIVAL, _MOST_RIVALS = 0.05, 4
_ALIKE = 0.08
_SAME = 7  # days within which two events are one happening
_FOREVER = 10**9
_Worth = tuple[tuple[str, float], ...]  # names, and what each is worth
_Phrase = tuple[tuple[str, ...], tuple[int, ...], int]  # stems, the events that they name, how many happenings these are
_BEST_FIRST = itemgetter(0, 1)
_ONE_SIDED = {"visit", "delegation", "statement", "weapons_test", "invitation"}


class _Looked(NamedTuple):
    """Of a word: phrases that it may begin, types of events of which it is a word, stems of it that phrases hold."""

    phrases: tuple[_Phrase, ...]
    kinds: tuple[str, ...]
    parts: tuple[str, ...]


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
    """The known events by name and by phrase. Events of the same people share a cast, those of the same places a setting."""

    events: Sequence[KnownEvent]
    by_person: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    by_place: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    phrases: dict[str, list[_Phrase]] = field(default_factory=lambda: defaultdict(list))
    parts: frozenset[str] = frozenset()  # the stems of all phrases behind their first
    rare: frozenset[str] = frozenset()  # places of few happenings
    casts: list[_Worth] = field(default_factory=list)  # people and what each is worth
    settings: list[tuple[_Worth, tuple[str, ...]]] = field(default_factory=list)  # the same of places, and the states
    of: list[tuple[int, int]] = field(default_factory=list)  # of each event, the numbers of its cast and its setting
    kinds: dict[str, tuple[str, ...]] = field(default_factory=dict)  # stem → types of events of which it is a word
    looked: Memory[str, tuple[_Looked, ...]] = field(init=False)
    roots: Memory[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.looked = Memory(self.look)
        self.roots = Memory(_root)

    def look(self, word: str) -> tuple[_Looked, ...]:
        """What is known of a word; of most words nothing."""
        root = self.roots[word]
        phrases = self.phrases.get(root, ()) or self.phrases.get(root[1:], ())
        looked = _Looked(tuple(phrases), self.kinds.get(stem(word), ()), tuple([part for part in (root, root[1:]) if part in self.parts]))
        return (looked,) if any(looked) else ()


def _root(word: str) -> str:
    """The stem of a word; that of a figure is that of the figure written out."""
    return stem(dct_words().digits.get(word, word))


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
            index.phrases[phrase[0]].append((phrase, tuple(owners), _apart(index, owners)))
    index.parts = frozenset(part for phrase in shared for part in phrase[1:])
    kinds: dict[str, list[str]] = defaultdict(list)
    for kind, words in dct_words().types.items():
        for word in words:
            kinds[word].append(kind)
    index.kinds = {word: tuple(found) for word, found in kinds.items()}
    index.rare = frozenset(name for name, owners in index.by_place.items() if _apart(index, owners) <= _RARE)
    casts: dict[_Worth, int] = {}
    settings: dict[tuple[_Worth, tuple[str, ...]], int] = {}
    for event in events:
        cast = casts.setdefault(_shares(event), len(casts))
        setting = settings.setdefault((_weights(event, index.rare), event.states), len(settings))
        index.of.append((cast, setting))
    index.casts, index.settings = list(casts), list(settings)
    return index


def _shares(event: KnownEvent) -> _Worth:
    """The first of the people makes the visit; others stand in for a missing one, not in full."""
    shares = (1.0,) if len(event.people) == 1 else (0.65, 0.35) if event.type in _ONE_SIDED else (0.5, 0.5)
    return tuple((name, shares[n] if n < len(shares) else 0.2) for n, name in enumerate(event.people))


def _weights(event: KnownEvent, rare: frozenset[str]) -> _Worth:
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


def _rivals(days: list[int], day: int) -> int:
    """How many happenings, at most four, the days (in order) are beside that of `day`."""
    count, last = 0, -_FOREVER
    for other in days:
        if abs(other - day) > _SAME:
            if other - last > _SAME:
                count += 1
                if count == _MOST_RIVALS:
                    break
            last = other
    return count


def _find_phrases(
    index: Index, opening: Sequence[tuple[int, tuple[_Phrase, ...]]], words: Sequence[str], sentence: tuple[int, int], present: set[str]
) -> dict[int, tuple[float, str]]:
    """Events whose phrase stands in a sentence: event → (share, phrase).

    `opening` are the tokens at which one may begin, `present` the stems of the whole text.
    """
    found: dict[int, tuple[float, str]] = {}
    roots: list[str] = []
    words = words[sentence[0] : sentence[1] + 1]
    for token, phrases in opening:
        for phrase, owners, apart in phrases:
            if not present.issuperset(phrase[1:]):
                continue
            roots = roots or list(map(index.roots.__getitem__, words))
            span = _spread(roots, token - sentence[0], phrase)
            if span is None:
                continue
            first, last, ordered = span
            share = (1.0 - 0.05 * max(0, last - first + 1 - len(phrase))) / apart
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


class _Cast(NamedTuple):
    """The people of events in an article: the number of those whom it names together, how many they are, and who may be meant."""

    team: int
    named: int
    known: tuple[str, ...]


class _Setting(NamedTuple):
    """The places of events in an article: the number of those that it names together, whether there are any; the states if named."""

    site: int
    named: bool
    states: str


class _Candidate(NamedTuple):
    """An event of which the article may speak."""

    event: int
    happening: KnownEvent
    cast: int
    team: int
    site: int
    states: str
    elsewhere: float  # factors where none of its places, or too little of it, is named, and where it did not happen
    few: float
    unreal: float


def _worth_of_people(team: _Worth | None, here: Collection[str], far: float) -> float:
    """What those are worth whom a sentence names; the others are worth so much less (`far`)."""
    if team is None:
        return 0.5
    total = 0.0
    for name, share in team:
        total += share if name in here else share * far
    return min(total, 1.0)


def _best_place(site: tuple[_Worth, float], here: Collection[str], far: float) -> tuple[float, str]:
    """(worth, name) of the best place; a name that is not `here` is worth so much less (`far`)."""
    places, worth = site
    best = ""
    for name, weight in places:
        value = weight if name in here else weight * far
        if value > worth or not best:
            worth, best = value, name
    return worth, best


class Linker:
    """The links of one article's sentences, computed where asked for."""

    def __init__(
        self, index: Index, document: Document, people: Collection[str], places: Collection[str], where: Mapping[str, Sequence[int]]
    ) -> None:
        self.index, self.document, self.where = index, document, where
        self.people, self.places = set(people), set(places)
        self.short = sum(s.last - s.first + 1 for s in document.sentences) <= _SHORT
        self.far = 0.85 if self.short else 0.55  # what a name elsewhere in the article is worth
        self.memory: dict[int, list[Link]] = {}
        self.firsts = [sentence.first for sentence in document.sentences]
        self.phrases: list[dict[int, tuple[float, str]]] = [{} for _ in document.sentences]
        self.kinds: list[set[str]] = [set() for _ in document.sentences]  # types of events of which the sentence holds a word
        self._read_words()
        self.all_kinds: set[str] = set().union(*self.kinds)
        self.names = self._names()
        self.all_phrases: dict[int, tuple[float, str]] = {}
        for found in self.phrases:
            for event, value in found.items():
                if value[0] > self.all_phrases.get(event, (0.0, ""))[0]:
                    self.all_phrases[event] = value
        self.persons = {name for name in self.people if name in index.by_person}
        self.alike = self._alike()
        # What of the people and of the places of events the article names (with the worth where it is none): many events share it.
        self.teams: dict[_Worth | None, int] = {}
        self.sites: dict[tuple[_Worth, float], int] = {}
        self.casts: dict[int, _Cast] = {}
        self.settings: dict[int, _Setting] = {}
        self.candidates = self._candidates()
        self.by_name: dict[str, list[int]] = defaultdict(list)
        self.by_event: dict[int, int] = {}
        self.team_of, self.site_of = list(self.teams), list(self.sites)
        for n, candidate in enumerate(self.candidates):
            self.by_event[candidate.event] = n
            for name, _ in (*(self.team_of[candidate.team] or ()), *self.site_of[candidate.site][0]):
                self.by_name[name].append(n)

    def _read_words(self) -> None:
        """Find the phrases of the sentences, and the types of events of which they hold a word."""
        words, present = self.document.tokens.words, set[str]()
        opening: dict[int, list[tuple[int, tuple[_Phrase, ...]]]] = {}  # sentence → the tokens at which a phrase may begin
        for token, ((phrases, kinds, parts),) in self.index.looked.known(words):
            present.update(parts)
            sentence = self._sentence(token)
            if sentence is None:
                continue
            self.kinds[sentence].update(kinds)
            if phrases:
                opening.setdefault(sentence, []).append((token, phrases))
        for sentence, tokens in opening.items():
            bounds = self.document.sentences[sentence]
            self.phrases[sentence] = _find_phrases(self.index, tokens, words, (bounds.first, bounds.last), present)

    def _sentence(self, token: int) -> int | None:
        """The sentence of a token, null where it stands in furniture."""
        k = bisect_right(self.firsts, token) - 1
        return k if k >= 0 and token <= self.document.sentences[k].last else None

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
        index = self.index
        event, (cast, setting) = index.events[k], index.of[k]
        if cast not in self.casts:
            self.casts[cast] = self._cast(index.casts[cast])
        if setting not in self.settings:
            self.settings[setting] = self._setting(*index.settings[setting])
        (team, people, _), (site, placed, states) = self.casts[cast], self.settings[setting]
        elsewhere = _ELSEWHERE if event.places and not placed else 1.0
        few = _TOO_LITTLE if people + (placed or bool(states)) < 2 else 1.0
        return _Candidate(k, event, cast, team, site, states, elsewhere, few, 1.0 if event.status == "occurred" else 0.6)

    def _cast(self, shares: _Worth) -> _Cast:
        if not shares:
            return _Cast(self.teams.setdefault(None, len(self.teams)), 0, tuple(self.persons))
        team = tuple([row for row in shares if row[0] in self.people])
        known = tuple([name for name, _ in shares])
        if self.alike:
            known += tuple([other for name in known for other in self.alike.get(name, ())])
        return _Cast(self.teams.setdefault(team, len(self.teams)), len(team), known)

    def _alike(self) -> dict[str, set[str]]:
        """People whom the same words may mean."""
        alike: dict[str, set[str]] = {}
        bearers: dict[int, list[str]] = {}
        for name in self.persons:
            for token in self.where.get(name, ()):
                for other in bearers.setdefault(token, []):
                    alike.setdefault(other, set()).add(name)
                    alike.setdefault(name, set()).add(other)
                bearers[token].append(name)
        return alike

    def _setting(self, weights: _Worth, states: tuple[str, ...]) -> _Setting:
        named = tuple([row for row in weights if row[0] in self.places])
        meant = bool(states) and self.places.issuperset(states)
        site = named, 0.35 if meant else 0.0 if weights else 0.3
        return _Setting(self.sites.setdefault(site, len(self.sites)), bool(named), "/".join(states) if meant else "")

    def _names(self) -> list[set[str]]:
        """The people and places of each sentence."""
        out: list[set[str]] = [set() for _ in self.document.sentences]
        for name in self.people | self.places:
            for token in self.where.get(name, ()):
                k = self._sentence(token)
                if k is not None:
                    out[k].add(name)
        return out

    def of(self, sentence: int) -> list[Link]:
        """The events of a sentence, best first."""
        links = self.memory.get(sentence)
        if links is None:
            links = self.memory[sentence] = self._link(sentence)
        return links

    def _link(self, sentence: int) -> list[Link]:
        fitting = self._fitting(sentence)
        worse = [score for score, _, _ in fitting]
        days: list[int] = []  # of the events that fit about as well
        links: list[Link] = []
        for score, event, candidate in fitting[:_PER_SENTENCE]:
            for _, _, other in fitting[len(days) : bisect_left(worse, score + _ALIKE)]:
                insort(days, other.happening.start.toordinal())
            share = 1 / (1 + _RIVAL * _rivals(days, candidate.happening.start.toordinal()))
            links.append(Link(event, -score, self._why(candidate, sentence), share))
        return links

    def _near(self, sentence: int) -> list[_Candidate]:
        """The candidates of which the sentence names anything; in a short article all."""
        if self.short:
            return self.candidates
        near = {n for name in self.names[sentence] for n in self.by_name.get(name, ())}
        near.update(self.by_event[event] for event in self.phrases[sentence] if event in self.by_event)
        return [self.candidates[n] for n in sorted(near)]

    def _fitting(self, sentence: int) -> list[tuple[float, int, _Candidate]]:
        """(likelihood below zero, event, candidate) of the events that a sentence may speak of, best first."""
        near = self._near(sentence)
        if not near:
            return []
        here, kinds = self.names[sentence], self.kinds[sentence]
        strangers = here & self.persons
        strange: dict[int, float] = {}  # by cast: the factor for people who are no part of it
        teams: dict[int, float] = {}
        sites: dict[int, tuple[float, float]] = {}
        out: list[tuple[float, int, _Candidate]] = []
        for candidate in near:
            event, happening, cast, team, site, _, elsewhere, few, unreal = candidate
            if team not in teams:
                teams[team] = _worth_of_people(self.team_of[team], here, self.far)
            if site not in sites:
                sites[site] = self._worth_of_places(self.site_of[site], here)
            place, least = sites[site]
            kind = 0.3  # somebody says something in every article
            if happening.type != "statement":
                kind = 1.0 if happening.type in kinds else 0.5 if happening.type in self.all_kinds else 0.0
            score = elsewhere * max(teams[team], least) * (0.25 + 0.45 * place + 0.3 * kind) * few
            if strangers:
                if cast not in strange:
                    strange[cast] = _STRANGERS[min(2, len(strangers.difference(self.casts[cast].known)))]
                score *= strange[cast]
            if event in self.all_phrases or (not kind and happening.type in _NAMED):
                score = self._said(score, sentence, event, unsaid=not kind and happening.type in _NAMED)
            score *= unreal
            if score >= _LEAST:
                out.append((-score, event, candidate))
        out.sort(key=_BEST_FIRST)
        return out

    def _worth_of_places(self, site: tuple[_Worth, float], here: set[str]) -> tuple[float, float]:
        """What places are worth in a sentence, and what people are worth there at least."""
        worth, best = _best_place(site, here, self.far)
        return worth, 0.5 if worth > 0.5 and best in self.index.rare else 0.0

    def _said(self, score: float, sentence: int, event: int, *, unsaid: bool) -> float:
        """The likelihood with a phrase for the event, in the sentence or elsewhere.

        A death or a parade is spoken of by a word for it, not by who and where alone.
        """
        phrase, weighted = self.phrases[sentence].get(event), 1.0
        if phrase is None:
            if unsaid:
                score *= _UNSAID
            phrase, weighted = self.all_phrases.get(event), self.far if self.short else 0.3
        if phrase is None:
            return score
        bonus = 0.85 * phrase[0] * weighted
        return min(1.1, bonus + (1 - min(bonus, 0.9)) * score)

    def _why(self, candidate: _Candidate, sentence: int) -> str:
        """The names and phrases by which a sentence speaks of an event."""
        best = _best_place(self.site_of[candidate.site], self.names[sentence], self.far)[1] or candidate.states
        phrase = self.phrases[sentence].get(candidate.event) or self.all_phrases.get(candidate.event)
        people = self.team_of[candidate.team] or ()
        why = [*(name for name, _ in people), *([best] if best else ()), *([f"«{phrase[1]}»"] if phrase else ())]
        return ", ".join(dict.fromkeys(why))
