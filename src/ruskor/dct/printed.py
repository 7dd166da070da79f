"""Dates printed on the page, given or in the metadata, against what the text demands."""

from __future__ import annotations

from datetime import date, timedelta

from ruskor.dct.clues import Clues, Printed, Said, whole
from ruskor.dct.decide import Answer
from ruskor.dct.vote import Outcome, hull
from ruskor.model import Article, Interval, Published, Rejected
from ruskor.timex.expr import AnchorConstraint

_DAY = timedelta(days=1)
_LONGEST = 400  # days of an interval that are looked at one by one
_TRUSTED = 0.9
_OVERRIDE = 2.6  # weight of known events that outdoes a page head which nothing in the text confirms
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ROLE_WHY = {
    "page": "it is the day on which the page was shown, printed or archived",
    "update": "it is the day of an update",
    "caption": "it belongs to a picture",
    "comment": "it belongs to a comment or to page furniture",
    "related": "it belongs to another article's headline",
    "copyright": "it belongs to a copyright line",
    "embed": "it is the day of an embedded post",
}


def contradiction(clues: Clues, day: date) -> str | None:
    """Why an article with this text is not of this day; null if it may be."""
    said = clues.against(day)
    if said is None:
        return None
    return f"the text says «{said.timex.text}», which does not fit {_WEEKDAYS[day.weekday()]} {day.isoformat()}"


def _days(value: Interval) -> list[date]:
    last = value.end or value.start
    return [value.start + k * _DAY for k in range(min((last - value.start).days, _LONGEST) + 1)]


def from_given(clues: Clues, given: Interval) -> Published:
    """The date that the user gave; the text may say otherwise, but does not win."""
    reasons = ["the date was given"]
    if not any(clues.allows(day) for day in _days(given)):
        reasons.append(f"but {contradiction(clues, given.start)}")
    return Published(given, "given", 1.0, tuple(reasons))


def from_metadata(clues: Clues, article: Article) -> Published | Rejected:
    """The date of the metadata if the text agrees or is one day off (then the text's day), else what speaks against it."""
    value = article.metadata
    assert value is not None
    name = article.metadata_from or "metadata"
    if value.end != value.start:
        allowed = [day for day in _days(value) if clues.allows(day)]
        if not allowed:
            return Rejected(name, None, value, contradiction(clues, value.start) or "the text fits no day of it")
        narrowed = any(said.constraint.kind == "day" for said in clues.said) and len(allowed) == 1
        reasons = [f"{name} gives {value.start.isoformat()} to {value.last.isoformat()}"]
        if narrowed:
            reasons.append(f"of these days only {allowed[0].isoformat()} fits «{clues.said[0].timex.text}»")
        return Published(hull(allowed) if narrowed else value, "metadata", 0.9, tuple(reasons))
    day = value.start
    why = contradiction(clues, day)
    reasons = [f"{name} gives {day.isoformat()}"]
    if why is None:
        if clues.said:
            reasons.append(f"the text agrees: «{clues.said[0].timex.text}»")
        return Published(value, "metadata", 0.98 if clues.said else 0.93, tuple(reasons))
    beside = () if day in (date.min, date.max) else (day - _DAY, day + _DAY)  # 9999-12-31 stands for no date in some archives
    for other in beside:
        if clues.allows(other):
            reasons.append(f"{why}; it is one day off, and the text wins")
            return Published(whole(other), "text", 0.93, tuple(reasons), (Rejected(name, None, value, why),))
    return Rejected(name, None, value, why)


def best_print(clues: Clues) -> Printed | None:
    """The most trusted printed day that the text does not contradict."""
    fitting = [p for p in clues.printed if p.day is not None and p.trust >= 0.5 and contradiction(clues, p.day) is None]
    days: dict[date | None, float] = {}
    for printed in fitting:
        if printed.day is not None and printed.weekday is not None and printed.weekday != printed.day.weekday():
            printed.trust = min(printed.trust, 0.6)  # one of the two is wrong
        days[printed.day] = days.get(printed.day, 0.0) + printed.trust
    return max(fitting, key=lambda p: (p.trust, days[p.day])) if fitting else None


def from_print(clues: Clues, best: Printed) -> tuple[Answer, bool]:
    """(the answer of a printed day that nothing contradicts, whether it is beyond doubt)."""
    assert best.day is not None
    confirmed = next((s for s in clues.said if s.constraint.kind == "day" or s.constraint.month), None)
    reasons = [f"«{best.timex.text}» is printed on the page"]
    if confirmed is not None:
        reasons.append(f"the text agrees: «{confirmed.timex.text}»")
    if best.weekday is not None and best.weekday == best.day.weekday():
        reasons.append("its weekday and its date agree")
    trust = min(0.98, best.trust + (0.04 if confirmed else 0.0)) if best.trust >= 0.7 else best.trust
    sure = (best.role in {"dateline", "publish"} and best.trust >= _TRUSTED) or (
        confirmed is not None and confirmed.constraint.day is not None
    )
    return Answer(whole(best.day), "dateline", trust, reasons), sure


def stands(best: Printed, outcome: Outcome | None) -> bool:
    """Whether a printed date that is not beyond doubt stands against the vote of the other clues."""
    assert best.day is not None
    if outcome is None or outcome.days[0] - _DAY <= best.day <= outcome.days[-1] + _DAY:
        return True
    return not (outcome.total >= _OVERRIDE and outcome.keys >= 2 and outcome.total - max(outcome.second, outcome.beside) >= 1.0)


def add_yearless(clues: Clues) -> None:
    """«سيئول، 20 سبتمبر (يونهاب)»: a date line without a year is a demand like any other."""
    for printed in clues.printed:
        if printed.day is None and printed.role in {"dateline", "publish", "head"}:
            month, day = printed.month_day
            if all(said.constraint.month in {None, month} for said in clues.said):
                clues.said.append(Said(AnchorConstraint("day", 0, printed.weekday, None, month, day), printed.timex))
            return


def one_day_off(clues: Clues) -> Answer | None:
    """A date printed on the page whose eve is the day of which the text says «today»."""
    for printed in clues.printed:
        if printed.day is None or printed.trust < _TRUSTED:
            continue
        day = printed.day - _DAY
        if clues.allows(day):
            reasons = [
                f"«{printed.timex.text}» is printed on the page",
                f"{contradiction(clues, printed.day)}: the text is of the day before",
            ]
            return Answer(whole(day), "text", 0.85, reasons)
    return None


def reject(printed: Printed, why: str) -> Rejected:
    """A printed date with the reason against it."""
    return Rejected(printed.timex.text, printed.timex.span, whole(printed.day) if printed.day else None, why)


def rejections(clues: Clues, value: Interval | None) -> list[Rejected]:
    """The printed dates that are not the article's own."""
    out = []
    for printed in clues.printed:
        if printed.day is None or (value is not None and value.start <= printed.day <= value.last):
            continue
        why = contradiction(clues, printed.day) or _ROLE_WHY.get(printed.role)
        if why is None:
            why = "another date fits the text better" if value is not None else "nothing confirms it"
        out.append(reject(printed, why))
    return out
