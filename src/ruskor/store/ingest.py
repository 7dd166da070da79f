"""One run of `ruskor ingest`: what is new or changed is analysed and stored, article by article; then the events are merged.

Whatever happens in between (a kill, a full disk), the store holds whole articles and the event table of the last merge; the
next run goes on from there.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from ruskor import __version__
from ruskor.errors import RuskorError
from ruskor.model import Article, Interval
from ruskor.readers import Failure, Found, find_files, read_found
from ruskor.readers.paths import STDIN, readable
from ruskor.readers.records import Columns
from ruskor.store.db import in_words, transaction
from ruskor.store.records import annotation_values, bands, clean, content_hash, insert_mentions, stored_article
from ruskor.store.version import analysis_key, difference, knowledge_key

if TYPE_CHECKING:
    from ruskor.annotation import Annotation
    from ruskor.pipeline import Pipeline
    from ruskor.store.merging import Merged

# A file written this shortly before it was read may change again without its stamp telling.
_RACY_NS = 2_000_000_000


@dataclass(slots=True)
class Report:
    """What a run did."""

    run: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    moved: int = 0
    reanalysed: int = 0
    vanished: int = 0
    failed: int = 0
    known_failures: int = 0  # files that failed before and have not changed: told once, not every night
    failures: list[Failure] = field(default_factory=list)
    why: str | None = None
    merged: Merged | None = None
    seconds: float = 0.0

    @property
    def articles(self) -> int:
        """How many articles were found in order."""
        return self.new + self.changed + self.unchanged + self.moved


def now() -> str:
    """This moment in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


@dataclass(slots=True)
class Ingest:
    """What one run works with."""

    conn: sqlite3.Connection
    path: str
    topic: str
    published: Interval | None = None
    gazetteers: tuple[Path, ...] = ()
    ner: str = "ruskor"
    columns: Columns = field(default_factory=Columns)
    stdin: BinaryIO | None = None
    warn: Callable[[str], None] | None = None
    on_failure: Callable[[Failure], None] | None = None
    on_article: Callable[[int], None] | None = None
    report: Report = field(default_factory=Report)
    analysis: str = ""
    loaded: Pipeline | None = None
    unread: list[str] = field(default_factory=list)  # folders that could not be listed
    folders: dict[str, str] = field(default_factory=dict)  # folder → the same with its links resolved

    def pipeline(self) -> Pipeline:
        """The pipeline, loaded when the first article needs it."""
        if self.loaded is None:
            from ruskor import pipeline

            self.loaded = pipeline.load_pipeline(topic=self.topic, gazetteers=self.gazetteers, ner=self.ner)
        return self.loaded

    def failed(self, failure: Failure) -> None:
        """Count and tell a failure."""
        self.report.failed += 1
        self.report.failures.append(failure)
        if self.on_failure:
            self.on_failure(failure)


def ingest(work: Ingest, paths: Sequence[str], *, reanalyse: bool | None = None) -> Report:
    """Bring the store up to date with the paths; the caller holds the write lock.

    `reanalyse`: true analyses every stored article again, false none, null those that another version or other data
    analysed. Raises RuskorError where the store cannot be written.
    """
    begun = time.monotonic()
    with in_words(work.path):
        _begin(work, paths)
        try:
            work.conn.execute("CREATE TEMP TABLE IF NOT EXISTS seen (file INTEGER PRIMARY KEY)")
            work.conn.execute("DELETE FROM seen")
            roots = [os.path.realpath(path) for path in paths if path != STDIN and os.path.isdir(path)]
            for item in find_files(paths):
                _take(work, item)
            _mark_vanished(work, roots)
            if reanalyse is not False:
                _reanalyse(work, everything=bool(reanalyse))
            _merge(work)
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                _finish(work, "interrupted", begun)
            raise
        _finish(work, "done", begun)
    return work.report


