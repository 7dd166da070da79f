"""An article's structure: page furniture set apart by rules, the title, and the sentences of the body."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from ruskor.arabic import Folded, Span, Tokens, fold, tokenize
from ruskor.lexicon import compiled, data_files, load_yaml
from ruskor.patterns import needed_words

_BASE64 = re.compile(r"(?:^|\s)([A-Za-z0-9+/]{20,}={0,2})(?=\s|$)")
_ARABIC = re.compile(r"[\u0621-\u064a]")
# Words after which a sentence is cut: nobody writes so long a one, and its analysis takes the square of its length.
_LONGEST = 600
# A full stop ends a sentence unless digits stand on both sides; brackets with dots «(...)» do not.
_SENTENCE_END = re.compile(r"[!؟?…]+|\.{3,}(?!\))|(?<![\d.])\.(?=[\s\"”»)\]]|$)|(?<=\d)\.(?=\s|$)|(?<=[^\W\d])\.(?=[^\W\d])")
_SENTENCE_MARK = re.compile(r"[!؟?….]")
_LATIN_RUN = re.compile(r"[A-Za-z0-9+/]{20}")


@dataclass(slots=True)
class Line:
    """One line of the text: folded span without surrounding spaces, and the kind of furniture (null: body)."""

    start: int
    end: int
    kind: str | None


@dataclass(slots=True)
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
    memory: dict[str, Any] = field(default_factory=dict)  # what one stage found and another asks for again

    @property
    def folded(self) -> Folded:
        """The folded text with its offset map."""
        return self.tokens.folded


def _read(paths: list[Path]) -> Any:
    return load_yaml(paths[0])


@cache
def _rules() -> list[tuple[str, int, list[re.Pattern[str]]]]:
    rows: list[dict[str, Any]] = compiled("furniture", _read, data_files("furniture.yaml"))
    return [(row["kind"], row["max_words"], [re.compile(p, re.IGNORECASE) for p in row["patterns"]]) for row in rows]


@dataclass(frozen=True, slots=True)
class _Tests:
    """What a line is held against before the rules: most lines are told from furniture by how they begin.

    Patterns that may begin anywhere are tried only in a text that holds one of their `needs`.
    """

    max_words: int
    anchored: re.Pattern[str]
    floating: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...]


@cache
def _tests() -> _Tests:
    every = [p for _, _, patterns in _rules() for p in patterns]
    needs = {p.pattern: needed_words(p.pattern) if p.pattern.startswith(".*") else () for p in every}
    anchored = "|".join(f"(?:{p.pattern})" for p in every if not needs[p.pattern])
    floating = tuple((needs[p.pattern], p) for p in every if needs[p.pattern])
    return _Tests(max(words for _, words, _ in _rules()), re.compile(anchored, re.IGNORECASE), floating)


def _furniture_kind(line: str, floating: list[re.Pattern[str]]) -> str | None:
    """The kind of a line that a rule matches; `floating` are the patterns that the text as a whole allows."""
    tests = _tests()
    count = line.count(" ") + 1
    if count > tests.max_words or not (tests.anchored.fullmatch(line) or any(p.fullmatch(line) for p in floating)):
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
    lower = text.lower()
    floating = [pattern for needs, pattern in _tests().floating if any(word in lower for word in needs)]
    encoded = _LATIN_RUN.search(text) is not None
    for raw_line in text.split("\n"):
        line = raw_line.strip()
        start = at + len(raw_line) - len(raw_line.lstrip())
        at += len(raw_line) + 1
        if not line:
            continue
        kind: str | None
        if encoded and _BASE64.search(line) and not _is_prose(line):
            kind = "base64"
        elif not _ARABIC.search(line) and not any(c.isdigit() for c in line):
            kind = "foreign"
        else:
            kind = _furniture_kind(line, floating) if len(line) < 400 else None
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
    """What `show` prints for a line that may hold a visitor's address; the count is that of the base64 run."""
    found = _BASE64.search(line)
    return f"[base64 line, {len(found.group(1)) if found else len(line)} characters, withheld]"


def _split(text: str, line: Line) -> list[tuple[int, int]]:
    """Sentence spans of one body line."""
    out: list[tuple[int, int]] = []
    start = line.start
    done = line.start
    for mark in _SENTENCE_MARK.finditer(text, line.start, line.end):
        if mark.start() < done or (found := _SENTENCE_END.match(text, mark.start(), line.end)) is None:
            continue
        done = end = found.end()
        while end < line.end and text[end] in '"”»)] ':
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
    return len(content) < 130 and not content.rstrip('"”»)').endswith((".", "،", ":", "؛"))


def read_document(raw: str) -> Document:
    """Fold, tokenise and structure a raw text."""
    folded = fold(raw)
    text = folded.text
    tokens = tokenize(folded)
    lines = _classify(text)
    sentences: list[Sentence] = []
    title: Span | None = None
    starts = tokens.starts
    for index, line in enumerate(lines):
        if line.kind is not None:
            continue
        if title is None:
            title = (line.start, line.end)
        heading = _is_heading(text, line)
        for start, end in _split(text, line):
            first, k = bisect_left(starts, start), bisect_left(starts, end)
            sentences += [Sentence(at, min(at + _LONGEST, k) - 1, index, heading) for at in range(first, k, _LONGEST)]
    return Document(tokens, lines, sentences, title)
