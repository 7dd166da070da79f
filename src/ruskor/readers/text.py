"""The bytes of one file → one article: encodings, sidecars and the date in a file's name."""

from __future__ import annotations

import codecs
import os
import re
from itertools import islice
from pathlib import Path
from typing import Any

from ruskor.days import date_in_name, parse_days
from ruskor.errors import ReadError, RuskorError
from ruskor.model import Article
from ruskor.readers.paths import SIDECAR_SUFFIXES, STDIN, readable, why
from ruskor.yamlguard import hostile

_ARABIC = re.compile(r"[\u0620-\u064a\u066e-\u06d3\u06fa-\u06fc\ufb50-\ufdfb\ufe70-\ufefc]")
# Control characters that no text has: what holds many of them is no text.
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
# The longer mark first: UTF-32's begins like UTF-16's.
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Arabic code pages, and those with which they are easily confused: a Russian page must not pass for Arabic.
_CODE_PAGES = ["cp1256", "iso8859_6", "cp1251", "koi8_r", "cp1252"]
_MIN_LETTERS = 10
_SIDECAR_LIMIT = 65_536
_SIDECAR_KEYS = ("published", "outlet", "url", "title")


def _utf16_without_mark(data: bytes) -> str | None:
    """UTF-16 whose mark is missing: in Arabic text every other byte is 06 (a letter) or 00 (a space, a stop)."""
    if len(data) < 4 or len(data) % 2:
        return None
    sample = data[:4096]
    for offset, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        half = sample[offset::2]
        if half.count(6) > len(half) // 4 and half.count(6) + half.count(0) > 0.8 * len(half):
            return encoding
    return None


def _damaged_utf8(data: bytes) -> str | None:
    """UTF-8 with a few broken bytes, those replaced by U+FFFD; null where it is something else.

    Without this, one cut letter would turn a whole article into code page 1256's «ط§ظ„».
    """
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return text if broken * 10 <= len(_ARABIC.findall(text)) else None


def decode(data: bytes) -> tuple[str, str | None]:
    """The text of a file's bytes without its byte order mark, newlines untouched, and a remark or null.

    Byte order marks decide first, then UTF-8, then charset-normalizer among the Arabic code pages.
    Raises ReadError for what is empty, binary or in no known encoding.
    """
    if not data.strip():
        raise ReadError("empty file")
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding), None
            except UnicodeDecodeError as error:
                raise ReadError(f"broken {encoding.upper()}: {error.reason} at byte {error.start + len(mark)}") from error
    wide = _utf16_without_mark(data)
    if wide:
        return data.decode(wide, "replace"), None
    if b"\0" in data or len(_CONTROL.findall(data)) * 100 > len(data):
        raise ReadError("binary file, no text")
    try:
        return data.decode("utf-8"), None
    except UnicodeDecodeError as error:
        position = error.start
    damaged = _damaged_utf8(data)
    if damaged is not None:
        return damaged, f"broken UTF-8 at byte {position}, shown as U+FFFD"
    from charset_normalizer import from_bytes

    best = from_bytes(data, cp_isolation=_CODE_PAGES).best()
    if best is None:
        raise ReadError("no known encoding", hint="ruskor reads UTF-8, UTF-16 and Windows-1256")
    return data.decode(best.encoding), None


def _check_arabic(text: str) -> None:
    if not text.strip():
        raise ReadError("empty file")
    letters = len(list(islice(_ARABIC.finditer(text), _MIN_LETTERS)))
    if letters >= _MIN_LETTERS:
        return
    raise ReadError("no Arabic text" if not letters else "hardly any Arabic text")


def sidecar(path: str) -> dict[str, str]:
    """The values of `PATH.yaml`, all as strings (a parser's own dates would lose their offset)."""
    for suffix in SIDECAR_SUFFIXES:
        file = Path(path + suffix)
        try:
            if not file.is_file():
                continue
            with file.open("rb") as stream:
                content = stream.read(_SIDECAR_LIMIT + 1)
        except OSError as error:
            raise ReadError(f"its sidecar {readable(file.name)} cannot be read: {why(error)}") from error
        return sidecar_values(content, readable(file.name))
    return {}


def sidecar_values(content: bytes, name: str) -> dict[str, str]:
    """The values of a sidecar's bytes.

    Raises ReadError.
    """
    import yaml

    if len(content) > _SIDECAR_LIMIT:
        raise ReadError(f"its sidecar {name} is larger than 64 kB")
    reason = hostile(content)
    if reason:
        raise ReadError(f"its sidecar {name} is {reason}")
    try:
        # BaseLoader makes strings, lists and mappings and nothing else, whatever tags stand there.
        loaded: Any = yaml.load(content, Loader=yaml.BaseLoader)  # noqa: S506
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        raise ReadError(f"its sidecar {name}{f':{mark.line + 1}' if mark else ''} is no valid YAML") from error
    if loaded in (None, ""):
        return {}
    if not isinstance(loaded, dict):
        raise ReadError(f"its sidecar {name} is no mapping", hint=f"keys are {', '.join(_SIDECAR_KEYS)}")
    wrong = [key for key in _SIDECAR_KEYS if not isinstance(loaded.get(key, ""), str)]
    if wrong:
        raise ReadError(f"its sidecar {name}: {wrong[0]} is no plain value")
    return {key: loaded[key].strip() for key in _SIDECAR_KEYS if loaded.get(key, "").strip() not in {"", "null", "~"}}


def make_article(name: str, path: str, text: str, values: dict[str, str] | None = None, *, where: str = "sidecar") -> Article:
    """An article with what is known beside its text; `values` has published, outlet, url, title.

    Raises ReadError where the text is not Arabic or a value is no date.
    """
    values = values or {}
    _check_arabic(text)
    article = Article(
        article=readable(name),
        path=readable(path),
        text=text,
        title=values.get("title"),
        outlet=values.get("outlet"),
        url=values.get("url"),
    )
    if "published" in values:
        try:
            article.given = parse_days(values["published"], what=f"published in its {where}")
        except RuskorError as error:
            raise ReadError(error.reason, hint=error.hint) from error
    if name != STDIN:
        # A folder for the year, one for the month and one for the day tell it too.
        for text_, origin in ((os.path.basename(name), "file name"), (name, "path"), (values.get("url", ""), "address")):
            article.metadata = date_in_name(text_)
            if article.metadata:
                article.metadata_from = origin
                break
    return article
