"""A dictionary that works out what it does not have, so that whole lists can be looked up without a step of Python each."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from operator import itemgetter
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")
_MOST = 50_000
_VALUE = itemgetter(1)


class Memory(dict[Key, Value]):
    """What `make` gave for a key is remembered.

    An archive has endless rare words: when there are `most` keys, those that are not asked for again are forgotten by and by.
    """

    __slots__ = ("make", "most", "older")

    def __init__(self, make: Callable[[Key], Value], most: int = _MOST) -> None:
        super().__init__()
        self.make = make
        self.most = most
        self.older: dict[Key, Value] = {}

    def known(self, keys: Iterable[Key]) -> Iterator[tuple[int, Value]]:
        """(number, value) of the keys whose value is not empty: of a text's words the few that matter."""
        return filter(_VALUE, enumerate(map(self.__getitem__, keys)))

    def __missing__(self, key: Key) -> Value:
        known = self.older.get(key)
        value = self.make(key) if known is None else known
        if len(self) >= self.most:
            self.older = dict(self)
            self.clear()
        self[key] = value
        return value
