"""The command line as a user, a shell and a cron job meet it; the pipeline is made up, the streams are real bytes."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import SECRET, TEXT, Result, day, make_event

Cli = Callable[..., Result]


def test_no_arguments_is_a_usage_error(cli: Cli) -> None:
    result = cli()
    assert result.code == 2
    assert "Usage: ruskor" in result.err
    assert "extract" in result.err
    assert not result.out


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["extract"], "no article given"),
        (["nonsense"], "No such command"),
        (["extract", "x", "--nonsense"], "No such option"),
        (["extract", "x", "-f", "docx"], "no format of this command"),
        (["extract", "x", "-o", "table.docx"], "names no format"),
        (["extract", "x", "--type", "picnic"], "known: summit"),
        (["extract", "x", "--status", "maybe"], "known: occurred"),
        (["extract", "x", "--since", "yesterday"], "is no date"),
        (["extract", "x", "--since", "2024-02", "--until", "2024-01"], "--until is before --since"),
        (["extract", "x", "--published", "2024-13-01"], "is no date"),
        (["extract", "x", "--lang", "fr"], "known: en, ar"),
        (["extract", "x", "-0"], "belongs to --files-from"),
        (["extract", "x", "--files-from", "/nonexistent"], "cannot be read"),
        (["extract", "-", "--files-from", "-"], "standard input cannot be both"),
        (["show", "2019-04-25-visit"], "no such file"),
    ],
)
def test_usage_errors(cli: Cli, fake: dict[str, Any], args: list[str], words: str) -> None:
    result = cli(*args)
    assert result.code == 2, result.err
    assert words in result.err
    assert "Traceback" not in result.err
    assert not result.out


def test_extract_csv(cli: Cli, fake: dict[str, Any], folder: Path) -> None:
    result = cli("extract", folder)
    assert result.code == 0, result.err
    assert not result.err
    (row,) = csv.DictReader(io.StringIO(result.out))
    assert row["event_id"] == "2019-04-25-visit-vladivostok"
    assert row["people"] == "Vladimir Putin; Someone Else"
    assert row["people_ids"] == "Q7747; ", "empty slots are kept"
    assert row["core"] == "true"
    assert row["evidence"] == "زار بوتين فلاديفوستوك"
    assert row["articles"] == "a.txt; b/c.txt"
    assert row["date_end"] == "2019-04-25"
    assert b"\r" not in result.raw


@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_extract_json(cli: Cli, fake: dict[str, Any], folder: Path, form: str) -> None:
    out = cli("extract", folder, "-f", form).out
    (row,) = json.loads(out) if form == "json" else [json.loads(line) for line in out.splitlines()]
    assert row["people_ids"] == ["Q7747", None]
    assert row["core"] is True
    assert [m["article"] for m in row["mentions"]] == ["a.txt", "b/c.txt"]
    assert {"part_of", "history", "mentions"} <= set(row)


def test_same_input_same_bytes(cli: Cli, fake: dict[str, Any], folder: Path) -> None:
    for form in ("csv", "tsv", "json", "jsonl", "table", "parquet"):
        assert cli("extract", folder, "-f", form).raw == cli("extract", folder, "-f", form).raw


def test_exit_codes(cli: Cli, fake: dict[str, Any], folder: Path, tmp_path: Path) -> None:
    assert cli("extract", folder).code == 0
    assert cli("extract", folder, tmp_path / "missing").code == 1
    assert cli("extract", tmp_path / "missing").code == 3
    empty = tmp_path / "empty"
    empty.mkdir()
    result = cli("extract", empty)
    assert result.code == 3
    assert "no article" in result.err
    (folder / "bad.bin").write_bytes(b"\0\1\2")
    result = cli("extract", folder)
    assert result.code == 1
    assert "bad.bin: binary file" in result.err
    assert "2019-04-25-visit-vladivostok" in result.out, "the rest is written"
    junk = tmp_path / "junk"
    junk.mkdir()
    (junk / "a").write_bytes(b"\0\1\2")
    (junk / "b").write_bytes(b"")
    assert cli("extract", junk).code == 3


def test_a_bug_in_one_article_costs_that_article(cli: Cli, fake: dict[str, Any], folder: Path) -> None:
    fake["fail"].add("a.txt")
    result = cli("annotate", folder)
    assert result.code == 1
    assert "internal error: ValueError: a bug" in result.err
    assert "Traceback" not in result.err
    assert [json.loads(line)["article"] for line in result.out.splitlines()] == ["b/c.txt"]
    assert "Traceback" in cli("annotate", folder, "-v").err


def test_errors_file_and_quiet(cli: Cli, fake: dict[str, Any], folder: Path, tmp_path: Path) -> None:
    (folder / "bad.txt").write_bytes(b"")
    result = cli("extract", folder, "--errors", tmp_path / "errors.jsonl", "-q")
    assert result.code == 1
    assert "bad.txt: empty file" in result.err, "-q still says errors"
    (line,) = (tmp_path / "errors.jsonl").read_text().splitlines()
    assert json.loads(line)["reason"] == "empty file"
    (folder / "bad.txt").unlink()
    assert not cli("extract", folder, "--errors", tmp_path / "errors.jsonl", "-q", "--type", "summit").err
    assert (tmp_path / "errors.jsonl").read_text() == ""


def test_standard_input(cli: Cli, fake: dict[str, Any]) -> None:
    result = cli("annotate", "-", stdin=TEXT.encode("cp1256"))
    assert json.loads(result.out)["article"] == "-"
    assert json.loads(result.out)["people"][0]["text"] == "بوتين"
    assert cli("extract", "-", stdin=b"").code == 3


def test_files_from(cli: Cli, fake: dict[str, Any], folder: Path, tmp_path: Path) -> None:
    names = [str(folder / "a.txt"), str(folder / "b" / "c.txt")]
    assert len(cli("annotate", "--files-from", "-", stdin="\n".join(names).encode()).out.splitlines()) == 2
    assert len(cli("annotate", "--files-from", "-", "-0", stdin="\0".join(names).encode()).out.splitlines()) == 2
    assert cli("annotate", "--files-from", "-").code == 3


def test_published_is_applied_and_warned_about(cli: Cli, fake: dict[str, Any], folder: Path) -> None:
    result = cli("annotate", folder, "--published", "2024-06-10..2024-06-16")
    assert all(json.loads(line)["published"]["end"] == "2024-06-16" for line in result.out.splitlines())
    assert "applied to 2 articles" in result.err
    assert not cli("annotate", folder / "a.txt", "--published", "2024-06-10").err


def test_output_files_are_atomic_and_named_by_suffix(cli: Cli, fake: dict[str, Any], folder: Path, tmp_path: Path) -> None:
    for name, start in (("t.csv", b"event_id,"), ("t.tsv", b"event_id\t"), ("t.json", b"["), ("t.jsonl", b"{"), ("t.parquet", b"PAR1")):
        result = cli("extract", folder, "-o", tmp_path / name)
        assert result.code == 0, result.err
        assert not result.out
        assert (tmp_path / name).read_bytes().startswith(start)
    before = (tmp_path / "t.csv").read_bytes()
    assert cli("extract", tmp_path / "missing", "-o", tmp_path / "t.csv").code == 3
    assert (tmp_path / "t.csv").read_bytes() == before, "nothing processed: the old file stays"
    assert cli("annotate", tmp_path / "missing", "-o", tmp_path / "t.jsonl").code == 3
    assert (tmp_path / "t.jsonl").read_bytes().startswith(b"{")
    assert not [p for p in tmp_path.iterdir() if p.name.endswith(".part")]
    assert cli("extract", folder, "-o", tmp_path / "no" / "t.csv").code == 2
    assert cli("extract", folder, "-o", "-", "-f", "json").out.startswith("[")
    mode = (tmp_path / "t.csv").stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    assert mode == 0o666 & ~mask


def test_parquet_has_lists(cli: Cli, fake: dict[str, Any], folder: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    table = parquet.read_table(io.BytesIO(cli("extract", folder, "-f", "parquet").raw))
    row = table.to_pylist()[0]
    assert row["people"] == ["Vladimir Putin", "Someone Else"]
    assert json.loads(row["mentions"])[0]["article"] == "a.txt"


def test_parquet_is_refused_on_a_terminal(cli: Cli, fake: dict[str, Any], folder: Path) -> None:
    result = cli("extract", folder, "-f", "parquet", tty=True)
    assert result.code == 2
    assert "terminal" in result.err


def test_empty_results_say_why(cli: Cli, fake: dict[str, Any], folder: Path) -> None:
    fake["events"] = [make_event(relevant=False, core=False), make_event(type="statement"), make_event(date=None)]
    result = cli("extract", folder, "--since", "2020-01-01")
    assert result.code == 0
    assert result.out.startswith("event_id,")
    assert len(result.out.splitlines()) == 1
    assert "0 of 2 articles' events: 1 outside the topic, 1 statements, see --all; 1 undated" in result.err
    assert not cli("extract", folder, "--since", "2020-01-01", "-q").err
    fake["events"] = []
    assert "none was found" in cli("extract", folder).err


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ([], {"a", "b", "d"}),
        (["--core"], {"a", "d"}),
        (["--all"], {"a", "b", "c", "d", "e"}),
        (["--type", "statement"], {"e"}),
        (["--type", "visit,summit"], {"a", "d", "b"}),
        (["--type", "summit", "--type", "visit"], {"a", "d", "b"}),
        (["--status", "planned"], {"b"}),
        (["--since", "2019-04-25", "--until", "2019-04-25"], {"a"}),
        (["--since", "2024-06"], {"b", "d"}),
        (["--until", "2019"], {"a"}),
        (["--person", "Putin"], {"a", "b"}),
        (["--person", "Q7747"], {"a", "b"}),
        (["--person", "بوتين"], {"a", "b"}),
        (["--person", "فلاديمير بوتين", "--person", "Someone Else"], {"a", "b"}),
        (["--person", "put"], set()),
        (["--place", "Vladivostok"], {"a", "b"}),
        (["--place", "روسيا"], {"a", "b"}),
        (["--place", "Q159"], {"a", "b"}),
        (["--place", "Pyongyang", "--status", "occurred"], set()),
    ],
)
def test_filters(cli: Cli, fake: dict[str, Any], folder: Path, args: list[str], expected: set[str]) -> None:
    fake["events"] = [
        make_event("a"),
        make_event("b", type="summit", status="planned", core=False, date=day("2024-06-19")),
        make_event("c", relevant=False, core=False, date=None, people=[]),
        make_event("d", people=[], places=[], date=day("2024-06-19").__class__(day("2024-06-19").start, None, "day")),
        make_event("e", type="statement", core=False, date=None, people=[]),
    ]
    result = cli("extract", folder, "-f", "jsonl", *args)
    assert {json.loads(line)["event_id"] for line in result.out.splitlines()} == expected, result.err


def test_withheld_lines_never_leave(cli: Cli, fake: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(f"{TEXT}{SECRET}\n{TEXT}", encoding="utf-8")
    for args in (["annotate", "--with-text"], ["show"], ["show", "-f", "json"], ["extract", "-f", "json"], ["articles"], ["summary"]):
        result = cli(args[0], file, *args[1:])
        assert SECRET not in result.out + result.err, args
    found = json.loads(cli("annotate", file, "--with-text").out)
    assert len(found["text"]) == len(file.read_text(encoding="utf-8"))
    (span,) = found["withheld"]
    assert found["text"][slice(*span)] == "*" * len(SECRET)
    assert f"[base64 line, {len(SECRET)} characters, withheld]" in cli("show", file).out


def test_table_on_a_terminal(cli: Cli, fake: dict[str, Any], folder: Path) -> None:
    for columns in (60, 80, 120, 200):
        result = cli("extract", folder, "--lang", "ar", tty=True, columns=columns)
        plain = [_plain(line) for line in result.out.splitlines()]
        assert max(map(len, plain)) <= columns
        assert "\u2067" in result.out
        for line in result.out.splitlines():
            assert line.count("\u2067") == line.count("\u2069")
            for cell in line.split("│"):
                assert cell.count("\u2067") <= 1, "one pair around a whole padded cell"
        assert "\x1b[" in result.out
    assert "\x1b[" not in cli("extract", folder, tty=True, env={"NO_COLOR": "1"}).out
    assert "\x1b[" not in cli("extract", folder, tty=True, env={"TERM": "dumb"}).out


def _plain(line: str) -> str:
    import re

    return re.sub("\x1b\\[[0-9;]*m|[\u2067\u2069]", "", line)


def test_table_in_a_pipe_is_plain_and_uncut(cli: Cli, fake: dict[str, Any], folder: Path) -> None:
    fake["events"] = [make_event(title_en="بوتين " * 60)]
    result = cli("extract", folder, "-f", "table")
    assert ("بوتين " * 60).strip() in result.out
    assert not set("\x1b\u2067\u2069") & set(result.out)
    assert all(line == line.rstrip() for line in result.out.splitlines())


def test_control_characters_never_reach_a_terminal(cli: Cli, fake: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "evil\x1b[31m.txt"
    file.write_text(f"\x1b]0;owned\x07\u202e{TEXT}\x9b2J", encoding="utf-8")
    fake["events"] = [make_event(title_en="a\x1b[2Jb", evidence=None)]
    for args in (["extract"], ["extract", "-f", "csv"], ["annotate"], ["articles"], ["show"], ["summary"]):
        result = cli(args[0], file, *args[1:], tty=True)
        assert "\x1b]0" not in result.out
        assert "\x1b[2J" not in result.out
        assert "\x1b[31m.txt" not in result.out + result.err
        assert "\u202e" not in result.out or args[0] == "annotate" or "csv" in args


def test_annotate_streams(cli: Cli, fake: dict[str, Any], folder: Path) -> None:
    result = cli("annotate", folder)
    first = json.loads(result.out.splitlines()[0])
    assert first["events"][0]["event_id"] == "E1"
    assert "text" not in first
    assert isinstance(json.loads(cli("annotate", folder, "-f", "json").out), list)


def test_articles(cli: Cli, fake: dict[str, Any], folder: Path) -> None:
    (folder / "2024-06-18.txt").write_text(TEXT, encoding="utf-8")
    (folder / "bad.txt").write_bytes(b"\0")
    result = cli("articles", folder)
    rows = list(csv.DictReader(io.StringIO(result.out)))
    assert [r["article"] for r in rows] == ["2024-06-18.txt", "a.txt", "b/c.txt", "bad.txt"]
    assert rows[0]["published_start"] == "2024-06-18"
    assert rows[0]["source"] == "metadata"
    assert rows[3]["error"]
    assert result.code == 1
    assert "binary" in cli("articles", folder, "-f", "table").out


def test_summary(cli: Cli, fake: dict[str, Any], folder: Path, disagreement: Any) -> None:
    fake["events"] = [make_event(disagreements=[disagreement]), make_event("b", date=None, status="planned")]
    result = cli("summary", folder)
    for words in (
        "2 articles",
        "2 events",
        "2019",
        "● occurred",
        "○ planned",
        "undated",
        "Vladimir Putin",
        "Vladivostok",
        "Disagreements (1)",
    ):
        assert words in result.out, words
    found = json.loads(cli("summary", folder, "-f", "json").out)
    assert found["timeline"][0]["month"] == "2019-04"
    assert found["people"][0] == {"name": "Vladimir Putin", "id": "Q7747", "events": 2, "articles": 2, "mentions": 2}


def test_show(cli: Cli, fake: dict[str, Any], folder: Path, disagreement: Any) -> None:
    fake["events"] = [make_event(disagreements=[disagreement], why=["same place and day"], part_of="x")]
    event = cli("show", "2019-04-25-visit-vladivostok", folder).out
    for words in ("Putin visits Vladivostok", "CAMEO 042", "History", "Witnesses", "same place and day", "26 April", "part of"):
        assert words in event, words
    assert cli("show", "2019-04-25-vis", folder).out == event, "a beginning is enough where it is clear"
    article = cli("show", "c", folder).out
    for words in ("b/c.txt", "because", "Vladimir Putin", "location", "E1"):
        assert words in article, words
    assert "بوتين" in cli("show", folder / "a.txt").out
    assert json.loads(cli("show", "a.txt", folder, "-f", "json").out)["article"] == "a.txt"
    wrong = cli("show", "2019-04-26-visit-vladivostok", folder)
    assert wrong.code == 2
    assert "perhaps: 2019-04-25-visit-vladivostok" in wrong.err


def test_dates(cli: Cli) -> None:
    result = cli("dates", "زار روسيا في 25 أبريل 2019", "-f", "json")
    assert json.loads(result.out)[0]["value"] == {"start": "2019-04-25", "end": "2019-04-25", "precision": "day"}
    assert (
        cli("dates", "-", stdin="زار روسيا أمس".encode(), env={"RUSKOR_PUBLISHED": "2019-04-26"}).out.splitlines()[1].split(",")[1]
        == "2019-04-25"
    )
    assert cli("dates", "زار روسيا أمس").code == 0
    assert "--published" in cli("dates", "زار روسيا أمس").err
    assert cli("dates", "أمس", "--published", "26.4.2019").code == 2
    assert "أمس" in cli("dates", "زار روسيا أمس", "--unresolved", "-f", "table").out


def test_configuration(cli: Cli, fake: dict[str, Any], folder: Path, tmp_path: Path) -> None:
    user = tmp_path / "home" / ".config" / "ruskor" / "ruskor.yaml"
    user.parent.mkdir(parents=True)
    user.write_text("format: tsv\nlang: ar\n", encoding="utf-8")
    assert cli("extract", folder).out.startswith("event_id\t")
    (tmp_path / "ruskor.yaml").write_text("format: jsonl\nextract:\n  format: json\n  type: [visit, summit]\n", encoding="utf-8")
    assert cli("extract", folder).out.startswith("[")
    assert json.loads(cli("extract", folder).out)[0]["title"].startswith("بوتين"), "the user's file still gives what ./ruskor.yaml does not"
    assert cli("extract", folder, env={"RUSKOR_FORMAT": "csv"}).out.startswith("event_id,")
    assert cli("extract", folder, "-f", "tsv", env={"RUSKOR_FORMAT": "csv"}).out.startswith("event_id\t")
    assert "من نوع آخر" in cli("extract", folder, env={"RUSKOR_TYPE": "summit;call"}).err
    (tmp_path / "ruskor.yaml").write_text("lang: en\ncolour: red\n", encoding="utf-8")
    result = cli("extract", folder)
    assert result.code == 2
    assert "ruskor.yaml:2: unknown option 'colour'" in result.err
    (tmp_path / "ruskor.yaml").write_text("lang: [", encoding="utf-8")
    assert "not valid YAML" in cli("extract", folder).err


def test_version_and_help(cli: Cli) -> None:
    result = cli("--version")
    assert result.code == 0
    assert result.out.startswith("ruskor ")
    assert "(data " in result.out


def test_broken_data_is_words(cli: Cli, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    from ruskor import pipeline
    from ruskor.errors import DataError

    def broken(**_: Any) -> None:
        raise DataError("data/people/x.yaml:3: not valid YAML")

    monkeypatch.setattr(pipeline, "load_pipeline", broken)
    result = cli("extract", folder)
    assert result.code == 2
    assert result.err.startswith("ruskor: error: data/people/x.yaml:3")


def test_interrupt(cli: Cli, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    from ruskor import pipeline

    def interrupted(**_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "load_pipeline", interrupted)
    result = cli("extract", folder)
    assert result.code == 130
    assert "interrupted" in result.err


def process(*args: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    source = str(Path(__file__).parents[1] / "src")
    env = {**os.environ, "PYTHONPATH": source, **options.pop("env", {})}
    return subprocess.run([sys.executable, "-m", "ruskor", *args], capture_output=True, check=False, env=env, timeout=60, **options)


def test_help_is_fast_and_loads_nothing_heavy() -> None:
    code = "import sys; from ruskor.cli import main; main(['--help']); print(sorted({m.split('.')[0] for m in sys.modules}))"
    source = str(Path(__file__).parents[1] / "src")
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, env={**os.environ, "PYTHONPATH": source}, timeout=60
    )
    for heavy in ("pandas", "numpy", "camel_tools", "pyarabic", "yaml", "torch"):
        assert f"'{heavy}'" not in done.stdout.decode().splitlines()[-1], heavy


def test_the_reader_of_the_pipe_goes_away(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("زار بوتين روسيا في 25 أبريل 2019. " * 20000, encoding="utf-8")
    source = str(Path(__file__).parents[1] / "src")
    with subprocess.Popen(
        [sys.executable, "-m", "ruskor", "dates", "-", "-f", "jsonl"], stdin=file.open("rb"),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": source},
    ) as child:  # fmt: skip
        assert child.stdout
        assert child.stderr
        child.stdout.readline()
        child.stdout.close()
        assert child.stderr.read() == b""
        assert child.wait(60) == 141


def test_any_locale() -> None:
    done = process("dates", "في 25 أبريل 2019", env={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"})
    assert "25 أبريل 2019" in done.stdout.decode("utf-8")
    assert done.returncode == 0
