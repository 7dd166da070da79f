"""Event mentions: one trigger, its participants, place, time and status, before mentions become events."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from ruskor.frames import Arguments, arguments, loose_words
from ruskor.model import Interval
from ruskor.scene import Entity, Scene, Time
from ruskor.status import Reading, light_verb, read_status
from ruskor.triggers import Modality, Trigger

CONTACT = frozenset({"summit", "visit", "meeting", "call", "delegation", "negotiation", "invitation", "agreement"})
GATHERING = frozenset({"summit", "meeting", "negotiation"})


@dataclass(slots=True)
class Mention:
    """One telling of an event.

    `first` and `second` are the two sides (guest and host, inviter and invited, speaker and target, the two parties of a
    meeting), `places` where it is. `anaphoric` means that it only points back («الزيارة», «القمة»).
    """

    trigger: Trigger
    type: str
    first: list[Entity]
    second: list[Entity]
    places: list[Entity]
    time: Time | None
    reading: Reading
    evidence: tuple[int, int]
    series: bool = False
    anaphoric: bool = False
    headline: bool = False
    started: bool = False
    lent: bool = False
    homeward: str | None = None  # out or back: leaves or reaches his own country
    same_as: Mention | None = None  # «وكان بذلك أول رئيس يزور …»: the visit is the meeting told before
    again: bool = False  # «آخر زيارة له»: an earlier visit to the same place
    stop: bool = False  # «زار مصنعا»: no place of its own, a stop of the journey
    notes: list[str] = field(default_factory=list)

    @property
    def date(self) -> Interval | None:
        """The days that the text gives."""
        return self.time.value if self.time else None


def own_times(scene: Scene, modality: Modality) -> tuple[dict[int, Time], dict[int, list[Time]], dict[int, list[Time]]]:
    """Which trigger (by its first token) each date expression belongs to, and the dates of single members of a series.

    «أجرى زيارات عدة هذا العام، كان آخرها الشهر الماضي» gives the series its year and one member its month; «بعد زياراته في
    2004 و2009 و2018» gives three members. «الأولى منذ عام 2000» gives the date of the one before.
    """
    owners: dict[int, Time] = {}
    members: dict[int, list[Time]] = {}
    earlier: dict[int, list[Time]] = {}
    for time in scene.times:
        if scene.sentence_of[time.first] < 0 or time.value.last.year - time.value.start.year > 12:
            continue  # an era dates no single event
        first_since = _first_since(scene, modality, time)
        if first_since is not None:
            earlier.setdefault(first_since, []).append(time)
            continue
        if time.first > 0 and scene.words[time.first - 1] in modality.ordinals and time.value.precision == "year":
            continue  # «قمة هي الثالثة هذا العام» counts, it does not date
        owner = _owner(scene, modality, time)
        if owner is None or _dateline(scene, time) or not modality.about.isdisjoint(scene.words[max(0, time.first - 1) : time.last + 1]):
            continue
        trigger = scene.triggers[scene.trigger_at[owner]]
        if any(among(scene.words[j], modality.one_of) for j in range(max(0, time.first - 4), time.first)) or (
            trigger.form.plural and owner in owners and time.value.precision == owners[owner].value.precision and not time.value.overlaps(owners[owner].value)
        ):
            members.setdefault(owner, []).append(time)
            continue
        opening, _ = scene.clauses[scene.clause_of[time.first]]
        if opening > trigger.last and _elliptic(scene, modality, time):
            members.setdefault(owner, []).append(time)  # «التقيا في فلاديفوستوك عام 2019، ثم في فوستوشني في سبتمبر 2023»
            continue
        if opening > trigger.last and among(scene.words[opening], modality.first_time):
            members.setdefault(owner, []).append(time)  # «والتقى ثلاث مرات …، للمرة الأولى في بيونغيانغ في العام 2000»
            continue
        if owner not in owners and _until_of_visit(scene, modality, time, owners):
            continue
        if owner in owners and _begun(scene, modality, time, owners[owner]):
            first, last = sorted((time.value, owners[owner].value), key=lambda v: v.start)
            owners[owner] = replace(owners[owner], value=Interval(first.start, last.last, "day"))
        elif owner not in owners or _finer(time, owners[owner]):
            owners[owner] = time
    return owners, members, earlier


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
    near = before[-1] if before else (visits[0] if visits else None)
    return near.first if near is not None else None


def _one_before(scene: Scene, m: Mention, times: list[Time]) -> list[Mention]:
    """«الأولى منذ 24 عاما»: the visit before, if whoever comes now held an office already then."""
    if m.type != "visit" or not times or not m.first or m.first[0].person is None:
        return []
    out = []
    for time in times:
        day = time.value.start.isoformat()
        terms = scene.gazetteer.people[m.first[0].person].terms
        last = time.value.last.isoformat()
        if any(t.since <= last and (t.until or "9999") >= day[: len(t.until or "9999")] for t in terms):
            out.append(replace(m, time=time, second=[], reading=Reading("occurred", 2), series=False, started=False, headline=False, again=True))
    return out


def _elliptic(scene: Scene, modality: Modality, time: Time) -> bool:
    """A clause without a verb that only gives another place and time («ثم في … في …»)."""
    start, stop = scene.clauses[scene.clause_of[time.first]]
    if any(token in scene.trigger_at for token in range(start, stop + 1)) or not among(scene.words[start], modality.conjunctions | modality.at):
        return False
    return scene.words[start] not in modality.at and any(e.kind == "place" for e in scene.between(start, stop))


def _dateline(scene: Scene, time: Time) -> bool:
    """«سيئول، 20 سبتمبر (يونهاب) --»: the date of the report, not of what it tells."""
    own = scene.published
    if own is None or time.value.start != own.start or time.value.end != own.end or own.start != own.end:
        return False
    start, _ = scene.sentence_bounds(time.first)
    line = scene.document.lines[scene.document.sentences[scene.sentence_of[time.first]].line]
    opens = scene.document.tokens.starts[time.first] - line.start < 40
    absolute = any(scene.words[j].isdecimal() for j in range(time.first, time.last + 1))
    return opens and absolute and not scene.triggers_in(start, time.first - 1)


def _until_of_visit(scene: Scene, modality: Modality, time: Time, owners: dict[int, Time]) -> bool:
    """Give the last day to the visit whose first day stands before in the sentence."""
    start, _ = scene.sentence_bounds(time.first)
    for trigger in reversed([t for t in scene.triggers_in(start, time.first - 1) if t.form.type == "visit"]):
        first = owners.get(trigger.first)
        if first is not None and _ends(scene, modality, time, first):
            owners[trigger.first] = replace(first, value=Interval(first.value.start, time.value.last, "day"))
            return True
    return False


def _ends(scene: Scene, modality: Modality, time: Time, other: Time) -> bool:
    """«وصل أمس في زيارة تستمر حتى الأربعاء»."""
    return time.first > 0 and scene.words[time.first - 1] in modality.until and time.value.last > other.value.start and other.value.precision == "day"


def _begun(scene: Scene, modality: Modality, time: Time, other: Time) -> bool:
    """«اختتم اليوم الأحد زيارته … التي بدأها يوم 12 سبتمبر»: two days that bound one visit."""
    if time.value.precision != "day" or other.value.precision != "day" or time.value.end is None or other.value.end is None:
        return False
    return any(scene.words[j] in modality.begins for j in range(max(0, time.first - 3), time.first))


_ORDER = {"day": 0, "week": 1, "month": 2, "season": 3, "year": 4, "multi-year": 5}


def _finer(a: Time, b: Time) -> bool:
    return _ORDER[a.value.precision] < _ORDER[b.value.precision] and b.value.contains(a.value)


def _owner(scene: Scene, modality: Modality, time: Time) -> int | None:
    clause = scene.clause_of[time.first]
    start, stop = scene.clauses[clause]
    first_sentence, last_sentence = scene.sentence_bounds(time.first)
    # «بعد تسعة أشهر على استقبال …»: a duration belongs to the noun it counts from.
    for token in range(time.last + 1, min(time.last + 4, last_sentence + 1)):
        k = scene.trigger_at.get(token)
        if k is not None and not scene.triggers[k].verb and token - time.last <= 3 and time.counts:
            # «بعد يومين من قمتهما» today: the days counted end at the article, not at the summit.
            own = scene.published
            return token if own is None or time.value.last < own.start else None
    since = {scene.words[time.first], scene.words[time.first - 1] if time.first > first_sentence else ""} & modality.since
    left = scene.triggers_in(start, time.first - 1)
    if since:
        # «للمرة الثالثة منذ عام 2000» dates no event of ours, «آخر زيارة منذ …» the last one before.
        last = left[-1] if left else None
        if last is None or not {scene.words[j] for j in range(max(start, last.first - 2), last.first)} & modality.last_time:
            return None
        return last.first
    right = scene.triggers_in(time.last + 1, stop)
    if left:
        near = left[-1]
        if near.form.type == "delegation" and len(left) > 1:
            near = left[-2]
        # «زار … في زيارة …», «أبرم … اتفاقية»: the verb that opens the clause carries the time of its noun too.
        return near.first
    if right:
        return right[0].first
    later = scene.triggers_in(stop + 1, last_sentence)
    earlier = scene.triggers_in(first_sentence, start - 1)
    if time.first - start <= 2 and (start == first_sentence or not earlier):
        # «وفي يوليو 2023، زار …»
        return later[0].first if later and scene.clause_of[later[0].first] <= clause + 1 else None
    if not earlier or scene.clause_of[earlier[-1].last] < clause - 1:
        return None
    # «…، اليوم الأربعاء، …» and «زيارته التي بدأها في 12 سبتمبر» date what stands before.
    relative = among(scene.words[start], modality.relatives) and time.first - start <= 8
    if scene.words[start - 1] in modality.since and earlier[-1].form.plural:
        return earlier[-1].first  # «دعوات متكررة … منذ أن بدأ …»
    first_time = among(scene.words[start], modality.first_time)
    if _elliptic(scene, modality, time) or (scene.words[start][:1] == "ف" and scene.words[start][1:] in modality.light):
        return earlier[-1].first
    return earlier[-1].first if relative or first_time or time.first - start <= 2 else None


def lead_people(scene: Scene) -> list[int]:
    """The people of the article, most named first."""
    counts: dict[int, int] = {}
    for entity in scene.entities:
        if entity.person is not None:
            counts[entity.person] = counts.get(entity.person, 0) + 1
    return sorted(counts, key=lambda p: (-counts[p], p))


def antecedent(scene: Scene, token: int, *, avoid_country: str | None = None, avoid: frozenset[str] = frozenset(), feminine: bool = False, relative: bool = False) -> Entity | None:
    """Whom a pronoun at `token` means: the last subject-like person before it in the sentence, else of the sentences before.

    A person of `avoid_country` is not meant if there is another: nobody visits his own country.
    """
    start, _ = scene.sentence_bounds(token)
    here = [e for e in scene.between(start, token - 1) if e.person is not None and not e.weak and e.name not in avoid]
    earlier: list[Entity] = []
    index = scene.sentence_of[token]
    for back in (1, 2, 3):
        if index - back < 0:
            break
        sentence = scene.document.sentences[index - back]
        earlier += [e for e in scene.between(sentence.first, sentence.last) if e.person is not None and e.name not in avoid]
    clause_start, _ = scene.clause_bounds(token)
    said = _speakers(scene, start, token)
    subjects = [e for e in here if e.first not in said]
    if relative and here:
        # «تشوي سون هوي التي بدأت أمس زيارة»: whom the relative clause follows
        ordered = [e for e in reversed(here) if e.last < clause_start][:1] + here
    else:
        ordered = [*subjects, *[e for e in here if e.first in said], *earlier]
    if not ordered:
        _, stop = scene.sentence_bounds(token)
        ordered = [e for e in scene.between(token, stop) if e.person is not None and not e.weak and e.name not in avoid]
    people = scene.gazetteer.people
    fitting = [e for e in ordered if e.country != avoid_country and (not feminine or e.person is not None and people[e.person].gender == "f")]
    if fitting:
        return fitting[0]
    return None


def _speakers(scene: Scene, start: int, token: int) -> set[int]:
    """First tokens of the people who only say something in the sentence so far."""
    out = set()
    for trigger in scene.triggers_in(start, token - 1):
        if trigger.form.frame == "say" and trigger.verb:
            _, stop = scene.clause_bounds(trigger.first)
            after = [e for e in scene.between(trigger.last + 1, stop) if e.person is not None]
            before = [e for e in scene.between(start, trigger.first - 1) if e.person is not None]
            out.update(e.first for e in (after[:1] or before[-1:]))
    return out


def last_pair(scene: Scene, token: int, kind: str) -> list[Entity]:
    """«الزعيمان», «البلدان»: the last two people or states of two countries named before the token (else after it)."""
    if kind == "people":
        # «الزعيمان»: of those named so far, the two of different countries on whom the article turns.
        seen = {e.person: e for e in scene.entities if e.person is not None and e.first < token}
        picked: list[Entity] = []
        for person in lead_people(scene):
            entity = seen.get(person)
            if entity is not None and entity.country not in {e.country for e in picked}:
                picked.append(entity)
        if len(picked) >= 2:
            return picked[:2]
    found: list[Entity] = []
    countries: set[str] = set()
    before = [e for e in reversed(scene.entities) if e.first < token]
    for entity in [*before, *(e for e in scene.entities if e.first > token)]:
        if entity.country is None or entity.country in countries:
            continue
        if (kind == "people") == (entity.person is not None) and entity.kind != "organization":
            found.append(entity)
            countries.add(entity.country)
        if len(found) == 2:
            break
    return found


def build_mentions(scene: Scene, modality: Modality) -> list[Mention]:
    """Every trigger of the scene as a mention; those that name nobody and point nowhere are left out."""
    owners, members, earlier = own_times(scene, modality)
    out: list[Mention] = []
    for trigger in scene.triggers:
        kind = trigger.form.type
        args = arguments(scene, modality, trigger)
        time = owners.get(trigger.first)
        reading = read_status(scene, modality, trigger, time.value if time else None)
        mention = Mention(
            trigger, kind, list(args.first), list(args.second), list(args.places), time, reading, (args.left, args.right),
            series=_series(scene, modality, trigger), headline=scene.headline(trigger.first),
        )  # fmt: skip
        if _complete(scene, modality, mention, args):
            if mention.reading.status == "called_off" and mention.time is not None and mention.time.value.precision == "day" and mention.time.first < trigger.first and not trigger.verb:
                mention.time = None  # «ألغى أمس قمة …»: the day of the word, not of the summit
            if trigger.form.type == "agreement" and mention.time is None:
                mention.time = _anniversary(scene, modality, trigger)
            if mention.series and mention.time is not None:
                mention.time = _until_now(scene, modality, mention)
            out += _split_destinations(mention)
            out += _one_before(scene, mention, earlier.get(trigger.first, []))
            out += _members(scene, mention, owners.get(trigger.first), members.get(trigger.first, []))
    out = _joined(scene, modality, out)
    _share_modality(scene, modality, out)
    _earlier_visits(scene, modality, out)
    for m in out:
        _last(scene, modality, m)
    _borrow_times(scene, modality, out)
    for m in out:
        if m.lent:
            _last(scene, modality, m)
    return out


def _earlier_visits(scene: Scene, modality: Modality, mentions: list[Mention]) -> None:
    """«زيارته الثانية … بعد زيارة في مارس الماضي»: the same visitor at the same place, earlier."""
    for visit, m in zip(mentions, mentions[1:], strict=False):
        if visit.type != "visit" or m.type != "visit" or m.first or m.places or m.time is None or m.trigger.verb:
            continue
        if scene.sentence_of[visit.trigger.first] == scene.sentence_of[m.trigger.first] and scene.words[m.trigger.first - 1] in modality.count_from:
            m.first, m.places, m.again, m.anaphoric = visit.first, visit.places, True, False
            m.reading = Reading("occurred", 2)


def _share_modality(scene: Scene, modality: Modality, mentions: list[Mention]) -> None:
    """«قد يزور بيونغ يانغ لعقد لقاءات»: the purpose of a journey is no surer than the journey."""
    for visit, m in zip(mentions, mentions[1:], strict=False):
        if visit.type != "visit" or m.type not in GATHERING or visit.reading.status not in ("possible", "called_off", "denied"):
            continue
        near = scene.words[m.trigger.first] in modality.purpose or scene.words[m.trigger.first - 1] in modality.purpose
        if near and scene.sentence_of[visit.trigger.first] == scene.sentence_of[m.trigger.first]:
            m.reading = visit.reading


def _borrow_times(scene: Scene, modality: Modality, mentions: list[Mention]) -> None:
    """A contact without a date takes that of the nearest contact of its sentence with which it shares somebody."""
    by_sentence: dict[int, list[Mention]] = {}
    for m in mentions:
        by_sentence.setdefault(scene.sentence_of[m.trigger.first], []).append(m)
    for m in mentions:
        if m.time is not None or m.type not in CONTACT or m.series or (m.type == "invitation" and m.reading.strength < 3):
            continue
        index = scene.sentence_of[m.trigger.first]
        if not modality.count_from.isdisjoint(scene.words[max(0, m.trigger.first - 4) : m.trigger.first]):
            continue  # «بعد يومين من قمتهما» says nothing of the summit's day
        during = m.trigger.first > 0 and scene.words[m.trigger.first - 1] in modality.during
        people = {e.name for e in [*m.first, *m.second]}
        near = [
            o for o in by_sentence[index]
            if o.trigger is not m.trigger and o.time is not None and o.lent is False and o.type in CONTACT
            and o.reading.status == m.reading.status and (people & {e.name for e in [*o.first, *o.second]} or m.anaphoric or (during and o.trigger.first < m.trigger.first)) and not o.series
            and (m.type != "invitation" or o.type in GATHERING) and not _elsewhere(m, o)
        ]  # fmt: skip
        start, _ = scene.sentence_bounds(m.trigger.first)
        if not near and not modality.thereby.isdisjoint(scene.words[start : m.trigger.first]):
            near = [o for o in mentions if o.time is not None and not o.lent and o.type in CONTACT and o.trigger.first < start and not o.series][-1:]
            m.same_as = near[0] if near else None
        if near:
            m.time = min(near, key=lambda o: abs(o.trigger.first - m.trigger.first)).time
            m.lent = True


def _elsewhere(a: Mention, b: Mention) -> bool:
    """Two journeys to two countries have their own days."""
    return a.type == b.type == "visit" and bool(a.places) and bool(b.places) and a.places[0].country != b.places[0].country


def _last(scene: Scene, modality: Modality, m: Mention) -> None:
    """«زيارة تستمر يومين», «اختتم زيارة دامت ثلاثة أيام»: the days of a visit from its first or last one."""
    if m.type != "visit" or m.time is None or m.time.value.precision != "day" or m.time.value.start != m.time.value.end:
        return
    words = scene.words
    start, stop = scene.sentence_bounds(m.trigger.first)
    left, _ = scene.clause_bounds(m.trigger.first)
    near = words[left : m.trigger.last + 1]
    begins = any(w in modality.begins for w in near) or m.reading.status == "ongoing"
    ends = any(w in modality.ends for w in near)
    days = _days(words, modality, m.trigger.last + 1, min(stop, m.trigger.last + 14))
    m.started = begins
    day = m.time.value.start
    if days and days > 1:
        length = timedelta(days=days - 1)
        first, last = (day - length, day) if ends else (day, day + length)
        m.time = replace(m.time, value=Interval(first, last, "day"))


def _days(words: list[str], modality: Modality, first: int, last: int) -> int | None:
    for j in range(first, last + 1):
        if words[j] in modality.lasting:
            for k in range(j + 1, min(j + 4, len(words))):
                if words[k] in modality.day_dual:
                    return 2
                if words[k] in modality.days and k > j:
                    before = words[k - 1]
                    return int(before) if before.isdecimal() else modality.numbers.get(before)
            return None
    return None


def _members(scene: Scene, m: Mention, own: Time | None, times: list[Time]) -> list[Mention]:
    """The dated members of a series, which is no member itself."""
    if not times:
        return []
    done = Reading("occurred", 2)
    if own is not None and own.value.precision == times[0].value.precision and own.value.precision != "day":
        # «زياراته في 2004 و2009 و2018»: all of them are members
        m.time, m.series = own, False
    out = []
    for time in times:
        start, stop = scene.clause_bounds(time.first)
        places = [e for e in scene.between(start, stop) if e.kind == "place" and start > m.trigger.last]
        out.append(replace(m, time=time, places=places or m.places, series=False, reading=done, started=False, evidence=(start, stop) if places else m.evidence))
    return out


def _until_now(scene: Scene, modality: Modality, m: Mention) -> Time:
    """A series of the year that is still running has happened up to the article's date."""
    assert m.time is not None
    value, own = m.time.value, scene.published
    clause_start, _ = scene.clauses[scene.clause_of[m.time.first]]
    if own is not None and clause_start > 0 and scene.words[clause_start - 1] in modality.since:
        return replace(m.time, value=Interval(value.start, own.last, "multi-year" if value.start.year != own.last.year else value.precision))
    if own is None or m.reading.status not in ("occurred", "ongoing") or not (value.start <= own.start <= value.last):
        return m.time
    return replace(m.time, value=Interval(value.start, own.last, value.precision))


