"""The layers of the design: who may import whom, where pandas is met, and that words live in `data/`."""

# The names of a layer stand together, however long the line.
# ruff: noqa: E501, ISC004

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "ruskor"
# Up to three letters are grammar, and so is any set of letters that affixes are made of. Everything else is a word.
RUN = re.compile(r"[\u0621-\u064a\u066e-\u06d3]{4,}")
AFFIX_LETTERS = set("وفبلكسايىهتنمة")

# A module imports from its own layer and the ones before it, never from a later one, and nowhere in a circle.
LAYERS: list[tuple[str, str]] = [
    ("types and letters", "errors parallel model corpus arabic calendars yamlguard memory"),
    ("words of data/", "lexicon patterns spelling world world_build gazetteer gazetteer_build triggers modality offices romanise knownevents knowntitles"),
    ("one text", "document headings timex names dates days readers topic corrections titles codes nerfeatures nermodel"),
    ("one article", "cities discovery people places clock discourse engines dct entities eventwords scene lightverbs status frames mention times "
     "antecedents visits invitations acts completion dating mentions coreference journeys parts events annotation"),
    ("many articles", "copies tellings sameness undated fusion merge remerge rows cells corrected"),
    ("loaded once", "pipeline"),
    ("work on results", "withhold spill cluster run select table sheets export geojson sqlitefile directions polecat gdelt gold evaluate check store changes words"),
    (
        "outside",
        "safe context logs config terminal interface spark explain messages summary show dossier timelinejs display report progress api cli __main__",
    ),
]
LAYER_OF = {name: k for k, (_, names) in enumerate(LAYERS) for name in names.split()}
PANDAS_IN = {"table", "export", "api", "display"}
# What is still to be mended, so that nothing is added to it.
LATE_IMPORTS = {
    ("people", "discovery"),  # called inside a function; `discovery` needs people's types
    ("store", "show"),  # for what now stands in `withhold`
}
WORDS_ALLOWED = {"places.py": {"كوريا", "جانب"}, "build.py": {"أحداث"}}
# Sets of letters, not words.
LETTERS_ALLOWED = {"romanise.py": {"حعصضطظقءثذ", "أإآا", "أآاى", "الدين"}}


def modules() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


def module_of(path: Path) -> str:
    """The module or package directly below ruskor."""
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    """What is imported, wherever it stands, but for what only the type checker reads."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    hidden = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in hidden:
            continue
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def graph() -> dict[str, set[str]]:
    names = {module_of(path) for path in modules()}
    found: dict[str, set[str]] = {name: set() for name in names}
    for path in modules():
        for name in imports(path):
            parts = name.split(".")
            if parts[0] == "ruskor" and len(parts) > 1 and parts[1] in names and parts[1] != module_of(path):
                found[module_of(path)].add(parts[1])
    return found


def test_every_module_has_a_layer() -> None:
    missing = {module_of(path) for path in modules()} - set(LAYER_OF) - {"__init__"}
    assert not missing, f"add to LAYERS in this test: {sorted(missing)}"


def test_imports_go_down() -> None:
    wrong = [
        f"{module} ({LAYERS[LAYER_OF[module]][0]}) imports {other} ({LAYERS[LAYER_OF[other]][0]})"
        for module, others in sorted(graph().items())
        for other in sorted(others)
        if (module, other) not in LATE_IMPORTS and module in LAYER_OF and other in LAYER_OF and LAYER_OF[other] > LAYER_OF[module]
    ]
    assert not wrong, "\n".join(wrong)


def test_no_circle() -> None:
    left = {module: {o for o in others if (module, o) not in LATE_IMPORTS} - {"__init__"} for module, others in graph().items()}
    left.pop("__init__")
    while left:
        free = {module for module, others in left.items() if not others & set(left)}
        assert free, f"a circle among {sorted(left)}"
        left = {module: others for module, others in left.items() if module not in free}


@pytest.mark.parametrize("path", modules(), ids=lambda p: p.relative_to(SOURCE).as_posix())
def test_pandas_is_met_late(path: Path) -> None:
    if module_of(path) not in PANDAS_IN:
        assert not [name for name in imports(path) if name.split(".")[0] in {"pandas", "numpy"}]


def docstring_lines(tree: ast.AST) -> set[int]:
    lines: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            lines |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return lines


@pytest.mark.parametrize("path", modules(), ids=lambda p: p.relative_to(SOURCE).as_posix())
def test_arabic_words_live_in_data(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    documented = docstring_lines(ast.parse(source))
    found = [
        f"line {token.start[0]}: {word}"
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if token.type != tokenize.COMMENT and token.start[0] not in documented
        for word in RUN.findall(token.string)
        if set(word) - AFFIX_LETTERS and word not in WORDS_ALLOWED.get(path.name, set()) | LETTERS_ALLOWED.get(path.name, set())
    ]
    assert not found, "\n".join(found)
