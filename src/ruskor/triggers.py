"""Event triggers: the words of `data/triggers.yaml`, inflected by rule, found in a text by one look-up a token."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal, NamedTuple

from ruskor.arabic import Tokens, fold_key, tokenize
from ruskor.arabic import fold as fold_text
from ruskor.lexicon import compiled, data_files, load_yaml

_BUILD = "5"
_PRONOUNS = ("ه", "ها", "هما", "هم")
_PREFIXES = ("و", "ف", "ب", "ل", "ك", "وب", "ول", "فب", "فل", "وك")
_VERB_PREFIXES = ("و", "ف", "ل", "ول", "فل")
Tense = Literal["perfect", "imperfect", "future"]


class Form(NamedTuple):
    """One reading of a word as a trigger.

    `pos` is v or n; `pronoun` the attached pronoun; `plural` for nouns; `rest` the words that must follow; `group` the index
    of the constraints (`only_with`, `only_people`, `only_places`).
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


@dataclass(frozen=True, slots=True)
class Trigger:
    """A trigger in a text: tokens first … last; `prefix` is the proclitic on the first token."""

    first: int
    last: int
    prefix: str
    form: Form

    @property
    def verb(self) -> bool:
        """Whether it is a verb."""
        return self.form.pos == "v"


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


def _noun_forms(noun: str) -> list[tuple[list[str], str | None, bool, bool]]:
    """(words, pronoun, plural, definite)."""
    words = [fold_key(w) for w in noun.split()]
    raw_first = noun.split()[0]
    plural = words[0].endswith("ات") and len(words[0]) > 4 or words[0] in ("وفود", "قمم")
    out: list[tuple[list[str], str | None, bool, bool]] = [(words, None, plural, False)]
    if not words[0].startswith("ال"):
        out.append((["ال" + words[0], *["ال" + w if not w.startswith("ال") else w for w in words[1:]]], None, plural, True))
    if len(words) > 1:
        rest = noun.split()[1:]
        if not any(w.endswith("ة") for w in [raw_first, *rest]) and len(words) == 2:
            out.append(([w + "ا" for w in words], None, plural, False))
        head = words[0][:-1] + "ت" if raw_first.endswith("ة") else words[0]
        out += [([head + p, *["ال" + w if not w.startswith("ال") else w for w in words[1:]]], p, plural, True) for p in _PRONOUNS]
    if len(words) == 1:
        base = words[0]
        stem = base[:-1] + "ت" if raw_first.endswith("ة") else base
        out += [([stem + p], p, plural, True) for p in _PRONOUNS]
        if raw_first.endswith("ة"):
            out += [([stem + "ين"], None, True, False), ([stem + "ان"], None, True, False)]
            out += [(["ال" + stem + "ين"], None, True, True), ([stem + "ي"], None, True, False)]
        else:
            out.append(([base + "ا"], None, plural, False))
            out += [([base[:-1] + "ئ" + p], p, plural, True) for p in _PRONOUNS if base.endswith("ء")]
    return out


def _build(_paths: Any) -> dict[str, Any]:
    table: dict[str, list[dict[str, Any]]] = load_yaml(data_files("triggers.yaml")[0])
    forms: dict[str, list[tuple[Any, ...]]] = {}
    groups: list[dict[str, Any]] = [{}]
    for kind, rows in table.items():
        for row in rows:
            own = {k: ([fold_key(w) for w in v] if isinstance(v, list) else v) for k, v in row.items() if k.startswith(("only_", "not_"))}
            noun_group = 0
            if own:
                groups.append(own)
                noun_group = len(groups) - 1
            for verb in row.get("verbs") or []:
                perfect = verb["perfect"] if isinstance(verb["perfect"], list) else [verb["perfect"]]
                imperfect = verb["imperfect"] if isinstance(verb["imperfect"], list) else [verb["imperfect"]]
                limits = {k: ([fold_key(w) for w in v] if isinstance(v, list) else v) for k, v in verb.items() if k.startswith(("only_", "not_"))}
                group = 0
                if limits:
                    groups.append(limits)
                    group = len(groups) - 1
                for form, tense, pronoun in _verb_forms([fold_key(p) for p in perfect], [fold_key(i) for i in imperfect]):
                    forms.setdefault(form, []).append((kind, row["frame"], "v", tense, pronoun, False, False, (), group))
            for noun in row.get("nouns") or []:
                for words, pronoun, plural, definite in _noun_forms(noun):
                    entry = (kind, row["frame"], "n", None, pronoun, plural, definite, tuple(words[1:]), noun_group)
                    if entry not in forms.setdefault(words[0], []):
                        forms[words[0]].append(entry)
    return {"forms": forms, "groups": groups}


