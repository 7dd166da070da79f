"""What is part of what: agreements of the visit or gathering told before them, gatherings and stops of a visit."""

from __future__ import annotations

from ruskor.coreference import Draft, just_now
from ruskor.entities import people_of, state_entity
from ruskor.model import GATHERING, Interval
from ruskor.scene import Scene

_DONE, _OPEN = ("occurred", "ongoing"), ("planned", "possible")
_PARTS = frozenset({*GATHERING, "agreement", "visit", "statement"})


def settle_agreements(scene: Scene, drafts: list[Draft]) -> None:
    """An agreement that names no two states is that of the visit or gathering told just before (else after) it."""
    frames = [d for d in drafts if d.type in (*GATHERING, "visit") and not d.series]
    for draft in drafts:
        if draft.type != "agreement" or len(draft.countries) >= 2:
            continue
        parent = _occasion(scene, draft, frames)
        if parent is None:
            continue
        for country in sorted(_two_sides(parent) - draft.countries):
            state = state_entity(scene.gazetteer, country, draft.at, draft.at)
            if state is not None:
                draft.first.setdefault(state.name, state)
        if all(m.counted for m in draft.mentions):
            continue
        if draft.date is not None and parent.date is not None and not draft.date.overlaps(parent.date):
            continue  # «وصل أمس. ومنذ إبرام المعاهدة العام الماضي»: another time
        draft.parent = parent
        draft.places = draft.places or dict(parent.places)
        draft.date = draft.date or parent.date


def _occasion(scene: Scene, draft: Draft, frames: list[Draft]) -> Draft | None:
    """The visit or gathering of two states at which an agreement was made."""
    wide = [d for d in frames if len(_two_sides(d)) >= 2 and (not draft.countries or draft.countries <= _two_sides(d))]
    if not wide:
        return None
    if draft.status in _DONE:
        wide = [d for d in wide if d.status in _DONE] or wide
    elif draft.status != "denied":
        wide = [d for d in wide if d.status in _OPEN or just_now(scene, d.date)] or wide
    before = [d for d in wide if any(m.at < draft.at for m in d.mentions)]
    if _in_the_visit(scene, draft.at) and draft.status != "denied":
        # «خلال الزيارة»: the visit on which the article turns, not the last journey told
        main = max((d for d in before if d.type == "visit"), key=lambda d: len(d.mentions), default=None)
        before = [d for d in before if d.type != "visit" or d is main]
    if not before:
        return wide[0]
    here = scene.sentence_of[draft.at]
    gatherings = [d for d in before if d.type in GATHERING and any(0 <= here - scene.sentence_of[m.at] <= 1 for m in d.mentions)]
    return max(gatherings or before, key=lambda d: max(m.at for m in d.mentions if m.at < draft.at))


def _in_the_visit(scene: Scene, token: int) -> bool:
    """Whether the sentence speaks of «الزيارة»."""
    forms = (t.form for t in scene.triggers_in(*scene.sentence_bounds(token)))
    return any(form.type == "visit" and form.definite and form.pronoun is None for form in forms)


def _two_sides(draft: Draft) -> set[str]:
    """Countries of the parties, with the state visited."""
    where = draft.destination
    return draft.countries | ({where} if draft.type == "visit" and where else set())


def nest(scene: Scene, drafts: list[Draft]) -> None:
    """A gathering, agreement or stop within a visit is part of it; what has no date takes the visit's only in meaning."""
    visits = [d for d in drafts if d.type == "visit" and not d.series]
    for journey in visits:
        if journey.date is None and journey.status in _DONE and not any(m.again for m in journey.mentions):
            journey.date = _days_within(scene, drafts, journey)
    guests = [people_of(journey.first.values()) for journey in visits]
    for draft in drafts:
        if draft.parent is not None or draft.series or draft.type not in _PARTS:
            continue
        people = draft.people
        shared = [v for v, theirs in zip(visits, guests, strict=True) if v is not draft and not people.isdisjoint(theirs)]
        visit = next((v for v in _told_beside(scene, draft, shared) if _same_days(scene, draft, v) and _lies_within(scene, draft, v)), None)
        if visit is not None:
            draft.parent = visit
            elsewhen = _still_ahead(scene, draft, visit) or _only_begun(scene, visit) or _only_its_end(visit)
            draft.date = draft.date or (None if elsewhen else visit.date)
            if not draft.places and draft.type in GATHERING and draft.status not in ("denied", "called_off") and _near(scene, draft, visit):
                draft.one_place(visit)


