"""What all commands do alike: find the inputs, run the pipeline with progress, write the output, decide the exit code."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from ruskor.context import Context, one_line
from ruskor.days import parse_days
from ruskor.errors import ExitCode, RuskorError
from ruskor.model import Interval, Status
from ruskor.readers import Failure, listed_paths, readable
from ruskor.readers.records import columns_of

if TYPE_CHECKING:
    from ruskor.annotation import Annotation
    from ruskor.gazetteer import Gazetteer
    from ruskor.pipeline import Pipeline
    from ruskor.run import Run
    from ruskor.select import Filter
    from ruskor.terminal import Block


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What a run knows beside the package's data: the user's own gazetteers, which were checked, and the engine for names."""

    gazetteers: tuple[Path, ...] = ()
    ner: str = "ruskor"

    def gazetteer(self) -> Gazetteer:
        """The gazetteers with the user's own over them."""
        from ruskor.gazetteer import load_gazetteer

        return load_gazetteer(self.gazetteers)


@dataclass(slots=True)
class Job:
    """The inputs of one command and what failed of them."""

    ctx: Context
    paths: list[str]
    topic: str
    published: Interval | None = None
    errors: str | None = None
    corrections: str | None = None
    failures: list[Failure] = field(default_factory=list)
    done: int = 0
    db: str | None = None  # a store to read from instead of paths
    knowledge: Knowledge = field(default_factory=Knowledge)

    def failed(self, failure: Failure) -> None:
        """Remember a failure and tell it at once; errors are told even with -q."""
        self.failures.append(failure)
        hint = f" ({failure.hint})" if failure.hint else ""
        self.ctx.say(one_line(f"ruskor: {where_of(failure)}: {failure.reason}{hint}"))
        if failure.trace and self.ctx.verbose:
            self.ctx.say(failure.trace.rstrip())

    def exit_code(self) -> ExitCode:
        """0, 1 where something failed, 3 where nothing could be processed. Writes the `--errors` file."""
        if self.errors:
            write_errors(self.errors, self.failures)
        if not self.done:
            if not self.failures:
                self.ctx.say(one_line(f"ruskor: no article in {self.db or ', '.join(self.paths)}"))
            return ExitCode.NOTHING
        return ExitCode.PARTIAL if self.failures else ExitCode.OK

    def pipeline(self) -> Pipeline:
        """The pipeline for the topic."""
        from ruskor import pipeline

        known = self.knowledge
        return pipeline.load_pipeline(topic=self.topic, corrections=self.corrections, gazetteers=known.gazetteers, ner=known.ner)

    def gazetteer(self) -> Gazetteer:
        """The gazetteers of this run."""
        return self.knowledge.gazetteer()

    def jobs(self) -> int:
        """How many processes: -j, else one a core (0); one for a stream that may come slowly, which makes nothing wait.

        One, too, with another engine: each process would hold its model of hundreds of megabytes, which uses all cores itself.
        """
        given: int | None = self.ctx.extra.get("jobs")
        return given if given is not None else int("-" in self.paths or self.knowledge.ner != "ruskor")

    def warned_about_published(self) -> None:
        """Tell that one date was given for several articles."""
        if self.published and self.done > 1:
            self.ctx.warn(f"--published was applied to {self.done} articles")


def where_of(failure: Failure) -> str:
    """A failure's path, and within a container which record or member."""
    base = os.path.basename(failure.path)
    _, found, rest = failure.article.partition(base)
    return failure.path + rest if found and rest[:1] in {"#", "/"} else failure.path


def make_job(
    ctx: Context,
    paths: Sequence[str] | None,
    *,
    topic: str,
    corrections: str | None = None,
    published: str | None = None,
    files_from: str | None = None,
    nul: bool = False,
    errors: str | None = None,
) -> Job:
    """The job for a command's options.

    Raises RuskorError (usage) where they do not fit together.
    """
    if nul and files_from is None:
        raise RuskorError("-0 belongs to --files-from")
    given = list(paths or [])
    if files_from is not None:
        if files_from == "-" and "-" in given:
            raise RuskorError("standard input cannot be both an article and the list of --files-from")
        given += listed_paths(files_from, nul=nul, stdin=ctx.stdin)
        if not given:
            raise RuskorError(f"--files-from {files_from}: the list is empty", code=ExitCode.NOTHING)
    known = knowledge(ctx)
    db = ctx.extra.get("db")
    if db and given and "db" in ctx.explicit:
        raise RuskorError("give either paths or --db, not both")
    if db and not given:
        _check_store_options(ctx, published=published, corrections=corrections)
        return Job(ctx, [], topic, None, errors, corrections, db=db, knowledge=known)
    if not given:
        raise RuskorError("no article given", hint="name files or folders, - for standard input, or a store with --db")
    days = parse_days(published, what="--published") if published else None
    return Job(ctx, given, topic, days, errors, corrections, knowledge=known)


