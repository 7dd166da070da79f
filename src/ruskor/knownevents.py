"""The known events of the topics (`data/topics/*.yaml`): what happened on which days, to place an article in time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from ruskor.arabic import fold_key
from ruskor.calendars import month_end
from ruskor.lexicon import compiled, data_files, load_yaml

_ARTICLE = re.compile(r"^(?:[وف]?(?:ال|لل|[بك]ال)|[وف])(?=\w{3})")
# The first ending that leaves three letters goes: pronouns, ta marbuta, plural and dual.
_ENDING = re.compile(r"(?<=\w{3})(?:تهما|تهم|تها|ته|هما|هم|ها|يه|ات|ه|ت|ا)$")


@dataclass(frozen=True, slots=True)
class KnownEvent:
    """One known event; `sure` where both ends are days and not months. `keywords` are tuples of stems (see `stem`)."""

    id: str
    type: str
    start: date
    end: date
    sure: bool
    status: str
    title: str
    people: tuple[str, ...]
    places: tuple[str, ...]
    states: tuple[str, ...]
    keywords: tuple[tuple[str, ...], ...]

    @property
    def days(self) -> int:
        """How many days it lasted."""
        return (self.end - self.start).days + 1


@lru_cache(100_000)
def stem(word: str) -> str:
    """A folded word without article, «و», «ف» and ending, enough to see «التجربة» in «تجربتها»."""
    return _ENDING.sub("", _ARTICLE.sub("", word))


def stems(text: str) -> tuple[str, ...]:
    """The stems of the words of a phrase."""
    return tuple(stem(word) for word in re.findall(r"[^\W_]+", fold_key(text)))


def _bounds(value: Any, *, last: bool) -> tuple[str, bool]:
    """(ISO day, whether it is sure to the day) of a day or a month in quotation marks."""
    text = str(value)
    if len(text) == 10:
        return text, True
    year, month = int(text[:4]), int(text[5:7] or (12 if last else 1))
    return (month_end(year, month) if last else date(year, month, 1)).isoformat(), False


def _build(paths: list[Path]) -> dict[str, Any]:
    merged: dict[str, dict[str, Any]] = {}
    for path in paths:
        topic = load_yaml(path)
        for entry in topic.get("known_events") or []:
            row = merged.setdefault(entry["id"], {"entry": entry, "topics": [], "keywords": [], "people": [], "places": []})
            row["topics"].append(topic["name"])
            row["keywords"] += [k for k in entry.get("keywords_ar") or [] if k not in row["keywords"]]
            row["people"] += [k for k in entry.get("people") or [] if k not in row["people"]]
            row["places"] += [k for k in entry.get("places") or [] if k not in row["places"]]
    table = {}
    for key, row in merged.items():
        entry = row["entry"]
        start, sure = _bounds(entry["start"], last=False)
        # What goes on (`end: null`) is remembered for its beginning.
        end, sure_end = _bounds(entry["end"], last=True) if entry.get("end") else (start, sure)
        table[key] = (
            entry["type"], start, end, sure and sure_end, entry.get("status") or "occurred", entry["title"]["en"], tuple(row["people"]),
            tuple(row["places"]), tuple(entry.get("states") or ()), tuple(stems(k) for k in row["keywords"]), tuple(row["topics"]),
        )  # fmt: skip
    return table


@cache
def known_events(topic: str | None = None) -> tuple[KnownEvent, ...]:
    """The known events of one topic, or of all; an event that several topics list comes once. Ordered by start.

    Raises DataError where a file is no valid YAML.
    """
    table = compiled("knownevents", _build, data_files("topics/*.yaml"), salt="3")
    events = [
        KnownEvent(key, kind, date.fromisoformat(start), date.fromisoformat(end), sure, status, title, people, places, states, keywords)
        for key, (kind, start, end, sure, status, title, people, places, states, keywords, topics) in table.items()
        if topic is None or topic in topics
    ]
    return tuple(sorted(events, key=lambda e: (e.start, e.end, e.id)))
