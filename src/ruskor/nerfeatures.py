"""The features by which the name model knows words, gaps and neighbours, and how much a word looks like a name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import repeat
from pathlib import Path
from typing import Any, NamedTuple

from ruskor.arabic import fold_key
from ruskor.lexicon import compiled, data_files, load_yaml
from ruskor.names import Hit

_PROCLITICS = ("و", "ف", "ب", "ل", "ك", "وب", "ول", "وك", "فب", "فل")
_FIRST = frozenset(proclitic[0] for proclitic in _PROCLITICS)
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
    only_names: frozenset[str]  # parts of names and nothing else
    only_given: frozenset[str]  # given names and nothing else

    def of(self, word: str) -> tuple[str, ...]:
        """The flags of a word; failing that those of the word without its proclitic, marked with `+`."""
        found = self.flags.get(word)
        if found is not None:
            return found
        bare = strip(word, self.flags)
        return tuple([f"{flag}+" for flag in self.flags[bare]]) if bare is not None else ()


def strip(word: str, known: Iterable[str]) -> str | None:
    """The word without one proclitic if that is in `known`, else null."""
    if word[:1] not in _FIRST:
        return None
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
    names = frozenset(word for word, flags in table.items() if _OF_NAMES.issuperset(flags))
    given = frozenset(word for word in names if not _GIVEN.isdisjoint(table[word]))
    return NameWords({word: tuple(flags) for word, flags in table.items()}, names, given)


def shape_grams(word: str) -> list[str]:
    """The runs of two to five letters of a word with its edges, by which a name is told from a common word."""
    framed = f"^{word}$"
    return [framed[k : k + n] for n in (2, 3, 4, 5) for k in range(len(framed) - n + 1)]


def shape_bucket(score: float) -> str:
    """A name's likeness in seven steps."""
    return str(max(-3, min(3, round(score / 1.2))))


class Features(NamedTuple):
    """Features of one word: used up to two words away, up to one, and for the word itself."""

    wide: list[str]
    near: list[str]
    own: list[str]


EDGE = Features(["edge"], [], [])  # what lies outside the sentence


def word_features(word: str, flags: Sequence[str], shapes: tuple[str, str]) -> Features:
    """The features of a word; `shapes` are the buckets of the word and of the word without a proclitic."""
    if word.isdigit():
        return Features(["digits"], [], [])
    if word.isascii():
        return Features(["latin"], [], [])
    wide = ["w=" + word, *["f=" + flag for flag in flags or "-"]]
    whole, bare = shapes
    length = str(min(len(word), 9))
    near = ["z=" + whole, "z+=" + bare, "x2=" + word[-2:], "p2=" + word[:2], "x3=" + word[-3:]]
    own = [f"zz={whole}|{bare}|{length}", "x1=" + word[-1:], "p3=" + word[:3], "n=" + length]
    if len(flags) > 1:
        near.append("F=" + "|".join(flags))
    if word[0] in _FIRST:
        near += ["s=" + word[len(p) :] for p in _PROCLITICS if word.startswith(p) and len(word) - len(p) >= 3]
        if word.startswith("لل"):
            near.append("s=ا" + word[1:])
    elif word.startswith("ال"):
        near.append("al")
        own.append("a=" + word[2:])
    framed = f"^{word}$"
    own += ["3=" + framed[k : k + 3] for k in range(len(framed) - 2)]
    own += ["4=" + framed[k : k + 4] for k in range(len(framed) - 3)]
    return Features(wide, near, own)


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
        names = _kind_names(hit.kinds)
        if names:
            for token in range(hit.first, hit.last + 1):
                kinds[token] = ("B" if token == hit.first else "I") + names
    return kinds


@cache
def _kind_names(kinds: frozenset[str]) -> str:
    return "+".join([kind for kind in _KINDS if kind in kinds])


def place_features(gap_before: str, gap_after: str, kinds: tuple[str, str, str]) -> list[str]:
    """Features of a position that do not depend on the words."""
    before, here, after = kinds
    return [f"g<{gap_before}", f"g>{gap_after}", f"k={here}", f"k<{before}", f"k>{after}", f"kk={before}|{here}", f"kk>{here}|{after}"]


def pair_features(classes: tuple[str, str, str, str], gap_before: str) -> list[str]:
    """Features of neighbouring classes (two before, one before, here, one after)."""
    two, one, here, after = classes
    return [f"c={one}|{here}", f"c>{here}|{after}", f"cc={one}|{here}|{after}", f"c<{two}|{one}|{here}", f"cg={one}|{gap_before}|{here}"]


@dataclass(frozen=True, slots=True)
class Shape:
    """A logistic regression over runs of letters: above zero a word looks like a name."""

    grams: dict[str, int]
    scale: float
    bias: float

    def score(self, word: str) -> float:
        """The log odds that a word is (part of) a name."""
        return self.bias + self.scale * sum(map(self.grams.get, set(shape_grams(word)), repeat(0)))

    def buckets(self, word: str) -> tuple[str, str]:
        """The buckets of a word and of the word without a first letter that may be a proclitic."""
        whole = shape_bucket(self.score(word))
        bare = shape_bucket(self.score(word[1:])) if len(word) > 3 and word[0] in _FIRST else "no"
        return whole, bare
