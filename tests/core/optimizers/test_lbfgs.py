"""L-BFGS against the BFGS matrix, on a bowl, and on a hill."""

import numpy as np
import pytest
from backscope.core import make_optimizer
from update_rules import RATE, START, cases, follow


def lbfgs(gs, h):
    """The inverse Hessian as a matrix, by the BFGS formula from the oldest pair on, instead of the two loops."""
    theta, at, slope, pairs, updates = START, START, gs[0], [], []
    for t, g in enumerate(gs):
        if t:
            s, y = theta - at, g - slope
            pairs += [(s, y)] if s @ y > 1e-10 else []
        H = np.eye(len(g)) * (pairs[-1][0] @ pairs[-1][1] / (pairs[-1][1] @ pairs[-1][1]) if pairs else 1.0)
        for s, y in pairs[-h["history"] :]:
            left = np.eye(len(g)) - np.outer(s, y) / (s @ y)
            H = left @ H @ left.T + np.outer(s, s) / (s @ y)
        d = H @ g if t else g * min(1, 1 / np.abs(g).sum())
        at, slope = theta, g
        updates.append(-RATE * d)
        theta = theta + updates[-1]
    return updates


FORMULAS = {"lbfgs": lbfgs}
OTHERS = [("lbfgs", {"history": 1})]


@pytest.mark.parametrize(("name", "given"), cases("lbfgs", OTHERS))
def test_follows_its_formula(name, given):
    follow(name, given, FORMULAS)


@pytest.mark.parametrize("history", [1, 3, 6])
def test_lbfgs_finds_newtons_step_on_a_bowl_that_is_stretched(history):
    """With as many pairs as there are directions it goes on as if the bowl were round, of many at once, too."""
    curvature, rng = np.array([100.0, 10.0, 1.0]), np.random.default_rng(5)
    optimizer, theta = make_optimizer("lbfgs", 0.5, history=history), rng.normal(size=(2, 3))
    alone, single = make_optimizer("lbfgs", 0.5, history=history), theta[1]
    optimizer.start(theta)
    for _ in range(60):
        theta = theta + optimizer.step(theta, curvature * theta)
        single = single + alone.step(single, curvature * single)
        np.testing.assert_allclose(theta[1], single, rtol=1e-6, atol=1e-12)
    assert np.abs(theta).max() < (1e-4 if history >= 3 else 0.1)


def test_lbfgs_keeps_no_step_along_which_the_slope_falls():
    optimizer, theta = make_optimizer("lbfgs", 0.1), np.array([1.0, -0.5])
    for _ in range(5):
        theta = theta + optimizer.step(theta, -theta)
    assert not any(getattr(optimizer, name).any() for name in ("s1", "y1"))
    np.testing.assert_array_equal(optimizer.d, -(theta - optimizer.update))
