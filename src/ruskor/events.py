"""The events of one article: mentions of the same event become one, with its status, date, participants and parts."""

from __future__ import annotations

from dataclasses import dataclass, field

from ruskor.entities import Entity
from ruskor.mention import Mention
from ruskor.model import CONTACT, GATHERING, Event, Evidence, Interval, Participant, PlaceMention, Status
from ruskor.scene import Scene
from ruskor.status import SAID
from ruskor.topic import Topic, is_core, is_relevant, level_of

_PRECISION = {"day": 0, "week": 1, "month": 2, "season": 3, "year": 4, "multi-year": 5}
# On a tie the most that an article vouches for wins (the contract's order).
_TIE = {"occurred": 5, "ongoing": 4, "called_off": 3, "denied": 2, "planned": 1, "possible": 0}
_APART = frozenset({"statement", "historic", "other"})  # every telling is its own event
_LEADERS = frozenset({"leader", "head_of_government"})


@dataclass(slots=True)
class Draft:
    """An event of the article while mentions are still being added."""

    type: str
    mentions: list[Mention] = field(default_factory=list)
    first: dict[str, Entity] = field(default_factory=dict)
    second: dict[str, Entity] = field(default_factory=dict)
    places: dict[str, Entity] = field(default_factory=dict)
    date: Interval | None = None
    series: bool = False
    parent: Draft | None = None

    @property
    def people(self) -> set[str]:
        """Names of the people on either side."""
        return {e.name for e in [*self.first.values(), *self.second.values()] if e.kind == "person"}

    @property
    def countries(self) -> set[str]:
        """Countries of everybody on either side."""
        return {e.country for e in [*self.first.values(), *self.second.values()] if e.country}

    def destination(self) -> str | None:
        """Country of the first place."""
        return next((e.country for e in self.places.values()), None)

    def add(self, m: Mention) -> None:
        """Take a mention in."""
        self.mentions.append(m)
        for e in m.first:
            self.first.setdefault(e.name, e)
        for e in m.second:
            self.second.setdefault(e.name, e)
        for e in m.places:
            self.places.setdefault(e.name, e)
        date = m.date
        if m.lent and self.date is not None and date is not None and not (self.type == "visit" and _longer(date, self.date)):
            date = None
        if date is not None and (self.date is None or _finer(date, self.date) or (self.type == "visit" and _longer(date, self.date))):
            self.date = date
        if date is not None and self.date is not None and not date.overlaps(self.date) and self.type == "visit":
            self.date = Interval(min(date.start, self.date.start), max(date.last, self.date.last), "day")
        if m.type == "visit" and self.type == "delegation":
            self.type = "visit"
        if m.type == "summit" and self.type in GATHERING:
            self.type = "summit"
        self.series = self.series or m.series


def _finer(a: Interval, b: Interval) -> bool:
    return _PRECISION[a.precision] < _PRECISION[b.precision]


def _longer(a: Interval, b: Interval) -> bool:
    """Whether a visit's days hold the one day known so far («وصل اليوم … في زيارة تستغرق ثلاثة أيام»)."""
    return a.precision == b.precision == "day" and a.contains(b) and a != b and a.end is not None


_GROUPS = dict.fromkeys(GATHERING, "gathering") | {"delegation": "visit"}


def _group(kind: str) -> str:
    return _GROUPS.get(kind, kind)


def collect(scene: Scene, mentions: list[Mention]) -> list[Draft]:
    """Mentions joined to events: first those that name their parties, then those that only point back."""
    drafts: list[Draft] = []
    for m in mentions:
        if m.homeward is not None:
            continue
        told = m.same_as
        target = next((d for d in drafts if told in d.mentions), None) if told is not None else None
        if target is not None and m.type == "visit":
            _as_visit(target, m)
            continue
        target = _home(scene, drafts, m)
        if target is None:
            if m.anaphoric and not _worth_keeping(m) and m.type != "agreement":
                continue
            target = Draft(m.type)
            drafts.append(target)
        target.add(m)
    _merge_drafts(scene, drafts)
    _bound_journeys(drafts, [m for m in mentions if m.homeward is not None])
    _join_plans(scene, drafts)
    _place_stops(drafts)
    _borrow_destination(scene, drafts)
    _settle_agreements(scene, drafts)
    return [d for d in drafts if _told(d)]


