"""Names of persons and places that are in no gazetteer, from the shipped model and from the words around them.

Precision comes first: in a news text a false person is worse than a missing one. The model proposes names with a
probability; a title before, an apposition behind or a verb of saying beside a name lowers what is asked of it, a single
word without such a cue raises it. What the gazetteers know is never taken again.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar

from ruskor.arabic import fold_key
from ruskor.document import Document, Sentence
from ruskor.gazetteer import Gazetteer
from ruskor.lexicon import compiled, data_files, load_yaml
from ruskor.names import Hit
from ruskor.nerfeatures import ORIGINS, hit_kinds, name_words, strip
from ruskor.nermodel import Look, NameModel, Tagged, load_model
from ruskor.people import Ref, title_words
from ruskor.places import PlaceRef
from ruskor.romanise import romanise

_MOST_WORDS, _SHORTEST = 6, 4
# How sure the model must be to change what the gazetteers say of a place.
_SETTLED = 0.35
# Below this likeness a last word that is in no list is taken for a common one; above the other a name goes on with it.
_COMMON, _ALIKE = -9, 9
# What the model must be sure of, by what else speaks for the name.
_SURE = {"cue": 0.25, "name": 0.45, "word": 0.6, "unlike": 0.85, "place": 0.6}
_TABLES = frozenset(ORIGINS)
_VOWELS = frozenset("اويى")
_CLUSTERS = frozenset("رل")
_AND = frozenset("وف")
_BEFORE_NAMED = frozenset((" ", ' "', " «", " “"))
_BEFORE_CUED = frozenset((" ", "، ", ' "', ": "))
_BEFORE_APPOSED = frozenset((" ", "، ", ", ", " ، ", '، "'))
_NAME_GAPS = frozenset((" ", "-", " - ", "‐", "–", "_"))


_QUALIFYING = frozenset(("demonym", "office", "title"))
_NO_PERSON = frozenset(("place", "org", "demonym", "title"))
_PERSON = frozenset(("person", "short", "rare"))


class Taken(Protocol):
    """A mention that is already known: tokens first … last."""

    @property
    def first(self) -> int: ...  # noqa: D102
    @property
    def last(self) -> int: ...  # noqa: D102


_Spanned = TypeVar("_Spanned", bound=Taken)


class Name(NamedTuple):
    """A name found: tokens first … last, `skip` letters of proclitics, kind PER, LOC or ORG, probability, what speaks for it.

    Where several names of the model were made one, the least probability counts.
    """

    first: int
    last: int
    skip: int
    kind: str
    chance: float | tuple[Tagged, ...]
    cue: str = ""

    @property
    def score(self) -> float:
        """The probability."""
        return self.chance if isinstance(self.chance, float) else min([part.score() for part in self.chance])


@dataclass(frozen=True, slots=True)
class UnknownPlace:
    """A place in no gazetteer: tokens first … last, `skip` letters of proclitics, its name in Latin and Arabic letters."""

    first: int
    last: int
    skip: int
    score: float
    romanised: str
    name_ar: str


@dataclass(frozen=True, slots=True)
class Cues:
    """The lists of `data/discovery.yaml`, folded."""

    titles: frozenset[str]
    title_tails: frozenset[str]
    institutions: frozenset[str]
    place_nouns: frozenset[str]
    saying: frozenset[str]
    sources: frozenset[str]
    after_name: frozenset[str]
    never: frozenset[str]
    name_particles: frozenset[str]
    name_seconds: frozenset[str]
    never_raw: frozenset[str]
    unfit: frozenset[str]  # with which no name begins
    openings: frozenset[str]  # never_raw as folded: most words are told by them


def _build(paths: list[Path]) -> dict[str, list[str]]:
    table: dict[str, list[str]] = load_yaml(paths[0])
    return {key: words if key == "never_raw" else [fold_key(word) for word in words] for key, words in table.items()}


@cache
def cues() -> Cues:
    """The words by which unknown names are known."""
    lists = {key: frozenset(words) for key, words in compiled("discovery", _build, data_files("discovery.yaml")).items()}
    return Cues(**lists, unfit=lists["never"] | lists["titles"], openings=frozenset(map(fold_key, lists["never_raw"])))


@cache
def _parts() -> frozenset[str]:
    """Words of the tables of names."""
    return frozenset(word for word, flags in name_words().flags.items() if not _TABLES.isdisjoint(flags))


@cache
def _korean() -> frozenset[str]:
    return frozenset(word for word, flags in name_words().flags.items() if "korean" in flags)


def _in(words: frozenset[str], word: str) -> bool:
    """Whether the word, or the word without a leading و or ف, is in the list."""
    return word in words or (word[:1] in _AND and word[1:] in words)


def find_names(
    document: Document, hits: Sequence[Hit], body: Sequence[bool], *, everything: bool = False, look_at: Collection[int] = ()
) -> list[Name]:
    """Names that the model sees in the body, with the cues of persons and places.

    Words that the gazetteers know are only looked at beside unknown ones, unless their tokens are among `look_at` or `everything`
    is wanted.
    """
    known: _Known | None = document.memory.get("names")
    if known is None or known.hits is not hits:
        known = document.memory["names"] = _known(document, hits)
    sure = frozenset() if everything else known.sure.difference(look_at) if look_at else known.sure
    marks = known.look.without(sure)
    asked = sorted(look_at)
    found: list[Name] = []
    for number, sentence in enumerate(document.sentences):
        if not body[sentence.first]:
            continue
        k = bisect_left(asked, sentence.first)
        if everything or (k < len(asked) and asked[k] <= sentence.last):
            found += _of_sentence(document, known, number, marks)
            continue
        names = known.names.get(sentence.first)
        if names is None:
            names = known.names[sentence.first] = _of_sentence(document, known, number, marks)
        found += names
    return found


@dataclass(frozen=True, slots=True)
class _Known:
    """What the gazetteers say of the tokens, as the search for names needs it; with the names of sentences searched before."""

    hits: Sequence[Hit]
    look: Look
    places: dict[int, bool] = field(default_factory=dict)
    qualifying: set[int] = field(default_factory=set)
    behind: set[int] = field(default_factory=set)
    sure: set[int] = field(default_factory=set)
    firm: set[int] = field(default_factory=set)
    hits_at: set[int] = field(default_factory=set)
    names: dict[int, list[Name]] = field(default_factory=dict)
    runs: dict[tuple[int, int], list[Tagged]] = field(default_factory=dict)


def _known(document: Document, hits: Sequence[Hit]) -> _Known:
    kinds = hit_kinds(len(document.tokens.words), hits)
    bounds = [(sentence.first, sentence.last) for sentence in document.sentences]
    known = _Known(hits, load_model().look(document.tokens, bounds, kinds))
    for hit in hits:
        tokens = range(hit.first, hit.last + 1)
        known.hits_at.update(tokens)
        if "rare" not in hit.kinds:
            known.firm.update(tokens)
        if _is_sure(hit):
            known.sure.update(tokens)
        if not hit.kinds.isdisjoint(_QUALIFYING):
            known.qualifying.update(tokens)
        if _no_person(hit):
            known.places.update(dict.fromkeys(tokens, hit.last > hit.first))
        elif hit.skip:
            known.behind.add(hit.first)
    return known


def _of_sentence(document: Document, known: _Known, number: int, marks: bytearray) -> list[Name]:
    model = load_model()
    tagged = model.tag(known.look, number, marks, memory=known.runs)
    if not tagged:
        return []
    found: list[Name] = []
    sentence = document.sentences[number]
    for first, last, kind, parts in _whole(document, model, tagged):
        if kind == "ORG":
            found.append(Name(first, last, 0, kind, parts))
            continue
        person = kind == "PER"
        for piece in _pieces(document, (first, last), model, known.places if person else {}, known.behind):
            begin, end = _grow(document, piece, model, known.hits_at, sentence) if person else piece
            trimmed = _trim(document, begin, end, model, person=person)
            if trimmed is None:
                continue
            begin, end = trimmed
            if person and _named_after(document, begin, sentence.first):
                continue
            if not person and begin in known.firm:  # nobody asks what speaks for a place that is known
                found.append(Name(begin, end, 0, kind, parts))
                continue
            cue = _cue(document, known.qualifying, begin, end, sentence)
            found.append(Name(begin, end, proclitics(document.tokens.words[begin], model), kind, parts, cue))
    return found


def _whole(document: Document, model: NameModel, tagged: Iterable[Tagged]) -> list[tuple[int, int, str, tuple[Tagged, ...]]]:
    """The names tagged, with a given name and the person's name right behind it made one."""
    words = document.tokens.words
    out: list[tuple[int, int, str, tuple[Tagged, ...]]] = []
    for name in tagged:
        first, last, kind = name[:3]
        if out and kind == out[-1][2] == "PER" and out[-1][1] == first - 1 and document.tokens.gap(first) == " ":
            begin, end, _, parts = out[-1]
            if begin == end and words[begin] in model.words.only_given and not _and_name(words[first], model):
                out[-1] = (begin, last, kind, (*parts, name))
                continue
        if out and kind == out[-1][2] == "PER" and out[-1][1] == first - 2 and _is_korean(words, out[-1][0], last):
            out[-1] = (out[-1][0], last, kind, (*out[-1][3], name))  # «لي هو ريونغ»
            continue
        out.append((first, last, kind, (name,)))
    return out


