"""The article's own date (document creation time): a day, an interval or unknown, with reasons.

Hard demands of the text come first («اليوم الثلاثاء», «12 سبتمبر الحالي»), then the dates printed on the page that agree with
them, then a vote of all other clues: dates beside relative expressions, named years, anniversaries, known events of the topic.
Today's date and the file's time are never used.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta

from ruskor.dct.clues import Clues, Printed, gather, said_day, whole
from ruskor.dct.infer import infer
from ruskor.dct.link import Index, make_index
from ruskor.dct.vote import Outcome, hull, vote
from ruskor.document import Document
from ruskor.knownevents import KnownEvent
from ruskor.model import Article, Interval, Published, Rejected
from ruskor.timex.expr import Timex, Weekday

_DAY = timedelta(days=1)
_ENOUGH = 1.2  # weight of the clues from which a day is believed
_MARGIN = 0.3
_CLOSE = 0.15  # the same against other days close by
_OVERRIDE = 2.6  # weight of known events that outdoes a page head which nothing in the text confirms
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_indexes: dict[int, tuple[Sequence[KnownEvent], Index]] = {}


def find_published(
    document: Document,
    timexes: Sequence[Timex],
    *,
    article: Article,
    known: Sequence[KnownEvent],
    people: Collection[str],
    places: Collection[str],
    given: Interval | None,
    where: Mapping[str, Sequence[int]] | None = None,
) -> Published:
    """The article's own date.

    `timexes` are all expressions of the text, those of page furniture too; `people` and `places` the canonical English names in it,
    `where` the tokens at which each stands (optional; sharpens long articles). Unknown is a `Published` without value. Never raises.
    """
    clues = gather(document, timexes)
    given = given or article.given
    if given is not None:
        return _given(clues, given)
    if article.metadata is not None:
        found = _metadata(clues, article)
        if isinstance(found, Published):
            return found
        rejected = [found]
    else:
        rejected = []
    return _from_text(document, clues, known, people, places, where, rejected)


def _index(known: Sequence[KnownEvent]) -> Index:
    found = _indexes.get(id(known))
    if found is None or found[0] is not known:
        if len(_indexes) > 8:
            _indexes.clear()
        found = _indexes[id(known)] = (known, make_index(known))
    return found[1]


def _contradiction(clues: Clues, day: date) -> str | None:
    """Why an article with this text is not of this day; null if it may be."""
    said = clues.against(day)
    if said is None:
        return None
    return f"the text says «{said.timex.text}», which does not fit {_WEEKDAYS[day.weekday()]} {day.isoformat()}"


def _given(clues: Clues, given: Interval) -> Published:
    reasons = ["the date was given"]
    if given.end is not None and (given.end - given.start).days <= 400:
        days = [given.start + k * _DAY for k in range((given.end - given.start).days + 1)]
        if not any(clues.allows(day) for day in days):
            why = _contradiction(clues, given.start)
            reasons.append(f"but {why}")
    return Published(given, "given", 1.0, tuple(reasons))


def _metadata(clues: Clues, article: Article) -> Published | Rejected:
    """The date of the metadata if the text agrees or is one day off (then the text's day), else what speaks against it."""
    value = article.metadata
    assert value is not None
    name = article.metadata_from or "metadata"
    if value.end is None or value.start != value.end:
        last = value.end or value.start
        days = [value.start + k * _DAY for k in range(min((last - value.start).days, 400) + 1)]
        allowed = [day for day in days if clues.allows(day)]
        if allowed:
            chosen = value if len(allowed) > 1 and not _weekday_said(clues) else hull(allowed)
            return Published(chosen, "metadata", 0.9, (f"{name} gives {value.start.isoformat()} to {last.isoformat()}",))
        return Rejected(name, None, value, _contradiction(clues, value.start) or "")
    day = value.start
    why = _contradiction(clues, day)
    if why is None:
        confirmed = bool(clues.said)
        reasons = [f"{name} gives {day.isoformat()}"]
        if confirmed:
            reasons.append(f"the text agrees: «{clues.said[0].timex.text}»")
        return Published(value, "metadata", 0.98 if confirmed else 0.93, tuple(reasons))
    for other in (day - _DAY, day + _DAY):
        if clues.allows(other):
            reasons = [f"{name} gives {day.isoformat()}", f"{why}; it is one day off, and the text wins"]
            return Published(whole(other), "text", 0.93, tuple(reasons), (Rejected(name, None, value, why),))
    return Rejected(name, None, value, why)


def _weekday_said(clues: Clues) -> bool:
    return any(said.constraint.kind == "day" for said in clues.said)


def _reject(printed: Printed, why: str) -> Rejected:
    return Rejected(printed.timex.text, printed.timex.span, whole(printed.day) if printed.day else None, why)


_ROLE_WHY = {
    "page": "it is the day on which the page was shown, printed or archived",
    "update": "it is the day of an update",
    "caption": "it belongs to a picture",
    "comment": "it belongs to a comment or to page furniture",
    "related": "it belongs to another article's headline",
    "copyright": "it belongs to a copyright line",
    "embed": "it is the day of an embedded post",
}


def _rejections(clues: Clues, value: Interval | None) -> list[Rejected]:
    """The printed dates that are not the article's own."""
    out = []
    for printed in clues.printed:
        if printed.day is None or value is not None and value.start <= printed.day <= value.last:
            continue
        why = _contradiction(clues, printed.day) or _ROLE_WHY.get(printed.role)
        if why is None:
            why = "another date fits the text better" if value is not None else "nothing confirms it"
        out.append(_reject(printed, why))
    return out


def _from_text(
    document: Document,
    clues: Clues,
    known: Sequence[KnownEvent],
    people: Collection[str],
    places: Collection[str],
    where: Mapping[str, Sequence[int]] | None,
    rejected: list[Rejected],
) -> Published:
    def done(value: Interval | None, source: str | None, confidence: float, reasons: list[str]) -> Published:
        return Published(value, source, round(confidence, 2), tuple(reasons), (*rejected, *_rejections(clues, value)))  # type: ignore[arg-type]

    full = next((day for said in clues.said if (day := said_day(said.constraint))), None)
    best = _best_print(clues)
    if full is not None:
        said = next(s for s in clues.said if said_day(s.constraint))
        reasons = [f"«{said.timex.text}» gives the day in full"]
        if best is not None and best.day == full:
            reasons.append(f"«{best.timex.text}» is printed on the page")
            return done(whole(full), "dateline", 0.99, reasons)
        return done(whole(full), "text", 0.97 if not clues.dropped else 0.9, reasons)
    doubtful: Published | None = None
    if best is not None and best.day is not None:
        confirmed = next((s for s in clues.said if s.constraint.kind == "day" or s.constraint.month), None)
        reasons = [f"«{best.timex.text}» is printed on the page"]
        if confirmed is not None:
            reasons.append(f"the text agrees: «{confirmed.timex.text}»")
        if best.weekday is not None and best.weekday == best.day.weekday():
            reasons.append("its weekday and its date agree")
        trust = min(0.98, best.trust + (0.04 if confirmed else 0.0)) if best.trust >= 0.7 else best.trust
        found = done(whole(best.day), "dateline", trust, reasons)
        if best.role in {"dateline", "publish"} and best.trust >= 0.9 or confirmed is not None and confirmed.constraint.day is not None:
            return found
        doubtful = found
    _add_yearless(clues)
    relations, penalties = infer(document, clues, _index(known), people, places, where)
    outcome = vote(clues, relations, penalties)
    if doubtful is not None and best is not None and best.day is not None:
        if outcome is None or _stands(best, outcome):
            return doubtful
        clues.printed = [p for p in clues.printed if p is not best]
        rejected.append(_reject(best, "the known events of which the text speaks lie elsewhere"))
    if outcome is None:
        off = _one_day_off(clues)
        if off is not None:
            return done(*off)
        return _by_month(clues, done)
    return _decide(clues, outcome, done)


def _best_print(clues: Clues) -> Printed | None:
    """The most trusted printed day that the text does not contradict."""
    fitting = [p for p in clues.printed if p.day is not None and p.trust >= 0.5 and _contradiction(clues, p.day) is None]
    for printed in fitting:
        if printed.weekday is not None and printed.day is not None and printed.weekday != printed.day.weekday():
            printed.trust = min(printed.trust, 0.6)
    days: dict[date, float] = {}
    for printed in fitting:
        assert printed.day is not None
        days[printed.day] = days.get(printed.day, 0.0) + printed.trust
    return max(fitting, key=lambda p: (p.trust, days[p.day] if p.day else 0.0)) if fitting else None


def _stands(best: Printed, outcome: Outcome) -> bool:
    """Whether a printed date that is not beyond doubt stands against the vote."""
    assert best.day is not None
    if outcome.days[0] - _DAY <= best.day <= outcome.days[-1] + _DAY:
        return True
    strong = outcome.total >= _OVERRIDE and outcome.keys >= 2 and outcome.total - max(outcome.second, outcome.beside) >= 1.0
    return not strong


def _add_yearless(clues: Clues) -> None:
    """«سيئول، 20 سبتمبر (يونهاب)»: a date line without a year is a demand like any other."""
    from ruskor.dct.clues import Said
    from ruskor.timex.expr import AnchorConstraint

    for printed in clues.printed:
        if printed.day is None and printed.role in {"dateline", "publish", "head"}:
            month, day = printed.month_day
            constraint = AnchorConstraint("day", 0, printed.weekday, None, month, day)
            same = [s for s in clues.said if s.constraint.month not in {None, month} and s.constraint.kind == "month"]
            if not same:
                clues.said.append(Said(constraint, printed.timex))
            return


def _one_day_off(clues: Clues) -> tuple[Interval, str, float, list[str]] | None:
    """A date printed on the page whose eve is the day of which the text says «today»."""
    for printed in clues.printed:
        if printed.day is None or printed.trust < 0.9:
            continue
        day = printed.day - _DAY
        if clues.allows(day):
            reasons = [f"«{printed.timex.text}» is printed on the page", f"{_contradiction(clues, printed.day)}: the text is of the day before"]
            return whole(day), "text", 0.85, reasons
    return None


def _by_month(clues: Clues, done) -> Published:  # type: ignore[no-untyped-def]
    """What remains without a vote: a month with its year, or nothing."""
    from ruskor.calendars import month_end

    for said in clues.said:
        c = said.constraint
        if c.month and c.year and c.kind == "month":
            days = [day for k in range(1, month_end(c.year, c.month).day + 1) if clues.allows(day := date(c.year, c.month, k))]
            if days:
                value = Interval(date(c.year, c.month, 1), month_end(c.year, c.month), "month") if len(days) > 1 else whole(days[0])
                return done(value, "text", 0.92, [f"«{said.timex.text}» gives the month"])
    reasons = [f"«{said.timex.text}» alone gives no date" for said in clues.said[:2]] or ["nothing in the text or on the page gives a date"]
    return done(None, None, 0.0, reasons)


def _enough(clues: Clues) -> tuple[float, float]:
    """(weight, margin) from which a vote is believed: the more the text itself demands, the less is left to decide."""
    day = any(s.constraint.kind == "day" and s.constraint.day is not None for s in clues.said)
    month = any(s.constraint.month is not None for s in clues.said)
    weekday = any(s.constraint.kind == "day" and s.constraint.weekday is not None for s in clues.said)
    if day and weekday:
        return 0.3, 0.15
    if day and month:
        return 0.5, 0.25
    if weekday and month or day:
        return 0.6, 0.25
    return _ENOUGH if weekday else 0.9 if month else _ENOUGH, _MARGIN


def _reporting_day(clues: Clues, days: list[date]) -> tuple[list[date], list[str]]:
    """«أعلنت الوكالة الأحد»: agencies write so on the day itself, if only one such day is left."""
    for timex, sentence in clues.body:
        if sentence > 2:
            break
        if isinstance(timex.expr, Weekday) and timex.expr.flag is None and timex.expr.week is None and timex.direction == "past":
            fitting = [day for day in days if day.weekday() == timex.expr.weekday]
            if len(fitting) == 1:
                return fitting, [f"«{timex.text}» opens the report: agencies write so on the day itself"]
            break
    return days, []


def _decide(clues: Clues, outcome: Outcome, done) -> Published:  # type: ignore[no-untyped-def]
    """From the vote to an answer: a day, an interval, or unknown where too little speaks for it."""
    off = _one_day_off(clues)
    margin = outcome.total - outcome.second
    close = outcome.total - outcome.beside
    enough, least = _enough(clues)
    believed = margin >= least and close >= _CLOSE and (outcome.total >= enough or outcome.total >= 0.7 * enough and margin >= 0.8 * outcome.total)
    reasons = list(dict.fromkeys(r.reason for r in outcome.relations if r.weight > 0.1))[:4]
    reasons = [f"«{said.timex.text}» is a demand on the day" for said in clues.said[:2]] + reasons
    soft = all(r.key in {"near", "year"} or isinstance(r.key, tuple) and r.key[0] == "tense" for r in outcome.relations)
    if not believed or soft and enough >= _ENOUGH:
        if off is not None and outcome.total < enough:
            return done(*off)
        found: Published = _by_month(clues, done)
        if found.value is None:
            return done(None, None, 0.0, [f"too little speaks for {outcome.days[0].isoformat()} ({outcome.total:.1f} against {outcome.second:.1f})", *reasons])
        return found
    knowledge = any(r.known for r in outcome.relations)
    days = outcome.days
    if not any(said.constraint.kind == "day" for said in clues.said) and len(days) > 1:
        days, reason = _reporting_day(clues, days)
        reasons += reason
    value = hull(days)
    width = (value.last - value.start).days
    if width > 45 and (value.start.year != value.last.year or any(said.constraint.kind == "day" for said in clues.said)):
        return done(None, None, 0.0, [f"only {value.start.isoformat()} to {value.last.isoformat()} can be told", *reasons])
    confidence = 0.6 + 0.1 * min(outcome.total - enough, 2.0) + 0.1 * min(margin, close, 1.5) + 0.02 * min(outcome.keys, 3)
    return done(value, "knowledge" if knowledge else "text", min(confidence, 0.97), reasons)
