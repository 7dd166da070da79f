"""Checks of the user's own gazetteers: their entries, merged over ours, get the checks that ours get."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ruskor.check.entries import BODIES, check_offices, check_organizations, check_people, check_places
from ruskor.check.files import parses
from ruskor.check.nodes import Entry, Finding, Report, compose, entries, mapping_entry
from ruskor.errors import DataError
from ruskor.gazetteer import USER_SECTIONS
from ruskor.gazetteer_build import merge_entry
from ruskor.lexicon import compiled, data_dir, data_files, load_yaml

_SOURCES = {"people": "people/*.yaml", "places": "places/*.yaml", "organizations": "organizations/*.yaml", "offices": "offices.yaml"}
# Raise when a check changes, so that files are looked at again.
_CHECKS = "1"


def require_sound(paths: Sequence[Path]) -> None:
    """Nothing where the user's files may be used; what was found is remembered by content.

    Raises DataError with file and line of the first error.
    """
    if not paths:
        return
    for path in paths:
        _readable(path)
    # Without the paths themselves in the key, the same words in another file would be told of under the old name.
    salt = "|".join([_CHECKS, *map(str, paths)])
    rows = compiled("user-check", lambda _: _plain(check_user(paths)), [*data_files(*_SOURCES.values(), "boxes.yaml"), *paths], salt=salt)
    if rows:
        path, line, text = rows[0]
        more = f"{len(rows)} errors; " if len(rows) > 1 else ""
        raise DataError(f"{path}:{line}: {text}", hint=f"{more}`ruskor data check {path}` lists what is wrong")


def _readable(path: Path) -> None:
    try:
        with path.open("rb"):
            pass
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror or error}") from error


def _plain(findings: Iterable[Finding]) -> list[tuple[str, int, str]]:
    return [(finding.path, finding.line, finding.text) for finding in findings if finding.level == "error"]


def check_user(paths: Sequence[Path]) -> list[Finding]:
    """Everything wrong or doubtful in the user's files, in the order of files and lines; what ours say of themselves is left out."""
    report = Report(data_dir())
    good = []
    for path in paths:
        try:
            _readable(path)
        except DataError as error:
            report.findings.append(Finding(str(path), 1, "error", error.reason.partition(": ")[2]))
            continue
        if parses(report, path):
            good.append(path)
    rows = merged_entries(report, good)
    offices, places = rows["offices"], rows["places"]
    states = {str(entry.get("iso3")) for entry in places if entry.get("iso3")} | BODIES
    check_offices(report, offices, states)
    check_people(report, rows["people"], offices={e.label: str(e.get("level")) for e in offices}, states=states)
    check_places(report, places, states=states, boxes=load_yaml(data_dir() / "boxes.yaml") or {})
    check_organizations(report, rows["organizations"], states=states, places={entry.label for entry in places})
    order = {report.name(path): k for k, path in reversed(list(enumerate(paths)))}
    found = {finding for finding in report.findings if finding.path in order}
    return sorted(found, key=lambda finding: (order[finding.path], finding))


def merged_entries(report: Report, paths: Sequence[Path]) -> dict[str, list[Entry]]:
    """For each section our entries with the user's over them; what is wrong with the shape of a file is noted."""
    return {section: _over(report, _ours(section), section, paths) for section in _SOURCES}


@cache
def _ours(section: str) -> dict[str, Entry]:
    """The entries of the package by name; what is wrong with them is for `check_data` to tell."""
    name, report = "key" if section == "offices" else "name", Report(data_dir())
    return {entry.label: entry for path in data_files(_SOURCES[section]) for entry in entries(report, path, name=name)}


def _over(report: Report, own: dict[str, Entry], section: str, paths: Sequence[Path]) -> list[Entry]:
    """Our entries without those that a file of the user's touches, then these, merged: what collides is told of the later ones."""
    touched: dict[str, Entry] = {}
    for path in paths:
        here: dict[str, int] = {}
        for entry in _entries(report, path, section):
            if entry.label in here:
                report.error(entry, f"is also at line {here[entry.label]} of this file")
                continue
            here[entry.label] = entry.line
            before = touched.pop(entry.label, None) or own.get(entry.label)
            values = merge_entry(before.values, entry.values) if before else entry.values
            touched[entry.label] = Entry(path, entry.line, values, entry.lines, entry.label)
    return [entry for label, entry in own.items() if label not in touched] + list(touched.values())


def _entries(report: Report, path: Path, section: str) -> Iterator[Entry]:
    """The entries of one section; what is wrong with the file as a whole is told with its first section."""
    node = compose(path)
    first = section == next(iter(_SOURCES))
    if not isinstance(node, yaml.MappingNode):
        if first:
            report.error(Entry(path, 1, {}, {}), f"a mapping with {', '.join(USER_SECTIONS)} is expected")
        return
    for key, value in node.value:
        if first and key.value not in USER_SECTIONS:
            report.error(
                Entry(path, key.start_mark.line + 1, {}, {}, str(key.value)), f"no such section; known: {', '.join(USER_SECTIONS)}"
            )
        if key.value == section:
            yield from _list(report, path, value, name="key" if section == "offices" else "name")


def _list(report: Report, path: Path, node: Any, *, name: str) -> Iterator[Entry]:
    if isinstance(node, yaml.ScalarNode) and node.tag.endswith(":null"):
        return
    if not isinstance(node, yaml.SequenceNode):
        report.error(Entry(path, node.start_mark.line + 1, {}, {}), "a list of entries is expected")
        return
    for item in node.value:
        entry = mapping_entry(path, item) if isinstance(item, yaml.MappingNode) else None
        value = entry.get(name) if entry else None
        if entry is None:
            report.error(Entry(path, item.start_mark.line + 1, {}, {}), "an entry with `name: value` lines is expected")
        elif not isinstance(value, str) or not value.strip():
            report.error(entry, f"{name} is missing or no text", key=name)
        else:
            entry.label = value
            yield entry
