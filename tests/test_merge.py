"""Merging: its properties on the gold sets and the seeds, and the contract's examples."""

from __future__ import annotations

import datetime as dt
import json
from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ruskor.annotation import Annotation
from ruskor.corpus import CorpusEvent
from ruskor.days import parse_days
from ruskor.gazetteer import load_gazetteer
from ruskor.merge import Telling, merge
from ruskor.model import Article, Interval
from ruskor.pipeline import annotate_article, load_pipeline, merge_annotations
from ruskor.table import event_row

ROOT = Path(__file__).resolve().parents[1]
P = load_pipeline()
G = load_gazetteer()
SLOW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@cache
def gold2() -> tuple[Annotation, ...]:
    """The annotated articles of the second gold set's dev file."""
    out = []
    for line in (ROOT / "tests" / "gold2" / "dev.jsonl").read_text(encoding="utf-8").splitlines():
        raw = json.loads(line)
        published = parse_days(raw["published"]) if raw["published"] and raw["date_given"] else None
        out.append(annotate_article(P, Article(raw["id"], raw["id"], raw["text"], given=published)))
    return tuple(out)


@cache
def seeds() -> tuple[Annotation, ...]:
    """The five seed articles."""
    files = sorted((ROOT / "seeds").glob("*.txt"))
    return tuple(annotate_article(P, Article(f.name, str(f), f.read_text(encoding="utf-8"))) for f in files)


def table(rows: list[CorpusEvent]) -> list[dict[str, object]]:
    return [event_row(row) for row in rows]


def annotated(*articles: tuple[str, str]) -> list[Annotation]:
    """Short articles of given days: (day, text) …, named a.txt, b.txt …"""
    return [
        annotate_article(P, Article(f"{chr(97 + k)}.txt", f"{chr(97 + k)}.txt", text, given=parse_days(day)))
        for k, (day, text) in enumerate(articles)
    ]


def rows_of(*articles: tuple[str, str], kind: str | None = None) -> list[CorpusEvent]:
    return [row for row in merge_annotations(P, annotated(*articles)) if kind in (None, row.type)]


# Properties


@SLOW
@given(st.randoms(use_true_random=False))
def test_the_order_of_the_articles_does_not_matter(random):
    for articles in (gold2(), seeds()):
        shuffled = list(articles)
        random.shuffle(shuffled)
        assert table(merge_annotations(P, shuffled)) == table(merge_annotations(P, articles))


@SLOW
@given(st.sets(st.integers(0, 155), min_size=2, max_size=60), st.randoms(use_true_random=False))
def test_any_part_of_the_articles_in_any_order(chosen, random):
    articles = [a for k, a in enumerate(gold2()) if k in chosen]
    shuffled = list(articles)
    random.shuffle(shuffled)
    assert table(merge_annotations(P, shuffled)) == table(merge_annotations(P, articles))


@SLOW
@given(st.sets(st.integers(0, 155), min_size=1, max_size=80))
def test_merging_again_changes_nothing(chosen):
    articles = [a for k, a in enumerate(gold2()) if k in chosen]
    once = table(merge_annotations(P, articles))
    assert table(merge_annotations(P, articles)) == once


@SLOW
@given(st.sets(st.integers(0, 155), min_size=1, max_size=80))
def test_ids_are_unique_and_every_mention_has_one_row(chosen):
    articles = [a for k, a in enumerate(gold2()) if k in chosen]
    rows = merge_annotations(P, articles)
    assert len({row.event_id for row in rows}) == len(rows)
    told = [(w.article, w.event) for row in rows for w in row.witnesses]
    assert sorted(told) == sorted((a.article.article, e.event_id) for a in articles for e in a.events)


@SLOW
@given(st.sets(st.integers(0, 155), min_size=1, max_size=80))
def test_every_value_of_a_row_has_a_witness(chosen):
    for row in merge_annotations(P, [a for k, a in enumerate(gold2()) if k in chosen]):
        assert row.witnesses
        assert {p.name for p in row.places} <= {name for w in row.witnesses for name in w.places}
        assert row.status in {w.status for w in row.witnesses}
        if row.date is not None:
            assert row.date.start in {w.date.start for w in row.witnesses if w.date is not None}


