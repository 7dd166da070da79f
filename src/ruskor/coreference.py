"""Which mentions of an article tell the same event: drafts of events, and the one that a mention belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from ruskor.entities import Entity, countries_of, people_of
from ruskor.frames import loose_words
from ruskor.mention import LEAD, Mention
from ruskor.model import COARSENESS, CONTACT, GATHERING, VOUCHED, Interval, Status
from ruskor.scene import Scene
from ruskor.status import DATED, SAID, TENSE

_APART = frozenset({"statement", "historic", "other"})  # every telling is its own event
_GROUPS = dict.fromkeys(GATHERING, "gathering") | {"delegation": "visit"}
_DONE, _OPEN = frozenset({"occurred", "ongoing"}), frozenset({"planned", "possible", "denied", "called_off"})
_NEWS = timedelta(days=30)  # what lies further back is no news
_OVER = 10  # days after which a day told is not that of a plan
_LONGEST = 30  # days between the first and the last day of one visit
_STAY = 7  # days between an arrival and what somebody came for, or his departure


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
    def parties(self) -> list[Entity]:
        """Everybody on either side."""
        return [*self.first.values(), *self.second.values()]

    @property
    def people(self) -> set[str]:
        """Names of the people on either side."""
        return people_of(self.parties)

    @property
    def countries(self) -> set[str]:
        """Countries of everybody on either side."""
        return countries_of(self.parties)

    @property
    def destination(self) -> str | None:
        """Country of the first place."""
        return next((e.country for e in self.places.values()), None)

    @property
    def at(self) -> int:
        """The first token of the first mention's trigger."""
        return self.mentions[0].at

    @property
    def status(self) -> Status:
        """The status of the surest mentions: called off or denied says more than planned, done more than all."""
        strong = [m.reading.status for m in self.mentions if m.reading.strength >= TENSE]
        if strong:
            return max(strong, key=lambda s: VOUCHED[s])
        best = max(self.mentions, key=lambda m: (VOUCHED[m.reading.status] if m.reading.strength >= DATED else -1, m.reading.strength))
        return best.reading.status

    def one_place(self, other: Draft) -> None:
        """Take the first place of another event."""
        self.places = dict(list(other.places.items())[:1])

    def add(self, m: Mention) -> None:
        """Take a mention in."""
        self.mentions.append(m)
        for side, entities in ((self.first, m.first), (self.second, m.second), (self.places, m.places)):
            for e in entities:
                side.setdefault(e.name, e)
        self._add_date(m)
        if m.type == "visit" and self.type == "delegation":
            self.type = "visit"
        if m.type == "summit" and self.type in GATHERING:
            self.type = "summit"
        self.series = self.series or m.series

    def _add_date(self, m: Mention) -> None:
        new, old = m.date, self.date
        if new is None or old is None:
            self.date = old or new
            return
        longer = self.type == "visit" and _longer(new, old)
        if m.lent and not longer:
            return
        if longer or COARSENESS[new.precision] < COARSENESS[old.precision]:
            self.date = old = new
        if self.type == "visit" and not new.overlaps(old):
            self.date = Interval(min(new.start, old.start), max(new.last, old.last), "day")


def _longer(a: Interval, b: Interval) -> bool:
    """Whether a visit's days hold the one day known so far («وصل اليوم … في زيارة تستغرق ثلاثة أيام»)."""
    return a.precision == b.precision == "day" and a.contains(b) and a != b and a.end is not None


def home(scene: Scene, drafts: list[Draft], m: Mention) -> Draft | None:
    """The event that a mention belongs to: the last one with which nothing is at odds."""
    best: tuple[tuple[int, int, int, int], Draft] | None = None
    if m.type in _APART or m.stop:
        return None
    for k, draft in enumerate(drafts):
        if draft.series != m.series or not same_group(draft.type, m.type):
            continue
        score = _fits(scene, draft, m)
        if score is None:
            continue
        # «الزيارة» points to the visit on which the article turns; what names its parties to the one told last.
        rank = (score, *_turn(scene, draft, m, k)) if m.anaphoric else (score, 0, 0, k)
        if best is None or rank > best[0]:
            best = rank, draft
    return best[1] if best else None


