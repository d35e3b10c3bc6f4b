"""To take back what a command did to the run, and to do it again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ...panels.lines import SharpnessRecord
from ...run.moment import Moment
from ...run.run import Run
from ...wire.commands import Command, Field
from ...wire.fields import flag
from .run_control import AT_ONCE
from .table import operation

if TYPE_CHECKING:
    from ..session import Session


@operation("undo", {"ghost": Field(flag)})
def undo(session: Session, client: int, command: Command) -> dict[str, Any]:
    """Bring the run back to where it stood before the last change, restarts too; or back to the `ghost` at once."""
    history = session.history
    return _come_back(session, history.undo_to_ghost if command.fields.get("ghost") else history.undo)


@operation("redo")
def redo(session: Session, client: int, command: Command) -> dict[str, Any]:
    """Make the change again that was undone last: the run is where it was then."""
    return _come_back(session, session.history.redo)


def _come_back(session: Session, way: Callable[[Run, Moment], Moment]) -> dict[str, Any]:
    run, data = session.run, session.run.trainer.config.data
    moment = way(run, Moment.of(run, session.screen.sample))
    session.dispatch.supersede()
    session.surface.restart()
    session.sharpness = SharpnessRecord()
    session.surface.show(run.focus, run.trainer, run.company())
    if run.trainer.config.data != data:
        session.screen.sample = moment.sample
        session.screen.introduce()
    else:
        session.screen.introduce_change()
    if run.target is not None:
        session.catch_up(AT_ONCE)
    session.telling.urge()
    return {"target": moment.places[moment.focus].step}
