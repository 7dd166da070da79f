"""One file → its articles, whatever it is: text, page, records, or an archive of these."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, BinaryIO

from ruskor.errors import ReadError
from ruskor.model import Article
from ruskor.readers import archives, records
from ruskor.readers.frontmatter import front_matter
from ruskor.readers.html import decode_html, has_tags, html_article, looks_like_html
from ruskor.readers.limits import can_seek, read_all
from ruskor.readers.paths import SIDECAR_SUFFIXES, STDIN, Failure, Found, find_files, readable, why
from ruskor.readers.records import Columns, is_date
from ruskor.readers.text import decode, make_article, sidecar, sidecar_values

_HTML = (".html", ".htm", ".xhtml")
_RECORDS = {".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "json", ".csv": "csv", ".tsv": "tsv", ".tab": "tsv", ".parquet": "parquet"}
_NOT_READ = {
    "office documents": (".pdf", ".doc", ".docx", ".odt", ".rtf", ".xls", ".xlsx", ".epub", ".ppt", ".pptx"),
    "web archives": (".mhtml", ".mht", ".warc", ".har"),
    "archives of this kind": (".zst", ".7z", ".rar", ".lz4"),
    "databases": (".db", ".sqlite", ".sqlite3"),
}
_REFUSED = {suffix: name for name, suffixes in _NOT_READ.items() for suffix in suffixes}


@dataclass(slots=True)
class _Input:
    """A stream of bytes with its name; `form` is what it is, where that is not told by the name."""

    name: str  # the article's
    path: str
    stream: IO[bytes]
    columns: Columns
    warn: Callable[[str], None] | None = None
    values: dict[str, str] = field(default_factory=dict)  # of a sidecar
    depth: int = 0

    @property
    def suffix(self) -> str:
        """The last suffix of the name, lower case."""
        return os.path.splitext(self.name)[1].lower()


def read_found(
    found: Found, *, columns: Columns | None = None, stdin: BinaryIO | None = None, warn: Callable[[str], None] | None = None
) -> Iterator[Article | Failure]:
    """The articles in one file, streamed; what is wrong with it or with one of them is a Failure."""
    columns = columns or Columns()
    try:
        with ExitStack() as stack:
            if found.path == STDIN:
                yield from _articles(_Input(STDIN, STDIN, stdin or sys.stdin.buffer, columns, warn))
                return
            try:
                stream = stack.enter_context(open(found.path, "rb"))
            except OSError as error:
                raise ReadError(f"cannot be read: {why(error)}") from error
            yield from _articles(_Input(found.article, found.path, stream, columns, warn, sidecar(found.path)))
    except ReadError as error:
        yield Failure(readable(found.article), readable(found.path), error.reason, error.hint)


def read_stream(
    stream: IO[bytes], *, name: str, path: str, values: dict[str, str] | None = None, columns: Columns | None = None
) -> Iterator[Article | Failure]:
    """The articles in an open stream; `name` is what the file is called in all output, `values` what its sidecar says."""
    try:
        yield from _articles(_Input(name, path, stream, columns or Columns(), None, values or {}))
    except ReadError as error:
        yield Failure(readable(name), readable(path), error.reason, error.hint)


def read_articles(
    paths: Sequence[str | Path],
    *,
    columns: Columns | None = None,
    stdin: BinaryIO | None = None,
    warn: Callable[[str], None] | None = None,
) -> Iterator[Article | Failure]:
    """All articles below the paths, one after the other, each read when it is asked for."""
    for item in find_files(paths):
        if isinstance(item, Failure):
            yield item
        else:
            yield from read_found(item, columns=columns, stdin=stdin, warn=warn)


def _articles(item: _Input) -> Iterator[Article | Failure]:
    suffix = item.suffix
    try:
        if suffix in archives.PACKED and not item.name.lower().endswith(tuple(f".tar{s}" for s in archives.PACKED)):
            yield from _packed(item, suffix)
        elif suffix == ".zip":
            yield from _members(item, _zip(item))
        elif suffix in archives.TARS or suffix in archives.PACKED:
            yield from _members(item, _tar(item, suffix))
        else:
            yield from _plain(item)
    except archives.DAMAGED as error:
        text = why(error) if isinstance(error, OSError) and error.strerror else (str(error).splitlines() or ["it ends too early"])[0][:100]
        packed = item.depth or suffix in {*archives.PACKED, *archives.TARS, ".zip"}
        raise ReadError(f"damaged: {text}" if packed else f"cannot be read: {text}") from error


def _nested(item: _Input) -> None:
    if item.depth >= item.columns.limits.nesting:
        raise ReadError("an archive within an archive within an archive is not read")


def _packed(item: _Input, suffix: str) -> Iterator[Article | Failure]:
    _nested(item)
    inner = item.name[: -len(suffix)]
    stream = archives.unpacked(item.stream, suffix, item.columns.limits)
    for found in _articles(_Input(inner, item.path, stream, item.columns, item.warn, item.values, item.depth + 1)):
        # The article keeps the name of the file that is there.
        article = found.article
        found_name = readable(item.name) + article[len(readable(inner)) :] if article.startswith(readable(inner)) else article
        if isinstance(found, Failure):
            yield Failure(found_name, found.path, found.reason, found.hint)
        else:
            found.article = found_name
            yield found


def _zip(item: _Input) -> Iterator[archives.Member]:
    _nested(item)
    stream = item.stream if can_seek(item.stream) else io.BytesIO(read_all(item.stream, item.columns.limits.article * 10))
    return archives.zip_members(stream, item.columns.limits)


def _tar(item: _Input, suffix: str) -> Iterator[archives.Member]:
    """The members of a tar archive, its sidecars first where it can be read twice."""
    _nested(item)
    packing = {".tgz": ".gz", ".tbz2": ".bz2", ".txz": ".xz"}.get(suffix, suffix)
    limits = item.columns.limits

    def members() -> Iterator[archives.Member]:
        stream = archives.unpacked(item.stream, packing, limits) if packing in archives.PACKED else item.stream
        return archives.tar_members(stream, limits)

    if can_seek(item.stream):
        yield from (member for member in members() if member[0].endswith(SIDECAR_SUFFIXES))
        item.stream.seek(0)
        yield from (member for member in members() if not member[0].endswith(SIDECAR_SUFFIXES))
    else:
        yield from members()


def _members(item: _Input, members: Iterator[archives.Member]) -> Iterator[Article | Failure]:
    """The articles of an archive's members, sidecars before what they belong to."""
    waiting: dict[str, dict[str, str]] = {}
    for name, opened in members:
        label = f"{item.name}/{name}"
        if isinstance(opened, str):
            yield Failure(readable(label), readable(item.path), opened)
            continue
        try:
            if name.endswith(SIDECAR_SUFFIXES):
                waiting[os.path.splitext(name)[0]] = sidecar_values(opened().read(65_537), readable(label))
                continue
            values = item.values | waiting.get(name, {})
            yield from _articles(_Input(label, item.path, opened(), item.columns, item.warn, values, item.depth + 1))
        except ReadError as error:
            yield Failure(readable(label), readable(item.path), error.reason, error.hint)


