"""Whether two tellings of different articles are one event, by their kind, parties, days and places."""

from __future__ import annotations

from datetime import timedelta

from ruskor.gazetteer import Gazetteer
from ruskor.model import COARSENESS
from ruskor.tellings import JOURNEY, NO_DAY, ONCE, ONE_DAY, SLIP, Telling, days_apart


def compatible(gazetteer: Gazetteer, a: Telling, b: Telling) -> float | None:
    """How well two dated tellings are one event (higher is better); null where something speaks against it."""
    if a.group != b.group or a.series != b.series or (a.stop != b.stop and not _one_stop(a, b)):
        return None
    if a.type in ONCE:
        return 1.0 if _told_once(a, b) else None
    if a.date is None or b.date is None or a.span is None or b.span is None or not parties_fit(a, b):
        return None
    if a.type == "agreement" and {a.status, b.status} == {"denied", "occurred"}:
        return None
    apart = days_apart(a.span, b.span)
    doubt = _other_place(gazetteer, a, b) if apart is NO_DAY else _other_day(gazetteer, a, b, apart)
    if doubt is None:
        return None
    stop = 1.0 if a.stop or b.stop else 0.0  # a day in a town is that stop before it is the journey
    score = 3.0 + stop - 0.3 * abs(COARSENESS[a.date.precision] - COARSENESS[b.date.precision]) - doubt
    return score + (0.2 * len(a.people & b.people) + (0.2 if a.type == b.type else 0.0) + (0.1 if a.where == b.where else 0.0))


def kind_of(t: Telling) -> tuple[object, ...]:
    """All that `compatible` looks at: tellings of which this is equal are compatible with the same others."""
    article = t.article if t.type in ONCE else None
    sides = (t.guests, t.hosts, t.countries, t.origin)
    return (t.type, t.status, t.date, t.span, *sides, t.where, t.places, t.series, t.stop, article)


def _one_stop(a: Telling, b: Telling) -> bool:
    """Whether a stop of a journey and what is told as a visit of its own are the same day in the same town."""
    return _daily(a, b) and a.date == b.date and bool(a.places) and a.places[:1] == b.places[:1]


def _told_once(a: Telling, b: Telling) -> bool:
    """Whether what is told once and for all is one: told by different articles of the same people on the same day."""
    if a.article == b.article or a.type != b.type or a.date is None or a.date.precision != "day":
        return False
    return a.date == b.date and a.people == b.people and bool(a.people)


def _daily(a: Telling, b: Telling) -> bool:
    return a.date is not None and b.date is not None and a.date.precision == b.date.precision == "day"


def _other_day(gazetteer: Gazetteer, a: Telling, b: Telling, apart: timedelta) -> float | None:
    """What it takes from the score that the days differ; null where they are too far apart."""
    if apart > ONE_DAY and not _daily(a, b):
        return None
    if a.group == "travel" and apart <= JOURNEY:
        return 0.1 * apart.days
    shared = a.people & b.people
    if apart <= ONE_DAY and len(shared) > 1 and (a.group == "gathering" or a.type == b.type == "call"):
        return 1.0 if places_fit(gazetteer, a, b) else None  # told today or yesterday
    if a.group in ("gathering", "agreement"):
        slip = apart <= SLIP and shared and a.places and b.places
        return 1.0 if slip and places_fit(gazetteer, a, b) else None
    return None


def _other_place(gazetteer: Gazetteer, a: Telling, b: Telling) -> float | None:
    """What it takes from the score that the places differ though the days agree; null where they cannot be one."""
    if places_fit(gazetteer, a, b):
        return 0.0
    if a.date is None or b.date is None or len(a.people & b.people) < 2:
        return None
    # One day, the same people: the place is what the articles contradict each other about.
    if _daily(a, b) and a.date.start == b.date.start:
        return 1.0
    # What was planned for these days elsewhere is what then took place.
    moved = {a.status, b.status} & {"planned", "possible", "denied"}
    return 1.0 if moved and COARSENESS[a.date.precision] + COARSENESS[b.date.precision] <= 1 else None


def parties_fit(a: Telling, b: Telling) -> bool:
    """The same people on the same sides, where both name people; else the same states."""
    if a.group == "travel":
        return _travellers_fit(a, b)
    if a.group == "gathering" or a.type == "call":
        return _company_fits(a, b)
    if a.type == "invitation":
        sides = (not a.guests or not b.guests or a.guests & b.guests) and (not a.hosts or not b.hosts or a.hosts & b.hosts)
        return bool(sides) and bool(a.people & b.people)
    if a.type == "agreement":
        if a.people and b.people and not a.people & b.people:
            return False  # what ministers sign is not the treaty of their leaders
        return len(a.countries & b.countries) >= 2 and (a.countries <= b.countries or b.countries <= a.countries)
    return bool(a.countries) and (a.countries == b.countries or bool(a.people & b.people))


def _travellers_fit(a: Telling, b: Telling) -> bool:
    if a.where != b.where and a.where is not None and b.where is not None:
        return False
    if a.guests and b.guests:
        return bool(a.guests & b.guests)
    if not a.origin & b.origin:
        return False
    # A delegation and somebody of its country: one journey if they travel on the same days.
    nobody = not a.guests and not b.guests
    return nobody or (a.where == b.where and _daily(a, b) and a.span is not None and b.span is not None and a.span.overlaps(b.span))


def _company_fits(a: Telling, b: Telling) -> bool:
    if not a.people or not b.people:
        return bool(a.countries) and a.countries == b.countries
    shared = a.people & b.people
    if len(a.people) >= 2 and len(b.people) >= 2:
        return len(shared) >= 2
    return bool(shared) and (a.countries <= b.countries or b.countries <= a.countries)


def places_fit(gazetteer: Gazetteer, a: Telling, b: Telling) -> bool:
    """Whether one place contains the other, or one is only a country or unknown."""
    if a.where is None or b.where is None:
        return True
    if a.where != b.where:
        return False
    for name in a.places[:1]:
        for other in b.places[:1]:
            if name == other or name in b.places or other in a.places:
                continue
            p, q = (gazetteer.places[gazetteer.place_index[n]] for n in (name, other))
            if "country" in (p.kind, q.kind) or p.name in q.inside or q.name in p.inside or set(p.inside[:1]) & set(q.inside[:1]):
                continue
            if a.group == "travel" or "region" in (p.kind, q.kind):
                continue  # one journey has many stops; what lies in a region is not always known
            return False
    return True
