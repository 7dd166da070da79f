"""Records, each an article: JSON lines, JSON lists, CSV and TSV, Parquet, with a mapping of their columns."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from typing import IO, Any

from ruskor.days import parse_days
from ruskor.errors import ReadError, RuskorError
from ruskor.model import Article
from ruskor.readers.limits import Limits, can_seek, in_units, parse_size, read_all
from ruskor.readers.paths import Failure, readable
from ruskor.readers.text import decode, make_article

FORMATS = ("text", "html", "jsonl", "json", "csv", "tsv", "parquet")
# The usual names of a field, tried in this order where no column is named; case and separators make no difference.
_USUAL = {
    "text": ("text", "body", "content", "articlebody", "maintext", "fulltext", "articletext", "article"),
    "published": ("published", "pubdate", "publishedat", "datepublished", "publisheddate", "publishdate", "datepublish", "date"),
    "title": ("title", "headline"),
    "outlet": ("outlet", "source", "publisher", "sitename", "site", "domain"),
    "url": ("url", "link", "address", "canonicalurl"),
    "id": ("id", "uid", "guid", "articleid"),
}
_JSON_FACTOR = 20  # how much larger than an article a JSON list may be that has to be read whole
_LISTS = ("articles", "data", "items", "records", "results", "documents")


@dataclass(frozen=True, slots=True)
class Columns:
    """What the inputs are, which fields hold what, and how large they may be."""

    form: str | None = None
    named: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)

    def key(self) -> str:
        """What a store remembers: another mapping reads a file anew."""
        return json.dumps([self.form, sorted(self.named.items())], ensure_ascii=False) if self.form or self.named else ""


def columns_of(extra: Mapping[str, Any]) -> Columns:
    """The columns for the shared options.

    Raises RuskorError (usage) for an unknown format or a limit that is none.
    """
    form = extra.get("input_format")
    if form is not None and form not in FORMATS:
        raise RuskorError(f"--input-format: {form!r} is unknown", hint=f"known: {', '.join(FORMATS)}")
    named = {name: extra[f"{name}_column"] for name in _USUAL if extra.get(f"{name}_column")}
    return Columns(form, named, parse_size(extra.get("max_size")))


def _plain(name: str) -> str:
    return "".join(char for char in name.lower() if char.isalnum())


def _mapping(names: list[str], columns: Columns) -> dict[str, str]:
    """What each field is called in records with these names.

    Raises ReadError where a column that was asked for, or a text, is missing.
    """
    out: dict[str, str] = {}
    usual = {_plain(name): name for name in reversed(names)}
    for key, spellings in _USUAL.items():
        if key in columns.named:
            if columns.named[key] not in names:
                raise ReadError(f"no column {columns.named[key]!r}", hint=f"columns: {', '.join(map(str, names[:20]))}")
            out[key] = columns.named[key]
            continue
        found = next((usual[s] for s in spellings if s in usual), None)
        if found is not None and found not in columns.named.values():
            out[key] = found
    if "text" not in out:
        raise ReadError("no column has the text", hint=f"name it with --text-column; columns: {', '.join(map(str, names[:20]))}")
    return out


def _text(value: Any) -> str:
    """A value as text; nothing for null and NaN."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value if isinstance(value, str) else str(value)


def is_date(text: str) -> bool:
    """Whether a text is a date in ISO form."""
    try:
        parse_days(text)
    except RuskorError:
        return False
    return True


def _day(text: str) -> str:
    """A date as `parse_days` takes it: RFC 2822 dates keep their own offset's day."""
    if is_date(text):
        return text
    try:
        return parsedate_to_datetime(text).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return text


def record_article(
    record: Mapping[str, Any], names: Mapping[str, str], *, name: str, path: str, number: int, columns: Columns, beside: Mapping[str, str]
) -> Article | Failure:
    """The article in one record; `names` says what its fields are called, `beside` are values for all records of the file."""
    own = _text(record.get(names["id"])).strip() if "id" in names else ""
    label = f"{name}#{own[:200] or number}"
    try:
        text = record.get(names["text"])
        if text is None or (isinstance(text, float) and math.isnan(text)):
            raise ReadError("no text")  # noqa: TRY301 - a failure of this record alone
        if not isinstance(text, str):
            raise ReadError(f"its text is no text but {type(text).__name__}")  # noqa: TRY301 - a failure of this record alone
        if len(text) > columns.limits.article:
            raise ReadError(f"record is larger than {in_units(columns.limits.article)}", hint="--max-size sets the limit")  # noqa: TRY301 - a failure of this record alone
        values = dict(beside)
        for key in ("published", "title", "outlet", "url"):
            value = _text(record.get(names[key])).strip() if key in names else ""
            if value:
                values[key] = _day(value) if key == "published" else value
        if "published" in values and "published" not in columns.named and not is_date(values["published"]):
            del values["published"]  # nobody said that this column is a date
        return make_article(label, path, text, values, where="record")
    except ReadError as error:
        return Failure(readable(label), readable(path), error.reason, error.hint)


# --- JSON -------------------------------------------------------------------------------------------------------------------


def json_lines(stream: IO[bytes], name: str, path: str, columns: Columns, beside: Mapping[str, str]) -> Iterator[Article | Failure]:
    """JSON lines; a line that is none is a failure of its own."""
    limit, number = columns.limits.article, 0
    while line := stream.readline(limit + 1):
        number += 1
        label = readable(f"{name}#{number}")
        if len(line) > limit and not line.endswith(b"\n"):
            yield Failure(label, readable(path), f"line {number} is longer than {in_units(limit)}", "--max-size sets the limit")
            while (rest := stream.readline(1 << 20)) and not rest.endswith(b"\n"):
                pass
            continue
        line = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
        if not line.strip():
            continue
        try:
            record = _parse(line)
            if not isinstance(record, dict):
                raise ReadError("no JSON object")  # noqa: TRY301 - a failure of this record alone
            names = _mapping(list(record), columns)
        except ReadError as error:
            yield Failure(label, readable(path), f"line {number}: {error.reason}", error.hint)
            continue
        yield record_article(record, names, name=name, path=path, number=number, columns=columns, beside=beside)