def _plain(item: _Input) -> Iterator[Article | Failure]:
    """What is not packed."""
    form = item.columns.form or _RECORDS.get(item.suffix) or ("html" if item.suffix in _HTML else "text")
    if item.columns.form is None and item.suffix in _REFUSED:
        raise ReadError(f"{_REFUSED[item.suffix]} ({item.suffix}) are not readable by this version", hint="give text, HTML or records")
    arguments = (item.stream, item.name, item.path, item.columns, item.values)
    if form == "jsonl":
        yield from records.json_lines(*arguments)
    elif form == "json":
        yield from records.json_list(*arguments)
    elif form in {"csv", "tsv"}:
        yield from records.delimited(*arguments, tab=form == "tsv")
    elif form == "parquet":
        yield from records.parquet(*arguments)
    else:
        yield _one(item, form)


def _one(item: _Input, form: str) -> Article:
    """A text or a page."""
    data = read_all(item.stream, item.columns.limits.article)
    text, remark = decode_html(data) if form == "html" else decode(data)
    if remark and item.warn:
        item.warn(f"{readable(item.name)}: {remark}")
    page = has_tags(text) if form == "html" else item.columns.form is None and item.suffix in {"", ".txt"} and looks_like_html(text)
    if page:
        return html_article(text, name=item.name, path=item.path, values=item.values)
    text, found = front_matter(text)
    if found.get("published") and not is_date(found["published"]):
        del found["published"]  # a date in words, or a draft's mark
    where = "sidecar" if "published" in item.values else "front matter"
    article = make_article(item.name, item.path, text, found | item.values, where=where)
    if found.get("published") and "published" not in item.values:
        # What an article says of itself is checked against its text; only a sidecar is given by somebody else.
        article.given, article.metadata, article.metadata_from = None, article.given, "front matter"
    return article
