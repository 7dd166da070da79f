"""People mentioned in an article: full names, parts of names by discourse, bare titles by date, kinship, unknown names."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from ruskor.clock import When, read_clock
from ruskor.discourse import resolve, second_mentions
from ruskor.document import Document
from ruskor.gazetteer import Gazetteer
from ruskor.names import Hit, make_hit
from ruskor.titles import Ref, Title, TitleWords, compatible, joined, likely_state, near, read_title, title_words

__all__ = ["Ref", "Title", "TitleWords", "find_people", "read_title", "state_counts", "title_words"]

_SYLLABIC = frozenset(("PRK", "KOR", "CHN", "VNM", "TWN"))
_VESSEL_BACK = 4
# A person who is rarer than this is not known by a part of the name alone.
_KNOWN_ALONE = 3


def find_people(
    document: Document,
    gazetteer: Gazetteer,
    hits: list[Hit],
    when: When | None,
    body: list[bool],
    *,
    times: Iterable[tuple[int, int, date, date]] | None = None,
    discover: bool = True,
) -> list[Ref]:
    """The people of an article in order of mention, resolved as of `when` (the article's date, if known).

    `body[i]` says whether token i belongs to the article and not to page furniture. `times` are the article's resolved
    dates (first token, last token, first day, last day): titles and names in a clause about the past are of that time.
    `discover`: look for names that are in no gazetteer, too.
    """
    counts = state_counts(gazetteer, hits)
    refs = _candidates(document, gazetteer, hits, body, counts)
    if discover:
        refs = _with_unknown(document, gazetteer, hits, refs, body)
    refs = [ref for ref in second_mentions(document, gazetteer, hits, refs, body) if not _only_looks_so(document, ref)]
    _keep_known_alone(gazetteer, refs)
    clock = read_clock(document, times)
    resolve(document, gazetteer, refs, when=when, clock=clock, state_counts=counts)
    return [ref for ref in refs if ref.person is not None or (ref.romanised and ref.kind == "name")]


def _only_looks_so(document: Document, ref: Ref) -> bool:
    """«بأن» is not «بان»: whether a name of one word is another word as it is written."""
    tokens = document.tokens
    raw = tokens.raw_text(ref.first, ref.last) if ref.kind == "name" and ref.first == ref.last else ""
    return raw in title_words().no_name_raw


def _with_unknown(document: Document, gazetteer: Gazetteer, hits: list[Hit], refs: list[Ref], body: list[bool]) -> list[Ref]:
    """Names in no gazetteer, put in order; a title right before one is no mention of its own."""
    try:
        from ruskor.discovery import find_unknown
    except ImportError:
        return refs
    for ref in refs:
        ref.person = ref.candidates[0] if ref.candidates else -1  # not yet who it is, but somebody known
    unknown = find_unknown(document, hits, refs, body)
    for ref in refs:
        ref.person = None
    if not unknown:
        return refs
    words = document.tokens.words
    whole = {words[ref.last] for ref in unknown if ref.last > ref.first}
    # A part of a name found before is for `second_mentions`.
    unknown = [ref for ref in unknown if ref.last > ref.first or words[ref.first][ref.skip :] not in whole]
    starts = [hit.first for hit in hits]
    unknown = [ref for ref in unknown if _is_new(document, gazetteer, _over(hits, starts, ref), refs, ref)]
    firsts = {ref.first: ref for ref in unknown}
    taken = {token for ref in unknown for token in range(ref.first, ref.last + 1)}
    kept = []
    for ref in refs:
        if ref.kind == "title" and ref.title is not None and not (ref.state or "").startswith("kin:"):
            following = [firsts[i] for i in range(ref.last + 1, ref.last + 4) if i in firsts and near(document, ref.last, i)]
            follower = next((new for new in following if not new.skip), None)
            if follower is not None:
                follower.title, follower.state = ref.title, follower.state or ref.title.state
                continue
        if ref.kind == "title" or taken.isdisjoint(range(ref.first, ref.last + 1)):
            kept.append(ref)
    for ref in unknown:
        ref.full = True
    return sorted([*kept, *unknown], key=lambda ref: (ref.first, -ref.last))


def _over(hits: list[Hit], starts: list[int], new: Ref) -> list[Hit]:
    """The hits that may lie over a name: those that begin in it and the one before (`starts` are their first tokens; none overlap)."""
    return hits[max(0, bisect_left(starts, new.first) - 1) : bisect_right(starts, new.last)]


def _is_new(document: Document, gazetteer: Gazetteer, hits: list[Hit], refs: list[Ref], new: Ref) -> bool:
    """Whether a proposed name is not made of known names and places, and no square, school or ship."""
    words, spelling = document.tokens.words, gazetteer.spelling
    tokens = range(new.first, new.last + 1)
    if _eponym(document, make_hit(new.first, new.last, new.skip, ())) or words[new.first][new.skip :] in title_words().named_after:
        return False
    if any(words[i] in spelling.lookalikes or words[i] in spelling.common_words for i in tokens):
        return False
    for hit in hits:
        inside = hit.first <= new.last and new.first <= hit.last
        if inside and not hit.kinds.isdisjoint(_NO_PERSON) and hit.kinds.isdisjoint(("short", "rare")):
            return False
    free, known = set(tokens), False
    for ref in refs:
        if ref.kind == "name" and ref.first <= new.last and new.first <= ref.last:
            if ref.title is not None or (ref.full and ref.last - ref.first > 1):
                return False
            free -= set(range(ref.first, ref.last + 1))
            known = True
    if not known:
        return True
    # «كيم سونغ باي» is another than the known bearer of its beginning; «سلم كيم» is not
    return bool(free) and all(words[i] in gazetteer.syllables or words[i] in gazetteer.trie for i in free)


def state_counts(gazetteer: Gazetteer, hits: list[Hit]) -> dict[str, int]:
    """How often each state is named, by itself, its capital or its adjective."""
    counts: dict[str, int] = {}
    for hit in hits:
        if hit.kinds.isdisjoint(("demonym", "place")):
            continue
        for kind, reference in hit.payload:
            if kind == "demonym":
                counts[reference] = counts.get(reference, 0) + 1
            elif kind == "place":
                place = gazetteer.places[reference]
                if place.country and place.kind in ("country", "capital"):
                    counts[place.country] = counts.get(place.country, 0) + 1
            else:
                continue
            break
    return counts


def _candidates(document: Document, gazetteer: Gazetteer, hits: list[Hit], body: list[bool], counts: dict[str, int]) -> list[Ref]:
    """Names and bare titles, not yet resolved; a title that belongs to a name is stored with it."""
    reading = _Reading(document, gazetteer, hits, counts)
    k = 0
    while k < len(hits):
        hit = hits[k]
        kinds = hit.kinds
        if not body[hit.first] or kinds <= _PLAIN:
            k += 1
            continue
        read = read_title(document, gazetteer, hits, k, counts) if not kinds.isdisjoint(_TITLED) else None
        if read is not None:
            title, k = read
            reading.offices = title.offices
            _nested_leader(document, title, reading.refs)
            reading.pending = _place_title(reading, k, title)
            continue
        if "kin" in kinds:
            reading.relation = (_relation(document, hit), hit)
        elif "demonym" in kinds:
            _counterpart(reading, k)
        elif not kinds.isdisjoint(_NAMED):
            _place_name(reading, k)
        k += 1
    return reading.refs


@dataclass(slots=True)
class _Reading:
    """What has been read of an article: mentions, the title that waits for its name, the last word of kinship, the last office."""

    document: Document
    gazetteer: Gazetteer
    hits: list[Hit]
    counts: dict[str, int]
    refs: list[Ref] = field(default_factory=list)
    pending: Title | None = None
    relation: tuple[str, Hit] | None = None
    offices: tuple[str, ...] = ()

    def kin_before(self, token: int) -> str | None:
        """The relation in the word right before the token («أخت كيم»), unless that word says whose («شقيقته»)."""
        if self.relation is None or self.relation[1].last + 1 != token or _possessive(self.document, self.relation[1]):
            return None
        return self.relation[0]


def _relation(document: Document, hit: Hit) -> str:
    """The kinship of a word; «عمة» and «عمه» are one word when folded, but not in the raw text."""
    relations: list[str] = hit.of("kin")
    tokens, feminine = document.tokens, title_words().feminine_kin
    female = tokens.raw_text(hit.last, hit.last).endswith("ة")
    return next((relation for relation in relations if (relation in feminine) == female), relations[0])


def _counterpart(reading: _Reading, k: int) -> None:
    """«نظيره الأميركي»: the same office in another state."""
    tw, hit, refs, offices = title_words(), reading.hits[k], reading.refs, reading.offices
    before = reading.document.tokens.words[hit.first - 1] if hit.first else ""
    if before not in tw.counterpart or not (refs or offices):
        return
    state = likely_state(reading.gazetteer, hit.of("demonym")[0], offices, reading.counts)
    skip = int(before[0] == "و")
    title = Title(hit.first - 1, hit.last, skip, offices, state, None, counterpart=not offices or _named_since(refs, offices))
    reading.relation = None
    reading.pending = _place_title(reading, k + 1, title)


def _place_name(reading: _Reading, k: int) -> None:
    """Store the name at hit k, with the title and the word of kinship before it."""
    ref = _name(reading, k)
    reading.pending = None
    if ref is None:
        return
    relation = reading.kin_before(ref.first)
    if relation is not None and reading.relation is not None:
        kin = reading.relation[1]
        reading.refs.append(Ref(kin.first, ref.last, kin.skip, "title", None, ref.candidates, state=f"kin:{relation}"))
        ref.weak = True
    reading.refs.append(ref)


_PLAIN = frozenset(("place", "org"))
_TITLED = frozenset(("title", "office", "office_of", "office_his"))
_NO_PERSON = frozenset(("place", "org", "demonym", "office", "title"))
_NAMED = frozenset(("person", "short", "rare"))


def _named_since(refs: list[Ref], offices: tuple[str, ...]) -> bool:
    """Whether a name without title came after the title whose office a counterpart would share («قال لافروف … نظيره»)."""
    last = refs[-1] if refs else None
    return last is not None and last.kind == "name" and (last.title is None or last.title.offices != offices)


def _possessive(document: Document, hit: Hit) -> bool:
    """«شقيقته»: the name that follows is the relative's own; looked up in the raw text, where ه and ة differ."""
    tokens = document.tokens
    return tokens.raw_text(hit.last, hit.last).endswith(("ه", "ها", "هما", "هم"))


def _place_title(reading: _Reading, k: int, title: Title) -> Title | None:
    """Store a title with the name before it or as a mention of its own; the title itself where a name follows at hit k."""
    tw, refs, document = title_words(), reading.refs, reading.document
    if _continues(reading, k, title):
        return title
    if _apposed(document, reading.gazetteer, refs, title):
        refs[-1].title = refs[-1].title or title
        return None
    relation = reading.kin_before(title.first)
    if relation is not None and reading.relation is not None and title.state is not None:
        kin = reading.relation[1]
        refs.append(Ref(kin.first, title.last, kin.skip, "title", None, state=f"kin:{relation}", title=title))
        return None
    known = title.state is not None or title.whose is not None
    if known or (document.tokens.words[title.first][title.skip :] in tw.bare_leader and title.modifier is None):
        refs.append(Ref(title.first, title.last, title.skip, "title", None, title=title, state=title.state))
    # A name that is none in the gazetteer may still follow («الرئيس» alone belongs to it).
    return title if not known else None


def _nested_leader(document: Document, title: Title, refs: list[Ref]) -> None:
    """«مساعد الرئيس الروسي» also speaks of the president."""
    tw = title_words()
    if title.state is None or tw.speaks_for.isdisjoint(title.offices):
        return
    for i in range(title.first + 1, title.last):
        office = tw.nested_heads.get(document.tokens.words[i])
        if office is not None:
            inner = Title(i, title.last, 0, (office,), title.state, None)
            refs.append(Ref(i, title.last, 0, "title", None, title=inner, state=title.state))
            return


def _continues(reading: _Reading, k: int, title: Title) -> bool:
    """Whether a name that can bear the title follows it."""
    if k >= len(reading.hits):
        return False
    hit = reading.hits[k]
    if hit.has("rare") and reading.document.tokens.words[hit.first] in title_words().particles:
        return False
    if hit.skip or hit.kinds.isdisjoint(_NAMED) or not near(reading.document, title.last, hit.first):
        return False
    candidates = hit.of("person") or hit.of("short") or hit.of("rare")
    if title.whose is not None or title.counterpart:
        return True
    return compatible(reading.gazetteer, title, candidates) or _unheard_of(reading.gazetteer, hit, candidates)


def _unheard_of(gazetteer: Gazetteer, hit: Hit, candidates: list[int]) -> bool:
    """A rare person with a name of short syllables, which many bear: under another state's title it is somebody else."""
    people = gazetteer.people
    return hit.has("person") and all(people[p].prominence < _KNOWN_ALONE and people[p].country in _SYLLABIC for p in candidates)


def _apposed(document: Document, gazetteer: Gazetteer, refs: list[Ref], title: Title) -> bool:
    """Whether the title explains the name right before it («شويغو وزير الدفاع الروسي», but not «بوتين الزعيم الكوري»)."""
    if title.whose is not None or title.skip or not refs or not joined(document, title.first):
        return False
    if refs[-1].kind != "name" or refs[-1].last + 1 != title.first:
        return False
    return compatible(gazetteer, title, refs[-1].candidates)


def _name(reading: _Reading, k: int) -> Ref | None:
    """The mention of a name at hit k, with the title before it; null where it is part of another name or thing."""
    hit, document, gazetteer, pending = reading.hits[k], reading.document, reading.gazetteer, reading.pending
    full = hit.has("person")
    rare = not full and not hit.has("short")
    candidates = tuple(hit.of("person") or hit.of("short") or hit.of("rare"))
    title = pending if pending is not None and near(document, pending.last, hit.first) else None
    if rare and document.tokens.words[hit.first][hit.skip :] in title_words().particles:
        return None  # «الرئيس هو …»
    if title is None and (_eponym(document, hit) or (not full and hit.has("place") and _place_rather(gazetteer, hit, candidates))):
        return None
    if title is not None and full and title.state is not None and not title.counterpart and not compatible(gazetteer, title, candidates):
        return None  # «العقيد الكوري الجنوبي لي تشانغ هو» is not the northern general
    if _goes_on(document, gazetteer, reading.hits, k, candidates):
        return None
    ref = Ref(hit.first, hit.last, hit.skip, "name", None, candidates, full=full, score=hit.score, rare=rare)
    if title is not None:
        ref.title, ref.state = title, title.state
    return ref


def _eponym(document: Document, hit: Hit) -> bool:
    """Whether the name is that of a square, school or ship."""
    tw = title_words()
    words = document.tokens.words
    for back in range(1, _VESSEL_BACK + 1):
        i = hit.first - back
        if i < 0 or document.tokens.gap(i + 1).strip(' "«“'):
            return False
        word = words[i]
        bare = word[1:] if word[:1] in "وفبلك" and len(word) > 3 else word
        if back == 1 and (word in tw.named_after or bare in tw.named_after):
            return True
        if word in tw.vessels or bare in tw.vessels:
            return True
        if not word.startswith("ال"):
            return False
    return False


def _place_rather(gazetteer: Gazetteer, hit: Hit, candidates: tuple[int, ...]) -> bool:
    """Whether a word that is a place and a part of a name is the place."""
    place: int = max(gazetteer.places[p].prominence for p in hit.of("place"))
    return place >= max(gazetteer.people[p].prominence for p in candidates)


def _goes_on(document: Document, gazetteer: Gazetteer, hits: list[Hit], k: int, candidates: tuple[int, ...]) -> bool:
    """Whether the name is only a part of a longer name that is in no gazetteer («كانغ مين تشيول»)."""
    hit, tokens = hits[k], document.tokens
    if not any(gazetteer.people[p].country in _SYLLABIC for p in candidates) or (hit.has("person") and hit.last - hit.first > 1):
        return False
    no_names = title_words().no_names

    def syllable(i: int, at: int, other: Hit | None) -> bool:
        if not 0 <= i < len(tokens.words) or tokens.gap(at) not in (" ", "-") or tokens.words[i] in no_names:
            return False
        return tokens.words[i] in gazetteer.syllables and (other is None or i < other.first or i > other.last)

    after = syllable(hit.last + 1, hit.last + 1, hits[k + 1] if k + 1 < len(hits) else None)
    inner = tokens.words[hit.last + 1] if hit.last + 2 < len(tokens.words) else ""
    if not after and inner in title_words().inner_names and tokens.gap(hit.last + 1) == " ":
        after = syllable(hit.last + 2, hit.last + 2, None) and not hit.has("person")  # «لي هو ريونغ»
    if hit.last > hit.first and hit.skip == 0 and not hit.has("person") and syllable(hit.first - 1, hit.first, None):
        return True  # «بارك سو يونغ» is not «سو يونغ»
    before = hit.skip == 0 and syllable(hit.first - 1, hit.first, hits[k - 1] if k else None)
    return after or before


def _keep_known_alone(gazetteer: Gazetteer, refs: list[Ref]) -> None:
    """Drop, in place, parts of names that nobody can know: of rare people whom the article does not introduce."""
    named = {p for ref in refs if ref.full for p in ref.candidates}
    kept = []
    for ref in refs:
        if ref.kind == "name" and not ref.full and ref.candidates and ref.title is None:
            ref.candidates = tuple(p for p in ref.candidates if p < 0 or p in named or (not ref.rare and p in gazetteer.famous))
            if not ref.candidates:
                continue
        kept.append(ref)
    refs[:] = kept

