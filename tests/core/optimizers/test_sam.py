"""SAM against its formula, and the valley that is too narrow for it."""

import numpy as np
import pytest
from backscope.core import ConfigError, make_optimizer
from update_rules import RATE, START, cases, follow, there


def sam(gs, h):
    theta, updates = START, []
    for g in gs:
        climb = h["radius"] * g / np.sqrt((g**2).sum())
        updates.append(-RATE * there(theta + climb))
        theta = theta + updates[-1]
    return updates


FORMULAS = {"sam": sam}
OTHERS = [("sam", {"radius": 0.4})]


@pytest.mark.parametrize(("name", "given"), cases("sam", OTHERS))
def test_follows_its_formula(name, given):
    follow(name, given, FORMULAS)


def test_a_rule_that_asks_says_so_where_nobody_answers():
    with pytest.raises(ConfigError, match="sam asks for the gradient at a second point in each step"):
        make_optimizer("sam").step(START, START)


def test_sam_leaves_a_narrow_valley_that_gradient_descent_stays_in():
    """On ½h w² SAM moves on by at least ηhρ at the floor: it cannot rest where a distance of ρ costs much."""
    theta = np.array([1e-3])
    optimizer = make_optimizer("sam", 0.1, radius=0.5)
    sizes = []
    for _ in range(200):
        theta = theta + optimizer.step_on(theta, lambda point: 4.0 * point)
        sizes.append(abs(theta[0]))
    # |w| ← |(1 − ηh)|w| − ηhρ| has its rest at ηhρ / (2 − ηh): here 0.2 / 1.6.
    assert sizes[-1] == pytest.approx(0.125, rel=1e-9)
