"""What an article says of its own date: dates printed on the page, and what the expressions of the body demand of it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from ruskor.dct.words import dct_words
from ruskor.document import Document, Line
from ruskor.model import Interval
from ruskor.timex import anchor_constraints, resolve
from ruskor.timex.direction import direction
from ruskor.timex.expr import AnchorConstraint, Date, Feast, Fixed, Nth, Part, Range, Timex, Today, Weekday

_HEAD_LINES = 6  # a page head is that long at most
_AFTER_DATELINE = "(/-–—|:"
_FURNITURE = {
    "related": "related",
    "comments": "comment",
    "share": "comment",
    "repeat": "comment",
    "base64": "comment",
    "embed": "embed",
    "caption": "caption",
}


_ISSUE = 3  # digits of an issue's number


@dataclass(slots=True)
class Printed:
    """A date on the page outside the sentences. `role` says of what; `day` is null where the year is not printed.

    `trust` is how often such a date is the article's own if nothing speaks against it.
    """

    timex: Timex
    role: str
    trust: float
    day: date | None
    month_day: tuple[int, int]
    weekday: int | None


@dataclass(slots=True)
class Said:
    """A demand on the article's date, with the expression that makes it."""

    constraint: AnchorConstraint
    timex: Timex


@dataclass(slots=True)
class Clues:
    """All clues of one article. `body` holds (timex, index of its sentence), `years` those named as past or present."""

    printed: list[Printed] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    dropped: list[Said] = field(default_factory=list)
    body: list[tuple[Timex, int]] = field(default_factory=list)

    def allows(self, day: date) -> bool:
        """Whether everything that was said of the article's day holds for this one."""
        return all(said.constraint.allows(day) for said in self.said)

    def allowed(self, first: int, stop: int) -> list[date]:
        """The days of these ordinals (`stop` excluded) for which everything holds; a weekday is stepped to."""
        step = 1
        for said in self.said:
            weekday = said.constraint.weekday
            if weekday is not None and said.constraint.kind == "day":
                first, step = first + (weekday + 1 - first - said.constraint.offset) % 7, 7
                break
        constraints = [said.constraint for said in self.said]
        days: list[date] = []
        for n in range(first, stop, step):
            day = date.fromordinal(n)
            for constraint in constraints:
                if not constraint.allows(day):
                    break
            else:
                days.append(day)
        return days

    def against(self, day: date) -> Said | None:
        """The first demand that this day does not meet."""
        return next((said for said in self.said if not said.constraint.allows(day)), None)


def said_day(constraint: AnchorConstraint) -> date | None:
    """The article's day where a demand fixes it in full."""
    if constraint.kind != "day" or not (constraint.year and constraint.month and constraint.day):
        return None
    return date(constraint.year, constraint.month, constraint.day) - timedelta(days=constraint.offset)


def gather(document: Document, timexes: Sequence[Timex]) -> Clues:
    """Sort the expressions of the whole text into printed dates and demands of the body."""
    clues = Clues()
    tokens = document.tokens
    line_starts = [line.start for line in document.lines]
    sentence_starts = [sentence.first for sentence in document.sentences]
    by_line: dict[int, list[Timex]] = {}
    for timex in timexes:
        by_line.setdefault(max(bisect_right(line_starts, tokens.starts[timex.first]) - 1, 0), []).append(timex)
    for index, found in by_line.items():
        line = document.lines[index]
        printed = _printed_line(document, index, found)
        clues.printed += printed
        taken = {id(p.timex) for p in printed}
        if printed and all(p.role != "dateline" for p in printed):
            continue  # what else stands in a page head («اليوم», «الجمعة») is no part of the sentences
        if line.kind is not None:
            continue
        for timex in found:
            if id(timex) not in taken and not _lone_year(document, line, timex):
                k = bisect_right(sentence_starts, timex.first) - 1
                if k >= 0 and document.sentences[k].last >= timex.first:
                    clues.body.append((_told(document, timex), k))
    _doubt_lists(clues)
    _read_body(document, clues)
    return clues


