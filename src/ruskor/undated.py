"""Tellings without a date: joined to the one dated row that fits them, else to each other."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, timedelta

from ruskor.gazetteer import Gazetteer
from ruskor.model import COARSENESS, Interval
from ruskor.sameness import parties_fit, places_fit
from ruskor.tellings import ONCE, ONE_DAY, SEASON, Cluster, Telling, block_keys, by_keys, days_apart, days_of, reasons

# Contacts may be spoken of long after; the other events come again and again.
_CONTACTS = frozenset({"gathering", "travel", "call", "invitation"})
_NEVER = frozenset({"denied", "called_off"})
# How far from its article's date the news may lie that an article tells without a date, and what it speaks of as known to all.
NEWS, QUARTER = timedelta(days=8), timedelta(days=92)
# A plan is of a year's time at most; a plan without a date is carried out within a month.
_AHEAD, _SOON = timedelta(days=400), timedelta(days=31)
# How near a row is to an undated telling: it fits, it is of these months, it is of these days.
FITS, OF_THESE_MONTHS, OF_THESE_DAYS = 1, 2, 3
_LONGEST = {OF_THESE_DAYS: NEWS, OF_THESE_MONTHS: QUARTER}
# As coarsely as what is so near may be dated: to the week, to the month.
_COARSEST = {OF_THESE_DAYS: 1, OF_THESE_MONTHS: 2}
_BUCKET = 32  # days


def attach_undated(clusters: list[Cluster], undated: list[Telling], gazetteer: Gazetteer) -> list[Cluster]:
    """An undated telling goes to the one dated row that fits its direction, people and tense; the others join each other."""
    index, by_days = by_keys(clusters), _by_days(clusters)
    out = [Cluster(list(c.tellings), list(c.why)) for c in clusters]
    rest: list[Telling] = []
    for t in undated:
        numbers = ((least, _around(days, t, by_days)) for least, days in nearest_first(t))
        every = (k for key in block_keys(t) for k in index.get(key, ()))
        found = (_at_most_two(t, clusters, near, gazetteer, least) for least, near in (*numbers, (FITS, every)))
        fitting = next(filter(None, found), [])
        if len(fitting) == 1:
            out[fitting[0]].tellings.append(t)
            out[fitting[0]].why.append(f"{t.article} gives no date; this is the only dated row that fits its people, direction and tense")
        else:
            rest.append(t)
    return out + _join_undated(rest)


def _at_most_two(t: Telling, clusters: list[Cluster], numbers: Iterable[int], gazetteer: Gazetteer, least: int) -> list[int]:
    """The clusters that an undated telling fits at least so well; after a second one there is no need to look further."""
    fitting: list[int] = []
    if not joins_undated(t):
        return fitting
    seen: set[int] = set()
    for k in numbers:
        if k not in seen:
            seen.add(k)
            if standing(t, clusters[k].tellings, gazetteer) >= least:
                fitting.append(k)
                if len(fitting) > 1:
                    break
    return fitting


def _by_days(clusters: Sequence[Cluster]) -> dict[tuple[tuple[str, ...], int], list[int]]:
    """The numbers of the clusters by keys and days of what is dated in them to the month or more finely, so many days in one."""
    index: dict[tuple[tuple[str, ...], int], list[int]] = {}
    coarsest = max(_COARSEST.values())
    for k, cluster in enumerate(clusters):
        told = [t for t in cluster.tellings if t.span is not None and COARSENESS[t.span.precision] <= coarsest]
        spans = ((key, *days_of(t)) for t in told for key in block_keys(t))
        for place in {(key, n) for key, first, last in spans for n in range(first // _BUCKET, last // _BUCKET + 1)}:
            index.setdefault(place, []).append(k)
    return index


def _around(days: tuple[int, int], t: Telling, index: dict[tuple[tuple[str, ...], int], list[int]]) -> Iterator[int]:
    """The numbers of the clusters that may have one of the days."""
    for n in range(days[0] // _BUCKET, days[1] // _BUCKET + 1):
        for key in block_keys(t):
            yield from index.get((key, n), ())


def nearest_first(t: Telling) -> list[tuple[int, tuple[int, int]]]:
    """How near a row may be to what an article tells, with the days that are so near; nothing where its own date is vague."""
    if t.published is None or t.told[1] - t.told[0] > NEWS.days:
        return []
    return [(least, (t.told[0] - days.days, t.told[1] + days.days)) for least, days in _LONGEST.items()]


def joins_undated(t: Telling) -> bool:
    """Whether an undated telling may be of one event with others: what is told once, or of a series, never is."""
    return t.type not in ONCE and not t.series


def undated_order(t: Telling) -> tuple[date, tuple[str, str]]:
    """The order in which undated tellings join each other: that of their publication."""
    return t.published.start if t.published else date.max, t.key


def standing(t: Telling, tellings: Collection[Telling], gazetteer: Gazetteer) -> int:
    """How near a dated row is that an undated telling fits; 0 where it does not."""
    return when_undated(t, tellings) if who_undated(t, tellings, gazetteer) else 0


def who_undated(t: Telling, tellings: Collection[Telling], gazetteer: Gazetteer) -> bool:
    """Whether an undated telling and all of a dated row agree in people, places and fate."""
    if not t.future and all(x.status in _NEVER for x in tellings):
        return False  # what took place is not what was called off
    return all(_fits_dated(t, x, gazetteer) for x in tellings)


def when_undated(t: Telling, tellings: Collection[Telling]) -> int:
    """How near the days of a dated row are to the article of an undated telling; 0 where its tense speaks of others.

    A row of several days is still to come until the last of them, and of the past from the first on.
    """
    finest = min(COARSENESS[x.date.precision] for x in tellings if x.date)
    near, keys, best = nearest_first(t), set(block_keys(t)), 0
    for x in tellings:
        if x.date is None or x.span is None or COARSENESS[x.date.precision] > finest or not _in_tense(t, x.span):
            continue
        first, last = days_of(x)
        how = next((how for how, days in near if finest <= _COARSEST[how] and first <= days[1] and days[0] <= last), FITS)
        if how > best and not keys.isdisjoint(block_keys(x)):
            best = how
            if best == OF_THESE_DAYS:
                break
    return best


def _fits_dated(t: Telling, x: Telling, gazetteer: Gazetteer) -> bool:
    """Whether an undated telling can be of the event that a dated one tells, whenever that was."""
    if x.article == t.article or x.series or t.series or x.group != t.group or x.stop != t.stop:
        return False
    if not parties_fit(t, x) or (x.type == "agreement" and "denied" in (x.status, t.status)):
        return False
    if _one_is_nameless(t, x) and (t.published is None or x.span is None or days_apart(x.span, t.published) > ONE_DAY):
        return False  # «محادثات بين البلدين» of the day may be those of their ministers, but not those of another year
    return places_fit(gazetteer, t, x)  # a summit awaited in Vladivostok is not the later one in Pyongyang


def _one_is_nameless(a: Telling, b: Telling) -> bool:
    """Whether of two gatherings only one says who took part."""
    return a.group == "gathering" and bool(a.people) != bool(b.people)


def _in_tense(t: Telling, day: Interval) -> bool:
    """Whether a day lies before or after what is told of it, as its tense has it."""
    published = t.published
    if published is None:
        return True
    if t.future and day.last < published.start:
        return False
    if not t.future and day.start > published.last:
        return False
    if t.future and days_apart(day, published) > (QUARTER if t.status == "denied" else _AHEAD):
        return False  # «لم يزر روسيا قط» denies nothing of later years
    if t.news:
        return days_apart(day, published) <= NEWS
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
    if a.article == b.article or a.series or b.series or a.group != b.group or a.type in ONCE:
        return False
    if a.future != b.future and not (_fulfilled(a, b) if a.future else _fulfilled(b, a)):
        return False
    if a.published is None or b.published is None or not (_told_after(a, b) and _told_after(b, a)):
        return False
    return parties_fit(a, b) and not (a.type == "agreement" and (a.status == "denied") != (b.status == "denied"))


def _fulfilled(plan: Telling, report: Telling) -> bool:
    """Whether what was planned is what a report of the month after tells of: of the same people, if they meet."""
    same = plan.group == "travel" or plan.people == report.people or len(plan.people & report.people) > 1
    return same and plan.status in ("planned", "possible") and 0 <= report.told[0] - plan.told[0] <= _SOON.days


def _told_after(a: Telling, b: Telling) -> bool:
    """Whether the second of two undated tellings can be of what the first tells: not so much later."""
    later = b.told[0] - a.told[1]
    return later <= (NEWS if b.news or _one_is_nameless(a, b) else SEASON).days