def _as_visit(draft: Draft, m: Mention) -> None:
    """A meeting that the text calls a visit: its guest is the visitor, the others are hosts."""
    guests = {e.name for e in m.first}
    everyone = {**draft.first, **draft.second}
    draft.type = "visit"
    draft.first = {name: e for name, e in everyone.items() if name in guests}
    draft.second = {name: e for name, e in everyone.items() if name not in guests}
    draft.add(m)


def _join_plans(scene: Scene, drafts: list[Draft]) -> None:
    """An undated plan to meet at somebody's home and, in the same sentence, to visit him there: one journey."""
    for meeting in [d for d in drafts if d.type in GATHERING and d.date is None and not d.series]:
        for visit in drafts:
            if visit.type != "visit" or visit.date is not None or visit.series or not visit.places or not visit.first:
                continue
            home = visit.destination()
            if meeting.destination() not in (None, home) or not set(visit.first) <= meeting.people or home not in meeting.countries:
                continue
            if not {_status(meeting), _status(visit)} <= {"planned", "possible"} or not meeting.places:
                continue
            if {scene.sentence_of[m.trigger.first] for m in meeting.mentions} & {scene.sentence_of[m.trigger.first] for m in visit.mentions}:
                places = {**meeting.places, **visit.places}
                visit.mentions = [*meeting.mentions, *visit.mentions]
                visit.second = {name: e for name, e in {**meeting.first, **meeting.second, **visit.second}.items() if name not in visit.first}
                visit.places = places
                drafts.remove(meeting)
                break


def _told(draft: Draft) -> bool:
    """Whether the event says who or where; a contact needs two sides."""
    if draft.type == "delegation" and len(draft.countries) >= 2:
        return True
    if draft.type in ("visit", "delegation"):
        return bool(draft.first) and bool(draft.places)
    if draft.type == "agreement":
        return len(draft.countries) >= 2
    if draft.type in GATHERING or draft.type == "call":
        return len(draft.people) >= 2 or len(draft.countries) >= 2
    return True


def _worth_keeping(m: Mention) -> bool:
    return bool(m.first or m.places)


def _home(scene: Scene, drafts: list[Draft], m: Mention) -> Draft | None:
    """The event that a mention belongs to: the last one with which nothing is at odds."""
    best: tuple[tuple[int, int, int], Draft] | None = None
    if m.type in _APART:
        return None
    group = _GROUPS.get(m.type, m.type)
    for k, draft in enumerate(drafts):
        if _GROUPS.get(draft.type, draft.type) != group:
            continue
        score = _fits(scene, draft, m)
        if score is None:
            continue
        # «الزيارة» points to the visit on which the article turns; what names its parties to the one told last.
        rank = (score, len(draft.mentions) if m.anaphoric else 0, k)
        if best is None or rank > best[0]:
            best = rank, draft
    return best[1] if best else None


def _fits(scene: Scene, draft: Draft, m: Mention) -> int | None:
    """How well a mention fits an event of the article; null where something contradicts."""
    if _group(draft.type) != _group(m.type):
        return None
    if m.type in _APART:
        return None
    if (draft.series or m.series) and not (draft.series and m.series):
        return None
    if m.stop or any(x.stop for x in draft.mentions):
        return None
    if m.again != any(x.again for x in draft.mentions) and not (m.date is not None and draft.date is not None):
        return None  # the visit before is not the one that is told
    score = 0
    if draft.date is not None and m.date is not None:
        if not draft.date.overlaps(m.date) and not _ends_of_one(draft, m):
            return None
        score += 3
    people = {e.name for e in [*m.first, *m.second] if e.kind == "person"}
    if m.type in ("visit", "delegation", "invitation"):
        guests = {e.name for e in m.first if e.kind == "person"}
        known = {e.name for e in draft.first.values() if e.kind == "person"}
        if guests and known:
            if not guests & known:
                return None
            score += 3
        elif guests or known:
            states = {e.country for e in (m.first if not guests else draft.first.values()) if e.country}
            if states and not states & {e.country for e in (draft.first.values() if not guests else m.first)}:
                return None
            if not m.anaphoric:
                return None
        if m.type == "invitation" and people and draft.people and not people & draft.people:
            return None
        where = {e.country for e in m.places if e.country}
        there = {e.country for e in draft.places.values() if e.country}
        if where and there and _is_stop(scene, draft, m):
            return None
        if where and there:
            if not where & there or not _places_agree(scene, draft, m):
                return None
            score += 2
    else:
        if people and draft.people:
            if not (people <= draft.people or draft.people <= people):
                return None
            score += 3
        countries = {e.country for e in [*m.first, *m.second] if e.country}
        if countries and draft.countries and not (countries <= draft.countries or draft.countries <= countries):
            return None
        if not people and not countries and not m.anaphoric:
            return None
        if not _places_agree(scene, draft, m):
            return None
    if not _status_agrees(scene, draft, m):
        return None
    if m.anaphoric and m.reading.strength >= 2 and any(x.reading.strength >= 2 and x.reading.status == m.reading.status for x in draft.mentions):
        score += 2  # «القمة ستبدأ …» points to the summit that is planned
    return score


