"""The status of an event from the tense, negation and modality of its clause (the contract's «Status»)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ruskor.lightverbs import Light, held_as_noun, is_held, light_verb, relative_behind
from ruskor.modality import Cue, Modality, among
from ruskor.model import Interval, Status
from ruskor.scene import Scene
from ruskor.triggers import Trigger

# How sure a reading is: words that say it, the tense of the verb, the date beside it, nothing at all.
SAID, TENSE, DATED, ASSUMED = 3, 2, 1, 0
_LOOK_BACK = 6  # words that belong to no name and no date
_FARTHEST = 24
_CONFIRMED = 4  # words from «رفضت» to «تأكيد»
_NEWS = 2  # days
_REJECTED = 6  # words from «نفى» to what is denied
_COUNTDOWN = 4  # words from «قبل» to what is awaited


@dataclass(slots=True)
class Reading:
    """A status and how sure it is (SAID … ASSUMED)."""

    status: Status
    strength: int


class Found(NamedTuple):
    """A cue found in the text: its status and its first token."""

    status: Status
    token: int


def _cue_before(scene: Scene, modality: Modality, trigger: Trigger, start: int) -> Found | None:
    """The nearest cue before the trigger within its clause (and the modality that governs the clause)."""
    purpose: Found | None = None
    for cue, token in _cues_back(scene, modality, trigger, start):
        if purpose is not None:
            if cue.status == "denied" and len(cue.words) > 1:
                return Found("denied", token)  # «لا توجد خطط لعقد قمة»
            if cue.status == "possible" and token + len(cue.words) == purpose.token:
                return Found("possible", token)  # «هناك إمكانية لعقد قمة»
        elif cue.status == "planned" and cue.words[0] in modality.purpose:
            purpose = Found(cue.status, token)
        else:
            before = scene.words[max(start, token - 2) : token]
            denied = cue.status == "planned" and (not modality.is_not.isdisjoint(before) or not modality.un.isdisjoint(before[-1:]))
            denied = denied or (cue.status == "possible" and _rejected(scene, modality, start, token))
            return Found("denied" if denied else cue.status, token)  # «ليس من المقرر عقد مباحثات»
    return purpose


def _rejected(scene: Scene, modality: Modality, start: int, token: int) -> bool:
    """«نفى صحة أنباء عن زيارة», «استبعد احتمال عقد قمة»: whoever speaks rejects what the cue at the token calls possible."""
    words = scene.words
    found = next((j for j in range(token - 1, max(start, token - _REJECTED) - 1, -1) if among(words[j], modality.rejecting)), None)
    return found is not None and (found == start or words[found - 1] not in modality.negations)


def _cues_back(scene: Scene, modality: Modality, trigger: Trigger, start: int) -> Iterator[tuple[Cue, int]]:
    """Cues before the trigger that bear on it, and their first tokens, the nearest first."""
    loose = 0
    dated = scene.dated
    clause, _ = scene.clause_bounds(trigger.first)
    if trigger.form.type == "military_attack" and not trigger.verb:
        start = max(start, trigger.first - 2)  # «قد يزور روسيا … في حربها»: a war is hardly ever what is planned there
    for token in range(trigger.first - 1, max(start, trigger.first - _FARTHEST) - 1, -1):
        if scene.entity_at[token] < 0 and not (token in dated and start <= dated[token] <= trigger.first):
            loose += 1
            if loose > _LOOK_BACK:
                break
        if trigger.form.type == "weapons_test" and among(scene.words[token], modality.talk_of):
            break
        for cue in _cues_at(modality.before, scene.words, token):
            counts = cue.status == "occurred" and token in dated  # «يعرض منذ أشهر لقاء»
            if token < clause and (cue.words[0] in modality.count_from or cue.words[0] in modality.before_words):
                counts = True  # «قال قبيل سفره إن …»
            if not counts and token + len(cue.words) - 1 < trigger.first and _bears_on(scene, modality, cue, token, trigger):
                yield cue, token


def _bears_on(scene: Scene, modality: Modality, cue: Cue, token: int, trigger: Trigger) -> bool:
    """Whether a cue at a token says something of the trigger, and not of a word between them."""
    alone = len(cue.words) == 1
    if cue.status == "denied" and alone and cue.words[0] in modality.negations and not _negates(scene, modality, token, trigger):
        return False
    if cue.words[0] in modality.withdrawing and scene.words[trigger.first - 1] not in modality.passing:
        return False  # «انسحب من القمة» calls it off, «بعد انسحاب واشنطن من المعاهدة التقى …» no meeting
    doubled = cue.status == "denied" and alone and cue.words[0] not in modality.negations
    if doubled and token and among(scene.words[token - 1], modality.negations):
        return False  # «لم يستبعد»: said by both words together
    if cue.status == "ongoing" and token and scene.words[token - 1] in modality.that:
        return False  # «أن تستمر القمة لأكثر من يوم»
    if cue.status in ("planned", "possible") and _governs_another(scene, modality, token + len(cue.words), trigger):
        return False
    return not (alone and cue.words[0] in modality.qad) or _qad_possible(scene, modality, token, trigger)


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
    if scene.triggers_in(token + 1, trigger.first - 1) or not modality.unknown.isdisjoint(words[token + 1 : trigger.first]):
        return False  # «لم يتم الاتفاق على موعد الزيارة», «ليس لديها معلومات عن زيارة»
    if words[token] in modality.not_did and "ل" in trigger.prefix and not light:
        return False  # «لم يرتح للقاء»
    # «ليس من المقرر أن يوقع أي اتفاق»: the negation and the verb may stand apart.
    return light or trigger.first - token <= 3 or (words[token] in modality.is_not and trigger.first - token <= 6)


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


def read_status(scene: Scene, modality: Modality, trigger: Trigger, when: Interval | None) -> Reading:
    """The status of the event that the trigger tells, `when` being its date as the text gives it."""
    reading = _read(scene, modality, trigger, when)
    answered = not modality.answering.isdisjoint(scene.words[max(0, trigger.first - 2) : trigger.first])
    own = scene.published
    if reading.status in ("occurred", "ongoing") and when is not None and own is not None and when.start > own.last:
        return Reading("planned", DATED)  # «سيلتقي … خلال زيارته التي تبدأ الأحد المقبل»
    given = trigger.form.type == "invitation" and not trigger.verb and (trigger.prefix in ("ب", "ل") or answered)
    if given and (reading.strength < SAID or reading.status in ("planned", "possible", "ongoing")):
        return Reading("occurred", TENSE)  # «سيزور … بدعوة من …»: the visit is planned, the invitation has been given
    if reading.status == "planned" and _left_open(scene, modality, trigger):
        return Reading("possible", SAID)
    if reading.status == "called_off" and _postponed_to(scene, modality, trigger, when):
        return Reading("planned", SAID)
    if reading.status == "possible" or (reading.status in ("planned", "ongoing") and reading.strength < TENSE):
        _, stop = scene.sentence_bounds(trigger.first)
        if any(_cues_at(modality.denial_formulas, scene.words, token) for token in range(trigger.last + 1, stop + 1)):
            return Reading("denied", SAID)
    return reading


def _failed(scene: Scene, modality: Modality, trigger: Trigger) -> bool:
    """«فشل البلدان في التوصل إلى اتفاق»: they reached none."""
    start, _ = scene.clause_bounds(trigger.first)
    before = scene.words[start : trigger.first]
    failed = any(among(word, modality.failing) for word in before)
    return failed and any(stem in word for word in before[-_COUNTDOWN:] for stem in modality.reaching)


def _left_open(scene: Scene, modality: Modality, trigger: Trigger) -> bool:
    """«رفض تأكيد تقارير بأن كيم يعتزم زيارة روسيا»: what nobody confirms is only possible, whatever the reports say."""
    words, (start, _) = scene.words, scene.sentence_bounds(trigger.first)
    found = (j for j in range(start + 1, trigger.first) if words[j] in modality.confirming)
    return any(among(word, modality.refusing) for j in found for word in words[max(start, j - _CONFIRMED) : j])


def _postponed_to(scene: Scene, modality: Modality, trigger: Trigger, when: Interval | None) -> bool:
    """«تأجلت الزيارة إلى الشهر المقبل»: planned at the day that is named."""
    start, stop = scene.sentence_bounds(trigger.first)
    words, own = scene.words, scene.published
    if when is None or own is None or when.last <= own.last or not any(among(word, modality.postponing) for word in words[start:stop]):
        return False
    goal = modality.to_words | modality.until
    return any(t.value == when and words[t.first - 1] in goal for t in scene.times_in(start + 1, stop))


def _awaited(scene: Scene, modality: Modality, trigger: Trigger) -> bool:
    """«تحدث اليوم …، قبل يومين من لقائه …»: what today's news comes so many days before."""
    words, own = scene.words, scene.published
    start, _ = scene.sentence_bounds(trigger.first)
    near = words[max(start, trigger.first - _COUNTDOWN) : trigger.first]
    if trigger.verb or own is None or near[-1:] != ["من"] or modality.before_words.isdisjoint(near):
        return False
    told = [t.value for t in scene.times_in(start, trigger.first - 1)]
    return all(value.last >= own.start for value in told)


