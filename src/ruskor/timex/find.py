"""Finding: runs of date words in the tokens of a text, parsed by the grammar, checked against the raw text."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import compress

from ruskor.arabic import Tokens
from ruskor.timex.direction import direction
from ruskor.timex.expr import After, Date, Expr, Shift, Since, Timex, Today
from ruskor.timex.grammar import Item, parse
from ruskor.timex.run import make_run
from ruskor.timex.words import TRAP, Words, words

_GAP = re.compile(r"[ /\\\-–—−()\[\]،,'\"«»“”’‘:|ـ\t]{1,6}")
_PLAIN = frozenset((" ", ""))
_SEPARATORS = "/-. –\\"
_TATWEEL = "ـ"
_DOT = re.compile(r" ?\. ?")
_BREAK = re.compile(r"[.!?؟\n]\s|\n")
_CACHE: dict[tuple[object, ...], tuple[Item, ...]] = {}
_CACHE_SIZE = 20_000
_LASTING = TRAP["lasting"]
_OUTLET, _OUTLET_NAME = TRAP["outlet"], TRAP["outlet_name"]
_OPENING = ' «"“'
_CLOSING = {")", "]"}
_DURATION = TRAP["duration"] | TRAP["every"]


def _joined(gap: str, left: str, right: str) -> bool:
    """Whether two tokens with more than a space between them can belong to one run."""
    if _GAP.fullmatch(gap):
        return True
    return _DOT.fullmatch(gap) is not None and (left.isdecimal() or right.isdecimal())


def _bounds(tokens: Tokens, lexicon: Words, hit: int, done: int) -> tuple[int, int]:
    """The run of date words around a token: from the first to behind the last, not ending with a word that only joins."""
    chosen, gaps = tokens.words, tokens.gaps
    starters, table, joints = lexicon.starters, lexicon.table, lexicon.joints
    left, right, total = hit, hit + 1, len(chosen)
    while left > done and (chosen[left - 1] in starters or chosen[left - 1].isdecimal()):
        if gaps[left] not in _PLAIN and not _joined(gaps[left], chosen[left - 1], chosen[left]):
            break
        left -= 1
    while right < total and (chosen[right] in table or chosen[right].isdecimal()):
        if gaps[right] not in _PLAIN and not _joined(gaps[right], chosen[right - 1], chosen[right]):
            break
        right += 1
    while right - 1 > hit and chosen[right - 1] in joints:
        right -= 1
    return left, right


def find(tokens: Tokens) -> list[Timex]:
    """The date expressions of a tokenized text, in order, not yet anchored."""
    lexicon = words()
    core, alone = lexicon.core, lexicon.alone
    chosen, ends, text = tokens.words, tokens.ends, tokens.folded.text
    out: list[Timex] = []
    done, total, sentence, checked = 0, len(chosen), 0, 0
    for hit in compress(range(total), map(core.__contains__, chosen)):
        if hit < done:
            continue
        word = chosen[hit]
        # A small number begins a date only with a separator and a number right after it.
        small = len(word) <= 2 and word.isdecimal()
        if small and (hit + 1 >= total or text[ends[hit]] not in _SEPARATORS or not chosen[hit + 1].isdecimal()):
            continue
        left, right = _bounds(tokens, lexicon, hit, done)
        done = right
        if right - left == 1 and word not in alone:
            continue
        for item in _items(tokens, lexicon, left, right):
            begin = tokens.starts[left + item.first]
            breaks = _BREAK.search(text, checked, begin)
            if breaks:
                sentence += 1 + (_BREAK.search(text, breaks.end(), begin) is not None)
            checked = begin
            timex = _timex(tokens, lexicon, item, left, sentence)
            if timex is not None:
                out.append(timex)
    return out


def _timex(tokens: Tokens, lexicon: Words, item: Item, left: int, sentence: int) -> Timex | None:
    """The finished expression of an item; None where the words around it or the raw text speak against it."""
    first, last = left + item.first, left + item.last
    expr = _decide(tokens, lexicon, item, first, last) if item.kind else item.expr
    if expr is None or (item.check and not _raw_agrees(tokens, first, last, expr)):
        return None
    way = direction(tokens, first, last) if item.open else None
    if item.kind == "after" and isinstance(expr, After) and direction(tokens, first, last) == "future":
        expr = Shift(expr.unit, expr.count)  # «سيسافر بعد يومين»: from today, else from the date named before
    raw = tokens.folded.raw
    start, end = tokens.folded.raw_span(tokens.starts[first] + item.skip, tokens.ends[last])
    if raw[end : end + 1] == _TATWEEL:
        end += 1
    if _unclosed(raw[start:end]) and raw[end : end + 1] == ")":
        end += 1
    return Timex(first, last, (start, end), raw[start:end], expr, way, sentence)


def _unclosed(text: str) -> bool:
    return text.rfind("(") > text.rfind(")")


def _items(tokens: Tokens, lexicon: Words, left: int, right: int) -> tuple[Item, ...]:
    """The parse of a run, remembered by its text and what matters around it: the press repeats its dates."""
    text, gaps, chosen, traps = tokens.folded.text, tokens.gaps, tokens.words, lexicon.traps
    first, last = tokens.starts[left], tokens.ends[right - 1]
    before = after = 0
    opened = False
    if left > 0:
        around = gaps[left]
        if around == " " or not around.strip(_OPENING):
            before = traps.get(chosen[left - 1], 0)
        else:
            opened = "(" in around
        if left > 1 and traps.get(chosen[left - 2], 0) & _OUTLET:
            before |= _OUTLET_NAME
    behind = gaps[right]
    if right < len(chosen) and (behind == " " or not behind.strip()):
        after = traps.get(chosen[right], 0)
    closed = behind != " " and text[last : last + 2].lstrip()[:1] in _CLOSING
    key = (text[first:last], before, after, opened, closed)
    found = _CACHE.get(key)
    if found is None:
        inside = ["(" if opened else "", *gaps[left + 1 : right]]
        run = make_run(chosen[left:right], inside, lexicon.table, traps, before=before, after=after, closed=closed)
        found = tuple(parse(run))
        if len(_CACHE) >= _CACHE_SIZE:
            _CACHE.clear()
        _CACHE[key] = found
    return found


def _decide(tokens: Tokens, lexicon: Words, item: Item, first: int, last: int) -> Expr | None:  # noqa: PLR0911 - one branch a case
    """What the words around a duration make of it; None where it hangs on nothing."""
    expr, kind = item.expr, item.kind
    traps, all_words = lexicon.traps, tokens.words
    if any(traps.get(w, 0) & _DURATION for w in all_words[max(0, first - 1) : first]):
        return None
    if kind in {"since", "ago"}:
        before = all_words[max(0, first - 12) : first]
        if kind == "since" and isinstance(expr, Shift) and any(traps.get(w, 0) & _LASTING for w in before):
            return Since(expr)
        return expr
    if kind in {"event", "event_on"} and isinstance(expr, After):
        if kind == "event_on" or any(traps.get(w, 0) & TRAP["now_verbs"] for w in all_words[max(0, first - 6) : first]):
            return Shift(expr.unit, -expr.count)
        if any(traps.get(w, 0) & TRAP["still"] for w in all_words[last : last + 8]):
            return Today(0)
        return replace(expr, ahead=True)
    if kind in {"ahead", "anniversary"} and isinstance(expr, After):
        # «ويأتي ذلك غداة تصريح …»: the clause is about today, the event was the day before.
        if (
            abs(expr.count) == 1
            and expr.unit == "day"
            and any(traps.get(w, 0) & TRAP["now_verbs"] for w in all_words[max(0, first - 3) : first])
        ):
            return Today(-expr.count)
        return replace(expr, ahead=True, exact=kind == "anniversary")
    return expr


def _raw_agrees(tokens: Tokens, first: int, last: int, expr: Expr) -> bool:
    """Where folding loses a distinction: «أب» (father) is not «آب» (August)."""
    table = words().table
    for k in range(first, last + 1):
        prefix, roles = table.get(tokens.words[k], ("", {}))
        form = roles.get("raw")
        if form is None:
            continue
        raw = tokens.raw_text(k, k)
        alone = isinstance(expr, Date) and not expr.day
        if form not in raw and (prefix or alone or raw != tokens.words[k]):
            return False
    return True
