"""Gold annotation: files → what an article should have given, in the shapes that `evaluate` compares.

Three kinds of file lie in a gold folder: `ARTICLE.json` with spans, `corpus.json` with the events that are one across
articles, and `*.jsonl` with one article a line and names as sets. `scoring.yaml` says which spellings are one name.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruskor.errors import ExitCode, RuskorError

Days = tuple[str, str | None]
_SKIPPED = {"corpus.json", "scoring.yaml"}


@dataclass(slots=True)
class Told:
    """An event as gold or as found; `days` null where undated, `evidence` spans."""

    id: str
    type: str
    status: str
    days: Days | None
    who: set[str]
    places: set[str]
    evidence: list[tuple[int, int]]
    core: bool = False
    optional: bool = False
    types: frozenset[str] = frozenset()  # its type and the alternatives
    statuses: frozenset[str] = frozenset()
    published: str | None = None  # last day of the article's own date


@dataclass(slots=True)
class GoldArticle:
    """One article's gold annotation, names normalised where they are compared."""

    stem: str
    published: Days | None
    dates: list[dict[str, Any]] = field(default_factory=list)
    people: list[dict[str, Any]] = field(default_factory=list)
    places: list[dict[str, Any]] = field(default_factory=list)
    events: list[Told] = field(default_factory=list)
    sets: bool = False  # names are sets of the whole article, without spans
    persons_only: bool = False  # events name persons, not states
    annotated: bool = True  # false: only the article's date is given
    topic: str | None = None


@dataclass(slots=True)
class Gold:
    """A gold folder: articles by stem, groups of (stem, event) that are one event, pairs that may be either."""

    articles: dict[str, GoldArticle]
    groups: list[list[tuple[str, str]]]
    either: list[frozenset[tuple[str, str]]]
    name: Callable[[str | None], str]


def days_of(value: dict[str, Any] | None) -> Days | None:
    """(start, end) of a date as JSON, else null."""
    return (value["start"], value.get("end")) if value and value.get("start") else None


def normaliser(rules: dict[str, Any]) -> Callable[[str | None], str]:
    """The comparison of names: letters and digits only, without accents and case, spellings and aliases undone."""
    spelling = [(re.compile(pattern), to) for pattern, to in rules.get("spelling") or []]

    def plain(name: str | None) -> str:
        text = "".join(c for c in unicodedata.normalize("NFKD", name or "") if c.isalnum()).casefold()
        for pattern, to in spelling:
            text = pattern.sub(to, text)
        return text

    aliases = {plain(alias): plain(canonical) for alias, canonical in (rules.get("aliases") or {}).items()}
    return lambda name: aliases.get(plain(name), plain(name))


def _json_lines(path: Path) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if line.strip():
            try:
                yield json.loads(line)
            except ValueError as error:
                raise RuskorError(f"{path}:{number}: not JSON: {error}") from error


def _event(raw: dict[str, Any], evidence: list[tuple[int, int]], name: Callable[[str | None], str], *, published: str | None) -> Told:
    days = days_of(raw["date"]) if "date" in raw else days_of(raw)
    who = [p["name"] for p in raw["participants"]] if "participants" in raw else raw.get("people", [])
    return Told(
        id=str(raw.get("id", "")),
        type=raw["type"],
        status=raw["status"],
        days=days,
        who={name(n) for n in who},
        places={name(p if isinstance(p, str) else p["name"]) for p in raw.get("places", [])},
        evidence=evidence,
        core=bool(raw.get("core")),
        optional=bool(raw.get("optional")),
        types=frozenset({raw["type"], *raw.get("alt_types", [])}),
        statuses=frozenset({raw["status"], *raw.get("alt_statuses", [])}),
        published=published,
    )


def _spanned(path: Path, name: Callable[[str | None], str]) -> GoldArticle:
    raw = json.loads(path.read_text(encoding="utf-8"))
    published = days_of(raw["published"])
    last = (published[1] or published[0]) if published else None
    events = [_event(e, [tuple(x["span"]) for x in e["evidence"]], name, published=last) for e in raw["events"]]
    return GoldArticle(path.stem, published, dates=raw["dates"], people=raw["people"], places=raw["places"], events=events)


def _record(raw: dict[str, Any], name: Callable[[str | None], str]) -> GoldArticle:
    """An article of a JSON-lines gold set; its text is needed to place the evidence."""
    day = raw.get("published") or raw.get("pub_date")
    annotated = "events" in raw
    text = raw.get("text", "")
    events = []
    for e in raw.get("events", []):
        passages = [e["evidence"]] if isinstance(e["evidence"], str) else e["evidence"]
        spans = [(text.find(p), text.find(p) + len(p)) for p in passages if p in text]
        events.append(_event(e, spans, name, published=day))
    given: dict[str, list[dict[str, Any]]] = {}
    for kind in ("people", "places"):
        given[kind] = [{"name": n} for n in raw.get(kind, [])] + [{"name": n, "optional": True} for n in raw.get(f"{kind}_optional", [])]
    persons_only = any("people" in e for e in raw.get("events", []))
    return GoldArticle(
        str(raw["id"]), (day, day) if day else None, people=given["people"], places=given["places"], events=events, sets=True,
        persons_only=persons_only, annotated=annotated, topic=raw.get("topic"),
    )  # fmt: skip


def _corpus_groups(path: Path) -> list[list[tuple[str, str]]]:
    if not path.is_file():
        return []
    events = json.loads(path.read_text(encoding="utf-8"))["core_events"]
    return [[(Path(m["article"]).stem, m["event"]) for m in event["members"]] for event in events]


def _records(root: Path) -> dict[str, dict[str, Any]]:
    """The JSON-lines records of a folder, those of one article joined."""
    records: dict[str, dict[str, Any]] = {}
    for path in sorted(root.glob("*.jsonl")):
        for raw in _json_lines(path):
            records.setdefault(str(raw["id"]), {}).update(raw)
    return records


def _clusters(records: dict[str, dict[str, Any]]) -> list[list[tuple[str, str]]]:
    clusters: dict[str, list[tuple[str, str]]] = {}
    for key, raw in records.items():
        for event in raw.get("events", []):
            if event.get("cluster"):
                clusters.setdefault(event["cluster"], []).append((key, event["id"]))
    return list(clusters.values())


def load_gold(folder: str) -> Gold:
    """Everything in a gold folder.

    Raises RuskorError where it is none.
    """
    import yaml

    root = Path(folder)
    if not root.is_dir():
        raise RuskorError(f"{folder}: no such folder of gold annotation")
    rules_file = root / "scoring.yaml"
    rules = (yaml.safe_load(rules_file.read_text(encoding="utf-8")) or {}) if rules_file.is_file() else {}
    name = normaliser(rules)
    try:
        articles = {path.stem: _spanned(path, name) for path in sorted(root.glob("*.json")) if path.name not in _SKIPPED}
        groups = _corpus_groups(root / "corpus.json")
        records = _records(root)
        articles |= {key: _record(raw, name) for key, raw in records.items()}
        groups += _clusters(records)
    except (ValueError, KeyError, TypeError) as error:
        raise RuskorError(f"{folder}: not gold annotation: {type(error).__name__}: {error}") from error
    if not articles:
        raise RuskorError(f"{folder}: no gold annotation", code=ExitCode.USAGE)
    either = [frozenset((Path(a).stem, e) for a, e in pair) for pair in rules.get("either") or []]
    return Gold(articles, groups, either, name)