def _begin(work: Ingest, paths: Sequence[str]) -> None:
    conn = work.conn
    topic = conn.execute("SELECT value FROM meta WHERE key = 'topic'").fetchone()
    if topic and topic[0] != work.topic:
        raise RuskorError(f"{work.path}: the store's topic is {topic[0]}, not {work.topic}", hint="one store holds one topic")
    work.analysis = analysis_key(work.topic) + knowledge_key(work.gazetteers, work.ner)
    with transaction(conn):
        # Whoever holds the lock knows that nobody else is running.
        conn.execute("UPDATE run SET state = 'interrupted' WHERE state = 'running'")
        conn.execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('topic', ?)", (work.topic,))
        cursor = conn.execute(
            "INSERT INTO run (started, state, command, paths, ruskor, analysis) VALUES (?, 'running', 'ingest', ?, ?, ?)",
            (now(), json.dumps([readable(path) for path in paths], ensure_ascii=False), __version__, work.analysis),
        )
    assert cursor.lastrowid is not None
    work.report.run = cursor.lastrowid


def _finish(work: Ingest, state: str, begun: float) -> None:
    r = work.report
    r.seconds = round(time.monotonic() - begun, 3)
    work.conn.execute(
        """UPDATE run SET state = ?, finished = ?, seconds = ?, new = ?, changed = ?, unchanged = ?, reanalysed = ?, vanished = ?,
           failed = ?, why = ? WHERE id = ?""",
        (state, now(), r.seconds, r.new, r.changed, r.unchanged + r.moved, r.reanalysed, r.vanished, r.failed, r.why, r.run),
    )


# --- files ------------------------------------------------------------------------------------------------------------------


def _real(work: Ingest, path: str) -> str:
    """The file's place with links resolved, as text that can be stored; each folder is resolved once."""
    folder, name = os.path.split(path)
    if folder not in work.folders:
        work.folders[folder] = os.path.realpath(folder)
    real = os.path.join(work.folders[folder], name)
    if os.path.islink(real):
        real = os.path.realpath(real)
    return real if real.isascii() else os.fsencode(real).decode("utf-8", "backslashreplace")


def _stamp(work: Ingest, path: str, begun: int) -> str | None:
    """What tells that a file and its sidecar are still the same without reading them; null where that is not sure."""
    parts = []
    for name in (path, f"{path}.yaml", f"{path}.yml"):
        try:
            found = os.stat(name)
        except OSError:
            parts.append("-")
            continue
        if max(found.st_mtime_ns, found.st_ctime_ns) > begun - _RACY_NS:
            return None
        parts.append(f"{found.st_size}/{found.st_mtime_ns}/{found.st_ctime_ns}")
    return f"{':'.join(parts)}|{work.columns.key()}"


def _take(work: Ingest, item: Found | Failure) -> None:
    """One file: skipped where its stamp is known, else read."""
    conn = work.conn
    if isinstance(item, Failure):
        if not item.missing:
            work.unread.append(os.path.realpath(item.path))
        work.failed(item)
        return
    if item.path == STDIN:
        _read(work, item, None, None)
        return
    real = _real(work, item.path)
    begun = time.time_ns()
    stamp = _stamp(work, item.path, begun)
    row = conn.execute("SELECT id, stamp, failure, vanished_run FROM file WHERE path = ?", (real,)).fetchone()
    if row is not None:
        conn.execute("INSERT OR IGNORE INTO seen (file) VALUES (?)", (row[0],))
        if stamp is not None and row[1] == stamp and row[3] is None and not _other_date(work, row[0]):
            if row[2] is not None:
                work.report.known_failures += 1
            else:
                (count,) = conn.execute("SELECT count(*) FROM source WHERE file = ? AND gone_run IS NULL", (row[0],)).fetchone()
                work.report.unchanged += count
            return
    _read(work, item, real, stamp)


def _other_date(work: Ingest, file: int) -> bool:
    """Whether `--published` gives a file's articles another date than they have."""
    if work.published is None:
        return False
    day = work.published
    return bool(
        work.conn.execute(
            """SELECT 1 FROM source JOIN article ON article.id = source.article WHERE file = ? AND gone_run IS NULL
               AND (published_source IS NOT 'given' OR published_start IS NOT ? OR published_end IS NOT ?)""",
            (file, day.start.isoformat(), day.end and day.end.isoformat()),
        ).fetchone()
    )


