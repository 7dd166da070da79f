"""Events across articles: one `CorpusEvent` is one real event with all its witnesses."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from ruskor.model import Evidence, Interval, Participant, PlaceMention, Status


@dataclass(frozen=True, slots=True)
class Witness:
    """One article's telling of an event; `event` is the id in that article's annotation."""

    article: str
    event: str
    type: str
    status: Status
    date: Interval | None
    published: Interval | None
    evidence: tuple[Evidence, ...]
    places: tuple[str, ...] = ()
    copy_of: str | None = None  # a near copy of this article; it counts with it as one witness

    def to_json(self) -> dict[str, Any]:
        """An entry of the row's `mentions`."""
        return {
            "article": self.article,
            "event": self.event,
            "status": self.status,
            "date": self.date.to_json() if self.date else None,
            "published": self.published.to_json() if self.published else None,
            "evidence": [{"text": e.text, "span": list(e.span)} for e in self.evidence],
        }


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Where witnesses contradict each other: `field` is date, place or status, `values` what each article says."""

    field: str
    text: str
    values: tuple[tuple[str, tuple[str, ...]], ...]  # (value in words, articles that say so), the chosen one first


@dataclass(slots=True)
class CorpusEvent:
    """One row of the event table."""

    event_id: str
    type: str
    status: Status
    date: Interval | None
    core: bool
    relevant: bool
    series: bool
    people: list[Participant] = field(default_factory=list)
    actors: list[Participant] = field(default_factory=list)
    places: list[PlaceMention] = field(default_factory=list)  # most specific first
    country: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    confidence: float = 0.5
    witnesses: list[Witness] = field(default_factory=list)
    part_of: str | None = None
    disagreements: list[Disagreement] = field(default_factory=list)
    evidence: Evidence | None = None
    evidence_article: str | None = None
    known_event: str | None = None  # id of the topic's known event that this row is
    why: list[str] = field(default_factory=list)  # why these witnesses are one event, in words
    aliases: list[str] = field(default_factory=list)
    corrections: list[dict[str, Any]] = field(default_factory=list)  # what an analyst's file changed, with the reasons
    title_en: str = ""
    title_ar: str = ""
    cameo: str | None = None
    plover: str | None = None

    @property
    def articles(self) -> list[str]:
        """The witnesses' articles, each once, in order of publication, unknown last, then by name."""
        return list(dict.fromkeys(w.article for w in self.ordered_witnesses()))

    def ordered_witnesses(self) -> list[Witness]:
        """The witnesses in order of publication."""
        return sorted(self.witnesses, key=lambda w: (w.published.start if w.published else dt.date.max, w.article, w.event))

    @property
    def n_articles(self) -> int:
        """How many independent articles tell of it: near copies count once."""
        return len({w.copy_of or w.article for w in self.witnesses})

    @property
    def first_reported(self) -> dt.date | None:
        """The earliest publication date of a witness."""
        days = [w.published.start for w in self.witnesses if w.published]
        return min(days) if days else None

    @property
    def last_reported(self) -> dt.date | None:
        """The latest publication date of a witness."""
        days = [w.published.last for w in self.witnesses if w.published]
        return max(days) if days else None

    def history(self) -> list[dict[str, Any]]:
        """How the status was told: one entry an article and status, in order of publication."""
        seen: dict[tuple[str, str], dict[str, Any]] = {}
        for w in self.ordered_witnesses():
            entry = {"status": w.status, "article": w.article, "published": w.published.to_json() if w.published else None}
            seen.setdefault((w.article, w.status), entry)
        return list(seen.values())
