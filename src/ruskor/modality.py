"""The words of status and grammar: `data/modality.yaml`, folded and by first word."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any, NamedTuple, cast

from ruskor.arabic import fold as fold_text
from ruskor.arabic import fold_key, tokenize
from ruskor.lexicon import word_file
from ruskor.model import Status


class Cue(NamedTuple):
    """A cue of status: its words and the status."""

    words: tuple[str, ...]
    status: Status


@dataclass(frozen=True, slots=True)
class Modality:
    """The cues of `data/modality.yaml` by their first word, and the other lists, each named as there."""

    before: dict[str, tuple[Cue, ...]]
    after: dict[str, tuple[Cue, ...]]
    denial_formulas: dict[str, tuple[Cue, ...]]
    leaves: frozenset[str]
    light: dict[str, str]  # light verb → tense
    openers: frozenset[str]
    ordinals: dict[str, int]
    titled: dict[str, str]
    numbers: dict[str, int]
    weeks: dict[str, int]
    both_states: dict[str, tuple[str, ...]]
    weapons: dict[str, str]
    next_day: dict[str, int]
    about: frozenset[str]
    about_what: frozenset[str]
    agreed_on: frozenset[str]
    anniversary: frozenset[str]
    announcing: frozenset[str]
    answering: frozenset[str]
    apart: frozenset[str]
    at: frozenset[str]
    attendants: frozenset[str]
    attending: frozenset[str]
    before_a_noun: frozenset[str]
    before_words: frozenset[str]
    after_words: frozenset[str]
    among_them: frozenset[str]
    in_it: frozenset[str]
    impersonal: frozenset[str]
    begins: frozenset[str]
    between: frozenset[str]
    between_him: frozenset[str]
    both: frozenset[str]
    by_telephone: frozenset[str]
    came: frozenset[str]
    capital_words: frozenset[str]
    carrying_out: frozenset[str]
    company: frozenset[str]
    conjunctions: frozenset[str]
    copula: frozenset[str]
    count_from: frozenset[str]
    confirming: frozenset[str]
    counted_by: frozenset[str]
    day_dual: frozenset[str]
    day_noun: frozenset[str]
    day_parts: frozenset[str]
    days: frozenset[str]
    deciding: frozenset[str]
    doing: frozenset[str]
    drafts: frozenset[str]
    each_of: frozenset[str]
    during: frozenset[str]
    earlier: frozenset[str]
    ends: frozenset[str]
    envoys: frozenset[str]
    for_years: frozenset[str]
    failing: frozenset[str]
    first_of: frozenset[str]
    first_time: frozenset[str]
    from_words: frozenset[str]
    getting: frozenset[str]
    giving_invitation: frozenset[str]
    imposed_on: frozenset[str]
    heading: frozenset[str]
    his_doing: frozenset[str]
    is_not: frozenset[str]
    land_words: frozenset[str]
    last_time: frozenset[str]
    lasting: frozenset[str]
    latter: frozenset[str]
    leaders: frozenset[str]
    margins: frozenset[str]
    matters: frozenset[str]
    meeting_words: frozenset[str]
    negations: frozenset[str]
    never: frozenset[str]
    not_yet: frozenset[str]
    nouns_too: frozenset[str]
    now: frozenset[str]
    not_did: frozenset[str]
    of_him: frozenset[str]
    officials: frozenset[str]
    once: frozenset[str]
    one_of: frozenset[str]
    ordinal_words: frozenset[str]
    passing: frozenset[str]
    pointing_back: frozenset[str]
    portfolios: frozenset[str]
    postponing: frozenset[str]
    previous: frozenset[str]
    proxy: frozenset[str]
    purpose: frozenset[str]
    qad: frozenset[str]
    reaching: frozenset[str]
    receiving: frozenset[str]
    refusing: frozenset[str]
    rejecting: frozenset[str]
    relatives: frozenset[str]
    series_after: frozenset[str]
    series_before: frozenset[str]
    since: frozenset[str]
    speech: frozenset[str]
    talk_of: frozenset[str]
    telling_more: frozenset[str]
    that: frozenset[str]
    the_city: frozenset[str]
    the_country: frozenset[str]
    the_other: frozenset[str]
    then: frozenset[str]
    that_is: frozenset[str]
    thereby: frozenset[str]
    this: frozenset[str]
    times_words: frozenset[str]
    to_words: frozenset[str]
    un: frozenset[str]
    unknown: frozenset[str]
    until: frozenset[str]
    upshots: frozenset[str]
    visit_words: frozenset[str]
    was: frozenset[str]
    where: frozenset[str]
    will: frozenset[str]
    with_it: frozenset[str]
    withdrawing: frozenset[str]
    within: frozenset[str]
    without: frozenset[str]
    with_words: frozenset[str]
    flags: dict[str, int] = field(default_factory=dict)  # a memory of `scene`: what words do to clauses


def among(word: str, words: Collection[str]) -> bool:
    """Whether the word, or the word without a leading و or ف, is one of the words."""
    return word in words or (word[:1] in ("و", "ف") and word[1:] in words)


def _cues(rows: dict[str, list[str]]) -> dict[str, tuple[Cue, ...]]:
    out: dict[str, list[Cue]] = {}
    for status, phrases in rows.items():
        for phrase in phrases or []:
            words = tuple(tokenize(fold_text(phrase)).words)
            out.setdefault(words[0], []).append(Cue(words, cast("Status", status)))
    return {word: tuple(sorted(found, key=lambda cue: -len(cue.words))) for word, found in out.items()}


@cache
def load_modality() -> Modality:
    """The words of status."""
    table: dict[str, Any] = word_file("modality.yaml")
    # The annotations are strings here, as everywhere under `from __future__ import annotations`.
    named = [f.name for f in fields(Modality) if f.type == "frozenset[str]" and f.name != "openers"]
    sets: dict[str, Any] = {name: frozenset(map(fold_key, table[name])) for name in named}
    return Modality(
        before=_cues(table["before"]),
        after=_cues(table["after"]),
        denial_formulas=_cues({"denied": table["denial_formulas"]}),
        light={fold_key(verb): tense for tense, verbs in table["light_verbs"].items() for verb in verbs},
        openers=frozenset(map(fold_key, table["clause_openers"])),
        titled={fold_key(word): level for word, level in table["titled"].items()},
        ordinals={fold_key(word): number for word, number in table["ordinals"].items()},
        numbers={fold_key(word): number for word, number in table["numbers"].items()},
        weeks={fold_key(word): days for word, days in table["weeks"].items()},
        both_states={fold_key(word): tuple(states) for word, states in table["both_states"].items()},
        weapons={fold_key(stem): kind for kind, stems in table["weapons"].items() for stem in stems},
        next_day={fold_key(word): days for word, days in table["next_day"].items()},
        **sets,
    )
