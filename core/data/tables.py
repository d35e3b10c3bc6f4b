"""Tables that users bring, checked, and the data sets made of them.

A table is known by its content: the same numbers have the same name everywhere, so a run's config can refer to them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..ground.errors import BackscopeError, check_choice
from .dataset import DatasetRecord, Kind

Array = NDArray[np.float64]
Labels = NDArray[np.int64]

MOST_ROWS, MOST_COLUMNS, MOST_CLASSES = 50_000, 1024, 50
LARGEST = 1e12
"""Numbers beyond ± this are taken for mistakes: their squares leave no digits to compute with."""

KINDS = ("classes", "regression")


@dataclass(frozen=True, slots=True)
class Defect:
    """Something wrong in a table.

    Attributes
    ----------
    problem : str
        A word for programs: ``"empty"``, ``"not_a_number"``, ``"too_large"``, ``"fields"``, …
    words : str
        For people, without the place.
    row, column : int or None
        The place, counted from 1; None where it is the whole row, column or file. In a file, rows are its lines.
    name : str
        The column's name, where it has one.
    params : mapping
        The values and bounds that stand in the words, for who says them in another language.
    """

    problem: str
    words: str
    row: int | None = None
    column: int | None = None
    name: str = ""
    params: Mapping[str, str | int | float] = field(default_factory=dict)

    def __str__(self) -> str:
        column = f"column {self.column}" + (f" ({self.name})" if self.name else "") if self.column else ""
        place = ", ".join(part for part in (f"row {self.row}" if self.row else "", column) if part)
        return f"{place}: {self.words}" if place else self.words


class DataError(BackscopeError, ValueError):
    """A table that cannot be learnt from, with all its defects.

    Parameters
    ----------
    defects : sequence of Defect
        In the order of rows.
    sheets : sequence of str
        Of a workbook, so that another can be chosen.
    sheet : str, optional
        The one that was looked at.
    """

    SHOWN = 5

    def __init__(self, defects: Sequence[Defect], sheets: Sequence[str] = (), sheet: str | None = None) -> None:
        self.defects, self.sheets, self.sheet = tuple(defects), tuple(sheets), sheet
        lines = [str(defect) for defect in self.defects[: self.SHOWN]]
        more = len(self.defects) - self.SHOWN
        super().__init__("; ".join([*lines, f"and {more} more"] if more > 0 else lines))

    def __reduce__(self) -> tuple[object, ...]:
        return DataError, (self.defects, self.sheets, self.sheet)


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Numbers to learn from, checked.

    Attributes
    ----------
    columns : tuple of str
        Names of the inputs, all different.
    X : ndarray of shape (n, columns)
        Inputs.
    target : str
        Name of the target.
    kind : {"binary", "classes", "regression"}
        What the target is.
    answers : ndarray of shape (n,)
        Labels as whole numbers from 0, or the targets of regression.
    class_names : tuple of str
        In the order of labels; empty for regression.
    """

    columns: tuple[str, ...]
    X: Array
    target: str
    kind: Kind
    answers: Array | Labels
    class_names: tuple[str, ...]

    @property
    def name(self) -> str:
        """Its name as a data set: ``upload-`` and a digest of all it holds."""
        digest = hashlib.sha256(repr((self.columns, self.target, self.kind, self.class_names, self.X.shape)).encode())
        digest.update(np.ascontiguousarray(self.X).tobytes())
        digest.update(np.ascontiguousarray(self.answers, dtype=np.float64).tobytes())
        return f"upload-{digest.hexdigest()[:16]}"

    @property
    def record(self) -> DatasetRecord:
        """Its entry among the data sets: in standard units, or as a picture from 0 to 1 where columns are pixels."""
        image = self._image()
        X = self.X / (np.abs(self.X).max() or 1.0) if image else self.X
        keys = {f"x{i}": name for i, name in enumerate(self.columns, start=1)}
        loss = {"binary": "bce", "classes": "cross_entropy", "regression": "mse"}[self.kind]
        return DatasetRecord(
            self.kind, keys, loss, len(self.X), class_names=self.class_names, image=image,
            standardize=image is None, load=lambda: (X, self.answers),
        )  # fmt: skip

    def _image(self) -> tuple[int, int] | None:
        side = isqrt(len(self.columns))
        pixels = all(name.lower().startswith(("pixel", "px")) for name in self.columns)
        return (side, side) if pixels and side > 1 and side * side == len(self.columns) else None


