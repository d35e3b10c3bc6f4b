"""What a frame says of the lanes that are not in focus; with one lane it says nothing."""

from __future__ import annotations

from typing import Any

from ..panels.surfaces import SurfaceView
from ..run.lane import Row
from ..run.run import Run
from ..wire.messages import Position
from ..wire.protocol import Arrays, finite
from .frames import metrics_since


def observe(run: Run, surface: SurfaceView, row: Row, now: float) -> list[dict[str, Any]]:
    """Look at all lanes once for a frame, note where they are, and return what its header says of them.

    `row` is that of the lane in focus.
    """
    company, told = run.company(), []
    for number, lane in run.lanes.items():
        step, loss, test_loss, accuracy, test_accuracy = (
            row if number == run.focus else run.measure_now_and_then(now, number)
        )
        if number in company and step == lane.trainer.step_count:
            surface.observe(lane.trainer, loss, number)
        told.append(
            {
                "id": number,
                "step": lane.trainer.step_count,
                "loss": finite(loss),
                "test_loss": finite(test_loss),
                "accuracy": finite(accuracy),
                "test_accuracy": finite(test_accuracy),
                "status": run.status(number)["kind"],
            }
        )
    return told


def add_norms(arrays: Arrays, run: Run) -> None:
    """Add what all clients share: norms of δ and ∂W per layer, (2, L), of every other lane."""
    for number, lane in run.others():
        arrays.add(f"lane{number}_norms", lane.trainer.last_step.norms()[:2])


def add_tails(arrays: Arrays, run: Run, surface: SurfaceView, position: Position | None, origin: int) -> None:
    """Add what a client at this position has not yet seen of the other lanes: full losses, and the path.

    Steps are counted from `origin`, as those of the lane in focus.
    """
    seen = dict(position.others) if position is not None and position.generation == run.generation else {}
    same = position is not None and position.surface == surface.picture.version
    for number, lane in run.others():
        here = lane.trainer.step_count
        since = seen.get(number, here)
        arrays.add(f"lane{number}_metrics", metrics_since(lane.metrics, since, origin))
        if surface.picture.plane is not None and surface.paths.known(number):
            arrays.add(f"lane{number}_path", surface.paths.since(since if same else here, number))


def position_of(run: Run, surface: SurfaceView) -> Position:
    """Return what a client has seen once it has drawn a frame made now."""
    others = tuple((number, lane.trainer.step_count) for number, lane in run.others())
    return Position(run.generation, run.trainer.step_count, run.version, surface.picture.version, others)
