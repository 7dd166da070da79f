"""A small linear-chain CRF for names, in plain Python: features of words, shipped weights, Viterbi and span probabilities.

The weights are trained by `scripts/train_ner.py` (a CRF after Lafferty, McCallum and Pereira 2001) and read from
`data/ner/`. Every feature but the transitions belongs to one word at one distance, to one gap, or to a pair of neighbouring
classes, so a word's scores are summed once and remembered. The scores of all labels are lanes of one integer: adding
two vectors is adding two integers, which needs no numpy and takes a tenth of a microsecond.
"""

from __future__ import annotations

import json
import math
import sys
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from zlib import crc32

from ruskor.arabic import Tokens, fold_key
from ruskor.errors import DataError
from ruskor.lexicon import compiled, data_dir, data_files, load_yaml
from ruskor.names import Hit

MAGIC = b"ruskor-ner-1\n"
REACH = (-2, -1, 0, 1, 2)
_LANE = 4  # bytes of a lane
_BIAS = 1 << 10  # keeps lanes positive; the same for every label, so it changes no decision
_MOST = 128  # more features than one word, position or pair has
# A word is cold if O leads by so much, a run if it leads everywhere by so much; a label is not tried if it is so much worse than
# the best (natural logarithms).
_COLD, _CLEAR, _UNLIKELY = 2.0, 1.0, 8.0
_REMEMBERED = 100_000
_PROCLITICS = ("و", "ف", "ب", "ل", "ك", "وب", "ول", "وك", "فب", "فل")
_KINDS = ("person", "short", "rare", "place", "org", "demonym", "office", "office_of", "title", "kin")
_LISTS = (
    "never", "titles", "title_tails", "institutions", "place_nouns", "saying", "sources", "after_name", "name_particles", "name_seconds",
)  # fmt: skip
_CLASSES = tuple(key for key in ("never", "saying", *_LISTS) if key != "after_name")
_GAPS = (
    ("\n", "line"), (".", "stop"), ("،", "comma"), (",", "comma"), (":", "colon"), ("(", "open"), (")", "close"),
    ("-", "dash"), ("_", "dash"),
)  # fmt: skip
ORIGINS = ("arabic", "western", "slavic", "korean", "chinese", "japanese")

_GIVEN = frozenset(("arabic", "western", "slavic", "first"))
_OF_NAMES = frozenset((*ORIGINS, "first", "family", "name_particles", "name_seconds"))


@dataclass(frozen=True, slots=True)
class NameWords:
    """What is known of single words: for each folded word its flags (lists of the YAML files, parts of known names)."""

    flags: dict[str, tuple[str, ...]]

    def of(self, word: str) -> tuple[str, ...]:
        """The flags of a word; failing that those of the word without its proclitic, marked with `+`."""
        found = self.flags.get(word)
        if found is not None:
            return found
        bare = strip(word, self.flags)
        return tuple(f"{flag}+" for flag in self.flags[bare]) if bare is not None else ()


    def names(self, word: str) -> bool:
        """Whether the word is part of a name and nothing else."""
        flags = self.flags.get(word, ())
        return bool(flags) and all(flag in _OF_NAMES for flag in flags)

    def given(self, word: str) -> bool:
        """Whether the word is a given name and nothing else."""
        return self.names(word) and not _GIVEN.isdisjoint(self.flags[word])


def strip(word: str, known: Iterable[str]) -> str | None:
    """The word without one proclitic if that is in `known`, else null."""
    for proclitic in _PROCLITICS:
        if word.startswith(proclitic) and len(word) - len(proclitic) >= 2:
            rest = word[len(proclitic) :]
            if rest in known:
                return rest
    if word.startswith("لل") and "ا" + word[1:] in known:
        return "ا" + word[1:]
    return None


