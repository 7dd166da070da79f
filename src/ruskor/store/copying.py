"""Near copies kept up to date: what `copies.near_copies` finds for all articles, found for the touched ones alone.

There, an article's leader is the earliest article that it resembles, or that one's leader. So it is enough to keep for each
article the first one it resembles (`copy_first`) and to follow these.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from ruskor.copies import _ALIKE, likeness
from ruskor.store.records import bands, unpack

_LAST = "9999-12-31"
Rank = tuple[str, str]


class _Sketches:
    """The sketches and ranks of articles, each read once."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self.conn = conn
        self.known: dict[int, tuple[Rank, tuple[int, ...]]] = {}

    def get(self, article: int) -> tuple[Rank, tuple[int, ...]]:
        if article not in self.known:
            day, name, blob = self.conn.execute("SELECT published_start, name, sketch FROM article WHERE id = ?", (article,)).fetchone()
            self.known[article] = ((day or _LAST, name), unpack(blob))
        return self.known[article]

    def alike(self, article: int) -> list[tuple[Rank, int]]:
        """The articles that resemble this one, by rank."""
        _, sketch = self.get(article)
        keys = bands(sketch)
        marks = ", ".join("?" * len(keys))
        found = self.conn.execute(f"SELECT DISTINCT article FROM band WHERE key IN ({marks}) AND article <> ?", (*keys, article))  # noqa: S608
        return sorted((self.get(other)[0], other) for (other,) in found.fetchall() if likeness(sketch, self.get(other)[1]) >= _ALIKE)


def update_copies(conn: sqlite3.Connection, touched: Iterable[int]) -> set[int]:
    """Bring `copy_of` up to date after the touched articles were added, changed or removed.

    Returns the articles whose leader changed, the touched ones aside.
    """
    touched = set(touched)
    sketches = _Sketches(conn)
    again = set(touched)
    for article in touched:
        again.update(row[0] for row in conn.execute("SELECT id FROM article WHERE copy_first = ?", (article,)))
    live = {article for article in again if conn.execute("SELECT 1 FROM article WHERE id = ?", (article,)).fetchone()}
    before = {
        row[0]: row[1:] for article in live for row in conn.execute("SELECT id, copy_first, copy_of FROM article WHERE id = ?", (article,))
    }
    moved = set(live)
    for article in sorted(live):
        near = sketches.alike(article)
        rank = sketches.get(article)[0]
        first = near[0][1] if near and near[0][0] < rank else None
        if first != before[article][0]:
            conn.execute("UPDATE article SET copy_first = ? WHERE id = ?", (first, article))
        if article not in touched:
            continue
        for other_rank, other in near:
            if other_rank < rank or other in live:
                continue
            present = conn.execute("SELECT copy_first FROM article WHERE id = ?", (other,)).fetchone()[0]
            if present is None or rank < sketches.get(present)[0]:
                conn.execute("UPDATE article SET copy_first = ? WHERE id = ?", (article, other))
                moved.add(other)
    return _follow(conn, moved) - touched


def _follow(conn: sqlite3.Connection, moved: set[int]) -> set[int]:
    """Give each moved article and all that follow it the name at the end of its chain; those whose leader is another now."""
    changed = set()
    waiting, seen = list(moved), set(moved)
    while waiting:
        article = waiting.pop()
        old, leader = conn.execute("SELECT copy_of, copy_first FROM article WHERE id = ?", (article,)).fetchone()
        name = None
        while leader is not None:
            name, leader = conn.execute("SELECT name, copy_first FROM article WHERE id = ?", (leader,)).fetchone()
        if name != old:
            conn.execute("UPDATE article SET copy_of = ? WHERE id = ?", (name, article))
            changed.add(article)
        for (follower,) in conn.execute("SELECT id FROM article WHERE copy_first = ?", (article,)).fetchall():
            if follower not in seen:
                seen.add(follower)
                waiting.append(follower)
    return changed
