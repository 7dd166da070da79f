"""Make the pictures of docs/images from the seeds: terminal and report, in English and Arabic, light and dark, wide and narrow.

A command runs on a pseudo-terminal of the wanted width; what it writes is drawn by Chromium in DejaVu Sans Mono, whose Arabic letters are
as wide as the Latin ones. Chromium lays isolates out as a terminal with right-to-left text does. The report is opened in Chromium itself.

Usage: python scripts/screenshots.py            the pictures of the documents, into docs/images
       python scripts/screenshots.py FOLDER     every command at four widths in both languages, and the whole report, to look at

Needs Chromium, Playwright, and Debian's fonts-dejavu-core and fonts-noto-core.
"""

from __future__ import annotations

import fcntl
import html
import os
import pty
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
OPEN, CLOSE = {"\u2066": "ltr", "\u2067": "rtl"}, "\u2069"
COLOURS = {"31": "#f07178", "32": "#7fd88f", "33": "#f0c674", "34": "#82aaff", "35": "#d9a0f5", "36": "#6fd3e0"}
ARTICLE = "seeds/003_4043fe90f2c535ca.txt"
EVENT = "2019-04-25-summit-vladivostok"
COMMANDS: dict[str, list[str]] = {
    "extract": ["extract", "seeds/"],
    "summary": ["summary", "seeds/"],
    "articles": ["articles", "seeds/"],
    "show": ["show", ARTICLE],
    "show-event": ["show", EVENT, "seeds/"],
    "people": ["people", "Putin", "seeds/"],
    "places": ["places", "Vladivostok", "seeds/"],
    "dates": ["dates", "زار كيم روسيا يوم الأربعاء الماضي وفي سبتمبر من العام الماضي", "--published", "2024-06-13"],
    "evaluate": ["evaluate", "tests/gold", "seeds/"],
    "data-search": ["data", "search", "Vladivostok"],
    "error": ["show", "nothing", "seeds/"],
}


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture of a terminal: which command, how many columns, and how many lines are kept."""

    name: str
    command: list[str]
    columns: int
    lang: str = "en"
    lines: int = 40


DOCUMENTS = [
    Shot("terminal-extract", ["extract", "seeds/", "--core"], 120, lines=34),
    Shot("terminal-extract-ar", ["extract", "seeds/", "--core"], 100, "ar", lines=34),
    Shot("terminal-show", ["show", ARTICLE], 110, lines=36),
    Shot("terminal-summary", ["summary", "seeds/"], 110, lines=44),
    Shot("terminal-summary-ar", ["summary", "seeds/"], 110, "ar", lines=40),
    Shot("terminal-event-ar", ["show", EVENT, "seeds/"], 100, "ar", lines=34),
]


def run(arguments: list[str], columns: int, lang: str) -> str:
    """What `ruskor` writes to a terminal of so many columns."""
    process, master = pty.fork()
    if process == 0:
        os.chdir(ROOT)
        kept = {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "PYTHONPATH": str(ROOT / "src")}
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 60, columns, 0, 0))
        words = [sys.executable, "-m", "ruskor", *arguments, *(["--lang", lang] if lang != "en" else []), "--no-progress"]
        if arguments[0] in {"dates", "data"}:
            words.remove("--no-progress")
        os.execvpe(sys.executable, words, kept)
    out = b""
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError:  # the end of a pseudo-terminal
            break
        if not piece:
            break
        out += piece
    os.waitpid(process, 0)
    os.close(master)
    return out.decode().replace("\r\n", "\n")


def as_html(text: str, *, columns: int) -> str:
    """The text with its colours as a page; every line is laid out for itself, from the left, as a terminal does.

    What stands between isolates becomes a box of as many columns as it has letters, so that a ligature («لا») moves nothing beside it.
    """
    lines = []
    for line in text.rstrip("\n").split("\n"):
        pieces = [piece for piece in re.split(r"(\x1b\[[0-9;]*[mK]|[\u2066\u2067\u2069])", line) if piece]
        out, style = "", ""
        for k, piece in enumerate(pieces):
            if piece.startswith("\x1b["):
                style = _css(piece[2:-1].split(";")) if piece.endswith("m") else style
            elif piece in OPEN:
                out += f'<span class="cell" dir="{OPEN[piece]}" style="width:{_columns(pieces[k:])}ch">'
            elif piece == CLOSE:
                out += "</span>"
            else:
                out += f'<span style="{style}">{html.escape(piece)}</span>' if style else html.escape(piece)
        lines.append(f"<div>{out or ' '}</div>")
    return f"""<!doctype html><meta charset="utf-8"><style>
    body {{ margin: 0; background: #16181d; color: #dfe1e6; }}
    main {{ font: 14px/19px "DejaVu Sans Mono"; padding: 18px 20px; width: {columns}ch; white-space: pre; }}
    div {{ direction: ltr; unicode-bidi: isolate; height: 19px; }}
    .cell {{ display: inline-block; unicode-bidi: isolate; text-align: start; height: 19px; }}</style><main>{"".join(lines)}</main>"""


def _columns(pieces: list[str]) -> int:
    """How many columns the isolate takes that the first piece opens."""
    depth, width = 0, 0
    for piece in pieces:
        depth += (piece in OPEN) - (piece == CLOSE)
        if not depth:
            break
        if piece not in OPEN and piece != CLOSE and not piece.startswith("\x1b["):
            width += sum(not unicodedata.combining(letter) for letter in piece)
    return width


def _css(codes: list[str]) -> str:
    rules = {"1": "font-weight:bold", "2": "opacity:.6", "4": "text-decoration:underline"}
    return ";".join([rules[c] for c in codes if c in rules] + [f"color:{COLOURS[c]}" for c in codes if c in COLOURS])


def terminal(browser: Any, target: Path, shot: Shot) -> None:
    """Draw one picture of a terminal."""
    text = "\n".join(run(shot.command, shot.columns, shot.lang).split("\n")[: shot.lines])
    page = browser.new_page(viewport={"width": 400, "height": 300})
    page.set_content(as_html(f"\x1b[2m$ \x1b[0mruskor {_shown(shot)}\n{text}", columns=shot.columns))
    page.locator("main").screenshot(path=target)
    page.close()


def _shown(shot: Shot) -> str:
    """The command line as a user writes it."""
    words = [f'"{word}"' if " " in word else word for word in shot.command]
    return " ".join([*words, *(["--lang", shot.lang] if shot.lang != "en" else [])])


def report_pages(browser: Any, folder: Path) -> Iterator[tuple[str, str, int, Any]]:
    """(language, scheme, width, page) of the report of the seeds, opened."""
    for lang in ("en", "ar"):
        path = folder / f"{lang}.html"
        command = [sys.executable, "-m", "ruskor", "report", "seeds/", "--lang", lang, "-o", str(path)]
        subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT / "src")})
        for scheme in ("light", "dark"):
            for width, height in ((1440, 1000), (390, 844)):
                context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
                page = context.new_page()
                page.goto(path.as_uri())
                page.wait_for_selector("html[data-ready]")
                yield lang, scheme, width, page
                context.close()


def report(browser: Any, folder: Path, *, everything: bool) -> None:
    """Pictures of the report: its top, its parts and an event's evidence."""
    with tempfile.TemporaryDirectory() as work:
        for lang, scheme, width, page in report_pages(browser, Path(work)):
            size = "phone" if width < 1000 else "desktop"
            name = f"report-{lang}-{size}-{scheme}"
            if everything:
                page.screenshot(path=folder / f"{name}.png", full_page=True)
            elif name in {"report-en-desktop-light", "report-ar-desktop-light", "report-en-phone-dark", "report-ar-phone-light"}:
                page.screenshot(path=folder / f"{name.rsplit('-', 1)[0]}.png")
            if name == "report-en-desktop-light" and not everything:
                page.locator("#map").evaluate("node => scrollTo(0, node.getBoundingClientRect().top + scrollY - 190)")
                page.screenshot(path=folder / "report-en-map.png")
            if everything or name in {"report-ar-desktop-dark", "report-en-phone-light"}:
                page.evaluate("id => { location.hash = '#event=' + id; location.reload(); }", EVENT)
                page.wait_for_selector("#panel[open]")
                page.screenshot(path=folder / (f"{name}-evidence.png" if everything else f"{name.rsplit('-', 1)[0]}-evidence.png"))


def smaller(folder: Path) -> None:
    """Fewer colours, where pngquant is installed."""
    program, pictures = shutil.which("pngquant"), sorted(map(str, folder.glob("*.png")))
    if program:
        subprocess.run([program, "--force", "--ext", ".png", "--skip-if-larger", "128", *pictures], check=False)


def main(arguments: list[str]) -> None:
    """Make the pictures."""
    from playwright.sync_api import sync_playwright

    folder = Path(arguments[0]) if arguments else IMAGES
    folder.mkdir(parents=True, exist_ok=True)
    shots = DOCUMENTS
    if arguments:
        shots = [
            Shot(f"{name}-{lang}-{columns}", command, columns, lang, lines=70)
            for name, command in COMMANDS.items()
            for lang in ("en", "ar")
            for columns in (60, 80, 120, 200)
        ]
    else:
        for old in folder.glob("*.png"):
            old.unlink()
    program = os.environ.get("RUSKOR_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=program, args=ARGUMENTS)
        for shot in shots:
            terminal(browser, folder / f"{shot.name}.png", shot)
        report(browser, folder, everything=bool(arguments))
        browser.close()
    smaller(folder)


if __name__ == "__main__":
    main(sys.argv[1:])
