"""Lanes: to put one beside the others, take it away, look at it, and keep it alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ....core.run.arrival import MEASURES, ArrivalTask, Way, arrivals, meets
from ...panels.lines import SharpnessRecord
from ...run.lane_changes import added, lane_of
from ...wire.commands import Command, CommandError, Field
from ...wire.fields import choice, needed, number, record
from ...wire.messages import Work
from ...wire.protocol import finite
from ...wire.run_fields import LANE
from .run_control import AT_ONCE
from .table import operation

if TYPE_CHECKING:
    from ...run.lane import Lane
    from ..session import Session

#: Where a lane that is added begins: at step 0, or with the present parameters of another one.
STARTS = ("start", "here")

#: Steps, and samples × parameters × steps, up to which a lane's way is taken once more to see when it arrived.
_MOST_STEPS, _MOST_WORK = 20_000, 2_000_000_000

_THIS_LANE = Field(LANE.check, required=True)


@operation(
    "lane_add",
    {"change": Field(record), "from": LANE, "start": Field(choice(lambda: STARTS))},
    exact=True,
    undoable=True,
    grows=True,
)
def add(session: Session, client: int, command: Command) -> dict[str, Any]:
    """Put a lane beside the others: the same as one of them but for a change."""
    run, fields = session.run, command.fields
    model = lane_of(run, fields.get("from"), "from")
    start = fields.get("start", "start")
    config, edits = added(run, model, fields.get("change", {}), start, session.limits)
    playing, step = run.playing, run.front
    number = run.add(config, edits, model if start == "here" else None)
    _show_lanes(session)
    if run.target is not None:
        session.catch_up(AT_ONCE)
        if playing:
            session.dispatch.waiting.insert(0, (0, Command("play", None, {})))
    return {"lane": number, "target": step}


@operation("lane_remove", {"lane": _THIS_LANE}, undoable=True)
def remove(session: Session, client: int, command: Command) -> dict[str, Any]:
    """Take a lane away."""
    run = session.run
    number = lane_of(run, command.fields["lane"])
    if len(run.lanes) == 1:
        raise CommandError("last_lane", "the last lane stays: a run has one at least", {"name": "lanes", "value": 0})
    run.remove(number)
    _show_lanes(session)
    return {"lane": run.focus}


@operation("lane_focus", {"lane": _THIS_LANE})
def focus(session: Session, client: int, command: Command) -> dict[str, Any]:
    """Show another lane."""
    number = lane_of(session.run, command.fields["lane"])
    if number != session.run.focus:
        session.run.look_at(number)
        _show_lanes(session)
    return {"lane": number}


@operation("lane_promote", {"lane": _THIS_LANE}, undoable=True)
def promote(session: Session, client: int, command: Command) -> dict[str, Any]:
    """Keep one lane alone, as lane 0."""
    keep_alone(session, lane_of(session.run, command.fields["lane"]))
    _show_lanes(session)
    return {"lane": 0}


def keep_alone(session: Session, lane: int) -> None:
    """Let the other lanes go, without showing it yet."""
    session.run.promote(lane)
    session.surface.paths.renumber(lane)


def _show_lanes(session: Session) -> None:
    """Other lanes are there, or another one is in focus: show them."""
    run = session.run
    session.sharpness = SharpnessRecord()
    session.surface.show(run.focus, run.trainer, run.company())
    session.screen.introduce_change()
    session.telling.urge()


@operation(
    "arrivals",
    {"measure": needed(choice(lambda: MEASURES)), "target": needed(number(-1e12, 1e12))},
    read_only=True,
)
def arrive(session: Session, client: int, command: Command) -> dict[str, Any] | None:
    """Find the first step at which each lane was as good as a target; null where none was, or to look takes long."""
    measure, target = command.fields["measure"], command.fields["target"]
    ways = {number: _way(lane, measure, target) for number, lane in session.run.lanes.items()}
    known = {number: way for number, way in ways.items() if way is not None}
    task = ArrivalTask(tuple(known.values()), measure, target)

    def answer(found: Any) -> dict[str, Any]:
        steps = dict(zip(known, found[:, 0], strict=True))
        return {"arrivals": {str(number): finite(steps.get(number, np.nan)) for number in ways}}

    if not known:
        return answer(np.empty((0, 1)))
    session.order(client, command, Work(arrivals, task, len(known)), answer)
    return None


def _way(lane: Lane, measure: str, target: float) -> Way | None:
    """Return the way of a lane up to where it is known to have arrived, if it can be taken once more in a while."""
    rows = lane.metrics.rows
    there = rows[meets(rows[:, 1 + MEASURES.index(measure)], measure, target), 0]
    if not len(there):
        return None
    last, size = int(there[0]), lane.rows * lane.trainer.network.parameter_count
    if last > _MOST_STEPS or last * size > _MOST_WORK:
        return None
    return Way(lane.config, tuple(lane.edits.entries()), last)
