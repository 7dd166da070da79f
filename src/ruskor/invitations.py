"""Invitations completed: inviter in `first`, guest in `second`."""

from __future__ import annotations

from ruskor.antecedents import meant
from ruskor.entities import Entity, as_state, names_of
from ruskor.frames import Arguments
from ruskor.mention import Mention
from ruskor.modality import Modality, among
from ruskor.places import role_words
from ruskor.scene import Scene
from ruskor.status import TENSE
from ruskor.titles import title_words

_ASKED = 24  # words between an invitation and the visit behind a comma


def complete_invitation(scene: Scene, modality: Modality, m: Mention, args: Arguments) -> bool:
    """Fill in who invites whom; false where nothing can be said."""
    return (_verb if m.trigger.verb else _noun)(scene, modality, m, args)


def _somebody_else(scene: Scene, token: int, others: list[Entity]) -> list[Entity]:
    """Somebody named before, of another country than those on the other side."""
    return meant(scene, token, avoid=names_of(others), avoid_country=others[0].country if others else None)


def _verb(scene: Scene, modality: Modality, m: Mention, args: Arguments) -> bool:
    words, token = scene.words, m.at
    people = [e for e in m.second if e.kind == "person"]
    if m.trigger.form.pronoun and not people:
        people = _somebody_else(scene, token, m.first)
    if not m.first:
        m.first = _somebody_else(scene, token, people)
        if m.trigger.form.pronoun and m.first and people and _destination(scene, token, args) in {e.country for e in people}:
            m.first, people = people, m.first  # «التقى لافروف كيم ودعاه لزيارة موسكو»: one invites to one's own country
    if not people and m.first and any(words[j] in modality.the_other for j in range(token, min(token + 5, len(words)))):
        people = _somebody_else(scene, token, m.first)
    if not people and len(m.first) == 1 and _goal(scene, token, m.first[0]):
        # «ودعا شي إلى زيارة كوريا الشمالية»: nobody invites to a country that is not his, so he is the guest
        home = _goal(scene, token, m.first[0])[0].country
        people, m.first = m.first, [e for e in _somebody_else(scene, token, m.first) if e.country == home]
    if not m.first or not people:
        return False
    m.second = people
    last = _end_of_asking(scene, modality, token, args.right)
    visits = [t.first for t in scene.triggers_in(token + 1, last) if t.form.type == "visit" and t.form.frame == "go"]
    visits += [j for j in range(token + 1, last + 1) if words[j] in modality.visit_words]
    to = next((j for j in range(token + 1, last) if words[j] in modality.to_words and scene.entity_at[j] < 0), None)
    if to is None or to + 1 in visits:
        return bool(visits)
    goal = scene.entity_at[to + 1]
    return goal >= 0 and scene.entities[goal].kind in ("place", "organization")  # not «دعا إلى توسيع …»


def _destination(scene: Scene, token: int, args: Arguments) -> str | None:
    """The country of the first place behind an invitation."""
    places = (e for e in scene.between(token + 1, args.right) if e.place is not None and e.place.role == "location")
    return next((e.country for e in places), None)


def _end_of_asking(scene: Scene, modality: Modality, token: int, right: int) -> int:
    """Where what somebody asks for may still stand: the next clause too, if it opens with a visit («دعا بوتين كيم، لزيارة روسيا»)."""
    _, stop = scene.sentence_bounds(token)
    if right < stop and scene.words[right + 1] in modality.visit_words:
        return min(right + 1, token + _ASKED)
    return min(right, token + 15)


