"""The event table of a store after a run: the same rows as a fresh `extract` of everything, with the ids that were given before."""

from __future__ import annotations

import gc
import hashlib
import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ruskor.corpus import CorpusEvent
from ruskor.gazetteer import Gazetteer
from ruskor.knowntitles import name_known
from ruskor.merge import Cluster, Telling, merge, merge_row, votes
from ruskor.model import Event
from ruskor.remerge import remerge
from ruskor.rows import give_ids, make_row
from ruskor.store.codec import dumps, loads
from ruskor.store.copying import update_copies
from ruskor.store.known import Board, StoredRows, add_meetings
from ruskor.store.records import clean, read_telling
from ruskor.table import event_row

# The contract's columns, each a column of `event`.
_FROM_TABLE = (
    "event_id", "date_start", "date_end", "date_precision", "type", "cameo", "plover", "status", "title", "people", "people_ids",
    "actors", "place", "place_id", "country", "latitude", "longitude", "confidence", "n_articles", "articles", "first_reported",
    "last_reported", "disagreements", "evidence",
)  # fmt: skip

# Where more than one article in so many waits, all is merged.
_WHOLE_FROM = 8


@dataclass(slots=True)
class Merged:
    """What a merge did to the event table."""

    new: int = 0
    changed: int = 0
    gone: int = 0
    joined: int = 0
    rows: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """The run that merges."""

    number: int
    analysis: str
    topic: str


def merge_store(conn: sqlite3.Connection, gazetteer: Gazetteer, run: Run, *, whole: bool = False) -> Merged | None:
    """Merge what waits for it, within the transaction that the caller holds; null where nothing waits.

    Only the rows that the waiting articles can touch are made anew (`ruskor.remerge`), or with `whole`, or where much of the
    store waits, all of them: the result is the same.
    """
    waiting = {row[0] for row in conn.execute("SELECT DISTINCT article FROM unmerged")}
    if not waiting:
        return None
    leaders = update_copies(conn, waiting)
    collecting = gc.isenabled()
    # Nothing here is garbage before the end, and looking for it would take half the time.
    gc.disable()
    try:
        if whole or _much(conn, waiting, run):
            board, tellings = _load(conn)
            old = {event for (event,) in conn.execute("SELECT id FROM event WHERE gone_run IS NULL")}
            conn.execute("DELETE FROM meeting")
            add_meetings(conn, board.articles, tellings)
            clusters = merge(tellings, gazetteer)
        else:
            known = StoredRows(conn, waiting)
            change = remerge(known, known.added, known.removed, gazetteer)
            old, parts = known.with_leaders(change, leaders)
            board = known.board
            clusters = sorted((merge_row(part, gazetteer) for part in parts), key=lambda c: c.key)
        merged = _write(conn, board, (old, clusters), gazetteer, run)
    finally:
        if collecting:
            gc.enable()
    conn.execute("DELETE FROM unmerged")
    conn.execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('merged_by', ?)", (merger(run.analysis),))
    return merged


def merger(analysis: str) -> str:
    """The part of an analysis key on which merging depends, too."""
    return " ".join(part for part in analysis.split(" ") if part.startswith(("version=", "code=", "data=", "gazetteer=")))


def _much(conn: sqlite3.Connection, waiting: set[int], run: Run) -> bool:
    """Whether all is to be merged: rows that other code made, or more to be compared than left alone."""
    by = conn.execute("SELECT value FROM meta WHERE key = 'merged_by'").fetchone()
    (lost,) = conn.execute("SELECT EXISTS (SELECT 1 FROM unmerged WHERE row IS NOT NULL AND telling IS NULL)").fetchone()
    (articles,) = conn.execute("SELECT count(*) FROM article").fetchone()
    return by is None or by[0] != merger(run.analysis) or bool(lost) or len(waiting) * _WHOLE_FROM > articles


def _load(conn: sqlite3.Connection) -> tuple[Board, list[Telling]]:
    """All mentions of the store."""
    board, tellings = Board(), []
    for name, article, copy_of, event, told, digest, mark, row in conn.execute(
        """SELECT article.name, article.id, article.copy_of, mention.event, mention.telling, mention.digest, mention.mark, mention.row
           FROM mention JOIN article ON article.id = mention.article"""
    ):
        board.note((name, event), article, digest, mark, row)
        tellings.append(read_telling(name, event, told, copy_of))
    return board, tellings


