"""Whole trainings that have to succeed."""

import pytest
from backscope.core import RunConfig, Trainer


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_spiral_without_noise(seed):
    trainer = Trainer(RunConfig.from_json({
        "data": {"name": "spiral", "noise": 0},
        "network": {"hidden": [8, 8], "activation": "tanh"},
        "optimizer": {"name": "adam", "learning_rate": 0.03},
        "seed": seed,
    }))  # fmt: skip
    trainer.run(6000)
    assert trainer.evaluate().test_accuracy >= 0.97


@pytest.mark.parametrize("seed", [0, 1])
def test_digits(seed):
    trainer = Trainer(RunConfig.from_json({
        "data": {"name": "digits"},
        "network": {"hidden": [30], "activation": "sigmoid"},
        "optimizer": {"name": "sgd", "learning_rate": 0.5},
        "seed": seed,
    }))  # fmt: skip
    trainer.run(5000)
    assert trainer.evaluate().test_accuracy >= 0.95


@pytest.mark.parametrize(("name", "hidden"), [("plane", [3]), ("gaussian", [16, 8])])
def test_regression(name, hidden):
    trainer = Trainer(RunConfig.from_json({
        "data": {"name": name, "noise": 0},
        "network": {"hidden": hidden, "activation": "tanh"},
        "optimizer": {"name": "adam", "learning_rate": 0.01},
    }))  # fmt: skip
    trainer.run(6000)
    assert trainer.evaluate().test_accuracy > 0.95
