"""What `ruskor changes` does, given its options as values."""

from __future__ import annotations

from ruskor.cli.ingest import store_path
from ruskor.cli.work import check_lang, choose_format, emit, emit_blocks
from ruskor.context import Context
from ruskor.errors import ExitCode
from ruskor.interface import Words, load_words
from ruskor.messages import translate, translate_value
from ruskor.store.changes import COLUMNS, Change, find_changes, markdown, set_mark, since_run
from ruskor.store.db import connect, in_words, transaction, write_lock

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
    words = load_words(check_lang(lang))
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
        emit(ctx, markdown(found, say=lambda text: translate_value(translate(text, words), words)), output)
    elif form == "table":
        if found.found:
            from ruskor.terminal import Grid

            header = tuple(words.word(f"column.{name}") for name in ("what", "date", "event_or_person", "change", "told_by"))
            grid = Grid([_cells(change, words) for change in found.found], header=header, fixed=frozenset({0, 1}))
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


def _cells(change: Change, words: Words) -> list[str | tuple[str, str]]:
    what, told = words.word(f"change.{change.change}"), ", ".join(change.articles)
    if change.change == "new_person":
        name = translate_value(change.person or "", words)
        return [what, "", (f"{name}{f' {change.person_id}' if change.person_id else ''}", "bold"), "", told]
    if change.change == "withdrawn":
        moved = words.word("say.gone")
    elif change.before is None and change.after is None:
        moved = f"{words.type(change.type or '')}{words.table['comma']}{words.status(change.status or '')[0]}"
    else:
        moved = " → ".join(_value(value, words) for value in (change.before, change.after) if value is not None)
    return [what, words.days(change.date), (change.title or change.event_id or "", "bold"), moved, told]


def _value(value: str, words: Words) -> str:
    """What a cell was or is: a type, a status, a place, or a disagreement as `place: A against B`."""
    field, found, text = value.partition(": ")
    if found and field in words.table["field"]:
        return f"{words.word(f'field.{field}')}: {translate(text, words)}"
    return words.type(value) if value in words.table["type"] else translate_value(value, words)
