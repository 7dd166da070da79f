"""`ruskor show`: one article or one event explained, as blocks for the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ruskor.annotation import Annotation
from ruskor.corpus import CorpusEvent, Witness
from ruskor.document import withheld
from ruskor.explain import Reading, explain_event, marks_in, name_of, read_again
from ruskor.interface import Words, load_words
from ruskor.messages import translate, translate_value
from ruskor.model import Event, Interval, OrganizationMention, PersonMention, PlaceMention, Span
from ruskor.terminal import Block, Cell, Grid, Heading, Marked, Text
from ruskor.withhold import KIND, mask, withheld_spans

if TYPE_CHECKING:
    from ruskor.gazetteer import Gazetteer

__all__ = ["mask", "show_article", "show_event", "withheld_spans"]

COLOURS = {"date": "cyan", "person": "green", "place": "yellow", "trigger": "bold magenta"}


def _dated(value: Interval | None, words: Words) -> str:
    return f"{words.days(value)} ({words.word(f'precision.{value.precision}')})" if value else words.word("say.unknown")


def show_article(
    annotation: Annotation, events: Sequence[CorpusEvent] = (), *, lang: str = "en", gazetteer: Gazetteer | None = None
) -> list[Block]:
    """An article: its own date with the reasoning, its text in colours with the furniture dimmed, and all that was found.

    `events` are the rows of the event table, to name those that the article witnesses.
    """
    words = load_words(lang, gazetteer=gazetteer)
    reading = read_again(annotation)
    return [
        Heading(annotation.article.article),
        Grid(_facts(annotation, words), fixed=frozenset({0})),
        *_text_block(annotation, reading, words),
        *_mentions(annotation, words),
        *_article_events(annotation, events, reading, words),
    ]


def _facts(annotation: Annotation, words: Words) -> list[list[Cell]]:
    article, published = annotation.article, annotation.published

    def fact(name: str, cell: Cell) -> list[Cell]:
        return [(words.word(f"fact.{name}"), "dim"), cell]

    facts = [fact("title", (annotation.title, "bold")), fact("path", article.path)]
    facts += [fact(name, value) for name, value in (("outlet", article.outlet), ("address", article.url)) if value]
    source = words.word(f"source.{published.source or 'none'}")
    facts += [
        fact("published", (_dated(published.value, words), "bold")),
        fact("source", words.fill("say.confidence", source=source, value=f"{published.confidence:.2f}")),
    ]
    reasons = [translate(reason, words) for reason in dict.fromkeys(published.reasons)]
    facts += [[(words.word("fact.because") if k == 0 else "", "dim"), reason] for k, reason in enumerate(reasons)]
    facts += [fact("rejected", f"{r.text} = {_dated(r.value, words)}: {translate(r.why, words)}") for r in published.rejected]
    return [*facts, fact("relevance", f"{annotation.relevance:.2f}")]


def _text_block(annotation: Annotation, reading: Reading, words: Words) -> list[Block]:
    """The lines of the text, numbered; furniture is dimmed and labelled, lines with addresses are withheld."""
    rows: list[list[Cell]] = []
    secret = withheld_spans(annotation)
    marks = list(marks_in(annotation, reading))
    at = 0
    for number, line in enumerate(annotation.article.text.split("\n"), 1):
        start, end = at, at + len(line)
        at = end + 1
        content = line.strip()
        if not content:
            continue
        kind = next((k for span, k in annotation.furniture if span[0] < end and start < span[1]), None)
        # A withheld span inside a longer line withholds it all.
        if any(span[0] < end and start < span[1] for span in secret):
            rows.append([(str(number), "dim"), (words.word(f"furniture.{KIND}"), "dim"), (withheld(content), "dim")])
        elif kind:
            rows.append([(str(number), "dim"), (words.word(f"furniture.{kind}"), "dim"), (content, "dim")])
        else:
            told = " ".join(e.event_id for e in annotation.events if any(v.span[0] < end and start < v.span[1] for v in e.evidence))
            rows.append([(str(number), "dim"), told, _coloured(line, start, marks)])
    legend = Marked("  ".join(words.word(f"legend.{kind}") for kind in COLOURS), _legend_marks(words))
    header = tuple(words.word(f"column.{name}") for name in ("line", "events", "text"))
    grid = Grid(rows, header=header, fixed=frozenset({0}), right=frozenset({0}), ratios={1: 2, 2: 9} if rows else {})
    return [Text(""), Heading(words.word("heading.text")), Text(legend), grid]


def _legend_marks(words: Words) -> tuple[tuple[int, int, str], ...]:
    out, at = [], 0
    for kind, style in COLOURS.items():
        size = len(words.word(f"legend.{kind}"))
        out.append((at, at + size, style))
        at += size + 2
    return tuple(out)


def _coloured(line: str, start: int, marks: Sequence[tuple[Span, str]]) -> Marked:
    """A line of the text without the spaces at its ends, with its marks."""
    content = line.strip()
    begin = start + line.index(content)
    size = len(content)
    here = [(max(a - begin, 0), min(b - begin, size), COLOURS[kind]) for (a, b), kind in marks if a - begin < size and b > begin]
    return Marked(content, tuple(here))


def _mentions(annotation: Annotation, words: Words) -> list[Block]:
    """Each name and date in each of its spellings once, with how often and where first."""
    dates = [((d.text, COLOURS["date"]), _dated(d.value, words), "", "", d.span) for d in annotation.dates]

    def named(m: PersonMention | PlaceMention | OrganizationMention, style: str, label: str) -> tuple[Any, ...]:
        return (m.text, style), m.name_ar if words.rtl else m.name, m.id or "", words.word(label), m.span

    people = [named(p, COLOURS["person"], f"kind.{p.kind}") for p in annotation.people]
    places = [named(p, COLOURS["place"], f"part.{p.role}") for p in annotation.places]
    organizations = [named(o, "", f"kind.{o.kind}") for o in annotation.organizations]
    blocks: list[Block] = []
    tables = (("dates", dates, ""), ("people", people, "kind"), ("places", places, "role"), ("organisations", organizations, "kind"))
    for name, found, last in tables:
        rows: dict[tuple[str, str, str], list[Any]] = {}
        for text, value, identifier, kind, span in found:
            row = rows.setdefault((text[0], value, kind), [text, value, (identifier, "dim"), kind, 0, (f"{span[0]}-{span[1]}", "dim")])
            row[4] += 1
        if not rows:
            continue
        cells: list[list[Cell]] = [[*row[:4], str(row[4]), row[5]] for row in rows.values()]
        names = ("text", "name", "id", last, "n", "span") if last else ("text", "days", "", "", "n", "span")
        header = [words.word(f"column.{column}") for column in names]
        kept = [k for k, column in enumerate(names) if column]
        grid = Grid(
            [[row[k] for k in kept] for row in cells],
            header=[header[k] for k in kept],
            fixed=frozenset(range(2, len(kept))),
            right=frozenset({len(kept) - 2}),
        )
        blocks += [Text(""), Heading(f"{words.word(f'heading.{name}')} ({len(found):,})"), grid]
    return blocks


def _article_events(annotation: Annotation, events: Sequence[CorpusEvent], reading: Reading, words: Words) -> list[Block]:
    """Each event with its cells, the words they come from, and its evidence."""
    if not annotation.events:
        return [Text(""), Text(words.word("say.no_event"), "dim")]
    rows_of = {(w.article, w.event): e for e in events for w in e.witnesses}
    blocks: list[Block] = [Text(""), Heading(f"{words.word('heading.events')} ({len(annotation.events):,})")]
    for event in annotation.events:
        row = rows_of.get((annotation.article.article, event.event_id))
        blocks += [Text(""), Text(_event_line(event, words)), _cells(annotation, event, reading, words, row)]
    return blocks


def _event_line(event: Event, words: Words) -> Marked:
    """`E1  visit  ● occurred  2024-06-18..19  core`."""
    status, colour = words.status(event.status)
    so = ["core"] if event.core else ["relevant"] if event.relevant else []
    so += ["series"] if event.series else []
    parts = [event.event_id, words.type(event.type), status, words.days(event.date), *[words.word(f"kind.{name}") for name in so]]
    styles = ["bold", "bold", colour, COLOURS["date"] if event.date else "dim"]
    marks, at = [], 0
    for part, style in zip(parts, [*styles, *["dim"] * len(so)], strict=True):
        marks.append((at, at + len(part), style))
        at += len(part) + 2
    return Marked("  ".join(parts), tuple(marks))


def _cells(annotation: Annotation, event: Event, reading: Reading, words: Words, row: CorpusEvent | None) -> Grid:
    rows: list[list[Cell]] = []
    names = {"participant": "participants"}
    last = ""
    for found in explain_event(annotation, event, reading, words):
        label = words.word(f"fact.{names.get(found.cell, found.cell)}")
        told: Cell = f"«{found.text}»" if found.text else (words.word("say.found_elsewhere"), "dim")
        where = f"{found.span[0]}-{found.span[1]}" if found.span else ""
        rows.append([(label if label != last else "", "dim"), found.value, told, (where, "dim")])
        last = label
    for name, value in (("part_of", event.part_of), ("id", row and row.event_id)):
        if value:
            rows.append([(words.word(f"fact.{name}") if name != "id" else words.word("column.row"), "dim"), value, "", ""])
    for k, e in enumerate(event.evidence):
        label = words.word("fact.evidence") if k == 0 else ""
        rows.append([(label, "dim"), (f"{event.confidence:.2f}" if k == 0 else "", "dim"), e.text, (f"{e.span[0]}-{e.span[1]}", "dim")])
    header = tuple(words.word(f"column.{name}") for name in ("cell", "value", "from_words", "span"))
    return Grid(rows, header=header, fixed=frozenset({0, 3}), ratios={1: 2, 2: 3})


def show_event(event: CorpusEvent, *, lang: str = "en", gazetteer: Gazetteer | None = None) -> list[Block]:
    """An event: what is known, how its status was told, its witnesses, why they are one event, and where they disagree."""
    words = load_words(lang, gazetteer=gazetteer)
    blocks: list[Block] = [Heading(event.event_id), Grid(_event_facts(event, words), fixed=frozenset({0}))]
    history: list[list[Cell]] = [
        [_published(w, words), words.status(w.status), words.days(w.date), w.article] for w in _first_tellings(event)
    ]
    header = tuple(words.word(f"column.{name}") for name in ("published", "status", "date", "article"))
    blocks += [Text(""), Heading(words.word("heading.history")), Grid(history, header=header, fixed=frozenset({0, 1, 2}))]
    witnesses: list[list[Cell]] = [
        [
            w.article + (" " + words.fill("say.near_copy", article=w.copy_of) if w.copy_of else "") if k == 0 else "",
            w.event if k == 0 else "",
            e.text,
            (f"{e.span[0]}-{e.span[1]}", "dim"),
        ]
        for w in event.ordered_witnesses()
        for k, e in enumerate(w.evidence)
    ]
    header = tuple(words.word(f"column.{name}") for name in ("article", "event", "evidence", "span"))
    told = Grid(witnesses, header=header, fixed=frozenset({1, 3}), ratios={0: 1, 2: 3})
    blocks += [Text(""), Heading(f"{words.word('heading.witnesses')} ({event.n_articles:,})"), told]
    if event.why:
        blocks += [Text(""), Heading(words.word("heading.why")), *[Text(f"- {translate(reason, words)}") for reason in event.why]]
    if event.disagreements:
        rows: list[list[Cell]] = [
            [words.word(f"field.{d.field}"), translate_value(value, words), ", ".join(articles)]
            for d in event.disagreements
            for value, articles in d.values
        ]
        header = tuple(words.word(f"column.{name}") for name in ("field", "value", "articles"))
        blocks += [Text(""), Heading(words.word("heading.disagreements")), Grid(rows, header=header, fixed=frozenset({0}))]
    if event.corrections:
        corrections = [Text(f"- {translate(_correction(mark), words)}") for mark in event.corrections]
        blocks += [Text(""), Heading(words.word("heading.corrections")), *corrections]
    return blocks


def _event_facts(event: CorpusEvent, words: Words) -> list[list[Cell]]:
    place = event.places[0] if event.places else None
    coordinates = f" ({event.latitude}, {event.longitude})" if event.latitude is not None else ""
    kinds = [words.type(event.type), *(["core"] if event.core else []), *([] if event.relevant else ["outside"])]
    comma, semicolon = str(words.table["comma"]), str(words.table["semicolon"])

    def who(people: Sequence[Any], *, roles: bool) -> str:
        if not roles:
            return semicolon.join(name_of(p, words) for p in people)
        return semicolon.join(f"{name_of(p, words)}{' ' + p.id if p.id else ''} ({words.word('role.' + p.role)})" for p in people)

    where = words.word("say.no_place")
    if place:
        where = f"{name_of(place, words)}{f' {place.id}' if place.id else ''}{comma}{event.country or '-'}{coordinates}"
    facts: list[tuple[str, Cell]] = [
        ("title", ((event.title_ar if words.rtl else event.title_en), "bold")),
        ("type", comma.join([kinds[0], *[words.word(f"kind.{name}") for name in kinds[1:]]])),
        ("codes", f"CAMEO {event.cameo or '-'}, PLOVER {event.plover or '-'}"),
        ("status", words.status(event.status)),
        ("date", _dated(event.date, words)),
        ("people", who(event.people, roles=True)),
        ("actors", who(event.actors, roles=False)),
        ("place", where),
        ("confidence", f"{event.confidence:.2f}"),
    ]
    if event.part_of:
        facts.append(("part_of", event.part_of))
    if event.aliases:
        facts.append(("earlier_ids", semicolon.join(event.aliases)))
    return [[(words.word(f"fact.{name}"), "dim"), cell] for name, cell in facts]


def _correction(mark: dict[str, Any]) -> str:
    """One correction in words."""
    if mark["kind"] == "cells":
        return f"{mark['cell']} is {mark['value']}, was {mark['was']}: {mark['reason']}"
    if mark["kind"] == "articles":
        return f"{mark['article']} is dated {mark['published']}: {mark['reason']}"
    return f"forced {mark['kind']}: {mark['reason']}"


def _first_tellings(event: CorpusEvent) -> list[Witness]:
    seen: dict[tuple[str, str], Witness] = {}
    for witness in event.ordered_witnesses():
        seen.setdefault((witness.article, witness.status), witness)
    return list(seen.values())


def _published(witness: Witness, words: Words) -> str:
    return words.days(witness.published) if witness.published else words.word("say.unknown")
