"""Made-up corpora for the report's tests: a small one, a large one and a hostile one. No seed article is used here."""

from dataclasses import replace
from datetime import date, timedelta

from ruskor.annotation import Annotation
from ruskor.corpus import CorpusEvent, Disagreement, Witness
from ruskor.model import Article, DateMention, Evidence, Interval, Participant, PersonMention, PlaceMention, Published, Rejected

PEOPLE = [
    ("Vladimir Putin", "فلاديمير بوتين", "Q7747", "RUS"),
    ("Kim Jong Un", "كيم جونغ أون", "Q56226", "PRK"),
    ("Sergey Lavrov", "سيرغي لافروف", "Q58217", "RUS"),
    ("Choe Son Hui", "تشوي سون هوي", None, "PRK"),
    ("Sergei Shoigu", "سيرغي شويغو", None, "RUS"),
    ("Kang Sun Nam", "كانغ سون نام", None, "PRK"),
    ("Xi Jinping", "شي جين بينغ", "Q15031", "CHN"),
]
PLACES = [
    ("Vladivostok", "فلاديفوستوك", "Q959", "RUS", 43.13, 131.91),
    ("Pyongyang", "بيونغ يانغ", "Q18808", "PRK", 39.02, 125.74),
    ("Moscow", "موسكو", "Q649", "RUS", 55.75, 37.62),
    ("Beijing", "بكين", "Q956", "CHN", 39.9, 116.4),
    ("Vostochny Cosmodrome", "قاعدة فوستوتشني", None, "RUS", 51.88, 128.33),
]
TYPES = ["summit", "visit", "meeting", "call", "delegation", "negotiation", "agreement", "invitation"]
STATUSES = ["occurred", "occurred", "occurred", "planned", "possible", "ongoing", "denied", "called_off"]
TITLES_AR = ["قمة", "زيارة", "لقاء", "اتصال", "وفد", "مفاوضات", "اتفاق", "دعوة"]


def interval(start, end=None, precision="day"):
    first = date.fromisoformat(start)
    return Interval(first, date.fromisoformat(end) if end else first, precision)


def article(number, *, sentences, title=None, published=None, name=None, url=None):
    """An article of these sentences and where each of them stands."""
    title = title or f"خبر رقم {number}"
    text, spans = title + "\n\n", []
    for sentence in sentences:
        spans.append(Evidence(sentence, (len(text), len(text) + len(sentence))))
        text += sentence + " وقالت مصادر مطلعة إن التحضيرات جرت في أجواء هادئة بعيدا عن وسائل الإعلام.\n\n"
    furniture_at = len(text)
    text += "aXA6IDUxLjkxLjIyNC4xNDQg\n"
    own = published or Published(None, None, 0.0, ("the text names no day",))
    annotation = Annotation(
        Article(name or f"{number:05d}.txt", f"corpus/{number:05d}.txt", text, outlet="وكالة", url=url), own, title, 0.97,
        furniture=[((furniture_at, len(text) - 1), "base64")],
    )  # fmt: skip
    return annotation, spans


def find_mentions(annotation, spans):
    """The people, places and one date of the sentences, as the pipeline would give them."""
    text = annotation.article.text
    for name, name_ar, identifier, country in PEOPLE:
        for evidence in spans:
            at = evidence.text.find(name_ar)
            if at >= 0:
                span = (evidence.span[0] + at, evidence.span[0] + at + len(name_ar))
                annotation.people.append(PersonMention(text[span[0] : span[1]], span, name, name_ar, identifier, "name", country))
    for name, name_ar, identifier, country, _, _ in PLACES:
        for evidence in spans:
            at = evidence.text.find(name_ar)
            if at >= 0:
                span = (evidence.span[0] + at, evidence.span[0] + at + len(name_ar))
                annotation.places.append(PlaceMention(text[span[0] : span[1]], span, name, name_ar, identifier, "location", country))
    for evidence in spans:
        at = evidence.text.find("الأسبوع الماضي")
        if at >= 0 and annotation.published.value:
            start = annotation.published.value.start - timedelta(days=annotation.published.value.start.weekday() + 7)
            span = (evidence.span[0] + at, evidence.span[0] + at + len("الأسبوع الماضي"))
            annotation.dates.append(DateMention("الأسبوع الماضي", span, Interval(start, start + timedelta(days=6), "week")))


