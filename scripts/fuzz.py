"""Fuzz the readers and the annotator: changed articles, pages, records, tables, archives and sidecars, for so many minutes.

    python scripts/fuzz.py [--minutes 10] [--seed 1]

Each input is a file of one of the kinds that are read, some with a sidecar; it is changed before it is packed, and sometimes after. What
is answered in a way that was not heard before (another failure, another number of articles, other kinds of mentions) is kept and changed
further, so that the inputs grow towards the corners. An input that crashes, hangs or takes longer than ten seconds is printed with its
number, kept in the folder named with --keep, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import random
import re
import signal
import sys
import tarfile
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from ruskor.model import Article  # noqa: E402
from ruskor.pipeline import Pipeline, annotate_article, load_pipeline  # noqa: E402
from ruskor.readers import Found, read_found  # noqa: E402
from ruskor.readers.records import columns_of  # noqa: E402

_WORDS = (
    "\u202e",
    "\u2067",
    "ـ" * 40,
    "ً" * 30,
    "٣١ فبراير ",
    "31 فبراير 2024",
    " 0/0/0000 ",
    " الأربعاء ",
    " الشهر الماضي ",
    " 1445 هـ الموافق ",
    " 99999999999 ",
    "9" * 5000,
    "«",
    " بوتين ",
    " كيم جونغ أون ",
    " وبوتين وكيم و" * 20,
    "\u0600\u06dd",
    "𞸀",
    " قبل 999999999 عاما ",
    " عام 0 ",
    " عام 9999 ",
    "---\n",
    "published: ",
    "!!python/x ",
    "&a [*a]",
    "=1+1",
    "<div>",
    "</",
    "<!--",
    "<script>",
    "&#x202e;",
    "&amp;" * 5,
    "[" * 300,
    '"',
    "'",
    "\0",
    "\n",
    "\r",
    "\r\n",
    "\t",
    ",",
    ";",
    "{",
    "}",
)
_PIECES = [*(word.encode() for word in _WORDS), b"\xff", b"\xd8", b"\xef\xbb\xbf", b"\xff\xfe"]
_NUMBERS = [str(number).encode() for number in (0, 1, 12, 31, 32, 99, 2024, 9999, 10**10)]
_FORMS = ("text", "html", "jsonl", "json", "csv", "tsv", "parquet")
_PAGE = (
    '<!doctype html><html lang="ar"><head><title>{title}</title>'
    '<meta property="article:published_time" content="2024-06-19T10:00:00+03:00">'
    '<script type="application/ld+json">{{"@type": "NewsArticle", "datePublished": "2024-06-19", "headline": "x"}}</script></head>'
    "<body><article><h1>{title}</h1><p>{text}</p></article></body></html>"
)
_SIDECAR = b"published: 2024-06-19\noutlet: A\nurl: https://example.org/2024/06/19/a\ntitle: B\n"
_SLOW = 10
_KEPT = 4000


@dataclass(frozen=True, slots=True)
class Input:
    """A file of a kind, how it is packed, and its sidecar."""

    suffix: str
    data: bytes
    packed: str = ""
    sidecar: bytes | None = None


class Hang(BaseException):
    """Too slow; not an Exception, so that nothing takes it for a bad article."""


def parquet(values: list[dict[str, object]]) -> bytes:
    """Records as Parquet; nothing where the package is missing."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        return b""
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(values), out)
    return out.getvalue()


