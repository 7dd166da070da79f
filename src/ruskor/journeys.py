"""Journeys completed by what stands elsewhere in the article: first and last days, destinations, stops, plans told twice."""

from __future__ import annotations

from datetime import timedelta

from ruskor.coreference import Draft
from ruskor.entities import people_of
from ruskor.mention import Mention
from ruskor.model import GATHERING, Interval
from ruskor.scene import Scene

_LONGEST = 40  # days from leaving home to coming back
_OPEN = ("planned", "possible")


def as_visit(draft: Draft, m: Mention) -> None:
    """A meeting that the text calls a visit: its guest is the visitor, the others are hosts."""
    guests = {e.name for e in m.first}
    everyone = {**draft.first, **draft.second}
    draft.type = "visit"
    draft.first = {name: e for name, e in everyone.items() if name in guests}
    draft.second = {name: e for name, e in everyone.items() if name not in guests}
    draft.add(m)


def bound_journeys(drafts: list[Draft], bounds: list[Mention]) -> None:
    """Departure from home and return to it give the journey its first and last day."""
    for m in bounds:
        visit = _bounded(drafts, m)
        if visit is None:
            continue
        visit.mentions.append(m)
        if m.date is None or m.date.precision != "day" or m.lent:
            continue
        if visit.date is None:
            visit.date = _lengthened(visit, m, m.date)
        elif visit.date.precision == "day" and abs((visit.date.start - m.date.start).days) <= _LONGEST:
            visit.date = Interval(min(visit.date.start, m.date.start), max(visit.date.last, m.date.last), "day")


def _lengthened(visit: Draft, m: Mention, day: Interval) -> Interval:
    """«عاد أمس منهيا رحلة استغرقت ستة أيام»: the days before the return, or behind the departure."""
    length = timedelta(days=max((x.length or 1 for x in visit.mentions), default=1) - 1)
    first, last = (day.start, day.start + length) if m.homeward == "out" else (day.start - length, day.start)
    return Interval(first, last, "day") if day.start == day.end else day


def end_journeys(drafts: list[Draft]) -> None:
    """«وتستمر الزيارة حتى الجمعة»: the last day of a visit whose first day is told elsewhere."""
    for draft in drafts:
        ends = [m.until.value.last for m in draft.mentions if m.until is not None]
        day = draft.date
        if day is not None and day.precision == "day" and ends and day.start < max(ends) and (max(ends) - day.start).days <= _LONGEST:
            draft.date = Interval(day.start, max(ends), "day")


def _bounded(drafts: list[Draft], m: Mention) -> Draft | None:
    """The journey that begins or ends with a mention: the guest's most told one, else the first of his country."""
    guests, homes = {e.name for e in m.first}, {e.country for e in m.first}
    drafts = [d for d in drafts if d.date is None or m.date is None or abs((d.date.start - m.date.start).days) <= _LONGEST]
    own = [d for d in drafts if d.type in ("visit", "delegation") and not d.series and d.places and not any(x.again for x in d.mentions)]
    named = any(e.person is not None for e in m.first)
    visits = [d for d in own if guests & set(d.first)]
    if not visits:  # «غادر الوفد», «غادر البلاد»: somebody else of whom a name is given does not travel with him
        visits = [d for d in own if homes & {e.country for e in d.first.values()} and not (named and people_of(d.first.values()))][:1]
    return max(visits, key=lambda d: len(d.mentions), default=None)


def join_plans(scene: Scene, drafts: list[Draft]) -> None:
    """An undated plan to meet at somebody's home and, in the same sentence, to visit him there: one journey."""
    for meeting in [d for d in drafts if d.type in GATHERING and d.date is None and not d.series]:
        visit = next((d for d in drafts if _same_plan(scene, meeting, d)), None)
        if visit is None:
            continue
        everyone = {**meeting.first, **meeting.second, **visit.second}
        visit.mentions = [*meeting.mentions, *visit.mentions]
        visit.second = {name: e for name, e in everyone.items() if name not in visit.first}
        visit.places = {**meeting.places, **visit.places}
        drafts.remove(meeting)


