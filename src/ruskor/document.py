"""An article's structure: page furniture set apart by rules, the title, and the sentences of the body."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from ruskor.arabic import Folded, Span, Tokens, fold, tokenize
from ruskor.lexicon import data_files, load_yaml

_BASE64 = re.compile(r"(?:^|\s)([A-Za-z0-9+/]{20,}={0,2})(?=\s|$)")
_ARABIC = re.compile(r"[\u0621-\u064a]")
# A full stop ends a sentence unless digits stand on both sides; brackets with dots «(...)» do not.
_SENTENCE_END = re.compile(r"[!؟?…]+|\.{3,}(?!\))|(?<![\d.])\.(?=[\s\"”»)\]]|$)|(?<=\d)\.(?=\s|$)|(?<=[^\W\d])\.(?=[^\W\d])")
_WEEKDAY_DATE = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the text: folded span without surrounding spaces, and the kind of furniture (null: body)."""

    start: int
    end: int
    kind: str | None


@dataclass(frozen=True, slots=True)
class Sentence:
    """Tokens first … last (included). `headline` for the title and headings, `line` is the index of its line."""

    first: int
    last: int
    line: int
    headline: bool


@dataclass(slots=True)
class Document:
    """A folded and tokenised article with its lines and body sentences."""

    tokens: Tokens
    lines: list[Line]
    sentences: list[Sentence]
    title: Span | None  # folded span

    @property
    def folded(self) -> Folded:
        """The folded text with its offset map."""
        return self.tokens.folded


@cache
def _rules() -> list[tuple[str, int, list[re.Pattern[str]]]]:
    rows: list[dict[str, Any]] = load_yaml(data_files("furniture.yaml")[0])
    return [(row["kind"], row["max_words"], [re.compile(p, re.IGNORECASE) for p in row["patterns"]]) for row in rows]


@cache
def _rule_starts() -> tuple[int, re.Pattern[str]]:
    rules = _rules()
    joined = "|".join(f"(?:{p.pattern})" for _, _, patterns in rules for p in patterns)
    return max(words for _, words, _ in rules), re.compile(joined, re.IGNORECASE)


def _furniture_kind(line: str) -> str | None:
    limit, anything = _rule_starts()
    count = line.count(" ") + 1
    if count > limit or not anything.fullmatch(line):
        return None
    for kind, max_words, patterns in _rules():
        if count <= max_words and any(p.fullmatch(line) for p in patterns):
            return kind
    return None


def _classify(text: str) -> list[Line]:
    """Lines with their furniture kinds; empty lines are left out."""
    lines: list[Line] = []
    seen: dict[str, int] = {}
    after_sources = False
    at = 0
    for raw_line in text.split("\n"):
        line = raw_line.strip()
        start = at + len(raw_line) - len(raw_line.lstrip())
        at += len(raw_line) + 1
        if not line:
            continue
        kind: str | None
        if _BASE64.search(line) and not _is_prose(line):
            kind = "base64"
        elif not _ARABIC.search(line) and not any(c.isdigit() for c in line):
            kind = "foreign"
        else:
            kind = _furniture_kind(line) if len(line) < 400 else None
        words = line.count(" ") + 1
        if kind is None and words >= 3 and line in seen:
            kind = "repeat"
        if kind is None and after_sources and words <= 4:
            kind = "source"
        after_sources = kind == "source" and words <= 4 and not line.endswith(".")
        seen.setdefault(line, len(lines))
        lines.append(Line(start, start + len(line), kind))
    return lines


def _is_prose(line: str) -> bool:
    """A line with a long Latin run that is still an Arabic paragraph."""
    return len(_ARABIC.findall(line)) > 60


def withheld(line: str) -> str:
    """What `show` prints for a line that may hold a visitor's address."""
    return f"[base64 line, {len(line)} characters, withheld]"


def _split(text: str, line: Line) -> list[tuple[int, int]]:
    """Sentence spans of one body line."""
    out: list[tuple[int, int]] = []
    start = line.start
    for found in _SENTENCE_END.finditer(text, line.start, line.end):
        end = found.end()
        while end < line.end and text[end] in "\"”»)] ":
            end += 1
        if end > start:
            out.append((start, end))
        start = end
    if start < line.end:
        out.append((start, line.end))
    return out


def _is_heading(text: str, line: Line) -> bool:
    """A short line without a closing full stop: title or subhead."""
    content = text[line.start : line.end]
    return len(content) < 130 and not content.rstrip("\"”»)").endswith((".", "،", ":", "؛"))


def read_document(raw: str) -> Document:
    """Fold, tokenise and structure a raw text."""
    folded = fold(raw)
    text = folded.text
    tokens = tokenize(folded)
    lines = _classify(text)
    sentences: list[Sentence] = []
    title: Span | None = None
    k, n = 0, len(tokens.words)
    for index, line in enumerate(lines):
        if line.kind is not None:
            continue
        if title is None:
            title = (line.start, line.end)
        heading = _is_heading(text, line)
        for start, end in _split(text, line):
            while k < n and tokens.starts[k] < start:
                k += 1
            first = k
            while k < n and tokens.starts[k] < end:
                k += 1
            if k > first:
                sentences.append(Sentence(first, k - 1, index, heading))
    return Document(tokens, lines, sentences, title)
