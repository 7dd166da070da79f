"""Codes follow type, status and what the passages say; a denied event never bears a code of the event itself."""

from __future__ import annotations

import datetime as dt
from typing import get_args

import pytest
import yaml

from ruskor.codes import cameo, plover, set_codes, variants_of
from ruskor.corpus import CorpusEvent, Witness
from ruskor.gazetteer import load_gazetteer
from ruskor.lexicon import data_files
from ruskor.model import Article, Evidence, Interval, Participant, PlaceMention, Status
from ruskor.pipeline import annotate_article, load_pipeline, merge_annotations

TABLE = yaml.safe_load(data_files("codes.yaml")[0].read_text(encoding="utf-8"))
STATUSES = get_args(Status)
DAY = Interval(dt.date(2024, 6, 13), dt.date(2024, 6, 13), "day")
G = load_gazetteer()


def values(cell):
    """All codes of a cell, whatever the variant."""
    if isinstance(cell, dict) and "type" not in cell:
        return [value for value in cell.values() if value is not None]
    return [] if cell is None else [cell]


def row(kind, status, text, *, parties=("RUS", "PRK"), country=None, organization=None):
    names = {"RUS": "Russia", "PRK": "North Korea", "USA": "United States", "CHN": "China"}
    actors = [Participant(names[c], None, "actor" if k == 0 else "target", "state", c) for k, c in enumerate(parties)]
    if organization:
        actors.append(Participant(organization, None, "actor", "organization", None))
    witness = Witness("a.txt", "E1", kind, status, None, DAY, (Evidence(text, (0, len(text))),))
    places = [PlaceMention("", (0, 0), country, "", None, "location", country)] if country else []
    out = CorpusEvent("", kind, status, None, True, True, False, actors=actors, places=places, country=country, witnesses=[witness])
    set_codes(out, G)
    return out


@pytest.mark.parametrize("kind", TABLE)
def test_a_denied_event_never_bears_a_code_of_the_event(kind):
    done = {code for status in ("occurred", "ongoing") for code in values(TABLE[kind]["cameo"][status])}
    denied = set(values(TABLE[kind]["cameo"]["denied"]))
    assert not done & denied
    own = [(c["type"], c.get("mode")) for status in ("occurred", "ongoing") for c in values(TABLE[kind]["plover"][status])]
    assert not {(c["type"], c.get("mode")) for c in values(TABLE[kind]["plover"]["denied"])} & set(own)


@pytest.mark.parametrize("kind", TABLE)
@pytest.mark.parametrize("status", STATUSES)
def test_every_type_and_status_has_a_cell_and_codes_are_strings(kind, status):
    code, category = cameo(kind, status), plover(kind, status)
    assert code is None or (isinstance(code, str) and code.isdecimal() and 3 <= len(code) <= 4)
    assert category is None or category[0].isupper()


@pytest.mark.parametrize("kind", ["historic", "other"])
@pytest.mark.parametrize("status", STATUSES)
def test_historic_and_other_bear_no_code(kind, status):
    assert cameo(kind, status) is None
    assert plover(kind, status) is None


