"""One event of one article as merging sees it, and clusters of such tellings that are one event."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations

from ruskor.model import GATHERING, Event, Interval, Status

TRAVEL = frozenset({"visit", "delegation"})
ONCE = frozenset({"statement", "historic", "other", "economic_exchange"})  # told once and for all
_OPEN = frozenset({"planned", "possible", "denied", "called_off"})
_FIRST = frozenset({"guest", "host", "actor", "speaker"})
_INVITERS = frozenset({"host", "speaker", "actor"})
# Arrival, departure and return of one journey may be told some days apart.
JOURNEY = timedelta(days=8)
# How far apart two days may be told for one and the same gathering: a mistake, not another gathering.
SLIP = timedelta(days=2)
# Undated plans and reports published further apart than this are not taken for one.
SEASON = timedelta(days=240)
NO_DAY, ONE_DAY = timedelta(0), timedelta(days=1)


def _bounded(day: Interval | None, published: Interval | None, longer: timedelta) -> Interval | None:
    """What goes on when it is told of lasts no more than so much longer: a visit still going on is not that of ten years later."""
    if day is None or day.end is not None:
        return day
    known = max(day.start, published.last) if published is not None and published.last < date.max - longer else day.start
    return Interval(day.start, known + longer, day.precision)


@dataclass(frozen=True, slots=True)
class Telling:
    """One event of one article, reduced to what merging looks at; hashable by (article, event)."""

    article: str
    event: str
    type: str
    status: Status
    date: Interval | None
    published: Interval | None
    guests: frozenset[str]  # people of the first side (guests, inviters) or all people of a gathering
    hosts: frozenset[str]
    countries: frozenset[str]
    origin: frozenset[str]  # countries of the guests
    where: str | None  # country of the place
    places: tuple[str, ...]
    series: bool
    core: bool
    copy_of: str | None = None
    stop: bool = False  # a stop within a journey
    news: bool = False  # told as having just happened, or as going on
    span: Interval | None = field(init=False, compare=False)  # the date; of what goes on, no longer than it may
    people: frozenset[str] = field(init=False, compare=False)  # everybody named
    group: str = field(init=False, compare=False)  # types that can name one event
    told: tuple[int, int] = field(init=False, compare=False)  # first and last day of publication, as numbers
    future: bool = field(init=False, compare=False)  # told of as still to come, or not to come

    def __post_init__(self) -> None:
        # Asked for millions of times, so kept.
        object.__setattr__(self, "people", self.guests | self.hosts)
        group = "gathering" if self.type in GATHERING else "travel" if self.type in TRAVEL else self.type
        object.__setattr__(self, "group", group)
        published = self.published
        object.__setattr__(self, "span", _bounded(self.date, published, JOURNEY if group == "travel" else NO_DAY))
        told = (published.start.toordinal(), published.last.toordinal()) if published else (0, 0)
        object.__setattr__(self, "told", told)
        object.__setattr__(self, "future", self.status in _OPEN)

    def __hash__(self) -> int:
        # Two tellings of one key are compared in full; to hash all of it would cost more than merging.
        return hash((self.article, self.event))

    @property
    def key(self) -> tuple[str, str]:
        """Identity, and the order of ties."""
        return self.article, self.event


def telling(article: str, event: Event, published: Interval | None, *, copy_of: str | None = None) -> Telling:
    """Reduce one event of an article."""
    people = [p for p in event.participants if p.kind == "person"]
    first_roles = {"guest"} if event.type in TRAVEL else _INVITERS if event.type == "invitation" else _FIRST
    guests = frozenset(p.name for p in people if p.role in first_roles)
    located = [place for place in event.places if place.country]
    return Telling(
        article=article,
        event=event.event_id,
        type=event.type,
        status=event.status,
        date=event.date,
        published=published,
        guests=guests,
        hosts=frozenset(p.name for p in people) - guests,
        countries=frozenset(p.country for p in event.participants if p.country),
        origin=frozenset(p.country for p in event.participants if p.country and p.role == "guest"),
        where=located[0].country if located else None,
        places=tuple(dict.fromkeys(place.name for place in event.places)),
        series=event.series,
        core=event.core,
        copy_of=copy_of,
        stop=event.part_of is not None and event.type in TRAVEL,
        news=event.news or event.status == "ongoing",
    )


def block_keys(t: Telling) -> list[tuple[str, ...]]:
    """Keys under which a telling meets those that may be the same event: group and people, or the states where they may count."""
    keys: list[tuple[str, ...]] = [(t.group, name) for name in sorted(t.people)]
    if t.group == "agreement":
        keys += [(t.group, *pair) for pair in combinations(sorted(t.countries), 2)]
    elif t.group == "gathering" or t.type == "call":
        keys += [(t.group, *sorted(t.countries))] if t.countries else []
    elif t.group == "travel":
        keys += [(t.group, country, t.where or "") for country in sorted(t.origin)]
    elif not keys:
        keys = [(t.group, country) for country in sorted(t.countries)]
    return keys or [(t.group, "")]


def part_keys(t: Telling) -> list[tuple[str, ...]]:
    """Keys by which a corpus falls into parts: tellings that share none, even by way of others, never are one event.

    What is told once and for all is one only with the same people on the same day; alone, where one of these is missing.
    """
    if t.type not in ONCE:
        return block_keys(t)
    if t.date is None or t.date.precision != "day" or not t.people:
        return []
    return [(t.type, t.date.start.isoformat(), *sorted(t.people))]


def days_of(t: Telling) -> tuple[int, int]:
    """The first and the last day of a dated telling, as numbers."""
    assert t.span is not None
    return t.span.start.toordinal(), t.span.last.toordinal()


def days_apart(a: Interval, b: Interval) -> timedelta:
    """The time between two dates; NO_DAY itself where they overlap."""
    if a.last < b.start:
        return b.start - a.last
    return a.start - b.last if b.last < a.start else NO_DAY


@dataclass(slots=True)
class Cluster:
    """Tellings that are one event."""

    tellings: list[Telling] = field(default_factory=list)
    why: list[str] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str]:
        """The least of the tellings' keys."""
        return min(t.key for t in self.tellings)

    def dated(self) -> list[Telling]:
        """Tellings with a date."""
        return [t for t in self.tellings if t.date is not None]


def by_keys(clusters: Iterable[Cluster]) -> dict[tuple[str, ...], list[int]]:
    """The numbers of the clusters that each key leads to."""
    index: dict[tuple[str, ...], list[int]] = {}
    for k, cluster in enumerate(clusters):
        for key in {key for t in cluster.tellings for key in block_keys(t)}:
            index.setdefault(key, []).append(k)
    return index


def reasons(members: list[Telling]) -> list[str]:
    """Why these tellings are one event, in words; nothing for a single one."""
    if len(members) < 2:
        return []
    shared = frozenset.intersection(*[t.people or t.countries for t in members])
    what = ", ".join(sorted(shared)) if shared else "the same states"
    return [f"{len(members)} mentions agree in {members[0].group} of {what} with dates and places that fit"]
