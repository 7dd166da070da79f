"""The user's own gazetteers and the choice of engine, from the command line, the configuration and the library."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import Result

import ruskor
from ruskor.check import check_user, require_sound
from ruskor.errors import DataError, RuskorError
from ruskor.gazetteer import load_gazetteer

Cli = Callable[..., Result]
TEXT = (
    "موسكو، 12 مايو 2024\nالتقى الرئيس الروسي فلاديمير بوتين جين رو في تل التجربة يوم 10 مايو 2024، وبحثا التعاون مع كوريا الشمالية.\n"
    "وقالت جين رو إن اللقاء كان مثمرا.\n"
)
PERSON = "- {name: Jane Roe, name_ar: جين رو, id: Q999999901, country: USA, gender: f, prominence: 3}\n"
PLACE = (
    "- {name: Test Hill, name_ar: تل التجربة, id: Q999999902, kind: mountain, country: RUS, lat: 43.2, lon: 131.9, in: [Primorsky Krai]}\n"
)
MINE = f"people:\n{PERSON}places:\n{PLACE}"


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "news" / "a.txt"
    path.parent.mkdir()
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    return write(tmp_path / "mine.yaml", MINE)


def write(path: Path, content: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


def annotated(result: Result) -> dict[str, Any]:
    assert result.code == 0, result.err
    found: dict[str, Any] = json.loads(result.out)
    return found


def known(found: dict[str, Any]) -> set[tuple[str, str | None]]:
    return {(mention["name"], mention["id"]) for kind in ("people", "places") for mention in found[kind]}


OURS = {("Jane Roe", "Q999999901"), ("Test Hill", "Q999999902")}


def test_a_person_and_a_place_of_the_users(cli: Cli, article: Path, mine: Path) -> None:
    assert not OURS & known(annotated(cli("annotate", str(article))))
    found = annotated(cli("annotate", str(article), "--gazetteer", str(mine)))
    assert known(found) >= {*OURS, ("Vladimir Putin", "Q7747")}
    (hill,) = [place for place in found["places"] if place["name"] == "Test Hill"]
    assert TEXT[slice(*hill["span"])] == hill["text"] == "تل التجربة"


def test_in_the_event_table_and_its_filters(cli: Cli, article: Path, mine: Path) -> None:
    def rows(*more: str) -> list[dict[str, Any]]:
        result = cli("extract", str(article), "--gazetteer", str(mine), "-f", "json", "--all", *more)
        assert result.code == 0, result.err
        return list(json.loads(result.out))

    (row,) = [row for row in rows() if row["place"] == "Test Hill"]
    assert "Q999999901" in row["people_ids"]
    assert (row["place_id"], row["latitude"], row["country"]) == ("Q999999902", 43.2, "RUS")
    # The hill is within a place of ours, which only the run's own gazetteer knows.
    assert [r["event_id"] for r in rows("--place", "Primorsky Krai")] == [row["event_id"]]
    assert row["event_id"] in [r["event_id"] for r in rows("--person", "جين رو")]


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_dossier_show_and_report(cli: Cli, article: Path, mine: Path, tmp_path: Path, lang: str) -> None:
    given = ("--gazetteer", str(mine), "--lang", lang)
    person = cli("people", "جين رو", str(article), *given, "--all")
    assert person.code == 0, person.err
    assert "Q999999901" in person.out
    place = json.loads(cli("places", "Test Hill", str(article), *given, "-f", "json").out)
    assert (place["in_gazetteer"], place["latitude"]) == (True, 43.2)
    shown = cli("show", str(article), *given)
    assert ("جين رو (" if lang == "ar" else "Jane Roe (") in shown.out
    page = tmp_path / "report.html"
    assert cli("report", str(article), *given, "--all", "-o", str(page)).code == 0
    assert "Test Hill" in page.read_text(encoding="utf-8")
    assert cli("summary", str(article), *given, "--all").code == 0


def test_articles_take_the_options_too(cli: Cli, article: Path, mine: Path) -> None:
    assert cli("articles", str(article), "--gazetteer", str(mine), "--no-user-data", "--ner", "ruskor").code == 0


def test_from_variables_files_and_the_configuration_folder(cli: Cli, article: Path, tmp_path: Path) -> None:
    person, place = write(tmp_path / "p.yaml", f"people:\n{PERSON}"), write(tmp_path / "q.yaml", f"places:\n{PLACE}")
    both = os.pathsep.join((str(person), str(place)))
    assert known(annotated(cli("annotate", str(article), env={"RUSKOR_GAZETTEER": both}))) >= OURS
    # An option takes the place of the variable.
    found = known(annotated(cli("annotate", str(article), "--gazetteer", str(person), env={"RUSKOR_GAZETTEER": both})))
    assert OURS & found == {("Jane Roe", "Q999999901")}
    folder = tmp_path / "home" / ".config" / "ruskor" / "gazetteer"
    write(folder / "p.yaml", f"people:\n{PERSON}")
    write(folder / ".hidden.yaml", "nonsense")
    write(folder / "notes.txt", "nonsense")
    found = known(annotated(cli("annotate", str(article), "--gazetteer", str(place))))
    assert found >= OURS
    assert OURS & known(annotated(cli("annotate", str(article), "--no-user-data"))) == set()
    (tmp_path / "ruskor.yaml").write_text(f"gazetteer: [{place}]\n", encoding="utf-8")
    assert known(annotated(cli("annotate", str(article)))) >= OURS


def test_a_later_file_goes_over_an_earlier_one(tmp_path: Path) -> None:
    one = write(tmp_path / "1.yaml", f"people:\n{PERSON}")
    two = write(tmp_path / "2.yaml", "people:\n- {name: Jane Roe, id: Q999999903, aliases: [جين رو سميث]}\n")
    g = load_gazetteer((one, two))
    assert g.people[g.person_index["Jane Roe"]].id == "Q999999903"
    assert g.people[g.person_index["Jane Roe"]].name_ar == "جين رو"
    assert check_user((one, two)) == []


def test_what_is_changed_wins_over_ours(tmp_path: Path) -> None:
    path = write(
        tmp_path / "u.yaml",
        "people:\n"
        "- {name: Vladimir Putin, name_ar: فلاديمير الأول بوتين, prominence: 4}\n"
        "- name: Sergei Shoigu\n  terms: [{office: security_council_secretary, of: RUS, from: 2024-05-12, to: 2026-01-01}]\n"
        "- {name: New Bearer, name_ar: حامل جديد, id: null, country: RUS, aliases: [سرغي شويغو]}\n",
    )
    require_sound((path,))
    ours, g = load_gazetteer(), load_gazetteer((path,))
    putin, shoigu, bearer = (g.person_index[name] for name in ("Vladimir Putin", "Sergei Shoigu", "New Bearer"))
    assert (g.people[putin].name_ar, g.people[putin].prominence, g.people[putin].id) == ("فلاديمير الأول بوتين", 4, "Q7747")
    assert ("person", putin) in g.trie["فلاديمير"]["بوتين"][""]
    terms = [term for term in g.people[shoigu].terms if term.office == "security_council_secretary"]
    assert [term.until for term in terms] == ["2026-01-01"]
    assert len(g.people[shoigu].terms) == len(ours.people[ours.person_index["Sergei Shoigu"]].terms)
    assert g.trie["سرغي"]["شويغو"][""] == [("person", bearer)]
    assert ("person", shoigu) in g.trie["سيرغي"]["شويغو"][""]


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (MINE.replace("country: USA", "country: XYZ"), 2, "country 'XYZ' is unknown"),
        (MINE.replace("Q999999901", "Q7747"), 2, "id 'Q7747' is also at people/russia.yaml"),
        (MINE.replace("lat: 43.2", "lat: -43.2"), 4, "lies outside RUS"),
        (MINE + "  colour: red\n", 5, "not valid YAML"),
        ("people:\n- name: Jane Roe\n  country: USA\n", 2, "name_ar is missing"),
        ("people:\n- name: Vladimir Putin\n  terms:\n  - {office: wizard, of: RUS, from: 2000}\n", 3, "office 'wizard' is not in"),
        ("people:\n- name: [a]\n", 2, "name is missing or no text"),
        ("people:\n- {name: Vladimir Putin, kin: [a], country: [b], id: [c]}\n", 2, "is unknown"),
        ("people: 3\n", 1, "a list of entries is expected"),
        ("people:\n- 3\n", 2, "an entry with"),
        ("- name: x\n", 1, "a mapping with people, places, organizations, offices is expected"),
        ("persons:\n- name: x\n", 1, "persons: no such section"),
        (f"people:\n{PERSON}{PERSON}", 3, "is also at line 2"),
        ("people:\n- name: 'x\n", 2, "not valid YAML"),
        ("people: " + "[" * 300, 1, "nested too deeply"),
    ],
)
def test_a_wrong_file_is_told_with_its_line(tmp_path: Path, content: str, line: int, words: str) -> None:
    path = write(tmp_path / "bad.yaml", content)
    with pytest.raises(DataError) as error:
        require_sound((path,))
    first = str(error.value).splitlines()[0]
    assert first.startswith(f"{path}:{line}: " if "YAML" not in words else f"{path}:")
    assert words in first


@pytest.mark.parametrize(
    ("content", "words"), [("people: 3\n", "a list of entries is expected"), ("people:\n- name: 'x\n", "not valid YAML")]
)
def test_a_wrong_file_ends_with_file_and_line(cli: Cli, article: Path, tmp_path: Path, content: str, words: str) -> None:
    path = write(tmp_path / "bad.yaml", content)
    result = cli("extract", str(article), "--gazetteer", str(path))
    assert (result.code, result.out) == (2, "")
    assert result.err.splitlines()[0].startswith(f"ruskor: error: {path}:")
    assert words in result.err.splitlines()[0]
    checked = cli("data", "check", str(path))
    assert checked.code == 2
    assert any(row.startswith(f"{path}:") and words in row for row in checked.out.splitlines())


def test_a_missing_file(cli: Cli, article: Path, tmp_path: Path) -> None:
    for args in (("extract", str(article), "--gazetteer"), ("data", "search", "x", "--gazetteer"), ("data", "check")):
        result = cli(*args, str(tmp_path / "none.yaml"))
        assert result.code == 2
        assert "none.yaml" in result.err + result.out
        assert "No such file" in result.err + result.out


def test_a_mended_file_is_read_again(article: Path, tmp_path: Path) -> None:
    path = write(tmp_path / "u.yaml", "people: 3\n")
    for _ in range(2):
        with pytest.raises(DataError, match=r"u\.yaml:1: a list"):
            ruskor.annotate(TEXT, gazetteers=path)
    write(path, MINE)
    assert known(ruskor.annotate(TEXT, gazetteers=[str(path)])) >= OURS
    write(path, MINE.replace("Q999999901", "Q999999904"))
    assert ("Jane Roe", "Q999999904") in known(ruskor.annotate(TEXT, gazetteers=path))
    assert not OURS & known(ruskor.annotate(TEXT))


def test_the_library(article: Path, mine: Path) -> None:
    pytest.importorskip("pandas")
    corpus = ruskor.extract(article, gazetteers=mine, place="Primorsky Krai", all=True)
    assert [row["place"] for row in corpus.rows] == ["Test Hill"]
    assert "Q999999901" in set(corpus.people["id"])


def test_check_and_search(cli: Cli, mine: Path) -> None:
    checked = cli("data", "check", str(mine))
    assert checked.code == 0, checked.out
    found = json.loads(cli("data", "search", "جين رو", "--gazetteer", str(mine), "-f", "json").out)
    assert [(row["name"], row["id"], row["where"]) for row in found] == [("Jane Roe", "Q999999901", f"{mine}:2")]
    (putin,) = json.loads(cli("data", "search", "Q7747", "--gazetteer", str(mine), "-f", "json").out)
    assert putin["where"].startswith("people/russia.yaml:")


def test_a_store_knows_its_gazetteers(cli: Cli, article: Path, mine: Path, tmp_path: Path) -> None:
    db = str(tmp_path / "x.db")
    assert cli("ingest", str(article), "--db", db, "--gazetteer", str(mine)).code == 0
    assert known(annotated(cli("annotate", "--db", db))) >= OURS
    again = cli("ingest", str(article), "--db", db, "--gazetteer", str(mine))
    assert "analysed again" not in again.err
    found = json.loads(cli("extract", "--db", db, "--all", "--gazetteer", str(mine), "--place", "Primorsky Krai", "-f", "json").out)
    assert [row["place"] for row in found] == ["Test Hill"]
    without = cli("ingest", str(article), "--db", db)
    assert "your own gazetteers changed" in without.err
    assert not OURS & known(annotated(cli("annotate", "--db", db)))
    assert cli("forget", "a.txt", "--db", db, "--gazetteer", str(mine)).code == 0


@pytest.mark.parametrize("how", ["option", "variable"])
def test_camel_without_its_data(cli: Cli, article: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    monkeypatch.setenv("CAMELTOOLS_DATA", str(tmp_path / "none"))
    result = (
        cli("extract", str(article), "--ner", "camel") if how == "option" else cli("extract", str(article), env={"RUSKOR_NER": "camel"})
    )
    assert (result.code, result.out) == (2, "")
    assert "not installed" in result.err
    assert "camel_data -i ner-arabert" in result.err
    assert "Traceback" not in result.err
    with pytest.raises(RuskorError, match="not installed"):
        ruskor.annotate(TEXT, ner="camel")


def test_unknown_engine_and_a_store(cli: Cli, article: Path, tmp_path: Path) -> None:
    result = cli("extract", str(article), "--ner", "other")
    assert result.code == 2
    assert "no such engine" in result.err
    result = cli("extract", "--db", str(tmp_path / "x.db"), "--ner", "camel")
    assert result.code == 2
    assert "--ner does not fit --db" in result.err