def _anniversary(scene: Scene, modality: Modality, trigger: Trigger) -> Time | None:
    """«الذكرى السنوية الأولى لتوقيع اتفاق» told last month: the agreement is of that month a year before."""
    words = scene.words
    start, stop = scene.sentence_bounds(trigger.first)
    for token in range(trigger.first - 1, max(start, trigger.first - 6) - 1, -1):
        if not among(words[token], modality.anniversary):
            continue
        years = next((modality.ordinals.get(w) or (int(w) if w.isdecimal() else None) for w in words[token + 1 : trigger.first + 1] if w in modality.ordinals or w.isdecimal()), None)
        near = [t for t in scene.times if start <= t.first <= stop and t.value.end is not None and t.value.precision in ("day", "month")]
        if years is None or not near:
            return None
        time = min(near, key=lambda t: abs(t.first - token))
        value = time.value
        first, last = (_years_before(day, years) for day in (value.start, value.last))
        return replace(time, value=Interval(first, last, value.precision))
    return None


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)


def _split_destinations(m: Mention) -> list[Mention]:
    """«يزور كوريا الشمالية وفيتنام»: a visit to each state."""
    if m.type != "visit" or len(m.places) < 2 or not m.places[1].prefix.startswith("و") or m.places[0].country == m.places[1].country:
        return [m]
    return [replace(m, places=[place]) for place in m.places if place.country != m.places[0].country or place is m.places[0]][:3]


