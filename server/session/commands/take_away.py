"""A run taken away as a file: code that does it again, or its numbers."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ....core.export import FORMS, MissingExtraError, file_name
from ...run.cost import cost_of
from ...run.lane_changes import lane_of
from ...wire.commands import Command, CommandError
from ...wire.fields import choice, needed
from ...wire.messages import Record, Work
from ...wire.run_fields import LANE, REPLAY
from .table import operation

if TYPE_CHECKING:
    from ..session import Session

#: Seconds of training that a recording may cost.
_MOST_SECONDS = 20


@operation("take_away", {"form": needed(choice(lambda: [*FORMS, REPLAY])), "lane": LANE}, exact=True)
def take_away(session: Session, client: int, command: Command) -> dict[str, Any] | None:
    """Return a lane, up to the step where it stands, in one of the forms that runs are taken away in."""
    run, lane = session.run, lane_of(session.run, command.fields.get("lane"))
    trainer = run.lanes[lane].trainer
    if command.fields["form"] == REPLAY:
        _record(session, client, command, lane)
        return None
    form = FORMS[command.fields["form"]]
    try:
        content = form.make(trainer)
    except MissingExtraError as error:
        raise CommandError("missing_extra", str(error), {"form": form.name}) from error
    packed = {"base64": b64encode(content).decode()} if isinstance(content, bytes) else {"text": content}
    return {"name": file_name(trainer, form), "media_type": form.media_type, **packed}


def _record(session: Session, client: int, command: Command, lane: int) -> None:
    """Have a lane recorded for a page without a server: its block alone, which the page puts into that one."""
    from ..recording import RecordingTask, record_run  # a session that is recorded carries out commands itself

    run = session.run
    chosen, picture = run.lanes[lane], asdict(session.surface.choice)
    trainer = chosen.trainer
    seconds = trainer.step_count * cost_of([(trainer.config, trainer.network.parameter_count)]).step
    if seconds > _MOST_SECONDS:
        words = f"a recording trains the run again, which would take {seconds:.0f} s: {_MOST_SECONDS} s at most"
        raise CommandError("too_long", words, {"name": "seconds", "value": round(seconds), "high": _MOST_SECONDS})
    record = Record(
        chosen.config.to_json(),
        chosen.edits.record(),
        trainer.step_count,
        speed=run.pace.speed,
        sample=session.screen.sample,
        surface=picture,
        lane=lane,
    )
    name = f"{file_name(trainer, FORMS['losses_csv']).removesuffix('-losses.csv')}.html"

    def answer(block: NDArray[np.uint8]) -> dict[str, Any]:
        return {"name": name, "media_type": "text/html", "base64": b64encode(block.tobytes()).decode()}

    session.order(client, command, Work(record_run, RecordingTask(record, session.limits), 1), answer)