def _is_stop(scene: Scene, draft: Draft, m: Mention) -> bool:
    """«زار الجمعة مصنعا في كومسومولسك» within a journey of several days: a stop of its own."""
    if m.trigger.form.frame != "go" or not m.trigger.verb or m.date is None or draft.date is None or m.date.start != m.date.end:
        return False
    g = scene.gazetteer
    place = g.places[g.place_index[m.places[0].name]]
    whole = {g.places[g.place_index[name]].kind for name in draft.places}
    return draft.date.start != draft.date.end and place.kind not in ("country", "capital", "region") and bool(whole & {"country", "region"})


def _ends_of_one(draft: Draft, m: Mention) -> bool:
    """First and last day of one visit, told apart («عبر الحدود عائدا … أمس، منهيا زيارته التي بدأها في 12»)."""
    if draft.type != "visit" or m.type != "visit" or draft.date is None or m.date is None:
        return False
    if not (m.started or any(x.started for x in draft.mentions)) or draft.date.precision != "day" or m.date.precision != "day":
        return False
    return abs((draft.date.start - m.date.start).days) <= 30


def _places_agree(scene: Scene, draft: Draft, m: Mention) -> bool:
    """Places agree where one contains the other; two cities of one country do not."""
    g = scene.gazetteer
    for a in m.places[:1]:
        for b in list(draft.places.values())[:1]:
            if a.name == b.name or a.country is None or b.country is None:
                continue
            if a.country != b.country:
                return False
            kinds = {g.places[g.place_index[x.name]].kind for x in (a, b)}
            if "country" in kinds or "region" in kinds or "capital" in kinds:
                continue
            inside_a = g.places[g.place_index[a.name]].inside
            inside_b = g.places[g.place_index[b.name]].inside
            if a.name not in inside_b and b.name not in inside_a and not (set(inside_a[:1]) & set(inside_b[:1])):
                return False
    return True


def _status_agrees(scene: Scene, draft: Draft, m: Mention) -> bool:
    """What has happened and what is only planned are two events, unless one of the readings is a guess or both are dated alike."""
    strong = [x for x in draft.mentions if x.reading.strength >= 2]
    if m.reading.strength < 2 or not strong:
        return True
    done = {"occurred", "ongoing"}
    open_ = {"planned", "possible", "denied", "called_off"}
    mine = m.reading.status
    theirs = {x.reading.status for x in strong}
    if m.type == "agreement" and m.reading.strength >= SAID:
        return mine in theirs  # what is planned, what is possible and what was not signed are three agreements
    if (mine in done and theirs <= open_) or (mine in open_ and theirs <= done):
        return (draft.date is not None and m.date is not None) or m.anaphoric or (m.type == "visit" and _just_now(scene, draft.date or m.date))
    return True


def _just_now(scene: Scene, when: Interval | None) -> bool:
    """A journey of these days: «توجه» and «سيقوم بزيارة يومي …» tell the same one."""
    own = scene.published
    if when is None or own is None or when.end is None:
        return False
    return (when.start - own.last).days <= 1 and (own.start - when.end).days <= 1


def _merge_drafts(scene: Scene, drafts: list[Draft]) -> None:
    """An undated, placeless gathering of the same two people is the one dated gathering, if there is just one."""
    for draft in list(drafts):
        if draft.date is not None or draft.series or draft.type not in CONTACT:
            continue
        same = [
            d
            for d in drafts
            if d is not draft and _group(d.type) == _group(draft.type) and d.date is not None and not d.series and d.people == draft.people and draft.people
            and (not d.places or not draft.places or d.destination() == draft.destination())
            and all(_status_agrees(scene, d, m) for m in draft.mentions)
        ]  # fmt: skip
        if len(same) == 1:
            for m in draft.mentions:
                same[0].add(m)
            drafts.remove(draft)