def _read(scene: Scene, modality: Modality, trigger: Trigger, when: Interval | None) -> Reading:
    if _awaited(scene, modality, trigger):
        return Reading("planned", SAID)
    cue = _cue_before(scene, modality, trigger, _scope_start(scene, modality, trigger))
    if trigger.form.type == "agreement" and _failed(scene, modality, trigger):
        return Reading("denied", SAID)
    if cue is not None and cue.status in ("called_off", "denied"):
        return Reading(cue.status, SAID)
    if trigger.verb:
        return _verb_status(scene, modality, trigger, when, cue)
    return _noun_status(scene, modality, trigger, when, cue)


def _noun_status(scene: Scene, modality: Modality, trigger: Trigger, when: Interval | None, cue: Found | None) -> Reading:
    light = light_verb(scene, modality, trigger)
    if cue is not None and cue.status == "planned" and _purpose_done(scene, modality, trigger, cue):
        cue = None
    if cue is not None and cue.token == trigger.first - 1 and _over(scene, when) and _is_eve(modality, scene.words[cue.token]):
        cue = None  # «عشية زيارة كيم إيل سونغ في 1986»
    if light is not None and light[0] > trigger.last:
        cue = None  # «نقاط يمكن استخلاصها من القمة التي عقدها …»: the relative clause says it
    after = _cue_after(scene, modality, trigger) or _intended(scene, modality, trigger)
    said = "possible" if cue is not None and cue.status == "possible" else after
    if said is not None and said != "occurred":
        return Reading(said, SAID)
    if light is not None and (cue is None or cue.status in ("planned", "occurred", "ongoing")):
        return _light_status(scene, modality, trigger, light=light, cue=cue, when=when)
    bare = trigger.form.definite and trigger.form.pronoun is None
    if cue is not None and cue.status == "occurred" and scene.words[cue.token] in modality.during and _meanwhile(scene, trigger):
        cue = None  # «يناقش القضايا … خلال زيارته»: the visit is in the tense of its verb
    if cue is not None and not (bare and cue.status == "occurred"):
        return Reading(cue.status, SAID if cue.status != "occurred" else TENSE)  # «خلال الزيارة» is in no tense
    if after == "occurred":
        return Reading("occurred", TENSE)
    return _without_cue(scene, modality, trigger, when)


