"""How a divergence is noted: by its loss or by its parameters, with the step, the rate and where it began."""

import pytest
from backscope.core import Trainer
from backscope.core.run import divergence
from backscope.core.run.engine import HUGE_LOSS


def test_a_loss_without_bounds_is_noted_where_it_came(config):
    trainer = Trainer(config(data={"name": "plane"}, optimizer={"name": "sgd", "learning_rate": 100.0}))
    trainer.run(500)
    found = trainer.diverged
    assert found is not None
    assert (found.step, found.learning_rate) == (trainer.step_count, 100.0)
    assert not abs(trainer.step()) <= HUGE_LOSS
    assert found.origin.layer is None or 1 <= found.origin.layer <= len(trainer.network.blocks)
    assert trainer.run(10) == 0, "no step is taken until the run goes back"


def test_a_run_that_learns_has_not_run_away(config):
    trainer = Trainer(config())
    trainer.run(64)
    assert trainer.diverged is None
    assert divergence.of_parameters(trainer._at) is None


def test_parameters_that_run_away_are_noted_whatever_the_loss_is(config):
    network, rate = {"hidden": [8, 8], "output": "tanh"}, {"name": "sgd", "learning_rate": 0.3}
    trainer = Trainer(config(data={"name": "spiral"}, network=network, loss="mse", optimizer=rate, l2=10.0))
    trainer.run(2000)
    found = trainer.diverged
    assert found is not None
    assert found.loss == "penalty"
    assert found.pull == pytest.approx(3.0)
    assert divergence.of_parameters(trainer._at) == found


def test_going_back_forgets_it_and_going_on_finds_it_again(config):
    trainer = Trainer(config(data={"name": "plane"}, optimizer={"name": "sgd", "learning_rate": 100.0}))
    trainer.run(500)
    found = trainer.diverged
    trainer.seek(1)
    assert trainer.diverged is None
    trainer.run(500)
    assert trainer.diverged == found
    assert found.learning_rate == pytest.approx(100.0)