def make_event(k, *, witnesses, when, type_=None, status=None, people=(0, 1), place=0, title=None, title_ar=None, disagreements=()):
    type_ = type_ or TYPES[k % len(TYPES)]
    status = status or STATUSES[(k * 5 + k // 7) % len(STATUSES)]
    who = [PEOPLE[p] for p in people]
    where = PLACES[place] if place is not None else None
    day = when.start.isoformat() if when else "undated"
    return CorpusEvent(
        event_id=f"{day}-{type_}-{where[0].lower().replace(' ', '-') if where else 'nowhere'}-{k}",
        type=type_, status=status, date=when, core=k % 3 != 0, relevant=True, series=False,
        people=[Participant(n, i, "guest" if c == "RUS" else "host", "person", c) for n, _, i, c in who],
        actors=[Participant("Russia", "Q159", "guest", "state", "RUS"), Participant("North Korea", "Q423", "host", "state", "PRK")],
        places=[PlaceMention(where[1], (0, 1), where[0], where[1], where[2], "location", where[3])] if where else [],
        country=where[3] if where else None, latitude=where[4] if where else None, longitude=where[5] if where else None,
        confidence=0.55 + (k * 7 % 40) / 100,
        witnesses=witnesses, disagreements=list(disagreements),
        evidence=witnesses[0].evidence[0], evidence_article=witnesses[0].article,
        why=["same type, same people, and the day lies in the other's month"] if len(witnesses) > 1 else [],
        title_en=title or f"{type_.capitalize()} of {who[0][0]} and {who[1][0]}" + (f" in {where[0]}" if where else ""),
        title_ar=title_ar or f"{TITLES_AR[TYPES.index(type_)]} {who[0][1]} و{who[1][1]}" + (f" في {where[1]}" if where else ""),
        cameo="046", plover="CONSULT",
    )  # fmt: skip


def make_corpus(count, *, per_article=3):
    """`count` events over 2000–2025 in `count / per_article` articles, the same at every call."""
    annotations, events = [], []
    precisions = ["day", "day", "day", "month", "week", "year", "day"]
    k = 0
    while k < count:
        number = len(annotations)
        batch = range(k, min(count, k + per_article))
        own = date(2000, 1, 1) + timedelta(days=(number * 9400) // max(1, count // per_article))
        sentences = []
        for e in batch:
            a, b, c = PEOPLE[e % 7], PEOPLE[(e * 3 + 1) % 7], PLACES[e % 5]
            sentences.append(f"وكان {a[1]} قد التقى {b[1]} في {c[1]} الأسبوع الماضي، وبحثا العلاقات بين البلدين والملف رقم {e}.")
        reasons = ("«اليوم الأربعاء» in sentence 3 fits one Wednesday of the month", "the summit named is of that week")
        rejected = (Rejected("1 يناير 1970", (0, 4), interval("1970-01-01"), "years before everything the text tells of"),)
        source = "text" if number % 2 else "dateline"
        published = Published(Interval(own, own, "day"), source, 0.9, reasons, rejected if number % 4 == 0 else ())
        annotation, spans = article(number, sentences=sentences, published=published)
        find_mentions(annotation, spans)
        annotations.append(annotation)
        for e, evidence in zip(batch, spans, strict=True):
            precision = precisions[e % len(precisions)]
            start = own - timedelta(days=3 + e % 11)
            if precision == "month":
                start = start.replace(day=1)
                when = Interval(start, (start + timedelta(days=32)).replace(day=1) - timedelta(days=1), "month")
            elif precision == "year":
                when = Interval(date(start.year, 1, 1), date(start.year, 12, 31), "year")
            elif precision == "week":
                start -= timedelta(days=start.weekday())
                when = Interval(start, start + timedelta(days=6), "week")
            else:
                when = Interval(start, start + timedelta(days=e % 3), "day")
            if e % 23 == 22:
                when = None
            a, b = e % 7, (e * 3 + 1) % 7
            b = (a + 1) % 7 if a == b else b
            status = STATUSES[(e * 5 + e // 7) % len(STATUSES)]
            mine, type_ = annotation.article.article, TYPES[e % 8]
            told = [Witness(mine, f"E{e}", type_, status, when, annotation.published.value, (evidence,))]
            disagreements = []
            if e % 5 == 4 and len(annotations) > 1:
                other = annotations[-2]
                theirs, headline = other.article.article, Evidence(other.title, (0, len(other.title)))
                told.append(Witness(theirs, "E1", type_, "planned", when, other.published.value, (headline,)))
                if e % 10 == 4:
                    disagreements = [Disagreement("status", f"{status} or denied", ((status, (mine,)), ("denied", (theirs,))))]
                if e % 30 == 9 and when:
                    days = ((when.start.isoformat(), (mine,)), ("2019-04-24", (theirs,)))
                    disagreements = [Disagreement("date", "the articles give two days", days)]
            place = None if e % 19 == 18 else e % 5
            events.append(make_event(e, witnesses=told, when=when, status=status, people=(a, b), place=place, disagreements=disagreements))
        k += per_article
    events.sort(key=lambda e: (e.date is None, e.date.start if e.date else date.max, e.event_id))
    return events, annotations


SCRIPT = "<script>window.hit = 1; alert('x')</script>"
IMAGE = "\"><img src=x onerror=\"window.hit = 2\"><svg onload='window.hit=3'>"
ENDING = "</script><script>window.hit = 4</script><!--<script>"
BIDI = "\u202ereversed\u2066\u2067 text\u202d"


def make_hostile(count=30):
    """Titles, names, evidence, reasons and file names that try to break out."""
    events, annotations = make_corpus(count)
    nasty = [SCRIPT, IMAGE, ENDING, BIDI, "{{ 7 * 7 }}{% raw %}", "\u2028\u2029\x00\x1b[31m\ud800", "javascript:window.hit=5"]
    for k, annotation in enumerate(annotations):
        bad = nasty[k % len(nasty)]
        own = annotation.published
        annotation.title = bad + annotation.title
        annotation.article.outlet = bad
        annotation.article.url = ["javascript:window.hit=6", 'https://example.org/"><img src=x onerror=window.hit=7>'][k % 2]
        annotation.published = Published(own.value, own.source, own.confidence, (bad,), (Rejected(bad, None, None, bad),))
    for k, event in enumerate(events):
        bad = nasty[k % len(nasty)]
        evidence = Evidence(f"قال {bad} في بيان", (5, 10))  # not where its span says
        event.title_en, event.title_ar = bad + event.title_en, bad + event.title_ar
        event.why = [bad]
        first = event.witnesses[0]
        event.witnesses[0] = replace(first, evidence=(*first.evidence, evidence))
        event.people[0] = Participant(bad, None, "guest", "person", "RUS")
        event.disagreements = [Disagreement("place", bad, ((bad, (first.article,)), (bad + "2", (first.article,))))]
        event.event_id = event.event_id + ("-\"'><i>" if k % 2 else "")
        event.evidence = evidence
    return events, annotations
