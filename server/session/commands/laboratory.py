"""The gradient laboratory: readings of a run, and what becomes of a signal in other depths and widths."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ....core.config.config import LIMITS
from ....core.ground.errors import check_integer
from ....core.insight.depth_map import MapTask, first_to_last
from ....core.nets.activations import ACTIVATIONS
from ....core.nets.initializers import INITIALIZERS
from ....core.nets.normalization import NORMALIZATIONS
from ...panels.over_run import MEASURES
from ...panels.over_tasks import OverTasks
from ...wire.commands import Command, Field
from ...wire.fields import choice, integer, list_of, maybe, needed
from ...wire.messages import Work
from ...wire.protocol import finite
from ...wire.rights import INSIDE
from .table import operation

if TYPE_CHECKING:
    from ..session import Session

#: Widths that are tried in one go.
_MOST_WIDTHS, _WIDEST = 16, 128
#: What can be asked for over the run.
_OVER = (*MEASURES, OverTasks.name)
_NETWORKS = {
    "depth": needed(integer(1, LIMITS["layers"])),
    "widths": needed(
        list_of(integer(1, _WIDEST), _MOST_WIDTHS, "numbers of neurons", least=1, called="neurons per layer")
    ),
    "activation": needed(choice(lambda: ACTIVATIONS)),
    "initializer": needed(choice(lambda: INITIALIZERS)),
    "normalization": Field(maybe(choice(lambda: NORMALIZATIONS))),
}


@operation(
    "laboratory",
    {"number": Field(integer(-1)), "since": Field(integer(-1)), "over": Field(choice(lambda: _OVER))},
    read_only=True,
    needs_network=True,
    who=INSIDE,
)
def laboratory(session: Session, client: int, command: Command) -> dict[str, Any]:
    """Send a reading, the history that a client does not have yet, and what it asks for over the run."""
    known = command.fields.get("number", -1), command.fields.get("since", -1), command.fields.get("over")
    others = {number: lane.trainer for number, lane in session.run.others()}
    message = session.laboratory.message(session.run.trainer, session.screen.layout, *known, others)
    session.tell(client, "laboratory", message)
    return {}


@operation("depth_map", _NETWORKS, read_only=True, needs_network=True)
def depth_map(session: Session, client: int, command: Command) -> None:
    """Try one depth in some widths; the page asks depth by depth, and to cancel is to ask no more."""
    fields, limits = command.fields, session.limits
    check_integer("number of hidden layers", fields["depth"], 1, limits.layers)
    check_integer("neurons per layer", max(fields["widths"]), 1, limits.neurons)
    trainer, shapes = session.run.trainer, tuple((fields["depth"], width) for width in fields["widths"])
    chosen = fields["activation"], fields["initializer"], fields.get("normalization")
    task = MapTask.of(trainer.config, trainer.dataset, shapes, *chosen)

    def answer(ratios: Any) -> dict[str, Any]:
        return {"depth": fields["depth"], "ratios": [finite(ratio) for ratio in ratios]}

    session.order(client, command, Work(first_to_last, task, len(shapes)), answer)
