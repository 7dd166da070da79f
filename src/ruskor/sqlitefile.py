"""The event table as an SQLite file of its own: plain tables for `sqlite3`, pandas and Datasette."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

_KINDS = {"str": "TEXT", "list": "TEXT", "json": "TEXT", "bool": "INTEGER", "int": "INTEGER", "float": "REAL"}


def sqlite_of(tables: Mapping[str, tuple[dict[str, str], Sequence[dict[str, Any]]]]) -> bytes:
    """An SQLite database: name of a table → (column → kind, rows); lists are joined by "; ", deeper values are JSON text."""
    from ruskor.export import json_line
    from ruskor.sheets import cell_text

    conn = sqlite3.connect(":memory:")
    try:
        for name, (columns, rows) in tables.items():
            fields = ", ".join(f'"{column}" {_KINDS[kind]}' for column, kind in columns.items())
            conn.execute(f'CREATE TABLE "{name}" ({fields})')
            marks = ", ".join("?" * len(columns))
            conn.executemany(
                f'INSERT INTO "{name}" VALUES ({marks})',  # noqa: S608 - our own names
                [
                    tuple(
                        None if row[c] is None else json_line(row[c]) if kind == "json" else cell_text(row[c]) if kind == "list" else row[c]
                        for c, kind in columns.items()
                    )
                    for row in rows
                ],
            )
        conn.commit()
        return conn.serialize()
    finally:
        conn.close()
