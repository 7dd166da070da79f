"""Which rows are shown: the contract's default and the filters, with an account of what was left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from ruskor.annotation import Annotation
from ruskor.corpus import CorpusEvent
from ruskor.gazetteer import Gazetteer
from ruskor.model import Participant, PlaceMention


@dataclass(frozen=True, slots=True)
class Filter:
    """The filters of a run. Several of one kind mean "or", of different kinds "and"."""

    since: date | None = None
    until: date | None = None
    types: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    core: bool = False
    everything: bool = False


def _key(text: str) -> tuple[str, ...]:
    from ruskor.arabic import fold, tokenize

    return tuple(tokenize(fold(text.casefold())).words)


def _part_of(words: tuple[str, ...], name: str) -> bool:
    """Whether the words stand in the name, in a row and whole: «Putin» is in «Vladimir Putin», «put» is not."""
    other = _key(name)
    size = len(words)
    return bool(size) and any(other[k : k + size] == words for k in range(len(other) - size + 1))


def _known(gazetteer: Gazetteer, query: str, kinds: frozenset[str]) -> set[int]:
    """Entries of the gazetteer that bear the query as a name or alias."""
    node = gazetteer.trie
    for word in _key(query):
        if word not in node:
            return set()
        node = node[word]
    return {reference for kind, reference in node.get("", ()) if kind in kinds}


def _person_test(gazetteer: Gazetteer, queries: Sequence[str]) -> Callable[[Participant], bool]:
    names = {gazetteer.people[k].name for query in queries for k in _known(gazetteer, query, frozenset({"person", "short", "rare"}))}
    keys = [_key(query) for query in queries]

    def test(person: Participant) -> bool:
        return person.name in names or person.id in queries or any(_part_of(words, person.name) for words in keys)

    return test


def _place_test(gazetteer: Gazetteer, queries: Sequence[str]) -> Callable[[PlaceMention], bool]:
    """A place matches by its own names and by those of what contains it: Vladivostok is in Russia."""
    names = {gazetteer.places[k].name for query in queries for k in _known(gazetteer, query, frozenset({"place"}))}
    keys = {_key(query) for query in queries}

    def named(name: str, identifier: str | None) -> bool:
        return name in names or identifier in queries or _key(name) in keys

    def test(mention: PlaceMention) -> bool:
        if named(mention.name, mention.id):
            return True
        index = gazetteer.place_index.get(mention.name)
        around = list(gazetteer.places[index].inside) if index is not None else []
        country = gazetteer.countries.get(mention.country or "")
        if country is not None:
            around.append(gazetteer.places[country].name)
        for name in around:
            found = gazetteer.place_index.get(name)
            if named(name, gazetteer.places[found].id if found is not None else None):
                return True
        return False

    return test


def name_test(gazetteer: Gazetteer, query: str, *, kind: str) -> tuple[set[str], Callable[[str], bool]]:
    """The entries (`kind`: person or place) that bear the query as a name or alias, and a test for names that hold its words."""
    if kind == "person":
        known = {gazetteer.people[k].name for k in _known(gazetteer, query, frozenset({"person", "short", "rare"}))}
    else:
        known = {gazetteer.places[k].name for k in _known(gazetteer, query, frozenset({"place"}))}
    words = _key(query)
    return known, lambda name: _part_of(words, name) if kind == "person" else _key(name) == words


def _in_time(event: CorpusEvent, since: date | None, until: date | None) -> bool:
    if event.date is None:
        return since is None and until is None
    return (since is None or event.date.last >= since) and (until is None or event.date.start <= until)


def select(events: Iterable[CorpusEvent], chosen: Filter, gazetteer: Gazetteer) -> tuple[Sequence[CorpusEvent], Counter[str]]:
    """The events to show, and how many were left out by what (each counted once, by the first that applies).

    Rows that wait in a file (`spill.Rows`) are picked there and not kept in memory.
    """
    pick: Callable[[list[int]], Sequence[CorpusEvent]] | None = getattr(events, "pick", None)
    person = _person_test(gazetteer, chosen.people) if chosen.people else None
    place = _place_test(gazetteer, chosen.places) if chosen.places else None
    kept: list[CorpusEvent] = []
    picked: list[int] = []
    dropped: Counter[str] = Counter()
    for k, event in enumerate(events):
        reason = _hidden(event, chosen)
        if not reason and chosen.types and event.type not in chosen.types:
            reason = "of another type"
        if not reason and chosen.statuses and event.status not in chosen.statuses:
            reason = "of another status"
        if not reason and not _in_time(event, chosen.since, chosen.until):
            reason = "undated" if event.date is None else "outside --since/--until"
        if not reason and person and not any(person(p) for p in event.people):
            reason = "without that person"
        if not reason and place and not any(place(p) for p in event.places):
            reason = "not at that place"
        if reason:
            dropped[reason] += 1
        elif pick:
            picked.append(k)
        else:
            kept.append(event)
    return pick(picked) if pick else kept, dropped


def _hidden(event: CorpusEvent, chosen: Filter) -> str | None:
    """Why an event is not among the default rows; who asks for statements by name gets them."""
    if chosen.everything:
        return "not core" if chosen.core and not event.core else None
    if not event.relevant:
        return "outside the topic"
    if event.type == "statement" and "statement" not in chosen.types:
        return "statements"
    return "not core" if chosen.core and not event.core else None


_SHOWN_BY_ALL = ("outside the topic", "statements")


def explain_empty(dropped: Counter[str], n_articles: int) -> str:
    """Why no row is left, in one line."""
    whose = "article's" if n_articles == 1 else "articles'"
    head = f"0 of {n_articles} {whose} events"
    if not dropped:
        return f"{head}: none was found"
    hidden = [f"{dropped[reason]} {reason}" for reason in _SHOWN_BY_ALL if dropped[reason]]
    others = [f"{count} {reason}" for reason, count in sorted(dropped.items()) if reason not in _SHOWN_BY_ALL]
    parts = [", ".join(hidden) + ", see --all"] if hidden else []
    return f"{head}: " + "; ".join([*parts, *others])


_OFF_TOPIC = 0.1


def explain_off_topic(annotations: Iterable[Annotation], topic: str) -> str | None:
    """Which articles have nothing to do with the topic, in one line; null where all have."""
    off = [a.article.article for a in annotations if a.relevance < _OFF_TOPIC and not any(e.relevant for e in a.events)]
    if not off:
        return None
    few = ", ".join(off[:5]) + (f" and {len(off) - 5} more, see `ruskor articles`" if len(off) > 5 else "")
    return f"{len(off)} {'article has' if len(off) == 1 else 'articles have'} nothing to do with the topic {topic}: {few}"
