"""Which trigger a date expression belongs to, by clause and neighbourhood."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta

from ruskor.entities import Time
from ruskor.frames import counted, loose_words
from ruskor.lightverbs import is_held, light_verb
from ruskor.modality import Modality, among
from ruskor.model import COARSENESS, Interval
from ruskor.places import role_words
from ruskor.scene import Scene
from ruskor.triggers import Trigger

_ERA = 12  # years: what lasts longer dates no single event
_SINCE = 8  # words from «منذ» to the date of what follows it
_ADJECTIVE = 4  # words from «المقررة» to its date, or back to what it counts from
_OPENING, _FRONTED = 2, 5  # words before the date that opens a clause, or that stands in it alone
_ANNOUNCED = 5  # words from «الإعلان» to what is announced
_PRONOUNS = ("ه", "ها", "هم", "هما")
_YEAR = timedelta(days=366)
_DATELINE = 40  # characters from the beginning of a line


@dataclass(slots=True)
class Times:
    """Dates by the first token of their trigger.

    `members`: «أجرى زيارات عدة هذا العام، كان آخرها الشهر الماضي» gives the series its year (`own`) and one member its month;
    «بعد زياراته في 2004 و2009 و2018» gives three members. `earlier`: «الأولى منذ عام 2000» dates the one before. `until`: the
    last day of a visit whose first day stands in another sentence.
    """

    own: dict[int, Time] = field(default_factory=dict)
    members: dict[int, list[Time]] = field(default_factory=dict)
    earlier: dict[int, list[Time]] = field(default_factory=dict)
    until: dict[int, Time] = field(default_factory=dict)


def own_times(scene: Scene, modality: Modality) -> Times:
    """The dates of the scene given to the triggers that they date."""
    found = Times()
    for time in scene.times:
        if scene.sentence_of[time.first] < 0 or time.value.last.year - time.value.start.year > _ERA:
            continue
        first_since = _first_since(scene, modality, time)
        if first_since is not None:
            found.earlier.setdefault(first_since, []).append(time)
            continue
        if _dates_nothing(scene, modality, time):
            continue
        owner = _owner(scene, modality, time)
        if owner is not None:
            _give(scene, modality, found, owner, time)
    return found


def _dates_nothing(scene: Scene, modality: Modality, time: Time) -> bool:
    before = scene.words[time.first - 1] if time.first > 0 else None
    if before in modality.ordinals and time.value.precision == "year":
        return True  # «قمة هي الثالثة هذا العام» counts, it does not date
    if before in modality.before_words and not modality.negations.isdisjoint(scene.words[max(0, time.first - 4) : time.first]):
        return True  # «الزيارة لن تتم قبل نهاية مارس»
    own = scene.published
    if before in modality.until and time.value.precision == "year" and own is not None and time.value.start > own.last:
        return True  # «برنامج للتعاون حتى عام 2030»: how long what they agree on is to last
    if time.first == time.last and scene.words[time.first] in modality.next_day:
        return True  # «غداة قمتهما»: counts from what follows
    if scene.words[time.first] in modality.for_years:
        return True  # «وقعا برنامجا للعامين 2009 و2010»
    vague = not modality.about.isdisjoint(scene.words[max(0, time.first - 1) : time.last + 1])
    return vague or _dateline(scene, time)


def _dateline(scene: Scene, time: Time) -> bool:
    """«سيئول، 20 سبتمبر (يونهاب) --»: the date of the report, not of what it tells."""
    own = scene.published
    if own is None or time.value.start != own.start or time.value.end != own.end or own.start != own.end:
        return False
    start, _ = scene.sentence_bounds(time.first)
    line = scene.document.lines[scene.document.sentences[scene.sentence_of[time.first]].line]
    opens = scene.document.tokens.starts[time.first] - line.start < _DATELINE
    absolute = any(scene.words[j].isdecimal() for j in range(time.first, time.last + 1))
    return opens and absolute and not scene.triggers_in(start, time.first - 1)


def _give(scene: Scene, modality: Modality, found: Times, owner: int, time: Time) -> None:
    """Note a date for its trigger, or for one member of what the trigger tells."""
    trigger = scene.triggers[scene.trigger_at[owner]]
    known = found.own.get(owner)
    if _of_a_member(scene, modality, trigger, time, known):
        found.members.setdefault(owner, []).append(time)
    elif _ends_a_visit(scene, modality, time, found.own):
        return
    elif trigger.form.type == "visit" and scene.words[time.first - 1] in modality.until and not _put_off(scene, modality, time):
        found.until[owner] = time
    elif known is None or _of_the_verb(scene, modality, trigger, time, known):
        found.own[owner] = time
    elif _begun(scene, modality, time, known):
        first, last = sorted((time.value, known.value), key=lambda v: v.start)
        found.own[owner] = replace(known, value=Interval(first.start, last.last, "day"))
    elif COARSENESS[time.value.precision] < COARSENESS[known.value.precision] and known.value.contains(time.value):
        found.own[owner] = time


def _of_the_verb(scene: Scene, modality: Modality, trigger: Trigger, time: Time, known: Time) -> bool:
    """«ألغى أمس زيارته التي كانت مقررة في 9 مايو», «ناقشا اليوم زيارته في يونيو»: the day before a noun is another word's."""
    light = None if trigger.verb else light_verb(scene, modality, trigger)
    return not trigger.verb and known.first < trigger.first < time.first and (light is None or light[0] > trigger.last)


