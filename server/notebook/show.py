"""The page on a run, served from a thread of this process: it ends with the process, or with `stop`."""

from __future__ import annotations

import asyncio
import base64
import json
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from ...core.config.config import RunConfig
from ...core.ground.errors import ConfigError
from ...core.run.trainer import Trainer
from ..front.app import create_app
from ..front.files import STATIC
from ..front.options import options
from ..front.registry import Registry
from ..front.replay import replay_page, with_recording
from ..run.cost import cost_of
from ..session.recording import Recorder
from ..wire.edits import beginning
from ..wire.messages import Record
from ..wire.settings import Limits, Settings
from .kept import Kept
from .picture import picture, title_of
from .place import proxied
from .served import FRAMES, Served, in_notebook, listen

#: Seconds of training that what a notebook keeps may cost.
_MOST_SECONDS = 10.0
#: By how much a recording is hurried for which a cell waits.
_HASTE = 8.0


class Shown(Served):
    """The page on a run, as `show` returns it. In a notebook, as the last line of a cell, it shows itself.

    Parameters
    ----------
    run : mapping
        Config, log and step, as a link carries them.
    height : int
        Of the frame in a notebook, in CSS pixels.
    trainer : Trainer, optional
        Whose run it is: its picture stands where the run is too long to be recorded.

    Attributes
    ----------
    url : str
        Where it opens, with the run in its fragment, and the token without which nobody else on the machine has it, if
        a notebook or a proxy stands before it.
    address : str
        The same for the notebook's browser: behind a proxy, where there is one.
    """

    def __init__(self, run: Mapping[str, Any], height: int, trainer: Trainer | None = None) -> None:
        self._run, self._trainer = run, trainer
        self._kept: Kept | None = None
        listener = listen()
        alone = proxied(listener.getsockname()[1]) is None
        packed = base64.urlsafe_b64encode(json.dumps(run).encode()).decode().rstrip("=")
        token = None if alone and not in_notebook() else secrets.token_urlsafe(16)
        fragment = urlencode({"run": packed} if token is None else {"token": token, "run": packed})
        self._app = create_app(Settings(trainers=0, local=alone, token=token, frames=FRAMES))
        super().__init__(listener, self._app, f"#{fragment}", height)

    def kept(self) -> Kept:
        """Return picture and recording of the run: as it was given, and after `stop` as it was then."""
        if self._kept is None:
            config, edits = beginning(self._run["config"], self._run["log"])
            self._kept = keep(Record(config.to_json(), edits, self._run["step"]), _HASTE)
            if self._kept.picture is None and self._trainer is not None:
                self._kept = Kept(picture(self._trainer), words=title_of(self._trainer))
        return self._kept

    def stop(self) -> None:
        """End the server. A notebook then shows what is kept of the run, as far as it has come on the page."""
        latest = self._latest() if self.running else None
        self.end()
        if latest is not None and self._handles:
            found = keep(latest)
            self._kept = found if found.replay is not None else self._kept
        self.show_what_is_kept()

    def _latest(self) -> Record | None:
        opening: asyncio.Task[Registry] | None = getattr(self._app.state, "opening", None)
        if opening is None or not opening.done() or opening.exception() is not None:
            return None
        return opening.result().latest


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
    shown = Shown(run_of(run), height, run if isinstance(run, Trainer) else None)
    shown.open(browser)
    return shown


def keep(record: Record, haste: float = 1.0) -> Kept:
    """Return picture and recording of a run; nothing, if that would take long or the run cannot be built.

    Parameters
    ----------
    record : Record
        Its lane in focus.
    haste : float
        See `Recorder`.
    """
    limits = Limits()
    try:
        config = RunConfig.from_json(record.config)
        if record.step * cost_of([(config, config.parameter_count)]).step > _MOST_SECONDS:
            return Kept()
        recorder = Recorder(record, limits, haste)
        page = with_recording(replay_page(STATIC, options(limits)), recorder.block())
    except ConfigError:  # its data or parts are not known any more
        return Kept()
    return Kept(picture(recorder.trainer), page, title_of(recorder.trainer))


def run_of(run: Trainer | RunConfig | Mapping[str, Any] | None) -> dict[str, Any]:
    """Return a run as a link carries it: config, log and step."""
    if isinstance(run, Trainer):
        reached = [entry for entry in run.edits.entries if entry.step <= run.step_count]
        log = [{"step": entry.step, "change": dict(entry.change)} for entry in reached]
        return {"config": run.edits.start.to_json(), "log": log, "step": run.step_count}
    config = run if isinstance(run, RunConfig) else RunConfig.from_json(dict(run or {}))
    return {"config": config.to_json(), "log": [], "step": 0}
