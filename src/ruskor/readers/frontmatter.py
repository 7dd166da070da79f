"""YAML front matter: values before the text, between two lines of `---`."""

from __future__ import annotations

import re
from typing import Any

from ruskor.errors import ReadError
from ruskor.yamlguard import hostile

_LIMIT = 65_536
_FRONT = re.compile(r"\A---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)
_NAMES = {
    "published": ("published", "date", "pubdate", "publishdate", "pub_date", "published_at"),
    "outlet": ("outlet", "source", "publisher", "site"),
    "url": ("url", "link", "canonical"),
    "title": ("title", "headline"),
}


def front_matter(text: str) -> tuple[str, dict[str, str]]:
    """(the text with its front matter blanked, the values in it); spans stay where they are in the file.

    What begins with `---` and is no mapping is text. Raises ReadError for front matter that cannot be read.
    """
    found = _FRONT.match(text) if text.startswith("---") else None
    if not found or len(found.group(1)) > _LIMIT:
        return text, {}
    import yaml

    reason = hostile(found.group(1).encode("utf-8", "replace"))
    if reason:
        raise ReadError(f"its front matter is {reason}")
    try:
        loaded: Any = yaml.load(found.group(1), Loader=yaml.BaseLoader)  # noqa: S506 - strings, lists and mappings only
    except (yaml.YAMLError, RecursionError):
        return text, {}
    if not isinstance(loaded, dict):
        return text, {}
    keys = {str(key).lower(): value for key, value in loaded.items()}
    values = {}
    for name, spellings in _NAMES.items():
        value = next((keys[s] for s in spellings if isinstance(keys.get(s), str) and keys[s].strip()), None)
        if value is not None and value.strip() not in {"null", "~"}:
            values[name] = value.strip()
    blank = "".join(char if char in "\r\n" else " " for char in found.group())
    return blank + text[found.end() :], values
