"""The library: what `import ruskor` offers."""

from __future__ import annotations

from ruskor.dates import find_dates

__all__ = ["find_dates"]
