"""One task after the other: what a task is, how a run goes from one to the next, and what became of each."""

from dataclasses import replace

import numpy as np
import pytest
from backscope.core.config.config import DataConfig, NetworkConfig, OptimizerConfig, RunConfig
from backscope.core.config.problem import find_problem, problem_key
from backscope.core.data.datasets import make_dataset
from backscope.core.ground.errors import ConfigError
from backscope.core.run.tasks import TaskRecord
from backscope.core.run.trainer import Trainer

DATA = DataConfig("wine", steps_per_task=30)
CONFIG = RunConfig(DATA, NetworkConfig((6,), "relu"), OptimizerConfig("sgd", 0.1), batch_size=25)


@pytest.mark.parametrize("name", ["wine", "circle", "gaussian", "items", "diabetes"])
def test_a_task_deals_the_targets_out_anew_and_nothing_else(name: str) -> None:
    plain = make_dataset(DataConfig(name, test_fraction=0.0), 3)
    tasks = [make_dataset(DataConfig(name, steps_per_task=5, first_task=k), 3) for k in range(4)]
    for one in tasks:
        assert len(one.X_test) == 0
        np.testing.assert_array_equal(one.X_train, plain.X_train)
        np.testing.assert_array_equal(*(np.sort(y, axis=0) for y in (one.y_train, plain.y_train)))
    orders = {one.y_train.tobytes() for one in tasks}
    assert len(orders) == 4 or name == "items"  # four samples can be dealt alike
    again = make_dataset(DataConfig(name, steps_per_task=99, first_task=2), 3)
    np.testing.assert_array_equal(again.y_train, tasks[2].y_train)


def test_the_task_follows_from_the_step() -> None:
    data = replace(DATA, first_task=4)
    assert [data.at(step).first_task for step in (0, 29, 30, 89, 90)] == [4, 4, 5, 6, 7]
    assert DataConfig().at(10**6) == DataConfig()
    trainer = Trainer(CONFIG)
    for count, task in ((29, 0), (1, 1), (1, 1), (70, 3)):
        trainer.run(count)
        assert trainer.task == task
        wanted = make_dataset(replace(DATA, first_task=task), CONFIG.seed, *CONFIG.output_and_loss())
        np.testing.assert_array_equal(trainer.dataset.y_train, wanted.y_train)
        batches = trainer._at.engine.batches
        np.testing.assert_array_equal(batches._targets, wanted.y_train)
        problem = find_problem(problem_key(trainer.posed.to_json()))
        loss = np.mean(-np.log(trainer.network.predict(trainer.theta, problem.X)[problem.y > 0]))
        assert trainer.evaluate().loss == pytest.approx(loss)
    assert trainer.config == CONFIG


def test_it_trains_on_what_the_task_asks_for() -> None:
    """A run over two tasks is a run on the first, and from there one on the second."""
    whole, first = Trainer(CONFIG), Trainer(CONFIG)
    first.run(30)
    whole.run(60)
    kept = first._at.engine.state()
    second = Trainer(replace(CONFIG, data=replace(DATA, first_task=1)))
    second._at.engine.restore(kept, second.config, *second._at.samples.training_set(0.0))
    second.run(30)
    assert second.theta.tobytes() == whole.theta.tobytes()


def test_what_became_of_each_task_is_known_wherever_the_run_stands() -> None:
    trainer, losses = Trainer(CONFIG), []
    twin = Trainer(CONFIG)
    for task in range(6):
        twin.run(29)
        data = twin.dataset
        twin.run(1)
        outputs = twin.network.predict(twin.theta, data.X_train)
        right = np.mean(outputs.argmax(axis=1) == data.y_train.argmax(axis=1))
        losses.append((task, np.mean(-np.log(outputs[data.y_train > 0])), right))
    trainer.run(185)
    np.testing.assert_allclose(trainer.track.tasks(), losses)
    trainer.seek(89)
    np.testing.assert_allclose(trainer.track.tasks(), losses[:2])
    trainer.seek(90)
    np.testing.assert_allclose(trainer.track.tasks(), losses[:3])
    trainer.edit(learning_rate=0.0)
    trainer.run(30)
    found = trainer.track.tasks()
    np.testing.assert_allclose(found[:3], losses[:3])
    assert len(found) == 4
    assert found[3, 1] != losses[3][1]
    assert len(Trainer(RunConfig()).track.tasks()) == 0


def test_of_many_tasks_every_other_one_is_kept() -> None:
    record = TaskRecord(most=16)
    for task in range(100):
        record.add(task, task / 2, 0.5)
    assert record.until(100)[:, 0].tolist() == list(range(0, 100, 8))
    assert record.until(20)[:, 1].tolist() == [0.0, 4.0, 8.0]
    again = TaskRecord.of(record.data(40))
    again.add(41, 1.0, 1.0)
    again.add(40, 7.0, 0.25)
    assert again.until(99)[:, :2].tolist() == [*([k, k / 2] for k in range(0, 40, 8)), [40, 7.0]]
    record.truncate(9)
    assert record.until(99)[:, 0].tolist() == [0, 8]
    with pytest.raises(ValueError, match="one in 3"):
        TaskRecord.of({"gap": 3, "rows": []})


def test_a_landscape_has_no_tasks_and_numbers_are_checked() -> None:
    with pytest.raises(ConfigError, match="no targets that tasks could deal out"):
        DataConfig("bowl", steps_per_task=10)
    for change in ({"steps_per_task": 0}, {"first_task": -1}):
        with pytest.raises(ConfigError, match=next(iter(change))):
            replace(DATA, **change)
