"""Adadelta against its formula."""

import numpy as np
import pytest
from update_rules import RATE, cases, follow


def adadelta(gs, h):
    s = u = 0
    updates = []
    for g in gs:
        s = h["rho"] * s + (1 - h["rho"]) * g**2
        d = np.sqrt(u + h["eps"]) / np.sqrt(s + h["eps"]) * g
        u = h["rho"] * u + (1 - h["rho"]) * d**2
        updates.append(-RATE * d)
    return updates


FORMULAS = {"adadelta": adadelta}
OTHERS = [("adadelta", {"rho": 0.5, "eps": 1e-3})]


@pytest.mark.parametrize(("name", "given"), cases("adadelta", OTHERS))
def test_follows_its_formula(name, given):
    follow(name, given, FORMULAS)
