"""Visits completed: who travels where, with pronouns filled in."""

from __future__ import annotations

from dataclasses import replace

from ruskor.antecedents import last_pair, meant
from ruskor.entities import Entity, names_of
from ruskor.frames import Arguments, loose_words
from ruskor.lightverbs import light_verb
from ruskor.mention import Mention
from ruskor.modality import Modality, among
from ruskor.scene import Scene
from ruskor.status import TENSE, Reading

_CLOSE = 2  # words between a visit and a state that reads as a party («زيارة كل من روسيا …»)
_HEADED = 8  # words between «برئاسة» and the name
_DOING = 3  # words between «القيام» and the visit
_FAR = 14  # words between somebody and what he takes part in


def complete_visit(scene: Scene, modality: Modality, m: Mention, args: Arguments) -> bool:
    """Fill in guests and destination of a journey; false where nothing can be said."""
    frame, verb, words = m.trigger.form.frame, m.trigger.verb, scene.words
    guests = [e for e in m.first if e.kind == "person" or (e.kind == "nationality" and not (verb and _behind_a_place(scene, m, e)))]
    if not guests and m.type == "delegation":
        guests = m.first or [e for e in m.second if e.kind == "nationality"][:1]
    if not any(e.kind == "person" for e in guests):
        guests = _head(scene, modality, m) or guests
    guests = guests or _both(scene, m, args)
    if not guests and verb and frame in ("leave", "come_back", "move"):
        if scene.words[m.trigger.last + 1 : m.trigger.last + 2] and scene.words[m.trigger.last + 1].endswith(("وه", "وها", "وهم")):
            return False  # «توجه مساعدوه إلى …»
        opening, _ = scene.clause_bounds(m.at)
        abroad = m.places[0].country if frame == "move" and m.places and words[opening] in modality.relatives else None
        guests = meant(scene, m.at, avoid_country=abroad, relative=words[opening] in modality.relatives)
    home = {e.country for e in guests}
    m.places = (
        _destinations(scene, modality, m, home)
        or _the_country(scene, modality, m, home or _home_of_antecedent(scene, modality, m))
        or _the_city(scene, modality, m, home)
    )
    if frame in ("leave", "come_back", "move") and guests and (m.places or _leaves_the_country(scene, modality, m)):
        m.places = [e for e in m.places if e.country not in home]
        if not m.places:
            # «غادر بلاده», «عاد إلى بيونغ يانغ»: the first or last day of the journey that is told elsewhere
            m.homeward = "out" if frame == "leave" else "back"
            m.first, m.second = guests, []
            return True
    if frame == "come_back" and not verb and (m.reading.strength <= TENSE or m.counted):
        m.reading = Reading("occurred", TENSE)  # who is on his way back has been there
    m.again = any(among(scene.words[j], modality.last_time) for j in range(max(0, m.at - 2), m.at))
    m.first = _guests(scene, modality, m, args, guests)
    _part_company(scene, modality, m)
    if not m.first:
        return _without_guest(scene, modality, m, args)
    if m.places:
        return any(e.country not in home for e in m.places)  # nobody visits his own country
    m.stop = verb and frame == "go"
    m.anaphoric = not m.stop
    return not verb or frame == "go" or (frame == "move" and m.time is not None)  # «وكان وصل السبت قادما من بكين»


def _behind_a_place(scene: Scene, m: Mention, nationality: Entity) -> bool:
    """«غادر بيونغ يانغ لحضور العرض الصيني»: behind the place a nationality is that of something else."""
    return any(e.kind == "place" for e in scene.between(m.trigger.last + 1, nationality.first - 1))


def _both(scene: Scene, m: Mention, args: Arguments) -> list[Entity]:
    """«وكان الاثنان وصلا إلى سنغافورة»: the two who travel."""
    return last_pair(scene, m.at, args.pair) if m.trigger.verb and args.pair not in (None, "states") else []


def _leaves_the_country(scene: Scene, modality: Modality, m: Mention) -> bool:
    """«غادر البلاد»: his own, where the text names no other place; not «غادر بعد ظهر اليوم»."""
    _, stop = scene.clause_bounds(m.at)
    return m.trigger.verb and m.trigger.form.frame == "leave" and not modality.the_country.isdisjoint(scene.words[m.at : stop + 1])


def complete_return(scene: Scene, modality: Modality, m: Mention, args: Arguments) -> bool:
    """A journey told by its end; «تعود آخر زيارة له إلى عام 2011» tells none: an event goes back to a year, nobody comes back."""
    after = m.trigger.last + 1
    if scene.words[after : after + 1] and scene.words[after] in modality.ordinal_words:
        after += 1
    event = scene.trigger_on(after) if m.trigger.verb else None
    if event is not None and not event.verb and not event.prefix:
        return False
    return complete_visit(scene, modality, m, args)


