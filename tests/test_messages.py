"""The interface's Arabic sentences: every message and reason that the code makes has one, and none is left of what it no longer says."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import SEEDS, Result, make_event

from ruskor.interface import load_words
from ruskor.lexicon import load_yaml
from ruskor.messages import translate, translate_value

ROOT = Path(__file__).parents[1]
Cli = Callable[..., Result]
ARABIC = load_words("ar")
CATALOGUE: dict[str, str] = load_yaml(ROOT / "data" / "interface" / "messages-ar.yaml")
# Which arguments of which calls are sentences for people.
CALLS = dict.fromkeys(("RuskorError", "ReadError", "DataError", "warn", "note", "say"), (0,)) | {"fail": (0, 1), "Failure": (2, 3)}
# Said by click, Typer, the system or the calendar, or put together from single words.
FOREIGN = re.compile(
    r"0 of 1 article's|No such (option|command)|Missing |Option |Got unexpected|Invalid value"
    r"|no such file or directory|permission|is a dir|[A-Z][a-z]+day$"
)
# Commands to type, findings that `data check` prints too, which has no language, and what only developers read.
LEFT = re.compile(
    r"^(ruskor: )?[7: ]+$|see .errors|local, dask|pip install|train it|no name model|reinstall"
    r"|^ruskor: error|Try 'ruskor|list of `figures`|CAMeL|--ner camel|not JSON|no such run|cannot be locked"
)


def strings(node: ast.AST) -> Iterator[str]:
    """The sentences that an argument can be, with a sample in each slot: `'x'` where the value is quoted, else `7`."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        slots = ("'x'" if getattr(v, "conversion", -1) == ord("r") else "7" for v in node.values)
        yield "".join(str(v.value) if isinstance(v, ast.Constant) else slot for v, slot in zip(node.values, slots, strict=True))
    elif isinstance(node, ast.IfExp):
        yield from strings(node.body)
        yield from strings(node.orelse)
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from strings(value)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "one_line":
        yield from strings(node.args[0])


def said() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "src" / "ruskor").rglob("*.py")):
        if "check" in path.parts:
            continue  # findings on YAML files name keys and lines, and are printed as data
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", None) or getattr(node.func, "attr", "")
                given = [node.args[k] for k in CALLS.get(name, ()) if k < len(node.args)]
                given += [word.value for word in node.keywords if word.arg == "hint" and name in CALLS]
                for sentence in (s for argument in given for s in strings(argument)):
                    if re.search("[a-z]{3}", sentence) and not LEFT.search(sentence):
                        yield sentence, f"{path.name}:{node.lineno}"


@pytest.mark.parametrize(("sentence", "where"), sorted(set(said())))
def test_every_message_has_its_arabic(sentence: str, where: str) -> None:
    for line in sentence.split("\n"):
        told = translate(line.strip().removeprefix("ruskor: "), ARABIC)
        assert re.search("[\u0621-\u064a]", told), f"{where}: add to data/interface/messages-ar.yaml: {line}"
        assert not re.search(r"\b(the|is|are|has|not|of|it)\b", told), f"{where}: half of it is English: {told}"


def test_nothing_is_left_of_what_the_code_no_longer_says() -> None:
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "src" / "ruskor").rglob("*.py")]
    values = [n.value for tree in trees for n in ast.walk(tree) if isinstance(n, ast.Constant)]
    known = "\n".join(value for value in values if isinstance(value, str)).casefold()
    for key in CATALOGUE:
        # A sentence may be put together from parts of the code: some three words of it stand there together.
        pieces = [piece.split() for piece in re.split(r"\{\w+\}|[«»:;,()]", key.casefold())]
        threes = [" ".join(piece[k : k + 3]) for piece in pieces for k in range(max(len(piece) - 2, min(len(piece), 1)))]
        assert any(three in known for three in threes if len(three) > 1) or not threes or FOREIGN.search(key), key


def test_both_sides_have_the_same_slots() -> None:
    for english, arabic in CATALOGUE.items():
        assert set(re.findall(r"{\w+}", english)) == set(re.findall(r"{\w+}", arabic)), english
        assert "\u2067" not in arabic, "isolates are put in by the terminal"


