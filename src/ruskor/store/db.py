"""Opening a store: who may write, what a refusal means in words, and safe copies."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from ruskor.errors import ExitCode, RuskorError
from ruskor.store.schema import SCHEMA_VERSION, migrate, version_of

LOCK_TIMEOUT = 600.0
# How long another program's short transaction is waited for.
_BUSY_SECONDS = 60.0


_INTACT = "what was stored before is intact"
# What SQLite says → reason, hint, exit code.
_REFUSALS: tuple[tuple[tuple[str, ...], str, str | None, ExitCode], ...] = (
    (("locked", "busy"), "another program is using it", "try again when it has finished", ExitCode.NOTHING),
    (("readonly", "read-only"), "it may only be read; nothing was changed", None, ExitCode.NOTHING),
    (("full",), f"the disk is full; {_INTACT}", "make room and run it again", ExitCode.PARTIAL),
    (("I/O",), f"the system refuses it (a limit on files, a failing disk); {_INTACT}", "mend that and run it again", ExitCode.PARTIAL),
    (("unable to open",), "cannot be opened", None, ExitCode.USAGE),
    (("not a database", "malformed"), "it is no SQLite database, or a damaged one", "restore it from a backup", ExitCode.USAGE),
)


def _words(path: str, error: sqlite3.Error) -> RuskorError:
    """What SQLite's refusal means to the person who runs ruskor."""
    text = str(error)
    for said, reason, hint, code in _REFUSALS:
        if any(part in text for part in said):
            return RuskorError(f"{path}: {reason}", hint=hint, code=code)
    return RuskorError(f"{path}: {text}", code=ExitCode.PARTIAL)


@contextlib.contextmanager
def in_words(path: str) -> Iterator[None]:
    """Turn SQLite's errors into ours."""
    try:
        yield
    except sqlite3.Error as error:
        raise _words(path, error) from error


@contextlib.contextmanager
def write_lock(path: str, *, timeout: float, waiting: Callable[[str], None] | None = None) -> Iterator[None]:
    """Only one ruskor writes to a store at a time; the operating system frees the lock of whoever dies.

    `waiting` is told once that somebody else is at work. Raises RuskorError when `timeout` seconds are over.
    """
    try:
        import fcntl
    except ImportError:  # where there is no flock, SQLite's own waiting has to do
        yield
        return
    name = f"{path}.lock"
    try:
        handle = os.open(name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise RuskorError(f"{path}: cannot be written: {(error.strerror or '').lower()}", code=ExitCode.NOTHING) from error
    try:
        begun = time.monotonic()
        told = False
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError as error:
                if not isinstance(error, BlockingIOError):
                    raise RuskorError(f"{name}: cannot be locked: {(error.strerror or '').lower()}") from error
            left = timeout - (time.monotonic() - begun)
            if left <= 0:
                raise RuskorError(
                    f"{path}: another ruskor{_holder(handle)} is still writing to it; gave up after {timeout:g} s",
                    hint="it goes on undisturbed; wait longer with --lock-timeout SECONDS",
                    code=ExitCode.NOTHING,
                )
            if waiting and not told:
                waiting(f"{path}: waiting for another ruskor{_holder(handle)}")
                told = True
            time.sleep(min(0.1, left))
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(handle)


def _holder(handle: int) -> str:
    """Who holds the lock, as far as the file says."""
    with contextlib.suppress(OSError):
        number = os.pread(handle, 20, 0).strip()
        if number.isdigit():
            return f" (process {int(number)})"
    return ""


def connect(path: str, *, write: bool = False) -> sqlite3.Connection:
    """An open store, its schema up to date.

    Reading makes no file and asks for no right to write (but for a migration). Raises RuskorError where that fails.
    """
    if not write and not os.path.isfile(path):
        raise RuskorError(f"{path}: no such store", hint="make it with: ruskor ingest PATH... --db FILE")
    if os.path.isdir(path):
        raise RuskorError(f"{path}: is a folder; --db names a file")
    if write and not os.path.isdir(os.path.dirname(path) or "."):
        raise RuskorError(f"{path}: its folder does not exist")
    with in_words(path):
        conn = _open(path, write=write)
        try:
            version = version_of(conn)
            if version != SCHEMA_VERSION and (version or write):
                if not write:
                    conn.close()
                    conn = _open(path, write=True)
                migrate(conn)
        except RuskorError as error:
            conn.close()
            raise RuskorError(f"{path}: {error.reason}", hint=error.hint, code=error.code) from error
        except BaseException:
            conn.close()
            raise
    if version == 0 and not write:
        conn.close()
        raise RuskorError(f"{path}: an empty file, no store")
    return conn


def _open(path: str, *, write: bool) -> sqlite3.Connection:
    if write:
        conn = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
    else:
        address = Path(path).absolute().as_uri()
        conn = sqlite3.connect(f"{address}?mode=ro", uri=True, timeout=_BUSY_SECONDS, isolation_level=None)
        try:
            conn.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError:
            conn.close()
            if os.access(os.path.dirname(os.path.abspath(path)), os.W_OK) or os.path.exists(f"{path}-wal"):
                conn = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
            else:
                # A store in a folder that is only to be read, with nobody writing.
                conn = sqlite3.connect(f"{address}?immutable=1", uri=True, isolation_level=None)
    conn.execute("PRAGMA foreign_keys = ON")
    if write:
        version_of(conn)
        conn.execute("PRAGMA journal_mode = WAL")
        # With WAL this survives a killed process; a power cut may lose the last articles, never the store.
        conn.execute("PRAGMA synchronous = NORMAL")
        conn.execute("PRAGMA temp_store = MEMORY")
        conn.execute("PRAGMA cache_size = -32000")
    return conn


@contextlib.contextmanager
def transaction(conn: sqlite3.Connection) -> Iterator[None]:
    """All or nothing."""
    conn.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        with contextlib.suppress(sqlite3.Error):
            conn.execute("ROLLBACK")
        raise
    conn.execute("COMMIT")


def backup(path: str, target: str) -> int:
    """Copy a store while others use it, through SQLite's own backup; the target is there whole or not at all.

    Returns the copy's size. Raises RuskorError.
    """
    target = os.path.realpath(target)
    if os.path.realpath(path) == target:
        raise RuskorError("the backup must be another file than the store")
    if os.path.isdir(target):
        raise RuskorError(f"{target}: is a folder; name a file")
    conn = connect(path)
    part = ""
    try:
        handle, part = tempfile.mkstemp(dir=os.path.dirname(target), prefix=f".{os.path.basename(target)[:40]}-", suffix=".part")
        os.close(handle)
        with in_words(target):
            copy = sqlite3.connect(part, isolation_level=None)
            try:
                conn.backup(copy, pages=2000)
                # One file, without a log beside it.
                copy.execute("PRAGMA journal_mode = DELETE")
                problem = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
            finally:
                copy.close()
        if problem != "ok":
            raise RuskorError(f"{path}: damaged: {problem}", hint="restore it from an older backup")
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(part, 0o666 & ~mask)
        with open(part, "rb") as stream:
            os.fsync(stream.fileno())
        os.replace(part, target)
        part = ""
        return os.path.getsize(target)
    except OSError as error:
        raise RuskorError(f"{target}: cannot be written: {(error.strerror or str(error)).lower()}") from error
    finally:
        conn.close()
        if part:
            Path(part).unlink(missing_ok=True)
