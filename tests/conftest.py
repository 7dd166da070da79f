"""What tests of the outer layers share: a run of the command line in a made-up terminal, and a pipeline that needs no gazetteer."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ruskor.annotation import Annotation
from ruskor.context import Context
from ruskor.corpus import CorpusEvent, Disagreement, Witness
from ruskor.model import Article, DateMention, Event, Evidence, Interval, Participant, PersonMention, PlaceMention, Published

SEEDS = Path(__file__).parents[1] / "seeds"
TEXT = "زار بوتين فلاديفوستوك يوم 25 أبريل 2019، ثم عاد إلى موسكو.\n"
SECRET = "MTkyLjE2OC4xMjMuNDU2NzgK"


@dataclass
class Result:
    code: int
    out: str
    err: str
    raw: bytes


@pytest.fixture
def cli(tmp_path: Path) -> Callable[..., Result]:
    """Run a command line in this process; nothing of the real environment reaches it."""
    from ruskor.cli import main

    def run(*args: str, stdin: bytes = b"", tty: bool = False, columns: int | None = None, env: dict[str, str] | None = None) -> Result:
        out, err = io.BytesIO(), io.BytesIO()
        home = tmp_path / "home"
        home.mkdir(exist_ok=True)
        ctx = Context(
            stdin=io.BytesIO(stdin), stdout=out, stderr=err, env={"HOME": str(home), **(env or {})}, cwd=tmp_path,
            stdout_tty=tty, stderr_tty=tty, columns=columns or (100 if tty else None),
        )  # fmt: skip
        code = main(list(map(str, args)), context=ctx)
        return Result(int(code), out.getvalue().decode("utf-8", "replace"), err.getvalue().decode("utf-8", "replace"), out.getvalue())

    return run


def day(text: str) -> Interval:
    return Interval(date.fromisoformat(text), date.fromisoformat(text), "day")


PUTIN = Participant("Vladimir Putin", "Q7747", "guest", "person", "RUS")
STRANGER = Participant("Someone Else", None, "host", "person", None)


def make_event(event_id: str = "2019-04-25-visit-vladivostok", **changes: Any) -> CorpusEvent:
    """A row of the event table."""
    evidence = Evidence("زار بوتين فلاديفوستوك", (0, 21))
    values: dict[str, Any] = {
        "event_id": event_id, "type": "visit", "status": "occurred", "date": day("2019-04-25"),
        "core": True, "relevant": True, "series": False,
        "people": [PUTIN, STRANGER], "actors": [Participant("Russia", "Q159", "guest", "state", "RUS")],
        "places": [PlaceMention("فلاديفوستوك", (10, 21), "Vladivostok", "فلاديفوستوك", "Q959", "location", "RUS", "city")],
        "country": "RUS", "latitude": 43.1332, "longitude": 131.9113, "confidence": 0.876,
        "witnesses": [Witness("a.txt", "E1", "visit", "occurred", day("2019-04-25"), day("2019-04-26"), (evidence,))],
        "evidence": evidence, "evidence_article": "a.txt", "title_en": "Putin visits Vladivostok", "title_ar": "بوتين يزور فلاديفوستوك",
        "cameo": "042", "plover": "CONSULT",
    }  # fmt: skip
    return CorpusEvent(**(values | changes))


def make_annotation(article: Article, published: Interval | None = None) -> Annotation:
    """What the made-up pipeline finds in every article."""
    text = article.text
    at = text.find("بوتين")
    furniture = [((text.find(SECRET), text.find(SECRET) + len(SECRET)), "base64")] if SECRET in text else []
    people = [PersonMention("بوتين", (at, at + 5), "Vladimir Putin", "فلاديمير بوتين", "Q7747", "name", "RUS")] if at >= 0 else []
    place_at = text.find("فلاديفوستوك")
    place = PlaceMention("فلاديفوستوك", (place_at, place_at + 11), "Vladivostok", "فلاديفوستوك", "Q959", "location", "RUS", "city")
    date_at = text.find("25 أبريل 2019")
    dates = [DateMention("25 أبريل 2019", (date_at, date_at + 13), day("2019-04-25"))] if date_at >= 0 else []
    event = Event("E1", "visit", "occurred", day("2019-04-25"), [PUTIN], [place], [Evidence(text[:21], (0, 21))], core=True, relevant=True)
    value = published or article.given or article.metadata
    source = "given" if published or article.given else "metadata" if article.metadata else None
    return Annotation(
        article, Published(value, source, 0.9, ("because",)), text.split("\n")[0][:40], 0.9, dates=dates, people=people,
        places=[place] if place_at >= 0 else [], events=[event], furniture=furniture,
    )  # fmt: skip


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """A pipeline that finds one event in every article; `events` replaces what the merge gives."""
    from ruskor import pipeline

    state: dict[str, Any] = {"events": None, "fail": set(), "annotated": []}

    class Loaded:
        corrections = None

        @property
        def gazetteer(self) -> Any:
            from ruskor.gazetteer import load_gazetteer

            return load_gazetteer()

    def annotate(_pipeline: Any, article: Article, *, published: Interval | None = None, keep_document: bool = False) -> Annotation:
        state["annotated"].append(article.article)
        if article.article in state["fail"]:
            raise ValueError("a bug")
        return make_annotation(article, published)

    def merge(_pipeline: Any, annotations: Any) -> list[CorpusEvent]:
        found = list(annotations)
        if state["events"] is not None:
            return list(state["events"])
        return (
            [make_event(witnesses=[Witness(a.article.article, "E1", "visit", "occurred", None, None, ()) for a in found])] if found else []
        )

    monkeypatch.setattr(pipeline, "load_pipeline", lambda **_: Loaded())
    monkeypatch.setattr(pipeline, "annotate_article", annotate)
    monkeypatch.setattr(pipeline, "merge_annotations", merge)
    monkeypatch.setattr(pipeline, "merge_corrected", lambda p, found: SimpleNamespace(rows=merge(p, found), vetoed=[], warnings=[]))
    return state


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two articles."""
    root = tmp_path / "news"
    (root / "b").mkdir(parents=True)
    (root / "a.txt").write_text(TEXT, encoding="utf-8")
    (root / "b" / "c.txt").write_text(TEXT * 2, encoding="utf-8")
    return root


@pytest.fixture
def disagreement() -> Disagreement:
    return Disagreement("date", "25 April (a.txt) against 26 April (b.txt)", (("25 April", ("a.txt",)), ("26 April", ("b.txt",))))
