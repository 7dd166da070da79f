"""Event triggers: the words of `data/triggers.yaml`, inflected by rule, found in a text by one look-up a token."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from ruskor.arabic import Tokens, fold_key
from ruskor.lexicon import compiled, data_files, load_yaml
from ruskor.memory import Memory

_BUILD = "6"
_PRONOUNS = ("ه", "ها", "هما", "هم")
_PREFIXES = ("و", "ف", "ب", "ل", "ك", "وب", "ول", "فب", "فل", "وك")
_VERB_PREFIXES = ("و", "ف", "ل", "ول", "فل")
Tense = Literal["perfect", "imperfect", "future"]


class Form(NamedTuple):
    """One reading of a word as a trigger.

    `pos` is v or n; `pronoun` the attached pronoun; `plural` for nouns; `rest` the words that must follow; `group` the index
    of the constraints (`only_with`, `not_with`, `not_after`, `only_people`, `only_places`).
    """

    type: str
    frame: str
    pos: str
    tense: str | None
    pronoun: str | None
    plural: bool
    definite: bool
    rest: tuple[str, ...]
    group: int


@dataclass(slots=True)
class Trigger:
    """A trigger in a text: tokens first … last; `prefix` is the proclitic on the first token."""

    first: int
    last: int
    prefix: str
    form: Form
    verb: bool = field(init=False)  # asked for so often that it is kept

    def __post_init__(self) -> None:
        self.verb = self.form.pos == "v"


class NounForm(NamedTuple):
    """One form of a noun: its words, the attached pronoun, whether it is plural or definite."""

    words: list[str]
    pronoun: str | None
    plural: bool
    definite: bool


def _verb_forms(perfect: list[str], imperfect: list[str]) -> list[tuple[str, str, str | None]]:
    """(form, tense, object pronoun)."""
    out: list[tuple[str, str, str | None]] = []
    bases = list(perfect)
    if len(perfect) == 1:
        stem = perfect[0]
        bases += [stem + ending for ending in ("ت", "ا", "تا", "وا")]
    for base in bases:
        out.append((base, "perfect", None))
        out += [(base + p, "perfect", p) for p in _PRONOUNS if not base.endswith("وا")]
        if base.endswith("ي"):
            out += [(base[:-1] + "ا" + p, "perfect", p) for p in _PRONOUNS]  # «التقى», «التقاه»
    for stem in imperfect:
        for prefix in ("ي", "ت"):
            for ending in ("", "ان", "ون", "ا", "وا"):
                form = prefix + stem + ending
                out.append((form, "imperfect", None))
                out.append(("س" + form, "future", None))
                if not ending:
                    out += [(form + p, "imperfect", p) for p in _PRONOUNS]
                    out += [("س" + form + p, "future", p) for p in _PRONOUNS]
    return out


def _noun_forms(noun: str, *, plural: bool) -> list[NounForm]:
    """Every form of a noun of one word or more; `plural` says that it is one, though by no ending."""
    head, *others = noun.split()
    words = [fold_key(w) for w in (head, *others)]
    plural = plural or (words[0].endswith("ات") and len(words[0]) > 4)
    out = [NounForm(words, None, plural, definite=False)]
    if not words[0].startswith("ال"):
        out.append(NounForm(["ال" + words[0], *map(_with_article, words[1:])], None, plural, definite=True))
    forms = _phrase_forms if others else _single_forms
    return out + forms(words, [head, *others], plural=plural)


def _with_article(word: str) -> str:
    return word if word.startswith("ال") else "ال" + word


def _phrase_forms(words: list[str], raw: list[str], *, plural: bool) -> list[NounForm]:
    """An accusative of two words, and pronouns on the first word."""
    out = []
    if len(words) == 2 and not any(w.endswith("ة") for w in raw):
        out.append(NounForm([w + "ا" for w in words], None, plural, definite=False))
    head = words[0][:-1] + "ت" if raw[0].endswith("ة") else words[0]
    rest = list(map(_with_article, words[1:]))
    return out + [NounForm([head + p, *rest], p, plural, definite=True) for p in _PRONOUNS]


def _single_forms(words: list[str], raw: list[str], *, plural: bool) -> list[NounForm]:
    """Pronouns, the dual of a feminine, the accusative of the others."""
    base = words[0]
    feminine = raw[0].endswith("ة")
    stem = base[:-1] + "ت" if feminine else base
    out = [NounForm([stem + p], p, plural, definite=True) for p in _PRONOUNS]
    if feminine:
        out += [NounForm([stem + ending], None, plural=True, definite=False) for ending in ("ين", "ان")]
        out += [NounForm(["ال" + stem + "ين"], None, plural=True, definite=True), NounForm([stem + "ي"], None, plural=True, definite=False)]
        return out
    out.append(NounForm([base + "ا"], None, plural, definite=False))
    if base.endswith("ء"):
        out += [NounForm([base[:-1] + "ئ" + p], p, plural, definite=True) for p in _PRONOUNS]
    return out


def _limits(row: dict[str, Any], groups: list[dict[str, Any]]) -> int:
    """The index of the constraints of a row or verb among the groups; 0 without any."""
    own = {k: ([fold_key(w) for w in v] if isinstance(v, list) else v) for k, v in row.items() if k.startswith(("only_", "not_"))}
    if not own:
        return 0
    groups.append(own)
    return len(groups) - 1


def _folded_list(value: Any) -> list[str]:
    return [fold_key(w) for w in (value if isinstance(value, list) else [value])]


def _entries(kind: str, row: dict[str, Any], groups: list[dict[str, Any]]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """(first word, the fields of its `Form`) for the verbs and nouns of one row."""
    noun_group = _limits(row, groups)
    frame = row["frame"]
    for verb in row.get("verbs") or []:
        group = _limits(verb, groups)
        for form, tense, pronoun in _verb_forms(_folded_list(verb["perfect"]), _folded_list(verb["imperfect"])):
            yield form, (kind, frame, "v", tense, pronoun, False, False, (), group)
    plurals = row.get("plurals") or []
    for noun in row.get("nouns") or []:
        for words, pronoun, plural, definite in _noun_forms(noun, plural=noun in plurals):
            yield words[0], (kind, frame, "n", None, pronoun, plural, definite, tuple(words[1:]), noun_group)


def _build(paths: list[Path]) -> dict[str, Any]:
    table: dict[str, list[dict[str, Any]]] = load_yaml(paths[0])
    forms: dict[str, list[tuple[Any, ...]]] = {}
    groups: list[dict[str, Any]] = [{}]
    for kind, rows in table.items():
        for row in rows:
            for word, entry in _entries(kind, row, groups):
                known = forms.setdefault(word, [])
                if entry[2] == "v" or entry not in known:
                    known.append(entry)
    return {"forms": forms, "groups": groups}


def _takes(form: Form, prefix: str) -> bool:
    """Whether the form can stand behind the proclitic; «ل» before a verb wants an imperfect."""
    return form.pos == "n" or (prefix in _VERB_PREFIXES and ("ل" not in prefix or form.tense == "imperfect"))


@dataclass(slots=True)
class TriggerLexicon:
    """The compiled triggers, with a memory of words already looked at."""

    forms: dict[str, list[Form]]
    groups: list[dict[str, Any]]
    memory: Memory[str, tuple[tuple[str, Form], ...]] = field(init=False)

    def __post_init__(self) -> None:
        self.memory = Memory(self.readings)

    def readings(self, word: str) -> tuple[tuple[str, Form], ...]:
        """(proclitic, form) for every way in which the word may be a trigger."""
        found: list[tuple[str, Form]] = [("", form) for form in self.forms.get(word, ())]
        for prefix in _PREFIXES:
            if word.startswith(prefix):
                found += [(prefix, form) for form in self.forms.get(word[len(prefix) :], ()) if _takes(form, prefix)]
        for prefix in ("لل", "ولل"):
            if word.startswith(prefix):
                found += [("ل", form) for form in self.forms.get("ال" + word[len(prefix) :], ()) if form.pos == "n"]
        return tuple(found)

    def find(self, tokens: Tokens, body: list[bool]) -> list[Trigger]:
        """The triggers of the body, several words before one, one reading a token."""
        words = tokens.words
        out: list[Trigger] = []
        skip_to = -1
        for i, readings in self.memory.known(words):
            if i < skip_to or not body[i]:
                continue
            if len(readings) == 1 and not readings[0][1].rest:
                prefix, form = readings[0]
                out.append(Trigger(i, i, prefix, form))
                skip_to = i + 1
                continue
            fitting = [
                (prefix, form) for prefix, form in readings if not form.rest or tuple(words[i + 1 : i + 1 + len(form.rest)]) == form.rest
            ]
            if not fitting:
                continue
            prefix, form = max(fitting, key=lambda pf: (len(pf[1].rest), -len(pf[0])))
            out.append(Trigger(i, i + len(form.rest), prefix, form))
            skip_to = i + 1 + len(form.rest)
        return out

    def all_readings(self, tokens: Tokens, trigger: Trigger) -> list[Form]:
        """Every reading of the trigger's first word that takes as many words."""
        readings = self.memory[tokens.words[trigger.first]]
        return [form for prefix, form in readings if form.rest == trigger.form.rest and prefix == trigger.prefix]


@cache
def load_triggers() -> TriggerLexicon:
    """The compiled trigger lexicon."""
    table = compiled("triggers", _build, data_files("triggers.yaml"), salt=_BUILD)
    forms = {word: [Form._make((*row[:7], tuple(row[7]), row[8])) for row in rows] for word, rows in table["forms"].items()}
    return TriggerLexicon(forms, table["groups"])
