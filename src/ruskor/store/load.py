"""A store as the input of the other commands: what `run_paths` gives for paths."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from ruskor.annotation import Annotation
from ruskor.corpus import CorpusEvent
from ruskor.errors import RuskorError
from ruskor.readers import Failure
from ruskor.rows import order
from ruskor.run import Run
from ruskor.store.codec import loads
from ruskor.store.db import connect, in_words
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


def stored_failures(path: str) -> list[Failure]:
    """Files of a store that could not be read when they were last seen."""
    conn = connect(path)
    try:
        with in_words(path):
            return load_failures(conn)
    finally:
        conn.close()


def load_failures(conn: sqlite3.Connection) -> list[Failure]:
    """Files that could not be read when they were last seen."""
    rows = conn.execute("SELECT path, failure FROM file WHERE failure IS NOT NULL AND vanished_run IS NULL ORDER BY path").fetchall()
    return [Failure(path, path, " ".join(reason.split())) for path, reason in rows]


class _Later(list[Annotation]):
    """The annotations of a store, read when somebody looks at one: the event table alone needs none."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path: str | None = path

    def _fill(self) -> None:
        if self.path is not None:
            path, self.path = self.path, None
            self.extend(stream_store(path))

    def __iter__(self) -> Iterator[Annotation]:
        self._fill()
        return super().__iter__()

    def __len__(self) -> int:
        self._fill()
        return super().__len__()

    def __getitem__(self, key: Any) -> Any:
        self._fill()
        return super().__getitem__(key)


def stream_store(path: str) -> Iterator[Annotation]:
    """The annotations of a store, one after the other."""
    conn = connect(path)
    try:
        with in_words(path):
            yield from stored_annotations(conn)
    finally:
        conn.close()


def load_job(path: str, *, topic: str) -> tuple[Run, int]:
    """(what a store holds, the number of its articles), for the commands that otherwise read paths.

    Raises RuskorError where there is no store, or one of another topic.
    """
    conn = connect(path)
    try:
        with in_words(path):
            kept = conn.execute("SELECT value FROM meta WHERE key = 'topic'").fetchone()
            if kept and kept[0] != topic:
                raise RuskorError(f"{path}: the store's topic is {kept[0]}, not {topic}", hint=f"add --topic {kept[0]}")
            return Run(_Later(path), load_failures(conn), load_events(conn)), count_articles(conn)
    finally:
        conn.close()


def rows_by_article(path: str) -> dict[str, dict[str, str]]:
    """For each article the ids of the rows that its events are in."""
    conn = connect(path)
    try:
        rows: dict[str, dict[str, str]] = defaultdict(dict)
        with in_words(path):
            for article, event, row in conn.execute("SELECT article, event, event_id FROM mentions"):
                rows[article][event] = row
        return rows
    finally:
        conn.close()
