"""Fuzz the readers and the annotator: random changes of articles, records and pages, for so many minutes.

    python scripts/fuzz.py [--minutes 10] [--seed 1]

An input that crashes or takes longer than ten seconds is printed with its seed, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import sys
import time
import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from ruskor.model import Article  # noqa: E402
from ruskor.pipeline import annotate_article, load_pipeline  # noqa: E402
from ruskor.readers import Found, read_found  # noqa: E402
from ruskor.readers.records import columns_of  # noqa: E402

_PIECES = [
    b"\0", b"\xff", b"\xd8", "\u202e".encode(), "ـ".encode() * 40, b"[" * 300, b'"', b"\n", b"\r", b"{", b"<div>", b"---\n", b"=1+1",
    "٣١ فبراير ".encode(),
]  # fmt: skip
_FORMS = (None, "html", "jsonl", "json", "csv", "tsv", "parquet")
_SLOW = 10.0


def mutate(pick: random.Random, data: bytes) -> bytes:
    """A few random changes."""
    out = bytearray(data)
    for _ in range(pick.randint(1, 12)):
        at = pick.randrange(len(out) + 1)
        kind = pick.randrange(5)
        if kind == 0:
            out[at:at] = pick.choice(_PIECES) * pick.randint(1, 30)
        elif kind == 1:
            del out[at : at + pick.randint(1, 400)]
        elif kind == 2 and at < len(out):
            out[at] = pick.randrange(256)
        elif kind == 3:
            start = pick.randrange(len(out) + 1)
            out[at:at] = out[start : start + pick.randint(1, 800)]
        else:
            out[at:at] = str(pick.randrange(10**9)).encode()
    return bytes(out)


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    texts = [path.read_bytes() for path in sorted((ROOT / "seeds").glob("*.txt"))]
    pages = [b"<!doctype html><html><body><article><p>" + t.replace(b"\n", b"</p><p>") + b"</p></article></body></html>" for t in texts]
    values = [{"id": k, "text": t.decode(), "date": "2024-01-01"} for k, t in enumerate(texts)]
    records = [json.dumps(value, ensure_ascii=False).encode() + b"\n" for value in values]
    tables = [b'id,text\n1,"' + t.replace(b'"', b'""') + b'"\n' for t in texts]
    seeds = [*texts * 4, *pages, *records, *tables]
    pipeline = load_pipeline()
    told: set[tuple[str, int | None]] = set()
    end, count, articles, bad, number = time.monotonic() + 60 * given.minutes, 0, 0, 0, given.seed
    while time.monotonic() < end:
        number += 1
        pick = random.Random(number)
        data = mutate(pick, pick.choice(seeds))
        begun = time.monotonic()
        try:
            columns = columns_of({"input_format": pick.choice(_FORMS)})
            for found in read_found(Found("-", "-"), columns=columns, stdin=io.BytesIO(data)):
                if isinstance(found, Article):
                    articles += 1
                    annotate_article(pipeline, found)
        except Exception as error:  # noqa: BLE001 - that is what is looked for
            bad += 1
            where = traceback.extract_tb(error.__traceback__)[-1]
            if (where.filename, where.lineno) not in told:
                print(f"crash with seed {number}:\n{traceback.format_exc()}", flush=True)
            told.add((where.filename, where.lineno))
        if time.monotonic() - begun > _SLOW:
            bad += 1
            print(f"slow with seed {number}: {time.monotonic() - begun:.1f} s", flush=True)
        count += 1
    print(f"{count:,} inputs, {articles:,} articles, {bad} bad")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
