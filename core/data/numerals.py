"""Numerals as people and spreadsheets write them: decimal point or comma, thousands in groups, any minus sign."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

POINT, COMMA = ".", ","
DECIMAL_MARKS = (POINT, COMMA)

NO_NUMBER = frozenset({"", "na", "n/a", "#n/a", "nan", "null", "none", "?", "-", "–", "."})
"""How a cell of a column of numbers says that there is none; among the names of classes they are names."""

#: What stands between groups of thousands, besides the mark that is not the decimal one.
_GROUPS = " \u00a0\u2009\u202f'’"
_MINUS = str.maketrans("−–", "--")


def _other(mark: str) -> str:
    return COMMA if mark == POINT else POINT


def _numeral(mark: str) -> re.Pattern[str]:
    grouped = rf"[1-9]\d{{0,2}}(?P<group>[{_other(mark)}{_GROUPS}])\d{{3}}(?:(?P=group)\d{{3}})*"
    return re.compile(rf"[+-]?(?:(?:{grouped}|\d+)(?:[{mark}]\d*)?|[{mark}]\d+)(?:[eE][+-]?\d+)?")


def _certain(mark: str) -> re.Pattern[str]:
    """Numerals that tell which the decimal mark is, one a line: `mark`."""
    other, fraction = f"[{_other(mark)}]", rf"[{mark}]\d*"
    return re.compile(
        rf"^[+−–-]?(?:\d*[{mark}](?:\d{{1,2}}|\d{{4,}})?"  # no group has one, two or four digits
        rf"|(?:0\d*|\d{{4,}}|)[{mark}]\d+"  # and none follows these
        rf"|\d{{1,3}}(?:{other}\d{{3}})+{fraction}|\d{{1,3}}(?:[{_GROUPS}]\d{{3}})+{fraction}"
        rf"|\d{{1,3}}(?:{other}\d{{3}}){{2,}}|\d+{fraction}[eE][+-]?\d+)(?:[eE][+-]?\d+)?$",
        re.MULTILINE,
    )


_NUMERALS = {mark: _numeral(mark) for mark in DECIMAL_MARKS}
_CERTAIN = {mark: _certain(mark) for mark in DECIMAL_MARKS}
#: A group of thousands or three decimals: nobody can tell from the numeral alone.
_DOUBTFUL = {mark: re.compile(rf"^[+−–-]?[1-9]\d{{0,2}}[{mark}]\d{{3}}$", re.MULTILINE) for mark in DECIMAL_MARKS}
_PLAIN = re.compile(r"^[+−–-]?(\d+)$", re.MULTILINE)


def number(cell: str, mark: str = POINT) -> float:
    """Return the number that a cell holds with this decimal mark; NaN where it holds none, ±inf beyond float64."""
    if mark == POINT and "_" not in cell:
        try:
            value = float(cell)
        except ValueError:
            pass
        else:
            if math.isfinite(value):
                return value
    cell = cell.strip().translate(_MINUS)
    match = _NUMERALS[mark].fullmatch(cell)
    if match is None:
        return math.nan
    if match["group"]:
        cell = cell.replace(match["group"], "")
    return float(cell.replace(mark, POINT))


def is_number(cell: str) -> bool:
    """Return whether a cell holds a number with one decimal mark or the other."""
    return any(not math.isnan(number(cell, mark)) for mark in DECIMAL_MARKS)


def is_doubtful(cell: str) -> bool:
    """Return whether a cell holds a number with either decimal mark, a thousand times as large with one of them."""
    return any(pattern.fullmatch(cell) for pattern in _DOUBTFUL.values())


def numbers(cells: Sequence[str], mark: str = POINT) -> NDArray[np.float64]:
    """Return the numbers (n,) that cells hold with this decimal mark; NaN where one holds none, ±inf beyond float64."""
    text = "\n".join(cells)
    if "_" not in text:
        plain: Sequence[str] = cells
        if mark == COMMA:
            plain = text.replace(COMMA, POINT).split("\n") if POINT not in text else ()
        if len(plain) == len(cells):
            try:
                values = np.fromiter(map(float, plain), np.float64, len(cells))
            except ValueError:
                values = np.full(len(cells), np.nan)
            if np.isfinite(values).all():
                return values
    known = {cell: number(cell, mark) for cell in set(cells)}
    return np.fromiter(map(known.__getitem__, cells), np.float64, len(cells))


@dataclass(frozen=True, slots=True)
class Marks:
    """The decimal mark of each column.

    Attributes
    ----------
    marks : list of str or None
        None where no numeral of the column tells and no other column does either.
    known : str or None
        The mark of all columns that have one, None where they differ.
    """

    marks: list[str | None]
    known: str | None


def decimal_marks(columns: Iterable[Sequence[str]], usual: str | None) -> Marks:
    """Find out which decimal mark each column is written with.

    A numeral like 0,5 or 1.234,5 tells for itself, and most of them decide for their column. One like 1,234 does not:
    then the other columns decide; then, beside whole numbers below 1,000 and none above, it is taken for thousands.

    Parameters
    ----------
    columns : iterable of sequence of str
        Their cells, without spaces around them.
    usual : str, optional
        The mark where nothing tells.
    """
    votes, hints, doubtful = [], [], []
    for cells in columns:
        text = "\n".join(cells)
        present = [mark for mark in DECIMAL_MARKS if mark in text]
        votes.append(_vote(text, present))
        marked = [mark for mark in present if _DOUBTFUL[mark].search(text)]
        doubtful.append(bool(marked) and votes[-1] is None)
        hints.append(_hint(text, marked) if doubtful[-1] else None)
    common = _most(votes) or _most(hints) or usual
    marks = [
        vote or common or (hint if doubt else POINT) for vote, hint, doubt in zip(votes, hints, doubtful, strict=True)
    ]
    told = {mark for mark, vote, doubt in zip(marks, votes, doubtful, strict=True) if vote or doubt} or {POINT}
    return Marks(marks, told.pop() if len(told) == 1 else None)


def _vote(text: str, present: Sequence[str]) -> str | None:
    if len(present) == 1:
        mark = present[0]
        if _CERTAIN[mark].search(text):
            return mark
        return _other(mark) if _CERTAIN[_other(mark)].search(text) else None
    counts = {mark: len(_CERTAIN[mark].findall(text)) for mark in present}
    return _most([mark for mark, count in counts.items() for _ in range(count)])


def _hint(text: str, marked: Sequence[str]) -> str | None:
    """What whole numbers beside doubtful ones tell: 950 beside 1,200 that it is 1200, and 1500 that it is not."""
    plain = {len(digits.lstrip("0")) > 3 for digits in _PLAIN.findall(text)}
    if len(marked) != 1 or len(plain) != 1:
        return None
    return marked[0] if plain.pop() else _other(marked[0])


def _most(votes: Sequence[str | None]) -> str | None:
    points, commas = votes.count(POINT), votes.count(COMMA)
    return None if points == commas else POINT if points > commas else COMMA
