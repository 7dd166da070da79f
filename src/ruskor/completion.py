"""Mentions completed by frame: pronouns and pairs filled in, and what can say nothing left out."""

from __future__ import annotations

from collections.abc import Callable

from ruskor.acts import complete_act
from ruskor.antecedents import last_pair, meant, other_state
from ruskor.entities import Entity, countries_of, names_of, state_entity
from ruskor.frames import Arguments, is_each
from ruskor.invitations import complete_invitation
from ruskor.lightverbs import light_verb
from ruskor.mention import Mention
from ruskor.modality import Modality, among
from ruskor.scene import Scene
from ruskor.status import TENSE
from ruskor.visits import complete_attendance, complete_reception, complete_return, complete_visit

_CALL = 20  # words between a verb and the call by which somebody speaks
_ADVERB = 8  # words between a verb and «هاتفيا»


def complete(scene: Scene, modality: Modality, m: Mention, args: Arguments) -> bool:
    """Fill in pronouns and pairs; false where nothing can be said."""
    complete_by_frame = _BY_FRAME.get(m.trigger.form.frame)
    return complete_by_frame(scene, modality, m, args) if complete_by_frame else complete_act(scene, modality, m)


def _meeting(scene: Scene, modality: Modality, m: Mention, args: Arguments) -> bool:
    parties = _who_meet(scene, modality, m, args)
    known = names_of(e for e in parties if e.kind == "person")
    m.occasion = _is_occasion(scene, modality, m)
    if m.trigger.verb and _by_telephone(scene, modality, m):
        m.type = "call"
    nameless = m.trigger.verb and scene.words[m.at].endswith("ون") and not parties  # «مستشارون رفيعو المستوى سيجتمعون»
    if nameless or (not m.trigger.verb and not modality.attendants.isdisjoint(scene.words[max(0, m.at - 2) : m.at])):
        return False  # «هنأ كيم والمشاركين في الاجتماع»
    if args.pronoun and len(known) < 2:
        who = meant(scene, m.at, avoid=known, gender=m.gender)
        parties, known = [*who, *parties], known | names_of(who)
    opening, _ = scene.clause_bounds(m.at)
    purpose = m.trigger.prefix.endswith("ل") and m.at == opening  # «…، للقاء نظيره»: who goes to meet him is told before
    sure = m.trigger.verb or m.reading.strength >= TENSE or purpose or _held(scene, modality, m)
    if parties and sure and not args.pair and _lacks_subject(scene, modality, m, parties, known):
        # «حيث سيجري مباحثات مع نظيره»: the subject is in the verb.
        who = meant(scene, m.at, avoid=known, avoid_country=parties[0].country)
        parties, known = [*who, *parties], known | names_of(who)
    if args.pair and len(known) < 2 and len(countries_of(parties)) < 2:  # not «الرئيسان الروسي والأميركي»
        parties = [*last_pair(scene, m.at, args.pair), *parties]
    if len(known) > 1:
        parties = [e for e in parties if e.kind != "organization" or e.acts_for is not None]  # «في ختام قمة العشرين»
    m.first, m.second = parties, []
    if len(known) >= 2 or len(countries_of(parties)) >= 2:
        return True
    m.anaphoric = m.trigger.form.definite or any(e.kind != "organization" or e.acts_for for e in parties)
    return m.anaphoric


def _who_meet(scene: Scene, modality: Modality, m: Mention, args: Arguments) -> list[Entity]:
    """Those around the trigger who take part."""
    if _only_spoken_of(scene, modality, m, args):
        return []
    parties = [e for e in m.parties if not e.weak]
    if not any(e.kind == "person" for e in parties):
        return parties
    # «مباحثات مع كيم حول أوكرانيا»: a state named beside people is the subject of the talk, unless it is met
    return [e for e in parties if e.kind != "place" or scene.words[e.first - 1] in modality.with_words or e.prefix.startswith("و")]


def _only_spoken_of(scene: Scene, modality: Modality, m: Mention, args: Arguments) -> bool:
    """«أبدى بوتين أسفه لإلغاء القمة», «هنأ الكرملين الكوريتين باللقاء»: nobody behind the noun, nothing that somebody before it holds."""
    form = m.trigger.form
    bare = not m.trigger.verb and form.definite and form.pronoun is None and not args.pair and not args.pronoun
    if not bare or light_verb(scene, modality, m.trigger) is not None or any(e.first > m.at for e in m.parties):
        return False
    return all(t.form.frame == "say" for t in scene.triggers_in(args.left, m.at - 1))  # not «سيزور … للمشاركة في الحوار الاستراتيجي»


def _held(scene: Scene, modality: Modality, m: Mention) -> bool:
    """«حيث يعقد محادثات مع …»: a light verb, which has the subject, stands before the noun."""
    light = light_verb(scene, modality, m.trigger)
    return light is not None and light[0] < m.at


def _by_telephone(scene: Scene, modality: Modality, m: Mention) -> bool:
    """«بحث لافروف مع نظيره، في اتصال هاتفي، …»: a call behind a verb of meeting, in the same sentence."""
    _, stop = scene.sentence_bounds(m.at)
    if not modality.by_telephone.isdisjoint(scene.words[m.at + 1 : min(stop, m.at + _ADVERB) + 1]):
        return True  # «بحث بوتين هاتفيا مع كيم»
    behind = next(iter(scene.triggers_in(m.trigger.last + 1, min(stop, m.at + _CALL))), None)
    within = modality.at | modality.during | modality.passing
    return behind is not None and behind.form.type == "call" and not behind.verb and scene.words[behind.first - 1] in within


def _is_occasion(scene: Scene, modality: Modality, m: Mention) -> bool:
    """«على هامش القمة», «خلال قمة مجموعة العشرين»: a gathering that only says where two others met."""
    before = scene.words[max(0, m.at - 2) : m.at]
    if m.trigger.verb:
        return False
    own = scene.between(m.trigger.last + 1, m.trigger.last + 2)
    held_by = any(e.kind == "organization" and e.acts_for is None for e in own)
    return not modality.margins.isdisjoint(before) or (held_by and not modality.during.isdisjoint(before))


def _agreed_to_meet(scene: Scene, modality: Modality, m: Mention) -> bool:
    """«اتفقا على أن يزور …», «اتفق الجانبان على عقد قمة»: a plan and no agreement."""
    after = scene.words[m.trigger.last + 1 : m.trigger.last + 10]
    if m.trigger.verb and not modality.agreed_on.isdisjoint(after[:1]):
        return True  # «موعد اتفق عليه الجانبان»
    if not m.trigger.verb or "علي" not in after[:-1]:
        return False
    subject = after[after.index("علي") + 1]
    return subject in modality.that or subject in modality.nouns_too or subject in modality.meeting_words


def _lacks_subject(scene: Scene, modality: Modality, m: Mention, parties: list[Entity], known: frozenset[str]) -> bool:
    """Whether one side of a meeting stands in the verb alone: not of an organisation's own gathering, nor of one only attended."""
    light = light_verb(scene, modality, m.trigger)
    group = light is not None and scene.words[light[0]].endswith(("ون", "وا"))  # «زعماء … سيعقدون قمة»
    first = min(parties, key=lambda e: e.first)
    if m.trigger.verb and first.first > m.at and (first.prefix.endswith("ب") or is_each(scene, modality, first)):
        return True  # «ليلتقي بالملك والرئيس», «التقت بكل من لافروف وبوتين»
    if group or len(countries_of(parties)) > 1 or not modality.attending.isdisjoint(scene.words[max(0, m.at - 3) : m.at]):
        return False
    if not known:
        return any(e.kind != "organization" for e in parties)
    if m.trigger.verb and _somebody_unnamed(scene, modality, m.trigger.last + 1):
        return False  # «التقى العاملة المسؤولة»
    return len(known) < 2 or (first.first > m.at and scene.words[first.first - 1] in modality.with_words - modality.between)


def _somebody_unnamed(scene: Scene, modality: Modality, token: int) -> bool:
    """Whether a definite noun stands there that names nobody known, and no leaders («التقى الزعماء الثلاثة»)."""
    word = scene.words[token] if token < len(scene.words) else ""
    unknown = word.startswith("ال") and scene.entity_at[token] < 0 and token not in scene.dated
    return unknown and word.removeprefix("ال") not in modality.leaders


def _agreement(scene: Scene, modality: Modality, m: Mention, args: Arguments) -> bool:
    if _agreed_to_meet(scene, modality, m):
        return False
    carried_out = not m.trigger.verb and among(scene.words[m.at - 1], modality.carrying_out)
    # «اتفق فلان وفلان على تنفيذ المعاهدة»: it is their states'
    parties = _states_of(scene, m.parties) if carried_out else m.parties
    if args.pair:
        parties = [*last_pair(scene, m.at, args.pair), *parties]
    done = m.reading.status == "occurred" and m.trigger.form.tense == "perfect"  # «حيث وقع اتفاقية»: the subject is in the verb
    his = m.trigger.form.pronoun == "ه" and bool(parties)  # «غداة توقيعه مع كيم معاهدة»
    if (m.trigger.verb or his) and not args.pair and (parties or done) and len(countries_of(parties)) < 2:
        known = parties[0].country if parties else None
        parties = [*meant(scene, m.at, avoid=names_of(parties), avoid_country=known, gender=m.gender), *parties]
    with_one = len(countries_of(parties)) == 1 and all(e.kind != "person" for e in parties)
    if with_one and m.trigger.form.definite and any(scene.words[e.first - 1] in modality.with_words for e in parties):
        parties = [*other_state(scene, m.at, parties[0].country), *parties]  # «المعاهدة المبرمة مع روسيا»
    m.first, m.second = parties, []
    m.anaphoric = len(countries_of(parties)) < 2
    near = " ".join(scene.words[max(args.left, m.at - 6) : m.trigger.last + 3])
    if m.anaphoric and not m.trigger.verb and not any(stem in near for stem in modality.reaching):
        return False
    return bool(parties) or m.trigger.form.definite or m.reading.strength > 0


def _states_of(scene: Scene, parties: list[Entity]) -> list[Entity]:
    """The parties, with their states in place of people."""
    stands = [state_entity(scene.gazetteer, e.country, e.first, e.last) if e.kind == "person" and e.country else e for e in parties]
    return [e for e in stands if e is not None]


def _statement(_scene: Scene, _modality: Modality, m: Mention, _args: Arguments) -> bool:
    m.first = [e for e in m.first if e.kind != "nationality"][:2]
    m.second = [e for e in m.second if e.kind == "person" or (e.place is not None and e.place.role == "actor")][:2]
    return bool(m.first)


_BY_FRAME: dict[str, Callable[[Scene, Modality, Mention, Arguments], bool]] = {
    "go": complete_visit,
    "move": complete_visit,
    "leave": complete_visit,
    "come_back": complete_return,
    "attend": complete_attendance,
    "receive": complete_reception,
    "meet": _meeting,
    "invite": complete_invitation,
    "sign": _agreement,
    "say": _statement,
}