def _read(work: Ingest, item: Found, real: str | None, stamp: str | None) -> None:
    """Read a file, store its articles, and remember its stamp once all of them are in."""
    conn, run = work.conn, work.report.run
    path = real or STDIN
    with transaction(conn):
        row = conn.execute("SELECT id, failure FROM file WHERE path = ?", (path,)).fetchone()
        if row is None:
            cursor = conn.execute("INSERT INTO file (path, first_run, read_run) VALUES (?, ?, ?)", (path, run, run))
            file, known = int(cursor.lastrowid or 0), None
        else:
            file, known = row
            conn.execute("UPDATE file SET stamp = NULL, read_run = ?, vanished_run = NULL WHERE id = ?", (run, file))
        conn.execute("INSERT OR IGNORE INTO seen (file) VALUES (?)", (file,))
    records: set[str] = set()
    problem: str | None = None
    reason: str | None
    for number, found in enumerate(read_found(item, columns=work.columns, stdin=work.stdin, warn=work.warn)):
        if isinstance(found, Failure):
            reason = f"{found.article}: {found.reason}"
            problem = f"{problem}\n{reason}" if problem else reason
            if known is None or reason not in known.split("\n"):
                work.failed(found)
            else:
                work.report.known_failures += 1
            if work.on_article:
                work.on_article(0)
            continue
        record = found.article.removeprefix(readable(item.article))
        while record in records:
            record = f"{record}+{number}"
        records.add(record)
        reason = _keep(work, found, file, record, real)
        if reason is not None:
            problem = f"{problem}\n{reason}" if problem else reason
        if work.on_article:
            work.on_article(len(found.text))
    with transaction(conn):
        # A file that failed keeps what was known of it.
        if real is not None and (records or problem is None):
            _drop_records(work, file, records)
        conn.execute("UPDATE file SET stamp = ?, failure = ? WHERE id = ?", (stamp, problem and clean(problem), file))


def _drop_records(work: Ingest, file: int, records: set[str]) -> None:
    """Records that are no longer in their file; their articles stay, marked as vanished."""
    run = work.report.run
    for rowid, article, record in work.conn.execute(
        "SELECT rowid, article, record FROM source WHERE file = ? AND gone_run IS NULL", (file,)
    ).fetchall():
        if record not in records:
            work.conn.execute("UPDATE source SET gone_run = ? WHERE rowid = ?", (run, rowid))
            _maybe_vanished(work, article)


def _maybe_vanished(work: Ingest, article: int) -> None:
    """Mark an article that has no source left."""
    changed = work.conn.execute(
        """UPDATE article SET vanished_run = ? WHERE id = ? AND vanished_run IS NULL
           AND NOT EXISTS (SELECT 1 FROM source WHERE source.article = article.id AND gone_run IS NULL)""",
        (work.report.run, article),
    ).rowcount
    work.report.vanished += changed


def _mark_vanished(work: Ingest, roots: list[str]) -> None:
    """Files that were in the given folders and are no longer; what could not be listed is not judged."""
    conn, run = work.conn, work.report.run
    unread = tuple(f"{folder.rstrip('/')}/" for folder in work.unread)
    for root in roots:
        below = root.rstrip("/") + "/"
        key = below if below.isascii() else os.fsencode(below).decode("utf-8", "backslashreplace")
        gone = [
            file
            for file, path in conn.execute(
                "SELECT id, path FROM file WHERE path >= ? AND path < ? AND vanished_run IS NULL AND id NOT IN (SELECT file FROM seen)",
                (key, key[:-1] + "0"),  # "0" follows "/"
            )
            if not path.startswith(unread)
        ]
        for start in range(0, len(gone), 500):
            with transaction(conn):
                for file in gone[start : start + 500]:
                    conn.execute("UPDATE file SET vanished_run = ?, stamp = NULL WHERE id = ?", (run, file))
                    articles = conn.execute("SELECT DISTINCT article FROM source WHERE file = ? AND gone_run IS NULL", (file,)).fetchall()
                    conn.execute("UPDATE source SET gone_run = ? WHERE file = ? AND gone_run IS NULL", (run, file))
                    for (article,) in articles:
                        _maybe_vanished(work, article)


