"""Time travel: the same bits in both directions, branches, and runs rebuilt from their log."""

import json

import numpy as np
import pytest
from backscope.core import OPTIMIZERS, Branch, ConfigError, RunConfig, Trainer
from hypothesis import given, settings
from hypothesis import strategies as st

CONFIG = {
    "data": {"name": "spiral", "samples": 100, "test_fraction": 0.3},
    "network": {"hidden": [5, 3]},
    "optimizer": {"name": "adam", "learning_rate": 0.02},
    "batch_size": 9,
}

EDITS = {
    3: {"learning_rate": 0.05},
    64: {"batch_size": 20},
    100: {"optimizer": "momentum", "learning_rate": 0.1, "momentum": 0.8},
    128: {"batch_size": None},
    131: {"learning_rate": 0.2},
    300: {"optimizer": "adam", "batch_size": 1},
    301: {"beta1": 0.5},
}


def make(**values):
    return Trainer(RunConfig.from_json({**CONFIG, **values}))


def state(trainer):
    """Return everything that must come back to the bit."""
    return {
        "step": trainer.step_count,
        "epoch": trainer.epoch,
        "config": json.dumps(trainer.config.to_json()),
        "theta": trainer.theta.tobytes(),
        "gradient": trainer.gradient.tobytes(),
        "update": trainer.update.tobytes(),
        "norms": trainer.last_step.norms().tobytes(),
        "trace": trainer.view.trace(0).D.tobytes(),
        "metrics": repr(trainer.evaluate()),
        "series": [column.tobytes() for column in trainer.losses.series(50)],
        "path": [column.tobytes() for column in trainer.track.path(10**6)],
    }


def with_edits(trainer, last, edits=EDITS):
    """Run to step `last` with edits on the way, and return the states passed."""
    states = {0: state(trainer)}
    for step in range(last + 1):
        if step in edits:
            trainer.edit(**edits[step])
        states[step] = state(trainer)
        assert trainer.run(1) == 1
    trainer.seek(last)
    return states


@pytest.fixture(scope="module")
def travelled():
    """Return a trainer at step 400 of a run with edits, and all states on the way."""
    trainer = make()
    return trainer, with_edits(trainer, 400)


@pytest.mark.parametrize("step", [400, 0, 1, 2, 3, 4, 63, 64, 65, 66, 99, 100, 101, 128, 129, 399, 300, 302, 127, 5])
def test_seek_gives_the_same_bits(travelled, step):
    trainer, states = travelled
    trainer.seek(step)
    assert state(trainer) == states[step]


@given(st.lists(st.integers(0, 400), min_size=1, max_size=6))
@settings(max_examples=20, deadline=None)
def test_any_way_leads_to_the_same_bits(travelled, steps):
    trainer, states = travelled
    for step in steps:
        trainer.seek(step)
    assert state(trainer) == states[steps[-1]]
    assert trainer.furthest == 401


EVERYTHING = {
    "network": {"hidden": [6, 4], "normalization": ["batch", "layer"], "dropout": 0.2, "activation": "leaky_relu"},
    "schedule": {"name": "plateau", "patience": 1, "factor": 0.7, "threshold": 0.01},
    "stopping": {"patience": 3, "gradient": 1e-9},
    "l1": 1e-4,
    "l2": 1e-3,
    "clip_norm": 0.5,
    "label_smoothing": 0.1,
    "replacement_rate": 0.02,
    "maturity_threshold": 9,
}

LIVE = {
    20: {"dropout": 0.0, "l2": 0.0},
    40: {"schedule": {"name": "cosine", "period": 150}, "label_smoothing": 0.0},
    64: {"clip_value": 0.01, "clip_norm": None},
    90: {"dropout": 0.4, "leaky_slope": 0.3},
    100: {"stopping": {"patience": 2, "monitor": "test_loss"}},
    130: {"schedule": "plateau", "l1": 0.0, "batch_size": 30},
    140: {"replacement_rate": 0.0},
    150: {"optimizer": "nadam"},
}


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_everything_that_has_a_memory_comes_back(precision):
    trainer = make(**EVERYTHING, precision=precision)
    states = with_edits(trainer, 250, LIVE)
    for step in (250, 30, 1, 64, 65, 91, 63, 151, 135, 249, 0, 128):
        trainer.seek(step)
        assert state(trainer) == states[step], step
    config = RunConfig.from_json({**CONFIG, **EVERYTHING, "precision": precision})
    again = Trainer.from_log(config, trainer.edits.entries, reached=250)
    assert again.run(250) == 250
    assert {**state(again), "path": 0} == {**states[250], "path": 0}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_comes_back(name):
    trainer = make(optimizer={"name": name, "learning_rate": 0.01})
    trainer.run(150)
    there = state(trainer)
    trainer.run(200)
    trainer.seek(150)
    assert state(trainer) == there


