"""Merging again after a change: only the rows that added or removed tellings can touch are made anew.

It goes through the steps of `merge` and asks at each of them which decisions the change can reach: joins within what is linked to a
changed telling, coarse clusters and undated tellings that fit a row which is there no more or is new, and, of the undated rest, what is
told later and fits a changed cluster. Everything else would decide as before, so the result is that of merging everything
(tests/test_remerge.py).
"""

from __future__ import annotations

import heapq
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from typing import Protocol

from ruskor.gazetteer import Gazetteer
from ruskor.merge import ATTACHED, REACH, Cluster, Telling, attaches, compatible, join
from ruskor.tellings import SEASON, days_of, part_keys
from ruskor.undated import FITS, joins_undated, nearest_first, one_undated, standing, undated_order, when_undated, who_undated

Part = frozenset[Telling]
Row = int
Key = tuple[str, ...]
Days = tuple[int, int]  # first and last, as numbers
Order = tuple[date, tuple[str, str]]
# The steps of a merge: days and weeks, then the coarser dates, then what has no date, told as past or as still to come.
LEVELS: dict[str, int] = {"day": 0, "week": 0} | {name: k for k, name in enumerate(ATTACHED, 1)}
_DATED = len(ATTACHED) + 1
PAST, FUTURE = _DATED, _DATED + 1
ALWAYS = (0, 10_000_000)  # first and last day, as numbers, of what has no limits


def level(t: Telling) -> int:
    """The step at which a telling is merged."""
    if t.date is None:
        return FUTURE if t.future else PAST
    return LEVELS[t.date.precision]


def extent(t: Telling) -> Days:
    """The days by which a telling is found: those of its date; without one, those of its article."""
    if t.date is not None:
        return days_of(t)
    return t.told if t.published else ALWAYS


class Known(Protocol):
    """All tellings as they are now, and the rows that were made of them before."""

    def near(self, key: Key, at: int, days: Days) -> Iterable[Telling]:
        """The present tellings with a key of `part_keys`, of one level, whose extent has one of the days."""
        ...

    def row(self, t: Telling) -> Row | None:
        """The row in which an unchanged or removed telling was; null for an added one."""
        ...

    def members(self, row: Row) -> Part:
        """What was in a row, with what has been removed since."""
        ...


@dataclass(slots=True)
class Change:
    """Rows that are no more, and the sets of tellings that are rows now."""

    gone: set[Row] = field(default_factory=set)
    came: set[Part] = field(default_factory=set)


@dataclass(slots=True)
class _Work:
    known: Known
    gazetteer: Gazetteer
    added: set[Telling]
    removed: set[Telling]
    gone: set[Row] = field(default_factory=set)  # rows of which, as far as they are made at this step, something is different
    home: dict[Telling, Part] = field(default_factory=dict)  # what is new at this step, by its tellings
    stages: dict[tuple[Row, int], Part] = field(default_factory=dict)
    splits: dict[tuple[Row, int], list[Part]] = field(default_factory=dict)

    def stage(self, row: Row, upto: int) -> Part:
        """A row as it was after a step: its tellings up to a level."""
        found = self.stages.get((row, upto))
        if found is None:
            found = self.stages[row, upto] = frozenset(t for t in self.known.members(row) if level(t) <= upto)
        return found

    def split(self, row: Row, at: int) -> list[Part]:
        """The clusters of one level that a row was made of."""
        found = self.splits.get((row, at))
        if found is None:
            own = [t for t in self.known.members(row) if level(t) == at]
            # What nothing finer holds together is one cluster.
            alone = own and not (at and self.stage(row, at - 1))
            found = self.splits[row, at] = [frozenset(own)] if alone else _joined(own, self.gazetteer)
        return found

    def old(self, t: Telling) -> Row:
        """The row of a telling that is not new."""
        row = self.known.row(t)
        assert row is not None
        return row

    def at(self, t: Telling, upto: int) -> Part:
        """The cluster that a present telling is in after a step."""
        return self.home.get(t) or self.stage(self.old(t), upto)

    def settle(self, rows: set[Row], parts: Iterable[Part], upto: int) -> None:
        """Rows and clusters after a step, but for those that are as they were."""
        new = {part for part in parts if part}
        same = {row for row in rows if self.stage(row, upto) in new}
        self.gone = {row for row in rows - same if self.stage(row, upto)}
        new -= {self.stage(row, upto) for row in same}
        self.home = {t: part for part in new for t in part}


