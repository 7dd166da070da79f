"""The documents: every example runs, every column and page of the code is in them, outputs fit the published schemas, the site builds."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from conftest import SEEDS, Result

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
Cli = Callable[..., Result]


def blocks_of(page: Path, language: str) -> list[str]:
    """The fenced blocks of a language on a page, without the indentation that they have within a list."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    return [re.sub(f"(?m)^{indent}", "", text) for indent, text in found]


def blocks(language: str) -> list[Any]:
    """Each fenced block of a language, with its page and number as id."""
    out = []
    for page in PAGES:
        out += [pytest.param(text, id=f"{page.stem}-{k}") for k, text in enumerate(blocks_of(page, language), 1)]
    return out


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the seeds and a `ruskor` of this checkout, as a reader of the documents has it."""
    root = tmp_path_factory.mktemp("docs")
    shutil.copytree(SEEDS, root / "seeds")
    for name, page in (("corrections.yaml", "corrections.md"), ("mine.yaml", "howto/gazetteer.md")):
        (root / name).write_text(blocks_of(DOCS / page, "yaml")[0], encoding="utf-8")
    # The store of docs/store.md, for its example in Python.
    command = [sys.executable, "-m", "ruskor", "ingest", "seeds", "--db", "ruskor.db", "-q"]
    subprocess.run(command, check=True, cwd=root, env={**os.environ, "PYTHONPATH": str(ROOT / "src")})
    (root / "bin").mkdir()
    program = root / "bin" / "ruskor"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m ruskor "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    return root


def environment(place: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("RUSKOR_", "COLUMNS"))}
    return kept | {"PYTHONPATH": str(ROOT / "src"), "PATH": f"{place / 'bin'}:{os.environ['PATH']}"}


@pytest.mark.parametrize("text", blocks("console"))
def test_console_examples_run(text: str, place: Path) -> None:
    commands = [line[2:] for line in text.splitlines() if line.startswith("$ ")]
    assert commands
    if not shutil.which("bash"):
        pytest.skip("bash is not installed")
    for command in commands:
        done = subprocess.run(["bash", "-c", command], capture_output=True, check=False, cwd=place, env=environment(place), timeout=120)
        assert done.returncode == 0, f"{command}\n{done.stderr.decode()}"
        assert b"Traceback" not in done.stderr
        if not re.search(r"(-o|>|ingest|changes|forget|backup|split|check)\s?", command):
            assert done.stdout, f"{command}: no output"


@pytest.mark.parametrize("text", blocks("python"))
def test_python_examples_run(text: str, place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("pandas")
    monkeypatch.chdir(place)
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "src"))
    exec(compile(text, "example", "exec"), {})
    assert capsys.readouterr().out


def test_no_example_stands_outside_the_tests() -> None:
    """Commands and code are in fenced blocks, which run; only what cannot run here is indented instead."""
    left = [
        r"make (table|test)", r"(pip|pipx) install .*",  # they make an environment of their own
        r"15 3 \* \* \* .*",  # a crontab
        r"python scripts/(evaluate|train)_ner\.py .*",  # on corpora that others own
        r"ruskor .*s3://.*",  # on a cluster
        r"ruskor( [a-z]+)+( [A-Z\[<].*)?( -o FILE)?", r"ruskor COMMAND .*",  # how a command is called
    ]  # fmt: skip
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        assert set(re.findall(r"^ *```(\w+)", text, re.MULTILINE)) <= {"console", "python", "yaml", "text"}, page.name
        for line in re.sub(r"^ *```.*?^ *```", "", text, flags=re.DOTALL | re.MULTILINE).splitlines():
            if re.match(r" {4,}(\$|>>>|ruskor |python |pip|make|sqlite3 |import |\d+ \d+ \*)", line):
                assert any(re.fullmatch(pattern, line.strip()) for pattern in left), f"{page.name}: {line}"


@pytest.mark.parametrize("text", blocks("yaml"))
def test_yaml_examples_are_read(text: str, tmp_path: Path) -> None:
    import yaml

    assert yaml.safe_load(text.replace("…", "call"))


def test_corrections_configuration_and_gazetteers_of_the_pages_are_valid(cli: Cli, place: Path, tmp_path: Path) -> None:
    from ruskor.corrections import load_corrections

    assert load_corrections(str(place / "corrections.yaml"))
    (tmp_path / "names.yaml").write_text(blocks_of(DOCS / "names.md", "yaml")[0], encoding="utf-8")
    for file in (place / "mine.yaml", tmp_path / "names.yaml"):
        checked = cli("data", "check", file)
        assert checked.code == 0, checked.out
    (tmp_path / "ruskor.yaml").write_text(blocks_of(DOCS / "cli.md", "yaml")[0], encoding="utf-8")
    told = [json.loads(line) for line in cli("extract", SEEDS).out.splitlines()]
    assert {row["type"] for row in told} == {"visit", "summit"}
    assert re.search("[\u0621-\u064a]", told[0]["title"])


def test_pages_from_the_code_are_current() -> None:
    made = script("build_docs")
    for name, make in made.PAGES.items():
        assert (DOCS / "reference" / name).read_text(encoding="utf-8") == make(), f"{name}: run python scripts/build_docs.py"


def test_every_column_has_its_meaning() -> None:
    from ruskor.lexicon import load_yaml

    words = load_yaml(ROOT / "data" / "columns.yaml")
    tables = script("build_docs").table_columns()
    assert list(words) == list(tables)
    for name, columns in tables.items():
        assert list(words[name]) == list(columns), name
        assert all(isinstance(meaning, str) and len(meaning) > 2 for meaning in words[name].values())


def test_every_format_is_documented() -> None:
    from ruskor.cli import commands
    from ruskor.cli.completion import _FORMATS

    known = {*commands._TABLES, *commands._WHOLE, *commands._FOREIGN}
    assert set(_FORMATS) == known
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert not [form for form in known if not re.search(rf"(`|-f |\.){form}\b", text)]


def test_readme_has_the_output_and_the_figures() -> None:
    """The parts have the form that they would have now; their figures are those of the last run of the script."""
    made = script("update_readme")
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for name, make in made.PARTS.items():
        assert made.form(made.part(text, name)[2]) == made.form(make()), f"{name}: run python scripts/update_readme.py"


def validator(name: str) -> Any:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads((DOCS / "schema" / f"{name}.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("annotation", ["annotate", SEEDS]),
        ("annotation", ["annotate", SEEDS, "--with-text"]),
        ("event", ["extract", SEEDS, "--all", "-f", "jsonl"]),
        ("date", ["dates", "في سبتمبر من العام الماضي وبعد أيام", "--published", "2024-06-13", "--unresolved", "-f", "jsonl"]),
        ("summary", ["summary", SEEDS, "--lang", "ar", "-f", "json"]),
        ("dossier", ["people", "Putin", SEEDS, "-f", "json"]),
        ("dossier", ["people", "Angela Merkel", SEEDS, "-f", "json"]),
        ("dossier", ["places", "Russia", SEEDS, "--all", "-f", "json"]),
    ],
)
def test_output_fits_its_schema(cli: Cli, name: str, args: list[Any]) -> None:
    check, lines = validator(name), cli(*args).out.splitlines()
    assert lines
    for line in lines:
        check.validate(json.loads(line))


def test_schemas_know_every_word(cli: Cli) -> None:
    from typing import get_args

    from ruskor.lexicon import data_files, load_yaml
    from ruskor.model import Precision, Status
    from ruskor.table import EVENT_COLUMNS, EVENT_EXTRA

    schema = validator("event").schema
    assert list(schema["properties"]) == [*EVENT_COLUMNS, *EVENT_EXTRA]
    assert schema["$defs"]["status"]["enum"] == list(get_args(Status))
    assert schema["$defs"]["precision"]["enum"] == list(get_args(Precision))
    assert set(schema["$defs"]["type"]["enum"]) == set(load_yaml(data_files("codes.yaml")[0]))


def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    pytest.importorskip("mkdocs")
    pytest.importorskip("material")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")]
    done = subprocess.run(command, capture_output=True, check=False, cwd=ROOT, timeout=120, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"})
    assert done.returncode == 0, done.stderr.decode()
    assert not re.findall(r"WARNING.*", done.stderr.decode())
    page = (tmp_path / "site" / "ar.html").read_text(encoding="utf-8")
    assert 'dir="rtl"' in page
    assert "fonts.googleapis" not in page


def test_links_of_the_readme_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", (ROOT / "README.md").read_text(encoding="utf-8")):
        assert target.startswith("http") or (ROOT / target).exists(), target


def test_the_report_has_the_figures_that_are_measured() -> None:
    made = script("update_readme").report_figures()
    kept = json.loads((ROOT / "data" / "accuracy.json").read_text(encoding="utf-8"))
    assert kept["on"] == made["on"]
    assert [row["task"] for row in kept["figures"]] == [row["task"] for row in made["figures"]], "run python scripts/update_readme.py"
    for row in kept["figures"]:
        assert any(0 < (row.get(key) or 0) <= 1 for key in ("f1", "value"))
        assert not re.search("[A-Za-z]", row["task"]["ar"])
