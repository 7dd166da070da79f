"""Who does what where around a trigger: participants and places of one event mention, by the trigger's frame."""

from __future__ import annotations

from dataclasses import dataclass, field

from ruskor.places import role_words
from ruskor.scene import Entity, Scene, pair_kind
from ruskor.status import light_verb
from ruskor.triggers import Modality, Trigger

PARTY = ("person", "organization", "nationality")


@dataclass(slots=True)
class Arguments:
    """Entities around a trigger.

    `first` is the subject's side (guest, inviter, speaker, actor), `second` the other side, `places` where it is or goes;
    `pronoun` tells that the subject is only a pronoun, `pair` that both sides are («الزعيمان»).
    """

    first: list[Entity] = field(default_factory=list)
    second: list[Entity] = field(default_factory=list)
    places: list[Entity] = field(default_factory=list)
    pronoun: bool = False
    pair: str | None = None
    left: int = 0
    right: int = 0


def window(scene: Scene, modality: Modality, trigger: Trigger) -> tuple[int, int]:
    """Tokens that may hold the arguments: the clause, with the relative clause right after a noun and its light verb."""
    start, stop = scene.clause_bounds(trigger.first)
    _, last = scene.clause_bounds(trigger.last)
    stop = max(stop, last)
    _, sentence_stop = scene.sentence_bounds(trigger.first)
    words = scene.words
    if stop < sentence_stop and words[stop + 1].removeprefix("و") in modality.relatives and stop - trigger.last <= 8:
        stop = scene.clause_bounds(stop + 1)[1]
    elif stop < sentence_stop and words[stop + 1][:1] == "ف" and words[stop + 1][1:] in modality.light and not trigger.verb:
        stop = scene.clause_bounds(stop + 1)[1]  # «أما آخر قمة بين البلدين، فعقدت في 2011 بين …»
    elif stop < sentence_stop and words[stop + 1] in modality.telling_more and not trigger.verb and not _parties(scene.between(trigger.last + 1, stop)):
        stop = scene.clause_bounds(stop + 1)[1]
    return start, stop


def _parties(entities: list[Entity]) -> list[Entity]:
    return [e for e in entities if (e.kind in PARTY and not e.media and not e.weak) or (e.kind == "place" and e.place is not None and e.place.role == "actor")]


def _places(entities: list[Entity]) -> list[Entity]:
    return [e for e in entities if e.kind == "place" and e.place is not None and e.place.role == "location"]


def _near_places(scene: Scene, modality: Modality, trigger: Trigger, left: list[Entity], right: list[Entity]) -> list[Entity]:
    """Places after the trigger and before another event's noun; else a place before it with no other event between."""
    after = []
    reach = 12 if trigger.form.frame == "meet" else 8
    for entity in _places(right):
        if loose_words(scene, trigger.last + 1, entity.first - 1) > reach:
            break
        if trigger.form.frame in ("go", "move") and scene.words[entity.first - 1] in modality.passing:
            continue
        if trigger.form.frame == "go" and not trigger.verb and not after and not _is_goal(scene, trigger, entity):
            continue
        if all(_light_company(other, trigger) for other in scene.triggers_in(trigger.last + 1, entity.first - 1)):
            after.append(entity)
    if after:
        return after
    before = _places(left)
    if not before:
        return []
    last = before[-1]
    if scene.triggers_in(last.last + 1, trigger.first - 1):
        return []
    if trigger.form.frame in ("go", "move") and not trigger.verb:
        return []
    return [last]


def _speaks(scene: Scene, modality: Modality, entity: Entity) -> bool:
    """Whether somebody only says it («وأشار أوشاكوف إلى احتمال توقيع …»)."""
    word = scene.words[entity.first - 1] if entity.first else ""
    return word in modality.speech or (word[:1] in ("و", "ف") and word[1:] in modality.speech)


