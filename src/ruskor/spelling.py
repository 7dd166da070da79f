"""Spelling rules of foreign names, from `data/spelling.yaml`: variants of a word, its skeleton without dots, look-alikes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ruskor.arabic import fold_key

Lookalike = tuple[frozenset[str], frozenset[str], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Spelling:
    """The compiled rules; `lookalikes` maps a word to (words before, words after, beginnings of words near)."""

    proclitics: tuple[str, ...]
    swaps: tuple[tuple[str, tuple[str, ...], bool], ...]
    not_variants: frozenset[str]
    foreign_letters: dict[int, str]
    skeleton_table: dict[int, str]
    inside_titles: frozenset[str]
    lookalikes: dict[str, Lookalike]
    common_words: frozenset[str]
    today: str
    before_media: frozenset[str]

    def variants(self, word: str) -> set[str]:
        """Other spellings of one folded word of a foreign name (at most one kind of swap at each place)."""
        found = {word}
        for old, news, at_end in self.swaps:
            for form in tuple(found):
                if at_end:
                    if form.endswith(old):
                        found.update(form[: -len(old)] + new for new in news)
                elif old in form:
                    for new in news:
                        found.add(form.replace(old, new))
                        found.add(form.replace(old, new, 1))
            if len(found) > 64:  # a long word with many swaps: the common ones come first
                break
        return found - self.not_variants - {word}

    def skeleton(self, word: str) -> str:
        """The word with letters of one group of dots made one letter."""
        return word.translate(self.skeleton_table)


def spelling_from(table: Any) -> Spelling:
    """Rules from the loaded YAML value."""

    def folded(words: list[str] | None) -> frozenset[str]:
        return frozenset(fold_key(word) for word in words or ())

    return Spelling(
        proclitics=tuple(sorted(table["proclitics"], key=len)),
        swaps=tuple((fold_key(rule["from"]), tuple(rule["to"]), bool(rule.get("end"))) for rule in table["swaps"]),
        not_variants=frozenset(map(fold_key, table["not_variants"])),
        foreign_letters={ord(a): b for a, b in table["foreign_letters"].items()},
        skeleton_table={ord(letter): group[0] for group in table["skeleton_groups"] for letter in group},
        inside_titles=folded(table["inside_titles"]),
        common_words=folded(table["common_words"]),
        today=fold_key(table["today"]),
        before_media=folded(table["before_media"]),
        lookalikes={
            fold_key(word): (folded(rule.get("before")), folded(rule.get("after")), tuple(sorted(folded(rule.get("near")))))
            for word, rule in table["lookalikes"].items()
        },
    )
