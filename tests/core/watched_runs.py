"""Runs that are looked at by a watch, for the tests of symptoms and of the watch itself."""

from backscope.core import RunConfig, Trainer
from backscope.core.run.watch import Watch


def run_of(**changes):
    base = {
        "data": {"name": "circle"}, "network": {"hidden": [6, 3]}, "optimizer": {"name": "sgd", "learning_rate": 0.1},
        "batch_size": 10,
    }  # fmt: skip
    return Trainer(RunConfig.from_json({**base, **changes}))


def watched(trainer, steps, every=16):
    """Run and look; return the watch, and what was told when it was told first."""
    watch, first = Watch(), {}
    while trainer.step_count < steps and trainer.diverged is None:
        trainer.run(every)
        watch.look(trainer)
        for told in watch.told:
            first.setdefault(told.name, (trainer.step_count, told))
    return watch, first


def sgd(rate):
    return {"name": "sgd", "learning_rate": rate}
