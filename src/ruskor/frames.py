"""Who does what where around a trigger: participants and places of one event mention, by the trigger's frame."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from ruskor.entities import Entity, as_state, pair_words, state_entity
from ruskor.lightverbs import is_held, light_verb, opens_with_light_verb
from ruskor.modality import Modality, among
from ruskor.model import GATHERING
from ruskor.places import role_words
from ruskor.scene import Scene
from ruskor.titles import title_words
from ruskor.triggers import Trigger

PARTY = ("person", "organization", "nationality")
_ASIDE = 8  # words in brackets before a name
_APART = 4  # words between two places of one event
_TRAVEL = ("go", "leave", "come_back", "move")


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
    if stop >= sentence_stop:
        return start, stop
    relative = words[stop + 1].removeprefix("و") in modality.relatives and stop - trigger.last <= 8
    # «أما آخر قمة بين البلدين، فعقدت في 2011 بين …»
    carried = opens_with_light_verb(scene, modality, stop, trigger) and not trigger.verb
    told_more = words[stop + 1] in modality.telling_more and not trigger.verb
    if not relative and trigger.verb and trigger.form.frame == "move" and not _places(scene.between(trigger.last + 1, stop)):
        stop = _behind_remark(scene, modality, stop)
    if relative and trigger.verb and trigger.form.frame in _TRAVEL:
        stop = _behind_relative(scene, trigger, stop, sentence_stop)
    if relative or carried or (told_more and not _parties(scene.between(trigger.last + 1, stop))):
        stop = scene.clause_bounds(stop + 1)[1]
        if stop < sentence_stop and is_held(scene, modality, stop + 1):
            stop = scene.clause_bounds(stop + 1)[1]  # «القمة التي كان مقررا أن تجمعه بكيم في هانوي»
    return start, stop


def _behind_relative(scene: Scene, trigger: Trigger, stop: int, sentence_stop: int) -> int:
    """Token before the clause that holds the goal of «وصل كيم، الذي لا يسافر إلا نادرا، أمس إلى روسيا», else `stop` itself."""
    _, middle = scene.clause_bounds(stop + 1)
    if (
        middle >= sentence_stop
        or _places(scene.between(trigger.last + 1, middle))
        or _other_trigger(scene, trigger.last + 1, middle, trigger)
    ):
        return stop
    first, last = scene.clause_bounds(middle + 1)
    return middle if _places(scene.between(first, last)) else stop


def _behind_remark(scene: Scene, modality: Modality, stop: int) -> int:
    """The last token of a clause that only goes on with «إلى …» behind a remark («وصل شويغو، بتكليف من بوتين، إلى بيونغ يانغ»)."""
    first, last = scene.clause_bounds(stop + 1)
    plain = scene.words[first] not in modality.openers and not any(t.verb for t in scene.triggers_in(first, last))
    return last if plain and any(_led_to(scene, modality, e) for e in _places(scene.between(first, last))) else stop


def _parties(entities: list[Entity]) -> list[Entity]:
    return [e for e in entities if (e.kind in PARTY and not e.media and not e.weak) or _acts(e)]


def _told_of(scene: Scene, modality: Modality, entities: list[Entity]) -> list[Entity]:
    """Without those that only name a matter («الملف السوري»), a clock («بتوقيت غرينتش») or the state of a place."""
    words, matters = scene.words, modality.matters
    kept: list[Entity] = []
    dropped = -1  # last token of the last nationality left out
    for e in entities:
        matter = e.kind in ("nationality", "place") and (words[e.first - 1].removeprefix("ب") in matters or dropped == e.first - 1)
        if matter or _qualifies_place(scene, e):
            dropped = e.last
        else:
            kept.append(e)
    return _with_leaders(words, modality, kept)


def _qualifies_place(scene: Scene, entity: Entity) -> bool:
    """«مدينة فلاديفوستوك الساحلية الروسية»: the adjective of the state in which the place before it lies."""
    at = entity.first - 1
    while at > 0 and scene.entity_at[at] < 0 and scene.words[at].startswith("ال"):
        at -= 1
    before = scene.entities[scene.entity_at[at]] if at > 0 and scene.entity_at[at] >= 0 else None
    return entity.kind == "nationality" and before is not None and before.kind == "place" and before.country == entity.country


def _with_leaders(words: list[str], modality: Modality, entities: list[Entity]) -> list[Entity]:
    """«زعماء روسيا وتركيا وإيران»: the states whose leaders come together."""
    out: list[Entity] = []
    for e in entities:
        plain = e.place is not None and e.place.role == "attributive"
        # «زعماء روسيا وتركيا», «وزارتا خارجية روسيا وكوريا الشمالية»
        after_state = bool(out) and ((out[-1].kind == "nationality" and out[-1].leaders) or out[-1].acts_for is not None)
        joined = after_state and e.prefix.startswith("و") and e.first - out[-1].last == 1
        led = plain and e.first > 0 and _led(words, modality, e.first)
        out.append(replace(as_state(e), leaders=True) if led or (joined and e.place is not None) else e)
    return out


def _led(words: list[str], modality: Modality, token: int) -> bool:
    """«زعماء روسيا», «نواب وزراء خارجية روسيا»: several leaders or officials before the name of their state."""
    at = token - 1
    if words[at].removeprefix("و") in modality.leaders:
        return True
    while at > 0 and words[at] in modality.portfolios:
        at -= 1
    return words[at].removeprefix("و") in modality.officials


def _acts(entity: Entity) -> bool:
    """Whether a place stands for its state."""
    return entity.kind == "place" and entity.place is not None and entity.place.role == "actor"


def _places(entities: list[Entity]) -> list[Entity]:
    return [e for e in entities if e.kind == "place" and e.place is not None and e.place.role == "location"]


def _near_places(scene: Scene, modality: Modality, trigger: Trigger, left: list[Entity], right: list[Entity]) -> list[Entity]:
    """Places after the trigger and before another event's noun; else a place before it with no other event between."""
    after = _places_after(scene, modality, trigger, right) or _where(scene, modality, trigger)
    before = _last_run(scene, _places(left))
    if after or not before or (trigger.form.frame in ("go", "move") and not trigger.verb) or counted(scene, modality, trigger):
        return after
    between = scene.words[before[-1].last + 1 : trigger.first]
    if not modality.count_from.isdisjoint(between) or (between[-1:] and among(between[-1], modality.carrying_out)):
        return []  # «زيارته إلى روسيا بعد شهرين على فشل قمته …», «نشر قوات في كورسك تنفيذا للمعاهدة»
    return [] if scene.triggers_in(before[-1].last + 1, trigger.first - 1) else before


