"""A small linear-chain CRF for names, in plain Python: features of words, shipped weights, Viterbi and span probabilities.

The weights are trained by `scripts/train_ner.py` (a CRF after Lafferty, McCallum and Pereira 2001) and read from
`data/ner/`. Every feature but the transitions belongs to one word at some distances, to one gap, or to a pair of neighbouring
classes, so a word's scores are summed once and remembered. The scores of all labels for all words of a text are lanes of one integer:
to sum the whole text is to add seven integers, which needs no numpy.
"""

from __future__ import annotations

import json
import math
import re
import sys
from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate, chain
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
    gap_class,
    name_words,
    pair_features,
    place_features,
    word_class,
    word_features,
)

MAGIC = b"ruskor-ner-2\n"
REACH = (-2, -1, 0, 1, 2)
_HERE = REACH.index(0)
_NUMBER = "0"
_LANE = 4  # bytes of a lane
_BIAS = 1 << 24
# A word is cold if O leads by so much, a run if it leads everywhere by so much; a label is not tried if it is so much worse than
# the best (natural logarithms).
_COLD, _CLEAR, _UNLIKELY = 2.0, 1.0, 8.0
_FAR = -(1 << 40)  # the score of what is not tried
_IS_COLD, _OPEN, _SURE = b"cos"
_RUN = re.compile(rb"s*o[os]*")  # at least one word that is neither cold nor sure
Labels = tuple[int, ...]


class _Chances:
    """The probabilities of the names of a run, worked out when they are first asked for."""

    __slots__ = ("found", "make")

    def __init__(self, make: Callable[[], list[float]]) -> None:
        self.make = make
        self.found: list[float] | None = None

    def of(self, number: int) -> float:
        """The probability of one of the names."""
        if self.found is None:
            self.found = self.make()
        return self.found[number]


class Tagged(NamedTuple):
    """A name that the model sees: tokens first … last, kind PER, LOC or ORG, and which one of its run it is."""

    first: int
    last: int
    kind: str
    chances: _Chances
    number: int

    def score(self) -> float:
        """Its probability. For most names nobody asks, because they are known."""
        return self.chances.of(self.number)


