"""Mentions of different articles merged to real events: `block_keys`, `compatible` and `fuse` are pure.

The result does not depend on the order of the articles: pairs are joined best first, ties by content. What is dated to the
day is joined first, then what is dated more coarsely where exactly one row fits, then what has no date.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from ruskor.gazetteer import Gazetteer
from ruskor.model import Event, Interval, Status

GATHERING = frozenset({"summit", "meeting", "negotiation"})
_TRAVEL = frozenset({"visit", "delegation"})
_CONTACTS = frozenset({"gathering", "travel", "call", "invitation", "agreement"})
_ONCE = frozenset({"statement", "historic", "other", "economic_exchange"})
_PRECISION = {"day": 0, "week": 1, "month": 2, "season": 3, "year": 4, "multi-year": 5}
_TIE = {"occurred": 5, "ongoing": 4, "called_off": 3, "denied": 2, "planned": 1, "possible": 0}
_OPEN = frozenset({"planned", "possible", "denied", "called_off"})
# Arrival, departure and return of one journey may be told some days apart.
_JOURNEY = timedelta(days=8)
# How far apart two days may be told for one and the same gathering: a mistake, not another gathering.
_SLIP = timedelta(days=2)
_NONE = timedelta(0)
_DAY = timedelta(days=1)
# Undated plans and reports published further apart than this are not taken for one.
_SEASON = timedelta(days=240)


@dataclass(frozen=True, slots=True)
class Telling:
    """One event of one article, reduced to what merging looks at; hashable by (article, event)."""

    article: str
    event: str
    type: str
    status: Status
    date: Interval | None
    published: Interval | None
    guests: frozenset[str]  # people of the first side (guests, inviters) or all people of a gathering
    hosts: frozenset[str]
    countries: frozenset[str]
    origin: frozenset[str]  # countries of the guests
    where: str | None  # country of the place
    places: tuple[str, ...]
    series: bool
    core: bool
    copy_of: str | None = None
    stop: bool = False  # a stop within a journey
    people: frozenset[str] = field(init=False, compare=False)  # everybody named
    group: str = field(init=False, compare=False)  # types that can name one event
    told: tuple[int, int] = field(init=False, compare=False)  # first and last day of publication, as numbers
    future: bool = field(init=False, compare=False)  # told of as still to come, or not to come

    def __post_init__(self) -> None:
        # Asked for millions of times, so kept.
        object.__setattr__(self, "people", self.guests | self.hosts)
        group = "gathering" if self.type in GATHERING else "travel" if self.type in _TRAVEL else self.type
        object.__setattr__(self, "group", group)
        published = self.published
        told = (published.start.toordinal(), published.last.toordinal()) if published else (0, 0)
        object.__setattr__(self, "told", told)
        object.__setattr__(self, "future", self.status in _OPEN)

    @property
    def key(self) -> tuple[str, str]:
        """Identity, and the order of ties."""
        return self.article, self.event


def telling(article: str, event: Event, published: Interval | None, gazetteer: Gazetteer, copy_of: str | None = None) -> Telling:
    """Reduce one event of an article."""
    people = [p for p in event.participants if p.kind == "person"]
    first_roles = {"guest"} if event.type in _TRAVEL else {"host", "speaker", "actor"} if event.type == "invitation" else {"guest", "host", "actor", "speaker"}
    guests = frozenset(p.name for p in people if p.role in first_roles)
    located = [place for place in event.places if place.country]
    return Telling(
        article=article,
        event=event.event_id,
        type=event.type,
        status=event.status,
        date=event.date,
        published=published,
        guests=guests,
        hosts=frozenset(p.name for p in people) - guests,
        countries=frozenset(p.country for p in event.participants if p.country),
        origin=frozenset(p.country for p in event.participants if p.country and p.role == "guest"),
        where=located[0].country if located else None,
        places=tuple(dict.fromkeys(place.name for place in event.places)),
        series=event.series,
        core=event.core,
        copy_of=copy_of,
        stop=event.part_of is not None and event.type in _TRAVEL,
    )


def block_keys(t: Telling) -> list[tuple[str, ...]]:
    """Keys under which a telling meets those that may be the same event: group and people (or countries)."""
    names = sorted(t.people) or sorted(t.countries)
    return [(t.group, name) for name in names] or [(t.group, "")]


def part_keys(t: Telling) -> list[tuple[str, ...]]:
    """Keys by which a corpus falls into parts: tellings that share none, even by way of others, never are one event.

    What is told once and for all is one only with the same people on the same day; alone, where one of these is missing.
    """
    if t.type not in _ONCE:
        return block_keys(t)
    if t.date is None or t.date.precision != "day" or not t.people:
        return []
    return [(t.type, t.date.start.isoformat(), *sorted(t.people))]


def _days_apart(a: Interval, b: Interval) -> timedelta:
    if a.last < b.start:
        return b.start - a.last
    return a.start - b.last if b.last < a.start else _NONE


def _places_fit(gazetteer: Gazetteer, a: Telling, b: Telling) -> bool:
    """One place contains the other, or one is only a country or unknown."""
    if a.where is None or b.where is None:
        return True
    if a.where != b.where:
        return False
    for name in a.places[:1]:
        for other in b.places[:1]:
            if name == other or name in b.places or other in a.places:
                continue
            p, q = (gazetteer.places[gazetteer.place_index[n]] for n in (name, other))
            if "country" in (p.kind, q.kind) or p.name in q.inside or q.name in p.inside or set(p.inside[:1]) & set(q.inside[:1]):
                continue
            if a.group == "travel" or "region" in (p.kind, q.kind):
                continue  # one journey has many stops; what lies in a region is not always known
            return False
    return True


def _parties_fit(a: Telling, b: Telling) -> bool:
    """The same people on the same sides, where both name people; else the same states."""
    if a.group == "travel":
        if a.where != b.where and a.where is not None and b.where is not None:
            return False
        if a.guests and b.guests:
            return bool(a.guests & b.guests)
        # A delegation and somebody of its country: one journey if they travel on the same days.
        same_days = a.date is not None and b.date is not None and a.date.precision == b.date.precision == "day" and a.date.overlaps(b.date)
        return bool(a.origin & b.origin) and (not (a.guests or b.guests) or (same_days and a.where == b.where))
    if a.group == "gathering" or a.type == "call":
        if a.people and b.people:
            shared = a.people & b.people
            if len(a.people) >= 2 and len(b.people) >= 2:
                return len(shared) >= 2
            return bool(shared) and (a.countries <= b.countries or b.countries <= a.countries)
        return bool(a.countries) and a.countries == b.countries
    if a.type == "invitation":
        sides = (not a.guests or not b.guests or a.guests & b.guests) and (not a.hosts or not b.hosts or a.hosts & b.hosts)
        return bool(sides) and bool(a.people & b.people)
    if a.type == "agreement":
        return len(a.countries) >= 2 and (a.countries <= b.countries or b.countries <= a.countries)
    return bool(a.countries) and (a.countries == b.countries or (bool(a.people & b.people)))


def compatible(gazetteer: Gazetteer, a: Telling, b: Telling) -> float | None:
    """How well two dated tellings are one event (higher is better); null where something speaks against it."""
    if a.group != b.group or a.series != b.series or a.article == b.article and a.type in _ONCE:
        return None
    if a.stop != b.stop:
        return None
    if a.type in _ONCE:
        same = a.type == b.type and a.date is not None and a.date == b.date and a.people == b.people and bool(a.people) and a.date.precision == "day"
        return 1.0 if same else None
    if a.date is None or b.date is None or not _parties_fit(a, b):
        return None
    if {a.status, b.status} == {"denied", "occurred"} and a.type == "agreement":
        return None
    apart = _days_apart(a.date, b.date)
    daily = a.date.precision == b.date.precision == "day"
    score = 3.0 - 0.3 * abs(_PRECISION[a.date.precision] - _PRECISION[b.date.precision])
    fits = _places_fit(gazetteer, a, b)
    if apart is not _NONE:
        if not daily and apart > _DAY:
            return None
        if a.group == "travel" and apart <= _JOURNEY:
            score -= 0.1 * apart.days
        elif apart <= _SLIP and fits and a.group in ("gathering", "agreement") and a.people & b.people and a.places and b.places:
            score -= 1.0
        elif apart <= _DAY and a.type == b.type == "call" and len(a.people & b.people) >= 2:
            score -= 1.0
        else:
            return None
    elif not fits:
        # One day, the same people: the place is what the articles contradict each other about.
        # What was planned for these days elsewhere is what then took place.
        moved = {a.status, b.status} & {"planned", "possible", "denied"} and _PRECISION[a.date.precision] + _PRECISION[b.date.precision] <= 1
        if len(a.people & b.people) < 2 or not ((daily and a.date.start == b.date.start) or moved):
            return None
        score -= 1.0
    score += 0.2 * len(a.people & b.people) + (0.2 if a.type == b.type else 0.0) + (0.1 if a.where == b.where else 0.0)
    return score


@dataclass(slots=True)
class Cluster:
    """Tellings that are one event."""

    tellings: list[Telling] = field(default_factory=list)
    why: list[str] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str]:
        """The least of the tellings' keys."""
        return min(t.key for t in self.tellings)

    def dated(self) -> list[Telling]:
        """Tellings with a date."""
        return [t for t in self.tellings if t.date is not None]


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
    clusters = _attach_undated(clusters, [t for t in everything if t.date is None])
    return sorted(clusters, key=lambda c: c.key)


