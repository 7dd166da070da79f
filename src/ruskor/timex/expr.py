"""Symbolic date expressions: what a text says, before anybody knows when it was written.

An expression is a small frozen value; `ruskor.timex.anchor.resolve` gives its days for one anchor (the article's own
date), `anchor_constraints` says what it demands of the anchor. Weekdays are Monday 0 … Sunday 6, as in `date.weekday()`.

`Flag` is the word beside the expression: past (الماضي), future (المقبل), current (الجاري، الحالي، هذا), same (نفسه، ذاته، منه),
next (التالي), previous (السابق). The last three look back at the date named before in the text.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from ruskor.model import Interval, Precision, Span

Unit = Literal["day", "week", "month", "quarter", "half", "year", "decade", "century"]
Flag = Literal["past", "future", "current", "same", "next", "previous"]
Calendar = Literal["gregorian", "hijri"]
PartName = Literal["start", "middle", "end", "first_half", "second_half", "weekend"]
Direction = Literal["past", "future"]


@dataclass(frozen=True, slots=True)
class Fixed:
    """Days that the text names in full: «16 يناير 2024», «عام 2006», «التسعينيات», «الحرب الباردة».

    `weekday` is kept where it is written too, so that a contradiction can be seen (`consistent`).
    """

    start: date
    end: date
    precision: Precision
    weekday: int | None = None

    @property
    def consistent(self) -> bool:
        """False where the weekday that is written is not that of the date that is written."""
        return self.weekday is None or self.start != self.end or self.start.weekday() == self.weekday


@dataclass(frozen=True, slots=True)
class Shift:
    """The unit `count` away from that of the anchor: «اليوم» (day, 0), «الأسبوع الماضي» (week, -1), «قبل ثلاثة أيام» (day, -3).

    With `anaphoric` it is counted from the date named before in the text («الشهر نفسه», «اليوم التالي»), with `strict` only
    from that: without one it stays unresolved.
    """

    unit: Unit
    count: int
    anaphoric: bool = False
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Date:
    """A date of which something is missing or relative.

    `year` and `month` are a number, an expression («من العام الماضي», «من الشهر الجاري») or None (not said); `day` may be None.
    «12 سبتمبر الحالي» has the flag current, «فبراير الماضي» the flag past. Complete Gregorian dates are `Fixed`.
    """

    year: int | Expr | None
    month: int | Expr | None
    day: int | None = None
    weekday: int | None = None
    calendar: Calendar = "gregorian"
    flag: Flag | None = None


@dataclass(frozen=True, slots=True)
class Weekday:
    """A weekday without a date: «الخميس», «الأربعاء الماضي»; `week` is its week where it is said («من الأسبوع المقبل»)."""

    weekday: int
    flag: Flag | None = None
    week: Expr | None = None


@dataclass(frozen=True, slots=True)
class Today:
    """A day counted from the anchor, with what else is said of it: «أمس الأربعاء», «اليوم الثلاثاء 16 يناير 2024».

    `offset` is in days (0 today, -1 yesterday, -2 أول من أمس). `date` is a `Date` or `Fixed` of the same day.
    """

    offset: int
    weekday: int | None = None
    date: Expr | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a period: «مطلع الشهر», «أواخر عام 2011», «نهاية الأسبوع الماضي», «النصف الأول من مارس»."""

    part: PartName
    of: Expr


@dataclass(frozen=True, slots=True)
class Nth:
    """The n-th (from 1; -1 the last) day, week, month, quarter, half or weekday within a period."""

    n: int
    of: Expr
    unit: Unit | None = None
    weekday: int | None = None


@dataclass(frozen=True, slots=True)
class Season:
    """A season (0 spring … 3 winter) of a year; the year is a number, an expression or None."""

    season: int
    year: int | Expr | None = None
    flag: Flag | None = None


@dataclass(frozen=True, slots=True)
class Range:
    """From `first` to `last`, or the days of a list that follow one another. What `first` lacks (month, year) `last` gives."""

    first: Expr
    last: Expr


@dataclass(frozen=True, slots=True)
class Window:
    """`count` units before (-1) or after (+1) the anchor: «الأيام الثلاثة الماضية», «الأسبوعين المقبلين»."""

    unit: Unit
    count: int
    sign: int


@dataclass(frozen=True, slots=True)
class Since:
    """From `first` up to the anchor: «المستمرة منذ ثلاث سنوات»."""

    first: Expr


