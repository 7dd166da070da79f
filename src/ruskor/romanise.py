"""Arabic spellings of names in Latin letters, readable rather than exact.

The origin of a name (Korean, Chinese, Japanese, Slavic, Western, Arabic) is read from the tables of `data/romanise.yaml` that
know its words; words of people in the gazetteers, then the tables, then rules for endings and letters give the parts.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from ruskor.arabic import fold_key
from ruskor.lexicon import compiled, data_files, word_file

_SYLLABIC = ("korean", "chinese")
_TABLES = ("korean", "chinese", "japanese", "slavic", "western", "arabic")
_WORD = re.compile(r"[^\W\d_]+")
_ARABIC_ONLY = frozenset("حعصضطظقءثذ")
# Clusters of two consonants with which a foreign word may begin or end; elsewhere a vowel is put between.
_BEGIN = frozenset(
    "br bl cr dr fr fl gr gl kr kl pr pl sl sm sn sp st sk sv sw tr tv vl vr zv kh gn kn kv hr hl ml mr shv shch".split()  # noqa: SIM905
)
_END = frozenset(
    "rt rd nd nt ng nk ns nz lt ld lk ls lz lm rk rs rz rn rm rg rl rf rb rch st sk ks ts ft kt pt mb mp nch lf rsh xt".split()  # noqa: SIM905
)
_VOWELS = frozenset("aeiou")


@dataclass(frozen=True, slots=True)
class Rules:
    """The tables of `data/romanise.yaml` with folded keys, and the words of known people."""

    tables: dict[str, dict[str, str]]
    known: dict[str, str]
    slavic_endings: tuple[tuple[str, str], ...]
    japanese_endings: tuple[str, ...]
    particles: dict[str, str]
    abd: dict[str, str]
    din: dict[str, str]
    letters: dict[str, str]
    foreign_letters: dict[str, str]


def _bare(text: str) -> str:
    """Without vowel signs and tatweel, but with the letters that folding makes one."""
    return "".join(c for c in unicodedata.normalize("NFC", text) if unicodedata.category(c) not in ("Mn", "Lm", "Cf"))


def _build(_paths: list[Path]) -> dict[str, Any]:
    from ruskor.gazetteer import load_gazetteer

    table: dict[str, Any] = word_file("romanise.yaml")

    def folded(key: str) -> dict[str, str]:
        return {fold_key(word): latin for word, latin in table[key].items()}

    counts: dict[str, Counter[str]] = {}
    for person in load_gazetteer().people:
        arabic = fold_key(person.name_ar).replace("-", " ").split()
        latin = person.name.replace("-", " ").split()
        if len(arabic) == len(latin):
            for word, form in zip(arabic, latin, strict=True):
                counts.setdefault(word, Counter())[form] += 1
    return {
        "tables": {key: folded(key) for key in _TABLES},
        "known": {word: max(sorted(found), key=found.__getitem__).capitalize() for word, found in counts.items()},
        "slavic_endings": tuple(sorted(folded("slavic_endings").items(), key=lambda item: -len(item[0]))),
        "japanese_endings": tuple(map(fold_key, table["japanese_endings"])),
        "particles": folded("particles"),
        "abd": folded("abd"),
        "din": folded("din"),
        "letters": dict(table["letters"]),
        "foreign_letters": dict(table["foreign_letters"]),
    }


@cache
def rules() -> Rules:
    """The rules, and the words of the people of the gazetteers whose Arabic and Latin names have as many words."""
    return Rules(**compiled("romanise", _build, data_files("romanise.yaml", "people/*.yaml"), salt="1"))


@lru_cache(20_000)
def romanise(arabic: str) -> str:
    """A readable Latin form of an Arabic name: «ليم يول-تشول» → "Lim Yul-chul", «محمد العلي» → "Muhammad al-Ali".

    Text without an Arabic letter comes back unchanged.
    """
    if not any("\u0600" <= c <= "\u06ff" or "\ufb50" <= c <= "\ufeff" for c in arabic):
        return arabic
    text = _bare(arabic)
    found = list(_WORD.finditer(text))
    words = [match.group() for match in found]
    keys = [fold_key(word) for word in words]
    origin = origin_of(keys, article=any(word.startswith("ال") for word in words))
    hyphens = ["-" in text[a.end() : b.start()] for a, b in pairwise(found)]
    out: list[str] = []
    k = 0
    while k < len(words):
        form, used = _part(words, keys, k, origin)
        if k and hyphens[k - 1]:
            out[-1] += "-" + (form.lower() if origin in _SYLLABIC else form)
        else:
            out.append(form)
        k += used
    return " ".join(part for part in out if part)


def origin_of(keys: list[str], *, article: bool) -> str:
    """The origin whose table knows most of the (folded) words; by the shape of the words where none knows any.

    `article`: a word begins with the Arabic article (folding makes «ألونسو» look as if it did).
    """
    r = rules()
    votes = {key: sum(word in r.tables[key] for word in keys) for key in _TABLES}
    votes["slavic"] -= sum(word in r.tables["slavic"] and word in r.tables["western"] for word in keys)  # «أندريه» is either
    if len(keys) > 1:
        for key in _SYLLABIC:
            if votes[key] == len(keys):
                return key
    # A single syllable is a word of many languages: those two count only for whole names.
    best = max(("japanese", "slavic", "western", "arabic"), key=lambda key: (votes[key], key != "western"))
    if best == "western" and any(_slavic_ending(word) and word not in r.tables["western"] for word in keys):
        return "slavic"  # «أندريه كليموف»: the family name says more than a given name of two peoples
    if votes[best]:
        return best
    if any(_slavic_ending(word) for word in keys):
        return "slavic"
    if any(len(word) > 4 and word.endswith(r.japanese_endings) for word in keys):
        return "japanese"
    arabic = article or any(word in r.particles or word in ("عبد", "الدين") or not _ARABIC_ONLY.isdisjoint(word) for word in keys)
    return "arabic" if arabic else "western"


def _slavic_ending(key: str, *, every: bool = False) -> tuple[str, str] | None:
    """The ending that only Slavic names have (or `every` one that they have), with its Latin form."""
    for ending, latin in rules().slavic_endings:
        telling = every or (len(ending) > 2 and ending not in ("يان", "ينا")) or ending in ("وف", "يف")
        if telling and key.endswith(ending) and len(key) > len(ending) + 1:
            return ending, latin
    return None


def _part(words: list[str], keys: list[str], k: int, origin: str) -> tuple[str, int]:
    """(Latin form, words used) of the part at word k."""
    r = rules()
    key = keys[k]
    if key == "عبد" and k + 1 < len(keys):
        rest = keys[k + 1]
        return r.abd.get(rest) or "Abd " + _word(words[k + 1], rest, "arabic"), 2
    if origin == "arabic" and key in r.din and k:
        return r.din[key], 1
    if key in r.particles and k + 1 < len(keys) and origin not in _SYLLABIC and (k or key not in ("سان", "لا", "دا", "دو", "دين")):
        return r.particles[key], 1
    return _word(words[k], key, origin), 1


def _word(word: str, key: str, origin: str) -> str:
    """One word: from the tables, else by its ending or syllables, else by its letters."""
    known = _from_tables(key, origin, article=word.startswith("ال"))
    if known is not None:
        return known
    r = rules()
    if word.startswith("ال") and len(key) > 4 and origin == "arabic":
        return "al-" + (r.tables["arabic"].get(key[2:]) or letters(word[2:], "arabic").capitalize())
    slavic = _slavic_ending(key, every=origin == "slavic") if origin in ("slavic", "western") else None
    if slavic is not None:
        return (letters(word[: -len(slavic[0])], "slavic", whole=False) + slavic[1]).capitalize()
    syllables = _syllables(key, r.tables["korean"]) if origin == "korean" or "نغ" in key else None
    return "".join(syllables).capitalize() if syllables else letters(word, origin).capitalize()


def _from_tables(key: str, origin: str, *, article: bool) -> str | None:
    """The form of a known word, the table of the name's own origin first."""
    r = rules()
    own = r.tables.get(origin, {}).get(key)
    if own is not None or origin in _SYLLABIC:
        return own
    if key in r.known and not article:
        return r.known[key]
    return next((r.tables[name][key] for name in ("western", "slavic", "arabic", "japanese") if key in r.tables[name]), None)


