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
from ruskor.sameness import compatible
from ruskor.tellings import JOURNEY, SLIP, Cluster, Telling, block_keys, by_keys, part_keys, reasons, telling
from ruskor.undated import attach_undated

__all__ = ["Cluster", "Telling", "block_keys", "compatible", "fused_date", "fused_status", "merge", "part_keys", "telling", "votes"]


def merge(tellings: Iterable[Telling], gazetteer: Gazetteer) -> list[Cluster]:
    """All tellings as clusters, sorted by their keys."""
    everything = sorted(tellings, key=lambda t: t.key)
    dated = [t for t in everything if t.date is not None]
    fine = [t for t in dated if t.date is not None and t.date.precision in ("day", "week")]
    coarse = [t for t in dated if t.date is not None and t.date.precision not in ("day", "week")]
    clusters = _join(fine, gazetteer)
    for level in ("month", "season", "year", "multi-year"):
        group = [t for t in coarse if t.date is not None and t.date.precision == level]
        clusters = _attach(clusters, _join(group, gazetteer), gazetteer)
    clusters = attach_undated(clusters, [t for t in everything if t.date is None], gazetteer)
    return sorted(clusters, key=lambda c: c.key)


def _join(tellings: Sequence[Telling], gazetteer: Gazetteer) -> list[Cluster]:
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
                score = compatible(gazetteer, tellings[a], tellings[b])
                if score is not None:
                    scores[pair] = score
    return scores


def _date(t: Telling) -> Interval:
    assert t.date is not None
    return t.date


def _same(a: Telling, b: Telling) -> bool:
    """Two tellings of one article that a third one joins."""
    return a.article == b.article and a.group == b.group and a.date == b.date


def _attach(clusters: list[Cluster], coarse: list[Cluster], gazetteer: Gazetteer) -> list[Cluster]:
    """Coarsely dated clusters go to the one finer row that fits them; with none or several they stay rows of their own."""
    index = by_keys(clusters)
    out = list(clusters)
    extents = [_extent(cluster) for cluster in clusters]
    joins: dict[int, list[Cluster]] = {}
    for cluster in coarse:
        near = {k for t in cluster.tellings for key in block_keys(t) for k in index.get(key, ())}
        first, last = _extent(cluster)
        # Coarse dates leave no slack but a day: what lies apart need not be compared.
        close = [k for k in near if extents[k][0] <= last + 1 and first <= extents[k][1] + 1]
        fitting = [k for k in sorted(close) if _mostly(gazetteer, cluster, clusters[k])]
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


def _extent(cluster: Cluster) -> tuple[int, int]:
    """The first and the last day that one of the tellings gives, as numbers."""
    dates = [t.date for t in cluster.tellings if t.date is not None]
    return min((d.start.toordinal() for d in dates), default=0), max((d.last.toordinal() for d in dates), default=0)


def _mostly(gazetteer: Gazetteer, a: Cluster, b: Cluster) -> bool:
    """Whether more than half of the pairs agree: one witness who contradicts the others does not shut a row."""
    pairs = [compatible(gazetteer, x, y) is not None for x in a.tellings for y in b.tellings]
    return 2 * sum(pairs) > len(pairs)
