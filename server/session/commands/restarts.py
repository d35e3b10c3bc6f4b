"""To begin anew: the same run, another seed, another network, a preset."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ....core.config.config import RunConfig
from ...panels.lines import SharpnessRecord
from ...run.lane_changes import check_sizes, lane_of, patched_all, present
from ...wire.commands import Command
from ...wire.edits import patched
from ...wire.fields import needed
from ...wire.fields import preset as preset_field
from ...wire.presets import PRESETS
from ...wire.run_fields import CONFIG_FIELDS, LANE, SEED
from .lanes import keep_alone
from .table import operation

if TYPE_CHECKING:
    from ..session import Session


@operation("reset", undoable=True)
def reset(session: Session, client: int, command: Command) -> dict[str, Any]:
    """Begin the same run again, with what is set now."""
    return restart(session, present(session.run), "reset")


@operation("reseed", {"seed": SEED}, undoable=True)
def reseed(session: Session, client: int, command: Command) -> dict[str, Any]:
    """Begin again with another seed, a random one unless told."""
    patch: dict[str, Any] = {"seed": command.fields.get("seed", random.randrange(1, 100_000))}
    if session.run.trainer.config.on_landscape:
        patch["initial"] = None  # what a landscape draws is its start
    configs = {number: patched(config, patch) for number, config in present(session.run).items()}
    return restart(session, configs, "reseed")


@operation("configure", {**CONFIG_FIELDS, "lane": LANE}, needs_field=True, undoable=True, grows=True)
def configure(session: Session, client: int, command: Command) -> dict[str, Any]:
    """Begin again with parts of the config replaced."""
    number = lane_of(session.run, command.fields.get("lane"))
    patch = {name: value for name, value in command.fields.items() if name != "lane"}
    return restart(session, patched_all(present(session.run), number, patch), "configured", play=True)


@operation("preset", {"name": needed(preset_field)}, undoable=True, grows=True)
def preset(session: Session, client: int, command: Command) -> dict[str, Any]:
    """Begin a ready-made run, alone."""
    configs = {0: PRESETS[command.fields["name"]]}
    check_sizes(configs, session.limits)
    keep_alone(session, session.run.focus)
    return restart(session, configs, "preset")


def restart(session: Session, configs: Mapping[int, RunConfig], reason: str, *, play: bool = False) -> dict[str, Any]:
    """Begin all lanes anew, and say so to everybody; `play` goes on with playing where the run did."""
    check_sizes(configs, session.limits)
    session.dispatch.supersede()
    run = session.run
    run.restart(configs)
    if run.playing and play:
        run.play(session.clock())
    else:
        run.playing = False
    session.surface.restart()
    session.sharpness = SharpnessRecord()
    session.surface.show(run.focus, run.trainer, run.company())
    session.screen.introduce()
    session.telling.explain(reason)
    config = run.trainer.config
    return {"restarted": True, "reason": reason, "landscape": config.on_landscape, "seed": config.seed}