@dataclass(frozen=True, slots=True)
class Feast:
    """A feast or memorial day of `data/timex/feasts.yaml` by its key."""

    key: str
    year: int | Expr | None = None
    flag: Flag | None = None


@dataclass(frozen=True, slots=True)
class After:
    """`count` units after (before, if negative) an event or date: `base`, or, if that is None, the date named before.

    With `ahead` it is the next date of the sentence («بعد خمسة أيام من تجربة 9 أكتوبر 2006»); `exact` keeps the day
    (anniversaries), where otherwise a month gives a month and a year a year.
    """

    unit: Unit
    count: int
    base: Expr | None = None
    ahead: bool = False
    exact: bool = False


Expr = Fixed | Shift | Date | Weekday | Today | Part | Nth | Season | Range | Window | Since | Feast | After


@dataclass(slots=True)
class Timex:
    """One date expression of a text.

    `first` … `last` are its tokens (both included), `span` and `text` the verbatim raw slice; `direction` is what tense and
    words of the clause say (None: nothing); `sentence` counts the sentences, for the context of anaphora.
    """

    first: int
    last: int
    span: Span
    text: str
    expr: Expr
    direction: Direction | None = None
    sentence: int = 0


@dataclass(frozen=True, slots=True)
class AnchorConstraint:
    """What one expression demands of the article's own date.

    kind day: the day `offset` days from the anchor has this weekday and/or this year, month, day (None: not said);
    kind month: the anchor lies in this month (and year); kind year: the anchor lies in this year.
    """

    kind: Literal["day", "month", "year"]
    offset: int = 0
    weekday: int | None = None
    year: int | None = None
    month: int | None = None
    day: int | None = None

    def allows(self, anchor: date) -> bool:
        """Whether the article can be of this day."""
        day = anchor + timedelta(days=self.offset) if self.offset else anchor
        if self.year is not None and day.year != self.year:
            return False
        if self.kind == "year":
            return True
        if self.month is not None and day.month != self.month:
            return False
        if self.kind == "month":
            return True
        return (self.weekday is None or day.weekday() == self.weekday) and (self.day is None or day.day == self.day)


def _constraint(offset: int, weekday: int | None, said: Expr | None) -> AnchorConstraint:
    year = month = day = None
    if isinstance(said, Fixed) and said.start == said.end:
        year, month, day = said.start.year, said.start.month, said.start.day
        weekday = said.weekday if weekday is None else weekday
    elif isinstance(said, Date) and said.calendar == "gregorian":
        year = said.year if isinstance(said.year, int) else None
        month = said.month if isinstance(said.month, int) else None
        day = said.day
        weekday = said.weekday if weekday is None else weekday
    return AnchorConstraint("day", offset, weekday, year, month, day)


def anchor_constraints(timex: Timex | Expr) -> list[AnchorConstraint]:
    """What the expression says about the article's own date; empty for most.

    «اليوم الثلاثاء» → day, offset 0, weekday 1; «أمس الأربعاء» → offset -1; «12 سبتمبر الحالي» → month 9 of the anchor;
    «العام الجاري 2024» → year 2024. A `Today` without weekday or date constrains nothing.
    """
    expr = timex.expr if isinstance(timex, Timex) else timex
    if isinstance(expr, Today):
        found = _constraint(expr.offset, expr.weekday, expr.date)
        said = (found.weekday, found.year, found.month, found.day) != (None, None, None, None)
        return [found] if said else []
    if isinstance(expr, Date) and expr.month is None and isinstance(expr.year, int):
        away = {"past": -1, "future": 1}.get(expr.flag or "", 0)
        return [AnchorConstraint("year", year=expr.year - away)]
    if isinstance(expr, Date) and expr.flag == "current" and expr.calendar == "gregorian" and isinstance(expr.month, int):
        year = expr.year if isinstance(expr.year, int) else None
        return [AnchorConstraint("month", month=expr.month, year=year)]
    if isinstance(expr, Range):
        return [*anchor_constraints(expr.first), *anchor_constraints(expr.last)]
    if isinstance(expr, Part | Nth):
        return anchor_constraints(expr.of)
    return []


__all__ = [
    "After", "AnchorConstraint", "Calendar", "Date", "Direction", "Expr", "Feast", "Fixed", "Flag", "Interval", "Nth", "Part",
    "PartName", "Range", "Season", "Shift", "Since", "Timex", "Today", "Unit", "Weekday", "Window", "anchor_constraints",
]  # fmt: skip
