"""Merging after a change equals merging everything: on made-up tellings that meet often, over random rounds of changes."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ruskor.gazetteer import load_gazetteer
from ruskor.merge import Telling, merge, merge_row, part_keys
from ruskor.model import Interval
from ruskor.remerge import Part, extent, level, remerge

G = load_gazetteer()
TYPES = ("visit", "visit", "delegation", "summit", "meeting", "call", "agreement", "invitation", "statement", "weapons_test", "sanctions")
STATUSES = ("occurred", "occurred", "planned", "denied", "possible", "called_off")
PEOPLE = ("Vladimir Putin", "Kim Jong Un", "Sergey Lavrov", "Choe Son Hui")
STATES = ("RUS", "PRK", "CHN")
PLACES = (("Vladivostok", "RUS"), ("Moscow", "RUS"), ("Pyongyang", "PRK"), ("Russia", "RUS"), ("North Korea", "PRK"))
LENGTHS = {"day": 0, "week": 6, "month": 29, "season": 89, "year": 364, "multi-year": 800}


class Memory:
    """The rows of a corpus in memory, as the store keeps them in tables."""

    def __init__(self) -> None:
        self.present: dict[tuple[str, str], Telling] = {}
        self.rows: dict[int, Part] = {}
        self.number = 0

    def near(self, key: tuple[str, ...], at: int, days: tuple[int, int]) -> Iterator[Telling]:
        for other in self.present.values():
            first, last = extent(other)
            if level(other) == at and first <= days[1] and days[0] <= last and key in part_keys(other):
                yield other

    def row(self, t: Telling) -> int | None:
        return next((row for row, part in self.rows.items() if t in part), None)

    def members(self, row: int) -> Part:
        return self.rows[row]

    def change(self, added: Iterable[Telling], removed: Iterable[Telling]) -> None:
        added, removed = list(added), list(removed)
        for t in removed:
            del self.present[t.key]
        self.present |= {t.key: t for t in added}
        change = remerge(self, added, removed, G)
        for row in change.gone:
            del self.rows[row]
        for part in change.came:
            self.number += 1
            self.rows[self.number] = part


def made_up(pick: random.Random, article: int, number: int, years: int) -> Telling:
    """A telling of few people, places and days."""
    precision = pick.choice(("day", "day", "day", "week", "month", "season", "year", "multi-year", None, None, None))
    start = dt.date(2018, 1, 1) + dt.timedelta(days=pick.randrange(365 * years))
    if precision in ("month", "season", "year", "multi-year"):
        months = {"month": (start.month,), "season": (1, 4, 7, 10)}
        start = start.replace(day=1, month=pick.choice(months.get(precision, (1,))))
    value = None
    if precision is not None:
        length = LENGTHS[precision] + (pick.choice((0, 0, 1, 5)) if precision == "day" else 0)
        value = Interval(start, None if pick.random() < 0.03 else start + dt.timedelta(days=length), precision)
    told = dt.date(2018, 1, 1) + dt.timedelta(days=article * 37 % (365 * years))
    people = pick.sample(PEOPLE, pick.choice((0, 1, 1, 2, 2, 3)))
    split = pick.randint(0, len(people))
    states = frozenset(pick.sample(STATES, pick.choice((1, 2, 2))))
    place = pick.choice((*PLACES, None, None))
    return Telling(
        article=f"{article:03}", event=f"E{number}", type=pick.choice(TYPES), status=pick.choice(STATUSES), date=value,
        published=None if article % 11 == 0 else Interval(told, told, "day"),
        guests=frozenset(people[:split]), hosts=frozenset(people[split:]), countries=states,
        origin=frozenset(pick.sample(sorted(states), 1)), where=place[1] if place else None,
        places=(place[0],) if place else (), series=pick.random() < 0.05, core=True, stop=pick.random() < 0.05,
    )  # fmt: skip


def rounds(pick: random.Random, *, count: int, articles: int, years: int) -> None:
    """Some rounds of new, changed and vanished articles; after each the rows are those of a fresh merge."""
    memory = Memory()
    for _ in range(count):
        added: list[Telling] = []
        removed: list[Telling] = []
        for article in {pick.randrange(200) for _ in range(pick.randint(1, articles))}:
            old = [t for t in memory.present.values() if t.article == f"{article:03}"]
            removed += old
            if not old or pick.random() < 0.6:
                added += [made_up(pick, article, n, years) for n in range(pick.randint(1, 4))]
            kept = [t for t in old if pick.random() < 0.3]
            removed = [t for t in removed if t not in kept]
            added = [t for t in added if t.key not in {k.key for k in kept}]
        memory.change(added, removed)
        fresh = {frozenset(c.tellings) for c in merge(memory.present.values(), G)}
        assert set(memory.rows.values()) == fresh


@given(st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_changes_by_and_by_equal_all_at_once(pick: random.Random) -> None:
    rounds(pick, count=6, articles=8, years=1)


@pytest.mark.parametrize("seed", range(8))
def test_many_changes_over_several_years(seed: int) -> None:
    rounds(random.Random(seed), count=12, articles=16, years=4)


def test_a_row_is_what_merging_makes_of_its_tellings() -> None:
    """What the store relies on: a row merged by itself is that row, in the same order and with the same reasons."""
    pick = random.Random(3)
    told = [made_up(pick, article, n, 1) for article in range(60) for n in range(4)]
    several = 0
    for cluster in merge(told, G):
        assert merge(reversed(cluster.tellings), G) == [merge_row(reversed(cluster.tellings), G)] == [cluster]
        several += len(cluster.tellings) > 1
    assert several > 10


def test_what_is_equal_but_for_its_copies_is_not_lost() -> None:
    pick = random.Random(5)
    memory = Memory()
    first = [made_up(pick, article, 1, 1) for article in range(20)]
    memory.change(first, [])
    memory.change([replace(first[3], copy_of="000")], [first[3]])
    assert set(memory.rows.values()) == {frozenset(c.tellings) for c in merge(memory.present.values(), G)}
