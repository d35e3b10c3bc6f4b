"""What is noted on the way of a burst: positions of the path, and parameters that grow too long, at their steps."""

import numpy as np
import pytest
from backscope.core import RunConfig, Trainer
from backscope.core.run.past import Past
from backscope.core.run.runaway import BOUND, GAP
from backscope.core.run.waymarks import Waymarks

RUNS = {
    "full batch": {"batch_size": None},
    "odd batches": {"batch_size": 7},
    "batch of one": {"batch_size": 1},
    "plateau": {"schedule": {"name": "plateau"}, "batch_size": 50, "optimizer": {"name": "sgd", "learning_rate": 3.0}},
    "falling": {"schedule": "cosine", "batch_size": 9},
    "patience": {"stopping": {"patience": 2}, "optimizer": {"name": "sgd", "learning_rate": 3.0}},
    "epochs": {"stopping": {"epochs": 9}, "batch_size": 13},
    "loss": {"stopping": {"loss": 0.4}, "data": {"name": "gaussian"}},
    "diverges": {"data": {"name": "plane"}, "optimizer": {"name": "sgd", "learning_rate": 50.0}, "batch_size": 11},
    "penalty": {"l2": 10.0, "optimizer": {"name": "sgd", "learning_rate": 0.3}, "batch_size": 17},
    "dropout": {"network": {"hidden": [8, 6], "dropout": 0.3, "normalization": "batch"}, "batch_size": 21},
}


def test_marks_come_at_their_steps_and_note_what_is_there():
    past = Past(np.zeros(3), 2**20)
    marks = Waymarks(past)
    step = 0
    while step < 5000:
        until = marks.until_next(step)
        assert until >= 1
        assert until == min(GAP - step % GAP, past.path.gap - step % past.path.gap)
        step += until
        assert not marks.passed(step, np.full(3, float(step)))
    steps, positions = past.path.kept(step)
    np.testing.assert_array_equal(positions[:, 0], steps)
    assert len(steps) > 512
    large = np.full(3, BOUND)
    assert marks.passed(GAP, large)
    assert marks.passed(GAP, np.full(3, np.nan))
    assert not marks.passed(GAP + 1, large)


@pytest.mark.parametrize("name", RUNS)
def test_a_run_is_the_same_by_bursts_over_epochs_and_step_by_step(name):
    whole, single = (Trainer(RunConfig.from_json(RUNS[name])) for _ in range(2))
    whole.run(700)
    while single.diverged is None and single.stopped is None and single.step_count < 700:
        single.run(1)
    assert (whole.step_count, whole.epoch, whole.diverged) == (single.step_count, single.epoch, single.diverged)
    assert whole.stopped == single.stopped
    np.testing.assert_array_equal(whole.theta, single.theta)
    for one, other in zip(whole.losses.tail(0), single.losses.tail(0), strict=True):
        np.testing.assert_array_equal(one, other)
    for one, other in zip(whole._past.path.kept(700), single._past.path.kept(700), strict=True):
        np.testing.assert_array_equal(one, other)
    assert whole._past.keyframes.steps == single._past.keyframes.steps
    middle = whole.step_count * 2 // 3
    whole.seek(middle)
    single.seek(middle)
    np.testing.assert_array_equal(whole.theta, single.theta)
    assert whole.epoch == single.epoch
