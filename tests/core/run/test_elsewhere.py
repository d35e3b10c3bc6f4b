"""Rules whose gradient is taken at a second point, or apart from the parameters: held against the papers' algorithms.

The references know nothing of engines: a loss and its gradient, of the samples of the batch that was dealt.
"""

import json
from typing import Any

import numpy as np
import pytest
from backscope.core import OptimizerConfig, RunConfig, Trainer
from backscope.core.run.elsewhere import Elsewhere, Passes

APART = ("sam", "schedule_free", "schedule_free_adamw")
BASE: dict[str, Any] = {"data": {"name": "circle"}, "network": {"hidden": [6, 4]}, "batch_size": 10, "seed": 4}


def made(name: str, **values: Any) -> Trainer:
    numbers = values.pop("numbers", {})
    run = {**BASE, **values, "optimizer": {"name": name, "learning_rate": 0.05, **numbers}}
    return Trainer(RunConfig.from_json(run))


def slope_of(trainer: Trainer, l1: float = 0.0, l2: float = 0.0, bound: float = np.inf) -> Any:
    """The gradient of the batch that was dealt last, anywhere: with penalties, and held below a norm."""
    net, data, rows = trainer.network, trainer.dataset, trainer.last_step.rows()
    weights = np.zeros(net.parameter_count)
    for layer in net.unpack(weights):
        layer.W[...] = 1.0

    def slope(theta: np.ndarray) -> np.ndarray:
        g = net.backpropagate(theta, data.X_train[rows], data.y_train[rows], trainer.loss_name).gradient
        g = g + weights * (l1 * np.sign(theta) + l2 * theta)
        norm = np.sqrt((g**2).sum())
        return g * bound / (norm + 1e-6) if norm > bound else g

    return slope


WAYS: dict[str, dict[str, float]] = {"plain": {}, "penalties": {"l1": 0.01, "l2": 0.05}, "clipped": {"bound": 0.05}}


def config_of(way: dict[str, float]) -> dict[str, float]:
    return {{"bound": "clip_norm"}.get(name, name): value for name, value in way.items()}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("radius", [0.05, 1.0])
