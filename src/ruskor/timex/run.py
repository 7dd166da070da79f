"""A run: neighbouring tokens that are date words, as lexemes with their roles. The grammar reads runs only."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ruskor.timex.words import TRAP, Entry, Roles

_NONE: Roles = {}
_FIGURES: dict[str, Roles] = {f"{n:0{w}}": {"d": n, "dl": max(w, len(str(n)))} for w in (1, 2) for n in range(2200)}
_BITS: dict[tuple[str, ...], int] = {}


@dataclass(slots=True)
class Run:
    """Lexemes 0 … n-1 in parallel lists; beyond the end everything is empty, so that the grammar may look ahead.

    `gaps[i]` is the text before lexeme i, `bare[i]` the same without spaces, `prefix[i]` the proclitics that were taken off,
    `first`/`last` its tokens (relative to the run), `trap[i]` the trap bits of its word. `before`/`after` are the trap bits of the
    words around the run, `closed` says that a bracket closes behind it.
    """

    roles: list[Roles] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    prefix: list[str] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    bare: list[str] = field(default_factory=list)
    first: list[int] = field(default_factory=list)
    last: list[int] = field(default_factory=list)
    trap: list[int] = field(default_factory=list)
    before: int = 0
    after: int = 0
    closed: bool = False
    n: int = 0

    def has(self, i: int, role: str) -> bool:
        """Whether lexeme i can be a `role`."""
        return i < self.n and role in self.roles[i]

    def get(self, i: int, role: str) -> Any:
        """What lexeme i is as a `role`, or None."""
        return self.roles[i].get(role) if i < self.n else None

    def space(self, i: int) -> bool:
        """Whether only spaces stand before lexeme i."""
        return i < self.n and not self.bare[i]

    def gap(self, i: int) -> str:
        """What stands before lexeme i, without spaces."""
        return self.bare[i] if i < self.n else ""

    def closes(self, i: int) -> bool:
        """Whether a bracket closes before lexeme i."""
        return self.gaps[i].lstrip().startswith((")", "]")) if i < self.n else self.closed

    def trapped(self, i: int, *names: str) -> bool:
        """Whether the word right before lexeme i is one of these traps."""
        if names not in _BITS:
            _BITS[names] = sum(TRAP[name] for name in names)
        bits = _BITS[names]
        if i < self.n and self.gaps[i].strip(' «"“'):
            return False
        return bool((self.trap[i - 1] if i > 0 else self.before) & bits)

    def follows(self, i: int, name: str) -> bool:
        """Whether lexeme i (or the word after the run) is one of these traps."""
        return bool((self.trap[i] if i < self.n else self.after) & TRAP[name])


def make_run(
    words: list[str], gaps: list[str], table: dict[str, Entry], traps: dict[str, int], *, before: int, after: int, closed: bool = False
) -> Run:
    """The lexemes of some tokens; phrases of several words become one lexeme, longest first."""
    all_roles: list[Roles] = []
    prefixes: list[str] = []
    first: list[int] = []
    last: list[int] = []
    i, total = 0, len(words)
    while i < total:
        word = words[i]
        end = i
        prefix, roles = table.get(word, ("", _NONE))
        if word.isdecimal():
            # Of a figure without end the first digits will do: it is no date.
            roles = _FIGURES.get(word) or {"d": int(word[:6]), "dl": len(word)}
        elif "ph" in roles:
            for rest, phrase in roles["ph"]:
                size = len(rest)
                if tuple(words[i + 1 : i + 1 + size]) == rest and not any(g.strip(" ـ") for g in gaps[i + 1 : i + 1 + size]):
                    roles, end = phrase, i + size
                    break
        all_roles.append(roles)
        prefixes.append(prefix)
        first.append(i)
        last.append(end)
        i = end + 1
    before_each = [gaps[i] for i in first]
    return Run(
        roles=all_roles,
        words=[words[i] for i in first],
        prefix=prefixes,
        gaps=before_each,
        bare=[gap.strip() for gap in before_each],
        first=first,
        last=last,
        trap=[traps.get(words[i], 0) for i in last],
        before=before,
        after=after,
        closed=closed,
        n=len(first),
    )
