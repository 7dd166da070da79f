"""Paths → annotations and merged events: the one way that commands and library share."""

from __future__ import annotations

import os
import stat
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from ruskor import pipeline as _pipeline
from ruskor.annotation import Annotation
from ruskor.corpus import CorpusEvent
from ruskor.model import Article, Interval
from ruskor.parallel import cores, ordered
from ruskor.pipeline import Pipeline
from ruskor.readers import Failure, Found, find_files, read_found
from ruskor.readers.records import Columns


@dataclass(slots=True)
class Run:
    """What came of some paths: the annotations, what failed, and the events merged over all articles."""

    annotations: Sequence[Annotation] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    events: Sequence[CorpusEvent] = field(default_factory=list)
    vetoed: list[CorpusEvent] = field(default_factory=list)  # rows that an analyst's corrections take out


@dataclass(slots=True)
class Told:
    """What became of one article: what the caller makes of its annotation, and how many letters it has."""

    value: Any
    letters: int


@dataclass(slots=True)
class Work:
    """The work on one article, file or failure; a fresh process loads its own tables for it.

    `finish` makes of an annotation what is handed on: it runs where the annotation was made.
    """

    pipeline: Pipeline
    published: Interval | None = None
    keep_document: bool = False
    columns: Columns | None = None
    finish: Callable[[Annotation], Any] | None = None

    def __call__(self, task: Article | Found | Failure) -> list[Told | Failure | str]:
        """The results for one task, in order; a text is a warning."""
        if isinstance(task, Failure):
            return [task]
        if isinstance(task, Article):
            return [self._one(task)]
        out: list[Told | Failure | str] = []
        for item in read_found(task, columns=self.columns, warn=out.append):
            out += [item if isinstance(item, Failure) else self._one(item)]
        return out

    def _one(self, article: Article) -> Told | Failure:
        """An error inside the analysis of one article is that article's failure, not the run's."""
        try:
            found = _pipeline.annotate_article(self.pipeline, article, published=self.published, keep_document=self.keep_document)
            return Told(self.finish(found) if self.finish else found, len(article.text))
        except Exception as error:  # noqa: BLE001 - whatever it is, the other articles go on, and it is reported
            reason = f"internal error: {type(error).__name__}: {error}"
            return Failure(article.article, article.path, reason, "please report it with the article", trace=traceback.format_exc())

    def __getstate__(self) -> tuple[Any, ...]:
        return self.pipeline.settings, self.published, self.keep_document, self.columns, self.finish

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        settings, self.published, self.keep_document, self.columns, self.finish = state
        self.pipeline = _pipeline.load_pipeline(**settings)


# A file up to this size is read by whoever works on it; what is larger is read here, article by article.
_SMALL = 400_000
_LETTER = 2  # bytes


def _tasks(
    paths: Sequence[str | Path], *, columns: Columns | None, stdin: BinaryIO | None, warn: Callable[[str], None] | None
) -> Iterator[Article | Found | Failure]:
    for item in find_files(paths):
        if isinstance(item, Failure) or (item.path != "-" and 0 <= _bytes(item) <= _SMALL):
            yield item
        else:
            yield from read_found(item, columns=columns, stdin=stdin, warn=warn)


def _bytes(found: Found) -> int:
    try:
        status = os.stat(found.path)
    except OSError:
        return 0
    return status.st_size if stat.S_ISREG(status.st_mode) else -1


def _weight(task: Article | Found | Failure) -> int:
    if isinstance(task, Article):
        return len(task.text)
    return _bytes(task) // _LETTER if isinstance(task, Found) else 0


def results(
    work: Work,
    paths: Sequence[str | Path],
    *,
    on_failure: Callable[[Failure], None],
    stdin: BinaryIO | None = None,
    warn: Callable[[str], None] | None = None,
    jobs: int = 1,
) -> Iterator[Told]:
    """What `work` makes of all articles, streamed in the order of reading, by so many processes (0: one a core)."""
    tasks = _tasks(paths, columns=work.columns, stdin=stdin, warn=warn)
    for found in ordered(tasks, work, jobs=jobs or cores(), weight=_weight):
        for item in found:
            if isinstance(item, Told):
                yield item
            elif isinstance(item, Failure):
                on_failure(item)
            elif warn:
                warn(item)


def run_paths(
    pipeline: Pipeline,
    paths: Sequence[str | Path],
    *,
    published: Interval | None = None,
    keep_document: bool = False,
    columns: Columns | None = None,
    stdin: BinaryIO | None = None,
    warn: Callable[[str], None] | None = None,
    on_failure: Callable[[Failure], None] | None = None,
    on_article: Callable[[int], None] | None = None,
    jobs: int = 1,
    lean: bool = False,
) -> Run:
    """Read, annotate and merge everything below the paths.

    Of many articles the annotations and rows wait in temporary files; `lean` leaves out of them what the event table does not need.
    `on_article` hears how many letters an article has.
    """
    from ruskor.spill import FEW, Shelf, light, merge_spilled

    run = Run()

    def failed(failure: Failure) -> None:
        run.failures.append(failure)
        if on_failure:
            on_failure(failure)

    shelf: Shelf[Annotation] = Shelf()
    here: list[Annotation] = []
    most = None if pipeline.corrections or keep_document else FEW
    work = Work(pipeline, published, keep_document, columns, light if lean else None)
    for told in results(work, paths, on_failure=failed, stdin=stdin, warn=warn, jobs=jobs):
        if on_article:
            on_article(told.letters)
        here.append(told.value)
        if most is not None and len(here) > most:
            shelf.extend(here)
            here, most = [], 0
    if len(shelf):
        run.annotations = shelf
        run.events = merge_spilled(pipeline, shelf)
        return run
    run.annotations = here
    done = _pipeline.merge_corrected(pipeline, here)
    run.events, run.vetoed = done.rows, done.vetoed
    if warn:
        for warning in done.warnings:
            warn(warning)
    return run
