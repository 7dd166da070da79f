"""Make a corpus of any size out of a folder of articles, for benchmarks: paragraphs mixed, days, months and years changed.

    python scripts/make_corpus.py seeds/ /some/folder 10000 [--start 0]

Article number n is always the same, so that a corpus can be continued.
"""

from __future__ import annotations

import argparse
import random
import re
from pathlib import Path

_YEAR = re.compile(r"\b(19|20)\d\d\b")
_DAY = re.compile(r"\b([1-9]|[12]\d|3[01])\b(?= [\u0621-\u064a])")
_MONTHS = ["يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"]
_MONTH = re.compile("|".join(_MONTHS))


def make_article(paragraphs: list[list[str]], number: int) -> str:
    """Article `number`: paragraphs of one or two others, with one shift of its days, months and years."""
    pick = random.Random(number)
    base = pick.choice(paragraphs)
    body = [base[0], *pick.sample(base[1:], k=min(len(base) - 1, pick.randint(2, 8)))]
    if pick.random() < 0.3:
        body.append(pick.choice(pick.choice(paragraphs)))
    years, months, days = pick.randint(-20, 5), pick.randrange(12), pick.randrange(28)

    def change(line: str) -> str:
        line = _YEAR.sub(lambda found: str(min(2026, int(found.group()) + years)), line)
        line = _MONTH.sub(lambda found: _MONTHS[(_MONTHS.index(found.group()) + months) % 12], line)
        return _DAY.sub(lambda found: str((int(found.group()) + days) % 28 + 1), line)

    return "\n".join(change(line) for line in body) + f"\nرقم {number}\n"


def make_corpus(source: Path, target: Path, count: int, *, start: int = 0) -> None:
    """Write articles `start` … `start + count` - 1, a hundred to a folder."""
    paragraphs = []
    for path in sorted(source.glob("*.txt")):
        lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
        lines = [line for line in lines if len(line) > 40]
        if len(lines) > 2:
            paragraphs.append(lines)
    for number in range(start, start + count):
        folder = target / f"{number // 100:04}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{number:06}.txt").write_text(make_article(paragraphs, number), encoding="utf-8")


def main() -> None:
    """Read the arguments and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("count", type=int)
    parser.add_argument("--start", type=int, default=0)
    given = parser.parse_args()
    make_corpus(given.source, given.target, given.count, start=given.start)


if __name__ == "__main__":
    main()