UNRELATED = (
    "استقبل الرئيس الفرنسي إيمانويل ماكرون في باريس يوم الاثنين 5 فبراير 2024 المستشار الألماني أولاف شولتس "
    "وبحثا الوضع الاقتصادي في أوروبا."
)


def test_an_unrelated_article_changes_no_row():
    extra = annotate_article(P, Article("zz.txt", "zz.txt", UNRELATED, given=parse_days("2024-02-06")))
    assert extra.events
    for articles in (gold2(), seeds()):
        before = table(merge_annotations(P, articles))
        after = [event for event in merge_annotations(P, [*articles, extra]) if "zz.txt" not in event.articles]
        assert table(after) == before


@st.composite
def tellings(draw):
    """Made-up tellings: few people, places and days, so that they meet often."""
    out = []
    for k in range(draw(st.integers(2, 14))):
        start = dt.date(2024, 6, 1) + dt.timedelta(days=draw(st.integers(0, 20)))
        length = draw(st.integers(0, 2))
        kind = draw(st.sampled_from(["visit", "summit", "meeting", "call", "agreement", "statement"]))
        people = draw(st.sets(st.sampled_from(["Vladimir Putin", "Kim Jong Un", "Sergey Lavrov"]), max_size=3))
        precision = draw(st.sampled_from(["day", "day", "month", None]))
        value = None
        if precision == "day":
            value = Interval(start, start + dt.timedelta(days=length), "day")
        elif precision == "month":
            value = Interval(dt.date(2024, 6, 1), dt.date(2024, 6, 30), "month")
        published = dt.date(2024, 6, 10) + dt.timedelta(days=draw(st.integers(0, 20)))
        guests = frozenset(sorted(people)[:1]) if kind == "visit" else frozenset(people)
        place = draw(st.sampled_from([(), ("Pyongyang",), ("Moscow",), ("Vladivostok",)]))
        where = {"Pyongyang": "PRK", "Moscow": "RUS", "Vladivostok": "RUS"}.get(place[0]) if place else None
        out.append(
            Telling(
                article=f"a{k // 2}", event=f"E{k}", type=kind, status=draw(st.sampled_from(["planned", "occurred", "denied"])), date=value,
                published=Interval(published, published, "day"), guests=guests, hosts=frozenset(people) - guests,
                countries=frozenset({"RUS", "PRK"}), origin=frozenset({"RUS"}), where=where, places=place,
                series=draw(st.booleans()), core=True, stop=kind == "visit" and draw(st.booleans()),
            )
        )  # fmt: skip
    return out


def _sets(clusters):
    return sorted(sorted(t.key for t in c.tellings) for c in clusters)


@settings(max_examples=150, deadline=None)
@given(tellings(), st.randoms(use_true_random=False))
def test_made_up_tellings_in_any_order(told, random):
    shuffled = list(told)
    random.shuffle(shuffled)
    assert _sets(merge(shuffled, G)) == _sets(merge(told, G))


@settings(max_examples=150, deadline=None)
@given(tellings())
def test_a_series_never_joins_a_member(told):
    for cluster in merge(told, G):
        assert len({t.series for t in cluster.tellings}) == 1


@settings(max_examples=150, deadline=None)
@given(tellings())
def test_kinds_that_cannot_be_one_stay_apart(told):
    for cluster in merge(told, G):
        assert len({t.group for t in cluster.tellings}) == 1


# The contract's examples

ARRIVES = "وصل الرئيس الروسي فلاديمير بوتين يوم الثلاثاء 18 يونيو 2024 إلى بيونغ يانغ في زيارة رسمية."
SUMMIT = "عقد الرئيس الروسي فلاديمير بوتين والزعيم الكوري الشمالي كيم جونغ أون قمة في بيونغ يانغ يوم الأربعاء 19 يونيو 2024."


