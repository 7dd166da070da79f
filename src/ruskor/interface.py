"""The interface's words in one language, from `data/interface`: labels, counted nouns and dates for tables and pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from ruskor.lexicon import data_dir, load_yaml
from ruskor.model import Interval
from ruskor.words import STATUS_MARKS, is_whole_months, short_interval

if TYPE_CHECKING:
    from ruskor.gazetteer import Gazetteer

LANGUAGES = ("en", "ar")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language; `word("column.date")` finds one, `fill` puts values into it."""

    lang: str
    table: Mapping[str, Any]
    gazetteer: Gazetteer | None = None  # whose Arabic names are used; the package's own without one

    @property
    def rtl(self) -> bool:
        """Whether the language is written from the right."""
        return bool(self.table["direction"] == "rtl")

    def word(self, path: str, default: str | None = None) -> str:
        """The word at a path of two keys; where there is none, the default or the last key."""
        group, _, name = path.partition(".")
        found = self.table.get(group, {}).get(name)
        return str(found) if found is not None else name if default is None else default

    def fill(self, path: str, **values: object) -> str:
        """The words at a path with its `{…}` filled."""
        return self.word(path).format(**values)

    def count(self, number: int, what: str) -> str:
        """`1 article`, `5 articles`; in Arabic with its forms for one, two, few and many."""
        tail = number % 100
        form = "one" if number == 1 else "two" if number == 2 else "few" if 3 <= tail <= 10 else "many"
        return str(self.table["count"][what][form]).format(n=f"{number:,}")

    def status(self, status: str) -> tuple[str, str]:
        """A status with its mark, and its colour."""
        mark, colour = STATUS_MARKS.get(status, ("", ""))
        return f"{mark} {self.word(f'status.{status}')}".strip(), colour

    def type(self, name: str) -> str:
        """The name of an event type."""
        return self.word(f"type.{name}")

    def days(self, value: Interval | None) -> str:
        """An interval as briefly as its precision allows: ISO in English, in words in Arabic."""
        if value is None:
            return self.word("say.undated_date")
        return in_words(value, self) if self.rtl else short_interval(value)

    def day(self, value: date | str | None) -> str:
        """One day."""
        if value is None:
            return self.word("say.unknown")
        day = date.fromisoformat(value) if isinstance(value, str) else value
        return _day(day, self) if self.rtl else day.isoformat()


def in_words(value: Interval, words: Words) -> str:
    """«25 أبريل 2019», «18–19 يونيو 2024», «يوليو 2023», «2019»; from one point on: «منذ …»."""
    start, end = value.start, value.end
    years, months = value.precision in {"year", "multi-year"}, value.precision in {"month", "season", "year", "multi-year"}
    if end is None:
        first = str(start.year) if years else _month(start, words) if months else _day(start, words)
        return words.fill("say.since_date", date=first)
    whole = is_whole_months(value)
    if years and whole and (start.month, end.month) == (1, 12):
        return str(start.year) if end.year == start.year else f"{start.year}–{end.year}"
    same_year = start.year == end.year
    same_month = same_year and start.month == end.month
    if months and whole:
        return _month(end, words) if same_month else f"{_month(start, words, year=not same_year)} – {_month(end, words)}"
    if same_month:
        return _day(end, words) if start == end else f"{start.day}–{_day(end, words)}"
    return f"{_day(start, words, year=not same_year)} – {_day(end, words)}"


def _day(day: date, words: Words, *, year: bool = True) -> str:
    return f"{day.day} {_month(day, words, year=year)}"


def _month(day: date, words: Words, *, year: bool = True) -> str:
    name = words.table["months"][day.month - 1]
    return f"{name} {day.year}" if year else str(name)


def load_words(lang: str = "en", *, gazetteer: Gazetteer | None = None) -> Words:
    """The words of a language that `LANGUAGES` names."""
    words = _load_words(lang)
    return replace(words, gazetteer=gazetteer) if gazetteer else words


@cache
def _load_words(lang: str) -> Words:
    table: dict[str, Any] = dict(load_yaml(data_dir() / "interface" / f"{lang}.yaml"))
    return Words(lang, table | load_yaml(data_dir() / "interface" / f"terminal-{lang}.yaml"))