class _Word(NamedTuple):
    """What is remembered of a word: packed scores for the words from two to its left to two to its right, its class, its mark."""

    scores: bytes
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
    features: dict[str, int]
    rows: list[tuple[tuple[int, ...], int]]  # of each feature the rows that it adds to, and where their weights begin
    weights: memoryview
    words: NameWords
    shape: Shape
    cold: frozenset[str] = frozenset()
    _steps: list[list[float]] = field(default_factory=list)  # weights of the transitions
    _into: list[list[int]] = field(default_factory=list)  # transitions by the label that they lead to
    _steps_into: list[list[float]] = field(default_factory=list)
    _alone: list[int] = field(default_factory=list)  # transitions from O to a label and back
    _packed: Memory[int, int] = field(init=False)  # rows of weights as lanes of one integer
    _base: int = 0  # keeps lanes positive; the same for every label, so it changes no decision
    _bases: int = 0  # the same for all the words to which a word gives scores
    _words: Memory[str, _Word] = field(init=False)
    _places: Memory[tuple[str, str, str, str, str], bytes] = field(init=False)
    _pairs: Memory[tuple[str, str, str, str, str], bytes] = field(init=False)
    _gaps: Memory[str, str] = field(init=False)
    _follow: Memory[Labels, Labels] = field(init=False)

    def __post_init__(self) -> None:
        self._steps += [[math.exp(value * self.scale) for value in row] for row in self.transitions]
        self._into += [list(column) for column in zip(*self.transitions, strict=True)]
        self._steps_into += [list(column) for column in zip(*self._steps, strict=True)]
        self._alone += [there + back[0] for there, back in zip(self.transitions[0], self.transitions, strict=True)]
        self._base = sum(_BIAS << (8 * _LANE * k) for k in range(len(self.labels)))
        self._bases = sum(self._base << (8 * _LANE * len(self.labels) * k) for k in range(len(REACH)))
        self._packed = Memory(self._pack)
        self._words = Memory(self._word)
        self._places = Memory(self._place)
        self._pairs = Memory(self._pair)
        self._gaps = Memory(gap_class)
        self._follow = Memory(_follow)

    def _pack(self, feature: int) -> int:
        """The weights of a feature as lanes of one integer; lanes below zero borrow from the next."""
        targets, at = self.rows[feature]
        packed, width = 0, len(self.labels)
        for target in targets:
            row = 0
            for value in reversed(self.weights[at : at + width]):
                row = (row << 8 * _LANE) + value
            packed += row << 8 * _LANE * width * target
            at += width
        return packed

    def _sum(self, features: Iterable[str], base: int, rows: int) -> bytes:
        """The packed weights of features together over so many rows, lanes made positive; most runs of letters have no weights."""
        known = [feature for feature in map(self.features.get, features) if feature is not None]
        return sum(map(self._packed.__getitem__, known), base).to_bytes(_LANE * len(self.labels) * rows, "little")

    def _word(self, word: str) -> _Word:
        if word.isdigit() and word != _NUMBER:
            return self._words[_NUMBER]  # there is no end of numbers, and the model knows one from another by nothing
        if word:
            flags, shapes = self.words.of(word), self.shape.buckets(word)
            features, kind = word_features(word, flags, shapes), word_class(word, flags, shapes[0])
        else:
            features, kind = EDGE, "edge"
        scores = self._sum(chain.from_iterable(features), self._bases, len(REACH))
        row_bytes = _LANE * len(self.labels)
        lanes = _numbers(scores[_HERE * row_bytes : (_HERE + 1) * row_bytes])
        cold = word in self.cold or lanes[0] - max(lanes[1:]) > _COLD / self.scale
        return _Word(scores, kind, _IS_COLD if cold else _OPEN)

    def _place(self, key: tuple[str, str, str, str, str]) -> bytes:
        before, after, *kinds = key
        return self._sum(place_features(before, after, (kinds[0], kinds[1], kinds[2])), self._base, 1)

    def _pair(self, key: tuple[str, str, str, str, str]) -> bytes:
        return self._sum(pair_features(key[:4], key[4]), self._base, 1)

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
        scores, classes, cold = zip(*seen, strict=True)
        total, step, row_bytes = 0, len(REACH), _LANE * len(self.labels)
        for k in range(step):  # every fifth word's scores lie beside one another
            total += int.from_bytes(b"".join(scores[k::step]), "little") << (8 * row_bytes * k)
        # The first word's scores begin four rows before the first row that is wanted, the last word's end four behind.
        total = (total >> (8 * row_bytes * (step - 1))) & ((1 << (8 * row_bytes * count)) - 1)
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
        """Names in one sentence.

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
        clear = _CLEAR / self.scale
        for row in rows:
            if row[0] <= max(row[1:]) + clear:
                break
        else:
            return []
        if len(rows) == 1:
            return self._tag_one(rows[0], start)
        tops = list(map(max, rows))
        likely = self._likely(rows, tops)
        path = self._viterbi(rows, likely)
        if not any(path):
            return []
        spans = _spans([self.labels[k] for k in path])
        chances = _Chances(lambda: self._chances(rows, tops, likely, path, spans))
        return [Tagged(start + a, start + b, kind, chances, number) for number, (a, b, kind) in enumerate(spans)]

    def _tag_one(self, row: list[int], token: int) -> list[Tagged]:
        """The same for a run of one word, for which there is no choice of ways."""
        least, scale = max(row) - _UNLIKELY / self.scale, self.scale
        totals = [value + more if value >= least else _FAR for value, more in zip(row, self._alone, strict=True)]
        best = max(totals)
        label = totals.index(best)
        if not label:
            return []
        chances = _Chances(lambda: [1 / sum([math.exp((total - best) * scale) for total in totals])])
        return [Tagged(token, token, self.labels[label][2:], chances, 0)]

    def _likely(self, rows: list[list[int]], tops: list[int]) -> list[Labels]:
        """The labels to be tried in each row of a run: none that is much worse than the best, and no I- without its beginning."""
        cut = _UNLIKELY / self.scale
        labels: Labels = (0,)
        likely: list[Labels] = []
        for row, top in zip(rows, tops, strict=True):
            least = top - cut
            labels = tuple([b for b in self._follow[labels] if row[b] >= least])
            if not labels:  # a beginning is so unlikely that all must be weighed
                return [tuple([b for b, value in enumerate(row) if value >= top - cut]) for row, top in zip(rows, tops, strict=True)]
            likely.append(labels)
        return likely

    def _viterbi(self, rows: list[list[int]], likely: list[Labels]) -> list[int]:
        """The best labels of a run; before and after it is O. On a tie the first label stays."""
        into, before = self._into, likely[0]
        totals = [into[b][0] + rows[0][b] for b in before]
        back: list[dict[int, int]] = []
        for row, labels in zip(rows[1:], likely[1:], strict=True):
            came: dict[int, int] = {}
            new: list[int] = []
            for b in labels:
                steps, best = into[b], _FAR
                for a, total in zip(before, totals, strict=True):
                    value = total + steps[a]
                    if value > best:
                        best, came[b] = value, a
                new.append(best + row[b])
            before, totals = labels, new
            back.append(came)
        ends = [total + into[0][a] for a, total in zip(before, totals, strict=True)]
        path = [before[ends.index(max(ends))]]
        for came in reversed(back):
            path.append(came[path[-1]])
        return path[::-1]

    def _chances(
        self, rows: list[list[int]], tops: list[int], likely: list[Labels], path: list[int], spans: list[tuple[int, int, str]]
    ) -> list[float]:
        """For each span the share of the label sequences that go through it and do not go on behind it.

        A label weighs as much as it is likely beside the best of its row. Forward sums are scaled to one in each row, backward
        sums by the same.
        """
        steps, into, scale, exp = self._steps, self._steps_into, self.scale, math.exp
        sums = {0: 1.0}
        forward: list[dict[int, float]] = []
        weights: list[dict[int, float]] = []
        scales: list[float] = []
        for row, top, labels in zip(rows, tops, likely, strict=True):
            forward.append(sums)
            weight = {b: exp((row[b] - top) * scale) for b in labels}
            new = {b: w * _weighed(sums, into[b]) for b, w in weight.items()}
            whole = sum(new.values())
            sums = {b: total / whole for b, total in new.items()}
            weights.append(weight)
            scales.append(whole)
        sums = {0: 1.0 / _weighed(sums, into[0])}  # what follows row `at` - 1: for each label its weight and backward sum
        chances: list[float] = []
        at = len(rows)
        for a, b, _ in reversed(spans):
            while at > b + 1:
                at -= 1
                sums = {label: w / scales[at] * _weighed(sums, steps[label]) for label, w in weights[at].items()}
            chance, last = _weighed(forward[a], into[path[a]]), path[b]
            for k in range(a, b + 1):
                chance *= weights[k][path[k]] / scales[k]
                if k > a:
                    chance *= steps[path[k - 1]][path[k]]
            ends = {label: total for label, total in sums.items() if label != last + last % 2}  # I- of the same kind
            chances.append(min(1.0, chance * _weighed(ends, steps[last])))
        return chances[::-1]


def _weighed(sums: dict[int, float], steps: list[float]) -> float:
    """The sums of labels, each times what the step from or to it weighs."""
    total = 0.0
    for label, part in sums.items():
        total += part * steps[label]
    return total


def _follow(labels: Labels) -> Labels:
    """The labels that may stand behind these: I- only behind B- or I- of its kind. A kind's B- is odd and its I- comes next."""
    return tuple([b for b in range(7) if not b or b % 2 or b in labels or b - 1 in labels])


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
    at = content.index(b"\n", len(MAGIC)) + 1
    header = json.loads(content[len(MAGIC) : at])
    view = memoryview(content)[at:]
    names, view = str(view[: header["text"]], "utf-8").split("\n"), view[header["text"] :]
    features, grams, cold = header["features"], header["grams"], names[header["features"] + header["grams"] :]
    masks, gram_weights, weights = view[:features], view[features : features + grams].cast("b"), view[features + grams :].cast("b")
    targets = [tuple([k for k in range(len(REACH)) if mask >> k & 1]) for mask in range(1 << len(REACH))]
    sizes = [len(found) * len(header["labels"]) for found in targets]
    rows = list(zip(map(targets.__getitem__, masks), accumulate(map(sizes.__getitem__, masks), initial=0), strict=False))
    shape = Shape(dict(zip(names[features:], gram_weights, strict=False)), header["gram_scale"], header["gram_bias"])
    scale = header["scale"]
    transitions = [[round(value / scale) for value in row] for row in header["transitions"]]
    numbers = dict(zip(names[:features], range(features), strict=True))
    return NameModel(header["labels"], transitions, scale, numbers, rows, weights, words, shape, frozenset(cold))


