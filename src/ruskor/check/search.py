"""`ruskor data search`: entries by name, alias or id, with what is known of them and where they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ruskor.arabic import fold_key
from ruskor.check.nodes import Entry, Report, entries
from ruskor.check.user import merged_entries

SEARCH_COLUMNS = {
    "kind": "str", "name": "str", "name_ar": "str", "id": "str", "country": "str", "facts": "str", "aliases": "list", "where": "str",
}  # fmt: skip
_FOLDERS = {"person": "people", "place": "places", "organisation": "organizations"}
_KINDS = {folder: kind for kind, folder in _FOLDERS.items()} | {"offices": "office"}


def _facts(kind: str, entry: Entry) -> str:
    if kind == "person":
        terms = [t for t in entry.get("terms") or [] if isinstance(t, dict)]
        return "; ".join(f"{t.get('office')} of {t.get('of')} {t.get('from')}..{t.get('to') or ''}" for t in terms)
    if kind == "place":
        inside = f" in {', '.join(entry.words('in'))}" if entry.words("in") else ""
        return f"{entry.get('kind')}{inside} {entry.get('lat')}, {entry.get('lon')}"
    if kind == "organisation":
        acts_for = entry.get("acts_for")
        return f"{entry.get('kind')}{f', speaks for {acts_for}' if acts_for else ''}"
    return str(entry.get("level") or "")


def _aliases(entry: Entry) -> list[str]:
    return [name for key in ("aliases", "short", "sensitive_short", "adjective", "of_state", "demonyms") for name in entry.words(key)]


def _names(entry: Entry) -> list[str]:
    single = [entry.get("name"), entry.get("name_ar"), entry.get("id"), entry.get("key"), entry.get("iso3")]
    return [name for name in single if isinstance(name, str)] + _aliases(entry)


def _sources(report: Report, extra: Sequence[Path]) -> Iterator[tuple[str, Entry]]:
    """All entries with their kinds; the user's over ours."""
    if extra:
        for section, rows in merged_entries(report, extra).items():
            yield from ((_KINDS[section], entry) for entry in rows)
        return
    root = report.root
    sources = [(kind, path) for kind, folder in _FOLDERS.items() for path in sorted((root / folder).glob("*.yaml"))]
    for kind, path in [*sources, ("office", root / "offices.yaml")]:
        yield from ((kind, entry) for entry in entries(report, path, name="key" if kind == "office" else "name"))


def search_data(root: Path, query: str, *, extra: Sequence[Path] = ()) -> list[dict[str, Any]]:
    """Entries of which a name equals the query, after folding; where there is none, those of which a name contains it.

    `extra` are the user's own files, which go over the data.
    """
    report = Report(root)
    wanted = fold_key(query.strip().casefold())
    if not wanted:
        return []
    equal: list[dict[str, Any]] = []
    holding: list[dict[str, Any]] = []
    for kind, entry in _sources(report, extra):
        names = [fold_key(name.casefold()) for name in _names(entry)]
        if not any(wanted in name for name in names):
            continue
        row = {
            "kind": kind, "name": entry.get("name"), "name_ar": entry.get("name_ar"), "id": entry.get("id"),
            "country": entry.get("country"),
            "facts": _facts(kind, entry), "aliases": _aliases(entry), "where": f"{report.name(entry.path)}:{entry.line}",
        }  # fmt: skip
        (equal if wanted in names else holding).append(row)
    return equal or holding
