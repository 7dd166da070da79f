"""Who held an office in a state on a day, from the terms in the gazetteer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ruskor.gazetteer import Gazetteer

When = tuple[date, date]
# Offices of which there is one in a state: the article's day decides among several holders of a longer time.
_SINGLE = frozenset(
    ("president", "leader", "prime_minister", "foreign_minister", "defence_minister", "un_secretary_general", "chancellor", "king")
)
# An elected president takes office at most so many days later.
_ELECT = 124
# Between the vote against a president and the end of the term there are at most so many.
_DEPOSED = 200
_OPEN = "9999"


def holders(gazetteer: Gazetteer, office: str, state: str, when: When | None) -> list[int]:
    """People who held the office in the state within `when` (first and last day), latest term first.

    Without `when` nobody is returned: an office means somebody only at a time.
    """
    if when is None:
        return []
    first, last = when[0].isoformat(), when[1].isoformat()
    rows = gazetteer.holders.get((office, state), ())
    found = [(since, person) for since, until, person in rows if since <= last and until >= first]
    return list(dict.fromkeys(person for _, person in sorted(found, reverse=True)))


def _past(gazetteer: Gazetteer, office: str, state: str, when: When) -> list[int]:
    """Those whose terms ended before `when`, other than the holder at that time, last first."""
    now = set(holders(gazetteer, office, state, when))
    first = when[0].isoformat()
    held = gazetteer.holders.get((office, state), ())
    rows = [(until, person) for _, until, person in held if until <= first and person not in now]
    return list(dict.fromkeys(person for _, person in sorted(rows, reverse=True)))


def predecessor(gazetteer: Gazetteer, office: str, state: str, when: When | None) -> int | None:
    """The person whose term in the office ended last before `when`, other than the holder at that time."""
    past = _past(gazetteer, office, state, when) if when is not None else []
    return past[0] if past else None


def successor(gazetteer: Gazetteer, office: str, state: str, when: When | None) -> int | None:
    """The person whose term begins next after `when`, at most four months later (a president-elect)."""
    if when is None:
        return None
    rows = [(since, person) for since, _, person in gazetteer.holders.get((office, state), ()) if since > when[1].isoformat()]
    if not rows:
        return None
    since, person = min(rows)
    return person if (date.fromisoformat(since) - when[1]).days <= _ELECT else None


def resolve_title(
    gazetteer: Gazetteer,
    offices: Iterable[str],
    state: str,
    when: When | None,
    *,
    modifier: str | None = None,
    stands_for: dict[str, list[str]] | None = None,
    named: Iterable[int] = (),
) -> int | None:
    """The one person whom a title denotes at a time, or null.

    `offices` are the readings of the title; `modifier` is one of former, deposed, before_last, then, elect, current or null; `stands_for`
    says which offices to try where nobody held one; `named` are the people whom the article names in full: among several
    holders, or without a date, only one of them can be meant.
    """
    people = set(named)
    for office in offices:
        for key in [office, *(stands_for or {}).get(office, [])]:
            found = _resolve(gazetteer, key, state, when, modifier=modifier, named=people)
            if found is not None:
                return found
    return None


def _soon(until: str, day: date) -> bool:
    return until != _OPEN and (date.fromisoformat(until) - day).days <= _DEPOSED


def _resolve(gazetteer: Gazetteer, key: str, state: str, when: When | None, *, modifier: str | None, named: set[int]) -> int | None:
    if modifier == "deposed":
        rows = gazetteer.holders.get((key, state), ())
        going = [p for since, until, p in rows if when and since <= when[1].isoformat() <= until and _soon(until, when[1])]
        return going[-1] if going else _earlier(gazetteer, key, state, when, named, steps=0)
    if modifier in ("former", "before_last"):
        return _earlier(gazetteer, key, state, when, named, steps=int(modifier == "before_last"))
    coming = successor(gazetteer, key, state, when) if modifier == "elect" else None
    return coming if coming is not None else _holder(gazetteer, key, state, when, named)


def _earlier(gazetteer: Gazetteer, key: str, state: str, when: When | None, named: set[int], *, steps: int) -> int | None:
    """A former holder: one whom the article names, else the last one, or the one so many steps before."""
    if when is None:
        past = [p for _, _, p in reversed(gazetteer.holders.get((key, state), ())) if p in named]
    else:
        past = _past(gazetteer, key, state, when)
    known = [p for p in past if p in named]
    if known:
        return known[0]
    return past[steps] if len(past) > steps else None


def _holder(gazetteer: Gazetteer, key: str, state: str, when: When | None, named: set[int]) -> int | None:
    """The holder at the time; among several, or without a time, one whom the article names."""
    if when is None:
        known = list(dict.fromkeys(p for _, _, p in gazetteer.holders.get((key, state), ()) if p in named))
        return known[0] if len(known) == 1 or (known and key in _SINGLE) else None
    found = holders(gazetteer, key, state, when)
    if len(found) > 1:
        inside = [p for p in found if p in named]
        found = inside or (sorted(found, key=lambda p: -_days(gazetteer, key, state, p, when)) if key in _SINGLE else [])
    return found[0] if found else None


def _days(gazetteer: Gazetteer, key: str, state: str, person: int, when: When) -> int:
    """How many days of a time the person held the office."""
    total = 0
    for since, until, holder in gazetteer.holders[key, state]:
        if holder == person:
            first = max(date.fromisoformat(since), when[0])
            last = when[1] if until == _OPEN else min(date.fromisoformat(until), when[1])
            total += max(0, (last - first).days)
    return total
