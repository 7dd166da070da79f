"""The report's data and page, without a browser: what is in it, what is escaped, how large it is."""

import json
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
import report_corpus as corpus

from ruskor.lexicon import load_yaml
from ruskor.model import Evidence, Interval
from ruskor.report import build_report, render_report
from ruskor.report.passages import clean, label, make_windows, prose
from ruskor.report.render import embed_json, load_accuracy, policy

ROOT = Path(__file__).parents[1]
TOPIC = {"title": ("Russia and North Korea", "روسيا وكوريا الشمالية"), "states": ("RUS", "PRK"), "successors": {"SUN": "RUS"}}


def page_of(events, annotations, **options):
    return render_report(build_report(events, annotations, **TOPIC, **options))


class Page(HTMLParser):
    """Elements with their attributes, and the text of scripts."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.scripts, self.inside = [], [], None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag in {"script", "style"}:
            self.inside = [tag, dict(attributes), ""]

    def handle_endtag(self, tag):
        if self.inside and tag == self.inside[0]:
            self.scripts.append(tuple(self.inside))
            self.inside = None

    def handle_data(self, data):
        if self.inside:
            self.inside[2] += data


def data_of(page):
    return json.loads(next(text for tag, attributes, text in Page(page).scripts if attributes.get("id") == "data"))


def test_every_event_article_and_passage_is_in_the_page():
    events, annotations = corpus.make_corpus(60)
    data = data_of(page_of(events, annotations))
    assert [e["id"] for e in data["events"]] == [e.event_id for e in events]
    assert [a["n"] for a in data["articles"]] == [a.article.article for a in annotations]
    for made, event in zip(data["events"], events, strict=True):
        article, window, start, end = made["b"]
        assert data["articles"][article]["n"] == event.evidence_article
        assert data["articles"][article]["x"][window][0][start:end] == event.evidence.text
        assert [data["names"][k][0] for k, _ in made["p"]] == [p.name for p in event.people]
        for (number, _, _, passages, _), witness in zip(made["w"], event.ordered_witnesses(), strict=True):
            shown = [data["articles"][number]["x"][k][0][a:b] for k, a, b in passages]
            assert shown == [e.text for e in witness.evidence]


def test_marks_lie_on_the_words_they_name():
    events, annotations = corpus.make_corpus(30)
    data = data_of(page_of(events, annotations))
    windows = [window for article in data["articles"] for window in article.get("x", [])]
    words = {text[m[0] : m[1]] for text, _, _, marks in windows for m in marks if len(m) == 4}
    assert words
    assert words <= {name[1] for name in corpus.PEOPLE} | {place[1] for place in corpus.PLACES}
    dates = {text[m[0] : m[1]] for text, _, _, marks in windows for m in marks if len(m) == 3}
    assert dates == {"الأسبوع الماضي"}


def test_size_of_500_events():
    assert len(page_of(*corpus.make_corpus(500)).encode()) < 2_000_000


def test_same_input_same_page():
    assert page_of(*corpus.make_corpus(40)) == page_of(*corpus.make_corpus(40))


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_hostile_texts_stay_text(lang):
    page = page_of(*corpus.make_hostile(), lang=lang)
    parsed = Page(page)
    assert not {tag for tag, _ in parsed.tags} & {"img", "iframe", "object", "embed", "base"}
    assert not [name for _, attributes in parsed.tags for name in attributes if name.startswith("on") or name == "style"]
    assert len(parsed.scripts) == 5  # one stylesheet, three blocks of data, one script
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u0000\u001b]", page)
    links = [attributes.get("href") or attributes.get("src") for _, attributes in parsed.tags]
    assert {link for link in links if link and not link.startswith("#")} == {"data:,"}
    data = data_of(page)
    assert any("<script>" in a["t"] for a in data["articles"])
    assert all(a["u"] is None or a["u"].startswith("https://") for a in data["articles"])


def test_embedded_json_cannot_leave_its_element():
    nasty = "</script><!--<script>]]>&amp;\u2028\u2029"
    text = embed_json({"x": nasty})
    assert not set(text) & set("<>&\u2028\u2029")
    assert json.loads(text) == {"x": nasty}


def test_policy_allows_exactly_the_inline_parts():
    page = page_of(*corpus.make_corpus(3))
    parsed = Page(page)
    style, script = parsed.scripts[0][2], parsed.scripts[-1][2]
    meta = next(a["content"] for tag, a in parsed.tags if tag == "meta" and a.get("http-equiv") == "Content-Security-Policy")
    assert meta == policy(style, script)
    assert meta.startswith("default-src 'none'; ")
    assert "unsafe" not in meta
    assert "http" not in meta
    assert "*" not in meta
    # Nothing is loaded before the policy stands.
    assert page.index("Content-Security-Policy") < page.index("<style") < page.index("<script")


def test_no_line_that_may_hold_an_address():
    events, annotations = corpus.make_corpus(6)
    secret = "MTkyLjE2OC4xMjMuNDU2NzgK"
    annotations[0].title += f" {secret}"
    text = annotations[0].article.text
    annotations[0].article.text = text[: text.index("\n\n", 20)] + f" {secret} " + text[text.index("\n\n", 20) :]
    events[0].why = [f"seen {secret} twice"]
    odd = Evidence(f"كلمة {secret} كلمة", (0, 3))
    events[0].witnesses[0] = replace(events[0].witnesses[0], evidence=(odd,))
    events[0].evidence = odd
    page = page_of(events, annotations)
    assert secret not in page
    assert "aXA6IDUxLjkxLjIyNC4xNDQg" not in page


def test_windows_join_and_stop_at_furniture():
    annotation, spans = corpus.article(1, sentences=["جملة أولى قصيرة.", "جملة ثانية قصيرة."])
    windows = make_windows(annotation, spans, context=500)
    assert len(windows.texts) == 1
    assert "aXA6" not in windows.texts[0]
    for passage in spans:
        number, start, end = windows.places[passage.text, passage.span]
        assert windows.texts[number][start:end] == passage.text
    far = make_windows(annotation, spans, context=0)
    assert sorted(far.texts) == sorted(p.text for p in spans)
    alone = make_windows(None, [Evidence("مقطع", (90, 94))], context=100)
    assert alone.texts == ["مقطع"]
    assert alone.cut == [(False, False)]
    assert make_windows(annotation, [], context=10).texts == []


def test_clean_keeps_the_length():
    text = "a\u202eb\x00c\u2066\ud800\nd"
    assert len(clean(text)) == len(text)
    assert label(" a\u202eb\n c ") == "ab c"
    assert prose("x MTkyLjE2OC4xMjMuNDU2NzgK y") == "x … y"


def test_no_events_and_no_articles():
    for lang in ("en", "ar"):
        page = page_of([], [], lang=lang)
        assert data_of(page)["events"] == []


def test_witness_without_its_article():
    events, _ = corpus.make_corpus(3)
    data = data_of(page_of(events, []))
    assert [a["away"] for a in data["articles"]] == [1]
    assert data["articles"][0]["x"][0][0] == events[0].evidence.text


def test_dates_that_go_on_and_places_that_are_missing():
    events, annotations = corpus.make_corpus(2)
    events[0].date = Interval(date(2024, 10, 28), None, "day")
    events[1].places, events[1].latitude, events[1].longitude = [], None, None
    data = data_of(page_of(events, annotations))
    assert data["events"][0]["d"] == ["2024-10-28", None, "day"]
    assert data["events"][1]["g"] is None
    assert data["events"][1]["l"] == []


def test_accuracy(tmp_path):
    path = tmp_path / "accuracy.json"
    assert load_accuracy(path) is None
    path.write_text(json.dumps({"on": {"en": "gold", "ar": "شواهد"}, "figures": [{"task": "dates", "f1": 0.9}]}), encoding="utf-8")
    found = load_accuracy(path)
    assert found["figures"][0]["f1"] == 0.9
    assert data_of(page_of(*corpus.make_corpus(2), accuracy=found))["accuracy"] == found
    for wrong in ("[]", "{", '{"figures": 3}'):
        path.write_text(wrong, encoding="utf-8")
        with pytest.raises(Exception, match=r"accuracy\.json"):
            load_accuracy(path)


def keys(value, prefix=""):
    if isinstance(value, dict):
        return {k for name, inner in value.items() for k in keys(inner, f"{prefix}.{name}")}
    return {f"{prefix}[{len(value)}]"} if isinstance(value, list) else {prefix}


def leaves(value):
    if isinstance(value, dict | list):
        return [leaf for inner in (value.values() if isinstance(value, dict) else value) for leaf in leaves(inner)]
    return [value]


def test_both_languages_have_the_same_words():
    english, arabic = (load_yaml(ROOT / "data" / "interface" / f"{lang}.yaml") for lang in ("en", "ar"))
    assert keys(english) == keys(arabic)
    assert all(isinstance(leaf, str) for leaf in leaves(english) + leaves(arabic))
    for ours, theirs in zip(leaves(english), leaves(arabic), strict=True):
        if "{n}" not in ours:  # «مقالتان» needs no number
            assert set(re.findall(r"\{\w+\}", ours)) == set(re.findall(r"\{\w+\}", theirs)), (ours, theirs)


def test_words_for_every_type_status_and_precision():
    words = load_yaml(ROOT / "data" / "interface" / "en.yaml")
    assert set(words["type"]) >= set(load_yaml(ROOT / "data" / "codes.yaml"))
    assert set(words["status"]) == set(words["status_means"]) == {"occurred", "ongoing", "planned", "possible", "denied", "called_off"}
    assert set(words["precision"]) == {"day", "week", "month", "season", "year", "multi-year"}
    script = (ROOT / "src" / "ruskor" / "report" / "page.js").read_text(encoding="utf-8")
    for key in re.findall(r'\bw\("([a-z_]+\.[a-z_]+)"', script):
        group, name = key.split(".")
        assert name in words[group], key


def test_script_makes_no_markup_from_text():
    script = (ROOT / "src" / "ruskor" / "report" / "page.js").read_text(encoding="utf-8")
    ways = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(", "fetch(", "XMLHttpRequest", "import(")
    assert not [way for way in ways if way in script]
    assert "</" not in script
    assert "<!--" not in script


def luminance(colour):
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_colours_can_be_read():
    """Text on every ground of both palettes has WCAG's contrast of 4.5, which axe cannot measure on drawings."""
    style = (ROOT / "src" / "ruskor" / "report" / "page.css").read_text(encoding="utf-8")
    blocks = re.findall(r"\{([^{}]*--paper: #[0-9a-f]{6};[^{}]*)\}", style)
    palettes = [dict(re.findall(r"--(\w+): (#[0-9a-f]{6})\b", block)) for block in blocks]
    assert len(palettes) == 3
    assert palettes[1] == palettes[2]  # the dark one, by the system and by choice
    for palette in palettes:
        for text in ("ink", "soft", "accent"):
            for ground in ("paper", "raised", "tint"):
                low, high = sorted((luminance(palette[text]), luminance(palette[ground])))
                assert (high + 0.05) / (low + 0.05) >= 4.5, (text, ground)
        low, high = sorted((luminance(palette["ink"]), luminance(palette["mark"])))
        assert (high + 0.05) / (low + 0.05) >= 7