def _signature(board: Board, cluster: Cluster, analysis: str) -> str:
    """A hash of all that a row is made of: rows of the same signature are the same."""
    parts = [[*t.key, board.digests[t.key], t.copy_of] for t in cluster.tellings]
    whole = json.dumps([analysis, parts, cluster.why], ensure_ascii=False)
    return hashlib.sha256(whole.encode("utf-8", "backslashreplace")).hexdigest()[:32]


def _write(
    conn: sqlite3.Connection, board: Board, change: tuple[set[int], Sequence[Cluster]], gazetteer: Gazetteer, run: Run
) -> Merged:
    """Turn rows of `event` into clusters: unchanged rows stay untouched, the others keep the id of what they were."""
    rows, clusters = change
    known: dict[str, int] = {}
    for event in rows:
        known.update(conn.execute("SELECT signature, id FROM event WHERE id = ? AND gone_run IS NULL", (event,)).fetchall())
    signed = [(_signature(board, cluster, run.analysis), cluster) for cluster in clusters]
    fresh = [(signature, cluster) for signature, cluster in signed if signature not in known]
    kept = {signature for signature, _ in signed} & known.keys()
    old = {event for signature, event in known.items() if signature not in kept}
    made = [(signature, cluster, _row(conn, board, cluster, gazetteer)) for signature, cluster in fresh]
    overlaps = _overlaps(conn, board, [cluster for _, cluster, _ in made], old)
    homes, heirs = _match(overlaps)
    merged = Merged()
    _name(conn, [row for k, (_, _, row) in enumerate(made) if k not in homes])
    ids: list[int] = []
    for k, (signature, cluster, row) in enumerate(made):
        home = homes.get(k)
        if home is None:
            ids.append(_insert(conn, row, signature, run))
            merged.new += 1
        else:
            row.event_id = conn.execute("SELECT event_id FROM event WHERE id = ?", (home,)).fetchone()[0]
            ids.append(_update(conn, home, row, signature, run))
            merged.changed += 1
        members = [(ids[-1], board.articles[t.article], t.event) for t in cluster.tellings]
        conn.executemany("UPDATE mention SET row = ? WHERE article = ? AND event = ?", members)
    for event in sorted(old - set(homes.values())):
        heir = heirs.get(event)
        merged.joined += heir is not None
        merged.gone += heir is None
        _retire(conn, event, ids[heir] if heir is not None else None, run.number)
    for signature, cluster in signed:
        if signature in kept:
            _settle(conn, board, cluster, known[signature])
    _name_known(conn, run.number)
    link_parts(conn)
    _record_versions(conn, run.number)
    merged.rows = int(conn.execute("SELECT count(*) FROM event WHERE gone_run IS NULL").fetchone()[0])
    return merged


def _settle(conn: sqlite3.Connection, board: Board, cluster: Cluster, event: int) -> None:
    """Mentions that were written anew without a difference belong to the row to which they belonged."""
    conn.executemany(
        "UPDATE mention SET row = ? WHERE article = ? AND event = ?",
        [(event, board.articles[t.article], t.event) for t in cluster.tellings if board.rows[t.key] != event],
    )


def _name_known(conn: sqlite3.Connection, run: int) -> None:
    """Which of the rows that may be a known event is it: the one with most witnesses; see `knowntitles.name_known`."""
    fitting: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for event, known, count in conn.execute("SELECT id, known, n_articles FROM event WHERE known IS NOT NULL AND gone_run IS NULL"):
        fitting[known].append((-count, event))
    winners = set()
    for rows in fitting.values():
        rows.sort()
        if len(rows) == 1 or rows[0][0] < rows[1][0]:
            winners.add(rows[0][1])
    for event, named, names, title, title_ar in conn.execute(
        "SELECT id, named, names, title, title_ar FROM event WHERE gone_run IS NULL AND known IS NOT NULL"
    ).fetchall():
        if not named and event not in winners:
            continue
        wanted = tuple(name or None for name in json.loads(names)["known" if event in winners else "own"])
        if (event in winners) != bool(named) or wanted != (title, title_ar):
            conn.execute(
                "UPDATE event SET named = ?, title = ?, title_ar = ?, changed_run = ? WHERE id = ?",
                (int(event in winners), *wanted, run, event),
            )


