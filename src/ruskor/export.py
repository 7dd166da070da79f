"""Rows → text or bytes of a format. CSV, TSV and JSON come from the standard library: nothing heavy is loaded for them."""

from __future__ import annotations

import csv
import io
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from ruskor.errors import ExitCode, RuskorError
from ruskor.sheets import cell_text, defuse

TEXT_FORMATS = ("csv", "tsv", "json", "jsonl")
BINARY_FORMATS = ("parquet", "xlsx", "sqlite")
_SUFFIXES = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".txt": "table",
    ".xlsx": "xlsx",
    ".geojson": "geojson",
    ".ics": "ics",
    ".sqlite": "sqlite",
    ".sqlite3": "sqlite",
    ".db": "sqlite",
}

Row = dict[str, Any]


def format_of(output: str) -> str | None:
    """The format that a file's suffix names, else null."""
    return _SUFFIXES.get(os.path.splitext(output)[1].lower())


def delimited(rows: Iterable[Row], columns: Sequence[str], *, tab: bool = False, raw: bool = True, bom: bool = False) -> Iterator[str]:
    r"""CSV or TSV lines: always a header, `\n`, lists joined by "; ", empty for null, true/false.

    Unless `raw`, text that a spreadsheet would run as a formula gets a leading `'`; `bom` puts a mark for Excel in front.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter="\t" if tab else ",", lineterminator="\n")
    writer.writerow(columns)
    yield ("\ufeff" if bom else "") + buffer.getvalue()
    for row in rows:
        buffer.seek(0)
        buffer.truncate()
        cells = [cell_text(row[column]) for column in columns]
        if not raw:
            cells = [defuse(cell) if isinstance(row[column], str | list) else cell for cell, column in zip(cells, columns, strict=True)]
        writer.writerow(cells)
        yield buffer.getvalue()


def json_line(row: object) -> str:
    """One JSON value in one line, Arabic as it is."""
    return json.dumps(row, ensure_ascii=False, allow_nan=False)


def json_array(rows: Iterable[object]) -> Iterator[str]:
    """A JSON array, one element a line."""
    return json_array_of(map(json_line, rows))


def json_array_of(lines: Iterable[str]) -> Iterator[str]:
    """A JSON array of elements that are JSON already, one a line."""
    start = "["
    for line in lines:
        yield f"{start}\n{line}"
        start = ","
    yield "[]\n" if start == "[" else "\n]\n"


def text_of(
    rows: Iterable[Row], columns: dict[str, str], form: str, *, extra: Sequence[str] = (), raw: bool = False, bom: bool = False
) -> Iterator[str]:
    """The rows in a text format, in pieces; `extra` are fields that only JSON has. CSV is defused unless `raw`."""
    if form in {"csv", "tsv"}:
        return delimited(rows, list(columns), tab=form == "tsv", raw=raw or form == "tsv", bom=bom)
    names = [*columns, *extra]
    picked = ({name: row[name] for name in names} for row in rows)
    return json_array(picked) if form == "json" else (json_line(row) + "\n" for row in picked)


def parquet_of(rows: Sequence[Row], columns: dict[str, str]) -> bytes:
    """The rows as a Parquet file, lists as lists; `json` columns (history, mentions) as JSON text.

    Raises RuskorError where pyarrow is missing.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise RuskorError("Parquet needs pyarrow, which is not installed", hint="pip install 'ruskor[parquet]'") from error
    kinds = {
        "str": pa.string(), "bool": pa.bool_(), "float": pa.float64(), "int": pa.int64(), "list": pa.list_(pa.string()),
        "json": pa.string(),
    }  # fmt: skip
    arrays = []
    for name, kind in columns.items():
        values = [json_line(row[name]) if kind == "json" else row[name] for row in rows]
        arrays.append(pa.array(values, type=kinds[kind]))
    buffer = io.BytesIO()
    pq.write_table(pa.table(arrays, names=list(columns)), buffer, compression="zstd")
    return buffer.getvalue()


def write_atomically(path: str, pieces: Iterable[bytes]) -> None:
    """Write a file that is there whole or not at all; a device or pipe is written straight.

    Raises RuskorError where it cannot be written; a file that was there is then unchanged.
    """
    target = Path(path)
    part: str | None = None
    try:
        if target.exists() and not target.is_file():
            with target.open("wb") as stream:
                stream.writelines(pieces)
            return
        # A link keeps pointing where it did.
        target = Path(os.path.realpath(target))
        handle, part = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:40]}-", suffix=".part")
        with os.fdopen(handle, "wb") as stream:
            stream.writelines(pieces)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(part, _mode(target))
        os.replace(part, target)
        part = None
    except OSError as error:
        raise RuskorError(f"{path}: cannot be written: {(error.strerror or str(error)).lower()}", code=ExitCode.USAGE) from error
    finally:
        if part:
            Path(part).unlink(missing_ok=True)


def _mode(target: Path) -> int:
    """The rights of the file that is replaced, or those of a new one."""
    try:
        return target.stat().st_mode & 0o777
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