def _series(scene: Scene, modality: Modality, trigger: Trigger) -> bool:
    """«ثلاث مرات», «زيارات عدة»: several events told as one."""
    words = scene.words
    near = words[max(0, trigger.first - 3) : trigger.first]
    after = words[trigger.last + 1 : trigger.last + 4]
    plural = trigger.form.plural and trigger.form.type in ("visit", "invitation", "delegation", "call", "meeting") and trigger.form.frame != "meet"
    if trigger.form.plural and any(w in modality.series_after for w in after[:2]):
        return True
    if trigger.verb:
        _, stop = scene.sentence_bounds(trigger.first)
        return not modality.times_words.isdisjoint(words[trigger.last + 1 : min(stop, trigger.last + 14) + 1])
    if plural or not trigger.form.plural:
        return plural
    return any(w.lstrip("وفبل") in modality.series_before for w in near) or any(w in modality.series_before for w in after[:2])


def _complete(scene: Scene, modality: Modality, m: Mention, args: Arguments) -> bool:
    """Fill in pronouns and pairs; false where nothing can be said."""
    frame = m.trigger.form.frame
    token = m.trigger.first
    feminine = m.trigger.form.pronoun == "ها"
    if frame in ("go", "move", "leave", "come_back"):
        return _complete_visit(scene, modality, m, args, feminine=feminine)
    if frame == "attend":
        return _complete_attendance(scene, m, args)
    if frame == "receive":
        m.type = "meeting" if m.trigger.verb else "visit"
        people = [e for e in m.second if e.person is not None]
        if m.trigger.form.pronoun and m.trigger.verb:
            m.first = m.first or people[:1]  # «استقبلها الرئيس»: the subject follows, the object is the pronoun
            people = []
        if not people and m.trigger.form.pronoun:
            who = antecedent(scene, token, avoid=frozenset(e.name for e in m.first))
            people = [who] if who else []
        hosts = m.first
        if not people and len(hosts) == 1 and hosts[0].person is not None and m.places and m.places[0].country != hosts[0].country:
            # «استضاف كيم في موسكو»: the host is in the verb
            people, who = hosts, antecedent(scene, token, avoid=frozenset({hosts[0].name}), avoid_country=hosts[0].country)
            hosts = [who] if who is not None else []
        m.first, m.second = people, hosts
        return bool(people) and bool(hosts)
    if frame == "meet":
        parties = [e for e in [*m.first, *m.second] if not e.weak]
        if any(e.kind == "person" for e in parties):
            # «مباحثات مع كيم حول أوكرانيا»: a state named beside people is the subject of the talk, unless it is met
            parties = [e for e in parties if e.kind != "place" or scene.words[e.first - 1] in modality.with_words or e.prefix.startswith("و")]
        known = {e.name for e in parties if e.kind == "person"}
        if args.pronoun and len(known) < 2:
            who = antecedent(scene, token, avoid=frozenset(known), feminine=feminine)
            if who is not None:
                parties = [who, *parties]
                known.add(who.name)
        if len(known) < 2 and not args.pair and len({e.country for e in parties if e.country}) < 2 and (m.trigger.verb or m.reading.strength >= 2) and parties:
            # «حيث سيجري مباحثات مع نظيره»: the subject is in the verb.
            who = antecedent(scene, token, avoid=frozenset(known), avoid_country=parties[0].country)
            if who is not None:
                parties = [who, *parties]
                known.add(who.name)
        if args.pair and len(known) < 2:
            parties = [*last_pair(scene, token, args.pair), *parties]
        m.first, m.second = parties, []
        countries = {e.country for e in parties if e.country}
        if len(known) >= 2 or len(countries) >= 2:
            return True
        m.anaphoric = m.trigger.form.definite or bool(parties)
        return m.anaphoric
    if frame == "invite":
        return _complete_invitation(scene, modality, m, args)
    if frame == "sign":
        parties = [*m.first, *m.second]
        if args.pair:
            parties = [*last_pair(scene, token, args.pair), *parties]
        if m.trigger.verb and parties and len({e.country for e in parties if e.country}) < 2:
            who = antecedent(scene, token, avoid=frozenset(e.name for e in parties), avoid_country=parties[0].country)
            parties = [who, *parties] if who is not None else parties
        m.first, m.second = parties, []
        m.anaphoric = len({e.country for e in parties if e.country}) < 2
        near = " ".join(scene.words[max(args.left, token - 6) : m.trigger.last + 3])
        if m.anaphoric and not m.trigger.verb and not any(stem in near for stem in modality.reaching):
            return False
        return bool(parties) or m.trigger.form.definite or m.reading.strength > 0
    if frame == "say":
        m.first = [e for e in m.first if e.kind != "nationality"][:2]
        m.second = [e for e in m.second if e.kind == "person" or (e.place is not None and e.place.role == "actor")][:2]
        return bool(m.first)
    if not m.first and not m.second:
        start, _ = scene.sentence_bounds(token)
        states = [e for e in scene.between(start, token - 1) if e.kind != "person" and e.country is not None and not e.media]
        m.first = states[-1:]
    return bool(m.first or m.second or m.places)