def _behind_another(scene: Scene, trigger: Trigger, entity: Entity) -> bool:
    """Whether another event's noun stands between the trigger and a party («المحادثات … لزيارة الزعيم»)."""
    between = scene.triggers_in(trigger.last + 1, entity.first - 1)
    return any((not _light_company(other, trigger) and other.form.frame != "say") or other.form.type == "visit" for other in between)


def _is_goal(scene: Scene, trigger: Trigger, entity: Entity) -> bool:
    """Whether a place is the goal of a visit noun: «إلى …», «ل…», «… مدينة», or right behind the noun or its visitor."""
    before = entity.first - 1
    if entity.prefix.endswith(("ل", "ب")) or before == trigger.last:
        return True
    word = scene.words[before]
    if word in role_words().location_prepositions or word in role_words().place_nouns or word.removeprefix("ل") in role_words().place_nouns:
        return True
    return scene.entity_at[before] >= 0 and scene.entities[scene.entity_at[before]].kind == "person"


def loose_words(scene: Scene, first: int, last: int) -> int:
    """Tokens that belong to no name and no date."""
    dated, entity_at = scene.dated, scene.entity_at
    return sum(1 for token in range(first, last + 1) if entity_at[token] < 0 and dated.get(token, -1) < first)


def _light_company(other: Trigger, trigger: Trigger) -> bool:
    """Whether a trigger between an event and its place tells the same event («زيارة … للقاء …», «توقيع اتفاق»)."""
    gathering = {"summit", "meeting", "negotiation"}
    return other.form.type == trigger.form.type or {other.form.type, trigger.form.type} <= gathering or {other.form.frame, trigger.form.frame} <= {"go", "move", "meet"}


def _run(scene: Scene, entities: list[Entity], k: int) -> list[Entity]:
    """The entities joined by «و» from index k on."""
    out = [entities[k]]
    for entity in entities[k + 1 :]:
        if entity.first - out[-1].last <= 2 and entity.prefix.startswith("و") and entity.kind == out[-1].kind:
            out.append(entity)
        else:
            break
    return out


def _other_trigger(scene: Scene, first: int, last: int, trigger: Trigger) -> int | None:
    """The first token of another verb trigger between two tokens."""
    return next((other.first for other in scene.triggers_in(first, last) if other is not trigger and other.verb), None)


def arguments(scene: Scene, modality: Modality, trigger: Trigger) -> Arguments:
    """The arguments of one trigger."""
    start, stop = window(scene, modality, trigger)
    told_more = stop > scene.clause_bounds(trigger.last)[1] and scene.words[scene.clause_bounds(trigger.last)[1] + 1] in modality.telling_more
    barrier = None if told_more else _other_trigger(scene, trigger.last + 1, stop, trigger)
    if barrier is not None:
        stop = barrier - 1
    out = Arguments(left=start, right=stop)
    left = scene.between(start, trigger.first - 1)
    right = scene.between(trigger.last + 1, stop)
    words = scene.words
    for token in range(start, stop + 1):
        if words[token] in modality.both_states:
            states = [_state_entity(scene, token, country) for country in modality.both_states[words[token]]]
            right = [e for e in right if e.first != token] + [e for e in states if e is not None]
    both = modality.both
    out.pair = next((kind for word in words[start : stop + 1] if (kind := pair_kind(word, both))), None)
    if out.pair is None and _dual(scene, modality, trigger):
        out.pair = "people"
    if trigger.verb:
        _verb(scene, modality, trigger, left, right, out)
    else:
        _noun(scene, modality, trigger, left, right, out)
    return out


def _dual(scene: Scene, modality: Modality, trigger: Trigger) -> bool:
    """«التقيا», «عقدا قمة»: the verb itself says that there are two."""
    if trigger.verb:
        word = scene.words[trigger.first]
        return trigger.form.pronoun is None and len(word) > 4 and word.endswith(("ا", "ان"))
    light = light_verb(scene, modality, trigger)
    return light is not None and scene.words[light[0]].endswith(("دا", "يا", "دان", "يان"))