def _where(scene: Scene, modality: Modality, trigger: Trigger) -> list[Entity]:
    """«توجه إلى أولان أودي، حيث يعقد محادثات»: a gathering or agreement is where the clause before «حيث» ends."""
    start, _ = scene.clause_bounds(trigger.first)
    if scene.words[start] not in modality.where or trigger.form.frame not in ("meet", "sign") or not scene.same_sentence(start, start - 1):
        return []
    named = scene.between(scene.clause_bounds(start - 1)[0], start - 1)
    return [e for e in _places(named) if loose_words(scene, e.last + 1, start - 1) <= 1][-1:]


def _last_run(scene: Scene, places: list[Entity]) -> list[Entity]:
    """The last place with those that stand right before it («في فلاديفوستوك في أقصى الشرق الروسي»)."""
    run = places[-1:]
    for place in reversed(places[:-1]):
        if loose_words(scene, place.last + 1, run[0].first - 1) > 1:
            break
        run.insert(0, place)
    return run


def _places_after(scene: Scene, modality: Modality, trigger: Trigger, right: list[Entity]) -> list[Entity]:
    frame = trigger.form.frame
    after: list[Entity] = []
    for entity in _places(right):
        if _out_of_reach(scene, modality, trigger, entity, after):
            break
        if frame in ("go", "move") and scene.words[entity.first - 1] in modality.passing:
            continue
        if frame == "go" and not trigger.verb and not after and not _is_goal(scene, trigger, entity):
            continue
        if frame in ("go", "move") and after and entity.country != after[0].country and not entity.prefix.startswith("و"):
            if trigger.verb and _led_to(scene, modality, entity) and not _led_to(scene, modality, after[0]):
                after = [entity]  # «توجه وزير تنمية الشرق الأقصى إلى بيونغ يانغ»
                continue
            break  # «زيارته لكوريا الشمالية … أثارت جدلا في سيول»
        if all(_light_company(other, trigger) for other in scene.triggers_in(trigger.last + 1, entity.first - 1)):
            after.append(entity)
    return after


