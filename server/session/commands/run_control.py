"""To run, to stand, and to go to another step."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from ...run.pace import Pace
from ...wire.commands import Command, CommandError, Field
from ...wire.fields import MOST_STEPS, integer, needed, number
from ...wire.run_fields import LIVE_FIELDS
from .table import operation

if TYPE_CHECKING:
    from ..session import Session

#: Seconds that a command may train before it is answered.
AT_ONCE = 0.008

_STEPS = Field(integer(1, MOST_STEPS))


@operation("play", exact=True)
def play(session: Session, client: int, command: Command) -> dict[str, Any]:
    """Train on from here."""
    gone = session.run.trainer.diverged
    if gone is not None and session.run.stuck:
        words = f"the loss left the numbers at step {gone.step}: go back, or begin anew"
        raise CommandError("diverged", words, {"name": "step", "value": gone.step})
    if not session.run.playing:
        session.run.play(session.clock())
    return {}


@operation("pause")
def pause(session: Session, client: int, command: Command) -> dict[str, Any]:
    """Stand still."""
    session.dispatch.supersede()
    session.run.stop()
    return {}


@operation("step", {"count": _STEPS}, exact=True)
def step(session: Session, client: int, command: Command) -> dict[str, Any]:
    """Take some steps, one unless told."""
    return _travel(session, session.run.front + command.fields.get("count", 1))


@operation("step_back", {"count": _STEPS}, exact=True)
def step_back(session: Session, client: int, command: Command) -> dict[str, Any]:
    """Go back some steps, one unless told."""
    return _travel(session, max(0, session.run.front - command.fields.get("count", 1)))


@operation("seek", {"step": needed(integer(0, MOST_STEPS))})
def seek(session: Session, client: int, command: Command) -> dict[str, Any]:
    """Go to a step, back or ahead."""
    session.dispatch.supersede()
    return _travel(session, command.fields["step"])


@operation("speed", {"steps_per_second": needed(number(0, 100_000))})
def speed(session: Session, client: int, command: Command) -> dict[str, Any]:
    """Train so many steps per second; 0 is as fast as possible."""
    session.run.pace = Pace(command.fields["steps_per_second"])
    session.run.pace.start(session.clock())
    return {}


@operation("recover", exact=True)
def recover(session: Session, client: int, command: Command) -> dict[str, Any] | None:
    """Go back to before the loss left the numbers, and on with a smaller rate."""
    if session.run.trainer.diverged is None:
        raise CommandError("not_diverged", "there is nothing to recover from: the loss is a number")
    step, rate = session.run.trainer.edits.good_step(session.run.trainer.diverged)
    _travel(session, step)
    session.dispatch.waiting.insert(0, (client, Command("go_on", command.number, {"learning_rate": rate})))
    return None


@operation("go_on", {"learning_rate": LIVE_FIELDS["learning_rate"]}, internal=True, undoable=True)
def go_on(session: Session, client: int, command: Command) -> dict[str, Any]:
    """Train on with a smaller rate: the second half of `recover`."""
    session.run.set(command.fields)
    session.run.play(session.clock())
    return dict(command.fields)


def _travel(session: Session, step: int) -> dict[str, Any]:
    session.run.go_to(step)
    session.surface.go_back({number: lane.trainer.step_count for number, lane in session.run.lanes.items()})
    session.run.advance(time.perf_counter() + AT_ONCE, session.clock())
    return {"target": step}
