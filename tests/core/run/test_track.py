"""The way of a run: positions that are those it had, however they are asked for."""

import numpy as np
import pytest
from backscope.core import Trainer


@pytest.fixture
def walked(config):
    """A run of 150 steps, and the parameters after each."""
    trainer = Trainer(config())
    positions = [np.array(trainer.theta)]
    for _ in range(150):
        trainer.step()
        positions.append(np.array(trainer.theta))
    return trainer, np.array(positions)


def test_the_path_runs_from_the_start_to_the_present(walked):
    trainer, positions = walked
    steps, path = trainer.track.path(20)
    assert len(steps) <= 20
    assert (steps[0], steps[-1]) == (0, 150)
    assert (np.diff(steps) > 0).all()
    np.testing.assert_array_equal(path, positions[steps])


def test_a_parameter_along_the_way_is_that_of_the_path(walked):
    trainer, positions = walked
    steps, values = trainer.track.parameter(3, 30)
    assert steps[-1] == 150
    np.testing.assert_array_equal(values, positions[steps, 3])


def test_snapshots_are_known_again_and_nothing_else_is(walked):
    trainer, positions = walked
    kept = trainer.track.snapshots(6)
    assert kept[0] == 0
    assert 1 < len(kept) <= 6
    for step in kept:
        np.testing.assert_array_equal(trainer.track.snapshot(step), positions[step])
    assert trainer.track.snapshot(100_000) is None


def test_after_a_return_the_end_is_the_furthest_that_is_known(walked):
    trainer, positions = walked
    assert trainer.track.end()[0] == 150
    trainer.seek(10)
    step, theta = trainer.track.end()
    assert 10 < step <= 150
    np.testing.assert_array_equal(theta, positions[step])
    assert trainer.track.path(20)[0][-1] == 10


def test_layers_move_by_shares_of_their_own_weights(walked):
    trainer, positions = walked
    for block, share in zip(trainer.network.blocks, trainer.track.moved(), strict=True):
        before, now = (block.view(theta)[:-1] for theta in (positions[0], positions[-1]))
        assert share == pytest.approx(np.linalg.norm(now - before) / np.linalg.norm(before))
    first = trainer.track.steps_to_move(0.01)
    assert ((first > 0) & (first <= 150) | np.isnan(first)).all()


def test_an_optimizer_of_the_past_has_its_memory(config):
    trainer = Trainer(config(optimizer={"name": "adam", "learning_rate": 0.01}))
    trainer.run(130)
    *_, step = trainer.track.kept_steps()
    theta, optimizer = trainer.track.kept(step)
    trainer.seek(step)
    np.testing.assert_array_equal(theta, trainer.theta)
    assert optimizer.t == trainer.last_step.optimizer.t == step
    np.testing.assert_array_equal(optimizer.m, trainer.last_step.optimizer.m)
