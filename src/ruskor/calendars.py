"""The Hijri calendar and the movable feasts.

Hijri dates are those of Umm al-Qura (`hijridate`, 1343–1500 AH); outside, of the tabular calendar with the usual thirty-year cycle
(leap years 2, 5, 7, 10, 13, 16, 18, 21, 24, 26, 29), which may differ by a day or two from what was observed.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

UMM_AL_QURA = range(1343, 1501)
_EPOCH = date(622, 7, 19)  # 1 Muharram 1, civil, in the proleptic Gregorian calendar


def _tabular(year: int, month: int, day: int) -> date:
    days = (year - 1) * 354 + (3 + 11 * year) // 30 + 29 * (month - 1) + month // 2 + day - 1
    return _EPOCH + timedelta(days=days)


@lru_cache(maxsize=4096)
def hijri_to_date(year: int, month: int, day: int = 1) -> date | None:
    """The Gregorian day of a Hijri date; None where month or day do not exist.

    Day 30 of a month of 29 is taken as the first of the next: sightings differ from the calendar by a day. (A few months of
    the 1340s had 31 days in Umm al-Qura.)
    """
    if not (1 <= month <= 12 and 1 <= day <= 31 and 1 <= year <= 9000) or (day == 31 and _length(year, month) < 31):
        return None
    if year in UMM_AL_QURA:
        from hijridate import Hijri

        first = Hijri(year, month, 1).to_gregorian()
        return date(first.year, first.month, first.day) + timedelta(days=day - 1)
    return _tabular(year, month, day)


def hijri_month(year: int, month: int) -> tuple[date, date] | None:
    """First and last Gregorian day of a Hijri month."""
    first = hijri_to_date(year, month)
    return (first, first + timedelta(days=_length(year, month) - 1)) if first else None


@lru_cache(maxsize=4096)
def _length(year: int, month: int) -> int:
    if year in UMM_AL_QURA:
        from hijridate import Hijri

        return int(Hijri(year, month, 1).month_length())
    after = _tabular(year + month // 12, month % 12 + 1, 1)
    return (after - _tabular(year, month, 1)).days


def hijri_year(year: int) -> tuple[date, date] | None:
    """First and last Gregorian day of a Hijri year."""
    first, last = hijri_month(year, 1), hijri_month(year, 12)
    return (first[0], last[1]) if first and last else None


def date_to_hijri(day: date) -> tuple[int, int, int]:
    """Year, month and day AH of a Gregorian day."""
    year = max(1, int((day - _EPOCH).days / 354.36667) + 1)
    while (first := hijri_to_date(year, 1)) and first > day:
        year -= 1
    while (after := hijri_to_date(year + 1, 1)) and after <= day:
        year += 1
    for month in range(12, 0, -1):
        start = hijri_to_date(year, month)
        if start and start <= day:
            return year, month, (day - start).days + 1
    return year, 1, 1


def easter(year: int) -> date:
    """Easter Sunday of the western churches (the anonymous Gregorian algorithm, Meeus 1991)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    x = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * x) // 451
    month, day = divmod(h + x - 7 * m + 114, 31)
    return date(year, month, day + 1)


def orthodox_easter(year: int) -> date:
    """Easter Sunday of the eastern churches (Meeus' Julian algorithm), as a Gregorian date."""
    a, b, c = year % 4, year % 7, year % 19
    d = (19 * c + 15) % 30
    e = (2 * a + 4 * b - d + 34) % 7
    month, day = divmod(d + e + 114, 31)
    return date(year, month, day + 1) + timedelta(days=year // 100 - year // 400 - 2)


def month_end(year: int, month: int) -> date:
    """The last day of a Gregorian month."""
    return date(year, 12, 31) if month == 12 else date(year, month + 1, 1) - timedelta(days=1)
