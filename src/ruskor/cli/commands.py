"""What each command does, given its options as values; every function returns an exit code."""

from __future__ import annotations

import contextlib
import difflib
import os
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruskor import __version__
from ruskor.cli.work import Job, choose_format, emit, emit_blocks, run_job, stream_job
from ruskor.context import Context, one_line
from ruskor.errors import ExitCode, RuskorError
from ruskor.terminal import width_for

if TYPE_CHECKING:
    from ruskor.annotation import Annotation
    from ruskor.corpus import CorpusEvent
    from ruskor.run import Run
    from ruskor.select import Filter

_TABLES = ("table", "csv", "tsv", "json", "jsonl", "parquet", "xlsx")
_WHOLE = ("geojson", "ics", "sqlite", "timelinejs")
_FOREIGN = ("polecat", "gdelt")


def version_line() -> str:
    """The version, with a short hash over all files of `data/`."""
    from ruskor.lexicon import data_files, digest

    return f"ruskor {__version__} (data {digest(data_files('**/*.yaml'))[:12]})"


def _rows_out(
    ctx: Context,
    rows: Iterable[dict[str, Any]],
    columns: dict[str, str],
    form: str,
    output: str | None,
    *,
    extra: dict[str, str] | None = None,
) -> None:
    from ruskor.export import parquet_of, text_of

    raw = bool(ctx.extra.get("raw"))
    if form == "parquet":
        emit(ctx, [parquet_of(list(rows), columns | (extra or {}))], output)
    elif form == "xlsx":
        from ruskor.sheets import xlsx_of

        emit(ctx, [xlsx_of(list(rows), columns, raw=raw)], output)
    else:
        emit(ctx, text_of(rows, columns, form, extra=list(extra or {}), raw=raw, bom=bool(ctx.extra.get("add_bom"))), output)


def _whole_out(job: Job, run: Run, events: Sequence[CorpusEvent], form: str, output: str | None, *, lang: str) -> None:
    """The events as a map layer, a calendar, a timeline or a database."""
    ctx = job.ctx
    if form == "sqlite":
        from ruskor.sqlitefile import sqlite_of
        from ruskor.table import ARTICLE_COLUMNS, EVENT_COLUMNS, EVENT_EXTRA, article_rows, event_rows

        tables = {
            "events": (EVENT_COLUMNS | EVENT_EXTRA, event_rows(events, lang=lang)),
            "articles": (ARTICLE_COLUMNS, article_rows(run.annotations)),
        }
        emit(ctx, [sqlite_of(tables)], output)
        return
    from ruskor.geojson import calendar, features
    from ruskor.timelinejs import timeline
    from ruskor.topic import load_topic

    if form == "timelinejs":
        topic = load_topic(job.topic)
        emit(ctx, timeline(events, title=topic.title_ar if lang == "ar" else topic.title_en, lang=lang), output)
    else:
        emit(ctx, features(events, lang=lang) if form == "geojson" else calendar(events, lang=lang), output)
    undated = sum(event.date is None for event in events)
    if form in {"ics", "timelinejs"} and undated:
        ctx.note(f"{undated} undated events are in no calendar" if form == "ics" else f"{undated} undated events are in no timeline")


def _selected(job: Job, chosen: Filter, *, lean: bool = False) -> tuple[Run, Sequence[CorpusEvent]]:
    run = run_job(job, lean=lean)
    from ruskor.select import explain_empty, select

    events, dropped = select(run.events, chosen, job.gazetteer())
    if not events and job.done:
        job.ctx.note(explain_empty(dropped, job.done))
    for row in run.vetoed:
        job.ctx.note(one_line(f"{row.event_id} is left out: {row.corrections[-1]['reason']} ({job.corrections})"))
    return run, events


def _foreign_out(job: Job, run: Run, events: Sequence[CorpusEvent], form: str, output: str | None) -> None:
    """The events in another data set's columns, separated by tabs as there; by commas where a file's suffix asks for it."""
    from ruskor import gdelt, polecat
    from ruskor.export import delimited

    columns = polecat.COLUMNS if form == "polecat" else gdelt.COLUMNS
    make = polecat.polecat_rows if form == "polecat" else gdelt.gdelt_rows
    commas = output is not None and output.endswith(".csv")
    emit(job.ctx, delimited(make(events, run.annotations, job.gazetteer()), columns, tab=not commas), output)