def _join(tellings: Sequence[Telling], gazetteer: Gazetteer) -> list[Cluster]:
    """Join the best pairs first; two clusters become one only if every pair across them is compatible."""
    blocks: dict[tuple[str, ...], list[int]] = {}
    for k, t in enumerate(tellings):
        for key in block_keys(t):
            blocks.setdefault(key, []).append(k)
    scores: dict[tuple[int, int], float] = {}
    tested: set[tuple[int, int]] = set()
    for members in blocks.values():
        ordered = sorted(members, key=lambda k: tellings[k].date.start)  # type: ignore[union-attr]  # dated ones only
        for i, a in enumerate(ordered):
            limit = tellings[a].date.last  # type: ignore[union-attr]
            # As far as `compatible` lets days lie apart.
            travels, where = tellings[a].group == "travel", tellings[a].where
            slack = _JOURNEY if travels else _SLIP
            bound = limit + slack if limit < date.max - slack else limit
            for b in ordered[i + 1 :]:
                if tellings[b].date.start > bound:  # type: ignore[union-attr]
                    break
                pair = (a, b) if a < b else (b, a)
                # What `compatible` looks at first, seen here without a call.
                if travels and where != tellings[b].where and where is not None and tellings[b].where is not None:
                    continue
                if pair not in tested:
                    tested.add(pair)
                    score = compatible(gazetteer, tellings[a], tellings[b])
                    if score is not None:
                        scores[pair] = score
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
    return [Cluster([tellings[k] for k in sorted(members)], _reasons([tellings[k] for k in sorted(members)])) for members in groups.values()]


