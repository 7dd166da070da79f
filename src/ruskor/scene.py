"""The scene of an article: its clauses, with the people, states, places, dates and triggers that stand in them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

from ruskor.document import Document, Sentence
from ruskor.entities import Entity, Time
from ruskor.gazetteer import Gazetteer
from ruskor.modality import Modality
from ruskor.model import Interval
from ruskor.places import role_words
from ruskor.triggers import Trigger


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
    words: list[str] = field(init=False)  # folded
    clause_of: list[int] = field(init=False)  # of each token; -1 outside the body, as below
    sentence_of: list[int] = field(init=False)
    entity_at: list[int] = field(init=False)
    trigger_at: dict[int, int] = field(init=False)
    lights: dict[tuple[int, int], tuple[int, str] | None] = field(default_factory=dict)  # what `lightverbs` found for a trigger
    dated: dict[int, int] = field(init=False)  # token of a date → the first token of that date
    _entity_starts: list[int] = field(init=False)
    _trigger_starts: list[int] = field(init=False)
    _time_starts: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.words = self.document.tokens.words
        n = len(self.words)
        self.clause_of, self.sentence_of, self.entity_at = [-1] * n, [-1] * n, [-1] * n
        for k, entity in enumerate(self.entities):
            self.entity_at[entity.first : entity.last + 1] = [k] * (entity.last + 1 - entity.first)
        self.trigger_at = {trigger.first: k for k, trigger in enumerate(self.triggers)}
        self.dated = {token: time.first for time in self.times for token in range(time.first, time.last + 1)}
        self._entity_starts = [entity.first for entity in self.entities]
        self._trigger_starts = [trigger.first for trigger in self.triggers]
        self._time_starts = [time.first for time in self.times]

    def trigger_on(self, token: int) -> Trigger | None:
        """The trigger that begins at the token."""
        k = self.trigger_at.get(token)
        return None if k is None else self.triggers[k]

    def triggers_in(self, first: int, last: int) -> list[Trigger]:
        """Triggers that begin in the tokens first … last."""
        return self.triggers[bisect_left(self._trigger_starts, first) : bisect_right(self._trigger_starts, last)]

    def between(self, first: int, last: int) -> list[Entity]:
        """Entities that begin in the tokens first … last."""
        return self.entities[bisect_left(self._entity_starts, first) : bisect_right(self._entity_starts, last)]

    def times_in(self, first: int, last: int) -> list[Time]:
        """Dates that begin in the tokens first … last."""
        return self.times[bisect_left(self._time_starts, first) : bisect_right(self._time_starts, last)]

    def sentence_bounds(self, token: int) -> tuple[int, int]:
        """First and last token of the sentence."""
        sentence = self.document.sentences[self.sentence_of[token]]
        return sentence.first, sentence.last

    def clause_bounds(self, token: int) -> tuple[int, int]:
        """First and last token of the clause."""
        return self.clauses[self.clause_of[token]]

    def same_sentence(self, token: int, other: int) -> bool:
        """Whether the two tokens stand in one sentence."""
        return self.sentence_of[token] == self.sentence_of[other]

    def headline(self, token: int) -> bool:
        """Whether the token stands in the title or a heading."""
        return self.document.sentences[self.sentence_of[token]].headline


def build_scene(
    document: Document,
    gazetteer: Gazetteer,
    modality: Modality,
    *,
    published: Interval | None,
    entities: list[Entity],
    times: list[Time],
    triggers: list[Trigger],
) -> Scene:
    """Cut the sentences into clauses; entities, times and triggers are sorted."""
    scene = Scene(document, gazetteer, published, entities, times, triggers)
    dates = _dates(scene)
    flags = _flags(scene.words, modality)
    for index, sentence in enumerate(document.sentences):
        for start, stop in _clauses(scene, modality, dates, sentence, flags):
            scene.clause_of[start : stop + 1] = [len(scene.clauses)] * (stop + 1 - start)
            scene.clauses.append((start, stop))
        scene.sentence_of[sentence.first : sentence.last + 1] = [index] * (sentence.last + 1 - sentence.first)
    return scene


_OPENER, _LIGHT, _JOINED = 1, 2, 4
_REMEMBERED = 200_000  # words
_SUBJECT = 12  # words that a subject before a comma may have


def _flag(word: str, modality: Modality) -> int:
    """What a word can do to a clause: open one, be a light verb, be one with «و» or «ف» before it."""
    bare = word[1:] if word[0] in "وف" and len(word) > 2 else word
    flag = _OPENER if word in modality.openers or bare in modality.openers else 0
    if word in modality.light:
        return flag | _LIGHT
    return flag | _LIGHT | _JOINED if bare in modality.light else flag


def _flags(words: list[str], modality: Modality) -> list[int]:
    """What each word can do to a clause."""
    known = modality.flags
    if len(known) > _REMEMBERED:
        known.clear()
    for word in set(words).difference(known):
        known[word] = _flag(word, modality)
    return list(map(known.__getitem__, words))


@dataclass(slots=True)
class Dates:
    """Where the dates of a scene stand, as cutting looks at them."""

    starts: set[int]
    inserted: set[int]  # last tokens of dates between commas


def _dates(scene: Scene) -> Dates:
    tokens = scene.document.tokens
    return Dates(
        {time.first for time in scene.times}, {time.last for time in scene.times if any(c in tokens.gap(time.first) for c in "،,")}
    )


def _clauses(scene: Scene, modality: Modality, dates: Dates, sentence: Sentence, flags: list[int]) -> list[tuple[int, int]]:
    """A sentence cut at openers, at verbs joined by و / ف, and at commas that join no names or dates: first and last tokens."""
    gaps, trigger_at = scene.document.tokens.gaps, scene.trigger_at
    cuts = [sentence.first]
    for i in range(sentence.first + 1, sentence.last + 1):
        flag, gap = flags[i], gaps[i]
        if not flag and gap == " " and i not in trigger_at:
            continue  # nothing begins here
        if not _begins_clause(scene, modality, dates, i, gap=gap, flag=flag):
            continue
        if not _only_subject(scene, modality, cuts[-1], i, flags) and not _is_object(scene, cuts[-1], i, flags):
            cuts.append(i)
    return [(start, stop - 1) for start, stop in zip(cuts, [*cuts[1:], sentence.last + 1], strict=True)]


def _begins_clause(scene: Scene, modality: Modality, dates: Dates, i: int, *, gap: str, flag: int) -> bool:
    """Whether a clause begins at token i, `gap` being what stands before it and `flag` what its word can do."""
    trigger = scene.trigger_on(i)
    comma = "،" in gap or "," in gap or " - " in gap or " – " in gap
    opener = flag & _OPENER and scene.entity_at[i] < 0 and i not in dates.starts
    if opener or flag & _JOINED or (flag & _LIGHT and comma):
        return True
    if trigger is not None and trigger.verb and (trigger.prefix[:1] in ("و", "ف") or scene.words[i - 1] in modality.conjunctions or comma):
        return True
    if trigger is not None and not trigger.verb and trigger.prefix == "ب" and "،" in gap:
        return False  # «قام مسؤولون، بينهم …، بزيارة …»
    if i - 1 in dates.inserted or (trigger is not None and not trigger.verb and _verb_then_date(scene, i)):
        return False  # «أبرم …، اليوم الأربعاء، اتفاقية …», «استضاف العام الماضي، وفدا …»
    if any(c in gap for c in "؛:؟!") or ".." in gap:
        return True
    return comma and scene.entity_at[i] < 0 and not _dated(scene, modality, dates, i) and not _goes_on(scene, modality, i)


def _verb_then_date(scene: Scene, i: int) -> bool:
    """Whether only a date stands between a verb and token i, which then is its object."""
    before = scene.trigger_on(scene.dated.get(i - 1, 0) - 1)
    return before is not None and before.verb


def _only_subject(scene: Scene, modality: Modality, start: int, i: int, flags: list[int]) -> bool:
    """«أن كيم، وجه دعوة», «وكان كيم، قد وصل», «يبدأ كيم، زيارة …»: so far a subject alone, whose verb or whose verb's noun follows."""
    trigger, flag = scene.trigger_on(i), flags[i]
    noun = trigger is not None and not trigger.verb and not trigger.form.definite and scene.words[start] in modality.light
    joined = flag & _JOINED or (trigger is not None and trigger.prefix[:1] in ("و", "ف"))
    opens = scene.words[start] in modality.that or scene.words[start] in modality.was
    if not (opens or noun) or i - start < 2 or joined or flag & _OPENER:
        return False
    between = range(start + 1, i)
    verb = flag & _LIGHT or (trigger is not None and trigger.verb)
    unknown = verb and i - start <= _SUBJECT and not any(token in scene.trigger_at or flags[token] & _LIGHT for token in between)
    return bool(unknown) or all(scene.entity_at[token] >= 0 for token in between)


