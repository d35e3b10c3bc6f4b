"""Sweeps: the run again with other numbers, some cells at a time; to cancel is to ask no more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ....core.ensemble import side_by_side
from ....core.ensemble.sweep import Outcome, SweepTask, sweep_outcomes
from ...run.lane_changes import lane_of, swept
from ...wire.commands import Command
from ...wire.fields import integer, list_of, needed, number, record
from ...wire.messages import Work
from ...wire.protocol import finite
from .table import operation

if TYPE_CHECKING:
    from ..session import Session

_MOST_CELLS, _MOST_STEPS = 64, 5000


@operation(
    "sweep",
    {
        "changes": needed(list_of(record, _MOST_CELLS, "changes", least=1)),
        "steps": needed(integer(1, _MOST_STEPS)),
        "target": needed(number(-1e12, 1e12)),
    },
    read_only=True,
    needs_network=True,
)
def sweep(session: Session, client: int, command: Command) -> None:
    """Train the run in focus once with each of some changes, as `lane_add` takes them, from its start.

    Beside the outcomes the answer counts the `parameters` of each net, and the `targets` that it is trained on:
    training samples times outputs. Where the two are equal a net can just interpolate (Belkin et al. 2019).
    """
    run, fields = session.run, command.fields
    model = lane_of(run, None)
    configs = tuple(swept(run, model, change, session.limits) for change in fields["changes"])
    counts = {
        "parameters": [config.parameter_count for config in configs],
        "targets": run.lanes[model].trainer.dataset.y_train.size,
    }

    def answer(found: Any) -> dict[str, Any]:
        columns = zip(Outcome._fields, found.T, strict=True)
        return {**counts, **{name: [finite(value) for value in values] for name, values in columns}}

    engine = "auto" if side_by_side.steps.ready() else "numpy"  # nobody waits for machine code
    task = SweepTask(configs, fields["steps"], fields["target"], engine)
    session.order(client, command, Work(sweep_outcomes, task, len(task.groups), far=True), answer)
