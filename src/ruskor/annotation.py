"""One article's annotation: what the pipeline hands to table, store, report and to `annotate`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ruskor.document import Document
from ruskor.model import (
    Article,
    DateMention,
    Event,
    OrganizationMention,
    PersonMention,
    PlaceMention,
    Published,
    Span,
)


@dataclass(slots=True)
class Annotation:
    """Everything found in one article. `document` is kept only while somebody wants to look at the text."""

    article: Article
    published: Published
    title: str
    relevance: float
    dates: list[DateMention] = field(default_factory=list)
    people: list[PersonMention] = field(default_factory=list)
    places: list[PlaceMention] = field(default_factory=list)
    organizations: list[OrganizationMention] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    furniture: list[tuple[Span, str]] = field(default_factory=list)
    sketch: tuple[int, ...] = ()  # MinHash of the body, for near copies
    document: Document | None = None

    def to_json(self, *, text: bool = False) -> dict[str, Any]:
        """The object of `ruskor annotate` (docs/reference): plain JSON values, spans as lists."""
        pub = self.published
        published: dict[str, Any] = pub.value.to_json() if pub.value else {"start": None, "end": None, "precision": None}
        published |= {
            "source": pub.source,
            "confidence": round(pub.confidence, 2),
            "reasons": list(pub.reasons),
            "rejected": [
                {"text": r.text, "span": list(r.span) if r.span else None, "value": r.value.to_json() if r.value else None, "why": r.why}
                for r in pub.rejected
            ],
        }
        out: dict[str, Any] = {
            "article": self.article.article,
            "path": self.article.path,
            "title": self.title,
            "outlet": self.article.outlet,
            "url": self.article.url,
            "published": published,
            "relevance": round(self.relevance, 2),
            "dates": [{"text": d.text, "span": list(d.span), "value": d.value.to_json() if d.value else None} for d in self.dates],
            "people": [
                {"text": p.text, "span": list(p.span), "id": p.id, "name": p.name, "name_ar": p.name_ar, "kind": p.kind}
                for p in self.people
            ],
            "places": [
                {"text": p.text, "span": list(p.span), "id": p.id, "name": p.name, "name_ar": p.name_ar, "role": p.role}
                for p in self.places
            ],
            "organizations": [
                {"text": o.text, "span": list(o.span), "id": o.id, "name": o.name, "name_ar": o.name_ar, "kind": o.kind}
                for o in self.organizations
            ],
            "events": [event_json(event) for event in self.events],
        }
        if text:
            out["text"] = self.article.text
        return out


def event_json(event: Event) -> dict[str, Any]:
    """One event of an article as JSON."""
    return {
        "event_id": event.event_id,
        "type": event.type,
        "status": event.status,
        "part_of": event.part_of,
        "date": event.date.to_json() if event.date else None,
        "participants": [{"name": p.name, "id": p.id, "role": p.role} for p in event.participants],
        "places": [{"name": p.name, "id": p.id} for p in _distinct(event.places)],
        "core": event.core,
        "relevant": event.relevant,
        "confidence": round(event.confidence, 2),
        "evidence": [{"text": e.text, "span": list(e.span)} for e in event.evidence],
    }


def _distinct(places: list[PlaceMention]) -> list[PlaceMention]:
    return list({place.name: place for place in places}.values())
