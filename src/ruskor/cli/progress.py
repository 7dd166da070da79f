"""Progress on standard error: only on a terminal, and only for what takes longer than a second."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self

from ruskor.context import Context

_AFTER = 1.0
_EVERY = 0.2


class Progress:
    """Counts articles and characters in one line that erases itself."""

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx
        self.begun = time.monotonic()
        self.last = 0.0
        self.articles = 0
        self.characters = 0

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
            self._draw(
                f"{self.articles:,} articles, {self.characters / 1e6:.1f} M characters, {self.articles / (now - self.begun):.0f} a second"
            )

    def _draw(self, text: str) -> None:
        try:
            self.ctx.stderr.write(f"\r\x1b[K{text}".encode())
            self.ctx.stderr.flush()
            self.ctx.drawn = bool(text)
        except (OSError, ValueError):
            self.ctx.progress = False
