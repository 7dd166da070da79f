"""The article's own date (document creation time): a day, an interval or unknown, with reasons.

Hard demands of the text come first («اليوم الثلاثاء», «12 سبتمبر الحالي»), then the dates printed on the page that agree with
them, then a vote of all other clues: dates beside relative expressions, named years, anniversaries, known events of the topic.
Today's date and the file's time are never used.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ruskor.dct.clues import Clues, gather, said_day, whole
from ruskor.dct.decide import Answer, by_month, decide
from ruskor.dct.infer import infer
from ruskor.dct.link import Index, make_index
from ruskor.dct.names import Mentioned
from ruskor.dct.printed import add_yearless, best_print, from_given, from_metadata, from_print, one_day_off, reject, rejections, stands
from ruskor.dct.vote import vote
from ruskor.document import Document
from ruskor.knownevents import KnownEvent
from ruskor.model import Article, Interval, Published, Rejected
from ruskor.timex.expr import Timex

_indexes: dict[int, tuple[Sequence[KnownEvent], Index]] = {}


@dataclass(frozen=True, slots=True)
class _Names:
    """The events that are known, and what tells which people and places the article names, and where."""

    known: Sequence[KnownEvent]
    look: Callable[[], Mentioned]


def find_published(
    document: Document,
    timexes: Sequence[Timex],
    *,
    article: Article,
    known: Sequence[KnownEvent],
    look: Callable[[], Mentioned],
    given: Interval | None,
) -> Published:
    """The article's own date.

    `timexes` are all expressions of the text, those of page furniture too. `look` gives the people and the places in it by their
    canonical English names and the tokens at which each stands; most articles give their date without it. Unknown is a
    `Published` without value. Never raises.
    """
    clues = gather(document, timexes)
    given = given or article.given
    if given is not None:
        return from_given(clues, given)
    rejected: list[Rejected] = []
    if article.metadata is not None:
        found = from_metadata(clues, article)
        if isinstance(found, Published):
            return found
        rejected.append(found)
    answer = _from_text(document, clues, _Names(known, look), rejected)
    return Published(
        answer.value, answer.source, round(answer.confidence, 2), tuple(answer.reasons), (*rejected, *rejections(clues, answer.value))
    )


def _index(known: Sequence[KnownEvent]) -> Index:
    found = _indexes.get(id(known))
    if found is None or found[0] is not known:
        if len(_indexes) > 8:
            _indexes.clear()
        found = _indexes[id(known)] = (known, make_index(known))
    return found[1]


def _from_text(document: Document, clues: Clues, names: _Names, rejected: list[Rejected]) -> Answer:
    """The date from the text and the page; printed dates that the vote outdoes go to `rejected`."""
    best = best_print(clues)
    full = next((said for said in clues.said if said_day(said.constraint)), None)
    if full is not None:
        day = said_day(full.constraint)
        assert day is not None
        reasons = [f"«{full.timex.text}» gives the day in full"]
        if best is not None and best.day == day:
            return Answer(whole(day), "dateline", 0.99, [*reasons, f"«{best.timex.text}» is printed on the page"])
        return Answer(whole(day), "text", 0.9 if clues.dropped else 0.97, reasons)
    printed: Answer | None = None
    if best is not None:
        printed, sure = from_print(clues, best)
        if sure:
            return printed
    add_yearless(clues)
    people, places, where = names.look()
    relations, penalties = infer(document, clues, _index(names.known), people=people, places=places, where=where)
    outcome = vote(clues, relations, penalties)
    if printed is not None and best is not None:
        if stands(best, outcome):
            return printed
        clues.printed = [p for p in clues.printed if p is not best]
        rejected.append(reject(best, "the known events of which the text speaks lie elsewhere"))
    off = one_day_off(clues)
    if outcome is None:
        return off or by_month(clues)
    return decide(document, clues, outcome, off)


__all__ = ["find_published"]