def test_no_reason_of_the_seeds_stays_english() -> None:
    import ruskor
    from ruskor.pipeline import load_pipeline
    from ruskor.run import run_paths

    assert ruskor
    run = run_paths(load_pipeline(), [str(SEEDS), str(ROOT / "tests" / "articles")], on_failure=lambda _: None)
    reasons = {r for a in run.annotations for r in [*a.published.reasons, *(rejected.why for rejected in a.published.rejected)]}
    reasons |= {why for event in run.events for why in event.why} | {d.text for event in run.events for d in event.disagreements}
    assert len(reasons) > 50
    for reason in reasons:
        # names of files, ids of known events and outlets stay
        left = re.sub(r"\S*[\d_./-]\S*|\"[^\"]*\"|«[^»]*»", "", translate(reason, ARABIC))
        assert not re.search(r"\b[a-z]{2,}\b", left), f"{reason}\n{translate(reason, ARABIC)}"


@pytest.mark.parametrize(
    ("english", "arabic"),
    [
        ("a/b.txt: empty file", "a/b.txt: ملف فارغ"),
        (
            "0 of 5 articles' events: 3 outside the topic, see --all; 2 undated",
            "لا صف من أحداث المقالات وعددها 5: 3 خارج الموضوع، انظر --all؛ 2 بلا تاريخ",
        ),
        ("18–19 June 2024 (a.txt) against 30 June – 2 July 2024 (b.txt)", "18–19 يونيو 2024 (a.txt) مقابل 30 يونيو – 2 يوليو 2024 (b.txt)"),
        ("Vladivostok (a.txt) against Moscow (b.txt)", "فلاديفوستوك (a.txt) مقابل موسكو (b.txt)"),
        ("what no catalogue knows", "what no catalogue knows"),
        ("", ""),
    ],
)
def test_slots_are_put_into_arabic_too(english: str, arabic: str) -> None:
    assert translate(english, ARABIC) == arabic
    assert translate(english, load_words("en")) == english


def test_values_are_put_into_arabic() -> None:
    assert [translate_value(v, ARABIC) for v in ("occurred", "Moscow", "25 April 2019", "?")] == ["وقع", "موسكو", "25 أبريل 2019", "?"]


def test_long_hostile_texts_are_done_at_once() -> None:
    assert translate("(" * 20_000 + ": " * 5_000, ARABIC)


def test_errors_and_reasons_are_arabic_at_the_edge_only(cli: Cli, fake: Any, folder: Path, tmp_path: Path) -> None:
    for given, env in ((["--lang", "ar"], {}), (["--lang=ar"], {}), ([], {"RUSKOR_LANG": "ar"})):
        assert cli("show", "nothing", folder, *given, env=env).err.startswith("ruskor: خطأ: nothing: لا مقالة ولا حدث بهذا الاسم")
    (folder / "empty.txt").write_text("", encoding="utf-8")
    assert "ملف فارغ" in cli("articles", folder, "-f", "table", "--lang", "ar").out
    (folder / "empty.txt").unlink()
    assert "لا خيار بهذا الاسم" in cli("extract", "--nonsense", folder, "--lang", "ar").err, "usage errors too"
    boxed = cli("extract", folder, "--published", "2019-04-26", "--lang", "ar", tty=True).err
    assert "تحذير" in boxed
    assert "\u2066--published\u2069" in boxed, "an option is read from the left"
    log = tmp_path / "log"
    cli("extract", folder, "--published", "2019-04-26", "--lang", "ar", "--log-file", log)
    assert "--published was applied to 2 articles" in log.read_text(encoding="utf-8"), "logs stay English"
    fake["events"] = [make_event(why=["2 mentions agree in travel of Vladimir Putin with dates and places that fit"])]
    told = cli("show", "2019-04-25-visit-vladivostok", folder, "--lang", "ar").out
    assert "عدد المواضع المتفقة 2، في السفر (فلاديمير بوتين)" in told
    assert "because" in json.loads(cli("annotate", folder / "a.txt", env={"RUSKOR_LANG": "ar"}).out)["published"]["reasons"]


@pytest.mark.parametrize("columns", [60, 120])
def test_tables_of_store_and_data_are_arabic(cli: Cli, fake: Any, folder: Path, tmp_path: Path, columns: int) -> None:
    db = tmp_path / "s.db"
    assert "التشغيل 1: جديدة 2" in cli("ingest", folder, "--db", db, env={"RUSKOR_LANG": "ar"}).err
    for command in (["changes", "--db", db], ["search", "بوتين", "--db", db], ["data", "search", "فلاديفوستوك"]):
        result = cli(*command, "-f", "table", "--lang", "ar", tty=True, columns=columns)
        assert result.code == 0, result.err
        header = re.sub("\x1b\\[[0-9;]*m|[\u2066-\u2069]", "", result.out.splitlines()[0])
        assert not re.search("[A-Za-z]", header), header