def _complete_visit(scene: Scene, modality: Modality, m: Mention, args: Arguments, *, feminine: bool) -> bool:
    frame, token = m.trigger.form.frame, m.trigger.first
    guests = [e for e in m.first if e.kind in ("person", "nationality")]
    if not guests and m.first and m.type == "delegation":
        guests = m.first
    places = [e for e in m.places if e.first > token] or ([] if frame in ("go",) and m.trigger.verb else m.places)
    if frame == "go" and not places:
        # The object may read as a party («زيارة بيونغ يانغ»): a state right after the noun or a ل is the destination.
        places = [e for e in m.second if e.kind == "place" and e.first > token and loose_words(scene, m.trigger.last + 1, e.first - 1) <= 1]
    if not places and frame == "go" and m.trigger.verb:
        # «وفي فلاديفوستوك، …، سيزور الأسطول»: the place stands at the head of the sentence
        start, _ = scene.sentence_bounds(token)
        places = [e for e in scene.between(start, start + 2) if e.place is not None and e.place.role == "location"]
    if not guests and m.trigger.verb and frame in ("leave", "come_back", "move"):
        who = antecedent(scene, token, feminine=feminine)
        guests = [who] if who is not None else []
    home = {e.country for e in guests}
    if frame in ("leave", "come_back", "move") and places and guests:
        away = [e for e in places if e.country not in home]
        if not away:
            # «غادر بلاده», «عاد إلى بيونغ يانغ»: the first or last day of the journey that is told elsewhere
            m.homeward = "out" if frame == "leave" else "back"
            m.first, m.second, m.places = guests, [], []
            return True
        places = away
    m.places = places
    if frame == "come_back" and not m.trigger.verb and m.reading.strength < 3:
        m.reading = Reading("occurred", 2)  # who is on his way back has been there
    m.again = any(among(scene.words[j], modality.last_time) for j in range(max(0, token - 2), token))
    destination = places[0].country if places else None
    opening, _ = scene.clause_bounds(token)
    relative = scene.words[opening] in modality.relatives
    if guests and not any(e.kind == "person" for e in guests):
        # «أول زيارة لمسؤول روسي»: the Russian named in the sentence
        start, _ = scene.sentence_bounds(token)
        countries = {e.country for e in guests}
        end = places[0].first if places else args.right
        named = [e for e in scene.between(start, end) if e.person is not None and e.country in countries and not e.weak and e not in m.second[1:]]
        guests = named[-1:] or guests
    if not guests and any(scene.words[j] in modality.latter for j in range(token, min(token + 4, len(scene.words)))):
        start, _ = scene.sentence_bounds(token)
        guests = [e for e in scene.between(start, token) if e.person is not None][-1:]
    carried = m.trigger.form.pos == "n" and light_verb(scene, modality, m.trigger) is not None
    if not guests and (args.pronoun or m.trigger.verb or (carried and frame == "go")):
        who = antecedent(scene, token, avoid_country=None if frame == "come_back" else destination, feminine=feminine, relative=relative)
        guests = [who] if who is not None else []
    m.first = guests
    m.second = [e for e in m.second if e.kind == "person" and e not in guests]
    if guests and places:
        # nobody visits his own country
        return any(e.country not in home for e in places)
    if guests:
        m.stop = m.trigger.verb and frame == "go"
        m.anaphoric = not m.stop
        return m.trigger.form.pos == "n" or frame == "go"
    if m.type == "delegation" and args.pair == "states":
        m.first = last_pair(scene, token, "states")
        m.second = m.first[1:]
        return len(m.first) == 2
    if m.type == "delegation" and not guests:
        return False
    if places and m.trigger.form.pos == "n" and frame == "go":
        m.anaphoric = True
        return True
    m.anaphoric = (m.trigger.form.definite or scene.words[token - 1] in modality.count_from) and frame == "go"
    return m.anaphoric


