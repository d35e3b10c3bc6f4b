"""Derivatives from differences: how near they come, where there are none, and the wrong gradients that they find."""

import math
from dataclasses import replace

import numpy as np
import pytest
from backscope.core import Network, check_gradient
from backscope.core.nets.differences import Probe, central_difference


@pytest.mark.parametrize(("f", "slope"), [(lambda x: math.exp(2 * x), 2.0), (lambda x: math.sin(x + 1), math.cos(1))])
def test_ridders_table_is_far_closer_than_one_difference_and_knows_how_close(f, slope):
    one = (f(0.1) - f(-0.1)) / 0.2
    found = central_difference(f, 0.1, levels=4)
    assert abs(found.value - slope) < 1e-6 * abs(one - slope)
    assert abs(found.value - slope) <= found.error < 1e-7
    assert found.h < 0.1


def test_rounding_widens_the_error_that_is_told():
    assert central_difference(lambda x: 3 * x, 0.1, rounding=1e-3).error >= 1e-3 / 0.1


def test_at_a_kink_there_is_no_derivative_and_beside_it_the_one_of_that_side():
    net = Network([1, 1, 1], "relu", bias=False)
    for weight, exists in ((0.0, False), (1e-4, True)):
        probe = Probe(net, np.array([weight, 1.0]), [[1.0]], [[0.0]], "mse")  # C = relu(w)², whose pieces meet at 0
        found = probe.difference(0).value
        assert math.isfinite(found) == exists
        if exists:
            assert found == pytest.approx(2e-4, rel=1e-6) == probe.gradient[0]


def test_check_gradient_notices_a_wrong_gradient():
    net = Network([2, 3, 1])
    theta, X, y = net.initialize(), np.eye(2), np.ones((2, 1))
    tanh, identity = net.functions
    net.functions = (replace(tanh, df=lambda z, a, out: np.subtract(1.001, a * a, out)), identity)
    assert check_gradient(net, theta, X, y) > 1e-4


def test_deep_sigmoid_gradient_is_resolved():
    net = Network([2, *[4] * 20, 1], "sigmoid", "sigmoid")
    theta = net.initialize("xavier_normal", seed=1)
    X, y = np.random.default_rng(0).normal(size=(6, 2)), np.ones((6, 1))
    first = net.unpack(net.backpropagate(theta, X, y).gradient)[0]
    assert np.abs(first.W).max() < 1e-10
    assert check_gradient(net, theta, X, y) < 1e-6
