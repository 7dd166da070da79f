"""Who held an office in a state on a day, from the terms in the gazetteer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ruskor.gazetteer import Gazetteer

When = tuple[date, date]
# Offices of which there is one in a state: the article's day decides among several holders of a longer time.
_SINGLE = frozenset(("president", "leader", "prime_minister", "foreign_minister", "defence_minister", "un_secretary_general", "chancellor", "king"))
# An elected president takes office at most so many days later.
_ELECT = 124
# Between the vote against a president and the end of the term there are at most so many.
_DEPOSED = 200


def holders(gazetteer: Gazetteer, office: str, state: str, when: When | None) -> list[int]:
    """People who held the office in the state within `when` (first and last day), latest term first.

    Without `when` nobody is returned: an office means somebody only at a time.
    """
    if when is None:
        return []
    first, last = when[0].isoformat(), when[1].isoformat()
    found = [(since, person) for since, until, person in gazetteer.holders.get((office, state), ()) if since <= last and until >= first]
    return list(dict.fromkeys(person for _, person in sorted(found, reverse=True)))


def _past(gazetteer: Gazetteer, office: str, state: str, when: When) -> list[int]:
    """Those whose terms ended before `when`, other than the holder at that time, last first."""
    now = set(holders(gazetteer, office, state, when))
    first = when[0].isoformat()
    rows = sorted(((until, person) for _, until, person in gazetteer.holders.get((office, state), ()) if until <= first and person not in now), reverse=True)
    return list(dict.fromkeys(person for _, person in rows))


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
            found = _resolve(gazetteer, key, state, when, modifier, people)
            if found is not None:
                return found
    return None


def _soon(until: str, day: date) -> bool:
    return until != "9999" and (date.fromisoformat(until) - day).days <= _DEPOSED


def _resolve(gazetteer: Gazetteer, key: str, state: str, when: When | None, modifier: str | None, named: set[int]) -> int | None:
    rows = gazetteer.holders.get((key, state), ())
    if modifier == "deposed":
        going = [p for since, until, p in rows if when and since <= when[1].isoformat() <= until and _soon(until, when[1])]
        if going:
            return going[-1]
        modifier = "former"
    if modifier in ("former", "before_last"):
        past = _past(gazetteer, key, state, when) if when is not None else [p for _, _, p in reversed(rows) if p in named]
        known = [p for p in past if p in named]
        if known:
            return known[0]
        if modifier == "before_last":
            return past[1] if len(past) > 1 else None
        return past[0] if past else None
    if modifier == "elect":
        coming = successor(gazetteer, key, state, when)
        if coming is not None:
            return coming
    if when is None:
        known = list(dict.fromkeys(p for _, _, p in rows if p in named))
        return known[0] if len(known) == 1 or (known and key in _SINGLE) else None
    found = holders(gazetteer, key, state, when)
    if len(found) > 1:
        inside = [p for p in found if p in named]
        return inside[0] if inside else (found[0] if key in _SINGLE else None)
    return found[0] if found else None
