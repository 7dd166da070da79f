"""The events of one article: mentions of the same event become one, with its status, date, participants and parts."""

from __future__ import annotations

from typing import Literal

from ruskor.coreference import Draft, conveners, home, merge_undated
from ruskor.entities import Entity
from ruskor.journeys import as_visit, borrow_destinations, bound_journeys, end_journeys, join_plans, place_invitations, place_stops
from ruskor.mention import Mention
from ruskor.model import CONTACT, GATHERING, Event, Evidence, Interval, Participant, PlaceMention, Status
from ruskor.parts import nest, settle_agreements
from ruskor.scene import Scene
from ruskor.topic import Topic, is_core, is_relevant, level_of

_LEADERS = frozenset({"leader", "head_of_government"})
Role = Literal["guest", "host", "actor", "target", "speaker"]


def make_events(scene: Scene, topic: Topic, mentions: list[Mention]) -> list[Event]:
    """The events of the article in order of their first evidence, numbered from E1."""
    drafts = collect(scene, mentions)
    for draft in drafts:
        _settle_type(scene, draft)
    nest(scene, drafts)
    drafts.sort(key=lambda d: min(m.evidence[0] for m in d.mentions))
    ids = {id(draft): f"E{k + 1}" for k, draft in enumerate(drafts)}
    events = []
    for draft in drafts:
        event = _event(scene, draft, ids)
        event.core = is_core(topic, event, next((p.country for p in event.places), None))
        event.relevant = is_relevant(topic, event)
        events.append(event)
    return events


def collect(scene: Scene, mentions: list[Mention]) -> list[Draft]:
    """Mentions joined to events: first those that name their parties, then those that only point back."""
    drafts: list[Draft] = []
    for m in mentions:
        if m.homeward is not None:
            continue
        called = next((d for d in drafts if m.same_as in d.mentions), None) if m.same_as is not None and m.type == "visit" else None
        if called is not None:
            as_visit(called, m)
            continue
        target = home(scene, drafts, m)
        if target is None:
            _upon_invitation(scene, drafts, m)
            if m.anaphoric and not m.first and not m.places and m.type != "agreement":
                continue
            target = Draft(m.type)
            drafts.append(target)
        target.add(m)
    merge_undated(scene, drafts)
    bound_journeys(drafts, [m for m in mentions if m.homeward is not None])
    end_journeys(drafts)
    join_plans(scene, drafts)
    place_stops(drafts)
    borrow_destinations(scene, drafts)
    place_invitations(scene, drafts)
    settle_agreements(scene, drafts)
    return [d for d in drafts if _told(d)]


def _upon_invitation(scene: Scene, drafts: list[Draft], m: Mention) -> None:
    """«قبل بوتين دعوة لزيارة كوريا الشمالية، والزيارة قد تتم في يوليو»: a dated visit that is none told so far is the one invited to."""
    if m.type != "visit" or m.first or m.places or m.date is None or not m.trigger.form.definite:
        return
    near = [d for d in drafts if d.type == "invitation" and d.places and any(e.kind == "person" for e in d.second.values())]
    near = [d for d in near if 0 <= scene.sentence_of[m.at] - scene.sentence_of[d.mentions[-1].at] <= 1]
    if near:
        m.first, m.places = [e for e in near[-1].second.values() if e.kind == "person"], list(near[-1].places.values())[:1]


def _told(draft: Draft) -> bool:
    """Whether the event says who or where; a contact needs two sides."""
    if draft.type == "agreement":
        return len(draft.countries) >= 2
    if draft.type in ("visit", "delegation"):
        sent = draft.type == "delegation" and len(draft.countries) >= 2
        return sent or (bool(draft.first) and bool(draft.places))
    if draft.type in GATHERING or draft.type == "call":
        return len(draft.people | conveners(draft.parties)) >= 2 or len(draft.countries) >= 2
    return True


def _settle_type(scene: Scene, draft: Draft) -> None:
    """Leaders of two states in one gathering: a summit; a delegation with somebody named and a place: a visit."""
    if draft.type in ("meeting", "negotiation"):
        people = [e for e in draft.parties if e.kind == "person"]
        leaders = {e.country for e in people if level_of(scene.gazetteer, e.name, draft.date or scene.published) in _LEADERS}
        if len(leaders) >= 2:
            draft.type = "summit"
    if draft.type == "delegation" and any(e.kind == "person" for e in draft.first.values()) and draft.places:
        draft.type = "visit"


