"""The table of rules: each has a rate of its own, at which it trains; what suits one is not carried to another."""

import numpy as np
import pytest
from backscope.core.config.config import DataConfig, NetworkConfig, OptimizerConfig, RunConfig
from backscope.core.ground.errors import ConfigError
from backscope.core.optimizers.optimizer import LEARNING_RATE
from backscope.core.optimizers.table import OPTIMIZERS, usual_rate
from backscope.core.run.trainer import Trainer


def test_each_rule_has_a_name_and_a_rate_of_its_own() -> None:
    for name, rule in OPTIMIZERS.items():
        assert rule.name == name
        assert LEARNING_RATE.check(rule.usual.rate) > 0


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_small_net_learns_at_it(name: str) -> None:
    rate = OPTIMIZERS[name].usual.rate
    batch_size = None if name == "lbfgs" else 10  # which is made for the full batch
    config = RunConfig(DataConfig("gauss"), NetworkConfig((4,)), OptimizerConfig(name, rate), batch_size=batch_size)
    trainer = Trainer(config)
    before = trainer.evaluate().loss
    trainer.run(400)
    assert trainer.diverged is None
    assert trainer.evaluate().loss < 0.5 * before


@pytest.mark.parametrize(
    ("rule", "model", "rate", "expected"),
    [
        ("adam", "sgd", 3.0, 0.01),  # 3 would throw every weight by 3 a step
        ("sgd", "adam", 0.001, 0.1),
        ("momentum", "sgd", 0.5, 0.15),
        ("sgd", "nesterov", 0.15, 0.5),
        ("rmsprop", "adam", 0.003, 0.003),
        ("adagrad", "adam", 0.003, 0.03),
        ("adadelta", "sgd", 3.0, 1.0),
        ("adam", "adadelta", 1.0, 0.01),
        ("momentum", "sgd", 0.0, 0.03),
        ("sgd", "momentum", 90.0, 100.0),
    ],
)
def test_rules_of_one_measure_keep_their_ratio(rule: str, model: str, rate: float, expected: float) -> None:
    assert usual_rate(rule, model, rate) == expected


def test_steps_measured_in_the_rate_are_as_long_as_it_whatever_the_slope() -> None:
    """Of the two measures: a slope ten times as steep makes the first step ten times as long, or as long as before."""
    for name, rule in OPTIMIZERS.items():
        usual = rule.usual
        steps = []
        for slope in (0.02, 0.2):
            optimizer, theta = OPTIMIZERS[name](usual.rate), np.zeros(2)
            optimizer.start(theta)
            steps.append(float(np.abs(optimizer.step_on(theta, lambda _, slope=slope: np.full(2, slope))).max()))
        grows = {"slope": 10.0, "rate": 1.0}.get(usual.measure)
        if grows is not None:
            assert steps[1] / steps[0] == pytest.approx(grows, rel=1e-3), name


def test_an_unknown_rule_is_named() -> None:
    with pytest.raises(ConfigError, match="'sprint'"):
        usual_rate("sprint", "sgd", 0.1)
