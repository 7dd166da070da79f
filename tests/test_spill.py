"""Merging through temporary files gives the rows of merging in memory; near copies are found the same way for few and for many."""

from __future__ import annotations

import random
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from ruskor.copies import likeness, near_copies
from ruskor.model import Article
from ruskor.pipeline import Pipeline, annotate_article, load_pipeline, merge_corrected
from ruskor.rows import order
from ruskor.spill import Shelf, light, merge_spilled
from ruskor.table import event_row

sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return load_pipeline()


@pytest.fixture(scope="module")
def annotations(pipeline: Pipeline) -> list[Any]:
    from synthesize import synthesize

    seeds = [path.read_text(encoding="utf-8") for path in sorted((Path(__file__).parents[1] / "seeds").glob("*.txt"))]
    texts = [record["text"] for record in synthesize(150, seed=11, kilobytes=2)]
    texts += [*seeds, *seeds, *texts[:20], *(text.replace("الثلاثاء", "الأربعاء") for text in texts[20:30])]
    return [annotate_article(pipeline, Article(f"{k:04}", f"{k:04}", text)) for k, text in enumerate(texts)]


def test_spilled_rows_are_those_of_memory(pipeline: Pipeline, annotations: list[Any]) -> None:
    shelf: Shelf[Any] = Shelf()
    shelf.extend(light(a) for a in annotations)
    rows = merge_spilled(pipeline, shelf)
    expected = merge_corrected(pipeline, annotations).rows
    assert [event_row(row) for row in rows] == [event_row(row) for row in expected]
    assert list(rows) == expected
    assert any(row.part_of for row in rows)
    assert any(row.known_event for row in rows)
    assert any(w.copy_of for row in rows for w in row.witnesses)


def test_some_rows_are_picked_without_loading(pipeline: Pipeline, annotations: list[Any]) -> None:
    rows = merge_spilled(pipeline, annotations[:40])
    picked = rows.pick([3, 5])
    assert [row.event_id for row in picked] == [rows[3].event_id, rows[5].event_id]
    assert [row.event_id for row in rows[1:4]] == [row.event_id for row in list(rows)[1:4]]
    assert [order(row) for row in rows] == sorted(order(row) for row in rows)


def test_the_shelf_gives_back_what_was_put() -> None:
    shelf: Shelf[dict[str, int]] = Shelf()
    shelf.extend({"k": k} for k in range(100))
    shelf.append({"k": 100})
    assert len(shelf) == 101
    assert [item["k"] for item in shelf] == list(range(101))
    assert shelf[-1] == {"k": 100}
    assert [item["k"] for item in shelf[5:8]] == [5, 6, 7]
    with pytest.raises(IndexError):
        shelf[101]


def plain_copies(articles: dict[str, tuple[tuple[int, ...], date | None]]) -> dict[str, str]:
    """The definition, article by article against all before it that share a band."""
    leader: dict[str, str] = {}
    before: list[str] = []
    for name in sorted(articles, key=lambda n: (articles[n][1] or date.max, n)):
        marks = articles[name][0]
        if not marks:
            continue
        for other in before:
            theirs = articles[other][0]
            if any(marks[k : k + 4] == theirs[k : k + 4] for k in range(0, 128, 4)) and likeness(marks, theirs) >= 0.6:
                leader[name] = leader.get(other, other)
                break
        before.append(name)
    return leader


@pytest.mark.parametrize("seed", range(5))
def test_near_copies_as_defined(seed: int) -> None:
    dice = random.Random(seed)
    texts = [tuple(dice.randrange(2**32) for _ in range(128)) for _ in range(6)]
    articles: dict[str, tuple[tuple[int, ...], date | None]] = {}
    for k in range(60):
        marks = tuple(dice.randrange(2**32) if dice.random() < dice.choice([0.0, 0.1, 0.3, 0.45]) else mark for mark in dice.choice(texts))
        day = None if dice.random() < 0.2 else date(2020, 1, 1) + timedelta(days=dice.randrange(20))
        articles[f"{k:02}"] = (marks if dice.random() < 0.95 else (), day)
    assert near_copies(articles) == plain_copies(articles)
