"""The pipeline: loaded once, run on any number of articles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ruskor.annotation import Annotation
from ruskor.corpus import CorpusEvent
from ruskor.gazetteer import Gazetteer, load_gazetteer
from ruskor.model import Article, Interval
from ruskor.names import Matcher


@dataclass(slots=True)
class Pipeline:
    """The compiled knowledge and the choice of topic."""

    gazetteer: Gazetteer
    matcher: Matcher
    topic: str = "russia-north-korea"


def load_pipeline(*, topic: str = "russia-north-korea") -> Pipeline:
    """Load gazetteers, words and topic.

    Raises DataError where a data file is wrong or the topic unknown.
    """
    gazetteer = load_gazetteer()
    return Pipeline(gazetteer, Matcher(gazetteer), topic)


def annotate_article(pipeline: Pipeline, article: Article, *, published: Interval | None = None, keep_document: bool = False) -> Annotation:
    """Everything found in one article; `published` overrides what the text says of its date."""
    raise NotImplementedError


def merge_annotations(pipeline: Pipeline, annotations: Iterable[Annotation]) -> list[CorpusEvent]:
    """All articles' events merged: one row, one real event, in the table's order."""
    raise NotImplementedError