def _led_to(scene: Scene, modality: Modality, entity: Entity) -> bool:
    """Whether «إلى» stands before a place."""
    return scene.words[entity.first - 1] in modality.to_words


def _out_of_reach(scene: Scene, modality: Modality, trigger: Trigger, entity: Entity, found: list[Entity]) -> bool:
    """Whether a place behind a trigger is too far from it or from the last one found, its subject, or another event's."""
    frame, first = trigger.form.frame, trigger.last + 1
    if trigger.verb and frame in _TRAVEL:
        first = max(first, scene.clause_bounds(entity.first)[0])  # behind a relative clause
    if loose_words(scene, first, entity.first - 1) > (12 if frame == "meet" else 8):
        return True
    if found and loose_words(scene, found[-1].last + 1, entity.first - 1) > _APART:
        return True
    if frame == "meet" and _is_subject(scene, modality, trigger, entity):
        return True
    if frame in _TRAVEL and _at_another_occasion(scene, modality, trigger, entity):
        return True
    return not trigger.verb and trigger.form.definite and _counted_behind(scene, modality, trigger, entity)


def _speaks(scene: Scene, modality: Modality, entity: Entity) -> bool:
    """Whether somebody only says it («وأشار أوشاكوف إلى احتمال توقيع …»)."""
    word = scene.words[entity.first - 1] if entity.first else ""
    return word in modality.speech or (word[:1] in ("و", "ف") and word[1:] in modality.speech)


def _behind_another(scene: Scene, modality: Modality, trigger: Trigger, entity: Entity) -> bool:
    """Whether another event's noun stands between the trigger and a party («المحادثات … لزيارة الزعيم», «ركز الاجتماع على قمة …»)."""
    between = scene.triggers_in(trigger.last + 1, entity.first - 1)
    if any(not modality.apart.isdisjoint(scene.words[trigger.last + 1 : other.first]) for other in between if other.form.frame == "meet"):
        return True
    return any((not _light_company(other, trigger) and other.form.frame != "say") or other.form.type == "visit" for other in between)


def _at_another_occasion(scene: Scene, modality: Modality, trigger: Trigger, entity: Entity) -> bool:
    """Whether somebody behind a journey stands with a gathering that is not its purpose («زيارة لافروف … مع دنو قمة … ترامب»)."""
    between = scene.triggers_in(trigger.last + 1, entity.first - 1)
    gatherings = [t for t in between if t.form.frame == "meet" and not t.verb]
    return any("ل" not in t.prefix and scene.words[t.first - 1] not in modality.purpose for t in gatherings)


def _is_subject(scene: Scene, modality: Modality, trigger: Trigger, entity: Entity) -> bool:
    """Whether a place or state behind a gathering is what it is about («اجتماع … لبحث الوضع في شبه الجزيرة»)."""
    return entity.kind != "person" and not modality.about_what.isdisjoint(scene.words[trigger.last + 1 : entity.first])


