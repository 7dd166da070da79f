"""A small linear-chain CRF for names, in plain Python: features of words, shipped weights, Viterbi and span probabilities.

The weights are trained by `scripts/train_ner.py` (a CRF after Lafferty, McCallum and Pereira 2001) and read from
`data/ner/`. Every feature but the transitions belongs to one word at one distance, to one gap, or to a pair of neighbouring
classes, so a word's scores are summed once and remembered. The scores of all labels for all words of a text are lanes of one integer:
to sum the whole text is to add seven integers, which needs no numpy.
"""

from __future__ import annotations

import json
import math
import re
import sys
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from operator import add, mul
from pathlib import Path
from typing import NamedTuple

from ruskor.arabic import Tokens
from ruskor.errors import DataError
from ruskor.lexicon import data_dir
from ruskor.memory import Memory
from ruskor.nerfeatures import (
    EDGE,
    NameWords,
    Shape,
    Weights,
    feature_key,
    gap_class,
    name_words,
    pair_features,
    place_features,
    word_class,
    word_features,
)

MAGIC = b"ruskor-ner-1\n"
REACH = (-2, -1, 0, 1, 2)
_LANE = 4  # bytes of a lane
_BIAS = 1 << 24
# A word is cold if O leads by so much, a run if it leads everywhere by so much; a label is not tried if it is so much worse than
# the best (natural logarithms).
_COLD, _CLEAR, _UNLIKELY = 2.0, 1.0, 8.0
_FAR = -(1 << 40)  # the score of what is not tried
_IS_COLD, _OPEN, _SURE = b"cos"
_RUN = re.compile(rb"s*o[os]*")  # at least one word that is neither cold nor sure
Tagged = tuple[int, int, str, float]


class _Word(NamedTuple):
    """What is remembered of a word: packed scores for the words two to its right … two to its left, its class, its mark."""

    two_right: bytes
    right: bytes
    own: bytes
    left: bytes
    two_left: bytes
    kind: str
    mark: int


@dataclass(slots=True)
class Look:
    """A text as the model sees it: every label's score for every token of its sentences.

    Sentence k lies between the tokens `bounds[k]`; the scores of its first token begin at row `rows[k]` of `scores`. `marks` says of
    each token whether it may be in a name.
    """

    bounds: list[tuple[int, int]]
    rows: list[int]
    scores: list[int]
    marks: bytearray

    def without(self, sure: Iterable[int]) -> bytearray:
        """The marks with some tokens taken for known."""
        marks = self.marks.copy()
        for token in sure:
            marks[token] = _SURE
        return marks