def _is_sure(hit: Hit) -> bool:
    """Whether the gazetteers know the words for certain: no misspelling, no lone word behind a proclitic, no common word."""
    return hit.score == 1 and not hit.has("rare") and (hit.skip == 0 or hit.last > hit.first)


def _no_person(hit: Hit) -> bool:
    """Whether the gazetteers know the words as a place, an organisation or a nationality and as no person."""
    return not hit.kinds.isdisjoint(_NO_PERSON) and hit.kinds.isdisjoint(_PERSON)


def _pieces(
    document: Document, span: tuple[int, int], model: NameModel, places: Mapping[int, bool], behind: Collection[int]
) -> list[tuple[int, int]]:
    """The span without known places, cut where a comma, a quotation mark or «و» + a name stands: «كلارنس وروي» are two.

    `places` says of the tokens of known places whether they have more than one word; a single one may be a given name («سيدني»).
    `behind` are the tokens of known people's names behind a proclitic («ببوتين»).
    """
    words, gaps = document.tokens.words, document.tokens.gaps
    out: list[tuple[int, int]] = []
    for k in range(span[0], span[1] + 1):
        if k in places and (places[k] or words[k] not in model.words.only_names):
            continue
        if out and out[-1][1] == k - 1 and not (k in behind or _and_name(words[k], model) or gaps[k] not in _NAME_GAPS):
            out[-1] = (out[-1][0], k)
        else:
            out.append((k, k))
    return out