def _row(conn: sqlite3.Connection, board: Board, cluster: Cluster, gazetteer: Gazetteer) -> CorpusEvent:
    events: dict[tuple[str, str], Event] = {}
    for t in cluster.tellings:
        (data,) = conn.execute("SELECT data FROM mention WHERE article = ? AND event = ?", (board.articles[t.article], t.event)).fetchone()
        events[t.key] = loads(Event, data)
    return make_row(cluster, events, gazetteer)


def _overlaps(conn: sqlite3.Connection, board: Board, clusters: Sequence[Cluster], old: Iterable[int]) -> dict[tuple[int, int], int]:
    """(index of a cluster, id of an old row) → how many witnesses they share; a witness is an article and what it said."""
    holders: dict[tuple[int, str], set[int]] = defaultdict(set)
    for event in old:
        for article, mark in conn.execute(
            "SELECT article, mark FROM mention WHERE row = ? UNION SELECT article, mark FROM unmerged WHERE row = ?", (event, event)
        ):
            holders[article, mark].add(event)
    shared: dict[tuple[int, int], int] = defaultdict(int)
    for k, cluster in enumerate(clusters):
        for witness in {(board.articles[t.article], board.marks[t.key]) for t in cluster.tellings}:
            for event in holders.get(witness, ()):
                shared[k, event] += 1
    return shared


def _match(overlaps: dict[tuple[int, int], int]) -> tuple[dict[int, int], dict[int, int]]:
    """(cluster → the old row whose id it keeps, old row without a home → the cluster that it went to).

    The largest overlap first, ties by the oldest id.
    """
    ordered = sorted(overlaps, key=lambda pair: (-overlaps[pair], pair[1], pair[0]))
    homes: dict[int, int] = {}
    for k, event in ordered:
        if k not in homes and event not in homes.values():
            homes[k] = event
    taken = set(homes.values())
    heirs: dict[int, int] = {}
    for k, event in ordered:
        if event not in taken:
            heirs.setdefault(event, k)
    return homes, heirs


def _name(conn: sqlite3.Connection, rows: list[CorpusEvent]) -> None:
    """Ids for new rows: those of `extract`, with a suffix from the content where an older row has one already."""
    give_ids(rows)
    used: set[str] = set()
    for row in rows:
        told = "|".join(sorted(f"{w.article}/{w.evidence[0].text if w.evidence else w.event}" for w in row.witnesses))
        suffix = hashlib.sha256(told.encode("utf-8", "backslashreplace")).hexdigest()
        name, size = row.event_id, 6
        while name in used or conn.execute(
            "SELECT 1 FROM event WHERE event_id = ? AND gone_run IS NULL UNION SELECT 1 FROM alias WHERE alias = ?", (name, name)
        ).fetchone():
            name, size = f"{row.event_id}-{suffix[:size]}", size + 1
        row.event_id = name
        used.add(name)


def cell_text(values: Iterable[object]) -> str:
    """Several values as one, as in CSV."""
    return "; ".join("" if value is None else str(value) for value in values)


def _columns(row: CorpusEvent, signature: str, topic: str) -> dict[str, object]:
    """The columns of `event` that come of a row."""
    own = [row.title_en, row.title_ar]
    # Alone, a row is named after the known event that it fits; whether it is the only one is seen when all rows are known.
    name_known([row], topic)
    names, known = {"own": own, "known": [row.title_en, row.title_ar]}, row.known_event
    row.title_en, row.title_ar, row.known_event = own[0], own[1], None
    table = event_row(row)
    values: dict[str, object] = {name: cell_text(value) if isinstance(value := table[name], list) else value for name in _FROM_TABLE}
    values |= {
        "signature": signature,
        "core": int(row.core),
        "relevant": int(row.relevant),
        "title_ar": row.title_ar or None,
        "data": dumps(row, without=("event_id", "part_of", "aliases", "title_en", "title_ar", "known_event")),
        "names": json.dumps(names, ensure_ascii=False),
        "known": known,
        "named": 0,
    }
    return {name: clean(value) if isinstance(value, str) else value for name, value in values.items()}


