"""The application: routes and headers only."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, WebSocket
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from ..wire.installed import installed_version
from ..wire.log import fault
from ..wire.settings import Settings
from .files import JOINED, STATIC, Pages, Plotly
from .guard import Guard
from .lessons import Lessons
from .trainer_process import TrainerProcess

if TYPE_CHECKING:
    from ..classroom.elsewhere import Elsewhere
    from .abroad import Abroad
    from .jobs import MakeJobs
    from .registry import Registry
    from .stream import Streams

#: What the routes answer besides what FastAPI finds out by itself. A page's own words say what each means.
_REFUSED: dict[int | str, dict[str, Any]] = {
    status: {"description": words, "content": {"application/json": {"schema": {"type": "object"}}}}
    for status, words in {
        400: "What was asked cannot be.",
        403: "The secret is not that of the session.",
        413: "It is larger than is taken.",
        422: "It could not be read.",
        429: "Too much is on its way already.",
    }.items()
}
_BINARY = {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
_DOWN: dict[int | str, dict[str, Any]] = {
    200: {"description": "The messages of the session, for as long as it is looked at.", **_BINARY},
    404: {"description": "No session can have this name."},
}
_UP: dict[int | str, dict[str, Any]] = {
    400: {"description": "It ended before its end."},
    409: {"description": "Another is on its way up."},
    410: {"description": "There is no stream down of this key."},
    413: {"description": "It is larger than is taken."},
}
_METRICS: dict[int | str, dict[str, Any]] = {401: {"description": "It asks for the host token."}}
_SESSION = re.compile(r"[A-Za-z0-9_-]{1,64}")


def create_app(
    settings: Settings | None = None,
    make_jobs: MakeJobs | None = None,
    elsewhere: Callable[[], Elsewhere] | None = None,
    abroad: Callable[[], Abroad] | None = None,
) -> FastAPI:
    """Return the application.

    Parameters
    ----------
    settings : Settings, optional
        By default everything runs in this process, as tests and notebooks want it.
    make_jobs : callable, optional
        Makes what computes beside the training; by default this machine does. See `Registry`.
    elsewhere : callable, optional
        Makes what knows the rooms of other servers, within the event loop.
    abroad : callable, optional
        Makes what hands rooms on between servers, within the event loop.
    """
    settings = settings or Settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.opening = opening = asyncio.create_task(_open(app, settings, make_jobs, elsewhere, abroad))
        yield
        await asyncio.wait({opening})
        if opening.exception() is None:
            await opening.result().close()

    app = FastAPI(title="Backscope", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.streams = None
    app.add_middleware(Guard, settings=settings)

    _state_routes(app)
    _live_routes(app)
    _upload_routes(app)

    @app.get("/replay.html", response_class=PlainTextResponse)
    async def replay() -> PlainTextResponse:
        """The page as one file, with room for a run that a session has recorded."""
        from .options import options
        from .replay import replay_page

        page = await asyncio.to_thread(replay_page, STATIC, options(settings.limits))
        return PlainTextResponse(page, headers={"Cache-Control": "no-store"})

    lessons = Lessons(settings.lessons)

    @app.post("/lesson/{session}", responses=_REFUSED)
    async def lesson(request: Request, session: str) -> JSONResponse:
        """A lesson of the page's own, to be read."""
        return await lessons.receive(request, await _registry(app), session)

    app.router.routes += [Route("/plotly.min.js", Plotly().__call__), *lessons.routes]
    app.router.routes.append(Pages())
    return app


def _state_routes(app: FastAPI) -> None:
    """What machines ask of the server: whether it lives, and how it fares."""

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

    @app.get("/metrics", response_class=PlainTextResponse, responses=_METRICS)
    async def metrics(request: Request) -> Response:
        from .metrics import CONTENT_TYPE, exposition

        registry = await _registry(app)
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if not registry.admission.knows(token if scheme.lower() == "bearer" else ""):
            return Response(status_code=401, headers={"WWW-Authenticate": "Bearer"})
        return Response(exposition(registry), media_type=CONTENT_TYPE, headers={"Cache-Control": "no-store"})


def _live_routes(app: FastAPI) -> None:
    """The ways into a session: a socket, and where proxies let none through, a stream down and requests up."""

    @app.websocket("/ws/{session}")
    async def session(socket: WebSocket, session: str) -> None:
        from .connection import attend
        from .direct import EXTENSION

        if _SESSION.fullmatch(session) is None:
            await socket.close()
            return
        registry = await _registry(app)
        await socket.accept()
        await attend(socket, registry, session, socket.scope.get("extensions", {}).get(EXTENSION))

    @app.post("/stream/{session}", response_class=Response, responses=_DOWN)
    async def stream(session: str) -> Response:
        from .stream import Stream

        if _SESSION.fullmatch(session) is None:
            return Response(status_code=404)
        registry = await _registry(app)
        return Stream(app.state.streams, registry, session)

    @app.post("/stream/{session}/up", status_code=204, response_class=Response, responses=_UP)
    async def up(request: Request, session: str) -> Response:
        streams: Streams | None = app.state.streams
        return Response(status_code=410) if streams is None else await streams.up(request)


def _upload_routes(app: FastAPI) -> None:
    """Data of one's own, as a file or as a table that is known already."""

    @app.post("/upload/{session}", responses=_REFUSED)
    async def upload(request: Request, session: str) -> JSONResponse:
        from .upload_route import receive

        return await receive(request, await _registry(app), session)

    @app.post("/table/{session}", responses=_REFUSED)
    async def table(request: Request, session: str) -> JSONResponse:
        from .upload_route import receive_table

        return await receive_table(request, await _registry(app), session)


async def _open(
    app: FastAPI,
    settings: Settings,
    make_jobs: MakeJobs | None,
    elsewhere: Callable[[], Elsewhere] | None,
    abroad: Callable[[], Abroad] | None,
) -> Registry:
    """Load what trains, while pages are being served already."""
    trainer = None
    try:
        trainer = TrainerProcess(settings.limits) if settings.trainers else None
        await asyncio.to_thread(_load, settings, trainer)
        from .registry import Registry
        from .stream import Streams

        app.state.streams = Streams()
        rooms = None if elsewhere is None else elsewhere()
        far = None if abroad is None else abroad()
        return Registry(settings, trainer=trainer, make_jobs=make_jobs, elsewhere=rooms, abroad=far)
    except Exception:
        fault("start_failed")  # the sockets that wait for it can only be refused
        if trainer is not None:
            trainer.close()
        raise


def _load(settings: Settings, trainer: TrainerProcess | None) -> None:
    if trainer is not None:  # it loads what this process loads, at the same time
        with contextlib.suppress(OSError):  # who speaks to it tries again, and says so
            trainer.start()
    JOINED.refresh()
    from . import connection  # noqa: F401  # loads the core and all of NumPy: half a second that no page waits for
    from .options import options_text

    options_text(settings.limits)  # draws the thumbnails once, before anybody asks


async def _registry(app: FastAPI) -> Registry:
    opening: asyncio.Task[Registry] = app.state.opening
    return await asyncio.shield(opening)
