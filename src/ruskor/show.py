"""`ruskor show`: one article or one event explained, as blocks for the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ruskor.annotation import Annotation
from ruskor.corpus import CorpusEvent, Witness
from ruskor.document import withheld
from ruskor.model import Event, Interval
from ruskor.terminal import Block, Cell, Grid, Heading, Text
from ruskor.withhold import KIND, mask, withheld_spans
from ruskor.words import STATUS_MARKS, short_interval

__all__ = ["mask", "show_article", "show_event", "withheld_spans"]

_COLOURS = {"date": "cyan", "person": "green", "place": "yellow"}


def _dated(value: Interval | None) -> str:
    return f"{short_interval(value)} ({value.precision})" if value else "unknown"


def show_article(annotation: Annotation, events: Sequence[CorpusEvent] = ()) -> list[Block]:
    """An article: its own date with the reasoning, its text with the furniture labelled, and all that was found.

    `events` are the rows of the event table, to name those that the article witnesses.
    """
    article, published = annotation.article, annotation.published
    facts: list[list[Cell]] = [["title", (annotation.title, "bold")], ["path", article.path]]
    extra: list[list[Cell]] = [[name, value] for name, value in (("outlet", article.outlet), ("address", article.url)) if value]
    reasons: list[list[Cell]] = [["because" if k == 0 else "", reason] for k, reason in enumerate(published.reasons)]
    rejected: list[list[Cell]] = [["rejected", f"{r.text} = {_dated(r.value)}: {r.why}"] for r in published.rejected]
    facts += [
        *extra,
        ["published", (_dated(published.value), "bold")],
        ["source", f"{published.source or 'none'}, confidence {published.confidence:.2f}"],
        *reasons,
        *rejected,
        ["relevance", f"{annotation.relevance:.2f}"],
    ]
    return [
        Heading(article.article),
        Grid(facts, fixed=frozenset({0})),
        *_text_block(annotation),
        *_mentions(annotation),
        *_article_events(annotation, events),
    ]


def _text_block(annotation: Annotation) -> list[Block]:
    """The lines of the text, numbered; furniture is dimmed and labelled, lines with addresses are withheld."""
    rows: list[list[Cell]] = []
    at = 0
    secret = withheld_spans(annotation)
    for number, line in enumerate(annotation.article.text.split("\n"), 1):
        start, end = at, at + len(line)
        at = end + 1
        content = line.strip()
        if not content:
            continue
        kind = next((k for span, k in annotation.furniture if span[0] < end and start < span[1]), None)
        # A withheld span inside a longer line withholds it all.
        if any(span[0] < end and start < span[1] for span in secret):
            rows.append([str(number), (KIND, "dim"), (withheld(content), "dim")])
        elif kind:
            rows.append([str(number), (kind, "dim"), (content, "dim")])
        else:
            rows.append([str(number), "", content])
    return [Text(""), Heading("Text"), Grid(rows, header=("line", "set apart", "text"), fixed=frozenset({0, 1}), right=frozenset({0}))]


def _mentions(annotation: Annotation) -> list[Block]:
    blocks: list[Block] = []
    if annotation.dates:
        dates: list[list[Cell]] = [[(d.text, _COLOURS["date"]), _dated(d.value), _span(d.span)] for d in annotation.dates]
        blocks += [Text(""), Heading("Dates"), Grid(dates, header=("text", "days", "span"), fixed=frozenset({1, 2}))]
    if annotation.people:
        people: list[list[Cell]] = [[(p.text, _COLOURS["person"]), p.name, p.id or "", p.kind, _span(p.span)] for p in annotation.people]
        blocks += [Text(""), Heading("People"), Grid(people, header=("text", "name", "id", "kind", "span"), fixed=frozenset({2, 3, 4}))]
    if annotation.places:
        places: list[list[Cell]] = [[(p.text, _COLOURS["place"]), p.name, p.id or "", p.role, _span(p.span)] for p in annotation.places]
        blocks += [Text(""), Heading("Places"), Grid(places, header=("text", "name", "id", "role", "span"), fixed=frozenset({2, 3, 4}))]
    if annotation.organizations:
        organizations: list[list[Cell]] = [[o.text, o.name, o.id or "", o.kind, _span(o.span)] for o in annotation.organizations]
        blocks += [
            Text(""),
            Heading("Organisations"),
            Grid(organizations, header=("text", "name", "id", "kind", "span"), fixed=frozenset({2, 3, 4})),
        ]
    return blocks


def _span(span: tuple[int, int]) -> str:
    return f"{span[0]}-{span[1]}"


def _status(status: str) -> Cell:
    mark, colour = STATUS_MARKS.get(status, ("", ""))
    return (f"{mark} {status}", colour)


def _article_events(annotation: Annotation, events: Sequence[CorpusEvent]) -> list[Block]:
    rows_of = {(w.article, w.event): e.event_id for e in events for w in e.witnesses}
    rows: list[list[Cell]] = []
    for event in annotation.events:
        marks = [
            word
            for word, is_so in (("core", event.core), ("relevant", event.relevant and not event.core), ("series", event.series))
            if is_so
        ]
        part = f" in {event.part_of}" if event.part_of else ""
        row_id = rows_of.get((annotation.article.article, event.event_id), "")
        rows.append(
            [event.event_id + part, event.type, _status(event.status), short_interval(event.date), _who(event), ", ".join(_places(event)),
             ", ".join(marks), row_id]
        )  # fmt: skip
        rows += [["", "", "", "", (e.text, "dim"), _span(e.span), "", ""] for e in event.evidence]
    if not rows:
        return [Text(""), Text("no event was found", "dim")]
    header = ("event", "type", "status", "date", "participants, evidence", "place, span", "", "row")
    return [Text(""), Heading("Events"), Grid(rows, header=header, fixed=frozenset({0, 1, 2}))]


def _who(event: Event) -> str:
    return "; ".join(f"{p.name} ({p.role})" for p in event.participants)


def _places(event: Event) -> list[str]:
    return list(dict.fromkeys(p.name for p in event.places))


def show_event(event: CorpusEvent, *, lang: str = "en") -> list[Block]:
    """An event: what is known, how its status was told, its witnesses, why they are one event, and where they disagree."""
    title = event.title_ar if lang == "ar" else event.title_en
    place = event.places[0] if event.places else None
    coordinates = f" ({event.latitude}, {event.longitude})" if event.latitude is not None else ""
    facts: list[list[Cell]] = [
        ["title", (title, "bold")],
        ["type", f"{event.type}{', core' if event.core else ''}{'' if event.relevant else ', outside the topic'}"],
        ["codes", f"CAMEO {event.cameo or '-'}, PLOVER {event.plover or '-'}"],
        ["status", _status(event.status)],
        ["date", _dated(event.date)],
        ["people", "; ".join(f"{p.name}{f' {p.id}' if p.id else ''} ({p.role})" for p in event.people)],
        ["actors", "; ".join(p.name for p in event.actors)],
        ["place", f"{place.name}{f' {place.id}' if place.id else ''}, {event.country or '-'}{coordinates}" if place else "no article says"],
        ["confidence", f"{event.confidence:.2f}"],
    ]
    if event.part_of:
        facts.append(["part of", event.part_of])
    if event.aliases:
        facts.append(["earlier ids", "; ".join(event.aliases)])
    blocks: list[Block] = [Heading(event.event_id), Grid(facts, fixed=frozenset({0})), Text(""), Heading("History")]
    history: list[list[Cell]] = [[_published(w), _status(w.status), short_interval(w.date), w.article] for w in _first_tellings(event)]
    blocks.append(Grid(history, header=("published", "status", "date", "article"), fixed=frozenset({0, 1, 2})))
    blocks += [Text(""), Heading("Witnesses")]
    witnesses: list[list[Cell]] = [
        [w.article + (f" (near copy of {w.copy_of})" if w.copy_of else ""), w.event, (e.text, ""), _span(e.span)]
        for w in event.ordered_witnesses()
        for e in w.evidence
    ]
    blocks.append(Grid(witnesses, header=("article", "event", "evidence", "span"), fixed=frozenset({1, 3})))
    if event.why:
        blocks += [Text(""), Heading("Why one event"), *[Text(f"- {reason}") for reason in event.why]]
    if event.disagreements:
        blocks += [Text(""), Heading("Disagreements")]
        rows: list[list[Cell]] = [[d.field, value, ", ".join(articles)] for d in event.disagreements for value, articles in d.values]
        blocks += [*[Text(d.text) for d in event.disagreements], Grid(rows, header=("of", "value", "articles"), fixed=frozenset({0}))]
    if event.corrections:
        blocks += [Text(""), Heading("Corrections"), *[Text(f"- {_correction(mark)}") for mark in event.corrections]]
    return blocks


def _correction(mark: dict[str, Any]) -> str:
    """One correction in words."""
    if mark["kind"] == "cells":
        now, was = ("; ".join(v) if isinstance(v, list) else v for v in (mark["value"], mark["was"]))
        return f"{mark['cell']} is {now}, was {was}: {mark['reason']}"
    if mark["kind"] == "articles":
        return f"{mark['article']} is dated {mark['published']}: {mark['reason']}"
    return f"forced {mark['kind']}: {mark['reason']}"


def _first_tellings(event: CorpusEvent) -> list[Witness]:
    seen: dict[tuple[str, str], Witness] = {}
    for witness in event.ordered_witnesses():
        seen.setdefault((witness.article, witness.status), witness)
    return list(seen.values())


def _published(witness: Witness) -> str:
    return short_interval(witness.published) if witness.published else "unknown"