def test_a_month_contains_a_day_of_it():
    (row,) = rows_of(("2024-06-20", ARRIVES), ("2024-08-01", "زار الرئيس الروسي فلاديمير بوتين بيونغ يانغ في يونيو 2024."), kind="visit")
    assert row.n_articles == 2
    assert row.date == Interval(dt.date(2024, 6, 18), dt.date(2024, 6, 18), "day")


def test_planned_and_occurred_are_one_row_with_its_history():
    (row,) = rows_of(
        ("2024-06-12", "يزور الرئيس الروسي فلاديمير بوتين بيونغ يانغ يوم الثلاثاء المقبل 18 يونيو 2024."),
        ("2024-06-18", ARRIVES),
        kind="visit",
    )
    assert [(h["status"], h["article"]) for h in row.history()] == [("planned", "a.txt"), (row.status, "b.txt")]
    assert row.status in {"occurred", "ongoing"}


def test_a_visit_and_its_summit_are_two_rows():
    found = rows_of(("2024-06-20", ARRIVES + " " + SUMMIT))
    visit, summit = (next(r for r in found if r.type == kind) for kind in ("visit", "summit"))
    assert visit.event_id != summit.event_id


def test_a_country_contains_its_places():
    text = "التقى الرئيس الروسي فلاديمير بوتين الزعيم الكوري الشمالي كيم جونغ أون في {} يوم الأربعاء 13 سبتمبر 2023."
    (row,) = rows_of(
        ("2023-09-14", text.format("قاعدة فوستوتشني")),
        ("2023-09-20", text.format("روسيا")),
        kind="summit",
    )
    assert row.n_articles == 2
    assert "Vostochny" in row.places[0].name


def test_visits_of_two_directions_are_two_rows():
    found = rows_of(
        ("2024-06-20", ARRIVES),
        ("2024-06-20", "وصل الزعيم الكوري الشمالي كيم جونغ أون يوم الثلاثاء 18 يونيو 2024 إلى موسكو."),
        kind="visit",
    )
    assert len(found) == 2


def test_years_apart_are_two_rows():
    found = rows_of(("2024-06-20", ARRIVES), ("2000-07-21", "زار الرئيس الروسي فلاديمير بوتين بيونغ يانغ يوم 19 يوليو 2000."), kind="visit")
    assert len(found) == 2


UNDATED = "سيزور الرئيس الروسي فلاديمير بوتين بيونغ يانغ قريبا."
PLAN_1 = "يزور الرئيس الروسي فلاديمير بوتين بيونغ يانغ يوم 18 يونيو 2024."
PLAN_2 = "يزور الرئيس الروسي فلاديمير بوتين بيونغ يانغ يوم 25 نوفمبر 2024."


def test_an_undated_plan_joins_the_only_row_that_fits():
    found = rows_of(("2024-06-12", PLAN_1), ("2024-06-11", UNDATED), kind="visit")
    assert [row.n_articles for row in found] == [2]


def test_an_undated_plan_joins_none_of_two_rows_that_fit():
    found = rows_of(("2024-06-12", PLAN_1), ("2024-06-12", PLAN_2), ("2024-03-01", UNDATED), kind="visit")
    assert sorted(row.n_articles for row in found) == [1, 1, 1]


def test_of_two_rows_that_fit_news_is_of_the_one_of_these_days():
    found = rows_of(("2024-06-12", PLAN_1), ("2024-06-12", PLAN_2), ("2024-06-11", UNDATED), kind="visit")
    assert [row.n_articles for row in found] == [2, 1]


def test_news_is_not_of_the_row_of_another_year():
    news = "التقى الزعيم الكوري الشمالي كيم جونغ أون في بيونغ يانغ أمين مجلس الأمن الروسي سيرغي شويغو."
    dated = "التقى الزعيم الكوري الشمالي كيم جونغ أون وزير الدفاع الروسي سيرغي شويغو اليوم الخميس في بيونغ يانغ."
    found = rows_of(("2023-07-27", dated), ("2024-09-14", news), ("2025-03-22", news), kind="meeting")
    assert [row.n_articles for row in found] == [1, 1, 1]


