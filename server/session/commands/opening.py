"""To go over to another run: a state that was kept, as a link holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...panels.lines import SharpnessRecord
from ...run.beginning import reading_lanes
from ...run.lane import Lane
from ...wire.commands import Command, CommandError, Field
from ...wire.edits import Edits, exhausted
from ...wire.fields import MOST_STEPS, integer, record, some_list
from ...wire.run_fields import LANE, lane_records
from .run_control import AT_ONCE
from .table import operation

if TYPE_CHECKING:
    from ..session import Session

#: Edits of such a run: they are read at once, and a hundred take 10 ms.
_MOST_EDITS = 1000


@operation(
    "open_run",
    {
        "config": Field(record),
        "log": Field(some_list),
        "step": Field(integer(0, MOST_STEPS)),
        "lane": LANE,
        "lanes": Field(lane_records),
    },
    needs_field=True,
    undoable=True,
    grows=True,
)
def open_run(session: Session, client: int, command: Command) -> dict[str, Any]:
    """Be another run, at a step, standing still: its config and log, or those of several lanes."""
    fields, run = command.fields, session.run
    if not fields.keys() & {"config", "lanes"}:
        raise CommandError("missing_field", "a run is opened from a config, or from lanes", {"name": "config"})
    begun, focus = exhausted(reading_lanes(fields, session.limits, _MOST_EDITS))
    lanes = {number: Lane(config, Edits(edits)) for number, (config, edits) in begun.items()}
    step = fields.get("step", 0)
    run.come_back(lanes, focus, dict.fromkeys(lanes, step))
    session.dispatch.supersede()
    session.surface.restart()
    session.sharpness = SharpnessRecord()
    session.surface.show(run.focus, run.trainer, run.company())
    session.screen.introduce()
    if run.target is not None:
        session.catch_up(AT_ONCE)
    session.telling.urge()
    return {"target": step, "config": begun[focus][0].to_json()}
