"""Which parts of an article's text the page carries: each passage of evidence with a little around it, nothing twice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ruskor.annotation import Annotation
from ruskor.model import Evidence, Span
from ruskor.withhold import mask, withheld_spans

# Marks that reorder the text around them, unlike U+200E, U+200F and U+061C, which only stand there.
_OVERRIDES = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)], "\u200b")
_CONTROLS = dict.fromkeys([*(k for k in range(32) if k not in (9, 10, 13)), *range(127, 160)], "\ufffd")
_TABLE = _OVERRIDES | _CONTROLS
# As in `withhold`: what looks like base64 may hold a visitor's address.
_ENCODED = re.compile(r"(?<!\S)[A-Za-z0-9+/]{20,}={0,2}(?!\S)")
_LONGEST = 1500

Place = tuple[int, int, int]  # window, start and end in it


def clean(text: str) -> str:
    """The text at the same length without what could reorder or command: overrides become U+200B, controls U+FFFD."""
    return text.translate(_TABLE).encode("utf-8", "replace").decode("utf-8")


def label(text: str | None) -> str:
    """A name or title for one line: cleaned, spaces run together."""
    return " ".join(clean(text or "").replace("\u200b", "").split())


def prose(text: str | None) -> str:
    """A title or reason that may quote the page: a label without encoded strings."""
    return label(_ENCODED.sub("…", text or ""))


@dataclass(slots=True)
class Windows:
    """The windows of one article and where each passage of evidence lies in them."""

    texts: list[str] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)  # of the raw text; (0, 0) for a passage without its article
    cut: list[tuple[bool, bool]] = field(default_factory=list)  # whether the article goes on before and after
    places: dict[tuple[str, Span], Place] = field(default_factory=dict)


def make_windows(annotation: Annotation | None, passages: Sequence[Evidence], *, context: int) -> Windows:
    """The windows for these passages of an article.

    A passage that is not where its span says (or whose article is not at hand) stands alone.
    """
    out = Windows()
    text = annotation.article.text if annotation else ""
    blocked = blocked_spans(annotation) if annotation else []
    shown_text = mask(text, withheld_spans(annotation), filler="\u200b") if annotation else ""
    found: list[tuple[Span, Span, Evidence]] = []
    for passage in {(p.text, p.span): p for p in passages}.values():
        start, end = passage.span
        if passage.text and text[start:end] == passage.text:
            inner = (start, min(end, start + _LONGEST))
            found.append((_around(text, inner, blocked, context), inner, passage))
        else:
            shown = _hide(clean(passage.text[:_LONGEST]))
            out.places[passage.text, passage.span] = (len(out.texts), 0, len(shown))
            out.texts.append(shown)
            out.spans.append((0, 0))
            out.cut.append((False, False))
    merged: list[list[int]] = []
    for (low, high), _, _ in sorted(found, key=lambda one: one[0]):
        if merged and low <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], high)
        else:
            merged.append([low, high])
    base = len(out.texts)
    for low, high in merged:
        out.texts.append(clean(shown_text[low:high]))
        out.spans.append((low, high))
        out.cut.append((bool(text[:low].strip()), bool(text[high:].strip())))
    for (low, _), inner, passage in found:
        number = next(k for k, (a, b) in enumerate(merged) if a <= low < b or a == low)
        at = merged[number][0]
        out.places[passage.text, passage.span] = (base + number, inner[0] - at, inner[1] - at)
    return out


def blocked_spans(annotation: Annotation) -> list[Span]:
    """Furniture: no window reaches into it."""
    return sorted(span for span, _ in annotation.furniture)


def _hide(text: str) -> str:
    """The text with encoded strings filled at the same length."""
    return _ENCODED.sub(lambda match: "…" + "\u200b" * (len(match[0]) - 1), text)


def _around(text: str, inner: Span, blocked: Sequence[Span], context: int) -> Span:
    """The span with `context` characters on both sides, cut at words and before furniture."""
    low, high = max(0, inner[0] - context), min(len(text), inner[1] + context)
    low = _next_space(text, low, inner[0]) if low else 0
    high = _last_space(text, inner[1], high) if high < len(text) else high
    for start, end in blocked:
        if end <= inner[0]:
            low = max(low, end)
        elif start >= inner[1]:
            high = min(high, start)
    while low < inner[0] and text[low].isspace():
        low += 1
    while high > inner[1] and text[high - 1].isspace():
        high -= 1
    return low, high


def _next_space(text: str, start: int, stop: int) -> int:
    return next((k for k in range(start, stop) if text[k].isspace()), stop)


def _last_space(text: str, start: int, stop: int) -> int:
    return next((k for k in range(stop, start, -1) if text[k - 1].isspace()), start)