def _over(scene: Scene, when: Interval | None) -> bool:
    """Whether days lie behind the article's own."""
    return when is not None and scene.published is not None and when.last < scene.published.start


def _is_eve(modality: Modality, word: str) -> bool:
    """«عشية», «قبيل», «قبل»."""
    return word in modality.before_words or word in modality.next_day


def _purpose_done(scene: Scene, modality: Modality, trigger: Trigger, cue: Found) -> bool:
    """«وكان قد زار هانوي لعقد قمة»: who visited for it has held it."""
    start, _ = scene.clause_bounds(trigger.first)
    verbs = [t for t in scene.triggers_in(start, cue.token - 1) if t.verb]
    return scene.words[cue.token] in modality.purpose and bool(verbs) and verbs[-1].form.frame == "go" and verbs[-1].form.tense == "perfect"


def _without_cue(scene: Scene, modality: Modality, trigger: Trigger, when: Interval | None) -> Reading:
    """The status of a noun with no cue beside it."""
    held = _held_later(scene, modality, trigger)
    if held is not None:
        return Reading(held, SAID)
    if when is None and _is_purpose(scene, trigger):
        return Reading("planned", DATED)
    return _by_date(scene, modality, trigger, when)


def _is_purpose(scene: Scene, trigger: Trigger) -> bool:
    """«وصل أمس إلى موسكو للقاء بوتين»: what somebody sets out for these days is still to come."""
    if trigger.prefix != "ل" or trigger.form.frame != "meet":
        return False
    start, _ = scene.sentence_bounds(trigger.first)
    journey = next((t for t in reversed(scene.triggers_in(start, trigger.first - 1)) if t.verb), None)
    own = scene.published
    if journey is None or journey.form.frame not in ("move", "leave") or own is None:
        return False
    told = [t.value.last for t in scene.times_in(start, trigger.first - 1)]
    return all((own.start - day).days <= _NEWS for day in told)


