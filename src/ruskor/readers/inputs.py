from __future__ import annotations

from ruskor.errors import ReadError
from ruskor.readers.paths import Failure, readable
from ruskor.readers.text import read_article


def read_found(item, *, columns=None, stdin=None, warn=None):
    try:
        yield read_article(item, stdin=stdin, warn=warn)
    except ReadError as error:
        yield Failure(readable(item.article), readable(item.path), error.reason, error.hint)
