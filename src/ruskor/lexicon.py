"""Words and facts from `data/`: YAML, read with line numbers, compiled once and cached by content.

A compiled table consists of plain values (dict, list, tuple, str, numbers, None), stored with `marshal` in the user's own
cache folder under a hash of the YAML files, of this package's version and of Python's: a changed file is compiled anew,
and without a writable home everything works from memory.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import sys
import tempfile
from collections.abc import Callable, Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from ruskor import __version__
from ruskor.errors import DataError
from ruskor.yamlguard import hostile

_MAGIC = b"ruskor-table-1\n"


@cache
def data_dir() -> Path:
    """The folder with the YAML files: inside the installed package, or the checkout's `data/`."""
    packaged = Path(str(files("ruskor"))) / "data"
    if packaged.is_dir():
        return packaged
    checkout = Path(__file__).resolve().parents[2] / "data"
    if checkout.is_dir():
        return checkout
    raise DataError("the data folder is missing", hint="reinstall ruskor: `pip install -c constraints.txt .`")


def load_yaml(path: Path) -> Any:
    """The value of one YAML file.

    Raises DataError with file and line where it cannot be read or is no YAML.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        content = path.read_bytes()
        reason = hostile(content)
        if reason:
            raise DataError(f"{path}: not valid YAML: {reason}")
        return yaml.load(content, Loader=loader)  # noqa: S506 - a safe loader, the C one where there is one
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise DataError(f"{path}:{line}: not valid YAML: {error.problem}") from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise DataError(f"{path}: cannot be read: {error}") from error


def word_file(name: str) -> Any:
    """The value of one YAML file of the data folder, from the cache where it is current; days as ISO text."""
    return compiled("yaml-" + name.removesuffix(".yaml").replace("/", "-"), _plain_yaml, data_files(name))


def _plain_yaml(paths: list[Path]) -> Any:
    return _plain(load_yaml(paths[0]))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def data_files(*patterns: str) -> list[Path]:
    """Files of the data folder that match the glob patterns, sorted."""
    root = data_dir()
    return sorted({path for pattern in patterns for path in root.glob(pattern)})


def digest(paths: Iterable[Path]) -> str:
    """A hash over the names and contents of the files, hexadecimal."""
    total = hashlib.sha256()
    for path in paths:
        total.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _cache_dir() -> Path | None:
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    folder = Path(base) / "ruskor"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        # A cache that somebody else may write is not read: marshal trusts its input.
        if hasattr(os, "getuid"):
            status = folder.stat()
            if status.st_uid != os.getuid() or status.st_mode & 0o022:
                return None
    except OSError:
        return None
    return folder


def compiled(name: str, build: Callable[[list[Path]], Any], paths: list[Path], *, salt: str = "") -> Any:
    """The table `build(paths)`, from the cache where it is current.

    `build` returns plain values only. `salt` must change when the code of `build` changes what it makes.
    """
    key = hashlib.sha256(f"{name}|{__version__}|{sys.version}|{salt}|{digest(paths)}".encode()).hexdigest()
    folder = _cache_dir()
    target = folder / f"{name}-{key[:24]}.bin" if folder else None
    if target is not None:
        try:
            content = target.read_bytes()
            if content.startswith(_MAGIC):
                return marshal.loads(content[len(_MAGIC) :])  # noqa: S302 - our own file in a private folder
        except (OSError, ValueError, EOFError, TypeError):
            pass  # a missing or damaged cache is made anew
    table = build(paths)
    if target is not None:
        try:
            handle, part = tempfile.mkstemp(dir=target.parent, prefix=f"{name}-", suffix=".part")
            with os.fdopen(handle, "wb") as stream:
                stream.write(_MAGIC + marshal.dumps(table))
            os.replace(part, target)
        except OSError:
            pass  # no room or no right: the table in memory is as good
    return table