def _held_later(scene: Scene, modality: Modality, trigger: Trigger) -> Status | None:
    """«القمة يمكن أن تعقد …», «زيارة كيم من المقرر أن تبدأ …»: what stands between the noun and the clause that says it is held."""
    _, stop = scene.clause_bounds(trigger.last)
    _, last = scene.sentence_bounds(trigger.first)
    if stop >= last or not is_held(scene, modality, stop + 1):
        return None
    found = (_cues_at(modality.before, scene.words, token) for token in range(max(trigger.last + 1, stop - 2), stop + 1))
    return next((cues[0].status for cues in found if cues), None)


def _meanwhile(scene: Scene, trigger: Trigger) -> bool:
    """Whether a verb that is not past stands before the trigger in its clause."""
    start, _ = scene.clause_bounds(trigger.first)
    return any(t.verb and t.form.tense != "perfect" and t.form.type != "statement" for t in scene.triggers_in(start, trigger.first - 1))


def _light_status(scene: Scene, modality: Modality, trigger: Trigger, *, light: Light, cue: Found | None, when: Interval | None) -> Reading:
    """The status by the tense of the light verb."""
    token, tense = light
    own = scene.published
    if (
        tense == "future"
        and cue is not None
        and cue.status == "occurred"
        and when is not None
        and own is not None
        and when.last < own.start
    ):
        return Reading("occurred", TENSE)  # «ستكون الثانية له بعد زيارته في 2000»
    if (scene.words[token - 1] if token > 0 else "") in modality.negations:
        other = cue is not None and cue.token > token and cue.status == "planned"  # «لم يتم تحديد موعد الزيارة»
        return Reading("planned" if other else "denied", SAID)
    if tense == "perfect":
        begins = scene.words[token] in modality.begins and trigger.form.type == "visit"
        goes_on = cue is not None and cue.status == "ongoing" and token == cue.token
        return Reading("ongoing" if begins or goes_on else "occurred", SAID)
    if tense == "future":
        return Reading("planned", SAID)
    if cue is not None:
        return Reading(cue.status, SAID)
    return _imperfect(scene, modality, token, when)


def _cue_after(scene: Scene, modality: Modality, trigger: Trigger) -> Status | None:
    """The status by what follows the noun, behind up to two names and their prepositions."""
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
            behind = token + len(cues[0].words)
            later = cues[0].status == "denied" and behind <= stop and words[behind] in modality.before_words
            return "planned" if later else cues[0].status  # «الزيارة لن تتم قبل نهاية الشهر»
        goal = words[token] in modality.at and token < stop and scene.entity_at[token + 1] >= 0  # «زيارة كيم إلى روسيا ليست على جدول …»
        if (entity_seen or token > trigger.last + 1) and not goal:
            return None
        token += 1
    return None


def _intended(scene: Scene, modality: Modality, trigger: Trigger) -> Status | None:
    """«الزيارة التي ينوي بوتين القيام بها»: planned by the words that open the relative clause behind the noun."""
    opening = relative_behind(scene, modality, trigger)
    if opening is None:
        return None
    _, stop = scene.sentence_bounds(opening)
    cues = [cue for token in range(opening + 1, min(opening + 2, stop) + 1) for cue in _cues_at(modality.before, scene.words, token)]
    return "planned" if any(cue.status == "planned" for cue in cues) else None


def _verb_status(scene: Scene, modality: Modality, trigger: Trigger, when: Interval | None, cue: Found | None) -> Reading:
    tense = trigger.form.tense
    before = scene.words[trigger.first - 1] if trigger.first > 0 else ""
    if "ل" in trigger.prefix and tense == "imperfect":
        return Reading("planned", TENSE)  # «ليلتقي»: the purpose of what is told
    if tense == "perfect":
        near = cue is not None and cue.token >= trigger.first - 2 and scene.words[cue.token] not in modality.qad
        return Reading("possible" if near and cue is not None and cue.status == "possible" else "occurred", SAID)
    if tense == "future" or before in modality.will:
        return Reading("planned", SAID)
    if cue is not None and cue.status in ("possible", "planned", "ongoing"):
        return Reading(cue.status, SAID)
    if before in modality.not_yet:
        return Reading("denied", SAID)
    return _next_after(scene, modality, trigger) or _imperfect(scene, modality, trigger.first, when)


