"""Tables from text files and workbooks: how they are written is recognised, defects are reported by line and column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..ground.errors import check_choice, check_flag
from .headers import has_header
from .numerals import DECIMAL_MARKS, NO_NUMBER, POINT, Marks, decimal_marks, is_doubtful, is_number, number, numbers
from .tables import (
    KINDS,
    LARGEST,
    MOST_CLASSES,
    MOST_COLUMNS,
    DataError,
    Defect,
    Table,
    check_size,
    table_from_arrays,
    unique_names,
    wrong_number,
)
from .text_files import DELIMITERS, ENCODINGS, LARGEST_FILE, LONGEST_FIELD, Rows, cut, decode, usual_width
from .workbooks import is_workbook, read_workbook

MOST_DEFECTS = 10_000
"""A file with more defects is not a table; the count goes on no further."""

_CODE = re.compile(r"^(?:[+-]?0\d+|\d{16,})$", re.MULTILINE)
_FEW = 100  # rows that tell what a column is, where not all have to be looked at


@dataclass(frozen=True, slots=True)
class FileFormat:
    """How a file is written; what is None is recognised.

    Attributes
    ----------
    encoding : str, optional
        One of `ENCODINGS`; none in a workbook.
    delimiter : str, optional
        One of `DELIMITERS`; a space stands for any run of spaces and tabs. None in a workbook.
    decimal : str, optional
        Point or comma. The other one, a space or an apostrophe may stand between thousands. As a finding, None means
        that columns differ, or cannot be told.
    header : bool, optional
        Whether the first row names the columns.
    sheet : str, optional
        The sheet of a workbook.
    """

    encoding: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    header: bool | None = None
    sheet: str | None = None

    def __post_init__(self) -> None:
        for name, choices in (("encoding", ENCODINGS), ("delimiter", DELIMITERS), ("decimal", DECIMAL_MARKS)):
            if getattr(self, name) is not None:
                check_choice(name, getattr(self, name), choices)
        if self.header is not None:
            check_flag("header", self.header)


def read_csv(
    content: bytes,
    target: str | int | None = None,
    kind: str | None = None,
    ignore: Sequence[str | int] = (),
    form: FileFormat | None = None,
) -> Table:
    """Read a table of numbers from the bytes of a text file or an Excel workbook (.xlsx), one sample per row.

    Parameters
    ----------
    content : bytes
        At most 10 MB and 50,000 rows.
    target : str or int, optional
        Name or number (from 1) of the column to be learnt; None is the last that is not empty. All others are inputs.
    kind : {"classes", "regression"}, optional
        What the target is; None decides by its values: words, codes with leading zeros and up to 20 different whole
        numbers are classes. Names of classes are taken as they stand there, ``None``, ``NA`` and ``-`` too.
    ignore : sequence of str or int
        Columns that are left out, such as a running number. Empty columns always are.
    form : FileFormat, optional
        How the file is written, as far as it is known.

    Raises
    ------
    DataError
        With every defect by line of the file and column.
    """
    return open_file(content, form).table(target, kind, ignore)


def open_file(content: bytes, form: FileFormat | None = None) -> Sheet:
    """Cut a file into columns of cells, whatever these hold; arguments and errors as those of `read_csv`."""
    form = form or FileFormat()
    if len(content) > LARGEST_FILE:
        size, high = len(content) / 2**20, LARGEST_FILE / 2**20
        words = f"the file has {size:.1f} MB, at most {high:g} are read"
        raise DataError([Defect("size", words, params={"value": round(size, 1), "high": high})])
    if is_workbook(content):
        rows, name = read_workbook(content, form.sheet)
        form = replace(form, encoding=None, delimiter=None, sheet=name)
    else:
        text, encoding = decode(content, form.encoding)
        rows, delimiter = cut(text, form.delimiter)
        form = replace(form, encoding=encoding, delimiter=delimiter, sheet=None)
    width, defects = _regular(rows)
    if width < 2:
        refuse(defects)
        words = "there must be at least two columns, inputs and a target: is the delimiter right?"
        defect = Defect("columns", words, params={"low": 1, "high": MOST_COLUMNS, "value": max(width - 1, 0)})
        raise DataError([defect], rows.sheets, form.sheet)
    return Sheet(rows, defects, form)


class Sheet:
    """A file cut into columns of cells, and what is known of it.

    Parameters
    ----------
    rows : Rows
        All of one length.
    defects : list of Defect
        Rows that are not among them.
    form : FileFormat
        Encoding, delimiter and sheet as they are, the rest as far as it was chosen.

    Attributes
    ----------
    form : FileFormat
        How the file is written, all of it.
    names : tuple of str
        Of the columns, all different.
    """

    def __init__(self, rows: Rows, defects: list[Defect], form: FileFormat) -> None:
        self.sheets = rows.sheets
        self._defects, self._lines, self._left, self._formulas = defects, rows.lines, rows.left, rows.formulas
        self._cells = [list(map(str.strip, column)) for column in zip(*rows.fields, strict=True)]
        header = form.header
        if header is None:
            header = has_header([cells[: _FEW + 1] for cells in self._cells])
        firsts = [cells[0] for cells in self._cells]
        self.names = unique_names(firsts if header else [f"x{i}" for i in range(1, len(firsts) + 1)])
        if header:
            self._cells, self._lines = [cells[1:] for cells in self._cells], self._lines[1:]
        self._empty = {j for j, cells in enumerate(self._cells) if not any(cells)}
        if form.decimal is None:
            found = decimal_marks(self._cells, POINT if form.delimiter in (",", " ", None) else None)
        else:
            found = Marks([form.decimal] * len(self._cells), form.decimal)
        self._marks = found.marks
        self._numbers: dict[int, NDArray[np.float64]] = {}
        self.form = replace(form, header=header, decimal=found.known)

    def glance(self) -> list[dict[str, object]]:
        """Return of each column its ``name``, whether it is ``numeric`` or ``empty``, and the first ``values``."""
        return [
            {"name": name[:40], "numeric": _mostly_numbers(cells[:_FEW]), "empty": j in self._empty, "values": first}
            for j, (name, cells) in enumerate(zip(self.names[:MOST_COLUMNS], self._cells, strict=False))
            for first in [[cell[:40] for cell in cells[:3]]]
        ]

    @property
    def last(self) -> int:
        """The last column that is not empty, from 1: the target unless another is chosen."""
        return max((j + 1 for j in range(len(self.names)) if j not in self._empty), default=len(self.names))

    def table(
        self, target: str | int | None = None, kind: str | None = None, ignore: Sequence[str | int] = ()
    ) -> Table:
        """Return the numbers of the file; arguments and errors as those of `read_csv`."""
        if kind is not None:
            check_choice("kind", kind, KINDS)
        if self._defects and len(self._lines) < 2:
            refuse(self._defects)
        ignored = {self._place(column) for column in ignore} | self._empty
        wanted = self._place(self.last if target is None else target)
        if wanted in self._empty:
            words = "is empty: choose another column"
            refuse([*self._defects, Defect("empty_column", words, None, wanted + 1, self.names[wanted])])
        inputs = [j for j in range(len(self.names)) if j != wanted and j not in ignored]
        size = check_size(len(self._lines) + self._left, len(inputs))
        if size:
            refuse(self._defects or size)
        refuse(_in_order([*self._defects, *self._unknown({wanted, *inputs})]) if self._formulas else ())
        defects: list[Defect] = []
        X = np.column_stack([self._column(j, defects) for j in inputs])
        answers = self._answers(wanted, kind, defects)
        if defects:
            refuse(_in_order([*self._defects, *defects]))
        names = [self.names[j] for j in inputs]
        try:
            table = table_from_arrays(X, answers, columns=names, target=self.names[wanted], kind=kind)
        except DataError as error:
            refuse(self._defects)  # without these rows, nothing can be said of all
            raise DataError([self._in_file(defect, [*inputs, wanted]) for defect in error.defects]) from None
        refuse(self._defects)
        return table

    def _unknown(self, columns: set[int]) -> list[Defect]:
        """Formulas in these columns that have no value."""
        words = "is a formula without a value: open the workbook in a spreadsheet program, save it, and give it again"
        return [
            Defect("formula", words, line, j + 1, self.names[j])
            for line, j in sorted(self._formulas)
            if j in columns and line in self._lines
        ]

    def _place(self, column: str | int) -> int:
        """The index of a column that is given by name, or by number from 1."""
        if isinstance(column, int) and 1 <= column <= len(self.names):
            return column - 1
        if isinstance(column, str) and column in self.names:
            return self.names.index(column)
        names, most = ", ".join(self.names[:20]), len(self.names)
        words = f"a column must be one of {names}, or a number in [1, {most}], got {column!r}"
        raise DataError([Defect("column", words, params={"value": str(column)[:40], "high": most})])

    def _values(self, j: int) -> NDArray[np.float64]:
        """The numbers (n,) of a column, NaN where there is none."""
        if j not in self._numbers:
            self._numbers[j] = numbers(self._cells[j], self._marks[j] or POINT)
        return self._numbers[j]

    def _answers(self, j: int, kind: str | None, defects: list[Defect]) -> NDArray[np.float64] | list[str]:
        """The target: numbers, or words for classes."""
        cells = self._cells[j]
        if kind != "regression":
            missing = ~np.isfinite(self._values(j))
            coded = bool(not missing.any() and self._marks[j] and _has_codes(cells))
            if kind == "classes" and not coded and not missing.any() and self._marks[j]:
                return self._values(j)  # so that 1 and 1.0 are one class
            few = kind == "classes" or len(set(cells)) <= MOST_CLASSES
            if kind == "classes" or (coded and few) or 2 * missing.sum() >= len(cells):
                defects += [
                    Defect(
                        "no_class",
                        "there is no class: fill it in, or delete the row",
                        self._lines[i],
                        j + 1,
                        self.names[j],
                    )
                    for i, cell in enumerate(cells)
                    if not cell
                ][:MOST_DEFECTS]
                return cells
        return self._column(j, defects, target=True)

    def _column(self, j: int, defects: list[Defect], *, target: bool = False) -> NDArray[np.float64]:
        """The numbers (n,) of a column; what is no number goes into `defects`."""
        if self._marks[j] is None or len(defects) >= MOST_DEFECTS:
            defects += [self._doubt(j)] if self._marks[j] is None else []
            return np.zeros(len(self._lines))
        values, name = self._values(j), self.names[j]
        wrong = np.flatnonzero(~(np.abs(values) <= LARGEST))
        if len(wrong) == len(values) and np.isnan(values).all():
            words = "holds no number; make it the target or leave it out"
            defects.append(
                Defect("text", "every target of regression must be a number" if target else words, None, j + 1, name)
            )
        else:
            for i in wrong[: max(0, MOST_DEFECTS - len(defects))].tolist():
                defects.append(self._wrong(i, j, target=target))
        return np.where(np.isfinite(values), values, 0.0)

    def _wrong(self, i: int, j: int, *, target: bool) -> Defect:
        """What is wrong with a cell that is no number, or none to compute with."""
        cell, value, place = self._cells[j][i], self._values(j)[i], (self._lines[i], j + 1, self.names[j])
        if not np.isnan(value):
            return wrong_number(value, *place)
        if cell.lower() in NO_NUMBER:
            return Defect("empty", "there is no number: fill it in, or delete the row", *place)
        cure = "; if the column holds classes, choose “classes”" if target else ""
        problem = "not_a_number_target" if target else "not_a_number"
        return Defect(problem, f"{cell[:40]!r} is not a number{cure}", *place, {"value": cell[:40]})

    def _doubt(self, j: int) -> Defect:
        """A numeral that may be thousands or decimals, and a word on how to tell."""
        i, cell = next((i, cell) for i, cell in enumerate(self._cells[j]) if is_doubtful(cell))
        one, other = sorted((number(cell, mark) for mark in DECIMAL_MARKS), key=abs)
        words = f"{cell!r} may be {other:g} or {one:g}: choose the decimal mark"
        params = {"value": cell, "one": f"{other:g}", "other": f"{one:g}"}
        return Defect("ambiguous", words, self._lines[i], j + 1, self.names[j], params)

    def _in_file(self, defect: Defect, places: list[int]) -> Defect:
        """A defect of the arrays as one of the file: lines for rows, and columns as they stand there."""
        row = self._lines[defect.row - 1] if defect.row else None
        return replace(defect, row=row, column=places[defect.column - 1] + 1 if defect.column else None)


def _regular(rows: Rows) -> tuple[int, list[Defect]]:
    """Leave only rows of the usual length, without empty columns at the end; return this length, and the defects."""
    width = usual_width(rows.fields)
    usual = [row for row in rows.fields if len(row) == width]
    while width > 1 and not any(row[width - 1].strip() for row in usual):
        width -= 1
    defects, fields, lines = rows.defects, [], []
    for row, line in zip(rows.fields, rows.lines, strict=True):
        if len(row) > width and not any(map(str.strip, row[width:])):
            del row[width:]
        if len(row) != width:
            words = f"has {len(row)} {'field' if len(row) == 1 else 'fields'}, most rows have {width}"
            defects.append(Defect("fields", words, line, params={"value": len(row), "usual": width}))
        elif max(map(len, row)) > LONGEST_FIELD:
            column = next(j for j, cell in enumerate(row, start=1) if len(cell) > LONGEST_FIELD)
            words = f"has {len(row[column - 1])} letters, at most {LONGEST_FIELD} are read"
            params = {"value": len(row[column - 1]), "high": LONGEST_FIELD}
            defects.append(Defect("too_long", words, line, column, params=params))
        else:
            fields.append(row)
            lines.append(line)
    rows.fields, rows.lines = fields, lines
    return width if fields else 0, _in_order(defects)


def _has_codes(cells: Sequence[str]) -> bool:
    """Whether numbers are names: 01234, or more digits than a number keeps."""
    return _CODE.search("\n".join(cells)) is not None


def _mostly_numbers(cells: Sequence[str]) -> bool:
    return 2 * sum(map(is_number, cells)) > len(cells)


def _in_order(defects: Sequence[Defect]) -> list[Defect]:
    return sorted(defects, key=lambda defect: (defect.row or 0, defect.column or 0))


def refuse(defects: Sequence[Defect]) -> None:
    """Raise DataError if there are defects."""
    if defects:
        raise DataError(defects[:MOST_DEFECTS])