def test_sam_descends_along_the_gradient_at_the_worst_point_near_by(radius: float, way: dict[str, float]) -> None:
    """Foret et al. 2021, Algorithm 1: g at w, ε̂ = ρ g / ‖g‖, then w − η g(w + ε̂)."""
    trainer = made("sam", numbers={"radius": radius}, **config_of(way))
    for _ in range(40):
        w = np.array(trainer.theta)
        trainer.step()
        slope = slope_of(trainer, **way)
        g = slope(w)
        expected = w - 0.05 * slope(w + radius * g / np.sqrt((g**2).sum()))
        np.testing.assert_allclose(trainer.theta, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("beta", [0.9, 0.3])
def test_schedule_free_takes_its_gradients_at_y_and_shows_x(beta: float, way: dict[str, float]) -> None:
    """Defazio et al. 2024, equations 3 to 5; what is evaluated, as all that is shown, is x."""
    trainer = made("schedule_free", numbers={"beta": beta}, **config_of(way))
    x = z = np.array(trainer.theta)
    for t in range(1, 41):
        y = (1 - beta) * z + beta * x
        trainer.step()
        z = z - 0.05 * slope_of(trainer, **way)(y)
        x = (1 - 1 / t) * x + z / t
        np.testing.assert_allclose(trainer.theta, x, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(trainer.last_step.point, y, rtol=1e-9, atol=1e-12)
    net, data = trainer.network, trainer.dataset
    loss = net.backpropagate(x, data.X_train, data.y_train, trainer.loss_name).loss
    assert trainer.evaluate().loss == pytest.approx(loss, rel=1e-9)


def test_schedule_free_adamw_does_the_papers_algorithm() -> None:
    """Defazio et al. 2024, Algorithm 1, with a warm-up of 20 steps as the schedule of the run."""
    beta1, beta2, eps, decay = 0.8, 0.95, 1e-4, 0.1
    numbers = {"beta1": beta1, "beta2": beta2, "eps": eps, "weight_decay": decay}
    trainer = made("schedule_free_adamw", numbers=numbers, schedule={"name": "warmup", "period": 20})
    x = z = np.array(trainer.theta)
    v, total = np.zeros_like(x), 0.0
    for t in range(1, 61):
        y = (1 - beta1) * z + beta1 * x
        trainer.step()
        g = slope_of(trainer)(y)
        v = beta2 * v + (1 - beta2) * g**2
        gamma = 0.05 * np.sqrt(1 - beta2**t) * min(1, t / 20)
        z = z - gamma * g / (np.sqrt(v) + eps) - gamma * decay * y
        total += gamma**2
        c = gamma**2 / total
        x = (1 - c) * x + c * z
        np.testing.assert_allclose(trainer.theta, x, rtol=1e-8, atol=1e-11)


@pytest.mark.parametrize("name", APART)
@pytest.mark.parametrize(
    "run",
    [
        {"network": {"hidden": [6, 4], "dropout": 0.3}, "gradient_noise": 0.1, "clip_value": 0.1},
        {"network": {"hidden": [6, 4], "normalization": "batch"}, "l2": 0.02},
        {"precision": "float32", "schedule": {"name": "cosine", "period": 90}},
    ],
    ids=["dropout and noise", "batch normalization", "float32"],
)
def test_a_log_gives_the_same_bits_whatever_is_edited(name: str, run: dict[str, Any]) -> None:
    trainer = made(name, **run)
    edits: dict[int, dict[str, Any]] = {
        20: {"learning_rate": 0.02},
        31: {"parameters": {"3": 0.5}},
        40: {"optimizer": "adam"},
        55: {"optimizer": name},
        60: {"batch_size": 7},
        66: {"parameters": {"5": -0.25}},
    }
    for at, change in edits.items():
        trainer.run(at - trainer.step_count)
        trainer.edit(**change)
    trainer.run(100 - trainer.step_count)
    log = [json.loads(json.dumps(entry.to_json())) for entry in trainer.edits.entries]
    again = Trainer.from_log(trainer.edits.start, log)
    again.run(100)
    there = trainer.theta.tobytes()
    assert again.theta.tobytes() == there
    for step in (99, 33, 70):
        trainer.seek(step)
        trainer.seek(100)
        assert trainer.theta.tobytes() == there


def test_the_second_pass_leaves_nothing_behind() -> None:
    """Masks, running statistics and what the step shows of its pass are those of one pass."""
    network = {"hidden": [6, 4], "dropout": 0.4, "normalization": "batch"}
    (sam, sgd) = made("sam", network=network, numbers={"radius": 0.0}), made("sgd", network=network)
    for trainer in (sam, sgd):
        trainer.run(40)
    # With ρ = 0 both gradients are the same: the same neurons dropped out, and the statistics were counted once.
    np.testing.assert_allclose(sam.theta, sgd.theta, rtol=1e-9, atol=1e-12)
    for one, other in zip(sam.view.running_statistics, sgd.view.running_statistics, strict=True):
        np.testing.assert_allclose(one.mean, other.mean, rtol=1e-9, atol=1e-12)
    sam.edit(radius=0.5)
    sam.step()
    engine = sam._at.engine
    kept = engine.last_pass.passed.copy()
    engine.optimizer.gradient_at(sam.theta + 1.0)
    np.testing.assert_array_equal(engine.last_pass.passed, kept)


@pytest.mark.parametrize("name", APART)
def test_the_coming_step_is_opened_up_where_its_gradient_is_taken(name: str) -> None:
    trainer = made(name, l2=0.03)
    trainer.run(25)
    preview = trainer.preview()
    before = np.array(trainer.theta)
    trainer.step()
    np.testing.assert_array_equal(preview.theta, before)
    np.testing.assert_array_equal(preview.theta_after, trainer.theta)
    np.testing.assert_allclose(preview.point, trainer.last_step.point, rtol=1e-12)
    assert np.allclose(preview.point, preview.theta, rtol=0, atol=1e-12) == (name == "sam")
    first = trainer.network.unpack(preview.point)[0]
    x = trainer.dataset.X_train[preview.row]
    n = trainer.network.sizes[0]
    np.testing.assert_allclose(preview.sample.Z[n : n + 6], first.W @ x + first.b, rtol=1e-10)
    np.testing.assert_allclose(preview.parts.penalty.max(), (0.03 * np.abs(first.W)).max(), rtol=1)


@pytest.mark.parametrize("name", ["schedule_free", "schedule_free_adamw"])
def test_a_weight_that_a_hand_has_set_is_where_training_goes_on(name: str) -> None:
    """x, y and z of it are the number, whatever they were; what the last step did is still told as it was."""
    trainer = made(name)
    trainer.run(30)
    told = trainer.last_step.terms(7)
    trainer.edit(parameters={"7": 1.5})
    assert trainer.last_step.terms(7) == pytest.approx(told, rel=1e-9)
    trainer.step()
    assert trainer.last_step.point[7] == pytest.approx(1.5, rel=1e-14)
    assert abs(trainer.theta[7] - 1.5) < 0.05


def test_passes_are_made_once_for_each_size() -> None:
    trainer = made("sam")
    engine = trainer._at.engine
    trainer.run(20)
    passes = Passes(engine.network, "bce", engine.theta, np.zeros_like(engine.theta), engine._training)
    assert passes[3] is passes[3]
    assert passes[3].batch == 3
    assert isinstance(engine.optimizer.elsewhere, Elsewhere)
    assert OptimizerConfig("sam", 0.1).hyperparameters == {"radius": 0.05}