def _keeps_file(job: Job, output: str | None) -> bool:
    """Whether a file must stay as it is because nothing could be processed."""
    return not job.done and output is not None and output != "-"


def extract(job: Job, chosen: Filter, *, form: str | None, output: str | None, lang: str) -> int:
    """The event table in one of its formats."""
    if job.ctx.extra.get("engine") not in {None, "local"} or job.ctx.extra.get("scheduler"):
        from ruskor.cli.engine import extract_on_engine

        return extract_on_engine(job, output=output, form=form, lang=lang, filtered=chosen != type(chosen)())
    from ruskor.select import explain_off_topic

    form = choose_format(job.ctx, form, output, allowed=(*_TABLES, *_WHOLE, *_FOREIGN), piped="csv")
    run, events = _selected(job, chosen, lean=form not in _WHOLE)
    if not job.db and (remark := explain_off_topic(run.annotations, job.topic)):
        job.ctx.note(one_line(remark))
    if _keeps_file(job, output):
        return job.exit_code()
    if form in _FOREIGN:
        _foreign_out(job, run, events, form, output)
    elif form in _WHOLE:
        _whole_out(job, run, events, form, output, lang=lang)
    elif form == "table":
        from ruskor.cli.tables import event_blocks

        if events:
            emit_blocks(job.ctx, event_blocks(events, columns=width_for(job.ctx, output), lang=lang), output, lang=lang)
    else:
        from ruskor.table import EVENT_COLUMNS, EVENT_EXTRA, event_row

        # Row by row, so that many rows of a text format need no memory.
        _rows_out(job.ctx, (event_row(event, lang=lang) for event in events), EVENT_COLUMNS, form, output, extra=EVENT_EXTRA)
    return job.exit_code()


def summary(job: Job, chosen: Filter, *, form: str | None, output: str | None, lang: str) -> int:
    """The summary as text or JSON."""
    from ruskor.export import json_line
    from ruskor.summary import summarise, summary_blocks

    form = choose_format(job.ctx, form, output, allowed=("table", "json"), piped="table")
    run, events = _selected(job, chosen)
    if _keeps_file(job, output) or not job.done:
        return job.exit_code()
    found = summarise(run.annotations, events, failed=len(job.failures), lang=lang)
    if form == "json":
        emit(job.ctx, [json_line(found) + "\n"], output)
    else:
        from ruskor.interface import load_words

        emit_blocks(job.ctx, summary_blocks(found, words=load_words(lang), columns=width_for(job.ctx, output)), output, lang=lang)
    return job.exit_code()


def annotate(job: Job, *, form: str | None, output: str | None, with_text: bool) -> int:
    """Every article's annotation, streamed."""
    from ruskor.export import json_array_of

    form = choose_format(job.ctx, form, output, allowed=("jsonl", "json"), piped="jsonl")
    lines = _annotation_lines(job, with_text=with_text, to_file=output is not None and output != "-")
    with contextlib.suppress(_NothingDoneError):
        emit(job.ctx, json_array_of(lines) if form == "json" else (line + "\n" for line in lines), output)
    return job.exit_code()


class _NothingDoneError(Exception):
    """Ends a stream to a file before the file is replaced."""


def _annotation_lines(job: Job, *, with_text: bool, to_file: bool) -> Iterator[str]:
    homes: dict[str, dict[str, str]] | None = None
    if job.db:
        from ruskor.store.load import rows_by_article

        homes = rows_by_article(job.db)
    for line in stream_job(job, partial(annotation_line, with_text=with_text, homes=homes)):
        yield line
        if not to_file:
            job.ctx.flush()
    if to_file and not job.done:
        raise _NothingDoneError


def annotation_line(annotation: Annotation, *, with_text: bool, homes: dict[str, dict[str, str]] | None = None) -> str:
    """The object of `annotate` as one line of JSON; `homes` are the rows of a store, by article and event."""
    from ruskor.export import json_line

    found = annotation_object(annotation, with_text=with_text)
    if homes is not None:
        home = homes.get(annotation.article.article, {})
        found["events"] = [event | {"event": home.get(event["event_id"])} for event in found["events"]]
    return json_line(found)