def _part_company(scene: Scene, modality: Modality, m: Mention) -> None:
    """Of the people behind a guest those of his own state are no hosts: they come with him, or have no part in it."""
    own = {e.country for e in m.first if e.country is not None}
    people = [e for e in m.second if e.kind == "person" and e not in m.first]
    with_him = [e for e in people if e.country in own and not modality.company.isdisjoint(scene.words[max(m.at, e.first - 3) : e.first])]
    m.first = [*m.first, *with_him]
    m.second = [e for e in people if e.country not in own]


def _head(scene: Scene, modality: Modality, m: Mention) -> list[Entity]:
    """«وصل وفد روسي برئاسة نائب وزير الصناعة …»: who leads those who travel."""
    people = [e for e in m.second if e.kind == "person" and e.first > m.at]
    heads = [e for e in people if not modality.heading.isdisjoint(scene.words[max(m.at, e.first - _HEADED) : e.first])][:1]
    state = next((e.country for e in [*m.first, *m.second] if e.kind == "nationality"), None)
    return [replace(e, country=e.country or state) for e in heads]


def _destinations(scene: Scene, modality: Modality, m: Mention, home: set[str | None]) -> list[Entity]:
    going = m.trigger.form.frame == "go"
    if m.trigger.form.frame == "leave":  # «عبر الحدود من الصين»: abroad too, where he comes from is not where he goes
        there = [e for e in m.places if e.first > m.at and (e.country in home or scene.words[e.first - 1] not in modality.passing)]
        # «غادر كيم، روسيا»: the object may read as a party
        parted = [e for e in m.second if e.kind == "place" and loose_words(scene, m.trigger.last + 1, e.first - 1) <= _CLOSE]
        return there or (parted if m.trigger.verb else [])
    places = [e for e in m.places if e.first > m.at] or ([] if going and m.trigger.verb else m.places)
    if not places and going:
        # The object may read as a party («زيارة بيونغ يانغ»): a state right after the noun or a ل is the destination.
        after = [e for e in [*m.first, *m.second] if e.kind == "place" and e.first > m.at]
        headed = not modality.heading.isdisjoint(scene.words[m.at : after[0].first]) if after else False
        places = [e for e in after if headed or loose_words(scene, m.trigger.last + 1, e.first - 1) <= _CLOSE]
    if not places and going and m.trigger.verb and m.trigger.form.pronoun == "ها":
        # «لم يتوجه إلى روسيا، لكن والده زارها»: the country named last in the sentence
        start, _ = scene.sentence_bounds(m.at)
        return [e for e in scene.between(start, m.at - 1) if e.place is not None and e.country not in home][-1:]
    if not places and going and m.trigger.verb:
        # «وفي فلاديفوستوك، …، سيزور الأسطول»: the place stands at the head of the sentence
        start, _ = scene.sentence_bounds(m.at)
        places = [e for e in scene.between(start, start + 2) if e.place is not None and e.place.role == "location"]
    return places


def _home_of_antecedent(scene: Scene, modality: Modality, m: Mention) -> set[str | None]:
    """«شويغو الذي يقوم بزيارة للبلاد»: the state of whom the relative clause follows."""
    opening, _ = scene.clause_bounds(m.at)
    return {e.country for e in meant(scene, m.at, relative=True)} if scene.words[opening] in modality.relatives else set()


def _the_country(scene: Scene, modality: Modality, m: Mention, home: set[str | None]) -> list[Entity]:
    """«قد يزور البلاد»: the foreign state spoken of last, where the article names it."""
    after = scene.words[m.trigger.last + 1 : m.trigger.last + 3]
    if modality.the_country.isdisjoint(after):
        return []
    spoken = [e.country for e in scene.entities if e.first < m.at and e.country not in home and scene.sentence_of[e.first] >= 0]
    named = [e for e in scene.entities if e.place is not None and spoken and e.country == spoken[-1]]
    g = scene.gazetteer
    return [e for e in named if g.places[g.place_index[e.name]].kind == "country"][:1]


def _the_city(scene: Scene, modality: Modality, m: Mention, home: set[str | None]) -> list[Entity]:
    """«وصل أمس إلى المدينة»: the foreign town named last before it."""
    _, stop = scene.clause_bounds(m.trigger.last)
    if modality.the_city.isdisjoint(scene.words[m.trigger.last + 1 : min(stop, m.trigger.last + 6) + 1]):
        return []
    g = scene.gazetteer
    named = [e for e in scene.entities if e.first < m.at and e.place is not None and e.country not in home]
    return [e for e in named if g.places[g.place_index[e.name]].kind in ("city", "capital")][-1:]