def _bound_journeys(drafts: list[Draft], bounds: list[Mention]) -> None:
    """Departure from home and return to it give the journey its first and last day."""
    for m in bounds:
        guests = {e.name for e in m.first}
        homes = {e.country for e in m.first}
        own = [d for d in drafts if d.type in ("visit", "delegation") and not d.series and d.places and not any(x.again for x in d.mentions)]
        visits = [d for d in own if guests & set(d.first)] or [d for d in own if homes & {e.country for e in d.first.values()}][:1]
        if not visits:
            continue
        visit = max(visits, key=lambda d: len(d.mentions))
        visit.mentions.append(m)
        if m.date is None or m.date.precision != "day" or m.lent:
            continue
        if visit.date is None:
            visit.date = m.date
        elif visit.date.precision == "day" and abs((visit.date.start - m.date.start).days) <= 40:
            visit.date = Interval(min(visit.date.start, m.date.start), max(visit.date.last, m.date.last), "day")


def _place_stops(drafts: list[Draft]) -> None:
    """A stop without a place of its own («زار مصنعا للطائرات») lies where the guest's journey of those days goes."""
    for draft in drafts:
        if draft.places or not draft.mentions[0].stop or draft.date is None:
            continue
        journeys = [d for d in drafts if d is not draft and d.type == "visit" and d.places and d.date and d.date.overlaps(draft.date) and set(d.first) & set(draft.first)]
        if journeys:
            draft.parent = journeys[0]
            draft.places = dict(list(journeys[0].places.items())[:1])


def _borrow_destination(scene: Scene, drafts: list[Draft]) -> None:
    """«زيارة … يُنتظر أن تمهد لزيارة الرئيس»: a visit without a destination goes where the visit told before it went."""
    for draft in drafts:
        if draft.type != "visit" or not draft.first:
            continue
        at = draft.mentions[0].trigger.first
        if any(m.again or (m.trigger.form.plural and m.time is not None) for m in draft.mentions) and not draft.places:
            # «وكانت آخر زيارة له …»: to where he goes now
            same = [d for d in drafts if d is not draft and d.type == "visit" and d.places and set(d.first) & set(draft.first)]
            told = [(max((m.trigger.first for m in d.mentions if m.trigger.first < at), default=-1), d) for d in same]
            told = [(token, d) for token, d in told if token >= 0]
            if told:
                draft.places = dict(list(max(told, key=lambda pair: pair[0])[1].places.items())[:1])
        if draft.places:
            continue
        if draft.mentions[0].trigger.verb or _status(draft) not in ("planned", "possible"):
            continue
        homes = {e.country for e in draft.first.values()}
        before = [d for d in drafts if d.type == "visit" and d.places and d.destination() not in homes and d.mentions[0].trigger.first < at]
        near = [d for d in before if scene.sentence_of[at] - scene.sentence_of[max(m.trigger.first for m in d.mentions)] <= 1]
        if near and not any(set(d.first) & set(draft.first) for d in near):
            draft.places = dict(list(near[-1].places.items())[:1])


def _settle_agreements(scene: Scene, drafts: list[Draft]) -> None:
    """An agreement that names no two states is that of the visit or gathering told just before (else after) it."""
    frames = [d for d in drafts if d.type in (*GATHERING, "visit") and not d.series]
    for draft in drafts:
        if draft.type != "agreement" or len(draft.countries) >= 2:
            continue
        at = draft.mentions[0].trigger.first
        wide = [d for d in frames if len(_two_sides(scene, d)) >= 2 and (not draft.countries or draft.countries <= _two_sides(scene, d))]
        if not wide:
            continue
        if _status(draft) in ("occurred", "ongoing"):
            wide = [d for d in wide if _status(d) in ("occurred", "ongoing")] or wide
        elif _status(draft) != "denied":
            wide = [d for d in wide if _status(d) in ("planned", "possible") or _just_now(scene, d.date)] or wide
        before = [d for d in wide if any(m.trigger.first < at for m in d.mentions)]
        here = scene.sentence_of[at]
        in_sentence = [t.form for t in scene.triggers if scene.sentence_of[t.first] == scene.sentence_of[at]]
        if any(form.type == "visit" and form.definite and form.pronoun is None for form in in_sentence) and _status(draft) != "denied":
            # «خلال الزيارة»: the visit on which the article turns, not the last journey told
            visits = [d for d in before if d.type == "visit"]
            main = max(visits, key=lambda d: len(d.mentions), default=None)
            before = [d for d in before if d.type != "visit" or d is main]
        gatherings = [d for d in before if d.type in GATHERING and any(0 <= here - scene.sentence_of[m.trigger.first] <= 1 for m in d.mentions)]
        parent = max(gatherings or before, key=lambda d: max(m.trigger.first for m in d.mentions if m.trigger.first < at)) if before else wide[0]
        for country in sorted(_two_sides(scene, parent) - draft.countries):
            g = scene.gazetteer
            if country in g.countries:
                state = g.places[g.countries[country]]
                draft.first.setdefault(state.name, Entity(at, at, "nationality", state.name, state.name_ar, state.id, country))
        draft.parent = parent
        draft.places = draft.places or dict(parent.places)
        draft.date = draft.date or parent.date