def _is_object(scene: Scene, start: int, i: int, flags: list[int]) -> bool:
    """«يعقد لافروف، اجتماعا مع …»: the noun behind the comma is what the light verb before it carries."""
    trigger = scene.trigger_on(i)
    if trigger is None or trigger.verb or trigger.prefix or flags[i] & _OPENER:
        return False
    near = range(start, min(start + 2, i))
    return any(flags[token] & _LIGHT for token in near) and not any(token in scene.trigger_at for token in range(start, i))


def _goes_on(scene: Scene, modality: Modality, i: int) -> bool:
    """«كيم، إلى روسيا», «القمة، المرتقبة بين …»: what stands behind a comma still belongs to what is before it."""
    word = scene.words[i]
    if word in role_words().location_prepositions and i + 2 < len(scene.entity_at):
        # «وصل أمس، إلى عاصمة كوريا الشمالية»
        return scene.entity_at[i + 1] >= 0 or (scene.entity_at[i + 2] >= 0 and i + 1 not in scene.trigger_at)
    return (word.startswith("ال") and word in modality.after) or word in modality.heading


def _dated(scene: Scene, modality: Modality, dates: Dates, i: int) -> bool:
    """Whether a date begins at token i, with its preposition or «يوم»."""
    word = scene.words[i]
    return i in dates.starts or (word in role_words().location_prepositions and i + 1 in dates.starts) or word in modality.day_noun