def _days_within(scene: Scene, drafts: list[Draft], visit: Draft) -> Interval | None:
    """«عقدا أمس قمة في ألاسكا. وهذه أول زيارة لبوتين إلى الولايات المتحدة»: the one day on which the news has its guest there."""
    guests = people_of(visit.first.values())
    held = [d for d in drafts if d.type in GATHERING and d.status in _DONE and d.destination == visit.destination and d.people & guests]
    days = {d.date for d in held if d.date is not None and d.date.precision == "day" and just_now(scene, d.date)}
    return next(iter(days)) if len(days) == 1 else None


def _only_its_end(visit: Draft) -> bool:
    """«غادر اليوم فيتنام. وكان قد زارها لعقد قمة»: the one day known is the last."""
    day = visit.date
    return day is not None and day.start == day.end and any(m.ended for m in visit.mentions)


def _still_ahead(scene: Scene, draft: Draft, visit: Draft) -> bool:
    """«وصل كيم أمس لعقد قمة مع بوتين»: what is planned is not on the day of the arrival, which is over, nor surely on that of today's."""
    own = scene.published
    if draft.status != "planned" or own is None or visit.date is None:
        return False
    arrival = visit.date.start == visit.date.end and any(m.trigger.form.frame == "move" and m.time is not None for m in visit.mentions)
    return visit.date.last < own.start or (arrival and visit.status == "occurred")


def _only_begun(scene: Scene, visit: Draft) -> bool:
    """«جولته التي بدأت الثلاثاء»: the one day that is told of a journey is only its first."""
    own = scene.published
    if own is None or visit.date is None or visit.date.start != visit.date.end:
        return False
    return visit.date.start < own.start and any(m.started for m in visit.mentions)


def _told_beside(scene: Scene, draft: Draft, visits: list[Draft]) -> list[Draft]:
    """Of the visits with one of its people as guest those that an event can be a part of; without a date those beside it go first."""
    if draft.date is not None or draft.type == "visit":
        return visits
    own = [v for v in visits if _in_one_sentence(scene, draft, v)]
    return sorted(own, key=lambda v: min(abs(draft.at - m.at) for m in v.mentions)) or visits


def _same_days(scene: Scene, draft: Draft, visit: Draft) -> bool:
    """Whether an event lies in the days of a visit, as far as they are known."""
    if visit.date is None or draft.date is not None:
        if draft.date is None or visit.date is None:
            return draft.date is None and _around(scene, draft, visit)
        own = scene.published  # «… الذي يقوم بجولة منذ الثلاثاء»: it goes on
        still = own is not None and _only_begun(scene, visit) and visit.date.start <= draft.date.start <= own.last
        return draft.date.overlaps(visit.date) or still
    if draft.type == "visit" or all(m.counted for m in draft.mentions):  # «وصل … بعد فترة من قمته مع …»: another time
        return False
    if any(m.again for m in visit.mentions) and not _in_one_sentence(scene, draft, visit):
        return False
    if draft.status == visit.status:
        return _near(scene, draft, visit)
    # «وصل اليوم في زيارة تستغرق ثلاثة أيام، يعقد خلالها قمة»
    days = [o for o in visit.mentions if o.time is not None or o.until is not None]
    here = any(scene.same_sentence(m.at, o.at) for m in draft.mentions for o in days)
    return draft.status == "planned" and here and just_now(scene, visit.date)


def _around(scene: Scene, draft: Draft, visit: Draft) -> bool:
    """«التقى فولودين كيم خلال زيارة إلى بيونغ يانغ»: on a visit without a date too."""
    clauses = {scene.clause_of[m.at] for m in draft.mentions}
    return any(m.around and scene.clause_of[m.at] in clauses for m in visit.mentions)


def _in_one_sentence(scene: Scene, a: Draft, b: Draft) -> bool:
    return any(scene.same_sentence(m.at, o.at) for m in a.mentions for o in b.mentions)


def _near(scene: Scene, a: Draft, b: Draft) -> bool:
    """Whether the two are told in one sentence or in neighbouring ones."""
    return any(abs(scene.sentence_of[m.at] - scene.sentence_of[o.at]) <= 1 for m in a.mentions for o in b.mentions)


def _lies_within(scene: Scene, draft: Draft, visit: Draft) -> bool:
    """Whether the place is in the country visited; a stop must be some place there, in the visit's days."""
    g = scene.gazetteer
    place, whole = next(iter(draft.places), None), next(iter(visit.places), None)
    if place is None or whole is None:
        return draft.type not in ("visit", "statement")
    a, b = g.places[g.place_index[place]], g.places[g.place_index[whole]]
    if a.country != b.country:
        return False
    if draft.type != "visit":
        return True
    inside = visit.date is not None and draft.date is not None and visit.date.contains(draft.date)
    return inside and a.kind not in ("country", "capital") and place != whole
