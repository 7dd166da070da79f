"""Rows of the event table and of the tables beside it: plain values, in the contract's columns; pandas frames of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from ruskor.annotation import Annotation
from ruskor.copies import near_copies
from ruskor.corpus import CorpusEvent
from ruskor.readers import Failure

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, Any]

# Column → kind; "list" is joined by "; " where a format has no lists.
EVENT_COLUMNS: dict[str, str] = {
    "event_id": "str", "date_start": "str", "date_end": "str", "date_precision": "str", "type": "str", "cameo": "str", "plover": "str",
    "status": "str", "core": "bool", "title": "str", "people": "list", "people_ids": "list", "actors": "list", "place": "str",
    "place_id": "str", "country": "str", "latitude": "float", "longitude": "float", "confidence": "float", "n_articles": "int",
    "articles": "list", "first_reported": "str", "last_reported": "str", "disagreements": "list", "evidence": "str",
}  # fmt: skip
# What JSON and Parquet have beside the columns.
EVENT_EXTRA: dict[str, str] = {"part_of": "str", "history": "json", "mentions": "json", "corrections": "json"}
ARTICLE_COLUMNS: dict[str, str] = {
    "article": "str", "published_start": "str", "published_end": "str", "published_precision": "str", "source": "str",
    "published_confidence": "float", "relevance": "float", "n_events": "int", "n_people": "int", "n_places": "int", "copy_of": "str",
    "title": "str", "outlet": "str", "url": "str", "path": "str", "error": "str",
}  # fmt: skip
PEOPLE_COLUMNS: dict[str, str] = {
    "name": "str", "name_ar": "str", "id": "str", "country": "str", "n_mentions": "int", "n_articles": "int", "n_events": "int",
    "articles": "list",
}  # fmt: skip
PLACE_COLUMNS: dict[str, str] = {
    "name": "str", "name_ar": "str", "id": "str", "country": "str", "kind": "str", "n_mentions": "int", "n_location": "int",
    "n_actor": "int", "n_attributive": "int", "n_articles": "int", "n_events": "int", "articles": "list",
}  # fmt: skip
DATE_COLUMNS: dict[str, str] = {
    "article": "str",
    "text": "str",
    "start": "str",
    "end": "str",
    "precision": "str",
    "span_start": "int",
    "span_end": "int",
}


def event_row(event: CorpusEvent, *, lang: str = "en") -> Row:
    """One row of the event table, lists as lists, with `part_of`, `history` and `mentions` at its end."""
    date, place = event.date, event.places[0] if event.places else None
    title = event.title_ar if lang == "ar" else event.title_en
    return {
        "event_id": event.event_id,
        "date_start": date.start.isoformat() if date else None,
        "date_end": date.end.isoformat() if date and date.end else None,
        "date_precision": date.precision if date else None,
        "type": event.type,
        "cameo": event.cameo,
        "plover": event.plover,
        "status": event.status,
        "core": event.core,
        "title": title or None,
        "people": [p.name for p in event.people],
        "people_ids": [p.id for p in event.people],
        "actors": [p.name for p in event.actors],
        "place": place.name if place else None,
        "place_id": place.id if place else None,
        "country": event.country,
        "latitude": event.latitude,
        "longitude": event.longitude,
        "confidence": round(event.confidence, 2),
        "n_articles": event.n_articles,
        "articles": event.articles,
        "first_reported": event.first_reported.isoformat() if event.first_reported else None,
        "last_reported": event.last_reported.isoformat() if event.last_reported else None,
        "disagreements": [d.text for d in event.disagreements],
        "evidence": event.evidence.text if event.evidence else None,
        "part_of": event.part_of,
        "history": event.history(),
        "mentions": [w.to_json() for w in event.ordered_witnesses()],
        "corrections": event.corrections,
    }


def event_rows(events: Iterable[CorpusEvent], *, lang: str = "en") -> list[Row]:
    """The rows of the event table in the given order."""
    return [event_row(event, lang=lang) for event in events]


def article_row(annotation: Annotation, *, copy_of: str | None = None) -> Row:
    """One article that was read; `copy_of` is the article that it is a near copy of."""
    published = annotation.published
    value = published.value
    return {
        "article": annotation.article.article,
        "published_start": value.start.isoformat() if value else None,
        "published_end": value.end.isoformat() if value and value.end else None,
        "published_precision": value.precision if value else None,
        "source": published.source,
        "published_confidence": round(published.confidence, 2),
        "relevance": round(annotation.relevance, 2),
        "n_events": len(annotation.events),
        "n_people": len({p.name for p in annotation.people}),
        "n_places": len({p.name for p in annotation.places}),
        "copy_of": copy_of,
        "title": annotation.title,
        "outlet": annotation.article.outlet,
        "url": annotation.article.url,
        "path": annotation.article.path,
        "error": None,
    }


def article_rows(annotations: Iterable[Annotation]) -> list[Row]:
    """One row an article, with the near copies among them."""
    found = list(annotations)
    copies = near_copies({a.article.article: (a.sketch, a.published.value.start if a.published.value else None) for a in found})
    return [article_row(a, copy_of=copies.get(a.article.article)) for a in found]


def failure_row(failure: Failure) -> Row:
    """One article that could not be read, with the reason."""
    return dict.fromkeys(ARTICLE_COLUMNS, None) | {"article": failure.article, "path": failure.path, "error": failure.reason}


def date_rows(annotations: Iterable[Annotation]) -> list[Row]:
    """Every date expression of every article."""
    return [
        {"article": a.article.article, "text": d.text}
        | (d.value.to_json() if d.value else {"start": None, "end": None, "precision": None})
        | {"span_start": d.span[0], "span_end": d.span[1]}
        for a in annotations
        for d in a.dates
    ]


def people_rows(annotations: Iterable[Annotation], events: Sequence[CorpusEvent]) -> list[Row]:
    """One row a person, most mentioned first; `events` are those to count."""
    rows: dict[tuple[str, str | None], Row] = {}
    for annotation in annotations:
        for p in annotation.people:
            row = rows.setdefault(
                (p.name, p.id), {"name": p.name, "name_ar": p.name_ar, "id": p.id, "country": p.country, "n_mentions": 0, "articles": {}}
            )
            row["n_mentions"] += 1
            row["articles"][annotation.article.article] = None
    taking_part = _count(name for event in events for name in {p.name for p in event.people})
    return _finish(rows.values(), PEOPLE_COLUMNS, taking_part)


def place_rows(annotations: Iterable[Annotation], events: Sequence[CorpusEvent]) -> list[Row]:
    """One row a place, most mentioned first, with the counts of its roles; `events` are those to count."""
    rows: dict[tuple[str, str | None], Row] = {}
    for annotation in annotations:
        for p in annotation.places:
            row = rows.setdefault(
                (p.name, p.id),
                {"name": p.name, "name_ar": p.name_ar, "id": p.id, "country": p.country, "kind": p.kind, "n_mentions": 0, "articles": {}}
                | {"n_location": 0, "n_actor": 0, "n_attributive": 0},
            )
            row["n_mentions"] += 1
            row[f"n_{p.role}"] += 1
            row["articles"][annotation.article.article] = None
    happening = _count(name for event in events for name in {p.name for p in event.places})
    return _finish(rows.values(), PLACE_COLUMNS, happening)


def _count(names: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    return counts


def _finish(rows: Iterable[Row], columns: dict[str, str], events: dict[str, int]) -> list[Row]:
    done = []
    for row in rows:
        full = row | {"articles": list(row["articles"]), "n_articles": len(row["articles"]), "n_events": events.get(row["name"], 0)}
        done.append({column: full[column] for column in columns})
    return sorted(done, key=lambda row: (-row["n_mentions"], row["name"], row["id"] or ""))


def frame(rows: Sequence[Row], columns: dict[str, str]) -> pd.DataFrame:
    """A DataFrame with exactly these columns and their types, also where there is no row."""
    import pandas as pd

    # A column of counts stays whole where rows of failed articles have none.
    types = {"str": "str", "bool": "bool", "float": "float64", "int": "int64", "list": "object", "json": "object"}
    data: dict[str, pd.Series[Any]] = {}
    for column, kind in columns.items():
        values = [row[column] for row in rows]
        dtype = "Int64" if kind == "int" and None in values else types[kind]
        data[column] = pd.Series(values, dtype=dtype)
    return pd.DataFrame(data, columns=list(columns))