def beginnings() -> list[Input]:
    """Inputs in order, of every kind."""
    texts = [path.read_bytes() for path in sorted((ROOT / "seeds").glob("*.txt"))]
    values: list[dict[str, object]] = [{"id": k, "text": t.decode(), "date": "2024-01-01", "title": "x"} for k, t in enumerate(texts)]
    lines = [json.dumps(value, ensure_ascii=False).encode() + b"\n" for value in values]
    found = [Input(".txt", t) for t in texts] * 3
    found += [Input(".txt", t, sidecar=_SIDECAR) for t in texts]
    found += [Input(".txt", t.decode().encode(code, "replace")) for t in texts[:2] for code in ("utf-16", "windows-1256", "utf-32")]
    found += [Input(".txt", b"---\npublished: 2024-06-19\nsource: A\ntitle: B\n---\n" + t) for t in texts]
    for t in texts:
        paragraphs = "</p><p>".join(t.decode().split("\n"))
        found.append(Input(".html", _PAGE.format(title=t.decode().strip().split("\n")[0], text=paragraphs).encode()))
    found += [Input(".jsonl", line) for line in lines] + [Input(".jsonl", b"".join(lines))]
    found.append(Input(".json", json.dumps({"articles": values}, ensure_ascii=False).encode()))
    for suffix, mark in ((".csv", b","), (".tsv", b"\t"), (".csv", b";")):
        found += [Input(suffix, mark.join((b"id", b"text\n1", b'"' + t.replace(b'"', b'""') + b'"\n'))) for t in texts[:3]]
    found.append(Input(".parquet", parquet(values)))
    found += [replace(one, packed=pack) for pack in (".gz", ".zip", ".tar.gz") for one in found[:: len(found) // 8]]
    return [one for one in found if one.data]


def mutate(pick: random.Random, data: bytes, other: bytes) -> bytes:
    """A few random changes."""
    out = bytearray(data)
    for _ in range(pick.randint(1, 12)):
        at = pick.randrange(len(out) + 1)
        kind = pick.randrange(8)
        if kind == 0:
            out[at:at] = pick.choice(_PIECES) * pick.choice((1, 1, 1, 3, 30))
        elif kind == 1:
            del out[at : at + pick.randint(1, 400)]
        elif kind == 2 and at < len(out):
            out[at] = pick.randrange(256)
        elif kind == 3:
            start = pick.randrange(len(out) + 1)
            out[at:at] = out[start : start + pick.randint(1, 800)]
        elif kind == 4:
            out[at:at] = str(pick.randrange(10**9)).encode()
        elif kind == 5:
            start = pick.randrange(len(other) + 1)
            out[at:at] = other[start : start + pick.randint(1, 1500)]
        elif kind == 6:
            # Within words: letters and numbers of a passage in another order.
            words = bytes(out[at : at + 300]).split(b" ")
            pick.shuffle(words)
            out[at : at + 300] = b" ".join(words)
        else:
            out = bytearray(re.sub(rb"\d+", lambda _: pick.choice(_NUMBERS), bytes(out), count=3))
    return bytes(out)


def change(pick: random.Random, pool: list[Input]) -> Input:
    """One input of the pool, changed; now and then under another name, packed otherwise, with a changed sidecar."""
    one, other = pick.choice(pool), pick.choice(pool)
    sidecar = one.sidecar
    if sidecar is not None or pick.random() < 0.1:
        sidecar = mutate(pick, sidecar or _SIDECAR, other.sidecar or other.data[:200])
    suffix = pick.choice((".txt", ".html", ".jsonl", ".json", ".csv", ".tsv", ".parquet")) if pick.random() < 0.05 else one.suffix
    return Input(suffix, mutate(pick, one.data, other.data), one.packed, sidecar)


def packed(pick: random.Random, one: Input) -> bytes:
    """The bytes of the file; a packed one is damaged now and then."""
    inner = pick.choice(("a", "in/a", "../a", "/a", "a\n-rf", "ا")) + one.suffix
    out = io.BytesIO()
    if one.packed == ".gz":
        out.write(gzip.compress(one.data, 1))
    elif one.packed == ".zip":
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(inner, one.data)
            if one.sidecar is not None:
                archive.writestr(f"{inner}.yaml", one.sidecar)
    elif one.packed == ".tar.gz":
        with tarfile.open(fileobj=out, mode="w:gz", compresslevel=1) as tar:
            info = tarfile.TarInfo(inner)
            info.size = len(one.data)
            tar.addfile(info, io.BytesIO(one.data))
    else:
        return one.data
    data = out.getvalue()
    return mutate(pick, data, data) if pick.random() < 0.3 else data


def answer(pipeline: Pipeline, pick: random.Random, one: Input, folder: Path) -> tuple[str, ...]:
    """What came of an input, in a form that shows whether it was heard before."""
    path = folder / f"x{one.suffix}{one.packed}"
    path.write_bytes(packed(pick, one))
    beside = Path(f"{path}.yaml")
    beside.unlink(missing_ok=True)
    if one.sidecar is not None:
        beside.write_bytes(one.sidecar)
    form = pick.choice(_FORMS) if pick.random() < 0.05 else None
    heard: set[str] = set()
    for found in read_found(Found(path.name, str(path)), columns=columns_of({"input_format": form})):
        if isinstance(found, Article):
            note = annotate_article(pipeline, found)
            json.dumps(note.to_json(), ensure_ascii=False)
            heard |= {f"{e.type} {e.status} {e.date.precision if e.date else None}" for e in note.events}
            heard.add(f"published {note.published.source}")
        else:
            heard.add(re.sub(r"\d+", "0", found.reason)[:60])
    path.unlink()
    return (one.suffix, one.packed, *sorted(heard))


def hung(_signal: int, _frame: object) -> None:
    """The alarm's handler."""
    raise Hang


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a folder for the inputs that failed")
    given = parser.parse_args()
    pool, pipeline = beginnings(), load_pipeline()
    heard: set[tuple[str, ...]] = set()
    kinds: Counter[str] = Counter()
    told: Counter[tuple[str, int | None]] = Counter()
    end, count, number = time.monotonic() + 60 * given.minutes, 0, given.seed * 10**6
    pick = random.Random(given.seed)
    signal.signal(signal.SIGALRM, hung)
    with tempfile.TemporaryDirectory() as folder:
        while time.monotonic() < end:
            number += 1
            count += 1
            one = change(pick, pool)
            signal.alarm(_SLOW)
            try:
                found = answer(pipeline, pick, one, Path(folder))
            except (Exception, Hang) as error:  # noqa: BLE001 - that is what is looked for
                signal.alarm(0)
                where = traceback.extract_tb(error.__traceback__)[-1]
                told[where.filename, where.lineno] += 1
                if told[where.filename, where.lineno] == 1:
                    print(f"input {number}, {one.suffix}{one.packed}: {type(error).__name__}\n{traceback.format_exc()}", flush=True)
                if given.keep:
                    given.keep.mkdir(parents=True, exist_ok=True)
                    (given.keep / f"{number}{one.suffix}").write_bytes(one.data)
                continue
            signal.alarm(0)
            kinds[f"{one.suffix}{one.packed}"] += 1
            if found not in heard and len(pool) < _KEPT and len(one.data) < 60_000:
                pool.append(one)
            heard.add(found)
    print(f"{count:,} inputs, {len(heard):,} different answers, {len(pool):,} kept, {sum(told.values())} bad: {dict(kinds)}")
    return 1 if told else 0


if __name__ == "__main__":
    sys.exit(main())
