"""The report in headless Chromium: filters, evidence, marks, both languages, hostile texts, 10,000 events, axe-core.

Skipped where Playwright or Chromium is missing; `.ci/run` installs both, and axe-core.
"""

import os
import shutil
import time
from datetime import timedelta
from pathlib import Path

import pytest
import report_corpus as corpus
from conftest import SEEDS

from ruskor.readers import Failure
from ruskor.report import build_report, render_report

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed: pip install playwright")

ROOT = Path(__file__).parents[1]
CHROMIUM = os.environ.get("RUSKOR_CHROMIUM") or next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
AXE = [Path(os.environ.get("RUSKOR_AXE", "")), ROOT / "build" / "axe" / "node_modules" / "axe-core" / "axe.min.js"]
TOPIC = {"title": ("Russia and North Korea", "روسيا وكوريا الشمالية"), "states": ("RUS", "PRK"), "successors": {"SUN": "RUS"}}
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
]  # fmt: skip

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: apt-get install chromium")


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as running:
        chromium = running.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def opened(browser, tmp_path):
    """Open a page of events and annotations; at the end there must have been no message and no request."""
    contexts, told = [], []

    def open_page(events, annotations, *, lang="en", width=1280, height=900, scheme="light", wide_open=False, **options):
        path = tmp_path / f"report-{len(contexts)}.html"
        path.write_text(render_report(build_report(events, annotations, **TOPIC, lang=lang, **options)), encoding="utf-8")
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, bypass_csp=wide_open)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: told.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: told.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (told.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda request: request.url in {path.as_uri(), "data:,"} or told.append(f"request: {request.url}"))
        page.goto(path.as_uri())
        page.wait_for_selector("html[data-ready]")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert told == []


def rows(page):
    return page.locator("#table-body tr")


def marks(page, where):
    return page.eval_on_selector_all(f"{where} [data-n]", "nodes => nodes.reduce((n, node) => n + +node.dataset.n, 0)")


def shown(page):
    return int(page.locator("#shown").inner_text().split()[0].replace(",", ""))


def test_counts_of_marks_and_rows(opened):
    events, annotations = corpus.make_corpus(60)
    page = opened(events, annotations)
    assert rows(page).count() == 60
    assert page.evaluate("document.querySelectorAll('.timeline .event').length") == sum(e.date is not None for e in events)
    assert page.locator(".spot").count() == len({(e.latitude, e.longitude) for e in events if e.latitude is not None})
    assert marks(page, ".map") == sum(e.latitude is not None for e in events)
    assert page.locator(".network .person").count() == 7
    assert page.locator("#articles-list .article").count() == len(annotations)
    assert page.locator("#disagreements-list .card").count() == sum(bool(e.disagreements) for e in events)


def test_uncertain_dates_are_bars(opened):
    events, annotations = corpus.make_corpus(60)
    page = opened(events, annotations)
    wide = [e for e in events if e.date and e.date.precision == "year"]
    assert page.locator(".timeline .bar.unsure").count() >= len(wide) > 0


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_filters(opened, lang):
    events, annotations = corpus.make_corpus(60)
    page = opened(events, annotations, lang=lang)
    page.locator("[data-status=planned]").click()
    planned = sum(e.status == "planned" for e in events)
    assert rows(page).count() == planned
    assert marks(page, ".timeline") == sum(e.status == "planned" and e.date is not None for e in events)
    page.locator("[data-status=denied]").click()
    assert rows(page).count() == planned + sum(e.status == "denied" for e in events)
    page.locator("#reset").click()
    page.locator("#f-type").select_option("summit")
    assert rows(page).count() == sum(e.type == "summit" for e in events)
    page.locator("#reset").click()
    page.locator("#f-from").fill("2010")
    page.locator("#f-until").fill("2012-06")
    expected = [e for e in events if e.date and e.date.last.isoformat() >= "2010" and e.date.start.isoformat() <= "2012-06-30"]
    playwright.expect(rows(page)).to_have_count(len(expected))
    page.locator("#reset").click()
    page.locator("#f-q").fill("كيم جونغ اون" if lang == "ar" else "kim jong un")
    playwright.expect(rows(page)).to_have_count(sum(any(p.name == "Kim Jong Un" for p in e.people) for e in events))
    page.locator("#f-q").fill("nothing of that name")
    playwright.expect(rows(page)).to_have_count(0)
    assert page.locator("#table-note").inner_text()
    page.locator("#reset").click()
    page.locator("#f-disputed").check()
    assert rows(page).count() == sum(bool(e.disagreements) for e in events)
    page.locator("#reset").click()
    page.locator(".network .person").first.click()
    assert 0 < rows(page).count() < 60
    page.locator("#reset").click()
    page.locator("#network-list button").first.click()
    assert 0 < rows(page).count() < 60
    page.locator("#reset").click()
    page.locator("#map-list button").first.click()
    assert page.locator(".spot").count() == 1


