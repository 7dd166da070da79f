"""Events and annotations → the plain values that the page's script draws. Keys are short: they repeat thousands of times."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ruskor.annotation import Annotation
from ruskor.corpus import CorpusEvent, Witness
from ruskor.gazetteer import Gazetteer
from ruskor.interface import load_words
from ruskor.messages import translate
from ruskor.model import Evidence, Interval, Participant, PlaceMention, Span
from ruskor.readers import Failure
from ruskor.report.passages import Place, Windows, label, make_windows, prose

Json = dict[str, Any]
Teller = Callable[[str], str | list[str]]

# Above this many events the passages get less around them, so that the page stays light.
_MANY = 1000
_CONTEXT, _CONTEXT_MANY = 220, 90
_PEOPLE, _PLACES = "person", "place"
# Kinds of places that are no point: the map shows them hollow.
_AREAS = frozenset({"country", "region", "sea", "peninsula", "border", "river", "mountain", "area"})


@dataclass(slots=True)
class _Names:
    """Names, each stored once: English, Arabic, id, country, and 1 for a place that is an area."""

    gazetteer: Gazetteer | None
    arabic: dict[tuple[str, str], str]  # (kind, English name) → Arabic name, from the mentions
    rows: list[list[str | int | None]] = field(default_factory=list)
    index: dict[tuple[str, str, str | None], int] = field(default_factory=dict)

    def add(self, kind: str, name: str, identifier: str | None, country: str | None, *, area: bool = False) -> int:
        """The number of a name."""
        key = (kind, name, identifier)
        if key not in self.index:
            self.index[key] = len(self.rows)
            self.rows.append([label(name), label(self.in_arabic(kind, name)) or None, label(identifier) or None, label(country) or None])
        if area and len(self.rows[self.index[key]]) < 5:
            self.rows[self.index[key]].append(1)
        return self.index[key]

    def in_arabic(self, kind: str, name: str) -> str | None:
        """The Arabic name, from the articles or from the gazetteer."""
        found = self.arabic.get((kind, name))
        if found or self.gazetteer is None:
            return found
        if kind == _PEOPLE:
            person = self.gazetteer.person_index.get(name)
            return self.gazetteer.people[person].name_ar if person is not None else None
        place = self.gazetteer.place_index.get(name)
        return self.gazetteer.places[place].name_ar if place is not None else None


def build_report(
    events: Sequence[CorpusEvent],
    annotations: Sequence[Annotation],
    *,
    title: tuple[str, str],
    states: Sequence[str] = (),
    successors: Mapping[str, str] | None = None,
    failures: Sequence[Failure] = (),
    gazetteer: Gazetteer | None = None,
    accuracy: Json | None = None,
    generator: str = "ruskor",
    lang: str = "en",
) -> Json:
    """What the page shows, as plain JSON values.

    `events` are the rows to show, in the table's order; `annotations` all articles read; `title` the topic's in English and
    Arabic; `states` and `successors` its country codes. `gazetteer` gives Arabic names that no article spells.
    """
    by_name = {a.article.article: a for a in annotations}
    numbers = {a.article.article: k for k, a in enumerate(annotations)}
    told = _teller(gazetteer)
    articles = [_article(a, told) for a in annotations]
    for event in events:  # a witness whose article is not at hand (a store without texts) is listed all the same
        for witness in event.witnesses:
            if witness.article not in numbers:
                numbers[witness.article] = len(articles)
                articles.append({"n": label(witness.article), "t": "", "d": _interval(witness.published), "s": None, "f": 0, "away": 1})
    names = _Names(gazetteer, _arabic_names(annotations))
    context = _CONTEXT if len(events) <= _MANY else _CONTEXT_MANY
    windows = _all_windows(events, by_name, context=context)
    for article, made in windows.items():
        articles[numbers[article]]["x"] = [
            [text, int(cut[0]), int(cut[1]), _marks(by_name.get(article), span, names, made)]
            for text, span, cut in zip(made.texts, made.spans, made.cut, strict=True)
        ]
    for article, original in {(w.article, w.copy_of) for e in events for w in e.witnesses if w.copy_of}:
        if original in numbers:
            articles[numbers[article]]["c"] = numbers[original]
    rows = [_event(event, names, numbers, windows, told) for event in events]
    side = {code: k for k, code in enumerate(states)} | {old: states.index(new) for old, new in (successors or {}).items() if new in states}
    return {
        "v": 1,
        "lang": lang,
        "context": context,
        "title": [label(title[0]), label(title[1])],
        "generator": label(generator),
        "states": [_country_names(code, gazetteer) for code in states],
        "side": side,
        "names": names.rows,
        "articles": articles,
        "failures": [[label(f.article), told(f.reason)] for f in failures],
        "events": rows,
        "accuracy": accuracy,
    }


def _teller(gazetteer: Gazetteer | None) -> Teller:
    """What gives a sentence in English and Arabic; one alone where both are the same."""
    words = load_words("ar", gazetteer=gazetteer)

    def told(sentence: str) -> str | list[str]:
        both = [prose(sentence), prose(translate(sentence, words))]
        return both if both[0] != both[1] else both[0]

    return told


def _interval(value: Interval | None) -> list[str | None] | None:
    return [value.start.isoformat(), value.end.isoformat() if value.end else None, value.precision] if value else None


def _country_names(code: str, gazetteer: Gazetteer | None) -> list[str]:
    index = gazetteer.countries.get(code) if gazetteer else None
    if gazetteer is None or index is None:
        return [code, code]
    return [gazetteer.places[index].name, gazetteer.places[index].name_ar]


def _arabic_names(annotations: Iterable[Annotation]) -> dict[tuple[str, str], str]:
    out: dict[tuple[str, str], str] = {}
    for a in annotations:
        for person in a.people:
            out.setdefault((_PEOPLE, person.name), person.name_ar)
        for place in a.places:
            out.setdefault((_PLACES, place.name), place.name_ar)
        for organization in a.organizations:
            out.setdefault((_PLACES, organization.name), organization.name_ar)
    return out


def _article(annotation: Annotation, told: Teller) -> Json:
    own, article = annotation.published, annotation.article
    return {
        "n": label(article.article),
        "t": prose(annotation.title),
        "o": prose(article.outlet) or None,
        "u": _address(article.url),
        "d": _interval(own.value),
        "s": own.source,
        "f": round(own.confidence, 2),
        "w": [told(reason) for reason in own.reasons],
        "j": [[prose(r.text), _interval(r.value), told(r.why)] for r in own.rejected],
        "r": round(annotation.relevance, 2),
    }


def _address(url: str | None) -> str | None:
    """A web address that may become a link; anything else (javascript:, file:) is no address."""
    address = label(url)
    return address if address.lower().startswith(("https://", "http://")) else None


def _all_windows(events: Iterable[CorpusEvent], by_name: Mapping[str, Annotation], *, context: int) -> dict[str, Windows]:
    wanted: dict[str, list[Evidence]] = {}
    for event in events:
        for witness in event.witnesses:
            wanted.setdefault(witness.article, []).extend(witness.evidence)
        if event.evidence and event.evidence_article:
            wanted.setdefault(event.evidence_article, []).append(event.evidence)
    return {article: make_windows(by_name.get(article), passages, context=context) for article, passages in wanted.items()}


def _marks(annotation: Annotation | None, window: Span, names: _Names, made: Windows) -> list[list[Any]]:
    """Dates, people and places inside the evidence of a window: [start, end, what it is], where it is an interval or a name's number."""
    if annotation is None or window == (0, 0):
        return []
    low = window[0]
    number = made.spans.index(window)
    inside = [(a + low, b + low) for k, a, b in made.places.values() if k == number]

    def within(span: Span) -> bool:
        return any(a <= span[0] and span[1] <= b for a, b in inside)

    out: list[list[Any]] = [[d.span[0] - low, d.span[1] - low, _interval(d.value)] for d in annotation.dates if d.value and within(d.span)]
    for p in annotation.people:
        if within(p.span):
            out += [[p.span[0] - low, p.span[1] - low, names.add(_PEOPLE, p.name, p.id, p.country), 1]]
    for q in annotation.places:
        if q.role != "attributive" and within(q.span):
            out += [[q.span[0] - low, q.span[1] - low, _place_number(q, names), 2]]
    return sorted(out, key=lambda mark: (mark[0], -mark[1]))


