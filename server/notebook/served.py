"""An application served from a thread of this process, for notebooks and scripts."""

from __future__ import annotations

import atexit
import socket
import sys
import threading
import webbrowser
from html import escape

import uvicorn
from starlette.types import ASGIApp

from ..front.intake import MOST_MESSAGE, BoundedHttp

#: Notebooks on this machine may show the page in a frame.
FRAMES = ("http://localhost:*", "http://127.0.0.1:*", "vscode-webview:")
#: Seconds until a server has ended.
_PATIENCE = 20.0


class Served:
    """A page that is being served. In a notebook, as the last line of a cell, it shows itself.

    Attributes
    ----------
    url : str
        Where it opens.
    height : int
        Of the frame in a notebook, in CSS pixels.
    """

    def __init__(self, app: ASGIApp, page: str, height: int) -> None:
        self.height = height
        self._listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(128)
        config = uvicorn.Config(
            app,
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
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/{page}"
        atexit.register(self.end)

    def open(self, browser: bool | None = None) -> None:
        """Open a browser on it, if that is asked for; left out, where this is no notebook, which shows it by itself."""
        if browser if browser is not None else not _in_notebook():
            webbrowser.open(self.url)

    def end(self) -> None:
        """End the server; the page says that the connection is lost."""
        self._server.should_exit = True
        self._thread.join(_PATIENCE)
        self._listener.close()
        atexit.unregister(self.end)

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


def _in_notebook() -> bool:
    """Whether there is a shell that shows what has `_repr_html_`."""
    ipython = sys.modules.get("IPython")
    return ipython is not None and hasattr(ipython.get_ipython(), "kernel")
