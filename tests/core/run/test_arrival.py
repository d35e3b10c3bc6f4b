"""The step of arrival is the first one at which the run is as good as the target, whatever was changed on the way."""

import numpy as np
import pytest
from backscope.core.config.config import DataConfig, NetworkConfig, OptimizerConfig, RunConfig
from backscope.core.run.arrival import MEASURES, ArrivalTask, Way, arrivals, first_step, meets
from backscope.core.run.log import LogEntry
from backscope.core.run.trainer import Trainer

CHANGED = (LogEntry(0, 20, 0, {"learning_rate": 0.5}), LogEntry(0, 30, 0, {"batch_size": 7}))


def config(seed: int, **changes: object) -> RunConfig:
    parts = {"network": NetworkConfig([4]), "optimizer": OptimizerConfig("sgd", 0.2)}
    return RunConfig(data=DataConfig("circle"), seed=seed, **{**parts, **changes})


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("seed", range(3))
def test_it_is_the_first_of_all_steps(measure: str, seed: int) -> None:
    trainer = Trainer.from_log(config(seed), CHANGED)
    way = [getattr(trainer.evaluate(), measure)]
    for _ in range(60):
        trainer.run(1)
        way.append(getattr(trainer.evaluate(), measure))
    for target in np.quantile(way, [0.05, 0.3, 0.6, 0.95]):
        step = first_step(Way(config(seed), CHANGED, 60), measure, float(target))
        assert step == np.flatnonzero(meets(np.array(way), measure, float(target)))[0]


def test_who_never_arrives_or_diverges_before_has_no_step_and_no_rule_ends_the_way() -> None:
    wild = config(1, network=NetworkConfig([8], activation="relu", output="identity"), loss="mse",
                  optimizer=OptimizerConfig("sgd", 100.0))  # fmt: skip
    stopping = RunConfig.from_json({**config(1).to_json(), "stopping": {"steps": 5}})
    reached = Trainer(stopping)
    reached.run(40)
    task = ArrivalTask((Way(config(1), (), 30), Way(wild, (), 500), Way(stopping, (), 40)), "loss", -1.0)
    assert np.isnan(arrivals(task, 0, 3)).all()
    loss = Trainer(config(1))
    loss.run(12)
    there = ArrivalTask((Way(stopping, (), 40),), "loss", loss.evaluate().loss)
    assert arrivals(there, 0, 1)[0, 0] <= 12
    assert arrivals(there, 1, 1).shape == (0, 1)
