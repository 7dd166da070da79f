"""Completion in the shells themselves: each runs on a pseudo-terminal, where keys are typed and the tab key is pressed."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import shutil
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import SEEDS

ROOT = Path(__file__).parents[1]
SHELLS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], "PS1='$ '; source ./ruskor.bash"),
    "zsh": (["zsh", "-f", "-i"], "PS1='$ '; fpath=($PWD $fpath); autoload -Uz compinit; compinit -u -d ./dump"),
    "fish": (["fish", "--no-config", "-i"], "source ./ruskor.fish"),
}
FILES = {"bash": "ruskor.bash", "zsh": "_ruskor", "fish": "ruskor.fish"}
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b[=>()][0-9AB]?|\x1b\][^\x07]*\x07")
Typed = Callable[[str], list[str]]


class Terminal:
    """A shell on a pseudo-terminal."""

    def __init__(self, command: list[str], folder: Path) -> None:
        self.process, self.master = pty.fork()
        if self.process == 0:
            os.chdir(folder)
            kept = {"PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "TERM": "xterm", "LC_ALL": "C.UTF-8", "HOME": str(folder)}
            os.execvpe(command[0], command, kept)
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 200, 0, 0))

    def type(self, keys: str) -> None:
        os.write(self.master, keys.encode())

    def read(self, mark: str, seconds: float = 30) -> str:
        """What the shell shows up to a mark."""
        out, until = "", time.monotonic() + seconds
        while mark not in out:
            ready, _, _ = select.select([self.master], [], [], max(until - time.monotonic(), 0))
            assert ready, f"no {mark!r} in: {out[-2000:]}"
            out += _ESCAPES.sub("", os.read(self.master, 65536).decode(errors="replace"))
        return out

    def close(self) -> None:
        os.close(self.master)
        os.waitpid(self.process, 0)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store of the seeds, the scripts, and a `ruskor` of this checkout."""
    root = tmp_path_factory.mktemp("completion")
    program = root / "bin" / "ruskor"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexport PYTHONPATH={ROOT / "src"}\nexec {sys.executable} -m ruskor "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    subprocess.run([program, "ingest", SEEDS, "--db", root / "my store.db", "-q"], check=True)
    for shell, name in FILES.items():
        (root / name).write_bytes(subprocess.run([program, "completion", shell], check=True, capture_output=True).stdout)
    return root


@pytest.fixture(scope="module", params=SHELLS)
def typed(request: pytest.FixtureRequest, place: Path) -> Iterator[Typed]:
    """The words of a command line after what was typed, with tabs in it, in one shell after the other."""
    command, load = SHELLS[request.param]
    if not shutil.which(command[0]):
        pytest.skip(f"{command[0]} is not installed: its completion is not tried")
    terminal = Terminal(command, place)
    terminal.type(f"{load}\necho rea''dy\n")
    terminal.read("ready\r\n")

    def words_of(keys: str) -> list[str]:
        terminal.type(keys)
        time.sleep(0.1)
        # Back to the beginning of the line, where a command is put that shows the words as they are.
        terminal.type("\x01printf '<%s>' \x05; echo en''d\n")
        shown = terminal.read("end\r\n")
        return re.findall("<([^<>]*)>", shown[shown.rindex("<ruskor>") :])[1:]

    yield words_of
    terminal.close()


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ("ruskor su\t", ["summary"]),
        ("ruskor data se\t", ["data", "search"]),
        ("ruskor extract --publ\t", ["extract", "--published"]),
        ("ruskor extract --status den\t", ["extract", "--status", "denied"]),
        ("ruskor extract --status=den\t", ["extract", "--status=denied"]),
        ("ruskor extract --lang=a\t", ["extract", "--lang=ar"]),
        ("ruskor extract my\t", ["extract", "my store.db"]),
        ("ruskor extract --db my\t", ["extract", "--db", "my store.db"]),
        ("ruskor people --db 'my store.db' Vladimir\t", ["people", "--db", "my store.db", "Vladimir Putin"]),
        ("ruskor people --db my\\ store.db Pu\t", ["people", "--db", "my store.db", "Vladimir Putin"]),
        ("ruskor people --db='my store.db' Pu\t", ["people", "--db=my store.db", "Vladimir Putin"]),
        ("ruskor people --db ~/'my store.db' \"Vladimir P\t", None),
        ("ruskor people --db 'my store.db' Vladimir\\ P\t", ["people", "--db", "my store.db", "Vladimir Putin"]),
        ("ruskor places --db 'my store.db' Vladiv\t", ["places", "--db", "my store.db", "Vladivostok"]),
        ("ruskor extract --db 'my store.db' --person Pu\t --lang a\t",
         ["extract", "--db", "my store.db", "--person", "Vladimir Putin", "--lang", "ar"]),
        ("ruskor show --db 'my store.db' 2019-04-25-su\t", ["show", "--db", "my store.db", "2019-04-25-summit-vladivostok"]),
        ("ruskor people --db nothing.db Pu\t", ["people", "--db", "nothing.db", "Pu"]),
    ],
)  # fmt: skip
def test_the_tab_key(typed: Typed, keys: str, words: list[str] | None) -> None:
    found = typed(keys)
    assert found[-1] == "Vladimir Putin" if words is None else found == words
