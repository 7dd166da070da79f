"""The triggers of a text that tell an event: those whose constraints are met, and visits told without a verb."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from itertools import pairwise
from typing import Any

from ruskor.arabic import Tokens
from ruskor.document import Document
from ruskor.entities import Entity, Time
from ruskor.modality import Modality, among
from ruskor.places import role_words
from ruskor.triggers import Form, Trigger, TriggerLexicon

_SHORT = 2  # letters of a preposition
_WINDOW = {"agreement": 17, "arms_transfer": 12}  # words behind a trigger in which its object stands
_ATTENDS = Form("visit", "attend", "n", None, None, plural=False, definite=False, rest=(), group=0)


def find_triggers(
    document: Document,
    lexicon: TriggerLexicon,
    modality: Modality,
    *,
    entities: list[Entity],
    times: list[Time],
    body: list[bool],
) -> list[Trigger]:
    """The triggers of the body in order."""
    words = document.tokens.words
    found = [t for t in _fitting(document, lexicon, entities, times, body) if words[t.first] not in modality.never]
    out = [_as_noun(document, lexicon, modality, t) if t.verb else t for t in found]
    out += _nominal_visits(document, modality, entities, {t.first for t in out})
    out.sort(key=lambda t: t.first)
    return out


def _fitting(document: Document, lexicon: TriggerLexicon, entities: list[Entity], times: list[Time], body: list[bool]) -> list[Trigger]:
    """Triggers that are not part of a name or a date, in the first of their readings whose constraints are met."""
    tokens = document.tokens
    taken = {token for entity in entities for token in range(entity.first, entity.last + 1)}
    taken |= {token for time in times for token in range(time.first, time.last + 1)}
    people = {entity.first for entity in entities if entity.kind == "person"}
    places = {entity.first for entity in entities if entity.kind == "place"}
    out = []
    for trigger in lexicon.find(tokens, body):
        if trigger.first in taken:
            continue
        if not lexicon.groups[trigger.form.group]:
            out.append(trigger)  # its first reading has no constraints
            continue
        forms = [trigger.form, *[f for f in lexicon.all_readings(tokens, trigger) if f != trigger.form]]
        readings = (Trigger(trigger.first, trigger.last, trigger.prefix, form) for form in forms)
        fitting = next((t for t in readings if _meets(t, lexicon.groups[t.form.group], tokens.words, people, places)), None)
        if fitting is not None:
            out.append(fitting)
    return out


def _as_noun(document: Document, lexicon: TriggerLexicon, modality: Modality, trigger: Trigger) -> Trigger:
    """«قبل توجه بوتين إلى بكين»: right behind «before» and «after» what may be a verb or its noun is the noun."""
    before = document.tokens.words[trigger.first - 1] if trigger.first else ""
    if trigger.prefix or not (before in modality.before_words or before in modality.after_words):
        return trigger
    nouns = (form for form in lexicon.all_readings(document.tokens, trigger) if form.pos == "n")
    return next((Trigger(trigger.first, trigger.last, trigger.prefix, form) for form in nouns), trigger)


def _meets(trigger: Trigger, limits: dict[str, Any], words: list[str], people: Collection[int], places: Collection[int]) -> bool:
    """Whether the words around a trigger meet the constraints of its reading."""
    form = trigger.form
    if not limits or (form.pronoun is not None and form.frame == "sign"):
        return True
    after = trigger.last + 1
    window = range(after, min(after + _WINDOW.get(form.type, 8), len(words)))
    if "only_with" in limits and not _stem_in(words, window, limits["only_with"]):
        return False
    if "not_with" in limits and _stem_in(words, range(after, min(after + (6 if trigger.verb else 3), len(words))), limits["not_with"]):
        return False
    if trigger.first and among(words[trigger.first - 1], limits.get("not_after", ())):  # «ما يصل إلى رحلتين»
        return False
    if limits.get("only_people") and form.pronoun is None:
        before = range(trigger.first - 5, trigger.first)
        if not any(j in people for j in (*window, *before)):
            return False
    return not limits.get("only_places") or any(j in places for j in window)


def _stem_in(words: list[str], window: range, stems: list[str]) -> bool:
    """Whether one of the words holds one of the stems; a preposition must be the whole word («الي» is in «الشماليه»)."""
    return _any_of(tuple(stems)).search(f" {' '.join(words[window.start : window.stop])} ") is not None


@cache
def _any_of(stems: tuple[str, ...]) -> re.Pattern[str]:
    whole = role_words().location_prepositions
    return re.compile("|".join(f" {stem} " if len(stem) <= _SHORT or stem in whole else stem for stem in map(re.escape, stems)))


def _nominal_visits(document: Document, modality: Modality, entities: list[Entity], taken: set[int]) -> list[Trigger]:
    """«لافروف في كوريا الشمالية», «وكان الوزير … في موسكو»: somebody abroad, without a verb of motion."""
    words, tokens = document.tokens.words, document.tokens
    starts = {s.first: s for s in document.sentences}
    out = []
    for person, place in pairwise(entities):
        if person.kind != "person" or place.kind != "place" or person.country is None or place.country in (None, person.country):
            continue
        token = _preposition(words, modality, person, place)
        if token is None or token in taken or _parted(tokens, person.last + 1, place.first):
            continue
        sentence = starts.get(person.first)
        opens = (sentence is not None and sentence.headline) or ".." in tokens.gap(person.first)
        if opens or (person.first > 0 and words[person.first - 1] in modality.was):
            out.append(Trigger(token, token, "", _ATTENDS))
    return out


def _preposition(words: list[str], modality: Modality, person: Entity, place: Entity) -> int | None:
    """The preposition right behind a person and before a place, with up to two words after it."""
    token = place.first - 1
    while token > person.last and words[token] not in modality.at and token >= place.first - 2:
        token -= 1
    return token if token == person.last + 1 and words[token] in modality.at else None


def _parted(tokens: Tokens, first: int, last: int) -> bool:
    """Whether a mark stands before one of the tokens."""
    return any(c in tokens.gap(j) for j in range(first, last + 1) for c in ".،:؛")
