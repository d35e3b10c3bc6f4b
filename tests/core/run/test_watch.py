"""The watch: when what it told is gone, and that looking changes nothing."""

import numpy as np
from backscope.core import RunConfig, Trainer
from backscope.core.run.watch import GAP, Watch
from watched_runs import run_of, sgd, watched


def test_what_is_gone_is_not_told_any_more_and_a_run_that_went_back_begins_anew():
    trainer, watch = run_of(clip_norm=0.01), Watch()
    while trainer.step_count < 400:
        trainer.run(20)
        watch.look(trainer)
    assert [told.name for told in watch.told][:1] == ["clipped"]
    told = watch.told
    trainer.edit(clip_norm=None)
    trainer.run(GAP)
    watch.look(trainer)
    assert watch.told == told  # not at once: it does not flicker
    for _ in range(30):
        trainer.run(20)
        watch.look(trainer)
    assert not watch.told
    trainer.seek(380)
    watch.look(trainer)
    assert not watch.told
    assert trainer.config.clip_norm == 0.01


def test_looks_change_nothing_and_say_the_same_on_the_same_steps():
    seen, alone = run_of(initializer="zeros"), run_of(initializer="zeros")
    watch, _ = watched(seen, 400)
    again, _ = watched(run_of(initializer="zeros"), 400)
    alone.run(400)
    np.testing.assert_array_equal(seen.theta, alone.theta)
    assert [(told.name, told.step) for told in watch.told] == [(told.name, told.step) for told in again.told] != []


def test_a_landscape_has_none_of_this():
    trainer = Trainer(RunConfig.from_json({
        "data": {"name": "rosenbrock"}, "network": {"hidden": [], "bias": False}, "optimizer": sgd(0.001),
        "batch_size": None,
    }))  # fmt: skip
    assert not watched(trainer, 100)[0].told