@dataclass(slots=True)
class NameModel:
    """Weights, and the memories of words, positions and pairs already summed.

    A cold word has nothing of a name in itself; names are looked for only in the runs of words between cold ones. Scores are
    whole numbers, `scale` of which make one.
    """

    labels: list[str]
    transitions: list[list[int]]
    scale: float
    rows: dict[int, int]
    weights: memoryview
    words: NameWords
    shape: Shape
    cold: frozenset[int] = frozenset()
    _steps: list[list[float]] = field(default_factory=list)  # weights of the transitions
    _into: list[list[int]] = field(default_factory=list)  # transitions by the label that they lead to
    _steps_into: list[list[float]] = field(default_factory=list)
    _alone: list[int] = field(default_factory=list)  # transitions from O to a label and back
    _at: list[Weights] = field(default_factory=list)  # packed weights of features of words by distance
    _of: Weights = field(init=False)  # packed weights of features of places and pairs
    _base: int = 0  # keeps lanes positive; the same for every label, so it changes no decision
    _words: Memory[str, _Word] = field(init=False)
    _places: Memory[tuple[str, str, str, str, str], bytes] = field(init=False)
    _pairs: Memory[tuple[str, str, str, str, str], bytes] = field(init=False)
    _gaps: Memory[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self._steps += [[math.exp(value * self.scale) for value in row] for row in self.transitions]
        self._into += [list(column) for column in zip(*self.transitions, strict=True)]
        self._steps_into += [list(column) for column in zip(*self._steps, strict=True)]
        self._alone += [there + back[0] for there, back in zip(self.transitions[0], self.transitions, strict=True)]
        self._base = sum(_BIAS << (8 * _LANE * k) for k in range(len(self.labels)))
        packed = Memory(self._pack)
        self._at += [Weights(self.rows, packed.__getitem__, f"{distance}:") for distance in REACH]
        self._of = Weights(self.rows, packed.__getitem__)
        self._words = Memory(self._word)
        self._places = Memory(self._place)
        self._pairs = Memory(self._pair)
        self._gaps = Memory(gap_class)

    def _pack(self, row: int) -> int:
        """A row of weights as lanes of one integer; lanes below zero borrow from the next."""
        packed, width = 0, len(self.labels)
        for value in reversed(self.weights[row * width : (row + 1) * width]):
            packed = (packed << 8 * _LANE) + value
        return packed

    def _bytes(self, packed: int) -> bytes:
        """Packed scores with every lane made positive."""
        return (packed + self._base).to_bytes(_LANE * len(self.labels), "little")

    def _word(self, word: str) -> _Word:
        if word:
            flags, shapes = self.words.of(word), self.shape.buckets(word)
            features, kind = word_features(word, flags, shapes), word_class(word, flags, shapes[0])
        else:
            features, kind = EDGE, "edge"
        wide, near, own = features
        nearer = wide + near
        two_right, right, here, left, two_left = self._at
        scores = self._bytes(sum(map(here.__getitem__, nearer)) + sum(map(here.__getitem__, own)))
        lanes = _numbers(scores)
        cold = feature_key(word) in self.cold or lanes[0] - max(lanes[1:]) > _COLD / self.scale
        return _Word(
            self._bytes(sum(map(two_right.__getitem__, wide))),
            self._bytes(sum(map(right.__getitem__, nearer))),
            scores,
            self._bytes(sum(map(left.__getitem__, nearer))),
            self._bytes(sum(map(two_left.__getitem__, wide))),
            kind,
            _IS_COLD if cold else _OPEN,
        )

    def _place(self, key: tuple[str, str, str, str, str]) -> bytes:
        before, after, *kinds = key
        return self._bytes(sum(map(self._of.__getitem__, place_features(before, after, (kinds[0], kinds[1], kinds[2])))))

    def _pair(self, key: tuple[str, str, str, str, str]) -> bytes:
        return self._bytes(sum(map(self._of.__getitem__, pair_features(key[:4], key[4]))))

    def is_cold(self, word: str) -> bool:
        """Whether the word itself speaks clearly against a name."""
        return self._words[word].mark == _IS_COLD

    def look(self, tokens: Tokens, sentences: Iterable[tuple[int, int]], kinds: list[str]) -> Look:
        """The scores of every label for every token of the sentences (first and last token), summed for all at once.

        `kinds` says what the gazetteers know of each token.
        """
        bounds, rows = list(sentences), []
        # The sentences in a row, two empty words around each.
        words, gaps, here = ["", ""], ["edge", "edge"], ["", ""]
        gap_texts = tokens.gaps
        for first, last in bounds:
            rows.append(len(words) - 2)
            words += tokens.words[first : last + 1]
            words += ("", "")
            gaps.append("edge")
            gaps += map(self._gaps.__getitem__, gap_texts[first + 1 : last + 1])
            gaps += ("edge", "edge")
            here += kinds[first : last + 1]
            here += ("", "")
        count = len(words) - 4
        if count <= 0:
            return Look([], [], [], bytearray(len(tokens.words)))
        seen = list(map(self._words.__getitem__, words))
        *columns, classes, cold = zip(*seen, strict=True)
        total = 0
        for k, column in enumerate(columns):
            total += int.from_bytes(b"".join(column[k : k + count]), "little")
        places = zip(gaps[2:-2], gaps[3:-1], here[1:-3], here[2:-2], here[3:-1], strict=True)
        total += int.from_bytes(b"".join(map(self._places.__getitem__, places)), "little")
        pairs = zip(classes[:-4], classes[1:-3], classes[2:-2], classes[3:-1], gaps[2:-2], strict=True)
        total += int.from_bytes(b"".join(map(self._pairs.__getitem__, pairs)), "little")
        marks = bytearray([_IS_COLD]) * len(tokens.words)
        for (first, last), row in zip(bounds, rows, strict=True):
            marks[first : last + 1] = bytes(cold[row + 2 : row + 3 + last - first])
        return Look(bounds, rows, _numbers(total.to_bytes(_LANE * len(self.labels) * count, "little")), marks)

    def tag(
        self, look: Look, sentence: int, marks: bytearray, *, memory: dict[tuple[int, int], list[Tagged]] | None = None
    ) -> list[Tagged]:
        """Names in one sentence: (first, last, kind PER|LOC|ORG, probability).

        `marks` are those of the look; runs of words of which every one is marked as sure are passed over. `memory` keeps what was
        found in the runs of a text, for another look at it with other marks.
        """
        first, last = look.bounds[sentence]
        found: list[Tagged] = []
        for run in _RUN.finditer(marks, first, last + 1):
            span = run.span()
            names = None if memory is None else memory.get(span)
            if names is None:
                names = self._tag_run(look, span, look.rows[sentence] + span[0] - first)
                if memory is not None:
                    memory[span] = names
            found += names
        return found

    def _tag_run(self, look: Look, run: tuple[int, int], at: int) -> list[Tagged]:
        scores, width, start = look.scores, len(self.labels), run[0]
        rows = [scores[k : k + width] for k in range(at * width, (at + run[1] - start) * width, width)]
        clear, cut = _CLEAR / self.scale, _UNLIKELY / self.scale
        for row in rows:
            if row[0] <= max(row[1:]) + clear:
                break
        else:
            return []
        if len(rows) == 1:
            return self._tag_one(rows[0], max(rows[0]) - cut, start)
        tops = [max(row) for row in rows]
        likely: list[list[int]] = []
        for row, top in zip(rows, tops, strict=True):
            least = top - cut
            likely.append([label for label, value in enumerate(row) if value >= least])
        path = self._viterbi(rows, likely)
        if not any(path):
            return []
        spans = _spans([self.labels[k] for k in path])
        scale, exp = self.scale, math.exp
        weights: list[list[float]] = []
        for row, top, labels in zip(rows, tops, likely, strict=True):
            weight = [0.0] * width
            for label in labels:
                weight[label] = exp((row[label] - top) * scale)
            weights.append(weight)
        chances = self._chances(weights, likely, path, spans)
        return [(start + a, start + b, kind, chance) for (a, b, kind), chance in zip(spans, chances, strict=True)]

    def _tag_one(self, row: list[int], least: float, token: int) -> list[Tagged]:
        """The same for a run of one word, for which there is no choice of ways."""
        alone, scale = self._alone, self.scale
        totals = [value + more if value >= least else _FAR for value, more in zip(row, alone, strict=True)]
        best = max(totals)
        label = totals.index(best)
        if not label:
            return []
        whole = sum([math.exp((total - best) * scale) for total in totals])
        return [(token, token, self.labels[label][2:], 1 / whole)]

    def _viterbi(self, rows: list[list[int]], likely: list[list[int]]) -> list[int]:
        """The best labels of a run; before and after it is O."""
        into, nothing = self._into, [_FAR] * len(self.labels)
        totals = nothing.copy()
        totals[0] = 0
        back: list[list[int]] = []
        for row, labels in zip(rows, likely, strict=True):
            came, new = nothing.copy(), nothing.copy()
            for b in labels:
                values = list(map(add, totals, into[b]))
                best = max(values)
                came[b] = values.index(best)  # the labels stand in order: on a tie the first one stays
                new[b] = best + row[b]
            totals = new
            back.append(came)
        values = list(map(add, totals, into[0]))
        label = values.index(max(values))
        path = [label]
        for came in reversed(back[1:]):
            label = came[label]
            path.append(label)
        return path[::-1]

    def _chances(
        self, weights: list[list[float]], likely: list[list[int]], path: list[int], spans: list[tuple[int, int, str]]
    ) -> list[float]:
        """For each span the share of the label sequences that go through it and do not go on behind it.

        `weights` are those of a row's likely labels, relative to its best. Forward sums are scaled to one in each row, backward
        sums by the same.
        """
        steps, into, width = self._steps, self._steps_into, len(self.labels)
        before = [0.0] * width
        before[0] = 1.0
        forward: list[list[float]] = []
        scales: list[float] = []
        for weight, labels in zip(weights, likely, strict=True):
            forward.append(before)
            new = [0.0] * width
            for b in labels:
                new[b] = weight[b] * sum(map(mul, before, into[b]))
            top = sum(new)
            scales.append(top)
            before = [total / top for total in new]
        behind = [0.0] * width  # what follows row `at` - 1: for each label its weight and backward sum
        behind[0] = 1.0 / sum(map(mul, before, into[0]))
        chances: list[float] = []
        at = len(weights)
        for a, b, _ in reversed(spans):
            while at > b + 1:
                at -= 1
                top, weight, new = scales[at], weights[at], [0.0] * width
                for label in likely[at]:
                    new[label] = weight[label] / top * sum(map(mul, behind, steps[label]))
                behind = new
            chance, last = sum(map(mul, forward[a], into[path[a]])), path[b]
            for k in range(a, b + 1):
                chance *= weights[k][path[k]] / scales[k]
                if k > a:
                    chance *= steps[path[k - 1]][path[k]]
            ends = behind.copy()
            ends[last + last % 2] = 0.0  # I- of the same kind
            chances.append(min(1.0, chance * sum(map(mul, ends, steps[last]))))
        return chances[::-1]


def _numbers(packed: bytes) -> list[int]:
    """The lanes of packed scores."""
    lanes = array("I", packed)
    if sys.byteorder == "big":
        lanes.byteswap()
    return lanes.tolist()


def _spans(labels: list[str]) -> list[tuple[int, int, str]]:
    """(first, last, kind) of the names in BIO labels."""
    out: list[tuple[int, int, str]] = []
    for k, label in enumerate(labels):
        if label == "O":
            continue
        if label[0] == "I" and out and out[-1][1] == k - 1 and out[-1][2] == label[2:]:
            out[-1] = (out[-1][0], k, label[2:])
        else:
            out.append((k, k, label[2:]))
    return out


def read_model(path: Path, words: NameWords) -> NameModel:
    """The model of a file.

    Raises DataError where it is missing or no model of this version.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}", hint="train it: `python scripts/train_ner.py`") from error
    if not content.startswith(MAGIC):
        raise DataError(f"{path}:1: no name model of this version", hint="train it: `python scripts/train_ner.py`")
    end = content.index(b"\n", len(MAGIC))
    header = json.loads(content[len(MAGIC) : end])
    view = memoryview(content)[end + 1 :]
    rows, weights, view = _read_table(view, header["features"], len(header["labels"]))
    grams, gram_weights, view = _read_table(view, header["grams"], 1)
    cold, _, _ = _read_table(view, header.get("cold", 0), 0)
    shape = Shape(Weights(grams, gram_weights.__getitem__), header["gram_scale"], header["gram_bias"])
    scale = header["scale"]
    transitions = [[round(value / scale) for value in row] for row in header["transitions"]]
    return NameModel(header["labels"], transitions, scale, rows, weights, words, shape, frozenset(cold))


def _read_table(view: memoryview, count: int, width: int) -> tuple[dict[int, int], memoryview, memoryview]:
    """(key → row, weights, what follows) of a table of `count` rows."""
    keys = array("I")
    keys.frombytes(view[: 4 * count])
    if sys.byteorder == "big":
        keys.byteswap()
    end = (4 + width) * count
    return dict(zip(keys, range(count), strict=True)), view[4 * count : end].cast("b"), view[end:]


def _table(weights: dict[str, list[float]]) -> tuple[bytes, int, float]:
    """(keys and weights as one byte each, rows, scale); rows that round to nothing are left out."""
    scale = max(abs(value) for row in weights.values() for value in row) / 127
    rows: dict[int, list[int]] = {}
    for feature, row in sorted(weights.items()):
        small = [round(value / scale) for value in row]
        if any(small):
            rows.setdefault(feature_key(feature), small)
    keys = array("I", sorted(rows))
    body = b"".join(array("b", rows[key]).tobytes() for key in keys)
    if sys.byteorder == "big":
        keys.byteswap()
    return keys.tobytes() + body, len(rows), scale


def write_model(
    path: Path,
    *,
    labels: list[str],
    transitions: list[list[float]],
    weights: dict[str, list[float]],
    grams: dict[str, float],
    bias: float,
    cold: Iterable[str] = (),
) -> int:
    """Store a trained model, with the words known to be cold; gives the number of features that are left."""
    body, count, scale = _table(weights)
    keys = array("I", sorted({feature_key(word) for word in cold}))
    if sys.byteorder == "big":
        keys.byteswap()
    tail, gram_count, gram_scale = _table({gram: [value] for gram, value in grams.items()})
    header = {
        "labels": labels, "transitions": [[round(v, 4) for v in row] for row in transitions],
        "scale": scale, "features": count, "grams": gram_count, "gram_scale": gram_scale, "gram_bias": bias, "cold": len(keys),
    }  # fmt: skip
    path.write_bytes(MAGIC + json.dumps(header).encode() + b"\n" + body + tail + keys.tobytes())
    return count


@cache
def load_model() -> NameModel:
    """The shipped model, read at its first use."""
    return read_model(data_dir() / "ner" / "names.bin", name_words())