def test_sorting(opened):
    events, annotations = corpus.make_corpus(30)
    page = opened(events, annotations)

    def press(column):
        head = page.locator(f"#table-head .c-{column}")
        head.locator("button").click()
        ids = rows(page).evaluate_all("rows => rows.map(row => row.dataset.id)")
        return head.get_attribute("aria-sort"), [next(e for e in events if e.event_id == one) for one in ids]

    order, got = press("confidence")
    assert (order, [e.confidence for e in got]) == ("descending", sorted((e.confidence for e in events), reverse=True))
    order, got = press("confidence")
    assert (order, [e.confidence for e in got]) == ("ascending", sorted(e.confidence for e in events))
    dated = [e.date.start for e in events if e.date]
    assert len(dated) < len(events)
    for expected, starts in (("ascending", dated), ("descending", dated[::-1])):
        order, got = press("date")
        assert order == expected
        assert [e.date.start for e in got if e.date] == starts
        assert got[-1].date is None  # what has no date stands last either way


@pytest.mark.parametrize("width", [1280, 390])
def test_from_event_to_evidence(opened, width):
    events, annotations = corpus.make_corpus(60)
    page = opened(events, annotations, width=width)
    event = events[10]
    button = page.locator(f'tr[data-id="{event.event_id}"] .title')
    button.click()
    panel = page.locator("#panel")
    assert panel.is_visible()
    assert panel.locator("h2").inner_text() == event.title_en
    assert panel.locator(".passage mark").first.inner_text() == event.evidence.text
    assert panel.locator(".passage mark .person").count() > 0
    assert panel.locator(".passage").first.get_attribute("lang") == "ar"
    assert page.evaluate("document.activeElement.id") == "panel-title"
    panel.get_by_label("Next event").click()
    assert panel.locator("h2").inner_text() == events[11].title_en
    page.keyboard.press("Escape")
    assert not panel.is_visible()
    assert page.evaluate("document.activeElement !== document.body")


def test_event_in_the_address(opened):
    events, annotations = corpus.make_corpus(10)
    page = opened(events, annotations)
    page.evaluate("id => { location.hash = '#event=' + encodeURIComponent(id) }", events[3].event_id)
    playwright.expect(page.locator("#panel h2")).to_have_text(events[3].title_en)


def test_keyboard(opened):
    events, annotations = corpus.make_corpus(60)
    page = opened(events, annotations)
    page.locator(".timeline .event[tabindex='0']").focus()
    page.keyboard.press("ArrowRight")
    focused = page.evaluate("document.activeElement.dataset.id")
    assert focused == [e for e in events if e.date][1].event_id
    page.keyboard.press("Enter")
    assert page.locator("#panel").is_visible()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.id") == focused
    page.locator(".spot[tabindex='0']").focus()
    page.keyboard.press("Enter")
    assert 0 < rows(page).count() < 60


def test_zoom_and_pan(opened):
    events, annotations = corpus.make_corpus(60)
    page = opened(events, annotations)
    before = page.locator(".land").get_attribute("transform")
    page.get_by_label("Zoom in").nth(1).click()
    after = page.locator(".land").get_attribute("transform")
    assert before != after
    box = page.locator(".map").bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 160, box["y"] + 90, steps=4)
    page.mouse.up()
    page.wait_for_timeout(100)
    assert page.locator(".land").get_attribute("transform") != after
    assert shown(page) == 60  # a drag is no click
    whole = marks(page, ".timeline")
    page.locator("#timeline-buttons").get_by_label("Zoom in").click()
    page.wait_for_timeout(100)
    assert marks(page, ".timeline") < whole
    box = page.locator(".timeline").bounding_box()
    page.evaluate("window.scrollTo(0, 300)")
    box = page.locator(".timeline").bounding_box()
    inside = [e.get_attribute("data-id") for e in page.locator(".timeline .event").all()]
    page.mouse.move(box["x"] + 700, box["y"] + 3)
    page.mouse.down()
    page.mouse.move(box["x"] + 300, box["y"] + 3, steps=6)
    page.mouse.up()
    page.wait_for_timeout(100)
    assert inside != [e.get_attribute("data-id") for e in page.locator(".timeline .event").all()]
    page.locator("#timeline-buttons").get_by_label("All years").click()
    page.wait_for_timeout(100)
    assert marks(page, ".timeline") == whole