def annotation_object(annotation: Annotation, *, with_text: bool = False) -> dict[str, Any]:
    """The object of `annotate`; in the text, what may hold a visitor's address is masked at the same length."""
    from ruskor.withhold import mask, withheld_spans

    found = annotation.to_json(text=with_text)
    if with_text:
        spans = withheld_spans(annotation)
        found["text"] = mask(found["text"], spans)
        found["withheld"] = [list(span) for span in spans]
    return found


def _without_text(annotations: Iterator[Annotation]) -> Iterator[Annotation]:
    """The annotations without their texts and mentions of dates, which one line an article needs no more."""
    for annotation in annotations:
        annotation.article.text, annotation.document, annotation.dates = "", None, []
        yield annotation


def articles(job: Job, *, form: str | None, output: str | None, lang: str = "en") -> int:
    """One line an article, failures among them in order of reading."""
    from ruskor.table import ARTICLE_COLUMNS, article_rows, failure_row

    form = choose_format(job.ctx, form, output, allowed=_TABLES, piped="csv")
    found = article_rows(_without_text(stream_job(job)))
    if _keeps_file(job, output):
        return job.exit_code()
    failures = job.failures
    if job.db:
        from ruskor.store.load import stored_failures

        failures = stored_failures(job.db)
    rows = sorted(found + [failure_row(failure) for failure in failures], key=lambda row: (row["article"], row["path"]))
    if form == "table":
        from ruskor.cli.tables import article_blocks

        emit_blocks(job.ctx, article_blocks(rows, columns=width_for(job.ctx, output), lang=lang), output, lang=lang)
    else:
        _rows_out(job.ctx, rows, ARTICLE_COLUMNS, form, output)
    return job.exit_code()


def show(job: Job, what: str, *, form: str | None, output: str | None, lang: str) -> int:
    """One article or event explained, as text or JSON.

    Raises RuskorError (usage) where nothing bears that name.
    """
    from ruskor.annotation import Annotation
    from ruskor.export import json_line
    from ruskor.readers import readable
    from ruskor.show import show_article, show_event
    from ruskor.table import event_row

    form = choose_format(job.ctx, form, output, allowed=("table", "json"), piped="table")
    if job.paths == [what] and what != "-" and not os.path.exists(what):
        raise RuskorError(
            f"{what}: no such file", hint="for an event or an article of a folder name its paths too: ruskor show EVENT PATH..."
        )
    run = run_job(job, keep_document=True)
    if not job.done:
        return job.exit_code()
    found = _find(run, readable(what), alone=job.paths == [what])
    if form == "json":
        value = annotation_object(found) if isinstance(found, Annotation) else event_row(found, lang=lang)
        emit(job.ctx, [json_line(value) + "\n"], output)
    else:
        if isinstance(found, Annotation):
            blocks = show_article(found, run.events, lang=lang, gazetteer=job.gazetteer())
        else:
            blocks = show_event(found, lang=lang, gazetteer=job.gazetteer())
        emit_blocks(job.ctx, blocks, output, lang=lang)
    return job.exit_code()


def _find(run: Run, what: str, *, alone: bool) -> Annotation | CorpusEvent:
    """An article by its name, path or stem; an event by its id, an alias, or a beginning that only one id has."""
    if alone and len(run.annotations) == 1:
        return run.annotations[0]
    for annotation in run.annotations:
        name = annotation.article.article
        if what in {name, annotation.article.path, os.path.basename(name), os.path.splitext(os.path.basename(name))[0]}:
            return annotation
    for event in run.events:
        if what == event.event_id or what in event.aliases:
            return event
    begun: list[Annotation | CorpusEvent] = [a for a in run.annotations if a.article.article.startswith(what)]
    begun += [e for e in run.events if e.event_id.startswith(what)]
    if len(begun) == 1:
        return begun[0]
    names = [a.article.article for a in run.annotations] + [e.event_id for e in run.events]
    near = [name for name in names if name.startswith(what)] or difflib.get_close_matches(what, names, n=3, cutoff=0.5)
    problem = "could be several" if begun else "no article or event of that name"
    raise RuskorError(f"{one_line(what)}: {problem}", hint=f"perhaps: {', '.join(near[:6])}" if near else None)