def counted(scene: Scene, modality: Modality, trigger: Trigger) -> bool:
    """«بعد قمته مع …», «بعد أسبوع على قمة»: something else is dated by it."""
    before = scene.words[max(0, trigger.first - 6) : trigger.first]
    near = before[-1:] if before[-1:] and before[-1] not in modality.counted_by else before
    return not trigger.verb and not modality.count_from.isdisjoint(near)


def _counted_behind(scene: Scene, modality: Modality, trigger: Trigger, entity: Entity) -> bool:
    """Whether somebody stands with an event that only says when («استقبل كيم بعد أسبوع على قمة جمعته بترامب»)."""
    nouns = [t for t in scene.triggers_in(trigger.last + 1, entity.first - 1) if not t.verb]
    return any(not modality.count_from.isdisjoint(scene.words[max(trigger.last, t.first - 6) : t.first]) for t in nouns)


def _one_side(before: list[Entity], places: list[Entity]) -> list[Entity]:
    """Of people of two states before a journey («سيلتقي كيم مع ميدفيديف خلال زيارة …») those of the first one's who goes abroad."""
    people = [e for e in before if e.kind == "person"]
    if len({e.country for e in people}) < 2:
        return before
    people = [e for e in people if not places or e.country != places[0].country] or people
    return [e for e in people if e.country == people[0].country]


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
    kinds, frames = {other.form.type, trigger.form.type}, {other.form.frame, trigger.form.frame}
    if len(kinds) > 1 and "call" in kinds:
        return False  # «اتصالا … أطلعه خلاله على التحضيرات لمحادثاته مع …»
    if trigger.form.frame == "meet" and other.form.frame == "go" and not other.verb and other.form.type != "delegation":
        return False  # «المحادثات قد تشمل التحضير لزيارة … إلى روسيا»
    if trigger.form.frame == "leave" and (other.form.frame == "move" or other.form.type == "delegation"):
        return True  # «غادر وفد … متوجها إلى …»
    return len(kinds) == 1 or kinds <= GATHERING or frames <= {"go", "move", "meet"}


def _run(entities: list[Entity], k: int) -> list[Entity]:
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
    _, clause_stop = scene.clause_bounds(trigger.last)
    told_more = stop > clause_stop and scene.words[clause_stop + 1] in modality.telling_more
    barrier = None if told_more else _other_trigger(scene, trigger.last + 1, stop, trigger)
    if barrier is not None:
        stop = barrier - 1
    out = Arguments(left=start, right=stop)
    left = [e for e in _told_of(scene, modality, scene.between(start, trigger.first - 1)) if e.kind == "person" or not _aside(scene, e)]
    right = _told_of(scene, modality, scene.between(trigger.last + 1, stop))
    right = _with_both_states(scene, modality, trigger, _without_matter(scene, modality, trigger, right), range(start, stop + 1))
    if _is_upshot(scene, modality, trigger, right):
        left, start = _places(left), trigger.first
    pair = _pair(scene, modality, trigger, range(start, stop + 1))
    out.pair, owned = (pair[1], pair[0] == trigger.last + 1) if pair is not None else (None, False)
    if out.pair is None and _dual(scene, modality, trigger):
        out.pair = "people"
    fill = _verb if trigger.verb else _noun
    if owned and trigger.form.frame == "meet" and not trigger.verb:
        left = _places(left)  # «حديث للوزير عن اجتماع الرئيسين»: whose gathering it is stands behind it
    fill(scene, modality, trigger, out, left=left, right=right)
    return out


def _without_matter(scene: Scene, modality: Modality, trigger: Trigger, right: list[Entity]) -> list[Entity]:
    """«ناقش شويغو مع كيم الحوار بين روسيا والولايات المتحدة»: behind others who meet, «بين» says what they speak about."""
    if not trigger.verb or trigger.form.frame != "meet" or not right:
        return right
    between = (j for j in range(right[0].last + 1, right[-1].first) if scene.words[j] in modality.between)
    matter = next(between, None)
    return right if matter is None or not _parties(right[:1]) else [e for e in right if e.first < matter]


