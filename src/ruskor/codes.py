"""CAMEO and PLOVER codes of a row, from `data/codes.yaml` (docs/codes.md gives the reasons and the codebooks).

Which variant of a code holds is told by the words of the event's own passages (`data/variants.yaml`), by who takes part and where.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from ruskor.arabic import fold_key
from ruskor.corpus import CorpusEvent
from ruskor.gazetteer import Gazetteer
from ruskor.lexicon import compiled, data_files, load_yaml
from ruskor.titles import title_words

_GATHERING = frozenset(("summit", "meeting", "negotiation"))
_ALLIANCES = frozenset(("bloc", "un_body"))
_WORD = re.compile(r"[^\W\d_]+")
# Words that may stand between two words of a phrase.
_BETWEEN = 2
_CLITICS = ("و", "ف", "ال", "ب", "ل", "ك", "لل", "وال", "فال", "بال", "ول", "وب", "ولل", "وبال", "س", "وس")


def _build(paths: list[Any]) -> Any:
    return load_yaml(paths[0])


def _build_variants(paths: list[Any]) -> dict[str, Any]:
    def phrases(items: list[str]) -> list[list[str]]:
        return [fold_key(item).split() for item in items]

    return {
        name: {
            "types": rule["types"],
            "statuses": rule.get("statuses") or [],
            "words": [phrases(group) for group in rule["words"]],
            "unless": phrases(rule.get("unless") or []),
            "parties": rule.get("parties") or 0,
        }
        for name, rule in load_yaml(paths[0]).items()
    }


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = compiled("codes", _build, data_files("codes.yaml"))
    return table


@cache
def _variants() -> dict[str, Any]:
    table: dict[str, Any] = compiled("variants", _build_variants, data_files("variants.yaml"), salt="1")
    return table


def _variant(cell: Any, variants: tuple[str, ...]) -> Any:
    """The value of a cell: of the first variant that it has, else of its first entry."""
    if not isinstance(cell, dict) or "type" in cell:
        return cell
    for variant in variants:
        if variant in cell:
            return cell[variant]
    return next(iter(cell.values()))


def cameo(kind: str, status: str, *variants: str) -> str | None:
    """The CAMEO code of an event type and status, or null; a visit's code takes the guest's view unless `host` is asked for."""
    cell = _variant(_table().get(kind, {}).get("cameo", {}).get(status), variants)
    return None if cell is None else str(cell)


def plover(kind: str, status: str, *variants: str) -> tuple[str, str | None] | None:
    """(PLOVER event type, mode) of an event type and status, or null."""
    cell = _variant(_table().get(kind, {}).get("plover", {}).get(status), variants)
    return None if cell is None else (str(cell["type"]), cell.get("mode"))


def _forms(word: str) -> Iterator[str]:
    """A folded word, and what is left of it without conjunction, preposition and article."""
    yield word
    for prefix in _CLITICS:
        if word.startswith(prefix) and len(word) - len(prefix) >= 2:
            yield word[len(prefix) :]


def _says(words: list[list[str]], phrases: list[list[str]]) -> bool:
    """Whether one of the phrases stands in the passage; the subject may stand between a verb and its object."""
    return any(_stands(words, phrase, at, at + 1) for phrase in phrases for at in range(len(words)))


def _stands(words: list[list[str]], phrase: list[str], first: int, stop: int) -> bool:
    """Whether the phrase stands in the passage with its first word at one of the positions from `first`."""
    if not phrase:
        return True
    return any(
        any(form.startswith(phrase[0]) for form in words[at]) and _stands(words, phrase[1:], at + 1, at + 2 + _BETWEEN)
        for at in range(first, min(stop, len(words)))
    )


def variants_of(row: CorpusEvent, gazetteer: Gazetteer) -> tuple[str, ...]:
    """The variants that a row shows, those that decide first coming first."""
    out: list[str] = []
    successors = title_words().same_state
    parties = {successors.get(p.country, p.country) for p in [*row.people, *row.actors] if p.country}
    places = {successors.get(row.country, row.country)} if row.country else set()
    if row.type in _GATHERING:
        kinds = {o.name: o.kind for o in gazetteer.organizations}
        if len(parties) > 2 or any(kinds.get(p.name) in _ALLIANCES for p in row.actors if p.kind == "organization"):
            out.append("multilateral")
        if parties and places and not places & parties:
            out.append("third_country")
    for name, rule in _variants().items():
        if row.type not in rule["types"]:
            continue
        told = [w for w in row.witnesses if w.status in rule["statuses"]] if rule["statuses"] else row.witnesses
        passages = [[list(_forms(word)) for word in _WORD.findall(fold_key(e.text))] for w in told for e in w.evidence]
        if len(parties | places) < rule["parties"] or any(_says(passage, rule["unless"]) for passage in passages):
            continue
        if any(all(_says(passage, group) for group in rule["words"]) for passage in passages):
            out.append(name)
    if row.type == "vote_veto" and "veto" not in out and "vote" not in out:
        out.append("vote")
    return tuple(out)


def set_codes(row: CorpusEvent, gazetteer: Gazetteer) -> None:
    """Give a row the codes of its type, status and variants."""
    variants = variants_of(row, gazetteer)
    row.cameo = cameo(row.type, row.status, *variants)
    code = plover(row.type, row.status, *variants)
    row.plover = None if code is None else code[0]
