"""The world's cities behind our own places: taken only with a cue, never over what we know."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import pytest

from ruskor.document import read_document
from ruskor.gazetteer import WORLD, Gazetteer, PlaceIndex, load_gazetteer
from ruskor.model import Article, Interval
from ruskor.names import Matcher
from ruskor.people import find_people
from ruskor.pipeline import annotate_article, load_pipeline, merge_annotations
from ruskor.places import find_places
from ruskor.world import load_world

DAY = Interval(date(2024, 6, 19), date(2024, 6, 19), "day")


@pytest.fixture(scope="module")
def known() -> tuple[Gazetteer, Matcher]:
    gazetteer = load_gazetteer()
    return gazetteer, Matcher(gazetteer)


def cities(known: tuple[Gazetteer, Matcher], text: str) -> list[tuple[str, str, str | None]]:
    """(text, English name, country) of the world's cities in a text."""
    gazetteer, matcher = known
    document = read_document(text)
    hits = matcher.find(document.tokens)
    body = [True] * len(document.tokens.words)
    people = find_people(document, gazetteer, hits, None, body, discover=False)
    refs = find_places(document, gazetteer, hits, body, (), people=people)
    out = []
    for ref in refs:
        place = gazetteer.places[ref.place]
        if place.prominence == WORLD:
            span = document.folded.raw_span(document.tokens.starts[ref.first] + ref.skip, document.tokens.ends[ref.last])
            out.append((text[span[0] : span[1]], place.name, place.country))
    return out


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("وصل الوفد إلى مدينة تشوانتشو مساء أمس", [("تشوانتشو", "Quanzhou", "CHN")]),
        ("وقع الانفجار في مدينة قيصري التركية", [("قيصري", "Kayseri", "TUR")]),
        ("عقد اللقاء في بريشيا شمال إيطاليا", [("بريشيا", "Brescia", "ITA")]),
        ("عقد اللقاء في مدينة قرطبة الإسبانية", [("قرطبة", "Córdoba, Spain", "ESP")]),
        # two in a row
        ("مرت القافلة في سنار والدمازين في السودان", [("سنار", "Sennar", "SDN"), ("الدمازين", "Ad-Damazin", "SDN")]),
        # another country than the adjective's is not meant
        ("وقع الانفجار في مدينة قيصري الأوكرانية", []),
        # no cue, no country, or a small place of an unnamed country
        ("أعلنت بريشيا عن نتائجها", []),
        ("عقد اللقاء في بريشيا صباح أمس", []),
        ("عثر على الجثة في بلدة مياندواب", []),
        # words that are also cities
        ("في المدينة الجديدة قرب دمشق في سوريا", []),
        ("قال إن الفكرة جديدة في فكرة روسية", []),
        ("دخل من الباب في سوريا", []),
        # ours come first
        ("وصل إلى مدينة موسكو وزار سول", []),
    ],
)
def test_cues(known: tuple[Gazetteer, Matcher], text: str, expected: list[Any]) -> None:
    assert cities(known, text) == expected


def test_places_have_coordinates_and_no_wikidata_id(known: tuple[Gazetteer, Matcher]) -> None:
    gazetteer, _ = known
    place = gazetteer.places[gazetteer.place_index["Quanzhou"]]
    assert place.id is None
    assert (place.kind, place.country, place.prominence) == ("city", "CHN", WORLD)
    assert place.lat == pytest.approx(24.9, abs=0.2)
    assert place.lon == pytest.approx(118.6, abs=0.2)


def test_only_ours_are_known_by_name_until_asked_for(known: tuple[Gazetteer, Matcher]) -> None:
    gazetteer, _ = known
    assert gazetteer.place_index["Kayseri"] >= len(gazetteer.place_index)
    assert "Kayseri" not in gazetteer.place_index
    assert gazetteer.place_index.get("Kayseri") is None
    with pytest.raises(KeyError):
        gazetteer.place_index["No Such City"]


def test_every_city_keeps_a_name_that_leads_back_to_it(known: tuple[Gazetteer, Matcher]) -> None:
    index, world = PlaceIndex([place for place in known[0].places if place.prominence != WORLD]), load_world()
    for k in range(len(world.rows)):
        place = index.take_in(k)
        assert index[index.places[place].name] == place


def test_an_event_there_has_its_coordinates() -> None:
    text = "التقى الرئيس الروسي فلاديمير بوتين الزعيم الكوري الشمالي كيم جونغ أون في مدينة تشوانتشو الصينية أمس."
    article = Article("a", "a", text, given=DAY)
    annotation = annotate_article(load_pipeline(), article)
    assert [(p.name, p.id, p.country, p.kind) for p in annotation.places if p.name == "Quanzhou"] == [("Quanzhou", None, "CHN", "city")]
    # as in another process, which has met no city yet
    rows = merge_annotations(load_pipeline(), [annotation])
    where = [(row.places[0].name, round(row.latitude or 0), round(row.longitude or 0)) for row in rows if row.places]
    assert where == [("Quanzhou", 25, 119)]


def test_our_own_city_is_not_doubled(known: tuple[Gazetteer, Matcher]) -> None:
    gazetteer, world = known[0], load_world()
    own = gazetteer.place_index["Vladivostok"]
    assert gazetteer.place_index.take_in(world.index["Vladivostok"]) == own


def test_names_are_arabic_and_of_four_letters() -> None:
    names = load_world().names
    assert len(names) > 10_000
    assert all(len(name.replace(" ", "")) >= 4 for name in names)
    assert not [name for name in names if set(name) & set("پچژگڤکی")]


def test_it_loads_fast_from_the_cache() -> None:
    load_world()
    best = 1.0
    for _ in range(3):
        load_world.cache_clear()
        start = time.perf_counter()
        load_world()
        best = min(best, time.perf_counter() - start)
    assert best < 0.1
