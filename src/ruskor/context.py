"""What a command knows of its surroundings: streams and terminal facts in one object that tests replace (after HTTPie)."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, cast

from ruskor.safe import CONTROL, one_line, printable

__all__ = ["Context", "ReaderGoneError", "one_line", "printable", "real_context"]

class ReaderGoneError(Exception):
    """Nobody reads standard output any more; Typer would turn a BrokenPipeError into exit code 1."""


@dataclass(slots=True)
class Context:
    """Streams, environment and terminal facts of one run."""

    stdin: BinaryIO
    stdout: BinaryIO
    stderr: BinaryIO
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: Path = field(default_factory=Path)
    stdin_tty: bool = False
    stdout_tty: bool = False
    stderr_tty: bool = False
    columns: int | None = None  # of the terminal; null: as wide as the content
    stderr_columns: int | None = None
    quiet: bool = False
    verbose: bool = False
    progress: bool = True
    lang: str = "en"  # of errors, warnings and notes
    drawn: bool = False  # a progress line stands on standard error
    extra: dict[str, Any] = field(default_factory=dict)  # values of the shared options (`cli.shared`)
    explicit: set[str] = field(default_factory=set)  # which of them stood on the command line
    hear: Callable[[str, str], None] | None = None  # a log that hears (level, words)

    @property
    def colour(self) -> bool:
        """Whether standard output may be coloured."""
        return self.stdout_tty and not self.env.get("NO_COLOR") and self.env.get("TERM") != "dumb"

    @property
    def isolates(self) -> bool:
        """Whether standard output is a terminal that lays right-to-left text out itself."""
        return self.stdout_tty and self.env.get("TERM") != "dumb"

    def write(self, text: str) -> None:
        """Data to standard output in UTF-8, whatever the locale; on a terminal without control characters."""
        self.write_drawn(CONTROL.sub("\ufffd", text) if self.stdout_tty else text)

    def write_drawn(self, text: str) -> None:
        """Text that already went through `printable` and may hold colours."""
        self.write_bytes(text.encode("utf-8", "backslashreplace"))

    def write_bytes(self, data: bytes) -> None:
        """Binary data to standard output."""
        try:
            self.stdout.write(data)
        except BrokenPipeError as error:
            raise ReaderGoneError from error

    def flush(self) -> None:
        """Let everything reach its reader."""
        try:
            self.stdout.flush()
        except BrokenPipeError as error:
            raise ReaderGoneError from error

    def say(self, text: str) -> None:
        """An error's words, on standard error, each line of them safe for a terminal."""
        if self.hear:
            self.hear("error", text)
        self._print(self._translated(text))

    def fail(self, reason: str, hint: str | None = None) -> None:
        """The error that ends a run: a panel on a terminal, plain lines elsewhere."""
        if self.hear:
            self.hear("error", reason)
        if self.panels:
            self._panel("error", "red", reason, hint)
        else:
            self._print(self._translated(f"ruskor: error: {one_line(reason)}" + (f"\n  {one_line(hint)}" if hint else "")))

    @property
    def panels(self) -> bool:
        """Whether standard error is a terminal that can show a box."""
        return self.stderr_tty and self.env.get("TERM") != "dumb"

    def _panel(self, title: str, style: str, text: str, hint: str | None = None) -> None:
        from ruskor.terminal import panel

        colour, hint = not self.env.get("NO_COLOR"), hint and self._translated(hint)
        drawn = panel(
            self._translated(title), self._translated(text), hint, style=style, columns=self.stderr_columns or 80, colour=colour,
            mirror=self.lang == "ar",
        )  # fmt: skip
        self._write_error(drawn)

    def _translated(self, text: str) -> str:
        """The text's lines in the language of this run."""
        if self.lang == "en":
            return text
        from ruskor.errors import RuskorError
        from ruskor.interface import load_words
        from ruskor.messages import translate

        try:
            words = load_words(self.lang)
            return "\n".join(
                line[: len(line) - len(rest)] + translate(rest, words)
                for line in text.split("\n")
                for rest in [line.lstrip(" ").removeprefix("ruskor: ")]
            )
        except RuskorError:
            return text  # the words of the language cannot be read, which may be the very error to tell

    def _print(self, text: str) -> None:
        lines = [printable(line) for line in text.split("\n")]
        if self.lang == "ar" and self.panels:
            from ruskor.terminal import isolate_latin

            lines = [isolate_latin(line) for line in lines]
        self._write_error("\n".join(lines) + "\n")

    def _write_error(self, safe: str) -> None:
        """Text that is safe for a terminal, after what is left of a progress line is gone."""
        safe = ("\r\x1b[K" if self.drawn else "") + safe
        self.drawn = False
        try:
            self.stderr.write(safe.encode("utf-8", "backslashreplace"))
            self.stderr.flush()
        except (OSError, ValueError):
            pass  # there is nobody left to tell

    def warn(self, text: str) -> None:
        """A warning: not with -q."""
        if self.hear:
            self.hear("warning", text)
        if self.quiet:
            return
        if self.panels:
            self._panel("warning", "yellow", text)
        else:
            self._print(self._translated(f"ruskor: warning: {one_line(text)}"))

    def note(self, text: str) -> None:
        """An explanation: not with -q."""
        if self.hear:
            self.hear("info", text)
        if not self.quiet:
            self._print(self._translated(text))


def _stream(stream: object, mode: str) -> BinaryIO:
    buffer: BinaryIO | None = getattr(stream, "buffer", None)
    return buffer if buffer is not None else cast("BinaryIO", Path(os.devnull).open(mode))


def _width_of(stream: object) -> int | None:
    """The width of the terminal that a stream is, else null."""
    fileno = getattr(stream, "fileno", None)
    try:
        return os.get_terminal_size(fileno()).columns if fileno else None
    except (OSError, ValueError):
        return None


def real_context() -> Context:
    """The streams of this process. A closed stream is as the null device."""
    out = _stream(sys.stdout, "wb")
    tty = out.isatty()
    # Piped output is as wide as its content, unless somebody says COLUMNS.
    columns = shutil.get_terminal_size().columns if tty or os.environ.get("COLUMNS", "").isdecimal() else None
    return Context(
        stdin=_stream(sys.stdin, "rb"),
        stdout=out,
        stderr=_stream(sys.stderr, "wb"),
        env=os.environ,
        cwd=Path(),
        stdin_tty=sys.stdin is not None and sys.stdin.isatty(),
        stdout_tty=tty,
        stderr_tty=sys.stderr is not None and sys.stderr.isatty(),
        columns=columns,
        stderr_columns=_width_of(sys.stderr),
    )
