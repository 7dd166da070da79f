"""The page: a template, one stylesheet, one script and the data, in one file with a strict Content-Security-Policy."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from ruskor.errors import DataError
from ruskor.lexicon import data_dir, load_yaml

LANGUAGES = ("en", "ar")
_PLAIN = 500  # rows of the list for browsers without scripts
_ESCAPES: dict[str, str | int | None] = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def embed_json(value: object) -> str:
    """JSON that cannot end the script element it stands in, nor begin another."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.translate(str.maketrans(_ESCAPES))


@cache
def interface_words(lang: str) -> dict[str, Any]:
    """The words of the interface in one language, nested as in `data/interface`."""
    words: dict[str, Any] = load_yaml(data_dir() / "interface" / f"{lang}.yaml")
    return words


@cache
def _land() -> dict[str, Any]:
    path = data_dir() / "map" / "land.json"
    try:
        land: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: cannot be read: {error}") from error
    return land


def load_accuracy(path: Path | None = None) -> dict[str, Any] | None:
    """The figures that the evaluation has written, or null where there are none.

    The file holds {"on": text, "figures": [{"task", "precision", "recall", "f1", "value", "n"}]}; texts may be {"en", "ar"}.
    """
    path = path or data_dir() / "accuracy.json"
    if not path.is_file():
        return None
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: cannot be read: {error}") from error
    rows = found.get("figures") if isinstance(found, dict) else None
    if not isinstance(rows, list):
        raise DataError(f"{path}: a list of `figures` is expected")
    keys = ("task", "precision", "recall", "f1", "value", "n")
    return {"on": found.get("on"), "figures": [{key: row.get(key) for key in keys} for row in rows if isinstance(row, dict)]}


def _source(name: str) -> str:
    return (files("ruskor.report") / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def policy(style: str, script: str) -> str:
    """The Content-Security-Policy: nothing but this stylesheet and this script, and no way to make markup from text."""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src {_hash(style)}",
            f"script-src {_hash(script)}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


def render_report(report: dict[str, Any]) -> str:
    """The whole page for the values of `build_report`."""
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    lang = report["lang"]
    words = {name: interface_words(name) for name in LANGUAGES}
    style, script = _source("page.css"), _source("page.js")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)
    template = environment.from_string(_source("page.html.j2"))
    return template.render(
        lang=lang,
        w=words[lang],
        report=report,
        title=report["title"][LANGUAGES.index(lang)],
        plain=[_plain(event, report, lang) for event in report["events"][:_PLAIN]],
        policy=policy(style, script),
        # Our own files and the escaped data; everything else goes through autoescape.
        style=Markup(style),  # noqa: S704 - the package's own stylesheet
        script=Markup(script),  # noqa: S704 - the package's own script
        data=Markup(embed_json(report)),  # noqa: S704 - escaped by embed_json
        words=Markup(embed_json(words)),  # noqa: S704 - escaped by embed_json
        land=Markup(embed_json(_land())),  # noqa: S704 - escaped by embed_json
    )


def _plain(event: dict[str, Any], report: dict[str, Any], lang: str) -> dict[str, Any]:
    """One line of the list without scripts."""
    date = event["d"]
    days = "" if date is None else date[0] if date[0] == date[1] else f"{date[0]} – {date[1] or ''}"
    best = event.get("b")
    evidence = ""
    if best:
        article, window, start, end = best
        evidence = report["articles"][article]["x"][window][0][start:end]
    title = event["a" if lang == "ar" else "e"] or event["id"]
    return {"days": days, "status": event["s"], "title": title, "evidence": evidence}
