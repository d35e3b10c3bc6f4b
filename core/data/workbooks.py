"""Excel workbooks (.xlsx) as rows of fields, read cell by cell with openpyxl and bounded before and while it reads."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, time, timedelta
from typing import Any

from .tables import MOST_ROWS, DataError, Defect
from .text_files import Rows

#: Bytes that a workbook may unpack to, and cells that are looked at, empty ones too.
_MOST_BYTES, _MOST_CELLS = 200 * 2**20, 10_000_000
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")


def is_workbook(content: bytes) -> bool:
    """Return whether the bytes of a file are packed as those of a workbook are."""
    return content.startswith(b"PK\x03\x04")


def read_workbook(content: bytes, sheet: str | None = None) -> tuple[Rows, str]:
    """Return the rows of a sheet as text, and its name.

    None is the sheet that was open when the workbook was saved, or where that is empty the first that is not. Formulas
    are read as the values that Excel has stored with them; those that have none are told in `Rows.formulas`.

    Raises
    ------
    DataError
        If it is no workbook, too large, or has no such sheet.
    """
    from openpyxl import load_workbook  # here: a sixth of a second that only workbooks need

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            if sum(part.file_size for part in parts.infolist()) > _MOST_BYTES:
                raise DataError([_too_large()])
            sheets = [part for part in parts.namelist() if part.startswith("xl/worksheets/")]
            calculated = any(_FORMULA.search(parts.read(part)) for part in sheets)
        book: Any = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        names = tuple(one.title for one in book.worksheets)
        if not names or (sheet is not None and sheet not in names):
            words = f"a sheet must be one of {', '.join(names)}, got {sheet!r}"
            raise DataError([Defect("sheet", words, params={"value": sheet or ""})])
        order = [book.active, *book.worksheets] if sheet is None else [book[sheet]]
        formulas = load_workbook(io.BytesIO(content), read_only=True, keep_links=False) if calculated else None
        for chosen in order:
            if chosen in book.worksheets:
                rows = _rows(chosen, None if formulas is None else formulas[chosen.title])
                if rows.fields:
                    break
    except DataError:
        raise
    except Exception as error:  # whatever is wrong in XML, ZIP or the numbers in it: openpyxl has no error of its own
        words = f"cannot be read as a workbook ({type(error).__name__}): save it as .xlsx again, or as CSV (UTF-8)"
        raise DataError([Defect("workbook", words, params={"reason": type(error).__name__})]) from None
    if not rows.fields:
        empty = Defect("nothing", "the file is empty") if sheet is None else Defect("no_rows", "this sheet is empty")
        raise DataError([empty], names, sheet)
    rows.sheets = names
    return rows, chosen.title


def _rows(sheet: Any, written: Any = None) -> Rows:
    """Return the rows of a sheet; `written` is the same sheet with formulas in place of their values."""
    rows, looked, widest = Rows([], []), 0, 0
    for line, values in enumerate(_values(sheet, written), start=1):
        looked += max(len(values), 1)
        if looked > _MOST_CELLS:
            raise DataError([_too_large()])
        fields = [_text(value) for value in values]
        rows.formulas.update((line, j) for j, value in enumerate(values) if isinstance(value, _Formula))
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


class _Formula(str):
    """A formula that no value was stored with."""

    __slots__ = ()


def _values(sheet: Any, written: Any) -> Iterator[Sequence[Any]]:
    """The values of each row, or formulas where these have none: those of a file that no spreadsheet has computed."""
    sheet.reset_dimensions()  # what the file says of its size need not be true
    if written is None:
        yield from sheet.iter_rows(values_only=True)
        return
    written.reset_dimensions()
    for cells, formulas in zip(sheet.iter_rows(), written.iter_rows(), strict=False):
        yield [_stored(cell, formula) for cell, formula in zip(cells, formulas, strict=True)]


def _stored(cell: Any, formula: Any) -> Any:
    """The value of a cell, or its formula; one whose value is the empty text has a value."""
    if formula.data_type == "f" and cell.data_type == "n" and cell.value is None:
        return _Formula(f"{formula.value}"[:40])
    return cell.value


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
