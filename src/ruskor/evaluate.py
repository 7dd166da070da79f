"""Precision, recall and F1 of a run against gold annotation.

A mention is right when its span overlaps a gold span and its name (for dates: first and last day) is the gold's; an
`unlisted` person is right under any name with a null id; what is `optional` counts neither way. An event matches loosely when
its type is the gold's, an alternative, or like it a kind of meeting, the dates overlap or one is unknown, and a participant is
shared or the evidence overlaps; strictly when also type, status and date are right. Matching is one to one, best first.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruskor.annotation import Annotation
from ruskor.errors import RuskorError
from ruskor.gold import Days, Gold, GoldArticle, Told, days_of, load_gold
from ruskor.model import Event
from ruskor.run import Run

MEETING_KINDS = frozenset({"summit", "visit", "meeting", "delegation", "negotiation"})
CONTACT_KINDS = MEETING_KINDS | {"call", "invitation", "agreement"}
_FOREVER = "9999"


@dataclass(slots=True)
class Count:
    """Hits, false finds and misses."""

    tp: int = 0
    fp: int = 0
    fn: int = 0

    def add(self, tp: int, fp: int, fn: int) -> None:
        """Count some more."""
        self.tp += tp
        self.fp += fp
        self.fn += fn

    def sets(self, gold: set[str], found: set[str], optional: set[str] = frozenset()) -> None:  # type: ignore[assignment]
        """Compare two sets of names."""
        self.add(len(gold & found), len(found - gold - optional), len(gold - found))


@dataclass(slots=True)
class Figure:
    """One line of the evaluation: precision, recall and F1 of counts, or a share `value`."""

    key: str
    name: str
    count: Count | None = None
    right: int = 0
    total: int = 0

    def to_json(self) -> dict[str, Any]:
        """Plain values, rounded to four places; a figure over nothing is null."""
        if self.count is None:
            value = round(self.right / self.total, 4) if self.total else None
            counts = f"{self.right} of {self.total}"
            return {"key": self.key, "name": self.name, "precision": None, "recall": None, "f1": None, "value": value, "counts": counts}
        c = self.count
        p = c.tp / (c.tp + c.fp) if c.tp + c.fp else 0.0
        r = c.tp / (c.tp + c.fn) if c.tp + c.fn else 0.0
        f1 = 2 * p * r / (p + r) if p + r else 0.0
        counts = f"tp {c.tp} fp {c.fp} fn {c.fn}"
        return {
            "key": self.key,
            "name": self.name,
            "precision": round(p, 4),
            "recall": round(r, 4),
            "f1": round(f1, 4),
            "value": None,
            "counts": counts,
        }


class Figures:
    """The figures of a run, in the order in which they were first asked for."""

    def __init__(self) -> None:
        self.rows: dict[str, Figure] = {}

    def count(self, key: str, name: str) -> Count:
        """The counts of a figure with precision and recall."""
        row = self.rows.setdefault(key, Figure(key, name, Count()))
        assert row.count is not None
        return row.count

    def share(self, key: str, name: str, right: int | bool, total: int = 1) -> None:  # noqa: FBT001 - a truth is a count of one
        """Add to a share."""
        row = self.rows.setdefault(key, Figure(key, name))
        row.right += int(right)
        row.total += total


def _overlap(a: Sequence[int], b: Sequence[int]) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def match_mentions(
    gold: Sequence[dict[str, Any]], found: Sequence[dict[str, Any]], same: Callable[[dict[str, Any], dict[str, Any]], bool]
) -> tuple[Count, list[tuple[dict[str, Any], dict[str, Any]]]]:
    """Hits, false finds and misses, and the pairs that matched."""
    count = Count()
    used: set[int] = set()
    pairs = []
    for p in found:
        fits = [
            i
            for i, g in enumerate(gold)
            if i not in used and _overlap(g["span"], p["span"]) and (same(g, p) or (g.get("unlisted") and not p.get("id")))
        ]
        if fits:
            best = min(fits, key=lambda i: abs(gold[i]["span"][0] - p["span"][0]))
            used.add(best)
            pairs.append((gold[best], p))
            count.tp += not gold[best].get("optional")
        elif not any(g.get("optional") and _overlap(g["span"], p["span"]) for g in gold):
            count.fp += 1
    count.fn = sum(not g.get("optional") for i, g in enumerate(gold) if i not in used)
    return count, pairs


def _compatible(a: Days | None, b: Days | None) -> bool:
    return not a or not b or (a[0] <= (b[1] or _FOREVER) and b[0] <= (a[1] or _FOREVER))


def match_events(gold: Sequence[Told], found: Sequence[Told]) -> list[tuple[int, int]]:
    """Indices of the events that match loosely, one to one, best first."""
    pairs = []
    for gi, g in enumerate(gold):
        for pi, p in enumerate(found):
            if not (p.type in g.types or (p.type in MEETING_KINDS and g.types & MEETING_KINDS)) or not _compatible(g.days, p.days):
                continue
            shared = len(g.who & p.who)
            passage = any(_overlap(a, b) for a in g.evidence for b in p.evidence)
            if shared or passage:
                score = 4 * (p.type in g.types) + 3 * (g.days == p.days and g.days is not None) + 2 * passage + shared
                pairs.append((-score, gi, pi))
    used_gold: set[int] = set()
    used_found: set[int] = set()
    out = []
    for _, gi, pi in sorted(pairs):
        if gi not in used_gold and pi not in used_found:
            used_gold.add(gi)
            used_found.add(pi)
            out.append((gi, pi))
    return out


def same_days(g: Told, p: Told) -> bool:
    """Whether the date is right; what goes on may end with the article or not at all."""
    if g.days == p.days:
        return True
    if not g.days or not p.days or "ongoing" not in g.statuses or p.status != "ongoing" or g.days[0] != p.days[0]:
        return False
    open_ends = (None, g.published)
    return p.days[1] in (None, g.days[1], g.published) and (g.days[1] in open_ends or p.days[1] is None)


def _told(event: Event, name: Callable[[str | None], str]) -> Told:
    return Told(
        id=event.event_id,
        type=event.type,
        status=event.status,
        days=days_of(event.date.to_json()) if event.date else None,
        who={name(p.name) for p in event.participants},
        places={name(p.name) for p in event.places},
        evidence=[e.span for e in event.evidence],
        core=event.core,
    )


def _score_events(figures: Figures, prefix: str, label: str, gold: Sequence[Told], found: Sequence[Told]) -> None:
    pairs = match_events(gold, found)
    loose, strict = figures.count(f"{prefix}_loose", f"{label}, loose"), figures.count(f"{prefix}_strict", f"{label}, strict")
    kept = [(gold[gi], found[pi]) for gi, pi in pairs if not gold[gi].optional]
    missed = sum(not g.optional for i, g in enumerate(gold) if i not in {gi for gi, _ in pairs})
    extra = len(found) - len(pairs)
    loose.add(len(kept), extra, missed)
    right = sum(p.type in g.types and p.status in g.statuses and same_days(g, p) for g, p in kept)
    strict.add(right, len(kept) - right + extra, len(kept) - right + missed)
    who, where = figures.count(f"{prefix}_participants", f"{label}: participants"), figures.count(f"{prefix}_places", f"{label}: places")
    for what, test in (
        ("type", lambda g, p: p.type in g.types),
        ("status", lambda g, p: p.status in g.statuses),
        ("date", same_days),
    ):
        figures.share(f"{prefix}_{what}", f"{label}: {what} of the matched", sum(test(g, p) for g, p in kept), len(kept))
    for g, p in kept:
        who.sets(g.who, p.who)
        where.sets(g.places, p.places)


def _score_spanned(figures: Figures, gold: GoldArticle, annotation: Annotation, name: Callable[[str | None], str]) -> None:
    text = annotation.article.text
    found = annotation.to_json()
    spans = [m for kind in ("people", "places", "dates") for m in found[kind]] + [x for e in found["events"] for x in e["evidence"]]
    figures.share("verbatim", "spans that are verbatim", sum(text[m["span"][0] : m["span"][1]] == m["text"] for m in spans), len(spans))
    value = annotation.published.value
    inside = bool(value and gold.published and gold.published[0] <= value.start.isoformat())
    inside = inside and bool(value and gold.published and value.last.isoformat() <= (gold.published[1] or gold.published[0]))
    figures.share("published", "published within the gold's days", inside)

    def same_name(g: dict[str, Any], p: dict[str, Any]) -> bool:
        return name(g["name"]) == name(p["name"])

    for kind, label in (("name", "people, names"), ("title", "people, titles")):
        wanted = [g if g["kind"] == kind else {**g, "optional": True} for g in gold.people]
        count, _ = match_mentions(wanted, [p for p in found["people"] if p["kind"] == kind], same_name)
        figures.count(f"people_{kind}s", label).add(count.tp, count.fp, count.fn)
    count, pairs = match_mentions(gold.places, found["places"], same_name)
    figures.count("places", "places").add(count.tp, count.fp, count.fn)
    right = sum(p["role"] in [g["role"], *g.get("alt_roles", [])] for g, p in pairs)
    figures.share("place_roles", "place roles", right, len(pairs))
    count, _ = match_mentions(gold.dates, found["dates"], lambda g, p: days_of(g["value"]) == days_of(p["value"]))
    figures.count("dates", "dates").add(count.tp, count.fp, count.fn)
    events = [_told(e, name) for e in annotation.events]
    core = [g for g in gold.events if g.core] + [_optional(g) for g in gold.events if not g.core]
    _score_events(figures, "core_events", "core events", core, [p for p in events if p.core])
    every = match_events(gold.events, events)
    hits = {gi for gi, _ in every}
    misses = sum(not g.optional for i, g in enumerate(gold.events) if i not in hits)
    figures.count("all_events", "all events, loose").add(sum(not gold.events[i].optional for i in hits), len(events) - len(every), misses)


def _optional(event: Told) -> Told:
    from dataclasses import replace

    return replace(event, optional=True)


def _score_sets(figures: Figures, gold: GoldArticle, annotation: Annotation, name: Callable[[str | None], str]) -> None:
    value = annotation.published.value
    if gold.published:
        day = gold.published[0]
        exact = bool(value and value.start.isoformat() == day == value.last.isoformat())
        holds = bool(value and value.start.isoformat() <= day <= value.last.isoformat())
        figures.share("set_published_exact", "published, exact", exact)
        figures.share("set_published_wrong", "published, wrong", bool(value) and not holds)
    if gold.topic in {"rus-prk", "unrelated"}:
        right = (annotation.relevance >= 0.5) == (gold.topic == "rus-prk")
        figures.share("set_relevance", "relevance", right)
    if not gold.annotated:
        return
    for kind, mentions in (("people", annotation.people), ("places", annotation.places)):
        wanted = [g for g in getattr(gold, kind) if not g.get("optional")]
        optional = {name(g["name"]) for g in getattr(gold, kind) if g.get("optional")}
        found = {name(m.name) for m in mentions}
        figures.count(f"set_{kind}", f"{kind} of an article").sets({name(g["name"]) for g in wanted}, found, optional)
    events = [_told(e, name) for e in annotation.events if e.type in CONTACT_KINDS]
    if gold.persons_only:
        keep = {name(g["name"]) for g in gold.people if not g.get("optional")}
        for event in events:
            event.who &= keep
    wanted_events = [g if g.type in CONTACT_KINDS else _optional(g) for g in gold.events]
    _score_events(figures, "set_events", "contact events", wanted_events, events)


def _score_pairs(figures: Figures, gold: Gold, run: Run, by_stem: dict[str, Annotation]) -> None:
    """Pairs of events in different articles that are, or were taken for, one."""
    home: dict[tuple[str, str], tuple[str, str]] = {}
    for stem, article in gold.articles.items():
        events = [_told(e, gold.name) for e in by_stem[stem].events] if stem in by_stem else []
        for gi, pi in match_events(article.events, events):
            home[stem, events[pi].id] = (stem, article.events[gi].id)
    members = {member for group in gold.groups for member in group}
    wanted = {frozenset((a, b)) for group in gold.groups for a in group for b in group if a[0] != b[0]}
    got = set()
    for event in run.events:
        found = [home.get((_stem(w.article), w.event)) for w in event.witnesses]
        inside = {m for m in found if m in members}
        got |= {frozenset((a, b)) for a in inside for b in inside if a and b and a[0] != b[0]}
    got -= {pair for pair in got if any(pair <= either for either in gold.either)} - wanted
    figures.count("pairs", "event pairs across articles").add(len(wanted & got), len(got - wanted), len(wanted - got))


def _stem(path: str) -> str:
    return os.path.splitext(os.path.basename(path))[0]


def evaluate_gold(folder: str, run: Run) -> list[Figure]:
    """The figures of a run against a gold folder; articles are found by their file's stem.

    Raises RuskorError where the folder holds no gold annotation or none of the run's articles.
    """
    gold = load_gold(folder)
    by_stem = {_stem(a.article.path): a for a in run.annotations}
    both = [stem for stem in gold.articles if stem in by_stem]
    if not both:
        raise RuskorError(
            f"{folder}: no gold annotation for any of the articles given", hint="they are matched by file name, without suffix"
        )
    figures = Figures()
    figures.share("articles", "gold articles that were given", len(both), len(gold.articles))
    for stem in both:
        score = _score_sets if gold.articles[stem].sets else _score_spanned
        score(figures, gold.articles[stem], by_stem[stem], gold.name)
    if gold.groups:
        _score_pairs(figures, gold, run, by_stem)
    return list(figures.rows.values())


def load_floors(path: str) -> dict[str, float]:
    """Least figures from a YAML file, `key: number`; a key ending in `_max` is a ceiling.

    Raises RuskorError where it is no such file.
    """
    import yaml

    try:
        loaded = yaml.safe_load(Path(path).read_text(encoding="utf-8")) or {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise RuskorError(f"{path}: cannot be read: {error}") from error
    if not isinstance(loaded, dict) or not all(isinstance(value, int | float) for value in loaded.values()):
        raise RuskorError(f"{path}: `key: number` is expected")
    return {str(key): float(value) for key, value in loaded.items()}


def below_floors(rows: Sequence[dict[str, Any]], floors: dict[str, float]) -> list[str]:
    """What falls short, in words; a floor without its figure falls short too."""
    figures = {row["key"]: row["f1"] if row["value"] is None else row["value"] for row in rows}
    out = []
    for key, least in floors.items():
        ceiling = key.endswith("_max")
        figure = figures.get(key.removesuffix("_max"))
        if figure is None:
            out.append(f"{key}: no such figure")
        elif figure > least if ceiling else figure < least:
            out.append(f"{key}: {figure:.3f} {'above' if ceiling else 'below'} {least:.3f}")
    return out
