"""A run taken away as a file: code that does it again, or its numbers."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any

from ....core.export import FORMS, file_name
from ...run.lane_changes import lane_of
from ...wire.commands import Command
from ...wire.fields import choice, needed
from ...wire.run_fields import LANE
from .table import operation

if TYPE_CHECKING:
    from ..session import Session


@operation("take_away", {"form": needed(choice(lambda: FORMS)), "lane": LANE}, exact=True)
def take_away(session: Session, client: int, command: Command) -> dict[str, Any]:
    """Return a lane, up to the step where it stands, in one of the forms that runs are taken away in."""
    run, form = session.run, FORMS[command.fields["form"]]
    trainer = run.lanes[lane_of(run, command.fields.get("lane"))].trainer
    content = form.make(trainer)
    packed = {"base64": b64encode(content).decode()} if isinstance(content, bytes) else {"text": content}
    return {"name": file_name(trainer, form), "media_type": form.media_type, **packed}