def _two_sides(scene: Scene, draft: Draft) -> set[str]:
    """Countries of the parties, with the state visited."""
    where = draft.destination()
    return draft.countries | ({where} if draft.type == "visit" and where else set())


def _status(draft: Draft) -> Status:
    best = max(draft.mentions, key=lambda m: (m.reading.strength >= 2, _TIE[m.reading.status] if m.reading.strength >= 1 else -1, m.reading.strength))
    strong = [m for m in draft.mentions if m.reading.strength >= 2]
    if strong:
        # Called off or denied says more than planned; done says more than all.
        return max((m.reading.status for m in strong), key=lambda s: _TIE[s])
    return best.reading.status


def make_events(scene: Scene, topic: Topic, mentions: list[Mention]) -> list[Event]:
    """The events of the article in order of their first evidence, numbered E1 …"""
    drafts = collect(scene, mentions)
    for draft in drafts:
        _settle_type(scene, draft)
    _nest(scene, drafts)
    drafts.sort(key=lambda d: min(m.evidence[0] for m in d.mentions))
    ids = {id(draft): f"E{k + 1}" for k, draft in enumerate(drafts)}
    events = []
    for draft in drafts:
        event = _event(scene, draft, ids)
        country = next((p.country for p in event.places), None)
        event.core = is_core(topic, event, country) and _levels(scene, topic, draft)
        event.relevant = is_relevant(topic, event)
        events.append(event)
    return events


def _levels(scene: Scene, topic: Topic, draft: Draft) -> bool:
    """People of both states are of a level that counts, or states and delegations meet."""
    return True


def _settle_type(scene: Scene, draft: Draft) -> None:
    """Leaders of two states in one gathering: a summit."""
    if draft.type in ("meeting", "negotiation"):
        leaders = {
            e.country
            for e in [*draft.first.values(), *draft.second.values()]
            if e.kind == "person" and level_of(scene.gazetteer, e.name, draft.date or scene.published) in _LEADERS
        }
        if len(leaders) >= 2:
            draft.type = "summit"
    if draft.type == "delegation" and any(e.kind == "person" for e in draft.first.values()) and draft.places:
        draft.type = "visit"


def _nest(scene: Scene, drafts: list[Draft]) -> None:
    """A gathering, agreement or stop within a visit is part of it; what has no date takes the visit's only in meaning."""
    g = scene.gazetteer
    visits = [d for d in drafts if d.type == "visit" and not d.series]
    for draft in drafts:
        for visit in visits:
            if visit is draft or draft.series or draft.type not in (*GATHERING, "agreement", "visit", "statement"):
                continue
            if not {e.name for e in visit.first.values() if e.kind == "person"} & draft.people:
                continue
            if visit.date is None or (draft.date is not None and not visit.date.overlaps(draft.date)):
                continue
            if draft.date is None and (draft.type == "visit" or _status(draft) != _status(visit) or not _near(scene, draft, visit)):
                continue
            place, whole = next(iter(draft.places), None), next(iter(visit.places), None)
            if place is not None and whole is not None:
                a, b = g.places[g.place_index[place]], g.places[g.place_index[whole]]
                if a.country != b.country:
                    continue
                if draft.type == "visit" and (a.kind in ("country", "capital") or place == whole or not _contains(visit.date, draft.date)):
                    continue
            elif draft.type in ("visit", "statement"):
                continue
            if draft.parent is None:
                draft.parent = visit
                if draft.date is None:
                    draft.date = visit.date


def _near(scene: Scene, a: Draft, b: Draft) -> bool:
    """Whether the two are told in one sentence or in neighbouring ones."""
    return any(abs(scene.sentence_of[m.trigger.first] - scene.sentence_of[o.trigger.first]) <= 1 for m in a.mentions for o in b.mentions)


def _contains(a: Interval, b: Interval) -> bool:
    return a.start <= b.start and (a.end is None or b.last <= a.end)