def test_map_is_small_and_whole():
    land = json.loads((ROOT / "data" / "map" / "land.json").read_text(encoding="utf-8"))
    assert (ROOT / "data" / "map" / "land.json").stat().st_size < 150_000
    for key in ("land", "borders"):
        assert re.fullmatch(r"[Mlz0-9 \-]+", land[key])


def test_command_writes_a_page(cli, tmp_path):
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "a.txt").write_text("زار بوتين فلاديفوستوك يوم 25 أبريل 2019، والتقى كيم جونغ أون.\n", encoding="utf-8")
    target = tmp_path / "page.html"
    result = cli("report", str(folder), "-o", str(target), "--lang", "ar", "-q")
    assert result.code == 0, result.err
    assert '<html lang="ar" dir="rtl">' in target.read_text(encoding="utf-8")
    assert not result.out
    piped = cli("report", str(folder), "--lang", "ar", "-q")
    assert piped.code == 0
    assert piped.raw == target.read_bytes()
    refused = cli("report", str(folder), tty=True)
    assert refused.code == 2
    assert "-o" in refused.err
    target.write_text("old", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    assert cli("report", str(tmp_path / "empty"), "-o", str(target)).code == 3
    assert target.read_text(encoding="utf-8") == "old"
    partly = cli("report", str(folder), str(tmp_path / "nowhere.txt"), "-o", str(target))
    assert partly.code == 1
    assert len(data_of(target.read_text(encoding="utf-8"))["failures"]) == 1
