"""Whom pronouns and words like «الزعيمان» mean: people and states named elsewhere in the article."""

from __future__ import annotations

from collections import Counter

from ruskor.entities import Entity, state_entity
from ruskor.places import role_words
from ruskor.scene import Scene

_BACK = 3  # sentences


def lead_people(scene: Scene) -> list[int]:
    """The people of the article, most named first."""
    counts = Counter(e.person for e in scene.entities if e.person is not None)
    return sorted(counts, key=lambda p: (-counts[p], p))


def meant(
    scene: Scene,
    token: int,
    *,
    avoid_country: str | None = None,
    avoid: frozenset[str] = frozenset(),
    gender: str | None = None,
    relative: bool = False,
) -> list[Entity]:
    """Whom a pronoun at `token` means: a subject named before it in the sentence, else in the sentences before.

    Nobody called as in `avoid` is meant, nor one of `avoid_country`: nobody visits his own country. `gender` is that of the
    pronoun (f, m). Empty or one entity.
    """
    people = scene.gazetteer.people
    for e in _candidates(scene, token, avoid=avoid, relative=relative):
        known = people[e.person].gender if e.person is not None else None
        fits = known == "f" if gender == "f" else known != "f" or gender is None
        if e.country != avoid_country and fits:
            return [e]
    return []


def _candidates(scene: Scene, token: int, *, avoid: frozenset[str], relative: bool) -> list[Entity]:
    """People who may be meant, the likeliest first."""
    start, stop = scene.sentence_bounds(token)
    here = _people(scene, start, token - 1, avoid)
    if relative and here:
        # «تشوي سون هوي التي بدأت أمس زيارة»: whom the relative clause follows
        clause_start, _ = scene.clause_bounds(token)
        return [e for e in reversed(here) if e.last < clause_start][:1] + here
    joined = _subject_joined(scene, token, avoid)
    if joined:
        return joined + [e for e in here if e not in joined]
    ahead = _subject_behind(scene, token, avoid) if not here and scene.words[start] in role_words().fronting else []
    if ahead:
        return ahead
    said, objects = _speakers(scene, start, token), _objects(scene, here)
    ordered = [e for e in here if e.first not in said | objects] + [e for e in here if e.first in said - objects]
    index = scene.sentence_of[token]
    for back in range(1, min(_BACK, index) + 1):
        sentence = scene.document.sentences[index - back]
        ordered += _people(scene, sentence.first, sentence.last, avoid, weak=True)
        if back == 1:
            ordered += [e for e in here if e.first in objects]
    ordered += [e for e in here if e not in ordered]
    return ordered or _people(scene, token, stop, avoid)


def _subject_joined(scene: Scene, token: int, avoid: frozenset[str]) -> list[Entity]:
    """«… إن تشوي زار بكين في مايو والتقى شي»: a verb joined by «و» goes on with the subject beside the verb of the clause before."""
    verb, clause = scene.trigger_on(token), scene.clause_of[token]
    if verb is None or not verb.verb or verb.prefix[:1] not in ("و", "ف") or scene.clauses[clause][0] != token or clause == 0:
        return []
    first, last = scene.clauses[clause - 1]
    before = next((t for t in scene.triggers_in(first, last) if t.verb), None)
    if before is None or before.form.frame == "say" or not scene.same_sentence(token, first):
        return []
    beside = [e for e in scene.between(first, last) if before.last + 1 == e.first or e.last + 1 == before.first]
    return [e for e in beside if e.person is not None and not e.weak and not e.prefix.endswith(("ل", "ب")) and e.name not in avoid][:1]


def _subject_behind(scene: Scene, token: int, avoid: frozenset[str]) -> list[Entity]:
    """«وبعد زيارة قام بها إلى الصين، التقى كيم مون»: the subject of the verb that opens the next clause of the sentence."""
    (_, end), (_, stop) = scene.clause_bounds(token), scene.sentence_bounds(token)
    verb = scene.trigger_on(end + 1) if end < stop else None
    following = scene.between(end + 2, stop)[:1] if verb is not None and verb.verb else []
    return [e for e in following if e.person is not None and not e.weak and not e.prefix and e.name not in avoid and e.first <= end + 2]


def _objects(scene: Scene, people: list[Entity]) -> set[int]:
    """First tokens of those whom somebody else, whose name stands before the sentence, only met («أجرى محادثات مع … و…»)."""
    out: set[int] = set()
    before = last = -1
    for e in people:
        joined = e.prefix.startswith("و") and last >= 0 and e.first - last <= 2
        if (joined and before in out) or (e.first > 0 and scene.words[e.first - 1] in role_words().before_objects):
            out.add(e.first)
        before, last = e.first, e.last
    return out


