"""An analyst's `corrections.yaml`: read, checked against its schema, and kept with the line of each entry (docs/corrections.md).

This module knows the file; `corrected` applies it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal, get_args

from ruskor.days import parse_days
from ruskor.errors import RuskorError
from ruskor.headings import type_table
from ruskor.model import Interval, Span, Status

Kind = Literal["articles", "veto", "merge", "split", "cells"]
# What `set` may correct; the place's country and coordinates, the actors and the codes follow from these.
CELLS = ("date", "type", "status", "core", "place", "people", "title", "title_ar", "cameo", "plover")
_KEYS: dict[Kind, tuple[frozenset[str], frozenset[str]]] = {  # required, optional
    "articles": (frozenset({"article", "published", "reason"}), frozenset()),
    "veto": (frozenset({"event", "reason"}), frozenset()),
    "merge": (frozenset({"events", "reason"}), frozenset()),
    "split": (frozenset({"events", "reason"}), frozenset()),
    "cells": (frozenset({"event", "set", "reason"}), frozenset({"was"})),
}
_REFERENCE = frozenset({"article", "evidence", "span", "type"})
_NULL = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True, slots=True)
class Reference:
    """One event, by its row's id, or by a passage of an article (its words, its span, or both), with a type where that is not enough."""

    line: int
    event_id: str | None = None
    article: str | None = None
    evidence: str | None = None
    span: Span | None = None
    type: str | None = None

    def __str__(self) -> str:
        if self.event_id is not None:
            return self.event_id
        where = f"«{self.evidence}»" if self.evidence else f"{self.span[0]}-{self.span[1]}" if self.span else ""
        return f"{self.article}: {where}{f' ({self.type})' if self.type else ''}"


@dataclass(frozen=True, slots=True)
class Correction:
    """One entry of the file."""

    kind: Kind
    line: int
    reason: str
    events: tuple[Reference, ...] = ()
    article: str | None = None
    published: Interval | None = None
    cells: tuple[tuple[str, Any], ...] = ()
    was: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Corrections:
    """The whole file, entries in its order."""

    file: str
    entries: tuple[Correction, ...]

    def of(self, *kinds: Kind) -> list[Correction]:
        """The entries of some kinds."""
        return [entry for entry in self.entries if entry.kind in kinds]

    def published(self, article: str) -> Correction | None:
        """The entry that fixes an article's date; the last one wins."""
        found = [entry for entry in self.of("articles") if same_article(entry.article or "", article)]
        return found[-1] if found else None

    def unread(self, articles: Iterable[str]) -> list[str]:
        """A warning for each fixed date of an article that is not among those that were read."""
        names = list(articles)
        return [
            f"{self.file}:{entry.line}: no article {entry.article} was read; its date is not applied"
            for entry in self.of("articles")
            if not any(same_article(entry.article or "", name) for name in names)
        ]


def same_article(a: str, b: str) -> bool:
    """Whether two names are one article's: the same, or one is the end of the other's path."""
    return a == b or a.endswith("/" + b) or b.endswith("/" + a)


class _File:
    """The YAML nodes of one file, with messages that name their lines. All scalars are read as they are written."""

    def __init__(self, path: str) -> None:
        self.path = path

    def error(self, node: Any, text: str, hint: str | None = None) -> RuskorError:
        return RuskorError(f"{self.path}:{line_of(node)}: {text}", hint=hint)

    def mapping(self, node: Any, what: str) -> dict[str, Any]:
        import yaml

        if not isinstance(node, yaml.MappingNode):
            raise self.error(node, f"{what} takes `name: value`")
        out: dict[str, Any] = {}
        for key, value in node.value:
            name = self.text(key, "a key")
            if name in out:
                raise self.error(key, f"{name} is given twice")
            out[name] = value
        return out

    def sequence(self, node: Any, what: str) -> list[Any]:
        import yaml

        if not isinstance(node, yaml.SequenceNode):
            raise self.error(node, f"{what} takes a list")
        return list(node.value)

    def text(self, node: Any, what: str) -> str:
        import yaml

        if not isinstance(node, yaml.ScalarNode) or not str(node.value).strip():
            raise self.error(node, f"{what} takes a text")
        return str(node.value).strip()

    def days(self, node: Any, what: str) -> Interval:
        text = self.text(node, what)
        try:
            return parse_days(text, what=what)
        except RuskorError as error:
            raise self.error(node, error.reason, error.hint) from error


def line_of(node: Any) -> int:
    """The line of a YAML node, from 1."""
    return int(node.start_mark.line) + 1