# --- articles ---------------------------------------------------------------------------------------------------------------


def _keep(work: Ingest, article: Article, file: int, record: str, real: str | None) -> str | None:
    """One article as read: known, moved, new or changed. Returns why it failed, or null."""
    conn, report = work.conn, work.report
    if work.published is not None:
        article.given = work.published
    digest = content_hash(article)
    if real is None:
        # Standard input has no name to be found again by: its content is its name.
        article.article, record = f"stdin-{digest[:12]}", digest
    current = conn.execute(
        """SELECT article.id, article.hash, article.name FROM source JOIN article ON article.id = source.article
           WHERE source.file = ? AND source.record = ? AND gone_run IS NULL""",
        (file, record),
    ).fetchone()
    if current and current[1] == digest:
        report.unchanged += 1
        return None
    if current is None and _known(work, article, file, record, digest):
        return None
    target = current[0] if current else None
    if target is not None and _shared(conn, target, file, record):
        target = None  # another file still says what this one said before
    if target is None:
        target, article.article = _name_for(work, article, file, record, digest)
    else:
        article.article = current[2]
    try:
        annotation = _annotate(work, article)
    except Exception as error:  # noqa: BLE001 - whatever it is, the other articles go on, and it is reported
        reason = f"internal error: {type(error).__name__}: {error}"
        work.failed(Failure(article.article, article.path, reason, "please report it with the article", trace=traceback.format_exc()))
        return f"{article.article}: {reason}"
    with transaction(conn):
        write_article(work, annotation, digest, target=target, source=(file, record))
    report.changed += target is not None
    report.new += target is None
    return None


def _annotate(work: Ingest, article: Article) -> Annotation:
    from ruskor import pipeline

    return pipeline.annotate_article(work.pipeline(), article)


def _shared(conn: sqlite3.Connection, article: int, file: int, record: str) -> bool:
    """Whether an article has another source than this one."""
    query = "SELECT 1 FROM source WHERE article = ? AND gone_run IS NULL AND NOT (file = ? AND record = ?)"
    return conn.execute(query, (article, file, record)).fetchone() is not None


def _known(work: Ingest, article: Article, file: int, record: str, digest: str) -> bool:
    """Whether the content is known by this name, or under a name whose file is gone: no analysis is needed then."""
    conn, run = work.conn, work.report.run
    same = conn.execute("SELECT id, name, analysis FROM article WHERE hash = ? ORDER BY id", (digest,)).fetchall()
    for found, name, _ in same:
        places = conn.execute(
            "SELECT file.path FROM source JOIN file ON file.id = source.file WHERE source.article = ? AND gone_run IS NULL", (found,)
        ).fetchall()
        moved = name != article.article and not any(os.path.lexists(path) for (path,) in places)
        if name != article.article and not moved:
            continue
        with transaction(conn):
            if moved:
                conn.execute("UPDATE source SET gone_run = ? WHERE article = ? AND gone_run IS NULL", (run, found))
                _unmerge(conn, found)
                new = _free_name(conn, article, digest)
                values = (clean(new), clean(article.path), run, found)
                conn.execute("UPDATE article SET name = ?, path = ?, changed_run = ? WHERE id = ?", values)
            conn.execute("UPDATE article SET vanished_run = NULL WHERE id = ?", (found,))
            _add_source(conn, found, (file, record), name=article.article, digest=digest, run=run)
        work.report.moved += moved
        work.report.unchanged += not moved
        return True
    return False


def _name_for(work: Ingest, article: Article, file: int, record: str, digest: str) -> tuple[int | None, str]:
    """(the article to replace or null, the name): the name as read, or the whole path where another file has that name."""
    conn = work.conn
    row = conn.execute("SELECT id FROM article WHERE name = ?", (clean(article.article),)).fetchone()
    if row is None:
        return None, article.article
    last = conn.execute("SELECT file, record FROM source WHERE article = ? ORDER BY rowid DESC LIMIT 1", row).fetchone()
    if last == (file, record) and not _shared(conn, row[0], file, record):
        return row[0], article.article  # it was gone for a while and is back with another content
    return None, _free_name(conn, article, digest)