def _turn(scene: Scene, draft: Draft, m: Mention, k: int) -> tuple[int, int, int]:
    """How likely an event is meant by what only points back: a visit of the same sentence, the one told most, then first; else the last."""
    if m.type != "visit" or m.first:
        return 0, len(draft.mentions), k
    return int(scene.same_sentence(draft.mentions[-1].at, m.at)), len(draft.mentions), -k


def _fits(scene: Scene, draft: Draft, m: Mention) -> int | None:
    """How well a mention fits an event of the article; null where something contradicts."""
    if not _comparable(draft, m):
        return None
    score = 0
    if draft.date is not None and m.date is not None:
        if not draft.date.overlaps(m.date) and not _ends_of_one(draft, m):
            return None
        score = 3
    elif not m.anaphoric and _old_news(scene, draft, m.date):
        return None
    if _plan_and_past(scene, draft, m):
        return None
    parties = (_journey_fits if m.type in ("visit", "delegation", "invitation") else _gathering_fits)(scene, draft, m)
    if parties is None or not status_agrees(scene, draft, m):
        return None
    sure = m.anaphoric and m.reading.strength >= TENSE
    if sure and any(x.reading.strength >= TENSE and x.reading.status == m.reading.status for x in draft.mentions):
        score += 2  # «القمة ستبدأ …» points to the summit that is planned
    return score + parties


def _old_news(scene: Scene, draft: Draft, when: Interval | None) -> bool:
    """What an article begins with as news is not what it then dates to long ago («حطت طائرته … وسبق أن زار فيتنام في 2001»)."""
    own, first = scene.published, draft.mentions[0]
    if own is None or when is None or draft.date is not None or first.anaphoric or not first.trigger.verb:
        return False
    told = first.headline or first.reading.strength >= TENSE
    return told and scene.sentence_of[first.at] <= LEAD and own.start - when.last > _NEWS


def _plan_and_past(scene: Scene, draft: Draft, m: Mention) -> bool:
    """Whether one of the two is a plan without a date and the other is of a day that is over («سيزور …» and «سفره في أبريل 2019»)."""
    own = scene.published
    if own is None:
        return False
    draft_planned = draft.date is None and any(x.reading.status == "planned" and x.reading.strength == SAID for x in draft.mentions)
    planned = m.date is None and m.reading.status == "planned" and m.reading.strength == SAID
    over = [d for d, plan in ((draft.date, planned), (m.date, draft_planned)) if plan and d is not None]
    return any((own.start - d.last).days > _OVER for d in over)


def _comparable(draft: Draft, m: Mention) -> bool:
    """Whether mention and event are of one kind: the visit told or the one before it, no mere stop."""
    if any(x.stop for x in draft.mentions):
        return False
    if m.weapon and any(x.weapon not in (None, m.weapon) for x in draft.mentions):
        return False  # a nuclear test and the launch of a missile
    # The visit before is not the one that is told.
    return m.again == any(x.again for x in draft.mentions) or (m.date is not None and draft.date is not None)


def same_group(a: str, b: str) -> bool:
    """Whether two types can name one event."""
    return _GROUPS.get(a, a) == _GROUPS.get(b, b)


