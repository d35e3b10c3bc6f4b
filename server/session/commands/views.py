"""What clients look at: a sample, layers of a large net, the coming step in slow motion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ....core.config.config import LIMITS
from ....core.data.tables import MOST_ROWS
from ....core.ground.errors import ConfigError
from ...panels.microscope import microscope_message
from ...wire.commands import Command, CommandError, Field
from ...wire.detail import MOST_LOOKED
from ...wire.fields import integer, list_of, needed
from .table import operation

if TYPE_CHECKING:
    from ..session import Session

_ROW = integer(0, MOST_ROWS - 1)


@operation("sample", {"row": needed(_ROW)}, needs_network=True)
def sample(session: Session, client: int, command: Command) -> dict[str, Any]:
    """Show the activations of another sample."""
    row, last = command.fields["row"], session.run.rows - 1
    if row > last:
        raise ConfigError(f"row must lie in [0, {last}], got {row}", "row", row, 0, last)
    session.screen.sample = row
    session.run.version += 1
    return {}


@operation(
    "look",
    {"layers": needed(list_of(integer(1, LIMITS["layers"] + 1), MOST_LOOKED, "layers"))},
    needs_network=True,
    standing=True,
)
def look(session: Session, client: int, command: Command) -> dict[str, Any]:
    """Have the weights of these layers of a large net in every frame."""
    session.screen.look(client, command.fields["layers"])
    return {}


@operation("microscope", {"row": Field(_ROW)}, exact=True, needs_network=True)
def microscope(session: Session, client: int, command: Command) -> dict[str, Any]:
    """Stand still, and show one client the coming step."""
    gone = session.run.trainer.diverged
    if gone is not None:
        words = f"the loss left the numbers at step {gone.step}: there is no coming step"
        raise CommandError("diverged", words, {"name": "step", "value": gone.step})
    message = microscope_message(session.run.trainer, session.screen.layout, command.fields.get("row"))
    if session.run.playing:
        session.run.stop()
    session.tell(client, "microscope", message)
    return {}
