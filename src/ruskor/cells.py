"""The cells of a row that an analyst may correct: reading and setting one, with what follows from it."""

from __future__ import annotations

from typing import Any

from ruskor.corpus import CorpusEvent
from ruskor.gazetteer import Gazetteer
from ruskor.model import Interval, Participant, PlaceMention


def value_of(row: CorpusEvent, name: str) -> Any:
    """A cell as a plain value: dates as in `--published`, people as a list of names."""
    if name == "date":
        if row.date is None:
            return None
        end = row.date.end
        return row.date.start.isoformat() if end == row.date.start else f"{row.date.start.isoformat()}..{end.isoformat() if end else ''}"
    if name == "place":
        return row.places[0].name if row.places else None
    if name == "people":
        return [p.name for p in row.people]
    return getattr(row, "title_en" if name == "title" else name)


def set_cell(row: CorpusEvent, name: str, value: Any, gazetteer: Gazetteer) -> str | None:
    """Set one cell; returns what is wrong with the value, in words, and then changes nothing."""
    if name == "place":
        return _set_place(row, value, gazetteer)
    if name == "people":
        _set_people(row, list(value), gazetteer)
        return None
    assert name != "date" or value is None or isinstance(value, Interval)
    setattr(row, "title_en" if name == "title" else name, value)
    return None


def _set_place(row: CorpusEvent, name: str | None, gazetteer: Gazetteer) -> str | None:
    if name is None:
        row.places, row.country, row.latitude, row.longitude = [], None, None, None
        return None
    index = gazetteer.place_index.get(name)
    if index is None:
        index = next((k for k, place in enumerate(gazetteer.places) if name in (place.name_ar, place.id)), None)
    if index is None:
        return f"place: no gazetteer has {name!r} (give its name, see `ruskor data search`); the cell stays as it was"
    known = gazetteer.places[index]
    mention = next((p for p in row.places if p.name == known.name), None)
    if mention is None:
        mention = PlaceMention(known.name_ar, (0, 0), known.name, known.name_ar, known.id, "location", known.country, known.kind)
    around = [p for p in row.places if p.name in known.inside or (p.kind == "country" and p.country == known.country)]
    row.places = [mention, *[p for p in around if p is not mention]]
    row.country, row.latitude, row.longitude = known.country, known.lat, known.lon
    return None


def _set_people(row: CorpusEvent, names: list[str], gazetteer: Gazetteer) -> None:
    """The people of a row, with roles as they had or as the first of the others; states follow."""
    had = {p.name: p for p in row.people}
    people = []
    for name in names:
        person = had.get(name)
        if person is None:
            index = gazetteer.person_index.get(name)
            known = gazetteer.people[index] if index is not None else None
            person = Participant(name, known.id if known else None, "actor", "person", known.country if known else None)
        people.append(person)
    row.people = people
    stay = {p.country for p in people} | {row.country}
    left = {p.country for p in had.values()} - stay
    row.actors = [p for p in row.actors if p.country not in left]
    states = {p.country for p in row.actors}
    for person in people:
        if person.country in gazetteer.countries and person.country not in states:
            states.add(person.country)
            state = gazetteer.places[gazetteer.countries[person.country or ""]]
            row.actors.append(Participant(state.name, state.id, person.role, "state", person.country))
    row.actors.sort(key=lambda p: p.name)