def test_back_and_forth_over_5000_steps_with_edits():
    trainer, seen = make(), {}
    for part in range(50):
        trainer.run(100)
        if part % 5 == 0:
            trainer.edit(learning_rate=0.001 * (part + 1), batch_size=5 + part)
        if part % 7 == 0:
            trainer.edit(optimizer=("sgd", "momentum", "adam")[part % 3])
        seen[trainer.step_count] = state(trainer)
    for step in (2500, 100, 5000, 4900, 200, 3300, 5000):
        trainer.seek(step)
        ours, theirs = state(trainer), seen[step]
        for name in ("theta", "gradient", "update", "norms", "trace", "metrics", "epoch", "config"):
            assert ours[name] == theirs[name], name


def test_seeking_ahead_trains_on():
    one, other = make(), make()
    one.run(333)
    other.seek(333)
    assert state(one) == state(other)
    assert other.furthest == 333


def test_rewind_goes_a_little_too_far_and_run_does_the_rest():
    trainer, other = make(), make()
    trainer.run(1000)
    other.run(900)
    at = trainer.rewind(900)
    assert 900 - 64 <= at <= 900
    assert trainer.step_count == at
    trainer.run(900 - at)
    assert state(trainer) == state(other)
    assert trainer.rewind(950) == 900
    assert trainer.rewind(0) == 0
    np.testing.assert_array_equal(trainer.update, 0)
    with pytest.raises(ValueError, match="step must be 0 or more, got -1"):
        trainer.rewind(-1)


def test_an_edit_in_the_past_starts_a_branch():
    trainer, other = make(), make()
    trainer.run(50)
    trainer.edit(learning_rate=0.5)
    trainer.run(200)
    trainer.edit(learning_rate=0.7)
    trainer.run(50)
    trainer.seek(100)
    assert trainer.learning_rate == 0.5
    assert trainer.edits.branch == 0
    trainer.edit(learning_rate=0.001)
    assert (trainer.edits.branch, trainer.furthest, trainer.edits.branches) == (1, 100, [Branch(), Branch(0, 100)])
    trainer.run(300)
    assert trainer.learning_rate == 0.001
    other.run(50)
    other.edit(learning_rate=0.5)
    other.run(50)
    other.edit(learning_rate=0.001)
    other.run(300)
    assert state(trainer) == state(other)
    assert [entry.branch for entry in trainer.edits.log] == [0, 0, 1]
    assert [entry.step for entry in trainer.edits.entries] == [50, 100]
    trainer.seek(20)
    trainer.seek(400)
    assert state(trainer) == state(other)


def test_edits_without_a_future_stay_on_the_branch():
    trainer = make()
    trainer.run(10)
    trainer.edit(learning_rate=0.5)
    trainer.edit(learning_rate=0.6)
    assert (trainer.edits.branch, len(trainer.edits.entries)) == (0, 2)


def test_a_run_is_rebuilt_from_config_and_log():
    trainer = make()
    with_edits(trainer, 310)
    trainer.seek(150)
    trainer.edit(learning_rate=0.07)
    trainer.run(100)
    log = json.loads(json.dumps([entry.to_json() for entry in trainer.edits.log]))
    again = Trainer.from_log(RunConfig.from_json(CONFIG), log, trainer.edits.branches)
    again.run(250)
    assert state(again) == state(trainer)
    short = [{"step": entry.step, "change": dict(entry.change)} for entry in trainer.edits.entries]
    again = Trainer.from_log(RunConfig.from_json(CONFIG), short)
    again.run(250)
    assert state(again) == state(trainer)


def test_a_bad_log_is_refused_before_the_run():
    with pytest.raises(ConfigError, match="learning_rate must lie in"):
        Trainer.from_log(RunConfig(), [{"step": 5, "change": {"learning_rate": -1}}])
    with pytest.raises(ConfigError, match="unknown key 'hidden'"):
        Trainer.from_log(RunConfig(), [{"step": 5, "change": {"hidden": [3]}}])


def test_divergence_comes_back_at_the_same_step():
    config = {"data": {"name": "plane"}, "network": {"activation": "relu"}, "optimizer": {"learning_rate": 100}}
    trainer = Trainer(RunConfig.from_json(config))
    trainer.run(1000)
    first = trainer.diverged
    trainer.seek(0)
    assert trainer.diverged is None
    trainer.seek(1000)
    assert trainer.diverged == first
    assert trainer.step_count == first.step


# Memory