def _of_a_member(scene: Scene, modality: Modality, trigger: Trigger, time: Time, known: Time | None) -> bool:
    """Whether a date is that of one of several events which the trigger tells."""
    words = scene.words
    if any(among(words[j], modality.one_of) for j in range(max(0, time.first - 4), time.first)):
        return True
    other = known is not None and time.value.precision == known.value.precision and not time.value.overlaps(known.value)
    if other and (trigger.form.plural or _listed(scene, time)):
        return True
    opening, _ = scene.clause_bounds(time.first)
    # «التقيا في فلاديفوستوك عام 2019، ثم في فوستوشني في سبتمبر 2023», «والتقى ثلاث مرات …، للمرة الأولى في بيونغيانغ في العام 2000»
    return opening > trigger.last and (elliptic(scene, modality, time) or among(words[opening], modality.first_time))


def _listed(scene: Scene, time: Time) -> bool:
    """«زار فيتنام في أعوام 2001 و2006 و2013»: each year of a list is that of a visit."""
    joint = time.first - 1 if scene.words[time.first - 1] == "و" else time.first
    return time.first > 0 and scene.words[joint].startswith("و") and any(t.last == joint - 1 for t in scene.times)


def elliptic(scene: Scene, modality: Modality, time: Time) -> bool:
    """A clause without a verb that only gives another place and time («ثم في … في …»)."""
    start, stop = scene.clause_bounds(time.first)
    opening = scene.words[start]
    if opening in modality.at or not among(opening, modality.conjunctions | modality.at) or scene.triggers_in(start, stop):
        return False
    return any(e.kind == "place" for e in scene.between(start, stop))


def _ends_a_visit(scene: Scene, modality: Modality, time: Time, owners: dict[int, Time]) -> bool:
    """Give the last day to the visit whose first day stands before in the sentence («وصل أمس في زيارة تستمر حتى الأربعاء»)."""
    if time.first == 0 or scene.words[time.first - 1] not in modality.until:
        return False
    start, _ = scene.sentence_bounds(time.first)
    for trigger in reversed([t for t in scene.triggers_in(start, time.first - 1) if t.form.type == "visit"]):
        first = owners.get(trigger.first)
        if first is not None and time.value.last > first.value.start and first.value.precision == "day":
            owners[trigger.first] = replace(first, value=Interval(first.value.start, time.value.last, "day"))
            return True
    return False


