"""What an analysis depends on: ruskor's version, its code, its data and the topic. Where one changes, articles are analysed again."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from ruskor import __version__
from ruskor.gazetteer import content_of
from ruskor.lexicon import data_dir

# Folders and modules that do not take part in the analysis of an article.
_OTHER = {"cli", "store", "readers", "report"}
_NAMES = {
    "version": "ruskor", "code": "its code", "data": "its data (gazetteers and word lists)", "topic": "the topic",
    "gazetteer": "your own gazetteers", "ner": "the engine for names",
}  # fmt: skip


def _digest(root: Path, suffixes: tuple[str, ...]) -> str:
    total = hashlib.sha256()
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in _OTHER and name != "__pycache__" and not name.startswith("."))
        for name in sorted(files):
            if name.endswith(suffixes):
                path = os.path.join(folder, name)
                with open(path, "rb") as stream:
                    total.update(os.path.relpath(path, root).encode() + b"\0" + hashlib.sha256(stream.read()).digest())
    return total.hexdigest()[:12]


def analysis_key(topic: str) -> str:
    """`version=… code=… data=… topic=…`: what the articles of a store were analysed by."""
    code = _digest(Path(__file__).resolve().parents[1], (".py",))
    return f"version={__version__} code={code} data={_digest(data_dir(), ('',))} topic={topic}"


def knowledge_key(gazetteers: tuple[Path, ...], ner: str) -> str:
    """What `analysis_key` is followed by where the user's own gazetteers or another engine took part; else nothing."""
    own = f" gazetteer={content_of(gazetteers)[:12]}" if gazetteers else ""
    return own + (f" ner={ner}" if ner != "ruskor" else "")


def difference(old: str, new: str) -> str:
    """Why articles are analysed again, in words."""
    before, after = (dict(part.split("=", 1) for part in key.split(" ") if "=" in part) for key in (old, new))
    names = [name for name in before | after if before.get(name) != after.get(name)]
    if "version" in names:
        return f"ruskor {before.get('version', 'unknown')} is now {after['version']}"
    words = [f"{_NAMES.get(name, name)} changed" for name in names]
    return "; ".join(words) or "it was asked for"
