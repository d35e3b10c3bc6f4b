"""Samples by hand: what is taken, and what is refused with its value and range."""

import pytest
from backscope.core import DATASETS, ConfigError
from backscope.core.config.painting import MOST_PAINTED, check_erased, check_paintable, check_painted


def test_samples_become_tuples_and_places_a_set_in_order():
    assert check_painted([[0.5, -1, 1.0], (0, 0, 0)], 2) == ((0.5, -1.0, 1), (0.0, 0.0, 0))
    assert check_erased([7, 3, 7, 0]) == (0, 3, 7)


@pytest.mark.parametrize(
    ("check", "words"),
    [
        (lambda: check_painted([[0, 0, 2]], 2), r"class of a painted sample must be a whole number in \[0, 1\], got 2"),
        (lambda: check_painted([[1.5, 0, 0]], 2), r"place of a painted sample must lie in \[-1.19, 1.19\], got 1.5"),
        (lambda: check_painted([[0, 0]], 2), r"a painted sample must be \[x1, x2, class\], got \[0, 0\]"),
        (lambda: check_painted([[0, 0, 0]] * (MOST_PAINTED + 1), 2), r"painted samples must .*\[0, 500\], got 501"),
        (lambda: check_erased([-1]), "place of an erased sample must be a whole number"),
        (lambda: check_erased("3"), "erased must be a list of places of samples, got '3'"),
        (lambda: check_paintable("iris", DATASETS["iris"]), "samples of iris cannot be painted or erased"),
    ],
)
def test_what_cannot_be_is_refused_in_words(check, words):
    with pytest.raises(ConfigError, match=words):
        check()
    check_paintable("moons", DATASETS["moons"])
