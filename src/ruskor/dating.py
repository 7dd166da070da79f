"""The days of mentions beyond their trigger's own date: lengths of visits, series, anniversaries, days lent by neighbours."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from ruskor.entities import Time, countries_of, names_of, people_of
from ruskor.mention import Mention
from ruskor.modality import Modality, among
from ruskor.model import CONTACT, GATHERING, Interval
from ruskor.scene import Scene
from ruskor.status import SAID, TENSE, Reading
from ruskor.timex.spans import month_of
from ruskor.triggers import Trigger

_COUNTED = 4  # words from «قبل» to what is counted to
_BACK = 6  # words from «غداة» to what it counts from
_THIS = 4  # words from «كان هذا» to what it was
DONE = Reading("occurred", TENSE)


def settle_own_date(scene: Scene, modality: Modality, m: Mention) -> None:
    """Correct the date that stands beside the trigger by what kind of event it tells."""
    called_off = m.reading.status == "called_off" and not m.trigger.verb
    if called_off and m.time is not None and m.time.value.precision == "day" and m.time.first < m.at:
        m.time = None  # «ألغى أمس قمة …»: the day of the word, not of the summit
    if m.trigger.form.type == "agreement" and m.time is None:
        m.time = _anniversary(scene, modality, m.trigger)
    if m.time is None and not m.trigger.verb:
        _count_days(scene, modality, m)
    if m.time is None and m.type in CONTACT and m.reading.status == "occurred":
        m.time = _part_of_today(scene, modality, m)
    if m.series and m.time is not None:
        m.time = _until_now(scene, modality, m, m.time)


def _part_of_today(scene: Scene, modality: Modality, m: Mention) -> Time | None:
    """«وكان قد عقد صباحا محادثات …»: a part of the day of which no more is said is today's."""
    start, stop = scene.clause_bounds(m.at)
    own, tokens = scene.published, scene.document.tokens
    if own is None or scene.times_in(start, stop):
        return None
    token = next((j for j in range(start, stop + 1) if scene.words[j] in modality.day_parts), None)
    if token is None:
        return None
    return Time(token, token, own, scene.document.folded.raw_span(tokens.starts[token], tokens.ends[token]))


def _count_days(scene: Scene, modality: Modality, m: Mention) -> None:
    """«تحدثا اليوم، قبل يومين من قمة …»: so many days from the day told before."""
    days = _days_from(scene, modality, m)
    start, _ = scene.sentence_bounds(m.at)
    told = [t for t in scene.times_in(start, m.at - 1) if t.value.precision == "day" and t.value.start == t.value.end]
    if days is None or not told:
        return
    day = told[-1].value.start + timedelta(days=days)
    m.time = replace(told[-1], value=Interval(day, day, "day"))
    _settle_status(scene, m)


def _settle_status(scene: Scene, m: Mention) -> None:
    """What lay ahead of a day told, and is over by now, has been («وصل الأربعاء عشية القمة», told on Friday)."""
    own = scene.published
    if own is not None and m.date is not None and m.date.last < own.start and m.reading.status == "planned":
        m.reading = DONE


def _days_from(scene: Scene, modality: Modality, m: Mention) -> int | None:
    """How many days behind the day told before the mention lies."""
    words, (start, _) = scene.words, scene.sentence_bounds(m.at)
    before = words[m.at - 1] if m.at > start else ""
    first = next((j for j in range(m.at - 2, max(start, m.at - _COUNTED) - 1, -1) if words[j] in modality.before_words), None)
    if before not in modality.counted_by or first is None:
        return None
    if first == m.at - 3 and words[first + 1] in modality.day_noun:
        return 1
    return next((days for j in range(first + 1, m.at - 1) if (days := _days_at(words, modality, j))), None)


