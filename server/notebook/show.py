"""The page on a run, served from a thread of this process: it ends with the process, or with `stop`."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from ...core.config.config import RunConfig
from ...core.run.trainer import Trainer
from ..front.app import create_app
from ..wire.settings import Settings
from .served import FRAMES, Served


class Shown(Served):
    """The page on a run, as `show` returns it. In a notebook, as the last line of a cell, it shows itself.

    Attributes
    ----------
    url : str
        Where it opens, with the run in its fragment.
    height : int
        Of the frame in a notebook, in CSS pixels.
    """

    def __init__(self, run: Mapping[str, Any], height: int) -> None:
        packed = base64.urlsafe_b64encode(json.dumps(run).encode()).decode().rstrip("=")
        super().__init__(create_app(Settings(trainers=0, frames=FRAMES)), f"#run={packed}", height)

    def stop(self) -> None:
        """End the server; the page says that the connection is lost."""
        self.end()


def show(
    run: Trainer | RunConfig | Mapping[str, Any] | None = None, *, height: int = 760, browser: bool | None = None
) -> Shown:
    """Open the page on a run.

    Parameters
    ----------
    run : Trainer, RunConfig or mapping, optional
        A trainer's run opens at its step, with its live edits; a config, or its JSON, at step 0. The page goes on with
        it by itself: the trainer stays as it is. Left out, the page opens as the command does.
    height : int
        Of the frame in a notebook, in CSS pixels.
    browser : bool, optional
        Whether to open a browser; left out, where this is no notebook.

    Returns
    -------
    Shown
        Keep it to `stop` the server; else it ends with the process.

    Raises
    ------
    ConfigError
        If a mapping is no config.
    """
    shown = Shown(run_of(run), height)
    shown.open(browser)
    return shown


def run_of(run: Trainer | RunConfig | Mapping[str, Any] | None) -> dict[str, Any]:
    """Return a run as a link carries it: config, log and step."""
    if isinstance(run, Trainer):
        reached = [entry for entry in run.edits.entries if entry.step <= run.step_count]
        log = [{"step": entry.step, "change": dict(entry.change)} for entry in reached]
        return {"config": run.edits.start.to_json(), "log": log, "step": run.step_count}
    config = run if isinstance(run, RunConfig) else RunConfig.from_json(dict(run or {}))
    return {"config": config.to_json(), "log": [], "step": 0}
