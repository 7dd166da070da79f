"""The scene of an article: its clauses, with the people, states, places, dates and triggers that stand in them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from ruskor.document import Document
from ruskor.gazetteer import Gazetteer
from ruskor.model import Interval, Span
from ruskor.names import Hit
from ruskor.people import Ref, title_words
from ruskor.places import PlaceRef, role_words
from ruskor.triggers import Form, Modality, Trigger, TriggerLexicon


@dataclass(slots=True)
class Entity:
    """Who or what can take part in an event: tokens first … last with any title.

    `person` is an index into the gazetteer's people or null; `name`, `id` and `country` are canonical.
    """

    first: int
    last: int
    kind: Literal["person", "place", "organization", "nationality"]
    name: str
    name_ar: str
    id: str | None
    country: str | None
    person: int | None = None
    place: PlaceRef | None = None
    prefix: str = ""
    weak: bool = False  # named only to explain somebody else («والد كيم جونغ أون»)
    acts_for: str | None = None
    media: bool = False


@dataclass(frozen=True, slots=True)
class Time:
    """A resolved date expression: tokens first … last."""

    first: int
    last: int
    value: Interval
    span: Span
    counts: bool = False  # «بعد تسعة أشهر على …»: counts from what follows


@dataclass(slots=True)
class Scene:
    """Everything that the event layer looks at."""

    document: Document
    gazetteer: Gazetteer
    published: Interval | None
    entities: list[Entity]
    times: list[Time]
    triggers: list[Trigger]
    clauses: list[tuple[int, int]] = field(default_factory=list)
    clause_of: list[int] = field(default_factory=list)
    sentence_of: list[int] = field(default_factory=list)
    entity_at: list[int] = field(default_factory=list)
    trigger_at: dict[int, int] = field(default_factory=dict)
    words: list[str] = field(init=False)  # folded
    dated: dict[int, int] = field(init=False)  # token of a date → the first token of that date
    _starts: list[int] = field(default_factory=list)
    _trigger_starts: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.words = self.document.tokens.words
        self.dated = {token: time.first for time in self.times for token in range(time.first, time.last + 1)}

    def triggers_in(self, first: int, last: int) -> list[Trigger]:
        """Triggers that begin in the tokens first … last."""
        return self.triggers[bisect_left(self._trigger_starts, first) : bisect_right(self._trigger_starts, last)]

    def between(self, first: int, last: int) -> list[Entity]:
        """Entities that begin in the tokens first … last."""
        return self.entities[bisect_left(self._starts, first) : bisect_right(self._starts, last)]

    def sentence_bounds(self, token: int) -> tuple[int, int]:
        """First and last token of the sentence."""
        sentence = self.document.sentences[self.sentence_of[token]]
        return sentence.first, sentence.last

    def clause_bounds(self, token: int) -> tuple[int, int]:
        """First and last token of the clause."""
        return self.clauses[self.clause_of[token]]

    def headline(self, token: int) -> bool:
        """Whether the token stands in the title or a heading."""
        return self.document.sentences[self.sentence_of[token]].headline


def build_entities(document: Document, gazetteer: Gazetteer, people: list[Ref], places: list[PlaceRef], hits: list[Hit], body: list[bool], modality: Modality) -> list[Entity]:
    """People with their titles, places, organisations and nationality adjectives, sorted, none inside another."""
    words = document.tokens.words
    out: list[Entity] = []
    covered: set[int] = set()

    def add(entity: Entity) -> None:
        if any(token in covered for token in range(entity.first, entity.last + 1)):
            return
        covered.update(range(entity.first, entity.last + 1))
        out.append(entity)

    for ref in people:
        if ref.weak and ref.kind == "name":
            continue
        first, last = ref.first, ref.last
        if ref.title is not None:
            first, last = min(first, ref.title.first), max(last, ref.title.last)
        prefix = words[first][: (ref.title.skip if ref.title is not None and ref.title.first <= ref.first else ref.skip)]
        if words[first].startswith("لل") and not prefix:
            prefix = "ل"
        if ref.person is not None:
            p = gazetteer.people[ref.person]
            add(Entity(first, last, "person", p.name, p.name_ar, p.id, p.country, ref.person, prefix=prefix))
        elif ref.romanised:
            add(Entity(first, last, "person", ref.romanised, ref.romanised_ar, None, ref.state, prefix=prefix))
    for hit in hits:
        if body[hit.first] and hit.has("org"):
            prefix = words[hit.first][: hit.skip] or ("ل" if words[hit.first].startswith("لل") else "")
            o = gazetteer.organizations[hit.of("org")[0]]
            add(
                Entity(hit.first, hit.last, "organization", o.name, o.name_ar, o.id, o.country, prefix=prefix, acts_for=o.acts_for, media=o.kind == "media")
            )
    for place in places:
        if place.inside:
            continue
        p2 = gazetteer.places[place.place]
        prefix = words[place.first][: place.skip] or ("ل" if words[place.first].startswith("لل") else "")
        add(Entity(place.first, place.last, "place", p2.name, p2.name_ar, p2.id, p2.country, place=place, prefix=prefix))
    for hit in hits:
        if not body[hit.first] or hit.first in covered:
            continue
        prefix = words[hit.first][: hit.skip] or ("ل" if words[hit.first].startswith("لل") else "")
        if hit.has("demonym"):
            state = hit.of("demonym")[0]
            before = words[hit.first - 1] if hit.first else ""
            stands_for = _land(gazetteer, modality, state, before)
            if stands_for is not None:
                p4 = gazetteer.places[stands_for]
                ref = PlaceRef(hit.first - 1, hit.last, 0, stands_for, "location")
                add(Entity(hit.first - 1, hit.last, "place", p4.name, p4.name_ar, p4.id, p4.country, place=ref))
            elif state in gazetteer.countries:
                p3 = gazetteer.places[gazetteer.countries[state]]
                add(Entity(hit.first, hit.last, "nationality", p3.name, p3.name_ar, p3.id, state, prefix=prefix))
    out.sort(key=lambda entity: entity.first)
    for entity in out:
        if entity.kind == "person" and any(_bare(words[j]) in modality.proxy for j in range(max(0, entity.first - 2), entity.first)):
            entity.weak = True
    return out


def _bare(word: str) -> str:
    return word[1:] if word[:1] in ("و", "ف") and len(word) > 3 else word


def _land(gazetteer: Gazetteer, modality: Modality, state: str, before: str) -> int | None:
    """The place that «العاصمة» or «الأراضي» with a nationality stands for."""
    bare = before.removeprefix("ب").removeprefix("و")
    if bare in modality.land_words:
        return gazetteer.countries.get(state)
    if bare in modality.capital_words:
        return next((gazetteer.place_index[name] for name, country in gazetteer.capitals.items() if country == state and name in gazetteer.place_index), None)
    return None


def build_scene(
    document: Document, gazetteer: Gazetteer, published: Interval | None, entities: list[Entity], times: list[Time], lexicon: TriggerLexicon,
    modality: Modality, body: list[bool],
) -> Scene:  # fmt: skip
    """Find the triggers and cut the sentences into clauses."""
    triggers = [t for t in _real_triggers(document, lexicon, entities, times, body) if document.tokens.words[t.first] not in modality.never]
    triggers += _nominal_visits(document, modality, entities, {t.first for t in triggers})
    triggers.sort(key=lambda t: t.first)
    scene = Scene(document, gazetteer, published, entities, times, triggers)
    n = len(document.tokens.words)
    scene._starts = [entity.first for entity in entities]
    scene._trigger_starts = [trigger.first for trigger in triggers]
    scene.entity_at = [-1] * n
    for k, entity in enumerate(entities):
        for token in range(entity.first, entity.last + 1):
            scene.entity_at[token] = k
    scene.trigger_at = {trigger.first: k for k, trigger in enumerate(triggers)}
    scene.sentence_of = [-1] * n
    scene.clause_of = [-1] * n
    _cut(scene, modality)
    return scene


def _real_triggers(document: Document, lexicon: TriggerLexicon, entities: list[Entity], times: list[Time], body: list[bool]) -> list[Trigger]:
    """Triggers that are not part of a name or a date, with their constraints met."""
    taken = {token for entity in entities for token in range(entity.first, entity.last + 1)}
    taken |= {token for time in times for token in range(time.first, time.last + 1)}
    words = document.tokens.words
    people = {entity.first for entity in entities if entity.kind == "person"}
    places = {entity.first for entity in entities if entity.kind == "place"}
    out = []
    for trigger in lexicon.find(document.tokens, body):
        if trigger.first in taken:
            continue
        forms = [trigger.form, *[f for f in lexicon.all_readings(document.tokens, trigger) if f != trigger.form]]
        for form in forms:
            limits = lexicon.groups[form.group]
            if not limits or (form.pronoun is not None and form.frame == "sign"):
                fits = True
            else:
                window = range(trigger.last + 1, min(trigger.last + (18 if form.frame == "sign" else 9), len(words)))
                fits = True
                if "only_with" in limits:
                    fits = any(stem in words[j] for j in window for stem in limits["only_with"])
                if "not_with" in limits:
                    fits = fits and not any(stem in words[j] for j in range(trigger.last + 1, min(trigger.last + 4, len(words))) for stem in limits["not_with"])
                if limits.get("only_people"):
                    fits = fits and (any(j in people for j in window) or any(trigger.first - 5 <= j < trigger.first for j in people) or form.pronoun is not None)
                if limits.get("only_places"):
                    fits = fits and any(j in places for j in window)
            if fits:
                out.append(Trigger(trigger.first, trigger.last, trigger.prefix, form))
                break
    return out


def _nominal_visits(document: Document, modality: Modality, entities: list[Entity], taken: set[int]) -> list[Trigger]:
    """«لافروف في كوريا الشمالية», «وكان الوزير … في موسكو»: somebody abroad, without a verb of motion."""
    words, tokens = document.tokens.words, document.tokens
    starts = {s.first: s for s in document.sentences}
    form = Form("visit", "attend", "n", None, None, False, False, (), 0)
    out = []
    for person, place in zip(entities, entities[1:], strict=False):
        if person.kind != "person" or place.kind != "place" or place.country in (None, person.country) or person.country is None:
            continue
        token = place.first - 1
        while token > person.last and words[token] not in modality.at and token >= place.first - 2:
            token -= 1
        if token <= person.last or token - person.last > 1 or words[token] not in modality.at or token in taken:
            continue
        if any(c in tokens.gap(j) for j in range(person.last + 1, place.first + 1) for c in ".،:؛"):
            continue
        sentence = starts.get(person.first)
        opens = (sentence is not None and sentence.headline) or ".." in tokens.gap(person.first)
        was = person.first > 0 and words[person.first - 1] in modality.was
        if opens or was:
            out.append(Trigger(token, token, "", form))
    return out


_OPENER, _LIGHT, _JOINED = 1, 2, 4
_REMEMBERED = 200_000  # words


def _flag(word: str, modality: Modality) -> int:
    """What a word can do to a clause: open one, be a light verb, be one with «و» or «ف» before it."""
    bare = word[1:] if word[0] in "وف" and len(word) > 2 else word
    flag = _OPENER if word in modality.openers or bare in modality.openers else 0
    if word in modality.light:
        flag |= _LIGHT
    elif bare in modality.light:
        flag |= _LIGHT | _JOINED
    if len(modality.flags) > _REMEMBERED:
        modality.flags.clear()
    modality.flags[word] = flag
    return flag


def _cut(scene: Scene, modality: Modality) -> None:
    """Cut sentences into clauses at openers, at verbs joined by و / ف, and at commas that join no names or dates."""
    words, tokens = scene.words, scene.document.tokens
    text, starts, ends, flags, trigger_at = tokens.folded.text, tokens.starts, tokens.ends, modality.flags, scene.trigger_at
    time_starts = {time.first for time in scene.times}
    prepositions = role_words().location_prepositions
    inserted = {time.last for time in scene.times if any(c in tokens.gap(time.first) for c in "،,")}
    for index, sentence in enumerate(scene.document.sentences):
        cuts = [sentence.first]
        for i in range(sentence.first + 1, sentence.last + 1):
            word = words[i]
            flag = flags.get(word)
            if flag is None:
                flag = _flag(word, modality)
            gap = text[ends[i - 1] : starts[i]]
            if not flag and gap == " " and i not in trigger_at:
                continue  # nothing begins here
            k = trigger_at.get(i)
            light = flag & _LIGHT > 0
            verb = (k is not None and scene.triggers[k].verb) or light
            joined = (k is not None and scene.triggers[k].verb and scene.triggers[k].prefix[:1] in ("و", "ف")) or flag & _JOINED > 0
            opener = flag & _OPENER > 0 and scene.entity_at[i] < 0 and i not in time_starts
            named = scene.entity_at[i] >= 0
            dated = i in time_starts or (word in prepositions and i + 1 in time_starts) or (word == "يوم")
            if opener or joined or (k is not None and scene.triggers[k].verb and words[i - 1] in modality.conjunctions) or (verb and ("،" in gap or "," in gap)):
                cuts.append(i)
            elif k is not None and not scene.triggers[k].verb and scene.triggers[k].prefix == "ب" and "،" in gap:
                continue  # «قام مسؤولون، بينهم …، بزيارة …»
            elif i - 1 in inserted:
                continue  # «أبرم …، اليوم الأربعاء، اتفاقية …»
            elif any(c in gap for c in "؛:؟!") or ".." in gap or (("،" in gap or "," in gap) and not named and not dated):
                cuts.append(i)
        for start, stop in zip(cuts, [*cuts[1:], sentence.last + 1], strict=True):
            scene.clauses.append((start, stop - 1))
            scene.clause_of[start:stop] = [len(scene.clauses) - 1] * (stop - start)
        scene.sentence_of[sentence.first : sentence.last + 1] = [index] * (sentence.last + 1 - sentence.first)


@lru_cache(50_000)
def pair_kind(word: str, both: frozenset[str]) -> str | None:
    """people for «بينهما» and «الزعيمان», states for «البلدان», else null; the proclitic و or ف may stand before."""
    tw = title_words()
    for form in (word, word[1:] if word[:1] in ("و", "ف", "ب", "ل") else word):
        if form in tw.pair_people or form in both:
            return "people"
        if form in tw.pair_states:
            return "states"
    return None