def one_before(scene: Scene, m: Mention, times: list[Time]) -> list[Mention]:
    """«الأولى منذ 24 عاما»: the visit before, if whoever comes now held an office already then."""
    if m.type != "visit" or not times or not m.first or m.first[0].person is None:
        return []
    terms = scene.gazetteer.people[m.first[0].person].terms
    out = []
    for time in times:
        day, last = time.value.start.isoformat(), time.value.last.isoformat()
        if any(t.since <= last and (t.until or "9999") >= day[: len(t.until or "9999")] for t in terms):
            out.append(replace(m, time=time, second=[], reading=DONE, series=False, started=False, headline=False, again=True))
    return out


def members(scene: Scene, m: Mention, own: Time | None, times: list[Time]) -> list[Mention]:
    """The dated members of a series, which is no member itself."""
    if not times:
        return []
    if own is not None and own.value.precision == times[0].value.precision and own.value.precision != "day":
        # «زياراته في 2004 و2009 و2018»: all of them are members
        m.time, m.series = own, False
    out = []
    for time in times:
        start, stop = scene.clause_bounds(time.first)
        places = [e for e in scene.between(start, stop) if e.kind == "place" and start > m.trigger.last]
        evidence = (start, stop) if places else m.evidence
        out.append(replace(m, time=time, places=places or m.places, series=False, reading=DONE, started=False, evidence=evidence))
    return out


def _until_now(scene: Scene, modality: Modality, m: Mention, time: Time) -> Time:
    """A series of the year that is still running has happened up to the article's date."""
    value, own = time.value, scene.published
    if own is None:
        return time
    clause_start, _ = scene.clause_bounds(time.first)
    if clause_start > 0 and scene.words[clause_start - 1] in modality.since:
        precision = "multi-year" if value.start.year != own.last.year else value.precision
        return replace(time, value=Interval(value.start, own.last, precision))
    if m.reading.status not in ("occurred", "ongoing") or not (value.start <= own.start <= value.last):
        return time
    return replace(time, value=Interval(value.start, own.last, value.precision))


def _anniversary(scene: Scene, modality: Modality, trigger: Trigger) -> Time | None:
    """«الذكرى السنوية الأولى لتوقيع اتفاق» told last month: the agreement is of that month a year before."""
    words = scene.words
    start, stop = scene.sentence_bounds(trigger.first)
    back = range(trigger.first - 1, max(start, trigger.first - 6) - 1, -1)
    token = next((token for token in back if among(words[token], modality.anniversary)), None)
    if token is None:
        return None
    between = words[token + 1 : trigger.first + 1]
    # A number of more digits is no year's count.
    years = next((modality.ordinals.get(w) or int(w) for w in between if w in modality.ordinals or (w.isdecimal() and len(w) < 4)), None)
    near = [t for t in scene.times_in(start, stop) if t.value.end is not None and t.value.precision in ("day", "month")]
    if years is None or not near:
        return None
    time = min(near, key=lambda t: abs(t.first - token))
    if years >= time.value.start.year:
        return None
    month = month_of(_years_before(time.value.start, years))  # feasts are not always on the day
    return replace(time, value=month)


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)


def lend_dates(scene: Scene, modality: Modality, mentions: list[Mention]) -> None:
    """Give a contact without a date that of the nearest contact of its sentence with which it shares somebody."""
    by_sentence: dict[int, list[Mention]] = {}
    for m in mentions:
        by_sentence.setdefault(scene.sentence_of[m.at], []).append(m)
    for m in mentions:
        if m.time is None and m.type in CONTACT and not m.series and (m.type != "invitation" or m.reading.strength >= SAID):
            _date_contact(scene, modality, mentions, m, by_sentence[scene.sentence_of[m.at]])


