"""What each preset is there to show."""

from dataclasses import replace

import numpy as np
import pytest
from backscope.core.run.trainer import Trainer
from backscope.server.wire.presets import DEFAULT, PRESETS, TUTORIAL_WEIGHTS, preset_name

SEEDS = (0, 1, 2)


def trained(name: str, steps: int, seed: int = 0) -> Trainer:
    trainer = Trainer(replace(PRESETS[name], seed=seed))
    trainer.run(steps)
    return trainer


@pytest.mark.parametrize("seed", SEEDS)
def test_the_first_picture_learns_within_seconds(seed: int) -> None:
    start, later = trained(DEFAULT, 0, seed).evaluate(), trained(DEFAULT, 600, seed).evaluate()
    assert later.loss < 0.6 * start.loss
    assert later.test_accuracy > 0.85


@pytest.mark.parametrize("seed", SEEDS)
def test_the_spiral_is_learnt(seed: int) -> None:
    assert trained("spiral", 3000, seed).evaluate().test_accuracy >= 0.97


@pytest.mark.parametrize("seed", SEEDS)
def test_digits_are_read(seed: int) -> None:
    assert trained("digits", 2500, seed).evaluate().test_accuracy >= 0.95


@pytest.mark.parametrize("seed", SEEDS)
def test_gradients_vanish_in_a_deep_sigmoid_net(seed: int) -> None:
    delta = trained("deep_sigmoid", 1, seed).norms()[0]
    assert len(delta) == 13
    assert (delta[:-1] < delta[1:]).all()
    assert delta[0] < 1e-6 * delta[-1]


@pytest.mark.parametrize("seed", SEEDS)
def test_gradients_explode_with_large_weights_until_they_are_clipped(seed: int) -> None:
    delta = trained("large_weights", 1, seed).norms()[0]
    assert delta[0] > 3 * delta[-2]
    assert trained("large_weights", 300, seed).evaluate().test_accuracy < 0.45  # where to is chance
    trainer = Trainer(replace(PRESETS["large_weights"], seed=seed, clip_norm=1.0))
    trainer.run(1500)
    assert trainer.evaluate().test_accuracy > 0.8


@pytest.mark.parametrize("seed", SEEDS)
def test_a_deep_linear_net_diverges_until_its_gradient_is_clipped(seed: int) -> None:
    trainer = trained("deep_linear", 100, seed)
    assert trainer.diverged is not None
    assert trainer.diverged.step <= 5
    trainer = Trainer(replace(PRESETS["deep_linear"], seed=seed, clip_norm=1.0))
    trainer.run(600)
    assert trainer.diverged is None
    assert trainer.evaluate().test_accuracy > 0.9  # R²
    clipping = trainer.clipping
    assert clipping is not None
    assert 0 < clipping.clipped < clipping.steps == 600


def test_the_tutorials_neuron_ends_where_no_neuron_can_do_better() -> None:
    np.random.seed(1)  # noqa: NPY002  # as the tutorials write it
    np.testing.assert_array_equal(TUTORIAL_WEIGHTS, np.random.randn(3))  # noqa: NPY002
    trainer = trained("tutorial", 10_000)
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