def _pair(scene: Scene, modality: Modality, trigger: Trigger, tokens: range) -> tuple[int, str] | None:
    """The token nearest to the trigger that means two («الزعيمان»), and which two: leaders, ministers, people or states."""
    pairs, words = pair_words(modality.both), scene.words
    if pairs.keys().isdisjoint(words[tokens.start : tokens.stop]):
        return None
    found = [token for token in tokens if words[token] in pairs and _of_two_states(scene, token)]
    nearest = min(found, key=lambda token: (abs(token - trigger.first), token < trigger.first), default=None)
    return (nearest, pairs[words[nearest]]) if nearest is not None else None


def _aside(scene: Scene, entity: Entity) -> bool:
    """«رئيسة المجلس (الغرفة العليا للبرلمان الروسي)»: what stands in brackets only explains."""
    gaps, start = scene.document.tokens.gaps, scene.sentence_bounds(entity.first)[0]
    for token in range(entity.first, max(start, entity.first - _ASIDE), -1):
        if "(" in gaps[token]:
            return True
        if ")" in gaps[token]:
            return False
    return False


def _of_two_states(scene: Scene, token: int) -> bool:
    """«رئيسا البلدين», «زعيما روسيا وكوريا الشمالية», but not «صار رئيسا للوزراء»; other words for two need nothing behind them."""
    tw, words = title_words(), scene.words
    if words[token].lstrip("وفبل") not in tw.pair_of_states and words[token] not in tw.pair_of_states:
        return True
    after = token + 1
    return after < len(words) and (scene.entity_at[after] >= 0 or words[after] in tw.pair_states)


def _with_both_states(scene: Scene, modality: Modality, trigger: Trigger, right: list[Entity], tokens: range) -> list[Entity]:
    """Two states for a word that stands for two («الكوريتين»), behind the other entities."""
    if modality.both_states.keys().isdisjoint(scene.words[tokens.start : tokens.stop]):
        return right
    for token in tokens:
        countries = modality.both_states.get(scene.words[token])
        met = token <= trigger.last + 1 or scene.words[token - 1] in modality.with_words | modality.leaders
        if countries and met:  # not «خط يربط الكوريتين»
            states = [state_entity(scene.gazetteer, country, token, token) for country in countries]
            right = [e for e in right if e.first != token] + [e for e in states if e is not None]
    return right


def _dual(scene: Scene, modality: Modality, trigger: Trigger) -> bool:
    """«التقيا», «عقدا قمة»: the verb itself says that there are two."""
    if trigger.verb:
        word = scene.words[trigger.first]
        return trigger.form.pronoun is None and len(word) > 4 and word.endswith(("ا", "ان")) and not word.endswith("وا")
    light = light_verb(scene, modality, trigger)
    return light is not None and scene.words[light[0]].removesuffix("ها").endswith(("دا", "يا", "دان", "يان"))


