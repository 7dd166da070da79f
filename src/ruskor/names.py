"""Names in a text: longest matches of the gazetteer trie over tokens, with proclitics, spelling variants and misspellings.

What is found here are candidates with no date and no context; `people`, `places` and `organizations` decide them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ruskor.arabic import Tokens
from ruskor.gazetteer import Gazetteer, Node

# What may stand between two words of one name: spaces, hyphens, quotes, brackets; never a comma, a full stop or a newline.
_JOINTS = frozenset(" -\u2010\u2011\u2012\u2013\u2014_\"'“”„«»()‘’ـ")
_MISSPELT = 0.7


@dataclass(frozen=True, slots=True)
class Hit:
    """A candidate: tokens first … last (included), `skip` letters of the first one being proclitics.

    `payload` lists (kind, reference) as the trie has them; `score` is 1, lower for a misspelling.
    """

    first: int
    last: int
    skip: int
    payload: tuple[tuple[str, Any], ...]
    score: float = 1.0

    def has(self, kind: str) -> bool:
        """Whether one reading is of this kind."""
        return any(k == kind for k, _ in self.payload)

    def of(self, kind: str) -> list[Any]:
        """The references of this kind."""
        return [reference for k, reference in self.payload if k == kind]


@dataclass(slots=True)
class Matcher:
    """The gazetteer with a memory of words already looked at; safe to share within a process."""

    gazetteer: Gazetteer
    memory: dict[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)

    def _starts(self, word: str) -> tuple[tuple[str, int], ...]:
        """(trie word, letters of proclitics) with which a name may start at this word, best first."""
        g = self.gazetteer
        trie, variants, spelling = g.trie, g.variants, g.spelling
        found: list[tuple[str, int]] = []

        def look(form: str, skip: int) -> None:
            if form in trie:
                found.append((form, skip))
            for other in variants.get(form, ()):
                if other in trie:
                    found.append((other, skip))

        look(word, 0)
        for proclitic in spelling.proclitics:
            if word.startswith(proclitic) and len(word) - len(proclitic) >= 2:
                rest = word[len(proclitic) :]
                look(rest, len(proclitic))
                if proclitic[-1] == "و" and rest.startswith("لل") and len(rest) > 3:
                    look("ال" + rest[2:], len(proclitic))
        if word.startswith("لل") and len(word) > 3:
            look("ال" + word[2:], 0)
            look(word[1:], 1)  # «للينين»: the name itself begins with ل
        if not found:
            plain = word.translate(spelling.foreign_letters)
            if plain != word:
                return self._starts(plain)
            if len(word) >= 6:
                for skip, form in ((0, word), (1, word[1:])):
                    if skip and word[0] not in "وفبلك":
                        continue
                    found += [(close, skip - 100) for close in self._close(form) if close in trie]
        return tuple(found)

    def _close(self, word: str) -> list[str]:
        """Known words that differ from this one by the dots of one letter."""
        g = self.gazetteer
        if word in g.trie or len(word) < 4:
            return []
        near = g.skeletons.get(g.spelling.skeleton(word), ())
        return [w for w in near if len(w) == len(word) and sum(a != b for a, b in zip(w, word, strict=True)) == 1]

    def _child(self, node: Node, word: str) -> tuple[Node, float] | None:
        child = node.get(word)
        if child is not None:
            return child, 1.0
        for other in self.gazetteer.variants.get(word, ()):
            if other in node:
                return node[other], 1.0
        if len(word) >= 4 and len(node) <= 12:
            for other in self._close(word):
                if other in node:
                    return node[other], _MISSPELT
        return None

    def _walk(self, tokens: Tokens, i: int, start: str) -> tuple[int, list[tuple[str, Any]], float] | None:
        """The longest name that starts with trie word `start` at token i: (last token, payload, score)."""
        words, n = tokens.words, len(tokens.words)
        node = self.gazetteer.trie[start]
        best = (i, node[""], 1.0) if "" in node else None
        j, score = i, 1.0
        while j + 1 < n:
            gap = tokens.gap(j + 1)
            if gap != " " and (len(gap) > 4 or not _JOINTS.issuperset(gap)):
                break
            step = self._child(node, words[j + 1])
            if step is None:
                break
            node, factor = step
            score *= factor
            j += 1
            if "" in node:
                best = (j, node[""], score)
        return best

    def find(self, tokens: Tokens) -> list[Hit]:
        """Non-overlapping hits from left to right, each the longest at its place."""
        hits: list[Hit] = []
        memory, words = self.memory, tokens.words
        if len(memory) > 200_000:  # an archive has endless rare words; the frequent ones come back at once
            memory.clear()
        i, n = 0, len(words)
        while i < n:
            word = words[i]
            starts = memory.get(word)
            if starts is None:
                starts = memory[word] = self._starts(word)
            if not starts:
                i += 1
                continue
            best: Hit | None = None
            for form, skip in starts:
                walked = self._walk(tokens, i, form)
                if walked is None:
                    continue
                last, payload, score = walked
                fuzzy = skip < 0
                hit = Hit(i, last, skip + 100 if fuzzy else skip, tuple(payload), score * (_MISSPELT if fuzzy else 1.0))
                if best is None or (hit.last, -hit.skip, hit.score) > (best.last, -best.skip, best.score):
                    best = hit
            if best is None:
                i += 1
                continue
            hits.append(best)
            i = best.last + 1
        return hits
