"""The tables that commands draw for people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from ruskor.corpus import CorpusEvent
from ruskor.interface import Words, load_words
from ruskor.model import DateMention, Interval
from ruskor.terminal import Block, Cell, Grid

_RELEVANT = 0.5


def event_blocks(events: Sequence[CorpusEvent], *, columns: int | None, lang: str) -> list[Block]:
    """The event table; a narrow terminal gets fewer columns, anything else all of them."""
    words = load_words(lang)
    width = columns or 10_000
    names = ["date", "status", "event"]
    if width >= 110:
        names.insert(2, "type")
    if width >= 60:
        names.append("place")
    if width >= 48:
        names.append("articles")
    if width >= 140:
        names.append("event_id")
    rows: list[list[Cell]] = []
    for event in events:
        status, colour = words.status(event.status)
        place = event.places[0] if event.places else None
        cells: dict[str, Cell] = {
            "date": words.days(event.date) if event.date else (words.days(None), "dim"),
            "status": (status if width >= 60 else status[:1], colour),
            "type": words.type(event.type),
            "event": ((event.title_ar if words.rtl else event.title_en) or event.event_id, "bold" if event.core else ""),
            "place": (place.name_ar if words.rtl else place.name) if place else "",
            "articles": str(event.n_articles),
            "event_id": (event.event_id, "dim"),
        }
        rows.append([cells[name] for name in names])
    header = [words.word(f"column.{name}") if name != "articles" else "n" for name in names]
    if width < 60:
        header[1] = ""
    fixed = {k for k, name in enumerate(names) if name in {"date", "status", "type", "articles"}}
    right = {k for k, name in enumerate(names) if name == "articles"}
    return [Grid(rows, header=header, fixed=frozenset(fixed), right=frozenset(right))]


def article_blocks(rows: Sequence[dict[str, Any]], *, columns: int | None = None, lang: str = "en") -> list[Block]:
    """One line an article; a narrow terminal gets fewer columns."""
    words = load_words(lang)
    width = columns or 10_000
    names = ["article", "published"]
    if width >= 60:
        names.append("source")
    if width >= 100:
        names.append("confidence")
    if width >= 80:
        names.append("relevance")
    names += ["events"] if width >= 60 else []
    if any(row.get("copy_of") for row in rows) and width >= 80:
        names.append("copy_of")
    names.append("title")
    cells: list[list[Cell]] = []
    for row in rows:
        found: dict[str, Cell] = {"article": row["article"], "title": row["title"] or ""}
        if row["error"]:
            found = {"article": (row["article"], "red"), "title": (row["error"], "red")}
        else:
            found |= {
                "published": _published(row, words),
                "source": words.word(f"source.{row['source'] or 'none'}"),
                "confidence": f"{row['published_confidence']:.2f}",
                "relevance": (f"{row['relevance']:.2f}", "" if row["relevance"] >= _RELEVANT else "dim"),
                "events": str(row["n_events"]),
                "copy_of": (row.get("copy_of") or "", "yellow"),
            }
        cells.append([found.get(name, "") for name in names])
    header = [words.word(f"column.{name}") for name in names]
    fixed = {k for k, name in enumerate(names) if name in {"published", "source", "confidence", "relevance", "events"}}
    right = {k for k, name in enumerate(names) if name in {"confidence", "relevance", "events"}}
    return [Grid(cells, header=header, fixed=frozenset(fixed), right=frozenset(right))]


def _published(row: dict[str, Any], words: Words) -> Cell:
    start, end = row["published_start"], row["published_end"]
    if not start:
        return words.word("say.unknown"), "dim"
    return words.days(Interval(date.fromisoformat(start), date.fromisoformat(end) if end else None, row["published_precision"]))


def date_blocks(found: Sequence[DateMention], *, lang: str = "en") -> list[Block]:
    """The dates of one text."""
    words = load_words(lang)
    rows: list[list[Cell]] = []
    for d in found:
        precision = words.word(f"precision.{d.value.precision}") if d.value else ""
        start: Cell = words.day(d.value.start) if d.value else (words.word("say.unresolved"), "dim")
        end = words.day(d.value.end) if d.value and d.value.end else ""
        rows.append([d.text, start, end, precision, f"{d.span[0]}-{d.span[1]}"])
    header = tuple(words.word(f"column.{name}") for name in ("text", "since", "until", "days", "span"))
    return [Grid(rows, header=header, fixed=frozenset({1, 2, 3, 4}))]


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
