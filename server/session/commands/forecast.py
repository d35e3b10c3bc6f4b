"""What the run will do, for a question to a class: trained ahead beside it, with its own log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...run.forecast import Path, answer_of, walk
from ...wire.commands import Command
from ...wire.fields import MOST_STEPS, integer, needed, some_text
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
    },
    read_only=True,
    internal=True,
)
def forecast(session: Session, client: int, command: Command) -> None:
    """Return what the run answers to a question of a kind, about a way from one step to another."""
    run, fields = session.run, command.fields
    kind, way = fields["kind"], (fields["start"], fields["end"])
    if kind == "lane":
        paths = tuple(Path.of(lane, *way) for lane in run.lanes.values())
    elif kind == "rate":
        paths = (Path.of(run.lane, *way), Path.of(run.lane, *way, fields["rate"]))
    else:
        paths = (Path.of(run.lane, *way),)

    def answer(rows: Any) -> dict[str, Any]:
        return {"outcome": answer_of(kind, rows)}

    session.order(client, command, Work(walk, paths, len(paths)), answer)
