"""An analyst's corrections: applied on every run, marked, checked against what they refer to; never lost in silence."""

from __future__ import annotations

import datetime as dt
import io
import json

import pytest

from ruskor.context import Context
from ruskor.corrections import load_corrections, same_article
from ruskor.errors import ExitCode, RuskorError
from ruskor.pipeline import load_pipeline
from ruskor.run import run_paths

VISIT = "وصل الرئيس الروسي فلاديمير بوتين يوم الثلاثاء 18 يونيو 2024 إلى بيونغ يانغ في زيارة رسمية."
LATER = "زار الرئيس الروسي فلاديمير بوتين بيونغ يانغ في يونيو 2024."
CALL = "أجرى وزير الخارجية الروسي سيرغي لافروف اتصالا هاتفيا يوم الأربعاء 19 يونيو 2024 مع نظيرته الكورية الشمالية تشوي سون هوي."
WEEKDAY = "يصل وزير الخارجية الروسي سيرغي لافروف إلى بيونغ يانغ يوم الخميس المقبل."


@pytest.fixture
def folder(tmp_path):
    base = tmp_path / "articles"
    base.mkdir()
    for name, text in (("a.txt", VISIT), ("b.txt", LATER), ("c.txt", CALL), ("d.txt", WEEKDAY)):
        (base / name).write_text(text, encoding="utf-8")
    return base


@pytest.fixture
def run(folder, tmp_path):
    def with_file(text=None):
        path = None
        if text is not None:
            path = tmp_path / "corrections.yaml"
            path.write_text(text, encoding="utf-8")
        warnings = []
        out = run_paths(load_pipeline(corrections=str(path) if path else None), [folder], warn=warnings.append)
        return out, warnings

    return with_file


def told_by(out, *articles, kind=None):
    return [e for e in out.events if set(articles) <= {w.article for w in e.witnesses} and kind in (None, e.type)]


def test_without_corrections_no_row_is_marked(run):
    out, warnings = run()
    assert all(e.corrections == [] for e in out.events)
    assert warnings == []
    (visit,) = told_by(out, "a.txt", "b.txt", kind="visit")
    assert visit.event_id == "2024-06-18-visit-pyongyang"


def test_an_empty_file_changes_nothing(run):
    assert [e.event_id for e in run("")[0].events] == [e.event_id for e in run()[0].events]
    assert run("veto:\n")[1] == []


def test_a_fixed_date_comes_before_annotation(run):
    out, warnings = run("articles:\n  - article: d.txt\n    published: 2024-06-17\n    reason: printed on the page\n")
    assert not warnings
    (row,) = told_by(out, "d.txt", kind="visit")
    assert row.date.start == dt.date(2024, 6, 20)
    assert row.corrections[0]["kind"] == "articles"
    assert row.corrections[0]["reason"] == "printed on the page"
    annotation = next(a for a in out.annotations if a.article.article == "d.txt")
    assert annotation.published.value.start == dt.date(2024, 6, 17)
    assert "printed on the page" in annotation.published.reasons[0]


def test_a_veto_by_passage_and_by_id(run):
    out, warnings = run("veto:\n  - {event: {article: a.txt, evidence: وصل الرئيس الروسي}, reason: a hoax}\n")
    assert not warnings
    assert [e.event_id for e in out.vetoed] == ["2024-06-18-visit-pyongyang"]
    assert not told_by(out, "a.txt", kind="visit")
    by_id, _ = run("veto:\n  - {event: 2024-06-18-visit-pyongyang, reason: a hoax}\n")
    assert [e.event_id for e in by_id.events] == [e.event_id for e in out.events]
    assert by_id.vetoed[0].corrections[0]["reason"] == "a hoax"


def test_a_split_takes_one_row_apart_and_touches_no_other(run):
    before, _ = run()
    out, warnings = run(
        "split:\n  - events:\n      - {article: a.txt, evidence: وصل الرئيس الروسي}\n"
        "      - {article: b.txt, evidence: زار الرئيس الروسي}\n    reason: two visits\n"
    )
    assert not warnings
    assert not told_by(out, "a.txt", "b.txt")
    assert all("two visits" in told_by(out, name, kind="visit")[0].corrections[0]["reason"] for name in ("a.txt", "b.txt"))
    others = {e.event_id for e in before.events if not {"a.txt", "b.txt"} & set(e.articles)}
    assert others == {e.event_id for e in out.events if not {"a.txt", "b.txt"} & set(e.articles)}


def test_a_merge_joins_rows_and_keeps_the_old_id_as_an_alias(run):
    before, _ = run()
    (call,) = told_by(before, "c.txt", kind="call")
    out, warnings = run(
        f"merge:\n  - events: [2024-06-18-visit-pyongyang, {call.event_id}]\n    reason: they spoke when they met\n"
    )
    assert not warnings
    (row,) = told_by(out, "a.txt", "c.txt")
    assert call.event_id in row.aliases
    assert any("they spoke when they met" in why for why in row.why)
    assert row.corrections[0]["kind"] == "merge"
    assert len({e.event_id for e in out.events}) == len(out.events)