def _insert(conn: sqlite3.Connection, row: CorpusEvent, signature: str, run: Run) -> int:
    gone = conn.execute("SELECT id FROM event WHERE event_id = ? AND gone_run IS NOT NULL", (row.event_id,)).fetchone()
    if gone:  # it was told of before, and is again
        return _update(conn, gone[0], row, signature, run)
    values = _columns(row, signature, run.topic) | {"first_run": run.number, "changed_run": run.number}
    names = ", ".join(values)
    cursor = conn.execute(f"INSERT INTO event ({names}) VALUES ({', '.join('?' * len(values))})", tuple(values.values()))  # noqa: S608
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def _update(conn: sqlite3.Connection, event: int, row: CorpusEvent, signature: str, run: Run) -> int:
    values = _columns(row, signature, run.topic) | {"changed_run": run.number, "gone_run": None}
    conn.execute(f"UPDATE event SET {', '.join(f'{name} = ?' for name in values)} WHERE id = ?", (*values.values(), event))  # noqa: S608
    return event


def _retire(conn: sqlite3.Connection, event: int, heir: int | None, run: int) -> None:
    """Take away a row that is no longer one; its id lives on as an alias of the row that took its witnesses."""
    if heir is None:
        conn.execute("UPDATE event SET gone_run = ?, changed_run = ? WHERE id = ?", (run, run, event))
        return
    (name,) = conn.execute("SELECT event_id FROM event WHERE id = ?", (event,)).fetchone()
    conn.execute("UPDATE alias SET event = ? WHERE event = ?", (heir, event))
    conn.execute("INSERT OR REPLACE INTO alias (alias, event, run) VALUES (?, ?, ?)", (name, heir, run))
    conn.execute("UPDATE mention SET row = NULL WHERE row = ?", (event,))
    conn.execute("DELETE FROM version WHERE event = ?", (event,))
    conn.execute("DELETE FROM event WHERE id = ?", (event,))


def link_parts(conn: sqlite3.Connection) -> None:
    """`part_of` of every row: the row that most of its mentions' parents belong to."""
    parents: dict[int, list[str]] = defaultdict(list)
    for row, name in conn.execute(
        """SELECT mention.row, event.event_id FROM mention
           JOIN mention AS parent ON parent.article = mention.article AND parent.event = mention.parent
           JOIN event ON event.id = parent.row
           WHERE mention.parent IS NOT NULL AND mention.row IS NOT NULL AND parent.row <> mention.row"""
    ):
        parents[row].append(name)
    present = dict(conn.execute("SELECT id, part_of FROM event WHERE part_of IS NOT NULL"))
    for row in parents.keys() | present.keys():
        whole = votes(parents[row])[0] if parents.get(row) else None
        if whole != present.get(row):
            conn.execute("UPDATE event SET part_of = ? WHERE id = ?", (whole, row))


def _record_versions(conn: sqlite3.Connection, run: int) -> None:
    """What each row touched by this run says now, where it says something else than before."""
    rows = conn.execute("SELECT id, data, gone_run, title, title_ar FROM event WHERE changed_run = ?", (run,)).fetchall()
    for event, data, gone, title, title_ar in rows:
        row = loads(CorpusEvent, data, event_id="", title_en=title or "", title_ar=title_ar or "")
        state = json.dumps({"gone": True} if gone else state_of(row), ensure_ascii=False, sort_keys=True)
        last = conn.execute("SELECT state FROM version WHERE event = ? ORDER BY run DESC LIMIT 1", (event,)).fetchone()
        if last is None or last[0] != state:
            conn.execute("INSERT OR REPLACE INTO version (event, run, state) VALUES (?, ?, ?)", (event, run, clean(state)))


def state_of(row: CorpusEvent) -> dict[str, object]:
    """What `changes` compares of a row."""
    place = row.places[0].name if row.places else None
    return {
        "type": row.type,
        "status": row.status,
        "date": row.date.to_json() if row.date else None,
        "place": place,
        "title": row.title_en,
        "title_ar": row.title_ar,
        "relevant": row.relevant,
        "core": row.core,
        "disagreements": [[d.field, d.text] for d in row.disagreements],
        "articles": row.articles,
    }
