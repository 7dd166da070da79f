"""Paths → annotations and merged events: the one way that commands and library share."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from ruskor import pipeline as _pipeline
from ruskor.annotation import Annotation
from ruskor.corpus import CorpusEvent
from ruskor.model import Interval
from ruskor.pipeline import Pipeline
from ruskor.readers import Failure, read_articles
from ruskor.readers.records import Columns


@dataclass(slots=True)
class Run:
    """What came of some paths: the annotations, what failed, and the events merged over all articles."""

    annotations: list[Annotation] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    events: list[CorpusEvent] = field(default_factory=list)
    vetoed: list[CorpusEvent] = field(default_factory=list)  # rows that an analyst's corrections take out


def annotate_paths(
    pipeline: Pipeline,
    paths: Sequence[str | Path],
    *,
    on_failure: Callable[[Failure], None],
    published: Interval | None = None,
    keep_document: bool = False,
    columns: Columns | None = None,
    stdin: BinaryIO | None = None,
    warn: Callable[[str], None] | None = None,
) -> Iterator[Annotation]:
    """The annotations of all articles, streamed; what fails goes to `on_failure` and the rest goes on.

    An error inside the analysis of one article is that article's failure, not the run's.
    """
    for item in read_articles(paths, columns=columns, stdin=stdin, warn=warn):
        if isinstance(item, Failure):
            on_failure(item)
            continue
        try:
            yield _pipeline.annotate_article(pipeline, item, published=published, keep_document=keep_document)
        except Exception as error:  # noqa: BLE001 - whatever it is, the other articles go on, and it is reported
            reason = f"internal error: {type(error).__name__}: {error}"
            on_failure(Failure(item.article, item.path, reason, "please report it with the article", trace=traceback.format_exc()))


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
    on_article: Callable[[Annotation], None] | None = None,
) -> Run:
    """Read, annotate and merge everything below the paths."""
    run = Run()

    def failed(failure: Failure) -> None:
        run.failures.append(failure)
        if on_failure:
            on_failure(failure)

    for annotation in annotate_paths(
        pipeline, paths, on_failure=failed, published=published, keep_document=keep_document, columns=columns, stdin=stdin, warn=warn
    ):
        run.annotations.append(annotation)
        if on_article:
            on_article(annotation)
    done = _pipeline.merge_corrected(pipeline, run.annotations)
    run.events, run.vetoed = done.rows, done.vetoed
    if warn:
        for warning in done.warnings:
            warn(warning)
    return run
