"""Schedule-Free against the paper's equations and its algorithm."""

import numpy as np
import pytest
from backscope.core import make_optimizer
from update_rules import RATE, START, cases, follow, there


def schedule_free(gs, h):
    """Equations 3 to 5 of the paper; where the gradients are taken is another test's matter."""
    z, x, updates = START, START, []
    for t, g in enumerate(gs, start=1):
        z = z - RATE * g
        c = 1 / t
        updates.append((1 - c) * x + c * z - x)
        x = x + updates[-1]
    return updates


def schedule_free_adamw(gs, h):
    """Algorithm 1, line by line."""
    z, x, v, squares, updates = START, START, 0, 0, []
    for t, g in enumerate(gs, start=1):
        y = (1 - h["beta1"]) * z + h["beta1"] * x
        v = h["beta2"] * v + (1 - h["beta2"]) * g**2
        gamma = RATE * np.sqrt(1 - h["beta2"] ** t)
        z = z - gamma * g / (np.sqrt(v) + h["eps"]) - gamma * h["weight_decay"] * y
        squares += gamma**2
        c = gamma**2 / squares
        updates.append((1 - c) * x + c * z - x)
        x = x + updates[-1]
    return updates


FORMULAS = {"schedule_free": schedule_free, "schedule_free_adamw": schedule_free_adamw}
OTHERS = [
    ("schedule_free", {"beta": 0.5}),
    ("schedule_free_adamw", {"beta1": 0.6, "beta2": 0.7, "weight_decay": 0.5, "eps": 0.1}),
]


@pytest.mark.parametrize(("name", "given"), cases("schedule_free", OTHERS))
def test_follows_its_formula(name, given):
    follow(name, given, FORMULAS)


def taken_at(optimizer, theta):
    """Where a rule wants its gradient."""
    point = theta.copy()
    if optimizer.point is not None:
        optimizer.place(theta, point)
    return point


def test_without_a_share_of_the_mean_schedule_free_is_gradient_descent_averaged():
    """β = 0: gradients are taken at z, which is gradient descent, and x is the mean of all its places (Polyak)."""
    optimizer, x, z, places = make_optimizer("schedule_free", 0.2, beta=0.0), START, START, []
    optimizer.start(x)
    for _ in range(30):
        x = x + optimizer.step_on(x, there)
        z = z - 0.2 * there(z)
        places.append(z)
        np.testing.assert_allclose(x, np.mean(places, axis=0), rtol=1e-12, atol=1e-14)


def test_what_is_put_in_the_place_of_a_parameter_moves_all_that_are_parameters():
    optimizer, theta = make_optimizer("schedule_free", RATE), START.copy()
    optimizer.start(theta)
    theta += optimizer.step(theta, START)
    told = optimizer.apart()
    theta[2] = 7.0
    optimizer.put(2, 7.0)
    np.testing.assert_allclose(taken_at(optimizer, theta)[2], 7.0)
    assert told.z[2] != 7.0
