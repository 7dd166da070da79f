"""The benchmark's own parts: the synthetic corpus, the fitted exponent, the tables in the docs."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

import benchmark  # noqa: E402
from synthesize import synthesize  # noqa: E402


def test_the_same_seed_gives_the_same_corpus() -> None:
    one, two, other = (list(synthesize(20, seed=seed, kilobytes=2)) for seed in (3, 3, 4))
    assert one == two
    assert one != other
    assert all(set(record) == {"id", "published", "text"} for record in one)


def test_no_sentence_stands_twice_and_lengths_vary() -> None:
    texts = [record["text"] for record in synthesize(150, seed=3, kilobytes=3)]
    sentences = [part for text in texts for part in re.split(r"\. |\.\n|\n|، فيما ", text) if len(part) > 60]
    assert len(sentences) > 2_500
    assert len(set(sentences)) == len(sentences)
    lengths = sorted(len(text.encode()) for text in texts)
    assert lengths[0] < 1_500 < 6_000 < lengths[-1]
    assert 2_400 < sum(lengths) / len(lengths) < 3_900


@pytest.mark.parametrize("power", [1.0, 1.3, 2.0])
def test_the_exponent_of_a_power_is_found(power: float) -> None:
    assert benchmark.exponent([(n, 0.3 * n**power) for n in (1_000, 3_000, 10_000)]) == pytest.approx(power)


def test_a_table_has_all_columns() -> None:
    assert benchmark.table([{"a": 1}, {"b": None, "a": 2}]) == "| a | b |\n| --- | --- |\n| 1 |  |\n| 2 |  |"


def test_tables_go_between_their_marks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "benchmarks.md"
    page.write_text((ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(benchmark, "DOCS", page)
    benchmark.write({"machine": {"cores": 2}, "parts": {"dates": [{"what": "x", "mb_per_s": 1.5}]}})
    text = page.read_text(encoding="utf-8")
    assert "<!-- dates -->\n| what | mb_per_s |\n| --- | --- |\n| x | 1.5 |\n<!-- end -->" in text
    assert "<!-- machine -->\ncores: 2\n<!-- end -->" in text
    assert all(f"<!-- {part} -->" in text for part in benchmark.PARTS)
