"""A long run keeps its memory flat."""

import tracemalloc

import pytest
from backscope.core import RunConfig, Trainer


@pytest.mark.parametrize("name", ["sgd", "adam"])
def test_memory_stays_flat_once_the_past_is_thinned(name, monkeypatch):
    """With budgets a thousandth of the real ones, thinning begins after a few thousand steps instead of millions."""
    monkeypatch.setattr("backscope.core.run.trainer.KEYFRAME_BYTES", 200_000)
    trainer = Trainer(RunConfig.from_json({"optimizer": {"name": name}}))
    trainer.run(5000)
    tracemalloc.start()
    trainer.run(5000)
    before, _ = tracemalloc.get_traced_memory()
    trainer.run(20_000)
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert after - before < 150_000
    end = trainer.theta.tobytes()
    trainer.seek(1234)
    trainer.seek(30_000)
    assert trainer.theta.tobytes() == end
