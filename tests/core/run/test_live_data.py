"""Noise that changes while a run goes on: the same samples, moved otherwise, and exact in time."""

import json

import numpy as np
import pytest
from backscope.core import ConfigError, RunConfig, Trainer, make_dataset
from hypothesis import given, settings
from hypothesis import strategies as st

CONFIG = {
    "data": {"name": "moons", "samples": 90, "noise": 0.1, "test_fraction": 0.3},
    "network": {"hidden": [5, 3], "normalization": ["batch", None]},
    "optimizer": {"name": "adam", "learning_rate": 0.02},
    "batch_size": 9,
}
EDITS = {
    0: {"noise": 0.3},
    4: {"noise": 0.0, "label_noise": 0.2},
    64: {"label_noise": 0.0, "label_smoothing": 0.1},
    70: {"learning_rate": 0.05},
    130: {"noise": 0.7, "batch_size": 20},
}


def make(**values):
    return Trainer(RunConfig.from_json({**CONFIG, **values}))


def state(trainer):
    """Return everything that must come back to the bit."""
    data = trainer.dataset
    return {
        "step": trainer.step_count,
        "config": json.dumps(trainer.config.to_json()),
        "theta": trainer.theta.tobytes(),
        "gradient": trainer.gradient.tobytes(),
        "data": [array.tobytes() for array in (data.X_train, data.y_train, data.X_test, data.y_test)],
        "metrics": repr(trainer.evaluate()),
        "trace": trainer.view.trace(80).A.tobytes(),
        "rows": trainer.last_step.rows().tolist(),
    }


@pytest.fixture(scope="module")
def travelled():
    """Return a trainer at step 200 of a run with edits, and all states on the way."""
    trainer, states = make(), {}
    for step in range(201):
        if step in EDITS:
            trainer.edit(**EDITS[step])
        states[step] = state(trainer)
        if step < 200:
            trainer.step()
    return trainer, states


@given(st.lists(st.sampled_from([0, 1, 3, 4, 5, 63, 64, 65, 69, 70, 71, 129, 130, 131, 200]), min_size=1, max_size=6))
@settings(max_examples=30, deadline=None)
def test_every_step_comes_back_with_its_own_data(travelled, steps):
    trainer, states = travelled
    for step in steps:
        trainer.seek(step)
        assert state(trainer) == states[step]


def test_a_run_with_noise_edits_is_rebuilt_from_its_log(travelled):
    trainer, states = travelled
    entries = [json.loads(json.dumps(entry.to_json())) for entry in trainer.edits.entries]
    again = Trainer.from_log(RunConfig.from_json(CONFIG), entries, reached=200)
    again.run(200)
    assert state(again) == states[200]


@pytest.mark.parametrize("name", ["circle", "rings", "sine", "heart"])
@pytest.mark.parametrize("standardize", [False, True])
def test_the_samples_are_those_of_a_run_that_begins_with_this_noise(name, standardize):
    data = {"name": name, "samples": 60, "standardize": standardize}
    trainer = make(data=data)
    trainer.run(10)
    theta, before = trainer.theta.copy(), trainer.dataset
    trainer.edit(noise=0.4)
    config = RunConfig.from_json({**CONFIG, "data": {**data, "noise": 0.4}})
    wanted = make_dataset(config.data, config.seed, *config.output_and_loss())
    assert np.array_equal(trainer.dataset.X_train, wanted.X_train)
    assert np.array_equal(trainer.dataset.y_test, wanted.y_test)
    assert trainer.dataset.X_train.shape == before.X_train.shape
    assert not np.array_equal(np.hstack([wanted.X_train, wanted.y_train]), np.hstack([before.X_train, before.y_train]))
    assert np.array_equal(trainer.theta, theta)
    assert trainer.evaluate() != make(data=data).evaluate()


def test_the_order_of_the_samples_stands():
    quiet, noisy = make(), make()
    for step in range(40):
        if step % 7 == 3:
            noisy.edit(noise=step / 50)
        quiet.step()
        noisy.step()
        assert quiet.last_step.rows().tolist() == noisy.last_step.rows().tolist()


def test_the_next_batch_has_the_new_noise():
    trainer = make(network={"hidden": [3]})
    trainer.run(3)
    trainer.edit(noise=0.5)
    theta = trainer.theta.copy()
    trainer.step()
    rows = trainer.last_step.rows()
    X, y = trainer.dataset.X_train[rows], trainer.dataset.y_train[rows]
    wanted = trainer.network.backpropagate(theta, X, y, loss=trainer.loss_name).gradient
    assert np.allclose(trainer.gradient, wanted, rtol=1e-12, atol=1e-15)


def test_the_last_batch_is_explained_by_the_samples_that_it_had():
    trainer = make(network={"hidden": [3]})
    trainer.run(3)
    x, y = (array.copy() for array in (trainer.last_step.tape().x, trainer.last_step.tape().y))
    trainer.edit(noise=0.6, label_noise=0.5)
    assert np.array_equal(trainer.last_step.tape().x, x)
    assert np.array_equal(trainer.last_step.tape().y, y)


def test_the_coming_step_is_taken_apart_with_the_data_in_force():
    trainer = make()
    trainer.run(5)
    trainer.edit(noise=0.8)
    twin = trainer.twin()
    assert np.array_equal(twin.dataset.X_train, trainer.dataset.X_train)
    twin.step()
    trainer.step()
    assert np.array_equal(twin.theta, trainer.theta)


def test_a_hand_on_the_noise_leaves_one_entry():
    trainer = make()
    trainer.run(5)
    for noise in (0.2, 0.3, 0.4):
        trainer.edit(noise=noise)
    trainer.edit(learning_rate=0.1)
    trainer.edit(noise=0.5)
    changes = [dict(entry.change) for entry in trainer.edits.log]
    assert changes == [{"noise": 0.4}, {"learning_rate": 0.1}, {"noise": 0.5}]
    trainer.run(5)
    there = state(trainer)
    trainer.seek(0)
    trainer.seek(10)
    assert state(trainer) == there


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("iris", {"noise": 0.1}, "noise cannot change: the samples of iris are given"),
        ("booth", {"noise": 0.1}, "noise cannot change: the samples of booth are given"),
        ("sine", {"label_noise": 0.1}, "label_noise cannot change: sine has no classes"),
        ("circle", {"noise": 1.1}, r"noise must lie in \[0, 1\], got 1.1"),
        ("circle", {"label_noise": -1}, r"label_noise must lie in \[0, 1\], got -1"),
    ],
)
def test_noise_that_cannot_be_is_refused(name, change, words):
    trainer = Trainer(RunConfig.from_json({"data": {"name": name}}))
    before = trainer.dataset
    with pytest.raises(ConfigError, match=words):
        trainer.edit(**change)
    assert trainer.dataset is before
    assert trainer.edits.log == []
