"""The tables that commands draw for people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from ruskor.corpus import CorpusEvent
from ruskor.interface import Words, load_words
from ruskor.messages import translate
from ruskor.model import DateMention, Interval
from ruskor.terminal import Block, Cell, Grid, Text
from ruskor.words import STATUS_MARKS, short_interval

_RELEVANT = 0.5
# Columns of a terminal from which on there is room for ids, for types, for statuses in words, for places, for long dates.
_IDS, _TYPES, _WORDS, _FULL, _SMALL = 140, 110, 100, 76, 44
_TITLE = 24  # letters of a title that are worth a column


def event_blocks(events: Sequence[CorpusEvent], *, columns: int | None, lang: str) -> list[Block]:
    """The event table; a narrow terminal gets fewer columns, anything else all of them."""
    words = load_words(lang)
    width = columns or 10_000
    names = ["date", "status", "event"]
    if width >= _TYPES:
        names.insert(2, "type")
    if width >= _FULL:
        names.append("place")
    if width >= 48:
        names.append("articles")
    if width >= _IDS:
        names.append("event_id")
    rows: list[list[Cell]] = []
    for event in events:
        status, colour = words.status(event.status)
        place = event.places[0] if event.places else None
        cells: dict[str, Cell] = {
            "date": _when(event.date, words, width) if event.date else (words.days(None), "dim"),
            "status": (status if width >= _WORDS else status[:1], colour),
            "type": words.type(event.type),
            "event": ((event.title_ar if words.rtl else event.title_en) or event.event_id, "bold" if event.core else ""),
            "place": (place.name_ar if words.rtl else place.name) if place else "",
            "articles": str(event.n_articles),
            "event_id": (event.event_id, "dim"),
        }
        rows.append([cells[name] for name in names])
    header = [words.word("column.n" if name == "articles" else f"column.{name}") for name in names]
    legend: list[Block] = []
    if width < _WORDS:
        header[1] = ""
        used = [status for status in STATUS_MARKS if any(event.status == status for event in events)]
        legend = [Text("  ".join(words.status(status)[0] for status in used), "dim")]
    fixed = {k for k, name in enumerate(names) if name in {"date", "status", "type", "articles"}}
    right = {k for k, name in enumerate(names) if name == "articles"}
    return [*legend, Grid(rows, header=header, fixed=frozenset(fixed), right=frozenset(right))]


def _when(value: Interval, words: Words, width: int) -> str:
    """The days of an event; on a narrow terminal as short as may be."""
    text = words.days(value)
    if width >= _TYPES or (width >= _SMALL and len(text) <= 18):
        return text
    short = short_interval(value)
    if width < _SMALL:
        return short.split("..")[0]
    return short if len(short) <= 16 or value.end is None else f"{value.start.isoformat()[:7]}..{value.end.isoformat()[:7]}"


def article_blocks(rows: Sequence[dict[str, Any]], *, columns: int | None = None, lang: str = "en") -> list[Block]:
    """One line an article; on a terminal long titles are cut, and columns left out until the titles have room."""
    words = load_words(lang)
    copied = ["copy_of"] if any(row.get("copy_of") for row in rows) else []
    names = ["article", "published", "source", "confidence", "relevance", "events", *copied, "title"]
    cells = [_article_cells(row, words) for row in rows]
    header = {name: words.word(f"column.{name}") for name in names}
    if columns:
        longest = {name: max([len(header[name]), *(len(_text(found.get(name, ""))) for found in cells)]) for name in names}
        longest["article"] = min(longest["article"], max(10, columns // 4 if columns < _FULL else columns // 3))
        longest["copy_of"] = min(longest.get("copy_of", 0), 16)

        def room() -> int:
            return columns - sum(longest[name] + 3 for name in names if name != "title")

        for name in ("confidence", "source", "events", "relevance", "copy_of"):
            if room() < _TITLE and name in names:
                names.remove(name)
        cut = {"title": max(room(), 8), "article": longest["article"], "copy_of": longest["copy_of"]}
        cells = [{name: _cut(cell, cut[name]) if name in cut else cell for name, cell in found.items()} for found in cells]
    table = [[found.get(name, "") for name in names] for found in cells]
    right = frozenset(k for k, name in enumerate(names) if name in {"confidence", "relevance", "events"})
    return [Grid(table, header=[header[name] for name in names], fixed=frozenset(range(len(names) - 1)), right=right)]


def _article_cells(row: dict[str, Any], words: Words) -> dict[str, Cell]:
    if row["error"]:
        return {"article": (row["article"], "red"), "title": (translate(row["error"], words), "red")}
    return {
        "article": row["article"],
        "published": _published(row, words),
        "source": words.word(f"source.{row['source'] or 'none'}"),
        "confidence": f"{row['published_confidence']:.2f}",
        "relevance": (f"{row['relevance']:.2f}", "" if row["relevance"] >= _RELEVANT else "dim"),
        "events": str(row["n_events"]),
        "copy_of": (row.get("copy_of") or "", "yellow"),
        "title": row["title"] or "",
    }


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else cell[0] if isinstance(cell, tuple) else cell.text


def _cut(cell: Cell, size: int) -> Cell:
    """A cell cut to a length, with a mark where something is missing."""
    text = " ".join(_text(cell).split())
    if len(text) <= size:
        return cell
    short = text[: max(size - 1, 0)].rstrip() + "…"
    return (short, cell[1]) if isinstance(cell, tuple) else short


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


def figure_blocks(rows: Sequence[dict[str, Any]], *, lang: str = "en") -> list[Block]:
    """Precision, recall and F1."""
    words = load_words(lang)

    def figure(value: float | None) -> str:
        return "" if value is None else f"{value:.3f}"

    cells: list[list[Cell]] = [
        [translate(r["name"], words), *(figure(r[name]) for name in ("precision", "recall", "f1", "value")), translate(r["counts"], words)]
        for r in rows
    ]
    header = [words.word(f"column.{name}") for name in ("measured", "precision", "recall", "f1", "share", "counts")]
    return [Grid(cells, header=header, fixed=frozenset({1, 2, 3, 4}), right=frozenset({1, 2, 3, 4}))]


def search_blocks(rows: Sequence[dict[str, Any]], *, lang: str = "en") -> list[Block]:
    """Entries of the gazetteers."""
    words = load_words(lang)
    cells: list[list[Cell]] = [
        [words.word(f"kind.{r['kind']}"), (r["name"], "bold"), r["name_ar"], r["id"] or "", r["country"] or "", r["facts"], r["where"]]
        for r in rows
    ]
    header = [words.word(f"column.{name}") for name in ("kind", "name", "name_ar", "id", "country", "facts", "where")]
    return [Grid(cells, header=header, fixed=frozenset({0, 3, 4}))]