def _build_words(_paths: list[Path]) -> dict[str, list[str]]:
    from ruskor.gazetteer import load_gazetteer

    flags: dict[str, set[str]] = {}

    def add(words: Iterable[str], flag: str) -> None:
        for word in words:
            flags.setdefault(word, set()).add(flag)

    lists: dict[str, list[str]] = load_yaml(data_files("discovery.yaml")[0])
    parts: dict[str, Any] = load_yaml(data_files("romanise.yaml")[0])
    for key in _LISTS:
        add(map(fold_key, lists[key]), key)
    for key in ORIGINS:
        add(map(fold_key, parts[key]), key)
    for person in load_gazetteer().people:
        words = fold_key(person.name_ar).replace("-", " ").split()
        if len(words) > 1:
            add(words[:1], "first")
            add([word for word in words[1:] if len(word) > 2], "family")
    return {word: sorted(found) for word, found in flags.items()}


@cache
def name_words() -> NameWords:
    """Flags of words from `data/discovery.yaml`, `data/romanise.yaml` and the parts of names in the gazetteers."""
    paths = data_files("discovery.yaml", "romanise.yaml", "people/*.yaml")
    table = compiled("name-words", _build_words, paths, salt=",".join((*_LISTS, *ORIGINS)))
    return NameWords({word: tuple(flags) for word, flags in table.items()})


def shape_grams(word: str) -> list[str]:
    """The runs of two to five letters of a word with its edges, by which a name is told from a common word."""
    framed = f"^{word}$"
    return [framed[k : k + n] for n in (2, 3, 4, 5) for k in range(len(framed) - n + 1)]


def shape_bucket(score: float) -> str:
    """A name's likeness in seven steps."""
    return str(max(-3, min(3, round(score / 1.2))))


def word_features(word: str, flags: Sequence[str], shapes: tuple[str, str]) -> list[tuple[int, str]]:
    """(reach, feature) of one word: a feature of reach 2 is used up to two words away, of reach 0 for the word itself.

    `shapes` are the buckets of the word and of the word without a proclitic.
    """
    out = [(2, "w=" + word)]
    out += [(2, "f=" + flag) for flag in flags]
    if not flags:
        out.append((2, "f=-"))
    if len(flags) > 1:
        out.append((1, "F=" + "|".join(flags)))
    if word.isdigit():
        return [(2, "digits")]
    if word.isascii():
        return [(2, "latin")]
    out += [(1, "z=" + shapes[0]), (1, "z+=" + shapes[1]), (0, f"zz={shapes[0]}|{shapes[1]}|{min(len(word), 9)}")]
    out += [(1, "x2=" + word[-2:]), (1, "p2=" + word[:2]), (1, "x3=" + word[-3:])]
    out += [(0, "x1=" + word[-1:]), (0, "p3=" + word[:3]), (0, f"n={min(len(word), 9)}")]
    for proclitic in _PROCLITICS:
        if word.startswith(proclitic) and len(word) - len(proclitic) >= 3:
            out.append((1, "s=" + word[len(proclitic) :]))
    if word.startswith("لل"):
        out.append((1, "s=ا" + word[1:]))
    if word.startswith("ال"):
        out += [(1, "al"), (0, "a=" + word[2:])]
    framed = f"^{word}$"
    out += [(0, "3=" + framed[k : k + 3]) for k in range(len(framed) - 2)]
    out += [(0, "4=" + framed[k : k + 4]) for k in range(len(framed) - 3)]
    return out


def word_class(word: str, flags: Sequence[str], shape: str) -> str:
    """A coarse class of a word for pairs of neighbours."""
    for flag in _CLASSES:
        if flag in flags:
            return flag
        if flag + "+" in flags:
            return flag + "+"
    if flags:
        return "name+" if flags[0].endswith("+") else "name"
    if word.isdigit():
        return "digits"
    if word.startswith("ال"):
        return "al"
    return "+" if int(shape) > 0 else "-" if int(shape) < -1 else "0"


def gap_class(gap: str) -> str:
    """A coarse class of what stands between two tokens."""
    if gap == " ":
        return "space"
    for mark, name in _GAPS:
        if mark in gap:
            return name
    return "quote" if any(mark in gap for mark in "\"'«»“”") else "else"


