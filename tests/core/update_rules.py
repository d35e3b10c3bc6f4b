"""What the tests of update rules share: gradients to follow, and the comparison of a rule with its formulas."""

import numpy as np
from backscope.core import OPTIMIZERS, make_optimizer

RATE = 0.1
START = np.array([1.0, -2.0, 0.5, 3.0])


def gradients(count=5, size=4):
    return np.random.default_rng(0).normal(size=(count, size))


def there(point):
    """Another gradient, for rules that ask for one: that of a bowl which is bent."""
    return np.array([3.0, 0.5, -1.0, 2.0])[: len(point)] * point + 0.1


def made(name, rate=RATE, **given):
    """A rule, which knows another gradient if it asks for one."""
    optimizer = make_optimizer(name, rate, **given)
    optimizer.elsewhere = there
    return optimizer


def cases(module, others):
    """Every rule of a module with its defaults, and some with other hyperparameters: (name, given)."""
    names = [name for name, rule in OPTIMIZERS.items() if rule.__module__.endswith(f".{module}")]
    return [*((name, {}) for name in names), *others]


def follow(name, given, formulas):
    """Take steps by a rule and by its formula, which is a function of all gradients and hyperparameters."""
    optimizer, theta = made(name, **given), START
    values = {entry.name: getattr(optimizer, entry.name) for entry in optimizer.hyperparameters}
    assert given.items() <= values.items()
    for gradient, expected in zip(gradients(), formulas[name](gradients(), values), strict=True):
        update = optimizer.step(theta, gradient)
        np.testing.assert_allclose(update, expected, rtol=1e-11)
        theta = theta + update
