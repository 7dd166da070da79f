"""What is new in a store since a run, a day or the last mark: the rows as they were then against the rows as they are."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ruskor.days import parse_days
from ruskor.errors import RuskorError
from ruskor.model import Interval
from ruskor.store.codec import decoder
from ruskor.words import short_interval

KINDS = ("new_event", "status", "date", "place", "type", "disagreement", "merged", "withdrawn", "new_person")
COLUMNS: dict[str, str] = {
    "change": "str", "event_id": "str", "date_start": "str", "date_end": "str", "type": "str", "status": "str", "title": "str",
    "before": "str", "after": "str", "person": "str", "person_id": "str", "articles": "list", "run": "int",
}  # fmt: skip
_interval = decoder(Interval)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is new: `before` and `after` are null where they make no sense."""

    change: str
    run: int  # the last run that had a part in it
    event_id: str | None = None
    date: Interval | None = None
    type: str | None = None
    status: str | None = None
    title: str | None = None
    before: str | None = None
    after: str | None = None
    person: str | None = None
    person_id: str | None = None
    articles: tuple[str, ...] = ()

    def row(self) -> dict[str, Any]:
        """A row of the output."""
        return {
            "change": self.change,
            "event_id": self.event_id,
            "date_start": self.date.start.isoformat() if self.date else None,
            "date_end": self.date.end.isoformat() if self.date and self.date.end else None,
            "type": self.type,
            "status": self.status,
            "title": self.title,
            "before": self.before,
            "after": self.after,
            "person": self.person,
            "person_id": self.person_id,
            "articles": list(self.articles),
            "run": self.run,
        }


@dataclass(slots=True)
class Changes:
    """What is new after run `since` (0: everything) up to run `until`."""

    since: int
    until: int
    found: list[Change] = field(default_factory=list)


def last_run(conn: sqlite3.Connection) -> int:
    """The number of the last run that ended well; 0 before the first."""
    return int(conn.execute("SELECT coalesce(max(id), 0) FROM run WHERE state = 'done'").fetchone()[0])


def since_run(conn: sqlite3.Connection, since: str | None) -> int:
    """The run after which changes count: a number, the last run before a day, or the last mark.

    Raises RuskorError (usage) for what is neither.
    """
    if since is None:
        row = conn.execute("SELECT run FROM mark ORDER BY id DESC LIMIT 1").fetchone()
        return int(row[0]) if row else 0
    last = int(conn.execute("SELECT coalesce(max(id), 0) FROM run").fetchone()[0])
    number = int(since) if since.isascii() and since.isdecimal() and len(since) < 10 else -1
    # «2024» is a year, unless there were so many runs.
    if number < 0 or (len(since) == 4 and number > last):
        day = parse_days(since, what="--since").start.isoformat()
        row = conn.execute("SELECT max(id) FROM run WHERE started < ?", (day,)).fetchone()
        return int(row[0] or 0)
    if number > last:
        raise RuskorError(f"--since {since}: there was no such run", hint="`sqlite3 FILE 'select * from runs'` lists them")
    return number


def set_mark(conn: sqlite3.Connection, run: int, made: str) -> None:
    """Remember up to which run was told."""
    conn.execute("INSERT INTO mark (run, made) VALUES (?, ?)", (run, made))


def find_changes(conn: sqlite3.Connection, since: int, *, everything: bool = False, lang: str = "en") -> Changes:
    """The changes after run `since`, events in the table's order, then people.

    By default of the rows that `extract` shows; `everything` adds statements and what is outside the topic.
    """
    changes = Changes(since, last_run(conn))
    rows: list[tuple[tuple[str, str, str], list[Change]]] = []
    for event, event_id in conn.execute(
        "SELECT DISTINCT event.id, event.event_id FROM version JOIN event ON event.id = version.event WHERE version.run > ?", (since,)
    ).fetchall():
        states = conn.execute("SELECT run, state FROM version WHERE event = ? ORDER BY run", (event,)).fetchall()
        before = next((json.loads(state) for run, state in reversed(states) if run <= since), None)
        run, after = states[-1][0], json.loads(states[-1][1])
        found = list(_compare(event_id, run, before, after, everything=everything, lang=lang))
        date = after.get("date") or (before or {}).get("date") or {"start": "~", "end": "~"}
        rows.append(((date["start"], date["end"] or "~", event_id), found))
    rows.sort(key=lambda row: row[0])
    changes.found = [change for _, found in rows for change in found]
    changes.found += _joined(conn, since, {c.event_id for c in changes.found if c.change == "new_event"}, everything=everything, lang=lang)
    changes.found += _people(conn, since)
    return changes


def _shown(state: dict[str, Any] | None, *, everything: bool) -> bool:
    if state is None or state.get("gone"):
        return False
    return everything or (state["relevant"] and state["type"] != "statement")


def _date(state: dict[str, Any]) -> Interval | None:
    value: Interval | None = _interval(state["date"]) if state.get("date") else None
    return value


def _title(state: dict[str, Any], lang: str) -> str | None:
    title: str | None = state.get("title_ar" if lang == "ar" else "title") or state.get("title")
    return title


