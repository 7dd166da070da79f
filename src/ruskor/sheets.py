"""Cells for spreadsheets: text that one would run as a formula is defused; XLSX through openpyxl."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from ruskor.errors import RuskorError

# What begins a formula or a command in Excel, LibreOffice and Google Sheets, also behind spaces, and in its full-width form.
_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r]")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
# Control characters that XML cannot hold.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_CELL = 32_767
_EPOCH = (1980, 1, 1, 0, 0, 0)


def cell_text(value: object) -> str:
    """A value in one cell: lists joined by "; ", empty for null, true/false."""
    if value is None:
        return ""
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, list):
        return "; ".join(map(cell_text, value))
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def defuse(text: str) -> str:
    """A text cell that a spreadsheet takes for what it is: a leading `'` where it would be run. Numbers stay."""
    if not _FORMULA.match(text) or _NUMBER.fullmatch(text):
        return text
    return f"'{text}"


def xlsx_of(rows: Sequence[dict[str, Any]], columns: dict[str, str], *, raw: bool = False) -> bytes:
    """The rows as an XLSX workbook with a frozen header; lists are joined by "; ".

    With `raw` no cell gets a `'`; text is stored as text all the same. Raises RuskorError where openpyxl is missing.
    """
    try:
        from openpyxl import Workbook
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.styles import Font
    except ImportError as error:
        raise RuskorError("XLSX needs openpyxl, which is not installed", hint="pip install 'ruskor[xlsx]'") from error
    book = Workbook(write_only=True)
    # The same rows make the same bytes.
    book.properties.created = book.properties.modified = datetime(2000, 1, 1)  # noqa: DTZ001 - openpyxl takes naive times
    book.properties.creator = "ruskor"
    sheet = book.create_sheet("events" if "event_id" in columns else "rows")
    sheet.freeze_panes = "A2"
    header = []
    for name in columns:
        cell = WriteOnlyCell(sheet, value=name)
        cell.font = Font(bold=True)
        header.append(cell)
    sheet.append(header)
    for row in rows:
        cells = []
        for name in columns:
            value = row[name]
            if value is None or isinstance(value, bool | int | float):
                cells.append(WriteOnlyCell(sheet, value=value))
                continue
            text = _ILLEGAL.sub("\ufffd", cell_text(value))
            cell = WriteOnlyCell(sheet, value=(text if raw else defuse(text))[:_CELL])
            cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    buffer = io.BytesIO()
    book.save(buffer)
    return _same_times(buffer.getvalue())


def _same_times(data: bytes) -> bytes:
    """The archive with all its times set to one."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            content = source.read(info)
            if info.filename == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2000-01-01T00:00:00Z", content)
            target.writestr(zipfile.ZipInfo(info.filename, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
