"""The article's day by vote: every clue gives windows of days with a weight, and the days that most clues agree on win."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from ruskor.calendars import month_end
from ruskor.dct.clues import Clues
from ruskor.model import Interval, Precision

_MOST = 160  # relations that are weighed; the weakest go
_EPSILON = 0.02
_APART = 10  # days: nearer than that two winners are the same situation
_FAR = 60  # days: farther than that it is another situation
_TRIED = 60  # segments that are looked at for allowed days


@dataclass(slots=True)
class Relation:
    """The article is of first … last (ordinals), with a weight; of one `key` only the heaviest counts for a day."""

    first: int
    last: int
    weight: float
    key: Hashable
    reason: str
    known: bool = False  # rests on a known event
    loose: bool = False  # «أمس» without a weekday: fits a day of every event

    @property
    def soft(self) -> bool:
        """Whether it only says what is likely: near an event, in a year, before what is to come."""
        return self.key in {"near", "year"} or (isinstance(self.key, tuple) and self.key[0] == "tense")

    @property
    def narrow(self) -> bool:
        """Whether it places the article within days by itself."""
        return not self.soft and not self.loose and self.last - self.first <= 7


@dataclass(slots=True)
class Outcome:
    """The winning days, their weight, that of the best days elsewhere (`second`) and of other days close by (`beside`)."""

    days: list[date]
    total: float
    second: float
    beside: float = 0.0
    relations: list[Relation] = field(default_factory=list)

    @property
    def keys(self) -> int:
        """How many independent clues agree."""
        return len({r.key for r in self.relations if r.key != "near"})


def vote(clues: Clues, relations: list[Relation], penalties: list[tuple[int, float]]) -> Outcome | None:
    """The days with the greatest weight among those that the article's own demands allow.

    `penalties` are (ordinal, weight): every day before it loses the weight.
    """
    if not relations:
        return None
    relations = sorted(relations, key=lambda r: -r.weight)[:_MOST]
    bounds = sorted({r.first for r in relations} | {r.last + 1 for r in relations} | {day for day, _ in penalties})
    best: list[dict[Hashable, Relation]] = [{} for _ in bounds]
    for relation in relations:  # heaviest first, so the first of a key stays
        for k in range(bisect_left(bounds, relation.first), bisect_left(bounds, relation.last + 1)):
            best[k].setdefault(relation.key, relation)
    totals = []
    for k, found in enumerate(best[:-1]):
        if found:
            total = sum(r.weight for r in found.values()) - sum(w for day, w in penalties if bounds[k] < day)
            totals.append((total, k))
    totals.sort(key=lambda item: (-item[0], item[1]))
    return _pick(clues, bounds, best, totals)


def _pick(clues: Clues, bounds: list[int], best: list[dict[Hashable, Relation]], totals: list[tuple[float, int]]) -> Outcome | None:
    """The allowed days of the heaviest segments, with what comes second."""
    outcome: Outcome | None = None
    for total, k in totals[:_TRIED]:
        if outcome is not None and total < outcome.total - _EPSILON and outcome.second and outcome.beside:
            break
        allowed = clues.allowed(bounds[k], bounds[k + 1])
        if not allowed:
            continue
        if outcome is None:
            outcome = Outcome(allowed, total, 0.0, 0.0, sorted(best[k].values(), key=lambda r: -r.weight))
        elif total >= outcome.total - _EPSILON:
            outcome.days += allowed
        else:
            days = outcome.days
            distance = min(abs((a - b).days) for a in (allowed[0], allowed[-1]) for b in (min(days), max(days)))
            if distance > _FAR:
                outcome.second = outcome.second or total
            elif distance > _APART or len(days) == 1:
                outcome.beside = outcome.beside or total
    if outcome is not None:
        outcome.days.sort()
        if any((b - a).days > _FAR for a, b in pairwise(outcome.days)):
            outcome.second = outcome.total  # two situations, equally good
    return outcome


def hull(days: list[date]) -> Interval:
    """The smallest interval with all days; calendar weeks, months and years are called so."""
    first, last = days[0], days[-1]
    precision: Precision = "day"
    if first != last:
        if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
            precision = "year"
        elif first.day == 1 and last == month_end(last.year, last.month):
            precision = "month"
        elif first.weekday() == 0 and last.weekday() == 6 and (last - first).days == 6:
            precision = "week"
    return Interval(first, last, precision)
