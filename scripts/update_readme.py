"""Write the parts of README.md that come from running ruskor: the output of `make table`, and the figures of accuracy.

The figures go to data/accuracy.json too, which the report shows.

Each part stands between `<!-- NAME: begin … -->` and `<!-- NAME: end -->`. Without an option the parts are written; with --check it ends
with 1 where one of them has another form than what would be written: other rows of the accuracy table, no table at all.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
ACCURACY = ROOT / "data" / "accuracy.json"
_WIDTH = "100"


def ruskor(*args: str, **env: str) -> str:
    """Standard output of a command line, run on this checkout."""
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src"), **env}
    done = subprocess.run([sys.executable, "-m", "ruskor", *args], capture_output=True, check=True, cwd=ROOT, env=env)
    return done.stdout.decode()


def table() -> str:
    """What `make table` prints, as wide as the page."""
    return "```text\n" + ruskor("extract", "seeds/", "-f", "table", COLUMNS=_WIDTH).rstrip() + "\n```"


def accuracy() -> str:
    """The figures of the seeds, and of the articles held out of tuning, as a table."""
    figures: list[dict[str, Any]] = json.loads(ruskor("evaluate", "tests/gold", "seeds", "-f", "json"))["figures"]
    rows = ["| on the five seeds, and on held-out articles | precision | recall | F1 | share right | cases |", "|---|---|---|---|---|---|"]
    for row in figures:
        numbers = [f"{row[key]:.3f}" if row[key] is not None else "" for key in ("precision", "recall", "f1", "value")]
        rows.append(f"| {row['name']} | {' | '.join(numbers)} | {row['counts']} |")
    for key, figure in held_out().items():
        share = key in _SHARES
        rows.append(f"| held out: {_OTHERS[key][0]} |  |  | {'' if share else f'{figure:.3f}'} | {f'{figure:.3f}' if share else ''} |  |")
    return "\n".join(rows)


# The rows of the report's table: what `ruskor evaluate` measures on the seeds, scripts/evaluate_gold2.py on articles held out of tuning.
_SEEDS = ("published", "people_names", "people_titles", "places", "dates", "core_events_strict", "all_events", "pairs")
_OTHERS = {
    "loose": ("events, loose", "الأحداث، تساهلا"), "strict": ("events, strict", "الأحداث، تشددا"),
    "participants": ("participants", "المشاركون"),
    "places": ("event places", "أماكن الأحداث"), "clusters": ("event pairs across articles", "أزواج الحدث الواحد بين المقالات"),
    "status": ("status of the matched", "حالة المتقابل"), "date": ("date of the matched", "تاريخ المتقابل"),
}  # fmt: skip


_SHARES = {"status", "date"}


def held_out() -> dict[str, float]:
    """F1, or the share that is right, on the held-out articles of tests/gold2."""
    command = [sys.executable, str(ROOT / "scripts" / "evaluate_gold2.py"), "--json"]
    done = subprocess.run(command, capture_output=True, check=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT / "src")})
    found: dict[str, float] = json.loads(done.stdout)["heldout"]
    return {key: found[key] for key in _OTHERS}


def report_figures() -> dict[str, Any]:
    """What the report shows of accuracy."""
    from ruskor.interface import load_words
    from ruskor.messages import translate

    arabic = load_words("ar")
    rows: list[dict[str, Any]] = []
    for row in json.loads(ruskor("evaluate", "tests/gold", "seeds", "-f", "json"))["figures"]:
        if row["key"] in _SEEDS:
            task = {"en": f"seeds: {row['name']}", "ar": f"مقالات البذور: {translate(row['name'], arabic)}"}
            counts = {"en": row["counts"], "ar": translate(row["counts"], arabic)}
            rows.append({"task": task} | {key: row[key] for key in ("precision", "recall", "f1", "value")} | {"n": counts})
    for key, figure in held_out().items():
        english, words = _OTHERS[key]
        task = {"en": f"held-out articles: {english}", "ar": f"مقالات مستبعدة من الضبط: {words}"}
        rows.append({"task": task, "value" if key in _SHARES else "f1": figure})
    return {
        "on": {
            "en": "the five seed articles, and short articles held out of all tuning",
            "ar": "مقالات البذور الخمس، ومقالات قصيرة لم تُستعمل في أي ضبط",
        },
        "figures": rows,
    }


PARTS = {"table": table, "accuracy": accuracy}


def part(text: str, name: str) -> re.Match[str]:
    """The part of the README with its two marks.

    Raises SystemExit where the marks are missing.
    """
    found = re.search(rf"(<!-- {name}: begin[^\n]*-->\n)(.*?)(\n<!-- {name}: end -->)", text, re.DOTALL)
    if found is None:
        raise SystemExit(f"README.md has no part {name!r}")
    return found


def form(text: str) -> list[str]:
    """What of a part does not change with the figures: the names of rows and columns."""
    if text.startswith("```"):
        return [cell.strip() for cell in text.splitlines()[2].split("│")]
    return [line.split("|")[1].strip() for line in text.splitlines() if line.startswith("|")]


def main() -> int:
    """Write or check the parts."""
    text = README.read_text(encoding="utf-8")
    stale = []
    for name, make in PARTS.items():
        found, made = part(text, name), make()
        if "--check" in sys.argv:
            stale += [] if form(found[2]) == form(made) else [name]
        else:
            text = text[: found.start()] + found[1] + made + found[3] + text[found.end() :]
    if "--check" not in sys.argv:
        README.write_text(text, encoding="utf-8")
        ACCURACY.write_text(json.dumps(report_figures(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    elif stale:
        print(f"not current: {', '.join(stale)}; run python scripts/update_readme.py")
    return bool(stale)


if __name__ == "__main__":
    sys.exit(main())