def _guests(scene: Scene, modality: Modality, m: Mention, args: Arguments, guests: list[Entity]) -> list[Entity]:
    """The guests by name where only their state or a pronoun stands."""
    frame, words = m.trigger.form.frame, scene.words
    start, _ = scene.sentence_bounds(m.at)
    if guests and not any(e.kind == "person" for e in guests):
        # «أول زيارة لمسؤول روسي»: the Russian named in the sentence
        end = m.places[0].first if m.places else args.right
        people = [e for e in scene.between(start, end) if e.person is not None and not e.weak and e not in m.second[1:]]
        countries = {e.country for e in guests}
        return [e for e in people if e.country in countries][-1:] or guests
    if not guests and any(words[j] in modality.latter for j in range(m.at, min(m.at + 4, len(words)))):
        guests = [e for e in scene.between(start, m.at) if e.person is not None][-1:]
    if guests:
        return guests
    called_off = m.reading.status == "called_off" and not m.trigger.form.definite  # «ألغى كيم زيارة كانت مقررة لموسكو»
    if called_off and not args.pronoun and not m.trigger.verb:
        return [e for e in scene.between(args.left, m.at) if e.person is not None][-1:]
    light = light_verb(scene, modality, m.trigger) if frame == "go" and not m.trigger.verb else None
    # «يعتزم تشوي، …، القيام قريبا بزيارة …»: the noun of doing, too, has its subject before it
    done = frame == "go" and not modality.doing.isdisjoint(words[max(0, m.at - _DOING) : m.at])
    carried = done or (light is not None and words[light[0]] not in modality.impersonal)
    if not (args.pronoun or m.trigger.verb or carried):
        return []
    destination = m.places[0].country if m.places and frame != "come_back" else None
    opening, _ = scene.clause_bounds(m.at)
    gender = None if m.trigger.verb else m.gender  # «يغادرها»: the city
    return meant(scene, m.at, avoid_country=destination, gender=gender, relative=words[opening] in modality.relatives)


def _without_guest(scene: Scene, modality: Modality, m: Mention, args: Arguments) -> bool:
    """A delegation of two states, or a visit that only points back."""
    if m.type == "delegation":
        if args.pair != "states":
            return False
        m.first = last_pair(scene, m.at, "states")
        m.second = m.first[1:]
        return len(m.first) == 2
    arrived_for = scene.words[m.at - 1] in modality.at or (
        scene.words[m.at - 2] in modality.at and scene.words[m.at - 1] in modality.ordinal_words
    )
    points_back = m.trigger.form.definite or scene.words[m.at - 1] in modality.count_from or arrived_for
    m.anaphoric = m.trigger.form.frame == "go" and (bool(m.places and not m.trigger.verb) or points_back)
    return m.anaphoric


def complete_attendance(scene: Scene, _modality: Modality, m: Mention, args: Arguments) -> bool:
    """Who takes part in something abroad visits that country."""
    guests = [e for e in m.first if e.kind == "person" and abs(e.first - m.at) <= _FAR]
    if not m.trigger.verb:
        guests = [e for e in guests if e.last < m.at][-1:] or [e for e in m.second if e.first - m.trigger.last <= 2][:1]
    homes = {e.country for e in guests}
    places = [e for e in scene.between(m.at, args.right) if e.kind == "place" and e.country is not None and e.country not in homes]
    if not guests or not places:
        return False
    m.first, m.second, m.places = guests, [], places[:2]
    return True


