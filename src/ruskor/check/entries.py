"""Checks of people, places, organisations and offices, each entry by itself and all together."""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Iterable, Sequence
from itertools import pairwise
from typing import Any

from ruskor.arabic import fold_key
from ruskor.check.nodes import Entry, Report, check_choice, check_id, check_keys, check_text, check_words, is_day, pad

LEVELS = {"leader", "head_of_government", "minister", "senior", "official"}
PLACE_KINDS = {
    "country", "capital", "city", "region", "island", "peninsula", "sea", "river", "mountain", "border", "venue", "base", "port",
    "airport", "station", "bridge", "site", "area",
}  # fmt: skip
ORGANIZATION_KINDS = {
    "ministry", "agency", "government", "parliament", "party", "military", "un_body", "bloc", "company", "media", "think_tank",
    "university", "court", "other",
}  # fmt: skip
# What offices, people and organisations may belong to beside the countries of the gazetteer.
BODIES = {"SUN", "UNO", "EUU", "NATO", "IAEA"}
# ISO 3166 codes of territories, which places and people may bear although they are no countries of the gazetteer.
TERRITORIES = {"ABW", "ALA", "ASM", "BMU", "CUW", "ESH", "FRO", "GIB", "GRL", "GUM", "GUF", "HKG", "MAC", "NCL", "PRI", "PYF", "REU", "SJM"}
# Offices of these levels have one holder at a time, but for deputies.
_SINGLE = {"leader", "head_of_government", "minister"}
_FAR_KM = 3500.0


def check_offices(report: Report, offices: Sequence[Entry], states: set[str]) -> None:
    """Keys, levels, titles, and the states of fixed titles."""
    for entry in offices:
        check_keys(report, entry, required={"key", "level", "name"}, optional={"name_ar", "adjective", "of_state", "fixed"})
        check_choice(report, entry, "level", LEVELS)
        check_text(report, entry, "name", arabic=False)
        check_text(report, entry, "name_ar", arabic=True)
        check_words(report, entry, "adjective")
        check_words(report, entry, "of_state")
        for fixed in entry.get("fixed") or []:
            if not isinstance(fixed, dict) or set(fixed) != {"title", "of"}:
                report.error(entry, f"fixed: {fixed!r} needs title and of", key="fixed")
            elif not _among(fixed["of"], states):
                report.error(entry, f"fixed: {fixed['of']!r} is no known state", key="fixed")
    unique(report, offices, "key")


def _among(value: Any, known: Container[str]) -> bool:
    """Whether a value is one of some words; a list or mapping is none."""
    return isinstance(value, str) and value in known


def unique(report: Report, rows: Sequence[Entry], key: str, *, what: str | None = None) -> None:
    """Each value of a key once."""
    first: dict[Any, Entry] = {}
    for entry in rows:
        value = entry.get(key)
        if not isinstance(value, str | int):
            continue
        if value in first:
            other = first[value]
            report.error(entry, f"{what or key} {value!r} is also at {report.name(other.path)}:{other.line} ({other.label})", key=key)
        else:
            first[value] = entry


def check_people(report: Report, people: Sequence[Entry], *, offices: dict[str, str], states: set[str]) -> None:
    """Every person; then names, ids and full-name aliases against each other, and terms of one office."""
    names = {entry.label for entry in people}
    for entry in people:
        check_keys(
            report, entry, required={"name", "name_ar", "country"},
            optional={"id", "gender", "prominence", "aliases", "short", "sensitive_short", "terms", "kin", "active"},
        )  # fmt: skip
        check_text(report, entry, "name", arabic=False)
        check_text(report, entry, "name_ar", arabic=True)
        check_id(report, entry)
        if entry.get("country") is not None:
            check_choice(report, entry, "country", states | TERRITORIES)
        check_choice(report, entry, "gender", {"m", "f"})
        _check_prominence(report, entry)
        for key in ("aliases", "short", "sensitive_short"):
            check_words(report, entry, key)
        _check_active(report, entry)
        _check_terms(report, entry, offices=offices, states=states)
        kin = entry.get("kin") or {}
        if not isinstance(kin, dict):
            report.error(entry, "kin is no mapping", key="kin")
        for relation, name in kin.items() if isinstance(kin, dict) else ():
            if not _among(name, names):
                report.error(entry, f"kin: {relation} {name!r} is no entry", key="kin")
    unique(report, people, "name")
    unique(report, people, "id")
    collisions(
        report, people, lambda entry: [n for n in [entry.get("name_ar"), *entry.words("aliases")] if isinstance(n, str) and " " in n]
    )
    _check_overlaps(report, people, offices)


