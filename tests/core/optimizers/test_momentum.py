"""Gradient descent, the heavy ball and Nesterov's form: their formulas, and where they leave a valley."""

import numpy as np
import pytest
from backscope.core import make_optimizer
from update_rules import RATE, cases, follow


def sgd(gs, h):
    return [-RATE * g for g in gs]


def momentum(gs, h):
    v, updates = gs[0], [-RATE * gs[0]]
    for g in gs[1:]:
        v = h["momentum"] * v + (1 - h["dampening"]) * g
        updates.append(-RATE * v)
    return updates


def nesterov(gs, h):
    v, updates = 0, []
    for g in gs:
        v = h["momentum"] * v + g
        updates.append(-RATE * (g + h["momentum"] * v))
    return updates


FORMULAS = {"sgd": sgd, "momentum": momentum, "nesterov": nesterov}
OTHERS = [("momentum", {"momentum": 0.7, "dampening": 0.2})]


@pytest.mark.parametrize(("name", "given"), cases("momentum", OTHERS))
def test_follows_its_formula(name, given):
    follow(name, given, FORMULAS)


@pytest.mark.parametrize(("product", "diverges"), [(1.9, False), (1.99, False), (2.01, True), (2.1, True)])
def test_gradient_descent_diverges_beyond_two_over_the_curvature(product, diverges):
    curvature, theta = 4.0, np.array([1.0])
    optimizer = make_optimizer("sgd", product / curvature)
    for _ in range(2000):
        theta = theta + optimizer.step(theta, curvature * theta)
    assert (abs(theta[0]) > 1) == diverges


@pytest.mark.parametrize(("product", "diverges"), [(3.7, False), (3.9, True)])
def test_heavy_ball_diverges_beyond_two_times_one_plus_mu(product, diverges):
    theta = np.array([1.0])
    optimizer = make_optimizer("momentum", product, momentum=0.9)
    for _ in range(2000):
        theta = theta + optimizer.step(theta, theta)
    assert (abs(theta[0]) > 1) == diverges