def _compare(  # noqa: C901 - one kind of change after the other
    event_id: str, run: int, before: dict[str, Any] | None, after: dict[str, Any], *, everything: bool, lang: str
) -> Iterator[Change]:
    """The changes of one row."""
    was, now = _shown(before, everything=everything), _shown(after, everything=everything)
    if not was and not now:
        return
    told = after if now else before or after

    def change(kind: str, old: str | None = None, new: str | None = None, articles: Sequence[str] = ()) -> Change:
        return Change(
            kind, run, event_id, _date(told), told.get("type"), told.get("status"), _title(told, lang), old, new,
            articles=tuple(articles or told.get("articles", ())),
        )  # fmt: skip

    if not was:
        yield change("new_event")
        for kind, text in after["disagreements"]:
            yield change("disagreement", None, f"{kind}: {text}")
        return
    assert before is not None
    fresh = [a for a in after.get("articles", ()) if a not in before.get("articles", ())]
    if not now:
        yield change("withdrawn", short_interval(_date(before)), None)
        return
    for kind in ("status", "date", "place", "type"):
        old, new = before[kind], after[kind]
        if old != new:
            if kind == "date":
                old, new = short_interval(_date(before)), short_interval(_date(after))
            yield change(kind, old, new, fresh)
    known = {tuple(d) for d in before["disagreements"]}
    for kind, text in after["disagreements"]:
        if (kind, text) not in known:
            older = next((t for k, t in before["disagreements"] if k == kind), None)
            yield change("disagreement", older and f"{kind}: {older}", f"{kind}: {text}", fresh)


def _joined(conn: sqlite3.Connection, since: int, new: set[str | None], *, everything: bool, lang: str) -> Iterator[Change]:
    """Rows that were found to be one."""
    for alias, run, event_id, event in conn.execute(
        """SELECT alias, alias.run, event_id, event.id FROM alias JOIN event ON event.id = alias.event
           WHERE alias.run > ? ORDER BY event_id, alias""",
        (since,),
    ).fetchall():
        row = conn.execute("SELECT state FROM version WHERE event = ? ORDER BY run DESC LIMIT 1", (event,)).fetchone()
        state = json.loads(row[0]) if row else None
        if state is not None and event_id not in new and _shown(state, everything=everything):
            yield Change(
                "merged", run, event_id, _date(state), state["type"], state["status"], _title(state, lang), alias, event_id,
                articles=tuple(state["articles"]),
            )  # fmt: skip


def _people(conn: sqlite3.Connection, since: int) -> Iterator[Change]:
    """Persons who were not named before in an article on the topic."""
    for name, identifier, run in conn.execute(
        "SELECT name, id, first_run FROM person_seen WHERE first_run > ? ORDER BY name, id", (since,)
    ).fetchall():
        articles = conn.execute(
            """SELECT article.name FROM person JOIN article ON article.id = person.article
               WHERE person.name = ? AND person.id = ? ORDER BY article.name""",
            (name, identifier),
        )
        yield Change("new_person", run, person=name, person_id=identifier or None, articles=tuple(row[0] for row in articles))


_HEADINGS = {
    "new_event": "New events", "status": "Changed status", "date": "Changed dates", "place": "Changed places", "type": "Changed types",
    "disagreement": "New disagreements", "merged": "Found to be one", "withdrawn": "No longer told", "new_person": "New people",
}  # fmt: skip


def markdown(changes: Changes, *, say: Callable[[str], str] = str) -> Iterator[str]:
    """The changes as a Markdown page, kind by kind; `say` puts its words into the reader's language."""
    yield f"# {say(f'Changes after run {changes.since} up to run {changes.until}')}\n"
    for kind in KINDS:
        found = [change for change in changes.found if change.change == kind]
        if not found:
            continue
        yield f"\n## {say(_HEADINGS[kind])} ({len(found)})\n\n"
        for change in found:
            yield f"- {_line(change, say)}\n"
    if not changes.found:
        yield f"\n{say('Nothing is new.')}\n"


def _escape(text: str) -> str:
    """Text that Markdown does not take for anything else."""
    flat = " ".join(text.split())
    return "".join(f"\\{char}" if char in "\\`*_[]<>#|" else char for char in flat)


def _line(change: Change, say: Callable[[str], str]) -> str:
    if change.change == "new_person":
        identifier = f" ({change.person_id})" if change.person_id else ""
        return f"**{_escape(say(change.person or ''))}**{identifier}: {_escape(', '.join(change.articles))}"
    head = f"**{short_interval(change.date)}** {_escape(change.title or change.event_id or '')} ({say(change.status or '')})"
    if change.change in {"new_event", "withdrawn"}:
        tail = ""
    elif change.before is not None:
        tail = f": {_escape(say(change.before))} → {_escape(say(change.after or 'unknown'))}"
    else:
        tail = f": {_escape(say(change.after or ''))}"
    return f"{head}{tail}, `{change.event_id}`, {_escape(', '.join(change.articles))}"
