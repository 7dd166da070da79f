"""The command line: it parses, plain functions work."""

from __future__ import annotations

from ruskor.cli.edge import main

__all__ = ["main"]
