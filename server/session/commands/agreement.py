"""Whether a run that is opened again goes as it did where it was taken from: losses at some steps, and their origin."""

from __future__ import annotations

import platform
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from ...run.lane_changes import lane_of
from ...wire.commands import Command, Field
from ...wire.fields import integer, list_of
from ...wire.installed import installed_version
from ...wire.protocol import finite
from ...wire.rights import INSIDE
from ...wire.run_fields import LANE
from .table import operation

if TYPE_CHECKING:
    from ..session import Session

#: How many losses a link carries, about; and the most that are asked for at once.
_COUNT, _MOST = 10, 24


_STEPS = Field(list_of(integer(1), _MOST, "steps"))


@operation("agreement", {"steps": _STEPS, "lane": LANE}, read_only=True, who=INSIDE)
def agreement(session: Session, client: int, command: Command) -> dict[str, Any]:
    """Tell the batch losses of some steps, of about ten without any, and with what they were computed."""
    trainer = session.run.lanes[lane_of(session.run, command.fields.get("lane"))].trainer
    steps = command.fields.get("steps") or trainer.losses.milestones(_COUNT)
    losses = [finite(float(loss)) for loss in trainer.losses.at(steps)]
    return {"steps": steps, "losses": losses, "made": {**_machine(), "engine": trainer.made_by}}


@lru_cache(maxsize=1)
def _machine() -> dict[str, str]:
    """What decides on the last bits: versions, and the newest instructions that NumPy's loops use here."""
    loops = np.show_config(mode="dicts")["SIMD Extensions"]
    kernel = " ".join([platform.machine(), *[*loops.get("baseline", []), *loops.get("found", [])][-1:]])
    return {"backscope": installed_version(), "numpy": np.__version__, "kernel": kernel}