def load_corrections(path: str) -> Corrections:
    """The corrections of one file.

    Raises RuskorError (usage) with file and line where it cannot be read or is not as docs/corrections.md says.
    """
    import yaml

    file = _File(path)
    try:
        with open(path, encoding="utf-8-sig") as stream:
            root = yaml.compose(stream, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise RuskorError(f"{path}:{mark.line + 1 if mark else 1}: not valid YAML: {error.problem}") from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        reason = (error.strerror or str(error)).lower() if isinstance(error, OSError) else "not valid YAML in UTF-8"
        raise RuskorError(f"{path}: {reason}") from error
    if root is None:
        return Corrections(path, ())
    entries: list[Correction] = []
    known = ", ".join(_KEYS)
    for name, node in file.mapping(root, "the file").items():
        kind = next((kind for kind in _KEYS if kind == name), None)
        if kind is None:
            raise file.error(node, f"unknown section {name!r}", f"sections: {known}")
        if _is_null(node):
            continue
        entries += [_entry(file, kind, item) for item in file.sequence(node, kind)]
    return Corrections(path, tuple(sorted(entries, key=lambda e: e.line)))


def _entry(file: _File, kind: Kind, node: Any) -> Correction:
    fields = file.mapping(node, f"an entry of {kind}")
    required, optional = _KEYS[kind]
    hint = f"it takes {', '.join(sorted(required | optional))}"
    missing, unknown = sorted(required - set(fields)), sorted(set(fields) - required - optional)
    if missing:
        raise file.error(node, f"an entry of {kind} needs {missing[0]!r}", hint)
    if unknown:
        raise file.error(fields[unknown[0]], f"an entry of {kind} has no {unknown[0]!r}", hint)
    line, reason = line_of(node), file.text(fields["reason"], "reason")
    if kind == "articles":
        article = file.text(fields["article"], "article")
        return Correction(kind, line, reason, article=article, published=file.days(fields["published"], "published"))
    if kind in {"merge", "split"}:
        events = tuple(_reference(file, item) for item in file.sequence(fields["events"], "events"))
        if len(events) < 2:
            raise file.error(fields["events"], f"a {kind} takes two events or more")
        return Correction(kind, line, reason, events=events)
    events = (_reference(file, fields["event"]),)
    if kind == "veto":
        return Correction(kind, line, reason, events=events)
    cells, was = _cells(file, fields["set"]), _cells(file, fields["was"]) if "was" in fields else ()
    if not cells:
        raise file.error(fields["set"], "set corrects nothing", f"cells: {', '.join(CELLS)}")
    return Correction(kind, line, reason, events=events, cells=cells, was=was)


def _reference(file: _File, node: Any) -> Reference:
    import yaml

    if isinstance(node, yaml.ScalarNode):
        return Reference(line_of(node), event_id=file.text(node, "event"))
    fields = file.mapping(node, "an event")
    unknown = sorted(set(fields) - _REFERENCE - {"event_id"})
    if unknown:
        raise file.error(fields[unknown[0]], f"an event has no {unknown[0]!r}", "it takes event_id, or article with evidence or span")
    if "event_id" in fields:
        if len(fields) > 1:
            raise file.error(node, "an event is named by event_id or by a passage, not by both")
        return Reference(line_of(node), event_id=file.text(fields["event_id"], "event_id"))
    if "article" not in fields or not {"evidence", "span"} & set(fields):
        raise file.error(node, "an event needs its event_id, or article with evidence or span")
    kind = file.text(fields["type"], "type") if "type" in fields else None
    if kind is not None and kind not in type_table()["types"]:
        raise file.error(fields["type"], f"type: {kind!r} is unknown", f"known: {', '.join(type_table()['types'])}")
    return Reference(
        line_of(node),
        article=file.text(fields["article"], "article"),
        evidence=file.text(fields["evidence"], "evidence") if "evidence" in fields else None,
        span=_span(file, fields["span"]) if "span" in fields else None,
        type=kind,
    )


def _span(file: _File, node: Any) -> Span:
    numbers = [file.text(item, "span") for item in file.sequence(node, "span")]
    if len(numbers) != 2 or not all(n.isascii() and n.isdecimal() for n in numbers) or int(numbers[0]) >= int(numbers[1]):
        raise file.error(node, "span takes [start, end), as `annotate` prints it")
    return int(numbers[0]), int(numbers[1])


def _is_null(node: Any) -> bool:
    import yaml

    return isinstance(node, yaml.ScalarNode) and not node.style and node.value in _NULL


def _cells(file: _File, node: Any) -> tuple[tuple[str, Any], ...]:
    out = []
    for name, value in file.mapping(node, "set").items():
        if name not in CELLS:
            raise file.error(value, f"there is no cell {name!r}", f"cells: {', '.join(CELLS)}")
        out.append((name, _READ[name](file, value, name)))
    return tuple(out)


def _nullable(read: Callable[[_File, Any, str], Any]) -> Callable[[_File, Any, str], Any]:
    return lambda file, node, what: None if _is_null(node) else read(file, node, what)


def _date(file: _File, node: Any, what: str) -> Interval:
    return file.days(node, what)


def _text(file: _File, node: Any, what: str) -> str:
    return file.text(node, what)


def _word_of(known: Callable[[], Iterable[str]]) -> Callable[[_File, Any, str], str]:
    def read(file: _File, node: Any, what: str) -> str:
        value, words = file.text(node, what), list(known())
        if value not in words:
            raise file.error(node, f"{what}: {value!r} is unknown", f"known: {', '.join(words)}")
        return value

    return read


def _truth(file: _File, node: Any, what: str) -> bool:
    return _word_of(lambda: ("true", "false"))(file, node, what) == "true"


def _names(file: _File, node: Any, what: str) -> tuple[str, ...]:
    return tuple(file.text(item, what) for item in file.sequence(node, what))


_READ: dict[str, Callable[[_File, Any, str], Any]] = {
    "date": _nullable(_date),
    "type": _word_of(lambda: type_table()["types"]),
    "status": _word_of(lambda: get_args(Status)),
    "core": _truth,
    "place": _nullable(_text),
    "people": _names,
    "title": _text,
    "title_ar": _text,
    "cameo": _nullable(_text),
    "plover": _nullable(_text),
}
