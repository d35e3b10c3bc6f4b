"""Whether a first row names its columns: words over numbers, numbers that count, and numbers that are samples."""

import pytest
from backscope.core.data.headers import has_header


@pytest.mark.parametrize(
    ("rows", "named"),
    [
        (["a b", "1 2", "3 4"], True),
        (["0.5 2", "1 2", "3 4"], False),
        (["age kind", "31 x", "45 y"], True),
        (["31 x", "45 y", "20 x"], False),
        (["x y", "z x"], False),  # words alone tell nothing
        (["a b"], False),  # and neither does one row
        (["place 1990 1991 1992", "north 4.5 3 2", "south 1 2 7"], True),
        (["10 20 30", "0.1 0.2 0.3", "0.2 0.1 0.4"], True),  # even steps, far from what stands below
        (["10 20 30", "12 18 33", "9 22 28"], False),
    ],
)
def test_a_first_row_is_known(rows, named):
    assert has_header(list(zip(*(row.split() for row in rows), strict=True))) == named
