"""Corrections applied to merged events: rows split, joined, vetoed, their cells set; each marked and checked against what it means."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ruskor.arabic import fold_key
from ruskor.cells import set_cell, value_of
from ruskor.codes import set_codes
from ruskor.corpus import CorpusEvent, Witness
from ruskor.corrections import Correction, Corrections, Reference, same_article
from ruskor.gazetteer import Gazetteer
from ruskor.merge import Cluster, Telling, compatible
from ruskor.rows import give_ids, order, retitle

Key = tuple[str, str]
Build = Callable[[list[Cluster]], list[CorpusEvent]]
_TITLED = frozenset(("date", "type", "people", "place"))


class DoesNotFitError(Exception):
    """A reference that fits nothing, or several things; the message says why."""


@dataclass(slots=True)
class Corrected:
    """The rows with all corrections in them, those that were vetoed, and what no longer fits, in words."""

    rows: list[CorpusEvent]
    vetoed: list[CorpusEvent] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def correct(corrections: Corrections, clusters: list[Cluster], build: Build, gazetteer: Gazetteer, articles: Iterable[str]) -> Corrected:
    """The rows of the clusters after all corrections. `build` makes rows without ids of clusters; `articles` are those that were read."""
    out = Corrected([], warnings=corrections.unread(articles))
    base = _identified(build(clusters))
    index = _Index(base, lambda: _with_cells(corrections, _identified(build(clusters)), gazetteer))
    linked, marks = _relink(corrections, clusters, index, gazetteer, out.warnings)
    rows = _identified(build(linked))
    after = _Index(rows, index.row_keys)
    former = {id(row): row.event_id for row in rows}
    gone = _apply(corrections, rows, after, gazetteer, out.warnings)
    out.vetoed = [row for row in rows if id(row) in gone]
    out.rows = [row for row in rows if id(row) not in gone]
    for row in out.rows:
        keys = _keys(row)
        row.corrections = [*_published_marks(corrections, row), *[mark for some, mark in marks if some & keys], *row.corrections]
    give_ids(out.rows)
    _remember(out.rows, former, base)
    return out


def correct_stored(corrections: Corrections, rows: list[CorpusEvent], gazetteer: Gazetteer) -> Corrected:
    """A store's rows with cells set and vetoed rows left out, in the table's order; they keep the store's ids.

    Dates of articles, merges and splits would need the articles to be read and merged anew: each is a warning.
    """
    out = Corrected([])
    for entry in corrections.of("articles", "merge", "split"):
        what = "a fixed date" if entry.kind == "articles" else f"a forced {entry.kind}"
        out.warnings.append(f"{corrections.file}:{entry.line}: {what} is not applied to a store's rows; run on the articles themselves")
    index = _Index(rows, lambda: {name: _keys(row) for row in rows for name in row.aliases})
    gone = _apply(corrections, rows, index, gazetteer, out.warnings)
    out.vetoed = [row for row in rows if id(row) in gone]
    out.rows = sorted((row for row in rows if id(row) not in gone), key=order)
    missing = {row.event_id for row in out.vetoed}
    for row in out.rows:
        row.part_of = None if row.part_of in missing else row.part_of
    return out


def _identified(rows: list[CorpusEvent]) -> list[CorpusEvent]:
    give_ids(rows)
    return rows


def _keys(row: CorpusEvent) -> set[Key]:
    return {(w.article, w.event) for w in row.witnesses}


def _remember(rows: list[CorpusEvent], former: dict[int, str], base: list[CorpusEvent]) -> None:
    """The ids that a row's parts had before the corrections become its aliases."""
    taken = {row.event_id for row in rows}
    for row in rows:
        keys = _keys(row)
        names = [former[id(row)], *[other.event_id for other in base if _keys(other) <= keys]]
        row.aliases = list(dict.fromkeys([*row.aliases, *sorted(n for n in names if n not in taken)]))


