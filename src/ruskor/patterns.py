"""What a text must hold for a regular expression to match: words that are looked for first, because that is much faster."""

from __future__ import annotations

import re._constants as codes  # type: ignore[import-not-found]  # the parser of `re` itself; typeshed does not know it
import re._parser as parser  # type: ignore[import-not-found]
from typing import Any


def needed_words(pattern: str) -> tuple[str, ...]:
    """Strings, in lower case, of which every match of the pattern (taken without regard to case) holds at least one.

    Nothing is needed of a pattern that can match by sets and wild cards alone: then the answer is ("",), which every text holds.
    """
    return _needed(parser.parse(pattern)) or ("",)


def _needed(sequence: Any) -> tuple[str, ...]:
    """The best of the needs of a sequence: the one whose shortest word is longest."""
    found: list[tuple[str, ...]] = []
    run = ""
    for code, value in sequence:
        if code is codes.LITERAL:
            run += chr(value)
            continue
        if run:
            found.append((run.lower(),))
        run = ""
        if code is codes.SUBPATTERN:
            found.append(_needed(value[-1]))
        elif code is codes.BRANCH:
            inner = [_needed(branch) for branch in value[1]]
            found.append(tuple(dict.fromkeys(word for words in inner for word in words)) if all(inner) else ())
        elif code in {codes.MAX_REPEAT, codes.MIN_REPEAT} and value[0] > 0:
            found.append(_needed(value[2]))
    if run:
        found.append((run.lower(),))
    return max((words for words in found if words), key=lambda words: (min(map(len, words)), -len(words)), default=())
