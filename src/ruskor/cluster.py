"""The pipeline on a Dask cluster: files in by partitions, annotations and events out as partitioned Parquet, the merging by a shuffle.

Every file is a partition, read by fsspec wherever it is (`s3://…`, `hdfs://…`, a glob), and keeps the name that a run on one machine
gives its articles. A partition's annotations are written where they are made; what travels are its events, shuffled by `bucket_of`,
so that everything that may become one row, or share an id, meets in one place. The rows are those of `ruskor extract` on these files.
A worker that is lost costs what it held: Dask makes it anew, and files are written whole, under the same names.
"""

from __future__ import annotations

import json
import os
import pickle
import posixpath
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any
from zlib import crc32

from ruskor import pipeline as _pipeline
from ruskor.annotation import Annotation
from ruskor.copies import copies_of
from ruskor.corpus import CorpusEvent
from ruskor.errors import ExitCode, RuskorError
from ruskor.knowntitles import name_known
from ruskor.merge import Telling, merge, telling, votes
from ruskor.model import Article, Event
from ruskor.readers import Failure, read_stream
from ruskor.readers.paths import SIDECAR_SUFFIXES
from ruskor.readers.text import sidecar_values
from ruskor.rows import give_ids, make_row, order
from ruskor.tellings import ONCE

if TYPE_CHECKING:
    from distributed import Client

# Events of these kinds are one only where type, day and people are the same: they can be spread by type and year. The others
# meet by their group, whatever their dates, because an undated or coarsely dated one may belong to any row of it.
Key = tuple[str, str]
_HINT = "pip install 'ruskor[dask]'"


@dataclass(frozen=True, slots=True)
class Plan:
    """What every task is told."""

    output: str
    topic: str
    buckets: int
    lang: str = "en"


@dataclass(frozen=True, slots=True)
class Part:
    """A file: its address, its name in all output, the address of its sidecar."""

    path: str
    name: str
    sidecar: str | None = None


@dataclass(slots=True)
class Piece:
    """The events of one partition that go to one bucket, and whom they are a part of."""

    told: list[tuple[Telling, Event]] = field(default_factory=list)


@dataclass(slots=True)
class Told:
    """What became of one partition: its pieces by bucket, what near copies are found by, counts and failures."""

    pieces: list[bytes]
    names: list[str]
    days: list[int]
    marks: list[bytes]
    failures: list[Failure]


@dataclass(slots=True)
class Merged:
    """The rows of one bucket, and what others need to know of them: homes of wholes, rows that may be a known event."""

    rows: bytes
    homes: dict[Key, str]
    likely: list[tuple[str, int, str]]  # known event, witnesses, row


def bucket_of(t: Telling, buckets: int) -> int:
    """Where a telling goes: what may be one row with it, or share an id with that row, goes there too."""
    key = f"{t.type}|{t.date.start.year if t.date else 0}" if t.type in ONCE else t.group
    return crc32(key.encode()) % buckets


@cache
def _loaded(topic: str) -> _pipeline.Pipeline:
    """One pipeline a process and topic."""
    return _pipeline.load_pipeline(topic=topic)


def annotate_partition(plan: Plan, number: int, part: Part) -> Told:
    """Read and annotate one file, write its annotations, and sort its events into buckets."""
    pipeline = _loaded(plan.topic)
    out = Told([], [], [], [], [])
    pieces = [Piece() for _ in range(plan.buckets)]
    lines: list[dict[str, Any]] = []
    values: dict[str, str] = {}
    if part.sidecar:
        with _opened(part.sidecar) as stream:
            values = sidecar_values(stream.read(65_537), part.name)
    with _opened(part.path) as stream:
        for item in read_stream(stream, name=part.name, path=part.path, values=values):
            if isinstance(item, Failure):
                out.failures.append(item)
            else:
                _annotate(pipeline, item, out, pieces, lines)
    _write(plan, "annotations", number, lines, _ANNOTATION)
    out.pieces = [pickle.dumps(piece, 5) if piece.told else b"" for piece in pieces]
    return out


def _annotate(pipeline: _pipeline.Pipeline, article: Article, out: Told, pieces: list[Piece], lines: list[dict[str, Any]]) -> None:
    try:
        found = _pipeline.annotate_article(pipeline, article)
    except Exception as error:  # noqa: BLE001 - one article's error is not the run's
        out.failures.append(Failure(article.article, article.path, f"internal error: {type(error).__name__}: {error}"))
        return
    own = found.published.value
    out.names.append(article.article)
    out.days.append(own.start.toordinal() if own else 0)
    out.marks.append(array("I", found.sketch).tobytes())
    lines.append(_annotation_line(found))
    for event in found.events:
        t = telling(article.article, event, own)
        pieces[bucket_of(t, len(pieces))].told.append((t, event))


