"""The event table in the 61 columns of GDELT 2.0 events: one row a direction; what ruskor does not know stays empty (docs/codes.md)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from ruskor.annotation import Annotation
from ruskor.corpus import CorpusEvent
from ruskor.directions import Direction, articles_of, directions, first_source, geonames, interchange, place_of, sector_of
from ruskor.gazetteer import Gazetteer, Place
from ruskor.model import Article, Interval, Participant

_ACTOR = (
    "Code", "Name", "CountryCode", "KnownGroupCode", "EthnicCode", "Religion1Code", "Religion2Code", "Type1Code", "Type2Code", "Type3Code",
)  # fmt: skip
_GEO = ("Type", "FullName", "CountryCode", "ADM1Code", "ADM2Code", "Lat", "Long", "FeatureID")
# The order of the GDELT 2.0 event codebook.
COLUMNS = (
    "GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate",
    *[f"Actor{n}{name}" for n in (1, 2) for name in _ACTOR],
    "IsRootEvent", "EventCode", "EventBaseCode", "EventRootCode", "QuadClass", "GoldsteinScale", "NumMentions", "NumSources", "NumArticles",
    "AvgTone",
    *[f"{who}Geo_{name}" for who in ("Actor1", "Actor2", "Action") for name in _GEO],
    "DATEADDED", "SOURCEURL",
)  # fmt: skip
Row = dict[str, object]
# 1 country, 4 city of the world, 5 state or province of the world; what lies in the United States is 2 and 3.
_GEO_TYPES = {"country": 1, "region": 5}
_GEO_TYPES_USA = {"country": 1, "region": 2}


def gdelt_rows(events: Iterable[CorpusEvent], annotations: Iterable[Annotation], gazetteer: Gazetteer) -> list[Row]:
    """The rows, in the events' order."""
    articles = articles_of(annotations)
    return [_row(d, articles, gazetteer) for d in directions(events, gazetteer)]


def number_of(event_id: str, direction: int) -> int:
    """A GLOBALEVENTID of at most fifteen digits, the same on every run; it is ruskor's own and none of GDELT's."""
    return int(hashlib.sha256(f"{event_id}:{direction}".encode()).hexdigest(), 16) % 10**15


def _dates(days: Interval | None) -> Row:
    """Only as much of a date as is known: a month has no SQLDATE."""
    if days is None or days.precision == "multi-year":
        return {}
    row: Row = {"Year": days.start.year}
    if days.precision in ("day", "week", "month"):
        row["MonthYear"] = f"{days.start:%Y%m}"
    if days.precision == "day":
        row["SQLDATE"] = f"{days.start:%Y%m%d}"
        # The codebook's formula: months of thirty days.
        row["FractionDate"] = round(days.start.year + (days.start.month * 30 + days.start.day) / 365, 4)
    return row


def _country(code: str | None) -> str | None:
    table = interchange()["cameo_country"]
    found: str | None = table.get(code, code)
    return found


def _actor(n: int, parties: Sequence[Participant], when: Interval | None, gazetteer: Gazetteer) -> Row:
    if not parties:
        return {}
    country = _country(next((p.country for p in parties if p.country), None))
    sector = sector_of(parties[0], when, gazetteer)
    # A state by itself is its bare country code, as in CAMEO.
    role = sector if parties[0].kind != "state" else None
    return {
        f"Actor{n}Code": f"{country or ''}{role or ''}" or None,
        f"Actor{n}Name": parties[0].name.upper(),
        f"Actor{n}CountryCode": country,
        f"Actor{n}Type1Code": role,
    }


def _geography(place: Place | None) -> Row:
    if place is None:
        return {}
    types = _GEO_TYPES_USA if place.country == "USA" else _GEO_TYPES
    kind = types.get(place.kind, 3 if place.country == "USA" else 4)
    return {
        "ActionGeo_Type": kind,
        "ActionGeo_FullName": place.name,
        "ActionGeo_CountryCode": interchange()["fips"].get(place.country),
        "ActionGeo_Lat": place.lat,
        "ActionGeo_Long": place.lon,
        "ActionGeo_FeatureID": interchange()["fips"].get(place.country) if place.kind == "country" else geonames().get(place.name),
    }


def _quad(code: str) -> int:
    root = int(code[:2])
    return 1 if root <= 5 else 2 if root <= 8 else 3 if root <= 13 else 4


def _row(d: Direction, articles: dict[str, Article], gazetteer: Gazetteer) -> Row:
    event = d.event
    source = first_source(event, articles)
    row: Row = dict.fromkeys(COLUMNS)
    row["GLOBALEVENTID"] = number_of(event.event_id, d.number)
    row |= _dates(event.date)
    row |= _actor(1, d.actor, event.date, gazetteer) | _actor(2, d.recipient, event.date, gazetteer)
    if d.cameo:
        row |= {
            "EventCode": d.cameo,
            "EventBaseCode": d.cameo[:3],
            "EventRootCode": d.cameo[:2],
            "QuadClass": _quad(d.cameo),
            "GoldsteinScale": interchange()["goldstein"].get(d.cameo),
        }
    outlets = {articles[name].outlet for name in event.articles if name in articles}
    row |= {
        "NumMentions": sum(len(w.evidence) for w in event.witnesses),
        "NumSources": None if not outlets or None in outlets else len(outlets),
        "NumArticles": event.n_articles,
        "DATEADDED": f"{event.first_reported:%Y%m%d}000000" if event.first_reported and _to_the_day(event) else None,
        "SOURCEURL": (source.url or source.article) if source else (event.articles[0] if event.articles else None),
    }
    return row | _geography(place_of(event, gazetteer))


def _to_the_day(event: CorpusEvent) -> bool:
    first = event.ordered_witnesses()[0].published
    return first is not None and first.start == first.end
