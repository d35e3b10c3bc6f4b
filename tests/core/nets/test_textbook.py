"""The textbook's step against the six lines worked out by hand, and what it leaves alone."""

import math

import numpy as np
import pytest
from backscope.core import Network
from backscope.core.nets.textbook import descend


def test_a_step_of_two_neurons_in_a_row_by_hand():
    """w₁ = 0.5, b₁ = 0.1, w₂ = −1.5, b₂ = 0.2: tanh, then identity, half of the squared error."""
    net, theta, x, y, eta = Network([1, 1, 1], "tanh"), np.array([0.5, 0.1, -1.5, 0.2]), (2.0, -1.0), (1.0, 0.5), 0.3
    C, after = descend(net, theta, np.array([x]), np.array([y]), "half_squared_error", eta)
    loss, gradient = 0.0, [0.0, 0.0, 0.0, 0.0]
    for one, target in zip(x, y, strict=True):
        a1 = math.tanh(0.5 * one + 0.1)
        a2 = -1.5 * a1 + 0.2
        delta2 = (a2 - target) / 2  # the mean of two samples
        delta1 = -1.5 * delta2 * (1 - a1**2)
        loss += (a2 - target) ** 2 / 2 / 2
        gradient = [g + d for g, d in zip(gradient, (delta1 * one, delta1, delta2 * a1, delta2), strict=True)]
    assert pytest.approx(loss, rel=1e-14) == C
    assert list(after) == pytest.approx([w - eta * g for w, g in zip(theta, gradient, strict=True)], rel=1e-13)
    assert list(theta) == [0.5, 0.1, -1.5, 0.2]


@pytest.mark.parametrize("extras", [{"normalization": "layer"}, {"residual": (False, True)}])
def test_the_textbook_says_what_it_does_not_know(extras):
    net = Network([3, 5, 5, 2], **extras)
    with pytest.raises(ValueError, match="without normalization and skips"):
        descend(net, net.initialize(), np.ones((3, 4)), np.ones((2, 4)), "mse", 0.1)