def _date_contact(scene: Scene, modality: Modality, mentions: list[Mention], m: Mention, others: list[Mention]) -> None:
    """Date one contact by what stands around it, `others` being the mentions of its sentence."""
    counted = not modality.count_from.isdisjoint(scene.words[max(0, m.at - 4) : m.at])
    if not m.trigger.verb:
        m.time = _eve(scene, modality, mentions, m)
        _settle_status(scene, m)
        set_length(scene, modality, m)
    if m.time is None and counted and not m.trigger.verb:
        m.time = _signed_after(scene, modality, others, m)
        return  # «بعد يومين من قمتهما» says nothing of the summit's day
    if m.type == "agreement" and not modality.carrying_out.isdisjoint(scene.words[max(0, m.at - 3) : m.at]):
        return  # «بحث تنفيذ بنود المعاهدة»: it is older than that
    m.time = m.time or _since_today(scene, modality, m)
    if m.time is not None:
        return
    during = m.at > 0 and scene.words[m.at - 1] in modality.during
    lenders = [o for o in others if _may_lend(o) and not _on_another_day(scene, modality, m, o)]
    near = [o for o in lenders if _may_borrow(scene, modality, m, o, during=during)]
    if counted and (m.type == "visit" or m.reading.status != "occurred"):  # «سيلتقي غدا … قبل أن يتوجه بوتين لحضور قمة يوم 26»
        near = [o for o in near if o.at > m.at and scene.clause_of[o.at] == scene.clause_of[m.at]]
    near = near or _meanwhile(scene, modality, others, m)
    near = near or _said_during(scene, others, m, during=during)
    start, _ = scene.sentence_bounds(m.at)
    if not near and not modality.thereby.isdisjoint(scene.words[start : m.at]):
        near = [o for o in mentions if _may_lend(o) and o.at < start][-1:]
        m.same_as = near[0] if near else None
    near = near or _told_before(scene, modality, mentions, m) or _this_was(scene, modality, mentions, m)
    near = near or _signed_there(scene, modality, mentions, m)
    near = near or _announced_today(scene, others, m)
    if near:
        lender = min(near, key=lambda o: abs(o.at - m.at))
        m.time, m.lent, m.again = lender.time, True, lender.again


def _since_today(scene: Scene, modality: Modality, m: Mention) -> Time | None:
    """«عقدا محادثات …، وذلك بعد أن شهدا العرض صباح الأربعاء», told on that Wednesday: what came after is of the same day."""
    own = scene.published
    if own is None or m.reading.status not in ("occurred", "ongoing") or m.reading.strength < TENSE:
        return None
    _, stop = scene.sentence_bounds(m.at)
    for time in scene.times_in(m.trigger.last + 1, stop):
        if time.value.start == own.start == time.value.end:
            start, _ = scene.clause_bounds(time.first)
            if start > m.trigger.last + 1 and scene.words[start] in modality.that and scene.words[start - 1] in modality.after_words:
                return time
    return None


def _said_during(scene: Scene, others: list[Mention], m: Mention, *, during: bool) -> list[Mention]:
    """«وفي 20 سبتمبر أعلن بوتين خلال اجتماعه مع …»: what is said during a meeting or a call is said on its day."""
    if not during or m.type not in (*GATHERING, "call"):
        return []
    clause = scene.clause_of[m.at]
    return [o for o in others if o.type == "statement" and o.time is not None and abs(scene.clause_of[o.at] - clause) <= 1]


def _eve(scene: Scene, modality: Modality, mentions: list[Mention], m: Mention) -> Time | None:
    """«استقبل اليوم غداة توقيعه معاهدة», «غادر عشية القمة»: the day before what is told just before, or the day after."""
    token = next((j for j in range(m.at - 1, max(m.at - _BACK, 0) - 1, -1) if scene.words[j] in modality.next_day), None)
    if token is None or scene.triggers_in(token, m.at - 1):
        return None
    told = [o.time for o in mentions if o.at < token and scene.sentence_of[token] - scene.sentence_of[o.at] <= 1 and o.time is not None]
    told = [time for time in told if time.value.start == time.value.end]
    if not told:
        return None
    day = told[-1].value.start + timedelta(days=modality.next_day[scene.words[token]])
    return replace(told[-1], value=Interval(day, day, "day"))


