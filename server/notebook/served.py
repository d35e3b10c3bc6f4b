"""An application served from a thread of this process, for notebooks and scripts."""

from __future__ import annotations

import atexit
import secrets
import socket
import sys
import threading
import webbrowser
from importlib import import_module
from typing import Any

import uvicorn
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from ..front.intake import MOST_MESSAGE, BoundedHttp
from .kept import SIGN, Kept, output
from .place import proxied

#: Notebooks on this machine, and those that have the page through a proxy of their own, may show it in a frame.
FRAMES = ("'self'", "http://localhost:*", "http://127.0.0.1:*", "vscode-webview:", "https://*.googleusercontent.com")
#: Seconds until a server has ended.
_PATIENCE = 20.0


class Served:
    """A page that is being served. In a notebook, as the last line of a cell, it shows itself.

    Parameters
    ----------
    listener : socket
        See `listen`.
    app : ASGIApp
    page : str
        What follows the server's address.
    height : int

    Attributes
    ----------
    url : str
        Where it opens on this machine.
    address : str
        Where a notebook's browser opens it: through a proxy, where there is one.
    height : int
        Of the frame in a notebook, in CSS pixels.
    """

    def __init__(self, listener: socket.socket, app: ASGIApp, page: str, height: int) -> None:
        self.height = height
        self._listener = listener
        self._sign = f"sign-{secrets.token_urlsafe(12)}.svg"
        config = uvicorn.Config(
            self._signed(app),
            log_level="critical",
            access_log=False,
            http=BoundedHttp,
            ws_max_size=MOST_MESSAGE,
            ws_per_message_deflate=False,
            timeout_graceful_shutdown=1,
            forwarded_allow_ips="",
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._listener]}, name="backscope", daemon=True
        )
        self._thread.start()
        port = listener.getsockname()[1]
        here = f"http://127.0.0.1:{port}/"
        self._base = proxied(port) or here
        self.url, self.address = here + page, self._base + page
        self._handles: list[Any] = []
        atexit.register(self.end)

    def _signed(self, app: ASGIApp) -> ASGIApp:
        """Return the application with the picture by which a notebook finds out whether it is still served."""
        headers = {"Cache-Control": "no-store", "Cross-Origin-Resource-Policy": "cross-origin"}
        sign = Response(SIGN, media_type="image/svg+xml", headers=headers)

        async def signed(scope: Scope, receive: Receive, send: Send) -> None:
            asked = scope["type"] == "http" and scope["path"] == f"/{self._sign}"
            await (sign if asked else app)(scope, receive, send)

        return signed

    def open(self, browser: bool | None = None) -> None:
        """Open a browser on it, if that is asked for; left out, where this is no notebook, which shows it by itself."""
        if browser if browser is not None else not in_notebook():
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

    def kept(self) -> Kept:
        """Return what a notebook keeps of it."""
        return Kept()

    def show_what_is_kept(self) -> None:
        """Put into the notebook, where this is shown, what is kept of it by now."""
        if self._handles:
            shown = self._bundle()
            for handle in self._handles:
                handle.update(shown, raw=True)

    def __repr__(self) -> str:
        return f"<Backscope at {self.url.partition('#')[0]}>"

    def _repr_html_(self) -> str:
        """Return the page in a frame, for notebooks."""
        return output(self.kept(), self.address, self._base + self._sign, self.height)

    def _bundle(self) -> dict[str, str]:
        return {"text/html": self._repr_html_(), "text/plain": repr(self)}

    def _ipython_display_(self) -> None:
        """Show the page in IPython's notebooks, in a place that can be written anew."""
        display = import_module("IPython.display").display
        self._handles.append(display(self._bundle(), raw=True, display_id=True))


def listen() -> socket.socket:
    """Return a socket on a free port of this machine."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.bind(("127.0.0.1", 0))
    listener.listen(128)
    return listener


def in_notebook() -> bool:
    """Whether there is a notebook that shows what has `_repr_html_`: of IPython, or of marimo."""
    ipython, marimo = sys.modules.get("IPython"), sys.modules.get("marimo")
    if ipython is not None and hasattr(ipython.get_ipython(), "kernel"):
        return True
    return marimo is not None and bool(marimo.running_in_notebook())
