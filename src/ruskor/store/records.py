"""Articles and their annotations as rows of the store, and back."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from array import array
from collections.abc import Iterable, Iterator

from ruskor.annotation import Annotation
from ruskor.merge import Telling, telling
from ruskor.model import Article, Event
from ruskor.store.codec import dumps, loads, plain
from ruskor.withhold import mask, withheld_spans

# Fills withheld lines: it keeps them what they are for the analysis, and has no letter in it.
FILLER = "/"
_BANDS = 32


def content_hash(article: Article) -> str:
    """What an article is known by: its text and all that was read beside it, but neither its name nor its path."""
    beside = {key: value for key, value in plain(article).items() if key not in {"article", "path", "text"} and value is not None}
    total = hashlib.sha256(json.dumps(beside, ensure_ascii=False, sort_keys=True).encode("utf-8", "backslashreplace"))
    total.update(b"\0" + article.text.encode("utf-8", "backslashreplace"))
    return total.hexdigest()


def clean(text: str) -> str:
    """A text as SQLite can keep it: lone surrogates become U+FFFD, NUL stays out."""
    if "\0" in text:
        text = text.replace("\0", "\ufffd")
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)
    return text


def pack(sketch: Iterable[int]) -> bytes:
    """A MinHash as bytes."""
    return array("Q", sketch).tobytes()


def unpack(blob: bytes) -> tuple[int, ...]:
    """A MinHash from its bytes."""
    values = array("Q")
    values.frombytes(blob)
    return tuple(values)


def bands(sketch: tuple[int, ...]) -> list[bytes]:
    """The keys under which near copies meet (the same bands as `ruskor.copies` uses)."""
    rows = len(sketch) // _BANDS
    return [
        hashlib.blake2b(bytes([band]) + pack(sketch[band * rows : (band + 1) * rows]), digest_size=8).digest()
        for band in range(_BANDS if sketch else 0)
    ]


def mark_of(event: Event) -> str:
    """What a mention is known by when its article is analysed again: its type and first evidence, whatever its number."""
    first = event.evidence[0].text[:120] if event.evidence else ""
    return hashlib.blake2b(f"{event.type}|{first}".encode("utf-8", "backslashreplace"), digest_size=8).hexdigest()


def insert_mentions(conn: sqlite3.Connection, article: int, annotation: Annotation) -> None:
    """The events of an article, ready for merging."""
    rows = []
    for event in annotation.events:
        told = telling("", event, annotation.published.value)
        reduced, whole = dumps(told, without=("article", "event", "copy_of", "people", "group", "told", "future")), dumps(event)
        date, parent = event.date, event.part_of
        rows.append(
            (
                article, event.event_id, event.type, event.status, date and date.start.isoformat(),
                date.end.isoformat() if date and date.end else None, date and date.precision,
                clean(event.evidence[0].text) if event.evidence else None, parent, mark_of(event), clean(reduced), clean(whole),
                hashlib.blake2b(f"{reduced}|{whole}".encode("utf-8", "backslashreplace"), digest_size=12).hexdigest(),
            )
        )  # fmt: skip
    conn.executemany(
        "INSERT INTO mention (article, event, type, status, date_start, date_end, date_precision, evidence, parent, mark, telling, data,"
        " digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )


def annotation_values(annotation: Annotation) -> dict[str, object]:
    """The columns of `article` that the analysis fills."""
    article, published = annotation.article, annotation.published
    day = published.value
    bare = Article(**{name: getattr(article, name) for name in Article.__slots__} | {"text": ""})
    fields = {name: getattr(annotation, name) for name in Annotation.__slots__}
    whole = Annotation(**fields | {"article": bare, "events": [], "document": None})
    return {
        "title": clean(annotation.title) if annotation.title else None,
        "outlet": article.outlet and clean(article.outlet),
        "url": article.url and clean(article.url),
        "published_start": day.start.isoformat() if day else None,
        "published_end": day.end.isoformat() if day and day.end else None,
        "published_precision": day.precision if day else None,
        "published_source": published.source,
        "published_confidence": round(published.confidence, 2),
        "relevance": round(annotation.relevance, 4),
        "text": clean(mask(article.text, withheld_spans(annotation), filler=FILLER)),
        "annotation": clean(dumps(whole, without=("events", "sketch", "document"))),
        "sketch": pack(annotation.sketch),
    }


def read_telling(name: str, event: str, text: str, copy_of: str | None) -> Telling:
    """What merging looks at, from the column `telling`."""
    return loads(Telling, text, article=name, event=event, copy_of=copy_of)


def stored_article(row: sqlite3.Row) -> Article:
    """The article as it was read, from a row of `article`."""
    return _annotation(row).article


def _annotation(row: sqlite3.Row) -> Annotation:
    annotation = loads(Annotation, row["annotation"], sketch=unpack(row["sketch"]))
    annotation.article.article, annotation.article.path = row["name"], row["path"]
    annotation.article.text = row["text"]
    return annotation


def stored_annotations(conn: sqlite3.Connection) -> Iterator[Annotation]:
    """The annotations in the order of the articles' names."""
    select = "SELECT id, name, path, text, annotation, sketch FROM article"
    for row in _rows(conn, f"{select} ORDER BY name"):
        annotation = _annotation(row)
        found = conn.execute("SELECT data FROM mention WHERE article = ? ORDER BY CAST(substr(event, 2) AS INTEGER), event", (row["id"],))
        annotation.events = [loads(Event, data) for (data,) in found]
        yield annotation


def _rows(conn: sqlite3.Connection, query: str) -> sqlite3.Cursor:
    cursor = conn.cursor()
    cursor.row_factory = sqlite3.Row
    return cursor.execute(query)
