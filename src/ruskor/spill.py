"""Merging more articles than memory holds: annotations, events and rows wait in temporary files, one kind of event is merged at a time.

What stays in memory for an article is its name and sketch, for an event its `Telling`, of which equal parts are kept once. The
rows are those of `pipeline.merge_corrected`, byte for byte: events of different groups never become one row, so the groups can be
merged one after another.
"""

from __future__ import annotations

import pickle
import tempfile
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Generic, TypeVar, overload

from ruskor.annotation import Annotation
from ruskor.copies import copies_of
from ruskor.corpus import CorpusEvent
from ruskor.knowntitles import name_known
from ruskor.merge import Telling, merge, telling, votes
from ruskor.model import Event
from ruskor.pipeline import Pipeline
from ruskor.rows import base_id, give_ids, make_row, order

T = TypeVar("T")
_PROTOCOL = 5
# Annotations that are kept in memory before the file is begun.
FEW = 3_000


class Shelf(Sequence[T], Generic[T]):
    """A sequence whose items wait pickled in an unnamed temporary file; each access loads anew what was put there."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="ruskor-")  # noqa: SIM115 - it lives as long as the shelf
        self._at = array("Q", [0])

    def append(self, value: T) -> None:
        """Add an item."""
        self.append_pickled(pickle.dumps(value, _PROTOCOL))

    def extend(self, values: Iterable[T]) -> None:
        """Add items."""
        for value in values:
            self.append(value)

    def append_pickled(self, data: bytes) -> None:
        """Add an item that another process pickled."""
        self._file.seek(self._at[-1])
        self._file.write(data)
        self._at.append(self._at[-1] + len(data))

    def __len__(self) -> int:
        return len(self._at) - 1

    @overload
    def __getitem__(self, k: int) -> T: ...
    @overload
    def __getitem__(self, k: slice) -> Sequence[T]: ...
    def __getitem__(self, k: int | slice) -> T | Sequence[T]:
        if isinstance(k, slice):
            return [self[n] for n in range(*k.indices(len(self)))]
        if k < 0:
            k += len(self)
        if not 0 <= k < len(self):
            raise IndexError(k)
        self._file.seek(self._at[k])
        value: T = pickle.loads(self._file.read(self._at[k + 1] - self._at[k]))  # noqa: S301 - our own unnamed file
        return value

    def __iter__(self) -> Iterator[T]:
        for k in range(len(self)):
            yield self[k]


def light(annotation: Annotation) -> Annotation:
    """The annotation without its text and mentions: what the event table needs of it."""
    article = replace(annotation.article, text="")
    return replace(annotation, article=article, dates=[], people=[], places=[], organizations=[], furniture=[], document=None)


Known = dict[int, tuple[str | None, str, str]]  # row → known event and titles


class Rows(Sequence[CorpusEvent]):
    """The merged rows in the table's order, each loaded when it is asked for."""

    def __init__(self, shelf: Shelf[CorpusEvent], where: Sequence[int], names: Sequence[tuple[str, str | None]], known: Known) -> None:
        self._shelf, self._where, self._names, self._known = shelf, where, names, known

    def __len__(self) -> int:
        return len(self._where)

    @overload
    def __getitem__(self, k: int) -> CorpusEvent: ...
    @overload
    def __getitem__(self, k: slice) -> Sequence[CorpusEvent]: ...
    def __getitem__(self, k: int | slice) -> CorpusEvent | Sequence[CorpusEvent]:
        if isinstance(k, slice):
            return self.pick(range(*k.indices(len(self))))
        number = self._where[k]
        row = self._shelf[number]
        row.event_id, row.part_of = self._names[number]
        if number in self._known:
            row.known_event, row.title_en, row.title_ar = self._known[number]
        return row

    def __iter__(self) -> Iterator[CorpusEvent]:
        for k in range(len(self)):
            yield self[k]

    def pick(self, positions: Iterable[int]) -> Rows:
        """Some of the rows, still unloaded."""
        return Rows(self._shelf, array("I", [self._where[k] for k in positions]), self._names, self._known)


class _Pool:
    """Equal parts of tellings, kept once."""

    def __init__(self) -> None:
        self.known: dict[Any, Any] = {}

    def one(self, value: T) -> T:
        """The first value that equals this one."""
        return self.known.setdefault((type(value), value), value)  # type: ignore[no-any-return]

    def share(self, t: Telling) -> Telling:
        """The telling made of shared parts."""
        one = self.one
        return replace(
            t, article=one(t.article), event=one(t.event), date=one(t.date), published=one(t.published), guests=one(t.guests),
            hosts=one(t.hosts), countries=one(t.countries), origin=one(t.origin), places=one(t.places),
        )  # fmt: skip


