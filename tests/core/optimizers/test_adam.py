"""Adam and its kin against their formulas."""

import numpy as np
import pytest
from backscope.core import ConfigError, make_optimizer
from update_rules import RATE, START, cases, follow


def moments(gs, h):
    """Yield t, m, v of Adam."""
    m = v = 0
    for t, g in enumerate(gs, start=1):
        m = h["beta1"] * m + (1 - h["beta1"]) * g
        v = h["beta2"] * v + (1 - h["beta2"]) * g**2
        yield t, m, v


def adam(gs, h):
    return [
        -RATE * m / (1 - h["beta1"] ** t) / (np.sqrt(v / (1 - h["beta2"] ** t)) + h["eps"])
        for t, m, v in moments(gs, h)
    ]


def amsgrad(gs, h):
    largest, updates = 0, []
    for t, m, v in moments(gs, h):
        largest = np.maximum(largest, v)
        root = np.sqrt(largest) / np.sqrt(1 - h["beta2"] ** t) + h["eps"]
        updates.append(-RATE / (1 - h["beta1"] ** t) * m / root)
    return updates


def adamw(gs, h):
    theta, updates = START, []
    for step in adam(gs, h):
        updates.append((1 - RATE * h["weight_decay"]) * theta + step - theta)
        theta = theta + updates[-1]
    return updates


def nadam(gs, h):
    product, updates = 1, []
    for (t, m, v), g in zip(moments(gs, h), gs, strict=True):
        now = h["beta1"] * (1 - 0.5 * 0.96 ** (t * h["momentum_decay"]))
        following = h["beta1"] * (1 - 0.5 * 0.96 ** ((t + 1) * h["momentum_decay"]))
        product *= now
        root = np.sqrt(v / (1 - h["beta2"] ** t)) + h["eps"]
        ahead = following * m / (1 - product * following) + (1 - now) * g / (1 - product)
        updates.append(-RATE * ahead / root)
    return updates


FORMULAS = {"adam": adam, "amsgrad": amsgrad, "adamw": adamw, "nadam": nadam}
OTHERS = [
    ("adam", {"beta1": 0.5, "beta2": 0.7, "eps": 0.1}),
    ("amsgrad", {"beta2": 0.3}),
    ("adamw", {"weight_decay": 0.5}),
    ("nadam", {"momentum_decay": 0.1}),
]


@pytest.mark.parametrize(("name", "given"), cases("adam", OTHERS))
def test_follows_its_formula(name, given):
    follow(name, given, FORMULAS)


def test_beta_one_is_refused_because_it_never_learns():
    with pytest.raises(ConfigError, match=r"beta1 must lie in \[0, 1\), got 1"):
        make_optimizer("adam", beta1=1)
