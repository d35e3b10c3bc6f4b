"""Tables from text files: delimiter, decimal comma and header are recognised, defects reported by line and column."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from .tables import MOST_COLUMNS, DataError, Defect, Table, check_size, table_from_arrays, unique_names

LARGEST_FILE = 10 * 2**20
"""Bytes."""

DELIMITERS = (",", ";", "\t", "|", " ")
EMPTY = frozenset({"", "na", "n/a", "nan", "null", "none", "?", "-"})
GLANCE = 50
"""Lines that a glance takes in."""

LONGEST_FIELD = 200
"""Characters; a number needs 30, the name of a class not many more."""

ROOM = 256 * 2**20
"""Bytes that the fields of a file may take while it is read, each as long as the longest."""

MOST_DEFECTS = 10_000
"""A file with more defects is not a table; the count goes on no further."""

_DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+(e[+-]?\d+)?", re.IGNORECASE)

Cells = NDArray[np.str_]


def read_csv(
    content: bytes, target: str | int | None = None, kind: str | None = None, ignore: Sequence[str | int] = ()
) -> Table:
    """Read a table of numbers from the bytes of a text file, one sample per line.

    Parameters
    ----------
    content : bytes
        UTF-8 text, at most 10 MB and 50,000 rows. Fields are separated by comma, semicolon, tab, bar or space.
    target : str or int, optional
        Name or number (from 1) of the column to be learnt; None is the last one. All others are inputs.
    kind : {"classes", "regression"}, optional
        What the target is; None decides by its values, see `table_from_arrays`.
    ignore : sequence of str or int
        Columns that are left out, such as a running number.

    Raises
    ------
    DataError
        With every defect by line of the file and column.
    """
    text = _decode(content)
    delimiter = find_delimiter(text)
    rows, lines = _rows(text, delimiter)
    width, broken = _width(rows, lines)
    if width < 2:
        _refuse(broken)
        raise DataError([Defect("columns", "there must be at least two columns, inputs and a target")])
    places = {defect.row for defect in broken}
    whole = [index for index, line in enumerate(lines) if line not in places]
    if len(whole) < 3:
        _refuse(broken)
    rows, lines = [rows[index] for index in whole], [lines[index] for index in whole]
    try:
        table = _read(rows, lines, delimiter, target, kind, ignore)
    except DataError as error:
        _refuse(_in_order([*broken, *error.defects]))
        raise
    _refuse(broken)
    return table


def glance_at(content: bytes) -> list[dict[str, object]]:
    """Return what the columns of a file seem to be, by its first lines; none where it cannot be read at all.

    Parameters
    ----------
    content : bytes
        As `read_csv` takes it, with any defects.

    Returns
    -------
    list of dict
        For each column its ``name``, whether it is ``numeric``, and the first ``values`` as they are written.
    """
    try:
        text = _decode(content)
        rows, _ = _rows("\n".join(islice(text.splitlines(), GLANCE)), find_delimiter(text))
    except DataError:
        return []
    width = Counter(map(len, rows)).most_common(1)[0][0]
    cells: Cells = np.char.strip(np.array([[cell[:40] for cell in row] for row in rows if len(row) == width]))
    header = has_header(cells)
    names = unique_names(cells[0].tolist() if header else [f"x{i}" for i in range(1, width + 1)])
    columns = _with_points(cells[1:] if header else cells).T.tolist()
    return [
        {"name": name[:40], "numeric": 2 * sum(map(_is_number, column)) > len(column), "values": column[:3]}
        for name, column in zip(names[:MOST_COLUMNS], columns, strict=False)
    ]


def _read(
    rows: list[list[str]],
    lines: list[int],
    delimiter: str,
    target: str | int | None,
    kind: str | None,
    ignore: Sequence[str | int],
) -> Table:
    """Turn rows that have the same number of fields into a table."""
    width = len(rows[0])
    cells: Cells = np.char.strip(np.array(rows, dtype=np.str_))
    if delimiter != ",":
        cells = _with_points(cells)
    header = has_header(cells)
    names = unique_names(cells[0].tolist() if header else [f"x{i}" for i in range(1, width + 1)])
    if header:
        cells, lines = cells[1:], lines[1:]
    ignored = {_place(column, names) for column in ignore}
    wanted = _place(target or len(names), names)
    inputs = [j for j in range(width) if j != wanted and j not in ignored]
    _refuse(check_size(len(cells), len(inputs)))
    return _table(cells, lines, names, inputs, wanted, kind)


def find_delimiter(text: str) -> str:
    """Return the delimiter that cuts the first lines most evenly, and among equals into most fields."""
    lines = [line for line in islice(text.splitlines(), 200) if line.strip()][:50]

    def fitness(delimiter: str) -> tuple[float, int]:
        rows = csv.reader([line[:10_000] for line in lines], delimiter=delimiter, skipinitialspace=True)
        widths = Counter(sum(map(bool, row)) if delimiter == " " else len(row) for row in rows)
        width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
        return (count / len(lines), width) if width > 1 else (0.0, width)

    return max(DELIMITERS, key=fitness)


def has_header(cells: Cells) -> bool:
    """Whether the first row names the columns: most columns that are numbers below begin with something else."""
    if len(cells) < 2:
        return False
    below = cells[1:101]
    numeric = [j for j in range(cells.shape[1]) if np.mean([_is_number(cell) for cell in below[:, j]]) > 0.5]
    named = sum(not _is_number(cells[0, j]) for j in numeric)
    return 2 * named >= len(numeric) > 0


def _decode(content: bytes) -> str:
    if len(content) > LARGEST_FILE:
        words = f"the file has {len(content) / 2**20:.1f} MB, at most {LARGEST_FILE / 2**20:g} are read"
        raise DataError([Defect("size", words)])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DataError([Defect("encoding", "is no UTF-8 text", line)]) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise DataError([Defect("encoding", "holds bytes that are no text", line)])
    if not text.strip():
        raise DataError([Defect("rows", "the file is empty")])
    return text


def _rows(text: str, delimiter: str) -> tuple[list[list[str]], list[int]]:
    """The fields of all lines that are not blank, and the numbers of these lines."""
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, skipinitialspace=True)
    rows, lines, start = [], [], 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                if delimiter == " ":
                    row = [cell for cell in row if cell]
                rows.append(row)
                lines.append(start)
            start = reader.line_num + 1
    except csv.Error as error:
        raise DataError([Defect("quotes", f"cannot be read: {error}", start)]) from None
    if not rows:
        raise DataError([Defect("rows", "the file is empty")])
    return rows, lines


def _width(rows: list[list[str]], lines: list[int]) -> tuple[int, list[Defect]]:
    """How many fields rows have, with those that have another number and those with a field that is too long."""
    width = Counter(map(len, rows)).most_common(1)[0][0]
    longest, defects = min(LONGEST_FIELD, max(8, ROOM // (4 * width * len(rows)))), []
    for row, line in zip(rows, lines, strict=True):
        if len(row) != width:
            defects.append(Defect("fields", f"has {len(row)} fields, most rows have {width}", line))
        elif max(map(len, row)) > longest:
            column = next(j for j, cell in enumerate(row, start=1) if len(cell) > longest)
            words = f"has {len(row[column - 1])} letters, at most {longest} are read"
            defects.append(Defect("too_long", words, line, column))
    return width, defects


def _with_points(cells: Cells) -> Cells:
    """Cells with decimal points for decimal commas, where numbers are written with commas throughout."""
    sample = cells[:200].ravel().tolist()
    commas = sum(bool(_DECIMAL_COMMA.fullmatch(cell)) for cell in sample)
    points = sum("." in cell and _is_number(cell) for cell in sample)
    if commas <= points:
        return cells
    return np.array([
        [cell.replace(",", ".") if _DECIMAL_COMMA.fullmatch(cell) else cell for cell in row] for row in cells.tolist()
    ])  # fmt: skip


def _place(column: str | int, names: Sequence[str]) -> int:
    """The index of a column that is given by name, or by number from 1."""
    if isinstance(column, int) and 1 <= column <= len(names):
        return column - 1
    if isinstance(column, str) and column in names:
        return names.index(column)
    words = f"a column must be one of {', '.join(names)}, or a number in [1, {len(names)}], got {column!r}"
    raise DataError([Defect("column", words)])


def _table(
    cells: Cells, lines: list[int], names: tuple[str, ...], inputs: list[int], target: int, kind: str | None
) -> Table:
    """Turn cells (n, columns) into numbers, or raise with all that are none."""
    defects: list[Defect] = []
    X = np.column_stack([_column(cells[:, j], lines, j, names[j], defects) for j in inputs])
    words = cells[:, target]
    answers: NDArray[np.float64] | Cells = words
    if kind == "regression" or np.mean([_is_number(cell) for cell in words[:200]]) > 0.5:
        answers = _column(words, lines, target, names[target], defects)
    else:
        missing = [i for i, cell in enumerate(words.tolist()) if cell.lower() in EMPTY]
        defects += [Defect("empty", "there is no class", lines[i], target + 1, names[target]) for i in missing]
    _refuse(_in_order(defects))
    try:
        return table_from_arrays(X, answers, columns=[names[j] for j in inputs], target=names[target], kind=kind)
    except DataError as error:
        places = [*inputs, target]
        raise DataError([_in_file(defect, lines, places) for defect in error.defects]) from None


def _column(cells: Cells, lines: list[int], j: int, name: str, defects: list[Defect]) -> NDArray[np.float64]:
    """The numbers (n,) of a column; what is no number goes into `defects`."""
    try:
        values = cells.astype(np.float64)
        if np.isfinite(values).all() and not (np.char.find(cells, "_") >= 0).any():
            return values
    except ValueError:
        pass
    wrong = [(i, cell) for i, cell in enumerate(cells.tolist()) if not _is_number(cell)]
    if len(wrong) == len(cells) > 1:
        words = "holds no number; make it the target or leave it out"
        defects.append(Defect("not_a_number", words, None, j + 1, name))
    else:
        defects += [Defect(*_problem(cell), lines[i], j + 1, name) for i, cell in wrong]
    return np.zeros(len(cells))


def _problem(cell: str) -> tuple[str, str]:
    if cell.lower() in EMPTY:
        return "empty", "there is no number"
    return "not_a_number", f"{cell[:40]!r} is not a number"


def _is_number(cell: str) -> bool:
    try:
        return "_" not in cell and bool(np.isfinite(float(cell)))
    except ValueError:
        return False


def _in_file(defect: Defect, lines: list[int], places: list[int]) -> Defect:
    """A defect of the arrays as one of the file: lines for rows, and columns as they stand there."""
    row = lines[defect.row - 1] if defect.row else None
    column = places[defect.column - 1] + 1 if defect.column else None
    return Defect(defect.problem, defect.words, row, column, defect.name)


def _in_order(defects: Sequence[Defect]) -> list[Defect]:
    return sorted(defects, key=lambda defect: (defect.row or 0, defect.column or 0))


def _refuse(defects: Sequence[Defect]) -> None:
    if defects:
        raise DataError(defects[:MOST_DEFECTS])
