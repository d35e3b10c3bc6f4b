"""The tutorials' program among the presets, their names and groups; `test_claims` holds each to what it shows."""

from dataclasses import replace

import numpy as np
import pytest
from backscope.core import Network
from backscope.core.run.trainer import Trainer
from backscope.server.wire.presets import GROUPS, PRESETS, TUTORIAL_WEIGHTS, preset_name
from watched_runs import watched


def test_the_tutorials_neuron_ends_where_no_neuron_can_do_better() -> None:
    np.random.seed(1)  # noqa: NPY002  # as the tutorials write it
    np.testing.assert_array_equal(TUTORIAL_WEIGHTS, np.random.randn(3))  # noqa: NPY002
    trainer = Trainer(PRESETS["tutorial"])
    trainer.run(10_000)
    np.testing.assert_allclose(trainer.theta, 0, atol=1e-12)
    assert 2 * trainer.evaluate().loss == pytest.approx(0.25)


def test_the_tutorials_first_step_is_their_own() -> None:
    trainer = Trainer(PRESETS["tutorial"])
    X, y, W = trainer.dataset.X_train, trainer.dataset.y_train[:, 0], np.array(TUTORIAL_WEIGHTS)
    p = 1 / (1 + np.exp(-X @ W))
    trainer.step()
    np.testing.assert_allclose(trainer.theta, W - 0.1 * X.T @ ((p - y) * p * (1 - p)), rtol=1e-14)


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_found_in_other_spellings(name: str) -> None:
    for spelling in (name, name.replace("_", "-"), name.replace("_", " ").title()):
        assert preset_name(spelling) == name
    assert preset_name(name + "x") is None


def test_every_preset_stands_in_one_group() -> None:
    grouped = [name for names in GROUPS.values() for name in names]
    assert sorted(grouped) == sorted(PRESETS)


@pytest.mark.parametrize(("name", "limit"), [("bowl", 2.0), ("valley", 0.08)])
def test_the_limits_that_the_gallery_names_are_where_descent_turns(name: str, limit: float) -> None:
    def loss(rate: float) -> float:
        config = PRESETS[name]
        trainer = Trainer(replace(config, optimizer=replace(config.optimizer, learning_rate=rate)))
        trainer.run(200)
        return trainer.evaluate().loss

    start = Trainer(PRESETS[name]).evaluate().loss
    assert loss(0.99 * limit) < start < loss(1.01 * limit)
    if name == "bowl":
        assert loss(1.0) == 0.0


@pytest.mark.parametrize("depth", [3, 10])
def test_narrow_relu_nets_are_born_dead_as_often_as_published(depth: int) -> None:
    """Lu et al. 2019: with a chance of 1 − (1 − 2⁻ᴺ)ᴸ for inputs along one ray; at most so for inputs all around."""
    count, published = 400, 1 - (1 - 2.0**-2) ** depth

    def share(X: np.ndarray) -> float:
        network = Network([X.shape[1], *[2] * depth, 1], "relu")
        starts = (network.initialize("he_normal", seed=seed) for seed in range(count))
        return float(np.mean([np.ptp(network.predict(theta, X)) == 0 for theta in starts]))

    error = np.sqrt(published * (1 - published) / count)
    assert share(np.linspace(0.1, 2, 9)[:, None]) == pytest.approx(published, abs=3.5 * error)
    assert share(np.random.default_rng(0).normal(size=(40, 2))) < published + 3.5 * error


#: What is told of presets within 600 steps: what they are there to show.
TOLD = {"born_dead": {"dead"}, "grokking": {"overfitting"}, "double_descent": {"overfitting"}}
MORE_SEEDS = [pytest.param(seed, marks=pytest.mark.long) for seed in range(1, 20)]


@pytest.mark.parametrize("seed", [0, *MORE_SEEDS])
@pytest.mark.parametrize("name", [name for name, preset in PRESETS.items() if not preset.on_landscape])
def test_no_complaint_is_told_of_a_preset_but_what_it_shows(name: str, seed: int) -> None:
    _, told = watched(Trainer(replace(PRESETS[name], seed=seed)), 600)
    assert set(told) <= TOLD.get(name, set())
