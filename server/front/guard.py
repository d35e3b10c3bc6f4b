"""Before every route: who came by which name and from which page, where the page begins, and the headers it gets."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from contextlib import suppress
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..wire.settings import Settings

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
    "img-src 'self' data: blob:; connect-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors "
)


#: What tells of a proxy. One that nobody has named could let anybody in where nothing is asked.
_OF_A_PROXY = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")


def headers_of(settings: Settings) -> dict[str, str]:
    """Return the headers of every response."""
    return {
        "Content-Security-Policy": _POLICY + (" ".join(settings.frames) or "'none'"),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }


class Guard:
    """Lets in only who came by an address of this server, and adds the headers that keep strangers out of the page.

    Parameters
    ----------
    app : ASGIApp
    settings : Settings
        Where it is `local`, a name that somebody else could own is refused: his page could otherwise point his name at
        this machine and talk to it (DNS rebinding). What an address begins with behind a proxy (`root_path`) is taken
        off, if the proxy has left it.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app, self._local, self._root = app, settings.local, settings.root_path
        self._origins = settings.origins
        self._headers = headers_of(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a connection."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        refused = self._refusal(HTTPConnection(scope).headers, scope)
        if refused is not None and scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": refused})
        elif refused is not None:
            await PlainTextResponse(refused, 400)(scope, receive, self._with_headers(send))
        elif self._root and scope["path"] == self._root:
            await RedirectResponse(_below(scope))(scope, receive, self._with_headers(send))
        else:
            await self._app(self._inside(scope), receive, self._with_headers(send))

    def _inside(self, scope: Scope) -> Scope:
        """Return a connection whose path begins where the page does."""
        if not self._root or not scope["path"].startswith(self._root + "/"):
            return scope
        raw = scope.get("raw_path")
        inside = {**scope, "path": scope["path"][len(self._root) :]}
        return inside if raw is None else {**inside, "raw_path": raw[len(self._root) :]}

    def _refusal(self, headers: Headers, scope: Scope) -> str | None:
        host = headers.get("host", "")
        if self._local and not safe_name(host):
            return "this server answers to localhost only"
        if self._local and any(name in headers for name in _OF_A_PROXY):
            return "a proxy stands before this server: start it with --proxy or --root-path"
        origin = headers.get("origin")
        looks_only = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
        if origin is None or looks_only or same_origin(origin, host) or from_one_of(origin, self._origins):
            return None
        return "a page of another origin may not connect"

    def _with_headers(self, send: Send) -> Send:
        """Return `send` with the server's own headers added to every response."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        return sending


def _below(scope: Scope) -> str:
    """Return, as seen from an address without a slash at its end, the address with one."""
    query = scope["query_string"].decode("latin-1")
    name = scope["path"].rpartition("/")[2]
    return f"{name}/" + (f"?{query}" if query else "")


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


def from_one_of(origin: str, allowed: Collection[str]) -> bool:
    """Whether an origin is among those that are allowed."""
    return origin.lower() in allowed