def _and_name(word: str, model: NameModel) -> bool:
    """Whether the word is «و» and a part of a name."""
    return word[0] == "و" and len(word) > 3 and word not in model.words.flags and word[1:] in model.words.flags


def _grow(document: Document, piece: tuple[int, int], model: NameModel, hits_at: Collection[int], sentence: Sentence) -> tuple[int, int]:
    """The span with the words that the model left out: «محمد» + «الشربيني», «راشد بن» + «محمد»."""
    first, last = piece
    words, gaps, flags = document.tokens.words, document.tokens.gaps, model.words
    particles = cues().name_particles
    while first > sentence.first and gaps[first] == " " and first - 1 not in hits_at:
        before = words[first - 1]
        if (before not in particles and before not in flags.only_given) or _and_name(words[first], model):
            break
        first -= 1
    while last < sentence.last and gaps[last + 1] == " " and last + 1 not in hits_at:
        word = words[last + 1]
        goes_on = word in flags.only_names or words[last] in particles
        if not goes_on and words[last] in flags.only_given and not flags.of(word):
            goes_on = model.shape.score(word) > _ALIKE
        if not goes_on or _and_name(word, model) or (word[0] == "و" and word[1:2] not in _VOWELS and word not in flags.flags):
            break
        last += 1
    return first, last


def _named_after(document: Document, first: int, start: int) -> bool:
    """«وسام لينين», «حاملة الطائرات كارل فينسون»: a thing that bears a person's name."""
    words, named = document.tokens.words, title_words().named_after
    if _in(named, words[first]):
        return True
    if first <= start or document.tokens.gaps[first] not in _BEFORE_NAMED:
        return False
    before = words[first - 1]
    if _in(named, before) or _in(cues().institutions, before):
        return True
    return first - 2 >= start and words[first - 2] in named and before.startswith("ال")


def _trim(document: Document, first: int, last: int, model: NameModel, *, person: bool) -> tuple[int, int] | None:
    """A name's first and last token without words that cannot be in it; null where nothing is left."""
    words, lists = document.tokens.words, cues()
    unfit, openings, never, particles = lists.unfit, lists.openings, lists.never, lists.name_particles
    last = _korean_end(document, first, last)
    if person:
        while last > first and _out_of_place(words, first, last, model):
            last -= 1
    while first <= last and (words[first] in unfit or (words[first][:3] in openings and _never_opens(document, first))):
        first += 1
    while last >= first and (words[last] in never or words[last] in particles) and not _is_korean(words, first, last):
        last -= 1
    if first > last or last - first >= _MOST_WORDS:
        return None
    for k in range(first, last + 1):
        if words[k].isdigit():
            return None
    return None if last == first and len(words[first]) - proclitics(words[first], model) < 2 else (first, last)


