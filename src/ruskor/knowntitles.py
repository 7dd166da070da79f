"""Rows that are a known event of the topic bear its title; a known event adds neither a row nor a value."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from functools import cache
from typing import Any

from ruskor.corpus import CorpusEvent
from ruskor.knownevents import KnownEvent, known_events
from ruskor.lexicon import compiled, data_files, load_yaml
from ruskor.model import Interval

_GROUPS = {"summit": "gathering", "meeting": "gathering", "negotiation": "gathering", "visit": "travel", "delegation": "travel"}
# A journey may be told by its arrival a day before, its return a day after.
_SLACK = timedelta(days=1)
_FINE = frozenset(("day", "week"))
_COARSE = frozenset(("month", "year"))


def _build(paths: list[Any]) -> dict[str, list[str]]:
    return {
        entry["id"]: [entry["title"]["en"], entry["title"]["ar"]] for path in paths for entry in load_yaml(path).get("known_events") or []
    }


@cache
def _titles() -> dict[str, list[str]]:
    table: dict[str, list[str]] = compiled("knowntitles", _build, data_files("topics/*.yaml"))
    return table


@cache
def _alike(topic: str) -> dict[str, list[KnownEvent]]:
    """The known events of a topic by group of types."""
    groups: dict[str, list[KnownEvent]] = {}
    for event in known_events(topic):
        groups.setdefault(_GROUPS.get(event.type, event.type), []).append(event)
    return groups


def name_known(rows: Iterable[CorpusEvent], topic: str) -> None:
    """Set `known_event` and the titles of rows that one known event of the topic fits, and that no other row fits as well."""
    groups = _alike(topic)
    fitting: dict[str, list[CorpusEvent]] = {}
    for row in rows:
        found = [event for event in groups.get(_GROUPS.get(row.type, row.type), ()) if _fits(row, event)]
        if len(found) == 1:
            fitting.setdefault(found[0].id, []).append(row)
    for key, own in fitting.items():
        # Two rows cannot both be the one event: the one with more witnesses is, and on a tie neither.
        own.sort(key=lambda row: -row.n_articles)
        if len(own) > 1 and own[0].n_articles == own[1].n_articles:
            continue
        own[0].known_event = key
        if not any(mark.get("cell") in ("title", "title_ar") for mark in own[0].corrections):
            own[0].title_en, own[0].title_ar = _titles()[key]


def _fits(row: CorpusEvent, event: KnownEvent) -> bool:
    """An event of this kind: on its days, with its people, and in its country where a row has one."""
    if row.date is None or row.series or row.status not in _same_fate(event.status) or not _days_fit(row.date, event):
        return False
    names = {p.name for p in row.people}
    wanted = set(event.people)
    if _GROUPS.get(event.type) == "gathering":
        met = len(wanted & names) >= min(2, len(wanted)) and bool(wanted)
    else:
        guests = {p.name for p in row.people if p.role == "guest"} or names
        met = bool(guests & set(event.people[:1])) if _GROUPS.get(event.type) == "travel" else bool(wanted) and wanted >= names > set()
    places = {p.name for p in row.places}
    if row.date.precision in _FINE and not places:
        return met
    return met and bool(places & set(event.places))


def _days_fit(days: Interval, event: KnownEvent) -> bool:
    """A day or a week lies within the event's days; a month or year holds them all."""
    if days.precision in _FINE:
        slack = _SLACK if _GROUPS.get(event.type) == "travel" else timedelta(0)
        return event.sure and event.start - slack <= days.start <= event.end and (days.end or days.start) <= event.end + slack
    return days.precision in _COARSE and days.start <= event.start and event.end <= days.last


def _same_fate(status: str) -> frozenset[str]:
    """The statuses a row may have to be an event of that fate; a plan of what took place is it, too."""
    if status == "occurred":
        return frozenset(("occurred", "ongoing", "planned", "possible"))
    return frozenset((status, "planned", "possible"))
