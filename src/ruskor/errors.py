"""Exit codes, and errors that carry their reason, a hint and a code (after HTTPie's `status.py` and meltano's `error.py`)."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes of the command line (see the contract in docs/reference)."""

    OK = 0
    PARTIAL = 1
    USAGE = 2
    NOTHING = 3
    BELOW_FLOOR = 4
    CHANGED = 5
    INTERRUPTED = 130
    BROKEN_PIPE = 141


class RuskorError(Exception):
    """What went wrong, in words for people.

    `reason` says what was wrong and where; `hint` what to do about it; `code` is the exit code it leads to.
    """

    def __init__(self, reason: str, *, hint: str | None = None, code: ExitCode = ExitCode.USAGE) -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint
        self.code = code


class DataError(RuskorError):
    """A gazetteer, topic or word file is wrong; the reason names file and line."""


class ReadError(RuskorError):
    """One article cannot be read; the others go on."""

    def __init__(self, reason: str, *, hint: str | None = None) -> None:
        super().__init__(reason, hint=hint, code=ExitCode.PARTIAL)
