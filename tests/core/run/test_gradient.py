"""The gradient of a step on its way to the optimizer: what is said of each part adds up to what the step did."""

from itertools import product

import numpy as np
import pytest
from backscope.core import NetworkConfig, OptimizerConfig, RunConfig, Trainer
from backscope.core.insight.chain import Target
from backscope.core.insight.explain import difference, same_mask

PENALTIES = {
    "none": {},
    "L1": {"l1": 0.03},
    "L2": {"l2": 0.2},
    "both": {"l1": 0.01, "l2": 0.05},
    "decoupled": {"optimizer": OptimizerConfig("adamw", 0.05, {"weight_decay": 0.3})},
}
CLIPPING = {
    "free": {},
    "value": {"clip_value": 0.05},
    "norm": {"clip_norm": 0.1},
    "value and norm": {"clip_value": 0.1, "clip_norm": 0.15},
}


def run_of(penalty: str, clipping: str, noise: float, dropout: float, **more) -> Trainer:
    given = PENALTIES[penalty] | CLIPPING[clipping] | more
    network = NetworkConfig((5, 4), "tanh", dropout=dropout)
    return Trainer(RunConfig(network=network, gradient_noise=noise, **given))


@pytest.mark.parametrize("penalty", PENALTIES)
@pytest.mark.parametrize("clipping", CLIPPING)
@pytest.mark.parametrize(("noise", "dropout"), list(product([0.0, 0.2], [0.0, 0.4])))
def test_the_parts_add_up_to_the_step(penalty: str, clipping: str, noise: float, dropout: float) -> None:
    trainer = run_of(penalty, clipping, noise, dropout)
    trainer.run(7)
    before = trainer.theta.copy()
    trainer.step()
    parts, config, net = trainer.last_step.gradient_parts(), trainer.config, trainer.network
    weights = np.zeros_like(before)
    for layer in net.unpack(weights):
        layer.W[...] = 1.0
    size = np.abs(parts.gradient).max()
    expected = (config.l1 * np.sign(before) + config.l2 * before) * weights
    np.testing.assert_allclose(parts.penalty, expected, rtol=1e-9, atol=1e-15)
    assert parts.noise.any() == bool(noise)
    np.testing.assert_allclose(parts.slope + parts.penalty + parts.noise, parts.gradient, rtol=1e-12, atol=1e-14 * size)
    cut = parts.gradient if parts.clip_value is None else parts.gradient.clip(-parts.clip_value, parts.clip_value)
    if parts.clip_norm is not None:
        assert parts.norm == pytest.approx(np.linalg.norm(cut), rel=1e-12)
        cut = cut * min(1.0, parts.clip_norm / (parts.norm + 1e-6))
    np.testing.assert_allclose(parts.clipped, cut, rtol=1e-12, atol=1e-16)
    _check_step(trainer, parts.clipped, before)
    _check_slope(trainer, parts.slope, before, size)


def _check_step(trainer: Trainer, clipped: np.ndarray, before: np.ndarray) -> None:
    """The lines of the rule make of it what was added."""
    lines = {line.name: line for line in trainer.last_step.optimizer.lines()}
    for index in (0, 7, len(before) - 1):
        found = trainer.last_step.terms(index)
        assert found["g"] == clipped[index]
        assert float(lines["step"].formula.value(found)) == pytest.approx(trainer.update[index], rel=1e-9, abs=1e-15)
        assert trainer.theta[index] - before[index] == pytest.approx(trainer.update[index], rel=1e-6, abs=1e-14)


def _check_slope(trainer: Trainer, slope: np.ndarray, before: np.ndarray, size: float) -> None:
    """∂C/∂w is what differences of the loss say, with the same neurons dropped."""
    tape, net = trainer.last_step.tape(), trainer.network
    training = None if tape.mask is None else same_mask(tape.mask, net)
    X, y = tape.x[: net.sizes[0]].T, tape.y.T
    for target in (Target(1, 0, 0), Target(2, 3, 4), Target(3, 0, 4)):
        found = difference(net, before, X, y, "bce", target, training=training)
        assert slope[target.index(net)] == pytest.approx(found.value, abs=found.error + 1e-9 * size)


@pytest.mark.parametrize(
    "change",
    [
        {"clip_norm": 0.01},
        {"clip_value": 0.001},
        {"l2": 0.5},
        {"gradient_noise": 0.3},
        {"learning_rate": 0.7},
        {"optimizer": "momentum"},
        {"schedule": "cosine"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_an_edit_does_not_change_what_the_last_step_did(change: dict) -> None:
    trainer = run_of("L1", "norm", 0.1, 0.0)
    trainer.run(5)

    def told() -> list:
        parts = trainer.last_step.gradient_parts()
        numbers = [parts.slope, parts.penalty, parts.noise, parts.gradient, parts.clipped, parts.norm]
        return [*map(np.copy, numbers), trainer.last_step.terms(3), trainer.last_step.formula()["name"]]

    before = told()
    trainer.edit(**change)
    for was, now in zip(before, told(), strict=True):
        np.testing.assert_equal(now, was)
    assert trainer.last_step.terms(3)["step"] == pytest.approx(trainer.update[3], rel=1e-9)
    trainer.step()
    assert trainer.last_step.terms(3)["step"] == pytest.approx(trainer.update[3], rel=1e-9)


def test_noise_leaves_biases_that_stay_0_at_0() -> None:
    trainer = Trainer(RunConfig(network=NetworkConfig((5, 4), normalization="batch"), gradient_noise=0.5))
    trainer.run(20)
    fixed = [index for index in range(trainer.theta.size) if trainer.network.is_fixed(index)]
    assert len(fixed) == 9
    assert not trainer.theta[fixed].any()
