"""Rules that end a run by themselves."""

import numpy as np
import pytest
from backscope.core import RunConfig, Trainer

DATA = {"samples": 100, "test_fraction": 0.3}


def make(stopping, **values):
    return Trainer(RunConfig.from_json({"data": DATA, "stopping": stopping, **values}))


def test_a_number_of_steps():
    trainer = make({"steps": 33})
    assert trainer.run(1000) == 33
    assert (trainer.stopped.rule, trainer.stopped.step, trainer.stopped.converged) == ("steps", 33, False)
    assert trainer.run(10) == 10
    assert trainer.stopped is None


def test_a_number_of_epochs():
    trainer = make({"epochs": 3})
    assert trainer.run(1000) == 21
    assert (trainer.stopped.rule, trainer.stopped.value) == ("epochs", 3)


def test_a_loss_below_a_bound_is_convergence():
    trainer = make({"loss": 0.3}, optimizer={"name": "adam", "learning_rate": 0.03})
    trainer.run(100_000)
    assert trainer.stopped.rule == "loss"
    assert trainer.stopped.converged
    assert trainer.evaluate().loss == trainer.stopped.value < 0.3
    assert trainer.step_count == 7 * trainer.epoch


def test_a_small_gradient_is_convergence():
    trainer = make({"gradient": 1e-3}, data={"name": "plane", "noise": 0}, network={"hidden": []}, batch_size=None)
    trainer.run(100_000)
    assert trainer.stopped.rule == "gradient"
    data = trainer.dataset
    gradient = trainer.network.backpropagate(trainer.theta, data.X_train, data.y_train).gradient
    assert np.linalg.norm(gradient) == pytest.approx(trainer.stopped.value)
    assert trainer.stopped.value < 1e-3


def test_patience_gives_up_when_nothing_improves():
    trainer = make({"patience": 4}, optimizer={"learning_rate": 0})
    assert trainer.run(1000) == 7 * 5
    assert (trainer.stopped.rule, trainer.stopped.value, trainer.stopped.converged) == ("patience", 4, False)


def test_the_test_loss_can_be_watched():
    """With labels that are noise, the test loss soon rises while the training loss goes on falling."""
    run = {
        "data": {"name": "gauss", "samples": 60, "test_fraction": 0.5, "label_noise": 0.4},
        "network": {"hidden": [30, 30]},
        "optimizer": {"name": "adam", "learning_rate": 0.01},
    }
    watching = Trainer(RunConfig.from_json({**run, "stopping": {"patience": 20, "monitor": "test_loss"}}))
    watching.run(20_000)
    assert watching.stopped.rule == "patience"
    end = watching.evaluate()
    watching.run(3000)
    assert watching.evaluate().loss < end.loss


def test_divergence_is_no_stop():
    trainer = make({"loss": 0.1}, data={"name": "plane"}, network={"activation": "relu"},
                   optimizer={"learning_rate": 100})  # fmt: skip
    trainer.run(1000)
    assert trainer.diverged
    assert trainer.stopped is None


def test_what_was_passed_once_does_not_stop_a_replay():
    trainer = make({"steps": 50})
    trainer.run(100)
    trainer.run(100)
    assert trainer.step_count == 150
    trainer.seek(20)
    assert trainer.run(100) == 100
    assert trainer.stopped is None
    trainer.seek(20)
    trainer.edit(stopping={"steps": 60})
    assert trainer.run(100) == 40
    assert trainer.stopped.step == 60


def test_rules_can_be_changed_while_a_run_goes_on():
    trainer = make({"steps": 50})
    trainer.run(10)
    trainer.edit(stopping={"steps": None, "epochs": 2})
    trainer.run(100)
    assert trainer.stopped.rule == "epochs"
    assert trainer.config.stopping.to_json()["steps"] is None
