"""A weight, neuron or input looked at closely, and the gradient checked."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from ....core.ground.errors import check_integer
from ...panels.checks import check_of, summary
from ...panels.inspection import curve_of, difference_of, history_of, inspect, measured, watch_of
from ...wire.commands import Command, Field
from ...wire.fields import integer, maybe, needed, number, record, some_list, some_text, text
from ...wire.rights import INSIDE
from .table import operation

if TYPE_CHECKING:
    from ..session import Session

_Z = number(-1e9, 1e9)
_TARGET = {
    "target": needed(record),
    "over": Field(some_text),
    "unfold": Field(some_list),
    "key": Field(text(r"[\x20-\x7e]{0,80}", "a text of up to 80 characters")),
}


@operation("explain", _TARGET, read_only=True, who=INSIDE)
def explain(session: Session, client: int, command: Command) -> dict[str, Any]:
    """Tell the chain rule of a weight or neuron, with numbers."""
    trainer = session.run.trainer
    return {"inspection": inspect(trainer, watch_of(command.fields, trainer), session.screen.sample)}


@operation("watch", {**_TARGET, "target": needed(maybe(record))}, standing=True)
def watch(session: Session, client: int, command: Command) -> dict[str, Any]:
    """Tell it now and with every frame; null ends it."""
    trainer = session.run.trainer
    watch = watch_of(command.fields, trainer) if command.fields["target"] is not None else None
    session.screen.watch(client, watch)
    if watch is None:
        return {}
    session.run.version += 1
    history = history_of(trainer, watch.target.index(trainer.network))
    return {"inspection": inspect(trainer, watch, session.screen.sample), "history": history}


@operation("difference", _TARGET, exact=True)
def difference(session: Session, client: int, command: Command) -> None:
    """Measure the same derivative from differences."""
    trainer = session.run.trainer
    work = difference_of(trainer, watch_of(command.fields, trainer), session.screen.sample)
    session.order(client, command, work, partial(measured, work.task))


@operation(
    "activation",
    {"layer": needed(integer(1)), "low": Field(_Z), "high": Field(_Z), "over": Field(some_text)},
    read_only=True,
    needs_network=True,
    who=INSIDE,
)
def activation(session: Session, client: int, command: Command) -> dict[str, Any]:
    """Draw the activation function of a layer."""
    trainer, layer = session.run.trainer, command.fields["layer"]
    check_integer("layer", layer, 1, len(trainer.network.blocks))
    batch = command.fields.get("over", "sample") == "batch"
    network = trainer.last_step.config.make_network() if batch else trainer.network
    return curve_of(network, layer, command.fields.get("low", -6.0), command.fields.get("high", 6.0))


@operation("check", exact=True)
def check(session: Session, client: int, command: Command) -> None:
    """Compare the gradient with central differences."""
    work = check_of(session.run.trainer)
    session.order(client, command, work, partial(summary, work.task))
