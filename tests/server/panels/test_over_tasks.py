"""How tasks ended, as the laboratory tells it: of the run, of its other lanes, and of fresh nets."""

from dataclasses import replace

import numpy as np
from backscope.core.config.config import DataConfig, NetworkConfig, OptimizerConfig, RunConfig
from backscope.core.run.trainer import Trainer
from backscope.server.wire.messages import Reply
from backscope.server.wire.protocol import decode
from stage import Stage

TASKS = RunConfig(
    DataConfig("wine", steps_per_task=40), NetworkConfig((6,), "relu"), OptimizerConfig("sgd", 0.2), batch_size=30
)


def ask(stage: Stage):
    """Ask until all fresh nets are trained; the header's part, and the arrays."""
    more = True
    while more:
        stage.do("laboratory", over="tasks")
        (message,) = [said for said in stage.said if isinstance(said, Reply) and isinstance(said.text, bytes)]
        header, arrays = decode(message.text)
        more = bool(np.isnan(arrays.get("over_theory", np.ones(1))).sum() > 0 and header["over"].get("fresh", 12) < 3)
    return header["over"], arrays


def ended(config: RunConfig, tasks: int):
    """Return the share of wrong samples at the end of each task of a run."""
    trainer = Trainer(config)
    trainer.run(tasks * 40)
    return 1 - trainer.track.tasks()[:, 2]


def test_it_tells_the_end_of_each_task_beside_nets_that_learn_it_alone() -> None:
    stage = Stage(TASKS)
    header, arrays = ask(stage)
    assert (header["unit"], header["length"], len(arrays["over_steps"])) == ("share", 40, 0)
    stage.travel("step", count=130)
    header, arrays = ask(stage)
    assert arrays["over_steps"].tolist() == [40, 80, 120]
    np.testing.assert_allclose(arrays["over"][:, 0], ended(TASKS, 3), rtol=1e-6)
    assert header["fresh"] == 3
    fresh = [ended(replace(TASKS, data=replace(TASKS.data, first_task=k)), 1)[0] for k in range(3)]
    np.testing.assert_allclose(arrays["over_theory"][:, 0], fresh, rtol=1e-6)
    assert fresh[0] == ended(TASKS, 1)[0]
    stage.do("seek", step=90)
    stage.work()
    assert ask(stage)[1]["over_steps"].tolist() == [40, 80]


def test_of_many_tasks_a_dozen_at_most_have_a_fresh_net() -> None:
    stage = Stage(replace(TASKS, data=replace(TASKS.data, steps_per_task=5)))
    stage.travel("step", count=200)
    for _ in range(60):
        _, arrays = ask(stage)
    known = np.flatnonzero(np.isfinite(arrays["over_theory"][:, 0]))
    assert known.tolist() == [0, 4, 8, 12, 16, 20, 24, 28, 32, 36]


def test_other_lanes_on_the_same_data_are_told_too() -> None:
    stage = Stage(TASKS)
    stage.do("lane_add", start="start", change={"replacement_rate": 0.05, "maturity_threshold": 5})
    stage.travel("step", count=85)
    header, arrays = ask(stage)
    (lane,) = header["lanes"]
    steps, errors = arrays[f"over_lane_{lane}"].T
    assert steps.tolist() == [40, 80]
    one, other = ended(TASKS, 2), ended(replace(TASKS, replacement_rate=0.05, maturity_threshold=5), 2)
    np.testing.assert_allclose([arrays["over"][:, 0], errors], [one, other], rtol=1e-6)


def test_a_run_of_one_task_says_so() -> None:
    stage = Stage(replace(TASKS, data=DataConfig("wine")))
    stage.travel("step", count=10)
    assert ask(stage)[0] == {"name": "tasks", "why": "none"}