def _syllables(key: str, table: dict[str, str]) -> list[str] | None:
    """The Latin syllables of a word that is nothing but Korean syllables («كيونغنام»), longest first; else null."""
    if not key:
        return []
    for length in range(min(6, len(key)), 1, -1):
        head = key[:length]
        if head in table:
            rest = _syllables(key[length:], table)
            if rest is not None:
                return [table[head].lower(), *rest]
    return None


def letters(word: str, origin: str, *, whole: bool = True) -> str:
    """A word letter by letter, with vowels put in where consonants cannot stand together; `whole`: the word ends here."""
    return _spread(_sounds(word, origin), origin, whole=whole)


def _sounds(word: str, origin: str) -> list[str]:
    """The letters' sounds; و and ي are consonants at the beginning and beside ا, else vowels."""
    r = rules()
    foreign = origin != "arabic"
    out: list[str] = []
    k = 0
    while k < len(word):
        char = word[k]
        after = word[k + 1] if k + 1 < len(word) else ""
        two = char + after
        if two in r.letters and (two != "نغ" or k + 2 == len(word) or word[k + 2] not in "اويى"):
            out.append(r.letters[two])
            k += 2
            continue
        if char in "أإآا" and k == 0:
            if after and after in "وي" and (len(word) < 3 or word[2] not in "اويى"):
                out.append(("o" if foreign else "u") if after == "و" else "i")
                k += 2
                continue
            out.append("i" if char == "إ" else "a")
        elif char in "أآاى":
            out.append("a")
        elif char == "ة" or (foreign and char == "ه" and not after and len(out) > 1):
            out.append("a" if char == "ة" else "e")
        elif char in "وي":
            before = out[-1][-1] if out and out[-1] else ""
            consonant = not before or (before in _VOWELS and after and after in "اويى") or (after and after in "اى")
            if consonant:
                out.append(("v" if origin == "slavic" else "w") if char == "و" else "y")
            else:
                out.append(("o" if foreign else "u") if char == "و" else ("y" if origin == "slavic" and not after else "i"))
        elif foreign and char in r.foreign_letters:
            out.append(r.foreign_letters[char])
        else:
            out.append(r.letters.get(char) or r.letters.get(fold_key(char), ""))
        k += 1
    return [sound for sound in out if sound]


def _spread(sounds: list[str], origin: str, *, whole: bool) -> str:
    """The sounds with a vowel between consonants that cannot stand together."""
    vowel = "a" if origin in ("arabic", "japanese") else "e"
    out: list[str] = []
    run = 0  # consonants since the last vowel
    for k, sound in enumerate(sounds):
        if sound in _VOWELS or (sound == "y" and k == len(sounds) - 1):
            run = 0
            out.append(sound)
            continue
        run += 1
        if run > 1:
            last = k == len(sounds) - 1 and whole
            at_start = len(out) == 1
            pair = out[-1] + sound
            long_before = len(out) > 1 and out[-2] in _VOWELS
            if at_start and (origin == "arabic" or pair not in _BEGIN):
                out.append(vowel)
                run = 1
            elif last and (long_before and sounds[k - 2] == out[-2] if origin == "arabic" else pair not in _END):
                out.append("i" if origin == "arabic" else vowel)
            elif run > (3 if origin == "slavic" else 2):
                out.append(vowel)
                run = 1
        out.append(sound)
    return "".join(out)
