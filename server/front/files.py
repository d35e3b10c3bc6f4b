"""The files of the page, as a browser should keep them."""

from __future__ import annotations

import asyncio
import gzip
import mimetypes
import os
import re
import zlib
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Match, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from .joined import FOLDER, Joined
from .styles import linked

STATIC = Path(__file__).resolve().parents[2] / "static"

#: What is served of the folder, and as what: the system's own table may say otherwise.
_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json",
}
for _suffix, _type in _TYPES.items():
    mimetypes.add_type(_type, _suffix)

#: A browser asks every time whether the page has changed, and mostly hears that it has not.
_OWN = "no-cache"
_FOREIGN = "public, max-age=2592000, immutable"

#: The page's modules in four files, its styles in one. With `?plain` in its address it takes each as it is written.
JOINED = Joined(STATIC)
_PLAIN = "plain"

#: What opens the session, and what makes the first picture: as they are written, and joined.
_FIRST = ("js/main.js", "js/page.js")
_JOINED_FIRST = ("first.js", "main.js", "page.js")


class Pages(Mount):
    """The page's files at all addresses that are nobody else's, to be read alone.

    Any other method is left to the route whose address it is, which then says what can be done there.
    """

    def __init__(self) -> None:
        super().__init__("/", PageFiles(directory=STATIC, html=True))

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Return whether a request is for a file of the page."""
        match, child = super().matches(scope)
        other = scope["type"] == "http" and scope["method"] not in ("GET", "HEAD")
        return (Match.PARTIAL if match is Match.FULL and other else match), child

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the file."""
        if scope["type"] == "http" and scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(405, headers={"Allow": "GET, HEAD"})
        await super().handle(scope, receive, send)


class PageFiles(StaticFiles):
    """The folder `static/`, without what is there for Python and type checkers."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Serve a file that is part of the page."""
        if path in (".", "", "index.html"):
            return _index(Headers(scope=scope), _PLAIN in parse_qs(scope["query_string"].decode("latin-1"), True))
        if path == "join":
            path = "join.html"
        if path.startswith(f"{FOLDER}/"):
            return _joined(path, Headers(scope=scope))
        name = Path(path).name
        if Path(name).suffix not in _TYPES or name.startswith((".", "_")):
            raise HTTPException(404)
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = _OWN
        return response

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """Answer with the file in one piece: threads for its parts take half as long again, for 160 files a page."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        if not isinstance(response, FileResponse):  # it has not changed
            return response
        kept = {name: response.headers[name] for name in ("content-type", "last-modified", "etag")}
        return Response(Path(full_path).read_bytes(), status_code, kept)


def _index(headers: Headers, plain: bool) -> Response:
    """Return the page with a hint for each file of the first picture, so that the browser asks for all at once.

    Those that open the session come first: it opens while the browser reads the others.
    """
    page = (STATIC / "index.html").read_text("utf-8")
    if plain:
        first = _modules(*_FIRST)
    else:
        folder = f"{FOLDER}/{JOINED.refresh()}"
        first = [f"{folder}/{name}" for name in _JOINED_FIRST]
        page = linked(page, f"{folder}/page.css").replace(f'src="{_FIRST[0]}"', f'src="{folder}/main.js"')
        page = page.replace("<html ", f'<html data-words="{folder}" ', 1)
    hints = "".join(f'  <link rel="modulepreload" href="{path}">\n' for path in first)
    page = page.replace("</head>", f"{hints}</head>")
    packed = "gzip" in _accepted(headers)
    tag = f'"{zlib.crc32(page.encode()):x}{"-gzip" if packed else ""}"'
    own = {"Cache-Control": _OWN, "ETag": tag, "Vary": "Accept-Encoding"}
    if headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=own)
    if not packed:
        return HTMLResponse(page, headers=own)
    return HTMLResponse(gzip.compress(page.encode(), 6, mtime=0), headers={**own, "Content-Encoding": "gzip"})


def _joined(path: str, headers: Headers) -> Response:
    """Return a joined file: its address holds its version, so that a browser keeps it."""
    parts = path.split("/")
    found = JOINED.get(parts[1], parts[2]) if len(parts) == 3 else None
    if found is None:
        raise HTTPException(404)
    text, compressed = found
    kind = _TYPES[Path(path).suffix]
    kept = {"Cache-Control": _FOREIGN, "Vary": "Accept-Encoding"}
    if "gzip" not in _accepted(headers):
        return Response(text, media_type=kind, headers=kept)
    return Response(compressed, media_type=kind, headers={**kept, "Content-Encoding": "gzip"})


def _modules(*names: str) -> list[str]:
    """Return the modules and all they import, directly or not; what only `import()` names comes when it is wanted."""
    found: dict[Path, None] = {}
    for name in names:
        left = [STATIC / name]
        while left:
            path = left.pop()
            if path not in found:
                found[path] = None
                left += _imports(path, path.stat().st_mtime_ns)
    return [path.relative_to(STATIC).as_posix() for path in found]


@lru_cache(maxsize=1000)
def _imports(path: Path, _changed: int) -> list[Path]:
    names = re.findall(r"""^import (?:[^;'"]* from )?["']([^"']+)["']""", path.read_text("utf-8"), re.MULTILINE)
    return [(path.parent / name).resolve() for name in names]


class Plotly:
    """The one bundle that the Python package carries, compressed once, when it is first asked for."""

    def __init__(self) -> None:
        self._compressed: asyncio.Task[bytes] | None = None

    async def __call__(self, request: Request) -> Response:
        """Answer a request for it."""
        path = _plotly()
        if path is None:
            raise HTTPException(404, "the Python package plotly is not installed")
        stat = path.stat()
        headers = {
            "Cache-Control": _FOREIGN,
            "ETag": f'"plotly-{stat.st_mtime_ns:x}-{stat.st_size:x}"',
            "Vary": "Accept-Encoding",
        }
        if request.headers.get("if-none-match") == headers["ETag"]:
            return Response(status_code=304, headers=headers)
        if "gzip" not in _accepted(request.headers):
            return FileResponse(path, media_type="text/javascript", headers=headers)
        if self._compressed is None or self._compressed.cancelled():
            self._compressed = asyncio.create_task(asyncio.to_thread(_compress, path))
        body = await asyncio.shield(self._compressed)
        return Response(body, media_type="text/javascript", headers={**headers, "Content-Encoding": "gzip"})


def _plotly() -> Path | None:
    spec = find_spec("plotly")
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent / "package_data" / "plotly.min.js"
    return path if path.exists() else None


def _compress(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), 6)


def _accepted(headers: Headers) -> str:
    return headers.get("accept-encoding", "")
