"""Kill an ingest with SIGKILL at random moments, then finish it: the store must equal that of an undisturbed run.

    python scripts/kill_test.py [--kills 200] [--articles 500] [--source seeds/]

Prints one line a hundred kills and a verdict; the exit code is 0 only if every integrity check passed and the stores are equal,
row for row but for ids, runs and times.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))
from make_corpus import make_corpus  # noqa: E402

_EVENT = (
    "date_start, date_end, date_precision, type, cameo, plover, status, core, relevant, title, title_ar, people, people_ids, actors, "
    "place, place_id, country, latitude, longitude, confidence, n_articles, articles, first_reported, last_reported, disagreements, "
    "evidence, data"
)
_QUERIES = (
    f"SELECT {_EVENT} FROM event WHERE gone_run IS NULL ORDER BY data",
    "SELECT name, hash, title, published_start, published_source, relevance, text, annotation, copy_of FROM article ORDER BY name",
    "SELECT a.name, m.event, m.type, m.status, m.data FROM mention m JOIN article a ON a.id = m.article ORDER BY 1, 2",
    "SELECT a.name, p.name, p.id FROM person p JOIN article a ON a.id = p.article ORDER BY 1, 2, 3",
    "SELECT name, id FROM person_seen ORDER BY 1, 2",
    "SELECT a.name, f.path, s.record FROM source s JOIN article a ON a.id = s.article JOIN file f ON f.id = s.file ORDER BY 1, 2, 3",
    "SELECT title, text, evidence FROM article_search ORDER BY text",
    "SELECT count(*) FROM unmerged",
)


def content(path: Path) -> list[list[tuple[object, ...]]]:
    """Everything in a store but ids and times."""
    conn = sqlite3.connect(path)
    try:
        return [conn.execute(query).fetchall() for query in _QUERIES]
    finally:
        conn.close()


def check(path: Path) -> str:
    """What SQLite says of a file's integrity."""
    if not path.exists():
        return "ok"
    conn = sqlite3.connect(path)
    try:
        return str(conn.execute("PRAGMA integrity_check").fetchone()[0])
    finally:
        conn.close()


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--articles", type=int, default=500)
    parser.add_argument("--source", type=Path, default=ROOT / "seeds")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    pick = random.Random(given.seed)
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "articles"
        make_corpus(given.source, folder, given.articles)
        quiet, killed = Path(name) / "quiet.db", Path(name) / "killed.db"

        def command(db: Path) -> list[str]:
            return [sys.executable, "-m", "ruskor", "ingest", str(folder), "--db", str(db), "-q"]

        begun = time.monotonic()
        subprocess.run(command(quiet), check=True, env=environment)
        whole = time.monotonic() - begun
        wanted = content(quiet)
        done = bad = finished = 0
        while done < given.kills:
            process = subprocess.Popen(command(killed), env=environment, stderr=subprocess.DEVNULL)
            try:
                process.wait(pick.uniform(0.05, max(1.5, 8 * whole / given.kills)))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
                done += 1
            else:
                # It got through: compare, and begin with an empty store again.
                finished += 1
                bad += content(killed) != wanted
                for suffix in ("", "-wal", "-shm", ".lock"):
                    Path(f"{killed}{suffix}").unlink(missing_ok=True)
            bad += check(killed) != "ok"
            if done % 100 == 0 and done:
                print(f"{done} kills, {finished} runs got through in between, {bad} bad", flush=True)
        subprocess.run(command(killed), check=True, env=environment)
        equal = content(killed) == wanted
        verdict = "equal" if equal else "DIFFERENT"
        print(f"{done} kills within runs of {whole:.0f} s over {given.articles} articles: {bad} bad, final store {verdict}")
        return 0 if equal and not bad else 1


if __name__ == "__main__":
    sys.exit(main())
