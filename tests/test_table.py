"""Rows, frames, drawn tables, and the words for dates."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conftest import TEXT, make_event

from ruskor.export import delimited, format_of, json_array, write_atomically
from ruskor.model import Interval
from ruskor.table import EVENT_COLUMNS, EVENT_EXTRA, event_row, event_rows, frame
from ruskor.terminal import Grid, draw, isolate
from ruskor.words import short_interval

# The contract's table, in its order.
CONTRACT = [
    "event_id", "date_start", "date_end", "date_precision", "type", "cameo", "plover", "status", "core", "title", "people", "people_ids",
    "actors", "place", "place_id", "country", "latitude", "longitude", "confidence", "n_articles", "articles", "first_reported",
    "last_reported", "disagreements", "evidence",
]  # fmt: skip


def test_columns_are_the_contract() -> None:
    assert list(EVENT_COLUMNS) == CONTRACT
    assert set(event_row(make_event())) == set(CONTRACT) | set(EVENT_EXTRA)
    assert list(EVENT_EXTRA)[:3] == ["part_of", "history", "mentions"]


def test_row_values() -> None:
    row = event_row(make_event(), lang="ar")
    assert row["title"] == "بوتين يزور فلاديفوستوك"
    assert row["confidence"] == 0.88
    assert (row["first_reported"], row["last_reported"]) == ("2019-04-26", "2019-04-26")
    assert row["mentions"][0] == {
        "article": "a.txt", "event": "E1", "status": "occurred",
        "date": {"start": "2019-04-25", "end": "2019-04-25", "precision": "day"},
        "published": {"start": "2019-04-26", "end": "2019-04-26", "precision": "day"},
        "evidence": [{"text": "زار بوتين فلاديفوستوك", "span": [0, 21]}],
    }  # fmt: skip
    empty = event_row(
        make_event(date=None, places=[], country=None, latitude=None, longitude=None, witnesses=[], evidence=None, cameo=None)
    )
    assert [empty[key] for key in ("date_start", "date_end", "date_precision", "place", "cameo", "first_reported", "evidence")] == [
        None
    ] * 7
    ongoing = event_row(make_event(date=Interval(date(2024, 10, 28), None, "day")))
    assert (ongoing["date_start"], ongoing["date_end"]) == ("2024-10-28", None)


def test_frame_types_hold_without_rows() -> None:
    pytest.importorskip("pandas")
    full, empty = frame(event_rows([make_event()]), EVENT_COLUMNS), frame([], EVENT_COLUMNS)
    assert list(full.columns) == list(empty.columns) == CONTRACT
    assert list(full.dtypes) == list(empty.dtypes)
    assert str(full.dtypes["core"]) == "bool"
    assert str(full.dtypes["latitude"]) == "float64"
    assert full.dtypes["n_articles"] == "int64"
    assert full.people[0] == ["Vladimir Putin", "Someone Else"]
    assert (full.date_start == "2019-04-25").all()


def test_csv_round_trip_with_hard_cells() -> None:
    rows = [{"a": 'say "x", y', "b": ["1", None, "3"], "c": None, "d": True}, {"a": "two\nlines", "b": [], "c": 0.5, "d": False}]
    text = "".join(delimited(rows, ["a", "b", "c", "d"]))
    assert list(csv.reader(io.StringIO(text))) == [
        ["a", "b", "c", "d"], ['say "x", y', "1; ; 3", "", "true"], ["two\nlines", "", "0.5", "false"],
    ]  # fmt: skip
    assert text.endswith("\n")
    assert "\r" not in text


def test_json_of_nothing() -> None:
    assert "".join(json_array([])) == "[]\n"


def test_formats_by_suffix() -> None:
    assert [format_of(f"x.{s}") for s in ("csv", "TSV", "json", "jsonl", "parquet", "txt", "docx")] == [
        "csv", "tsv", "json", "jsonl", "parquet", "table", None,
    ]  # fmt: skip


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "t.csv"
    target.write_bytes(b"old")

    def pieces() -> Any:
        yield b"new"
        raise ValueError

    with pytest.raises(ValueError):
        write_atomically(str(target), pieces())
    assert target.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["t.csv"]
    link = tmp_path / "link.csv"
    link.symlink_to(target)
    write_atomically(str(link), [b"new"])
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


@pytest.mark.parametrize(
    ("start", "end", "precision", "expected"),
    [
        ("2019-04-25", "2019-04-25", "day", "2019-04-25"),
        ("2024-06-18", "2024-06-19", "day", "2024-06-18..19"),
        ("2024-06-30", "2024-07-02", "day", "2024-06-30..07-02"),
        ("2023-12-30", "2024-01-02", "day", "2023-12-30..2024-01-02"),
        ("2023-07-01", "2023-07-31", "month", "2023-07"),
        ("2023-07-01", "2023-08-31", "month", "2023-07..08"),
        ("2023-07-01", "2023-07-10", "month", "2023-07-01..10"),
        ("2000-01-01", "2000-12-31", "year", "2000"),
        ("2000-01-01", "2000-06-30", "year", "2000-01..06"),
        ("1990-01-01", "1999-12-31", "multi-year", "1990..1999"),
        ("2023-06-01", "2023-08-31", "season", "2023-06..08"),
        ("2024-06-10", "2024-06-16", "week", "2024-06-10..16"),
        ("2024-10-28", None, "day", "2024-10-28.."),
        ("2022-02-01", None, "month", "2022-02.."),
    ],
)
def test_short_intervals(start: str, end: str | None, precision: Any, expected: str) -> None:
    assert short_interval(Interval(date.fromisoformat(start), date.fromisoformat(end) if end else None, precision)) == expected


def test_isolates_stand_around_padded_cells() -> None:
    grid = Grid([["ab", "بوتين", "x"], ["كيم جونغ أون في موسكو", "c", "y"]], header=("one", "two", "three"))
    drawn = draw([grid], columns=30, isolates=True)
    for line in drawn.splitlines():
        for cell in line.split("│"):
            stripped = cell.strip("\u2067\u2069")
            assert cell in {stripped, isolate(stripped)}, "a mark stands nowhere but at a cell's ends"
    assert "\u2067" not in draw([grid], columns=30)
    assert draw([grid]).splitlines()[2].rstrip() == draw([grid]).splitlines()[2]


def test_cells_cannot_break_the_table() -> None:
    drawn = draw([Grid([["a│b\nc\x1b[31m", "[bold]x[/bold] :smile:"]])])
    assert len(drawn.splitlines()) == 1
    assert "a|b\\nc\ufffd[31m" in drawn
    assert "[bold]x[/bold] :smile:" in drawn


def test_library(fake: dict[str, Any], folder: Path) -> None:
    pytest.importorskip("pandas")
    import ruskor

    corpus = ruskor.extract(str(folder))
    assert list(corpus.events.event_id) == ["2019-04-25-visit-vladivostok"]
    assert list(corpus.articles.article) == ["a.txt", "b/c.txt"]
    assert corpus.people.iloc[0][["name", "n_mentions", "n_articles", "n_events"]].to_list() == ["Vladimir Putin", 2, 2, 1]
    assert corpus.places.iloc[0][["name", "n_location"]].to_list() == ["Vladivostok", 2]
    assert corpus.dates.iloc[0][["text", "start"]].to_list() == ["25 أبريل 2019", "2019-04-25"]
    assert len(ruskor.extract([folder / "a.txt"], type="summit").events) == 0
    (folder / "bad.txt").write_bytes(b"")
    with pytest.warns(UserWarning, match="1 articles could not be read"):
        corpus = ruskor.extract(folder)
    assert corpus.errors[0]["reason"] == "empty file"
    assert corpus.articles.error.notna().sum() == 1
    with pytest.raises(Exception, match="no such file"):
        ruskor.extract(folder / "missing")
    found = ruskor.annotate(TEXT, published="2019-04-26")
    assert found["published"]["start"] == "2019-04-26"
    assert [str(d.value.start) for d in ruskor.find_dates(TEXT) if d.value] == ["2019-04-25"]
