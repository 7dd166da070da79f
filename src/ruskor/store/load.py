"""A store as the input of the other commands: what `run_paths` gives for paths."""

from __future__ import annotations

import sqlite3
from collections import defaultdict

from ruskor.corpus import CorpusEvent
from ruskor.readers import Failure
from ruskor.rows import order
from ruskor.run import Run
from ruskor.store.codec import loads
from ruskor.store.records import stored_annotations


def load_events(conn: sqlite3.Connection) -> list[CorpusEvent]:
    """All rows of the event table, in its order, with the ids that they bore before."""
    aliases: dict[int, list[str]] = defaultdict(list)
    for alias, event in conn.execute("SELECT alias, event FROM alias ORDER BY alias"):
        aliases[event].append(alias)
    events = []
    for event, event_id, part_of, title, title_ar, known, data in conn.execute(
        "SELECT id, event_id, part_of, title, title_ar, CASE WHEN named THEN known END, data FROM event WHERE gone_run IS NULL"
    ):
        names = {"title_en": title or "", "title_ar": title_ar or "", "known_event": known}
        events.append(loads(CorpusEvent, data, event_id=event_id, part_of=part_of, aliases=aliases.get(event, []), **names))
    return sorted(events, key=order)


def count_articles(conn: sqlite3.Connection) -> int:
    """How many articles the store holds."""
    return int(conn.execute("SELECT count(*) FROM article").fetchone()[0])


def load_failures(conn: sqlite3.Connection) -> list[Failure]:
    """Files that could not be read when they were last seen."""
    rows = conn.execute("SELECT path, failure FROM file WHERE failure IS NOT NULL AND vanished_run IS NULL ORDER BY path").fetchall()
    return [Failure(path, path, " ".join(reason.split())) for path, reason in rows]


def load_run(conn: sqlite3.Connection) -> Run:
    """Annotations and events of the whole store."""
    return Run(list(stored_annotations(conn)), [], load_events(conn))


def rows_of_mentions(conn: sqlite3.Connection, article: str) -> dict[str, str]:
    """For the events of an article the ids of their rows."""
    return dict(
        conn.execute(
            """SELECT mention.event, event.event_id FROM mention JOIN article ON article.id = mention.article
               JOIN event ON event.id = mention.row WHERE article.name = ?""",
            (article,),
        )
    )