def _quantised(weights: dict[str, list[float]]) -> tuple[dict[str, list[int]], float]:
    """(weights as one byte each, scale); rows that round to nothing are left out."""
    scale = max(abs(value) for row in weights.values() for value in row) / 127
    rows = {name: [round(value / scale) for value in row] for name, row in weights.items()}
    return {name: row for name, row in rows.items() if any(row)}, scale


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
    """Store a trained model, with the words known to be cold; gives the number of features that are left.

    A word's feature is named with the distance from its word before it (`-1:x2=ون`); it is stored once, with the rows that it has.
    """
    rows, scale = _quantised(weights)
    letters, gram_scale = _quantised({gram: [value] for gram, value in grams.items()})
    features: dict[str, dict[int, list[int]]] = {}
    for name, row in sorted(rows.items()):
        distance, _, feature = name.partition(":")
        of_word = distance in map(str, REACH)
        # What a word says of the word two to its right is what that word sees at distance -2.
        features.setdefault(feature if of_word else name, {})[REACH.index(-int(distance)) if of_word else 0] = row
    count = sum(map(len, features.values()))
    words = sorted(set(cold))
    text = "\n".join([*features, *letters, *words]).encode()
    header = {
        "labels": labels, "transitions": [[round(v, 4) for v in row] for row in transitions], "scale": scale,
        "features": len(features), "grams": len(letters), "gram_scale": gram_scale, "gram_bias": bias, "text": len(text),
    }  # fmt: skip
    masks = bytes(sum(1 << k for k in found) for found in features.values())
    table = array("b", chain.from_iterable([*letters.values(), *(found[k] for found in features.values() for k in sorted(found))]))
    path.write_bytes(MAGIC + json.dumps(header).encode() + b"\n" + text + masks + table.tobytes())
    return count


@cache
def load_model() -> NameModel:
    """The shipped model, read at its first use."""
    return read_model(data_dir() / "ner" / "names.bin", name_words())