def find_copies(parts: Sequence[tuple[list[str], list[int], list[bytes]]]) -> dict[str, str]:
    """The near copies among all partitions' articles."""
    names = [name for part in parts for name in part[0]]
    days = [day for part in parts for day in part[1]]
    return copies_of(names, days, [marks for part in parts for marks in part[2]])


def merge_bucket(plan: Plan, copies: Mapping[str, str], pieces: Sequence[bytes]) -> Merged:
    """The rows of one bucket, with their ids."""
    g = _loaded(plan.topic).gazetteer
    told: dict[Key, tuple[Telling, Event]] = {}
    for data in pieces:
        for t, event in pickle.loads(data).told if data else ():  # noqa: S301 - from our own tasks
            leader = copies.get(t.article)
            told[t.key] = (replace(t, copy_of=leader) if leader else t, event)
    events = {key: event for key, (_, event) in told.items()}
    groups: dict[str, list[Telling]] = {}
    for t, _ in told.values():
        groups.setdefault(t.group, []).append(t)
    rows = [make_row(cluster, events, g) for group in sorted(groups) for cluster in merge(groups[group], g)]
    give_ids(rows)
    homes = {(w.article, w.event): row.event_id for row in rows for w in row.witnesses}
    likely = []
    for row in rows:
        before = row.title_en, row.title_ar
        name_known([row], plan.topic)
        if row.known_event is not None:
            likely.append((row.known_event, row.n_articles, row.event_id))
        row.known_event, (row.title_en, row.title_ar) = None, before
    parents = {key: event.part_of for key, event in events.items() if event.part_of}
    return Merged(pickle.dumps((rows, parents), 5), homes, likely)


def gather(parts: Sequence[tuple[dict[Key, str], list[tuple[str, int, str]]]]) -> tuple[dict[Key, str], set[str]]:
    """The homes of all events that others may be a part of, and the rows that are known events."""
    homes: dict[Key, str] = {}
    fitting: dict[str, list[tuple[int, str]]] = {}
    for found, likely in parts:
        homes |= found
        for known, witnesses, row in likely:
            fitting.setdefault(known, []).append((witnesses, row))
    named = set()
    for own in fitting.values():
        own.sort(reverse=True)
        if len(own) == 1 or own[0][0] != own[1][0]:
            named.add(own[0][1])
    return homes, named


def write_bucket(plan: Plan, number: int, data: bytes, shared: tuple[dict[Key, str], set[str]]) -> int:
    """Write the rows of one bucket in the table's order; how many they are."""
    from ruskor.table import event_row

    homes, named = shared
    rows: list[CorpusEvent]
    rows, parents = pickle.loads(data)  # noqa: S301 - from our own tasks
    for row in rows:
        if row.event_id in named:
            name_known([row], plan.topic)
        wholes = [homes.get((w.article, parents[w.article, w.event])) for w in row.witnesses if (w.article, w.event) in parents]
        known = votes(whole for whole in wholes if whole and whole != row.event_id)
        row.part_of = known[0] if known else None
    rows.sort(key=order)
    _write(plan, "events", number, [event_row(row, lang=plan.lang) | {"relevant": row.relevant} for row in rows], _event_columns())
    return len(rows)


_ANNOTATION = {
    "article": "str",
    "published_start": "str",
    "published_end": "str",
    "relevance": "float",
    "title": "str",
    "annotation": "str",
}


def _annotation_line(found: Annotation) -> dict[str, Any]:
    own = found.published.value
    return {
        "article": found.article.article,
        "published_start": own.start.isoformat() if own else None,
        "published_end": own.end.isoformat() if own and own.end else None,
        "relevance": round(found.relevance, 2),
        "title": found.title,
        "annotation": json.dumps(found.to_json(), ensure_ascii=False),
    }


def _event_columns() -> dict[str, str]:
    from ruskor.table import EVENT_COLUMNS, EVENT_EXTRA

    return EVENT_COLUMNS | EVENT_EXTRA | {"relevant": "bool"}


def _opened(path: str) -> Any:
    import fsspec

    return fsspec.open(path, "rb").open()