def _complete_attendance(scene: Scene, m: Mention, args: Arguments) -> bool:
    """Who takes part in something abroad visits that country."""
    guests = [e for e in m.first if e.kind == "person" and abs(e.first - m.trigger.first) <= 14]
    if not m.trigger.verb:
        guests = [e for e in guests if e.last < m.trigger.first][-1:] or [e for e in m.second if e.first - m.trigger.last <= 2][:1]
    homes = {e.country for e in guests}
    inside = scene.between(m.trigger.first, args.right)
    places = [e for e in inside if e.kind == "place" and e.country is not None and e.country not in homes]
    if not guests or not places:
        return False
    m.first, m.second, m.places = guests, [], places[:2]
    return True


def _complete_invitation(scene: Scene, modality: Modality, m: Mention, args: Arguments) -> bool:
    """Inviter in `first`, guest in `second`."""
    words, token = scene.words, m.trigger.first
    everyone = [e for e in [*m.first, *m.second] if e.kind in ("person", "organization") or e.place is not None]
    if m.trigger.verb:
        people = [e for e in m.second if e.kind == "person"]
        if m.trigger.form.pronoun and not people:
            who = antecedent(scene, token, avoid=frozenset(e.name for e in m.first), avoid_country=m.first[0].country if m.first else None)
            people = [who] if who is not None else []
        if not m.first:
            who = antecedent(scene, token, avoid=frozenset(e.name for e in people), avoid_country=people[0].country if people else None)
            m.first = [who] if who is not None else []
        if not people and any(words[j] in modality.the_other for j in range(token, min(token + 5, len(words)))) and m.first:
            who = antecedent(scene, token, avoid=frozenset(e.name for e in m.first), avoid_country=m.first[0].country)
            people = [who] if who is not None else []
        if not m.first or not people:
            return False
        to_visit = any(words[j] in modality.visit_words for j in range(token, min(args.right + 1, token + 16)))
        m.second = people
        return to_visit
    inviter = [e for e in everyone if e.first > token and (words[e.first - 1] in modality.from_words or (e.first == m.trigger.last + 1 and not e.prefix))]
    guest = [e for e in everyone if e.kind == "person" and (e.prefix.endswith("ل") or words[e.first - 1] in modality.to_words) and e not in inviter]
    before = [e for e in everyone if e.last < token and e.kind == "person"]
    receives = any(among(words[j], modality.receiving) for j in range(max(args.left, token - 8), token))
    gives = any(among(words[j], modality.giving_invitation) for j in range(max(args.left, token - 8), min(token + 4, args.right + 1)))
    if not inviter and gives and not receives:
        inviter = [e for e in everyone if e.kind == "person" and e not in guest][:1]
    if not guest:
        guest = [e for e in before if e not in inviter][-1:]
    if not inviter and guest and receives:
        inviter = [e for e in everyone if e not in guest and e.kind != "place"][:1]
    if not guest:
        who = antecedent(scene, token, avoid=frozenset(e.name for e in inviter), avoid_country=inviter[0].country if inviter else None)
        guest = [who] if who is not None else []
    m.first, m.second = inviter, guest
    if not inviter and guest and receives:
        who = antecedent(scene, token, avoid=frozenset(e.name for e in guest), avoid_country=guest[0].country)
        inviter = [who] if who is not None else []
    if not inviter and guest:
        start, stop = scene.sentence_bounds(token)
        goals = [e for e in scene.between(start, stop) if e.place is not None and e.place.role == "location" and e.country not in (None, guest[0].country)]
        inviter = [replace_kind(e) for e in goals[:1]]
    m.first, m.second = inviter, guest
    return bool(inviter) and bool(guest) or (bool(guest) and (receives or m.trigger.form.plural or m.reading.strength >= 2))