def test_both_languages(opened):
    events, annotations = corpus.make_corpus(20)
    page = opened(events, annotations)
    html = page.locator("html")
    assert (html.get_attribute("lang"), html.get_attribute("dir")) == ("en", "ltr")
    assert rows(page).first.locator(".title").inner_text() == events[0].title_en
    page.locator("#language").click()
    assert (html.get_attribute("lang"), html.get_attribute("dir")) == ("ar", "rtl")
    assert rows(page).first.locator(".title").inner_text() == events[0].title_ar
    assert page.locator("h1").inner_text() == TOPIC["title"][1]
    assert page.locator("#language").inner_text() == "English"
    where = "h2, h3, dt, .help, th, summary, label > span"
    visible = " ".join(page.locator(where).all_text_contents())
    assert "Timeline" not in visible
    assert "Status" not in visible
    page.locator("#language").click()
    assert rows(page).first.locator(".title").inner_text() == events[0].title_en


def test_appearance(opened):
    page = opened(*corpus.make_corpus(5))
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator("#theme").select_option("dark")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert light != dark
    other = opened(*corpus.make_corpus(5), scheme="dark")
    assert other.evaluate("getComputedStyle(document.body).backgroundColor") == dark


@pytest.mark.parametrize("lang", ["en", "ar"])
@pytest.mark.parametrize("width", [360, 800, 1280])
def test_nothing_is_wider_than_the_window(opened, width, lang):
    page = opened(*corpus.make_corpus(40), width=width, lang=lang)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    rows(page).nth(3).locator(".title").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("(() => { const n = document.querySelector('#panel .scroll'); return n.scrollWidth <= n.clientWidth })()")


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_hostile_texts_run_nothing(opened, lang):
    events, annotations = corpus.make_hostile()
    page = opened(events, annotations, lang=lang)
    for event in events[:14]:
        page.evaluate("id => { location.hash = '#event=' + encodeURIComponent(id) }", event.event_id)
        page.wait_for_timeout(20)
        assert page.locator("#panel").is_visible()
    page.keyboard.press("Escape")
    for summary in page.locator("details.article > summary").all():
        summary.click()
    page.locator("#f-q").fill("<script>")
    page.wait_for_timeout(300)
    page.locator("#language").click()
    assert page.evaluate("window.hit") is None
    assert page.locator("img, iframe, object, embed").count() == 0
    assert page.evaluate("[...document.querySelectorAll('a')].every(a => ['https:', 'file:'].includes(a.protocol))")
    # An override must not reach beyond its own name.
    assert page.evaluate(r"!/[\u202a-\u202e\u2066-\u2069]/.test(document.body.innerText)")


def test_policy_stops_what_is_not_ours(browser, tmp_path):
    path = tmp_path / "p.html"
    text = render_report(build_report(*corpus.make_corpus(3), **TOPIC))
    foreign = "<script>window.hit = 1</script><img src='https://example.org/x.png'>"
    path.write_text(text.replace("</body>", foreign + "</body>"), encoding="utf-8")
    page = browser.new_page()
    # Chromium announces the picture's request and then stops it before anything is sent.
    tried, stopped = [], []
    page.on("request", lambda request: request.url.startswith("http") and tried.append(request.url))
    page.on("requestfailed", lambda request: request.failure == "csp" and stopped.append(request.url))
    page.goto(path.as_uri())
    page.wait_for_selector("html[data-ready]")
    page.wait_for_timeout(200)
    assert page.evaluate("window.hit") is None
    assert tried == stopped
    page.close()


def test_ten_thousand_events_stay_responsive(opened):
    events, annotations = corpus.make_corpus(10_000)
    begun = time.monotonic()
    page = opened(events, annotations)
    assert time.monotonic() - begun < 20
    assert rows(page).count() < 400  # the table grows as one reads
    assert marks(page, ".timeline") == sum(e.date is not None for e in events)
    assert page.evaluate("document.querySelectorAll('*').length") < 20_000
    for act in (
        lambda: page.locator("[data-status=planned]").click(),
        lambda: page.locator("[data-status=planned]").click(),
        lambda: page.locator("#table-head .c-people button").click(),
        lambda: rows(page).nth(5).locator(".title").click(),
    ):
        begun = time.monotonic()
        act()
        page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
        assert time.monotonic() - begun < 4  # well under one second on an idle machine
    page.keyboard.press("Escape")
    page.locator("#table-more").scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    assert rows(page).count() > 80


