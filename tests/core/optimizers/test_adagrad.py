"""Adagrad against its formula: the sum of all squares, and a rate that decays."""

import numpy as np
import pytest
from update_rules import RATE, cases, follow


def adagrad(gs, h):
    return [
        -RATE / (1 + t * h["lr_decay"]) * g / (np.sqrt((gs[: t + 1] ** 2).sum(axis=0)) + h["eps"])
        for t, g in enumerate(gs)
    ]


FORMULAS = {"adagrad": adagrad}
OTHERS = [("adagrad", {"lr_decay": 0.1})]


@pytest.mark.parametrize(("name", "given"), cases("adagrad", OTHERS))
def test_follows_its_formula(name, given):
    follow(name, given, FORMULAS)