@dataclass(slots=True)
class TriggerLexicon:
    """The compiled triggers, with a memory of words already looked at."""

    forms: dict[str, list[Form]]
    groups: list[dict[str, Any]]
    memory: dict[str, tuple[tuple[str, Form], ...]] = field(default_factory=dict)

    def readings(self, word: str) -> tuple[tuple[str, Form], ...]:
        """(proclitic, form) for every way in which the word may be a trigger."""
        found: list[tuple[str, Form]] = [("", form) for form in self.forms.get(word, ())]
        for prefix in _PREFIXES:
            if word.startswith(prefix):
                for form in self.forms.get(word[len(prefix) :], ()):
                    if form.pos == "n" or (prefix in _VERB_PREFIXES and ("ل" not in prefix or form.tense == "imperfect")):
                        found.append((prefix, form))
        for prefix in ("لل", "ولل"):
            if word.startswith(prefix):
                found += [("ل", form) for form in self.forms.get("ال" + word[len(prefix) :], ()) if form.pos == "n"]
        return tuple(found)

    def find(self, tokens: Tokens, body: list[bool]) -> list[Trigger]:
        """The triggers of the body, several words before one, one reading a token."""
        memory, words = self.memory, tokens.words
        if len(memory) > 200_000:
            memory.clear()
        out: list[Trigger] = []
        skip_to = -1
        for i, word in enumerate(words):
            if i < skip_to or not body[i]:
                continue
            readings = memory.get(word)
            if readings is None:
                readings = memory[word] = self.readings(word)
            if not readings:
                continue
            fitting = [(prefix, form) for prefix, form in readings if not form.rest or tuple(words[i + 1 : i + 1 + len(form.rest)]) == form.rest]
            if not fitting:
                continue
            prefix, form = max(fitting, key=lambda pf: (len(pf[1].rest), -len(pf[0])))
            out.append(Trigger(i, i + len(form.rest), prefix, form))
            skip_to = i + 1 + len(form.rest)
        return out

    def all_readings(self, tokens: Tokens, trigger: Trigger) -> list[Form]:
        """Every reading of the trigger's first word that takes as many words."""
        readings = self.memory.get(tokens.words[trigger.first]) or self.readings(tokens.words[trigger.first])
        return [form for prefix, form in readings if form.rest == trigger.form.rest and prefix == trigger.prefix]


@cache
def load_triggers() -> TriggerLexicon:
    """The compiled trigger lexicon."""
    table = compiled("triggers", _build, data_files("triggers.yaml"), salt=_BUILD)
    return TriggerLexicon({word: [Form(*row[:7], tuple(row[7]), row[8]) for row in rows] for word, rows in table["forms"].items()}, table["groups"])


class Cue(NamedTuple):
    """A cue of status: its words and the status."""

    words: tuple[str, ...]
    status: str