def _never_opens(document: Document, token: int) -> bool:
    """Whether the word begins, as it is written, with letters with which no name does («إلى», not «الي…»)."""
    start = document.tokens.starts[token]
    return document.folded.raw_text(start, start + 3) in cues().never_raw


def _out_of_place(words: Sequence[str], first: int, last: int, model: NameModel) -> bool:
    """Whether the last word looks like a common one that the model took along."""
    word, before = words[last], words[last - 1]
    if word.startswith("ال") and words[first] in _korean() and "western" not in model.words.of(words[first]):
        return True
    if word.startswith("ال") or word in model.words.only_names or before in cues().name_particles or _is_korean(words, first, last):
        return False
    return model.shape.score(word) < _COMMON


def _is_korean(words: Sequence[str], first: int, last: int) -> bool:
    """Whether the words are three or four syllables of a Korean name."""
    return 2 <= last - first <= 3 and _korean().issuperset(words[first : last + 1])


def _korean_end(document: Document, first: int, last: int) -> int:
    """The last syllable of a Korean name: «ري يونغ هو» has three, though «هو» is a pronoun elsewhere."""
    words = document.tokens.words
    if last - first == 1 and last + 1 < len(words) and document.tokens.gap(last + 1) in _NAME_GAPS and _is_korean(words, first, last + 1):
        return last + 1
    return last


def proclitics(word: str, model: NameModel) -> int:
    """How many letters before a name are و ف ب ل ك: known parts of names decide, then which letters can begin a name."""
    known = model.words.flags
    if word in known or len(word) < 4:
        return 0
    bare = strip(word, known)
    if bare is not None:
        return len(word) - len(bare) if word.endswith(bare) else 0
    first, second = word[0], word[1]
    if first not in "وفبلك" or second in _VOWELS or (first in "فبك" and second in _CLUSTERS) or word.startswith("لل"):
        return 0
    return 1


def _cue(document: Document, qualifying: Collection[int], first: int, last: int, sentence: Sentence) -> str:
    """What beside the name says that it is one: title, saying, apposition, from, place_noun; empty where nothing does."""
    words, gaps, lists = document.tokens.words, document.tokens.gaps, cues()
    before = words[first - 1] if first > sentence.first else ""
    if gaps[first] in _BEFORE_CUED:
        if _in(lists.place_nouns, before):
            return "place_noun"
        if _in(lists.titles, before) or _title_ends(document, qualifying, first - 1, sentence.first):
            return "title"
        if _in(lists.saying, before) or before in lists.sources:
            return "saying"
    # «…، الأستاذ في», «…، وهو», «… من معهد»: what explains the name before it.
    if last >= sentence.last:
        return ""
    after, gap = words[last + 1], gaps[last + 1]
    if (gap in _BEFORE_APPOSED and _in(lists.titles, after)) or (after in ("وهو", "وهي") and "،" in gap):
        return "apposition"
    at_home = after == "من" and gap == " " and last + 2 <= sentence.last and words[last + 2].removeprefix("ال") in lists.institutions
    return "from" if at_home else ""


def _title_ends(document: Document, qualifying: Collection[int], last: int, start: int) -> bool:
    """Whether a title with its adjectives or its state ends at this token: «المحلل السياسي الروسي …»."""
    words, gaps, lists = document.tokens.words, document.tokens.gaps, cues()
    for token in range(last, max(start, last - 5) - 1, -1):
        if _in(lists.titles, words[token]):
            return True
        if gaps[token] != " " or (token not in qualifying and words[token] not in lists.title_tails):
            return False
    return False


def _wanted(name: Name, words: Sequence[str], model: NameModel) -> bool:
    """Whether the model is sure enough, given what else speaks for the name."""
    inside = words[name.first : name.last + 1]
    bare = inside[0][name.skip :]
    known = any(word in model.words.only_names for word in (bare, *inside))
    like = known or any(model.shape.score(word) > 0 for word in (bare, *inside))
    if len(inside) == 1:
        if len(bare) < _SHORTEST or bare in _korean() or not like or (bare.startswith("ال") and not known):
            return False
        cue = name.cue in ("title", "saying", "apposition", "from")
        return name.score >= _SURE["name" if cue or bare in _parts() else "word"]
    if name.cue in ("title", "saying", "apposition", "from"):
        return name.score >= _SURE["cue"]
    return name.score >= _SURE["name" if like else "unlike"]


