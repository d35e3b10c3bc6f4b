"""Penalties of many parameter vectors at once: weights count, biases and scales do not."""

import numpy as np
import pytest
from backscope.core import Network
from backscope.core.optimizers.penalties import penalty_at, vectors_at_once


def test_only_weights_are_penalised_by_their_sizes_and_their_squares():
    net = Network([1, 2, 1], normalization="layer")
    thetas = np.full((2, net.parameter_count), 100.0)  # biases, γ and β stay so
    for theta, w in zip(thetas, (1.0, -2.0), strict=True):
        hidden, output = net.unpack(theta)
        hidden.W[...] = [[w], [3.0]]
        output.W[...] = [[0.5, 0.0]]
    found = penalty_at(net, thetas, 0.1, 0.2)
    assert found[0] == pytest.approx(0.1 * (1 + 3 + 0.5) + 0.1 * (1 + 9 + 0.25))
    assert found[1] == pytest.approx(0.1 * (2 + 3 + 0.5) + 0.1 * (4 + 9 + 0.25))


def test_fewer_vectors_of_a_larger_net_are_looked_at_together_but_never_none():
    small, large = Network([2, 3, 1]), Network([2000, 2000, 1])
    assert vectors_at_once(small) * small.parameter_count <= 2_000_000 < (vectors_at_once(small) + 1) * 13
    assert vectors_at_once(large) == 1