def _same(a: Telling, b: Telling) -> bool:
    """Two tellings of one article that a third one joins."""
    return a.article == b.article and a.group == b.group and a.date == b.date


def _reasons(members: list[Telling]) -> list[str]:
    if len(members) < 2:
        return []
    shared = frozenset.intersection(*[t.people or t.countries for t in members])
    what = ", ".join(sorted(shared)) if shared else "the same states"
    return [f"{len(members)} mentions agree in {members[0].group} of {what} with dates and places that fit"]


def _attach(clusters: list[Cluster], coarse: list[Cluster], gazetteer: Gazetteer) -> list[Cluster]:
    """Coarsely dated clusters go to the one finer row that fits them; with none or several they stay rows of their own."""
    index: dict[tuple[str, ...], list[int]] = {}
    for k, cluster in enumerate(clusters):
        for key in {key for t in cluster.tellings for key in block_keys(t)}:
            index.setdefault(key, []).append(k)
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


def _attach_undated(clusters: list[Cluster], undated: list[Telling]) -> list[Cluster]:
    """An undated telling goes to the one dated row that fits its direction, people and tense; the others join each other."""
    index: dict[tuple[str, ...], list[int]] = {}
    for k, cluster in enumerate(clusters):
        for key in {key for t in cluster.tellings for key in block_keys(t)}:
            index.setdefault(key, []).append(k)
    out = [Cluster(list(c.tellings), list(c.why)) for c in clusters]
    rest: list[Telling] = []
    for t in undated:
        fitting = _at_most_two(t, clusters, index)
        if len(fitting) == 1:
            out[fitting[0]].tellings.append(t)
            out[fitting[0]].why.append(f"{t.article} gives no date; this is the only dated row that fits its people, direction and tense")
        else:
            rest.append(t)
    return out + _join_undated(rest)


