"""What a terminal shows: widths, directions, colours, boxes, progress, completion, and the words of both languages."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import TEXT, Result, day, make_event

from ruskor.context import Context
from ruskor.interface import LANGUAGES, load_words
from ruskor.lexicon import load_yaml
from ruskor.model import Interval, Participant
from ruskor.spark import counts, make_scale, sparkline
from ruskor.summary import pairs
from ruskor.terminal import Grid, Heading, Marked, Text, draw

ROOT = Path(__file__).parents[1]
Cli = Callable[..., Result]
RLI, LRI, PDI = "\u2067", "\u2066", "\u2069"
COMMANDS = [
    ["extract"], ["summary"], ["articles"], ["show"], ["people", "Putin"], ["places", "Vladivostok"],
    ["show", "2019-04-25-visit-vladivostok"],
]  # fmt: skip


def plain(text: str) -> str:
    return re.sub(f"\x1b\\[[0-9;]*[mK]|[{RLI}{LRI}{PDI}\r]", "", text)


def width(line: str) -> int:
    return sum(not unicodedata.combining(char) for char in plain(line))


def arguments(command: list[str], folder: Path) -> list[Any]:
    return [command[0], folder / "a.txt"] if command == ["show"] else [*command, folder]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("columns", [44, 80, 120, 200])
def test_every_command_fits_its_terminal(cli: Cli, fake: Any, folder: Path, command: list[str], lang: str, columns: int) -> None:
    result = cli(*arguments(command, folder), "--lang", lang, tty=True, columns=columns)
    assert result.code == 0, result.err
    lines = result.out.splitlines()
    assert max(map(width, lines)) <= columns
    for line in lines:
        depth = 0
        for char in line:
            depth += (char in RLI + LRI) - (char == PDI)
            assert depth >= 0
        assert depth == 0, "every isolate is closed in its line"


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_pipe_gets_neither_marks_nor_colours_nor_cuts(cli: Cli, fake: Any, folder: Path, command: list[str], lang: str) -> None:
    result = cli(*arguments(command, folder), "-f", "table", "--lang", lang)
    assert not set(f"\x1b{RLI}{LRI}{PDI}…") & set(result.out)
    assert all(line == line.rstrip() for line in result.out.splitlines())
    narrow = cli(*arguments(command, folder), "-f", "table", "--lang", lang, columns=60)
    assert max(map(width, narrow.out.splitlines())) <= 60, "COLUMNS is obeyed in a pipe too"


def test_a_file_gets_what_a_pipe_gets(cli: Cli, fake: Any, folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "table.txt"
    assert cli("extract", folder, "-o", target, "--lang", "ar", tty=True, columns=44).code == 0
    assert target.read_text(encoding="utf-8") == cli("extract", folder, "-f", "table", "--lang", "ar").out


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_colour_and_dumb_terminals(cli: Cli, fake: Any, folder: Path, command: list[str]) -> None:
    assert "\x1b[" in cli(*arguments(command, folder), tty=True).out
    quiet = cli(*arguments(command, folder), tty=True, env={"NO_COLOR": "1"}).out
    assert "\x1b[" not in quiet
    dumb = cli(*arguments(command, folder), "--lang", "ar", tty=True, env={"TERM": "dumb"}).out
    assert not set(f"\x1b{RLI}{LRI}{PDI}") & set(dumb)


def test_errors_and_warnings_are_boxes_only_on_a_terminal(cli: Cli, fake: Any, folder: Path) -> None:
    boxed = cli("show", "nothing", folder, tty=True)
    assert "╭─" in boxed.err
    assert "ruskor: error" in boxed.err
    assert "\x1b[31m" in boxed.err
    assert "\x1b[" not in cli("show", "nothing", folder, tty=True, env={"NO_COLOR": "1"}).err
    for result in (cli("show", "nothing", folder), cli("show", "nothing", folder, tty=True, env={"TERM": "dumb"})):
        assert result.err.startswith("ruskor: error: nothing: no article or event of that name")
        assert "╭" not in result.err
    warned = cli("extract", folder, "--published", "2019-04-26", tty=True)
    assert "ruskor: warning" in warned.err
    assert "╭─" in warned.err
    assert "\u202e" not in cli("show", "a\u202eb\x1b]0;x\x07", folder, tty=True).err


def test_arabic_pages_are_read_from_the_right() -> None:
    grid = Grid([["أ ب", "2019-04-25", "x"], ["كيم جونغ أون في موسكو", "c", "3"]], header=("واحد", "اثنان", "ثلاثة"), right=frozenset({2}))
    drawn = draw([Heading("عنوان"), Text("plain"), grid], columns=40, isolates=True, mirror=True)
    heading, text, header, *_ = drawn.splitlines()
    assert heading == " " * 35 + f"{RLI}عنوان{PDI}", "spaces at a line's end would move the text to the left"
    assert text == " " * 35 + "plain"
    assert header.index("ثلاثة") < header.index("اثنان") < header.index("واحد"), "the first column stands at the right"
    assert all(width(line) == 40 for line in drawn.splitlines())
    assert draw([grid], columns=40, mirror=True) == draw([grid], columns=40), "not off a terminal"


def test_a_quotation_in_an_english_sentence() -> None:
    drawn = draw([Grid([["because", "«12 سبتمبر» is a demand on the day"]])], columns=60, isolates=True)
    assert f"{LRI} {RLI}«12 سبتمبر»{PDI} is a demand on the day" in drawn


def test_marked_text_keeps_its_places() -> None:
    cell = Marked("زار بوتين موسكو", ((4, 9, "green"), (10, 15, "yellow")))
    drawn = draw([Grid([[cell]])], columns=40, colour=True)
    assert "\x1b[32mبوتين\x1b[0m" in drawn
    assert "\x1b[33mموسكو\x1b[0m" in drawn
    assert plain(drawn).strip() == cell.text
    assert "\x1b]0" not in draw([Grid([[Marked("a\x1b]0;x\x07b\u202e", ((1, 3, "red"),))]])], columns=40, colour=True)


def test_article_is_coloured_and_explained(cli: Cli, fake: Any, folder: Path) -> None:
    out = cli("show", folder / "a.txt", tty=True, columns=100).out
    assert "\x1b[32mبوتين" in out
    assert "\x1b[33mفلاديفوستوك" in out
    assert "\x1b[36m25 أبريل 2019" in out
    assert "\x1b[1;35mزار" in out, "the word that names the event"
    told = plain(out)
    assert re.search(r"type +│ visit +│ +«زار» +│ 0-3", told)
    assert re.search(r"date +│ 2019-04-25 +│ +«25 أبريل 2019» +│ 26-39", told)


def test_both_languages_have_the_same_words() -> None:
    english, arabic = (load_yaml(ROOT / "data" / "interface" / f"terminal-{lang}.yaml") for lang in LANGUAGES)
    assert {group: list(words) for group, words in english.items()} == {group: list(words) for group, words in arabic.items()}
    for group, words in english.items():
        for name, word in words.items():
            assert isinstance(word, str), (group, name)
            assert isinstance(arabic[group][name], str)
            assert set(re.findall(r"{\w+}", word)) == set(re.findall(r"{\w+}", arabic[group][name])), (group, name)
            assert not re.search("[A-Za-z]{2}", re.sub(r"{\w+}|all|TERM", "", arabic[group][name])), (group, name)
    # A table's labels stand in cells, whose width is counted in letters.
    assert not [word for word in arabic["column"].values() if any(map(unicodedata.combining, word))]


def test_every_word_that_the_code_asks_for_exists() -> None:
    for lang in LANGUAGES:
        table = load_words(lang).table
        for path in (ROOT / "src" / "ruskor").rglob("*.py"):
            for group, name in re.findall(r'(?:word|fill)\(f?"([a-z_]+)\.([a-z_]+)"', path.read_text(encoding="utf-8")):
                assert name in table[group], f"{path.name}: {group}.{name}"


@pytest.mark.parametrize(
    ("start", "end", "precision", "expected"),
    [
        ("2019-04-25", "2019-04-25", "day", "25 أبريل 2019"),
        ("2024-06-18", "2024-06-19", "day", "18–19 يونيو 2024"),
        ("2024-06-30", "2024-07-02", "day", "30 يونيو – 2 يوليو 2024"),
        ("2023-12-30", "2024-01-02", "day", "30 ديسمبر 2023 – 2 يناير 2024"),
        ("2023-07-01", "2023-07-31", "month", "يوليو 2023"),
        ("2023-06-01", "2023-08-31", "season", "يونيو – أغسطس 2023"),
        ("2000-01-01", "2000-12-31", "year", "2000"),
        ("1990-01-01", "1999-12-31", "multi-year", "1990–1999"),
        ("2024-10-28", None, "day", "منذ 28 أكتوبر 2024"),
        ("2022-02-01", None, "month", "منذ فبراير 2022"),
    ],
)
def test_arabic_dates(start: str, end: str | None, precision: Any, expected: str) -> None:
    value = Interval(date.fromisoformat(start), date.fromisoformat(end) if end else None, precision)
    assert load_words("ar").days(value) == expected
    assert load_words("ar").days(None) == "بلا تاريخ"


@pytest.mark.parametrize(
    ("number", "expected"), [(1, "مقالة واحدة"), (2, "مقالتان"), (5, "5 مقالات"), (11, "11 مقالة"), (103, "103 مقالات")]
)
def test_arabic_counts(number: int, expected: str) -> None:
    assert load_words("ar").count(number, "article") == expected


def test_sparklines() -> None:
    days = [day("2024-01-03"), day("2024-01-09"), day("2024-03-01")]
    scale = make_scale(days)
    assert scale is not None
    assert (scale.step, scale.starts()) == (1, ["2024-01", "2024-02", "2024-03"])
    assert counts(days, scale) == [2, 0, 1]
    assert sparkline([2, 0, 1]) == "█·▄"
    assert sparkline([2, 0, 1], most=8) == "▂·▁"
    assert make_scale([]) is None
    wide = make_scale([day("1900-01-01"), day("2024-01-01")])
    assert wide is not None
    assert wide.size <= 26
    assert wide.step % 12 == 0
    many = [Interval(date(2024, 1, 1) + timedelta(k), date(2024, 1, 1) + timedelta(k), "day") for k in range(0, 300, 10)]
    assert make_scale([day("1950-06-25"), *many]) == make_scale(many), "one event of long ago does not press the others together"
    year = Interval(date(2024, 1, 1), date(2025, 12, 31), "multi-year")
    assert scale.place(year) is None, "what is no better than two years has no month"


def test_pairs_that_met_most() -> None:
    kim, putin, lavrov = (Participant(name, None, "actor", "person") for name in ("Kim Jong Un", "Vladimir Putin", "Sergey Lavrov"))
    visit = make_event("v", people=[kim, putin])
    summit = make_event("s", people=[kim, putin], type="summit", part_of="v")
    plan = make_event("p", people=[kim, lavrov], status="planned", type="meeting")
    talk = make_event("t", people=[kim, lavrov], type="statement")
    assert pairs([visit, summit, plan, talk]) == [
        {"people": ["Kim Jong Un", "Vladimir Putin"], "met": 1, "other": 0, "last": day("2019-04-25").to_json()},
        {"people": ["Kim Jong Un", "Sergey Lavrov"], "met": 0, "other": 1, "last": None},
    ]


def test_summary_in_arabic(cli: Cli, fake: Any, folder: Path) -> None:
    out = cli("summary", folder, "--lang", "ar").out
    for words in ("مقالتان", "حدث واحد", "● وقع", "بوتين يزور فلاديفوستوك", "الأكثر لقاء", "فلاديمير بوتين", "25 أبريل 2019"):
        assert words in out, words
    assert "Putin" not in out


def test_places_of_the_summary_are_counted_alike(cli: Cli) -> None:
    found = json.loads(cli("summary", ROOT / "seeds", "-f", "json").out)
    assert found["places"]
    assert all(row["articles"] <= row["mentions"] for row in [*found["places"], *found["people"]])


def test_near_copies_are_named(cli: Cli, fake: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ruskor import table

    monkeypatch.setattr(table, "near_copies", lambda _: {"b/c.txt": "a.txt"})
    rows = json.loads(cli("articles", folder, "-f", "json").out)
    assert [row["copy_of"] for row in rows] == [None, "a.txt"]
    assert "near copy of" in cli("articles", folder, "-f", "table").out
    assert len(plain(cli("articles", folder, tty=True, columns=70).out).splitlines()) == 4, "one line an article"


def test_progress_line(tmp_path: Path) -> None:
    import io

    from ruskor.cli.progress import Progress

    for name in ("a.txt", "b.txt", "c.txt", "d.txt", ".hidden", "a.txt.yaml"):
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    err = io.BytesIO()
    ctx = Context(io.BytesIO(), io.BytesIO(), err, stderr_tty=True, stderr_columns=100)
    with Progress(ctx, [str(tmp_path)]) as progress:
        progress.step(1000)
        assert not err.getvalue(), "nothing in the first second"
        progress.begun -= 2
        progress.step(1000)
        line = err.getvalue().decode()
        assert "━━━━━━━━━━━━╌╌╌╌╌╌╌╌╌╌╌╌  50%" in line
        for words in ("2 of 4 articles", "MB", "/s", "0:02 left"):
            assert words in line, words
        ctx.stderr_columns = 20
        assert len(progress.line(2.0)) < 20
    assert err.getvalue().endswith(b"\r\x1b[K"), "it erases itself"
    (tmp_path / "e.jsonl").write_text("{}", encoding="utf-8")
    other = Progress(ctx, [str(tmp_path)])
    other.begun -= 2
    other.step(10)
    assert other.total is None, "how many articles a file of records holds is not known before"
    quiet = Progress(Context(io.BytesIO(), io.BytesIO(), io.BytesIO(), progress=False), ["-"])
    quiet.begun -= 2
    quiet.step(1)
    assert not quiet.ctx.stderr.getvalue()  # type: ignore[attr-defined]


def complete(cli: Cli, *words: str, **env: str) -> list[str]:
    result = cli(*words, env={"_RUSKOR_COMPLETE": "1", **env})
    assert result.code == 0
    assert not result.err
    return result.out.splitlines()


def test_completion_of_commands_and_options(cli: Cli) -> None:
    assert complete(cli, "su") == ["summary"]
    assert {"people", "places", "extract"} <= set(complete(cli, ""))
    assert complete(cli, "data", "") == ["check", "search"]
    assert complete(cli, "extract", "--publ") == ["--published", "--published-column"]
    assert complete(cli, "extract", "--type", "su") == ["summit"]
    assert complete(cli, "extract", "--lang=") == ["--lang=en", "--lang=ar"]
    assert complete(cli, "extract", "--status", "den") == ["denied"]
    assert complete(cli, "extract", "--topic", "") == sorted(p.stem for p in (ROOT / "data" / "topics").glob("*.yaml"))
    assert complete(cli, "extract", "") == [":files"]
    assert complete(cli, "extract", "--db", "x") == [":files"]
    assert complete(cli, "nonsense", "x") == []
    assert complete(cli, "people", "--db", "/nonexistent.db", "K") == []


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("store")
    (root / "a.txt").write_bytes(min((ROOT / "seeds").glob("*.txt")).read_bytes())
    command = [sys.executable, "-m", "ruskor", "ingest", str(root / "a.txt"), "--db", str(root / "s.db")]
    subprocess.run(command, check=True, capture_output=True, env={"PYTHONPATH": str(ROOT / "src"), "HOME": str(root)}, timeout=120)
    return root / "s.db"


def test_completion_from_a_store(cli: Cli, store: Path) -> None:
    assert complete(cli, "people", "--db", str(store), "Pu") == ["Vladimir Putin"]
    assert "Vladivostok" in complete(cli, "places", "V", RUSKOR_DB=str(store))
    assert complete(cli, "extract", "--person", "vlad", RUSKOR_DB=str(store)) == ["Vladimir Putin"]
    shown = complete(cli, "show", "2019", RUSKOR_DB=str(store))
    assert any(word.startswith("2019-04-25-summit") for word in shown)
    assert shown[-1] == ":files"
    assert complete(cli, "forget", "", RUSKOR_DB=str(store)) == ["a.txt"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(cli: Cli, shell: str) -> None:
    script = cli("completion", shell).out
    assert "_RUSKOR_COMPLETE=1" in script
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    subprocess.run([shell, "-n"], input=script.encode(), check=True, timeout=20)
    assert cli("completion", "tcsh").code == 2


def test_notebooks(fake: Any, folder: Path) -> None:
    pytest.importorskip("pandas")
    import ruskor

    fake["events"] = [make_event(title_en='<script>alert(1)</script>"', places=[]), make_event("b", date=None)]
    html = ruskor.extract(folder)._repr_html_()
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "2 articles: 2 events" in html
    assert 'dir="auto"' in html
    assert 'dir="rtl" lang="ar"' in ruskor.extract(folder, lang="ar")._repr_html_()


def test_timelinejs(cli: Cli, fake: Any, folder: Path) -> None:
    fake["events"] = [
        make_event(title_en="<img src=x>"),
        make_event("b", date=None),
        make_event("c", date=Interval(date(2023, 7, 1), date(2023, 7, 31), "month")),
    ]
    result = cli("extract", folder, "-f", "timelinejs")
    first, last = json.loads(result.out)["events"]
    assert first["start_date"] == {"year": 2019, "month": 4, "day": 25}
    assert first["text"]["headline"] == "&lt;img src=x&gt;"
    assert "زار بوتين فلاديفوستوك" in first["text"]["text"]
    assert last["start_date"] == {"year": 2023, "month": 7}
    assert "1 undated event" in result.err
