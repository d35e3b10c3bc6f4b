"""Parameters that run away under a flat loss: told early, with the cause, the same however the run is stepped."""

import numpy as np
import pytest
from backscope.core import RunConfig, Trainer
from backscope.core.run.runaway import BOUND, GAP


def run_of(**changes):
    return Trainer(RunConfig.from_json({
        "data": {"name": "spiral"}, "network": {"hidden": [8, 8], "output": "tanh"}, "loss": "mse", "batch_size": 30,
        "optimizer": {"name": "sgd", "learning_rate": 0.3}, **changes,
    }))  # fmt: skip


CAUSES = {
    "penalty": ({"l2": 10.0}, "penalty", 3.0),
    "penalty on a full batch": ({"l2": 10.0, "batch_size": None}, "penalty", 3.0),
    "penalty with momentum": (
        {"l2": 10.0, "optimizer": {"name": "momentum", "learning_rate": 0.5}}, "penalty", 5.0,
    ),
    "penalty with nesterov": (
        {"l2": 10.0, "optimizer": {"name": "nesterov", "learning_rate": 0.2}}, "penalty", 2.0,
    ),
    "decay": (
        {"data": {"name": "circle"}, "optimizer": {"name": "adamw", "learning_rate": 1.0, "weight_decay": 10.0}},
        "decay", 10.0,
    ),
    "single precision": ({"l2": 10.0, "precision": "float32"}, "penalty", 3.0),
}  # fmt: skip


@pytest.mark.parametrize("case", CAUSES)
def test_it_is_told_long_before_numbers_end_with_its_cause(case):
    changes, cause, pull = CAUSES[case]
    trainer = run_of(**changes)
    trainer.run(2000)
    gone = trainer.diverged
    assert gone is not None
    assert gone.loss == cause
    assert gone.pull == pytest.approx(pull)
    assert gone.taken
    assert gone.step == trainer.step_count <= 5 * GAP
    assert gone.step % GAP == 0
    assert gone.origin.layer in (1, 2, 3)
    assert np.isfinite(trainer.theta.astype(np.float64) @ trainer.theta.astype(np.float64))
    assert trainer.run(10) == 0
    step, rate = trainer.edits.good_step(trainer.diverged)
    assert step == 0
    assert rate * pull / gone.learning_rate <= 1


def test_it_is_found_at_the_same_step_however_it_is_come_to():
    whole = run_of(l2=10.0)
    whole.run(500)
    single = run_of(l2=10.0)
    while single.diverged is None:
        single.step()
    assert single.diverged == whole.diverged
    single.seek(5)
    assert single.diverged is None
    single.seek(whole.diverged.step)
    assert single.diverged == whole.diverged
    np.testing.assert_array_equal(single.theta, whole.theta)


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam", "adamw"])
def test_squares_that_overflow_end_a_run_without_any_penalty(optimizer):
    trainer = run_of(optimizer={"name": optimizer, "learning_rate": 0.01})
    trainer.run(1)
    trainer._at.engine.theta[3] = 1e200
    trainer.run(100)
    assert trainer.diverged is not None
    assert trainer.diverged.loss in ("size", "nan", "infinite")
    assert trainer.diverged.step <= GAP


@pytest.mark.parametrize("name", ["sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw", "nadam"])
@pytest.mark.parametrize("l2", [0.0, 1e-3, 0.1, 1.0])
def test_ordinary_runs_are_left_alone(name, l2):
    """Every rule, usual penalties, two seeds: nothing is said."""
    for seed in (0, 1):
        rate = 0.1 if name in ("sgd", "adagrad") else 0.02
        trainer = run_of(seed=seed, l2=l2, optimizer={"name": name, "learning_rate": rate})
        trainer.run(300)
        assert trainer.diverged is None
        assert np.abs(trainer.theta).max() < BOUND


@pytest.mark.parametrize("case", [{"clip_norm": 1.0}, {"optimizer": {"name": "adam", "learning_rate": 0.3}}])
def test_penalties_do_not_throw_off_steps_of_a_bounded_size(case):
    trainer = run_of(l2=10.0, **case)
    trainer.run(500)
    assert trainer.diverged is None
