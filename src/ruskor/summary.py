"""`ruskor summary`: how many articles of which time, a timeline, people, places, pairs and disagreements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import combinations
from typing import Any

from ruskor.annotation import Annotation
from ruskor.corpus import CorpusEvent
from ruskor.interface import Words, load_words
from ruskor.messages import translate
from ruskor.model import Interval
from ruskor.spark import Scale, counts, make_scale, sparkline
from ruskor.table import people_rows, place_rows
from ruskor.terminal import Block, Cell, Grid, Heading, Text
from ruskor.words import STATUS_MARKS, short_interval

_SHOWN = 15
_NARROW = 70
# Events in which people meet.
_CONTACTS = frozenset(("summit", "visit", "meeting", "call", "delegation", "negotiation"))
_DONE = frozenset(("occurred", "ongoing"))


def summarise(annotations: Sequence[Annotation], events: Sequence[CorpusEvent], *, failed: int = 0, lang: str = "en") -> dict[str, Any]:
    """The summary as plain values: `events` are the rows to show, in the table's order."""
    days = [a.published.value for a in annotations if a.published.value]
    relevant = [a for a in annotations if a.relevance >= 0.5]
    people = [row for row in people_rows(relevant, events) if row["n_mentions"]]
    named = Counter(key for a in relevant for key in {(p.name, p.id) for p in a.places if p.role == "location"})
    places = [row | {"n_articles": named[row["name"], row["id"]]} for row in place_rows(relevant, events) if row["n_location"]]
    arabic = {row["name"]: row["name_ar"] for row in [*people, *places]}
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
        "pairs": pairs(events),
        "disagreements": [{"event_id": e.event_id, "field": d.field, "text": d.text} for e in events for d in e.disagreements],
        "over_time": over_time(events),
        "names_ar": arabic,
    }


def _ranked(rows: list[dict[str, Any]], mentions: str) -> list[dict[str, Any]]:
    """By events, then articles, then mentions; a person or place of no event comes last."""
    rows = sorted(rows, key=lambda row: (-row["n_events"], -row["n_articles"], -row[mentions], row["name"]))
    return [{"name": r["name"], "id": r["id"], "events": r["n_events"], "articles": r["n_articles"], "mentions": r[mentions]} for r in rows]


def over_time(events: Sequence[CorpusEvent]) -> dict[str, Any]:
    """How many events each person takes part in and each place sees, in equal stretches of time.

    `starts` are the stretches' first days, `months` their length, `people` and `places` the counts by name.
    """
    dated = [event for event in events if event.date]
    scale = make_scale(e.date for e in dated if e.date)
    if scale is None:
        return {"starts": [], "months": None, "people": {}, "places": {}}
    return {
        "starts": scale.starts(),
        "months": scale.step,
        "people": _by_name(dated, scale, "people"),
        "places": _by_name(dated, scale, "places"),
    }


def _by_name(events: Sequence[CorpusEvent], scale: Scale, field: str) -> dict[str, list[int]]:
    dates: dict[str, list[Interval]] = {}
    for event in events:
        for name in {p.name for p in getattr(event, field)}:
            if event.date:
                dates.setdefault(name, []).append(event.date)
    return {name: counts(values, scale) for name, values in sorted(dates.items())}


def pairs(events: Sequence[CorpusEvent]) -> list[dict[str, Any]]:
    """Pairs of people by how often they met, then by other contacts (planned, possible, denied, called off).

    A summit within a visit is one contact with it; it counts as met where either is said to have taken place.
    """
    parents = {event.event_id: event.part_of for event in events}
    found: dict[tuple[str, str], dict[str, tuple[bool, Interval | None]]] = {}
    for event in events:
        if event.type not in _CONTACTS:
            continue
        root, seen = event.event_id, set()
        while (above := parents.get(root)) and above in parents and root not in seen:
            seen.add(root)
            root = above
        for pair in combinations(sorted({p.name for p in event.people}), 2):
            met, last = found.setdefault(pair, {}).get(root, (False, None))
            dates = [value for value in (last, event.date) if value]
            found[pair][root] = (met or event.status in _DONE, max(dates, key=lambda value: value.start, default=None))
    rows = []
    for pair, contacts in found.items():
        dates = [value for met, value in contacts.values() if met and value]
        last_time = max(dates, key=lambda value: value.start, default=None)
        n_met = sum(met for met, _ in contacts.values())
        rows.append({"people": list(pair), "met": n_met, "other": len(contacts) - n_met, "last": last_time and last_time.to_json()})
    return sorted(rows, key=lambda row: (-row["met"], -row["other"], row["people"]))


