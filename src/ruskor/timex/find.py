"""Finding: runs of date words in the tokens of a text, parsed by the grammar, checked against the raw text."""

from __future__ import annotations

import re
from dataclasses import replace

from ruskor.arabic import Tokens
from ruskor.timex.direction import direction
from ruskor.timex.expr import After, Date, Expr, Feast, Nth, Part, Range, Season, Shift, Since, Timex, Today, Weekday
from ruskor.timex.grammar import Item, parse
from ruskor.timex.run import make_run
from ruskor.timex.words import TRAP, Words, words

_GAP = re.compile(r"[ /\\\-–—−()\[\]،,'\"«»“”’‘:|ـ\t]{1,6}")
_DOT = re.compile(r" ?\. ?")
_BREAK = re.compile(r"[.!?؟\n]\s|\n")
_CACHE: dict[tuple[object, ...], tuple[Item, ...]] = {}
_CACHE_SIZE = 20_000
_LASTING = TRAP["lasting"]
_DURATION = TRAP["duration"] | TRAP["every"]


def _open(expr: Expr) -> bool:
    """Whether tense may decide the value."""
    if isinstance(expr, Weekday):
        return expr.flag is None and expr.week is None
    if isinstance(expr, Date):
        return expr.year is None and expr.flag is None
    if isinstance(expr, Season | Feast):
        return expr.year is None and expr.flag is None
    if isinstance(expr, Range):
        return _open(expr.last) or _open(expr.first)
    return isinstance(expr, Part | Nth) and _open(expr.of)


def _joined(text: str, a: int, b: int, left: str, right: str) -> bool:
    """Whether two tokens can belong to one run."""
    if (b - a == 1 and text[a] == " ") or a == b:
        return True
    gap = text[a:b]
    if _GAP.fullmatch(gap):
        return True
    return _DOT.fullmatch(gap) is not None and (left.isdecimal() or right.isdecimal())


def find(tokens: Tokens) -> list[Timex]:
    """The date expressions of a tokenized text, in order, not yet anchored."""
    lexicon = words()
    core, table, starters = lexicon.core, lexicon.table, lexicon.starters
    tokens_words, starts, ends, text = tokens.words, tokens.starts, tokens.ends, tokens.folded.text
    hits = [i for i, word in enumerate(tokens_words) if word in core]
    raw = tokens.folded.raw
    size = len(raw)
    out: list[Timex] = []
    done, total, sentence, checked = 0, len(tokens_words), 0, 0
    for hit in hits:
        if hit < done:
            continue
        word = tokens_words[hit]
        if len(word) <= 2 and word.isdecimal():
            # A small number begins a date only with a separator and a number right after it.
            if hit + 1 >= total or text[ends[hit]] not in "/-. –\\" or not tokens_words[hit + 1].isdecimal():
                continue
        left = hit
        while left > done and (tokens_words[left - 1] in starters or tokens_words[left - 1].isdecimal()):
            if not _joined(text, ends[left - 1], starts[left], tokens_words[left - 1], tokens_words[left]):
                break
            left -= 1
        right = hit + 1
        while right < total and (tokens_words[right] in table or tokens_words[right].isdecimal()):
            if not _joined(text, ends[right - 1], starts[right], tokens_words[right - 1], tokens_words[right]):
                break
            right += 1
        done = right
        for item in _items(tokens, lexicon, left, right):
            first, last = left + item.first, left + item.last
            expr = _decide(tokens, lexicon, item, first, last)
            if expr is None:
                continue
            begin = starts[first] + item.skip
            if item.check and not _raw_agrees(tokens, first, last, expr):
                continue
            way = direction(tokens, first, last) if _open(expr) else None
            if item.kind == "after":
                expr, way = _after(tokens, expr, first, last)
            breaks = _BREAK.search(text, checked, begin)
            if breaks:
                sentence += 1 + (_BREAK.search(text, breaks.end(), begin) is not None)
            checked = ends[last]
            span = tokens.folded.raw_span(begin, ends[last])
            if span[1] < size and raw[span[1]] == "ـ":
                span = span[0], span[1] + 1
            out.append(Timex(first, last, span, raw[span[0] : span[1]], expr, way, sentence))
    return out


def _items(tokens: Tokens, lexicon: Words, left: int, right: int) -> tuple[Item, ...]:
    """The parse of a run, remembered: the press repeats its dates."""
    text, starts, ends = tokens.folded.text, tokens.starts, tokens.ends
    chosen = tokens.words[left:right]
    total = len(tokens.words)
    gaps = [""]
    gaps += [text[ends[k - 1] : starts[k]] for k in range(left + 1, right)]
    traps, before, after = lexicon.traps, 0, 0
    closing = ""
    if left > 0:
        around = text[ends[left - 1] : starts[left]]
        gaps[0] = around[-3:] if around.strip() else ""
        if not around.strip(' «"“'):
            before = traps.get(tokens.words[left - 1], 0)
            gaps[0] = ""
        if left > 1 and traps.get(tokens.words[left - 2], 0) & TRAP["outlet"]:
            before |= TRAP["outlet_name"]
    if right < total:
        around = text[ends[right - 1] : starts[right]]
        closing = around[:2]
        if not around.strip():
            after = traps.get(tokens.words[right], 0)
    else:
        closing = text[ends[right - 1] : ends[right - 1] + 2]
    key = (*chosen, *gaps, before, after, closing)
    found = _CACHE.get(key)
    if found is None:
        run = make_run(chosen, gaps, lexicon.table, traps, before=before, after=after, closing=closing)
        found = tuple(parse(run))
        if len(_CACHE) >= _CACHE_SIZE:
            _CACHE.clear()
        _CACHE[key] = found
    return found


def _decide(tokens: Tokens, lexicon: Words, item: Item, first: int, last: int) -> Expr | None:
    """What the words around a duration make of it; None where it hangs on nothing."""
    expr, kind = item.expr, item.kind
    if not kind:
        return expr
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


def _after(tokens: Tokens, expr: Expr, first: int, last: int) -> tuple[Expr, None]:
    """«بعد يومين»: from today where the clause is about the future, else from the date named before."""
    if isinstance(expr, After) and direction(tokens, first, last) == "future":
        return Shift(expr.unit, expr.count), None
    return expr, None


def _raw_agrees(tokens: Tokens, first: int, last: int, expr: Expr) -> bool:
    """Where folding loses a distinction: «أب» (father) is not «آب» (August)."""
    table = words().table
    for k in range(first, last + 1):
        prefix, roles = table.get(tokens.words[k], ("", {}))
        form = roles.get("raw")
        if form is None:
            continue
        raw = tokens.folded.raw_text(tokens.starts[k], tokens.ends[k])
        alone = isinstance(expr, Date) and not expr.day
        if form not in raw and (prefix or alone or raw != tokens.words[k]):
            return False
    return True
