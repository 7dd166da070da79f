"""The tables that commands draw for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ruskor.corpus import CorpusEvent
from ruskor.model import DateMention
from ruskor.terminal import Block, Cell, Grid
from ruskor.words import STATUS_MARKS, short_interval


def event_blocks(events: Sequence[CorpusEvent], *, columns: int | None, lang: str) -> list[Block]:
    """The event table; a narrow terminal gets fewer columns, anything else all of them."""
    width = columns or 10_000
    header = ["date", "status", "event", "place", "n"]
    rows: list[list[Cell]] = []
    for event in events:
        mark, colour = STATUS_MARKS.get(event.status, ("", ""))
        title = (event.title_ar if lang == "ar" else event.title_en) or event.event_id
        place = event.places[0] if event.places else None
        where = (place.name_ar if lang == "ar" else place.name) if place else ""
        rows.append([short_interval(event.date), (f"{mark} {event.status}", colour), title, where, str(event.n_articles)])
    fixed = {0, 1, 4}
    if width >= 110:
        header.insert(2, "type")
        for row, event in zip(rows, events, strict=True):
            row.insert(2, event.type)
        fixed = {0, 1, 2, 5}
    if width >= 140:
        header.append("event_id")
        for row, event in zip(rows, events, strict=True):
            row.append((event.event_id, "dim"))
    return [Grid(rows, header=header, fixed=frozenset(fixed), right=frozenset({header.index("n")}))]


def article_blocks(rows: Sequence[dict[str, Any]]) -> list[Block]:
    """One line an article."""
    cells: list[list[Cell]] = []
    for row in rows:
        if row["error"]:
            cells.append([row["article"], "", "", "", "", "", (row["error"], "red")])
            continue
        start, end = row["published_start"], row["published_end"]
        day = "unknown" if not start else start if start == end else f"{start}..{end or ''}"
        found: list[Cell] = [
            day,
            row["source"] or "",
            f"{row['published_confidence']:.2f}",
            f"{row['relevance']:.2f}",
            str(row["n_events"]),
        ]
        cells.append([row["article"], *found, row["title"] or ""])
    header = ("article", "published", "source", "conf.", "relevance", "events", "title")
    return [Grid(cells, header=header, fixed=frozenset({1, 2, 3, 4, 5}), right=frozenset({3, 4, 5}))]


def date_blocks(found: Sequence[DateMention]) -> list[Block]:
    """The dates of one text."""
    rows: list[list[Cell]] = []
    for d in found:
        start, end = (d.value.start.isoformat(), d.value.end.isoformat() if d.value.end else "") if d.value else ("unresolved", "")
        rows.append([d.text, start, end, d.value.precision if d.value else "", f"{d.span[0]}-{d.span[1]}"])
    return [Grid(rows, header=("text", "start", "end", "precision", "span"), fixed=frozenset({1, 2, 3, 4}))]


def figure_blocks(rows: Sequence[dict[str, Any]]) -> list[Block]:
    """Precision, recall and F1."""

    def figure(value: float | None) -> str:
        return "" if value is None else f"{value:.3f}"

    cells: list[list[Cell]] = [
        [r["name"], figure(r["precision"]), figure(r["recall"]), figure(r["f1"]), figure(r["value"]), r["counts"]] for r in rows
    ]
    header = ("what", "precision", "recall", "F1", "share", "counts")
    return [Grid(cells, header=header, fixed=frozenset({1, 2, 3, 4}), right=frozenset({1, 2, 3, 4}))]


def search_blocks(rows: Sequence[dict[str, Any]]) -> list[Block]:
    """Entries of the gazetteers."""
    cells: list[list[Cell]] = [
        [r["kind"], (r["name"], "bold"), r["name_ar"], r["id"] or "", r["country"] or "", r["facts"], r["where"]] for r in rows
    ]
    return [Grid(cells, header=("kind", "name", "Arabic", "id", "country", "facts", "where"), fixed=frozenset({0, 3, 4}))]