def _event(scene: Scene, draft: Draft, ids: dict[int, str]) -> Event:
    status = _status_today(scene, draft)
    date = draft.date
    if date is not None and status == "ongoing" and date.start == date.end and any(m.started for m in draft.mentions):
        date = Interval(date.start, None, date.precision)
    if status == "occurred" and draft.type != "visit":
        date = _so_far(scene, date)
    return Event(
        event_id=ids[id(draft)],
        type=draft.type,
        status=status,
        date=date,
        participants=_participants(scene, draft),
        places=[_place(scene, e) for e in _where(scene, draft)],
        evidence=_evidence(scene, draft),
        part_of=ids.get(id(draft.parent)) if draft.parent is not None else None,
        series=draft.series,
        news=any(m.news for m in draft.mentions) and not any(m.again for m in draft.mentions),
        confidence=_confidence(draft),
    )


def _so_far(scene: Scene, date: Interval | None) -> Interval | None:
    """«وصل اليوم في زيارة تستمر يومين، وعقدا قمة»: what has been held in a visit that goes on was not held after today."""
    own = scene.published
    if date is None or own is None or date.precision != "day" or date.start > own.start or date.last <= own.last:
        return date
    return Interval(date.start, own.last, "day")


_WIDE = frozenset({"region", "peninsula", "continent"})


def _where(scene: Scene, draft: Draft) -> list[Entity]:
    """The places; a region of several states is what talks are about («قضايا شبه الجزيرة الكورية»), not where they are held."""
    named = [e for e in draft.places.values() if e.place is not None]
    g = scene.gazetteer
    exact = [e for e in named if e.country is not None or g.places[g.place_index[e.name]].kind not in _WIDE]
    return exact if exact or draft.type in (*GATHERING, "agreement") else named


def _status_today(scene: Scene, draft: Draft) -> Status:
    """The status on the article's day: a guest who arrived and has days left is still there, and nothing of tomorrow has been."""
    date, own, status = draft.date, scene.published, draft.status
    if date is not None and own is not None and date.start > own.last and status in ("occurred", "ongoing"):
        return "planned"  # «يبدأ غدا زيارة», and a headline in the present tense over what is to come
    if draft.type != "visit" or status != "occurred" or date is None or date.end is None or own is None:
        return status
    return "ongoing" if date.precision == "day" and date.start <= own.start and date.end > own.last else status


def _evidence(scene: Scene, draft: Draft) -> list[Evidence]:
    """What each mention's tokens say, verbatim, in the order of the text."""
    folded, tokens = scene.document.folded, scene.document.tokens
    evidence = []
    for first, last in dict.fromkeys(m.evidence for m in draft.mentions):
        span = folded.raw_span(tokens.starts[first], tokens.ends[last])
        evidence.append(Evidence(folded.raw[span[0] : span[1]], span))
    return sorted(evidence, key=lambda e: e.span)


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
    people: dict[str, Participant] = {}
    states: dict[str, Participant] = {}

    def add_state(country: str | None, role: Role) -> None:
        g = scene.gazetteer
        if country in g.countries:
            state = g.places[g.countries[country]]
            states.setdefault(state.name, Participant(state.name, state.id, role, "state", country))

    hosts = {name: e for name, e in draft.second.items() if not _sends(draft, e)}
    for side, entities in (("first", draft.first), ("second", hosts)):
        for entity in entities.values():
            role = _role(draft, entity, first=side == "first")
            if entity.kind == "person":
                people.setdefault(entity.name, Participant(entity.name, entity.id, role, "person", entity.country))
            elif entity.kind == "organization" and (entity.acts_for is None or draft.type == "invitation"):
                states.setdefault(entity.name, Participant(entity.name, entity.id, role, "organization", entity.country))
            else:
                add_state(entity.country, role)
    if draft.type in ("visit", "delegation"):
        add_state(draft.destination, "host")
    if draft.type == "agreement":
        for person in people.values():
            add_state(person.country, "actor")
        return [*people.values(), *states.values()]
    spoken = {p.country for p in people.values()}
    return [*people.values(), *(s for s in states.values() if s.country not in spoken or s.kind == "organization")]


def _sends(draft: Draft, entity: Entity) -> bool:
    """Whether somebody beside a visit cannot be its host: of another state than the one visited («بتكليف من بوتين»)."""
    where = draft.destination
    if draft.type not in ("visit", "delegation") or entity.kind != "person" or where is None or entity.country in (None, where):
        return False
    return all(guest.country != where for guest in draft.first.values())  # at home one can call on foreigners


def _role(draft: Draft, entity: Entity, *, first: bool) -> Role:
    """The role of somebody on the first or the second side."""
    where = draft.destination
    if draft.type == "invitation":
        return "host" if first else "guest"
    if draft.type in ("visit", "delegation"):
        return "guest" if first else "host"
    if draft.type in GATHERING:
        if where is None or where not in draft.countries:
            return "actor"
        return "host" if entity.country == where else "guest"
    if draft.type == "statement":
        return "speaker" if first else "target"
    return "actor" if first or draft.type in ("agreement", "call") else "target"
