"""The problem of a run: found again from its key, and equal wherever the loss of parameters is."""

import numpy as np
import pytest
from backscope.core import RunConfig, Trainer
from backscope.core.config.problem import find_problem, problem_key, start_parameters


def key(**values):
    return problem_key(RunConfig.from_json(values).to_json())


def test_what_the_loss_hangs_on_is_in_the_key_and_nothing_else():
    assert key(l2=0.1, batch_size=7) == key() == key(network={"dropout": 0.4})
    keys = {key(), key(seed=1), key(data={"noise": 0.3}), key(network={"hidden": [5]}), key(loss="mse")}
    assert len(keys) == 5


def test_another_process_finds_the_loss_that_the_trainer_has():
    values = {"data": {"name": "moons"}, "label_smoothing": 0.2, "seed": 3}
    trainer, problem = Trainer(RunConfig.from_json(values)), find_problem(key(**values))
    found = problem.net.backpropagate(trainer.theta, problem.X, problem.y, problem.loss).loss
    assert found == pytest.approx(trainer.evaluate().loss, rel=1e-12)
    assert (problem.y.min(), problem.y.max()) == pytest.approx((0.1, 0.9))


def test_a_run_begins_where_it_is_told_or_drawn():
    config = RunConfig.from_json({"seed": 4, "precision": "float32"})
    start = start_parameters(config)
    assert start.dtype == np.float32
    np.testing.assert_array_equal(start, Trainer(config).theta)
    assert (start != start_parameters(RunConfig.from_json({"seed": 5}))).any()