def _put_off(scene: Scene, modality: Modality, time: Time) -> bool:
    """«أرجأ زيارته حتى أكتوبر»: that is when it begins."""
    start, _ = scene.sentence_bounds(time.first)
    return any(among(word, modality.postponing) for word in scene.words[start : time.first])


def _begun(scene: Scene, modality: Modality, time: Time, other: Time) -> bool:
    """«اختتم اليوم الأحد زيارته … التي بدأها يوم 12 سبتمبر»: two days that bound one visit."""
    if time.value.precision != "day" or other.value.precision != "day" or time.value.end is None or other.value.end is None:
        return False
    return any(scene.words[j] in modality.begins for j in range(max(0, time.first - 3), time.first))


def _first_since(scene: Scene, modality: Modality, time: Time) -> int | None:
    """The visit of which the text says that it is the first since this date: its trigger's first token."""
    words = scene.words
    start, stop = scene.sentence_bounds(time.first)
    since = words[time.first] in modality.since or (time.first > start and words[time.first - 1] in modality.since)
    if not since or time.value.precision not in ("year", "month", "day"):
        return None
    if not any(among(words[j], modality.first_of) for j in range(max(start, time.first - 8), time.first)):
        return None
    visits = [t for t in scene.triggers_in(start, stop) if t.form.type == "visit" and t.form.frame != "come_back"]
    before = [t for t in visits if t.first < time.first]
    near = before[-1:] or visits[:1]
    return near[0].first if near else None


def _owner(scene: Scene, modality: Modality, time: Time) -> int | None:
    """The first token of the trigger that a date belongs to."""
    base = _counted_from(scene, time)
    if base is not None:
        # «بعد يومين من قمتهما» today: the days counted end at the article, not at the summit.
        own = scene.published
        over = own is None or time.value.last < own.start
        return base.first if over and not _has_its_own(scene, base) else None
    start, stop = scene.clause_bounds(time.first)
    first_sentence, _ = scene.sentence_bounds(time.first)
    left = scene.triggers_in(start, time.first - 1)
    if _behind_since(scene, modality, start, time):
        return None
    if any(among(scene.words[j], modality.since) for j in range(max(first_sentence, time.first - 1), time.first + 1)):
        return _last_since(scene, modality, start, left) or _going_on_since(scene, modality, time, left)
    if left and not modality.since.isdisjoint(scene.words[left[-1].last + 1 : time.first]):
        return None  # «أول زيارة له منذ وصوله إلى السلطة عام 2011»: the year is that of what it counts from
    left = _not_said(scene, time, left)
    if _of_another(scene, modality, time, start, left):
        return None
    # «زار … في زيارة …», «أبرم … اتفاقية»: the verb that opens the clause carries the time of its noun too.
    near = left[-2:-1] if len(left) > 1 and left[-1].form.type == "delegation" else left[-1:]
    if not near:
        begun = _of_the_antecedent(scene, modality, time, start)
        following = [t for t in scene.triggers_in(time.last + 1, stop)[:1] if time.counts or not counted(scene, modality, t)]
        near = [t for t in following if t.form.type == "visit" or not begun]
    return near[0].first if near else _outside_clause(scene, modality, time)


def _not_said(scene: Scene, time: Time, triggers: list[Trigger]) -> list[Trigger]:
    """Without statements, where the day is still to come («قالت الوزارة: من 26 إلى 28 أكتوبر، تقوم …»)."""
    own = scene.published
    ahead = own is not None and time.value.last > own.last
    return [t for t in triggers if t.form.type != "statement"] if ahead else triggers


def _counted_from(scene: Scene, time: Time) -> Trigger | None:
    """«بعد تسعة أشهر على استقبال …»: a duration belongs to the noun it counts from."""
    if not time.counts:
        return None
    _, last = scene.sentence_bounds(time.first)
    return next((t for t in scene.triggers_in(time.last + 1, min(time.last + 3, last)) if not t.verb), None)