UPLOADS: dict[str, DatasetRecord] = {}
"""The tables that runs of this process can refer to."""


def register(table: Table) -> str:
    """Make a table a data set of this process and return its name; a second time changes nothing."""
    name = table.name
    UPLOADS.setdefault(name, table.record)
    return name


def forget(name: str) -> None:
    """Drop a table; runs that have begun keep their samples."""
    UPLOADS.pop(name, None)


def table_from_arrays(
    X: ArrayLike,
    y: ArrayLike,
    *,
    columns: Sequence[str] | None = None,
    target: str = "y",
    kind: str | None = None,
    first_row: int = 1,
) -> Table:
    """Check arrays and return them as a table.

    Parameters
    ----------
    X : array_like of shape (n, d) or (n,)
        Inputs, n at most 50,000, d at most 1,024.
    y : array_like of shape (n,)
        Numbers, or words for classes.
    columns : sequence of str, optional
        Names of the inputs.
    target : str
        Name of the target.
    kind : {"classes", "regression"}, optional
        What the target is. None decides: words, truth values and up to 20 different whole numbers are classes.
    first_row : int
        How the first row is called in reports.

    Raises
    ------
    DataError
        With every defect by row and column.
    """
    if kind is not None:
        check_choice("kind", kind, KINDS)
    inputs = _numbers(X)
    if inputs.ndim == 1:
        inputs = inputs[:, None]
    answers = np.asarray(y)
    if answers.ndim == 2 and answers.shape[1] == 1:
        answers = answers[:, 0]
    if inputs.ndim != 2 or answers.ndim != 1 or len(inputs) != len(answers):
        words = f"X must have shape (n, d) and y (n,), got {inputs.shape} and {answers.shape}"
        raise DataError([Defect("shape", words)])
    names = unique_names(columns or [f"x{i}" for i in range(1, inputs.shape[1] + 1)])
    defects = [*check_size(*inputs.shape), *_check_columns(names, inputs.shape[1])]
    if not defects:
        defects = _check_numbers(inputs, names, first_row)
        labels, class_names, found = _answers(answers, target, kind, first_row, inputs.shape[1] + 1)
        defects = sorted([*defects, *found], key=lambda defect: (defect.row or 0, defect.column or 0))
    if defects:
        raise DataError(defects)
    which: Kind = "regression" if not class_names else "binary" if len(class_names) == 2 else "classes"
    for array in (inputs, labels):
        array.flags.writeable = False
    return Table(names, inputs, target, which, labels, class_names)


def check_size(rows: int, columns: int) -> list[Defect]:
    """Return what is wrong with the size of a table."""
    defects = []
    if not 2 <= rows <= MOST_ROWS:
        words = f"the number of rows must lie in [2, {MOST_ROWS}], got {rows}"
        defects.append(Defect("rows", words, params={"low": 2, "high": MOST_ROWS, "value": rows}))
    if not 1 <= columns <= MOST_COLUMNS:
        words = f"the number of inputs must lie in [1, {MOST_COLUMNS}], got {columns}"
        defects.append(Defect("columns", words, params={"low": 1, "high": MOST_COLUMNS, "value": columns}))
    return defects


def unique_names(names: Sequence[str]) -> tuple[str, ...]:
    """Return names that are all different and not empty: a second "size" becomes "size 2"."""
    found: list[str] = []
    for i, name in enumerate(names, start=1):
        wanted = plain = str(name).strip() or f"column {i}"
        count = 1
        while wanted in found:
            count += 1
            wanted = f"{plain} {count}"
        found.append(wanted)
    return tuple(found)