def test_prints_every_row(opened):
    events, annotations = corpus.make_corpus(200)
    page = opened(events, annotations)
    assert rows(page).count() < 200
    assert len(page.pdf()) > 20_000
    assert rows(page).count() == 200


def test_enter_in_the_search_sends_nothing(opened):
    page = opened(*corpus.make_corpus(5))
    page.locator("#f-q").fill("summit")
    page.keyboard.press("Enter")
    page.wait_for_timeout(200)
    assert page.url.endswith(".html")


def test_without_scripts_there_is_a_list(browser, tmp_path):
    events, annotations = corpus.make_corpus(12)
    path = tmp_path / "p.html"
    path.write_text(render_report(build_report(events, annotations, **TOPIC)), encoding="utf-8")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(path.as_uri())
    assert page.locator(".plain tbody tr").count() == 12
    assert events[0].evidence.text in page.locator(".plain").inner_text()
    assert not page.locator("main").is_visible()
    context.close()


def test_failed_articles_are_listed_last(opened):
    events, annotations = corpus.make_corpus(240)
    page = opened(events, annotations, failures=[Failure("bad.txt", "bad.txt", "not text")])
    page.emulate_media(media="print")
    page.pdf()
    assert page.locator("#articles-list .article").count() == len(annotations) + 1
    assert page.locator("#articles-list .article").last.locator(".file").text_content() == "not text"


def test_empty_report(opened):
    page = opened([], [])
    assert page.locator("#table-note").inner_text()
    page.locator("#language").click()
    event, annotations = corpus.make_corpus(1)
    event[0].date = None
    event[0].people, event[0].places, event[0].latitude, event[0].longitude = [], [], None, None
    page = opened(event, annotations)
    assert rows(page).count() == 1


def test_what_goes_on_is_drawn_to_the_end(opened):
    events, annotations = corpus.make_corpus(20)
    dated = next(e for e in events if e.date)
    dated.date = type(dated.date)(dated.date.start + timedelta(days=1), None, "day")
    page = opened(events, annotations)
    assert page.locator(".timeline .bar.open").count() == 1


@pytest.mark.parametrize(
    ("lang", "width", "scheme"), [("en", 1280, "light"), ("en", 390, "dark"), ("ar", 1280, "dark"), ("ar", 390, "light")]
)  # every two of the three together; all three tell nothing more
def test_axe_finds_nothing_serious(opened, lang, width, scheme):
    page = opened(*corpus.make_corpus(40), lang=lang, width=width, scheme=scheme, wide_open=True)
    assert serious(page) == []
    rows(page).nth(4).locator(".title").click()
    assert serious(page) == []


def serious(page):
    """What axe-core finds that is serious or worse."""
    axe = next((path for path in AXE if path.is_file()), None)
    if axe is None:
        pytest.skip("axe-core is not installed: npm install --prefix build/axe axe-core, or set RUSKOR_AXE")
    page.evaluate(axe.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{v['impact']} {v['id']}: {v['help']}: {[n['target'] for n in v['nodes'][:3]]}"
        for v in found["violations"]
        if v["impact"] in {"serious", "critical"}
    ]


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_report_of_the_seeds(browser, cli, tmp_path, lang):
    path = tmp_path / "report.html"
    assert cli("report", SEEDS, "--lang", lang, "-o", path).code == 0
    assert path.stat().st_size < 500_000
    seconds, told = [], []
    for width in (1440, 390, 390):
        context = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=len(seconds) < 2)
        page = context.new_page()
        page.on("console", lambda message: told.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: told.append(f"error: {error}"))
        page.on("request", lambda request: request.url in {path.as_uri(), "data:,"} or told.append(f"request: {request.url}"))
        begun = time.monotonic()
        page.goto(path.as_uri())
        page.wait_for_selector("html[data-ready]")
        seconds.append(time.monotonic() - begun)
        assert page.locator("#accuracy table").count() == 1
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        reasons = " ".join(page.locator("#articles-list .why li").all_text_contents())
        assert ("fits the known event" in reasons, "يوافق الحدث المعروف" in reasons) == (lang == "en", lang == "ar")
        if len(seconds) < 3:
            assert serious(page) == []
        context.close()
    assert min(seconds) < 1
    assert told == []
