"""Which files there are: arguments and folders → named files, streamed in the order of their paths."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ruskor.errors import RuskorError

STDIN = "-"
SIDECAR_SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Found:
    """A file to read; `article` is its name in all output, `path` where it is (`-` for standard input)."""

    article: str
    path: str


@dataclass(frozen=True, slots=True)
class Failure:
    """An article, file or folder that could not be processed, and why."""

    article: str
    path: str
    reason: str
    hint: str | None = None
    missing: bool = False  # a path that does not exist
    trace: str | None = None  # for -v

    def to_json(self) -> dict[str, str | None]:
        """A line of `--errors FILE`."""
        return {"article": self.article, "path": self.path, "reason": self.reason, "hint": self.hint}


def readable(name: str) -> str:
    """A file's name or an argument as text, whatever the locale; bytes that are no UTF-8 become U+FFFD, not lone surrogates."""
    try:
        return os.fsencode(name).decode("utf-8", "replace")
    except UnicodeEncodeError:
        return name  # it is text already, and the locale has no such letters


def why(error: OSError) -> str:
    """An operating system's refusal in a few words."""
    return (error.strerror or type(error).__name__).lower()


def _is_sidecar(name: str, files: set[str]) -> bool:
    stem, suffix = os.path.splitext(name)
    return suffix.lower() in SIDECAR_SUFFIXES and stem in files


def _walk(folder: str, prefix: str) -> Iterator[Found | Failure]:
    """Files below a folder, by the string order of their relative paths; one folder at a time is in memory.

    Links to files are followed, links to folders are not (they may lead in a circle).
    """
    try:
        with os.scandir(folder) as scan:
            entries = [entry for entry in scan if not entry.name.startswith(".")]
    except OSError as error:
        yield Failure(readable(prefix.rstrip("/")) or readable(folder), readable(folder), f"folder cannot be read: {why(error)}")
        return
    rows: list[tuple[str, bool]] = []
    for entry in entries:
        try:
            is_folder = entry.is_dir()
            if is_folder and entry.is_symlink():
                continue
        except OSError:
            is_folder = False
        rows.append((entry.name, is_folder))
    files = {name for name, is_folder in rows if not is_folder}
    # With its slash a folder sorts where its files do: "a-b" before "a/x".
    for name, is_folder in sorted(rows, key=lambda row: row[0] + "/" if row[1] else row[0]):
        path = os.path.join(folder, name)
        if is_folder:
            yield from _walk(path, f"{prefix}{name}/")
        elif not _is_sidecar(name, files):
            yield from _one(path, prefix + name, explicit=False)


def _one(path: str, article: str, *, explicit: bool) -> Iterator[Found | Failure]:
    """One file, if it is one: a pipe or device is read only where it was named itself."""
    try:
        mode = os.stat(path).st_mode
    except OSError as error:
        yield Failure(readable(article), readable(path), f"cannot be read: {why(error)}", missing=isinstance(error, FileNotFoundError))
        return
    if not stat.S_ISREG(mode) and not (explicit and (stat.S_ISFIFO(mode) or stat.S_ISCHR(mode))):
        yield Failure(readable(article), readable(path), "not a regular file")
        return
    yield Found(article, path)


def _argument(path: str) -> Iterator[Found | Failure]:
    if path == STDIN:
        yield Found(STDIN, STDIN)
    elif os.path.isdir(path):
        yield from _walk(path, "")
    elif not os.path.lexists(path):
        yield Failure(readable(path), readable(path), "no such file or folder", missing=True)
    else:
        yield from _one(path, os.path.basename(path), explicit=True)


def find_files(paths: Sequence[str | Path]) -> Iterator[Found | Failure]:
    """The files of all arguments, streamed.

    A file is read once however often it is reached; where two files would bear the same name, the later one is called by its
    whole path. Only with several arguments need names be remembered.
    """
    several = len(paths) > 1
    seen: set[str] = set()
    names: set[str] = set()
    for path in map(str, paths):
        for item in _argument(path):
            if not several or isinstance(item, Failure):
                yield item
                continue
            real = item.path if item.path == STDIN else os.path.realpath(item.path)
            if real in seen:
                continue
            seen.add(real)
            named = item if item.article not in names else Found(item.path, item.path)
            names.add(named.article)
            yield named


def listed_paths(source: str, *, nul: bool, stdin: BinaryIO) -> list[str]:
    """The paths that a list names, one a line, or ended by NUL bytes; `-` reads the list from standard input.

    Raises RuskorError where the list cannot be read.
    """
    try:
        content = stdin.read() if source == STDIN else Path(source).read_bytes()
    except OSError as error:
        raise RuskorError(f"--files-from {source}: cannot be read: {why(error)}") from error
    parts = content.split(b"\0") if nul else content.removeprefix(b"\xef\xbb\xbf").splitlines()
    return [os.fsdecode(part) for part in parts if part]
