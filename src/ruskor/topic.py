"""A topic: which two states, what is core and what is relevant (`data/topics/<topic>.yaml`)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from ruskor.arabic import fold, tokenize
from ruskor.document import Document
from ruskor.errors import DataError
from ruskor.gazetteer import Gazetteer
from ruskor.lexicon import compiled, data_files, load_yaml
from ruskor.model import Event, Interval, Participant


@dataclass(frozen=True, slots=True)
class Topic:
    """The two states, their predecessors, and what counts as core and as relevant."""

    name: str
    title_en: str
    title_ar: str
    states: tuple[str, str]
    successors: dict[str, str]
    core_types: frozenset[str]
    core_levels: frozenset[str]
    cues: tuple[tuple[float, str, frozenset[str]], ...]  # weight, folded words of a phrase with a space around each, and these words

    def state(self, country: str | None) -> str | None:
        """The topic's state that a country code stands for, or null."""
        country = self.successors.get(country or "", country)
        return country if country in self.states else None


def _build(paths: list[Any]) -> dict[str, Any]:
    table: dict[str, Any] = load_yaml(paths[0])
    cues = [(cue["weight"], tokenize(fold(phrase)).words) for cue in table.get("relevance", {}).get("cues", []) for phrase in cue["words"]]
    return {
        "name": table["name"],
        "title": table["title"],
        "states": table["states"],
        "successors": table.get("successors") or {},
        "core": table["core"],
        "cues": cues,
    }


@cache
def load_topic(name: str) -> Topic:
    """The topic of that name.

    Raises DataError where there is no such topic; the hint lists those that exist.
    """
    paths = data_files(f"topics/{name}.yaml")
    if not paths:
        known = ", ".join(path.stem for path in data_files("topics/*.yaml"))
        raise DataError(f"no topic named {name!r}", hint=f"topics: {known}")
    table = compiled(f"topic-{name}", _build, paths)
    return Topic(
        name=table["name"],
        title_en=table["title"]["en"],
        title_ar=table["title"]["ar"],
        states=(table["states"][0], table["states"][1]),
        successors=table["successors"],
        core_types=frozenset(table["core"]["types"]),
        core_levels=frozenset(table["core"]["levels"]),
        cues=tuple((float(weight), f" {' '.join(words)} ", frozenset(words)) for weight, words in table["cues"]),
    )


def level_of(gazetteer: Gazetteer, person: str, when: Interval | None) -> str | None:
    """The highest level of office a person held at a time (at any time, without one), or null."""
    index = gazetteer.person_index.get(person)
    if index is None:
        return None
    order = ("leader", "head_of_government", "minister", "senior", "official")
    terms = gazetteer.people[index].terms
    held = terms
    if when is not None:
        first, last = when.start.isoformat(), when.last.isoformat()
        held = tuple(t for t in terms if t.since <= last and (t.until or "9999") >= first[: len(t.until or "9999")]) or terms
    levels = {gazetteer.offices[t.office][0] for t in held if t.office in gazetteer.offices}
    return next((level for level in order if level in levels), None)


def sides(topic: Topic, participants: list[Participant]) -> set[str]:
    """The topic's states that take part, by people, states and organisations."""
    found = {topic.state(p.country) for p in participants}
    return {state for state in found if state}


def is_core(topic: Topic, event: Event, place_country: str | None) -> bool:
    """A contact between both states of the topic; a stop within a visit is none."""
    if event.type not in topic.core_types:
        return False
    if event.part_of is not None and event.type == "visit":
        return False
    found = sides(topic, event.participants)
    if event.type in ("visit", "delegation") and place_country is not None and (host := topic.state(place_country)):
        found = found | {host}
    return len(found) == 2


def is_relevant(topic: Topic, event: Event) -> bool:
    """Whether one of the two states or their people take part."""
    if any(topic.state(p.country) for p in event.participants):
        return True
    return any(topic.state(place.country) for place in event.places)


def relevance(topic: Topic, document: Document, countries: dict[str, int], core: int, relevant: int) -> float:
    """How much an article has to do with the topic, 0 to 1: both states named, core events, cue phrases.

    `countries` counts mentions by country code; the weights are set by hand and held by the accuracy gate.
    """
    named: dict[str, int] = {}
    for country, count in countries.items():
        if state := topic.state(country):
            named[state] = named.get(state, 0) + count
    total = sum(countries.values()) or 1
    score = 0.0
    if len(named) == 2:
        score = 0.35 + 0.25 * min(1.0, min(named.values()) / 3) + 0.15 * sum(named.values()) / total
    elif named:
        score = 0.25 * sum(named.values()) / total
    score += 0.3 * min(core, 1) + 0.03 * min(core, 5) + 0.02 * min(relevant, 5) * len(named) / 2
    present = frozenset(document.tokens.words)
    possible = [(weight, phrase) for weight, phrase, words in topic.cues if present.issuperset(words)]
    text = f" {' '.join(document.tokens.words)} " if possible else ""
    cue_score = sum(weight for weight, phrase in possible if phrase in text)
    return max(0.0, min(1.0, score + 0.1 * max(-3.0, min(cue_score, 2.0))))
