"""What `ingest`, `search`, `forget` and `backup` do, given their options as values."""

from __future__ import annotations

import os
from collections.abc import Sequence

from ruskor.cli.work import Job, check_lang, choose_format, emit, emit_blocks, knowledge, make_job
from ruskor.context import Context, one_line
from ruskor.errors import ExitCode, RuskorError
from ruskor.store.db import connect, in_words, write_lock


def store_path(ctx: Context) -> str:
    """The store that `--db`, `RUSKOR_DB` or a configuration file names.

    Raises RuskorError (usage) where none does.
    """
    path: str | None = ctx.extra.get("db")
    if not path:
        raise RuskorError("which store?", hint="name it with --db FILE, or set RUSKOR_DB")
    return path


def ingest(
    ctx: Context,
    paths: Sequence[str] | None,
    *,
    topic: str,
    published: str | None,
    files_from: str | None,
    nul: bool,
    errors: str | None,
    reanalyse: bool | None,
    lock_timeout: float,
) -> int:
    """Bring a store up to date with the paths; without paths only what waits in it (other data, a killed run)."""
    from ruskor.cli.progress import Progress
    from ruskor.readers.records import columns_of
    from ruskor.store.ingest import Ingest
    from ruskor.store.ingest import ingest as run

    path = store_path(ctx)
    ctx.explicit.discard("db")
    if not paths and files_from is None:
        if reanalyse is None and not os.path.exists(path):
            raise RuskorError("no article given", hint="name files or folders, or - for standard input")
        job = Job(ctx, [], topic, None, errors, db=path, knowledge=knowledge(ctx))
    else:
        job = make_job(ctx, paths, topic=topic, published=published, files_from=files_from, nul=nul, errors=errors)
    with write_lock(path, timeout=lock_timeout, waiting=lambda text: ctx.note(f"ruskor: {text}")), Progress(ctx) as progress:
        conn = connect(path, write=True)
        try:
            work = Ingest(
                conn, path, topic, published=job.published, columns=columns_of(ctx.extra), stdin=ctx.stdin, warn=ctx.warn,
                on_failure=job.failed, on_article=progress.step, gazetteers=job.knowledge.gazetteers, ner=job.knowledge.ner,
            )  # fmt: skip
            report = run(work, job.paths, reanalyse=reanalyse)
        finally:
            conn.close()
    job.done = report.articles + report.reanalysed
    if not job.paths:
        job.done = 1
    counts = [
        f"{number:,} {name}"
        for name, number in (
            ("new", report.new), ("changed", report.changed), ("unchanged", report.unchanged), ("moved", report.moved),
            ("analysed again", report.reanalysed), ("vanished", report.vanished), ("failed", report.failed),
            ("failed before", report.known_failures),
        )
        if number or name in {"new", "changed", "unchanged"}
    ]  # fmt: skip
    merged = report.merged
    events = f"; {merged.rows:,} events, {merged.new:,} new, {merged.changed:,} changed" if merged else ""
    ctx.note(f"run {report.run}: {', '.join(counts)}{events}; {report.seconds:.1f} s")
    if not job.done and report.known_failures:
        # They were told of before: nothing to say, and nothing done.
        job.failures.clear()
        return ExitCode.NOTHING
    return job.exit_code()


def forget(ctx: Context, articles: Sequence[str], *, lock_timeout: float) -> int:
    """Remove articles from a store."""
    from ruskor.store.ingest import forget as remove

    path = store_path(ctx)
    gazetteers = knowledge(ctx).gazetteers
    connect(path).close()
    with write_lock(path, timeout=lock_timeout, waiting=lambda text: ctx.note(f"ruskor: {text}")):
        conn = connect(path, write=True)
        try:
            names = remove(conn, path, articles, gazetteers=gazetteers)
        finally:
            conn.close()
    ctx.note(one_line(f"forgotten: {', '.join(names)}; a file that is still there comes back with the next ingest"))
    return ExitCode.OK


def backup(ctx: Context, output: str) -> int:
    """Copy a store."""
    from ruskor.store.db import backup as copy

    size = copy(store_path(ctx), output)
    ctx.note(f"{one_line(output)}: {size / 1e6:.1f} MB")
    return ExitCode.OK


SEARCH_COLUMNS = {"article": "str", "published": "str", "title": "str", "passage": "str"}


def search(ctx: Context, query: str, *, evidence: bool, limit: int, form: str | None, output: str | None, lang: str = "en") -> int:
    """Articles of a store in which the words stand."""
    from ruskor.export import text_of
    from ruskor.store.search import search as look

    form = choose_format(ctx, form, output, allowed=("table", "csv", "tsv", "json", "jsonl"), piped="csv")
    path = store_path(ctx)
    conn = connect(path)
    try:
        with in_words(path):
            found = look(conn, query, limit=limit, evidence=evidence)
    finally:
        conn.close()
    rows = [{"article": m.article, "published": m.published, "title": m.title, "passage": m.passage} for m in found]
    if form == "table":
        from ruskor.interface import load_words
        from ruskor.terminal import Cell, Grid

        words = load_words(check_lang(lang))
        cells: list[list[Cell]] = [[m.article, words.day(m.published) if m.published else "", (m.title, "bold"), m.passage] for m in found]
        if cells:
            header = tuple(words.word(f"column.{name}") for name in SEARCH_COLUMNS)
            emit_blocks(ctx, [Grid(cells, header=header, fixed=frozenset({1}))], output, lang=lang)
    else:
        emit(ctx, text_of(rows, SEARCH_COLUMNS, form), output)
    if not rows:
        ctx.note("no article has these words")
    return ExitCode.OK
