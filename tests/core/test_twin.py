"""The measure of how long a run can be held to its numbers."""

from backscope.core import RunConfig
from twin import agreed_steps


def test_a_gentle_run_agrees_with_its_twins_and_a_wild_one_parts_from_them() -> None:
    assert agreed_steps(RunConfig(), 300) == 300
    wild = {"data": {"name": "digits"}, "network": {"hidden": [30] * 8, "activation": "tanh"}}
    wild |= {"initializer": "normal", "initializer_scale": 1.0, "optimizer": {"learning_rate": 0.1}}
    assert all(agreed_steps(RunConfig.from_json({**wild, "seed": seed}), 100) < 30 for seed in range(5))


def test_a_run_that_diverges_agrees_with_twins_that_do_so_at_the_same_step() -> None:
    config = {"data": {"name": "plane"}, "network": {"activation": "relu"}, "optimizer": {"learning_rate": 100}}
    assert agreed_steps(RunConfig.from_json(config), 100) == 100