@pytest.mark.parametrize(
    ("kind", "status", "text", "code", "category"),
    [
        ("meeting", "occurred", "التقى لافروف نظيرته الكورية الشمالية", "040", "CONSULT"),
        ("meeting", "occurred", "التقى لافروف نظيرته وبحث معها التعاون", "046", "CONSULT"),
        ("meeting", "occurred", "وخلال محادثاتهما في موسكو", "046", "CONSULT"),
        ("visit", "denied", "نفى الكرملين أن تكون زيارة مقررة", "016", None),
        ("visit", "denied", "رفض كيم زيارة موسكو", "125", "REJECT"),
        ("visit", "denied", "رفض الكرملين التعليق على زيارة كيم ونفى موعدها", "016", None),
        ("invitation", "denied", "رفض كيم الدعوة", "120", "REJECT"),
        ("sanctions", "occurred", "فرضت واشنطن عقوبات على كيانات روسية", "163", "SANCTION"),
        ("sanctions", "occurred", "رفعت واشنطن العقوبات عن بيونغ يانغ", "085", "RETREAT"),
        ("sanctions", "occurred", "دعت روسيا إلى رفع العقوبات عن كوريا الشمالية", "0254", "REQUEST"),
        ("sanctions", "planned", "طالبت موسكو مجلس الأمن بتخفيف العقوبات", "0254", "REQUEST"),
        ("statement", "occurred", "دعا بوتين إلى تخفيف العقوبات المفروضة على بيونغ يانغ", "0254", "REQUEST"),
        ("statement", "occurred", "قال بوتين إن العقوبات لا تكفي", "010", None),
        ("vote_veto", "occurred", "استخدمت روسيا حق النقض ضد القرار", "129", "REJECT"),
        ("vote_veto", "occurred", "صوتت روسيا لصالح القرار", None, None),
        ("arms_transfer", "occurred", "سلمت بيونغ يانغ موسكو ذخائر", "072", "AID"),
        ("arms_transfer", "occurred", "صفقة أسلحة بين بيونغ يانغ وموسكو", "062", "COOPERATE"),
        ("military_deployment", "occurred", "أرسلت كوريا الشمالية جنودا إلى روسيا للقتال إلى جانب قواتها", "072", "AID"),
        ("military_deployment", "occurred", "نشرت كوريا الشمالية قوات على الحدود", "154", "MOBILIZE"),
        ("aid", "occurred", "أرسلت روسيا مساعدات غذائية إلى كوريا الشمالية", "073", "AID"),
        ("aid", "occurred", "قدمت روسيا مساعدة عسكرية", "072", "AID"),
        ("aid", "planned", "ستقدم روسيا مساعدة اقتصادية", "0331", "AGREE"),
        ("agreement", "occurred", "وقع الزعيمان معاهدة", "057", "SUPPORT"),
        ("agreement", "denied", "لم توقع أي وثائق", "120", "REJECT"),
    ],
)
def test_the_passage_chooses_the_variant(kind, status, text, code, category):
    found = row(kind, status, text)
    assert (found.cameo, found.plover) == (code, category)


def test_a_gathering_in_a_third_country_and_in_an_alliance():
    assert row("meeting", "occurred", "التقى الوزيران", country="CHN").cameo == "044"
    assert row("meeting", "occurred", "التقى الوزيران", country="RUS").cameo == "040"
    assert "third_country" not in variants_of(row("summit", "occurred", "قمة", parties=("RUS", "PRK", "CHN"), country="CHN"), G)
    assert "multilateral" in variants_of(row("summit", "occurred", "قمة", parties=("RUS", "PRK", "CHN"), country="CHN"), G)


def test_a_soldier_sent_to_attack_is_no_help():
    assert row("military_deployment", "occurred", "أرسلت روسيا قوات لغزو أوكرانيا", parties=("RUS",), country="UKR").cameo == "154"


def test_only_denying_mentions_show_a_refusal():
    found = row("visit", "denied", "نفى الكرملين الزيارة")
    found.witnesses.append(Witness("b.txt", "E1", "visit", "planned", None, DAY, (Evidence("رفض الكشف عن موعد زيارة كيم", (0, 10)),)))
    set_codes(found, G)
    assert found.cameo == "016"


@pytest.mark.parametrize("code", [code for kind in TABLE.values() for cell in kind["cameo"].values() for code in values(cell)])
def test_every_code_has_a_place_on_the_goldstein_scale(code):
    from ruskor.directions import interchange

    assert code in interchange()["goldstein"]


def test_a_denied_visit_in_an_article():
    text = "نفى الكرملين اليوم أن تكون هناك زيارة مقررة للزعيم الكوري الشمالي كيم جونغ أون إلى موسكو."
    p = load_pipeline()
    rows = merge_annotations(p, [annotate_article(p, Article("a", "a", text, given=DAY))])
    visits = [r for r in rows if r.type == "visit"]
    assert visits
    assert all(r.cameo not in {"042", "043"} for r in visits)