def hit_kinds(length: int, hits: Iterable[Hit]) -> list[str]:
    """For each token what the gazetteers say of it: kinds, with `B` for a name's first token and `I` for the others."""
    kinds = [""] * length
    for hit in hits:
        names = "+".join(kind for kind in _KINDS if hit.has(kind))
        if names:
            for token in range(hit.first, hit.last + 1):
                kinds[token] = ("B" if token == hit.first else "I") + names
    return kinds


def place_features(gap_before: str, gap_after: str, kinds: tuple[str, str, str]) -> list[str]:
    """Features of a position that do not depend on the words."""
    before, here, after = kinds
    return [f"g<{gap_before}", f"g>{gap_after}", f"k={here}", f"k<{before}", f"k>{after}", f"kk={before}|{here}", f"kk>{here}|{after}"]


def pair_features(classes: tuple[str, str, str, str], gap_before: str) -> list[str]:
    """Features of neighbouring classes (two before, one before, here, one after)."""
    two, one, here, after = classes
    return [f"c={one}|{here}", f"c>{here}|{after}", f"cc={one}|{here}|{after}", f"c<{two}|{one}|{here}", f"cg={one}|{gap_before}|{here}"]


def _key(feature: str) -> int:
    return crc32(feature.encode())


@dataclass(frozen=True, slots=True)
class Shape:
    """A logistic regression over runs of letters: above zero a word looks like a name."""

    rows: dict[int, int]
    weights: memoryview
    scale: float
    bias: float

    def score(self, word: str) -> float:
        """The log odds that a word is (part of) a name."""
        rows, weights = self.rows, self.weights
        total = 0
        for gram in set(shape_grams(word)):
            row = rows.get(_key(gram))
            if row is not None:
                total += weights[row]
        return self.bias + self.scale * total

    def buckets(self, word: str) -> tuple[str, str]:
        """The buckets of a word and of the word without a first letter that may be a proclitic."""
        whole = shape_bucket(self.score(word))
        bare = shape_bucket(self.score(word[1:])) if len(word) > 3 and word[0] in "وفبلك" else "no"
        return whole, bare


Tagged = tuple[int, int, str, float]


