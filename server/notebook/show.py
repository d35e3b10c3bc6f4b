"""The page on a run, served from a thread of this process: it ends with the process, or with `stop`."""

from __future__ import annotations

import atexit
import base64
import json
import socket
import sys
import threading
import webbrowser
from collections.abc import Mapping
from html import escape
from typing import Any

import uvicorn

from ...core.config.config import RunConfig
from ...core.run.trainer import Trainer
from ..front.app import create_app
from ..front.intake import MOST_MESSAGE, BoundedHttp
from ..wire.settings import Settings

#: Notebooks on this machine may show the page in a frame.
_FRAMES = ("http://localhost:*", "http://127.0.0.1:*", "vscode-webview:")
#: Seconds until a server answers, or has ended.
_PATIENCE = 20.0


class Shown:
    """A page that is being served. In a notebook, as the last line of a cell, it shows itself.

    Attributes
    ----------
    url : str
        Where it opens, with the run in its fragment.
    height : int
        Of the frame in a notebook, in CSS pixels.
    """

    def __init__(self, run: Mapping[str, Any], height: int) -> None:
        self.height = height
        self._listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(128)
        config = uvicorn.Config(
            create_app(Settings(trainers=0, frames=_FRAMES)),
            log_level="critical",
            access_log=False,
            http=BoundedHttp,
            ws_max_size=MOST_MESSAGE,
            ws_per_message_deflate=False,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._listener]}, name="backscope", daemon=True
        )
        self._thread.start()
        packed = base64.urlsafe_b64encode(json.dumps(run).encode()).decode().rstrip("=")
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/#run={packed}"
        atexit.register(self.stop)

    def stop(self) -> None:
        """End the server; the page says that the connection is lost."""
        self._server.should_exit = True
        self._thread.join(_PATIENCE)
        self._listener.close()
        atexit.unregister(self.stop)

    @property
    def running(self) -> bool:
        """Whether it is served."""
        return self._thread.is_alive()

    def __repr__(self) -> str:
        return f"<Backscope at {self.url.partition('#')[0]}>"

    def _repr_html_(self) -> str:
        """Return the page in a frame, for notebooks."""
        address = escape(self.url)
        frame = f'<iframe src="{address}" width="100%" height="{self.height}" style="border: 0"></iframe>'
        return f'{frame}<p><a href="{address}" target="_blank" rel="noopener">Open in a tab</a></p>'


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
    if browser if browser is not None else not _in_notebook():
        webbrowser.open(shown.url)
    return shown


def run_of(run: Trainer | RunConfig | Mapping[str, Any] | None) -> dict[str, Any]:
    """Return a run as a link carries it: config, log and step."""
    if isinstance(run, Trainer):
        reached = [entry for entry in run.edits.entries if entry.step <= run.step_count]
        log = [{"step": entry.step, "change": dict(entry.change)} for entry in reached]
        return {"config": run.edits.start.to_json(), "log": log, "step": run.step_count}
    config = run if isinstance(run, RunConfig) else RunConfig.from_json(dict(run or {}))
    return {"config": config.to_json(), "log": [], "step": 0}


def _in_notebook() -> bool:
    """Whether there is a shell that shows what has `_repr_html_`."""
    ipython = sys.modules.get("IPython")
    return ipython is not None and hasattr(ipython.get_ipython(), "kernel")