def _told(document: Document, timex: Timex) -> Timex:
    """The expression with its direction where only the words around tell it: «بدأت في 12 سبتمبر الحالي», «بعد قمة سبتمبر»."""
    if timex.direction is not None:
        return timex
    expr = timex.expr.last if isinstance(timex.expr, Range) else timex.expr
    if not isinstance(expr, Date):
        return timex
    words = document.tokens.words
    if any(words[k] in dct_words().after for k in range(max(0, timex.first - 3), timex.first)):
        return replace(timex, direction="past")
    if expr.flag == "current" and expr.day and direction(document.tokens, timex.first, timex.last) == "past":
        return replace(timex, direction="past")
    return timex


def _lone_year(document: Document, line: Line, timex: Timex) -> bool:
    """Years that stand alone in a short line («© 2020-2026») are no part of the article."""
    return (
        line.end - line.start < 30 and document.tokens.ends[timex.last] - document.tokens.starts[timex.first] >= line.end - line.start - 4
    )


def _day_of(timex: Timex) -> tuple[date | None, tuple[int, int], int | None] | None:
    """(day, month and day, weekday) of an expression that can be printed on a page, else null."""
    expr = timex.expr
    weekday = None
    if isinstance(expr, Today) and expr.offset == 0 and expr.date is not None:
        weekday, expr = expr.weekday, expr.date
    if isinstance(expr, Fixed) and expr.precision == "day" and expr.start == expr.end:
        return expr.start, (expr.start.month, expr.start.day), expr.weekday if weekday is None else weekday
    if (
        isinstance(expr, Date)
        and expr.year is None
        and isinstance(expr.month, int)
        and expr.day
        and expr.flag is None
        and expr.calendar == "gregorian"
    ):
        return None, (expr.month, expr.day), expr.weekday if weekday is None else weekday
    return None


def _printed_line(document: Document, index: int, found: list[Timex]) -> list[Printed]:
    """The dates of one line that are printed on the page and not told in a sentence."""
    line = document.lines[index]
    tokens, words = document.tokens, document.tokens.words
    days = [(timex, shown) for timex in found if (shown := _day_of(timex)) is not None]
    if not days:
        return []
    first = bisect_right(tokens.starts, line.start - 1)
    last = bisect_right(tokens.starts, line.end - 1) - 1
    inside = sum(t.last - t.first + 1 for t in found)
    others = last - first + 1 - inside
    roles = dct_words().roles
    out: list[Printed] = []
    previous = first
    for timex, (day, month_day, weekday) in days:
        cue = next((roles[w] for w in reversed(words[previous : timex.first]) if w in roles), None)
        if cue is None and others <= 8:
            cue = next((roles[w] for w in words[timex.last + 1 : last + 1] if w in roles), None)
        previous = timex.last + 1
        if cue == "page" and _numbered_issue(words[first : last + 1]):
            cue = "issue"
        role = cue if cue is not None and others <= (8 if cue == "page" else 12) else None
        role = _FURNITURE.get(line.kind or "") or role or _role(document, index, timex, first, others)
        # «اليوم الخميس (27 تموز 2023)» in a short line is the sentence itself; beside the weather it is the page's day.
        if role is None or (isinstance(timex.expr, Today) and role not in {"publish", "page"}):
            continue
        beside = next((t.expr.weekday for t in found if isinstance(t.expr, Weekday) and others <= 8), None)
        out.append(Printed(timex, role, _TRUST[role], day, month_day, beside if weekday is None else weekday))
    return out


_TRUST = {
    "dateline": 0.95, "publish": 0.96, "issue": 0.8, "head": 0.9, "line": 0.75, "update": 0.6, "page": 0.3, "embed": 0.2, "foot": 0.7,
    "caption": 0.0, "comment": 0.0, "related": 0.0, "copyright": 0.0,
}  # fmt: skip


def _numbered_issue(words: list[str]) -> bool:
    """«العدد 14206», «Issue 14206»: the page is that of a newspaper's issue, and its date that of the issue."""
    lists = dct_words().issue
    near = [words[k + 1] if word in lists else word for k, word in enumerate(words[:-1]) if word in lists or words[k + 1] in lists]
    return any(word.isdecimal() and len(word) >= _ISSUE for word in near)