def _meanwhile(scene: Scene, modality: Modality, others: list[Mention], m: Mention) -> list[Mention]:
    """«غادر اليوم … من دون أن يلتقي كيم», «بعد زيارة …، لم يلتق خلالها كيم»: what did not happen is of the days of what did."""
    if m.reading.status != "denied":
        return []
    start, stop = scene.clause_bounds(m.at)
    near = scene.words[max(start - 2, 0) : m.at]
    if modality.without.isdisjoint(near) and modality.within.isdisjoint(scene.words[start : stop + 1]):
        return []
    return [o for o in others if o.at < m.at and _may_lend(o) and o.reading.status in ("occurred", "ongoing")]


def _told_before(scene: Scene, modality: Modality, mentions: list[Mention], m: Mention) -> list[Mention]:
    """«عقدا محادثات اليوم. وفي ختامها دعا بوتين كيم …»: of the day of the gathering that the sentence before tells last."""
    start, _ = scene.sentence_bounds(m.at)
    sentence = scene.sentence_of[start] - 1
    opening = [word.removeprefix("و") for word in scene.words[start : min(start + 2, m.at)]]
    came = not modality.came.isdisjoint(opening[:1])
    if not came and modality.in_it.isdisjoint(opening):
        return []
    told = [o for o in mentions if scene.sentence_of[o.at] == sentence]
    if came:  # «وجاء كلامه خلال لقائه …»
        done = m.reading.status == "occurred" and modality.before_words.isdisjoint(scene.words[start : m.at])
        return [o for o in told[:1] if done and o.time is not None and not o.lent and o.reading.status == "occurred"]
    told = [o for o in told if o.type in GATHERING or o.type == "visit"]
    people = people_of(m.parties)
    # «وزار كيم دارا بنيت عشية زيارة جده عام 1986. بعدها توجه …»: not after what others did
    told = [o for o in told if not people or not (theirs := people_of(o.parties)) or people & theirs]
    return [o for o in told[-1:] if _may_lend(o) and o.reading.status == m.reading.status]


def _this_was(scene: Scene, modality: Modality, mentions: list[Mention], m: Mention) -> list[Mention]:
    """«زارها في أبريل 2019. وكان هذا أول لقاء بينهما»: on the days told just before."""
    words, (start, _) = scene.words, scene.sentence_bounds(m.at)
    near = range(max(start + 1, m.at - _THIS), m.at)
    if m.reading.status != "occurred" or not any(words[j] in modality.this and words[j - 1] in modality.was for j in near):
        return []
    before = [o for o in mentions if o.at < m.at and scene.sentence_of[m.at] - scene.sentence_of[o.at] <= 1]
    return [o for o in before if _may_lend(o) and o.reading.status == "occurred"][-1:]


def _signed_after(scene: Scene, modality: Modality, others: list[Mention], m: Mention) -> Time | None:
    """«وقعا أمس بروتوكولا بعد اجتماع …»: what is signed is signed when the talks are over."""
    if m.type not in GATHERING or m.reading.status != "occurred" or scene.words[m.at - 1] not in modality.after_words:
        return None
    signed = [o for o in others if o.type == "agreement" and o.at < m.at and scene.clause_of[o.at] == scene.clause_of[m.at]]
    return next((o.time for o in signed if o.time is not None and not o.lent and o.reading.status == "occurred"), None)


