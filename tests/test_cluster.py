"""The Dask engine on a local cluster of processes: the rows of a run on one machine, also when a worker is killed in the middle."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("distributed")
pq = pytest.importorskip("pyarrow.parquet")

from ruskor import cluster  # noqa: E402
from ruskor.pipeline import load_pipeline  # noqa: E402
from ruskor.rows import order  # noqa: E402
from ruskor.run import run_paths  # noqa: E402
from ruskor.table import EVENT_COLUMNS, EVENT_EXTRA, event_row  # noqa: E402

ROOT = Path(__file__).parents[1]
ENV = os.environ | {"PYTHONPATH": str(ROOT / "src")}
TOPIC = "russia-north-korea"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Records in several files, packed and not, a text with a sidecar, and a file that cannot be read."""
    sys.path.insert(0, str(ROOT / "scripts"))
    from synthesize import synthesize

    folder = tmp_path_factory.mktemp("cluster") / "in"
    folder.mkdir()
    records = [json.dumps(record, ensure_ascii=False) for record in synthesize(120, seed=5, kilobytes=1.5)]
    for k in range(6):
        text = "\n".join(records[k * 20 : k * 20 + 20]) + "\n"
        if k % 2:
            (folder / f"{k}.jsonl.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
        else:
            (folder / f"{k}.jsonl").write_text(text, encoding="utf-8")
    for path in sorted((ROOT / "seeds").glob("*.txt")):
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "z.txt").write_text("زار بوتين أمس بيونغ يانغ والتقى كيم جونغ أون.", encoding="utf-8")
    (folder / "z.txt.yaml").write_text("published: 2024-06-20\n", encoding="utf-8")
    (folder / "bad.pdf").write_bytes(b"%PDF")
    return folder


@pytest.fixture(scope="module")
def expected(corpus: Path) -> list[dict[str, Any]]:
    run = run_paths(load_pipeline(), [corpus])
    assert len(run.failures) == 1
    return plain([event_row(row) for row in sorted(run.events, key=order)])


def plain(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows as JSON has them, in one order."""
    for row in rows:
        for name in ("history", "mentions", "corrections"):
            row[name] = json.loads(row[name]) if isinstance(row[name], str) else row[name]
    return sorted(rows, key=lambda row: row["event_id"])


def written(folder: Path) -> list[dict[str, Any]]:
    rows = pq.read_table(folder / "events").to_pylist()
    return plain([{name: row[name] for name in (*EVENT_COLUMNS, *EVENT_EXTRA)} for row in rows])


@pytest.fixture
def client() -> Iterator[Any]:
    old = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = str(ROOT / "src")
    with cluster.connect(None, 2) as found:
        yield found
        found.cluster.close()
    if old is None:
        del os.environ["PYTHONPATH"]
    else:
        os.environ["PYTHONPATH"] = old


def test_rows_are_those_of_one_machine(client: Any, corpus: Path, expected: list[dict[str, Any]], tmp_path: Path) -> None:
    articles, rows, failures = cluster.extract([str(corpus)], str(tmp_path), topic=TOPIC, client=client, buckets=5)
    assert written(tmp_path) == expected
    assert (articles, rows, len(failures)) == (126, len(expected), 1)
    found = pq.read_table(tmp_path / "annotations").to_pylist()
    assert len({row["article"] for row in found}) == 126
    assert all(json.loads(row["annotation"])["article"] == row["article"] for row in found)
    assert not list(tmp_path.rglob(".part-*"))


def test_a_lost_worker_changes_nothing(client: Any, corpus: Path, expected: list[dict[str, Any]], tmp_path: Path) -> None:
    pids = list(client.run(os.getpid).values())

    def kill() -> None:
        while not list(tmp_path.rglob("annotations/part-*")):
            time.sleep(0.02)
        os.kill(pids[0], signal.SIGKILL)

    thread = threading.Thread(target=kill)
    thread.start()
    articles, _, _ = cluster.extract([str(corpus)], str(tmp_path), topic=TOPIC, client=client, buckets=5)
    thread.join()
    assert pids[0] not in client.run(os.getpid).values()
    assert articles == 126
    assert written(tmp_path) == expected


def test_the_command(corpus: Path, expected: list[dict[str, Any]], tmp_path: Path) -> None:
    words = [sys.executable, "-m", "ruskor", "extract", "--engine", "dask", "-j", "2", f"{corpus}/*.jsonl*", "-o", tmp_path / "out"]
    done = subprocess.run(words, env=ENV, capture_output=True, text=True, check=False, timeout=180)
    assert done.returncode == 0, done.stderr
    assert "120 articles" in done.stderr
    assert pq.read_table(tmp_path / "out" / "events").num_rows > 100


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--engine", "spark"], "no such engine"),
        (["--scheduler", "tcp://nowhere:1"], "belongs to --engine dask"),
        (["--engine", "dask"], "into a folder"),
        (["--engine", "dask", "-o", "x", "-f", "csv"], "Parquet"),
        (["--engine", "dask", "-o", "x", "--core"], "filters"),
    ],
)
def test_what_does_not_go_together(words: list[str], reason: str, cli: Any) -> None:
    result = cli("extract", "seeds/", *words)
    assert result.code == 2
    assert reason in result.err


def test_files_keep_the_names_of_one_machine(corpus: Path) -> None:
    parts = cluster.partitions([str(corpus)])
    assert [part.name for part in parts][:2] == ["0.jsonl", "000_708e2b4f75d3b3c9.txt"]
    assert [part.name for part in parts if part.sidecar] == ["z.txt"]
    assert [part.name for part in cluster.partitions([f"{corpus}/*.gz"])] == ["1.jsonl.gz", "3.jsonl.gz", "5.jsonl.gz"]