def _has_its_own(scene: Scene, counted: Trigger) -> bool:
    """«بعد أربع سنوات من لقائهما الأول في أبريل 2019»: the years counted are those of the event before."""
    _, stop = scene.clause_bounds(counted.first)
    return any(not scene.triggers_in(counted.last + 1, t.first) for t in scene.times_in(counted.last + 1, stop))


def _behind_since(scene: Scene, modality: Modality, start: int, time: Time) -> bool:
    """«أول قمة منذ تولي كيم السلطة في عام 2011»: the year of something else."""
    back = range(time.first - 2, max(start, time.first - _SINCE) - 1, -1)
    token = next((token for token in back if scene.words[token] in modality.since), None)
    return token is not None and token not in scene.dated and not scene.triggers_in(token + 1, time.first - 1)


def _of_another(scene: Scene, modality: Modality, time: Time, start: int, left: list[Trigger]) -> bool:
    """Whether a date is that of something else than the event before it: what it is counted to, its announcement, a decision on it."""
    words, own, last = scene.words, scene.published, left[-1] if left else None
    first = last.last + 1 if last else start
    near = range(max(first, time.first - _ADJECTIVE), time.first)
    planned = next((j for j in near if words[j].startswith("ال") and words[j] in modality.after), None)
    if planned is not None and not modality.count_from.isdisjoint(words[max(first, planned - _ADJECTIVE) : planned]):
        return True  # «قبل الانتخابات المقررة يوم 6 نوفمبر»
    if last is None or last.verb:
        return last is not None and _goes_on_now(scene, modality, last, start) and own is not None and time.value.last < own.start - _YEAR
    if not modality.deciding.isdisjoint(words[first : time.first]):
        return True  # «مصير القمة سيتحدد الأسبوع المقبل»
    over = own is not None and time.value.last <= own.last
    if over and not modality.announcing.isdisjoint(words[max(start, last.first - _ANNOUNCED) : last.first]):
        return True  # «الإعلان عن الزيارة أمس», «الإعلان الرسمي عن موعد ومكان المحادثات قبل يومين»
    # «إلى مكان القمة بعد دخوله الأراضي الروسية يوم 12»: the day of the word with the pronoun
    after = range(first, time.first - 1)
    return any(words[j] in modality.after_words and words[j + 1].endswith(_PRONOUNS) and j + 1 not in scene.trigger_at for j in after)


def _goes_on_now(scene: Scene, modality: Modality, trigger: Trigger, start: int) -> bool:
    """«يزور بيونغ يانغ في ذكرى نهاية الحرب (1950-1953)»: what is told in the present is not of years ago."""
    return trigger.form.tense == "imperfect" and modality.was.isdisjoint(scene.words[max(start, trigger.first - 6) : trigger.first])


def _last_since(scene: Scene, modality: Modality, start: int, left: list[Trigger]) -> int | None:
    """«للمرة الثالثة منذ عام 2000» dates no event of ours, «آخر زيارة منذ …» the last one before."""
    last = left[-1] if left else None
    if last is None or modality.last_time.isdisjoint(scene.words[max(start, last.first - 2) : last.first]):
        return None
    return last.first


def _of_the_antecedent(scene: Scene, modality: Modality, time: Time, start: int) -> bool:
    """«شملت جولته التي بدأت الثلاثاء محادثات مع …»: the day on which what stands before the clause began."""
    return among(scene.words[start], modality.relatives) and not modality.begins.isdisjoint(scene.words[start + 1 : time.first])


def _going_on_since(scene: Scene, modality: Modality, time: Time, left: list[Trigger]) -> int | None:
    """«الذي يزور روسيا منذ الثلاثاء», «يقوم بجولة فيها منذ الثلاثاء»: the day on which the visit began."""
    last = left[-1] if left else None
    if last is None or last.form.type != "visit" or time.value.precision != "day":
        return None
    light = None if last.verb else light_verb(scene, modality, last)
    return last.first if (light[1] if light else last.form.tense) == "imperfect" else None