def _people(scene: Scene, first: int, last: int, avoid: frozenset[str], *, weak: bool = False) -> list[Entity]:
    return [e for e in scene.between(first, last) if e.person is not None and e.name not in avoid and (weak or not e.weak)]


def _speakers(scene: Scene, start: int, token: int) -> set[int]:
    """First tokens of the people who only say something in the sentence so far."""
    out: set[int] = set()
    for trigger in scene.triggers_in(start, token - 1):
        if trigger.form.frame == "say" and trigger.verb:
            _, stop = scene.clause_bounds(trigger.first)
            after = [e for e in scene.between(trigger.last + 1, stop) if e.person is not None]
            before = [e for e in scene.between(start, trigger.first - 1) if e.person is not None]
            out.update(e.first for e in (after[:1] or before[-1:]))
    return out


def last_pair(scene: Scene, token: int, kind: str) -> list[Entity]:
    """«الزعيمان», «الوزيران», «البلدان»: the last two people or states of two countries named before the token (else after it).

    `kind` is leaders, ministers (anybody who leads no state), people or states.
    """
    pair = _states(scene, token) if kind == "states" else _lead_pair(scene, token, kind)
    if len(pair) == 2:
        return pair
    before = [e for e in reversed(scene.entities) if e.first < token]
    fitting = [
        e
        for e in [*before, *(e for e in scene.entities if e.first > token)]
        if e.country is not None and e.kind != "organization" and (kind != "states") == (e.person is not None)
    ]
    of_rank = [e for e in fitting if e.person is None or _has_rank(scene, e.person, kind)]
    pair = _of_two_countries(of_rank)
    return pair if len(pair) == 2 else _of_two_countries(fitting)


def _has_rank(scene: Scene, person: int, kind: str) -> bool:
    """Whether «leaders» or «ministers» can mean somebody."""
    leads = person in scene.gazetteer.leaders
    return leads if kind == "leaders" else not leads if kind == "ministers" else True


def _states(scene: Scene, token: int) -> list[Entity]:
    """«البلدان», «الوفدان»: the two states named last in the sentence, else those of the two people on whom the article turns."""
    start, _ = scene.sentence_bounds(token)
    here = _of_two_countries([e for e in reversed(scene.between(start, token - 1)) if e.country is not None and e.person is None])
    if len(here) == 2:
        return here
    countries = [e.country for e in _lead_pair(scene, token, "people")]
    if len(countries) < 2:
        return _most_named(scene, token, 2)
    states = [state_entity(scene.gazetteer, country, token, token) for country in countries if country is not None]
    return [e for e in states if e is not None]


def other_state(scene: Scene, token: int, country: str | None) -> list[Entity]:
    """Whose treaty with a country it is: that of the other state named most so far."""
    return _most_named(scene, token, 1, but=country)


def _most_named(scene: Scene, token: int, count: int, *, but: str | None = None) -> list[Entity]:
    """The states named most before the token, without one of them."""
    named = Counter(e.country for e in scene.entities if e.country is not None and e.country != but and e.first < token)
    states = [state_entity(scene.gazetteer, country, token, token) for country, _ in named.most_common(count)]
    return [e for e in states if e is not None]


def _lead_pair(scene: Scene, token: int, kind: str) -> list[Entity]:
    """«الزعيمان»: of those named so far, the two of different countries on whom the article turns."""
    seen = {e.person: e for e in scene.entities if e.person is not None and e.first < token and _has_rank(scene, e.person, kind)}
    leading = sorted((p for p in lead_people(scene) if p in seen), key=lambda p: not _leads_now(scene, p))
    return _of_two_countries([seen[person] for person in leading])


def _leads_now(scene: Scene, person: int) -> bool:
    """Whether somebody is in office on the article's day: «الزعيمان» are hardly ever those of long ago."""
    own = scene.published
    terms = scene.gazetteer.people[person].terms
    return own is None or any(t.since <= own.last.isoformat() and (t.until is None or t.until >= own.start.isoformat()) for t in terms)


def _of_two_countries(entities: list[Entity]) -> list[Entity]:
    """The first entities of the first two countries."""
    first: dict[str | None, Entity] = {}
    for entity in entities:
        first.setdefault(entity.country, entity)
    return list(first.values())[:2]
