"""`ruskor extract --engine dask`: the same pipeline on a cluster, its results as Parquet data sets in a folder."""

from __future__ import annotations

from functools import partial

from ruskor.cli.work import Job
from ruskor.context import Context
from ruskor.errors import ExitCode, RuskorError


def extract_on_engine(job: Job, *, output: str | None, form: str | None, lang: str, filtered: bool) -> int:
    """Annotate and merge on a cluster; every row is written, with `relevant` and `core` to choose by.

    Raises RuskorError (usage) where an option does not go with it.
    """
    ctx = job.ctx
    engine, scheduler = ctx.extra.get("engine") or "local", ctx.extra.get("scheduler")
    if engine != "dask":
        raise RuskorError(
            f"--engine {engine}: no such engine" if engine != "local" else "--scheduler belongs to --engine dask", hint="local, dask"
        )
    if not output or output == "-":
        raise RuskorError("--engine dask writes data sets into a folder", hint="name it with -o")
    if form not in {None, "parquet"}:
        raise RuskorError(
            f"--engine dask writes Parquet, not {form}", hint="read it with pandas or DuckDB, or `ruskor extract` on one machine"
        )
    wrong = {
        "--db": job.db,
        "--published": job.published,
        "--corrections": job.corrections,
        "filters": filtered,
        "standard input": "-" in job.paths,
    }
    for name, given in wrong.items():
        if given:
            raise RuskorError(f"{name}: not with --engine dask", hint="all rows are written; choose from them afterwards")
    from ruskor import cluster

    given_jobs: int | None = ctx.extra.get("jobs")
    with cluster.connect(scheduler, given_jobs) as client:
        articles, rows, failures = cluster.extract(
            job.paths, output, topic=job.topic, client=client, lang=lang, on_progress=partial(_draw, ctx)
        )
    job.done = articles
    for failure in failures:
        job.failed(failure)
    ctx.note(f"{articles:,} articles, {rows:,} events in {output}")
    return job.exit_code() if articles or failures else ExitCode.NOTHING


def _draw(ctx: Context, done: int, total: int) -> None:
    """How many tasks are done, in one line that erases itself."""
    if not ctx.progress:
        return
    try:
        ctx.stderr.write(f"\r\x1b[K{done:,} of {total:,} tasks".encode() if done < total else b"\r\x1b[K")
        ctx.stderr.flush()
        ctx.drawn = done < total
    except (OSError, ValueError):
        ctx.progress = False
