"""Checks of a topic: its states, what is core, its cues and its known events."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import yaml

from ruskor.check.entries import LEVELS, unique
from ruskor.check.nodes import ARABIC, Entry, Report, check_choice, check_keys, check_text, check_words, compose, is_day, mapping_entry, pad
from ruskor.model import Status

STATUSES = set(get_args(Status))


def check_topic(report: Report, path: Path, *, types: set[str], states: set[str], people: set[str], places: set[str]) -> None:
    """A topic file, and each of its known events."""
    node = compose(path)
    if not isinstance(node, yaml.MappingNode):
        report.error(Entry(path, 1, {}, {}), "a mapping is expected")
        return
    topic = mapping_entry(path, node)
    check_keys(report, topic, required={"name", "title", "states", "core", "known_events"}, optional={"successors", "relevance"})
    if topic.get("name") != path.stem:
        report.error(topic, f"name {topic.get('name')!r} is not the file's", key="name")
    _check_states(report, topic, states)
    if len(topic.get("states") or []) != 2:
        report.error(topic, "a topic has two states", key="states")
    _check_core(report, topic, types)
    events = next((value for key, value in node.value if key.value == "known_events"), None)
    rows = []
    for item in events.value if isinstance(events, yaml.SequenceNode) else []:
        if isinstance(item, yaml.MappingNode):
            entry = mapping_entry(path, item)
            entry.label = str(entry.get("id") or "")
            rows.append(entry)
            _check_known_event(report, entry, types=types, states=states, people=people, places=places)
    unique(report, rows, "id")


def _check_states(report: Report, entry: Entry, states: set[str]) -> None:
    for state in entry.words("states"):
        if state not in states:
            report.error(entry, f"states: {state!r} is no known state", key="states")


def _check_core(report: Report, topic: Entry, types: set[str]) -> None:
    core = topic.get("core") or {}
    for key, known in (("types", types), ("levels", LEVELS)):
        for word in core.get(key) or []:
            if word not in known:
                report.error(topic, f"core: {word!r} is unknown", key="core")
    for cue in (topic.get("relevance") or {}).get("cues") or []:
        if not isinstance(cue, dict) or not isinstance(cue.get("weight"), int | float) or not cue.get("words"):
            report.error(topic, f"relevance: {cue!r} needs weight and words", key="relevance")


def _check_days_and_title(report: Report, entry: Entry) -> None:
    start, end = entry.get("start"), entry.get("end")
    if not is_day(start) or not (end is None or is_day(end)):
        report.error(entry, f"{start} to {end} are no dates", key="start")
    elif end is not None and pad(start, end=False) > pad(end, end=True):
        report.error(entry, f"ends {end} before it begins {start}", key="end")
    title = entry.get("title")
    if not isinstance(title, dict) or not {"en", "ar"} <= set(title):
        report.error(entry, "title needs en and ar", key="title")
    elif not ARABIC.search(str(title["ar"])):
        report.error(entry, "the Arabic title is not in Arabic letters", key="title")


def _check_known_event(report: Report, entry: Entry, *, types: set[str], states: set[str], people: set[str], places: set[str]) -> None:
    check_keys(
        report, entry, required={"id", "type", "start", "end", "title", "people", "places", "states", "source"},
        optional={"status", "keywords_ar"},
    )  # fmt: skip
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", entry.label):
        report.error(entry, "id may hold a-z, 0-9 and hyphens", key="id")
    check_choice(report, entry, "type", types)
    check_choice(report, entry, "status", STATUSES)
    _check_days_and_title(report, entry)
    _check_states(report, entry, states)
    # A name without an entry does no harm: it is only never matched.
    for key, known in (("people", people), ("places", places)):
        for name in entry.words(key):
            if name not in known:
                report.warn(entry, f"{key}: {name!r} has no entry", key=key)
    check_text(report, entry, "source")
    check_words(report, entry, "keywords_ar")