def _same_plan(scene: Scene, meeting: Draft, visit: Draft) -> bool:
    if visit.type != "visit" or visit.date is not None or visit.series or not visit.places or not visit.first:
        return False
    home = visit.destination
    if meeting.destination not in (None, home) or home not in meeting.countries:
        return False
    if len(meeting.people) > 2 or not set(visit.first) <= meeting.people:
        return False
    if not {meeting.status, visit.status} <= set(_OPEN) or not meeting.places:
        return False
    return any(scene.same_sentence(m.at, x.at) for m in meeting.mentions for x in visit.mentions)


def place_invitations(scene: Scene, drafts: list[Draft]) -> None:
    """«سيزور كوريا الشمالية بدعوة من كيم»: an invitation is to where its guest goes, if that is the inviter's state."""
    visits = [d for d in drafts if d.type == "visit" and d.places and not d.series]
    for draft in drafts:
        if draft.type != "invitation" or draft.places or draft.series:
            continue
        homes = {e.country for e in draft.first.values()}
        told = {scene.sentence_of[m.at] for m in draft.mentions}
        near = [v for v in visits if v.destination in homes and told & {scene.sentence_of[m.at] for m in v.mentions}]
        near = [v for v in near if set(v.first) & set(draft.second)]
        if near:
            draft.one_place(near[0])


def place_stops(drafts: list[Draft]) -> None:
    """A stop without a place of its own («زار مصنعا للطائرات») lies where the guest's journey of those days goes.

    Without a day of its own either («وزار حينها مصنعا للطائرات») it is no event beside that journey.
    """
    for draft in list(drafts):
        if draft.places or not draft.mentions[0].stop or draft.date is None:
            continue
        when = draft.date
        journey = next((d for d in _journeys_of(draft, drafts) if d.date is not None and d.date.overlaps(when)), None)
        if journey is not None and draft.mentions[0].lent:
            journey.mentions += draft.mentions
            drafts.remove(draft)
        elif journey is not None:
            draft.parent = journey
            draft.one_place(journey)


def _journeys_of(draft: Draft, drafts: list[Draft]) -> list[Draft]:
    """Other visits of the same guests, with a destination."""
    return [d for d in drafts if d is not draft and d.type == "visit" and d.places and set(d.first) & set(draft.first)]


def borrow_destinations(scene: Scene, drafts: list[Draft]) -> None:
    """A visit without a destination goes where one told before it went."""
    for draft in drafts:
        if draft.type != "visit" or not draft.first or draft.places:
            continue
        if any(m.again or (m.trigger.form.plural and m.time is not None) for m in draft.mentions):
            _go_where_he_goes(draft, drafts)
        if not draft.places and not draft.mentions[0].trigger.verb and draft.status in _OPEN:
            _go_where_others_went(scene, draft, drafts)


def _go_where_he_goes(draft: Draft, drafts: list[Draft]) -> None:
    """«وكانت آخر زيارة له …»: to where the visit told last before it goes."""
    told = [(max((m.at for m in d.mentions if m.at < draft.at), default=-1), d) for d in _journeys_of(draft, drafts)]
    last, journey = max(told, key=lambda pair: pair[0], default=(-1, None))
    if journey is not None and last >= 0:
        draft.one_place(journey)


def _go_where_others_went(scene: Scene, draft: Draft, drafts: list[Draft]) -> None:
    """«زيارة … يُنتظر أن تمهد لزيارة الرئيس»: somebody else's visit in this sentence or the one before."""
    homes = {e.country for e in draft.first.values()}
    before = [d for d in drafts if d.type == "visit" and d.places and d.destination not in homes and d.at < draft.at]
    here = scene.sentence_of[draft.at]
    near = [d for d in before if here - scene.sentence_of[max(m.at for m in d.mentions)] <= 1]
    if near and not any(set(d.first) & set(draft.first) for d in near):
        draft.one_place(near[-1])