def remerge(known: Known, added: Iterable[Telling], removed: Iterable[Telling], gazetteer: Gazetteer) -> Change:
    """What a change does to the rows of a corpus that was merged before: merging all of it anew gives the same."""
    work = _Work(known, gazetteer, set(added), set(removed))
    for at in range(_DATED):
        broken, joined = _rejoin(work, at)
        if at == 0:
            work.settle({work.old(t) for part in broken for t in part}, joined, 0)
        else:
            _reattach(work, at, broken, joined)
    dated, entering, leaving = _reattach_undated(work)
    rest = _replay(work, entering, leaving)
    return Change(dated.gone | rest.gone, dated.came | rest.came)


def _joined(tellings: Iterable[Telling], gazetteer: Gazetteer) -> list[Part]:
    return [frozenset(c.tellings) for c in join(sorted(tellings, key=lambda t: t.key), gazetteer)]


def _rejoin(work: _Work, at: int) -> tuple[set[Part], set[Part]]:
    """(clusters of one level that are no more, clusters that are new): all that is linked to a changed telling is joined again."""
    fresh, lost = ([t for t in told if level(t) == at] for told in (work.added, work.removed))
    if not fresh and not lost:
        return set(), set()
    found, waiting = {*fresh, *lost}, [*fresh, *lost]
    pools: dict[tuple[Key, Days], set[Telling]] = {}  # what shares a key and lies near, as long as it is not found
    while waiting:
        t = waiting.pop()
        first, last = extent(t)
        days = first - REACH, last + REACH
        for key in part_keys(t):
            pool = pools.get((key, days))
            if pool is None:
                pool = pools[key, days] = set(work.known.near(key, at, days))
            pool -= found
            linked = [other for other in pool if _linked(work.gazetteer, t, other)]
            found.update(linked)
            waiting += linked
    rows = {row for t in found if (row := work.known.row(t)) is not None}
    old = {part for row in rows for part in work.split(row, at) if not part.isdisjoint(found)}
    new = set(_joined(found.difference(lost), work.gazetteer))
    return old - new, new - old


def _linked(gazetteer: Gazetteer, a: Telling, b: Telling) -> bool:
    return compatible(gazetteer, a, b) is not None or compatible(gazetteer, b, a) is not None


def _changed(work: _Work, upto: int) -> set[Part]:
    """The clusters of a step that are no more, and those that are new."""
    return {work.stage(row, upto) for row in work.gone} | set(work.home.values())


def _reattach(work: _Work, at: int, broken: set[Part], joined: set[Part]) -> None:
    """Clusters of a coarser level to the finer rows: those decide again that are new, or fit a finer row that changed."""
    again, before = set(joined), at - 1
    rejoined = {t for part in joined for t in part}
    for part in _changed(work, before):
        near: set[Part] = set()
        for key, days in _close(part):
            for other in work.known.near(key, at, days):
                row = work.known.row(other)
                if row is not None and other not in rejoined:
                    near.update(p for p in work.split(row, at) if other in p)
        again |= {p for p in near - broken if _fit(work.gazetteer, p, part)}
    targets = {part: _target(work, part, at) for part in again}
    rows = work.gone | {work.old(t) for part in broken for t in part}
    rows |= {row for part in again - joined for t in part if (row := work.known.row(t)) is not None}
    rows |= {work.old(t) for target in targets.values() if target for t in target if t not in work.home}
    moved = broken | again
    made: dict[Part, set[Telling]] = {part: set(part) for part in set(work.home.values())}
    for row in rows - work.gone:
        base = work.stage(row, before)
        kept = [part for part in work.split(row, at) if part not in moved]
        whole = base.union(*kept)
        if whole:
            made[base or whole] = set(whole)
    for part, target in targets.items():
        if target:
            made[target] |= part
        else:
            made[part] = set(part)
    work.settle(rows, map(frozenset, made.values()), at)