def _numbers(X: ArrayLike) -> Array:
    try:
        return np.array(X, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise DataError([Defect("not_a_number", f"X must be numbers in rows of one length: {error}")]) from None


def _check_columns(names: tuple[str, ...], count: int) -> list[Defect]:
    if len(names) == count:
        return []
    return [Defect("columns", f"there must be one name for each of {count} columns, got {len(names)}")]


def _check_numbers(values: Array, names: Sequence[str], first_row: int, first_column: int = 1) -> list[Defect]:
    with np.errstate(invalid="ignore"):
        wrong = ~(np.abs(values) <= LARGEST)
    return [
        wrong_number(float(values[i, j]), int(i) + first_row, int(j) + first_column, names[j])
        for i, j in np.argwhere(wrong)
    ]


def wrong_number(value: float, row: int | None, column: int, name: str) -> Defect:
    """Return what is wrong with a number that is NaN or too large."""
    if np.isnan(value):
        return Defect("empty", "there is no number", row, column, name)
    words = f"{value:g} lies outside [-{LARGEST:g}, {LARGEST:g}]"
    return Defect("too_large", words, row, column, name, {"value": f"{value:g}", "high": LARGEST})


def _answers(
    y: NDArray[np.generic], target: str, kind: str | None, first_row: int, column: int
) -> tuple[Array | Labels, tuple[str, ...], list[Defect]]:
    """Labels with the names of classes, or targets without, and what is wrong with them."""
    if y.dtype.kind not in "biuf":
        try:
            y = y.astype(np.float64) if kind == "regression" or y.dtype.kind == "O" else y.astype(str)
        except (TypeError, ValueError):
            y = y.astype(str)
    if y.dtype.kind in "biuf":
        return _answers_from_numbers(y, target, kind, first_row, column)
    if kind == "regression":
        return np.zeros(0), (), [Defect("not_a_number", "a target of regression must be numbers", None, column, target)]
    return _classes(y, target, first_row, column)


def _answers_from_numbers(
    y: NDArray[np.generic], target: str, kind: str | None, first_row: int, column: int
) -> tuple[Array | Labels, tuple[str, ...], list[Defect]]:
    values = y.astype(np.float64)
    few = y.dtype.kind == "b" or (bool((values == np.round(values)).all()) and len(np.unique(values)) <= 20)
    if (kind == "classes" or (kind is None and few)) and np.isfinite(values).all():
        return _classes(y, target, first_row, column)
    defects = _check_numbers(values[:, None], [target], first_row, column)
    if not defects and np.ptp(values) == 0:
        words = f"every target is {values[0]:g}: there is nothing to learn"
        defects = [Defect("constant", words, None, column, target, {"value": f"{values[0]:g}"})]
    return values, (), defects


def _classes(
    y: NDArray[np.generic], target: str, first_row: int, column: int
) -> tuple[Labels, tuple[str, ...], list[Defect]]:
    classes, labels = np.unique(y, return_inverse=True)
    names = tuple(_class_name(name) for name in classes.tolist())
    if not 2 <= len(names) <= MOST_CLASSES:
        words = f"the number of classes must lie in [2, {MOST_CLASSES}], got {len(names)}"
        params = {"low": 2, "high": MOST_CLASSES, "value": len(names)}
        return labels, names, [Defect("classes", words, None, column, target, params)]
    missing = np.flatnonzero(y == "").tolist()
    empty = [Defect("no_class", "there is no class", i + first_row, column, target) for i in missing]
    return labels.astype(np.int64), names, empty


def _class_name(name: object) -> str:
    """A class as its name is read: whole numbers without a point, others with all their digits."""
    if isinstance(name, float):
        return str(int(name)) if name.is_integer() and abs(name) < 1e16 else repr(name)
    return str(name)