def _journey_fits(scene: Scene, draft: Draft, m: Mention) -> int | None:
    """How well guests and destination fit."""
    score = _guests_fit(draft, m)
    people = people_of(m.parties)
    if score is None or (m.type == "invitation" and people and draft.people and not people & draft.people):
        return None
    asked, known = people_of(m.second), people_of(draft.second.values())
    if m.type == "invitation" and asked and known and not asked & known:
        return None  # somebody invites two
    where, there = countries_of(m.places), countries_of(draft.places.values())
    if m.places and draft.places and bool(where) != bool(there) and not _at_the_border(scene, [*m.places, *draft.places.values()]):
        return None  # «جولة في الشرق الأوسط» and one of its stops
    if not where or not there:
        return score
    if not where & there or _is_stop(scene, draft, m) or not _places_agree(scene, draft, m):
        return None
    return score + 2


def _at_the_border(scene: Scene, places: list[Entity]) -> bool:
    """«عبر الحدود», where a visit begins or ends."""
    g = scene.gazetteer
    return any(g.places[g.place_index[e.name]].kind == "border" for e in places)


def _guests_fit(draft: Draft, m: Mention) -> int | None:
    guests, known = people_of(m.first), people_of(draft.first.values())
    if guests and known:
        return 3 if guests & known else None
    if not guests and not known:
        return 0
    # One of them names nobody: it must point back, to guests of the same state if it names one.
    nameless, named = (m.first, list(draft.first.values())) if known else (list(draft.first.values()), m.first)
    states = countries_of(nameless)
    return None if not m.anaphoric or (states and not states & countries_of(named)) else 0


def _gathering_fits(scene: Scene, draft: Draft, m: Mention) -> int | None:
    """How well parties and place fit."""
    people, countries = people_of(m.parties), countries_of(m.parties)
    if not people and not countries and not m.anaphoric:
        return None
    beside = len(people) > 1 and conveners(m.parties) != conveners(draft.parties)
    if m.type in GATHERING and (beside or not conveners(m.parties) <= conveners(draft.parties)):
        return None  # the summit of an organisation and talks of two beside it
    for mine, theirs in ((people, draft.people), (countries, draft.countries)):
        if mine and theirs and not (mine <= theirs or theirs <= mine):
            return None
    if not _places_agree(scene, draft, m):
        return None
    return 3 if people and draft.people else 0


def conveners(entities: Iterable[Entity]) -> set[str]:
    """Names of the organisations that stand for no state, which hold gatherings of their own."""
    return {e.name for e in entities if e.kind == "organization" and e.acts_for is None}


def _is_stop(scene: Scene, draft: Draft, m: Mention) -> bool:
    """«زار الجمعة مصنعا في كومسومولسك», «سيتوجه بعد ذلك إلى فلاديفوستوك»: a stop of its own within a journey that is told."""
    g = scene.gazetteer
    place, verb = m.places[0], m.trigger.verb
    kinds = {g.places[g.place_index[name]].kind for name in draft.places}
    if g.places[g.place_index[place.name]].kind in ("country", "capital", "region") or place.name in draft.places:
        return False
    if verb and m.reading.status == "planned" and m.reading.strength == SAID and m.date is None:
        return any(x.reading.status in _DONE and x.reading.strength >= TENSE for x in draft.mentions)
    whole = any(x.trigger.form.frame == "come_back" for x in draft.mentions)  # «عاد … بعد زيارة …. وشملت جولته الجمعة مصنعا في …»
    one_day = m.date is not None and m.date.start == m.date.end
    if m.trigger.form.frame != "go" or not (verb or whole) or not one_day or not kinds & {"country", "region"}:
        return False
    if verb and loose_words(scene, m.trigger.last + 1, place.first - 1) > 1:
        return True  # a factory in the town, not the town
    return whole if draft.date is None else draft.date.start != draft.date.end