def complete_reception(scene: Scene, modality: Modality, m: Mention, _args: Arguments) -> bool:
    """The guest in `first`, his host in `second`: a meeting where a verb says it, else a visit."""
    m.type = "meeting" if m.trigger.verb else "visit"
    words = scene.words
    opening, _ = scene.clause_bounds(m.at)
    if m.trigger.verb and m.trigger.form.pronoun is not None and among(words[opening], modality.relatives):
        antecedent = scene.entity_at[opening - 1] if opening else -1
        if antecedent < 0 or scene.entities[antecedent].kind != "person":
            return False  # «المؤتمر الذي تستضيفه مصر»
    if not m.trigger.verb and m.trigger.form.pronoun is None and words[m.at - 1] in modality.at and words[m.at - 2] in modality.was:
        m.first, m.second = m.second, m.first  # «وكان في استقبال مون … كيم»
    people = [e for e in m.second if e.person is not None]
    if not m.trigger.verb and m.trigger.form.pronoun is None and _a_place_receives(scene, m):
        return True
    if m.trigger.form.pronoun and m.trigger.verb:
        m.first = m.first or _joined(people)  # «استقبلها الرئيس»: the subject follows, the object is the pronoun
        people = []
    elif m.trigger.form.pronoun and scene.words[m.at - 1] not in modality.at and any(e.first > m.at for e in m.first):
        # «خلال استقباله وزير الدفاع»: the host is in the pronoun, the guest follows; not so in «كان في استقباله الوزير»
        people = [e for e in m.first if e.person is not None]
        m.type, m.first = "meeting", meant(scene, m.at, avoid=names_of(people), gender=m.gender)
    if not people and m.trigger.form.pronoun:
        people = meant(scene, m.at, avoid=names_of(m.first))
    hosts = m.first
    if not people and len(hosts) == 1 and hosts[0].person is not None and m.places and m.places[0].country != hosts[0].country:
        # «استضاف كيم في موسكو»: the host is in the verb
        people, hosts = hosts, meant(scene, m.at, avoid=names_of(hosts), avoid_country=hosts[0].country)
    m.first, m.second = people, hosts
    if people and all(e.country is not None and e.country == people[0].country for e in hosts):
        m.homeward, m.second = "back", []  # «كان في استقباله نائب وزير الخارجية»: at home again
        return True
    return bool(people) and bool(hosts)


def _a_place_receives(scene: Scene, m: Mention) -> bool:
    """«تستعد بيونغ يانغ لاستقبال بوتين»: the guest stands behind, the place where he goes before."""
    start, _ = scene.clause_bounds(m.at)
    before, guests = scene.between(start, m.at - 1), _joined([e for e in m.parties if e.person is not None and e.first > m.at])
    if not guests or not before or before[-1].kind != "place" or before[-1].country == guests[0].country:
        return False
    m.first, m.second, m.places = guests, [], before[-1:]
    return True


def _joined(people: list[Entity]) -> list[Entity]:
    """The first of the people, with those joined to him («استقبله النائب …، والسفير …»)."""
    out = people[:1]
    for e in people[1:]:
        if not e.prefix.startswith("و"):
            break
        out.append(e)
    return out


def next_stops(scene: Scene, modality: Modality, m: Mention) -> list[Mention]:
    """«توجهت إلى موسكو …، ثم إلى مينسك»: where the journey goes next, on days of its own."""
    words, (_, stop) = scene.words, scene.sentence_bounds(m.at)
    if m.type != "visit" or m.homeward is not None or not m.first or not m.places or m.again:
        return []
    _, here = scene.clause_bounds(m.trigger.last)
    then = (j for j in range(here + 1, stop - 1) if words[j] in modality.then and words[j + 1] in modality.to_words)
    token = next(then, None)
    if token is None or any(t.verb and t.form.type == "visit" and t.form.frame != "receive" for t in scene.triggers_in(m.at + 1, token)):
        return []
    abroad = {m.places[0].country, None, *(e.country for e in m.first)}
    places = [e for e in scene.between(token + 2, token + 3) if e.kind == "place" and e.country not in abroad]
    time = next(iter(scene.times_in(token + 1, scene.clause_bounds(token)[1])), None)
    return [replace(m, places=places[:1], second=[], time=time, lent=False, evidence=(token, places[0].last))] if places else []


def split_guests(m: Mention) -> list[Mention]:
    """«وصل الزعيمان إلى سنغافورة»: each of two states' people makes a visit of his own."""
    people = [e for e in m.first if e.kind == "person"]
    if m.type != "visit" or not m.trigger.verb or len({e.country for e in people}) < 2:
        return [m]
    return [replace(m, first=[e]) for e in people if not m.places or e.country != m.places[0].country]


def split_destinations(scene: Scene, modality: Modality, m: Mention) -> list[Mention]:
    """«يزور كوريا الشمالية وفيتنام», «يتوجه إلى كومسومولسك ثم إلى فلاديفوستوك»: a visit to each state, to each town, the next one later."""
    if m.type == "visit" and len(m.places) > 1 and not modality.then.isdisjoint(scene.words[m.places[1].first - 2 : m.places[1].first]):
        return [replace(m, places=m.places[:1]), replace(m, places=m.places[1:2], time=None)]
    if m.type != "visit" or len(m.places) < 2 or not m.places[1].prefix.startswith("و") or m.places[0].country == m.places[1].country:
        return [m]
    return [replace(m, places=[place]) for place in m.places if place.country != m.places[0].country or place is m.places[0]][:3]
