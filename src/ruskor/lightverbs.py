"""Light verbs: those that carry the tense of an event told by a noun («عقد قمة», «زيارة سيقوم بها»)."""

from __future__ import annotations

from ruskor.modality import Modality
from ruskor.scene import Scene
from ruskor.triggers import Trigger

_BEFORE, _AFTER = 30, 8  # how many words away a light verb may stand
Light = tuple[int, str]  # token, tense


def light_verb(scene: Scene, modality: Modality, trigger: Trigger) -> Light | None:
    """The light verb that carries a noun trigger: (token, tense); in the relative clause after the noun too."""
    at = trigger.first, trigger.last
    if at not in scene.lights:
        scene.lights[at] = _light_verb(scene, modality, trigger)
    return scene.lights[at]


def _light_verb(scene: Scene, modality: Modality, trigger: Trigger) -> Light | None:
    start, _ = scene.clause_bounds(trigger.first)
    words = scene.words
    own = _behind(scene, modality, trigger)
    if own is not None and own[1] != "imperfect" and words[own[0] + 1] in modality.with_it:
        return own  # «أجرى … محادثات خلال زيارة قام بها كيم», «تحدثت مصادر عن زيارة سيقوم بها كيم»
    related = _relative(scene, modality, trigger)
    if trigger.form.frame == "meet" and related is not None and words[related[0]] not in modality.light:
        return related  # «سيطلعه على نتائج القمة التي عقدها مع …»: the clause behind has the noun as its object
    for token in range(trigger.first - 1, max(start, trigger.first - _BEFORE) - 1, -1):
        nearer = scene.trigger_on(token)
        if nearer is not None and (nearer.verb or (nearer.form.type == "call") != (trigger.form.type == "call")):
            return None  # «أجرى اتصالا … على التحضيرات لمحادثاته»: the verb carries the call
        tense = modality.light.get(words[token]) or (modality.light.get(words[token][1:]) if words[token][:1] in "وف" else None)
        if tense and not _is_noun(scene, modality, token, trigger):
            return token, tense
    return (
        _opening(scene, modality, trigger)
        or _behind(scene, modality, trigger)
        or _without_pronoun(scene, modality, trigger)
        or related
    )


def held_as_noun(scene: Scene, modality: Modality, trigger: Trigger) -> bool:
    """«عقد قمة» as «the holding of a summit», «القيام بزيارة»: no tense, and mostly what has not been yet."""
    start, _ = scene.clause_bounds(trigger.first)
    if not modality.doing.isdisjoint(scene.words[max(start, trigger.first - 2) : trigger.first]):
        return True
    return any(_is_noun(scene, modality, token, trigger) for token in range(max(start, trigger.first - 2), trigger.first))


def is_held(scene: Scene, modality: Modality, start: int) -> bool:
    """Whether a clause that has no event of its own says that the one before it is held («أن تعقد», «أن تجمعه بـ…», «أن يقوم بها»)."""
    words, (_, stop) = scene.words, scene.clause_bounds(start)
    if start >= stop or words[start] not in modality.that or scene.triggers_in(start, stop):
        return False
    return not modality.light.keys().isdisjoint(_without_object(words[start + 1]))


def _is_noun(scene: Scene, modality: Modality, token: int, trigger: Trigger) -> bool:
    """Whether a word that can be a light verb is a verbal noun by what stands before it, or opens a sentence as one."""
    if scene.words[token] not in modality.nouns_too:
        return False
    start, _ = scene.sentence_bounds(token)
    return token + 1 == trigger.first if token == start else scene.words[token - 1] in modality.before_a_noun


def _opening(scene: Scene, modality: Modality, trigger: Trigger) -> Light | None:
    """«أما آخر قمة بين البلدين، فعقدت في 2011»: the verb opens the next clause."""
    _, stop = scene.clause_bounds(trigger.last)
    if not opens_with_light_verb(scene, modality, stop, trigger):
        return None
    return stop + 1, modality.light[scene.words[stop + 1][1:]]


def opens_with_light_verb(scene: Scene, modality: Modality, stop: int, trigger: Trigger) -> bool:
    """Whether the clause after token `stop`, in the trigger's sentence, begins with ف and a light verb."""
    _, sentence_stop = scene.sentence_bounds(trigger.first)
    return stop < sentence_stop and scene.words[stop + 1][:1] == "ف" and scene.words[stop + 1][1:] in modality.light


def _behind(scene: Scene, modality: Modality, trigger: Trigger) -> Light | None:
    """«محادثات ستعقد …», «لقاء بين الزعيمين سيعقد …», «زيارة قام بها …»."""
    words, light = scene.words, modality.light
    _, stop = scene.clause_bounds(trigger.last)
    for token in range(trigger.last + 1, min(stop, trigger.last + _AFTER) + 1):
        tense = light.get(words[token])
        if tense == "future" or (tense and token + 1 <= stop and words[token + 1] in modality.with_it):
            return token, tense
        if token in scene.trigger_at:
            break
    return None


def _without_pronoun(scene: Scene, modality: Modality, trigger: Trigger) -> Light | None:
    """«محادثات أجرتها مع …»: a relative clause without a pronoun; the verb points back by its object."""
    _, sentence_stop = scene.sentence_bounds(trigger.first)
    for token in range(trigger.last + 1, min(trigger.last + 3, sentence_stop) + 1):
        for form in _without_object(scene.words[token])[1:]:
            if form in modality.light:
                return token, modality.light[form]
    return None


def _relative(scene: Scene, modality: Modality, trigger: Trigger) -> Light | None:
    """«القمة التي سيعقدها …»."""
    opening = relative_behind(scene, modality, trigger)
    if opening is None:
        return None
    _, sentence_stop = scene.sentence_bounds(trigger.first)
    for token in range(opening + 1, min(opening + 2, sentence_stop) + 1):
        for form in _without_object(scene.words[token]):
            if form in modality.light:
                return token, modality.light[form]
    return None


def relative_behind(scene: Scene, modality: Modality, trigger: Trigger) -> int | None:
    """The relative pronoun that opens the clause right behind a noun, where more of that clause follows."""
    _, stop = scene.clause_bounds(trigger.last)
    _, sentence_stop = scene.sentence_bounds(trigger.first)
    if stop + 2 > sentence_stop or stop - trigger.last > 2 or scene.words[stop + 1].removeprefix("و") not in modality.relatives:
        return None
    return stop + 1


def _without_object(word: str) -> tuple[str, ...]:
    """«سيعقدها» as it stands and as «سيعقد»."""
    return (word, *(word.removesuffix(pronoun) for pronoun in ("ها", "هما", "ه") if word.endswith(pronoun)))
