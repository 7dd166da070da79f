"""How large inputs may be: whatever comes, memory and time stay bounded."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import IO

from ruskor.errors import ReadError, RuskorError

_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kKmMgG]?)(?:i?[bB])?")
_UNITS = {"": 1, "k": 1000, "m": 1_000_000, "g": 1_000_000_000}


@dataclass(frozen=True, slots=True)
class Limits:
    """How large things may be.

    `article`: bytes of one article, page or record; `expanded`: of all that comes out of one archive; `ratio`: how much a
    packed file may grow; `members`: entries of an archive; `nesting`: archives within each other.
    """

    article: int = 20_000_000
    expanded: int = 4_000_000_000
    ratio: int = 200
    members: int = 1_000_000
    nesting: int = 2


def can_seek(stream: IO[bytes]) -> bool:
    """Whether a stream can be read from anywhere; a member of a tar that is being unpacked has no answer, and cannot."""
    try:
        return stream.seekable()
    except AttributeError:
        return False


def parse_size(text: str | None) -> Limits:
    """The limits for `--max-size`.

    Raises RuskorError (usage) where it is no size.
    """
    if not text:
        return Limits()
    found = _SIZE.fullmatch(text.strip())
    if not found or float(found.group(1)) <= 0:
        raise RuskorError(f"--max-size: {text!r} is no size", hint="write 500k, 20M or 1G")
    size = int(float(found.group(1)) * _UNITS[found.group(2).lower()])
    return Limits(article=size, expanded=max(Limits().expanded, 10 * size))


def in_units(size: int) -> str:
    """`20 MB`, `1.5 GB`."""
    for unit, name in ((1_000_000_000, "GB"), (1_000_000, "MB"), (1000, "kB")):
        if size >= unit:
            return f"{size / unit:.1f}".removesuffix(".0") + f" {name}"
    return f"{size} bytes"


def read_all(stream: IO[bytes], limit: int, *, what: str = "file") -> bytes:
    """The whole stream.

    Raises ReadError where it is longer than `limit`; no more than that is ever in memory.
    """
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise ReadError(f"{what} is larger than {in_units(limit)}", hint="--max-size sets the limit")
    return data


class Counted(io.RawIOBase):
    """A stream that refuses to give more than `limit` bytes: what an archive may expand to."""

    def __init__(self, stream: IO[bytes], limit: int) -> None:
        super().__init__()
        self.stream, self.left, self.limit = stream, limit, limit

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill the buffer."""
        data = self.stream.read(len(buffer))
        self.left -= len(data)
        if self.left < 0:
            raise ReadError(f"it expands to more than {in_units(self.limit)}; the rest is not read")
        buffer[: len(data)] = data
        return len(data)