def _parse(data: bytes) -> Any:
    """A JSON value.

    Raises ReadError.
    """
    try:
        return json.loads(data.decode("utf-8"))
    except UnicodeDecodeError:
        raise ReadError("JSON must be UTF-8") from None
    except RecursionError:
        raise ReadError("JSON is nested too deeply") from None
    except ValueError as error:
        raise ReadError(f"no valid JSON: {str(error)[:100]}") from None


def json_list(stream: IO[bytes], name: str, path: str, columns: Columns, beside: Mapping[str, str]) -> Iterator[Article | Failure]:
    """A JSON list of records, one record, or an object with one list of them."""
    data = read_all(stream, columns.limits.article * _JSON_FACTOR).removeprefix(b"\xef\xbb\xbf")
    loaded = _parse(data)
    if isinstance(loaded, dict):
        inner = next((loaded[key] for key in _LISTS if isinstance(loaded.get(key), list)), None)
        loaded = inner if inner is not None else [loaded]
    if not isinstance(loaded, list):
        raise ReadError("a list of JSON objects is expected")
    for number, record in enumerate(loaded, 1):
        try:
            if not isinstance(record, dict):
                raise ReadError("no JSON object")  # noqa: TRY301 - a failure of this record alone
            names = _mapping(list(record), columns)
        except ReadError as error:
            yield Failure(readable(f"{name}#{number}"), readable(path), f"record {number}: {error.reason}", error.hint)
            continue
        yield record_article(record, names, name=name, path=path, number=number, columns=columns, beside=beside)


# --- CSV --------------------------------------------------------------------------------------------------------------------


def _encoding(sample: bytes) -> str:
    """The encoding of a table, told from its beginning."""
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        # A letter may be cut at the sample's end.
        sample[: len(sample) - 4 if len(sample) > 8 else None].decode("utf-8")
    except UnicodeDecodeError as error:
        if error.end < len(sample) - 8:
            decode(sample)
            from charset_normalizer import from_bytes

            best = from_bytes(sample, cp_isolation=["cp1256", "iso8859_6", "cp1251", "koi8_r", "cp1252"]).best()
            return best.encoding if best else "utf-8"
    return "utf-8-sig"


def delimited(
    stream: IO[bytes], name: str, path: str, columns: Columns, beside: Mapping[str, str], *, tab: bool = False
) -> Iterator[Article | Failure]:
    """CSV or TSV with a header; a row may span lines in quotes."""
    buffered = io.BufferedReader(stream, 1 << 16) if isinstance(stream, io.RawIOBase) else stream
    peeked = buffered.read(1 << 16)
    encoding = _encoding(peeked)
    joined = io.TextIOWrapper(io.BufferedReader(_Again(peeked, buffered)), encoding=encoding, errors="replace", newline="")
    header = peeked.decode(encoding, "replace").split("\n", 1)[0]
    mark = "\t" if tab else max(",;\t|", key=lambda char: (header.count(char), -",;\t|".index(char)))
    limit = csv.field_size_limit(columns.limits.article)
    number, start = 0, 1
    try:
        reader = csv.reader(joined, delimiter=mark)
        first = next(reader, None)
        if not first:
            raise ReadError("empty file")
        names = _mapping(first, columns)
        start = reader.line_num + 1
        for row in reader:
            number += 1
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != len(first):
                reason = f"line {start}: {len(row)} cells, the header has {len(first)}"
                yield Failure(readable(f"{name}#{number}"), readable(path), reason)
            else:
                record = dict(zip(first, row, strict=True))
                yield record_article(record, names, name=name, path=path, number=number, columns=columns, beside=beside)
            start = reader.line_num + 1
    except csv.Error as error:
        reason = f"larger than {in_units(columns.limits.article)}" if "field larger" in str(error) else str(error)
        raise ReadError(f"the row at line {start}: {reason}; the rest is not read") from error
    finally:
        csv.field_size_limit(limit)


class _Again(io.RawIOBase):
    """What was read ahead, and then the rest."""

    def __init__(self, head: bytes, rest: IO[bytes]) -> None:
        super().__init__()
        self.head, self.rest = head, rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data, self.head = self.head[: len(buffer)], self.head[len(buffer) :]
        data = data or self.rest.read(len(buffer)) or b""
        buffer[: len(data)] = data
        return len(data)


# --- Parquet ----------------------------------------------------------------------------------------------------------------


def parquet(stream: IO[bytes], name: str, path: str, columns: Columns, beside: Mapping[str, str]) -> Iterator[Article | Failure]:
    """The rows of a Parquet file, batch by batch."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise ReadError("Parquet needs pyarrow, which is not installed", hint="pip install 'ruskor[parquet]'") from error
    number = 0
    try:
        file = pq.ParquetFile(stream if can_seek(stream) else io.BytesIO(read_all(stream, columns.limits.article * _JSON_FACTOR)))
        names = _mapping(list(file.schema_arrow.names), columns)
        for batch in file.iter_batches(batch_size=200, columns=list(dict.fromkeys(names.values()))):
            for record in batch.to_pylist():
                number += 1
                yield record_article(record, names, name=name, path=path, number=number, columns=columns, beside=beside)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise ReadError(f"no valid Parquet file: {str(error).splitlines()[0][:100] if str(error) else 'damaged'}") from error
