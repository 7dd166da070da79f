"""Acts of one side completed: tests, sanctions, deployments, arms, aid and attacks, with who does them to whom."""

from __future__ import annotations

from ruskor.entities import Entity, as_state
from ruskor.mention import Mention
from ruskor.modality import Modality
from ruskor.scene import Scene

_NEAR = 3  # words between a noun and whose it is
_WEAPON = 6  # words behind a test in which its weapon is named


def complete_act(scene: Scene, modality: Modality, m: Mention) -> bool:
    """Fill in who does it and to whom; false where nothing can be said."""
    if m.type == "historic" and not modality.anniversary.isdisjoint(scene.words[max(0, m.at - _NEAR) : m.at]):
        return False  # «لحضور الذكرى السبعين لتأسيس …»: what is held is the feast
    if m.type == "military_attack" and not m.trigger.verb:
        return _complete_attack(scene, modality, m)
    if m.type == "weapons_test":
        _complete_test(scene, modality, m)
    elif m.type == "sanctions":
        m.first, m.second = _sanctions(scene, modality, m)
        m.places = []  # «حاولت في هانوي الحصول على تخفيف العقوبات»: they are nowhere
    elif not m.trigger.verb and m.type in ("military_deployment", "historic"):
        # «قال في ذكرى تأسيس روسيا»: who speaks of it does not do it
        m.first = [] if m.type == "historic" else _doers(m.first)
    elif m.type in ("aid", "arms_transfer") and not _complete_transfer(scene, modality, m):
        return False
    if m.type == "military_deployment":
        m.places = [e for e in m.places if e.country is None or e.country not in {x.country for x in m.first}]
    if not m.first and not m.second:
        start, _ = scene.sentence_bounds(m.at)
        states = [e for e in scene.between(start, m.at - 1) if e.kind != "person" and e.country is not None and not e.media]
        if m.type == "sanctions":
            m.second = states[-1:]
        else:
            m.first = states[-1:]
    # «تفقد منشآت إطلاق الصواريخ في …», «احتفالات تأسيس الحزب في …»: nobody's, at no time
    told = m.type not in ("weapons_test", "historic") or m.time is not None
    return bool(m.first or m.second or (m.places and told))


def _complete_transfer(scene: Scene, modality: Modality, m: Mention) -> bool:
    """Who gives what to whom; false for «تسعى للحصول على مساعدات», a wish from nobody."""
    if not m.trigger.verb:
        m.first, m.second = _giver_and_receiver(scene, modality, m)
        if not m.first and m.time is None and not modality.getting.isdisjoint(scene.words[max(0, m.at - _NEAR) : m.at]):
            return False
    to = [e for e in m.places if e.country is not None and scene.words[e.first - 1] in modality.to_words]
    m.second = [*m.second, *map(as_state, to)]  # «شحنت إلى روسيا قذائف»: it is who gets them
    m.places = [e for e in m.places if e not in to]
    return True


def _complete_attack(scene: Scene, modality: Modality, m: Mention) -> bool:
    """Whose war it is, and where; false where neither is told."""
    if any(e.kind == "person" and scene.words[e.first - 1] in modality.imposed_on for e in m.second):
        return False  # «شنت هجوما عنيفا على بومبيو»: an attack in words
    m.first, m.second = _attackers(scene, modality, m), []
    m.places = [e for e in m.places if 0 < e.first - m.trigger.last <= _NEAR]
    return bool(m.first or m.places)


def _complete_test(scene: Scene, modality: Modality, m: Mention) -> None:
    """Whose test it is, of what, and where, which is at home."""
    leaders = scene.gazetteer.leaders
    # «ظهور ابنة كيم في إطلاق الصواريخ»: the state tests, and its leader at most
    m.first = [e if e.kind != "person" or e.person in leaders else as_state(e) for e in _testers(m)]
    m.second, m.weapon = [], _weapon(scene, modality, m)
    tester = {e.country for e in m.first}
    m.places = [e for e in m.places if e.country is None or not tester or e.country in tester]


def _attackers(scene: Scene, modality: Modality, m: Mention) -> list[Entity]:
    """Whose war it is: the state behind the noun («الغزو الروسي»), or before it («روسيا في حربها», «شنت … هجوما»); else unknown."""
    behind = [e for e in m.parties if e.kind != "person" and 0 < e.first - m.trigger.last <= 2 and not e.prefix]
    behind = [e for e in behind if scene.words[e.first - 1] not in modality.imposed_on]
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


def _sanctions(scene: Scene, modality: Modality, m: Mention) -> tuple[list[Entity], list[Entity]]:
    """(who imposes them, on whom): «على» and its like mark the target, who stands behind the noun or before it imposes."""
    targets = [e for e in m.parties if e.first > m.at and _laid_on(scene, modality, m, e)]
    rest = [e for e in m.parties if e not in targets and (e.kind != "person" or not targets)]
    behind = [e for e in rest if e.first > m.at and e.first - m.trigger.last <= _NEAR]
    before = [e for e in rest if e.first < m.at]
    if targets and not behind and not modality.drafts.isdisjoint(scene.words[max(0, m.at - _NEAR) : m.at]):
        return [], targets  # «قرار يفرض عقوبات»
    if targets:
        return (behind or [e for e in before if e.kind != "person"][-1:] or before[-1:]), targets
    bodies = [e for e in before if e.kind == "organization" and e.country is None][-1:]  # «فرض مجلس الأمن عقوبات»
    return (behind or bodies), [e for e in before if _is_state(e)][-1:]


def _laid_on(scene: Scene, modality: Modality, m: Mention, e: Entity) -> bool:
    """«على روسيا», «على ثلاثة كيانات روسية»; not «عقوبات … لاستخدامها في الحرب ضد أوكرانيا»."""
    if len(scene.triggers_in(m.trigger.last + 1, e.first)) > 0:
        return False
    for token in range(e.first - 1, max(-1, e.first - 1 - _NEAR), -1):
        if scene.words[token] in modality.imposed_on:
            return True
        if scene.entity_at[token] >= 0 or token in scene.trigger_at or e.kind != "nationality":
            return False
    return False


def _weapon(scene: Scene, modality: Modality, m: Mention) -> str | None:
    """What is tested, by the first word in or behind the trigger that says it."""
    near = scene.words[m.at : min(m.trigger.last + _WEAPON, len(scene.words))]
    return next((kind for word in near for stem, kind in modality.weapons.items() if stem in word), None)


def _giver_and_receiver(scene: Scene, modality: Modality, m: Mention) -> tuple[list[Entity], list[Entity]]:
    """Who gives and who gets: «من» or an adjective marks the giver, «إلى» and «ل» the receiver, who may also stand before."""
    behind = [e for e in m.parties if e.first > m.at]
    receivers = [e for e in behind if e.prefix.endswith("ل") or scene.words[e.first - 1] in modality.to_words]
    own = [e for e in behind if e.kind == "nationality" and e.first == m.trigger.last + 1]
    givers = [e for e in behind if scene.words[e.first - 1] in modality.from_words] or own
    before = [e for e in m.parties if e.first < m.at]
    gets = not modality.getting.isdisjoint(scene.words[max(0, m.at - _NEAR) : m.at])
    if gets and not receivers:
        return givers, before[-1:]
    if givers or receivers:
        return givers or [e for e in before if e not in receivers], receivers
    return m.first, m.second
