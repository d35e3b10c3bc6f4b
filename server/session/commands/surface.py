"""The loss surface and what is drawn beside it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from ....core.ground.errors import ConfigError
from ....core.surface.planes import PLANES, THROUGH
from ...panels.lines import anatomy_on, cut_of, cut_reply
from ...panels.surface_choice import LEAST_RESOLUTION, MOST_RESOLUTION
from ...wire.commands import Command, CommandError, Field
from ...wire.fields import choice, flag, integer, two_indices
from ...wire.rights import INSIDE
from .table import operation

if TYPE_CHECKING:
    from ..session import Session

_CHOICE = {
    "plane": Field(choice(lambda: PLANES)),
    "weights": Field(two_indices),
    "through": Field(choice(lambda: ("auto", *THROUGH))),
    "resolution": Field(integer(LEAST_RESOLUTION, MOST_RESOLUTION)),
    "penalties": Field(flag),
    "off": Field(flag),
}


@operation("surface", _CHOICE)
def choose(session: Session, client: int, command: Command) -> dict[str, Any]:
    """Show another plane of the loss, the same one finer or coarser, or none."""
    config = session.run.trainer.config
    if config.on_landscape and not command.fields.keys() <= {"resolution", "off"}:
        words = f"{config.data.name} has one plane only: that of its two parameters"
        raise CommandError("no_network", words, {"name": "surface", "value": config.data.name})
    index = max(command.fields.get("weights", (0,)))
    last = session.run.trainer.network.parameter_count - 1
    if index > last:
        raise ConfigError(f"weights must lie in [0, {last}], got {index}", "weights", index, 0, last)
    session.look_at_surface(session.surface.choice.changed(command.fields))
    return {}


@operation("surface_stop")
def stop(session: Session, client: int, command: Command) -> dict[str, Any]:
    """Leave the picture as it is until the run goes on."""
    session.stop_surface()
    return {}


@operation("cut", read_only=True)
def cut(session: Session, client: int, command: Command) -> None:
    """The loss along the straight line from the start of the run to now."""
    work = cut_of(session.run.trainer)
    session.order(client, command, work, partial(cut_reply, work.task))


@operation("anatomy", read_only=True, who=INSIDE)
def anatomy(session: Session, client: int, command: Command) -> dict[str, Any]:
    """The coming step on the surface's plane, taken apart; the last one where the run is under way."""
    picture, trainer = session.surface.picture, session.run.trainer
    coming = not session.run.playing
    plane = picture.plane
    gone = plane is None or trainer.diverged is not None or session.run.target is not None
    parts = None if gone or plane is None else anatomy_on(plane, trainer, coming)
    return {"anatomy": parts, "plane_id": picture.plane_id}


@operation("sharpness", read_only=True)
def sharpness(session: Session, client: int, command: Command) -> dict[str, Any] | None:
    """The largest eigenvalue of the Hessian at one more step of the run, and at all those that are known."""
    record, trainer = session.sharpness, session.run.trainer
    work = record.next(trainer)
    if work is None or not np.isfinite(trainer.theta).all():
        return record.reply(trainer, more=False)

    def answer(rows: Any) -> dict[str, Any]:
        if session.sharpness is record:
            record.take(work.task, rows)
        now = session.run.trainer
        return session.sharpness.reply(now, more=session.sharpness.next(now) is not None)

    session.order(client, command, work, answer)
    return None
