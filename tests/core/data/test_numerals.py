"""Numerals as people write them: marks, groups, minus signs, and what a column tells about its mark."""

import math

import numpy as np
import pytest
from backscope.core.data.numerals import decimal_marks, is_doubtful, is_number, number, numbers


@pytest.mark.parametrize(
    ("cell", "point", "comma"),
    [
        ("1.5", 1.5, math.nan),
        ("1,5", math.nan, 1.5),
        ("1.234", 1.234, 1234),
        ("1,234", 1234, 1.234),
        ("1.234,5", math.nan, 1234.5),
        ("1 234.5", 1234.5, math.nan),
        ("−3", -3, -3),
        (".5e-3", 0.0005, math.nan),
        ("1e999", math.inf, math.inf),
        ("12,34", math.nan, 12.34),
        ("1_000", math.nan, math.nan),
        ("nan", math.nan, math.nan),
        ("", math.nan, math.nan),
    ],
)
def test_a_cell_is_read_with_either_mark(cell, point, comma):
    np.testing.assert_array_equal([number(cell, "."), number(cell, ",")], [point, comma])
    np.testing.assert_array_equal(numbers([cell, "7"], ","), [comma, 7])
    assert is_number(cell) == (not (math.isnan(point) and math.isnan(comma)))
    assert is_doubtful(cell) == (cell in ("1.234", "1,234"))


@pytest.mark.parametrize(
    ("columns", "usual", "marks"),
    [
        ([["0,5", "1,25"]], None, [","]),
        ([["1,234"], ["0,5"]], None, [",", ","]),  # the other column decides
        ([["1,200", "950"]], None, ["."]),  # beside whole numbers below 1,000 it is a group
        ([["1,234"]], None, [None]),
        ([["1,234"]], ".", ["."]),
        ([["0.5"], ["0,5"]], None, [".", ","]),
    ],
)
def test_columns_tell_their_mark(columns, usual, marks):
    found = decimal_marks(columns, usual)
    assert found.marks == marks
    assert found.known == (marks[0] if len(set(marks)) == 1 else None)