def test_cells_are_set_with_what_follows_from_them(run):
    out, warnings = run(
        "cells:\n  - event: 2024-06-18-visit-pyongyang\n"
        "    set: {status: planned, date: 2024-06-18..2024-06-19, place: Wonsan}\n    reason: seen\n"
    )
    assert not warnings
    (row,) = told_by(out, "a.txt", "b.txt")
    assert (row.status, row.cameo, row.places[0].name, row.country) == ("planned", "036", "Wonsan", "PRK")
    assert row.date.end == dt.date(2024, 6, 19)
    assert row.event_id == "2024-06-18-visit-wonsan"
    assert row.aliases == ["2024-06-18-visit-pyongyang"]
    assert {c["cell"]: c["was"] for c in row.corrections} == {"status": "occurred", "date": "2024-06-18", "place": "Pyongyang"}
    assert "Wonsan" in row.title_en


def test_an_id_of_corrected_output_is_understood(run):
    first = "cells:\n  - event: 2024-06-18-visit-pyongyang\n    set: {place: Wonsan}\n    reason: seen\n"
    out, warnings = run(first + "veto:\n  - {event: 2024-06-18-visit-wonsan, reason: no}\n")
    assert not warnings
    assert len(out.vetoed) == 1


def test_people_and_title_and_core(run):
    out, _ = run(
        "cells:\n  - event: {article: c.txt, evidence: اتصالا هاتفيا, type: call}\n"
        "    set: {people: [Sergey Lavrov, A. Nobody], title: A call, core: false, cameo: null}\n    reason: seen\n"
    )
    (row,) = told_by(out, "c.txt", kind="call")
    assert [(p.name, bool(p.id)) for p in row.people][1] == ("A. Nobody", False)
    assert (row.title_en, row.core, row.cameo) == ("A call", False, None)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("articles:\n  - {article: x.txt, published: 2024-06-17, reason: r}\n", "no article x.txt"),
        ("veto:\n  - {event: 2001-visit-mars, reason: r}\n", "no row is 2001-visit-mars"),
        ("veto:\n  - {event: {article: a.txt, evidence: غادر}, reason: r}\n", "no event has this passage"),
        ("veto:\n  - {event: {article: z.txt, evidence: غادر}, reason: r}\n", "no event was found in"),
        ("merge:\n  - {events: [2024-06-18-visit-pyongyang, gone], reason: r}\n", "this merge no longer fits"),
        ("split:\n  - {events: [{article: a.txt, span: [0, 9]}, {article: a.txt, evidence: وصل الرئيس}], reason: r}\n", "the same mention"),
        ("cells:\n  - {event: 2024-06-18-visit-pyongyang, set: {status: planned}, was: {status: possible}, reason: r}\n", "is not applied"),
        ("cells:\n  - {event: 2024-06-18-visit-pyongyang, set: {status: occurred}, was: {status: planned}, reason: r}\n", "not needed"),
        ("cells:\n  - {event: 2024-06-18-visit-pyongyang, set: {place: Atlantis}, reason: r}\n", "no gazetteer has 'Atlantis'"),
    ],
)
def test_what_no_longer_fits_is_a_warning_and_changes_nothing(run, text, says):
    before, _ = run()
    out, warnings = run(text)
    assert len(warnings) == 1
    assert says in warnings[0]
    assert "corrections.yaml:2:" in warnings[0]
    assert [e.event_id for e in out.events] == [e.event_id for e in before.events]
    assert all(e.corrections == [] for e in out.events)


def test_a_split_against_a_merge_is_told(run):
    pair = "[{article: a.txt, evidence: وصل}, {article: b.txt, evidence: زار}]"
    _, warnings = run(f"merge:\n  - {{events: {pair}, reason: r}}\nsplit:\n  - {{events: {pair}, reason: r}}\n")
    assert len(warnings) == 1
    assert "undone by a merge" in warnings[0]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("vetos:\n  - {event: x, reason: r}\n", 2),
        ("veto: x\n", 1),
        ("veto:\n  - {event: x}\n", 2),
        ("veto:\n  - {event: x, reason: }\n", 2),
        ("veto:\n  - event: {article: a.txt}\n    reason: r\n", 2),
        ("veto:\n  - event: {article: a.txt, evidence: x, kind: visit}\n    reason: r\n", 2),
        ("veto:\n  - event: {article: a.txt, evidence: x, type: visti}\n    reason: r\n", 2),
        ("veto:\n  - event: {article: a.txt, span: [9, 3]}\n    reason: r\n", 2),
        ("articles:\n  - article: a.txt\n    published: yesterday\n    reason: r\n", 3),
        ("merge:\n  - events: [x]\n    reason: r\n", 2),
        ("cells:\n  - event: x\n    reason: r\n    set:\n      status: done\n", 5),
        ("cells:\n  - event: x\n    reason: r\n    set: {confidence: 1}\n", 4),
        ("cells:\n  - event: x\n    reason: r\n    set: {core: maybe}\n", 4),
        ("cells:\n  - event: x\n    event: y\n    reason: r\n", 3),
        ("cells: [\n", 2),
        ("- veto\n", 1),
    ],
)
def test_a_wrong_file_is_a_usage_error_with_its_line(tmp_path, text, line):
    path = tmp_path / "c.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RuskorError) as caught:
        load_corrections(str(path))
    assert caught.value.code == ExitCode.USAGE
    assert f"c.yaml:{line}:" in caught.value.reason


