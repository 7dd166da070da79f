"""YAML with line numbers, and findings that name them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml

from ruskor.errors import DataError
from ruskor.yamlguard import hostile

ARABIC = re.compile(r"[\u0621-\u064a\u066e-\u06d3]")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\u00ad]")
_DAY = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Something wrong or doubtful in a data file."""

    path: str
    line: int
    level: Literal["error", "warning"]
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.level}: {self.text}"


@dataclass(slots=True)
class Report:
    """Collects findings; paths are shown relative to the data folder."""

    root: Path
    findings: list[Finding] = field(default_factory=list)

    def error(self, entry: Entry, text: str, *, key: str | None = None) -> None:
        """Note what must be mended."""
        self._add("error", entry, text, key)

    def warn(self, entry: Entry, text: str, *, key: str | None = None) -> None:
        """Note what is doubtful."""
        self._add("warning", entry, text, key)

    def _add(self, level: Literal["error", "warning"], entry: Entry, text: str, key: str | None) -> None:
        label = f"{entry.label}: " if entry.label else ""
        self.findings.append(Finding(self.name(entry.path), entry.lines.get(key or "", entry.line), level, f"{label}{text}"))

    def name(self, path: Path) -> str:
        """The path as messages show it."""
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else str(path)


@dataclass(slots=True)
class Entry:
    """A mapping of a data file: its values and the lines of its keys."""

    path: Path
    line: int
    values: dict[str, Any]
    lines: dict[str, int]
    label: str = ""

    def get(self, key: str) -> Any:
        """The value of a key, or null."""
        return self.values.get(key)

    def words(self, key: str) -> list[str]:
        """The strings of a list; empty where there is none."""
        value = self.values.get(key)
        return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def compose(path: Path) -> yaml.Node | None:
    """The node tree of a file.

    Raises DataError with file and line where it is no YAML.
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        content = path.read_bytes()
        reason = hostile(content)
        if reason:
            raise DataError(f"{path}:1: not valid YAML: {reason}")
        return yaml.compose(content.decode("utf-8-sig"), Loader=loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise DataError(f"{path}:{line}: not valid YAML: {error.problem}") from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise DataError(f"{path}:1: cannot be read: {error}") from error


def plain(node: yaml.Node) -> Any:
    """The value of a node, with dates left as the strings that they are in the file."""
    if isinstance(node, yaml.MappingNode):
        return {plain(key) if isinstance(key, yaml.ScalarNode) else str(key): plain(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [plain(item) for item in node.value]
    assert isinstance(node, yaml.ScalarNode)
    return _scalar(node.tag.rpartition(":")[2], node.value)


def _scalar(kind: str, text: str) -> Any:
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() in {"true", "yes", "on"}
    try:
        return {"int": int, "float": float}.get(kind, str)(text)
    except ValueError:
        return text  # 0x10 and the like stay as they are written


def mapping_entry(path: Path, node: yaml.MappingNode, *, label: str = "") -> Entry:
    """A mapping with the lines of its keys."""
    lines = {str(key.value): key.start_mark.line + 1 for key, _ in node.value}
    return Entry(path, node.start_mark.line + 1, plain(node), lines, label)


def entries(report: Report, path: Path, *, name: str = "name") -> list[Entry]:
    """The mappings of a file that is a list of them; everything else in it is an error."""
    node = compose(path)
    if node is None:
        return []
    whole = Entry(path, 1, {}, {})
    if not isinstance(node, yaml.SequenceNode):
        report.error(whole, "a list of entries is expected")
        return []
    out = []
    for item in node.value:
        if not isinstance(item, yaml.MappingNode):
            report.error(Entry(path, item.start_mark.line + 1, {}, {}), "an entry with `name: value` lines is expected")
            continue
        entry = mapping_entry(path, item)
        entry.label = str(entry.get(name) or "")
        out.append(entry)
    return out


def duplicate_keys(path: Path, node: yaml.Node) -> Iterator[Entry]:
    """Keys that a mapping has twice: YAML keeps the last and says nothing."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            if name in seen:
                yield Entry(path, key.start_mark.line + 1, {}, {}, f"key {name!r}")
            seen.add(name)
            yield from duplicate_keys(path, value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from duplicate_keys(path, item)


def check_keys(report: Report, entry: Entry, *, required: set[str], optional: set[str]) -> None:
    """Missing and unknown keys."""
    for key in sorted(required - set(entry.values)):
        report.error(entry, f"{key} is missing")
    for key in sorted(set(entry.values) - required - optional):
        report.error(entry, f"{key} is no key of such an entry", key=key)


def check_text(report: Report, entry: Entry, key: str, *, arabic: bool | None = None) -> None:
    """A string that is not empty, without invisible marks, and in the right letters."""
    value = entry.get(key)
    if key not in entry.values:
        return
    if not isinstance(value, str) or not value.strip():
        report.error(entry, f"{key} is no text", key=key)
    elif arabic is not None and bool(ARABIC.search(value)) != arabic:
        report.error(entry, f"{key} {value!r} is {'not ' if arabic else ''}in Arabic letters", key=key)
    elif _INVISIBLE.search(value) or value != value.strip():
        report.error(entry, f"{key} {value!r} holds invisible marks or spaces at its ends", key=key)


def check_words(report: Report, entry: Entry, key: str, *, arabic: bool = True) -> None:
    """A list of Arabic strings without repetition."""
    value = entry.get(key)
    if value is None:
        return
    if not isinstance(value, list):
        report.error(entry, f"{key} is no list", key=key)
        return
    for item in value:
        if not isinstance(item, str) or not item.strip():
            report.error(entry, f"{key}: {item!r} is no text", key=key)
        elif arabic and not ARABIC.search(item):
            report.error(entry, f"{key}: {item!r} is not in Arabic letters", key=key)
        elif _INVISIBLE.search(item):
            report.error(entry, f"{key}: {item!r} holds invisible marks", key=key)
    texts = [item for item in value if isinstance(item, str)]
    twice = sorted({item for item in texts if texts.count(item) > 1})
    if twice:
        report.warn(entry, f"{key}: {', '.join(twice)} twice", key=key)


def check_id(report: Report, entry: Entry) -> None:
    """A Wikidata id or null."""
    value = entry.get("id")
    if value is not None and not (isinstance(value, str) and re.fullmatch(r"Q[1-9]\d*", value)):
        report.error(entry, f"id {value!r} is no Wikidata id", key="id")


def check_choice(report: Report, entry: Entry, key: str, known: set[str]) -> None:
    """One of some words."""
    value = entry.get(key)
    if key in entry.values and not (isinstance(value, str) and value in known):
        words = f"; known: {', '.join(sorted(known))}" if len(known) < 30 else ""
        report.error(entry, f"{key} {value!r} is unknown{words}", key=key)


def is_day(value: Any) -> bool:
    """YYYY, YYYY-MM or YYYY-MM-DD."""
    return _DAY.fullmatch(str(value)) is not None


def pad(value: Any, *, end: bool) -> str:
    """A cut date at its first or last day, for comparison."""
    text = str(value)
    return text + {4: "-12-31" if end else "-01-01", 7: "-31" if end else "-01"}.get(len(text), "")