def test_talks_without_names_are_not_those_of_named_people_of_another_year():
    two = {"where": None, "places": (), "countries": frozenset({"RUS", "PRK"})}
    day = Interval(dt.date(2023, 11, 1), dt.date(2023, 11, 1), "day")
    told = [
        _told("a", "meeting", "2024-11-18", **two, guests=frozenset()),
        _told("b", "meeting", None, **two, guests=frozenset({"Kim Jong Il", "Dmitry Medvedev"}), status="planned", published=day),
    ]
    assert len(merge(told, G)) == 2


def test_what_ministers_sign_is_not_the_treaty_of_their_leaders():
    day = Interval(dt.date(2024, 11, 21), dt.date(2024, 11, 21), "day")
    told = [
        _told("a", "agreement", "2024-06-19", guests=frozenset({"Vladimir Putin", "Kim Jong Un"})),
        _told("b", "agreement", None, guests=frozenset({"Alexander Kozlov"}), published=day),
        _told("c", "agreement", "2024-06-19"),
    ]
    assert _sets(merge(told, G)) == [[("a", "E1"), ("c", "E1")], [("b", "E1")]]


def test_what_is_planned_without_a_day_is_what_is_told_of_soon_after():
    two = {"guests": frozenset({"Choe Son-hui", "Sergey Lavrov"}), "where": "RUS", "places": ("Moscow",)}
    days = [Interval(day, day, "day") for day in (dt.date(2025, 10, 26), dt.date(2025, 10, 28), dt.date(2025, 12, 20))]
    told = [
        _told("a", "meeting", None, **two, status="planned", published=days[0]),
        _told("b", "meeting", None, **two, published=days[1]),
    ]
    assert len(merge(told, G)) == 1
    assert len(merge([told[0], _told("c", "meeting", None, **two, published=days[2])], G)) == 2


def test_who_never_came_is_not_who_came_a_year_later():
    there = {"guests": frozenset({"Kim Jong Un"}), "origin": frozenset({"PRK"}), "where": "RUS", "places": ("Russia",)}
    day = Interval(dt.date(2018, 6, 1), dt.date(2018, 6, 1), "day")
    told = [_told("a", "visit", "2019-04-24", **there), _told("b", "visit", None, **there, status="denied", published=day)]
    assert len(merge(told, G)) == 2


def test_a_journey_is_to_come_until_its_last_day():
    there = {"guests": frozenset({"Kim Jong Un"}), "origin": frozenset({"PRK"}), "where": "RUS", "places": ("Russia",)}
    told = [
        _told("a", "visit", "2023-09-10", **there),
        _told("b", "visit", "2023-09-13", **there),
        _told("c", "visit", None, **there, status="planned", published=Interval(dt.date(2023, 9, 11), dt.date(2023, 9, 11), "day")),
    ]
    assert len(merge(told, G)) == 1


def test_an_undated_plan_joins_no_row_of_the_past():
    found = rows_of(("2024-06-20", ARRIVES), ("2024-09-01", UNDATED), kind="visit")
    assert sorted(row.n_articles for row in found) == [1, 1]


def test_contradicting_days_are_told_in_words_and_as_data():
    text = "عقد الرئيس الروسي فلاديمير بوتين والزعيم الكوري الشمالي كيم جونغ أون قمة في بيونغ يانغ يوم {} يونيو 2024."
    found = rows_of(
        ("2024-06-20", text.format(19)),
        ("2024-06-21", "التقى بوتين كيم جونغ أون في بيونغ يانغ يوم 19 يونيو 2024 في قمة تناولت التعاون."),
        ("2024-06-21", text.format(20)),
        kind="summit",
    )
    (row,) = found
    assert row.date is not None
    assert row.date.start == dt.date(2024, 6, 19)
    (disagreement,) = row.disagreements
    assert disagreement.field == "date"
    assert disagreement.text == "19 June 2024 (a.txt, b.txt) against 20 June 2024 (c.txt)"
    assert dict(disagreement.values)["20 June 2024"] == ("c.txt",)
    assert event_row(row)["disagreements"] == [disagreement.text]


