"""Every command and option is documented, and nothing documented is missing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from ruskor.cli.app import command_line

ROOT = Path(__file__).parents[1]


def commands(command: Any, prefix: str = "") -> dict[str, Any]:
    out: dict[str, Any] = {}
    for name, inner in command.commands.items():
        out |= commands(inner, f"{prefix}{name} ") if hasattr(inner, "commands") else {prefix + name: inner}
    return out


COMMANDS = commands(command_line())


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_command_is_documented(name: str) -> None:
    documented = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md"))
    assert f"`{name}" in documented or f"ruskor {name}" in documented
    assert COMMANDS[name].help
    for parameter in COMMANDS[name].params:
        for flag in parameter.opts:
            if flag.startswith("-") and flag not in {"-h", "--help"}:
                assert f"`{flag}" in documented, flag
        assert getattr(parameter, "help", ""), parameter.name


def test_options_in_the_page_exist() -> None:
    known = {flag for command in COMMANDS.values() for p in command.params for flag in [*p.opts, *p.secondary_opts]}
    known |= {"--help", "-h", "--version"}
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert set(re.findall(r"`(--[a-z-]+)", page)) <= known


def test_readme_example_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("pandas")
    (code,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    monkeypatch.chdir(ROOT)
    exec(compile(code, "README.md", "exec"), {})
    assert "date_start" in capsys.readouterr().out
