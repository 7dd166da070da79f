"""People, places and roles in the sentences of `tests/names`, against floors that never fall silently."""

from __future__ import annotations

import collections
import datetime as dt
import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest
import yaml

from ruskor.document import read_document
from ruskor.gazetteer import Gazetteer, load_gazetteer
from ruskor.names import Matcher, unfuse
from ruskor.people import find_people
from ruskor.places import find_places

HERE = Path(__file__).parent / "names"
Mention = dict[str, Any]


def norm(name: str | None) -> str:
    """A canonical name without case, hyphens and diacritics; usual transliteration twins as one."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name or "") if c.isalnum()).casefold()
    plain = re.sub(r"serge[iy]", "serge", plain).replace("dmitriy", "dmitry").replace("dmitri", "dmitry").replace("dmitryy", "dmitry")
    return {"washingtondc": "washington", "kurskoblast": "kursk", "pentagon": "thepentagon"}.get(plain, plain)


def load(name: str) -> list[dict[str, Any]]:
    """The cases of one file."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    cases: list[dict[str, Any]] = yaml.load((HERE / name).read_text("utf-8"), Loader=loader)
    return cases


def spans(text: str, mentions: list[Mention]) -> list[Mention]:
    """The gold mentions with their spans, found as the file's head says."""
    out, at = [], 0
    for mention in mentions:
        start = mention.get("at", text.find(mention["text"], at))
        assert start >= 0, (text, mention)
        out.append({**mention, "span": (start, start + len(mention["text"]))})
        at = start + 1
    return out


def predict(gazetteer: Gazetteer, matcher: Matcher, text: str, when: Any, *, discover: bool = True) -> tuple[list[Mention], list[Mention]]:
    """The people and places that the names layer finds in a text."""
    document = read_document(text)
    unfuse(document, matcher)
    tokens = document.tokens
    hits = matcher.find(tokens)
    body = [False] * len(tokens.words)
    for sentence in document.sentences:
        body[sentence.first : sentence.last + 1] = [True] * (sentence.last + 1 - sentence.first)
    if isinstance(when, dict):
        when = (when["start"], when["end"])
    if isinstance(when, (dt.date, str)):
        when = (when, when)
    days = tuple(d if isinstance(d, dt.date) else dt.date.fromisoformat(d) for d in when) if when else None
    refs = find_people(document, gazetteer, hits, days, body, discover=discover)
    titled = [(ref.title.first, ref.title.last) for ref in refs if ref.title is not None]
    places = find_places(document, gazetteer, hits, body, titled, people=refs)

    def mention(first: int, last: int, skip: int) -> Mention:
        span = document.folded.raw_span(tokens.starts[first] + skip, tokens.ends[last])
        return {"span": span, "text": text[span[0] : span[1]]}

    return (
        [
            mention(r.first, r.last, r.skip)
            | {"name": r.romanised if r.person is None else gazetteer.people[r.person].name, "kind": r.kind, "known": r.person is not None}
            for r in refs
        ],
        [mention(p.first, p.last, p.skip) | {"name": gazetteer.places[p.place].name, "role": p.role} for p in places],
    )


def match(gold: list[Mention], found: list[Mention]) -> tuple[list[tuple[Mention, Mention]], list[Mention], list[Mention]]:
    """One to one, by overlap and name: (pairs, extra, missed); what is optional counts neither way."""
    used: set[int] = set()
    pairs, extra = [], []
    for p in found:
        near = [i for i, g in enumerate(gold) if g["span"][0] < p["span"][1] and p["span"][0] < g["span"][1]]
        free = [i for i in near if i not in used]
        right = [i for i in free if norm(gold[i]["name"]) == norm(p["name"]) or (gold[i].get("unlisted") and not p.get("known"))]
        if right:
            best = min(right, key=lambda i: abs(gold[i]["span"][0] - p["span"][0]))
            used.add(best)
            pairs.append((gold[best], p))
        elif not any(gold[i].get("optional") for i in near):
            extra.append(p)
    return pairs, extra, [g for i, g in enumerate(gold) if i not in used and not g.get("optional")]