def _close(part: Part) -> set[tuple[Key, Days]]:
    """Keys and days by which a cluster meets those of another level: a day of slack, as in `merge`."""
    return {(key, (first - 1, last + 1)) for t in part for first, last in [extent(t)] for key in part_keys(t)}


def _fit(gazetteer: Gazetteer, coarse: Part, fine: Part) -> bool:
    return attaches(gazetteer, Cluster(list(coarse)), Cluster(list(fine)))


def _target(work: _Work, part: Part, at: int) -> Part | None:
    """The one finer row that a coarse cluster fits."""
    near = {work.at(other, at - 1) for key, days in _close(part) for one in range(at) for other in work.known.near(key, one, days)}
    fitting = [fine for fine in near if _fit(work.gazetteer, part, fine)]
    return fitting[0] if len(fitting) == 1 else None


# --- what has no date -------------------------------------------------------------------------------------------------------


def _after(t: Telling) -> Days:
    """The days of which one must be among those of what an undated telling speaks of, by its tense."""
    if t.published is None:
        return ALWAYS
    return (t.told[0], ALWAYS[1]) if t.future else (ALWAYS[0], t.told[1])


def _reattach_undated(work: _Work) -> tuple[Change, set[Telling], set[Telling]]:
    """(change of the dated rows, undated tellings that now belong to none, those that belonged to none before and do no more)."""
    upto = _DATED - 1
    fresh = {t for t in work.added if t.date is None}
    again = fresh | {t for row in work.gone for t in work.known.members(row) if t.date is None and t not in work.removed}
    # Of the others those decide again that fit more or fewer rows than before, of whatever days or near.
    balance: dict[Telling, Counter[int]] = {}
    for old, new in _pairs(work, upto):
        near = _undated_near(work, old), _undated_near(work, new)
        # Where a row lost or gained some tellings, these are asked first, beside one of each status that it kept.
        kept = {t.status: t for t in sorted(old & new, key=lambda t: t.key)}.values()
        some = (old - new).union(kept), (new - old).union(kept)
        for t in (near[0] | near[1]) - again:
            then, now = (when_undated(t, part) if part and t in where else 0 for part, where in zip((old, new), near, strict=True))
            if then == now and _agrees(work, t, some[0]) == _agrees(work, t, some[1]):
                continue
            count = balance.setdefault(t, Counter())
            for least in (FITS, *(least for least, _ in nearest_first(t))):
                count[least] += (now >= least and _agrees(work, t, new)) - (then >= least and _agrees(work, t, old))
    again |= {t for t, count in balance.items() if any(count.values())}
    targets = {t: _dated_target(work, t) for t in again}
    lost = {t for t in work.removed if t.date is None}
    rows = set(work.gone) | {row for t in {*again, *lost} - fresh if work.stage(row := work.old(t), upto)}
    rows |= {work.old(t) for target in targets.values() if target for t in target if t not in work.home}
    made = {part: set(part) for part in set(work.home.values())}
    for row in rows - work.gone:
        made[work.stage(row, upto)] = {t for t in work.known.members(row) if t not in again and t not in lost}
    for t, target in targets.items():
        if target:
            made[target].add(t)
    before = {t for t in {*again, *lost} - fresh if not work.stage(work.old(t), upto)}
    alone = {t for t, target in targets.items() if target is None}
    work.settle(rows, map(frozenset, made.values()), FUTURE)
    return Change(work.gone, set(work.home.values())), alone - before, before - alone


