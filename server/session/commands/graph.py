"""The chain rule on a graph: a formula, or the run's own sample, with values and derivatives at every node."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...panels.chain_graph import numbers_of, text_of_run
from ...wire.commands import Command, Field
from ...wire.fields import integer, record, some_text
from ...wire.rights import INSIDE
from .table import operation

if TYPE_CHECKING:
    from ..session import Session


@operation(
    "graph",
    {"text": Field(some_text), "values": Field(record), "check": Field(integer(0))},
    read_only=True,
    who=INSIDE,
)
def graph(session: Session, client: int, command: Command) -> dict[str, Any]:
    """Tell the graph of a formula with its numbers; without one, that of the run at the sample that is shown."""
    fields = command.fields
    text = fields.get("text")
    if text is None:
        text = text_of_run(session.run.trainer, session.screen.sample)
    return {"text": text, **numbers_of(text, fields.get("values", {}), fields.get("check"))}
