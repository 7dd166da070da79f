"""Evaluation: the definitions, on a gold set made for it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import PUTIN, TEXT, Result, day, make_annotation, make_event

from ruskor.corpus import Witness
from ruskor.errors import RuskorError
from ruskor.evaluate import Figure, below_floors, evaluate_gold, load_floors, match_events, match_mentions, same_days
from ruskor.gold import Told, load_gold, normaliser
from ruskor.model import Article, Event, Evidence
from ruskor.run import Run

Cli = Callable[..., Result]


def told(**changes: Any) -> Told:
    values: dict[str, Any] = {
        "id": "E1", "type": "visit", "status": "occurred", "days": ("2019-04-25", "2019-04-25"), "who": {"a"},
        "places": set(), "evidence": [(0, 5)],
        "types": frozenset({"visit"}), "statuses": frozenset({"occurred"}),
    }  # fmt: skip
    return Told(**(values | changes))


def mention(start: int, name: str, **more: Any) -> dict[str, Any]:
    return {"span": [start, start + 5], "name": name, **more}


def same(a: dict[str, Any], b: dict[str, Any]) -> bool:
    return bool(a["name"] == b["name"])


@pytest.mark.parametrize(
    ("gold", "found", "expected"),
    [
        ([mention(0, "x")], [mention(3, "x")], (1, 0, 0)),
        ([mention(0, "x")], [mention(5, "x")], (0, 1, 1)),
        ([mention(0, "x")], [mention(0, "y")], (0, 1, 1)),
        ([mention(0, "x")], [mention(0, "x"), mention(1, "x")], (1, 1, 0)),
        ([mention(0, "x", optional=True)], [mention(0, "x")], (0, 0, 0)),
        ([mention(0, "x", optional=True)], [mention(0, "y")], (0, 0, 0)),
        ([mention(0, "x", optional=True)], [], (0, 0, 0)),
        ([mention(0, "x", unlisted=True)], [mention(0, "anything", id=None)], (1, 0, 0)),
        ([mention(0, "x", unlisted=True)], [mention(0, "anything", id="Q1")], (0, 1, 1)),
    ],
)
def test_mentions(gold: list[dict[str, Any]], found: list[dict[str, Any]], expected: tuple[int, int, int]) -> None:
    count, _ = match_mentions(gold, found, same)
    assert (count.tp, count.fp, count.fn) == expected


@pytest.mark.parametrize(
    ("changes", "matches"),
    [
        ({}, True),
        ({"type": "summit"}, True),
        ({"type": "call"}, False),
        ({"who": {"b"}}, True),
        ({"who": {"b"}, "evidence": [(9, 12)]}, False),
        ({"days": ("2019-04-26", "2019-04-26")}, False),
        ({"days": ("2019-04-01", None)}, True),
        ({"days": None}, True),
    ],
)
def test_events_match_loosely(changes: dict[str, Any], matches: bool) -> None:
    assert bool(match_events([told()], [told(**changes)])) is matches


def test_the_best_pairs_come_first() -> None:
    gold = [told(id="1", days=None), told(id="2")]
    found = [told(id="a"), told(id="b", days=("2019-04-25", None))]
    assert sorted(match_events(gold, found)) == [(0, 1), (1, 0)]


@pytest.mark.parametrize(
    ("gold_end", "found_end", "right"),
    [(None, "2019-04-26", True), ("2019-04-26", None, True), ("2019-04-26", "2019-04-27", False), (None, None, True)],
)
def test_what_goes_on_may_end_with_the_article(gold_end: str | None, found_end: str | None, right: bool) -> None:
    g = told(days=("2019-04-01", gold_end), statuses=frozenset({"ongoing"}), published="2019-04-26")
    assert same_days(g, told(days=("2019-04-01", found_end), status="ongoing")) is right
    assert same_days(g, told(days=("2019-04-01", found_end), status="occurred")) is (gold_end == found_end)


def test_names_are_compared_without_accents_and_spellings() -> None:
    name = normaliser({"spelling": [["serge[iy]", "serge"]], "aliases": {"Washington, D.C.": "Washington"}})
    assert name("Sergei Lavrov") == name("SERGEY  LAVROV")
    assert name("Washington, D.C.") == name("washington")
    assert name("Nguyễn") == name("Nguyen")
    assert name(None) == ""


def gold_file(folder: Path) -> None:
    gold = {
        "published": {"start": "2019-04-26", "end": "2019-04-26"},
        "people": [{"text": "بوتين", "span": [4, 9], "name": "Vladimir Putin", "kind": "name"}],
        "places": [{"text": "فلاديفوستوك", "span": [10, 21], "name": "Vladivostok", "role": "location"}],
        "dates": [{"text": "25 أبريل 2019", "span": [26, 39], "value": {"start": "2019-04-25", "end": "2019-04-25"}}],
        "events": [
            {"id": "E7", "type": "visit", "status": "occurred", "date": {"start": "2019-04-25", "end": "2019-04-25"}, "core": True,
             "participants": [{"name": "Vladimir Putin"}], "places": [{"name": "Vladivostok"}],
             "evidence": [{"span": [0, 21]}]},
            {"id": "E8", "type": "call", "status": "occurred", "date": None, "core": True, "participants": [],
             "places": [], "evidence": []},
        ],
    }  # fmt: skip
    (folder / "a.json").write_text(json.dumps(gold), encoding="utf-8")
    (folder / "b.json").write_text(json.dumps(gold | {"published": {"start": "2019-04-27", "end": "2019-04-27"}}), encoding="utf-8")
    members = [{"article": "a.txt", "event": "E7"}, {"article": "b.txt", "event": "E7"}]
    (folder / "corpus.json").write_text(json.dumps({"core_events": [{"members": members}]}), encoding="utf-8")


def run_of(*, joined: bool) -> Run:
    annotations = [make_annotation(Article(name, f"x/{name}", TEXT), day("2019-04-26")) for name in ("a.txt", "b.txt")]
    for annotation in annotations:
        annotation.events = [
            Event(
                "E1",
                "visit",
                "occurred",
                day("2019-04-25"),
                [PUTIN],
                annotation.places,
                [Evidence(TEXT[:21], (0, 21))],
                core=True,
                relevant=True,
            )
        ]
    witnesses = [Witness(name, "E1", "visit", "occurred", None, None, ()) for name in ("a.txt", "b.txt")]
    groups = [witnesses] if joined else [[w] for w in witnesses]
    return Run(annotations, [], [make_event(f"e{k}", witnesses=group) for k, group in enumerate(groups)])


@pytest.mark.parametrize("joined", [True, False])
def test_a_whole_evaluation(tmp_path: Path, joined: bool) -> None:
    gold_file(tmp_path)
    rows = {row.key: row.to_json() for row in evaluate_gold(str(tmp_path), run_of(joined=joined))}
    assert rows["published"]["counts"] == "1 of 2"
    assert rows["verbatim"]["value"] == 1.0
    assert rows["people_names"]["f1"] == 1.0
    assert rows["place_roles"]["value"] == 1.0
    assert rows["dates"]["f1"] == 1.0
    assert rows["core_events_loose"]["counts"] == "tp 2 fp 0 fn 2"
    assert rows["core_events_strict"]["recall"] == 0.5
    assert rows["core_events_participants"]["f1"] == 1.0
    assert rows["pairs"]["counts"] == ("tp 1 fp 0 fn 0" if joined else "tp 0 fp 0 fn 1")


def test_records_with_sets_of_names(tmp_path: Path) -> None:
    record = {
        "id": "a", "pub_date": "2019-04-26", "topic": "rus-prk", "people": ["Vladimir Putin", "Kim Jong Un"], "places": ["Vladivostok"],
        "events": [{"type": "visit", "status": "planned", "start": "2019-04-25", "end": "2019-04-25", "people": ["Vladimir Putin"],
                    "places": ["Vladivostok"], "evidence": "زار بوتين", "cluster": "x", "id": "1"}],
        "text": TEXT,
    }  # fmt: skip
    (tmp_path / "gold.jsonl").write_text(json.dumps(record) + "\n" + json.dumps(record | {"id": "b"}) + "\n", encoding="utf-8")
    rows = {row.key: row.to_json() for row in evaluate_gold(str(tmp_path), run_of(joined=True))}
    assert rows["set_published_exact"]["value"] == 1.0
    assert rows["set_people"]["counts"] == "tp 2 fp 0 fn 2"
    assert rows["set_events_loose"]["f1"] == 1.0
    assert rows["set_events_strict"]["f1"] == 0.0
    assert rows["set_relevance"]["value"] == 1.0
    assert rows["pairs"]["f1"] == 1.0


def test_gold_that_is_none(tmp_path: Path) -> None:
    for problem in ("no such folder", "no gold annotation", "not gold annotation"):
        if problem == "not gold annotation":
            (tmp_path / "x.json").write_text("[]")
        with pytest.raises(RuskorError, match=problem):
            load_gold(str(tmp_path / "missing" if problem == "no such folder" else tmp_path))


def test_floors(tmp_path: Path) -> None:
    rows = [Figure("a", "a", right=1, total=2).to_json(), Figure("b", "b", right=1, total=4).to_json()]
    assert below_floors(rows, {"a": 0.5, "b_max": 0.25}) == []
    assert below_floors(rows, {"a": 0.6, "b_max": 0.2, "c": 0}) == ["a: 0.500 below 0.600", "b_max: 0.250 above 0.200", "c: no such figure"]
    (tmp_path / "f.yaml").write_text("a: x")
    with pytest.raises(RuskorError):
        load_floors(str(tmp_path / "f.yaml"))


def test_the_command(cli: Cli, fake: dict[str, Any], tmp_path: Path) -> None:
    gold = tmp_path / "gold"
    gold.mkdir()
    gold_file(gold)
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    result = cli("evaluate", gold, tmp_path / "a.txt", tmp_path / "b.txt")
    assert result.code == 0, result.err
    assert "people, names" in result.out
    (tmp_path / "floors.yaml").write_text("people_names: 0.9\ndates: 1.0\npublished: 1.0\n")
    result = cli("evaluate", gold, tmp_path / "a.txt", tmp_path / "b.txt", "--floors", tmp_path / "floors.yaml", "-f", "json")
    assert result.code == 4
    assert "below its floor: published" in result.err
    assert json.loads(result.out)["below_floor"]
    (tmp_path / "c.txt").write_text(TEXT, encoding="utf-8")
    assert cli("evaluate", gold, tmp_path / "c.txt").code == 2
