"""The tellings and rows of a store as `ruskor.remerge` asks for them: found by what they share, read when they are needed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ruskor.merge import Telling, part_keys
from ruskor.remerge import Change, Days, Part, extent, level
from ruskor.store.records import clean, read_telling

Key = tuple[str, str]  # article's name, event's number in it


@dataclass(slots=True)
class Board:
    """The mentions of a merge by their keys."""

    digests: dict[Key, str] = field(default_factory=dict)
    articles: dict[str, int] = field(default_factory=dict)
    marks: dict[Key, str] = field(default_factory=dict)
    rows: dict[Key, int | None] = field(default_factory=dict)

    def note(self, key: Key, article: int, digest: str, mark: str, row: int | None) -> None:
        """Take down one mention."""
        self.digests[key], self.articles[key[0]], self.marks[key], self.rows[key] = digest, article, mark, row


def _text(key: Sequence[str]) -> str:
    return clean("|".join(key))


def add_meetings(conn: sqlite3.Connection, articles: Mapping[str, int], tellings: Iterable[Telling]) -> None:
    """Take down by what tellings meet others; `articles` are the ids of their articles."""
    conn.executemany(
        "INSERT OR IGNORE INTO meeting (key, level, first, last, article, event) VALUES (?, ?, ?, ?, ?, ?)",
        ((_text(key), level(t), *extent(t), articles[t.article], t.event) for t in tellings for key in part_keys(t)),
    )


class StoredRows:
    """What `remerge` is told of a store in which some articles wait to be merged."""

    def __init__(self, conn: sqlite3.Connection, waiting: Iterable[int]) -> None:
        self.conn = conn
        self.board = Board()
        self.found: dict[tuple[int, str], Telling] = {}
        self.homes: dict[Telling, int | None] = {}
        self.lost: dict[int, list[Telling]] = {}  # row → tellings that are no more
        self.parts: dict[int, Part] = {}
        before = self._before()
        now: list[Telling] = []
        for article in sorted(waiting):
            conn.execute("DELETE FROM meeting WHERE article = ?", (article,))
            for (event,) in conn.execute("SELECT event FROM mention WHERE article = ?", (article,)).fetchall():
                now.append(self.telling(article, event))
        add_meetings(conn, self.board.articles, now)
        # What was written anew without a difference for merging belongs to the row to which it belonged.
        self.added = [t for t in now if t not in before]
        self.removed = [t for t in before if t not in set(now)]
        self.homes |= before | dict.fromkeys(self.added)
        for t in self.removed:
            self.lost.setdefault(before[t], []).append(t)
        self.kept: dict[int, list[Telling]] = {}
        for t in before.keys() & set(now):
            self.kept.setdefault(before[t], []).append(t)
        self.new = set(now)

    def _before(self) -> dict[Telling, int]:
        """The mentions of the waiting articles as they were merged, and their rows."""
        return {
            read_telling(name, event, told, copy_of): row
            for name, event, told, copy_of, row in self.conn.execute(
                """SELECT unmerged.name, event, telling, article.copy_of, row
                   FROM unmerged LEFT JOIN article ON article.id = unmerged.article WHERE row IS NOT NULL"""
            )
        }

    def telling(self, article: int, event: str) -> Telling:
        """One mention, read once."""
        found = self.found.get((article, event))
        if found is None:
            name, copy_of, told, digest, mark, row = self.conn.execute(
                """SELECT article.name, article.copy_of, telling, digest, mark, row
                   FROM mention JOIN article ON article.id = mention.article WHERE mention.article = ? AND event = ?""",
                (article, event),
            ).fetchone()
            self.board.note((name, event), article, digest, mark, row)
            found = self.found[article, event] = read_telling(name, event, told, copy_of)
            self.homes.setdefault(found, row)
        return found

    def near(self, key: tuple[str, ...], at: int, days: Days) -> Iterator[Telling]:
        """The present tellings with a key, of one level, whose extent has one of the days."""
        for article, event in self.conn.execute(
            "SELECT article, event FROM meeting WHERE key = ? AND level = ? AND first <= ? AND last >= ?",
            (_text(key), at, days[1], days[0]),
        ):
            yield self.telling(article, event)

    def row(self, t: Telling) -> int | None:
        """The row in which an unchanged or removed telling was; null for an added one."""
        return self.homes[t]

    def members(self, row: int) -> Part:
        """What was in a row, with what has been removed since."""
        found = self.parts.get(row)
        if found is None:
            told = [self.telling(*key) for key in self.conn.execute("SELECT article, event FROM mention WHERE row = ?", (row,)).fetchall()]
            present = [t for t in told if t not in self.new]
            found = self.parts[row] = frozenset((*present, *self.lost.get(row, ()), *self.kept.get(row, ())))
        return found

    def with_leaders(self, change: Change, articles: Iterable[int]) -> tuple[set[int], set[Part]]:
        """(rows that are no more, sets that are rows now): also those whose articles are copies of another one than before."""
        gone, came = set(change.gone), set(change.came)
        rows = {row for article in articles for (row,) in self.conn.execute("SELECT row FROM mention WHERE article = ?", (article,))}
        rows |= self.lost.keys() | self.kept.keys()
        for row in rows - gone:
            gone.add(row)
            came.add(self.members(row))
        return gone, came
