"""Excel workbooks (.xlsx) as rows of fields, read cell by cell with openpyxl and bounded before and while it reads."""

from __future__ import annotations

import io
import zipfile
from datetime import date, time, timedelta
from typing import Any

from .tables import MOST_ROWS, DataError, Defect
from .text_files import Rows

#: Bytes that a workbook may unpack to, and cells that are looked at, empty ones too.
_MOST_BYTES, _MOST_CELLS = 200 * 2**20, 10_000_000


def is_workbook(content: bytes) -> bool:
    """Return whether the bytes of a file are packed as those of a workbook are."""
    return content.startswith(b"PK\x03\x04")


def read_workbook(content: bytes, sheet: str | None = None) -> tuple[Rows, str]:
    """Return the rows of a sheet as text, and its name; None is the one that was open when the workbook was saved.

    Formulas are read as the values that Excel has stored with them.

    Raises
    ------
    DataError
        If it is no workbook, too large, or has no such sheet.
    """
    from openpyxl import load_workbook  # here: a sixth of a second that only workbooks need

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
        if unpacked > _MOST_BYTES:
            raise DataError([_too_large()])
        book: Any = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        names = tuple(one.title for one in book.worksheets)
        if not names or (sheet is not None and sheet not in names):
            words = f"a sheet must be one of {', '.join(names)}, got {sheet!r}"
            raise DataError([Defect("sheet", words, params={"value": sheet or ""})])
        chosen = (
            book[sheet] if sheet is not None else book.active if book.active in book.worksheets else book.worksheets[0]
        )
        rows = _rows(chosen)
    except DataError:
        raise
    except Exception as error:  # whatever is wrong in XML, ZIP or the numbers in it: openpyxl has no error of its own
        words = f"cannot be read as a workbook ({type(error).__name__}): save it as .xlsx again, or as CSV (UTF-8)"
        raise DataError([Defect("workbook", words, params={"reason": type(error).__name__})]) from None
    if not rows.fields:
        raise DataError([Defect("nothing", "the file is empty")])
    rows.sheets = names
    return rows, chosen.title


def _rows(sheet: Any) -> Rows:
    sheet.reset_dimensions()  # what the file says of its size need not be true
    rows, looked, widest = Rows([], []), 0, 0
    for line, values in enumerate(sheet.iter_rows(values_only=True), start=1):
        looked += max(len(values), 1)
        if looked > _MOST_CELLS:
            raise DataError([_too_large()])
        fields = [_text(value) for value in values]
        while fields and not fields[-1]:
            fields.pop()
        if not fields:
            continue
        if len(rows.fields) > MOST_ROWS:
            rows.left += 1
            continue
        widest = max(widest, len(fields))
        rows.fields.append(fields)
        rows.lines.append(line)
    for row in rows.fields:
        row.extend([""] * (widest - len(row)))
    return rows


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return repr(value.total_seconds())
    return str(value).strip()


def _too_large() -> Defect:
    return Defect(
        "size", f"the workbook unpacks to more than {_MOST_BYTES // 2**20} MB: keep one small sheet, or save it as CSV"
    )
