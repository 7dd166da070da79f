"""Progress on standard error: only on a terminal, and only for what takes longer than a second."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from ruskor.context import Context
from ruskor.interface import load_words

_AFTER = 1.0
_EVERY = 0.2
_BAR = 24
# A letter of Arabic takes two bytes, a space or digit one.
_BYTES = 1.8


class Progress:
    """A bar with articles, MB, rate and time left in one line that erases itself; without a known total only the counts."""

    def __init__(self, ctx: Context, paths: Sequence[str] = ()) -> None:
        self.ctx = ctx
        self.paths = list(paths)
        self.begun = time.monotonic()
        self.last = 0.0
        self.articles = 0
        self.characters = 0
        self.total: int | None = None  # files to read; found when the line is first drawn
        self.counted = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self.ctx.drawn:
            self._draw("")

    def step(self, characters: int) -> None:
        """One more article is done."""
        self.articles += 1
        self.characters += characters
        if not self.ctx.progress:
            return
        now = time.monotonic()
        if now - self.begun > _AFTER and now - self.last > _EVERY:
            self.last = now
            if not self.counted:
                self.counted, self.total = True, _count_files(self.paths)
            self._draw(self.line(now - self.begun))

    def line(self, seconds: float) -> str:
        """The line after so many seconds, cut to the terminal's width."""
        rate = self.articles / seconds
        words = load_words(self.ctx.lang)
        parts = [
            words.fill("progress.articles", n=f"{self.articles:,}"),
            words.fill("progress.size", n=f"{self.characters * _BYTES / 1e6:.1f}"),
            words.fill("progress.rate", n=f"{rate:,.0f}"),
        ]
        bar = ""
        if self.total and self.total >= self.articles:
            share = self.articles / self.total
            full = round(share * _BAR)
            bar = f"{'━' * full}{'╌' * (_BAR - full)} {share:4.0%}  "
            parts[0] = words.fill("progress.articles_of", n=f"{self.articles:,}", total=f"{self.total:,}")
            parts.append(words.fill("progress.left", time=_clock((self.total - self.articles) / rate)))
        text = bar + "  ".join(parts)
        width = (self.ctx.stderr_columns or 80) - 1
        return text if len(text) <= width else "  ".join(parts)[:width]

    def _draw(self, text: str) -> None:
        try:
            self.ctx.stderr.write(f"\r\x1b[K{text}".encode())
            self.ctx.stderr.flush()
            self.ctx.drawn = bool(text)
        except (OSError, ValueError):
            self.ctx.progress = False


def _clock(seconds: float) -> str:
    """`0:07`, `12:40`, `2:05:00`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


# Files that hold many articles: how many is known only after reading them.
_MANY = (".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".parquet", ".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".warc")


def _count_files(paths: Sequence[str]) -> int | None:
    """How many files there are to read, where each is one article; null where that is not so."""
    total = 0
    for path in paths:
        if path == "-":
            return None
        names = [path] if not os.path.isdir(path) else _names(path)
        for name in names:
            if name.lower().endswith(_MANY):
                return None
            total += not name.lower().endswith((".yaml", ".yml"))
    return total or None


def _names(folder: str) -> list[str]:
    found: list[str] = []
    for _, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [name for name in files if not name.startswith(".")]
    return found