def _check_prominence(report: Report, entry: Entry) -> None:
    value = entry.get("prominence")
    if value is not None and (not isinstance(value, int) or not 1 <= value <= 5):
        report.error(entry, f"prominence {value!r} is not 1 to 5", key="prominence")


def _check_active(report: Report, entry: Entry) -> None:
    value = entry.get("active")
    if value is None:
        return
    years = value if isinstance(value, list) and len(value) == 2 else None
    if years is None or any(not (year is None or (isinstance(year, int) and 1800 <= year <= 2100)) for year in years):
        report.error(entry, "active is not [year, year or null]", key="active")
    elif None not in years and years[0] > years[1]:
        report.error(entry, "active ends before it begins", key="active")


def _check_terms(report: Report, entry: Entry, *, offices: dict[str, str], states: set[str]) -> None:
    terms = entry.get("terms")
    if terms is None:
        return
    if not isinstance(terms, list):
        report.error(entry, "terms is no list", key="terms")
        return
    for term in terms:
        if not isinstance(term, dict) or not {"office", "of", "from"} <= set(term) or set(term) - {"office", "of", "from", "to"}:
            report.error(entry, f"terms: {term!r} needs office, of, from and to", key="terms")
            continue
        if not _among(term["office"], offices):
            report.error(entry, f"terms: office {term['office']!r} is not in offices.yaml", key="terms")
        if not _among(term["of"], states):
            report.error(entry, f"terms: {term['of']!r} is no known state", key="terms")
        since, until = term["from"], term.get("to")
        if not is_day(since) or not (until is None or is_day(until)):
            report.error(entry, f"terms: {term['office']}: {since} to {until} are no dates", key="terms")
        elif until is not None and pad(since, end=False) > pad(until, end=True):
            report.error(entry, f"terms: {term['office']} ends {until} before it begins {since}", key="terms")


def _check_overlaps(report: Report, people: Sequence[Entry], offices: dict[str, str]) -> None:
    """Two holders at once of an office that has one; terms that touch, or that are known to a year only, may share days."""
    held: dict[tuple[str, str], list[tuple[str, str, Entry]]] = {}
    for entry in people:
        for term in entry.get("terms") or []:
            office = str(term.get("office")) if isinstance(term, dict) else ""
            single = offices.get(office) in _SINGLE and "deputy" not in office and isinstance(term.get("of"), str)
            if single and is_day(term.get("from")):
                until = pad(term["to"], end=False) if term.get("to") else "9999-12-31"
                held.setdefault((office, term["of"]), []).append((pad(term["from"], end=True), until, entry))
    for (office, state), rows in sorted(held.items()):
        rows.sort(key=lambda row: (row[0], row[1], row[2].label))
        for (_, until, one), (since, end, other) in pairwise(rows):
            if since < min(until, end) and one is not other:
                report.warn(other, f"is {office} of {state} from {since} while {one.label} is until {until}", key="terms")


def collisions(report: Report, rows: Iterable[Entry], names: Callable[[Entry], list[str]]) -> None:
    """Names of different entries that are one after folding: the reader could not tell them apart."""
    first: dict[str, Entry] = {}
    for entry in rows:
        for name in names(entry):
            key = fold_key(name)
            other = first.setdefault(key, entry)
            if other is not entry:
                report.warn(entry, f"{name!r} is also a name of {other.label} ({report.name(other.path)}:{other.line})")


