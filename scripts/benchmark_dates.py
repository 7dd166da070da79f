"""How fast `find_dates` reads: MB of UTF-8 a second of processor time on text in which no sentence stands twice.

The sentences are those of seeds/ and tests/timex/dev.yaml, each varied by other numbers, weekdays and months; articles of about 3 kB.
Usage: python scripts/benchmark_dates.py [megabytes]
"""

from __future__ import annotations

import random
import re
import sys
import time
from pathlib import Path

import yaml

from ruskor.dates import find_dates

ROOT = Path(__file__).parents[1]
WEEKDAYS = ["الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"]
MONTHS = ["يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"]


def sentences() -> list[str]:
    """The sentences to vary."""
    found = [line for path in sorted((ROOT / "seeds").glob("*.txt")) for line in path.read_text(encoding="utf-8").splitlines()]
    cases = yaml.safe_load((ROOT / "tests" / "timex" / "dev.yaml").read_text(encoding="utf-8"))
    return [line.strip() for line in [*found * 3, *(case["text"] for case in cases)] if len(line.strip()) > 20]


def varied(line: str, dice: random.Random) -> str:
    """The sentence with other numbers, weekdays and months, and a number of its own, so that none stands twice."""
    line = re.sub(r"\d+", lambda m: str(dice.randint(1, 28) if len(m.group()) < 3 else dice.randint(1990, 2025)), line)
    for names in (WEEKDAYS, MONTHS):
        for name in names:
            if name in line:
                line = line.replace(name, dice.choice(names), 1)
                break
    return f"{line} ملف{dice.randint(10**6, 10**7)}."


def main(size: float = 0.7) -> None:
    """Print the rate of three runs, each on a text of its own, so that no parse is remembered from the run before."""
    pool = sentences()
    find_dates("سيصل الأربعاء 5 رمضان 1445 هـ أو في عيد الفطر", published="2024-06-18")  # the tables are loaded once
    for run in range(3):
        dice = random.Random(run)
        articles, article, total = [], [], 0
        while total < size * 1e6:
            article.append(varied(dice.choice(pool), dice))
            total += len(article[-1].encode()) + 1
            if sum(map(len, article)) > 1700:
                articles.append("\n".join(article))
                article = []
        start = time.process_time()
        found = sum(len(find_dates(text, published="2024-06-18")) for text in articles)
        seconds = time.process_time() - start
        print(f"{total / 1e6:.2f} MB, {found} dates, {total / 1e6 / seconds:.1f} MB/s")


if __name__ == "__main__":
    main(*map(float, sys.argv[1:2]))