def _state_entity(scene: Scene, token: int, country: str) -> Entity | None:
    """A state named by a word that stands for two («الكوريتين»)."""
    g = scene.gazetteer
    if country not in g.countries:
        return None
    place = g.places[g.countries[country]]
    return Entity(token, token, "nationality", place.name, place.name_ar, place.id, country)


def _verb(scene: Scene, modality: Modality, trigger: Trigger, left: list[Entity], right: list[Entity], out: Arguments) -> None:
    frame = trigger.form.frame
    out.places = _near_places(scene, modality, trigger, left, right)
    before = [e for e in _parties(left) if not e.prefix.endswith(("ب", "ل"))]
    # Subject before the verb: a headline, or «إن بوتين سيزور …»; the subject stands close to the verb.
    close = 1 if before and before[-1].kind == "place" else 12
    svo = bool(before) and trigger.first - before[-1].last <= close and not trigger.prefix
    after = _parties(right)
    direct = [e for e in after if not e.prefix.startswith(("ل", "ب"))]
    if svo:
        k = len(before) - 1
        while k > 0 and before[k].prefix.startswith("و") and before[k].first - before[k - 1].last <= 2:
            k -= 1
        out.first = before[k:]
        out.second = after
    elif direct and (frame != "receive" or trigger.form.pronoun is None):
        index = after.index(direct[0])
        out.first = _run(scene, after, index)
        out.second = [e for e in after if e not in out.first]
    else:
        out.second = after
        out.pronoun = True
    if trigger.form.pronoun is not None and frame in ("receive", "meet", "invite"):
        out.pronoun = True


def _noun(scene: Scene, modality: Modality, trigger: Trigger, left: list[Entity], right: list[Entity], out: Arguments) -> None:
    frame = trigger.form.frame
    out.pronoun = trigger.form.pronoun is not None or (trigger.last + 1 < len(scene.words) and scene.words[trigger.last + 1] in modality.of_him | modality.latter)
    out.places = _near_places(scene, modality, trigger, left, right)
    after = [e for e in _parties(right) if frame not in ("meet", "sign") or not _behind_another(scene, trigger, e)]
    between = [e for e in after if e.kind == "nationality"]
    if frame in ("meet", "sign") and len(between) >= 2 and between[0].first == trigger.last + 1 and between[1].first - between[0].last <= 2:
        out.first = between[:2]  # «القمة الكورية الروسية»
        return
    # The possessor stands right after the noun, perhaps behind adjectives («زيارة دولة ودية لبوتين»).
    owner = [e for e in after if e.first - trigger.last <= (4 if not e.prefix else 5)]
    before = [e for e in _parties(left) if (e.kind != "nationality" or e.last < trigger.first - 1) and not _speaks(scene, modality, e)]
    light = light_verb(scene, modality, trigger)
    if light is not None and light[0] > trigger.last:
        # «القمة التي سيعقدها كيم مع بوتين»: both sides follow the light verb.
        out.first, out.second = after[:1], after[1:]
        return
    if frame in ("go", "leave", "come_back", "move"):
        own = [e for e in owner if e.kind != "nationality" or e.first == trigger.last + 1]
        if own and not out.pronoun:
            out.first = _run(scene, own, 0)
            out.second = [e for e in after if e not in out.first]
        else:
            out.first = [] if out.pronoun else before
            out.second = after
            if out.pronoun and light is not None:
                out.first = [e for e in before if e.first > light[0]] or before
                out.pronoun = not out.first
        return
    if frame == "receive":
        out.first = owner[:1]
        out.second = [e for e in after if e not in out.first]
        return
    if frame in ("meet", "sign"):
        out.first = [] if len([e for e in owner if e.kind == "person"]) > 1 else [e for e in before if e.kind != "place" or light is not None]
        out.second = after
        return
    if frame == "invite":
        out.first, out.second = before, after
        return
    out.first, out.second = before, after
