"""RMSprop against its formula, and the digits of its centred variance."""

from fractions import Fraction

import numpy as np
import pytest
from backscope.core import RunConfig, make_optimizer
from update_rules import RATE, cases, follow


def rmsprop(gs, h):
    s = m = v = 0
    updates = []
    for g in gs:
        s = h["alpha"] * s + (1 - h["alpha"]) * g**2
        m = h["alpha"] * m + (1 - h["alpha"]) * g
        root = np.sqrt(s - m**2 if h["centered"] else s) + h["eps"]
        v = h["momentum"] * v + g / root
        updates.append(-RATE * v)
    return updates


FORMULAS = {"rmsprop": rmsprop}
OTHERS = [("rmsprop", {"alpha": 0.6, "momentum": 0.5, "centered": 1})]


@pytest.mark.parametrize(("name", "given"), cases("rmsprop", OTHERS))
def test_follows_its_formula(name, given):
    follow(name, given, FORMULAS)


def test_centred_may_be_said_as_a_truth_value():
    assert make_optimizer("rmsprop", centered=True).centered == 1
    assert make_optimizer("rmsprop", centered=False).centered == 0
    config = RunConfig.from_json({"optimizer": {"name": "rmsprop", "centered": True}})
    assert config.optimizer.hyperparameters["centered"] == 1


@pytest.mark.parametrize("size", [1e-6, 1.0, 1e6])
def test_the_centred_variance_keeps_its_digits(size):
    """Gradients that hardly change: s − m² in fractions against the rule's own number."""
    rng, alpha = np.random.default_rng(0), 0.9
    optimizer = make_optimizer("rmsprop", 0.01, centered=True, alpha=alpha)
    theta, s, m = np.zeros(1), Fraction(0), Fraction(0)
    for t in range(400):
        gradient = size * (1 + 1e-9 * rng.normal(size=1))
        optimizer.step(theta, gradient)
        g, kept = Fraction(float(gradient[0])), Fraction(alpha)
        s, m = kept * s + (1 - kept) * g * g, kept * m + (1 - kept) * g
        s, m = s.limit_denominator(10**80), m.limit_denominator(10**80)
        variance = s - m * m
        assert optimizer.c[0] == pytest.approx(float(variance), rel=1e-6), t


def test_centred_from_the_middle_of_a_run_starts_with_what_is_known():
    optimizer, theta = make_optimizer("rmsprop", 0.01), np.zeros(2)
    for gradient in ([1.0, 2.0], [0.5, -1.0]):
        optimizer.step(theta, np.array(gradient))
    optimizer.set(centered=1)
    np.testing.assert_array_equal(optimizer.c, optimizer.s)
