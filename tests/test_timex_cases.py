"""The data-driven cases of tests/timex: development and held-out cases are reported apart, with floors that never fall silently."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from ruskor.dates import find_dates

HERE = Path(__file__).parent / "timex"


def load(name: str) -> Any:
    return yaml.load((HERE / f"{name}.yaml").read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def right(case: dict[str, Any]) -> bool:
    """Every expected date found with its value and precision at an overlapping span, and nothing else."""
    text, published = case["text"], case["published"]
    found = find_dates(text, published=str(published) if published else None)
    if len(found) != len(case["expect"]):
        return False
    at = 0
    for want, got in zip(case["expect"], found, strict=True):
        start = text.find(want["text"], at)
        assert start >= 0, f"{case['id']}: the expected text does not stand in the sentence"
        assert text[slice(*got.span)] == got.text
        at = got.span[1]
        value = got.value
        same = value is not None and (value.start, value.end, value.precision) == (want["start"], want["end"], want["precision"])
        if not same or start >= got.span[1] or got.span[0] >= start + len(want["text"]):
            return False
    return True


@pytest.mark.parametrize("part", ["dev", "heldout"])
def test_cases(part: str, record_property: Any) -> None:
    cases = load(part)
    good = [right(case) for case in cases]
    share = sum(good) / len(cases)
    record_property(f"timex {part}", f"{sum(good)} of {len(cases)}")
    print(f"timex {part}: {sum(good)} of {len(cases)} ({share:.3f})")
    floor = load("floors")[part]
    failed = [case["id"] for case, ok in zip(cases, good, strict=True) if not ok] if part == "dev" else "held out, not shown"
    assert share >= floor, f"{part}: {share:.3f} is under its floor {floor}: {failed}"


def test_there_are_enough_cases() -> None:
    cases = load("dev") + load("heldout")
    assert sum(bool(case["expect"]) for case in cases) >= 400
    assert sum(not case["expect"] for case in cases) >= 100
    assert len({case["id"] for case in cases}) == len(cases)
