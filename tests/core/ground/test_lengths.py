"""Lengths of vectors over all of float64's range, and of what is no number."""

import numpy as np
import pytest
from backscope.core.ground.lengths import length


@pytest.mark.parametrize("power", range(-307, 308, 17))
def test_a_length_keeps_its_digits_at_every_size(power):
    values = np.array([[3.0, 0.0], [0.0, -4.0]]) * 10.0**power
    assert length(values) == pytest.approx(5.0 * 10.0**power, rel=1e-14)


@pytest.mark.parametrize("size", [1e-30, 1.0, 1e30])
def test_single_precision_has_the_same_range(size):
    assert length(np.array([3.0, 4.0], np.float32) * np.float32(size)) == pytest.approx(5 * size, rel=1e-6)


def test_what_is_no_number_is_told():
    assert length(np.zeros(3)) == length(np.zeros(0)) == 0.0
    assert length(np.array([1.0, -np.inf])) == np.inf
    assert np.isnan(length(np.array([1.0, np.nan])))