def check_places(report: Report, places: Sequence[Entry], *, states: set[str], boxes: dict[str, Any]) -> None:
    """Every place; then names, ids, what contains what, and coordinates against the country."""
    names = {entry.label: entry for entry in places}
    centres = {e.get("country"): e for e in places if e.get("kind") == "country"}
    for entry in places:
        check_keys(
            report, entry, required={"name", "name_ar", "kind", "country", "lat", "lon"},
            optional={"id", "geonames", "in", "prominence", "aliases", "ambiguous", "iso3", "capital", "demonyms", "people"},
        )  # fmt: skip
        check_text(report, entry, "name", arabic=False)
        check_text(report, entry, "name_ar", arabic=True)
        check_id(report, entry)
        check_choice(report, entry, "kind", PLACE_KINDS)
        if entry.get("country") is not None:
            check_choice(report, entry, "country", states | TERRITORIES)
        _check_prominence(report, entry)
        for key in ("aliases", "demonyms", "people"):
            check_words(report, entry, key)
        if entry.get("capital") is not None and not _among(entry.get("capital"), names):
            report.error(entry, f"capital {entry.get('capital')!r} is no entry", key="capital")
        if entry.get("geonames") is not None and not isinstance(entry.get("geonames"), int):
            report.error(entry, "geonames is no number", key="geonames")
        check_words(report, entry, "in", arabic=False)
        for name in entry.words("in"):
            if name not in names:
                report.error(entry, f"in: {name!r} is no entry", key="in")
            elif name == entry.label or entry.label in names[name].words("in"):
                report.error(entry, f"in: {name!r} and this contain each other", key="in")
        _check_coordinates(report, entry, centres, boxes)
    unique(report, places, "name")
    unique(report, places, "id")
    unique(report, places, "iso3")
    collisions(report, places, lambda entry: [n for n in [entry.get("name_ar"), *entry.words("aliases")] if isinstance(n, str)])


def _check_coordinates(report: Report, entry: Entry, centres: dict[Any, Entry], boxes: dict[str, Any]) -> None:
    lat, lon = entry.get("lat"), entry.get("lon")
    if lat is None and lon is None:
        return
    if not isinstance(lat, int | float) or not isinstance(lon, int | float) or abs(lat) > 90 or abs(lon) > 180:
        report.error(entry, f"lat {lat!r}, lon {lon!r} are no coordinates", key="lat")
        return
    country = entry.get("country")
    box = boxes.get(country) if isinstance(country, str) else None
    if box:
        inside = any(south <= lat <= north and west <= lon <= east for south, west, north, east in box)
        if not inside:
            report.error(entry, f"{lat}, {lon} lies outside {country}", key="lat")
    elif isinstance(country, str) and country in centres:
        centre = centres[country]
        far = _distance(lat, lon, centre.get("lat"), centre.get("lon"))
        if far > _FAR_KM:
            report.error(entry, f"{lat}, {lon} lies {far:,.0f} km from the middle of {country}", key="lat")


def _distance(lat: float, lon: float, lat2: float, lon2: float) -> float:
    """Great-circle distance in km (haversine)."""
    a, b = math.radians(lat), math.radians(lat2)
    h = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(lon2 - lon) / 2) ** 2
    return 12742 * math.asin(math.sqrt(h))


def check_organizations(report: Report, organizations: Sequence[Entry], *, states: set[str], places: set[str]) -> None:
    """Every organisation; then names and ids against each other."""
    for entry in organizations:
        check_keys(report, entry, required={"name", "name_ar", "kind"}, optional={"id", "country", "acts_for", "aliases"})
        check_text(report, entry, "name", arabic=False)
        check_text(report, entry, "name_ar", arabic=True)
        check_id(report, entry)
        check_choice(report, entry, "kind", ORGANIZATION_KINDS)
        if entry.get("country") is not None:
            check_choice(report, entry, "country", states | TERRITORIES)
        check_words(report, entry, "aliases")
        if entry.get("acts_for") is not None and not _among(entry.get("acts_for"), places):
            report.error(entry, f"acts_for {entry.get('acts_for')!r} is no place", key="acts_for")
    unique(report, organizations, "name")
    unique(report, organizations, "id")
    collisions(report, organizations, lambda entry: [n for n in [entry.get("name_ar"), *entry.words("aliases")] if isinstance(n, str)])
