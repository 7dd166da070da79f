"""The events of an article, case by case (tests/events/cases.yaml)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from ruskor.days import parse_days
from ruskor.model import Article, Event, Interval
from ruskor.pipeline import annotate_article, load_pipeline

CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "events" / "cases.yaml").read_text(encoding="utf-8"))
P = load_pipeline()


def days(date: Interval | None) -> str:
    """A date as the cases write it."""
    if date is None:
        return "-"
    length = {"year": 4, "month": 7}.get(date.precision)
    if length:
        return date.start.isoformat()[:length]
    if date.end is None:
        return f"{date.start}.."
    return f"{date.start}" if date.start == date.end else f"{date.start}..{date.end}"


def line(event: Event) -> str:
    """An event as the cases write it."""
    who = ", ".join(sorted(p.name for p in event.participants))
    return f"{event.type} {event.status} {days(event.date)} | {who} | {', '.join(p.name for p in event.places)}".rstrip()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["about"])
def test_events(case: dict[str, Any]) -> None:
    article = Article("a.txt", "a.txt", case["text"], given=parse_days(str(case["published"])))
    found = [line(e) for e in annotate_article(P, article).events if e.type in case.get("types", [e.type]) and e.type != "statement"]
    assert found == case["events"]