def _noun(scene: Scene, modality: Modality, m: Mention, args: Arguments) -> bool:
    words, token = scene.words, m.at
    everyone = [e for e in m.parties if e.kind in ("person", "organization") or e.place is not None]
    receives = any(among(words[j], modality.receiving) for j in range(max(args.left, token - 8), token))
    gives = any(among(words[j], modality.giving_invitation) for j in range(max(args.left, token - 8), min(token + 4, args.right + 1)))
    inviter, guest = _marked(scene, modality, m, everyone)
    if inviter and not guest and inviter[0].first == m.trigger.last + 1 and _asked_abroad(scene, modality, inviter[0]):
        inviter, guest = [], inviter  # «تدرس دعوة كيم لزيارة موسكو»
    if m.trigger.form.definite and m.trigger.form.pronoun is None and not inviter and not guest:
        m.first, m.second, m.anaphoric = [], [], True  # «وقبل الدعوة»
        return True
    if m.trigger.form.plural and not gives and modality.visit_words.isdisjoint(words[token : min(args.right + 1, token + 10)]):
        return False  # «الدعوات من الصين للتهدئة»
    if not inviter and gives and not receives:
        inviter = [e for e in everyone if e.kind == "person" and e not in guest][:1]
    if not guest:
        guest = [e for e in everyone if e.last < token and e.kind == "person" and e not in inviter][-1:]
    if not inviter and guest and receives:
        inviter = [e for e in everyone if e not in guest and e.kind != "place"][:1]
    guest = guest or _somebody_else(scene, token, inviter)
    if not inviter and guest and receives:
        inviter = _somebody_else(scene, token, guest)
        goal = _goal(scene, token, guest[0])
        inviter = inviter if not goal or (inviter and inviter[0].country == goal[0].country) else goal
    if not inviter and guest:
        inviter = _goal(scene, token, guest[0])
    m.first, m.second = inviter, guest
    return bool(guest) and (bool(inviter) or receives or m.trigger.form.plural or m.reading.strength >= TENSE)


def _marked(scene: Scene, modality: Modality, m: Mention, everyone: list[Entity]) -> tuple[list[Entity], list[Entity]]:
    """Inviter and guest by their prepositions («دعوة من … إلى …»), or the inviter right behind the noun."""
    words = scene.words
    inviter = []
    his = m.trigger.form.pronoun is not None  # «دعوته كيم إلى …»: who follows is the guest
    for e in everyone:
        possessor = e.first == m.trigger.last + 1 and not e.prefix and not his
        if e.first > m.at and (possessor or words[_before_counterpart(scene, e.first - 1)] in modality.from_words):
            inviter.append(e)
    people = [e for e in everyone if e.kind == "person" and e not in inviter]
    asked = [e for e in people if e.prefix.endswith("ل") or words[e.first - 1] in modality.to_words]
    return inviter, asked or [e for e in people if his and e.first == m.trigger.last + 1]


def _before_counterpart(scene: Scene, token: int) -> int:
    """The token before «نظيره الكوري الشمالي», if that ends at `token`, else `token` itself."""
    at = token
    while at > 0 and scene.entity_at[at] >= 0 and scene.entities[scene.entity_at[at]].kind == "nationality":
        at -= 1
    return at - 1 if at > 0 and scene.words[at] in title_words().counterpart else token


def _asked_abroad(scene: Scene, modality: Modality, e: Entity) -> bool:
    """Whether the visit right behind somebody with an invitation goes to another state than his."""
    word = e.last + 1
    if e.kind != "person" or word >= len(scene.words) or scene.words[word] not in modality.visit_words:
        return False
    return any(goal.country not in (None, e.country) for goal in scene.between(word + 1, word + 2) if goal.kind == "place")


def _goal(scene: Scene, token: int, guest: Entity) -> list[Entity]:
    """The state of the first place abroad that the sentence names."""
    start, stop = scene.sentence_bounds(token)
    goals = [e for e in scene.between(start, stop) if e.place is not None and e.place.role == "location"]
    behind = [e for e in scene.between(token, stop) if e.kind == "organization"]
    goals += [e for e in behind if scene.words[e.first - 1] in role_words().location_prepositions]  # «إلى البيت الأبيض»
    return [as_state(e) for e in goals if e.country not in (None, guest.country)][:1]
