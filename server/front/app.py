"""The application: routes and headers only."""

from __future__ import annotations

import asyncio
import ipaddress
import re
import sys
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from fastapi import FastAPI, WebSocket
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..wire.settings import Settings
from .files import JOINED, STATIC, PageFiles, Plotly

if TYPE_CHECKING:
    from .registry import Registry

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
        "img-src 'self' data: blob:; connect-src 'self'; manifest-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

_SESSION = re.compile(r"[A-Za-z0-9_-]{1,64}")


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the application.

    Parameters
    ----------
    settings : Settings, optional
        By default everything runs in this process, as tests and notebooks want it.
    """
    settings = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.opening = opening = asyncio.create_task(_open(settings))
        yield
        await asyncio.wait({opening})
        if opening.exception() is None:
            await opening.result().close()

    app = FastAPI(title="Backscope", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(Guard, local=settings.local)

    @app.get("/healthz")
    async def health() -> JSONResponse:
        registry = await _registry(app)
        return JSONResponse(
            {
                "status": "ok",
                "version": installed_version(),
                "sessions": registry.sessions,
                "trainers": registry.trainers,
            },
            headers={"Cache-Control": "no-store"},
        )

    @app.websocket("/ws/{session}")
    async def session(socket: WebSocket, session: str) -> None:
        from .connection import attend

        if _SESSION.fullmatch(session) is None:
            await socket.close()
            return
        registry = await _registry(app)
        await socket.accept()
        await attend(socket, registry, session)

    @app.post("/upload/{session}")
    async def upload(request: Request, session: str) -> JSONResponse:
        from .upload_route import receive

        return await receive(request, await _registry(app), session)

    @app.post("/table/{session}")
    async def table(request: Request, session: str) -> JSONResponse:
        from .upload_route import receive_table

        return await receive_table(request, await _registry(app), session)

    app.router.routes.append(Route("/plotly.min.js", Plotly().__call__))
    app.mount("/", PageFiles(directory=STATIC, html=True))
    return app


def installed_version() -> str:
    """Return the version of the installed package."""
    try:
        return version("backscope")
    except PackageNotFoundError:
        return "0"


async def _open(settings: Settings) -> Registry:
    """Load what trains, while pages are being served already."""
    try:
        await asyncio.to_thread(_load, settings)
        from .registry import Registry

        return Registry(settings)
    except Exception:
        traceback.print_exc(file=sys.stderr)  # the sockets that wait for it can only be refused
        raise


def _load(settings: Settings) -> None:
    JOINED.refresh()
    from . import connection  # noqa: F401  # loads the core and all of NumPy: half a second that no page waits for
    from .options import options

    options(settings.limits)  # draws the thumbnails once, before anybody asks


async def _registry(app: FastAPI) -> Registry:
    opening: asyncio.Task[Registry] = app.state.opening
    return await asyncio.shield(opening)


class Guard:
    """Lets in only who came by an address of this server, and adds the headers that keep strangers out of the page.

    Parameters
    ----------
    app : ASGIApp
    local : bool
        Whether the server is bound to a loopback address. Then a name that somebody else could own is refused: his page
        could otherwise point his name at this machine and talk to it (DNS rebinding).
    """

    def __init__(self, app: ASGIApp, local: bool) -> None:
        self._app, self._local = app, local

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a connection."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = HTTPConnection(scope).headers
        refused = self._refusal(headers, websocket=scope["type"] == "websocket")
        if refused is None:
            await self._app(scope, receive, with_headers(send))
        elif scope["type"] == "http":
            await PlainTextResponse(refused, 400)(scope, receive, with_headers(send))
        else:
            await send({"type": "websocket.close", "code": 1008, "reason": refused})

    def _refusal(self, headers: Headers, websocket: bool) -> str | None:
        host = headers.get("host", "")
        if self._local and not safe_name(host):
            return "this server answers to localhost only"
        origin = headers.get("origin")
        if websocket and origin is not None and not same_origin(origin, host):
            return "a page of another origin may not connect"
        return None


def safe_name(host: str) -> bool:
    """Whether a Host header is an IP address or a name that nobody can register."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    with suppress(ValueError):
        ipaddress.ip_address(name)
        return True
    return name == "localhost" or name.endswith(".localhost")


def same_origin(origin: str, host: str) -> bool:
    """Whether a page of this origin was served under this Host header."""
    try:
        return urlsplit(origin).netloc.lower() == host.lower() != ""
    except ValueError:
        return False


def with_headers(send: Send) -> Send:
    """Return `send` with the server's own headers added to every response."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending
