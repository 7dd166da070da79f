"""The mentions of an article: every trigger with its participants, place, time and status."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from ruskor.completion import complete
from ruskor.dating import DONE, lend_dates, members, one_before, set_length, settle_own_date
from ruskor.entities import names_of
from ruskor.frames import arguments, counted
from ruskor.mention import LEAD, Mention
from ruskor.modality import Modality, among
from ruskor.model import GATHERING
from ruskor.scene import Scene
from ruskor.status import ASSUMED, SAID, TENSE, Reading, read_status
from ruskor.times import own_times
from ruskor.triggers import Trigger
from ruskor.visits import next_stops, split_destinations, split_guests

_LAST_ONE = 9  # words between «آخر مرة» and the noun that it counts
_HAPPENING = GATHERING | {"visit", "delegation", "call"}
_HAD = 6  # words from «كان» to «قد زار»
_TOLD_IN_PLURAL = frozenset({"visit", "invitation", "delegation", "call", "meeting"})


def build_mentions(scene: Scene, modality: Modality) -> list[Mention]:
    """Every trigger of the scene as a mention; those that name nobody and point nowhere are left out."""
    times = own_times(scene, modality)
    out: list[Mention] = []
    for trigger in scene.triggers:
        args = arguments(scene, modality, trigger)
        time = times.own.get(trigger.first)
        reading = read_status(scene, modality, trigger, time.value if time else None)
        mention = Mention(
            trigger,
            trigger.form.type,
            list(args.first),
            list(args.second),
            list(args.places),
            time,
            reading,
            (args.left, args.right),
            series=_is_series(scene, modality, trigger),
            headline=scene.headline(trigger.first),
            news=_is_news(scene, modality, trigger, reading),
            counted=counted(scene, modality, trigger) or (time is None and _by_the_way(scene, modality, trigger)),
            until=times.until.get(trigger.first),
            around=trigger.first > 0 and scene.words[trigger.first - 1] in modality.during,
        )
        if complete(scene, modality, mention, args):
            settle_own_date(scene, modality, mention)
            mention.again = mention.again or _is_last_one(scene, modality, mention)
            out += [one for journey in split_guests(mention) for one in split_destinations(scene, modality, journey)]
            out += one_before(scene, mention, times.earlier.get(trigger.first, []))
            out += members(scene, mention, time, times.members.get(trigger.first, []))
    out = _joined(scene, modality, _out_of_series(scene, modality, out))
    _doubt_purposes(scene, modality, out)
    _name_journeys(scene, modality, out)
    _await_next(scene, modality, out)
    _fill_earlier_visits(scene, modality, out)
    for m in out:
        set_length(scene, modality, m)
    undated = [m for m in out if m.time is None]
    lend_dates(scene, modality, out)
    for m in undated:
        set_length(scene, modality, m)
    return [one for m in out for one in (m, *next_stops(scene, modality, m))]


def _by_the_way(scene: Scene, modality: Modality, trigger: Trigger) -> bool:
    """«حليفتها التي وقعت معها معاهدة»: an agreement of another time, told to say who somebody is."""
    told = trigger.verb and trigger.form.type == "agreement" and trigger.form.pronoun is None
    return told and trigger.first > 0 and among(scene.words[trigger.first - 1], modality.relatives)


def _is_news(scene: Scene, modality: Modality, trigger: Trigger, reading: Reading) -> bool:
    """Whether the article begins with what has just happened («التقى …»), and not with what had before («وكان قد التقى …»)."""
    if scene.sentence_of[trigger.first] > LEAD or reading.status not in ("occurred", "ongoing") or trigger.form.type not in _HAPPENING:
        return False
    start, _ = scene.clause_bounds(trigger.first)
    past = not modality.was.isdisjoint(scene.words[max(start, trigger.first - _HAD) : trigger.first])
    return not past and (scene.headline(trigger.first) or reading.strength >= (TENSE if trigger.verb else SAID))


def _is_last_one(scene: Scene, modality: Modality, m: Mention) -> bool:
    """«كانت آخر زيارة له عام 2002», «آخر مرة عقدا فيها محادثات …»: the one before what is told now."""
    own = scene.published
    if m.trigger.verb or m.date is None or (own is not None and m.date.last >= own.start):
        return False
    start, stop = scene.clause_bounds(m.at)
    near = scene.words[max(start, m.at - _LAST_ONE) : m.at]
    if not modality.previous.isdisjoint(scene.words[m.trigger.last + 1 : min(stop, m.trigger.last + 2) + 1]):
        return True  # «الزيارة السابقة»
    return scene.words[m.at - 1] in modality.last_time or any(a in modality.last_time and b in modality.once for a, b in pairwise(near))


def _is_series(scene: Scene, modality: Modality, trigger: Trigger) -> bool:
    """«ثلاث مرات», «زيارات عدة»: several events told as one."""
    words, form = scene.words, trigger.form
    after = words[trigger.last + 1 : trigger.last + 3]
    if form.plural and not modality.series_after.isdisjoint(after):
        return True
    if trigger.verb:
        _, stop = scene.sentence_bounds(trigger.first)
        return not modality.times_words.isdisjoint(words[trigger.last + 1 : min(stop, trigger.last + 14) + 1])
    if not form.plural:
        return False
    if form.type in _TOLD_IN_PLURAL and form.frame != "meet":
        return True
    before = (w.lstrip("وفبل") for w in words[max(0, trigger.first - 3) : trigger.first])
    return not modality.series_before.isdisjoint([*before, *after])


def _name_journeys(scene: Scene, modality: Modality, mentions: list[Mention]) -> None:
    """«وصل لافروف إلى ماليزيا في زيارة …»: the noun names the journey of its clause, and no other."""
    for journey, m in pairwise(mentions):
        named = m.trigger.form.frame == "go" and not m.trigger.verb and not m.places and scene.words[m.at - 1] in modality.at
        if named and m.first and journey.type == "visit" and journey.trigger.verb and journey.places:
            same = scene.clause_of[journey.at] == scene.clause_of[m.at] and names_of(m.first) <= names_of(journey.first)
            m.same_as = journey if same else m.same_as


def _fill_earlier_visits(scene: Scene, modality: Modality, mentions: list[Mention]) -> None:
    """«زيارته الثانية … بعد زيارة في مارس الماضي»: the same visitor at the same place, earlier."""
    for visit, m in pairwise(mentions):
        if visit.type != "visit" or m.type != "visit" or m.places or m.time is None or m.trigger.verb or m.trigger.form.frame != "go":
            continue
        if not names_of(m.first) <= names_of(visit.first):
            continue
        if scene.same_sentence(visit.at, m.at) and scene.words[m.at - 1] in modality.count_from:
            m.first, m.places, m.again, m.anaphoric = visit.first, visit.places, True, False
            m.reading = DONE


def _doubt_purposes(scene: Scene, modality: Modality, mentions: list[Mention]) -> None:
    """«قد يزور بيونغ يانغ لعقد لقاءات»: the purpose of a journey, and what was to be held in it, is no surer than the journey."""
    for visit, m in pairwise(mentions):
        if visit.type != "visit" or m.type not in GATHERING or not scene.same_sentence(visit.at, m.at):
            continue
        if modality.purpose.isdisjoint(scene.words[max(visit.at, m.at - 2) : m.at + 1]):
            continue
        if visit.reading.status in ("planned", "possible", "called_off", "denied"):
            m.reading = visit.reading
        elif visit.trigger.form.frame in ("move", "leave") and visit.news and m.time is None:
            m.reading = Reading("planned", TENSE)  # «وصل اليوم للقاء …»: who has only come has not yet met
    called_off = [m for m in mentions if m.type == "visit" and m.reading.status == "called_off" and m.first]
    for m in mentions:
        if m.type not in GATHERING or m.reading.status != "planned" or not called_off:
            continue
        start, stop = scene.clause_bounds(m.at)
        if not modality.within.isdisjoint(scene.words[start : stop + 1]):  # «وكان من المقرر أن يلتقي خلالها …»
            m.reading = next((v.reading for v in called_off if names_of(v.first) & names_of(m.parties)), m.reading)


def _out_of_series(scene: Scene, modality: Modality, mentions: list[Mention]) -> list[Mention]:
    """«يجري بوتين سلسلة لقاءات، من بينها مباحثات مع مودي وأردوغان»: one with each, by whoever holds the series."""
    out = mentions[:1]
    for series, m in pairwise(mentions):
        start, _ = scene.sentence_bounds(m.at)
        host = next((e for e in series.parties if e.kind == "person" and start <= e.first < m.at), None)
        guests = [e for e in m.parties if e.kind == "person" and e.first > m.at]
        among_them = series.series and series.type in GATHERING and m.type in GATHERING and scene.words[m.at - 1] in modality.among_them
        if among_them and host is not None and guests and scene.same_sentence(series.at, m.at):
            series.first, series.second = [host], []
            one = replace(m, second=[], places=m.places or series.places, reading=series.reading, anaphoric=False)
            out += [replace(one, first=[host, guest], time=m.time or series.time) for guest in guests]
        else:
            out.append(m)
    return out


def _await_next(scene: Scene, modality: Modality, mentions: list[Mention]) -> None:
    """«من المرجح أن يعقدا قمة الأسبوع المقبل، قبل توجه بوتين إلى بكين»: what comes after a plan is planned."""
    for told, m in pairwise(mentions):
        awaited = told.reading.status in ("planned", "possible") and told.reading.strength == SAID and scene.same_sentence(told.at, m.at)
        guessed = m.reading == Reading("occurred", ASSUMED) and m.time is None and not m.trigger.verb
        if awaited and guessed and scene.words[m.at - 1] in modality.before_words:
            m.reading = Reading("planned", ASSUMED)


def _joined(scene: Scene, modality: Modality, mentions: list[Mention]) -> list[Mention]:
    """Neighbouring triggers that tell one event: «لقاء قمة», «توقيع اتفاق», «أبرم … اتفاقية», «زيارة» after «قام»."""
    out: list[Mention] = []
    for m in mentions:
        # What has the trigger of the last one is a member of a series, or the visit before.
        if m.occasion:
            if out and out[-1].type in GATHERING and scene.clause_of[out[-1].at] == scene.clause_of[m.at]:
                out[-1].time = out[-1].time or m.time
        elif not out or out[-1].trigger is m.trigger or not _taken_in(scene, modality, out[-1], m):
            if out and _of_delegation(scene, out[-1], m):
                m.anaphoric = True
                out.pop()
            out.append(m)
    return out


def _of_delegation(scene: Scene, last: Mention, m: Mention) -> bool:
    """«وكان الوفد الروسي قد وصل …»: the journey of the delegation spoken of, and nobody else's."""
    if last.type != "delegation" or not last.trigger.form.definite or m.type != "visit" or not m.trigger.verb:
        return False
    same = scene.clause_of[last.at] == scene.clause_of[m.at] and names_of(last.first) == names_of(m.first)
    return same and not any(e.kind == "person" for e in m.first)


def _taken_in(scene: Scene, modality: Modality, last: Mention, m: Mention) -> bool:
    """Whether a mention only tells more of the one before it, which then holds it."""
    same_clause = scene.clause_of[last.at] == scene.clause_of[m.at]
    near = m.at - last.trigger.last
    if last.type == m.type == "agreement":
        return _same_agreement(scene, modality, last, m, adjoining=same_clause and (near <= 3 or last.trigger.verb))
    if not same_clause:
        return _asked_for(scene, last, m)
    if {last.type, m.type} <= GATHERING:
        return _told_on(scene, modality, last, m, near)
    planned = m.reading.strength == SAID and m.reading.status != "occurred"
    if last.type == "invitation" and m.type == "visit" and near <= 12 and not planned:
        last.places = last.places or m.places
        return True
    return False


def _asked_for(scene: Scene, last: Mention, m: Mention) -> bool:
    """«دعا بوتين كيم، لزيارة روسيا»: the visit behind the comma is what the invitation is to."""
    opening, _ = scene.clause_bounds(m.at)
    asked = last.type == "invitation" and m.type == "visit" and m.at == opening and m.trigger.prefix == "ل" and not m.first
    if asked and scene.clause_of[m.at] == scene.clause_of[last.at] + 1 and scene.same_sentence(last.at, m.at):
        last.places = last.places or m.places
        return True
    return False


def _told_on(scene: Scene, modality: Modality, last: Mention, m: Mention, near: int) -> bool:
    """Whether a gathering of the same clause is the one told just before it."""
    apart = not modality.apart.isdisjoint(scene.words[last.trigger.last + 1 : m.at])  # «اجتماع على هامش قمة», «محادثات قبل القمة»
    side_by_side = near <= 3 and not scene.between(last.trigger.last + 1, m.at - 1)
    # «للقاء بوتين في قمة هي الأولى …»: what the meeting of the same people is
    bare = not m.trigger.verb and not m.trigger.form.definite and m.time is None and scene.words[m.at - 1] in modality.at
    if not apart and (side_by_side or (bare and names_of(m.parties) == names_of(last.parties) != frozenset())):
        last.type = "summit" if "summit" in (last.type, m.type) else last.type
        _absorb(last, m)
        return True
    if last.trigger.verb and not modality.purpose.isdisjoint(scene.words[m.at - 1 : m.at + 1]):
        _absorb(last, m)  # «التقى كيم وبوتين … لإجراء محادثات»
        return True
    # «انطلقت القمة … وسط ترقب للقاء»
    pointing = not m.trigger.verb and (m.trigger.form.definite or m.trigger.prefix.endswith("ل")) and m.time is None
    return pointing and names_of(m.parties + m.places) <= names_of(last.parties + last.places)


def _in_relative(scene: Scene, modality: Modality, m: Mention) -> bool:
    """Whether a mention stands in a relative clause."""
    opening, _ = scene.clause_bounds(m.at)
    return scene.words[opening] in modality.relatives


def _same_agreement(scene: Scene, modality: Modality, last: Mention, m: Mention, *, adjoining: bool) -> bool:
    # «المعاهدة … التي وقعها …», «الاتفاق الذي تم توقيعه …»
    points_back = m.trigger.form.pronoun is not None and scene.same_sentence(last.at, m.at)
    points_back = points_back and (m.trigger.verb or _in_relative(scene, modality, m))
    if not adjoining and not points_back:
        return False
    _absorb(last, m)
    if not adjoining:
        last.time = m.time or last.time
        last.reading = m.reading
    return True


def _absorb(a: Mention, b: Mention) -> None:
    names = names_of(a.parties)
    a.first += [e for e in b.first if e.name not in names]
    a.second += [e for e in b.second if e.name not in names]
    a.places = a.places or b.places
    if a.time is None:
        a.time = b.time
    if b.reading.strength > a.reading.strength and not a.trigger.verb:
        a.reading = b.reading
    a.evidence = (min(a.evidence[0], b.evidence[0]), max(a.evidence[1], b.evidence[1]))
    a.anaphoric = a.anaphoric and b.anaphoric
