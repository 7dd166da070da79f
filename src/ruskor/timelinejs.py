"""The dated events in the JSON of TimelineJS (Knight Lab), whose texts are HTML: everything from an article is escaped."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from html import escape
from typing import Any

from ruskor.corpus import CorpusEvent
from ruskor.interface import Words, load_words
from ruskor.model import Interval

_KEPT = {"day": 3, "week": 3, "month": 2, "season": 2, "year": 1, "multi-year": 1}


def timeline(events: Sequence[CorpusEvent], *, title: str, lang: str = "en") -> Iterator[str]:
    """One JSON object with a slide an event, in the table's order; undated events have no place in it."""
    words = load_words(lang)
    slides = [_slide(event, words) for event in events if event.date]
    whole = {"title": {"text": {"headline": escape(title), "text": words.count(len(slides), "event")}}, "events": slides}
    yield json.dumps(whole, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _slide(event: CorpusEvent, words: Words) -> dict[str, Any]:
    assert event.date is not None
    headline = (event.title_ar if words.rtl else event.title_en) or event.event_id
    told = [words.status(event.status)[0], words.count(event.n_articles, "article")]
    place = event.places[0] if event.places else None
    text = f"<p>{escape(words.table['comma'].join(told))}</p>"
    if event.evidence:
        text += f'<blockquote lang="ar" dir="rtl">{escape(event.evidence.text)}</blockquote>'
    slide: dict[str, Any] = {
        "unique_id": event.event_id,
        "start_date": _day(event.date.start, event.date),
        "display_date": words.days(event.date),
        "group": words.type(event.type),
        "text": {"headline": escape(headline), "text": text},
    }
    if event.date.end and event.date.end != event.date.start:
        slide["end_date"] = _day(event.date.end, event.date)
    if place and event.latitude is not None:
        slide["location"] = {"name": escape(place.name_ar if words.rtl else place.name), "lat": event.latitude, "lon": event.longitude}
    return slide


def _day(day: date, value: Interval) -> dict[str, int]:
    """Year, month and day as far as the precision goes."""
    parts = {"year": day.year, "month": day.month, "day": day.day}
    return dict(list(parts.items())[: _KEPT[value.precision]])
