"""`ruskor data check`: the shipped data is sound, and every kind of mistake is found with its file and line."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Result  # noqa: TC002 - pytest reads annotations

from ruskor.check import check_data, search_data
from ruskor.lexicon import data_dir


def test_the_data_is_sound() -> None:
    errors = [str(finding) for finding in check_data(data_dir()) if finding.level == "error"]
    assert not errors, "\n".join(errors)


PERSON = "- name: Test Person\n  name_ar: شخص تجريبي\n  id: null\n  country: RUS\n"
PLACE = "- name: Test Place\n  name_ar: مكان تجريبي\n  id: null\n  kind: city\n  country: RUS\n  lat: 55.0\n  lon: 40.0\n"
EVENT = (
    "known_events:\n  - id: x\n    type: visit\n    start: 2020-01-01\n    end: 2020-01-02\n    title: {en: T, ar: عنوان}\n    people: []\n"
)
TOPIC = "name: t\ntitle: {en: T, ar: عنوان}\nstates: [RUS, PRK]\ncore: {types: [visit], levels: [leader]}\n"
EVENT_END = "    places: []\n    states: [RUS, PRK]\n    source: somewhere\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A small data folder that is sound."""
    root = tmp_path / "data"
    for name in ("people", "places", "organizations", "topics"):
        (root / name).mkdir(parents=True)
    for name in ("codes.yaml", "offices.yaml"):
        shutil.copy(data_dir() / name, root / name)
    shutil.copy(data_dir() / "places" / "countries.yaml", root / "places" / "countries.yaml")
    shutil.copy(data_dir() / "places" / "capitals.yaml", root / "places" / "capitals.yaml")
    shutil.copy(data_dir() / "boxes.yaml", root / "boxes.yaml")
    (root / "people" / "t.yaml").write_text(PERSON, encoding="utf-8")
    (root / "places" / "t.yaml").write_text(PLACE, encoding="utf-8")
    (root / "organizations" / "t.yaml").write_text("- name: Test Org\n  name_ar: منظمة تجريبية\n  kind: media\n", encoding="utf-8")
    (root / "topics" / "t.yaml").write_text(TOPIC + EVENT + EVENT_END, encoding="utf-8")
    return root


def findings(root: Path, file: str) -> list[str]:
    return [str(finding) for finding in check_data(root) if finding.path == file]


def test_a_small_folder_is_sound(data: Path) -> None:
    for file in ("people/t.yaml", "places/t.yaml", "organizations/t.yaml", "topics/t.yaml", "codes.yaml"):
        assert findings(data, file) == []