def _write(plan: Plan, what: str, number: int, rows: Sequence[dict[str, Any]], columns: dict[str, str]) -> None:
    """One part of a data set, there whole or not at all; made again, it is the same file."""
    import fsspec

    from ruskor.export import parquet_of

    fs, folder = fsspec.core.url_to_fs(f"{plan.output.rstrip('/')}/{what}")
    fs.makedirs(folder, exist_ok=True)
    part = f"{folder}/.part-{number:06}-{os.getpid()}"
    with fs.open(part, "wb") as stream:
        stream.write(parquet_of(rows, columns))
    fs.mv(part, f"{folder}/part-{number:06}.parquet")


def partitions(paths: Iterable[str]) -> list[Part]:
    """Every file; folders are searched, hidden files and sidecars left out.

    Raises RuskorError where nothing is found or a kind of address is unknown.
    """
    try:
        import fsspec
    except ImportError as error:
        raise RuskorError("--engine dask needs packages that are not installed", hint=_HINT) from error
    out: list[Part] = []
    for path in paths:
        try:
            fs, plain = fsspec.core.url_to_fs(path)
        except (ValueError, ImportError) as error:
            raise RuskorError(f"{path}: {error}") from error
        root = plain if fs.isdir(plain) else posixpath.dirname(plain.split("*")[0])
        found = fs.glob(plain) if "*" in plain else fs.find(plain)
        names = {name: posixpath.relpath(name, root) if root else name for name in found}
        for name, label in sorted(names.items(), key=lambda item: item[1]):
            stem, suffix = posixpath.splitext(name)
            if any(piece.startswith(".") for piece in label.split("/")) or (suffix in SIDECAR_SUFFIXES and stem in names):
                continue
            sidecar = next((name + end for end in SIDECAR_SUFFIXES if name + end in names), None)
            out.append(Part(fs.unstrip_protocol(name), label, fs.unstrip_protocol(sidecar) if sidecar else None))
    if not out:
        raise RuskorError(f"no file in {', '.join(paths)}", code=ExitCode.NOTHING)
    return out


def connect(scheduler: str | None, jobs: int | None) -> Client:
    """A client of the cluster at an address, or of one of processes on this machine."""
    try:
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise RuskorError("--engine dask needs packages that are not installed", hint=_HINT) from error
    if scheduler:
        try:
            return Client(scheduler, timeout=20)
        except (OSError, ValueError) as error:
            raise RuskorError(f"--scheduler {scheduler}: cannot be reached: {error}") from error
    from ruskor.parallel import cores

    return Client(LocalCluster(n_workers=jobs or cores(), threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50))


def extract(
    paths: Sequence[str], output: str, *, topic: str, client: Client, buckets: int = 32, lang: str = "en",
    on_progress: Callable[[int, int], None] | None = None,
) -> tuple[int, int, list[Failure]]:  # fmt: skip
    """Annotate and merge all files on a cluster; (articles, rows, failures). Writes `output`/annotations and `output`/events.

    `on_progress` hears of finished and all tasks. Raises RuskorError where nothing is found or a task fails for good.
    """
    from dask import delayed
    from distributed import as_completed, wait

    plan = Plan(output, topic, buckets, lang)
    found = partitions(paths)
    told = [delayed(annotate_partition)(plan, k, part) for k, part in enumerate(found)]
    parts = [delayed(lambda t: (t.names, t.days, t.marks))(t) for t in told]
    copies = delayed(find_copies)(parts)
    merged = [delayed(merge_bucket)(plan, copies, [delayed(_piece)(t, bucket) for t in told]) for bucket in range(buckets)]
    shared = delayed(gather)([delayed(lambda m: (m.homes, m.likely))(m) for m in merged])
    written = [delayed(write_bucket)(plan, k, delayed(lambda m: m.rows)(m), shared) for k, m in enumerate(merged)]
    counts = [delayed(lambda t: (len(t.names), t.failures))(t) for t in told]
    futures = client.compute([*counts, *written], optimize_graph=False)
    for done, _ in enumerate(as_completed(futures), 1):
        if on_progress:
            on_progress(done, len(futures))
    wait(futures)
    try:
        values = client.gather(futures)
    except Exception as error:
        raise RuskorError(f"a task of the cluster failed: {type(error).__name__}: {error}") from error
    articles = values[: len(counts)]
    return sum(n for n, _ in articles), sum(values[len(counts) :]), [failure for _, failures in articles for failure in failures]


def _piece(told: Told, bucket: int) -> bytes:
    return told.pieces[bucket]
