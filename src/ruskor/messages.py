"""Messages and reasons in another language: the English sentence is the key, as in gettext, and `{…}` in it stands for what varies.

Sentences are made in English, are kept so in stores and JSON, and are put into the reader's language only where they are shown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from ruskor.explain import arabic_name
from ruskor.interface import Words, load_words
from ruskor.lexicon import data_dir, load_yaml
from ruskor.model import Interval

_SLOT = re.compile(r"\{([a-z]+)\d*\}")
_DAY = r"\d{4}-\d\d-\d\d"
_DAYS = re.compile(f"({_DAY})(?: to ({_DAY}))?")
_PATTERNS = {"day": _DAY, "n": r"[\d.,]+", "q": "'.*?'|\".*?\""}
_DEEPEST = 6  # slots within slots


@dataclass(frozen=True, slots=True)
class _Template:
    pattern: re.Pattern[str]
    target: str
    literal: str  # its longest fixed part, by which most templates are left out at once
    kinds: dict[str, str]


@cache
def _catalogue(lang: str) -> tuple[dict[str, str], list[_Template]]:
    """(messages without slots, templates with those first that say most)."""
    path = data_dir() / "interface" / f"messages-{lang}.yaml"
    loaded: dict[str, str] = dict(load_yaml(path)) if path.is_file() else {}
    plain = {key.casefold(): value for key, value in loaded.items() if not _SLOT.search(key)}
    templates = [(sum(map(len, _fixed(key))), _template(key, value)) for key, value in loaded.items() if _SLOT.search(key)]
    return plain, [template for _, template in sorted(templates, key=lambda row: -row[0])]


def _fixed(key: str) -> list[str]:
    return _SLOT.sub("\0", key).split("\0")


def _template(key: str, target: str) -> _Template:
    kinds = {slot[0][1:-1]: slot[1] for slot in _SLOT.finditer(key)}
    out, at = "", 0
    for slot in _SLOT.finditer(key):
        out += re.escape(key[at : slot.start()]) + f"(?P<{slot[0][1:-1]}>{_PATTERNS.get(slot[1], '.+?')})"
        at = slot.end()
    return _Template(re.compile(out + re.escape(key[at:]), re.DOTALL), target, max(_fixed(key), key=len), kinds)


def _months() -> list[str]:
    return list(load_words("en").table["months"])


@cache
def _in_english() -> re.Pattern[str]:
    """A date or span of dates in English words, as disagreements have it: `18–19 June 2024`."""
    month = f"(?:{'|'.join(_months())})"
    return re.compile(rf"(?:[\d–]* ?{month}(?: \d{{4}})?(?: – |$))+")


def translate(text: str, words: Words) -> str:
    """The text in the language of `words`; what the catalogue does not know stays as it is."""
    return text if words.lang == "en" else _translate(text, words, _DEEPEST)


def translate_value(value: str, words: Words) -> str:
    """A date, a status or the name of a person or place in the language of `words`."""
    return value if words.lang == "en" else _name(value, words)


def _translate(text: str, words: Words, depth: int) -> str:
    plain, templates = _catalogue(words.lang)
    known = plain.get(text.casefold())
    if known is not None:
        return known
    for group in ("status", "type"):
        if text in words.table[group]:
            return words.word(f"{group}.{text}")
    if days := _DAYS.fullmatch(text):
        return words.days(Interval(date.fromisoformat(days[1]), date.fromisoformat(days[2] or days[1]), "day"))
    if _in_english().fullmatch(text):
        return re.sub("[A-Z][a-z]+", lambda found: str(words.table["months"][_months().index(found[0])]), text)
    for template in templates if depth else ():
        if template.literal not in text:
            continue
        found = template.pattern.fullmatch(text)
        if found:
            slots = found.groupdict()
            return template.target.format(**{name: _slot(template.kinds[name], value, words, depth) for name, value in slots.items()})
    return text


def _slot(kind: str, value: str, words: Words, depth: int) -> str:
    """What stands in a slot, in the reader's language."""
    if kind == "q":
        return value[1:-1]
    if kind == "n":
        return value
    if kind == "names":
        return str(words.table["comma"]).join(_name(name, words) for name in value.split(", "))
    if kind == "list":
        parts = [[_translate(item, words, 1) for item in part.split(", ")] for part in value.split("; ")]
        return str(words.table["semicolon"]).join(str(words.table["comma"]).join(items) for items in parts)
    return _translate(value, words, depth - 1)


def _name(name: str, words: Words) -> str:
    """A name, or names of states as in `Russia/North Korea`."""
    known = _translate(name, words, 0)
    return known if known != name else "/".join(arabic_name(part, words.gazetteer) for part in name.split("/"))
