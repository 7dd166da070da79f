"""Who held an office in a state on a day, from the terms in the gazetteer."""

from __future__ import annotations

from datetime import date

from ruskor.gazetteer import Gazetteer


def holders(gazetteer: Gazetteer, office: str, state: str, when: tuple[date, date] | None) -> list[int]:
    """People who held the office in the state within `when` (first and last day), latest term first.

    Without `when` nobody is returned: an office means somebody only at a time.
    """
    rows = gazetteer.holders.get((office, state), ())
    if when is None:
        return []
    first, last = when[0].isoformat(), when[1].isoformat()
    found = [(since, person) for since, until, person in rows if since <= last and until >= first]
    return [person for _, person in sorted(found, reverse=True)]


def predecessor(gazetteer: Gazetteer, office: str, state: str, when: tuple[date, date] | None) -> int | None:
    """The person whose term in the office ended last before `when`, other than the holder at that time."""
    if when is None:
        return None
    now = set(holders(gazetteer, office, state, when))
    first = when[0].isoformat()
    past = [(until, person) for _, until, person in gazetteer.holders.get((office, state), ()) if until <= first and person not in now]
    return max(past)[1] if past else None


def successor(gazetteer: Gazetteer, office: str, state: str, when: tuple[date, date] | None) -> int | None:
    """The person whose term begins next after `when`, at most four months later (a president-elect)."""
    if when is None:
        return None
    last = when[1]
    rows = [(since, person) for since, _, person in gazetteer.holders.get((office, state), ()) if since > last.isoformat()]
    if not rows:
        return None
    since, person = min(rows)
    return person if (date.fromisoformat(since) - last).days <= 124 else None


def resolve_title(
    gazetteer: Gazetteer,
    offices: list[str],
    state: str,
    when: tuple[date, date] | None,
    *,
    modifier: str | None,
    stands_for: dict[str, list[str]],
    named: set[int],
) -> int | None:
    """The one person whom a title denotes at a time, or null.

    `offices` are the readings of the title, `modifier` one of former, then, elect, current or null, `named` the people
    whom the article names in full: among several holders, or without a date, only one of them can be meant.
    """
    for office in offices:
        for key in [office, *stands_for.get(office, [])]:
            if modifier == "former":
                past = predecessor(gazetteer, key, state, when)
                known = [p for _, _, p in gazetteer.holders.get((key, state), ()) if p in named and p not in holders(gazetteer, key, state, when)]
                if known:
                    return known[-1]
                if past is not None:
                    return past
                continue
            if modifier == "elect":
                coming = successor(gazetteer, key, state, when)
                if coming is not None:
                    return coming
            found = holders(gazetteer, key, state, when)
            if when is None:
                found = list(dict.fromkeys(p for _, _, p in gazetteer.holders.get((key, state), ()) if p in named))
            if len(found) > 1:
                inside = [p for p in found if p in named]
                found = inside[:1] or (found[:1] if key in {"president", "leader", "prime_minister", "foreign_minister"} else [])
            if found:
                return found[0]
    return None
