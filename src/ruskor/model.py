"""The types that pass between the layers. Spans are `[start, end)` in code points of an article's raw text.

Nobody changes an interval or a mention once it is made; but an article has hundreds, here and in the modules that make them, and to freeze
them took a sixteenth of its time, so they are not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Span = tuple[int, int]
Precision = Literal["day", "week", "month", "season", "year", "multi-year"]
Status = Literal["occurred", "ongoing", "planned", "possible", "denied", "called_off"]
PlaceRole = Literal["location", "actor", "attributive"]
# How coarse a date is: less is finer.
COARSENESS: dict[Precision, int] = {"day": 0, "week": 1, "month": 2, "season": 3, "year": 4, "multi-year": 5}
# On a tie the most that is vouched for wins (the contract's order).
VOUCHED: dict[Status, int] = {"occurred": 5, "ongoing": 4, "called_off": 3, "denied": 2, "planned": 1, "possible": 0}
# Types that can name one and the same gathering, and those that are contacts at all.
GATHERING = frozenset({"summit", "meeting", "negotiation"})
CONTACT = GATHERING | {"visit", "call", "delegation", "invitation", "agreement"}


@dataclass(slots=True, unsafe_hash=True)
class Interval:
    """Days from `start` to `end`, both included; `precision` is the granularity of the end points.

    A null `end` means that it goes on.
    """

    start: date
    end: date | None
    precision: Precision

    @property
    def last(self) -> date:
        """The last day; for what goes on, the last day there is."""
        return self.end or date.max

    def overlaps(self, other: Interval) -> bool:
        """Whether the two share a day."""
        return self.start <= other.last and other.start <= self.last

    def contains(self, other: Interval) -> bool:
        """Whether every day of `other` is in this one."""
        return self.start <= other.start and other.last <= self.last

    def to_json(self) -> dict[str, str | None]:
        """{"start", "end", "precision"} with ISO dates."""
        return {"start": self.start.isoformat(), "end": self.end.isoformat() if self.end else None, "precision": self.precision}


@dataclass(slots=True)
class DateMention:
    """A date expression and the days it denotes; `value` is null only where unresolved ones were asked for."""

    text: str
    span: Span
    value: Interval | None


@dataclass(frozen=True, slots=True)
class Rejected:
    """A printed date that is not the article's own, and why."""

    text: str
    span: Span | None
    value: Interval | None
    why: str


@dataclass(frozen=True, slots=True)
class Published:
    """The article's own date: an interval or unknown, where it comes from and why."""

    value: Interval | None
    source: Literal["given", "metadata", "dateline", "text", "knowledge"] | None
    confidence: float
    reasons: tuple[str, ...] = ()
    rejected: tuple[Rejected, ...] = ()


@dataclass(slots=True)
class Article:
    """One article as read: `article` is its name in all output, `text` the decoded raw text."""

    article: str
    path: str
    text: str
    title: str | None = None
    outlet: str | None = None
    url: str | None = None
    given: Interval | None = None  # --published, a sidecar, a column
    metadata: Interval | None = None  # HTML, JSON-LD, front matter, file name or address
    metadata_from: str | None = None


@dataclass(slots=True)
class PersonMention:
    """A mention of a person; `name` is the canonical English name or a romanisation, `kind` name or bare title."""

    text: str
    span: Span
    name: str
    name_ar: str
    id: str | None
    kind: Literal["name", "title"]
    country: str | None = None
    known: bool = True


@dataclass(slots=True)
class PlaceMention:
    """A mention of a place with its role."""

    text: str
    span: Span
    name: str
    name_ar: str
    id: str | None
    role: PlaceRole
    country: str | None = None
    kind: str = "place"


@dataclass(slots=True)
class OrganizationMention:
    """A mention of an organisation; `acts_for` is the state for which it speaks."""

    text: str
    span: Span
    name: str
    name_ar: str
    id: str | None
    kind: str
    country: str | None = None
    acts_for: str | None = None


@dataclass(slots=True)
class Participant:
    """Who takes part in an event: a person, state or organisation."""

    name: str
    id: str | None
    role: Literal["actor", "target", "speaker", "guest", "host"]
    kind: Literal["person", "state", "organization"]
    country: str | None = None


@dataclass(slots=True)
class Evidence:
    """A verbatim passage."""

    text: str
    span: Span


@dataclass(slots=True)
class Event:
    """One event as one article tells it."""

    event_id: str
    type: str
    status: Status
    date: Interval | None
    participants: list[Participant] = field(default_factory=list)
    places: list[PlaceMention] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    part_of: str | None = None
    core: bool = False
    relevant: bool = False
    series: bool = False  # «three times», «several visits»: never one with a member
    news: bool = False  # what its article begins with, as having just happened
    confidence: float = 0.5
