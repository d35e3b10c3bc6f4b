"""Lion against its formula."""

import numpy as np
import pytest
from update_rules import RATE, START, cases, follow


def lion(gs, h):
    m, theta, updates = 0, START, []
    for g in gs:
        c = h["beta1"] * m + (1 - h["beta1"]) * g
        m = h["beta2"] * m + (1 - h["beta2"]) * g
        updates.append(-RATE * (np.sign(c) + h["weight_decay"] * theta))
        theta = theta + updates[-1]
    return updates


FORMULAS = {"lion": lion}
OTHERS = [("lion", {"beta1": 0.5, "beta2": 0.7, "weight_decay": 0.3})]


@pytest.mark.parametrize(("name", "given"), cases("lion", OTHERS))
def test_follows_its_formula(name, given):
    follow(name, given, FORMULAS)