def _role(document: Document, index: int, timex: Timex, first: int, others: int) -> str | None:
    """Of what a date in a line is the date, by its place alone; null where it belongs to a sentence."""
    line = document.lines[index]
    lead = document.tokens.words[first : timex.first]
    text = document.folded.text
    after = text[document.tokens.ends[timex.last] : line.end].lstrip(' "”»)،,.')
    told = bool(lead) and lead[-1] in dct_words().in_sentence
    behind = text[document.tokens.ends[timex.last] : line.end].lstrip()
    if not told and lead and len(lead) <= 3 and index < _HEAD_LINES + 2 and behind[:1] == ".":
        return "dateline"  # «موسكو، 24 أكتوبر 2024. تاس. …»
    dashed = after[:1] != "" and after[0] in _AFTER_DATELINE
    if others > 9 or (told and len(lead) > 2) or (others > 5 and index > 0 and len(lead) > 4):
        dateline = dashed and index < _HEAD_LINES + 2 and len(lead) <= 6 and not (told and len(lead) == 1)
        return "dateline" if dateline else None
    if line.kind is None and others > 3 and text[line.end - 1] == ".":
        return "dateline" if dashed and len(lead) <= 5 else None
    if index < _HEAD_LINES or line.kind is not None:
        return "head" if others <= 6 else "line"
    return "foot" if others <= 6 else None


def _doubt_lists(clues: Clues) -> None:
    """A chronicle gives every paragraph its date: none of them is the article's, unless it stands at the top."""
    own = [p for p in clues.printed if p.role in {"dateline", "head", "line", "foot"}]
    if len({p.month_day for p in own}) > 2:
        for printed in own[1:]:
            printed.trust = min(printed.trust, 0.3)


def _read_body(document: Document, clues: Clues) -> None:
    """The demands of the body's expressions; of contradicting weekdays the more frequent, then the earlier, stays."""
    said: list[Said] = []
    for timex, _ in clues.body:
        said += [Said(_with_year(document, timex, constraint), timex) for constraint in anchor_constraints(timex)]
        expr = timex.expr
        if isinstance(expr, Fixed) and expr.precision in {"month", "year"} and _current(document, timex):
            month = expr.start.month if expr.precision == "month" else None
            said.append(Said(AnchorConstraint("month" if month else "year", year=expr.start.year, month=month), timex))
        if isinstance(expr, Date | Fixed) and expr.weekday is not None and document.tokens.words[timex.first] in dct_words().today:
            # «… المصري اليوم الخميس الموافق 20 نوفمبر»: read as a plain date where «اليوم» may be a paper's name.
            said += [Said(c, timex) for c in anchor_constraints(Today(0, expr.weekday, expr))]
    for (a, s), (b, t) in zip(clues.body, clues.body[1:], strict=False):
        if s == t and (beside := _beside(document, a, b)):
            said.append(Said(beside, a))
    _sort_demands(clues, said)


def _sort_demands(clues: Clues, said: list[Said]) -> None:
    votes: dict[int, float] = {}
    for k, one in enumerate(said):
        if (weekday := _weekday(one.constraint)) is not None:
            votes[weekday] = votes.get(weekday, 0.0) + 1 - 0.01 * k
    best = max(votes, key=lambda w: votes[w]) if votes else None
    days = [day for one in said if (day := said_day(one.constraint))]
    chosen = max(days, key=lambda d: (days.count(d), -days.index(d))) if days else None
    for one in said:
        weekday = _weekday(one.constraint)
        bad = weekday is not None and weekday != best
        if chosen is not None and not bad:
            bad = not one.constraint.allows(chosen)
        (clues.dropped if bad else clues.said).append(one)


def _current(document: Document, timex: Timex) -> bool:
    """«نوفمبر الجاري 2024», «العام الجاري 2024»: a period named in full that is said to be the present one."""
    words = document.tokens.words
    return any(words[k] in dct_words().current for k in range(timex.first, min(timex.last + 2, len(words))))


def _weekday(constraint: AnchorConstraint) -> int | None:
    """The weekday of the article's day that a demand asks for."""
    if constraint.kind != "day":
        return None
    day = said_day(constraint)
    if day is not None:
        return day.weekday()
    return None if constraint.weekday is None else (constraint.weekday - constraint.offset) % 7


