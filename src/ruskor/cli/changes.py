"""What `ruskor changes` does, given its options as values."""

from __future__ import annotations

from ruskor.cli.ingest import store_path
from ruskor.cli.work import check_lang, choose_format, emit, emit_blocks
from ruskor.context import Context
from ruskor.errors import ExitCode
from ruskor.store.changes import COLUMNS, Change, find_changes, markdown, set_mark, since_run
from ruskor.store.db import connect, in_words, transaction, write_lock
from ruskor.words import short_interval

_FORMATS = ("table", "csv", "tsv", "json", "jsonl", "markdown")


def changes(
    ctx: Context,
    *,
    since: str | None,
    mark: bool,
    exit_code: bool,
    form: str | None,
    output: str | None,
    lang: str,
    everything: bool,
    lock_timeout: float,
) -> int:
    """What is new in a store; 5 with `exit_code` where something is. The mark is set only after all was written."""
    check_lang(lang)
    if form == "md" or (form is None and output is not None and output.lower().endswith((".md", ".markdown"))):
        form = "markdown"
    form = choose_format(ctx, form, output, allowed=_FORMATS, piped="table")
    path = store_path(ctx)
    conn = connect(path)
    try:
        with in_words(path):
            # One view of the store, whatever is written to it meanwhile.
            conn.execute("BEGIN")
            found = find_changes(conn, since_run(conn, since), everything=everything, lang=lang)
            conn.execute("ROLLBACK")
    finally:
        conn.close()
    if form == "markdown":
        emit(ctx, markdown(found), output)
    elif form == "table":
        if found.found:
            from ruskor.terminal import Grid

            header = ("what", "date", "event or person", "change", "told by")
            grid = Grid([_cells(change) for change in found.found], header=header, fixed=frozenset({0, 1}))
            emit_blocks(ctx, [grid], output, lang=lang)
        elif output is not None:
            emit(ctx, [], output)
    else:
        from ruskor.export import text_of

        emit(ctx, text_of((change.row() for change in found.found), COLUMNS, form), output)
    ctx.flush()
    if not found.found:
        ctx.note(f"nothing is new after run {found.since}")
    if mark:
        with write_lock(path, timeout=lock_timeout):
            conn = connect(path, write=True)
            try:
                from ruskor.store.ingest import now

                with in_words(path), transaction(conn):
                    set_mark(conn, found.until, now())
            finally:
                conn.close()
    return ExitCode.CHANGED if exit_code and found.found else ExitCode.OK


def _cells(change: Change) -> list[str | tuple[str, str]]:
    what = change.change.replace("_", " ")
    if change.change == "new_person":
        return [what, "", (f"{change.person}{f' {change.person_id}' if change.person_id else ''}", "bold"), "", ", ".join(change.articles)]
    moved = f"{change.before} → {change.after}" if change.before is not None else change.after or f"{change.type}, {change.status}"
    if change.change == "withdrawn":
        moved = "no article tells it any more"
    return [what, short_interval(change.date), (change.title or change.event_id or "", "bold"), moved, ", ".join(change.articles)]


