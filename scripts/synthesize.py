"""A synthetic corpus of Arabic news, for measuring speed: the same seed gives the same articles, and no sentence stands twice.

Names come from the gazetteers and, made up, from their parts; dates from every tradition of months, relative and absolute; the wording from
`synthesize.yaml`; one noun in a dozen words is composed of random roots, so that no memory of words knows it. Several articles tell of one
story, from planned to occurred, so that there is something to merge. Lengths are spread as in the press (log-normal).

Usage: python scripts/synthesize.py ARTICLES [--seed N] [--kilobytes MEAN] [-o FILE]   → JSON lines with id, published, text.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{(\w+)\}")
_FIRST, _LAST = date(1994, 1, 1), date(2035, 12, 31)
NUMBERS = {"n": (2, 98), "big": (100, 99_999), "year": (1945, 2030)}
_UNKNOWN = 0.35  # of the people on the margin are in no gazetteer
_LONG = 0.4  # of the sentences go on with another one
_TOLD_BY = 4  # articles that tell of one story, on average


def _load(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@dataclass(frozen=True, slots=True)
class Stock:
    """What sentences are made of."""

    grammar: dict[str, Any]
    leaders: dict[str, list[str]]  # by country, most prominent first
    people: list[str]
    given: list[str]
    family: list[str]
    cities: list[str]
    places: dict[str, list[str]]  # by country
    countries: dict[str, str]


@cache
def load_stock() -> Stock:
    """The grammar, and the names of `data/`."""
    people = [p for path in sorted((ROOT / "data/people").glob("*.yaml")) for p in _load(path) or []]
    places = [p for path in sorted((ROOT / "data/places").glob("*.yaml")) for p in _load(path) or []]
    parts = _load(ROOT / "data/romanise.yaml")
    leaders: dict[str, list[str]] = {}
    for person in sorted(people, key=lambda p: (-p.get("prominence", 1), p["name"])):
        leaders.setdefault(person.get("country") or "", []).append(person["name_ar"])
    by_country: dict[str, list[str]] = {}
    for place in places:
        if place.get("country") and place["kind"] in {"city", "capital"}:
            by_country.setdefault(place["country"], []).append(place["name_ar"])
    return Stock(
        grammar=_load(Path(__file__).with_suffix(".yaml")),
        leaders=leaders,
        people=[p["name_ar"] for p in people],
        given=[*parts["arabic"], *parts["western"]],
        family=[*parts["western"], *parts["slavic"], *parts["arabic"]],
        cities=[name for names in by_country.values() for name in names],
        places=by_country,
        countries={p["country"]: p["name_ar"] for p in places if p["kind"] == "country" and p.get("country")},
    )


@dataclass(frozen=True, slots=True)
class Story:
    """A made-up event: who, where, when, and how far its reports are spread."""

    kind: str
    day: date
    slots: dict[str, str]


_TITLES = {
    "RUS": "الروسي", "PRK": "الكوري الشمالي", "CHN": "الصيني", "KOR": "الكوري الجنوبي",
    "USA": "الأمريكي", "JPN": "الياباني", "UKR": "الأوكراني",
}  # fmt: skip
_LEADS = ["الرئيس", "الزعيم"]
_GUESTS = ["وزير الخارجية", "رئيس الوزراء", "وزير الدفاع", "المسؤول"]
_HOSTS = ["وزير الخارجية", "نظيره", "وزير الدفاع"]


def make_story(number: int, seed: int) -> Story:
    """The story of that number."""
    dice, stock = random.Random(f"story {seed} {number}"), load_stock()
    topical = dice.random() < 0.5
    guest, host = dice.choice([("RUS", "PRK"), ("PRK", "RUS")]) if topical else dice.sample(sorted(_TITLES), 2)
    kind = dice.choice(["visit", "visit", "summit", "call", "agreement"])
    day = _FIRST + timedelta(days=dice.randrange((_LAST - _FIRST).days))
    # Most stories are about people of the second rank: the leaders do not meet every day.
    rank = 2 if kind == "summit" or dice.random() < 0.15 else 60
    titles = (_LEADS, _LEADS) if rank == 2 else (_GUESTS, _HOSTS)
    slots = {
        "guest": dice.choice(stock.leaders[guest][:rank]),
        "host": dice.choice(stock.leaders[host][:rank]),
        "guest_title": f"{dice.choice(titles[0])} {_TITLES[guest]}",
        "host_title": f"{dice.choice(titles[1])} {_TITLES[host]}",
        "guest_state": stock.countries[guest],
        "host_state": stock.countries[host],
        "place": dice.choice([*stock.places[host][:12], stock.countries[host]]),
    }
    return Story(kind, day, slots)


class Writer:
    """Writes articles; remembers its sentences, so that none stands twice."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.stock = load_stock()
        self.dice = random.Random(seed)
        self.written: set[int] = set()

    def word(self) -> str:
        """A noun of a random root; common ones more often than rare ones (Zipf)."""
        grammar = self.stock.grammar
        rank = int(math.exp(self.dice.random() * math.log(60_000)))
        dice = random.Random(rank)
        root = [dice.choice(grammar["letters"]) for _ in range(3)]
        pattern = dice.choice(grammar["patterns"])
        return ("ال" if self.dice.random() < 0.5 else "") + "".join(root["فعل".index(c)] if c in "فعل" else c for c in pattern)

    def fill(self, pattern: str, fixed: dict[str, str]) -> str:
        """A sentence of a pattern."""
        while "[" in pattern:
            pattern = _CHOICE.sub(lambda m: self.dice.choice(m.group(1).split("|")), pattern)
        return _SLOT.sub(lambda m: fixed.get(m.group(1)) or self.slot(m.group(1)), pattern)

    def slot(self, name: str) -> str:
        """What a slot that the story does not fix is filled with."""
        dice, stock, grammar = self.dice, self.stock, self.stock.grammar
        if name == "word":
            return self.word()
        if name == "unknown" and dice.random() < _UNKNOWN:
            return f"{dice.choice(stock.given)} {dice.choice(stock.family)}"
        if name in NUMBERS:
            return str(dice.randint(*NUMBERS[name]))
        lists: dict[str, list[str]] = {
            "person": stock.people, "unknown": stock.people, "city": stock.cities,
            "country": list(stock.countries.values()), "org": grammar["orgs"],
            "past": grammar["past"], "weekday": grammar["weekdays"],
        }  # fmt: skip
        return dice.choice(lists[name])

    def told(self, day: date, published: date) -> str:
        """A date as an article of another day tells it."""
        dice, grammar = self.dice, self.stock.grammar
        apart = (day - published).days
        weekday, month = grammar["weekdays"][day.weekday()], dice.choice(grammar["months"])[day.month - 1]
        forms = [
            f"في {day.day} {month} {day.year}",
            f"يوم {weekday} {day.day} {month} {day.year}",
            f"{weekday} {day.day}/{day.month}/{day.year}",
        ]
        if day.year == published.year:
            forms += [f"في {day.day} {month}", f"يوم {weekday} {day.day} {month}"] * 2
        if -6 <= apart <= 6 and apart:
            forms += [f"يوم {weekday} {'الماضي' if apart < 0 else 'المقبل'}"] * 3
        if apart in (-2, -1, 0, 1):
            forms += [{-2: "أول من أمس", -1: f"أمس {weekday}", 0: f"اليوم {weekday}", 1: "غدا"}[apart]] * 6
        return str(dice.choice(forms))

    def sentence(self, patterns: list[str], fixed: dict[str, str]) -> str:
        """A sentence that was not written before; where the dice do not find one, it gets a number of its own."""
        for _ in range(20):
            text = " ".join(self.fill(self.dice.choice(patterns), fixed).split())
            if hash_of(text) not in self.written:
                break
        else:
            text += f" (ملف {self.dice.randint(10**6, 10**9)})"
        self.written.add(hash_of(text))
        return text

    def article(self, number: int, articles: int, kilobytes: float) -> dict[str, str]:
        """One article as a record."""
        dice, grammar = self.dice, self.stock.grammar
        story = make_story(dice.randrange(max(1, articles // _TOLD_BY)), self.seed)
        published = story.day + timedelta(days=round(dice.gauss(0.5, 3)))
        size = kilobytes * 1000 * dice.lognormvariate(-0.18, 0.6)
        lines = [self.sentence(grammar["heads"], story.slots)]
        if dice.random() < 0.5:
            month = dice.choice(grammar["months"])[published.month - 1]
            lines.append(f"{grammar['weekdays'][published.weekday()]} {published.day} {month} {published.year}")
        length = 0
        while length < size:
            said = []
            for _ in range(dice.randint(1, 3)):
                if dice.random() < (0.9 if length == 0 else 0.2):
                    tense = "reaction" if length and dice.random() < 0.5 else "planned" if story.day > published else "occurred"
                    said.append(self.sentence(grammar["story"][story.kind][tense], story.slots | {"day": self.told(story.day, published)}))
                else:
                    said.append(self.sentence(grammar["background"], {}))
                length += len(said[-1].encode()) + 2
            lines.append("".join(part + ("، فيما " if dice.random() < _LONG else ". ") for part in said[:-1]) + said[-1] + ".")
            if dice.random() < 0.06:
                lines.append(dice.choice(grammar["furniture"]))
        return {"id": f"{number:07d}", "published": published.isoformat(), "text": "\n".join(lines)}


def hash_of(text: str) -> int:
    """A number that stands for a sentence, the same in every run."""
    from zlib import adler32, crc32

    data = text.encode()
    return crc32(data) << 32 | adler32(data)


def synthesize(articles: int, *, seed: int = 1, kilobytes: float = 7.0) -> Iterator[dict[str, str]]:
    """The corpus, article by article."""
    writer = Writer(seed)
    for number in range(articles):
        yield writer.article(number, articles, kilobytes)


def main() -> None:
    """Write the corpus as JSON lines."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("articles", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kilobytes", type=float, default=7.0, help="mean length in kB of UTF-8")
    parser.add_argument("-o", "--output", type=Path)
    given = parser.parse_args()
    out = given.output.open("w", encoding="utf-8") if given.output else sys.stdout
    for record in synthesize(given.articles, seed=given.seed, kilobytes=given.kilobytes):
        out.write(json.dumps(record, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
