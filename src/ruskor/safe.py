"""Text made safe to show: nothing in it commands a terminal, reorders its surroundings or breaks its line."""

from __future__ import annotations

import re

# Everything that a terminal takes as a command: C0 but tab and newline, DEL, C1.
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# Marks that reorder the text around them; ours are put in after layout.
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """The text without what would command a terminal: control characters become U+FFFD, direction marks go."""
    return _BIDI.sub("", CONTROL.sub("\ufffd", text))


def one_line(text: str) -> str:
    """A name or message that cannot break out of its line."""
    return text.replace("\r", "\\r").replace("\n", "\\n")