def _participant(p: Participant, names: _Names) -> list[Any]:
    return [names.add(_PEOPLE if p.kind == "person" else _PLACES, p.name, p.id, p.country), p.role]


def _place_number(p: PlaceMention, names: _Names) -> int:
    return names.add(_PLACES, p.name, p.id, p.country, area=p.kind in _AREAS)


def _event(
    event: CorpusEvent, names: _Names, numbers: Mapping[str, int], windows: Mapping[str, Windows], told: Teller
) -> Json:
    located = event.latitude is not None and event.longitude is not None
    out: Json = {
        "id": label(event.event_id),
        "t": label(event.type),
        "s": event.status,
        "d": _interval(event.date),
        "e": prose(event.title_en),
        "a": prose(event.title_ar),
        "p": [_participant(p, names) for p in event.people],
        "q": [_participant(p, names) for p in event.actors],
        "l": [_place_number(p, names) for p in {p.name: p for p in event.places}.values()],
        "g": [round(event.latitude or 0.0, 4), round(event.longitude or 0.0, 4)] if located else None,
        "f": round(event.confidence, 2),
        "n": event.n_articles,
        "w": [_witness(w, numbers, windows) for w in event.ordered_witnesses()],
    }
    if event.core:
        out["c"] = 1
    codes = [label(code) for code in (event.cameo, event.plover)]
    if any(codes):
        out["k"] = codes
    if event.part_of:
        out["o"] = label(event.part_of)
    if event.why:
        out["y"] = [told(reason) for reason in event.why]
    if event.disagreements:
        out["x"] = [
            [d.field, prose(d.text), [[prose(value), [numbers[a] for a in articles if a in numbers]] for value, articles in d.values]]
            for d in event.disagreements
        ]
    best = _located(event.evidence, event.evidence_article, numbers, windows)
    if best:
        out["b"] = best
    return out


def _located(
    evidence: Evidence | None, article: str | None, numbers: Mapping[str, int], windows: Mapping[str, Windows]
) -> list[int] | None:
    """[article, window, start, end] of a passage."""
    if evidence is None or article is None or article not in windows:
        return None
    return [numbers[article], *windows[article].places[evidence.text, evidence.span]]


def _witness(witness: Witness, numbers: Mapping[str, int], windows: Mapping[str, Windows]) -> list[Any]:
    """[article, status, date, passages, type]."""
    made = windows[witness.article]
    passages: list[Place] = [made.places[e.text, e.span] for e in witness.evidence]
    return [numbers[witness.article], witness.status, _interval(witness.date), [list(p) for p in passages], witness.type]