@pytest.mark.parametrize(
    ("file", "content", "expected"),
    [
        ("people/t.yaml", "- name: 'x", "people/t.yaml:1: error: not valid YAML"),
        ("people/t.yaml", "name: x", "people/t.yaml:1: error: a list of entries is expected"),
        ("people/t.yaml", "- x\n", "an entry with"),
        ("people/t.yaml", "", "warning: empty file"),
        ("people/t.yaml", "- name: A\n  country: RUS\n", "people/t.yaml:1: error: A: name_ar is missing"),
        ("people/t.yaml", PERSON + "  colour: red\n", "people/t.yaml:5: error: Test Person: colour is no key"),
        ("people/t.yaml", PERSON.replace("id: null", "id: 7747"), "people/t.yaml:3: error: Test Person: id 7747 is no Wikidata id"),
        ("people/t.yaml", PERSON.replace("RUS", "XYZ"), "people/t.yaml:4: error: Test Person: country 'XYZ' is unknown"),
        ("people/t.yaml", PERSON.replace("شخص تجريبي", "Person"), "people/t.yaml:2: error: Test Person: name_ar 'Person' is not in Arabic"),
        ("people/t.yaml", PERSON.replace("Test Person", "شخص"), "is in Arabic letters"),
        ("people/t.yaml", PERSON.replace("شخص تجريبي", "شخص\u200f تجريبي"), "invisible marks"),
        ("people/t.yaml", PERSON + "  country: PRK\n", "people/t.yaml:5: error: key 'country': stands twice"),
        ("people/t.yaml", PERSON + "  gender: x\n", "gender 'x' is unknown; known: f, m"),
        ("people/t.yaml", PERSON + "  prominence: 6\n", "prominence 6 is not 1 to 5"),
        ("people/t.yaml", PERSON + "  aliases: نص\n", "aliases is no list"),
        ("people/t.yaml", PERSON + "  aliases: [Person]\n", "is not in Arabic letters"),
        ("people/t.yaml", PERSON + "  short: [نص, نص]\n", "warning: Test Person: short: نص twice"),
        ("people/t.yaml", PERSON + "  active: [2010, 2000]\n", "active ends before it begins"),
        ("people/t.yaml", PERSON + "  kin: {father: Nobody}\n", "people/t.yaml:5: error: Test Person: kin: father 'Nobody' is no entry"),
        (
            "people/t.yaml",
            PERSON + "  terms:\n    - {office: wizard, of: RUS, from: 2000, to: null}\n",
            "office 'wizard' is not in offices.yaml",
        ),
        (
            "people/t.yaml",
            PERSON + "  terms:\n    - {office: president, of: RUS, from: 2000, to: 1999}\n",
            "ends 1999 before it begins 2000",
        ),
        ("people/t.yaml", PERSON + "  terms:\n    - {office: president, of: RUS, from: soon, to: null}\n", "are no dates"),
        ("people/t.yaml", PERSON + "  terms:\n    - {office: president}\n", "needs office, of, from and to"),
        ("people/t.yaml", PERSON + PERSON, "name 'Test Person' is also at people/t.yaml:1"),
        ("people/t.yaml", PERSON + PERSON.replace("Test Person", "Other"), "is also a name of Test Person (people/t.yaml:1)"),
        ("people/t.yaml", (PERSON + PERSON.replace("Test", "Other")).replace("id: null", "id: Q1"), "id 'Q1' is also at"),
        ("places/t.yaml", PLACE.replace("city", "town"), "places/t.yaml:4: error: Test Place: kind 'town' is unknown"),
        ("places/t.yaml", PLACE.replace("40.0", "-100.0"), "places/t.yaml:6: error: Test Place: 55.0, -100.0 lies outside RUS"),
        ("places/t.yaml", PLACE.replace("RUS", "ITA").replace("40.0", "-100.0"), "km from the middle of ITA"),
        ("places/t.yaml", PLACE.replace("55.0", "155.0"), "are no coordinates"),
        ("places/t.yaml", PLACE + "  in: [Nowhere]\n", "in: 'Nowhere' is no entry"),
        ("places/t.yaml", PLACE + "  in: [Test Place]\n", "contain each other"),
        ("organizations/t.yaml", "- name: A\n  name_ar: نص\n  kind: club\n", "kind 'club' is unknown"),
        ("organizations/t.yaml", "- name: A\n  name_ar: نص\n  kind: media\n  acts_for: Nowhere\n", "acts_for 'Nowhere' is no place"),
        ("topics/t.yaml", TOPIC.replace("RUS, PRK", "RUS, XYZ") + EVENT + EVENT_END, "topics/t.yaml:3: error: states: 'XYZ'"),
        ("topics/t.yaml", TOPIC + EVENT.replace("visit", "party") + EVENT_END, "type 'party' is unknown"),
        ("topics/t.yaml", TOPIC + EVENT.replace("2020-01-02", "2019-01-02") + EVENT_END, "ends 2019-01-02 before it begins"),
        ("topics/t.yaml", TOPIC + EVENT.replace("people: []", "people: [Nobody]") + EVENT_END, "warning: x: people: 'Nobody' has no entry"),
        ("topics/t.yaml", TOPIC.replace("name: t", "name: u") + EVENT + EVENT_END, "name 'u' is not the file's"),
        ("codes.yaml", "visit: {cameo: {occurred: 42}, plover: {}}\n", "missing"),
        ("codes.yaml", "visit: {cameo: {occurred: 42}, plover: {}}\n", "42 is no code"),
        ("furniture.yaml", "- {kind: x, max_words: 3, patterns: ['(']}\n", "furniture.yaml:1: error: x: pattern '('"),
    ],
)
def test_mistakes_are_found_with_file_and_line(data: Path, file: str, content: str, expected: str) -> None:
    (data / file).write_text(content, encoding="utf-8")
    found = findings(data, file)
    assert any(expected in line for line in found), "\n".join(found)


def test_two_holders_of_one_office(data: Path) -> None:
    def person(name: str, arabic: str, since: str, until: str) -> str:
        return (
            f"- name: {name}\n  name_ar: {arabic}\n  country: RUS\n  terms: [{{office: president, of: RUS, from: {since}, to: {until}}}]\n"
        )

    file = data / "people" / "t.yaml"
    file.write_text(
        person("A", "ألف باء", "2000-01-01", "2005-06-01") + person("B", "تاء ثاء", "2004-01-01", "2008-01-01"), encoding="utf-8"
    )
    assert "B: is president of RUS from 2004-01-01 while A is until 2005-06-01" in "".join(findings(data, "people/t.yaml"))
    file.write_text(person("A", "ألف باء", "2000-01-01", "2004-01-01") + person("B", "تاء ثاء", "2004-01-01", "2008"), encoding="utf-8")
    assert findings(data, "people/t.yaml") == []


def test_search() -> None:
    (row,) = search_data(data_dir(), "Q7747")
    assert row["name"] == "Vladimir Putin"
    assert row["where"].startswith("people/russia.yaml:")
    assert {r["name"] for r in search_data(data_dir(), "بوتين")} >= {"Vladimir Putin"}
    assert {r["name"] for r in search_data(data_dir(), "vladivos")} >= {"Vladivostok"}
    assert search_data(data_dir(), "  ") == []


def test_the_commands(cli: Callable[..., Result]) -> None:
    result = cli("data", "check", "-q")
    assert (result.code, result.out) == (0, "")
    result = cli("data", "search", "Vladivostok", "-f", "jsonl")
    assert '"Q959"' in result.out
    assert "nothing bears the name" in cli("data", "search", "qqqq").err
