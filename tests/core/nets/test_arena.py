"""The arena: where each layer's numbers lie in a flat vector, and the rows of ones between layers."""

import numpy as np
import pytest
from backscope.core.nets.arena import Arena, parameter_blocks, with_ones


def test_blocks_share_out_a_vector_without_gap_or_overlap():
    theta = np.arange(37.0)
    first, second = parameter_blocks([2, 5, 2], True, [True, False])
    assert (first.offset, first.end, second.offset, second.end) == (0, 25, 25, 37)
    np.testing.assert_array_equal(first.view(theta), np.arange(15).reshape(3, 5))
    np.testing.assert_array_equal(first.gamma(theta), np.arange(15, 20))
    np.testing.assert_array_equal(first.beta(theta), np.arange(20, 25))
    first.gamma(theta)[0] = -1
    assert theta[15] == -1


@pytest.mark.parametrize("bias", [True, False])
def test_hidden_layers_end_in_a_row_of_ones_that_only_activations_have(bias):
    arena = Arena([3, 4, 2, 1], bias, 5, np.float32)
    neurons = np.zeros(len(arena.A), bool)
    for rows, size in zip(arena.rows, (4, 2, 1), strict=True):
        assert rows.stop - rows.start == size
        neurons[rows] = True
    assert (~neurons).sum() == 2 * bias
    assert (arena.A[~neurons] == 1).all()
    assert not arena.A[neurons].any()
    assert not any(buffer.any() for buffer in (arena.Z, arena.F, arena.D))
    assert arena.A.shape == (7 + 2 * bias, 5)
    assert arena.A.dtype == np.float32
    assert arena.run(0, 1) == slice(0, 6 + bias)
    assert arena.hidden == slice(0, 6 + 2 * bias)


def test_samples_get_a_one_where_there_are_biases():
    np.testing.assert_array_equal(with_ones(np.array([[2.0, 3.0]]), True, float), [[2, 3, 1]])
    np.testing.assert_array_equal(with_ones(np.array([[2.0, 3.0]]), False, float), [[2, 3]])