DENIAL = "نفى الكرملين أن يكون الرئيس الروسي فلاديمير بوتين قد زار بيونغ يانغ يوم 18 يونيو 2024."


def test_a_later_denial_is_a_disagreement_and_the_event_stays():
    (row,) = rows_of(
        ("2024-06-20", ARRIVES), ("2024-06-25", DENIAL), kind="visit"
    )
    assert row.status in {"occurred", "ongoing"}
    assert [d.field for d in row.disagreements] == ["status"]


COPY = (
    "أعلن الكرملين أن الرئيس الروسي فلاديمير بوتين سيزور بيونغ يانغ يوم 18 يونيو 2024 بدعوة من الزعيم الكوري الشمالي كيم جونغ أون، "
    "وسيجري معه محادثات تتناول التعاون الاقتصادي والعسكري والوضع في شبه الجزيرة الكورية."
)


def test_near_copies_count_once():
    found = rows_of(("2024-06-12", COPY), ("2024-06-12", COPY + " وتعلن التفاصيل لاحقا."), ("2024-06-13", COPY), kind="visit")
    (row,) = [r for r in found if r.date is not None]
    assert len(row.articles) == 3
    assert row.n_articles == 1
    single = next(r for r in rows_of(("2024-06-12", COPY), kind="visit") if r.date is not None)
    assert row.confidence == single.confidence


def test_a_series_stays_by_itself():
    found = rows_of(
        ("2024-06-20", ARRIVES),
        ("2024-07-01", "التقى بوتين وكيم جونغ أون ثلاث مرات. وزار الرئيس الروسي فلاديمير بوتين بيونغ يانغ مرات عدة."),
    )
    for row in found:
        assert not row.series or all(w.article == "b.txt" for w in row.witnesses)


def test_known_events_name_a_row_and_add_none():
    found = rows_of(("2024-06-20", ARRIVES + " " + SUMMIT))
    visit = next(r for r in found if r.type == "visit")
    assert visit.known_event == "putin-pyongyang-2024"
    assert "Putin" in visit.title_en
    assert "زيارة" in visit.title_ar
    assert not rows_of(("2024-06-20", "ارتفعت أسعار القمح في الأسواق العالمية."))


def test_a_planned_visit_that_took_place_is_named_and_an_unknown_one_is_not():
    (row,) = rows_of(("2024-06-12", PLAN_2), kind="visit")
    assert row.known_event is None


def test_another_topic_needs_no_code():
    p = load_pipeline(topic="us-north-korea")
    text = "التقى الرئيس الأمريكي دونالد ترامب الزعيم الكوري الشمالي كيم جونغ أون في سنغافورة يوم الثلاثاء 12 يونيو 2018."
    (row,) = [
        r
        for r in merge_annotations(p, [annotate_article(p, Article("a", "a", text, given=parse_days("2018-06-13")))])
        if r.type in {"summit", "meeting"}
    ]
    assert row.core
    assert row.known_event is not None
    assert "Singapore" in row.title_en
    (same,) = [r for r in rows_of(("2018-06-13", text)) if r.type in {"summit", "meeting"}]
    assert not same.core


def test_an_article_that_has_nothing_to_do_with_the_topic_is_named():
    from ruskor.select import explain_off_topic

    articles = annotated(("2024-06-20", ARRIVES), ("2024-06-20", "سجل المنتخب هدفين في المباراة التي أقيمت مساء أمس في الدوحة."))
    assert explain_off_topic(articles, "russia-north-korea") == "1 article has nothing to do with the topic russia-north-korea: b.txt"
    assert explain_off_topic(articles[:1], "russia-north-korea") is None


def test_an_undated_test_is_not_one_of_years_ago():
    found = rows_of(
        ("2006-10-10", "أجرت كوريا الشمالية تجربة نووية يوم الاثنين 9 أكتوبر 2006."),
        ("2017-09-04", "أعلنت بيونغ يانغ أن كوريا الشمالية أجرت تجربة نووية ناجحة."),
        kind="weapons_test",
    )
    assert all(row.n_articles == 1 for row in found)