def _free_name(conn: sqlite3.Connection, article: Article, digest: str) -> str:
    for name in (article.article, article.path, f"{article.path}#{digest[:8]}"):
        if not conn.execute("SELECT 1 FROM article WHERE name = ?", (clean(name),)).fetchone():
            return name
    return f"{article.path}#{digest}"


def _add_source(
    conn: sqlite3.Connection, article: int, source: tuple[int, str], *, name: str, digest: str, run: int
) -> None:
    file, record = source
    conn.execute("UPDATE source SET gone_run = ? WHERE file = ? AND record = ? AND gone_run IS NULL", (run, file, clean(record)))
    conn.execute(
        "INSERT INTO source (article, file, record, name, hash, first_run) VALUES (?, ?, ?, ?, ?, ?)",
        (article, file, clean(record), clean(name), digest, run),
    )


def _unmerge(conn: sqlite3.Connection, article: int) -> None:
    """Remember that an article's events await merging, and what was in which row: called before any of it is changed."""
    conn.execute(
        """INSERT INTO unmerged (article, row, mark, event, name, telling)
           SELECT mention.article, row, mark, event, name, telling FROM mention JOIN article ON article.id = mention.article
           WHERE mention.article = ? AND mention.row IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM unmerged WHERE unmerged.article = mention.article AND unmerged.row IS NOT NULL)""",
        (article,),
    )
    conn.execute("INSERT INTO unmerged (article) VALUES (?)", (article,))


def write_article(work: Ingest, annotation: Annotation, digest: str, *, target: int | None, source: tuple[int, str] | None) -> int:
    """Write an analysed article over `target`, or as a new one, within the caller's transaction."""
    conn, run = work.conn, work.report.run
    values = annotation_values(annotation) | {"hash": digest, "analysis": work.analysis, "changed_run": run}
    if target is None:
        values |= {"name": clean(annotation.article.article), "path": clean(annotation.article.path), "first_run": run}
        marks = ", ".join("?" * len(values))
        cursor = conn.execute(f"INSERT INTO article ({', '.join(values)}) VALUES ({marks})", tuple(values.values()))  # noqa: S608
        target = int(cursor.lastrowid or 0)
        _unmerge(conn, target)
    else:
        _unmerge(conn, target)
        conn.execute("DELETE FROM mention WHERE article = ?", (target,))
        conn.execute("DELETE FROM band WHERE article = ?", (target,))
        conn.execute("DELETE FROM person WHERE article = ?", (target,))
        if source is not None:
            values |= {"vanished_run": None, "path": clean(annotation.article.path)}
        names = ", ".join(f"{name} = ?" for name in values)
        conn.execute(f"UPDATE article SET {names} WHERE id = ?", (*values.values(), target))  # noqa: S608
    insert_mentions(conn, target, annotation)
    conn.executemany("INSERT OR IGNORE INTO band (key, article) VALUES (?, ?)", [(key, target) for key in bands(annotation.sketch)])
    _write_people(conn, target, annotation, run)
    if source is not None:
        _add_source(conn, target, source, name=annotation.article.article, digest=digest, run=run)
    from ruskor.store.search import index_article

    index_article(conn, target)
    return target


def _write_people(conn: sqlite3.Connection, article: int, annotation: Annotation, run: int) -> None:
    """Who is named in an article on the topic, and since when each is known."""
    named = {(clean(p.name), p.id or "") for p in annotation.people} if annotation.relevance >= 0.5 else set()
    taking_part = [p for event in annotation.events if event.relevant for p in event.participants if p.kind == "person"]
    people = sorted(named | {(clean(p.name), p.id or "") for p in taking_part})
    conn.executemany("INSERT INTO person (name, id, article) VALUES (?, ?, ?)", [(*person, article) for person in people])
    conn.executemany("INSERT OR IGNORE INTO person_seen (name, id, first_run) VALUES (?, ?, ?)", [(*person, run) for person in people])


