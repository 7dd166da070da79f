"""CAMEO and PLOVER codes of a row, from `data/codes.yaml` (docs/codes.md gives the reasons and the codebooks).

Which variant of a code holds is told by the words of the event's own passages (`data/variants.yaml`), by who takes part and where.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any, NamedTuple

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


class _Rule(NamedTuple):
    """When a variant holds: `words`, of each of which a phrase must stand in one passage, and `unless`, of which none may in any."""

    name: str
    statuses: frozenset[str]  # of the mentions that count; all where it is empty
    words: tuple[re.Pattern[str], ...]
    unless: re.Pattern[str] | None
    parties: int


def _pattern(phrases: list[str]) -> re.Pattern[str]:
    """Words that begin like those of one of the phrases, after conjunction, preposition and article; `_BETWEEN` may stand between two."""
    proclitic = f"(?:{'|'.join(_CLITICS)})?"
    between = rf"\S*(?: \S+){{0,{_BETWEEN}}} {proclitic}"
    forms = [between.join(fold_key(phrase).split()) for phrase in phrases]
    return re.compile(rf"(?<!\S){proclitic}(?:{'|'.join(forms)})")


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = compiled("codes", _build, data_files("codes.yaml"))
    return table


@cache
def _variants() -> dict[str, Any]:
    table: dict[str, Any] = compiled("variants", _build, data_files("variants.yaml"), salt="2")
    return table


@cache
def _rules(kind: str) -> list[_Rule]:
    """The variants that words decide for a type of event, in the order of the file; their patterns take a millisecond each type."""
    rules = []
    for name, entry in _variants().items():
        if kind in entry["types"]:
            words = tuple(map(_pattern, entry["words"]))
            unless = _pattern(entry["unless"]) if entry.get("unless") else None
            rules.append(_Rule(name, frozenset(entry.get("statuses") or ()), words, unless, entry.get("parties") or 0))
    return rules


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


def variants_of(row: CorpusEvent, gazetteer: Gazetteer) -> tuple[str, ...]:
    """The variants that a row shows, those that decide first coming first."""
    out: list[str] = []
    successors = title_words().same_state
    parties = {successors.get(p.country, p.country) for p in [*row.people, *row.actors] if p.country}
    places = {successors.get(row.country, row.country)} if row.country else set()
    if row.type in _GATHERING:
        known = (gazetteer.organization_index.get(p.name) for p in row.actors if p.kind == "organization")
        if len(parties) > 2 or any(gazetteer.organizations[k].kind in _ALLIANCES for k in known if k is not None):
            out.append("multilateral")
        if parties and places and not places & parties:
            out.append("third_country")
    rules = _rules(row.type)
    passages = [(w.status, " ".join(_WORD.findall(fold_key(e.text)))) for w in row.witnesses for e in w.evidence] if rules else []
    for rule in rules:
        if len(parties | places) < rule.parties:
            continue
        told = [text for status, text in passages if not rule.statuses or status in rule.statuses]
        if rule.unless and any(map(rule.unless.search, told)):
            continue
        if any(all(words.search(text) for words in rule.words) for text in told):
            out.append(rule.name)
    if row.type == "vote_veto" and "veto" not in out and "vote" not in out:
        out.append("vote")
    return tuple(out)


def set_codes(row: CorpusEvent, gazetteer: Gazetteer) -> None:
    """Give a row the codes of its type, status and variants."""
    variants = variants_of(row, gazetteer)
    row.cameo = cameo(row.type, row.status, *variants)
    code = plover(row.type, row.status, *variants)
    row.plover = None if code is None else code[0]
