"""What `changes` tells: new events, moved statuses and dates, disagreements, people; since a run, a day or the mark."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import SEEDS, Result

Cli = Callable[..., Result]
PLAN = "يزور الرئيس الروسي فلاديمير بوتين كوريا الشمالية يوم 18 يونيو 2024 للقاء الزعيم كيم جونغ أون.\n"
DONE = "زار الرئيس الروسي فلاديمير بوتين كوريا الشمالية يوم 18 يونيو 2024 والتقى الزعيم كيم جونغ أون.\n"


@pytest.fixture
def store(cli: Cli, tmp_path: Path) -> tuple[str, Path]:
    given = tmp_path / "given"
    given.mkdir()
    db = str(tmp_path / "x.db")
    (given / "a.txt").write_text(PLAN, encoding="utf-8")
    assert cli("ingest", given, "--db", db, "--published", "2024-06-12").code == 0
    return db, given


def changes(cli: Cli, db: str, *options: str) -> list[dict[str, object]]:
    result = cli("changes", "--db", db, "-f", "jsonl", *options)
    assert result.code == 0, result.err
    return [json.loads(line) for line in result.out.splitlines()]


def test_planned_becomes_occurred(cli: Cli, store: tuple[str, Path]) -> None:
    db, given = store
    first = changes(cli, db)
    assert {c["change"] for c in first} >= {"new_event", "new_person"}
    assert {c["person"] for c in first if c["change"] == "new_person"} >= {"Vladimir Putin"}
    assert cli("changes", "--db", db, "--mark", "--exit-code").code == 5
    assert cli("changes", "--db", db, "--exit-code").code == 0
    (given / "b.txt").write_text(DONE, encoding="utf-8")
    (given / "b.txt.yaml").write_text("published: 2024-06-20\n", encoding="utf-8")
    cli("ingest", given, "--db", db)
    found = changes(cli, db)
    moved = [c for c in found if c["change"] == "status"]
    assert ("planned", "occurred") in {(c["before"], c["after"]) for c in moved}
    assert moved[0]["articles"] == ["b.txt"]
    assert changes(cli, db, "--since", "1") == found
    assert len(changes(cli, db, "--since", "0")) > len(found)
    assert changes(cli, db, "--since", "2999-01-01") == []
    assert changes(cli, db, "--since", "2000-01-01") == changes(cli, db, "--since", "0")


def test_formats(cli: Cli, store: tuple[str, Path], tmp_path: Path) -> None:
    db, _ = store
    page = cli("changes", "--db", db, "-f", "markdown").out
    assert page.startswith("# Changes after run 0")
    assert "## New events" in page
    assert cli("changes", "--db", db, "-o", tmp_path / "page.md").code == 0
    assert (tmp_path / "page.md").read_text(encoding="utf-8") == page
    assert cli("changes", "--db", db, "-f", "csv").out.startswith("change,event_id,")
    assert "new event" in cli("changes", "--db", db).out


def test_nothing_new_is_quiet(cli: Cli, store: tuple[str, Path]) -> None:
    db, _ = store
    cli("changes", "--db", db, "--mark", "-q")
    result = cli("changes", "--db", db, "-q", "--exit-code")
    assert (result.code, result.out, result.err) == (0, "", "")


def test_usage(cli: Cli, store: tuple[str, Path], tmp_path: Path) -> None:
    db, _ = store
    assert cli("changes").code == 2
    assert cli("changes", "--db", db, "--since", "99").code == 2
    assert cli("changes", "--db", db, "--since", "yesterday").code == 2
    assert cli("changes", "--db", tmp_path / "none.db").code == 2


def test_withdrawn(cli: Cli, store: tuple[str, Path]) -> None:
    db, given = store
    shutil.copy(next(SEEDS.glob("*.txt")), given / "s.txt")
    cli("ingest", given, "--db", db)
    cli("changes", "--db", db, "--mark")
    cli("forget", "s.txt", "--db", db)
    found = changes(cli, db)
    assert found
    assert {c["change"] for c in found} <= {"withdrawn", "status", "date", "place", "type", "disagreement"}


def test_all_adds_statements(cli: Cli, tmp_path: Path) -> None:
    db = str(tmp_path / "x.db")
    cli("ingest", SEEDS, "--db", db)
    shown, everything = changes(cli, db), changes(cli, db, "--all")
    assert "statement" not in {c["type"] for c in shown}
    assert "statement" in {c["type"] for c in everything}
