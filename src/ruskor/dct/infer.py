"""Clues of the text as windows of days: known events, dates side by side, named years, anniversaries."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta

from ruskor.dct.clues import Clues, adjacent, after_since, named_years
from ruskor.dct.link import Index, Link, Linker
from ruskor.dct.relate import same_day, shift_month, written
from ruskor.dct.vote import Relation
from ruskor.dct.words import dct_words
from ruskor.document import Document
from ruskor.knownevents import stem
from ruskor.memory import Memory
from ruskor.timex.expr import After, Date, Fixed, Range, Shift, Timex, Today, Weekday

_DAY = timedelta(days=1)
_LEAD = 3  # sentences
_STRONG = 0.6


def infer(
    document: Document,
    clues: Clues,
    index: Index,
    *,
    people: Collection[str],
    places: Collection[str],
    where: Mapping[str, Sequence[int]],
) -> tuple[list[Relation], list[tuple[int, float]]]:
    """(relations, penalties) for `vote`."""
    relations: list[Relation] = []
    penalties: list[tuple[int, float]] = []
    _from_years(document, clues, relations, penalties)
    _from_neighbours(document, clues, relations)
    _from_weak_prints(clues, relations)
    linker = Linker(index, document, people, places, where)
    if linker.candidates:
        _from_events(document, clues, linker, relations)
    _from_vague(document, clues, linker, relations)
    _from_anniversaries(document, clues, linker, relations)
    return relations, penalties


def _from_years(document: Document, clues: Clues, relations: list[Relation], penalties: list[tuple[int, float]]) -> None:
    """The article is not older than what it tells of as past, and seldom much younger than the latest of it."""
    named = named_years(clues)
    if not named:
        return
    timex, start, end = max(named, key=lambda item: (item[1], -(item[2] - item[1]).days))
    if start.year < 1950 or end.year > 2090:
        return
    if after_since(document, timex):
        if timex.direction != "future":
            penalties.append((date(start.year + ((end - start).days > 300), 1, 1).toordinal(), 1.0))
        return
    first, last = start.toordinal(), date(start.year + 1, 12, 31).toordinal()
    reason = f"the latest date that the text tells of is «{timex.text}»"
    relations.append(Relation(first, last, 0.35, "year", reason))
    relations.append(Relation(first, date(end.year, 12, 31).toordinal(), 0.7, "year", reason))
    if (end - start).days < 32 and timex.direction != "future":
        relations.append(Relation(first, first + 120, 0.65, "year", reason))
        relations.append(Relation(first, first + 21, 0.85, "year", reason))
    penalties.append((first, 1.2 if timex.direction == "past" else 0.7))


def _from_neighbours(document: Document, clues: Clues, relations: list[Relation]) -> None:
    """«الشهر المقبل، في يونيو 2024»: what counts from the article beside what does not."""
    for (a, s), (b, t) in zip(clues.body, clues.body[1:], strict=False):
        if s != t:
            continue
        for relative, fixed in ((a, b), (b, a)):
            if isinstance(fixed.expr, Fixed) and isinstance(relative.expr, Shift | Weekday | Date) and adjacent(document, a, b):
                found = fixed.expr
                if found.precision not in {"day", "month", "year"} or (found.precision == "year" and isinstance(relative.expr, Weekday)):
                    continue
                for first, last, _ in written(
                    relative.expr, found.start, found.end if found.precision == "day" else found.start, relative.direction
                ):
                    reason = f"«{relative.text}» stands beside «{fixed.text}»"
                    relations.append(Relation(first.toordinal(), last.toordinal(), 2.0, ("beside", relative.first), reason))


def _from_weak_prints(clues: Clues, relations: list[Relation]) -> None:
    """Dates of embedded posts and of updates: the article is of that day or soon after, or before."""
    for printed in clues.printed:
        if printed.day is None:
            continue
        day = printed.day.toordinal()
        reason = f"«{printed.timex.text}» is printed on the page ({printed.role})"
        if printed.role == "embed":
            relations += [Relation(day, day + 1, 0.9, ("print", day), reason), Relation(day - 1, day + 7, 0.5, ("print", day), reason)]
        elif printed.role == "update":
            relations.append(Relation(day - 3, day, 0.6, ("print", day), reason))
        elif printed.role in {"caption", "related", "comment"}:
            continue
        else:
            relations.append(Relation(day, day, printed.trust, ("print", day), reason))


def coming(document: Document, sentence: int) -> frozenset[str] | None:
    """The stems of what a sentence says will happen (empty: something, by «من المقرر»), None if nothing."""
    part = document.sentences[sentence]
    found: frozenset[str] = frozenset()
    for stems in map(_foretold.__getitem__, document.tokens.words[part.first : part.last + 1]):
        if stems is None:
            continue
        if not stems:
            return frozenset()
        found |= stems
    return found or None


def _foretells(word: str) -> frozenset[str] | None:
    """The stems of a verb in the future, empty for «المقرر», null for any other word."""
    words = dct_words()
    bare = word[1:] if word[:1] in "وف" else word
    if bare in words.future:
        return frozenset()
    if len(bare) > 4 and bare[0] == "س" and bare[1] in "يتن" and bare not in words.not_future:
        return frozenset((stem(bare), stem(bare[1:])))
    return None


_foretold = Memory(_foretells)


def _vague(document: Document, sentence: int) -> tuple[int, int, int, str] | None:
    """«بعد أيام من …»: (token after it, days at least, days at most, text), counted from what follows; below zero for «قبل»."""
    lists = dct_words()
    words = document.tokens.words
    part = document.sentences[sentence]
    for k in range(part.first, part.last - 1):
        sign = 1 if words[k] in lists.after else -1 if words[k] in lists.before else 0
        if not sign:
            continue
        j = k + 1
        while j < part.last and words[j] in lists.vague_fill:
            j += 1
        bounds = lists.vague.get(words[j])
        if bounds is None:
            continue
        j += 1
        while j < part.last and words[j] in lists.vague_fill:
            j += 1
        if j <= part.last and words[j] in lists.vague_of:
            low, high = sorted((sign * bounds[0], sign * bounds[1]))
            return j, low, high, " ".join(words[k : j + 1])
    return None


def _from_vague(document: Document, clues: Clues, linker: Linker, relations: list[Relation]) -> None:
    """«بعد أيام من قمة سنغافورة», «قبل أيام من …»: the article is of some of these days."""
    for sentence in range(min(_LEAD, len(document.sentences))):
        found = _vague(document, sentence)
        if found is None:
            continue
        token, low, high, text = found
        weight = 1.2 if high - low < 12 else 0.7
        for timex, s in clues.body:
            if s == sentence and timex.first > token and isinstance(timex.expr, Fixed) and timex.expr.precision == "day":
                reason = f"«{text}» counts from «{timex.text}»"
                first, last = timex.expr.start.toordinal() + low, timex.expr.end.toordinal() + high
                relations.append(Relation(first, last, weight, ("vague", sentence), reason))
        for link in linker.of(sentence) if linker.candidates else ():
            event = linker.index.events[link.event]
            if event.days < 12:
                reason = f"«{text}» counts from the known event {event.id} ({_span(event.start, event.end)}; {link.why})"
                first, last = event.start.toordinal() + low, event.end.toordinal() + high
                relations.append(Relation(first, last, weight * link.strength, ("vague", sentence), reason, known=True))


def _from_events(document: Document, clues: Clues, linker: Linker, relations: list[Relation]) -> None:
    """What the text counts from today, set beside the days of the known events that it speaks of."""
    events = linker.index.events
    checked = any(s.constraint.kind == "day" and s.constraint.weekday is not None for s in clues.said)
    per_sentence: dict[int, list[Timex]] = {}
    for timex, sentence in clues.body:
        per_sentence.setdefault(sentence, []).append(timex)
    for sentence, timexes in per_sentence.items():
        counting = [timex for timex in timexes if _counts(document, timex)]
        links = linker.of(sentence) if counting else []
        counted = any(isinstance(t.expr, After) and t.expr.count and not t.expr.exact for t in timexes)
        ahead = coming(document, sentence) if links else None
        today = any(isinstance(t.expr, Today) and t.expr.offset == 0 for t in timexes)
        for link in links:
            event = events[link.event]
            strength = link.strength * (1.0 if event.sure else 0.6)
            if strength < 0.08:
                continue
            told = ahead is not None and (not ahead or bool(ahead & dct_words().types.get(event.type, frozenset())))
            reason = f"fits the known event {event.id} ({_span(event.start, event.end)}; {link.why})"
            for timex in counting:
                at_zero = isinstance(timex.expr, Today) and timex.expr.offset == 0
                if (isinstance(timex.expr, Today) and not event.sure) or (counted and at_zero):
                    continue  # «اليوم … بعد يومين من القمة»: today is not the day of the event
                bare = isinstance(timex.expr, Today) and timex.expr.weekday is None
                factor = strength if _chance(timex) else strength / link.share
                if bare and checked:  # «اليوم الخميس … أمس»: the weekday of the event can be seen
                    factor *= 2.2
                if (told or (bare and not checked and ahead is not None)) and _reported(timex):
                    factor *= 0.4
                if isinstance(timex.expr, After) and not today and sentence >= _LEAD:
                    factor *= 0.3
                relations += [
                    Relation(
                        a.toordinal(), b.toordinal(), weight * factor, timex.first, f"«{timex.text}» {reason}", True, bare and not checked
                    )
                    for a, b, weight in written(timex.expr, event.start, event.end, timex.direction)
                ]
    _near(document, linker, relations)


def _counts(document: Document, timex: Timex) -> bool:
    """Whether an expression counts from today: no full date, no anniversary, and not «قبل ذلك بأسبوعين»."""
    if isinstance(timex.expr, Fixed) or (isinstance(timex.expr, After) and timex.expr.exact):
        return False
    return not any(document.tokens.words[k] in dct_words().that for k in range(timex.first, timex.last + 1))


def _chance(timex: Timex) -> bool:
    """Whether agreement may be chance: a weekday or a month fits many events, a day of a month few."""
    expr = timex.expr.last if isinstance(timex.expr, Range) else timex.expr
    return not (isinstance(expr, Date) and expr.day is not None)


def _reported(timex: Timex) -> bool:
    """«أعلنت … الأحد أن … ستزور»: the day of the announcement and not of what is announced."""
    return (isinstance(timex.expr, Today) and timex.expr.offset <= 0) or (isinstance(timex.expr, Weekday) and timex.direction == "past")


def _span(start: date, end: date) -> str:
    return start.isoformat() if start == end else f"{start.isoformat()} to {end.isoformat()}"


def _near(document: Document, linker: Linker, relations: list[Relation]) -> None:
    """News is close to what it is about: a small weight for the months around."""
    for sentence in range(min(_LEAD, len(document.sentences))):
        future = coming(document, sentence) is not None
        for link in linker.of(sentence)[:4]:
            if link.score < _STRONG:
                continue
            event = linker.index.events[link.event]
            start, _end = event.start.toordinal(), event.end.toordinal()
            reason = f"the article opens with the known event {event.id} ({_span(event.start, event.end)}; {link.why})"
            weight = link.strength * (1.0 if event.sure else 0.5)
            # Whole months, so that it decides between years and never between the days of a month.
            first = shift_month(event.start - 30 * _DAY, 0)
            last = shift_month(event.end + 30 * _DAY, 1) - _DAY
            relations.append(Relation(first.toordinal(), last.toordinal(), 0.7 * weight, "near", reason, known=True))
            if future and event.status != "called_off":
                relations.append(Relation(start - 60, start, 0.35 * weight, ("tense", sentence), reason + " as still to come", known=True))


def _from_anniversaries(document: Document, clues: Clues, linker: Linker, relations: list[Relation]) -> None:  # noqa: C901 - three kinds of base
    """«الذكرى السبعون لهدنة 27 تموز 1953»: the day, so many years later, is today or what the sentence counts from today."""
    for k, (timex, sentence) in enumerate(clues.body):
        expr = timex.expr
        if not (isinstance(expr, After) and expr.exact and expr.unit == "year"):
            continue
        bases: list[tuple[date, float, str, bool]] = []
        for other, s in clues.body[k + 1 : k + 3]:
            if s == sentence and isinstance(other.expr, Fixed) and other.expr.precision == "day":
                bases.append((other.expr.start, 1.0, f"«{other.text}»", False))
        for link in _old(linker, sentence, expr.count):
            event = linker.index.events[link.event]
            bases.append((event.start, min(1.0, link.score), f"the known event {event.id}", True))
        beside = [t for t, s in clues.body if s == sentence and t is not timex and isinstance(t.expr, Today | Shift | Weekday)]
        for base, exact in _well_known(document, sentence):
            if exact:
                bases.append((base, 0.9, f"what happened on {base.isoformat()}", False))
            elif expr.count % 5 == 0:
                year = base.year + expr.count
                reason = f"«{timex.text}» of what happened in {base.year} is in {year}"
                relations.append(
                    Relation(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal(), 0.8, ("anniversary", timex.first), reason)
                )
        for base, score, name, known in bases:
            day = same_day(base, expr.count)
            reason = f"«{timex.text}» of {name} is {day.isoformat()}"
            for other in beside:
                for first, last, weight in written(other.expr, day, day, other.direction):
                    relations.append(
                        Relation(
                            first.toordinal(),
                            last.toordinal(),
                            weight * score,
                            ("anniversary", other.first),
                            f"{reason}, «{other.text}»",
                            known,
                        )
                    )
            n = day.toordinal()
            relations.append(Relation(n - 2, n + 2, 0.5 * score, ("anniversary", timex.first), reason, known))
            relations.append(Relation(n - 20, n + 20, 0.3 * score, ("anniversary", timex.first), reason, known))


def _well_known(document: Document, sentence: int) -> list[tuple[date, bool]]:
    """What everybody's anniversaries in a sentence count from, the longest phrase first: (day, whether the day is meant)."""
    part = document.sentences[sentence]
    roots = [stem(word) for word in document.tokens.words[part.first : part.last + 1]]
    found = [
        (len(phrase), base, exact)
        for phrase, base, exact in dct_words().bases
        if any(roots[k : k + len(phrase)] == list(phrase) for k in range(len(roots)))
    ]
    found.sort(key=lambda item: -item[0])
    return [(base, exact) for _, base, exact in found[:1]]


def _old(linker: Linker, sentence: int, years: int) -> list[Link]:
    """Events whose anniversary may be meant: spoken of, and long ago enough for the number to be given."""
    if not linker.candidates:
        return []
    return [link for link in linker.of(sentence) if link.score >= 0.5 and linker.index.events[link.event].start.year + years <= 2060][:3]


__all__ = ["coming", "infer"]