def _event(scene: Scene, draft: Draft, ids: dict[int, str]) -> Event:
    folded = scene.document.folded
    tokens = scene.document.tokens
    evidence: list[Evidence] = []
    for first, last in dict.fromkeys(m.evidence for m in draft.mentions):
        span = folded.raw_span(tokens.starts[first], tokens.ends[last])
        evidence.append(Evidence(folded.raw[span[0] : span[1]], span))
    evidence.sort(key=lambda e: e.span)
    places = [_place(scene, e) for e in draft.places.values() if e.place is not None]
    status = _status(draft)
    date = draft.date
    if draft.type == "visit" and status == "occurred" and date is not None and date.end is not None and scene.published is not None:
        # Arrived, and not yet over.
        if date.precision == "day" and date.start <= scene.published.start and date.end > scene.published.last:
            status = "ongoing"
    if date is not None and status == "ongoing" and date.start == date.end and any(m.started for m in draft.mentions):
        date = Interval(date.start, None, date.precision)
    return Event(
        event_id=ids[id(draft)],
        type=draft.type,
        status=status,
        date=date,
        participants=_participants(scene, draft),
        places=places,
        evidence=evidence,
        part_of=ids.get(id(draft.parent)) if draft.parent is not None else None,
        series=draft.series,
        confidence=_confidence(draft),
    )


def _confidence(draft: Draft) -> float:
    strength = max(m.reading.strength for m in draft.mentions)
    score = 0.45 + 0.1 * strength
    score += 0.1 if draft.date is not None else 0.0
    score += 0.1 if len(draft.people) >= 1 and draft.type in CONTACT else 0.0
    score -= 0.15 if all(m.anaphoric for m in draft.mentions) else 0.0
    return max(0.1, min(0.95, score + 0.03 * (len(draft.mentions) - 1)))


def _place(scene: Scene, entity: Entity) -> PlaceMention:
    assert entity.place is not None
    tokens, folded = scene.document.tokens, scene.document.folded
    ref = entity.place
    span = folded.raw_span(tokens.starts[ref.first] + ref.skip, tokens.ends[ref.last])
    known = scene.gazetteer.places[ref.place]
    return PlaceMention(folded.raw[span[0] : span[1]], span, known.name, known.name_ar, known.id, ref.role, known.country, known.kind)


def _participants(scene: Scene, draft: Draft) -> list[Participant]:
    """People with their roles; a state where nobody of that side is named."""
    g = scene.gazetteer
    people: dict[str, Participant] = {}
    states: dict[str, Participant] = {}
    where = draft.destination()

    def add(entity: Entity, role: str) -> None:
        if entity.kind == "person":
            people.setdefault(entity.name, Participant(entity.name, entity.id, role, "person", entity.country))  # type: ignore[arg-type]
        elif entity.kind == "organization" and (entity.acts_for is None or draft.type == "invitation"):
            states.setdefault(entity.name, Participant(entity.name, entity.id, role, "organization", entity.country))  # type: ignore[arg-type]
        elif entity.country in g.countries:
            state = g.places[g.countries[entity.country]]
            states.setdefault(state.name, Participant(state.name, state.id, role, "state", entity.country))  # type: ignore[arg-type]

    for side, default in ((draft.first, "guest"), (draft.second, "host")):
        for entity in side.values():
            add(entity, _role(draft, entity, default, where))
    if draft.type in ("visit", "delegation") and where is not None and where in g.countries:
        state = g.places[g.countries[where]]
        states.setdefault(state.name, Participant(state.name, state.id, "host", "state", where))
    if draft.type == "agreement":
        for person in list(people.values()):
            if person.country in g.countries:
                state = g.places[g.countries[person.country]]
                states.setdefault(state.name, Participant(state.name, state.id, "actor", "state", person.country))
    else:
        spoken = {p.country for p in people.values()}
        states = {name: s for name, s in states.items() if s.country not in spoken or s.kind == "organization"}
    return [*people.values(), *states.values()]


def _role(draft: Draft, entity: Entity, default: str, where: str | None) -> str:
    if draft.type == "invitation":
        return "host" if default == "guest" else "guest"
    if draft.type in ("visit", "delegation"):
        return default
    if draft.type in GATHERING:
        if where is None or where not in draft.countries:
            return "actor"
        return "host" if entity.country == where else "guest"
    if draft.type == "statement":
        return "speaker" if default == "guest" else "target"
    return "actor" if default == "guest" or draft.type in ("agreement", "call") else "target"
