"""`-f polecat` and `-f gdelt`: the columns that their users' scripts read, both directions of a visit, nothing invented."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest

from ruskor import gdelt, polecat
from ruskor.directions import directions, interchange
from ruskor.export import delimited
from ruskor.gazetteer import load_gazetteer
from ruskor.model import Article, Interval
from ruskor.pipeline import annotate_article, load_pipeline, merge_annotations

P = load_pipeline()
G = load_gazetteer()
VISIT = "وصل الرئيس الروسي فلاديمير بوتين يوم الثلاثاء 18 يونيو 2024 إلى بيونغ يانغ في زيارة رسمية لكوريا الشمالية."
CALL = "أجرى وزير الخارجية الروسي سيرغي لافروف اتصالا هاتفيا يوم الأربعاء 19 يونيو 2024 مع نظيرته الكورية الشمالية تشوي سون هوي."
MONTH = "زار وزير الدفاع الروسي سيرغي شويغو بيونغ يانغ في يوليو 2023."


def day(text):
    value = dt.date.fromisoformat(text)
    return Interval(value, value, "day")


def annotated(*texts, **fields):
    return [
        annotate_article(P, Article(f"{k}.txt", f"{k}.txt", text, given=day("2024-06-20"), **fields)) for k, text in enumerate(texts)
    ]


def rows(make, *texts, **fields):
    annotations = annotated(*texts, **fields)
    return make([e for e in merge_annotations(P, annotations) if e.relevant and e.type != "statement"], annotations, G)


def of(found, key, *values):
    return [row for row in found if row[key] in values]


def test_the_columns_of_polecat():
    assert len(polecat.COLUMNS) == 40
    wanted = (
        "Event ID", "Event Date", "Event Type", "Event Mode", "Actor Name", "Actor Country", "Wikipedia Actor ID",
        "Recipient Name", "Placename", "Latitude", "Longitude", "GeoNames ID", "Source", "Publication Date", "Story People",
    )  # fmt: skip
    positions = [polecat.COLUMNS.index(name) for name in wanted]
    assert positions == sorted(positions)


def test_the_columns_of_gdelt():
    assert len(gdelt.COLUMNS) == len(set(gdelt.COLUMNS)) == 61
    known = {
        0: "GLOBALEVENTID", 1: "SQLDATE", 4: "FractionDate", 5: "Actor1Code", 14: "Actor1Type3Code", 15: "Actor2Code", 25: "IsRootEvent",
        26: "EventCode", 30: "GoldsteinScale", 33: "NumArticles", 34: "AvgTone", 35: "Actor1Geo_Type", 43: "Actor2Geo_Type",
        51: "ActionGeo_Type", 56: "ActionGeo_Lat", 57: "ActionGeo_Long", 59: "DATEADDED", 60: "SOURCEURL",
    }  # fmt: skip
    assert {k: gdelt.COLUMNS[k] for k in known} == known


def test_a_visit_is_written_from_both_sides():
    found = of(rows(gdelt.gdelt_rows, VISIT), "EventCode", "042", "043")
    assert [(row["EventCode"], row["Actor1CountryCode"], row["Actor2CountryCode"]) for row in found] == [
        ("042", "RUS", "PRK"),
        ("043", "PRK", "RUS"),
    ]
    assert len({row["GLOBALEVENTID"] for row in found}) == 2
    both = of(rows(polecat.polecat_rows, VISIT), "Event Mode", "visit")
    assert [(row["Actor Country"], row["Recipient Country"]) for row in both] == [("RUS", "PRK"), ("PRK", "RUS")]
    assert both[1]["Event ID"] == f"{both[0]['Event ID']}:2"
    assert both[0]["Actor Name"] == both[0]["Wikipedia Actor ID"] == "Vladimir Putin"
    assert both[0]["Actor Title"] == "president"


def test_the_values_of_a_visit():
    (row, _) = of(rows(gdelt.gdelt_rows, VISIT, url="https://example.org/a", outlet="Example"), "EventCode", "042", "043")
    assert (row["SQLDATE"], row["MonthYear"], row["Year"]) == ("20240618", "202406", 2024)
    assert row["FractionDate"] == pytest.approx(2024.5425, abs=1e-4)
    assert (row["Actor1Code"], row["EventRootCode"], row["QuadClass"], row["GoldsteinScale"]) == ("RUSGOV", "04", 1, 1.9)
    assert (row["ActionGeo_CountryCode"], row["ActionGeo_FullName"]) == ("KN", "Pyongyang")
    assert (row["NumArticles"], row["NumSources"], row["SOURCEURL"]) == (1, 1, "https://example.org/a")
    assert row["AvgTone"] is None
    assert row["IsRootEvent"] is None


def test_a_call_is_written_from_both_sides():
    found = of(rows(gdelt.gdelt_rows, CALL), "EventCode", "041")
    assert {(row["Actor1CountryCode"], row["Actor2CountryCode"]) for row in found} == {("RUS", "PRK"), ("PRK", "RUS")}


def test_a_month_is_no_day():
    found = of(rows(gdelt.gdelt_rows, MONTH), "EventCode", "042")
    assert [(row["SQLDATE"], row["MonthYear"]) for row in found] == [(None, "202307")]
    assert [row["Event Date"] for row in of(rows(polecat.polecat_rows, MONTH), "Event Mode", "visit")] == [None, None]


def test_what_is_not_known_stays_empty():
    found = rows(polecat.polecat_rows, MONTH)
    assert all(row["Intensity"] is None and row["Source"] is None for row in found)
    assert all(row["Publication Date"] == "2024-06-20" for row in found)


@pytest.mark.parametrize("module", [polecat, gdelt])
def test_every_row_has_every_column_and_reads_back(module):
    make = module.polecat_rows if module is polecat else module.gdelt_rows
    found = rows(make, VISIT, CALL, MONTH)
    text = "".join(delimited(found, module.COLUMNS, tab=True))
    back = list(csv.DictReader(io.StringIO(text), delimiter="\t"))
    assert len(back) == len(found) >= 6
    assert tuple(back[0]) == module.COLUMNS
    assert all(None not in row and None not in row.values() for row in back)


def test_numbers_are_the_same_on_every_run_and_fit_a_float():
    first, second = (of(rows(gdelt.gdelt_rows, VISIT), "EventCode", "042") for _ in range(2))
    assert first[0]["GLOBALEVENTID"] == second[0]["GLOBALEVENTID"] < 2**53


def test_a_direction_of_every_event_even_without_parties():
    annotations = annotated(VISIT, CALL, "أجرت كوريا الشمالية تجربة نووية يوم الأحد 3 سبتمبر 2017.")
    events = merge_annotations(P, annotations)
    assert {d.event.event_id for d in directions(events, G)} == {e.event_id for e in events}


def test_states_of_the_region_have_all_codes():
    for code in ("RUS", "PRK", "KOR", "USA", "CHN", "JPN", "UKR"):
        assert code in interchange()["fips"]
        assert code in interchange()["cow"]
        assert code in G.countries
