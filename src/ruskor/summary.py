"""`ruskor summary`: how many articles of which time, a timeline, people, places and disagreements."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from ruskor.annotation import Annotation
from ruskor.corpus import CorpusEvent
from ruskor.model import Interval
from ruskor.table import people_rows, place_rows
from ruskor.terminal import Block, Cell, Grid, Heading, Text
from ruskor.words import STATUS_MARKS, count, short_interval

_SHOWN = 15


def summarise(annotations: Sequence[Annotation], events: Sequence[CorpusEvent], *, failed: int = 0, lang: str = "en") -> dict[str, Any]:
    """The summary as plain values: `events` are the rows to show, in the table's order."""
    days = [a.published.value for a in annotations if a.published.value]
    relevant = [a for a in annotations if a.relevance >= 0.5]
    people = [row for row in people_rows(relevant, events) if row["n_mentions"]]
    places = [row for row in place_rows(relevant, events) if row["n_location"]]
    return {
        "articles": len(annotations),
        "relevant_articles": len(relevant),
        "failed": failed,
        "undated_articles": len(annotations) - len(days),
        "period": {
            "start": min(d.start for d in days).isoformat() if days else None,
            "end": max(d.end or date.min for d in days).isoformat() if days else None,
        },
        "events": len(events),
        "timeline": [_entry(event, lang) for event in events],
        "people": _ranked(people, "n_mentions"),
        "places": _ranked(places, "n_location"),
        "disagreements": [{"event_id": e.event_id, "field": d.field, "text": d.text} for e in events for d in e.disagreements],
    }


def _ranked(rows: list[dict[str, Any]], mentions: str) -> list[dict[str, Any]]:
    """By events, then articles, then mentions; a person or place of no event comes last."""
    rows = sorted(rows, key=lambda row: (-row["n_events"], -row["n_articles"], -row[mentions], row["name"]))
    return [{"name": r["name"], "id": r["id"], "events": r["n_events"], "articles": r["n_articles"], "mentions": r[mentions]} for r in rows]


def _entry(event: CorpusEvent, lang: str) -> dict[str, Any]:
    return {
        "month": _month(event.date),
        "date": event.date.to_json() if event.date else None,
        "shown_date": short_interval(event.date),
        "status": event.status,
        "type": event.type,
        "event_id": event.event_id,
        "title": event.title_ar if lang == "ar" else event.title_en,
        "articles": event.n_articles,
        "disagreements": len(event.disagreements),
    }


def _month(value: Interval | None) -> str | None:
    """`2019-04`; `2019` where the date is no better than a year; null where there is none."""
    if value is None:
        return None
    return value.start.isoformat()[: 4 if value.precision in {"year", "multi-year", "season"} else 7]


def summary_blocks(summary: dict[str, Any]) -> list[Block]:
    """The summary for people."""
    period = summary["period"]
    articles = count(summary["articles"], "article")
    if summary["failed"]:
        articles += f" ({summary['failed']:,} more failed)"
    about = f", {summary['relevant_articles']:,} on the topic" if summary["relevant_articles"] != summary["articles"] else ""
    when = f", {period['start']} to {period['end']}" if period["start"] else ""
    undated = f", {summary['undated_articles']:,} undated" if summary["undated_articles"] else ""
    blocks: list[Block] = [Heading(f"{articles}{about}{when}{undated}: {count(summary['events'], 'event')}"), Text("")]
    blocks += _timeline(summary["timeline"])
    blocks += _counts("People", summary["people"])
    blocks += _counts("Places", summary["places"])
    if summary["disagreements"]:
        blocks += [Heading(f"Disagreements ({len(summary['disagreements'])})")]
        rows: list[list[Cell]] = [[d["event_id"], d["field"], d["text"]] for d in summary["disagreements"]]
        blocks += [Grid(rows, header=("event", "on", "what the articles say"), fixed=frozenset({1}))]
    return blocks


def _timeline(entries: list[dict[str, Any]]) -> list[Block]:
    if not entries:
        return []
    used = [status for status in STATUS_MARKS if any(e["status"] == status for e in entries)]
    rows: list[list[Cell]] = []
    last: tuple[str | None, str | None] = ("", "")
    for entry in entries:
        month = entry["month"]
        year, part = (month[:4], month[5:]) if month else ("undated", "")
        mark, colour = STATUS_MARKS[entry["status"]]
        told = count(entry["articles"], "article") + (
            f", {count(entry['disagreements'], 'disagreement')}" if entry["disagreements"] else ""
        )
        rows.append(
            [(year if year != last[0] else "", "bold"), part if (year, part) != last else "", entry["shown_date"] if month else "",
             (mark, colour), entry["title"] or entry["event_id"], told]
        )  # fmt: skip
        last = (year, part)
    legend = "   ".join(f"{STATUS_MARKS[status][0]} {status}" for status in used)
    header = ("year", "month", "date", "", "event", "told by")
    return [Heading("Timeline"), Text(legend, "dim"), Grid(rows, header=header, fixed=frozenset({0, 1, 2, 3})), Text("")]


def _counts(title: str, rows: list[dict[str, Any]]) -> list[Block]:
    if not rows:
        return []
    shown: list[list[Cell]] = [[r["name"], r["id"] or "", str(r["events"]), str(r["articles"]), str(r["mentions"])] for r in rows[:_SHOWN]]
    rest = [Text(f"and {len(rows) - _SHOWN:,} more", "dim")] if len(rows) > _SHOWN else []
    grid = Grid(shown, header=("name", "id", "events", "articles", "mentions"), fixed=frozenset({1}), right=frozenset({2, 3, 4}))
    return [Heading(f"{title} ({len(rows):,})"), grid, *rest, Text("")]