@dataclass(frozen=True, slots=True)
class Modality:
    """The cues of `data/modality.yaml` by their first word, and the other lists."""

    before: dict[str, tuple[Cue, ...]]
    after: dict[str, tuple[Cue, ...]]
    light: dict[str, str]  # light verb → tense
    series_before: frozenset[str]
    series_after: frozenset[str]
    openers: frozenset[str]
    negations: frozenset[str]
    qad: frozenset[str]
    that: frozenset[str]
    relatives: frozenset[str]
    was: frozenset[str]
    will: frozenset[str]
    not_yet: frozenset[str]
    is_not: frozenset[str]
    times_words: frozenset[str]
    visit_words: frozenset[str]
    from_words: frozenset[str]
    to_words: frozenset[str]
    receiving: frozenset[str]
    giving_invitation: frozenset[str]
    count_from: frozenset[str]
    since: frozenset[str]
    last_time: frozenset[str]
    both: frozenset[str]
    lasting: frozenset[str]
    day_dual: frozenset[str]
    days: frozenset[str]
    begins: frozenset[str]
    ends: frozenset[str]
    never: frozenset[str]
    conjunctions: frozenset[str]
    anniversary: frozenset[str]
    ordinals: dict[str, int]
    about: frozenset[str]
    during: frozenset[str]
    purpose: frozenset[str]
    copula: frozenset[str]
    thereby: frozenset[str]
    first_of: frozenset[str]
    passing: frozenset[str]
    speech: frozenset[str]
    the_other: frozenset[str]
    latter: frozenset[str]
    with_it: frozenset[str]
    until: frozenset[str]
    reaching: frozenset[str]
    both_states: dict[str, tuple[str, ...]]
    with_words: frozenset[str]
    capital_words: frozenset[str]
    land_words: frozenset[str]
    proxy: frozenset[str]
    of_him: frozenset[str]
    thither: frozenset[str]
    telling_more: frozenset[str]
    one_of: frozenset[str]
    first_time: frozenset[str]
    at: frozenset[str]
    denial_formulas: dict[str, tuple[Cue, ...]]
    numbers: dict[str, int]
    flags: dict[str, int] = field(default_factory=dict)  # a memory of `scene`: what words do to clauses


_AROUND = (
    "speech", "the_other", "passing", "latter", "with_it", "until", "reaching", "copula", "thereby", "first_of", "about", "during", "purpose", "never", "conjunctions", "anniversary", "with_words", "capital_words", "land_words", "proxy", "of_him", "thither", "telling_more", "one_of", "first_time", "at", "count_from", "since", "last_time", "both", "lasting", "day_dual", "days", "begins", "ends", "times_words", "visit_words", "from_words", "to_words", "receiving", "giving_invitation",
)  # fmt: skip


@cache
def load_modality() -> Modality:
    """The words of status."""
    table: dict[str, Any] = load_yaml(data_files("modality.yaml")[0])

    def cues(rows: dict[str, list[str]]) -> dict[str, tuple[Cue, ...]]:
        out: dict[str, list[Cue]] = {}
        for status, phrases in rows.items():
            for phrase in phrases or []:
                words = tuple(tokenize(fold_text(phrase)).words)
                out.setdefault(words[0], []).append(Cue(words, status))
        return {word: tuple(sorted(found, key=lambda cue: -len(cue.words))) for word, found in out.items()}

    return Modality(
        before=cues(table["before"]),
        after=cues(table["after"]),
        denial_formulas=cues({"denied": table["denial_formulas"]}),
        both_states={fold_key(word): tuple(states) for word, states in table["both_states"].items()},
        ordinals={fold_key(word): number for word, number in table["ordinals"].items()},
        numbers={fold_key(word): number for word, number in table["numbers"].items()},
        light={fold_key(verb): tense for tense, verbs in table["light_verbs"].items() for verb in verbs},
        series_before=frozenset(map(fold_key, table["series_before"])),
        series_after=frozenset(map(fold_key, table["series_after"])),
        openers=frozenset(map(fold_key, table["clause_openers"])),
        **{key: frozenset(map(fold_key, table[key])) for key in ("negations", "qad", "that", "relatives", "was", "will", "not_yet", "is_not", *_AROUND)},
    )