@dataclass(slots=True)
class _Word:
    """What is remembered of a word: packed scores by distance (made when first needed), its class, and whether it is cold."""

    text: str
    own: int
    kind: str
    cold: bool
    packed: tuple[int, int, int, int] | None = None


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
    _rows_memory: dict[int, int] = field(default_factory=dict)
    _word_memory: dict[str, _Word] = field(default_factory=dict)
    _cold_memory: dict[str, bool] = field(default_factory=dict)
    _place_memory: dict[tuple[str, str, tuple[str, str, str]], int] = field(default_factory=dict)
    _pair_memory: dict[tuple[str, str, str, str, str], int] = field(default_factory=dict)

    def _pack(self, features: Iterable[str]) -> int:
        """The summed weights of features as lanes of one integer."""
        total, rows, memory = 0, self.rows, self._rows_memory
        count = 0
        for feature in features:
            row = rows.get(crc32(feature.encode()))
            if row is not None:
                packed = memory.get(row)
                total += self._pack_row(row) if packed is None else packed
                count += 1
        # Every vector weighs the same: those that were not there are made up for.
        return total + (_MOST - count) * self._unit()

    def _pack_row(self, row: int) -> int:
        width = len(self.labels)
        packed = 0
        for value in reversed(self.weights[row * width : (row + 1) * width]):
            packed = packed << (8 * _LANE) | (value + _BIAS)
        self._rows_memory[row] = packed
        return packed

    def _unit(self) -> int:
        """A row of zeros."""
        unit = self._rows_memory.get(-1)
        if unit is None:
            unit = self._rows_memory[-1] = sum(_BIAS << (8 * _LANE * k) for k in range(len(self.labels)))
        return unit

    def _lanes(self, packed: int) -> Sequence[int]:
        lanes = memoryview(packed.to_bytes(_LANE * len(self.labels), sys.byteorder)).cast("I").tolist()
        return lanes if sys.byteorder == "little" else lanes[::-1]

    def _word(self, word: str) -> _Word:
        known = self._word_memory.get(word)
        if known is None:
            features, kind = self._features(word)
            own = self._pack("0:" + feature for _, feature in features)
            lanes = self._lanes(own)
            known = self._word_memory[word] = _Word(word, own, kind, cold=lanes[0] - max(lanes[1:]) > _COLD / self.scale)
        return known

    def _features(self, word: str) -> tuple[list[tuple[int, str]], str]:
        """The features of a word with their reach, and its class; "" is what lies outside the sentence."""
        if not word:
            return [(2, "edge")], "edge"
        flags, shapes = self.words.of(word), self.shape.buckets(word)
        return word_features(word, flags, shapes), word_class(word, flags, shapes[0])

    def _around(self, word: _Word) -> tuple[int, int, int, int]:
        """The word's packed scores for positions two and one to its right, one and two to its left."""
        if word.packed is None:
            features, _ = self._features(word.text)
            a, b, c, d = (self._pack(f"{at}:{f}" for reach, f in features if abs(at) <= reach) for at in REACH if at)
            word.packed = a, b, c, d
        return word.packed

    def is_cold(self, word: str) -> bool:
        """Whether the word itself speaks clearly against a name."""
        known = self._cold_memory.get(word)
        if known is None:
            known = self._cold_memory[word] = crc32(word.encode()) in self.cold or self._word(word).cold
        return known

    def _emissions(self, tokens: Tokens, span: tuple[int, int], sentence: tuple[int, int], kinds: list[str]) -> list[Sequence[int]]:
        """Scores of every label for the tokens of a span in its sentence."""
        words, gap, memory = tokens.words, tokens.gap, self._word_memory
        start, end = sentence
        first, last = span
        around: list[_Word] = []
        for k in range(first - 2, last + 3):
            word = words[k] if start <= k <= end else ""
            around.append(memory.get(word) or self._word(word))
        gaps = [gap_class(gap(k)) if start < k <= end else "edge" for k in range(first, last + 2)]
        here = [kinds[k] if start <= k <= end else "" for k in range(first - 1, last + 2)]
        out: list[Sequence[int]] = []
        for k in range(last - first + 1):
            two, one, this, after, then = around[k : k + 5]
            place = (gaps[k], gaps[k + 1], (here[k], here[k + 1], here[k + 2]))
            fixed = self._place_memory.get(place)
            if fixed is None:
                fixed = self._place_memory[place] = self._pack(place_features(*place))
            pair = (two.kind, one.kind, this.kind, after.kind, gaps[k])
            paired = self._pair_memory.get(pair)
            if paired is None:
                paired = self._pair_memory[pair] = self._pack(pair_features(pair[:4], pair[4]))
            # The word two to the left counts with its weights for the distance -2.
            total = (two.packed or self._around(two))[0] + (one.packed or self._around(one))[1] + this.own
            total += (after.packed or self._around(after))[2] + (then.packed or self._around(then))[3]
            out.append(self._lanes(total + fixed + paired))
        return out

    def tag(
        self, tokens: Tokens, first: int, last: int, kinds: list[str], sure: frozenset[int] = frozenset(), *,
        memory: dict[tuple[int, int], list[Tagged]] | None = None,
    ) -> list[Tagged]:  # fmt: skip
        """Names among the tokens first … last of one sentence: (first, last, kind PER|LOC|ORG, probability).

        Runs of words of which every one is in `sure` are passed over. `memory` keeps what was found in the runs of a text, for
        another look at it with other `sure` tokens.
        """
        if len(self._cold_memory) > _REMEMBERED:
            self._cold_memory.clear()
            self._word_memory.clear()
        found: list[Tagged] = []
        for run in self._runs(tokens.words, first, last, sure):
            names = None if memory is None else memory.get(run)
            if names is None:
                names = self._tag_run(tokens, run, (first, last), kinds)
                if memory is not None:
                    memory[run] = names
            found += names
        return found

    def _tag_run(self, tokens: Tokens, run: tuple[int, int], sentence: tuple[int, int], kinds: list[str]) -> list[Tagged]:
        rows = self._emissions(tokens, run, sentence, kinds)
        clear = _CLEAR / self.scale
        for row in rows:
            if row[0] <= max(row[1:]) + clear:
                break
        else:
            return []
        likely = self._likely(rows)
        path = self._viterbi(rows, likely)
        spans = _spans([self.labels[k] for k in path])
        if not spans:
            return []
        weights = [[math.exp((value - top) * self.scale) for value in row] for row in rows for top in [max(row)]]
        total, start = self._total(weights, likely), run[0]
        found: list[Tagged] = []
        for a, b, kind in spans:
            # The label sequences through the span, which does not go on behind it, against all.
            goes_on = path[b] + path[b] % 2
            kept = [[path[i]] if a <= i <= b else labels for i, labels in enumerate(likely)]
            if b + 1 < len(kept):
                kept[b + 1] = [label for label in kept[b + 1] if label != goes_on]
            found.append((start + a, start + b, kind, math.exp(min(0.0, self._total(weights, kept) - total))))
        return found

    def _runs(self, words: list[str], first: int, last: int, sure: frozenset[int]) -> list[tuple[int, int]]:
        """Runs of words that are not cold, unless all of them are sure."""
        runs: list[tuple[int, int]] = []
        memory = self._cold_memory
        begin, open_ = -1, False
        for k in range(first, last + 2):
            cold = k > last
            if not cold and k not in sure:
                word = words[k]
                known = memory.get(word)
                cold = self.is_cold(word) if known is None else known
                open_ = open_ or not cold
            if cold:
                if open_:
                    runs.append((begin, k - 1))
                begin, open_ = -1, False
            elif begin < 0:
                begin = k
        return runs

    def _likely(self, rows: list[Sequence[int]]) -> list[list[int]]:
        """For each row the labels that are worth a try."""
        cut = _UNLIKELY / self.scale
        return [[label for label, value in enumerate(row) if value >= limit] for row in rows for limit in [max(row) - cut]]

    def _viterbi(self, rows: list[Sequence[int]], likely: list[list[int]]) -> list[int]:
        """The best labels of a run; before and after it is O."""
        transitions = self.transitions
        score = {0: 0}
        back: list[dict[int, int]] = []
        for row, labels in zip(rows, likely, strict=True):
            nxt: dict[int, int] = {}
            came: dict[int, int] = {}
            before = list(score.items())
            (first, start), others = before[0], before[1:]
            for b in labels:
                best, arg = start + transitions[first][b], first
                for a, total in others:
                    value = total + transitions[a][b]
                    if value > best:  # the labels stand in order: on a tie the first one stays
                        best, arg = value, a
                nxt[b], came[b] = best + row[b], arg
            score = nxt
            back.append(came)
        path = [max(score, key=lambda a: (score[a] + transitions[a][0], -a))]
        for came in reversed(back[1:]):
            path.append(came[path[-1]])
        return path[::-1]

    def _total(self, weights: list[list[float]], kept: list[list[int]]) -> float:
        """The logarithm of the sum over the label sequences of a run with the labels kept; a row's weights are relative to its best."""
        steps = self._steps
        if not steps:
            steps += [[math.exp(value * self.scale) for value in row] for row in self.transitions]
        score, power = [(0, 1.0)], 0.0
        for row, labels in zip(weights, kept, strict=True):
            new = [(b, row[b] * sum([total * steps[a][b] for a, total in score])) for b in labels]
            top = sum([total for _, total in new])
            if top <= 0.0:
                return -math.inf
            power += math.log(top)
            score = [(b, total / top) for b, total in new]
        rest = sum(total * steps[a][0] for a, total in score)
        return power + math.log(rest) if rest > 0.0 else -math.inf


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
    shape = Shape(grams, gram_weights, header["gram_scale"], header["gram_bias"])
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
            rows.setdefault(_key(feature), small)
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
    keys = array("I", sorted({_key(word) for word in cold}))
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
