"""The pipeline: loaded once, run on any number of articles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Literal

from ruskor.annotation import Annotation
from ruskor.arabic import Span
from ruskor.copies import near_copies, sketch
from ruskor.corpus import CorpusEvent
from ruskor.corrected import Corrected, correct
from ruskor.corrections import Corrections, load_corrections
from ruskor.dct import find_published
from ruskor.dct.names import mentioned
from ruskor.discovery import UnknownPlace, doubtful, find_names, find_unknown_places, settle_places
from ruskor.document import Document, read_document
from ruskor.engines import Engine, add_engine, engine_names, load_engine
from ruskor.entities import Time, build_entities
from ruskor.events import make_events
from ruskor.eventwords import find_triggers
from ruskor.gazetteer import Gazetteer, load_gazetteer
from ruskor.knownevents import KnownEvent, known_events
from ruskor.knowntitles import name_known
from ruskor.mentions import build_mentions
from ruskor.merge import Cluster, merge, telling, votes
from ruskor.modality import Modality, load_modality
from ruskor.model import Article, DateMention, Event, Interval, OrganizationMention, PersonMention, PlaceMention, Published
from ruskor.names import Hit, Matcher, unfuse
from ruskor.offices import When
from ruskor.people import Ref, find_people
from ruskor.places import PlaceRef, find_places
from ruskor.rows import give_ids, make_row, order
from ruskor.scene import build_scene
from ruskor.timex import Timex, find, resolve_all
from ruskor.timex.expr import Today
from ruskor.topic import Topic, load_topic, relevance
from ruskor.triggers import TriggerLexicon, load_triggers


@dataclass(slots=True)
class Pipeline:
    """The compiled knowledge and the choice of topic."""

    gazetteer: Gazetteer
    matcher: Matcher
    triggers: TriggerLexicon
    modality: Modality
    topic: Topic
    known: tuple[KnownEvent, ...]
    corrections: Corrections | None = None
    engine: Engine | None = None
    settings: dict[str, Any] = field(default_factory=dict)  # with which another process loads the same


def load_pipeline(
    *, topic: str = "russia-north-korea", corrections: str | None = None, gazetteers: tuple[Path, ...] = (), ner: str = "ruskor"
) -> Pipeline:
    """Load gazetteers (the user's own files over ours), words and topic, the analyst's corrections, and another NER engine.

    Raises DataError where a data file is wrong or the topic unknown, RuskorError where the corrections are not as they should be.
    """
    settings = {"topic": topic, "corrections": corrections, "gazetteers": gazetteers, "ner": ner}
    gazetteer = load_gazetteer(gazetteers)
    fixed = load_corrections(corrections) if corrections else None
    return Pipeline(
        gazetteer,
        Matcher(gazetteer),
        load_triggers(),
        load_modality(),
        load_topic(topic),
        known_events(),
        fixed,
        load_engine(ner),
        settings,
    )


def annotate_article(pipeline: Pipeline, article: Article, *, published: Interval | None = None, keep_document: bool = False) -> Annotation:
    """Everything found in one article; `published` overrides what the text says of its date."""
    g = pipeline.gazetteer
    document = read_document(article.text)
    unfuse(document, pipeline.matcher)
    timexes = find(document.tokens)
    hits = pipeline.matcher.find(document.tokens)
    named = {token for hit in hits if hit.has("org") for token in range(hit.first + 1, hit.last + 1)}
    timexes = [timex for timex in timexes if timex.first not in named]  # «قالت روسيا اليوم»
    own = _own_date(pipeline, document, article, timexes=timexes, hits=hits, published=published)
    values = resolve_all(timexes, own.value)
    body = body_tokens(document)
    when = (own.value.start, own.value.last) if own.value else None
    names = _find_names(pipeline, document, hits, body, when=when, timexes=timexes, values=values)
    entities = build_entities(document, g, pipeline.modality, people=names.people, places=names.places, hits=hits, body=body, when=when)
    times = [
        Time(timex.first, timex.last, value, timex.span, counts=_counts(pipeline, document, timex))
        for timex, value in zip(timexes, values, strict=True)
        if value is not None
    ]
    triggers = find_triggers(document, pipeline.triggers, pipeline.modality, entities=entities, times=times, body=body)
    scene = build_scene(document, g, pipeline.modality, published=own.value, entities=entities, times=times, triggers=triggers)
    events = make_events(scene, pipeline.topic, build_mentions(scene, pipeline.modality))
    countries: dict[str, int] = {}
    for entity in entities:
        if entity.country:
            countries[entity.country] = countries.get(entity.country, 0) + 1
    places = [*(_place(document, g, ref) for ref in names.places), *(_unknown_place(document, ref) for ref in names.unknown)]
    return Annotation(
        article=article,
        published=own,
        title=article.title or title_of(document, timexes),
        relevance=relevance(pipeline.topic, document, countries, sum(e.core for e in events), sum(e.relevant for e in events)),
        dates=_dates(document, timexes, values, own),
        people=[_person(document, g, ref) for ref in names.people],
        places=sorted(places, key=lambda p: p.span),
        organizations=_organizations(document, g, hits, body, names.people),
        events=events,
        furniture=[(document.folded.raw_span(line.start, line.end), line.kind) for line in document.lines if line.kind],
        sketch=sketch(document, body),
        document=document if keep_document else None,
    )


def _own_date(
    pipeline: Pipeline, document: Document, article: Article, *, timexes: list[Timex], hits: list[Hit], published: Interval | None
) -> Published:
    """The article's own date; an analyst's correction goes before what the caller gives, and that before what the text says."""
    fixed = pipeline.corrections.published(article.article) if pipeline.corrections else None
    given = fixed.published if fixed else published or article.given
    own = find_own_date(pipeline, document, article, timexes=timexes, hits=hits, given=given)
    return replace(own, reasons=(f"fixed by an analyst: {fixed.reason}", *own.reasons)) if fixed else own


@dataclass(slots=True)
class _Names:
    """The people of an article, its places, and those that are in no gazetteer."""

    people: list[Ref]
    places: list[PlaceRef]
    unknown: list[UnknownPlace]


def _find_names(
    pipeline: Pipeline,
    document: Document,
    hits: list[Hit],
    body: list[bool],
    *,
    when: When | None,
    timexes: list[Timex],
    values: list[Interval | None],
) -> _Names:
    """Who and where, as of the article's date and of the times that it speaks of."""
    g = pipeline.gazetteer
    counting = pipeline.modality.count_from | pipeline.modality.since
    dated = [
        (t.first, t.last, v.start, v.last)
        for t, v in zip(timexes, values, strict=True)
        # «منذ ربع قرن» is not the time spoken of, and an era holds too many holders of an office.
        if v is not None and document.tokens.words[t.first] not in counting and v.last.year - v.start.year <= 1
    ]
    people = find_people(document, g, hits, when, body, times=dated)
    places = find_places(document, g, hits, body, [(ref.title.first, ref.title.last) for ref in people if ref.title], people=people)
    names = find_names(document, hits, body, look_at=doubtful(g, places))
    places = settle_places(document, g, places, names)
    unknown = find_unknown_places(document, hits, [*people, *places], body, names=names)
    if pipeline.engine is not None:
        more_people, more_places = add_engine(document, hits, engine_names(pipeline.engine, document, body), people, places)
        people = sorted([*people, *more_people], key=lambda ref: ref.first)
        unknown = sorted([*unknown, *more_places], key=lambda place: place.first)
    return _Names(people, places, unknown)


def find_own_date(
    pipeline: Pipeline, document: Document, article: Article, *, timexes: list[Timex], hits: list[Hit], given: Interval | None
) -> Published:
    """The article's own date, from what is given, its metadata, the page and the text."""
    look = partial(mentioned, document, pipeline.gazetteer, hits)
    return find_published(document, timexes, article=article, known=pipeline.known, look=look, given=given)


def _counts(pipeline: Pipeline, document: Document, timex: Timex) -> bool:
    """Whether a date may count from what stands behind it («بعد يومين من القمة»); «بعد غد» does not."""
    return document.tokens.words[timex.first] in pipeline.modality.count_from and not isinstance(timex.expr, Today)


def body_tokens(document: Document) -> list[bool]:
    """For each token whether it belongs to the article's own text, not to page furniture."""
    body = [False] * len(document.tokens.words)
    for sentence in document.sentences:
        body[sentence.first : sentence.last + 1] = [True] * (sentence.last + 1 - sentence.first)
    return body


def title_of(document: Document, timexes: Sequence[Timex] = ()) -> str:
    """The first line of the body that says more than a date, verbatim; else the first."""
    if document.title is None:
        return ""
    dated = {token for timex in timexes for token in range(timex.first, timex.last + 1)}
    for sentence in document.sentences:
        if any(document.tokens.words[k].isalpha() for k in range(sentence.first, sentence.last + 1) if k not in dated):
            line = document.lines[sentence.line]
            return document.folded.raw_text(line.start, line.end)
    return document.folded.raw_text(*document.title)


def _dates(document: Document, timexes: list[Timex], values: list[Interval | None], own: Published) -> list[DateMention]:
    withheld = [document.folded.raw_span(line.start, line.end) for line in document.lines if line.kind in ("base64", "repeat")]
    rejected = {r.span for r in own.rejected}
    return [
        DateMention(timex.text, timex.span, value)
        for timex, value in zip(timexes, values, strict=True)
        if value is not None and timex.span not in rejected and not _inside(timex.span, withheld)
    ]


def _inside(span: Span, spans: list[Span]) -> bool:
    return any(a <= span[0] < b for a, b in spans)


def _span(document: Document, first: int, last: int, skip: int) -> Span:
    return document.folded.raw_span(document.tokens.starts[first] + skip, document.tokens.ends[last])


def _person(document: Document, g: Gazetteer, ref: Ref) -> PersonMention:
    span = _span(document, ref.first, ref.last, ref.skip)
    text = document.folded.raw[span[0] : span[1]]
    kind: Literal["name", "title"] = "title" if ref.kind == "title" else "name"
    if ref.person is None:
        return PersonMention(text, span, ref.romanised, ref.romanised_ar, None, kind, ref.state, known=False)
    person = g.people[ref.person]
    return PersonMention(text, span, person.name, person.name_ar, person.id, kind, person.country)


def _place(document: Document, g: Gazetteer, ref: PlaceRef) -> PlaceMention:
    span = _span(document, ref.first, ref.last, ref.skip)
    place = g.places[ref.place]
    return PlaceMention(
        document.folded.raw[span[0] : span[1]], span, place.name, place.name_ar, place.id, ref.role, place.country, place.kind
    )


def _unknown_place(document: Document, ref: UnknownPlace) -> PlaceMention:
    span = _span(document, ref.first, ref.last, ref.skip)
    return PlaceMention(document.folded.raw[span[0] : span[1]], span, ref.romanised, ref.name_ar, None, "location")


def _organizations(document: Document, g: Gazetteer, hits: list[Hit], body: list[bool], people: list[Ref]) -> list[OrganizationMention]:
    inside = {token for ref in people if ref.title for token in range(ref.title.first, ref.title.last + 1)}
    out = []
    for hit in hits:
        if hit.has("org") and body[hit.first] and hit.first not in inside:
            span = _span(document, hit.first, hit.last, hit.skip)
            o = g.organizations[hit.of("org")[0]]
            out.append(
                OrganizationMention(document.folded.raw[span[0] : span[1]], span, o.name, o.name_ar, o.id, o.kind, o.country, o.acts_for)
            )
    return out


def merge_annotations(pipeline: Pipeline, annotations: Iterable[Annotation]) -> list[CorpusEvent]:
    """All articles' events merged: one row, one real event, in the table's order."""
    return merge_corrected(pipeline, annotations).rows


def merge_corrected(pipeline: Pipeline, annotations: Iterable[Annotation]) -> Corrected:
    """The merged rows with the corrections in them, the vetoed rows, and warnings about corrections that no longer fit."""
    g = pipeline.gazetteer
    articles = list(annotations)
    copies = near_copies({a.article.article: (a.sketch, a.published.value.start if a.published.value else None) for a in articles})
    events: dict[tuple[str, str], Event] = {}
    tellings = []
    for a in articles:
        for event in a.events:
            t = telling(a.article.article, event, a.published.value, copy_of=copies.get(a.article.article))
            events[t.key] = event
            tellings.append(t)

    def build(clusters: list[Cluster]) -> list[CorpusEvent]:
        return [make_row(cluster, events, g) for cluster in clusters]

    def named(clusters: list[Cluster]) -> list[CorpusEvent]:
        rows = build(clusters)
        name_known(rows, pipeline.topic.name)
        return rows

    clusters = merge(tellings, g)
    if pipeline.corrections:
        done = correct(pipeline.corrections, clusters, named, g, [a.article.article for a in articles])
    else:
        done = Corrected(build(clusters))
    name_known(done.rows, pipeline.topic.name)
    give_ids(done.rows)
    _link_parts(done.rows, events)
    done.rows.sort(key=order)
    return done


def _link_parts(rows: list[CorpusEvent], events: dict[tuple[str, str], Event]) -> None:
    """`part_of` of an article's event as that of its row; rows that are one are no part of themselves."""
    home = {(w.article, w.event): row.event_id for row in rows for w in row.witnesses}
    for row in rows:
        parents = [home.get((w.article, parent)) for w in row.witnesses if (parent := events[w.article, w.event].part_of)]
        known = votes(p for p in parents if p and p != row.event_id)
        row.part_of = known[0] if known else None