def _undated_near(work: _Work, part: Part) -> set[Telling]:
    """Undated tellings that share a key with a dated row, and speak of its days by their tense."""
    if not part:
        return set()
    first, last = min(extent(t)[0] for t in part), max(extent(t)[1] for t in part)
    found: set[Telling] = set()
    for key in {key for t in part for key in part_keys(t)}:
        found.update(work.known.near(key, PAST, (first, ALWAYS[1])), work.known.near(key, FUTURE, (ALWAYS[0], last)))
    return found


def _agrees(work: _Work, t: Telling, part: Part) -> bool:
    return bool(part) and who_undated(t, part, work.gazetteer)


def _pairs(work: _Work, upto: int) -> list[tuple[Part, Part]]:
    """The clusters of a step that are no more, each beside the new one that has most of it, and the other new ones."""
    left = dict.fromkeys(work.home.values())
    pairs = []
    for row in sorted(work.gone):
        old = work.stage(row, upto)
        shared = Counter(part for t in old if (part := work.home.get(t)) in left)
        new = max(shared, key=lambda part: shared[part], default=Part())
        left.pop(new, None)
        pairs.append((old, new))
    return [*pairs, *((Part(), part) for part in left)]


def _dated_target(work: _Work, t: Telling) -> Part | None:
    """The one dated row that an undated telling fits, of the nearest."""
    if not joins_undated(t):
        return None
    found = (_at_most_two(work, t, days, least) for least, days in (*nearest_first(t), (FITS, _after(t))))
    fitting: list[Part] = next(filter(None, found), [])
    return fitting[0] if len(fitting) == 1 else None


def _at_most_two(work: _Work, t: Telling, days: Days, least: int) -> list[Part]:
    """The rows that an undated telling fits at least so well; after a second one there is no need to look further."""
    seen: set[Part] = set()
    fitting: list[Part] = []
    for other in (other for key in part_keys(t) for at in range(_DATED) for other in work.known.near(key, at, days)):
        part = work.at(other, _DATED - 1)
        if part not in seen:
            seen.add(part)
            if standing(t, part, work.gazetteer) >= least:
                fitting.append(part)
                if len(fitting) > 1:
                    break
    return fitting


@dataclass(slots=True)
class _Group:
    """A cluster of the undated rest: what is in it, in order, and by what it can be met, now or before."""

    row: Row | None = None
    members: list[tuple[Order, Telling]] = field(default_factory=list)
    keys: set[Key] = field(default_factory=set)
    until: int = 0

    def reach(self, t: Telling) -> None:
        """Can be met by what `t` shares."""
        self.keys.update(part_keys(t))
        self.until = max(self.until, t.told[1] + SEASON.days)

    def before(self, order: Order) -> list[Telling]:
        """The members up to a point in the order."""
        return [t for _, t in self.members[: bisect_left(self.members, order, key=itemgetter(0))]]