class _Events:
    """The events of all articles by (article, event), the last ones remembered."""

    def __init__(self) -> None:
        self.shelf: Shelf[list[Event]] = Shelf()
        self.article: dict[str, int] = {}
        self._near: dict[str, dict[str, Event]] = {}

    def add(self, name: str, events: list[Event]) -> None:
        """The events of one article."""
        self.article[name] = len(self.shelf)
        self.shelf.append(events)

    def __getitem__(self, key: tuple[str, str]) -> Event:
        name, event = key
        found = self._near.get(name)
        if found is None:
            if len(self._near) > 2_000:
                self._near.clear()
            found = self._near[name] = {e.event_id: e for e in self.shelf[self.article[name]]}
        return found[event]


def merge_spilled(pipeline: Pipeline, annotations: Iterable[Annotation]) -> Rows:
    """The merged rows of many articles (without corrections), in the table's order."""
    g = pipeline.gazetteer
    by_group, events, parents = _tellings(annotations)
    shelf: Shelf[CorpusEvent] = Shelf()
    home: dict[tuple[str, str], int] = {}
    keyed: list[tuple[Any, ...]] = []
    bases: dict[str, Any] = {}
    likely: list[int] = []
    for group in sorted(by_group):
        for cluster in merge(by_group.pop(group), g):
            row = make_row(cluster, {t.key: events[t.key] for t in cluster.tellings}, g)
            number = len(shelf)
            shelf.append(row)
            for t in cluster.tellings:
                home[t.key] = number
            keyed.append(order(row)[:3])
            bases.setdefault(base_id(row), array("I")).append(number)
            name_known([row], pipeline.topic.name)
            if row.known_event is not None:
                likely.append(number)
    known_rows = [shelf[number] for number in likely]
    name_known(known_rows, pipeline.topic.name)
    known: Known = {n: (row.known_event, row.title_en, row.title_ar) for n, row in zip(likely, known_rows, strict=True) if row.known_event}
    ids = _ids(shelf, bases)
    part_of = _parts(home, parents, ids)
    where = array("I", sorted(range(len(shelf)), key=lambda number: (*keyed[number], ids[number])))
    return Rows(shelf, where, [(name, part_of.get(number)) for number, name in enumerate(ids)], known)


def _tellings(
    annotations: Iterable[Annotation],
) -> tuple[dict[str, list[Telling]], _Events, dict[tuple[str, str], str]]:
    """The tellings by group, near copies marked, the events behind them, and of which event of its article each is a part."""
    events, pool = _Events(), _Pool()
    names: list[str] = []
    days = array("l")
    marks: list[bytes] = []
    told: list[Telling] = []
    parents: dict[tuple[str, str], str] = {}
    for a in annotations:
        name, own = a.article.article, a.published.value
        names.append(name)
        days.append(own.start.toordinal() if own else 0)
        marks.append(array("I", a.sketch).tobytes())
        events.add(name, a.events)
        for event in a.events:
            told.append(pool.share(telling(name, event, own)))
            if event.part_of:
                parents[told[-1].key] = event.part_of
    copies = copies_of(names, days, marks)
    del marks, days, names
    groups: dict[str, list[Telling]] = {}
    for t in told:
        leader = copies.get(t.article)
        groups.setdefault(t.group, []).append(replace(t, copy_of=leader) if leader else t)
    return groups, events, parents


def _ids(shelf: Shelf[CorpusEvent], bases: dict[str, Any]) -> list[str]:
    """The rows' ids; only rows that would share one are loaded to tell them apart."""
    ids = [""] * len(shelf)
    for name, numbers in bases.items():
        if len(numbers) == 1:
            ids[numbers[0]] = name
            continue
        rows = [shelf[number] for number in numbers]
        give_ids(rows)
        for number, row in zip(numbers, rows, strict=True):
            ids[number] = row.event_id
    return ids


def _parts(home: dict[tuple[str, str], int], parents: dict[tuple[str, str], str], ids: list[str]) -> dict[int, str]:
    """The row of which a row is a part, by the votes of its witnesses."""
    found: dict[int, list[str]] = {}
    for (article, event), parent in parents.items():
        number, whole = home[article, event], home.get((article, parent))
        if whole is not None and whole != number:
            found.setdefault(number, []).append(ids[whole])
    return {number: votes(names)[0] for number, names in found.items()}
