"""The event table as GeoJSON (RFC 7946) and as a calendar (iCalendar, RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from ruskor.corpus import CorpusEvent
from ruskor.table import event_row

_FATES = {
    "occurred": "CONFIRMED", "ongoing": "CONFIRMED", "planned": "TENTATIVE", "possible": "TENTATIVE", "denied": "CANCELLED",
    "called_off": "CANCELLED",
}  # fmt: skip
_FOLD = 74


def features(events: Sequence[CorpusEvent], *, lang: str = "en") -> Iterator[str]:
    """A FeatureCollection, one feature a line; an event without a place has a null geometry."""
    from ruskor.export import json_line

    start = '{"type": "FeatureCollection", "features": ['
    for event in events:
        row = event_row(event, lang=lang)
        latitude, longitude = row.pop("latitude"), row.pop("longitude")
        point: dict[str, Any] | None = None
        if latitude is not None and longitude is not None:
            point = {"type": "Point", "coordinates": [longitude, latitude]}
        feature = {"type": "Feature", "id": row["event_id"], "geometry": point, "properties": row}
        yield f"{start}\n{json_line(feature)}"
        start = ","
    yield f"{start}]}}\n" if not events else "\n]}\n"


def calendar(events: Sequence[CorpusEvent], *, lang: str = "en") -> Iterator[str]:
    """A calendar of all-day entries, one a dated event; what has no date is in no calendar."""
    yield from _lines("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//ruskor//ruskor//EN", "CALSCALE:GREGORIAN")
    for event in events:
        if event.date is not None:
            yield from _entry(event, lang)
    yield from _lines("END:VCALENDAR")


def _entry(event: CorpusEvent, lang: str) -> Iterator[str]:
    assert event.date is not None
    first, last = event.date.start, event.date.end or event.date.start
    # The last day is excluded there; the end of time has no day after it.
    after = last + timedelta(days=1) if last < date.max else last
    stamp = event.last_reported or first
    title = (event.title_ar if lang == "ar" else event.title_en) or event.event_id
    told = [event.evidence.text] if event.evidence else []
    told += [f"{event.status}, {event.date.precision}; {', '.join(event.articles)}", *[d.text for d in event.disagreements]]
    yield from _lines(
        "BEGIN:VEVENT",
        f"UID:{_escape(event.event_id)}@ruskor",
        f"DTSTAMP:{stamp:%Y%m%d}T000000Z",
        f"DTSTART;VALUE=DATE:{first:%Y%m%d}",
        f"DTEND;VALUE=DATE:{after:%Y%m%d}",
        f"SUMMARY:{_escape(title)}",
        f"STATUS:{_FATES[event.status]}",
        "TRANSP:TRANSPARENT",
        f"CATEGORIES:{_escape(event.type)}",
    )
    if event.places:
        place = event.places[0]
        yield from _lines(f"LOCATION:{_escape(place.name_ar if lang == 'ar' else place.name)}")
        if event.latitude is not None and event.longitude is not None:
            yield from _lines(f"GEO:{event.latitude};{event.longitude}")
    yield from _lines(f"DESCRIPTION:{_escape(chr(10).join(told))}", "END:VEVENT")


def _escape(text: str) -> str:
    plain = "".join(char for char in text if char == "\n" or char >= " ")
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _lines(*lines: str) -> Iterator[str]:
    """Lines folded to 75 bytes, never within a character."""
    for line in lines:
        part, size = "", 0
        for char in line:
            width = len(char.encode("utf-8", "replace"))
            if size + width > _FOLD:
                yield f"{part}\r\n"
                part, size = " ", 1
            part += char
            size += width
        yield f"{part}\r\n"
