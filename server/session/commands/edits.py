"""Changes to a run under way, from the next step on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...run.lane_changes import check_level, lane_of
from ...wire.commands import Command, CommandError, Field
from ...wire.fields import integer, needed, number
from ...wire.run_fields import LANE, LIVE_FIELDS
from .table import operation

if TYPE_CHECKING:
    from ..session import Session


#: The press of a pointer that a change is a part of: all of one press is one mark, and undone in one go.
_HAND = Field(integer(0))


@operation(
    "set",
    LIVE_FIELDS.beside({"lane": LANE, "hand": _HAND}),
    exact=True,
    picture_first=True,
    needs_field=True,
    undoable=True,
)
def set_live(session: Session, client: int, command: Command) -> dict[str, Any]:
    """Change live values of a lane."""
    run = session.run
    number = lane_of(run, command.fields.get("lane"))
    change = {name: value for name, value in command.fields.items() if name not in ("lane", "hand")}
    config = run.lanes[number].trainer.config
    if config.edited(change) == config:
        return {}
    _room_for_an_edit(session)
    check_level(run, change)
    run.set(change, number, joined=session.history.joins(command, session.clock()))
    session.screen.renew()
    if run.playing:
        run.step_at_once()
    return {}


@operation(
    "set_parameter",
    {"index": needed(integer(0)), "value": needed(number(-1e6, 1e6)), "hand": _HAND},
    exact=True,
    undoable=True,
)
def set_parameter(session: Session, client: int, command: Command) -> dict[str, Any]:
    """Give one weight or bias another value."""
    _room_for_an_edit(session)
    run, index = session.run, command.fields["index"]
    joined = session.history.joins(command, session.clock())
    run.set({"parameters": {str(index): command.fields["value"]}}, joined=joined)
    return {}


def _room_for_an_edit(session: Session) -> None:
    count, most = session.run.edit_count, session.limits.edits
    if count >= most:
        words = f"a run can have {most} live edits: reset it to begin anew with the present values"
        raise CommandError("log_full", words, {"name": "edits", "value": count, "high": most})
