"""Titles and the persons whom they denote on a date."""

from __future__ import annotations

from datetime import date

import pytest
from test_names import load, norm, predict

from ruskor.gazetteer import load_gazetteer
from ruskor.names import Matcher
from ruskor.offices import holders, predecessor, resolve_title, successor
from ruskor.titles import title_words

G = load_gazetteer()


def day(text: str) -> tuple[date, date]:
    return date.fromisoformat(text), date.fromisoformat(text)


def test_titles_in_sentences() -> None:
    floors: dict[str, dict[str, float]] = load("floors.yaml")  # type: ignore[assignment]
    cases = load("offices.yaml")
    matcher = Matcher(G)
    wrong = []
    for case in cases:
        people, _ = predict(G, matcher, case["text"], case["date"], discover=False)
        start = case["text"].find(case["title"])
        end = start + len(case["title"])
        if not any(norm(p["name"]) == norm(case["name"]) and p["span"][0] < end and start < p["span"][1] for p in people):
            wrong.append((case["date"], case["title"], case["name"]))
    assert 1 - len(wrong) / len(cases) >= floors["offices"]["right"], wrong


def name(person: int | None) -> str | None:
    return None if person is None else G.people[person].name


@pytest.mark.parametrize(
    ("office", "state", "when", "modifier", "expected"),
    [
        ("president", "RUS", "2009-07-07", None, "Dmitry Medvedev"),
        ("president", "RUS", "2009-07-07", "former", "Vladimir Putin"),
        ("president", "USA", "2009-08-04", "before_last", "Bill Clinton"),
        ("president", "USA", "2024-12-01", "elect", "Donald Trump"),
        ("president", "KOR", "2025-02-02", "deposed", "Yoon Suk Yeol"),
        ("president", "PRK", "2019-04-25", None, "Kim Jong Un"),
        ("emperor", "USA", "2019-04-25", None, None),
    ],
)
def test_resolve_title(office: str, state: str, when: str, modifier: str | None, expected: str | None) -> None:
    found = resolve_title(G, [office], state, day(when), modifier=modifier, stands_for=title_words().stands_for)
    assert norm(name(found)) == norm(expected)


def test_no_time_no_holder_unless_named() -> None:
    assert holders(G, "president", "RUS", None) == []
    assert resolve_title(G, ["president"], "RUS", None) is None
    medvedev = G.person_index["Dmitry Medvedev"]
    assert resolve_title(G, ["president"], "RUS", None, named=[medvedev]) == medvedev


def test_before_and_after() -> None:
    assert name(predecessor(G, "president", "USA", day("2022-01-01"))) == "Donald Trump"
    assert name(successor(G, "president", "USA", day("2008-12-01"))) == "Barack Obama"
    assert successor(G, "president", "USA", day("2006-12-01")) is None
    assert predecessor(G, "president", "USA", None) is None