def _verb(scene: Scene, modality: Modality, trigger: Trigger, out: Arguments, *, left: list[Entity], right: list[Entity]) -> None:
    frame = trigger.form.frame
    out.places = _near_places(scene, modality, trigger, left, right)
    before = [e for e in _parties(left) if not e.prefix.endswith(("ب", "ل"))]
    if not before and scene.words[trigger.first].endswith(("وا", "ون")):  # «ممثلو المكتب … للجيش الكوري الشمالي التقوا»
        before = [e for e in _parties(left) if e.kind in ("organization", "nationality")]
    # Subject before the verb: a headline, or «إن بوتين سيزور …»; the subject stands close to the verb.
    close = 1 if before and before[-1].kind == "place" else 12
    svo = bool(before) and trigger.first - before[-1].last <= close and not trigger.prefix
    if svo and frame in _TRAVEL and before[-1].kind == "place" and any(e.kind == "person" and e.first == trigger.last + 1 for e in right):
        svo = False  # «وبعد كوريا الشمالية يتوجه بوتين إلى …»
    after = [e for e in _parties(right) if frame not in ("receive", "meet") or not _counted_behind(scene, modality, trigger, e)]
    direct = [e for e in after if not e.prefix.startswith(("ل", "ب")) and not (e.kind == "nationality" and _behind_place(right, e))]
    direct = [] if any(is_each(scene, modality, e) for e in after) else direct
    if _of_antecedent(scene, modality, trigger):
        out.second, out.pronoun = after, True
    elif svo:
        k = len(before) - 1
        while k > 0 and before[k].prefix.startswith("و") and before[k].first - before[k - 1].last <= 2:
            k -= 1
        out.first = before[k:]
        out.second = after
    elif frame in _TRAVEL and trigger.form.pronoun is None and scene.words[trigger.first - 1] in modality.relatives:
        out.second, out.pronoun = after, True  # «التقى لافروف الذي يزور بيونغ يانغ الزعيم …»: who travels stands before
    elif direct and (frame != "receive" or trigger.form.pronoun is None):
        index = after.index(direct[0])
        out.first = _run(after, index)
        out.second = [e for e in after if e not in out.first]
    else:
        out.second = after
        out.pronoun = True
    if trigger.form.pronoun is not None and frame in ("receive", "meet", "invite"):
        out.pronoun = True


def is_each(scene: Scene, modality: Modality, e: Entity) -> bool:
    """«التقت بكل من لافروف وبوتين»: the first of several objects."""
    return e.first > 1 and scene.words[e.first - 1] == "من" and scene.words[e.first - 2] in modality.each_of


def _behind_place(right: list[Entity], entity: Entity) -> bool:
    """«غادر بيونغ يانغ لحضور العرض الصيني»: the object of the verb stands before an adjective, which is no subject then."""
    return any(e.kind == "place" and e.first < entity.first for e in right)


def _of_antecedent(scene: Scene, modality: Modality, trigger: Trigger) -> bool:
    """«الذي يزور بيونغ يانغ»: a verb of a relative clause that points back by no other pronoun has its antecedent as subject."""
    if trigger.form.frame not in (*_TRAVEL, "meet", "receive") or trigger.form.pronoun is not None or _dual(scene, modality, trigger):
        return False
    words, before = scene.words, trigger.first - 1
    while before > 0 and (words[before] in modality.qad or words[before] in modality.will or words[before] in modality.was):
        before -= 1
    if before < 0 or words[before] not in modality.relatives:
        return False
    following = words[trigger.last + 1] if trigger.last + 1 < len(words) else ""
    return following not in modality.pointing_back