def find_unknown(
    document: Document, hits: Sequence[Hit], refs: Sequence[Ref], body: Sequence[bool], *, names: Sequence[Name] | None = None
) -> list[Ref]:
    """Persons who are in no gazetteer, in order of mention.

    `refs` are the people already found: a name that lies within one of them is not returned; one that is longer than the
    known part («كيم» in «كيم سونغ باي») is, and takes its place. `names` are those of `find_names`, where
    the caller has them already.
    """
    words, model = document.tokens.words, load_model()
    taken = _by_token([ref for ref in refs if ref.person is not None])
    blocked = {token: hit.last for hit in hits if not hit.kinds.isdisjoint(_NO_PERSON) for token in range(hit.first, hit.last + 1)}
    out: list[Ref] = []
    for name in find_names(document, hits, body) if names is None else names:
        if name.kind != "PER" or name.cue == "place_noun" or blocked.get(name.first, -1) >= name.last:
            continue
        tokens = range(name.first, name.last + 1)
        known = [ref for token in tokens if token in taken for ref in taken[token]]
        if any(ref.full or ref.kind == "title" or ref.last - ref.first >= name.last - name.first for ref in known):
            continue
        if _wanted(name, words, model):
            out.append(_ref(document, name))
    return out


def _by_token(many: Iterable[_Spanned]) -> dict[int, list[_Spanned]]:
    """Which mentions lie over each token."""
    over: dict[int, list[_Spanned]] = {}
    for one in many:
        for token in range(one.first, one.last + 1):
            over.setdefault(token, []).append(one)
    return over


def _ref(document: Document, name: Name) -> Ref:
    span = document.tokens
    text = span.raw_text(name.first, name.last, name.skip)
    score = round(min(0.9, 0.4 + 0.5 * name.score), 3)
    return Ref(name.first, name.last, name.skip, "name", None, score=score, romanised=romanise(text), romanised_ar=text)


def find_unknown_places(
    document: Document, hits: Sequence[Hit], taken: Sequence[Taken], body: Sequence[bool], *, names: Sequence[Name] | None = None
) -> list[UnknownPlace]:
    """Places that are in no gazetteer; `taken` are the places and people already found."""
    tokens = document.tokens
    blocked = {token for hit in hits if "rare" not in hit.kinds for token in range(hit.first, hit.last + 1)}
    blocked.update(token for ref in taken for token in range(ref.first, ref.last + 1))
    out = []
    for name in find_names(document, hits, body) if names is None else names:
        if name.kind != "LOC" or not blocked.isdisjoint(range(name.first, name.last + 1)):
            continue
        if name.score < (_SURE["cue"] if name.cue == "place_noun" else _SURE["place"]):
            continue
        text = tokens.raw_text(name.first, name.last, name.skip)
        out.append(UnknownPlace(name.first, name.last, name.skip, round(min(0.9, 0.3 + 0.5 * name.score), 3), romanise(text), text))
    return out


def doubtful(gazetteer: Gazetteer, places: Sequence[PlaceRef]) -> list[int]:
    """The tokens of cities of one word, which are also names of clubs and treaties: for `find_names` to look at."""
    return [place.first for place in places if place.first == place.last and gazetteer.places[place.place].kind == "city"]


def settle_places(document: Document, gazetteer: Gazetteer, places: Sequence[PlaceRef], names: Sequence[Name]) -> list[PlaceRef]:
    """The places of the gazetteers as the model sees them, which has looked at the `doubtful` ones.

    Within an organisation's name («ريال مدريد») a place only qualifies it, and so does a city of one word that the model does
    not take for a place («اتفاق الطائف»); in a person's name it is none («كلاوس», not ك + «لاوس»).
    """
    words = document.tokens.words
    unsure = frozenset(doubtful(gazetteer, places))
    over = _by_token(names)
    out = []
    for place in places:
        around = [name for name in over.get(place.first, ()) if place.last <= name.last]
        people = [name for name in around if name.kind == "PER" and (name.last > name.first or words[place.first] in _parts())]
        if any(name.score >= _SETTLED for name in people):
            continue
        wider = [name for name in around if name.kind == "ORG" and name.last - name.first > place.last - place.first]
        inside = any(name.score >= _SETTLED for name in wider)
        seen = place.first not in unsure or any(name.kind == "LOC" for name in around)
        out.append(replace(place, role="attributive") if inside or not seen else place)
    return out
