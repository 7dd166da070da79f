"""What a row says where its tellings differ: status and date of the whole, and what contradicts them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from ruskor.model import COARSENESS, VOUCHED, Interval, Status
from ruskor.tellings import Telling

Contradicting = list[tuple[Interval, list[str]]]  # dates with the articles that give them


def fused_status(tellings: Sequence[Telling]) -> Status:
    """The latest witness's status; «occurred» once witnessed stays; a tie goes to the surest."""
    if any(t.status == "occurred" for t in tellings):
        return "occurred"
    latest = max((t.published.start for t in tellings if t.published), default=None)
    last = [t for t in tellings if latest is None or (t.published and t.published.start == latest)]
    return max((t.status for t in last), key=lambda s: VOUCHED[s])


def fused_date(tellings: Sequence[Telling]) -> tuple[Interval | None, Contradicting]:
    """(the date of the row, contradicting values with their articles).

    The most precise value wins; among contradicting ones the one with most independent witnesses, then the latest told. The
    first and last days of one journey make its interval.
    """
    dated = [t for t in tellings if t.date is not None]
    if not dated:
        return None, []
    best = min(COARSENESS[t.date.precision] for t in dated if t.date)
    precise = [t for t in dated if t.date and COARSENESS[t.date.precision] == best]
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
    contradicting = _told_by([v for v in others if not v.overlaps(chosen)], values)
    finer = [v for v in others if chosen.contains(v) and v.end and chosen.end and (v.last - v.start) < (chosen.last - chosen.start)]
    if finer:
        chosen = max(finer, key=weight)
    return chosen, contradicting


def _told_by(dates: list[Interval], values: dict[Interval, list[Telling]]) -> Contradicting:
    """Dates in order, each with the articles that give it."""
    return [(v, sorted({t.article for t in values[v]})) for v in sorted(dates, key=lambda v: (v.start, v.last))]


def _journey(chosen: Interval, others: list[Interval], values: dict[Interval, list[Telling]]) -> tuple[Interval, Contradicting]:
    """The first and last days of one journey as its interval."""
    whole = [v for v in [chosen, *others] if v.end and v.end > v.start]
    if whole:
        # An article that gives first and last day is believed over single days.
        base = max(whole, key=lambda v: (len({t.copy_of or t.article for t in values[v]}), v.start, v.last))
        return base, _told_by([v for v in [chosen, *others] if not base.contains(v) and v.end is not None], values)
    start = min(v.start for v in [chosen, *others])
    last = max(v.end or v.start for v in [chosen, *others])
    goes_on = any(v.end is None for v in [chosen, *others]) and last == start
    return Interval(start, None if goes_on else last, chosen.precision), []


def votes(values: Iterable[str]) -> list[str]:
    """Values by how often they are told, most first, ties by name."""
    counts = Counter(values)
    return sorted(counts, key=lambda v: (-counts[v], v))