def _check_store_options(ctx: Context, *, published: str | None, corrections: str | None) -> None:
    if published:
        raise RuskorError("--published does not fit --db: a store has its articles' dates")
    if corrections:
        ctx.warn("--corrections are not applied to a store; give the articles' paths")
    if "ner" in ctx.explicit:
        raise RuskorError("--ner does not fit --db: a store's articles are analysed by `ruskor ingest`")


def knowledge(ctx: Context) -> Knowledge:
    """What the options, and the user's configuration folder, add to the package's data.

    Raises DataError with file and line where a file of the user's is wrong, RuskorError for an unknown engine.
    """
    from ruskor.config import user_gazetteers

    own = () if ctx.extra.get("no_user_data") else user_gazetteers(ctx.env)
    paths = tuple(dict.fromkeys((*own, *map(Path, ctx.extra.get("gazetteer") or ()))))
    ner = ctx.extra.get("ner") or "ruskor"
    if ner != "ruskor":
        from ruskor.engines import ENGINES

        if ner not in ENGINES:
            raise RuskorError(f"--ner {ner}: no such engine", hint=f"one of: {', '.join(ENGINES)}")
    if paths:
        from ruskor.check import require_sound

        require_sound(paths)
    return Knowledge(paths, ner)


def set_voice(ctx: Context, *, quiet: bool, verbose: bool, no_progress: bool = False) -> Context:
    """Set how much is said; -v wins over -q."""
    ctx.quiet, ctx.verbose = quiet and not verbose, verbose
    ctx.progress = ctx.stderr_tty and not no_progress and not ctx.quiet
    return ctx


def from_store(ctx: Context, what: str) -> bool:
    """Whether `show` is to look into a store: asked for, or set as a default while `what` is no file."""
    return bool(ctx.extra.get("db")) and ("db" in ctx.explicit or not os.path.exists(what))


def run_job(job: Job, *, keep_document: bool = False, lean: bool = False) -> Run:
    """Annotate and merge everything, with progress on standard error; or read it from the store."""
    if job.db:
        from ruskor.store.load import load_job

        run, job.done = load_job(job.db, topic=job.topic)
        if job.corrections:
            correct_run(job, run)
        return run
    from ruskor.cli.progress import Progress
    from ruskor.run import run_paths

    with Progress(job.ctx, job.paths) as progress:
        run = run_paths(
            job.pipeline(), job.paths, published=job.published, keep_document=keep_document, stdin=job.ctx.stdin, warn=job.ctx.warn,
            on_failure=job.failed, on_article=progress.step, lean=lean,
            columns=columns_of(job.ctx.extra), jobs=1 if keep_document else job.jobs(),
        )  # fmt: skip
    job.done = len(run.annotations)
    job.warned_about_published()
    return run


def correct_run(job: Job, run: Run) -> None:
    """Apply the corrections to rows that a store keeps."""
    from ruskor.corrected import correct_stored
    from ruskor.corrections import load_corrections

    assert job.corrections is not None
    done = correct_stored(load_corrections(job.corrections), list(run.events), job.gazetteer())
    run.events, run.vetoed = done.rows, done.vetoed
    for warning in done.warnings:
        job.ctx.warn(warning)


def stream_job(job: Job, finish: Callable[[Annotation], Any] | None = None) -> Iterator[Any]:
    """The annotations as they come, or what `finish` makes of each, where it was made."""
    if job.db:
        from ruskor.store.load import stream_store

        for annotation in stream_store(job.db):
            job.done += 1
            yield finish(annotation) if finish else annotation
        if job.corrections:
            job.ctx.warn(f"{job.corrections}: fixed dates are not applied to a store's articles; run on the articles themselves")
        return
    from ruskor.cli.progress import Progress
    from ruskor.run import Work, results

    pipeline, names = job.pipeline(), []
    corrected = pipeline.corrections is not None
    work = Work(pipeline, job.published, columns=columns_of(job.ctx.extra), finish=None if corrected else finish)
    with Progress(job.ctx, job.paths) as progress:
        for told in results(work, job.paths, on_failure=job.failed, stdin=job.ctx.stdin, warn=job.ctx.warn, jobs=job.jobs()):
            job.done += 1
            progress.step(told.letters)
            if corrected:
                names.append(told.value.article.article)
                yield finish(told.value) if finish else told.value
            else:
                yield told.value
    job.warned_about_published()
    for warning in pipeline.corrections.unread(names) if pipeline.corrections else ():
        job.ctx.warn(warning)