def _reanalyse(work: Ingest, *, everything: bool) -> None:
    """Analyse again, from the stored text, what another version or other data analysed."""
    conn, report = work.conn, work.report
    condition, values = ("changed_run <> ?", (report.run,)) if everything else ("analysis <> ?", (work.analysis,))
    stale = conn.execute(f"SELECT id, analysis FROM article WHERE {condition} ORDER BY id", values).fetchall()  # noqa: S608
    if not stale:
        return
    report.why = difference(stale[0][1], work.analysis)
    if work.warn:
        work.warn(f"{len(stale):,} stored articles are analysed again: {report.why}")
    for article, _ in stale:
        cursor = conn.cursor()
        cursor.row_factory = sqlite3.Row
        row = cursor.execute("SELECT * FROM article WHERE id = ?", (article,)).fetchone()
        try:
            annotation = _annotate(work, stored_article(row))
        except Exception as error:  # noqa: BLE001 - the old analysis stays, and it is reported
            reason = f"internal error: {type(error).__name__}: {error}"
            work.failed(Failure(row["name"], row["path"], reason, "please report it with the article", trace=traceback.format_exc()))
            continue
        with transaction(conn):
            write_article(work, annotation, row["hash"], target=article, source=None)
        report.reanalysed += 1
        if work.on_article:
            work.on_article(len(row["text"]))


def _merge(work: Ingest) -> None:
    """Merge what this run, or one that was killed, has added."""
    if not work.conn.execute("SELECT EXISTS (SELECT 1 FROM unmerged)").fetchone()[0]:
        return
    from ruskor.store.merging import Run, merge_store
    from ruskor.topic import load_topic

    gazetteer = work.loaded.gazetteer if work.loaded else None
    if gazetteer is None:
        from ruskor.gazetteer import load_gazetteer

        gazetteer = load_gazetteer(work.gazetteers)
    with transaction(work.conn):
        work.report.merged = merge_store(work.conn, gazetteer, Run(work.report.run, work.analysis, load_topic(work.topic).name))


def forget(conn: sqlite3.Connection, path: str, articles: Sequence[str], *, gazetteers: tuple[Path, ...] = ()) -> list[str]:
    """Remove articles, named by name or path, with all that was found in them, and merge anew; returns their names.

    A file that is still there comes back with the next ingest. Raises RuskorError where one is not in the store.
    """
    work = Ingest(conn, path, topic="", gazetteers=gazetteers)
    with in_words(path):
        row = conn.execute("SELECT value FROM meta WHERE key = 'topic'").fetchone()
        work.topic = row[0] if row else ""
        ids: dict[int, str] = {}
        for wanted in articles:
            found = conn.execute("SELECT id, name FROM article WHERE name = ? OR path = ?", (clean(wanted), clean(wanted))).fetchall()
            if not found:
                raise RuskorError(f"{path}: no article {readable(wanted)!r} in the store", hint="ruskor articles --db FILE lists them")
            ids |= dict(found)
        begun = time.monotonic()
        _begin(work, list(articles))
        conn.execute("UPDATE run SET command = 'forget' WHERE id = ?", (work.report.run,))
        from ruskor.store.search import drop_article

        with transaction(conn):
            for article in ids:
                _unmerge(conn, article)
                drop_article(conn, article)
                files = conn.execute("SELECT DISTINCT file FROM source WHERE article = ?", (article,)).fetchall()
                conn.execute("DELETE FROM article WHERE id = ?", (article,))
                for (file,) in files:
                    conn.execute("UPDATE file SET stamp = NULL WHERE id = ?", (file,))
                    conn.execute("DELETE FROM file WHERE id = ? AND NOT EXISTS (SELECT 1 FROM source WHERE source.file = file.id)", (file,))
            conn.execute(
                """DELETE FROM person_seen WHERE NOT EXISTS
                   (SELECT 1 FROM person WHERE person.name = person_seen.name AND person.id = person_seen.id)"""
            )
        _merge(work)
        _finish(work, "done", begun)
    return sorted(ids.values())
