"""The library: what `import ruskor` offers."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruskor.corpus import CorpusEvent
from ruskor.dates import as_interval, find_dates
from ruskor.days import parse_days
from ruskor.errors import ExitCode, RuskorError
from ruskor.gazetteer import content_of
from ruskor.model import Interval
from ruskor.pipeline import Pipeline
from ruskor.run import Run, run_paths
from ruskor.select import Filter, select
from ruskor.table import (
    ARTICLE_COLUMNS,
    DATE_COLUMNS,
    EVENT_COLUMNS,
    PEOPLE_COLUMNS,
    PLACE_COLUMNS,
    Row,
    article_rows,
    date_rows,
    event_rows,
    failure_row,
    frame,
    people_rows,
    place_rows,
)

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Corpus", "annotate", "extract", "find_dates"]

TOPIC = "russia-north-korea"
Words = str | Sequence[str] | None
Files = str | Path | Sequence[str | Path]


class Corpus:
    """The result of `extract`: pandas DataFrames made when they are asked for, and the plain rows behind them."""

    def __init__(self, run: Run, shown: Sequence[CorpusEvent], *, lang: str = "en") -> None:
        self._run = run
        self._shown = list(shown)
        self._lang = lang

    @cached_property
    def events(self) -> pd.DataFrame:
        """The event table: one row, one real event; dates as ISO strings, several values as lists."""
        return frame(self.rows, EVENT_COLUMNS)

    @cached_property
    def people(self) -> pd.DataFrame:
        """One row a person, with counts of mentions, articles and (shown) events."""
        return frame(people_rows(self._run.annotations, self._shown), PEOPLE_COLUMNS)

    @cached_property
    def places(self) -> pd.DataFrame:
        """One row a place, with counts of mentions by role, articles and (shown) events."""
        return frame(place_rows(self._run.annotations, self._shown), PLACE_COLUMNS)

    @cached_property
    def dates(self) -> pd.DataFrame:
        """One row a date expression."""
        return frame(date_rows(self._run.annotations), DATE_COLUMNS)

    @cached_property
    def articles(self) -> pd.DataFrame:
        """One row an article, with its own date and where that comes from; failed articles have an `error`."""
        rows = article_rows(self._run.annotations) + [failure_row(f) for f in self._run.failures]
        return frame(rows, ARTICLE_COLUMNS)

    @cached_property
    def rows(self) -> list[Row]:
        """The event table as dicts, with `part_of`, `history` and `mentions`, as `extract -f json` has them."""
        return event_rows(self._shown, lang=self._lang)

    @cached_property
    def errors(self) -> list[dict[str, str | None]]:
        """What could not be read, and why."""
        return [failure.to_json() for failure in self._run.failures]

    def _repr_html_(self) -> str:
        """The event table in a notebook."""
        from ruskor.display import events_html

        return events_html(self._shown, articles=len(self._run.annotations), failed=len(self._run.failures), lang=self._lang)

    def __repr__(self) -> str:
        return f"<ruskor corpus: {len(self._run.annotations)} articles, {len(self._shown)} events, {len(self._run.failures)} failed>"


def _words(values: Words) -> tuple[str, ...]:
    return (values,) if isinstance(values, str) else tuple(values or ())


def _day(value: date | str | None, *, what: str, last: bool = False) -> date | None:
    if value is None or isinstance(value, date):
        return value
    days = parse_days(value, what=what)
    return days.last if last else days.start


def extract(
    paths: str | Path | Sequence[str | Path],
    *,
    published: date | str | Interval | None = None,
    topic: str = TOPIC,
    corrections: str | Path | None = None,
    gazetteers: Files = (),
    ner: str = "ruskor",
    since: date | str | None = None,
    until: date | str | None = None,
    type: Words = None,  # noqa: A002 - the command's own names
    status: Words = None,
    person: Words = None,
    place: Words = None,
    core: bool = False,
    all: bool = False,  # noqa: A002 - the command's own names
    lang: str = "en",
) -> Corpus:
    """Read files and folders and merge their events into one table.

    `published` is the own date of every article given; `gazetteers` are files of your own people and places (docs/names.md), which go
    over ours; `ner="camel"` adds the names that CAMeL Tools finds; the other options choose rows as those of `ruskor extract` do.
    What cannot be read is in `.errors` and warned about. Raises RuskorError where nothing could be read or an option is wrong.
    """
    from ruskor import pipeline as _pipeline

    given = [paths] if isinstance(paths, str | Path) else list(paths)
    pipeline = _pipeline.load_pipeline(
        topic=topic, corrections=str(corrections) if corrections else None, gazetteers=_own_files(gazetteers), ner=ner
    )
    run = run_paths(pipeline, given, published=as_interval(published), warn=lambda text: warnings.warn(text, stacklevel=4))
    if run.failures and not run.annotations:
        first = run.failures[0]
        raise RuskorError(f"{first.path}: {first.reason}", hint=first.hint, code=ExitCode.NOTHING)
    if run.failures:
        warnings.warn(f"{len(run.failures)} articles could not be read; see .errors", stacklevel=2)
    chosen = Filter(
        since=_day(since, what="since"),
        until=_day(until, what="until", last=True),
        types=_words(type),
        statuses=_words(status),
        people=_words(person),
        places=_words(place),
        core=core,
        everything=all,
    )
    shown, _ = select(run.events, chosen, pipeline.gazetteer)
    return Corpus(run, shown, lang=lang)


def _own_files(gazetteers: Files) -> tuple[Path, ...]:
    """The user's own gazetteers, checked."""
    from ruskor.check import require_sound

    files = tuple(map(Path, [gazetteers] if isinstance(gazetteers, str | Path) else gazetteers))
    require_sound(files)
    return files


def annotate(
    text: str,
    published: date | str | Interval | None = None,
    *,
    topic: str = TOPIC,
    article: str = "-",
    gazetteers: Files = (),
    ner: str = "ruskor",
) -> dict[str, Any]:
    """Everything found in one article's text, as the object of `ruskor annotate`; spans are code points of `text`.

    `gazetteers` and `ner` are as in `extract`. Raises RuskorError for a `published` that is no date, and where a gazetteer is wrong or
    an engine missing.
    """
    from ruskor import pipeline as _pipeline
    from ruskor.model import Article

    files = _own_files(gazetteers)
    pipeline = _cached_pipeline(topic, files, content_of(files), ner)
    return _pipeline.annotate_article(pipeline, Article(article, article, text), published=as_interval(published)).to_json()


@lru_cache(maxsize=4)
def _cached_pipeline(topic: str, gazetteers: tuple[Path, ...], _content: str, ner: str) -> Pipeline:
    """One pipeline for the same options and files, for callers that annotate text after text."""
    from ruskor import pipeline as _pipeline

    return _pipeline.load_pipeline(topic=topic, gazetteers=gazetteers, ner=ner)
