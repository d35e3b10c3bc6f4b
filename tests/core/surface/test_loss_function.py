"""The loss at many parameter vectors: by hand, in parts and chunks, on a plane, and what does not fit."""

import numpy as np
import pytest
from backscope.core import ConfigError, Network
from backscope.core.ground.geometry import Plane
from backscope.core.nets.losses import huber
from backscope.core.surface.loss_function import SAMPLES_PER_PART, LossFunction


def test_a_straight_line_by_hand():
    """C = mean (wx + b − y)² over x = 1, 2 and y = 2, 5: 0 at w = 3, b = −1."""
    net, X, y = Network([1, 1]), [[1.0], [2.0]], [[2.0], [5.0]]
    loss = LossFunction(net, X, y)
    np.testing.assert_allclose(loss.at(np.array([[3.0, -1.0], [0.0, 0.0], [1.0, 1.0]])), [0, 14.5, 2])
    plane = Plane("weights", "weights", np.array([3.0, -1.0]), np.array([1.0, 0.0]), np.array([0.0, 1.0]))
    alpha, beta = np.array([0.0, -3.0, -2.0]), np.array([0.0, 1.0, 2.0])
    np.testing.assert_allclose(loss.on(plane, alpha, beta), [0, 14.5, 2], atol=1e-13)


@pytest.mark.parametrize("own", ["mse", huber(0.3)])
def test_samples_in_parts_and_points_in_chunks_are_the_whole(own):
    rng = np.random.default_rng(0)
    net = Network([2, 9, 1], "tanh")
    X, y = rng.normal(size=(2 * SAMPLES_PER_PART + 3, 2)), rng.normal(size=(2 * SAMPLES_PER_PART + 3, 1))
    loss = LossFunction(net, X, y, own)
    thetas = rng.normal(size=(2 * loss.chunk + 1, net.parameter_count))
    expected = [net.backpropagate(theta, X, y, own).loss for theta in thetas]
    np.testing.assert_allclose(loss.at(thetas), expected, rtol=1e-11)


def test_a_loss_that_does_not_fit_is_refused():
    with pytest.raises(ConfigError, match="cross_entropy"):
        LossFunction(Network([2, 1]), np.zeros((3, 2)), np.zeros((3, 1)), "cross_entropy")
