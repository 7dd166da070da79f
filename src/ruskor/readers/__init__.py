"""Files, folders and standard input → articles. What cannot be read is reported and never stops the rest."""

from __future__ import annotations

from ruskor.readers.inputs import read_articles, read_found, read_stream
from ruskor.readers.paths import Failure, Found, find_files, listed_paths, readable
from ruskor.readers.text import decode

__all__ = ["Failure", "Found", "decode", "find_files", "listed_paths", "read_articles", "read_found", "read_stream", "readable"]