def _with_year(document: Document, timex: Timex, constraint: AnchorConstraint) -> AnchorConstraint:
    """«فبراير الجاري من عام 2001», «نوفمبر الجاري 2024»: the year that stands right after the current month."""
    if constraint.kind != "month" or constraint.year is not None:
        return constraint
    words = document.tokens.words
    for k in range(timex.last + 1, min(timex.last + 4, len(words))):
        if words[k].isdecimal() and len(words[k]) == 4 and 1900 < int(words[k]) < 2100:
            return replace(constraint, year=int(words[k]))
        if words[k] not in dct_words().apposition:
            break
    return constraint


def adjacent(document: Document, a: Timex, b: Timex) -> bool:
    """Whether b stands beside a as another name for the same days."""
    if not 0 < b.first - a.last <= 3:
        return False
    words, tokens = document.tokens.words, document.tokens
    if any(words[k] not in dct_words().apposition for k in range(a.last + 1, b.first)):
        return False
    gap = tokens.folded.text[tokens.ends[a.last] : tokens.starts[b.first]]
    if isinstance(a.expr, Feast):
        return True
    return b.first - a.last > 1 or any(c in "(،,-–—:«" for c in gap)


def _beside(document: Document, a: Timex, b: Timex) -> AnchorConstraint | None:  # noqa: C901, PLR0911 - one return a kind of date
    """«أمس الثلاثاء، في آخر أيام 2024», «الأربعاء (13 سبتمبر)»: a day from today and its date side by side."""
    if isinstance(b.expr, Today) and not isinstance(a.expr, Today):
        a, b = b, a
        if not adjacent(document, b, a):
            return None
    elif not adjacent(document, a, b):
        return None
    if not isinstance(a.expr, Today) or a.expr.date is not None:
        return None
    expr = b.expr
    if isinstance(expr, Feast) and expr.year is None:
        value = resolve(Feast(expr.key, 2023), None)
        if value is None or value.start != value.end or resolve(Feast(expr.key, 2024), None) != whole(value.start.replace(year=2024)):
            return None  # a movable feast
        return AnchorConstraint("day", a.expr.offset, a.expr.weekday, None, value.start.month, value.start.day)
    if isinstance(expr, Nth) and isinstance(expr.of, Fixed):
        value = resolve(expr, None)
        if value is None or value.start != value.end:
            return None
        expr = Fixed(value.start, value.start, "day")
    if isinstance(expr, Fixed) and expr.precision == "day" and expr.start == expr.end:
        return AnchorConstraint("day", a.expr.offset, a.expr.weekday, expr.start.year, expr.start.month, expr.start.day)
    if (
        isinstance(expr, Date)
        and isinstance(expr.month, int)
        and expr.day
        and expr.calendar == "gregorian"
        and expr.flag in {None, "current"}
    ):
        year = expr.year if isinstance(expr.year, int) else None
        return AnchorConstraint("day", a.expr.offset, a.expr.weekday, year, expr.month, expr.day)
    return None


def after_since(document: Document, timex: Timex) -> bool:
    """Whether «منذ» stands before: the article is later than that."""
    words = document.tokens.words
    return any(words[k] in dct_words().since for k in range(max(0, timex.first - 1), timex.first + 1))


def named_years(clues: Clues) -> list[tuple[Timex, date, date]]:
    """Absolute dates of the body that are not told as future, with their days."""
    out = []
    for timex, _ in clues.body:
        expr = timex.expr
        if isinstance(expr, Part):
            expr = expr.of
        if isinstance(expr, Today) and expr.date is not None:
            expr = expr.date
        if isinstance(expr, Fixed) and expr.precision in {"day", "month", "season", "year"} and timex.direction != "future":
            out.append((timex, expr.start, expr.end))
        elif isinstance(expr, Range) and isinstance(expr.last, Fixed) and timex.direction != "future":
            out.append((timex, expr.last.start, expr.last.end))
    return out


def whole(day: date) -> Interval:
    """One day as an interval."""
    return Interval(day, day, "day")
