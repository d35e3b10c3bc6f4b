"""A run goes on elsewhere, from what was kept of it: the same bits, and the same past as far as it goes with it."""

from dataclasses import replace

import numpy as np
import pytest
from backscope.core.config.config import DataConfig, NetworkConfig, OptimizerConfig, RunConfig
from backscope.core.ground.errors import ConfigError
from backscope.core.landscapes.functions import LANDSCAPES
from backscope.core.optimizers.table import OPTIMIZERS
from backscope.core.run.log import LogEntry
from backscope.core.run.trainer import Trainer

BASE = RunConfig(data=DataConfig("spiral", samples=100), network=NetworkConfig(hidden=(6, 5)), batch_size=7)
RUNS = {
    "dropout and noise": replace(BASE, network=replace(BASE.network, dropout=0.3), gradient_noise=0.01),
    "normalized": replace(BASE, network=replace(BASE.network, normalization="batch")),
    "full batch": replace(BASE, batch_size=None),
    "clipped in float32": replace(BASE, clip_norm=0.1, precision="float32"),
    "task after task, units replaced": replace(
        BASE, data=replace(BASE.data, steps_per_task=90), replacement_rate=0.02, maturity_threshold=20
    ),
}


def again(trainer: Trainer) -> Trainer:
    other = Trainer.from_log(trainer.edits.start, [LogEntry(0, e.step, 0, e.change) for e in trainer.edits.entries])
    other.resume(trainer.kept())
    assert other.step_count < trainer.step_count
    other.run(trainer.step_count - other.step_count)
    return other


def assert_same(one: Trainer, other: Trainer) -> None:
    assert one.step_count == other.step_count
    assert one.theta.tobytes() == other.theta.tobytes()
    assert one.gradient.tobytes() == other.gradient.tobytes()
    assert one.config == other.config
    assert np.array_equal(one.losses.tail(one.step_count - 50).losses, other.losses.tail(one.step_count - 50).losses)


@pytest.mark.parametrize("noted", [True, False])
@pytest.mark.parametrize(
    "config",
    [*RUNS.values(), *(replace(BASE, optimizer=OptimizerConfig(name)) for name in OPTIMIZERS)],
    ids=[*RUNS, *OPTIMIZERS],
)
def test_it_goes_on_with_the_same_bits(config: RunConfig, noted: bool) -> None:
    trainer = Trainer(config)
    trainer.run(333)
    trainer.edit(learning_rate=0.011)
    trainer.run(200)
    if noted:
        trainer.note()
    trainer.run(17)
    other = again(trainer)
    assert_same(trainer, other)
    for one in (trainer, other):
        one.run(150)
    assert_same(trainer, other)
    for one in (trainer, other):
        one.seek(401)
    assert_same(trainer, other)


def test_on_a_landscape_too() -> None:
    name = next(iter(LANDSCAPES))
    trainer = Trainer(RunConfig(data=DataConfig(name), batch_size=None))
    trainer.run(300)
    trainer.note()
    trainer.run(9)
    assert_same(trainer, again(trainer))


def test_the_way_to_a_late_step_is_short_and_so_is_the_way_back() -> None:
    trainer = Trainer(replace(BASE, network=NetworkConfig(hidden=(2,)), batch_size=None))
    trainer.run(60_000)
    trainer.note()
    trainer.run(500)
    other = Trainer(trainer.config)
    other.resume(trainer.kept())
    assert other.step_count >= 60_000
    other.run(trainer.step_count - other.step_count)
    assert_same(trainer, other)
    assert len(other.losses.series().last) == len(trainer.losses.series().last)
    assert np.array_equal(other.losses.series().low, trainer.losses.series().low)
    assert np.array_equal(other.track.path()[1], trainer.track.path()[1])
    assert other.rewind(30_001) > 20_000
    for one in (trainer, other):
        one.seek(30_001)
    assert_same(trainer, other)


def test_after_a_return_and_on_another_branch() -> None:
    trainer = Trainer(BASE)
    trainer.run(400)
    trainer.note()
    trainer.run(1)
    trainer.seek(200)
    assert_same(trainer, again(trainer))
    trainer.edit(learning_rate=0.3)
    assert_same(trainer, again(trainer))
    trainer.run(77)
    assert_same(trainer, again(trainer))


def test_what_is_of_another_run_changes_nothing() -> None:
    trainer, other = Trainer(BASE), Trainer(replace(BASE, network=NetworkConfig(hidden=(6, 4))))
    trainer.run(300)
    other.run(5)
    before = other.theta.tobytes()
    kept = trainer.kept()
    for values in (
        kept,
        {},
        {**kept, "earlier": []},
        {**kept, "path": {"gap": 0, "positions": kept["path"]["positions"]}},
    ):
        with pytest.raises(ConfigError):
            other.resume(values)
    assert other.step_count == 5
    assert other.theta.tobytes() == before