def score(cases: list[dict[str, Any]], gazetteer: Gazetteer, matcher: Matcher) -> tuple[collections.Counter[str], list[str]]:
    """Counts (tp, fp, fn of names, titles, places; roles) and what is wrong, in words."""
    total: collections.Counter[str] = collections.Counter()
    wrong: list[str] = []
    for case in cases:
        text = case["text"]
        people, places = predict(gazetteer, matcher, text, case.get("published"))
        gold = spans(text, case.get("people") or [])
        rows = [
            (kind, [g if g["kind"] == kind else {**g, "optional": True} for g in gold], [p for p in people if p["kind"] == kind])
            for kind in ("name", "title")
        ]
        rows.append(("place", spans(text, case.get("places") or []), places))
        notes = []
        for kind, expected, found in rows:
            pairs, extra, missed = match(expected, found)
            total[kind + "_tp"] += sum(not g.get("optional") for g, _ in pairs)
            total[kind + "_fp"] += len(extra)
            total[kind + "_fn"] += len(missed)
            notes += [f"+{kind} {p['text']}={p['name']}" for p in extra] + [f"-{kind} {g['text']}={g['name']}" for g in missed]
            if kind == "place":
                for g, p in pairs:
                    good = p["role"] in [g["role"], *g.get("alt_roles", [])]
                    total["role_all"] += 1
                    total["role_ok"] += good
                    if not good:
                        notes.append(f"role {p['text']} {g['role']} not {p['role']}")
        if notes:
            wrong.append(f"{case['id']} [{case.get('published')}] {text}\n    " + "\n    ".join(notes))
    return total, wrong


def f1(total: collections.Counter[str], kind: str) -> float:
    """The harmonic mean of precision and recall."""
    tp, fp, fn = (total[f"{kind}_{x}"] for x in ("tp", "fp", "fn"))
    return 2 * tp / (2 * tp + fp + fn) if tp else 0.0


def figures(total: collections.Counter[str]) -> dict[str, float]:
    """The figures that have floors."""
    found = {"names": f1(total, "name"), "titles": f1(total, "title"), "places": f1(total, "place")}
    return found | {"roles": total["role_ok"] / max(1, total["role_all"])}


@pytest.fixture(scope="module")
def known() -> tuple[Gazetteer, Matcher]:
    gazetteer = load_gazetteer()
    return gazetteer, Matcher(gazetteer)


@pytest.mark.parametrize("which", ["dev", "heldout"])
def test_floors(which: str, known: tuple[Gazetteer, Matcher]) -> None:
    floors: Any = load("floors.yaml")
    total, _ = score(load(f"{which}.yaml"), *known)
    got = figures(total)
    fallen = {key: round(got[key], 4) for key, floor in floors[which].items() if got[key] < floor}
    assert not fallen, f"under the floor of tests/names/floors.yaml: {fallen}"


def names(known: tuple[Gazetteer, Matcher], text: str, when: str | None = "2024-06-19") -> list[tuple[str, str, str]]:
    """(text, name, kind) of the people in a text."""
    people, _ = predict(*known, text, when, discover=False)
    return [(p["text"], p["name"], p["kind"]) for p in people]


def places(known: tuple[Gazetteer, Matcher], text: str) -> list[tuple[str, str, str]]:
    """(text, name, role) of the places in a text."""
    _, found = predict(*known, text, "2024-06-19", discover=False)
    return [(p["text"], p["name"], p["role"]) for p in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # the last bearer of a surname leads, until another is named
        ("حذر كيم جونغ أون خصومه. وأعرب كيم هونغ كيون عن قلقه، وقال كيم إن سول مستعدة.", ["Kim Jong Un", "Kim Hong-kyun", "Kim Hong-kyun"]),
        # a relative does not take the name over
        (
            "زار كيم جونغ أون موسكو. وكان كيم جونغ إيل، والد كيم جونغ أون، قد زارها. وعاد كيم أمس.",
            ["Kim Jong Un", "Kim Jong Il", "Kim Jong Un", "Kim Jong Un"],
        ),
        # a period means who was there then
        ("التقى بوتين كيم جونغ أون. وفي العهد السوفياتي كان كيم يزور موسكو.", ["Vladimir Putin", "Kim Jong Un", "Kim Il Sung"]),
        # a part of a name that no list has
        ("أجرى يون بيونغ سي محادثات، وقال يون إن الردع أولوية.", ["Yun Byung-se", "Yun Byung-se"]),
    ],
)
def test_discourse(known: tuple[Gazetteer, Matcher], text: str, expected: list[str]) -> None:
    assert [name for _, name, kind in names(known, text) if kind == "name"] == expected