def test_a_missing_file_is_a_usage_error(tmp_path):
    with pytest.raises(RuskorError) as caught:
        load_corrections(str(tmp_path / "none.yaml"))
    assert caught.value.code == ExitCode.USAGE


def test_names_of_articles():
    assert same_article("x/a.txt", "a.txt")
    assert same_article("a.txt", "x/y/a.txt")
    assert not same_article("a.txt", "ba.txt")


def _cli(arguments, cwd, env=None):
    from ruskor.cli.edge import main as edge

    ctx = Context(stdin=io.BytesIO(), stdout=io.BytesIO(), stderr=io.BytesIO(), cwd=cwd, env=env or {})
    code = edge([str(a) for a in arguments], context=ctx)
    return code, ctx.stdout.getvalue().decode(), ctx.stderr.getvalue().decode()


def test_the_command_line(folder, tmp_path):
    file = tmp_path / "c.yaml"
    file.write_text(
        "cells:\n  - {event: 2024-06-18-visit-pyongyang, set: {status: planned}, reason: seen}\n"
        "veto:\n  - {event: {article: c.txt, evidence: اتصالا هاتفيا, type: call}, reason: wrong}\n  - {event: gone, reason: old}\n",
        encoding="utf-8",
    )
    code, out, err = _cli(["extract", folder, "-f", "json", "--corrections", file], tmp_path)
    assert code == 0
    rows = {row["event_id"]: row for row in json.loads(out)}
    assert rows["2024-06-18-visit-pyongyang"]["corrections"] == [
        {"kind": "cells", "line": 2, "cell": "status", "was": "occurred", "value": "planned", "reason": "seen"}
    ]
    assert not [row for row in rows.values() if row["type"] == "call"]
    assert "left out: wrong" in err
    assert "c.yaml:5: this veto no longer fits: no row is gone" in err
    same = _cli(["extract", folder, "-f", "json"], tmp_path, {"RUSKOR_CORRECTIONS": str(file)})
    assert same[1] == out


def test_csv_has_no_new_column(folder, tmp_path):
    file = tmp_path / "c.yaml"
    file.write_text("veto:\n  - {event: 2024-06-18-visit-pyongyang, reason: r}\n", encoding="utf-8")
    with_file = _cli(["extract", folder, "-f", "csv", "--corrections", file], tmp_path)[1]
    assert with_file.splitlines()[0] == _cli(["extract", folder, "-f", "csv"], tmp_path)[1].splitlines()[0]


def test_a_wrong_file_ends_the_command(folder, tmp_path):
    file = tmp_path / "c.yaml"
    file.write_text("veto: 3\n", encoding="utf-8")
    code, out, err = _cli(["extract", folder, "--corrections", file], tmp_path)
    assert code == ExitCode.USAGE
    assert out == ""
    assert "c.yaml:1:" in err


def test_a_stores_rows_are_corrected_as_they_are_read(folder, tmp_path):
    file, db = tmp_path / "c.yaml", tmp_path / "s.db"
    file.write_text(
        "cells:\n  - {event: {article: a.txt, evidence: وصل}, set: {status: planned}, reason: seen}\n"
        "veto:\n  - {event: {article: c.txt, evidence: اتصالا هاتفيا, type: call}, reason: wrong}\n"
        "articles:\n  - {article: d.txt, published: 2024-06-17, reason: r}\n",
        encoding="utf-8",
    )
    assert _cli(["ingest", folder, "--db", db], tmp_path)[0] == 0
    code, out, err = _cli(["extract", "--db", db, "-f", "json", "--corrections", file], tmp_path)
    assert code == 0
    rows = json.loads(out)
    (visit,) = [row for row in rows if row["corrections"]]
    assert (visit["status"], visit["type"]) == ("planned", "visit")
    assert not [row for row in rows if row["type"] == "call"]
    assert "c.yaml:6: a fixed date is not applied" in err