class _Index:
    """Where a reference leads: rows by id, mentions by passage. `otherwise` gives ids that rows have at another stage."""

    def __init__(self, rows: Sequence[CorpusEvent], otherwise: Callable[[], dict[str, set[Key]]]) -> None:
        self.ids = {row.event_id: _keys(row) for row in rows}
        self.mentions: dict[Key, Witness] = {(w.article, w.event): w for row in rows for w in row.witnesses}
        self._otherwise = otherwise

    def row_keys(self) -> dict[str, set[Key]]:
        return self._otherwise() | self.ids

    def find(self, reference: Reference) -> set[Key]:
        """The mentions that a reference means.

        Raises DoesNotFitError where it means none or could mean several.
        """
        if reference.event_id is not None:
            found = self.ids.get(reference.event_id) or self._otherwise().get(reference.event_id)
            if not found:
                raise DoesNotFitError(f"no row is {reference.event_id}")
            return found
        assert reference.article is not None
        here = [w for w in self.mentions.values() if same_article(reference.article, w.article)]
        exact = [w for w in here if _fits(reference, w, exact=True)]
        near = exact or [w for w in here if _fits(reference, w, exact=False)]
        if not near:
            what = "no event was found in" if not here else "no event has this passage in"
            raise DoesNotFitError(f"{what} {reference}")
        if len(near) > 1:
            kinds = ", ".join(sorted({f"{w.type} ({w.article} {w.event})" for w in near}))
            raise DoesNotFitError(f"several events have this passage in {reference}: {kinds}; name the type, or a longer passage")
        return {(near[0].article, near[0].event)}

    def sides(self, entry: Correction) -> list[set[Key]]:
        """The mentions of each event that an entry names; those of a split are no two the same."""
        found = [self.find(reference) for reference in entry.events]
        if entry.kind == "split" and any(a & b for k, a in enumerate(found) for b in found[k + 1 :]):
            raise DoesNotFitError("two of its events are the same mention")
        return found


def _fits(reference: Reference, witness: Witness, *, exact: bool) -> bool:
    if reference.type is not None and witness.type != reference.type:
        return False
    wanted = _plain(reference.evidence or "")
    for e in witness.evidence:
        if reference.span is not None and not (reference.span[0] < e.span[1] and e.span[0] < reference.span[1]):
            continue
        if not wanted:
            if not exact or reference.span == e.span:
                return True
            continue
        text = _plain(e.text)
        if text == wanted or (not exact and (wanted in text or text in wanted)):
            return True
    return False


def _plain(text: str) -> str:
    return " ".join(fold_key(text).split())


def _relink(
    corrections: Corrections, clusters: list[Cluster], index: _Index, gazetteer: Gazetteer, warnings: list[str]
) -> tuple[list[Cluster], list[tuple[set[Key], dict[str, Any]]]]:
    """Clusters after the forced splits and merges; and what to mark in the rows that hold some of the mentions."""
    marks: list[tuple[set[Key], dict[str, Any]]] = []
    out = list(clusters)
    apart: list[tuple[Correction, list[set[Key]]]] = []
    for entry in corrections.of("split", "merge"):
        try:
            sides = index.sides(entry)
        except DoesNotFitError as error:
            warnings.append(f"{corrections.file}:{entry.line}: this {entry.kind} no longer fits: {error}")
            continue
        marks.append((set().union(*sides), {"kind": entry.kind, "line": entry.line, "reason": entry.reason}))
        if entry.kind == "split":
            apart.append((entry, sides))
            out = [part for cluster in out for part in _take_apart(cluster, sides, gazetteer)]
    for entry in corrections.of("merge"):
        mark = next((some for some, mark in marks if mark["line"] == entry.line), None)
        if mark is not None:
            out = _put_together(out, mark, f"{corrections.file}:{entry.line}: {entry.reason}")
    for entry, sides in apart:
        if any(sum(bool(side & {t.key for t in cluster.tellings}) for side in sides) > 1 for cluster in out):
            warnings.append(f"{corrections.file}:{entry.line}: this split is undone by a merge of the same events")
    return sorted(out, key=lambda c: c.key), marks


def _take_apart(cluster: Cluster, sides: list[set[Key]], gazetteer: Gazetteer) -> list[Cluster]:
    """The cluster without any two sides in one part; its other mentions go where they fit best."""
    inside = sorted((side for side in sides if any(t.key in side for t in cluster.tellings)), key=min)
    if len(inside) < 2:
        return [cluster]
    parts = [[t for t in cluster.tellings if t.key in side] for side in inside]
    fixed = [list(part) for part in parts]
    for t in sorted(cluster.tellings, key=lambda t: t.key):
        if not any(t.key in side for side in inside):
            best = max(range(len(parts)), key=lambda k: (max(_nearness(gazetteer, t, x) for x in fixed[k]), -k))
            parts[best].append(t)
    return [Cluster(sorted(part, key=lambda t: t.key), list(cluster.why)) for part in parts]


def _nearness(gazetteer: Gazetteer, a: Telling, b: Telling) -> tuple[float, bool, int, int]:
    return compatible(gazetteer, a, b) or 0.0, a.date == b.date, len(set(a.places) & set(b.places)), len(a.people & b.people)