def _noun(scene: Scene, modality: Modality, trigger: Trigger, out: Arguments, *, left: list[Entity], right: list[Entity]) -> None:
    frame = trigger.form.frame
    following = scene.words[trigger.last + 1] if trigger.last + 1 < len(scene.words) else ""
    held_by_him = frame == "meet" and scene.words[trigger.first - 1] in modality.his_doing  # «قبل إجرائه محادثات مع …»
    out.pronoun = held_by_him or trigger.form.pronoun is not None or following in modality.of_him | modality.latter
    out.places = _near_places(scene, modality, trigger, left, right)
    after = [e for e in _parties(right) if frame not in ("meet", "sign") or not _behind_another(scene, modality, trigger, e)]
    after = [e for e in after if frame != "meet" or not _is_subject(scene, modality, trigger, e)]
    nations = [e for e in after if e.kind == "nationality"][:2]
    if frame in ("meet", "sign") and len(nations) == 2 and nations[0].first == trigger.last + 1 and nations[1].first - nations[0].last <= 2:
        out.first = nations  # «القمة الكورية الروسية»
        return
    # The possessor stands right after the noun, perhaps behind adjectives («زيارة دولة ودية لبوتين»).
    owner = [e for e in after if e.first - trigger.last <= (4 if not e.prefix else 5)]
    before = [e for e in _parties(left) if e.kind != "nationality" or e.leaders or e.last < trigger.first - 1]
    before = [e for e in before if not _speaks(scene, modality, e)]
    light = light_verb(scene, modality, trigger)
    if light is not None and light[0] > trigger.last:
        # «القمة التي سيعقدها كيم مع بوتين»: both sides follow the light verb.
        out.first, out.second = after[:1], after[1:]
    elif frame in _TRAVEL:
        behind = trigger.last + 2 if following.startswith("ل") else trigger.last + 1  # «أول زيارة لرئيس صيني»
        own = [e for e in owner if e.kind != "nationality" or e.first in (trigger.last + 1, behind)]
        # not the guest of another journey: «الزيارة غداة اختتام بوتين …»
        own = [e for e in own if modality.next_day.keys().isdisjoint(scene.words[trigger.last + 1 : e.first])]
        after = [] if _is_beside(scene, trigger) else [e for e in after if not _at_another_occasion(scene, modality, trigger, e)]
        _travellers(out, own, _one_side(before, out.places), after, light=light[0] if light is not None else None)
    elif frame == "receive":
        out.first = owner[:1]
        out.second = [e for e in after if e not in out.first]
    elif frame in ("meet", "sign"):
        alone = len([e for e in owner if e.kind == "person"]) <= 1
        between = len(after) > 1 and scene.words[after[0].first - 1] in modality.between  # both sides follow
        his = trigger.form.pronoun in ("ه", "ها") and after and light is None  # «لمحادثاته مع …»: whose they are the pronoun says
        after_people = [e for e in after if e.kind == "person"]
        if after_people and not modality.between_him.isdisjoint(scene.words[trigger.last + 1 : after_people[0].first]):
            before = [e for e in before if e.kind == "person"][:1]  # «المحادثات المرتقبة بينه وبين ترامب»
        if after_people and counted(scene, modality, trigger):  # «استقبل شي كيم بعد أسبوع على قمة …»
            before = before[-1:] if len(after_people) == 1 else []
        out.first = [e for e in before if e.kind != "place" or light is not None] if alone and not between and not his else []
        out.second = after
    else:
        out.first, out.second = before, after


def _is_upshot(scene: Scene, modality: Modality, trigger: Trigger, right: list[Entity]) -> bool:
    """«سيطلع الصين على نتائج المحادثات», «احتجاجا على المعاهدة»: who stands before has no part in it."""
    before = scene.words[trigger.first - 1]
    if trigger.verb or trigger.form.frame not in ("meet", "sign") or not trigger.form.definite or trigger.form.pronoun is not None:
        return False
    return before in modality.upshots or (trigger.form.frame == "sign" and not _parties(right) and before in modality.imposed_on)


def _is_beside(scene: Scene, trigger: Trigger) -> bool:
    """«ويلتقي خلال زيارته الأمين العام …»: who stands behind the visit is met, he is no host of it."""
    start, _ = scene.clause_bounds(trigger.first)
    met = any(t.verb and t.form.frame == "meet" for t in scene.triggers_in(start, trigger.first - 1))
    return met and trigger.form.pronoun is not None


def _travellers(out: Arguments, own: list[Entity], before: list[Entity], after: list[Entity], *, light: int | None) -> None:
    """Who travels: the noun's possessor, else who stands before it, behind the light verb first."""
    called_on = light is not None and bool(before) and bool(own) and own[0].prefix.endswith("ل")  # «قامت تشوي بزيارة لبوتين»
    if own and not out.pronoun and not called_on:
        out.first = _run(own, 0)
        out.second = [e for e in after if e not in out.first]
        return
    out.first = [] if out.pronoun else before
    out.second = after
    if out.pronoun and light is not None:
        out.first = [e for e in before if e.first > light] or before
        out.pronoun = not out.first
