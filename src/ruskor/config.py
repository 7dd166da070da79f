"""Defaults of options: `RUSKOR_*` variables, then `./ruskor.yaml`, then the user's own file. Options themselves win over all."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ruskor.errors import RuskorError

NAME = "ruskor.yaml"
# Options whose variable is a list of paths, separated as those of PATH are.
_PATHS = frozenset({"gazetteer"})
Value = str | list[str]


def user_file(env: Mapping[str, str]) -> Path:
    """The user's own configuration file: `$XDG_CONFIG_HOME/ruskor/ruskor.yaml`."""
    return _folder(env) / NAME


def user_gazetteers(env: Mapping[str, str]) -> tuple[Path, ...]:
    """The user's own gazetteers that always count: `$XDG_CONFIG_HOME/ruskor/gazetteer/*.yaml`, sorted, without hidden files.

    Raises RuskorError where the folder cannot be read.
    """
    folder = _folder(env) / "gazetteer"
    try:
        names = sorted(os.listdir(folder)) if folder.is_dir() else []
    except OSError as error:
        raise RuskorError(f"{folder}: cannot be read: {error.strerror}") from error
    return tuple(folder / name for name in names if name.endswith(".yaml") and not name.startswith("."))


def _folder(env: Mapping[str, str]) -> Path:
    base = env.get("XDG_CONFIG_HOME") or os.path.join(env.get("HOME") or os.path.expanduser("~"), ".config")
    return Path(base) / "ruskor"


def _load(path: Path) -> dict[str, tuple[Any, int]]:
    """Top-level keys with their values (strings, lists, mappings) and lines; empty where there is no file."""
    try:
        if not path.is_file():
            return {}
        content = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RuskorError(f"{path}: cannot be read: {error}") from error
    import yaml

    try:
        node = yaml.compose(content, Loader=yaml.SafeLoader)
        if node is None:
            return {}
        if not isinstance(node, yaml.MappingNode):
            raise RuskorError(f"{path}:1: options as `name: value` are expected")
        # All strings, as on the command line: a date stays as it is written.
        values = yaml.load(content, Loader=yaml.BaseLoader)  # noqa: S506 - strings, lists and mappings only
        return {str(key.value): (values[key.value], key.start_mark.line + 1) for key, _ in node.value}
    except (yaml.YAMLError, TypeError, KeyError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        raise RuskorError(f"{path}:{mark.line + 1 if mark else 1}: not valid YAML") from error


def _file_defaults(path: Path, known: set[str], sections: set[str]) -> dict[str, Any]:
    defaults: dict[str, Any] = {}
    for raw, (value, line) in _load(path).items():
        key = raw.replace("-", "_")
        if key in sections and isinstance(value, dict):
            inner = {str(name).replace("-", "_"): given for name, given in value.items()}
            unknown = sorted(set(inner) - known)
            if unknown:
                raise RuskorError(f"{path}:{line}: {raw} has no option {unknown[0]!r}")
            defaults[key] = inner
        elif key not in known:
            raise RuskorError(f"{path}:{line}: unknown option {raw!r}", hint=f"known: {', '.join(sorted(known))}")
        elif isinstance(value, dict):
            raise RuskorError(f"{path}:{line}: {raw} takes a value or a list")
        else:
            defaults[key] = value
    return defaults


def load_defaults(
    env: Mapping[str, str], cwd: Path, *, options: Mapping[str, bool], commands: Iterable[str]
) -> dict[str, dict[str, Value]]:
    """For each command the defaults of its options.

    `options` are the options that may be set so, true where one takes several values. In a file, a section named as a command
    wins over the file's other keys. Raises RuskorError with file and line.
    """
    known, names = set(options), set(commands)
    layers = [_file_defaults(user_file(env), known, names), _file_defaults(cwd / NAME, known, names)]
    variables: dict[str, Value] = {}
    for option, several in options.items():
        value = env.get(f"RUSKOR_{option.upper()}")
        if value:
            parts = value.split(os.pathsep) if option in _PATHS else re.split("[;,]", value)
            variables[option] = [part.strip() for part in parts if part.strip()] if several else value
    merged: dict[str, dict[str, Value]] = {}
    for command in names:
        out: dict[str, Value] = {}
        for layer in layers:
            out |= {key: value for key, value in layer.items() if key in known} | layer.get(command, {})
        merged[command] = {key: [value] if options[key] and isinstance(value, str) else value for key, value in (out | variables).items()}
    return merged
