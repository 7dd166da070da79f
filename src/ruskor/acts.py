"""Acts of one side completed: tests, sanctions, deployments, arms, aid and attacks, with who does them to whom."""

from __future__ import annotations

from ruskor.entities import Entity
from ruskor.mention import Mention
from ruskor.modality import Modality
from ruskor.scene import Scene

_NEAR = 3  # words between a noun and whose it is
_WEAPON = 6  # words behind a test in which its weapon is named


def complete_act(scene: Scene, modality: Modality, m: Mention) -> bool:
    """Fill in who does it and to whom; false where nothing can be said."""
    if m.type == "military_attack" and not m.trigger.verb:
        m.first, m.second = _attackers(scene, m), []
        return bool(m.first or m.places)
    if m.type == "weapons_test":
        m.first, m.second, m.weapon = _testers(m), [], _weapon(scene, modality, m)
    elif m.type == "sanctions":
        m.first, m.second = _sanctions(scene.words, modality, m)
    elif not m.trigger.verb and m.type == "military_deployment":
        m.first = _doers(m.first)
    if not m.first and not m.second:
        start, _ = scene.sentence_bounds(m.at)
        states = [e for e in scene.between(start, m.at - 1) if e.kind != "person" and e.country is not None and not e.media]
        if m.type == "sanctions":
            m.second = states[-1:]
        else:
            m.first = states[-1:]
    return bool(m.first or m.second or m.places)


def _attackers(scene: Scene, m: Mention) -> list[Entity]:
    """Whose war it is: the state behind the noun («الغزو الروسي»), or before it («روسيا في حربها», «شنت … هجوما»); else unknown."""
    behind = [e for e in m.parties if e.kind != "person" and 0 < e.first - m.trigger.last <= 1 and not e.prefix]
    if behind or (m.trigger.form.definite and m.trigger.form.pronoun is None):
        return behind[:1]
    start, _ = scene.sentence_bounds(m.at)
    return [e for e in scene.between(start, m.at - 1) if e.kind in ("place", "nationality") and e.country is not None][-1:]


def _is_state(e: Entity) -> bool:
    """Whether a state is told by its name, its nationality or a body that acts for it."""
    return e.kind != "person" and e.country is not None


def _doers(before: list[Entity]) -> list[Entity]:
    """The state named last before the noun; people where there is none («اتهم زيلينسكي كوريا الشمالية بإرسال جنود»)."""
    return [e for e in before if _is_state(e)][-1:] or before


def _testers(m: Mention) -> list[Entity]:
    """Whose test it is: behind the noun («تجربة كوريا الشمالية»), else the subject before it; bodies of many states test nothing."""
    if m.trigger.verb:
        return [e for e in m.first if e.country is not None][:1]
    behind = [e for e in m.second if _is_state(e)]
    return behind[:1] or _doers([e for e in m.first if e.country is not None])[-1:]


def _sanctions(words: list[str], modality: Modality, m: Mention) -> tuple[list[Entity], list[Entity]]:
    """(who imposes them, on whom): «على» and its like mark the target, who stands behind the noun or before it imposes."""
    targets = [e for e in m.parties if e.first > m.at and words[e.first - 1] in modality.imposed_on]
    rest = [e for e in m.parties if e not in targets and (e.kind != "person" or not targets)]
    behind = [e for e in rest if e.first > m.at and e.first - m.trigger.last <= _NEAR]
    before = [e for e in rest if e.first < m.at]
    if targets and not behind and not modality.drafts.isdisjoint(words[max(0, m.at - _NEAR) : m.at]):
        return [], targets  # «قرار يفرض عقوبات»
    if targets:
        return (behind or [e for e in before if e.kind != "person"][-1:] or before[-1:]), targets
    bodies = [e for e in before if e.kind == "organization" and e.country is None][-1:]  # «فرض مجلس الأمن عقوبات»
    return (behind or bodies), [e for e in before if _is_state(e)][-1:]


def _weapon(scene: Scene, modality: Modality, m: Mention) -> str | None:
    """What is tested, by the first word in or behind the trigger that says it."""
    near = scene.words[m.at : min(m.trigger.last + _WEAPON, len(scene.words))]
    return next((kind for word in near for stem, kind in modality.weapons.items() if stem in word), None)