def test_title_beside_another_states_leader(known: tuple[Gazetteer, Matcher]) -> None:
    found = names(known, "استقبل بوتين الزعيم الكوري الشمالي في فلاديفوستوك", "2019-04-25")
    assert found == [("بوتين", "Vladimir Putin", "name"), ("الزعيم الكوري الشمالي", "Kim Jong Un", "title")]


def test_title_inside_a_title(known: tuple[Gazetteer, Matcher]) -> None:
    found = names(known, "وأوضح المستشار الدبلوماسي للرئيس الروسي يوري أوشاكوف أن الوثائق جاهزة")
    assert found == [("للرئيس الروسي", "Vladimir Putin", "title"), ("يوري أوشاكوف", "Yuri Ushakov", "name")]


@pytest.mark.parametrize(
    "text", ["مر الموكب بساحة كيم إيل سونغ", "أبحرت حاملة الطائرات الأميركية رونالد ريغان", "درس في جامعة كيم إيل سونغ"]
)
def test_named_after_a_person(known: tuple[Gazetteer, Matcher], text: str) -> None:
    assert names(known, text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("قالت واشنطن إنها قلقة", [("واشنطن", "Washington, D.C.", "actor")]),
        ("سافر إلى موسكو", [("موسكو", "Moscow", "location")]),
        ("وزارة الخارجية في كوريا الشمالية", [("كوريا الشمالية", "North Korea", "attributive")]),
        ("حذر مسؤولون من كوريا الجنوبية", [("كوريا الجنوبية", "South Korea", "attributive")]),
        ("زيارة وزير الخارجية الروسي سيرغي لافروف كوريا الشمالية", [("كوريا الشمالية", "North Korea", "location")]),
        ("تثير الزيارة قلق الولايات المتحدة", [("الولايات المتحدة", "United States", "actor")]),
        ("هبطت الطائرة في مطار بيونغ يانغ الدولي", [("بيونغ يانغ", "Pyongyang", "location")]),
        ("ضربت سيول جارفة مناطق واسعة", []),
        ("غرقت الغواصة كورسك", []),
    ],
)
def test_places(known: tuple[Gazetteer, Matcher], text: str, expected: list[tuple[str, str, str]]) -> None:
    assert places(known, text) == expected


def test_fused_words_are_split_and_sentences_keep_their_tokens(known: tuple[Gazetteer, Matcher]) -> None:
    document = read_document("تعزز كوريا الشماليةوروسيا تعاونهما. وقال بوتين إنه راض.")
    before = [document.tokens.words[s.last] for s in document.sentences]
    unfuse(document, known[1])
    assert document.tokens.words[1:4] == ["كوريا", "الشماليه", "وروسيا"]
    assert [document.tokens.words[s.last] for s in document.sentences] == before


def test_user_knowledge_goes_over_ours(tmp_path: Path) -> None:
    extra = tmp_path / "mine.yaml"
    extra.write_text(
        "people:\n- {name: Vladimir Putin, aliases: [بوتين الأول]}\n- {name: Jane Roe, name_ar: جين رو, country: USA, prominence: 3}\n",
        "utf-8",
    )
    mine = load_gazetteer((extra,))
    putin = mine.people[mine.person_index["Vladimir Putin"]]
    assert putin.id == "Q7747"
    assert ("person", mine.person_index["Jane Roe"]) in mine.trie["جين"]["رو"][""]
    assert ("person", mine.person_index["Vladimir Putin"]) in mine.trie["بوتين"]["الاول"][""]
