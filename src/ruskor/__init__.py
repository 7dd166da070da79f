"""ruskor reads Arabic news articles and turns them into a table of dated events."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ruskor.api import annotate, extract, find_dates

__version__ = "0.1.0"
__all__ = ["__version__", "annotate", "extract", "find_dates"]


def __getattr__(name: str) -> Any:
    # Lazy (PEP 562): `ruskor --help` must not pay for pandas or the gazetteers.
    if name in {"annotate", "extract", "find_dates"}:
        return getattr(import_module("ruskor.api"), name)
    raise AttributeError(f"module 'ruskor' has no attribute {name!r}")
