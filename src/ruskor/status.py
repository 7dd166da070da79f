"""The status of an event from the tense, negation and modality of its clause (the contract's «Status»)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from ruskor.model import Interval, Status
from ruskor.scene import Scene
from ruskor.triggers import Cue, Modality, Trigger

# How sure a reading is: words that say it, the tense of the verb, the date beside it, nothing at all.
SAID, TENSE, DATED, ASSUMED = 3, 2, 1, 0
_LOOK_BACK = 6  # words that belong to no name and no date
_FARTHEST = 24


@dataclass(frozen=True, slots=True)
class Reading:
    """A status and how sure it is (SAID … ASSUMED)."""

    status: Status
    strength: int


def _cue_before(scene: Scene, modality: Modality, trigger: Trigger, start: int) -> tuple[str, int] | None:
    """The nearest cue before the trigger within its clause (and the modality that governs the clause): (status, token)."""
    words = scene.words
    loose = 0
    dated = scene.dated
    for token in range(trigger.first - 1, max(start, trigger.first - _FARTHEST) - 1, -1):
        if scene.entity_at[token] < 0 and not (token in dated and start <= dated[token] <= trigger.first):
            loose += 1
            if loose > _LOOK_BACK:
                break
        for cue in _cues_at(modality.before, words, token):
            if token + len(cue.words) - 1 < trigger.first:
                if cue.status == "denied" and cue.words[0] in modality.negations and len(cue.words) == 1 and not _negates(scene, modality, token, trigger):
                    continue
                if cue.status in ("planned", "possible") and _governs_another(scene, modality, token + len(cue.words), trigger):
                    continue
                if cue.words[0] in modality.qad and len(cue.words) == 1 and not _qad_possible(scene, modality, token, trigger):
                    continue
                return cue.status, token
    return None


def _governs_another(scene: Scene, modality: Modality, after: int, trigger: Trigger) -> bool:
    """«يمكن أن تمهد القمة …»: the cue bears on another verb."""
    words = scene.words
    if after < trigger.first and words[after] in modality.that:
        verb = after + 1
        return verb < trigger.first and words[verb] not in modality.light and verb not in scene.trigger_at
    return False


def _cues_at(table: dict[str, tuple[Cue, ...]], words: list[str], token: int) -> Sequence[Cue]:
    word = words[token]
    found = table.get(word, ())
    if not found and word[0] in "وفبل" and len(word) > 2:
        found = table.get(word[1:], ())
    return found and [cue for cue in found if len(cue.words) == 1 or tuple(words[token + 1 : token + len(cue.words)]) == cue.words[1:]]


def _negates(scene: Scene, modality: Modality, token: int, trigger: Trigger) -> bool:
    """Whether a negation bears on the trigger: it stands right before it, or before its light verb."""
    words = scene.words
    if token + 1 == trigger.first:
        return True
    following = words[token + 1] if token + 1 < len(words) else ""
    if following in modality.copula:
        return False
    light = following in modality.light or ("ي" + following[1:]) in modality.light
    if trigger.verb:
        return False
    # «ليس من المقرر أن يوقع أي اتفاق»: the negation and the verb may stand apart.
    return light or (trigger.first - token <= 3 and not trigger.verb) or (words[token] in modality.is_not and trigger.first - token <= 6)


def _qad_possible(scene: Scene, modality: Modality, token: int, trigger: Trigger) -> bool:
    """«قد» with an imperfect says possible; with a perfect it says done."""
    words = scene.words
    following = words[token + 1] if token + 1 < len(words) else ""
    if token + 1 == trigger.first and trigger.verb:
        return trigger.form.tense == "imperfect"
    tense = modality.light.get(following)
    if tense:
        return tense == "imperfect"
    return following[:1] in ("ي", "ت")


def _scope_start(scene: Scene, modality: Modality, trigger: Trigger) -> int:
    """Where the look for cues begins: the clause, or before its «أن» where a modality governs it."""
    start, _ = scene.clause_bounds(trigger.first)
    sentence_start, _ = scene.sentence_bounds(trigger.first)
    if scene.words[start] in modality.that and start > sentence_start:
        # «من المقرر أن …», «لم يستبعد أن …»: what governs «أن» stands right before it.
        token, loose = start - 1, 0
        while token > sentence_start and loose < 3:
            loose += scene.entity_at[token] < 0
            token -= 1
        return token
    return start


def light_verb(scene: Scene, modality: Modality, trigger: Trigger) -> tuple[int, str] | None:
    """The light verb that carries a noun trigger: (token, tense); in the relative clause after the noun too."""
    words = scene.words
    start, _ = scene.clause_bounds(trigger.first)
    for token in range(trigger.first - 1, max(start, trigger.first - 18) - 1, -1):
        if token in scene.trigger_at and scene.triggers[scene.trigger_at[token]].verb:
            return None
        for form in (words[token], words[token][1:] if words[token][:1] in "وف" else words[token]):
            if form in modality.light:
                return token, modality.light[form]
    _, stop = scene.clause_bounds(trigger.last)
    _, sentence_stop = scene.sentence_bounds(trigger.first)
    if stop < sentence_stop and words[stop + 1][:1] == "ف" and words[stop + 1][1:] in modality.light:
        return stop + 1, modality.light[words[stop + 1][1:]]
    for token in range(trigger.last + 1, min(stop, trigger.last + 8) + 1):
        # «محادثات ستعقد …», «لقاء بين الزعيمين سيعقد …»
        if modality.light.get(words[token]) == "future":
            return token, "future"
        if words[token] in modality.light and token + 1 <= stop and words[token + 1] in modality.with_it:
            return token, modality.light[words[token]]
        if token in scene.trigger_at:
            break
    for token in (trigger.last + 1, trigger.last + 2):
        # «محادثات أجرتها مع …»: a relative clause without a pronoun; the verb points back by its object.
        if token <= sentence_stop:
            for form in _without_object(words[token])[1:]:
                if form in modality.light:
                    return token, modality.light[form]
    if stop + 2 <= sentence_stop and words[stop + 1].removeprefix("و") in modality.relatives and stop - trigger.last <= 2:
        for token in (stop + 2, stop + 3):
            if token <= sentence_stop:
                for form in _without_object(words[token]):
                    if form in modality.light:
                        return token, modality.light[form]
    return None


def _without_object(word: str) -> tuple[str, ...]:
    """«سيعقدها» as «سيعقد»."""
    out = [word]
    for pronoun in ("ها", "هما", "ه"):
        if word.endswith(pronoun):
            out.append(word[: -len(pronoun)])
    return tuple(out)


def read_status(scene: Scene, modality: Modality, trigger: Trigger, when: Interval | None) -> Reading:
    """The status of the event that the trigger tells, `when` being its date as the text gives it."""
    reading = _read(scene, modality, trigger, when)
    if trigger.form.type == "invitation" and not trigger.verb and trigger.prefix in ("ب", "ل") and (reading.strength < SAID or reading.status == "planned"):
        return Reading("occurred", TENSE)  # «سيزور … بدعوة من …»: the visit is planned, the invitation has been given
    if reading.status in ("possible", "planned", "ongoing") and reading.strength < TENSE or reading.status == "possible":
        _, stop = scene.sentence_bounds(trigger.first)
        if any(_cues_at(modality.denial_formulas, scene.words, token) for token in range(trigger.last + 1, stop + 1)):
            return Reading("denied", SAID)
    return reading


def _read(scene: Scene, modality: Modality, trigger: Trigger, when: Interval | None) -> Reading:
    start = _scope_start(scene, modality, trigger)
    cue = _cue_before(scene, modality, trigger, start)
    after = _cue_after(scene, modality, trigger)
    if cue is not None and cue[0] in ("called_off", "denied"):
        return Reading(cast("Status", cue[0]), SAID)
    if trigger.verb:
        return _verb_status(scene, modality, trigger, when, cue)
    light = light_verb(scene, modality, trigger)
    if light is not None and light[0] > trigger.last:
        cue = None  # «نقاط يمكن استخلاصها من القمة التي عقدها …»: the relative clause says it
    if cue is not None and cue[0] == "possible":
        return Reading("possible", SAID)
    if after is not None and after != "occurred":
        return Reading(cast("Status", after), SAID)
    if light is not None and (cue is None or cue[0] in ("planned", "occurred", "ongoing")):
        token, tense = light
        before = scene.words[token - 1] if token > 0 else ""
        if before in modality.negations:
            return Reading("denied", SAID)
        if scene.words[token] in modality.begins and tense == "perfect" and trigger.form.type == "visit":
            return Reading("ongoing", SAID)
        if tense == "perfect":
            return Reading("ongoing" if cue and cue[0] == "ongoing" and token == cue[1] else "occurred", SAID)
        if tense == "future":
            return Reading("planned", SAID)
        if cue is not None:
            return Reading(cast("Status", cue[0]), SAID)
        return _imperfect(scene, modality, token, when)
    if cue is not None:
        return Reading(cast("Status", cue[0]), SAID if cue[0] != "occurred" else TENSE)
    if after == "occurred":
        return Reading("occurred", TENSE)
    return _by_date(scene, when, trigger)


def _cue_after(scene: Scene, modality: Modality, trigger: Trigger) -> str | None:
    words = scene.words
    _, stop = scene.sentence_bounds(trigger.first)
    token = trigger.last + 1
    entity_seen = 0
    while token <= min(stop, trigger.last + 9):
        k = scene.entity_at[token]
        if k >= 0 and entity_seen < 2:
            token = scene.entities[k].last + 1
            entity_seen += 1
            continue
        cues = _cues_at(modality.after, words, token)
        if cues:
            return cues[0].status
        if entity_seen or token > trigger.last + 1:
            return None
        token += 1
    return None


def _verb_status(scene: Scene, modality: Modality, trigger: Trigger, when: Interval | None, cue: tuple[str, int] | None) -> Reading:
    words = scene.words
    tense = trigger.form.tense
    before = words[trigger.first - 1] if trigger.first > 0 else ""
    if "ل" in trigger.prefix and tense == "imperfect":
        return Reading("planned", TENSE)  # «ليلتقي»: the purpose of what is told
    if tense == "perfect":
        if cue is not None and cue[0] == "possible" and cue[1] >= trigger.first - 2 and words[cue[1]] not in modality.qad:
            return Reading("possible", SAID)
        return Reading("occurred", SAID)
    if tense == "future" or before in modality.will:
        return Reading("planned", SAID)
    if cue is not None and cue[0] in ("possible", "planned", "ongoing"):
        return Reading(cast("Status", cue[0]), SAID)
    if before in modality.not_yet:
        return Reading("denied", SAID)
    return _imperfect(scene, modality, trigger.first, when)


def _imperfect(scene: Scene, modality: Modality, token: int, when: Interval | None) -> Reading:
    """A bare imperfect: done in a headline, planned with a date not yet over, else going on."""
    start, _ = scene.sentence_bounds(token)
    before = scene.words[max(start, token - 6) : token]
    if not modality.was.isdisjoint(before):
        return Reading("occurred", TENSE)
    if scene.headline(token):
        return Reading("occurred", ASSUMED)
    if when is not None and scene.published is not None:
        if when.last > scene.published.last:
            return Reading("planned" if when.start >= scene.published.start or when.precision != "day" else "ongoing", TENSE)
        if when.last < scene.published.start:
            return Reading("occurred", TENSE)
        if when.start < scene.published.start:
            return Reading("ongoing", TENSE)
        return Reading("ongoing" if when.start == when.last else "planned", DATED)
    if token == start or _is_gathering(scene, token):
        return Reading("planned", ASSUMED)
    return Reading("ongoing", ASSUMED)


def _is_gathering(scene: Scene, token: int) -> bool:
    """Whether the verb, or the noun it carries, tells a gathering: one that is not dated lies ahead («يعقد خلالها قمة»)."""
    return any(
        (k := scene.trigger_at.get(j)) is not None and scene.triggers[k].form.frame == "meet" for j in range(token, min(token + 4, len(scene.words)))
    )


def _by_date(scene: Scene, when: Interval | None, trigger: Trigger) -> Reading:
    if when is not None and scene.published is not None:
        if when.start > scene.published.last:
            return Reading("planned", DATED)
        if when.last < scene.published.start or when.precision in ("month", "year", "season") and when.start < scene.published.start:
            return Reading("occurred", DATED)
    tense = _sentence_tense(scene, trigger)
    if tense == "future":
        return Reading("planned", ASSUMED)
    return Reading("occurred", ASSUMED)


def _sentence_tense(scene: Scene, trigger: Trigger) -> str | None:
    """The tense of the nearest event verb of the sentence."""
    start, stop = scene.sentence_bounds(trigger.first)
    found = [t for t in scene.triggers_in(start, stop) if t.verb and t.form.type != "statement"]
    if not found:
        return None
    return min(found, key=lambda t: abs(t.first - trigger.first)).form.tense
