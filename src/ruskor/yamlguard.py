"""YAML that would break a parser: nesting so deep that the C loader overflows its stack, or more aliases than anybody writes."""

from __future__ import annotations

import re

_DEPTH = 200
_ALIASES = 10_000
_BRACKET = re.compile(rb"[\[\]{}]")
# «- - - …» and «? ? ? …» nest without an indent.
_COMPACT = re.compile(rb"^[ ]*(?:[-?:][ \t]+){200}", re.MULTILINE)
_INDENT = re.compile(rb"^[ ]{1000}", re.MULTILINE)
_ALIAS = re.compile(rb"(?:^|[\s,\[{:-])\*[A-Za-z0-9_]")


def hostile(content: bytes) -> str | None:
    """Why a YAML text is not to be parsed at all, or null."""
    depth = 0
    for found in _BRACKET.finditer(content):
        depth += 1 if found.group() in b"[{" else -1 if depth else 0
        if depth > _DEPTH:
            return "nested too deeply"
    if _COMPACT.search(content) or _INDENT.search(content):
        return "nested too deeply"
    if sum(1 for _ in _ALIAS.finditer(content)) > _ALIASES:
        return "too many aliases"
    return None
