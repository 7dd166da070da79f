"""The event table in POLECAT's columns: one row a direction of an event; what ruskor does not know stays empty (docs/codes.md)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ruskor import __version__
from ruskor.annotation import Annotation
from ruskor.corpus import CorpusEvent
from ruskor.directions import (
    Direction,
    articles_of,
    directions,
    first_source,
    geonames,
    interchange,
    office_of,
    place_of,
    region_of,
    sector_of,
)
from ruskor.gazetteer import Gazetteer
from ruskor.model import Article, Participant

# POLECAT's own order, as its yearly files have it.
COLUMNS = (
    "Event ID", "Event Date", "Event Type", "Event Mode", "Intensity", "Quad Code", "Contexts", "Actor Name", "Actor Country", "Actor COW",
    "Primary Actor Sector", "Actor Sectors", "Actor Title", "Actor Name Raw", "Wikipedia Actor ID", "Recipient Name", "Recipient Country",
    "Recipient COW", "Primary Recipient Sector", "Recipient Sectors", "Recipient Title", "Recipient Name Raw", "Wikipedia Recipient ID",
    "Placename", "City", "District", "Province", "Country", "Latitude", "Longitude", "GeoNames ID", "Raw Placename", "Feature Type",
    "Source", "Publication Date", "Story People", "Story Organizations", "Story Locations", "Language", "Version",
)  # fmt: skip
Row = dict[str, object]


def polecat_rows(events: Iterable[CorpusEvent], annotations: Iterable[Annotation], gazetteer: Gazetteer) -> list[Row]:
    """The rows, in the events' order. The second direction's Event ID is that of the first with `:2`, and so on."""
    articles = articles_of(annotations)
    return [_row(d, articles, gazetteer) for d in directions(events, gazetteer)]


def _joined(values: Iterable[str | None]) -> str | None:
    return "; ".join(dict.fromkeys(value for value in values if value)) or None


def _party(name: str, parties: Sequence[Participant], direction: Direction, gazetteer: Gazetteer) -> Row:
    when = direction.event.date
    country = next((p.country for p in parties if p.country), None)
    sectors = _joined(sector_of(p, when, gazetteer) for p in parties)
    known = [
        p.name
        for p in parties
        if p.name in gazetteer.person_index or p.name in gazetteer.place_index or (p.kind == "organization" and p.id is not None)
    ]
    return {
        f"{name} Name": _joined(p.name for p in parties),
        f"{name} Country": country,
        f"{name} COW": interchange()["cow"].get(country),
        f"Primary {name} Sector": sectors.split("; ")[0] if sectors else None,
        f"{name} Sectors": sectors,
        f"{name} Title": _joined(office_of(p, when, gazetteer) for p in parties if p.kind == "person"),
        # Names of the gazetteer are titles of the English Wikipedia.
        f"Wikipedia {name} ID": _joined(known),
    }


def _row(d: Direction, articles: dict[str, Article], gazetteer: Gazetteer) -> Row:
    event, place, source = d.event, place_of(d.event, gazetteer), first_source(d.event, articles)
    row: Row = dict.fromkeys(COLUMNS)
    row |= _party("Actor", d.actor, d, gazetteer) | _party("Recipient", d.recipient, d, gazetteer)
    row |= {
        "Event ID": event.event_id if d.number == 1 else f"{event.event_id}:{d.number}",
        # A day only where a day is known: a month's first day would be an invented date.
        "Event Date": event.date.start.isoformat() if event.date and event.date.precision == "day" else None,
        "Event Type": d.plover,
        "Event Mode": d.mode,
        "Quad Code": interchange()["quad"].get(d.plover),
        "Latitude": event.latitude,
        "Longitude": event.longitude,
        "Country": event.country,
        "Source": source.outlet if source else None,
        "Publication Date": _published(event),
        "Story People": _joined(p.name for p in event.people),
        "Story Organizations": _joined(p.name for p in event.actors if p.kind == "organization"),
        "Story Locations": _joined(p.name for p in event.places),
        "Language": "Arabic",
        "Version": f"ruskor {__version__}",
    }
    if place is not None:
        city, province = region_of(place, gazetteer, "city", "capital"), region_of(place, gazetteer, "region")
        row |= {
            "Placename": place.name,
            "City": city.name if city else None,
            "Province": province.name if province else None,
            "GeoNames ID": geonames().get(place.name),
            "Raw Placename": event.places[0].text or None,
        }
    return row


def _published(event: CorpusEvent) -> str | None:
    first = event.ordered_witnesses()[0].published
    return first.start.isoformat() if first and first.precision == "day" and first.start == first.end else None
