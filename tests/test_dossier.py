"""Dossiers of people and places: who is meant, what is in them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import Result, make_event

from ruskor.model import Participant

Cli = Callable[..., Result]


@pytest.mark.parametrize("query", ["Vladimir Putin", "putin", "بوتين", "فلاديمير بوتين", "Q7747"])
def test_a_person_by_any_name(cli: Cli, fake: Any, folder: Path, query: str) -> None:
    found = json.loads(cli("people", query, folder, "-f", "json").out)
    assert (found["name"], found["id"], found["in_gazetteer"]) == ("Vladimir Putin", "Q7747", True)
    assert found["n_mentions"] == 2
    assert found["spellings"] == [{"text": "بوتين", "kind": "name", "n": 2, "articles": ["a.txt", "b/c.txt"]}]
    assert [e["event_id"] for e in found["events"]] == ["2019-04-25-visit-vladivostok"]
    assert found["partners"] == [{"name": "Someone Else", "id": None, "events": 1, "occurred": 1}]
    offices = {(o["key"], o["of"], o["from"], o["to"]) for o in found["offices"]}
    assert ("president", "RUS", "2000-05-07", "2008-05-07") in offices
    text = (folder / "a.txt").read_text(encoding="utf-8")
    for mention in found["articles"][0]["mentions"]:
        assert text[slice(*mention["span"])] == mention["text"]


@pytest.mark.parametrize(("query", "expected"), [("Vladivostok", 1), ("فلاديفوستوك", 1), ("Q959", 1), ("Russia", 1), ("Japan", 0)])
def test_a_place_holds_what_is_in_it(cli: Cli, fake: Any, folder: Path, query: str, expected: int) -> None:
    found = json.loads(cli("places", query, folder, "-f", "json").out)
    assert len(found["events"]) == expected
    if query == "Vladivostok":
        assert found["place_kind"] == "city"
        assert found["inside"]
        assert found["spellings"][0]["kind"] == "location"
        assert {p["name"] for p in found["partners"]} == {"Vladimir Putin", "Someone Else"}


def test_filters_and_hidden_rows(cli: Cli, fake: Any, folder: Path) -> None:
    fake["events"] = [make_event(), make_event("s", type="statement"), make_event("d", status="denied")]
    out = cli("people", "Putin", folder).out
    assert "Events (2)" in out
    assert "1 more outside the default rows" in out
    assert "Events (3)" in cli("people", "Putin", folder, "--all").out
    assert "Events (1)" in cli("people", "Putin", folder, "--status", "denied").out
    assert "Events (0)" in cli("people", "Putin", folder, "--since", "2020").out


def test_who_is_meant(cli: Cli, fake: Any, folder: Path) -> None:
    unknown = cli("people", "Nobody Atall", folder)
    assert unknown.code == 2
    assert "no person of that name" in unknown.err
    several = cli("people", "كيم", folder)
    assert several.code == 2
    assert "could be several" in several.err
    assert "Kim Jong Un" in several.err
    near = cli("people", "Vladimir Puttin", folder)
    assert "perhaps: Vladimir Putin" in near.err
    absent = cli("people", "Angela Merkel", folder)
    assert absent.code == 0
    assert "No article names it." in absent.out
    assert "chancellor" in absent.out


def test_someone_in_no_gazetteer(cli: Cli, fake: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ruskor import pipeline

    annotate = pipeline.annotate_article

    def stranger(*args: Any, **options: Any) -> Any:
        annotation = annotate(*args, **options)
        annotation.people = [replace(p, name="Lim Yul-chul", name_ar="ليم", id=None, country=None) for p in annotation.people]
        return annotation

    monkeypatch.setattr(pipeline, "annotate_article", stranger)
    fake["events"] = [make_event(people=[Participant("Lim Yul-chul", None, "guest", "person")])]
    out = cli("people", "lim yul-chul", folder).out
    assert "in no gazetteer" in out
    assert "Putin visits Vladivostok" in out


def test_in_arabic(cli: Cli, fake: Any, folder: Path) -> None:
    out = cli("people", "Putin", folder, "--lang", "ar").out
    assert out.startswith("فلاديمير بوتين\n")
    for words in ("المناصب", "رئيس الوزراء", "اليوم", "بوتين يزور فلاديفوستوك", "الأحداث (1)"):
        assert words in out, words


def test_nothing_to_read(cli: Cli, fake: Any, tmp_path: Path) -> None:
    assert cli("people", "Putin").code == 2
    assert cli("people", "Putin", tmp_path / "missing").code == 3
