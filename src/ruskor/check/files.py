"""All files of `data/`: which check each gets."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, get_args

import yaml

from ruskor.check.entries import BODIES, check_offices, check_organizations, check_people, check_places
from ruskor.check.nodes import Entry, Finding, Report, check_keys, check_words, compose, duplicate_keys, entries, mapping_entry
from ruskor.check.topics import check_topic
from ruskor.errors import DataError
from ruskor.model import Status

STATUSES = set(get_args(Status))


def check_data(root: Path) -> list[Finding]:
    """Everything wrong or doubtful in a data folder, sorted by file and line; a file that is no YAML ends its own checks only."""
    report = Report(root)
    files = sorted(root.rglob("*.yaml"))
    good = [path for path in files if parses(report, path)]

    def rows(folder: str, *, name: str = "name") -> list[Entry]:
        return [
            entry for path in good if path.relative_to(root).as_posix().startswith(folder) for entry in entries(report, path, name=name)
        ]

    people, places, organizations = rows("people/"), rows("places/"), rows("organizations/")
    offices = rows("offices.yaml", name="key")
    states = {str(entry.get("iso3")) for entry in places if entry.get("iso3")} | BODIES
    boxes = _value(root / "boxes.yaml", good) or {}
    levels = {str(entry.get("key")): str(entry.get("level")) for entry in offices}
    check_offices(report, offices, states)
    check_people(report, people, offices=levels, states=states)
    check_places(report, places, states=states, boxes=boxes)
    place_names = {entry.label for entry in places}
    check_organizations(report, organizations, states=states, places=place_names)
    types = _check_codes(report, root / "codes.yaml", good)
    for path in good:
        name = path.relative_to(root).as_posix()
        if name == "furniture.yaml":
            _check_furniture(report, path)
        elif name.startswith("topics/"):
            check_topic(report, path, types=types, states=states, people={e.label for e in people}, places=place_names)
        elif name == "kinship.yaml":
            _check_kinship(report, path)
    return sorted(set(report.findings))


def parses(report: Report, path: Path) -> bool:
    """Whether a file is YAML with something in it; if not, that is noted."""
    try:
        node = compose(path)
    except DataError as error:
        line = re.search(r":(\d+): (.*)", error.reason)
        report.findings.append(Finding(report.name(path), int(line[1]) if line else 1, "error", line[2] if line else error.reason))
        return False
    if node is None:
        report.warn(Entry(path, 1, {}, {}), "empty file")
        return False
    for entry in duplicate_keys(path, node):
        report.error(entry, "stands twice in one mapping; only the last counts")
    return True


def _value(path: Path, good: list[Path]) -> Any:
    if path not in good:
        return None
    from ruskor.lexicon import load_yaml

    return load_yaml(path)


def _check_codes(report: Report, path: Path, good: list[Path]) -> set[str]:
    """Each type has both codebooks with all statuses. Returns the types."""
    if path not in good:
        report.error(Entry(path, 1, {}, {}), "the file is missing")
        return set()
    node = compose(path)
    if not isinstance(node, yaml.MappingNode):
        report.error(Entry(path, 1, {}, {}), "a mapping of event types is expected")
        return set()
    for key, value in node.value:
        if not isinstance(value, yaml.MappingNode):
            report.error(Entry(path, key.start_mark.line + 1, {}, {}, key.value), "cameo and plover are expected")
            continue
        entry = mapping_entry(path, value, label=key.value)
        check_keys(report, entry, required={"cameo", "plover"}, optional=set())
        for book in ("cameo", "plover"):
            missing = STATUSES - set(entry.get(book) or {})
            if missing:
                report.error(entry, f"{book}: {', '.join(sorted(missing))} missing", key=book)
        for status, code in (entry.get("cameo") or {}).items():
            for one in code.values() if isinstance(code, dict) else [code]:
                if one is not None and not (isinstance(one, str) and re.fullmatch(r"\d{3,4}", one)):
                    report.error(entry, f"cameo {status}: {one!r} is no code; write it in quotation marks", key="cameo")
    return {str(key.value) for key, _ in node.value}


def _check_furniture(report: Report, path: Path) -> None:
    for entry in entries(report, path, name="kind"):
        check_keys(report, entry, required={"kind", "max_words", "patterns"}, optional=set())
        if not isinstance(entry.get("max_words"), int):
            report.error(entry, "max_words is no number", key="max_words")
        for pattern in entry.words("patterns"):
            try:
                re.compile(pattern)
            except re.error as error:
                report.error(entry, f"pattern {pattern!r}: {error}", key="patterns")


def _check_kinship(report: Report, path: Path) -> None:
    node = compose(path)
    if not isinstance(node, yaml.MappingNode):
        report.error(Entry(path, 1, {}, {}), "a mapping of relations is expected")
        return
    entry = mapping_entry(path, node)
    for relation in entry.values:
        check_words(report, entry, relation)
