"""Full losses along a run, and the ghosts of the futures that were left."""

import numpy as np
from backscope.server.run.curves import MOST_POINTS, Metrics


def run_to(metrics: Metrics, *steps: int, loss: float = 1.0) -> None:
    for step in steps:
        metrics.add((step, loss, 0.0, 0.0, 0.0))


def steps_of(metrics: Metrics) -> list[int]:
    return [int(step) for step in metrics.rows[:, 0]]


def test_rows_after_a_step_are_a_clients_tail() -> None:
    metrics = Metrics()
    run_to(metrics, 0, 10, 20, 30)
    assert list(metrics.since(10)[:, 0]) == [20, 30]
    assert len(metrics.since(30)) == 0


def test_the_same_step_again_replaces_its_row() -> None:
    metrics = Metrics()
    run_to(metrics, 0, 10)
    run_to(metrics, 10, loss=2.0)
    assert steps_of(metrics) == [0, 10]
    assert metrics.rows[-1, 1] == 2.0


def test_going_back_leaves_a_ghost_ahead_that_going_on_uses_up() -> None:
    metrics = Metrics()
    run_to(metrics, 0, 10, 20, 30)
    metrics.go_to(12)
    assert steps_of(metrics) == [0, 10]
    assert metrics.left()["ghosts"][-1]["step"] == [10, 20, 30]
    assert metrics.left()["ahead"]
    metrics.go_to(20)
    assert steps_of(metrics) == [0, 10, 20]
    metrics.go_to(30)
    assert metrics.left() == {"ghosts": [], "ahead": False}


def test_a_branch_turns_the_old_future_into_a_ghost_for_good() -> None:
    metrics = Metrics()
    run_to(metrics, 0, 10, 20, 30)
    metrics.go_to(10)
    metrics.branch()
    run_to(metrics, 11, 12, loss=3.0)
    assert steps_of(metrics) == [0, 10, 11, 12]
    assert metrics.left() == {"ghosts": [{"step": [10, 20, 30], "loss": [1.0, 1.0, 1.0]}], "ahead": False}


def test_a_restart_keeps_the_last_three_runs_as_ghosts() -> None:
    metrics = Metrics()
    for loss in (1.0, 2.0, 3.0, 4.0):
        run_to(metrics, 0, 5, loss=loss)
        metrics.restart()
        assert steps_of(metrics) == []
    assert [ghost["loss"][0] for ghost in metrics.left()["ghosts"]] == [2.0, 3.0, 4.0]


def test_memory_is_bounded_and_the_ends_survive() -> None:
    metrics = Metrics()
    run_to(metrics, *range(5 * MOST_POINTS))
    assert len(metrics.rows) <= MOST_POINTS
    steps = steps_of(metrics)
    assert steps[0] == 0
    assert steps[-1] == 5 * MOST_POINTS - 1
    assert steps == sorted(set(steps))


def test_ghosts_hold_finite_losses_only_and_few_of_them() -> None:
    metrics = Metrics()
    run_to(metrics, *range(1000))
    run_to(metrics, 1000, loss=float("nan"))
    run_to(metrics, 1001, loss=float("inf"))
    metrics.restart()
    (ghost,) = metrics.left()["ghosts"]
    assert len(ghost["step"]) == len(ghost["loss"]) <= 200
    assert ghost["step"][-1] == 999


def test_losses_between_known_steps_are_interpolated() -> None:
    metrics = Metrics()
    assert np.isnan(metrics.losses_at(np.array([0, 5]))).all()
    run_to(metrics, 0, loss=1.0)
    run_to(metrics, 10, loss=3.0)
    np.testing.assert_allclose(metrics.losses_at(np.array([0, 5, 10, 20])), [1.0, 2.0, 3.0, 3.0])
