"""Which way a bare weekday, day or month points: tense and words of its clause (`data/timex/direction.yaml`)."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from ruskor.arabic import Tokens, fold_key
from ruskor.lexicon import compiled, data_files, load_yaml
from ruskor.timex.expr import Direction

REACH = 30  # words that are looked at on either side
_SENTENCE = re.compile(r"[.!?؟\n؛]")
_CLAUSE = re.compile(r"[.!?؟\n؛،,:]")
_FUTURE = re.compile(r"^[وف]?س[يت]\w{2,}$")


def perfect_forms(verb: str) -> list[str]:
    """«التقى» → التقى، التقت، التقيا، التقوا: third person, masculine and feminine, singular to plural."""
    if verb[-1] in "يا":
        return [verb, verb[:-1] + "ت", verb[:-1] + "يا", verb[:-1] + "وا", verb[:-1] + "تا"]
    return [verb, verb + "ت", verb + "ا", verb + "وا", verb + "تا"]


def imperfect_forms(verb: str) -> list[str]:
    """«يزور» → يزور، تزور، يزوران، يزورون; of the first person only the future, سأزور، سنزور."""
    stem = verb[1:]
    base = stem[:-1] if stem[-1] in "يو" and len(stem) > 3 else stem
    return ["سا" + stem, "سن" + stem, *(p + s for p in "يت" for s in (stem, stem + "ان", base + "ون", base + "وا"))]


def _build(paths: list[Path]) -> dict[str, Any]:  # noqa: C901, PLR0912 - one branch a case
    data = load_yaml(paths[0])
    table: dict[str, str] = {}
    for name, mark in (("imperfects", "future"), ("past_verbs", "past")):
        for verb in data[name]:
            for form in imperfect_forms(fold_key(verb)) if name == "imperfects" else perfect_forms(fold_key(verb)):
                for prefix in ("", "و", "ف"):
                    table[prefix + form] = mark
    for name, mark in (("future_words", "future"), ("past_words", "past")):
        for word in data[name]:
            for prefix in ("", "و", "ف"):
                table[prefix + fold_key(word)] = mark
    for mark, near in data["right_before"].items():
        for word in near:
            for prefix in ("", "و"):
                table["<" + prefix + fold_key(word)] = mark
    for word in data["turns_past"]:
        for prefix in ("", "و", "ف"):
            table["!" + prefix + fold_key(word)] = "past"
    for word in data["complementizers"]:
        table[fold_key(word)] = "clause"
    for word in data["not_future"]:
        for prefix in ("", "و", "ف"):
            table.setdefault(prefix + fold_key(word), "")
    return table


@cache
def _cues() -> dict[str, str]:
    paths = data_files("timex/direction.yaml")
    table: dict[str, str] = compiled("timex-direction", _build, paths, salt="6")
    return table


def _cue(word: str, table: dict[str, str]) -> str:
    found = table.get(word)
    if found is None:
        found = "future" if _FUTURE.match(word) else ""
        if len(table) < 200_000:
            table[word] = found
    return found


def direction(tokens: Tokens, first: int, last: int) -> Direction | None:
    """past, future or None for the expression at the tokens first … last.

    The nearest cue before it in the sentence decides; where a subordinate clause begins in between («أن», «الذي») and holds no cue
    yet, what follows in the clause decides first.
    """
    table, words, gaps = _cues(), tokens.words, tokens.gaps
    pending = False
    if first and (near := table.get("<" + words[first - 1])):
        return near  # type: ignore[return-value]
    for k in range(first - 1, max(-1, first - 1 - REACH), -1):
        if gaps[k + 1] != " " and _SENTENCE.search(gaps[k + 1]):
            break
        cue = _cue(words[k], table)
        if cue == "clause":
            if not pending:
                pending = True
                if found := _forward(tokens, last, table, _CLAUSE):
                    return found
        elif cue == "future" and _turned(words, k, table):
            return "past"
        elif cue:
            return cue  # type: ignore[return-value]
    return _forward(tokens, last, table, _SENTENCE)


def _turned(words: list[str], k: int, table: dict[str, str]) -> bool:
    """«لم يصل», «كان من المقرر أن يزور»: whether a future cue at k is one seen from the past."""
    for m in range(k - 1, max(-1, k - 6), -1):
        if "!" + words[m] in table:
            return True
        if _cue(words[m], table) == "past":
            return False
    return False


def _forward(tokens: Tokens, last: int, table: dict[str, str], stop: re.Pattern[str]) -> Direction | None:
    words, gaps = tokens.words, tokens.gaps
    for k in range(last + 1, min(len(words), last + 1 + REACH // 2)):
        if gaps[k] != " " and ((k > last + 1 and stop.search(gaps[k])) or _SENTENCE.search(gaps[k])):
            return None
        cue = _cue(words[k], table)
        if cue == "clause":
            return None
        if cue:
            return cue  # type: ignore[return-value]
    return None
