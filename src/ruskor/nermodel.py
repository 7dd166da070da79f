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
from ruskor.gazetteer import Gazetteer
from ruskor.lexicon import data_dir, data_files, load_yaml
from ruskor.names import Hit

MAGIC = b"ruskor-ner-1\n"
REACH = (-2, -1, 0, 1, 2)
_LANE = 4  # bytes of a lane
_BIAS = 1 << 20  # keeps lanes positive; the same for every label, so it changes no decision
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
_ORIGINS = ("arabic", "western", "slavic", "korean", "chinese", "japanese")

_GIVEN = frozenset(("arabic", "western", "slavic", "first"))
_OF_NAMES = frozenset((*_ORIGINS, "first", "family", "name_particles", "name_seconds"))


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


def name_words(gazetteer: Gazetteer) -> NameWords:
    """Flags of words from `data/discovery.yaml`, `data/romanise.yaml` and the parts of names in the gazetteers."""
    flags: dict[str, set[str]] = {}

    def add(words: Iterable[str], flag: str) -> None:
        for word in words:
            flags.setdefault(word, set()).add(flag)

    lists: dict[str, list[str]] = load_yaml(data_files("discovery.yaml")[0])
    parts: dict[str, Any] = load_yaml(data_files("romanise.yaml")[0])
    for key in _LISTS:
        add(map(fold_key, lists[key]), key)
    for key in _ORIGINS:
        add(map(fold_key, parts[key]), key)
    for person in gazetteer.people:
        words = fold_key(person.name_ar).replace("-", " ").split()
        if len(words) > 1:
            add(words[:1], "first")
            add([word for word in words[1:] if len(word) > 2], "family")
    return NameWords({word: tuple(sorted(found)) for word, found in flags.items()})


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


@dataclass(slots=True)
class NameModel:
    """Weights and the memories of words, positions and pairs already summed."""

    labels: list[str]
    transitions: list[list[float]]
    scale: float
    rows: dict[int, int]
    weights: memoryview
    words: NameWords
    shape: Shape
    _word_memory: dict[str, tuple[int, int, int, int, int, str]] = field(default_factory=dict)
    _place_memory: dict[tuple[str, str, tuple[str, str, str]], int] = field(default_factory=dict)
    _pair_memory: dict[tuple[str, str, str, str, str], int] = field(default_factory=dict)

    def _pack(self, features: Iterable[str]) -> int:
        """The summed weights of features as lanes of one integer."""
        width = len(self.labels)
        total = [0] * width
        rows, weights = self.rows, self.weights
        for feature in features:
            row = rows.get(_key(feature))
            if row is not None:
                at = row * width
                for k in range(width):
                    total[k] += weights[at + k]
        packed = 0
        for value in reversed(total):
            packed = packed << (8 * _LANE) | (value + _BIAS)
        return packed

    def _word(self, word: str) -> tuple[int, int, int, int, int, str]:
        flags = self.words.of(word)
        shapes = self.shape.buckets(word)
        features = word_features(word, flags, shapes)
        packed = [self._pack(f"{offset}:{feature}" for reach, feature in features if abs(offset) <= reach) for offset in REACH]
        return packed[0], packed[1], packed[2], packed[3], packed[4], word_class(word, flags, shapes[0])

    def _emissions(self, tokens: Tokens, first: int, last: int, kinds: list[str]) -> list[tuple[int, ...]]:
        """Scores of every label for the tokens first … last of one sentence."""
        memory, places, pairs = self._word_memory, self._place_memory, self._pair_memory
        edge = memory.get("")
        if edge is None:
            a, b, c, d, e = (self._pack([f"{offset}:edge"]) for offset in REACH)
            edge = memory[""] = (a, b, c, d, e, "edge")
        summed = [edge, edge]
        for word in tokens.words[first : last + 1]:
            known = memory.get(word)
            if known is None:
                known = memory[word] = self._word(word)
            summed.append(known)
        summed += [edge, edge]
        gaps = ["edge", *(gap_class(tokens.gap(i)) for i in range(first + 1, last + 1)), "edge"]
        here = ["", *kinds[first : last + 1], ""]
        out: list[tuple[int, ...]] = []
        size = _LANE * len(self.labels)
        for k in range(last - first + 1):
            two, one, this, after, then = summed[k : k + 5]
            place = (gaps[k], gaps[k + 1], (here[k], here[k + 1], here[k + 2]))
            fixed = places.get(place)
            if fixed is None:
                fixed = places[place] = self._pack(place_features(*place))
            pair = (two[5], one[5], this[5], after[5], gaps[k])
            paired = pairs.get(pair)
            if paired is None:
                paired = pairs[pair] = self._pack(pair_features(pair[:4], pair[4]))
            # The word two to the left counts with its weights for the distance -2.
            total = two[0] + one[1] + this[2] + after[3] + then[4] + fixed + paired
            out.append(tuple(memoryview(total.to_bytes(size, sys.byteorder)).cast("I")))
        if sys.byteorder == "big":
            out = [row[::-1] for row in out]
        return out

    def tag(self, tokens: Tokens, first: int, last: int, kinds: list[str]) -> list[tuple[int, int, str, float]]:
        """Names among the tokens first … last of one sentence: (first, last, kind PER|LOC|ORG, probability)."""
        if len(self._word_memory) > 200_000:
            self._word_memory.clear()
        emissions = self._emissions(tokens, first, last, kinds)
        found: list[tuple[int, int, str, float]] = []
        for start, end in self._windows(emissions):
            rows = [[value * self.scale for value in row] for row in emissions[start : end + 1]]
            path = _viterbi(rows, self.transitions)
            for a, b, kind in _spans([self.labels[k] for k in path]):
                found.append((first + start + a, first + start + b, kind, self._probability(rows, path, a, b)))
        return found

    def _windows(self, emissions: list[tuple[int, ...]]) -> list[tuple[int, int]]:
        """Stretches in which some token may be part of a name; outside them no transition can make up for the scores."""
        slack = (max(map(max, self.transitions)) - min(value for row in self.transitions for value in row if value > -50)) / self.scale
        hot = [k for k, row in enumerate(emissions) if max(row[1:]) + slack > row[0]]
        windows: list[tuple[int, int]] = []
        for k in hot:
            start, end = max(0, k - 1), min(len(emissions) - 1, k + 1)
            if windows and start <= windows[-1][1] + 1:
                windows[-1] = (windows[-1][0], end)
            else:
                windows.append((start, end))
        return windows

    def _probability(self, rows: list[list[float]], path: list[int], first: int, last: int) -> float:
        """How likely the span with its labels is: paths through it against all paths."""
        labels = range(len(self.labels))
        kept = [[row[k] if not first <= i <= last or k == path[i] else -1e9 for k in labels] for i, row in enumerate(rows)]
        if last + 1 < len(rows):
            inside = self.labels.index("I" + self.labels[path[last]][1:])
            kept[last + 1][inside] = -1e9
        return math.exp(min(0.0, _total(kept, self.transitions) - _total(rows, self.transitions)))


