"""The path upon a plane: rows in order, back and forth, and bounded."""

import numpy as np
import pytest
from backscope.core.run.trainer import Trainer
from backscope.server.panels import path_history
from backscope.server.panels.path_history import PathHistory
from backscope.server.panels.surface_choice import SurfaceChoice, lay
from backscope.server.run.curves import Metrics
from backscope.server.wire.presets import PRESETS


def walked(preset: str = "circle", steps: int = 40) -> tuple[Trainer, Metrics]:
    trainer, metrics = Trainer(PRESETS[preset]), Metrics()
    for step in range(0, steps + 1, 10):
        trainer.run(step - trainer.step_count)
        metrics.add((float(step), *trainer.evaluate()))
    return trainer, metrics


def test_the_path_so_far_lies_where_the_plane_projects_it() -> None:
    trainer, metrics = walked()
    plane = lay(SurfaceChoice("random"), trainer, None)
    history = PathHistory(plane, trainer, metrics)
    alpha, beta = plane.project(np.array(trainer.theta))
    np.testing.assert_allclose(history.path[-1], [alpha, beta, trainer.evaluate().loss])
    assert len(history.since(-1)) == len(history.path)
    assert len(history.since(40)) == 0


def test_it_grows_with_each_look_and_a_step_seen_again_stands_once() -> None:
    trainer, _ = walked()
    plane, history = lay(SurfaceChoice("random"), trainer, None), PathHistory()
    for _ in range(3):
        history.observe(plane, trainer, 0.5)
    assert len(history.path) == 1
    trainer.run(5)
    history.observe(plane, trainer, 0.25)
    assert history.path[:, 2].tolist() == [0.5, 0.25]
    assert history.since(40)[:, 2].tolist() == [0.25]


def test_going_back_ends_it_there() -> None:
    trainer, metrics = walked()
    history = PathHistory(lay(SurfaceChoice("random"), trainer, None), trainer, metrics)
    assert history.go_back(20)
    assert len(history.since(20)) == 0
    assert not history.go_back(20)


def test_on_a_landscape_every_step_is_there_at_its_own_height() -> None:
    trainer = Trainer(PRESETS["beale"])
    plane, history = lay(SurfaceChoice(), trainer, None), PathHistory(None, trainer)
    trainer.run(17)
    history.observe(plane, trainer, 0.0)
    assert len(history.path) == 18
    np.testing.assert_allclose(history.path[-1], [*trainer.theta, trainer.evaluate().loss], rtol=1e-12)


def test_it_takes_no_more_memory_than_so_many_points(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(path_history, "_MOST_PATH", 20)
    trainer, _ = walked(steps=0)
    plane, history, most = lay(SurfaceChoice("random"), trainer, None), PathHistory(), 0
    for step in range(100):
        trainer.run(1)
        history.observe(plane, trainer, float(step))
        most = max(most, len(history.path))
    assert most <= 22
    losses = history.path[:, 2]
    assert (losses[0], losses[-1]) == (0.0, 99.0)
    assert (np.diff(losses) > 0).all()
