"""From the vote to an answer with its confidence.

The weights and bounds were set on the development cases of tests/timex/dater.yaml, tests/gold2/dev.jsonl and tests/articles; the
confidence is that share of them which is right at the weight.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from ruskor.calendars import month_end
from ruskor.dct.clues import Clues, whole
from ruskor.dct.infer import coming
from ruskor.dct.vote import Outcome, hull
from ruskor.document import Document
from ruskor.model import Interval
from ruskor.timex.expr import Weekday

_ENOUGH = 1.2  # weight of the clues from which a day is believed
_MARGIN = 0.3
_SHARE = 0.2  # of the winner's weight, that it must be ahead
_HARD = 0.6  # below that the text itself leaves little to decide
_CLOSE = 0.15  # the margin against other days close by
_NARROW = 7  # days
_WIDE = 45


@dataclass(slots=True)
class Answer:
    """An answer on the way to `Published`."""

    value: Interval | None
    source: Literal["dateline", "text", "knowledge"] | None
    confidence: float
    reasons: list[str]


def by_month(clues: Clues) -> Answer:
    """What remains without a vote: a month with its year, or nothing."""
    for said in clues.said:
        c = said.constraint
        if c.month and c.year and c.kind == "month":
            days = [day for k in range(1, month_end(c.year, c.month).day + 1) if clues.allows(day := date(c.year, c.month, k))]
            if days:
                value = Interval(date(c.year, c.month, 1), month_end(c.year, c.month), "month") if len(days) > 1 else whole(days[0])
                return Answer(value, "text", 0.92, [f"«{said.timex.text}» gives the month"])
        if c.kind == "year" and c.year and not any(s.constraint.kind == "day" for s in clues.said):
            value = Interval(date(c.year, 1, 1), date(c.year, 12, 31), "year")
            return Answer(value, "text", 0.9, [f"«{said.timex.text}» gives the year"])
    reasons = [f"«{said.timex.text}» alone gives no date" for said in clues.said[:2]] or ["nothing in the text or on the page gives a date"]
    return Answer(None, None, 0.0, reasons)


def _enough(clues: Clues) -> tuple[float, float]:
    """(weight, margin) from which a vote is believed: the more the text itself demands, the less is left to decide."""
    day = any(s.constraint.kind == "day" and s.constraint.day is not None for s in clues.said)
    month = any(s.constraint.month is not None for s in clues.said)
    weekday = any(s.constraint.kind == "day" and s.constraint.weekday is not None for s in clues.said)
    if day and weekday:
        return 0.3, 0.15
    if day and month:
        return 0.5, 0.25
    if (weekday and month) or day:
        return 0.6, 0.25
    return _ENOUGH if weekday else 0.9 if month else _ENOUGH, _MARGIN


def _reporting_day(document: Document, clues: Clues, days: list[date]) -> tuple[list[date], list[str]]:
    """«أعلنت الوكالة الأحد»: agencies write so on the day itself, if only one such day is left."""
    for timex, sentence in clues.body:
        if sentence > 2:
            break
        if coming(document, sentence) is None:
            continue  # what happened on that day may be told later
        if isinstance(timex.expr, Weekday) and timex.expr.flag is None and timex.expr.week is None and timex.direction == "past":
            fitting = [day for day in days if day.weekday() == timex.expr.weekday]
            if len(fitting) == 1:
                return fitting, [f"«{timex.text}» opens the report: agencies write so on the day itself"]
            break
    return days, []


def decide(document: Document, clues: Clues, outcome: Outcome, off: Answer | None) -> Answer:
    """From the vote to an answer: a day, an interval, or unknown where too little speaks for it.

    `off` is the answer of a printed date that is one day off, for where the vote is weak.
    """
    margin, close = outcome.total - outcome.second, outcome.total - outcome.beside
    enough, least = _enough(clues)
    least = max(least, _SHARE * outcome.total)
    firm = sum(r.weight for r in outcome.relations if r.key != "near" and not r.loose)
    heavy = outcome.total >= enough or (outcome.total >= 0.7 * enough and margin >= 0.8 * outcome.total)
    if enough > _HARD:
        heavy = heavy and firm >= 0.6 * enough
    if enough >= _ENOUGH:
        heavy = heavy and not all(r.soft for r in outcome.relations)
    reasons = [f"«{said.timex.text}» is a demand on the day" for said in clues.said[:2]]
    reasons += list(dict.fromkeys(r.reason for r in outcome.relations if r.weight > 0.1))[:4]
    if not heavy or margin < least or close < _CLOSE:
        if off is not None and outcome.total < enough:
            return off
        found = by_month(clues)
        if found.value is not None:
            return found
        weak = (
            f"too little speaks for {outcome.days[0].isoformat()} ({outcome.total:.1f} against {max(outcome.second, outcome.beside):.1f})"
        )
        return Answer(None, None, 0.0, [weak, *reasons])
    days = outcome.days
    exact = any(said.constraint.kind == "day" for said in clues.said)
    if not exact and len(days) <= _NARROW and not any(r.narrow for r in outcome.relations):
        return Answer(None, None, 0.0, ["only a day counted from today without its weekday would tell the day", *reasons])
    if not exact and len(days) > 1:
        days, more = _reporting_day(document, clues, days)
        reasons += more
    value = hull(days)
    if (value.last - value.start).days > _WIDE and (exact or value.start.year != value.last.year):
        return Answer(None, None, 0.0, [f"only {value.start.isoformat()} to {value.last.isoformat()} can be told", *reasons])
    confidence = 0.6 + 0.1 * min(outcome.total - enough, 2.0) + 0.1 * min(margin, close, 1.5) + 0.02 * min(outcome.keys, 3)
    return Answer(value, "knowledge" if any(r.known for r in outcome.relations) else "text", min(confidence, 0.97), reasons)
