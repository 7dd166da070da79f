"""The store: what a run adds, skips, replaces and marks; equal to a fresh extract; safe from kills, locks and full disks."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import SECRET, SEEDS, Result

from ruskor.errors import RuskorError
from ruskor.gazetteer import load_gazetteer
from ruskor.pipeline import load_pipeline
from ruskor.run import run_paths
from ruskor.store.db import backup, connect, write_lock
from ruskor.store.ingest import Ingest, Report, forget, ingest
from ruskor.store.load import load_job
from ruskor.store.schema import _VIEWS, MIGRATIONS, SCHEMA_VERSION, statements
from ruskor.store.search import search
from ruskor.table import event_rows

Cli = Callable[..., Result]
TOPIC = "russia-north-korea"
ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "scripts"))
from make_corpus import make_corpus  # noqa: E402


def run(db: Path, *paths: Path, whole: bool = False, **options: Any) -> Report:
    conn = connect(str(db), write=True)
    try:
        work = Ingest(conn, str(db), TOPIC)
        with write_lock(str(db), timeout=20):
            return ingest(work, [str(p) for p in paths], **options)
    finally:
        conn.close()


def query(db: Path, sql: str) -> list[Any]:
    conn = sqlite3.connect(db)
    try:
        return conn.execute(sql).fetchall()
    finally:
        conn.close()


def comparable(rows: list[dict[str, Any]]) -> dict[Any, Any]:
    """Rows by their witnesses, without ids."""
    keys = {row["event_id"]: tuple(sorted((m["article"], m["event"]) for m in row["mentions"])) for row in rows}
    return {keys[r["event_id"]]: r | {"event_id": None, "part_of": keys.get(r["part_of"])} for r in rows}


def assert_fresh(db: Path, *paths: Path) -> None:
    fresh = event_rows(run_paths(load_pipeline(), [str(p) for p in paths]).events)
    stored = event_rows(load_job(str(db), topic=TOPIC)[0].events)
    assert comparable(stored) == comparable(fresh)
    assert query(db, "PRAGMA integrity_check") == [("ok",)]
    assert query(db, "SELECT count(*) FROM unmerged") == [(0,)]
    assert query(db, "PRAGMA foreign_key_check") == []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    target = tmp_path / "articles"
    shutil.copytree(SEEDS, target)
    return target


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("corpus")
    make_corpus(SEEDS, target, 60)
    return target


def test_second_run_analyses_nothing(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    db = tmp_path / "x.db"
    first = run(db, folder)
    assert (first.new, first.changed, first.unchanged) == (5, 0, 0)
    assert_fresh(db, folder)
    before = query(db, "SELECT * FROM event")

    def boom(**_: Any) -> None:
        raise AssertionError("loaded the pipeline for nothing")

    monkeypatch.setattr("ruskor.pipeline.load_pipeline", boom)
    second = run(db, folder)
    assert (second.new, second.changed, second.unchanged, second.merged) == (0, 0, 5, None)
    os.utime(folder / "000_708e2b4f75d3b3c9.txt")  # touched, not changed
    assert run(db, folder).unchanged == 5
    assert query(db, "SELECT * FROM event") == before


def test_first_ids_are_those_of_extract(tmp_path: Path, folder: Path) -> None:
    run(tmp_path / "x.db", folder)
    fresh = {e.event_id for e in run_paths(load_pipeline(), [str(folder)]).events}
    assert {r[0] for r in query(tmp_path / "x.db", "SELECT event_id FROM events")} == fresh


def test_articles_one_by_one_equal_all_at_once(tmp_path: Path, corpus: Path) -> None:
    db, grown = tmp_path / "x.db", tmp_path / "grown"
    grown.mkdir()
    files = sorted(corpus.rglob("*.txt"))
    for start in range(0, len(files), 12):
        for path in files[start : start + 12]:
            shutil.copy(path, grown)
        run(db, grown)
    assert_fresh(db, grown)


def test_parts_and_whole_agree(tmp_path: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import ruskor.store.merging as merging

    monkeypatch.setattr(merging, "_WHOLE_FROM", 0)
    parts, whole = tmp_path / "parts.db", tmp_path / "whole.db"
    half = corpus / "0000"
    files = sorted(half.glob("*.txt"))[:30]
    given = tmp_path / "given"
    given.mkdir()
    original = merging.merge_store
    for db in (parts, whole):
        if db == whole:
            monkeypatch.setattr(merging, "merge_store", lambda *a, **k: original(*a, **(k | {"whole": True})))
            shutil.rmtree(given)
            given.mkdir()
        for start in (0, 10, 20):
            for path in files[start : start + 10]:
                shutil.copy(path, given)
            run(db, given)
    columns = "event_id, status, date_start, title, people, articles, part_of, signature"
    assert query(parts, f"SELECT {columns} FROM event ORDER BY 1") == query(whole, f"SELECT {columns} FROM event ORDER BY 1")


@pytest.mark.parametrize("seed", [1, 2])
def test_random_changes_equal_a_fresh_merge(tmp_path: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """New, changed, renamed and forgotten articles, some at a time: the rows are those of merging everything."""
    import ruskor.store.merging as merging
    from ruskor.merge import merge

    monkeypatch.setattr(merging, "_WHOLE_FROM", 0)
    pick = random.Random(seed)
    db, given = tmp_path / "x.db", tmp_path / "given"
    given.mkdir()
    texts = [path.read_text(encoding="utf-8") for path in sorted(corpus.rglob("*.txt"))]
    for number in range(10):
        for k in range(6 if number else 20):
            (given / f"{number}-{k}.txt").write_text(pick.choice(texts), encoding="utf-8")
        for path in pick.sample(sorted(given.iterdir()), 3):
            path.write_text(pick.choice(texts).replace("2019", "2018") + str(number), encoding="utf-8")
        moved = pick.choice(sorted(given.iterdir()))
        moved.rename(given / f"{number}-{pick.randrange(10**6)}.txt")
        gone = pick.choice(sorted(given.iterdir()))
        run(db, given)
        conn = connect(str(db), write=True)
        if number % 2:
            gone.unlink()
            forget(conn, str(db), [gone.name])
        clusters = merge(merging._load(conn)[1], load_gazetteer())
        conn.close()
        rows: dict[int, set[tuple[str, str]]] = {}
        for row, name, event in query(db, "SELECT row, name, event FROM mention JOIN article ON article.id = mention.article"):
            rows.setdefault(row, set()).add((name, event))
        assert set(map(frozenset, rows.values())) == {frozenset(t.key for t in c.tellings) for c in clusters}
        assert query(db, "SELECT count(*) FROM event WHERE gone_run IS NULL") == [(len(clusters),)]
    assert_fresh(db, given)


def test_changed_moved_and_vanished(tmp_path: Path, folder: Path) -> None:
    db = tmp_path / "x.db"
    run(db, folder)
    one, two, three = sorted(folder.glob("*.txt"))[:3]
    one.write_text("\n".join(one.read_text(encoding="utf-8").split("\n")[:12]), encoding="utf-8")
    two.rename(folder / "renamed.txt")
    report = run(db, folder)
    assert (report.new, report.changed, report.moved, report.unchanged, report.vanished) == (0, 1, 1, 3, 0)
    assert_fresh(db, folder)
    assert query(db, "SELECT count(*) FROM paths WHERE article = 'renamed.txt'") == [(2,)]
    three.unlink()
    other = tmp_path / "other"
    other.mkdir()
    run(db, folder / "renamed.txt")
    assert query(db, "SELECT count(*) FROM articles WHERE vanished") == [(0,)]  # only folders are judged
    assert run(db, folder).vanished == 1
    assert query(db, "SELECT article FROM articles WHERE vanished") == [(three.name,)]
    assert query(db, "SELECT count(*) FROM articles") == [(5,)]
    shutil.copy(SEEDS / three.name, three)
    assert run(db, folder).unchanged >= 4
    assert query(db, "SELECT count(*) FROM articles WHERE vanished") == [(0,)]
    assert_fresh(db, folder)


def test_unreadable_folder_is_not_judged(tmp_path: Path, folder: Path) -> None:
    db = tmp_path / "x.db"
    run(db, folder)
    shutil.rmtree(folder)
    report = run(db, folder)
    assert report.vanished == 0
    assert report.failures[0].missing


def test_overlapping_and_equal_files(tmp_path: Path, folder: Path) -> None:
    db = tmp_path / "x.db"
    (folder / "sub").mkdir()
    copied = min(folder.glob("*.txt"))
    shutil.copy(copied, folder / "sub" / "copy.txt")
    run(db, folder)
    run(db, folder / "sub", folder)
    assert query(db, "SELECT count(*) FROM articles") == [(6,)]
    assert_fresh(db, folder)
    twin = tmp_path / "twin"
    shutil.copytree(folder, twin)
    assert run(db, twin).new == 0
    assert query(db, "SELECT count(*) FROM articles") == [(6,)]


def test_same_name_other_content(tmp_path: Path, folder: Path) -> None:
    db = tmp_path / "x.db"
    names = sorted(p.name for p in folder.glob("*.txt"))
    a, b = tmp_path / "a", tmp_path / "b"
    a.mkdir()
    b.mkdir()
    shutil.copy(folder / names[0], a / "same.txt")
    shutil.copy(folder / names[1], b / "same.txt")
    run(db, a, b)
    assert_fresh(db, a, b)


def test_other_version_reanalyses_and_says_why(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import ruskor.store.ingest as module

    db = tmp_path / "x.db"
    run(db, folder)
    key = module.analysis_key(TOPIC)
    monkeypatch.setattr(module, "analysis_key", lambda _: key.replace("data=", "data=0"))
    assert run(db, folder, reanalyse=False).reanalysed == 0
    report = run(db, folder)
    assert (report.reanalysed, report.unchanged) == (5, 5)
    assert "data" in str(report.why)
    assert run(db, folder).reanalysed == 0
    assert run(db, folder, reanalyse=True).why == "it was asked for"
    assert_fresh(db, folder)
    assert query(db, "SELECT count(DISTINCT first_run) FROM event") == [(1,)]  # ids stay


def test_forget_and_search(tmp_path: Path, folder: Path) -> None:
    db = tmp_path / "x.db"
    run(db, folder)
    gone = min(folder.glob("*.txt"))
    conn = connect(str(db), write=True)
    assert {m.article for m in search(conn, "بوتين")} >= {gone.name}
    assert search(conn, 'بوتين OR ") NEAR *') is not None
    assert forget(conn, str(db), [gone.name]) == [gone.name]
    assert gone.name not in {m.article for m in search(conn, "بوتين")}
    with pytest.raises(RuskorError):
        forget(conn, str(db), ["nonsense"])
    conn.close()
    gone.unlink()
    assert_fresh(db, folder)


def test_ids_stay_and_merged_ids_become_aliases(tmp_path: Path, folder: Path) -> None:
    """Two rows that a third article shows to be one: the older id stays, the other is its alias."""
    db, given = tmp_path / "x.db", tmp_path / "given"
    given.mkdir()
    text = "{}\nالتقى الرئيس الروسي فلاديمير بوتين الزعيم الكوري الشمالي كيم جونغ أون في {} يوم {}.\n"
    (given / "a.txt").write_text(text.format("قمة في روسيا", "روسيا", "13 سبتمبر 2023"), encoding="utf-8")
    run(db, given)
    before = set(query(db, "SELECT event_id FROM events"))
    (given / "b.txt").write_text(text.format("قمة في فوستوشني", "قاعدة فوستوشني", "13 سبتمبر 2023"), encoding="utf-8")
    run(db, given)
    assert before <= set(query(db, "SELECT event_id FROM events"))
    assert_fresh(db, given)


def test_no_address_in_the_store(tmp_path: Path, folder: Path) -> None:
    (folder / "x.txt").write_text(f"زار بوتين فلاديفوستوك يوم 25 أبريل 2019، ثم عاد إلى موسكو.\n{SECRET * 3}\n", encoding="utf-8")
    db = tmp_path / "x.db"
    run(db, folder)
    conn = connect(str(db))
    dump = "\n".join(conn.iterdump())
    conn.close()
    assert SECRET.strip() not in dump
    assert "aGVsbG8" not in dump


def test_commands_read_a_store(cli: Cli, tmp_path: Path, folder: Path) -> None:
    db = str(tmp_path / "x.db")
    result = cli("ingest", folder, "--db", db)
    assert (result.code, result.out) == (0, "")
    assert "5 new" in result.err
    for command in (["extract"], ["extract", "-f", "json"], ["articles"], ["summary", "-f", "json"]):
        stored = cli(*command, env={"RUSKOR_DB": db})
        fresh = cli(*command, folder)
        assert stored.out == fresh.out, command
    lines = [json.loads(line) for line in cli("annotate", "--db", db).out.splitlines()]
    assert lines[0]["events"][0]["event"]
    event = lines[0]["events"][0]["event"]
    assert event in cli("show", event, "--db", db).out
    assert cli("extract", folder, "--db", db).code == 2
    assert cli("extract", "--db", tmp_path / "none.db").code == 2
    assert "no such store" in cli("extract", "--db", tmp_path / "none.db").err
    assert cli("ingest", folder).code == 2
    quiet = cli("ingest", folder, "--db", db, "-q")
    assert (quiet.code, quiet.out, quiet.err) == (0, "", "")


def test_bad_file_is_told_once(cli: Cli, tmp_path: Path, folder: Path) -> None:
    db = str(tmp_path / "x.db")
    (folder / "bad.txt").write_bytes(b"\0\1\2" * 50)
    first = cli("ingest", folder, "--db", db, "-q")
    assert (first.code, "bad.txt" in first.err) == (1, True)
    os.utime(folder / "bad.txt", (1, 1))
    second = cli("ingest", folder, "--db", db, "-q")
    assert (second.code, second.err) == (0, "")
    (folder / "bad.txt").write_bytes(b"hello hello")
    assert cli("ingest", folder, "--db", db, "-q").code == 1


def test_logs(cli: Cli, tmp_path: Path, folder: Path) -> None:
    log = tmp_path / "log.jsonl"
    cli("ingest", folder, "--db", tmp_path / "x.db", "-q", "--log-file", log, "--log-format", "json")
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert any("5 new" in line["message"] for line in lines)
    assert cli("ingest", folder, "--db", tmp_path / "x.db", "--log-format", "xml").code == 2


def test_lock_waits_and_gives_up(cli: Cli, tmp_path: Path, folder: Path) -> None:
    db = str(tmp_path / "x.db")
    with write_lock(db, timeout=1):
        result = cli("ingest", folder, "--db", db, "--lock-timeout", "0.2")
        assert result.code == 3
        assert "still writing" in result.err
        assert "locked" not in result.err
    assert cli("ingest", folder, "--db", db).code == 0


def test_another_program_holds_the_database(tmp_path: Path, folder: Path) -> None:
    db = tmp_path / "x.db"
    run(db, folder)
    other = sqlite3.connect(db, check_same_thread=False, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    threading.Timer(0.5, lambda: other.execute("COMMIT")).start()
    assert run(db, folder).unchanged == 5
    other.close()


def test_read_only_and_foreign_files(cli: Cli, tmp_path: Path, folder: Path) -> None:
    db = tmp_path / "x.db"
    run(db, folder)
    conn = sqlite3.connect(tmp_path / "other.db")
    conn.execute("CREATE TABLE t (x)")
    conn.commit()
    conn.close()
    wrong = ((tmp_path / "other.db", "no store of ruskor"), (folder, "is a folder"), (tmp_path / "no" / "x.db", "folder does not exist"))
    for path, words in wrong:
        result = cli("ingest", folder, "--db", path)
        assert result.code != 0
        assert "ruskor: error" in result.err
        assert words in result.err or path == folder or "cannot be written" in result.err
    (tmp_path / "text.db").write_text("no database at all, but long enough to be looked at " * 50)
    assert "no SQLite database" in cli("extract", "--db", tmp_path / "text.db").err
    assert query(tmp_path / "other.db", "SELECT name FROM sqlite_master") == [("t",)]


def test_full_disk_keeps_the_old_state(tmp_path: Path, folder: Path, corpus: Path) -> None:
    db = tmp_path / "x.db"
    run(db, folder)
    before = query(db, "SELECT event_id, status FROM events")
    conn = connect(str(db), write=True)
    (pages,) = conn.execute("PRAGMA page_count").fetchone()
    conn.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(RuskorError, match="full"):
        ingest(Ingest(conn, str(db), TOPIC), [str(corpus)])
    conn.close()
    assert query(db, "PRAGMA integrity_check") == [("ok",)]
    assert query(db, "SELECT event_id, status FROM events") == before
    run(db, folder, corpus)
    assert_fresh(db, folder, corpus)


def test_a_limit_on_files_keeps_the_old_state(tmp_path: Path, folder: Path, corpus: Path) -> None:
    """As `ulimit -f` has it: SQLite calls that an I/O error."""
    import resource

    db = tmp_path / "x.db"
    run(db, folder)
    before = query(db, "SELECT event_id, status FROM events")
    most = db.stat().st_size + 200_000

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    command = [sys.executable, "-m", "ruskor", "ingest", str(corpus), "--db", str(db)]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    done = subprocess.run(command, check=False, env=environment, capture_output=True, text=True, preexec_fn=limited)
    assert done.returncode == 1
    assert "what was stored before is intact" in done.stderr
    assert query(db, "PRAGMA integrity_check") == [("ok",)]
    assert query(db, "SELECT event_id, status FROM events") == before


def test_backup_while_writing(tmp_path: Path, folder: Path) -> None:
    db, copy = tmp_path / "x.db", tmp_path / "copy.db"
    run(db, folder)
    conn = connect(str(db), write=True)
    conn.execute("BEGIN IMMEDIATE")
    backup(str(db), str(copy))
    conn.execute("ROLLBACK")
    conn.close()
    assert query(copy, "SELECT * FROM events") == query(db, "SELECT * FROM events")
    with pytest.raises(RuskorError):
        backup(str(db), str(db))


def old_store(path: Path, version: int) -> None:
    """A store as the given schema version wrote it, from its fixture."""
    conn = sqlite3.connect(path, isolation_level=None)
    for statement in statements((ROOT / "tests" / "fixtures" / f"store-v{version}.sql").read_text(encoding="utf-8")):
        conn.execute(statement)
    conn.close()


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION))
def test_stores_of_all_versions_open(tmp_path: Path, cli: Cli, version: int) -> None:
    db = tmp_path / "old.db"
    old_store(db, version)
    result = cli("extract", "--db", db, "--all")
    assert result.code == 0, result.err
    assert "a.txt" in result.out
    assert query(db, "PRAGMA user_version") == [(SCHEMA_VERSION,)]
    assert "a.txt" in cli("search", "بوتين", "--db", db).out
    assert cli("ingest", "--db", db, "--reanalyse").code == 0
    assert query(db, "PRAGMA integrity_check") == [("ok",)]


def test_newer_store_is_refused(cli: Cli, tmp_path: Path, folder: Path) -> None:
    db = tmp_path / "x.db"
    run(db, folder)
    conn = sqlite3.connect(db)
    conn.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    conn.close()
    result = cli("extract", "--db", db)
    assert result.code == 2
    assert "newer" in result.err


def test_views_are_documented() -> None:
    page = (ROOT / "docs" / "store.md").read_text(encoding="utf-8")
    for view in _VIEWS:
        assert f"`{view}`" in page
    assert len(MIGRATIONS) == SCHEMA_VERSION


def test_four_at_once(tmp_path: Path, corpus: Path) -> None:
    db = tmp_path / "x.db"
    files = sorted(corpus.rglob("*.txt"))
    folders = []
    for k in range(4):
        target = tmp_path / f"f{k}"
        target.mkdir()
        for path in files[k * 8 : k * 8 + 16]:
            shutil.copy(path, target)
        folders.append(target)
    command = [sys.executable, "-m", "ruskor", "ingest", "--db", str(db)]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    running = [subprocess.Popen([*command, str(f)], stderr=subprocess.PIPE, text=True, env=environment) for f in folders]
    said = [p.communicate(timeout=120)[1] for p in running]
    assert [p.returncode for p in running] == [0] * 4, said
    assert not any("locked" in text for text in said)
    assert query(db, "SELECT count(*), count(DISTINCT hash) FROM article") == [(40, 40)]
    everything = tmp_path / "all"
    everything.mkdir()
    for path in files[:40]:
        shutil.copy(path, everything)
    assert_fresh(db, everything)


def test_killed_runs_leave_nothing_half_done(tmp_path: Path, corpus: Path) -> None:
    """The short version of scripts/kill_test.py."""
    db, given = tmp_path / "x.db", tmp_path / "given"
    given.mkdir()
    for path in sorted(corpus.rglob("*.txt"))[:25]:
        shutil.copy(path, given)
    command = [sys.executable, "-m", "ruskor", "ingest", str(given), "--db", str(db)]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    for delay in (0.45, 0.7, 0.9, 1.1):
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL, env=environment)
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.wait()
        if db.exists():
            assert query(db, "PRAGMA integrity_check") == [("ok",)]
    assert subprocess.run(command, check=False, env=environment, stderr=subprocess.DEVNULL).returncode == 0
    assert_fresh(db, given)


def test_nightly_script(tmp_path: Path, folder: Path) -> None:
    """As cron runs it: prints what is new, then nothing."""
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    (bin_ / "ruskor").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m ruskor "$@"\n')
    (bin_ / "ruskor").chmod(0o755)
    db = tmp_path / "x.db"
    environment = {"PATH": f"{bin_}:/usr/bin:/bin", "PYTHONPATH": str(ROOT / "src"), "RUSKOR_DB": str(db), "HOME": str(tmp_path)}
    command = ["sh", str(ROOT / "scripts" / "ruskor-nightly"), str(folder)]
    first, second = (
        subprocess.run(command, env=environment, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL) for _ in range(2)
    )
    assert (first.returncode, first.stderr) == (0, "")
    assert "## New events" in first.stdout
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
    assert list(tmp_path.glob("x.db.?.backup"))
    assert "new" in (tmp_path / "x.db.log").read_text(encoding="utf-8")