def _ends_of_one(draft: Draft, m: Mention) -> bool:
    """First and last day of one visit, told apart («عبر الحدود عائدا … أمس، منهيا زيارته التي بدأها في 12»)."""
    if draft.type != "visit" or m.type != "visit" or draft.date is None or m.date is None:
        return False
    if draft.date.precision != "day" or m.date.precision != "day":
        return False
    apart = abs((draft.date.start - m.date.start).days)
    frames = {x.trigger.form.frame for x in draft.mentions} | {m.trigger.form.frame}
    arrives = "move" in frames and bool(frames & {"leave", "attend"})  # «وصل الثلاثاء … يحضر الأربعاء … غادر الخميس»
    told = any(x.started or x.ended for x in (m, *draft.mentions))
    return apart <= (_LONGEST if told else _STAY if arrives else 0)


def _places_agree(scene: Scene, draft: Draft, m: Mention) -> bool:
    """Places agree where one contains the other; two cities of one country do not."""
    a, b = next(iter(m.places), None), next(iter(draft.places.values()), None)
    if a is None or b is None or a.name == b.name or a.country is None or b.country is None:
        return True
    if a.country != b.country:
        return False
    g = scene.gazetteer
    p, q = (g.places[g.place_index[e.name]] for e in (a, b))
    if {p.kind, q.kind} & {"country", "region", "capital"}:
        return True
    return a.name in q.inside or b.name in p.inside or bool(set(p.inside[:1]) & set(q.inside[:1]))


def status_agrees(scene: Scene, draft: Draft, m: Mention) -> bool:
    """What has happened and what is only planned are two events, unless one of the readings is a guess or both are dated alike."""
    theirs = {x.reading.status for x in draft.mentions if x.reading.strength >= TENSE}
    mine = m.reading.status
    if m.anaphoric and mine in ("denied", "called_off") and m.reading.strength >= SAID and draft.status in _DONE:
        # «سيزور … في يونيو. لكن الزيارة لم تتم»: not the one that took place
        return not any(x.reading.strength >= DATED and x.reading.status in _DONE for x in draft.mentions)
    if m.reading.strength < TENSE or not theirs:
        return True
    if m.type == "agreement" and m.reading.strength >= SAID:
        return mine in theirs  # what is planned, what is possible and what was not signed are three agreements
    if not ((mine in _DONE and theirs <= _OPEN) or (mine in _OPEN and theirs <= _DONE)):
        return True
    dated = draft.date is not None and m.date is not None
    departing = draft.date is None and m.date is None and draft.mentions[0].news  # «غادر متوجها إلى روسيا …» and «سيزور روسيا»
    return dated or m.anaphoric or (m.type == "visit" and (departing or just_now(scene, draft.date or m.date)))


def just_now(scene: Scene, when: Interval | None) -> bool:
    """A journey of these days: «توجه» and «سيقوم بزيارة يومي …» tell the same one."""
    own = scene.published
    if when is None or own is None or when.end is None:
        return False
    return (when.start - own.last).days <= 1 and (own.start - when.end).days <= 1


def merge_undated(scene: Scene, drafts: list[Draft]) -> None:
    """An undated, placeless gathering of the same two people is the one dated gathering, if there is just one."""
    for draft in list(drafts):
        if draft.date is not None or draft.series or draft.type not in CONTACT or not draft.people:
            continue
        same = [d for d in drafts if d is not draft and _dated_same(scene, d, draft)]
        if len(same) == 1:
            for m in draft.mentions:
                same[0].add(m)
            drafts.remove(draft)


def _dated_same(scene: Scene, dated: Draft, undated: Draft) -> bool:
    if dated.date is None or dated.series or not same_group(dated.type, undated.type) or dated.people != undated.people:
        return False
    if any(_plan_and_past(scene, dated, m) for m in undated.mentions):
        return False
    if any(m.type == "visit" and m.places and _is_stop(scene, a, m) for a, b in ((dated, undated), (undated, dated)) for m in b.mentions):
        return False
    if _old_news(scene, undated, dated.date) or any(m.again for m in dated.mentions) != any(m.again for m in undated.mentions):
        return False
    if dated.places and undated.places and dated.destination != undated.destination:
        return False
    return all(status_agrees(scene, dated, m) for m in undated.mentions)
