"""The model's dataclasses as plain JSON values and back; the annotations of the fields say how."""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any, TypeVar, cast

T = TypeVar("T")
Decoder = Callable[[Any], Any]


def plain(value: Any) -> Any:
    """A value of the model as dicts, lists, strings and numbers."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted(plain(item) for item in value)
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    return {name: plain(getattr(value, name)) for name in _names(cast("Any", type(value)))}


@cache
def _names(cls: Any) -> tuple[str, ...]:
    return tuple(f.name for f in dataclasses.fields(cls))


def dumps(value: Any, *, without: tuple[str, ...] = ()) -> str:
    """JSON text of a value of the model; `without` are fields of its top level that are kept elsewhere."""
    kept = [name for name in _names(cast("Any", type(value))) if name not in without] if without else []
    found = {name: plain(getattr(value, name)) for name in kept} if without else plain(value)
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def loads(cls: type[T], text: str, **extra: Any) -> T:
    """The dataclass that `dumps` wrote; `extra` are the fields that were kept elsewhere.

    Fields that are unknown (of another version) are left out, missing ones take their default.
    """
    fields = _fields(cast("Any", cls))
    values = {name: fields[name](value) for name, value in json.loads(text).items() if name in fields}
    return cls(**values, **extra)


@cache
def _fields(cls: Any) -> dict[str, Decoder]:
    hints = typing.get_type_hints(cls)
    return {f.name: decoder(hints[f.name]) for f in dataclasses.fields(cls) if f.init}


def _same(value: Any) -> Any:
    return value


def decoder(hint: Any) -> Decoder:
    """How a JSON value becomes one of this type."""
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        inner = [arg for arg in args if arg is not type(None)]
        if len(inner) == 1:
            decode = decoder(inner[0])
            return lambda value: None if value is None else decode(value)
        return _same
    if origin in (list, tuple, set, frozenset):
        return _sequence(origin, args)
    if hint is date:
        return date.fromisoformat
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _record(hint)
    return _same


def _sequence(origin: Any, args: tuple[Any, ...]) -> Decoder:
    if origin is tuple and args and args[-1] is not Ellipsis:
        parts = [decoder(arg) for arg in args]
        return lambda value: tuple(decode(item) for decode, item in zip(parts, value, strict=True))
    decode = decoder(args[0]) if args else _same
    if decode is _same:
        plain_sequence: Decoder = origin
        return plain_sequence
    return lambda value: origin([decode(item) for item in value])


def _record(cls: type) -> Decoder:
    found: list[dict[str, Decoder]] = []  # filled late: a class may hold others of its kind

    def decode(value: dict[str, Any]) -> Any:
        if not found:
            found.append(_fields(cast("Any", cls)))
        fields = found[0]
        return cls(**{name: fields[name](item) for name, item in value.items() if name in fields})

    return decode
