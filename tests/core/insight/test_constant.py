"""The best constant answer: the mean, the median and the shares of classes, and no other."""

import math

import numpy as np
import pytest
from backscope.core.insight.constant import constant_loss
from backscope.core.nets.losses import LOSSES


def test_it_is_the_mean_the_median_or_the_shares():
    y = np.array([[0.0], [0.0], [1.0], [7.0], [0.0]])
    assert constant_loss(LOSSES["mse"], y) == pytest.approx(np.var(y))
    assert constant_loss(LOSSES["mae"], y) == pytest.approx(8 / 5)  # at the median, which is 0
    one = np.array([[1.0], [0.0], [0.0], [0.0]])
    entropy = -0.25 * math.log(0.25) - 0.75 * math.log(0.75)
    assert constant_loss(LOSSES["bce"], one) == pytest.approx(entropy)
    assert constant_loss(LOSSES["cross_entropy"], np.hstack([one, 1 - one])) == pytest.approx(entropy)
    assert constant_loss(LOSSES["bce"], np.ones((4, 1))) == pytest.approx(0, abs=1e-11)


@pytest.mark.parametrize("name", LOSSES)
def test_no_other_constant_answer_costs_less(name):
    loss, rng = LOSSES[name], np.random.default_rng(0)
    count = 3 if loss.output == "softmax" else 1
    classes = rng.integers(0, max(count, 2), 60)
    column = classes[:, None].astype(float)
    y = np.eye(3)[classes] if count == 3 else 2 * column - 1 if name == "hinge" else column
    best = constant_loss(loss, y)
    for _ in range(200):
        z = np.repeat(rng.normal(0, 1.5, (count, 1)), len(y), axis=1)
        a = z.copy()
        cost = loss.bind(z, a, np.empty_like(z))(np.ascontiguousarray(y.T)) / loss.count(count, len(y))
        assert best <= cost + 1e-9
