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
        *((f"{gap} 3.2 a|1 2.2 b|2 1.2 a".split("|"), False) for gap in ("?", "NA", "-", "null")),  # no names
        (["? a", "1 b", "2 a"], False),
        (["nan nan 1", "1 2 0", "3 4 1"], False),
        (["NA label", "1 b", "2 a"], True),  # sodium
        (["Na K label", "1 2 b", "2 3 a"], True),
    ],
)
def test_a_first_row_is_known(rows, named):
    assert has_header(list(zip(*(row.split() for row in rows), strict=True))) == named


def test_a_name_may_be_missing_and_a_number_too():
    assert has_header([("", "0", "1", "2"), ("label", "a", "b", "a")])  # numbers of rows, as pandas writes them
    assert has_header([("", "0", "1"), ("x", "1.5", "2.5"), ("label", "a", "b")])
    assert not has_header([("", "1", "2"), ("3.2", "1.5", "2.5"), ("a", "a", "b")])
