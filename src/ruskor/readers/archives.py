"""Packed inputs: gz, bz2, xz, zip and tar. Nothing is ever unpacked to disk; members are read one after the other."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import posixpath
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import IO, Any

from ruskor.errors import ReadError
from ruskor.readers.limits import Counted, Limits, in_units
from ruskor.readers.paths import SIDECAR_SUFFIXES

PACKED = (".gz", ".bz2", ".xz")
TARS = (".tar", ".tgz", ".tbz2", ".txz")
DAMAGED = (EOFError, OSError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, tarfile.TarError, NotImplementedError, ValueError)
# (name, opener of the member's bytes or why it is not read)
Member = tuple[str, Callable[[], IO[bytes]] | str]


def unpacked(stream: IO[bytes], suffix: str, limits: Limits) -> IO[bytes]:
    """The bytes within a packed stream, bounded.

    Raises ReadError later, when more comes out than the limit.
    """
    if suffix == ".bz2":
        inner: Any = bz2.BZ2File(stream)
    elif suffix == ".xz":
        inner = lzma.LZMAFile(stream)  # noqa: SIM115 - who reads it closes what lies below
    else:
        inner = gzip.GzipFile(fileobj=stream)
    return io.BufferedReader(Counted(inner, limits.expanded))


def unsafe(name: str) -> str | None:
    """Why a member's name is refused, or null: it would lead out of its archive."""
    plain = name.replace("\\", "/")
    if plain.startswith("/") or plain[1:2] == ":" or ".." in plain.split("/"):
        return "its name leads out of the archive; not read"
    return None


def _hidden(name: str) -> bool:
    return any(part.startswith(".") or part == "__MACOSX" for part in name.split("/"))


def zip_members(stream: IO[bytes], limits: Limits) -> Iterator[Member]:
    """The files of a zip archive by name."""
    file = zipfile.ZipFile(stream)
    infos = [info for info in file.infolist() if not info.is_dir()]
    if len(infos) > limits.members:
        raise ReadError(f"more than {limits.members:,} files in the archive")
    total = 0
    # Sidecars first: they are needed when their article is read.
    for info in sorted(infos, key=lambda info: (not info.filename.endswith(SIDECAR_SUFFIXES), info.filename)):
        name = info.filename
        problem = unsafe(name)
        if problem is None and _hidden(name):
            continue
        if problem is None and (info.external_attr >> 28) == 0xA:
            problem = "it is a link; not followed"
        if problem is None and info.flag_bits & 1:
            problem = "it is encrypted"
        if problem is None and info.file_size > max(1_000_000, limits.ratio * max(1, info.compress_size)):
            times = info.file_size // max(1, info.compress_size)
            problem = f"it would expand to {in_units(info.file_size)}, {times:,} times its size; not read"
        if problem is not None:
            yield name, problem
            continue
        total += info.file_size
        if total > limits.expanded:
            raise ReadError(f"it expands to more than {in_units(limits.expanded)}; the rest is not read")

        def opened(info: zipfile.ZipInfo = info) -> IO[bytes]:
            return file.open(info)

        yield name, opened


def tar_members(stream: IO[bytes], limits: Limits) -> Iterator[Member]:
    """The files of a tar stream in its order."""
    with tarfile.open(fileobj=stream, mode="r|") as file:
        count = 0
        for info in file:
            count += 1
            if count > limits.members:
                raise ReadError(f"more than {limits.members:,} files in the archive")
            name = posixpath.normpath(info.name) if unsafe(info.name) is None else info.name
            problem = unsafe(info.name)
            if info.isdir() or (problem is None and _hidden(name)):
                continue
            if problem is None and (info.issym() or info.islnk()):
                problem = "it is a link; not followed"
            elif problem is None and not info.isfile():
                problem = "not a regular file"
            if problem is not None:
                yield name, problem
                continue

            def opened(info: tarfile.TarInfo = info) -> IO[bytes]:
                found = file.extractfile(info)
                assert found is not None  # it is a regular file
                return found

            yield name, opened
