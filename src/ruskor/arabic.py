"""Folding of Arabic spelling with offsets into the raw text, and tokens.

The folding table is built from camel-tools' alef, alef-maqsura and teh-marbuta rules and pyarabic's tatweel, diacritics
and ligature rules (pyarabic's own alef and hamza rules are not used: they turn «على» into «علا»). ruskor adds Persian
letters, Arabic-Indic and Persian digits, presentation forms (Unicode NFKC) and the removal of invisible controls.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate

Span = tuple[int, int]
# A text up to this length is translated letter by letter; in a longer one each letter is looked for in the whole.
_SHORT = 200

# Letters that Persian and Kurdish keyboards put in place of the Arabic ones. A foreign consonant (ڤ پ چ گ ژ) has several
# Arabic spellings: it stays, and the names layer decides.
_EXTRA = {"ک": "ك", "ی": "ي", "ې": "ي", "ھ": "ه", "ہ": "ه", "ە": "ه", "ۀ": "ه"}
_INVISIBLE = "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
_BLOCKS = (range(0x0610, 0x0700), range(0xFB50, 0xFE00), range(0xFE70, 0xFEFD))


@cache
def _rules() -> tuple[tuple[tuple[str, str], ...], dict[str, str], re.Pattern[str]]:
    """(one-to-one pairs, length-changing mapping, pattern of what changes the length)."""
    from camel_tools.utils.normalize import (
        normalize_alef_ar,
        normalize_alef_maksura_ar,
        normalize_teh_marbuta_ar,
    )
    from pyarabic.araby import normalize_ligature, strip_diacritics, strip_tatweel

    def fold_char(char: str) -> str:
        out = strip_diacritics(strip_tatweel(normalize_ligature(char)))
        return str(normalize_teh_marbuta_ar(normalize_alef_maksura_ar(normalize_alef_ar(out))))

    table: dict[str, str] = {}
    for block in _BLOCKS:
        for code in block:
            char = chr(code)
            plain = unicodedata.normalize("NFKC", char) if code >= 0xFB50 else char
            # NFKC gives an isolated vowel sign as space + sign; the space is no part of the text.
            plain = plain.strip() or plain
            out = "".join(fold_char(_EXTRA.get(c, c)) for c in plain)
            if out.isdecimal() and len(out) == 1:
                out = str(unicodedata.decimal(out))
            if out != char:
                table[char] = out
    table["\u00a0"] = " "
    one = tuple((a, b) for a, b in table.items() if len(b) == 1)
    other = {a: b for a, b in table.items() if len(b) != 1}
    pattern = re.compile("[" + "".join(map(re.escape, other)) + _INVISIBLE + "]+")
    return one, other, pattern


_TATWEEL = "\u0640"


@cache
def _translation() -> dict[int, str]:
    return {ord(a): b for a, b in _rules()[0]}


@dataclass(slots=True)
class Folded:
    """A folded copy of `raw` with a sparse offset map.

    `marks[i]` is the folded index from which `shifts[i]` (raw index minus folded index) holds.
    """

    raw: str
    text: str
    marks: tuple[int, ...] = ()
    shifts: tuple[int, ...] = ()

    def to_raw(self, index: int) -> int:
        """Raw index of the folded character at `index` (code points)."""
        if not self.marks:
            return index
        k = bisect_right(self.marks, index) - 1
        return index + self.shifts[k] if k >= 0 else index

    def raw_span(self, start: int, end: int) -> Span:
        """The raw span of the folded characters [start, end), with vowel signs that follow the last letter."""
        if not self.marks:
            return start, end
        first = self.to_raw(start)
        last = self.to_raw(end - 1) + 1 if end > start else first
        raw = self.raw
        while last < len(raw) and unicodedata.category(raw[last]) == "Mn":
            last += 1
        return first, last

    def raw_text(self, start: int, end: int) -> str:
        """The verbatim raw text of the folded characters [start, end)."""
        first, last = self.raw_span(start, end)
        return self.raw[first:last]


def _stands_alone(raw: str, index: int) -> bool:
    """Whether the character stands between spaces or figures («25 ـ 27 مارس»)."""
    around = raw[index - 1 : index] + raw[index + 1 : index + 2]
    return len(around) == 2 and all(char.isspace() or char.isdecimal() for char in around)


def fold(raw: str) -> Folded:
    """The text with spelling variants folded; folding twice changes nothing.

    Alef forms become ا, ى becomes ي, ة becomes ه; vowel signs, tatweel and invisible controls go; digits become ASCII. A tatweel
    that lengthens no word is a dash.
    """
    one, other, pattern = _rules()
    text = raw
    marks: list[int] = []
    shifts: list[int] = []
    if pattern.search(raw):
        pieces: list[str] = []
        at = length = 0
        for found in pattern.finditer(raw):
            start = found.start()
            pieces.append(raw[at:start])
            length += start - at
            for offset, char in enumerate(found.group()):
                out = "-" if char == _TATWEEL and _stands_alone(raw, start + offset) else other.get(char, "")
                if out:
                    pieces.append(out)
                    for k in range(len(out)):
                        marks.append(length + k)
                        shifts.append(start + offset - length - k)
                    length += len(out)
            at = found.end()
            marks.append(length)
            shifts.append(at - length)
        pieces.append(raw[at:])
        text = "".join(pieces)
    if len(text) < _SHORT:
        return Folded(raw, text.translate(_translation()), tuple(marks), tuple(shifts))
    for a, b in one:
        if a in text:
            text = text.replace(a, b)
    return Folded(raw, text, tuple(marks), tuple(shifts))


def fold_key(text: str) -> str:
    """The folded text alone, for look-up tables."""
    return fold(text).text


# Letters or digits in a row; words of Arabic or of plain Latin letters alone are tried first, because a set of letters is tested faster.
_TOKEN = re.compile(r"([\u0621-\u063a\u0641-\u064aA-Za-z]++(?![^\W\d_])|[^\W\d_]+|\d+)")


@dataclass(slots=True)
class Tokens:
    """Words and numbers of a folded text as parallel lists; `starts`/`ends` index the folded text.

    A token is a run of letters or a run of digits; everything else (punctuation, spaces) is the gap between tokens: `gaps[i]`
    stands before token i, the last one behind all.
    """

    folded: Folded
    words: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)

    def gap(self, i: int) -> str:
        """Folded text between token i-1 and token i (before the first: from the start; after the last: to the end)."""
        return self.gaps[i]

    def raw_span(self, first: int, last: int) -> Span:
        """Raw span of the tokens first … last (last included)."""
        return self.folded.raw_span(self.starts[first], self.ends[last])

    def raw_text(self, first: int, last: int, skip: int = 0) -> str:
        """Raw text of the tokens first … last (last included), without the first `skip` letters."""
        return self.folded.raw_text(self.starts[first] + skip, self.ends[last])


def tokenize(folded: Folded) -> Tokens:
    """Tokens of a folded text."""
    pieces = _TOKEN.split(folded.text)  # gap, word, gap, word, … gap
    at = list(accumulate(map(len, pieces)))
    return Tokens(folded, pieces[1::2], at[:-1:2], at[1::2], pieces[::2])
