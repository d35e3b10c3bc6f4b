"""Ensembles: every member is the run that a trainer makes of its config, and what cannot be is refused by name."""

from dataclasses import replace

import numpy as np
import pytest
from backscope.core import (
    ACTIVATIONS,
    LOSSES,
    OPTIMIZERS,
    ConfigError,
    DataConfig,
    Ensemble,
    NetworkConfig,
    OptimizerConfig,
    RunConfig,
    ScheduleConfig,
    StoppingConfig,
    Trainer,
)
from members import varied
from twin import agreed_steps

STEPS = 40


def assert_members_are_runs(configs: list[RunConfig], rtol: float = 1e-6) -> None:
    """Hold members to trainers, each as far as its twins keep to it."""
    ensemble = Ensemble(configs)
    losses = ensemble.run(STEPS)
    assert ensemble.step_count == STEPS
    for k, config in enumerate(configs):
        agreed = agreed_steps(config, STEPS)
        trainer = Trainer(config)
        expected_losses = [trainer.step() for _ in range(STEPS)]
        assert (ensemble.diverged[k] >= 0) == (trainer.step_count < STEPS)
        taken = min(agreed, trainer.step_count)
        np.testing.assert_allclose(losses[:taken, k], expected_losses[:taken], rtol=rtol, atol=1e-12)
        if agreed == STEPS == trainer.step_count:
            np.testing.assert_allclose(ensemble.thetas[k], trainer.theta, rtol=rtol, atol=1e-9)
            expected = trainer.evaluate()
            np.testing.assert_allclose(ensemble.evaluate()[k], expected, rtol=rtol, atol=1e-9)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_members_with_any_optimizer_and_numbers_of_their_own_are_the_trainers_runs(name: str) -> None:
    base = RunConfig(network=NetworkConfig((5, 4)), optimizer=OptimizerConfig(name, 0.01))
    assert_members_are_runs(varied(base, len(name)))


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_members_with_any_activation_are_the_trainers_runs(activation: str) -> None:
    base = RunConfig(network=NetworkConfig((4, 3), activation), batch_size=16)
    assert_members_are_runs(varied(base, len(activation)))


@pytest.mark.parametrize("loss", LOSSES)
def test_members_with_any_loss_are_the_trainers_runs(loss: str) -> None:
    data = DataConfig("iris") if loss == "cross_entropy" else DataConfig("circle")
    base = RunConfig(data, NetworkConfig((4,)), loss=loss, batch_size=32)
    if LOSSES[loss].output is not None:
        base = replace(base, label_smoothing=0.1)
    assert_members_are_runs(varied(base, 7))


@pytest.mark.parametrize(
    "change",
    [
        {"batch_size": None},
        {"batch_size": 1},
        {"network": NetworkConfig((), bias=False)},
        {"network": NetworkConfig((6, 5), ("relu", "leaky_relu"), output="tanh"), "loss": "mse"},
        {"schedule": ScheduleConfig("cosine", {"period": 10})},
        {"optimizer": OptimizerConfig("rmsprop", 0.01, {"centered": 1})},
    ],
)
def test_members_with_other_parts_are_the_trainers_runs(change: dict[str, object]) -> None:
    base = replace(RunConfig(), **change)  # type: ignore[arg-type]
    same_seed = [replace(base, optimizer=replace(base.optimizer, learning_rate=rate)) for rate in (0.003, 0.03, 0.3)]
    assert_members_are_runs(same_seed)
    assert_members_are_runs([replace(config, seed=k) for k, config in enumerate(same_seed)])


def test_single_precision_is_kept() -> None:
    configs = [RunConfig(precision="float32", seed=seed) for seed in range(3)]
    ensemble = Ensemble(configs)
    losses = ensemble.run(10)
    assert ensemble.thetas.dtype == np.float32
    for k, config in enumerate(configs):
        trainer = Trainer(config)
        np.testing.assert_allclose(losses[:, k], [trainer.step() for _ in range(10)], rtol=1e-4)


