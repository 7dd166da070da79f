"""The temporal tagger: properties, supported formats, constraints on the article's date, the documented examples."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ruskor.arabic import fold, tokenize
from ruskor.calendars import date_to_hijri
from ruskor.dates import as_interval, find_dates
from ruskor.errors import RuskorError
from ruskor.lexicon import data_files, load_yaml
from ruskor.model import Interval
from ruskor.timex import anchor_constraints, find, resolve, resolve_all
from ruskor.timex.words import words

ROOT = Path(__file__).parents[1]
MONTHS = load_yaml(data_files("timex/months.yaml")[0])
WEEKDAYS = ["الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"]
ORDINALS = ["الأول", "الثاني", "الثالث", "الرابع", "الخامس", "السادس", "السابع", "الثامن", "التاسع", "العاشر"]
TENS = {2: "العشرين", 3: "الثلاثين"}
DAYS = st.dates(date(1990, 1, 1), date(2035, 12, 31))


def ordinal(n: int) -> str:
    """A day of a month in words."""
    tens, unit = divmod(n, 10)
    if n <= 10:
        return ORDINALS[n - 1]
    if n < 20:
        return ("الحادي" if unit == 1 else ORDINALS[unit - 1]) + " عشر"
    if not unit:
        return TENS[tens]
    return ("الحادي" if unit == 1 else ORDINALS[unit - 1]) + " و" + TENS[tens]


def plain(text: str, published: str | None = None) -> list[tuple[str, str]]:
    return [(m.text, f"{m.value.start}..{m.value.end}") for m in find_dates(text, published=published) if m.value]


def forms(day: date) -> list[str]:
    """The formats in which every day must come back."""
    d, m, y = day.day, day.month, day.year
    west, east, maghreb = (
        MONTHS["gregorian"][m][0],
        next(n for n in MONTHS["gregorian"][m] if fold(n).text in LEVANT),
        MONTHS["gregorian"][m][1],
    )
    hijri = date_to_hijri(day)
    return [
        f"{d} {west} {y}", f"{d} {east} {y}", f"{d} {maghreb} {y}", f"{d} {west}/ {east} {y}", f"{d} {east} ({west}) {y}",
        f"{d} {west}-{east} {y}", f"{d} من {west} عام {y}", f"{ordinal(d)} من {west} {y}", f"{west} {d}, {y}",
        f"{d}/{m}/{y}", f"{y}/{m}/{d}", f"{y}-{m:02}-{d:02}", f"{d:02}.{m:02}.{y}", f"{WEEKDAYS[day.weekday()]} {d} {west} {y}",
        f"اليوم {WEEKDAYS[day.weekday()]} {d} {west} {y}",
        f"{hijri[2]} {MONTHS['hijri'][hijri[1]][0]} {hijri[0]} هـ", f"{hijri[2]}/{hijri[1]}/{hijri[0]} هـ الموافق {d}/{m}/{y} م",
        f"{d} {west} {y}".translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
    ]  # fmt: skip


LEVANT = {"كانون الثاني", "شباط", "اذار", "نيسان", "ايار", "حزيران", "تموز", "اب", "ايلول", "تشرين الاول", "تشرين الثاني", "كانون الاول"}


@settings(max_examples=250, deadline=None)
@given(DAYS)
def test_every_day_in_every_format(day: date) -> None:
    for form in forms(day):
        sentence = f"التقى الوزيران في {form} في موسكو"
        found = find_dates(sentence)
        assert [m.value for m in found] == [Interval(day, day, "day")], form


def test_every_day_of_45_years_in_one_format() -> None:
    day, last = date(1990, 1, 1), date(2035, 12, 31)
    days = [day + timedelta(days=n) for n in range((last - day).days + 1)]
    text = "\n".join(f"وصل الوفد في {d.day} {MONTHS['gregorian'][d.month][0]} {d.year} إلى المدينة." for d in days)
    assert [m.value.start for m in find_dates(text) if m.value] == days


WORDS = sorted(w for w in words().table if len(w) > 1)[::7]
PIECES = st.one_of(
    st.sampled_from(WORDS), st.integers(0, 2100).map(str), st.sampled_from(["،", "/", "-", "(", ")", ".", "وقال", "سيزور", "كيم", "\n"])
)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=12), st.one_of(st.none(), DAYS))
def test_nothing_raises_and_intervals_are_in_order(pieces: list[str], published: date | None) -> None:
    text = " ".join(pieces)
    last = 0
    for mention in find_dates(text, published=published, unresolved=True):
        assert mention.text == text[slice(*mention.span)]
        assert mention.span[0] >= last
        last = mention.span[1]
        if mention.value is not None:
            assert mention.value.end is None or mention.value.start <= mention.value.end


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_text(text: str) -> None:
    for mention in find_dates(text, published="2024-06-18", unresolved=True):
        assert mention.text == text[slice(*mention.span)]


CLAUSES = [
    "عقد الوزيران اجتماعا يوم الأربعاء 19 يونيو/حزيران 2024",
    "سيزور الرئيس المدينة الخميس المقبل",
    "بدأت الحرب قبل ثلاث سنوات",
    "تراجع الإنتاج في الربع الأول من العام الجاري",
    "لا شيء هنا",
]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(CLAUSES), max_size=3), st.sampled_from(CLAUSES), st.lists(st.sampled_from(CLAUSES), max_size=3))
def test_spans_do_not_depend_on_text_beyond_the_clause(before: list[str], clause: str, after: list[str]) -> None:
    head = "".join(c + ".\n" for c in before)
    text = head + clause + ".\n" + "".join(c + ".\n" for c in after)
    alone = [(m.span[0] + len(head), m.span[1] + len(head)) for m in find_dates(clause, published="2024-06-18", unresolved=True)]
    inside = [m.span for m in find_dates(text, published="2024-06-18", unresolved=True)]
    assert [s for s in inside if len(head) <= s[0] < len(head) + len(clause)] == alone


def test_an_anchor_interval_needs_one_value() -> None:
    week = "2024-06-10..2024-06-16"
    assert plain("يزور بوتين بيونغ يانغ الأسبوع المقبل", week) == [("الأسبوع المقبل", "2024-06-17..2024-06-23")]
    assert plain("قال بيسكوف أمس", week) == []
    assert [m.value for m in find_dates("قال بيسكوف أمس", published=week, unresolved=True)] == [None]


def test_without_a_date_only_what_is_dated_in_full() -> None:
    text = "التقيا أمس في موسكو بعد قمة 13 سبتمبر 2023"
    assert plain(text) == [("13 سبتمبر 2023", "2023-09-13..2023-09-13")]


@pytest.mark.parametrize("wrong", ["yesterday", "2024-02-30", "2024-06-18..2024-06-10", ""])
def test_what_is_no_publication_date(wrong: str) -> None:
    with pytest.raises(RuskorError):
        as_interval(wrong)


def constraints(text: str) -> list[tuple[object, ...]]:
    found = [c for t in find(tokenize(fold(text))) for c in anchor_constraints(t)]
    return [(c.kind, c.offset, c.weekday, c.year, c.month, c.day) for c in found]


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("اليوم الثلاثاء", [("day", 0, 1, None, None, None)]),
        ("أمس الأربعاء", [("day", -1, 2, None, None, None)]),
        ("أمس الأول الخميس", [("day", -2, 3, None, None, None)]),
        ("بعد غد السبت", [("day", 2, 5, None, None, None)]),
        ("اليوم الثلاثاء 16 يناير 2024", [("day", 0, 1, 2024, 1, 16)]),
        ("اليوم الخميس (27 تموز)", [("day", 0, 3, None, 7, 27)]),
        ("12 سبتمبر/ أيلول الحالي", [("month", 0, None, None, 9, None)]),
        ("من 11 إلى 13 يوليو/ تموز الجاري", [("month", 0, None, None, 7, None)] * 2),
        ("العام الجاري 2024", [("year", 0, None, 2024, None, None)]),
        ("العام الماضي 2023", [("year", 0, None, 2024, None, None)]),
        ("الشهر الجاري (يونيو)", [("month", 0, None, None, 6, None)]),
        ("في 16 يناير 2024", []),
    ],
)
def test_constraints_on_the_article_date(text: str, want: list[tuple[object, ...]]) -> None:
    assert constraints(text) == want


def test_any_hypothetical_anchor() -> None:
    timex = find(tokenize(fold("أعلن ذلك الأربعاء")))[0]
    for n in range(14):
        value = resolve(timex, date(2024, 6, 10) + timedelta(days=n))
        assert value is not None
        assert value.start.weekday() == 2


def test_context_reaches_back() -> None:
    timexes = find(tokenize(fold("وصل الوفد أمس الأربعاء. وفي اليوم نفسه عقد اللقاء.")))
    values = resolve_all(timexes, date(2018, 5, 10))
    assert [v and v.start for v in values] == [date(2018, 5, 9)] * 2


def test_a_contradiction_can_be_seen() -> None:
    from ruskor.timex.expr import Fixed

    wrong, right = (find(tokenize(fold(t)))[0].expr for t in ("الاثنين 18 يونيو 2024", "الثلاثاء 18 يونيو 2024"))
    assert isinstance(wrong, Fixed)
    assert isinstance(right, Fixed)
    assert (wrong.consistent, right.consistent) == (False, True)


ROW = re.compile(r"^\| (?P<what>[^|]+) \| «(?P<text>[^|]+)» \| (?P<value>[^|]+) \| (?P<precision>[^|]+) \|$", re.MULTILINE)


def test_documented_examples() -> None:
    page = (ROOT / "docs" / "dates.md").read_text(encoding="utf-8")
    rows = list(ROW.finditer(page))
    assert len(rows) > 50
    for row in rows:
        found = find_dates(row["text"], published="2024-06-18")
        got = "; ".join(f"{m.value.start}..{m.value.end}" if m.value.start != m.value.end else str(m.value.start) for m in found if m.value)
        assert (row["text"], got or "nothing") == (row["text"], row["value"].strip())
        assert {m.value.precision for m in found if m.value} <= set(row["precision"].strip().split(", ")) | {"—"}


@pytest.mark.skipif(not (ROOT / "tests" / "gold").is_dir(), reason="the gold annotation is not here")
def test_dates_of_the_seeds() -> None:
    right = wrong = missed = 0
    for path in sorted((ROOT / "tests" / "gold").glob("[0-9]*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        text = (ROOT / "seeds" / f"{path.stem}.txt").read_bytes().decode("utf-8")
        published = f"{gold['published']['start']}..{gold['published']['end']}"
        open_ = list(gold["dates"])
        for mention in find_dates(text, published=published):
            assert text[slice(*mention.span)] == mention.text
            near = [d for d in gold["dates"] if d["span"][0] < mention.span[1] and mention.span[0] < d["span"][1]]
            value = mention.value
            same = [
                d for d in near if d in open_ and value and (d["value"]["start"], d["value"]["end"]) == (str(value.start), str(value.end))
            ]
            if same:
                open_.remove(same[0])
                right += not same[0].get("optional")
            else:
                wrong += not any(d.get("optional") for d in near)
        missed += sum(not d.get("optional") for d in open_)
    assert 2 * right / (2 * right + wrong + missed) >= 0.97


def test_a_bare_weekday_is_the_one_named_more_fully() -> None:
    headline = "أول لقاء بين لافروف وتيلرسون الخميس\n"
    lead = "يلتقي لافروف غدا الخميس 16 فبراير نظيره في بون."
    days = [str(found.value.start) for found in find_dates(headline + lead, published="2017-02-15") if found.value]
    assert days == ["2017-02-16", "2017-02-16"]
    alone = find_dates(headline, published="2017-02-15")[0].value
    assert alone is not None
    assert str(alone.start) == "2017-02-09"


@pytest.mark.parametrize("number", ["100000", "مئة ألف", "9999", "10000", "0"])
def test_a_year_beyond_all_calendars_is_no_date(number: str) -> None:
    whole = ("12 يونيو {}", "يونيو {}", "12 يونيو {} هـ", "12 رمضان {}", "12 يونيو {} م", "12 يونيو سنة {} ميلادية")
    for shape in (*whole, "عام {}", "بين عامي {} و2024"):
        find_dates(shape.format(number), published="2024-06-13")
