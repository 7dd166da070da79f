"""Several processes: the same bytes as one, in order, streamed; a lost worker and an interrupt end the run at once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ruskor.errors import RuskorError
from ruskor.parallel import ordered
from ruskor.run import Work

ROOT = Path(__file__).parents[1]
ENV = os.environ | {"PYTHONPATH": str(ROOT / "src")}


def weigh(_task: int) -> int:
    return 1


def square(task: int) -> int:
    time.sleep(0.002 * (task % 3))
    return task * task


def test_results_keep_the_order_of_the_tasks() -> None:
    found = list(ordered(range(500), square, jobs=3, weight=weigh, first=10, chunk=7))
    assert found == [k * k for k in range(500)]


def test_little_work_stays_here() -> None:
    assert set(ordered(range(50), lambda _: os.getpid(), jobs=4, weight=weigh, first=100)) == {os.getpid()}
    assert len(set(ordered(range(500), lambda _: os.getpid(), jobs=2, weight=weigh, first=10, chunk=5))) > 1


def test_tasks_are_taken_only_as_fast_as_they_are_done() -> None:
    taken = 0

    def tasks() -> Iterator[int]:
        nonlocal taken
        for k in range(10_000):
            taken = k
            yield k

    most = 0
    for done, _ in enumerate(ordered(tasks(), square, jobs=2, weight=weigh, first=10, chunk=10)):
        most = max(most, taken - done)
        if done == 400:
            break
    assert most <= 2 * 3 * 10 + 10


def broken(task: int) -> int:
    if task == 77:
        raise ValueError("no such task")
    return task


def test_an_error_of_the_work_is_raised_here() -> None:
    with pytest.raises(ValueError, match="no such task"):
        list(ordered(range(200), broken, jobs=2, weight=weigh, first=5, chunk=5))


def lethal(task: int) -> int:
    if task == 77:
        os.kill(os.getpid(), signal.SIGKILL)
    return task


def test_a_lost_worker_ends_the_run_with_a_clear_word() -> None:
    begun = time.monotonic()
    with pytest.raises(RuskorError, match=r"a worker process was lost \(killed by SIGKILL\)"):
        list(ordered(range(100_000), lethal, jobs=2, weight=weigh, first=5, chunk=5))
    assert time.monotonic() - begun < 10


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus as records and as files, with a bad file among them."""
    folder = tmp_path_factory.mktemp("corpus")
    path = folder / "many.jsonl"
    subprocess.run([sys.executable, ROOT / "scripts/synthesize.py", "60", "--kilobytes", "5", "-o", path], check=True, env=ENV)
    files = folder / "files"
    files.mkdir()
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        (files / f"{record['id']}.txt").write_text(record["text"], encoding="utf-8")
    (files / "0000030.pdf").write_bytes(b"%PDF")
    (files / "0000031.txt").write_bytes(b"")
    (folder / "long").mkdir()
    for k in range(40):
        (folder / "long" / f"{k}.jsonl").write_bytes(path.read_bytes())
    return folder


def ruskor(*words: str | Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "ruskor", *words], capture_output=True, env=ENV, check=False, cwd=ROOT)


@pytest.mark.parametrize(
    ("command", "inputs"), [("annotate", "many.jsonl"), ("extract", "many.jsonl"), ("extract", "files"), ("articles", "files")]
)
def test_same_bytes_as_serial(corpus: Path, command: str, inputs: str) -> None:
    one, two = (ruskor(command, corpus / inputs, "-j", jobs) for jobs in ("1", "3"))
    assert (one.stdout, one.stderr, one.returncode) == (two.stdout, two.stderr, two.returncode)
    assert one.stdout
    assert one.returncode == (1 if inputs == "files" else 0)


def test_an_interrupt_ends_at_once_and_leaves_the_output(corpus: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    target.write_text("as it was\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "ruskor", "annotate", corpus / "long", "-j", "2", "-o", target],
        env=ENV,
        stderr=subprocess.PIPE,
        start_new_session=True,
        # What a shell starts in the background ignores interrupts, and so would the command.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no threads run here
    )
    time.sleep(3)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=15)
    assert process.returncode == 130
    assert errors.decode().strip().endswith("interrupted")
    assert "Traceback" not in errors.decode()
    assert target.read_text() == "as it was\n"
    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl"]


def test_a_reader_that_goes_away_ends_everything(corpus: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "ruskor", "annotate", corpus / "long", "-j", "2"], env=ENV, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline().startswith(b'{"article"')
    process.stdout.close()
    assert process.wait(timeout=20) == 141
    assert process.stderr is not None
    assert process.stderr.read() == b""


def test_work_can_go_to_a_fresh_process() -> None:
    import pickle

    from ruskor.model import Article
    from ruskor.pipeline import load_pipeline

    work = Work(load_pipeline())
    again = pickle.loads(pickle.dumps(work))
    article = Article("a", "a", "زار بوتين بيونغ يانغ يوم 19 يونيو 2024 والتقى كيم جونغ أون.")
    (one,), (two,) = work(article), again(article)
    assert not isinstance(one, str)
    assert one == two