def _at_most_two(t: Telling, clusters: list[Cluster], index: dict[tuple[str, ...], list[int]]) -> list[int]:
    """The clusters that an undated telling fits; after a second one there is no need to look further."""
    fitting: list[int] = []
    if t.type in _ONCE or t.series:
        return fitting
    seen: set[int] = set()
    for key in block_keys(t):
        for k in index.get(key, ()):
            if k not in seen:
                seen.add(k)
                if _fits_undated(t, clusters[k]):
                    fitting.append(k)
                    if len(fitting) > 1:
                        return fitting
    return fitting


def _fits_undated(t: Telling, cluster: Cluster) -> bool:
    if t.type in _ONCE:
        return False
    for x in cluster.tellings:
        if x.where != t.where and x.where is not None and t.where is not None and t.group == "travel":
            return False
        if x.article == t.article or x.series or t.series or x.group != t.group or not _parties_fit(t, x):
            return False
        if x.type == "agreement" and {x.status, t.status} & {"denied"}:
            return False
        if x.date is None or t.published is None:
            continue
        if t.future and x.date.last < t.published.start:
            return False
        if not t.future and x.date.start > t.published.last:
            return False
        # Tests, sanctions and deliveries come again and again: one told without a date is a recent one.
        if t.group not in _CONTACTS and _days_apart(x.date, t.published) > _SEASON:
            return False
    return True


def _join_undated(tellings: list[Telling]) -> list[Cluster]:
    """Undated tellings of one kind, people, direction and tense, published not far apart."""
    clusters: list[Cluster] = []
    index: dict[tuple[str, ...], list[int]] = {}
    until: list[date] = []  # the day after which what is published joins a cluster no more
    for t in sorted(tellings, key=lambda t: (t.published.start if t.published else date.max, t.key)):
        target = None
        joins = t.type not in _ONCE and not t.series and t.published is not None
        if joins:
            near: set[int] = set()
            for key in block_keys(t):
                # In the order of publication a cluster that is too old stays so.
                index[key] = [k for k in index.get(key, ()) if until[k] >= t.published.start]  # type: ignore[union-attr]  # it joins
                near.update(index[key])
            for k in sorted(near):
                if all(_one_undated(t, x) for x in clusters[k].tellings):
                    target = k
                    break
        if target is None:
            clusters.append(Cluster([]))
            until.append(date.max)
            target = len(clusters) - 1
        clusters[target].tellings.append(t)
        if joins:
            last = t.published.last  # type: ignore[union-attr]  # it joins
            until[target] = min(until[target], last + _SEASON if last < date.max - _SEASON else date.max)
            for key in block_keys(t):
                members = index.setdefault(key, [])
                if target not in members:
                    members.append(target)
    for cluster in clusters:
        cluster.why = _reasons(cluster.tellings)
    return clusters


