"""Calendars: Hijri round trips, feasts, and the month names of every Arabic country."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ruskor import calendars
from ruskor.arabic import fold_key
from ruskor.timex.words import words


def test_hijri_round_trip_every_day() -> None:
    day = calendars.hijri_to_date(1343, 1)
    assert day == date(1924, 8, 1)
    previous = day - timedelta(days=1)
    for year in range(1343, 1501):
        for month in range(1, 13):
            bounds = calendars.hijri_month(year, month)
            assert bounds is not None
            first, last = bounds
            assert first == previous + timedelta(days=1)  # no gap and no overlap
            previous = last
            for number in {1, 15, (last - first).days + 1}:
                found = calendars.hijri_to_date(year, month, number)
                assert found is not None
                assert calendars.date_to_hijri(found) == (year, month, number)
    assert previous == date(2077, 11, 16)


@pytest.mark.parametrize("year", [1, 500, 1000, 1300, 1341, 1502, 1600])
def test_tabular_round_trip(year: int) -> None:
    for month in (1, 2, 9, 12):
        found = calendars.hijri_to_date(year, month, 29)
        assert found is not None
        assert calendars.date_to_hijri(found) == (year, month, 29)


def test_tabular_meets_umm_al_qura() -> None:
    inside = calendars.hijri_to_date(1343, 1)
    outside = calendars._tabular(1343, 1, 1)
    assert inside is not None
    assert abs((inside - outside).days) <= 2


def test_what_does_not_exist() -> None:
    assert calendars.hijri_to_date(1445, 13) is None
    assert calendars.hijri_to_date(1445, 1, 31) is None


@pytest.mark.parametrize(
    ("year", "west", "east"),
    [
        (2013, date(2013, 3, 31), date(2013, 5, 5)),
        (2024, date(2024, 3, 31), date(2024, 5, 5)),
        (2025, date(2025, 4, 20), date(2025, 4, 20)),
    ],
)
def test_easter(year: int, west: date, east: date) -> None:
    assert calendars.easter(year) == west
    assert calendars.orthodox_easter(year) == east


def test_month_names_of_every_arabic_country() -> None:
    babel = pytest.importorskip("babel")
    from babel.localedata import locale_identifiers

    table = words().table
    missing = set()
    for identifier in locale_identifiers():
        if identifier.split("_")[0] != "ar":
            continue
        for number, name in babel.Locale.parse(identifier).months["format"]["wide"].items():
            first, *rest = fold_key(name).split()
            _, roles = table.get(first, ("", {}))
            found = dict(roles.get("ph", ())).get(tuple(rest), {}) if rest else roles
            if found.get("m", (0,))[0] != number:
                missing.add((identifier, number, name))
    assert not missing
