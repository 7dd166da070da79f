"""Accuracy has floors: the real pipeline on the seeds and on the short articles."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from conftest import SEEDS, Result

TESTS = Path(__file__).parent
Cli = Callable[..., Result]


def test_seeds(cli: Cli) -> None:
    result = cli("evaluate", TESTS / "gold", SEEDS, "--floors", TESTS / "floors.yaml")
    assert result.code == 0, result.err + result.out


def test_short_articles(cli: Cli, tmp_path: Path) -> None:
    for line in (TESTS / "articles" / "articles.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        # A name that tells nothing: the date must come from the text.
        (tmp_path / f"{record['id']}.txt").write_bytes(record["text"].encode())
    files = sorted(tmp_path.glob("*.txt"))
    result = cli("evaluate", TESTS / "articles", *files, "--floors", TESTS / "articles" / "floors.yaml")
    assert result.code == 0, result.err + result.out


def test_seeds_give_the_same_bytes_twice(cli: Cli) -> None:
    first = cli("extract", SEEDS, "-f", "json", "--all")
    assert first.code == 0
    assert first.raw == cli("extract", SEEDS, "-f", "json", "--all").raw


def test_rows_do_not_depend_on_the_order_of_reading(cli: Cli) -> None:
    files = sorted(SEEDS.glob("*.txt"))
    assert cli("extract", *files, "--all").raw == cli("extract", *reversed(files), "--all").raw


def test_no_visitor_address_leaves(cli: Cli) -> None:
    """The base64 lines of the seeds stand in no output at all."""
    import re

    secrets = {run for file in SEEDS.glob("*.txt") for run in re.findall(r"[A-Za-z0-9+/]{20,}={0,2}", file.read_text(encoding="utf-8"))}
    assert secrets
    file = next(f for f in SEEDS.glob("*.txt") if any(s in f.read_text(encoding="utf-8") for s in secrets))
    for args in (
        ["extract", SEEDS, "--all", "-f", "json"],
        ["annotate", SEEDS, "--with-text"],
        ["show", file],
        ["summary", SEEDS],
        ["articles", SEEDS],
    ):
        out = cli(*args).out
        assert not [s for s in secrets if s in out], args
