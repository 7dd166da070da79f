"""The store: articles and their events in one SQLite file, brought up to date run after run."""

from __future__ import annotations