def dates(
    ctx: Context, text: str, *, published: str | None, unresolved: bool, form: str | None, output: str | None, lang: str = "en"
) -> int:
    """The dates of one text."""
    from ruskor.dates import find_dates
    from ruskor.errors import ReadError
    from ruskor.readers import decode, readable

    form = choose_format(ctx, form, output, allowed=_TABLES[:-2], piped="csv")
    if text == "-":
        try:
            text, remark = decode(ctx.stdin.read())
        except ReadError as error:
            raise RuskorError(f"standard input: {error.reason}", code=ExitCode.NOTHING) from error
        if remark:
            ctx.warn(f"standard input: {remark}")
    else:
        text = readable(text)
    found = find_dates(text, published=published, unresolved=unresolved)
    if form in {"json", "jsonl"}:
        from ruskor.export import json_array, json_line

        values = [{"text": d.text, "span": list(d.span), "value": d.value.to_json() if d.value else None} for d in found]
        emit(ctx, json_array(values) if form == "json" else [json_line(value) + "\n" for value in values], output)
    elif form == "table":
        from ruskor.cli.tables import date_blocks

        emit_blocks(ctx, date_blocks(found, lang=lang), output, lang=lang)
    else:
        empty = {"start": None, "end": None, "precision": None}
        rows = [
            {"text": d.text} | (d.value.to_json() if d.value else empty) | {"span_start": d.span[0], "span_end": d.span[1]} for d in found
        ]
        columns = dict.fromkeys(("text", "start", "end", "precision", "span_start", "span_end"), "str")
        _rows_out(ctx, rows, columns, form, output)
    if not found:
        ctx.note("no date that can be resolved" + ("" if published else "; give the text's own date with --published"))
    return ExitCode.OK


def evaluate(job: Job, gold: str, *, floors: str | None, form: str | None, output: str | None, lang: str = "en") -> int:
    """Precision, recall and F1 against gold annotation; 4 below a floor."""
    from ruskor.evaluate import below_floors, evaluate_gold, load_floors
    from ruskor.export import json_line

    form = choose_format(job.ctx, form, output, allowed=("table", "json"), piped="table")
    least = load_floors(floors) if floors else {}
    run = run_job(job)
    if not job.done:
        return job.exit_code()
    rows = [row.to_json() for row in evaluate_gold(gold, run)]
    under = below_floors(rows, least)
    if form == "json":
        emit(job.ctx, [json_line({"figures": rows, "below_floor": under}) + "\n"], output)
    else:
        from ruskor.cli.tables import figure_blocks

        emit_blocks(job.ctx, figure_blocks(rows, lang=lang), output, lang=lang)
    for line in under:
        job.ctx.say(f"ruskor: below its floor: {line}")
    code = job.exit_code()
    return ExitCode.BELOW_FLOOR if under else code


def data_check(ctx: Context, files: Sequence[str] = ()) -> int:
    """Every finding with file and line, in the package's data and in the user's own files; 2 where one is an error."""
    from ruskor.check import check_data, check_user
    from ruskor.config import user_gazetteers
    from ruskor.lexicon import data_dir

    own = tuple(dict.fromkeys((*user_gazetteers(ctx.env), *map(Path, files))))
    findings = check_data(data_dir()) + (check_user(own) if own else [])
    errors = [finding for finding in findings if finding.level == "error"]
    for finding in findings:
        if finding.level == "error" or not ctx.quiet:
            ctx.write(f"{finding}\n")
    ctx.note(f"{len(errors)} errors, {len(findings) - len(errors)} warnings")
    return ExitCode.USAGE if errors else ExitCode.OK


def data_search(
    ctx: Context, name: str, *, gazetteers: Sequence[str] = (), form: str | None, output: str | None, lang: str = "en"
) -> int:
    """Entries of the gazetteers that bear the name."""
    from ruskor.check import SEARCH_COLUMNS, search_data
    from ruskor.cli.work import knowledge
    from ruskor.lexicon import data_dir
    from ruskor.readers import readable

    form = choose_format(ctx, form, output, allowed=_TABLES[:-2], piped="csv")
    ctx.extra["gazetteer"] = gazetteers
    rows = search_data(data_dir(), readable(name), extra=knowledge(ctx).gazetteers)
    if form == "table":
        from ruskor.cli.tables import search_blocks

        if rows:
            emit_blocks(ctx, search_blocks(rows, lang=lang), output, lang=lang)
    else:
        _rows_out(ctx, rows, SEARCH_COLUMNS, form, output)
    if not rows:
        ctx.note(f"nothing bears the name {one_line(name)!r}")
    return ExitCode.OK