def _one_undated(a: Telling, b: Telling) -> bool:
    if a.future != b.future or a.article == b.article or a.series or b.series or a.group != b.group or a.type in _ONCE:
        return False
    if a.published is None or b.published is None or max(b.told[0] - a.told[1], a.told[0] - b.told[1]) > _SEASON.days:
        return False
    if not _parties_fit(a, b):
        return False
    if a.type == "agreement" and (a.status == "denied") != (b.status == "denied"):
        return False
    return True


def fused_status(tellings: Sequence[Telling]) -> Status:
    """The latest witness's status; «occurred» once witnessed stays; a tie goes to the surest."""
    if any(t.status == "occurred" for t in tellings):
        return "occurred"
    latest = max((t.published.start for t in tellings if t.published), default=None)
    last = [t for t in tellings if latest is None or (t.published and t.published.start == latest)]
    return max((t.status for t in last), key=lambda s: _TIE[s])


def fused_date(tellings: Sequence[Telling]) -> tuple[Interval | None, list[tuple[Interval, list[str]]]]:
    """(the date of the row, contradicting values with their articles).

    The most precise value wins; among contradicting ones the one with most independent witnesses, then the latest told. The
    first and last days of one journey make its interval.
    """
    dated = [t for t in tellings if t.date is not None]
    if not dated:
        return None, []
    best = min(_PRECISION[t.date.precision] for t in dated if t.date)
    precise = [t for t in dated if t.date and _PRECISION[t.date.precision] == best]
    happened = [t for t in precise if t.status in ("occurred", "ongoing")] or precise
    values: dict[Interval, list[Telling]] = {}
    for t in happened:
        assert t.date is not None
        values.setdefault(t.date, []).append(t)

    def weight(value: Interval) -> tuple[int, int, date, int, date]:
        told = values[value]
        latest = max((t.published.start for t in told if t.published), default=date.min)
        length = (value.last - value.start).days if value.end else 0
        return len({t.copy_of or t.article for t in told}), int(length > 0), latest, -length, value.start

    chosen = max(values, key=weight)
    others = [v for v in values if v != chosen]
    if tellings[0].group == "travel" and best == 0:
        return _journey(chosen, others, values)
    contradicting = [(v, sorted({t.article for t in values[v]})) for v in others if not v.overlaps(chosen)]
    finer = [v for v in others if chosen.contains(v) and v.end and chosen.end and (v.last - v.start) < (chosen.last - chosen.start)]
    if finer:
        chosen = max(finer, key=weight)
    return chosen, sorted(contradicting, key=lambda item: (item[0].start, item[0].last))


def _journey(chosen: Interval, others: list[Interval], values: dict[Interval, list[Telling]]) -> tuple[Interval, list[tuple[Interval, list[str]]]]:
    whole = [v for v in [chosen, *others] if v.end and v.end > v.start]
    if whole:
        # An article that gives first and last day is believed over single days.
        base = max(whole, key=lambda v: (len({t.copy_of or t.article for t in values[v]}), v.start, v.last))
        contradicting = [(v, sorted({t.article for t in values[v]})) for v in [chosen, *others] if not base.contains(v) and v.end is not None]
        return base, sorted(contradicting, key=lambda item: (item[0].start, item[0].last))
    start = min(v.start for v in [chosen, *others])
    last = max(v.end or v.start for v in [chosen, *others])
    goes_on = any(v.end is None for v in [chosen, *others]) and last == start
    return Interval(start, None if goes_on else last, chosen.precision), []


def votes(values: Iterable[str]) -> list[str]:
    """Values by how often they are told, most first, ties by name."""
    counts = Counter(values)
    return sorted(counts, key=lambda v: (-counts[v], v))