def _signed_there(scene: Scene, modality: Modality, mentions: list[Mention], m: Mention) -> list[Mention]:
    """«عقدا محادثات اليوم. ووقعا اتفاقية»: signed on the day of the talks told in the sentence before."""
    start, _ = scene.sentence_bounds(m.at)
    before = scene.words[start : m.at]
    if m.type != "agreement" or m.reading.status != "occurred" or m.reading.strength < TENSE or not m.trigger.verb:
        return []
    if any(among(word, modality.was | modality.earlier) for word in before):
        return []
    told = [o for o in mentions if o.type in GATHERING and scene.sentence_of[o.at] == scene.sentence_of[m.at] - 1]
    return [o for o in told[-1:] if _may_lend(o) and o.reading.status == "occurred" and countries_of(m.parties) <= countries_of(o.parties)]


def _announced_today(scene: Scene, others: list[Mention], m: Mention) -> list[Mention]:
    """«أعلن الكرملين اليوم أن بوتين أجرى اتصالا …»: calls are announced on their day."""
    own = scene.published
    if own is None or m.type != "call" or m.reading.status != "occurred" or m.reading.strength < TENSE:
        return []
    return [o for o in others if o.type == "statement" and o.at < m.at and o.date is not None and o.date.start == own.start == o.date.end]


def _may_lend(o: Mention) -> bool:
    return o.time is not None and not o.lent and o.type in CONTACT and not o.series


def _may_borrow(scene: Scene, modality: Modality, m: Mention, o: Mention, *, during: bool) -> bool:
    """Whether a mention can be of the days of another one of its sentence."""
    if m.counted and m.type == "agreement":
        return False  # «حليفتها التي وقعت معها معاهدة»
    if (o.counted and m.at < o.at) or (m.type in GATHERING and _is_an_end(o)):
        return False  # «استقبل كيم بعد أسبوع على قمة …»
    if o.trigger is m.trigger or o.reading.status != m.reading.status or (m.type == "invitation" and o.type not in GATHERING):
        return False
    signed = m.type == "agreement" and bool(m.parties) and countries_of(m.parties) <= countries_of(o.parties)  # «واتفقا»
    named = m.type == "visit" and bool(m.first)  # «زيارة تشوي تأتي وفقا لاتفاق خلال القمة في يونيو»
    told = signed or (m.anaphoric and not named) or _tells_more(scene, modality, m, o) or (during and o.at < m.at)
    together = told or not names_of(m.parties).isdisjoint(names_of(o.parties))
    # Two journeys to two countries have their own days.
    elsewhere = m.type == o.type == "visit" and bool(m.places) and bool(o.places) and m.places[0].country != o.places[0].country
    return together and not elsewhere


def _on_another_day(scene: Scene, modality: Modality, m: Mention, o: Mention) -> bool:
    """Whether what is told of two mentions of a sentence keeps them apart."""
    words, last = scene.words, m.trigger.last
    if not modality.within.isdisjoint(words[last + 1 : last + 2]):
        # «غادر اليوم مختتما زيارة بدأها الثلاثاء والتقى خلالها …»: on neither of the two days
        return o.started or o.trigger.form.frame in ("leave", "come_back")
    # «القمة هي أول لقاء له منذ عودته من هانوي، حيث فشلت محادثاته في شباط»: what only something is counted from
    return o.at > m.at and any(among(word, modality.since) for word in words[last + 1 : o.at])


def _tells_more(scene: Scene, modality: Modality, m: Mention, o: Mention) -> bool:
    """«زار كوالالمبور في أغسطس، حين وقع البلدان عقدا»: a clause of what happened at the time of the one before it."""
    clause = scene.clause_of[m.at]
    start, _ = scene.clause_bounds(m.at)
    return scene.words[start] in modality.telling_more and scene.clause_of[o.at] == clause - 1


def _is_an_end(o: Mention) -> bool:
    """«اختتم اليوم زيارة التقى خلالها …»: only the day on which a journey begins or ends."""
    return (o.ended or o.homeward is not None) and o.date is not None and o.date.start == o.date.end


