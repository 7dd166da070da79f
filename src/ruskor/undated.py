"""Tellings without a date: joined to the one dated row that fits them, else to each other."""

from __future__ import annotations

from datetime import date

from ruskor.gazetteer import Gazetteer
from ruskor.model import Interval
from ruskor.sameness import parties_fit, places_fit
from ruskor.tellings import ONCE, SEASON, Cluster, Telling, block_keys, by_keys, days_apart, reasons

# Contacts may be spoken of long after; the other events come again and again.
_CONTACTS = frozenset({"gathering", "travel", "call", "invitation"})
_NEVER = frozenset({"denied", "called_off"})


def attach_undated(clusters: list[Cluster], undated: list[Telling], gazetteer: Gazetteer) -> list[Cluster]:
    """An undated telling goes to the one dated row that fits its direction, people and tense; the others join each other."""
    index = by_keys(clusters)
    out = [Cluster(list(c.tellings), list(c.why)) for c in clusters]
    rest: list[Telling] = []
    for t in undated:
        fitting = _at_most_two(t, clusters, index, gazetteer)
        if len(fitting) == 1:
            out[fitting[0]].tellings.append(t)
            out[fitting[0]].why.append(f"{t.article} gives no date; this is the only dated row that fits its people, direction and tense")
        else:
            rest.append(t)
    return out + _join_undated(rest)


def _at_most_two(t: Telling, clusters: list[Cluster], index: dict[tuple[str, ...], list[int]], gazetteer: Gazetteer) -> list[int]:
    """The clusters that an undated telling fits; after a second one there is no need to look further."""
    fitting: list[int] = []
    if not joins_undated(t):
        return fitting
    seen: set[int] = set()
    for key in block_keys(t):
        for k in index.get(key, ()):
            if k not in seen:
                seen.add(k)
                if fits_undated(t, clusters[k], gazetteer):
                    fitting.append(k)
                    if len(fitting) > 1:
                        return fitting
    return fitting


def joins_undated(t: Telling) -> bool:
    """Whether an undated telling may be of one event with others: what is told once, or of a series, never is."""
    return t.type not in ONCE and not t.series


def undated_order(t: Telling) -> tuple[date, tuple[str, str]]:
    """The order in which undated tellings join each other: that of their publication."""
    return t.published.start if t.published else date.max, t.key


def fits_undated(t: Telling, cluster: Cluster, gazetteer: Gazetteer) -> bool:
    """Whether an undated telling can be of the event of a dated row: a matter of each of its tellings, and of their statuses."""
    if not t.future and all(x.status in _NEVER for x in cluster.tellings):
        return False  # what took place is not what was called off
    return all(_fits_dated(t, x, gazetteer) for x in cluster.tellings)


def _fits_dated(t: Telling, x: Telling, gazetteer: Gazetteer) -> bool:
    """Whether an undated telling can be of the event that a dated one tells."""
    if x.article == t.article or x.series or t.series or x.group != t.group or x.stop != t.stop:
        return False
    if not parties_fit(t, x) or (x.type == "agreement" and "denied" in (x.status, t.status)):
        return False
    if not places_fit(gazetteer, t, x):
        return False  # a summit awaited in Vladivostok is not the later one in Pyongyang
    return x.span is None or t.published is None or _in_tense(t, x.span, t.published)


def _in_tense(t: Telling, day: Interval, published: Interval) -> bool:
    """Whether a day lies before or after what is told of it, as its tense has it."""
    if t.future and day.last < published.start:
        return False
    if not t.future and day.start > published.last:
        return False
    # Tests, sanctions, deliveries and agreements come again and again: one told without a date is of these months.
    return t.group in _CONTACTS or days_apart(day, published) <= SEASON


def _join_undated(tellings: list[Telling]) -> list[Cluster]:
    """Undated tellings of one kind, people, direction and tense, published not far apart."""
    clusters: list[Cluster] = []
    index: dict[tuple[str, ...], list[int]] = {}
    until: list[date] = []  # the day after which what is published joins a cluster no more
    for t in sorted(tellings, key=undated_order):
        published = t.published if joins_undated(t) else None
        target = _open_cluster(t, published.start, clusters, index, until) if published is not None else None
        if target is None:
            target = len(clusters)
            clusters.append(Cluster([]))
            until.append(date.max)
        clusters[target].tellings.append(t)
        if published is not None:
            until[target] = min(until[target], published.last + SEASON if published.last < date.max - SEASON else date.max)
            for key in block_keys(t):
                members = index.setdefault(key, [])
                if target not in members:
                    members.append(target)
    for cluster in clusters:
        cluster.why = reasons(cluster.tellings)
    return clusters


def _open_cluster(t: Telling, day: date, clusters: list[Cluster], index: dict[tuple[str, ...], list[int]], until: list[date]) -> int | None:
    """The first cluster that a telling published on a day joins; those that are too old then leave the index."""
    near: set[int] = set()
    for key in block_keys(t):
        # In the order of publication a cluster that is too old stays so.
        index[key] = [k for k in index.get(key, ()) if until[k] >= day]
        near.update(index[key])
    return next((k for k in sorted(near) if all(one_undated(t, x) for x in clusters[k].tellings)), None)


def one_undated(a: Telling, b: Telling) -> bool:
    """Whether two undated tellings can be of one event."""
    if a.future != b.future or a.article == b.article or a.series or b.series or a.group != b.group or a.type in ONCE:
        return False
    if a.published is None or b.published is None or max(b.told[0] - a.told[1], a.told[0] - b.told[1]) > SEASON.days:
        return False
    return parties_fit(a, b) and not (a.type == "agreement" and (a.status == "denied") != (b.status == "denied"))