def _put_together(clusters: list[Cluster], keys: set[Key], why: str) -> list[Cluster]:
    inside = [c for c in clusters if any(t.key in keys for t in c.tellings)]
    rest = [c for c in clusters if not any(t.key in keys for t in c.tellings)]
    tellings = sorted((t for c in inside for t in c.tellings), key=lambda t: t.key)
    return [*rest, Cluster(tellings, [*dict.fromkeys(w for c in inside for w in c.why), why])]


def _apply(corrections: Corrections, rows: list[CorpusEvent], index: _Index, gazetteer: Gazetteer, warnings: list[str]) -> set[int]:
    """Set cells and find the vetoed rows (by `id`)."""
    home = {key: row for row in rows for key in _keys(row)}
    gone: set[int] = set()
    for entry in corrections.of("cells", "veto"):
        try:
            row = _row_of(entry.events[0], index, home)
        except DoesNotFitError as error:
            what = "veto" if entry.kind == "veto" else "correction of " + ", ".join(name for name, _ in entry.cells)
            warnings.append(f"{corrections.file}:{entry.line}: this {what} no longer fits: {error}")
            continue
        if entry.kind == "veto":
            gone.add(id(row))
            row.corrections.append({"kind": "veto", "line": entry.line, "reason": entry.reason})
        else:
            _set_cells(corrections, entry, row, gazetteer, warnings)
    return gone


def _row_of(reference: Reference, index: _Index, home: dict[Key, CorpusEvent]) -> CorpusEvent:
    found = {id(home[key]): home[key] for key in index.find(reference) if key in home}
    if len(found) != 1:
        raise DoesNotFitError(f"{reference} is now {len(found)} rows" if found else f"no row is {reference}")
    return next(iter(found.values()))


def _set_cells(corrections: Corrections, entry: Correction, row: CorpusEvent, gazetteer: Gazetteer, warnings: list[str]) -> None:
    """Set the cells of one entry, all or none; type, people and place bring a new title, type and status new codes."""
    expected, wanted = dict(entry.was), dict(entry.cells)
    where = f"{corrections.file}:{entry.line}"
    for name, value in expected.items():
        now = value_of(row, name)
        if not _same(now, _words(value)):
            fate = "it is not needed any more" if name in wanted and _same(now, _words(wanted[name])) else "it is not applied"
            warnings.append(f"{where}: this correction no longer fits: {name} of {row.event_id} is {now}, not {_words(value)}; {fate}")
            return
    before = {name: value_of(row, name) for name in wanted}
    problems = {name: problem for name, value in entry.cells if (problem := set_cell(row, name, value, gazetteer))}
    warnings += [f"{where}: {problem}" for problem in problems.values()]
    if any(value_of(row, name) != before[name] for name in _TITLED & set(wanted)):
        row.known_event = None
        retitle(row, gazetteer)
    if {"type", "status"} & set(wanted):
        set_codes(row, gazetteer)
    for name in ("title", "title_ar", "cameo", "plover"):
        if name in wanted:
            set_cell(row, name, wanted[name], gazetteer)
    row.corrections += [
        {"kind": "cells", "line": entry.line, "cell": name, "was": before[name], "value": value_of(row, name), "reason": entry.reason}
        for name in wanted
        if name not in problems
    ]


def _same(a: Any, b: Any) -> bool:
    return sorted(a) == sorted(b) if isinstance(a, list) and isinstance(b, list) else bool(a == b)


def _words(value: Any) -> Any:
    """A value of the file as `value_of` gives it."""
    if hasattr(value, "start"):
        return value.start.isoformat() if value.start == value.end else f"{value.start.isoformat()}..{value.end.isoformat()}"
    return list(value) if isinstance(value, tuple) else value


def _with_cells(corrections: Corrections, rows: list[CorpusEvent], gazetteer: Gazetteer) -> dict[str, set[Key]]:
    """The ids that rows have once their cells are corrected: an analyst may have taken an id from corrected output."""
    _apply(corrections, rows, _Index(rows, dict), gazetteer, [])
    give_ids(rows)
    return {row.event_id: _keys(row) for row in rows}


def _published_marks(corrections: Corrections, row: CorpusEvent) -> list[dict[str, Any]]:
    """Marks for the fixed dates of a row's articles."""
    out = []
    for article in row.articles:
        entry = corrections.published(article)
        if entry is not None:
            out.append(
                {"kind": "articles", "line": entry.line, "article": article, "published": _words(entry.published), "reason": entry.reason}
            )
    return out