def _outside_clause(scene: Scene, modality: Modality, time: Time) -> int | None:
    """The owner of a date whose clause has no trigger: in the next clause or in the one before."""
    clause = scene.clause_of[time.first]
    start, stop = scene.clauses[clause]
    first_sentence, last_sentence = scene.sentence_bounds(time.first)
    earlier = _not_said(scene, time, scene.triggers_in(first_sentence, start - 1))
    behind = sum(token not in scene.dated for token in range(start, time.first))  # «قبل عام بالضبط، في 18 يوليو 2000، زار …»
    begun = _of_the_antecedent(scene, modality, time, start)
    alone = start == first_sentence and behind <= _FRONTED and not scene.between(start, stop)
    # «…، وفي يوليو 2023، زار …», «قالت الوزارة في بيان “من 26 إلى 28 أكتوبر، تقوم …»
    said = time.last == stop and bool(scene.triggers_in(start, time.first - 1))
    verb = stop < last_sentence and (stop + 1 in scene.trigger_at or scene.words[stop + 1] in modality.light)
    resumed = verb and time.last == stop and behind <= 1 and scene.words[start].startswith("و")
    if alone or (said and verb) or (behind <= _OPENING and not begun and (start == first_sentence or not earlier or resumed)):
        # «وفي يوليو 2023، زار …», «وفي وقت سابق من هذا الشهر، زار …»
        later = scene.triggers_in(stop + 1, last_sentence)
        return later[0].first if later and scene.clause_of[later[0].first] <= clause + 1 else None
    if _is_then(scene, modality, time, start):
        return next((t.first for t in reversed(earlier) if t.form.type != "statement"), None)
    if not earlier:
        return None
    told = scene.clause_of[earlier[-1].last]
    if is_held(scene, modality, start):
        # «القمة يمكن أن تعقد في أواخر أغسطس», «زيارته التي كان من المقرر أن يقوم بها يوم السبت»
        between = scene.clauses[told + 1 : clause]
        return earlier[-1].first if all(among(scene.words[first], modality.relatives) for first, _ in between) else None
    return earlier[-1].first if told == clause - 1 and _looks_back(scene, modality, time, start, earlier[-1]) else None


def _begins_anew(scene: Scene, time: Time, start: int) -> bool:
    """Whether a clause opens with «و» and its date («…، وفي يونيو الماضي، زار …», «…، وفي هذا العام سيكون الاحتفال …»)."""
    opening = scene.words[start]
    return opening.startswith("و") and (start == time.first or opening[1:] in role_words().location_prepositions)


def _looks_back(scene: Scene, modality: Modality, time: Time, start: int, trigger: Trigger) -> bool:
    """«…، اليوم الأربعاء، …» and «زيارته التي بدأها في 12 سبتمبر» date what stands before their clause."""
    opening = scene.words[start]
    if among(opening, modality.relatives) and loose_words(scene, start, time.first - 1) <= 8:
        return True
    _, stop = scene.clause_bounds(start)
    aside = time.first - start <= 4 and time.last == stop and opening in role_words().location_prepositions  # «…، في وقت سابق اليوم، …»
    if aside or (time.first - start <= _OPENING and not _begins_anew(scene, time, start)) or opening in modality.that_is:
        return True
    if scene.words[start - 1] in modality.since and trigger.form.plural:
        return True  # «دعوات متكررة … منذ أن بدأ …»
    carried = opening[:1] == "ف" and opening[1:] in modality.light
    return carried or among(opening, modality.first_time) or elliptic(scene, modality, time)


def _is_then(scene: Scene, modality: Modality, time: Time, start: int) -> bool:
    """«سيزور الأسطول، ويرجح أن يكون ذلك غدا»: a clause that says when it is, and nothing else."""
    words = scene.words[start : time.first]
    return "ذلك" in words[-2:] and not modality.copula.isdisjoint(words)
