"""The time of which each sentence speaks, as far as titles and names need it: years, months of years, periods."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from ruskor.arabic import fold_key
from ruskor.document import Document
from ruskor.lexicon import word_file
from ruskor.modality import load_modality
from ruskor.titles import title_words

When = tuple[date, date]
# A sentence that speaks of «that time» means the time of one of so many sentences before.
_BACK = 3
_REMEMBERED = 10  # words between «ذكرى» and the date of what it is of
_YEAR = re.compile(r"(?:19|20)\d\d")
# What is less than this before the article's date is its own time.
_RECENT = timedelta(days=45)


@cache
def _months() -> dict[str, int]:
    table: dict[str, Any] = word_file("timex/months.yaml")
    return {fold_key(name).split()[-1]: number for number, names in table["gregorian"].items() for name in names}


@dataclass(slots=True)
class Clock:
    """Times by token, in order, with the first tokens of the sentences."""

    document: Document
    firsts: list[int]
    marks: list[list[tuple[int, date, date, bool]]]  # for each sentence; the last says whether it is a period

    def _sentence(self, token: int) -> int:
        return bisect_right(self.firsts, token) - 1

    def spoken(self, token: int, own: When | None, *, anywhere: bool = False, periods: bool = True) -> When | None:
        """The past time of which the clause around the token speaks, null where it is the article's own.

        `own` is the article's date; `anywhere`: also beyond «إن», and in the sentences before («آنذاك»). Without `periods`
        only what is dated by a year or a day counts, not «الحرب الباردة» or «في تلك الفترة».
        """
        k = self._sentence(token)
        if k < 0:
            return None
        here = [mark for mark in self.marks[k] if anywhere or self._same_side(token, mark[0])]
        if not periods and not anywhere:
            here = [mark for mark in here if not mark[3]]
        elif not here and (anywhere or self._that_time(k)):
            here = next((self.marks[j] for j in range(k - 1, max(-1, k - 1 - _BACK), -1) if self.marks[j]), [])
            token = 0
        here = [mark for mark in here if own is None or own[0] - mark[2] > _RECENT]
        if not here:
            return None
        _, start, end, _ = min(here, key=lambda mark: abs(mark[0] - token)) if token else here[-1]
        return start, end

    def _that_time(self, k: int) -> bool:
        sentence, tw = self.document.sentences[k], title_words()
        words = self.document.tokens.words
        after = range(sentence.first, min(sentence.last + 1, len(words) - 1))
        return any(words[i] in tw.that_time and words[i + 1].startswith("ال") for i in after)

    def _same_side(self, a: int, b: int) -> bool:
        openers = title_words().complementizers
        return not any(word in openers for word in self.document.tokens.words[min(a, b) : max(a, b)])


def read_clock(document: Document, times: Iterable[tuple[int, int, date, date]] | None) -> Clock:
    """The clock of an article; `times` are its resolved dates (first token, last token, first day, last day).

    Without them, years that are written out and periods are read.
    """
    firsts = [sentence.first for sentence in document.sentences]
    marks: list[list[tuple[int, date, date, bool]]] = [[] for _ in firsts]
    rows = [(*row, False) for row in _years(document)]
    rows += [(*row, True) for row in _periods(document)]
    rows += [(first, start, end, False) for first, _, start, end in times or ()]
    words, since, remembered = document.tokens.words, title_words().since, load_modality().anniversary
    for row in rows:
        if not since.isdisjoint(words[max(0, row[0] - 2) : row[0] + 1]):
            continue  # «منذ عام 2011»: what has lasted since then is of now
        if not remembered.isdisjoint(words[max(0, row[0] - _REMEMBERED) : row[0]]):
            continue  # «يزور الزعيم موسكو لإحياء ذكرى الانتصار عام 1945»: today's leader
        k = bisect_right(firsts, row[0]) - 1
        if k >= 0 and row[0] <= document.sentences[k].last:
            marks[k].append(row)
    for sentence_marks in marks:
        sentence_marks.sort()
    return Clock(document, firsts, marks)


def _years(document: Document) -> list[tuple[int, date, date]]:
    tokens, tw = document.tokens, title_words()
    words, out = tokens.words, []
    for found in _YEAR.finditer(tokens.folded.text):
        i = bisect_left(tokens.starts, found.start())
        if not 0 < i < len(words) or words[i] != found.group():
            continue
        year, before = int(words[i]), words[i - 1]
        month = _months().get(before.lstrip("و") if before not in _months() else before)
        if month:
            out.append((i, date(year, month, 1), date(year, month, monthrange(year, month)[1])))
        elif before in tw.year_words or before.isdecimal():
            out.append((i, date(year, 1, 1), date(year, 12, 31)))
    return out


def _periods(document: Document) -> list[tuple[int, date, date]]:
    tokens = document.tokens
    text, out = tokens.folded.text, []
    for phrase, start, end in title_words().periods:
        at = text.find(phrase)
        while at >= 0:
            i = bisect_right(tokens.starts, at) - 1
            # a proclitic may stand before: «بالحرب الباردة»
            if at - tokens.starts[i] <= 1:
                out.append((i, date(start, 1, 1), date(end, 12, 31)))
            at = text.find(phrase, at + 1)
    return out
