"""From the cells of an article's event back to the words they come from, and names in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ruskor.annotation import Annotation
from ruskor.document import Document, read_document
from ruskor.gazetteer import Gazetteer, load_gazetteer
from ruskor.interface import Words
from ruskor.modality import load_modality
from ruskor.model import Event, Interval, Participant, PlaceMention, Span
from ruskor.pipeline import body_tokens
from ruskor.triggers import Trigger, load_triggers

# Kinds of meeting are told by one another's words.
_KIN = (frozenset(("summit", "meeting", "visit", "negotiation", "delegation", "call")),)


@dataclass(frozen=True, slots=True)
class Because:
    """One cell of an event: its value, and the words it comes from, null where no stretch of text says it alone."""

    cell: str  # type, status, date, participant, place
    value: str
    text: str | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """The document of an article with its triggers."""

    document: Document
    triggers: tuple[tuple[Span, Trigger], ...]


def read_again(annotation: Annotation) -> Reading:
    """The document of an annotation, and where words that name events stand in it."""
    document = annotation.document or read_document(annotation.article.text)
    tokens = document.tokens
    triggers = load_triggers().find(tokens, body_tokens(document))
    found = [(document.folded.raw_span(tokens.starts[t.first], tokens.ends[t.last]), t) for t in triggers]
    # «وزارة» in a ministry's name is no «وزاره».
    names = [m.span for mentions in (annotation.organizations, annotation.people, annotation.places) for m in mentions]
    return Reading(document, tuple((span, t) for span, t in found if not _inside(span, names)))


def trigger_spans(annotation: Annotation, reading: Reading) -> list[Span]:
    """Where the words stand that name the article's events."""
    return sorted({span for event in annotation.events for span, _ in _triggers(event, reading)})


def _inside(span: Span, spans: Iterable[Span]) -> bool:
    return any(a <= span[0] and span[1] <= b for a, b in spans)


def _triggers(event: Event, reading: Reading) -> list[tuple[Span, Trigger]]:
    """The event's own triggers in its evidence: of its type, else of a kindred one."""
    evidence = [e.span for e in event.evidence]
    here = [(span, t) for span, t in reading.triggers if _inside(span, evidence)]
    own = [(span, t) for span, t in here if t.form.type == event.type]
    kin = next((group for group in _KIN if event.type in group), frozenset())
    return own or [(span, t) for span, t in here if t.form.type in kin]


def explain_event(annotation: Annotation, event: Event, reading: Reading, words: Words) -> list[Because]:
    """The event's cells in order, each with its words."""
    text, evidence = annotation.article.text, [e.span for e in event.evidence]
    triggers = _triggers(event, reading)
    span = triggers[0][0] if triggers else None
    out = [Because("type", words.type(event.type), _cut(text, span), span)]
    cue = _cue(event, reading)
    out.append(Because("status", words.status(event.status)[0], _cut(text, cue), cue))
    if event.date is not None:
        when = _nearest(_dates(annotation, event.date), evidence)
        out.append(Because("date", words.days(event.date), _cut(text, when), when))
    for p in event.participants:
        where = _nearest(_named(annotation, p), evidence)
        role = words.word(f"role.{p.role}")
        out.append(Because("participant", f"{name_of(p, words)} ({role})", _cut(text, where), where))
    places = {place.name: place for place in event.places}.values()
    return out + [Because("place", name_of(place, words), place.text, place.span if place.span != (0, 0) else None) for place in places]


def _cut(text: str, span: Span | None) -> str | None:
    return " ".join(text[span[0] : span[1]].split()) if span else None


def _cue(event: Event, reading: Reading) -> Span | None:
    """Words in the evidence that speak for the event's status: a verb in its tense, else the nearest cue of modality."""
    modality, tokens = load_modality(), reading.document.tokens
    evidence = [e.span for e in event.evidence]
    triggers = _triggers(event, reading)
    future = [span for span, t in triggers if t.form.tense == "future"]
    if future and event.status == "planned":
        return future[0]
    found: list[Span] = []
    for first, word in enumerate(tokens.words):
        for table in (modality.before, modality.after, modality.denial_formulas):
            for cue in table.get(word, ()):
                last = first + len(cue.words) - 1
                if cue.status == event.status and tuple(tokens.words[first : last + 1]) == cue.words:
                    found.append(reading.document.folded.raw_span(tokens.starts[first], tokens.ends[last]))
    found = [span for span in found if _inside(span, evidence)]
    if found:
        at = triggers[0][0][0] if triggers else found[0][0]
        return min(found, key=lambda span: abs(span[0] - at))
    verbs = [span for span, t in triggers if t.verb]
    return verbs[0] if verbs else None


def _dates(annotation: Annotation, value: Interval) -> list[Span]:
    """Expressions with the event's days; else those that hold or lie in them."""
    same = [d.span for d in annotation.dates if d.value == value]
    return same or [d.span for d in annotation.dates if d.value and (d.value.contains(value) or value.contains(d.value))]


def _named(annotation: Annotation, p: Participant) -> list[Span]:
    if p.kind == "person":
        return [m.span for m in annotation.people if m.name == p.name]
    places = [m.span for m in annotation.places if m.name == p.name]
    return places + [m.span for m in annotation.organizations if p.name in (m.name, m.acts_for)]


def _nearest(spans: list[Span], evidence: list[Span]) -> Span | None:
    """The first inside the evidence, else the nearest before it, else any."""
    inside = [span for span in spans if _inside(span, evidence)]
    if inside:
        return inside[0]
    if not evidence:
        return spans[0] if spans else None
    start = evidence[0][0]
    before = [span for span in spans if span[1] <= start]
    return before[-1] if before else spans[0] if spans else None


def arabic_name(name: str, gazetteer: Gazetteer | None = None) -> str:
    """The Arabic name of a person, place or organisation of the gazetteers, else the name as it is."""
    g = gazetteer or load_gazetteer()
    if name in g.person_index:
        return g.people[g.person_index[name]].name_ar
    if name in g.place_index:
        return g.places[g.place_index[name]].name_ar
    return g.organizations[g.organization_index[name]].name_ar if name in g.organization_index else name


def name_of(who: Participant | PlaceMention, words: Words) -> str:
    """A name in the language of `words`."""
    if not words.rtl:
        return who.name
    return who.name_ar if isinstance(who, PlaceMention) else arabic_name(who.name, words.gazetteer)


def marks_in(annotation: Annotation, reading: Reading) -> Iterator[tuple[Span, str]]:
    """Stretches to colour, in order and without overlaps: (raw span, trigger, date, person or place)."""
    found = [(span, "trigger") for span in trigger_spans(annotation, reading)]
    found += [(d.span, "date") for d in annotation.dates]
    found += [(p.span, "person") for p in annotation.people]
    found += [(p.span, "place") for p in annotation.places if p.role != "attributive"]
    order = {"trigger": 3, "date": 0, "person": 1, "place": 2}
    taken: list[tuple[Span, str]] = []
    for span, kind in sorted(found, key=lambda row: (row[0][0], order[row[1]], -row[0][1])):
        if not taken or span[0] >= taken[-1][0][1]:
            taken.append((span, kind))
    yield from taken
