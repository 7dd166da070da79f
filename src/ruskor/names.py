"""Names in a text: longest matches of the gazetteer trie over tokens, with proclitics, spelling variants and misspellings.

What is found here are candidates with no date and no context; `people`, `places` and `organizations` decide them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ruskor.arabic import Tokens
from ruskor.document import Document, Sentence
from ruskor.gazetteer import Gazetteer, Node
from ruskor.memory import Memory

# What may stand between two words of one name: spaces, hyphens, quotes, brackets; never a comma, a full stop or a newline.
_JOINTS = frozenset(" -\u2010\u2011\u2012\u2013\u2014_\"'“”„«»()‘’ـ")
_MISSPELT = 0.7
# Names begin with a word of at least so many letters to be recognised with a letter wrong, and go on with one of so many.
_LONG, _LONG_NEXT = 7, 5
_LONGEST = 40  # no word of a name has more letters; a line without a space may have a million
_NEAR = 5
_MEMORY = 200_000
_MAY_BE_MISSPELT = frozenset(("person", "short", "place"))
_ENDINGS = "ايهتنم"
_NISBA = frozenset(("يا", "يه", "ين", "ون", "ات"))


Payload = tuple[tuple[str, Any], ...]


class Hit(NamedTuple):
    """A candidate: tokens first … last (included), `skip` letters of the first one being proclitics.

    `payload` lists (kind, reference) as the trie has them, `kinds` the kinds alone; `score` is 1, lower for a misspelling.
    """

    first: int
    last: int
    skip: int
    payload: Payload
    score: float = 1.0
    kinds: frozenset[str] = frozenset()

    def has(self, kind: str) -> bool:
        """Whether one reading is of this kind."""
        return kind in self.kinds

    def of(self, kind: str) -> list[Any]:
        """The references of this kind."""
        return [reference for k, reference in self.payload if k == kind]


def make_hit(first: int, last: int, skip: int, payload: Payload, score: float = 1.0) -> Hit:
    """A hit with its kinds."""
    return Hit(first, last, skip, payload, score, frozenset(kind for kind, _ in payload))


class _Start(NamedTuple):
    """A trie node at which a name may start: letters of proclitics, and whether a letter is wrong (`fuzzy`) or must not be (`exact`)."""

    node: Node
    skip: int
    fuzzy: bool
    exact: bool


def one_edit(a: str, b: str) -> bool:
    """Whether two different words differ by one letter changed, left out, added, or by two neighbours swapped."""
    if len(a) > len(b):
        a, b = b, a
    if len(b) - len(a) > 1:
        return False
    k = 0
    while k < len(a) and a[k] == b[k]:
        k += 1
    if len(a) < len(b):
        return a[k:] == b[k + 1 :]
    return a[k + 1 :] == b[k + 1 :] or (a[k : k + 2] == b[k : k + 2][::-1] and a[k + 2 :] == b[k + 2 :])


@dataclass(slots=True)
class Matcher:
    """The gazetteer with a memory of words already looked at; safe to share within a process."""

    gazetteer: Gazetteer
    memory: Memory[str, tuple[_Start, ...]] = field(init=False)
    others: Memory[str, tuple[tuple[str, float], ...]] = field(init=False)  # other spellings, misspellings last
    payloads: dict[int, tuple[Payload, frozenset[str]]] = field(default_factory=dict)  # by the trie's list
    common: dict[str, list[tuple[str, Any]]] = field(default_factory=dict)
    cuts: Memory[str, bool] = field(init=False)

    def __post_init__(self) -> None:
        self.memory = Memory(self.starting, _MEMORY)
        self.others = Memory(self._other, _MEMORY)
        self.cuts = Memory(self._may_be_two, _MEMORY)

    def starting(self, word: str) -> tuple[_Start, ...]:
        """The trie nodes at which a name may start at this word."""
        trie = self.gazetteer.trie
        return tuple(
            _Start(trie[form], skip + 100 if skip < 0 else skip, fuzzy=skip < 0, exact=form.startswith("ال"))
            for form, skip in self._starts(word)
        )

    def _other(self, word: str) -> tuple[tuple[str, float], ...]:
        """Other spellings of a word inside a name with their scores."""
        out = [(other, 1.0) for other in self.gazetteer.variants.get(word, ())]
        if len(word) >= 4 and word not in self.gazetteer.trie:
            out += [(other, _MISSPELT) for other in self._close(word)]
            if len(word) >= _LONG_NEXT:
                out += [(other, _MISSPELT) for other in self._near(word, _LONG_NEXT)]
        return tuple(out)

    def _starts(self, word: str) -> tuple[tuple[str, int], ...]:
        """(trie word, letters of proclitics) with which a name may start at this word, best first.

        A misspelt word has its letters of proclitics less 100.
        """
        trie, variants, spelling = self.gazetteer.trie, self.gazetteer.variants, self.gazetteer.spelling
        forms = [(word, 0)]
        for proclitic in spelling.proclitics:
            if word.startswith(proclitic) and len(word) - len(proclitic) >= 2:
                rest = word[len(proclitic) :]
                forms.append((rest, len(proclitic)))
                if proclitic[-1] == "و" and rest.startswith("لل") and len(rest) > 3:
                    forms.append(("ال" + rest[2:], len(proclitic)))
        if word.startswith("لل") and len(word) > 3:
            forms += [("ال" + word[2:], 0), (word[1:], 1)]  # «للينين»: the name itself begins with ل
        found = [(known, skip) for form, skip in forms for known in (form, *variants.get(form, ())) if known in trie]
        return tuple(found) if found else self._unusual_starts(word)

    def _unusual_starts(self, word: str) -> tuple[tuple[str, int], ...]:
        """The same with Persian letters made Arabic, or with one letter wrong in a long word."""
        plain = word.translate(self.gazetteer.spelling.foreign_letters)
        if plain != word:
            return self._starts(plain)
        if len(word) < _LONG:
            return ()
        forms = [(word, 0), (word[1:], 1)] if word[0] == "و" else [(word, 0)]
        return tuple((close, skip - 100) for form, skip in forms for close in self._near(form) if close in self.gazetteer.trie)

    def _near(self, word: str, shortest: int = _LONG) -> list[str]:
        """Long known words of people and places from which this unknown word differs by one letter."""
        deletes = self.gazetteer.deletes
        if not shortest - 1 <= len(word) <= _LONGEST:
            return []
        near: set[str] = set(deletes.get(word, ()))
        for at in range(1, len(word)):
            shorter = word[:at] + word[at + 1 :]
            near.update(deletes.get(shorter, ()))
            if shorter in deletes[""]:
                near.add(shorter)
        # An article more or less makes another word.
        near = {w for w in near if len(w) >= shortest and w.startswith("ال") == word.startswith("ال") and one_edit(w, word)}
        if shortest < _LONG:
            return sorted(w for w in near if len(w) > _LONG_NEXT)
        # Where no other word of the name speaks for it, another ending may be that of another noun.
        return sorted(w for w in near if (w[:2] != "ال" or len(w) >= _LONG + 2) and not _inflected(w, word))

    def _close(self, word: str) -> list[str]:
        """Known words that differ from this one by the dots of one letter."""
        g = self.gazetteer
        if word in g.trie or len(word) < 4:
            return []
        near = g.skeletons.get(g.spelling.skeleton(word), ())
        return [w for w in near if len(w) == len(word) and sum(a != b for a, b in zip(w, word, strict=True)) == 1]

    def _child(self, node: Node, word: str, *, exact: bool) -> tuple[Node, float] | None:
        child = node.get(word)
        if child is not None:
            return child, 1.0
        for other, score in self.others[word]:
            # «الدول الغربية» are not the Arab states: a name of common nouns has no letter wrong
            if other in node and (score == 1.0 or not exact):
                return node[other], score
        return None

    def _walk(self, tokens: Tokens, i: int, start: _Start) -> tuple[int, list[tuple[str, Any]], float] | None:
        """The longest name that starts with a trie node at token i: (last token, payload, score)."""
        node, words, gap = start.node, tokens.words, tokens.gaps[i + 1]
        # Most names end where they begin, and most beginnings of names are none.
        goes_on = i + 1 < len(words) and (gap == " " or (len(gap) <= 4 and _JOINTS.issuperset(gap)))
        if goes_on and words[i + 1] not in node:
            others = self.others[words[i + 1]]
            goes_on = bool(others) and any(other in node for other, _ in others)
        if not goes_on:
            return (i, node[""], 1.0) if "" in node else None
        best, reached = self._follow(tokens, i, start, -1)
        # A word may be one name's own spelling and another's variant («كيم يونج أون»): at a dead end the variant is tried.
        if reached > (best[0] if best else i - 1):
            for turn in range(i + 1, reached + 1):
                other, _ = self._follow(tokens, i, start, turn)
                if other is not None and (best is None or other[0] > best[0]):
                    best = other
        return best

    def _follow(self, tokens: Tokens, i: int, start: _Start, turn: int) -> tuple[tuple[int, list[tuple[str, Any]], float] | None, int]:
        """One way down the trie, with another spelling at token `turn`: (the longest name, the last token reached)."""
        words, n = tokens.words, len(tokens.words)
        node, exact = start.node, start.exact
        best = (i, node[""], 1.0) if "" in node else None
        gaps = tokens.gaps
        inside = self.gazetteer.spelling.inside_titles
        j, score = i, 1.0
        while j + 1 < n:
            gap = gaps[j + 1]
            if gap != " " and (len(gap) > 4 or not _JOINTS.issuperset(gap)):
                break
            word = words[j + 1]
            step = self._child(node, word, exact=exact) if j + 1 != turn else self._variant(node, word)
            if step is None:
                # «الأمين العام السابق للأمم المتحدة»: an adjective of time inside a fixed title
                if word in inside and j + 2 < n and j > i:
                    beyond = node.get(words[j + 2])
                    if beyond is not None and words[j + 2].startswith("لل"):
                        j, node = j + 2, beyond
                        if "" in node:
                            best = (j, node[""], score)
                        continue
                break
            node, factor = step
            score *= factor
            j += 1
            if "" in node:
                best = (j, node[""], score)
        return best, j

    def _variant(self, node: Node, word: str) -> tuple[Node, float] | None:
        if word not in node:
            return None
        for other in self.gazetteer.variants.get(word, ()):
            if other in node:
                return node[other], 1.0
        return None

    def _payload(self, readings: list[tuple[str, Any]]) -> tuple[Payload, frozenset[str]]:
        known = self.payloads.get(id(readings))
        if known is None:
            known = self.payloads[id(readings)] = (tuple(readings), frozenset(kind for kind, _ in readings))
        return known

    def find(self, tokens: Tokens) -> list[Hit]:
        """Non-overlapping hits from left to right, each the longest at its place."""
        hits: list[Hit] = []
        words = tokens.words
        last = -1  # the last token of a hit
        for i, starts in self.memory.known(words):
            if i <= last:
                continue
            hit = self._longest(tokens, i, starts)
            if hit is None:
                continue
            hits.append(hit)
            last = hit.last
            after = words[last + 1] if last + 1 < len(words) and "office" in hit.kinds else ""
            if after.startswith("ال") and not self.memory[after]:
                demonym = self._misspelt_demonym(after)
                if demonym is not None:
                    last += 1
                    hits.append(make_hit(last, last, 0, (("demonym", demonym),), _MISSPELT))
        return hits

    def _longest(self, tokens: Tokens, i: int, starts: tuple[_Start, ...]) -> Hit | None:
        """The longest name at token i, with the fewest proclitics, or null."""
        best: tuple[int, int, float] | None = None
        found: list[tuple[str, Any]] = []
        for start in starts:
            node = start.node
            if len(node) == 1 and "" in node:
                last, readings, score = i, node[""], 1.0
            else:
                walked = (i, node[""], 1.0) if "" in node and self._is_today(tokens.words, i + 1) else self._walk(tokens, i, start)
                if walked is None:
                    continue
                last, readings, score = walked
            if start.fuzzy:
                readings = [reading for reading in readings if reading[0] in _MAY_BE_MISSPELT]
                score *= _MISSPELT
            if readings and (best is None or (last, -start.skip, score) > best):
                best, found = (last, -start.skip, score), readings
        if best is None:
            return None
        last, skip, score = best[0], -best[1], best[2]
        if last == i:
            found = self._alone(tokens.words, i, found)
            if not found:
                return None
        if score < 1:
            return make_hit(i, last, skip, tuple(found), score)
        payload, kinds = self._payload(found)
        return Hit(i, last, skip, payload, score, kinds)

    def _is_today(self, words: list[str], token: int) -> bool:
        """«وصل إلى روسيا اليوم»: whether the word behind a name only says when, and makes no medium's name with it."""
        spelling = self.gazetteer.spelling
        return token < len(words) and words[token] == spelling.today and (token < 2 or words[token - 2] not in spelling.before_media)

    def _alone(self, words: list[str], i: int, found: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
        """The readings of a name of one word that it can have here."""
        spelling, word = self.gazetteer.spelling, words[i]
        if word in spelling.lookalikes and _only_looks_alike(words, i, spelling.lookalikes[word]):
            return []
        if word not in spelling.common_words:
            return found
        # «لأي», «ترأس»: a name only where the article introduces it, or after a title; kept, so that its payload can be
        kept = self.common.get(word)
        if kept is None:
            kept = self.common[word] = [(("rare" if kind == "short" else kind), who) for kind, who in found if kind != "place"]
        return kept

    def _misspelt_demonym(self, word: str) -> str | None:
        """The state of an adjective with the dots of one letter wrong («الأمربكي»), right after an office."""
        g = self.gazetteer
        for other in g.skeletons.get(g.spelling.skeleton(word.removeprefix("ال")), ()):
            node = g.trie.get("ال" + other)
            for kind, reference in node.get("", ()) if node else ():
                if kind == "demonym":
                    return str(reference)
        return None

    def cut(self, words: list[str], i: int) -> int:
        """Where two names were written as one word with «و» between («بوتينوكيم»): the index of the و, else 0.

        Each half must be a name of its own, or one together with the word before or after («الشماليةوروسيا», «وبيونغ يانغ»).
        """
        word = words[i]
        for at in range(3, len(word) - 3):
            if word[at] != "و":
                continue
            node = self.gazetteer.trie.get(word[at + 1 :])
            if node is None or not (self._whole(node) or (i + 1 < len(words) and words[i + 1] in node)):
                continue
            left = word[:at]
            if any(self._whole(start.node) for start in self.starting(left) if not start.fuzzy):
                return at
            if i and any(left in start.node or self._variant_of(start.node, left) for start in self.starting(words[i - 1])):
                return at
        return 0

    def _may_be_two(self, word: str) -> bool:
        """Whether the word may be two names: unknown, with the second one known after a «و»."""
        if not all(start.fuzzy for start in self.memory[word]):
            return False
        return any(word[at] == "و" and word[at + 1 :] in self.gazetteer.trie for at in range(3, len(word) - 3))

    def _whole(self, node: Node) -> bool:
        """Whether a place or a well-known part of a name ends at the node."""
        famous = self.gazetteer.famous
        return any(kind == "place" or (kind in ("short", "person") and who in famous) for kind, who in node.get("", ()))

    def _variant_of(self, node: Node, word: str) -> bool:
        return any(other in node for other in self.gazetteer.variants.get(word, ()))


def _inflected(known: str, word: str) -> bool:
    """Whether two words differ only in an ending that Arabic grammar gives («سودانيا», «أميركيا»)."""
    same = 0
    while same < len(known) and same < len(word) and known[same] == word[same]:
        same += 1
    if word[-2:] in _NISBA and known[-2:] != word[-2:]:
        return True
    if len(known) != len(word):
        return same >= min(len(known), len(word)) - 1
    return same == len(word) - 1 and word[-1] in _ENDINGS


def _only_looks_alike(words: list[str], i: int, rule: tuple[frozenset[str], frozenset[str], tuple[str, ...]]) -> bool:
    before, after, near = rule
    if i and words[i - 1] in before:
        return True
    if i + 1 < len(words) and words[i + 1] in after:
        return True
    around = words[max(0, i - _NEAR) : i + _NEAR + 1] if near else []
    return any(word.startswith(near) or word.lstrip("وال").startswith(near) for word in around)


def unfuse(document: Document, matcher: Matcher) -> None:
    """Split, in place, the tokens in which two names were written as one word («الشماليةوروسيا»): name, و + name.

    To be called before anything else that keeps token numbers.
    """
    tokens, cuts = document.tokens, matcher.cuts
    places: list[tuple[int, int]] = []
    for i, word in enumerate(tokens.words):
        if "و" not in word[3:-3]:
            continue
        at = matcher.cut(tokens.words, i) if cuts[word] else 0
        if at:
            places.append((i, at))
    if not places:
        return
    for i, at in reversed(places):
        word, start = tokens.words[i], tokens.starts[i]
        tokens.words[i : i + 1] = [word[:at], word[at:]]
        tokens.starts[i : i + 1] = [start, start + at]
        tokens.ends[i : i + 1] = [start + at, tokens.ends[i]]
        tokens.gaps.insert(i + 1, "")

    def moved(token: int, *, end: bool) -> int:
        return token + sum(1 for i, _ in places if i < token or (end and i == token))

    document.sentences = [
        Sentence(moved(s.first, end=False), moved(s.last, end=True), s.line, s.headline) for s in document.sentences
    ]
