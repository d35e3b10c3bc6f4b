"""The present of a run: what is read of it is what the engine has, and cannot be written to."""

import numpy as np
import pytest
from backscope.core import Trainer
from backscope.core.run.standing import Present, Standing


def test_whoever_looks_sees_what_the_trainer_changed(config):
    trainer = Trainer(config(schedule={"name": "step", "period": 1, "factor": 0.5}))
    at = trainer._at
    assert isinstance(at, Standing)
    trainer.run(3)
    assert at.step_count == trainer.step_count == 3
    assert trainer.network is at.engine.network
    assert trainer.dataset is at.samples.dataset
    assert trainer.learning_rate == at.engine.rate(3)
    trainer.edit(learning_rate=0.5)
    assert at.config.optimizer.learning_rate == trainer.config.optimizer.learning_rate == 0.5
    trainer.seek(1)
    assert at.step_count == trainer.step_count == 1
    assert at.config is trainer.config


def test_all_of_the_present_can_only_be_read(config):
    trainer = Trainer(config())
    trainer.run(1)
    names = [name for name, value in vars(Present).items() if isinstance(value, property)]
    assert len(names) > 8
    for name in names:
        with pytest.raises(AttributeError):
            setattr(trainer, name, None)
        value = getattr(trainer, name)
        if isinstance(value, np.ndarray):
            with pytest.raises(ValueError, match="read-only"):
                value[:] = 0


def test_listeners_hear_of_every_change_until_they_end(config):
    trainer, heard = Trainer(config()), []
    end = trainer.listen(lambda: heard.append(trainer.step_count))
    trainer.step()
    trainer.run(40)
    assert heard[0] == 1
    assert heard[-1] == 41
    del heard[:]
    trainer.edit(learning_rate=0.5)
    assert heard == [41]
    trainer.seek(0)
    assert heard[-1] == 0
    trainer.twin().run(3)
    assert heard[-1] == 0, "a twin goes its way alone"
    del heard[:]
    end()
    end()
    trainer.run(3)
    assert heard == []