def test_a_member_that_diverges_stands_still_and_the_others_go_on() -> None:
    base = RunConfig(DataConfig("gaussian"), NetworkConfig((3,), "identity"), batch_size=None)
    configs = [replace(base, optimizer=OptimizerConfig("sgd", rate)) for rate in (0.01, 100.0, 0.02)]
    ensemble = Ensemble(configs)
    first = ensemble.run(100)
    assert ensemble.diverged[0] == ensemble.diverged[2] == -1
    trainer = Trainer(configs[1])
    trainer.run(100)
    assert ensemble.diverged[1] == trainer.step_count
    assert np.isnan(first[trainer.step_count :, 1]).all()
    np.testing.assert_allclose(ensemble.thetas[1], trainer.theta, rtol=1e-9)
    there = ensemble.thetas.copy()
    assert np.isnan(ensemble.run(5)[:, 1]).all()
    assert (ensemble.thetas[1] == there[1]).all()
    assert (ensemble.thetas[0] != there[0]).any()


def test_steps_in_pieces_are_the_same_bits_and_large_ensembles_too() -> None:
    configs = [RunConfig(seed=seed) for seed in range(6)]
    whole, pieces = Ensemble(configs), Ensemble(configs)
    losses, shares = whole.run(60), []
    parts = [pieces.run(steps, shares.append) for steps in (1, 0, 29, 30)]
    assert (np.concatenate(parts) == losses).all()
    assert (whole.thetas == pieces.thetas).all()
    assert shares[-1] == 1.0
    gradient = Trainer(configs[0]).view.full_gradient()
    np.testing.assert_allclose(Ensemble(configs).gradients()[0], gradient, rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"network": NetworkConfig((4, 2), normalization="batch")}, "normalization"),
        ({"network": NetworkConfig((4, 4), residual=True)}, "residual"),
        ({"network": NetworkConfig((4, 2), dropout=0.1)}, "dropout"),
        ({"clip_value": 1.0}, "clip_value"),
        ({"clip_norm": 1.0}, "clip_norm"),
        ({"gradient_noise": 0.1}, "gradient_noise"),
        ({"replacement_rate": 0.1}, "replacement_rate"),
        ({"data": DataConfig(steps_per_task=10)}, "steps_per_task"),
        ({"schedule": ScheduleConfig("plateau")}, "plateau schedule"),
        ({"stopping": StoppingConfig(loss=0.1)}, "stopping rule"),
        ({"data": DataConfig("beale")}, "landscape"),
    ],
)
def test_what_no_ensemble_can_is_refused_by_name(change: dict[str, object], name: str) -> None:
    with pytest.raises(ConfigError, match=f"an ensemble cannot train with a {name}: member 0"):
        Ensemble([replace(RunConfig(), **change)])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"network": NetworkConfig((3, 2))}, "hidden layers"),
        ({"network": NetworkConfig(RunConfig().network.hidden, "relu")}, "activation"),
        ({"network": replace(RunConfig().network, bias=False)}, "bias"),
        ({"loss": "mse"}, "output and loss"),
        ({"data": DataConfig("spiral")}, "data"),
        ({"data": DataConfig(samples=100)}, "number of samples"),
        ({"optimizer": OptimizerConfig("adam")}, "optimizer"),
        ({"batch_size": 11}, "batch_size"),
        ({"precision": "float32"}, "precision"),
        ({"schedule": ScheduleConfig("cosine")}, "schedule"),
    ],
)
def test_what_members_do_not_have_alike_is_refused_by_name(change: dict[str, object], name: str) -> None:
    base = RunConfig()
    with pytest.raises(ConfigError, match=f"members must have the same {name}.*member 1 has"):
        Ensemble([base, replace(base, **change)])  # type: ignore[arg-type]


def test_an_ensemble_of_nobody_is_refused() -> None:
    with pytest.raises(ConfigError, match="number of members must be a whole number in"):
        Ensemble([])
