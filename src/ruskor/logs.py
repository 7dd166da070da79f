"""Logs: what a run says, and what it did, through `logging` into a file, as lines of text or of JSON."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ruskor.errors import RuskorError

if TYPE_CHECKING:
    from ruskor.context import Context

LOGGER = logging.getLogger("ruskor")
# What every record has by itself; all else is a field that the caller gave.
_USUAL = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime"}


def _stamp(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, message, process, and the fields that were given with `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line = {"time": _stamp(record), "level": record.levelname.lower(), "message": record.getMessage(), "process": record.process}
        line |= {name: value for name, value in record.__dict__.items() if name not in _USUAL}
        return json.dumps(line, ensure_ascii=False, default=str)


class TextLines(logging.Formatter):
    """Time, process, level and message; control characters and newlines are escaped, so that a record is one line."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        text = "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in record.getMessage())
        return f"{_stamp(record)} ruskor[{record.process}] {record.levelname.lower()}: {text}"


def start_log(own: Context, path: str, *, form: str) -> None:
    """Write what this run says from now on to a file, appending.

    Raises RuskorError (usage) for another format, or where the file cannot be written.
    """
    if form not in {"text", "json"}:
        raise RuskorError(f"--log-format: {form!r} is unknown", hint="known: text, json")
    stop_log()
    try:
        handler = logging.FileHandler(path, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise RuskorError(f"--log-file {path}: cannot be written: {(error.strerror or str(error)).lower()}") from error
    handler.setFormatter(JsonLines() if form == "json" else TextLines())
    LOGGER.addHandler(handler)
    LOGGER.setLevel(logging.DEBUG if own.verbose else logging.INFO)
    LOGGER.propagate = False
    own.hear = hear


def hear(level: str, text: str) -> None:
    """Log what is said on standard error, or would be without -q."""
    plain = text.removeprefix("ruskor: ").removeprefix("error: ").removeprefix("warning: ")
    LOGGER.log(logging.getLevelNamesMapping()[level.upper()], plain)


def stop_log() -> None:
    """Close the log files of this process."""
    for handler in LOGGER.handlers[:]:
        LOGGER.removeHandler(handler)
        handler.close()