def _told(article: str, kind: str, day: str | None, **cells: object) -> Telling:
    """A telling published a day after what it tells, of Russia and North Korea."""
    date = Interval(dt.date.fromisoformat(day), dt.date.fromisoformat(day), "day") if day else None
    published = dt.date.fromisoformat(day or "2024-06-20") + dt.timedelta(days=1)
    plain = {
        "status": "occurred", "date": date, "published": Interval(published, published, "day"), "guests": frozenset(), "hosts": frozenset(),
        "countries": frozenset({"RUS", "PRK"}), "origin": frozenset(), "where": None, "places": (), "series": False, "core": True,
    }  # fmt: skip
    return Telling(article=article, event="E1", type=kind, **(plain | cells))


def test_an_agreement_of_two_states_is_that_of_their_leaders():
    leaders = frozenset({"Vladimir Putin", "Kim Jong Un"})
    told = [_told("a", "agreement", "2024-06-19"), _told("b", "agreement", "2024-06-19", guests=leaders)]
    assert _sets(merge(told, G)) == [[("a", "E1"), ("b", "E1")]]
    told.append(_told("c", "agreement", "2024-06-19", countries=frozenset({"RUS", "VNM"})))
    assert _sets(merge(told, G)) == [[("a", "E1"), ("b", "E1")], [("c", "E1")]]


def test_a_delegation_is_the_journey_of_its_head_on_the_same_days():
    there = {"origin": frozenset({"RUS"}), "where": "PRK", "places": ("Pyongyang",)}
    told = [
        _told("a", "visit", "2023-07-25", guests=frozenset({"Sergei Shoigu"}), **there),
        _told("b", "delegation", "2023-07-25", **there),
        _told("c", "delegation", "2023-08-25", **there),
    ]
    assert _sets(merge(told, G)) == [[("a", "E1"), ("b", "E1")], [("c", "E1")]]


def test_a_day_in_a_town_is_the_stop_and_not_the_journey():
    kim = {"guests": frozenset({"Kim Jong Un"}), "origin": frozenset({"PRK"}), "where": "RUS"}
    town = {"places": ("Komsomolsk-on-Amur", "Russia")}
    told = [
        _told("a", "visit", "2023-09-12", **kim, places=("Russia",)),
        _told("b", "visit", "2023-09-15", **kim, **town),
        _told("c", "visit", "2023-09-15", **kim, **town, stop=True),
    ]
    assert _sets(merge(told, G)) == [[("a", "E1")], [("b", "E1"), ("c", "E1")]]


def test_an_undated_summit_is_the_one_in_its_town_that_took_place():
    two = {"guests": frozenset({"Kim Jong Il", "Dmitry Medvedev"})}
    told = [
        _told("a", "summit", "2011-08-24", **two, where="RUS", places=("Ulan-Ude",)),
        _told("b", "summit", "2011-07-01", **two, where="RUS", places=("Vladivostok",), status="called_off"),
        _told("c", "summit", None, **two, where="RUS", places=("Ulan-Ude",)),
    ]
    assert _sets(merge(told, G)) == [[("a", "E1"), ("c", "E1")], [("b", "E1")]]


def test_an_agreement_in_the_making_is_not_one_of_much_later():
    told = [
        _told("a", "agreement", "2024-06-19"),
        _told("b", "agreement", None, status="possible", published=Interval(dt.date(2023, 9, 15), dt.date(2023, 9, 15), "day")),
    ]
    assert len(merge(told, G)) == 2


def test_a_visit_that_still_goes_on_is_not_that_of_ten_years_later():
    there = {"guests": frozenset({"Kim Jong Il"}), "origin": frozenset({"PRK"}), "where": "RUS", "places": ("Russia",)}
    on = Interval(dt.date(2001, 7, 26), None, "day")
    told = [
        _told("a", "visit", "2001-07-26", **there | {"status": "ongoing", "date": on}),
        _told("b", "visit", "2001-08-01", **there),
        _told("c", "visit", "2011-08-20", **there),
    ]
    assert _sets(merge(told, G)) == [[("a", "E1"), ("b", "E1")], [("c", "E1")]]