def replace_kind(entity: Entity) -> Entity:
    """The state in which a place lies, as a party."""
    return replace(entity, kind="nationality", place=None)


def among(word: str, words: frozenset[str]) -> bool:
    """Whether the word, or the word without a leading و or ف, is one of the words."""
    return word in words or (word[:1] in ("و", "ف") and word[1:] in words)


def _joined(scene: Scene, modality: Modality, mentions: list[Mention]) -> list[Mention]:
    """Neighbouring triggers that tell one event: «لقاء قمة», «توقيع اتفاق», «أبرم … اتفاقية», «زيارة» after «قام»."""
    out: list[Mention] = []
    for m in mentions:
        last = out[-1] if out else None
        if last is not None and last.trigger is m.trigger:
            out.append(m)  # a member of a series, or the visit before
            continue
        same_clause = last is not None and scene.clause_of[last.trigger.first] == scene.clause_of[m.trigger.first]
        if last is not None and same_clause:
            near = m.trigger.first - last.trigger.last <= 3
            if last.type == m.type == "agreement" and (near or last.trigger.verb):
                _absorb(last, m)
                continue
            if {last.type, m.type} <= GATHERING and near and not scene.between(last.trigger.last + 1, m.trigger.first - 1):
                last.type = "summit" if "summit" in (last.type, m.type) else last.type
                _absorb(last, m)
                continue
        if last is not None and last.type == m.type == "agreement" and m.trigger.verb and m.trigger.form.pronoun is not None:
            if scene.sentence_of[last.trigger.first] == scene.sentence_of[m.trigger.first]:
                _absorb(last, m)  # «المعاهدة … التي وقعها …»
                last.time = m.time or last.time
                last.reading = m.reading
                continue
        if last is not None and last.type == "invitation" and m.type == "visit" and same_clause and m.trigger.first - last.trigger.last <= 12 and (m.reading.strength < 3 or m.reading.status == "occurred"):
            last.places = last.places or m.places
            continue
        out.append(m)
    return out


def _absorb(a: Mention, b: Mention) -> None:
    names = {e.name for e in [*a.first, *a.second]}
    a.first += [e for e in b.first if e.name not in names]
    a.second += [e for e in b.second if e.name not in names]
    a.places = a.places or b.places
    if a.time is None:
        a.time = b.time
    if b.reading.strength > a.reading.strength and not a.trigger.verb:
        a.reading = b.reading
    a.evidence = (min(a.evidence[0], b.evidence[0]), max(a.evidence[1], b.evidence[1]))
    a.anaphoric = a.anaphoric and b.anaphoric