def _viterbi(rows: list[list[float]], transitions: list[list[float]]) -> list[int]:
    """The best labels."""
    labels = range(len(transitions))
    score = rows[0]
    back: list[list[int]] = []
    for row in rows[1:]:
        best = [max(labels, key=lambda a, b=b, s=score: s[a] + transitions[a][b]) for b in labels]  # type: ignore[misc]
        score = [score[best[b]] + transitions[best[b]][b] + row[b] for b in labels]
        back.append(best)
    path = [max(labels, key=score.__getitem__)]
    for best in reversed(back):
        path.append(best[path[-1]])
    return path[::-1]


def _total(rows: list[list[float]], transitions: list[list[float]]) -> float:
    """The logarithm of the sum over all label sequences."""
    labels = range(len(transitions))
    score = rows[0]
    for row in rows[1:]:
        nxt = []
        for b in labels:
            terms = [score[a] + transitions[a][b] for a in labels]
            top = max(terms)
            nxt.append(top + math.log(sum(math.exp(t - top) for t in terms)) + row[b])
        score = nxt
    top = max(score)
    return top + math.log(sum(math.exp(s - top) for s in score))


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
    grams, gram_weights, _ = _read_table(view, header["grams"], 1)
    shape = Shape(grams, gram_weights, header["gram_scale"], header["gram_bias"])
    return NameModel(header["labels"], header["transitions"], header["scale"], rows, weights, words, shape)


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
    path: Path, *, labels: list[str], transitions: list[list[float]], weights: dict[str, list[float]], grams: dict[str, float], bias: float
) -> int:
    """Store a trained model; gives the number of features that are left."""
    body, count, scale = _table(weights)
    tail, gram_count, gram_scale = _table({gram: [value] for gram, value in grams.items()})
    header = {
        "labels": labels, "transitions": [[round(v, 4) for v in row] for row in transitions],
        "scale": scale, "features": count, "grams": gram_count, "gram_scale": gram_scale, "gram_bias": bias,
    }  # fmt: skip
    path.write_bytes(MAGIC + json.dumps(header).encode() + b"\n" + body + tail)
    return count


@cache
def load_model() -> NameModel:
    """The shipped model, read at its first use."""
    from ruskor.gazetteer import load_gazetteer

    return read_model(data_dir() / "ner" / "names.bin", name_words(load_gazetteer()))