def _entry(event: CorpusEvent, lang: str) -> dict[str, Any]:
    return {
        "month": _month(event.date),
        "date": event.date.to_json() if event.date else None,
        "shown_date": load_words(lang).days(event.date) if lang != "en" else short_interval(event.date),
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


def summary_blocks(summary: dict[str, Any], *, words: Words | None = None, columns: int | None = None) -> list[Block]:
    """The summary for people, in the language of `words`; a narrow terminal gets fewer columns."""
    words = words or load_words()
    narrow = columns is not None and columns < _NARROW
    blocks: list[Block] = [Heading(_lead(summary, words)), Text("")]
    blocks += _timeline(summary["timeline"], words, narrow=narrow)
    if summary["over_time"]["months"] and not narrow:
        blocks.append(Text(_scale_words(summary["over_time"], words), "dim"))
    blocks += _counts("people", summary, words, narrow=narrow)
    blocks += _counts("places", summary, words, narrow=narrow)
    blocks += _pairs(summary, words)
    if summary["disagreements"]:
        blocks += [Heading(f"{words.word('heading.disagreements')} ({len(summary['disagreements'])})")]
        rows: list[list[Cell]] = [
            [d["event_id"], words.word(f"field.{d['field']}"), translate(d["text"], words)] for d in summary["disagreements"]
        ]
        header = tuple(words.word(f"column.{name}") for name in ("event", "field", "says"))
        blocks += [Grid(rows, header=header, fixed=frozenset({1}))]
    return blocks


def _lead(summary: dict[str, Any], words: Words) -> str:
    period = summary["period"]
    articles = words.count(summary["articles"], "article")
    if summary["failed"]:
        articles += words.fill("say.failed", n=f"{summary['failed']:,}")
    about = words.fill("say.about", n=f"{summary['relevant_articles']:,}") if summary["relevant_articles"] != summary["articles"] else ""
    when = words.fill("say.when", start=words.day(period["start"]), end=words.day(period["end"])) if period["start"] else ""
    undated = words.fill("say.undated", n=f"{summary['undated_articles']:,}") if summary["undated_articles"] else ""
    events = words.count(summary["events"], "event")
    return words.fill("say.articles_about", articles=articles, about=about, when=when, undated=undated, events=events)


def _timeline(entries: list[dict[str, Any]], words: Words, *, narrow: bool) -> list[Block]:
    if not entries:
        return []
    used = [status for status in STATUS_MARKS if any(e["status"] == status for e in entries)]
    rows: list[list[Cell]] = []
    last: tuple[str | None, str | None] = ("", "")
    for entry in entries:
        month = entry["month"]
        year, part = (month[:4], month[5:]) if month else (words.word("say.undated_year"), "")
        name = words.table["months_short"][int(part) - 1] if part else ""
        mark, colour = STATUS_MARKS[entry["status"]]
        told = words.count(entry["articles"], "article")
        if entry["disagreements"]:
            told += words.table["comma"] + words.count(entry["disagreements"], "disagreement")
        row: list[Cell] = [(year if year != last[0] else "", "bold"), name if (year, part) != last else ""]
        if not narrow:
            row.append(entry["shown_date"] if month else "")
        row += [(mark, colour), entry["title"] or entry["event_id"]]
        if not narrow:
            row.append((told, "dim") if entry["articles"] == 1 and not entry["disagreements"] else told)
        rows.append(row)
        last = (year, part)
    legend = "   ".join(words.status(status)[0] for status in used)
    names = ("year", "month", "", "event") if narrow else ("year", "month", "date", "", "event", "told")
    header = tuple(words.word(f"column.{name}") if name else "" for name in names)
    fixed = frozenset(range(len(header) - (1 if narrow else 2)))
    return [Heading(words.word("heading.timeline")), Text(legend, "dim"), Grid(rows, header=header, fixed=fixed), Text("")]


def interval_of(value: dict[str, Any]) -> Interval:
    """An interval from its JSON."""
    end = value["end"]
    return Interval(date.fromisoformat(value["start"]), date.fromisoformat(end) if end else None, value["precision"])


def _scale_words(found: dict[str, Any], words: Words) -> str:
    months = found["months"]
    step = {1: "step_month", 3: "step_quarter", 12: "step_year"}.get(months)
    name = words.word(f"say.{step}") if step else words.fill("say.step_years", n=months // 12)
    return words.fill("say.over_time", start=found["starts"][0], end=found["starts"][-1], step=name)


def _counts(kind: str, summary: dict[str, Any], words: Words, *, narrow: bool) -> list[Block]:
    rows = summary[kind]
    if not rows:
        return []
    lines: dict[str, list[int]] = summary["over_time"][kind]
    most = max((max(numbers) for numbers in lines.values()), default=1)
    shown: list[list[Cell]] = []
    for r in rows[:_SHOWN]:
        row: list[Cell] = [_name(r["name"], summary, words), str(r["events"]), str(r["articles"]), str(r["mentions"])]
        if not narrow:
            row.insert(1, (r["id"] or "", "dim"))
            row.append((sparkline(lines[r["name"]], most=most) if r["name"] in lines else "", "cyan"))
        shown.append(row)
    rest = [Text(words.fill("say.more", n=f"{len(rows) - _SHOWN:,}"), "dim")] if len(rows) > _SHOWN else []
    names = ("name", "events", "articles", "mentions") if narrow else ("name", "id", "events", "articles", "mentions", "over_time")
    header = tuple(words.word(f"column.{name}") for name in names)
    first = 1 if narrow else 2
    grid = Grid(shown, header=header, fixed=frozenset(range(1, len(header))), right=frozenset(range(first, first + 3)))
    return [Heading(f"{words.word(f'heading.{kind}')} ({len(rows):,})"), grid, *rest, Text("")]


def _name(name: str, summary: dict[str, Any], words: Words) -> str:
    return str(summary["names_ar"].get(name) or name) if words.rtl else name


def _pairs(summary: dict[str, Any], words: Words) -> list[Block]:
    rows = summary["pairs"]
    if not rows:
        return []
    shown: list[list[Cell]] = [
        [
            words.fill("page.people_and", a=_name(r["people"][0], summary, words), b=_name(r["people"][1], summary, words)),
            str(r["met"]),
            str(r["other"]) if r["other"] else "",
            words.days(interval_of(r["last"])) if r["last"] else "",
        ]
        for r in rows[:_SHOWN]
    ]
    rest = [Text(words.fill("say.more", n=f"{len(rows) - _SHOWN:,}"), "dim")] if len(rows) > _SHOWN else []
    header = tuple(words.word(f"column.{name}") for name in ("first_two", "met", "other", "last"))
    grid = Grid(shown, header=header, fixed=frozenset({1, 2, 3}), right=frozenset({1, 2}))
    return [Heading(f"{words.word('heading.pairs')} ({len(rows):,})"), grid, *rest, Text("")]