def choose_format(ctx: Context, form: str | None, output: str | None, *, allowed: Sequence[str], piped: str) -> str:
    """The format: -f, else the suffix of -o, else the first allowed one on a terminal and `piped` elsewhere.

    Raises RuskorError (usage) for one that the command does not know, and for binary data to a terminal.
    """
    from ruskor.export import BINARY_FORMATS, format_of

    hint = f"formats: {', '.join(allowed)}"
    to_file = output is not None and output != "-"
    if form is None and to_file:
        assert output is not None
        form = format_of(output)
        if form is None:
            raise RuskorError(f"-o {output}: the suffix names no format", hint=f"add -f; {hint}")
    if form is None:
        form = allowed[0] if ctx.stdout_tty else piped
    if form not in allowed:
        raise RuskorError(f"{form!r} is no format of this command", hint=hint)
    if form in BINARY_FORMATS and not to_file and ctx.stdout_tty:
        raise RuskorError(f"{form} is binary and standard output is a terminal", hint="write to a file with -o, or to a pipe")
    return form


def emit(ctx: Context, pieces: Iterable[str | bytes], output: str | None, *, drawn: bool = False) -> None:
    """Write the pieces to a file, atomically, or to standard output; `drawn` text is already fit for a terminal."""
    if output is not None and output != "-":
        from ruskor.export import write_atomically

        write_atomically(output, (piece.encode("utf-8", "backslashreplace") if isinstance(piece, str) else piece for piece in pieces))
        return
    for piece in pieces:
        if isinstance(piece, bytes):
            ctx.write_bytes(piece)
        elif drawn:
            ctx.write_drawn(piece)
        else:
            ctx.write(piece)


def emit_blocks(ctx: Context, blocks: Iterable[Block], output: str | None, *, lang: str = "en") -> None:
    """Draw blocks for this run's standard output, or plainly and uncut for a file."""
    from ruskor.terminal import draw, show_blocks, width_for

    if output is not None and output != "-":
        emit(ctx, [draw(blocks, columns=width_for(ctx, output))], output)
    else:
        emit(ctx, [show_blocks(ctx, blocks, lang=lang)], None, drawn=True)


def write_errors(path: str, failures: Sequence[Failure]) -> None:
    """The failed articles as JSON lines; an empty file where all went well."""
    from ruskor.export import json_line, write_atomically

    write_atomically(path, [(json_line(failure.to_json()) + "\n").encode() for failure in failures])


def _split(values: Sequence[str] | None) -> tuple[str, ...]:
    return tuple(part.strip() for value in values or () for part in value.split(",") if part.strip())


def _check_words(values: tuple[str, ...], known: Iterable[str], what: str) -> None:
    names = list(known)
    wrong = [value for value in values if value not in names]
    if wrong:
        raise RuskorError(f"{what}: {wrong[0]!r} is unknown", hint=f"known: {', '.join(names)}")


def make_filter(
    *,
    since: str | None = None,
    until: str | None = None,
    types: Sequence[str] | None = None,
    statuses: Sequence[str] | None = None,
    people: Sequence[str] | None = None,
    places: Sequence[str] | None = None,
    core: bool = False,
    everything: bool = False,
) -> Filter:
    """The filter for a command's options.

    Raises RuskorError (usage) for a date that is none and a type or status that does not exist.
    """
    from ruskor.select import Filter

    chosen = Filter(
        since=parse_days(since, what="--since").start if since else None,
        until=parse_days(until, what="--until").last if until else None,
        types=_split(types), statuses=_split(statuses),
        people=tuple(map(readable, people or ())), places=tuple(map(readable, places or ())),
        core=core, everything=everything,
    )  # fmt: skip
    if chosen.types:
        from ruskor.lexicon import data_files, load_yaml

        _check_words(chosen.types, load_yaml(data_files("codes.yaml")[0]), "--type")
    _check_words(chosen.statuses, get_args(Status), "--status")
    if chosen.since and chosen.until and chosen.until < chosen.since:
        raise RuskorError("--until is before --since")
    return chosen


def check_lang(lang: str) -> str:
    """The language, if it is one of ours."""
    if lang not in {"en", "ar"}:
        raise RuskorError(f"--lang: {lang!r} is unknown", hint="known: en, ar")
    return lang