def set_length(scene: Scene, modality: Modality, m: Mention) -> None:
    """«زيارة تستمر يومين», «اختتم زيارة دامت ثلاثة أيام»: the days of a visit from its first or last one."""
    if m.type not in ("visit", "negotiation"):
        return
    m.length, words = _told_days(scene, modality, m), scene.words
    until = m.until.value if m.time is None and m.until is not None else None
    if m.until is not None and until is not None and until.precision == "day" and until.start == until.end and m.length:
        # «تستمر ثلاثة أيام حتى 22 مارس»
        m.time = replace(m.until, value=Interval(until.start - timedelta(days=m.length - 1), until.end, "day"))
    if m.time is None or m.time.value.precision != "day" or m.time.value.start != m.time.value.end:
        return
    left, _ = scene.clause_bounds(m.at)
    near = words[left : max(m.trigger.last + 1, m.time.first)]
    since = m.time.first > m.at and (words[m.time.first] in modality.since or words[m.time.first - 1] in modality.since)
    m.started = m.reading.status == "ongoing" or since or not modality.begins.isdisjoint(near)
    m.ended = any(among(word, modality.ends) for word in near) or _leaves(scene, modality, m, left)
    if m.length and m.length > 1:
        day, length = m.time.value.start, timedelta(days=m.length - 1)
        first, last = (day - length, day) if m.ended else (day, day + length)
        m.time = replace(m.time, value=Interval(first, last, "day"))


def _told_days(scene: Scene, modality: Modality, m: Mention) -> int | None:
    """How many days a visit takes, by what stands behind it."""
    _, stop = scene.sentence_bounds(m.at)
    if not m.trigger.verb:  # «الزيارة غداة زيارة … استمرت يومين»
        stop = next((t.first for t in scene.triggers_in(m.trigger.last + 1, stop) if t.form.frame == "go" and not t.verb), stop)
    behind = range(m.trigger.last + 1, min(stop, m.trigger.last + 14) + 1)
    if scene.words[m.at - 1] in modality.lasting:  # «تستمر زيارته إلى روسيا ثلاثة أيام»
        return next((days for token in behind if (days := _days_at(scene.words, modality, token))), None)
    return _days(scene.words, modality, behind)


def _leaves(scene: Scene, modality: Modality, m: Mention, left: int) -> bool:
    """«غادر بيونغ يانغ», «غادر … بعد زيارة»: the last day; «غادر إلى الصين» and «غادر بلاده … في زيارة»: the first."""
    words, token = scene.words, m.at
    if not any(among(word, modality.leaves) for word in words[left : m.trigger.last + 1]):
        return False
    if not m.trigger.verb:
        return words[token - 1] not in modality.at
    goal = next((e for e in m.places[:1] if words[e.first - 1] in modality.to_words or e.prefix.endswith("ل")), None)
    between = scene.triggers_in(m.trigger.last + 1, goal.first - 1) if goal is not None else []
    return m.homeward != "out" and (goal is None or any(t.form.frame == "go" for t in between))


def _days(words: list[str], modality: Modality, behind: range) -> int | None:
    """The number of days behind the first word that says how long something takes («تستمر يومين», «من ثلاثة أيام», «لأربعة أيام»)."""
    for j in behind:
        if among(words[j], modality.lasting):
            return next((days for k in range(j + 1, min(j + 4, len(words))) if (days := _days_at(words, modality, k))), None)
        days = _days_at(words, modality, j) if words[j][:1] == "ل" or words[j - 1] == "من" else None
        if days:
            return days
    return None


def _days_at(words: list[str], modality: Modality, token: int) -> int | None:
    """How many days are told at a token: «يومين», «ليومين», «ثلاثة أيام», «10 أيام»."""
    number = words[token].removeprefix("ل")
    if number in modality.day_dual:
        return 2
    if number in modality.weeks:
        return modality.weeks[number]
    if words[token + 1 : token + 2] and words[token + 1] in modality.days:
        return int(number[:4]) if number.isdecimal() else modality.numbers.get(number)
    return None
