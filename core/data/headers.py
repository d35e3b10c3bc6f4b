"""Whether the first row of a table names its columns."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

from .numerals import DECIMAL_MARKS, NO_NUMBER, is_number, number

_MANY = 8  # names 0, 1, 2, … that no row of a table has by chance
_YEARS = range(1900, 2101)


def has_header(columns: Sequence[Sequence[str]]) -> bool:
    """Return whether the first cells of columns are names.

    They are where most columns that are numbers below begin with a word; a mark for a missing number, ? or NA, is none
    and tells nothing: the words over other columns decide where it stands alone. Numbers can be names too, of years or
    of pixels: distinct whole ones in even steps, beside a name that is a word, or over a column of words whose first
    one comes but once, or of another size than what stands below.

    Parameters
    ----------
    columns : sequence of sequence of str
        The first cells of each column, all of the same number.
    """
    if len(columns[0]) < 2:
        return False
    numeric = [column for column in columns if 2 * sum(map(is_number, column[1:])) > len(column) - 1]
    if not numeric:
        return False
    words = [column for column in columns if not any(map(is_number, column))]
    told = [column[0] for column in numeric if column[0].lower() not in NO_NUMBER]
    if not told:
        return any(column[0].lower() not in NO_NUMBER and column[0] not in column[1:] for column in words)
    if 2 * sum(not is_number(first) for first in told) >= len(told):
        return True
    return _numbered(numeric, words)


def _numbered(numeric: Sequence[Sequence[str]], words: Sequence[Sequence[str]]) -> bool:
    """Whether numbers are names of columns."""
    over = [column for column in numeric if is_number(column[0])]
    if not all(column[0].isascii() and column[0].isdecimal() and len(column[0]) < 10 for column in over):
        return False
    values = [int(column[0]) for column in over]
    below = [_numbers(column[1:]) for column in over]
    steps = {after - before for before, after in itertools.pairwise(values)}
    counted = steps == {1} and values[0] in (0, 1)
    years = all(value in _YEARS for value in values) and not all(n in _YEARS for column in below for n in column)
    if len(set(values)) < len(values) or not (years or counted or (len(steps) == 1 and len(values) > 2)):
        return False
    spoken = any(column[0].lower() not in NO_NUMBER for column in numeric if not is_number(column[0]))
    if (years and (spoken or any(map(_first_word_once, words)))) or (counted and (spoken or len(values) >= _MANY)):
        return True
    return all(_apart(value, column) for value, column in zip(values, below, strict=True))


def _numbers(cells: Sequence[str]) -> list[float]:
    found = (number(cell, mark) for cell in cells for mark in DECIMAL_MARKS)
    return [value for value in found if math.isfinite(value)]


def _apart(value: float, others: Sequence[float]) -> bool:
    """Whether a number is farther from others than these are from each other."""
    low, high = min(others), max(others)
    return not 2 * low - high <= value <= 2 * high - low


def _first_word_once(words: Sequence[str]) -> bool:
    below = set(words[1:])
    return words[0] not in below and len(below) < len(words) - 1
