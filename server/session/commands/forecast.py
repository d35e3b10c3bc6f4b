"""What the run will do, for a question to a class: trained ahead beside it, with its own log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ....core.run.lanes import MOST_LANES
from ...run.forecast import Path, answer_of, walk
from ...wire.commands import Command, Field
from ...wire.fields import MOST_STEPS, integer, list_of, needed, some_text
from ...wire.messages import Work
from ...wire.run_fields import LIVE_FIELDS
from .table import operation

if TYPE_CHECKING:
    from ..session import Session


@operation(
    "forecast",
    {
        "kind": needed(some_text),
        "start": needed(integer(0, MOST_STEPS)),
        "end": needed(integer(1, MOST_STEPS)),
        "rate": LIVE_FIELDS["learning_rate"],
        "lanes": Field(list_of(integer(0), MOST_LANES, "lanes", called="a lane")),
    },
    read_only=True,
    internal=True,
)
def forecast(session: Session, client: int, command: Command) -> None:
    """Return what the run answers to a question of a kind, about a way from one step to another.

    `lanes` are those that it is about, without which it is the one in focus, or all; one that is gone has no loss.
    """
    run, fields = session.run, command.fields
    kind, way = fields["kind"], (fields["start"], fields["end"])
    lanes = fields.get("lanes") or (list(run.lanes) if kind == "lane" else [run.focus])
    there = [number in run.lanes for number in lanes]
    paths = tuple(Path.of(run.lanes[number], *way) for number in lanes if number in run.lanes)
    if kind == "rate" and paths:
        paths += (Path.of(run.lanes[lanes[0]], *way, fields["rate"]),)
        there.append(True)

    def answer(rows: Any) -> dict[str, Any]:
        known = np.full((len(there), rows.shape[1]), np.nan)
        known[there] = rows
        return {"outcome": answer_of(kind, known)}

    session.order(client, command, Work(walk, paths, len(paths)), answer)