@dataclass(slots=True)
class _Rest:
    """The undated rest as it is being told again in the order of publication; a cluster is known by its first telling."""

    work: _Work
    entering: set[Telling]
    leaving: set[Telling]
    first: dict[Telling, Telling] = field(default_factory=dict)
    groups: dict[Telling, _Group] = field(default_factory=dict)
    by_key: dict[Key, dict[Telling, None]] = field(default_factory=dict)
    waiting: list[tuple[Order, bool, Telling]] = field(default_factory=list)  # (when, whether it decides, who)
    queued: set[Telling] = field(default_factory=set)
    spread_to: dict[Key, int] = field(default_factory=dict)  # the last day up to which all were queued
    loaded_to: dict[Key, int] = field(default_factory=dict)  # the last day up to which all were loaded

    def inside(self, t: Telling) -> bool:
        """Whether a telling is of the rest now, and may join others."""
        if t.published is None or not joins_undated(t):
            return False
        if t in self.entering or t in self.leaving:
            return t in self.entering
        row = self.work.known.row(t)
        return row is not None and not self.work.stage(row, _DATED - 1)

    def near(self, key: Key, days: Days) -> Iterator[Telling]:
        """The undated tellings with a key that were published on one of the days."""
        for at in (PAST, FUTURE):
            yield from self.work.known.near(key, at, days)

    def load(self, t: Telling) -> Telling:
        """The first of the cluster of a telling: of the one that it was in, where nothing else was found yet."""
        if t not in self.first:
            row = self.work.old(t)
            members = self.work.known.members(row)
            begin = min(members, key=undated_order)
            group = _Group(row, sorted((undated_order(m), m) for m in members if m not in self.leaving))
            for m in members:
                self.meet(begin, group, m)
            self.groups[begin] = group
            self.first |= dict.fromkeys(members, begin)
        return self.first[t]

    def meet(self, begin: Telling, group: _Group, t: Telling) -> None:
        """Let a cluster be met by what one of its members shares."""
        group.reach(t)
        for key in part_keys(t):
            self.by_key.setdefault(key, {})[begin] = None

    def push(self, t: Telling) -> None:
        """Let a telling decide again."""
        if t not in self.queued:
            self.queued.add(t)
            heapq.heappush(self.waiting, (undated_order(t), True, t))

    def spread(self, begin: Telling, now: Telling) -> None:
        """A cluster differs from `now` on: what is told later and may meet it decides again."""
        group, order = self.groups[begin], undated_order(now)
        for key in group.keys:
            known = self.spread_to.get(key, 0)
            if group.until > known:
                # The order only goes on, so what was queued up to a day is all that is later than `now`, too.
                self.spread_to[key] = group.until
                for other in self.near(key, (max(now.told[0], known + 1), group.until)):
                    if undated_order(other) > order and self.inside(other):
                        self.push(other)

    def choose(self, t: Telling) -> Telling:
        """The first of the cluster that a telling joins, the earliest that it fits, or itself."""
        order, keys = undated_order(t), part_keys(t)
        near: set[Telling] = set()
        for key in keys:
            known, oldest = self.loaded_to.get(key, 0), t.told[0] - SEASON.days
            if t.told[0] > known:
                self.loaded_to[key] = t.told[0]
                for other in self.near(key, (max(oldest, known + 1), t.told[0])):
                    if other not in self.first and other not in self.entering and self.inside(other):
                        self.load(other)
            near.update(begin for begin in self.by_key.get(key, ()) if begin.told[1] >= oldest)
        for begin in sorted(near, key=undated_order):
            told = self.groups[begin].before(order)
            if any(not set(keys).isdisjoint(part_keys(x)) for x in told) and all(one_undated(t, x) for x in told):
                return begin
        return t

    def decide(self, t: Telling) -> None:
        """Let one telling join a cluster, and those after it know where that is another one."""
        was = None if t in self.entering else self.load(t)
        found = self.choose(t)
        if found is was:
            return
        if was is not None:
            self.groups[was].members.remove((undated_order(t), t))
            self.spread(was, t)
        group = self.groups.setdefault(found, _Group())
        insort(group.members, (undated_order(t), t))
        self.first[t] = found
        self.meet(found, group, t)
        self.spread(found, t)


def _replay(work: _Work, entering: set[Telling], leaving: set[Telling]) -> Change:
    """The undated rest, after tellings came to it or left it: who is told later than a changed cluster may decide otherwise."""
    rest = _Rest(work, entering, leaving)
    for t in leaving:
        rest.load(t)
        heapq.heappush(rest.waiting, (undated_order(t), False, t))
    for t in entering:
        if rest.inside(t):
            rest.push(t)
        else:
            rest.groups[t] = _Group(members=[(undated_order(t), t)])
    while rest.waiting:
        _, decides, t = heapq.heappop(rest.waiting)
        if decides:
            rest.decide(t)
        else:
            rest.spread(rest.first[t], t)
    parts = {frozenset(t for _, t in group.members) for group in rest.groups.values() if group.members}
    rows = {group.row for group in rest.groups.values() if group.row is not None}
    same = {row for row in rows if work.known.members(row) in parts}
    return Change(rows - same, parts - {work.known.members(row) for row in same})
