"""Mentions of different articles merged to real events.

The result does not depend on the order of the articles: pairs are joined best first, ties by content. What is dated to the
day is joined first, then what is dated more coarsely where exactly one row fits, then what has no date.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from ruskor.fusion import fused_date, fused_status, votes
from ruskor.gazetteer import Gazetteer
from ruskor.model import Interval
from ruskor.sameness import compatible, kind_of
from ruskor.tellings import JOURNEY, SLIP, Cluster, Telling, block_keys, days_of, part_keys, reasons, telling
from ruskor.undated import attach_undated, undated_order

__all__ = ["Cluster", "Telling", "block_keys", "compatible", "fused_date", "fused_status", "merge", "part_keys", "telling", "votes"]

# Days and weeks, and the coarse dates in the order in which they are attached to finer ones.
FINE = "day"
ATTACHED = ("month", "season", "year", "multi-year")
# Days between two tellings beyond which they are never joined.
REACH = max(JOURNEY, SLIP).days


def merge(tellings: Iterable[Telling], gazetteer: Gazetteer) -> list[Cluster]:
    """All tellings as clusters, sorted by their keys."""
    everything = sorted(tellings, key=lambda t: t.key)
    clusters = join([t for t in everything if _level(t) == FINE], gazetteer)
    clusters = _attach_all(clusters, everything, gazetteer)
    return sorted(clusters, key=lambda c: c.key)


def merge_row(tellings: Iterable[Telling], gazetteer: Gazetteer) -> Cluster:
    """Tellings that are known to be one row as `merge` gives it: what is dated most finely need not be compared again."""
    everything = sorted(tellings, key=lambda t: t.key)
    finest = min(map(_level, everything), key=(FINE, *ATTACHED, None).index)
    if finest is None:
        told = sorted(everything, key=undated_order)
        return Cluster(told, reasons(told))
    base = [t for t in everything if _level(t) == finest]
    clusters = _attach_all([Cluster(base, reasons(base))], [t for t in everything if _level(t) != finest], gazetteer)
    assert len(clusters) == 1, "a row is one row by itself"
    return clusters[0]


def _attach_all(clusters: list[Cluster], tellings: Sequence[Telling], gazetteer: Gazetteer) -> list[Cluster]:
    """Coarser dates, level by level, and then what has no date."""
    for level in ATTACHED:
        clusters = _attach(clusters, join([t for t in tellings if _level(t) == level], gazetteer), gazetteer)
    return attach_undated(clusters, [t for t in tellings if t.date is None], gazetteer)


def _level(t: Telling) -> str | None:
    """How finely a telling is dated, days and weeks being one."""
    if t.date is None:
        return None
    return FINE if t.date.precision in ("day", "week") else t.date.precision


def join(tellings: Sequence[Telling], gazetteer: Gazetteer) -> list[Cluster]:
    """Join the best pairs of dated tellings first; two clusters become one only if every pair across them is compatible."""
    scores = _pairs(tellings, gazetteer)
    fitting: list[set[int]] = [set() for _ in tellings]
    for a, b in scores:
        fitting[a].add(b)
        fitting[b].add(a)
    common = [set(near) for near in fitting]  # what fits every member of a group
    home = list(range(len(tellings)))
    groups: dict[int, set[int]] = {k: {k} for k in home}
    for (a, b), _ in sorted(scores.items(), key=lambda item: (-item[1], item[0])):
        ha, hb = home[a], home[b]
        if ha == hb:
            continue
        odd = groups[hb] - common[ha]
        if all(_same(tellings[x], tellings[y]) for y in odd for x in groups[ha] - fitting[y]):
            joined = groups.pop(hb)
            groups[ha] |= joined
            common[ha] &= common[hb]
            for x in joined:
                home[x] = ha
    clusters = ([tellings[k] for k in sorted(members)] for members in groups.values())
    return [Cluster(members, reasons(members)) for members in clusters]


def _pairs(tellings: Sequence[Telling], gazetteer: Gazetteer) -> dict[tuple[int, int], float]:
    """Pairs of dated tellings that can be one event, with how well they are; only those are compared that share a key."""
    blocks: dict[tuple[str, ...], list[int]] = {}
    for k, t in enumerate(tellings):
        for key in block_keys(t):
            blocks.setdefault(key, []).append(k)
    dates = [_date(t) for t in tellings]
    starts = [day.start for day in dates]
    numbers: dict[tuple[object, ...], int] = {}
    kinds = [numbers.setdefault(kind_of(t), len(numbers)) for t in tellings]
    known: dict[tuple[int, int], float | None] = {}  # many articles tell one event in the same way
    scores: dict[tuple[int, int], float] = {}
    tested: set[tuple[int, int]] = set()
    for members in blocks.values():
        ordered = sorted(members, key=starts.__getitem__)
        for i, a in enumerate(ordered):
            # As far as `compatible` lets days lie apart.
            travels, where, limit = tellings[a].group == "travel", tellings[a].where, dates[a].last
            slack = JOURNEY if travels else SLIP
            bound = limit + slack if limit < date.max - slack else limit
            for b in ordered[i + 1 :]:
                if starts[b] > bound:
                    break
                # What `compatible` looks at first, seen here without a call.
                elsewhere = travels and where != tellings[b].where and where is not None and tellings[b].where is not None
                pair = (a, b) if a < b else (b, a)
                if elsewhere or pair in tested:
                    continue
                tested.add(pair)
                both = kinds[a], kinds[b]
                if both not in known:
                    known[both] = compatible(gazetteer, tellings[a], tellings[b])
                score = known[both]
                if score is not None:
                    scores[pair] = score
    return scores


def _date(t: Telling) -> Interval:
    assert t.span is not None
    return t.span


def _same(a: Telling, b: Telling) -> bool:
    """Two tellings of one article that a third one joins."""
    return a.article == b.article and a.group == b.group and a.date == b.date


def _attach(clusters: list[Cluster], coarse: list[Cluster], gazetteer: Gazetteer) -> list[Cluster]:
    """Coarsely dated clusters go to the one finer row that fits them; with none or several they stay rows of their own."""
    index = _days_by_keys(clusters)
    out = list(clusters)
    joins: dict[int, list[Cluster]] = {}
    for cluster in coarse:
        near: set[int] = set()
        for t in cluster.tellings:
            first, last = days_of(t)
            # Coarse dates leave no slack but a day: what lies apart need not be compared.
            near.update(k for key in block_keys(t) for a, b, k in index.get(key, ()) if a <= last + 1 and first <= b + 1)
        fitting = [k for k in sorted(near) if attaches(gazetteer, cluster, clusters[k])]
        if len(fitting) == 1:
            joins.setdefault(fitting[0], []).append(cluster)
        else:
            out.append(cluster)
    for k, added in joins.items():
        for cluster in added:
            out[k] = Cluster(
                [*out[k].tellings, *cluster.tellings],
                [*out[k].why, "a coarser date contains the only row that fits it"],
            )
    return out


def _days_by_keys(clusters: Sequence[Cluster]) -> dict[tuple[str, ...], set[tuple[int, int, int]]]:
    """For each key the days of the tellings that have it, with the numbers of their clusters."""
    index: dict[tuple[str, ...], set[tuple[int, int, int]]] = {}
    for k, cluster in enumerate(clusters):
        for t in cluster.tellings:
            for key in block_keys(t):
                index.setdefault(key, set()).add((*days_of(t), k))
    return index


def attaches(gazetteer: Gazetteer, a: Cluster, b: Cluster) -> bool:
    """Whether more than half of the pairs of a coarse and a finer cluster agree: one witness who contradicts does not shut a row."""
    pairs = [compatible(gazetteer, x, y) is not None for x in a.tellings for y in b.tellings]
    return 2 * sum(pairs) > len(pairs)