def _next_after(scene: Scene, modality: Modality, trigger: Trigger) -> Reading | None:
    """«أجرى محادثات قبل أن يوقعا اتفاقا»: what comes next has been or is planned as what the main verb tells."""
    start, _ = scene.clause_bounds(trigger.first)
    first, _ = scene.sentence_bounds(trigger.first)
    if scene.words[start] not in modality.that or scene.words[start - 1] not in modality.before_words:
        return None
    for token in range(start - 2, first - 1, -1):
        verb = scene.trigger_on(token)
        tense = verb.form.tense if verb is not None and verb.verb else modality.light.get(scene.words[token].removeprefix("و"))
        if tense:
            return Reading("occurred" if tense == "perfect" else "planned", TENSE)
    return None


def _imperfect(scene: Scene, modality: Modality, token: int, when: Interval | None) -> Reading:
    """A bare imperfect: done in a headline, planned with a date not yet over, else going on."""
    start, _ = scene.sentence_bounds(token)
    if not modality.was.isdisjoint(scene.words[max(start, token - 6) : token]):
        return Reading("occurred", TENSE)
    if when is not None and scene.published is not None and when.start > scene.published.last:
        return Reading("planned", TENSE)  # «يزور موسكو الأسبوع المقبل», in a headline too
    if _goes_on(scene, modality, token, when):
        return Reading("ongoing", TENSE)
    if scene.headline(token):
        return Reading("occurred", ASSUMED)
    if when is not None and scene.published is not None:
        return _imperfect_of_day(when, scene.published)
    return Reading("planned" if token == start or _is_gathering(scene, token) else "ongoing", ASSUMED)


def _goes_on(scene: Scene, modality: Modality, token: int, when: Interval | None) -> bool:
    """«يزور موسكو حاليا», and «قال لافروف الذي يزور بيونغ يانغ» where nothing dates it but the article's own day."""
    _, stop = scene.clause_bounds(token)
    present = scene.words[token - 1] in modality.relatives and (when is None or (when == scene.published and not _is_ahead(scene, token)))
    return present or not modality.now.isdisjoint(scene.words[token + 1 : stop + 1])


def _is_ahead(scene: Scene, token: int) -> bool:
    """«يصل اليوم», «يلتقي اليوم»: an arrival or a gathering of today that is told in the present is still to come."""
    trigger = scene.trigger_on(token)
    return (trigger is not None and trigger.form.frame in ("move", "leave")) or _is_gathering(scene, token)


def _imperfect_of_day(when: Interval, published: Interval) -> Reading:
    if when.last > published.last:
        return Reading("planned" if when.start >= published.start or when.precision != "day" else "ongoing", TENSE)
    if when.last < published.start:
        return Reading("occurred", TENSE)
    if when.start < published.start:
        return Reading("ongoing", TENSE)
    return Reading("planned", DATED)


def _is_gathering(scene: Scene, token: int) -> bool:
    """Whether the verb, or the noun it carries, tells a gathering: one that is not dated lies ahead («يعقد خلالها قمة»)."""
    near = (scene.trigger_on(j) for j in range(token, min(token + 4, len(scene.words))))
    return any(trigger is not None and trigger.form.frame == "meet" for trigger in near)


def _by_date(scene: Scene, modality: Modality, trigger: Trigger, when: Interval | None) -> Reading:
    own = scene.published
    if when is not None and own is not None:
        if when.start > own.last:
            return Reading("planned", DATED)
        if when.last < own.start or (when.precision in ("month", "year", "season") and when.start < own.start):
            return Reading("occurred", DATED)
    if held_as_noun(scene, modality, trigger):
        return Reading("planned", DATED)
    return Reading("planned" if _sentence_tense(scene, trigger) == "future" else "occurred", ASSUMED)


def _sentence_tense(scene: Scene, trigger: Trigger) -> str | None:
    """The tense of the nearest event verb of the sentence."""
    start, stop = scene.sentence_bounds(trigger.first)
    found = [t for t in scene.triggers_in(start, stop) if t.verb and t.form.type != "statement"]
    if not found:
        return None
    return min(found, key=lambda t: abs(t.first - trigger.first)).form.tense
