"""Update rules as loops: the same steps and the same memory as the table's."""

import numpy as np
import pytest
from backscope.core import OPTIMIZERS, make_optimizer
from backscope.core.optimizers.compiled_rules import MEMORIES, RULES, numbers_of, update

WITH = {
    "momentum": [{"dampening": 0.3}],
    "adagrad": [{"lr_decay": 0.1}],
    "rmsprop": [{"centered": 1}, {"momentum": 0.8}, {"momentum": 0.5, "centered": 1}],
    "adamw": [{"weight_decay": 0.5}],
    "lion": [{"weight_decay": 0.5}],
}
CASES = [(name, numbers) for name in RULES for numbers in ({}, *WITH.get(name, []))]


@pytest.mark.parametrize(("name", "numbers"), CASES)
def test_every_rule_takes_the_steps_of_the_table(name, numbers):
    rng = np.random.default_rng(2)
    theta, optimizer = rng.normal(size=9), make_optimizer(name, 0.1, **numbers)
    optimizer.start(theta)
    vectors = [np.zeros(9) for _ in optimizer.memory] + [np.ones(1) for _ in optimizer.numbers]
    out, given = np.zeros(9), numbers_of(optimizer)
    padded = vectors + [np.zeros(1)] * (MEMORIES - len(vectors))
    for t in range(1, 8):
        gradient = rng.normal(size=9)
        gradient[4] = 0.0
        wanted = optimizer.step(theta, gradient)
        update(RULES[name], t, 0.1, given, theta, gradient, out, *padded)
        np.testing.assert_allclose(out, wanted, rtol=1e-12, atol=1e-16)
        for kept, entry in zip(vectors, (*optimizer.memory, *optimizer.numbers), strict=True):
            if entry != "m" or name != "rmsprop" or optimizer.centered:
                np.testing.assert_allclose(kept, getattr(optimizer, entry), rtol=1e-12, atol=1e-16)
        theta = theta + wanted


def test_they_are_rules_of_the_table_and_remember_no_more_than_there_is_room_for():
    assert set(RULES) <= set(OPTIMIZERS)
    assert max(len(OPTIMIZERS[name].memory) + len(OPTIMIZERS[name].numbers) for name in RULES) <= MEMORIES
