"""What no output shows: lines of a page that may hold a visitor's address, in base64."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ruskor.annotation import Annotation

KIND = "base64"
# A run that looks like base64, also inside a line that is otherwise prose.
_RUN = re.compile(r"(?<!\S)[A-Za-z0-9+/]{20,}={0,2}(?!\S)")


def withheld_spans(annotation: Annotation) -> list[tuple[int, int]]:
    """Raw spans to withhold, in order and without overlaps."""
    spans = [span for span, kind in annotation.furniture if kind == KIND]
    spans += [found.span() for found in _RUN.finditer(annotation.article.text)]
    out: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if out and start < out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out


def mask(text: str, spans: Iterable[tuple[int, int]], *, filler: str = "*") -> str:
    """The text with the spans filled, so that every other span stays where it was."""
    for start, end in spans:
        text = text[:start] + filler * (end - start) + text[end:]
    return text
