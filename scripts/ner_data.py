"""Reading of token TAB tag files, and their projection on ruskor's own tokens."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ruskor.arabic import Tokens, fold, tokenize

KINDS = {"PERS": "PER", "PER": "PER", "LOC": "LOC", "ORG": "ORG"}
Entity = tuple[int, int, str]


@dataclass(frozen=True)
class Sentence:
    """The tokens of the file joined by spaces, their character spans, and the entities as token ranges (last included)."""

    text: str
    spans: list[tuple[int, int]]
    entities: list[Entity]


def read_sentences(path: Path) -> list[Sentence]:
    """The sentences of a file; kinds other than PER, LOC and ORG are left out."""
    sentences = []
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        rows = [line.split("\t") for line in block.splitlines() if "\t" in line]
        if not rows:
            continue
        spans: list[tuple[int, int]] = []
        entities: list[Entity] = []
        at = 0
        open_kind = ""
        for k, (word, tag) in enumerate(rows):
            spans.append((at, at + len(word)))
            at += len(word) + 1
            kind = KINDS.get(tag[2:], "") if tag != "O" else ""
            if kind and tag[0] == "I" and open_kind == kind:
                entities[-1] = (entities[-1][0], k, kind)
            elif kind:
                entities.append((k, k, kind))
            open_kind = kind
        sentences.append(Sentence(" ".join(word for word, _ in rows), spans, entities))
    return sentences


def fifth(sentences: list[Sentence], k: int, *, block: int = 0) -> tuple[list[Sentence], list[Sentence]]:
    """(the other four fifths, fifth number k of 0 … 4): as they stand in the file.

    The file is in the order of its articles, from newswire over sports to encyclopaedias. With `block` every fifth block of so many
    neighbouring sentences is taken, which puts every kind of text on both sides.
    """
    block = block or -(-len(sentences) // 5)
    parts: tuple[list[Sentence], list[Sentence]] = ([], [])
    for i, sentence in enumerate(sentences):
        parts[i // block % 5 == k].append(sentence)
    return parts


def touched(sentence: Sentence, start: int, end: int) -> tuple[int, int] | None:
    """The file's tokens that a character span touches, first and last."""
    inside = [k for k, (a, b) in enumerate(sentence.spans) if a < end and start < b]
    return (inside[0], inside[-1]) if inside else None


def labelled(sentence: Sentence) -> tuple[Tokens, list[str]]:
    """The tokens of the sentence as ruskor sees them, with BIO labels."""
    tokens = tokenize(fold(sentence.text))
    labels = ["O"] * len(tokens.words)
    for first, last, kind in sentence.entities:
        start, end = sentence.spans[first][0], sentence.spans[last][1]
        prefix = "B-"
        for k in range(len(tokens.words)):
            a, b = tokens.raw_span(k, k)
            if a < end and start < b:
                labels[k] = prefix + kind
                prefix = "I-"
    return tokens, labels


def score(gold: list[set[Entity]], found: list[set[Entity]], kind: str) -> tuple[float, float, float]:
    """Precision, recall and F1 of the entities of a kind: the same tokens of the file, no more and no less."""
    right = expected = given = 0
    for want, got in zip(gold, found, strict=True):
        a = {e for e in want if e[2] == kind}
        b = {e for e in got if e[2] == kind}
        right, expected, given = right + len(a & b), expected + len(a), given + len(b)
    precision, recall = right / max(given, 1), right / max(expected, 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)
