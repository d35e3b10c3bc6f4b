"""Lessons over HTTP: the list of them, and one of them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from .files import STATIC

if TYPE_CHECKING:
    from ..lessons.shelf import Shelf

_HEADERS = {"Cache-Control": "no-cache"}


class Lessons:
    """Answers requests for lessons; what reads them is loaded by the first.

    Parameters
    ----------
    folders : sequence of Path
        Where there are more of them than the page brings.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = (STATIC / "lessons", *folders)
        self._shelf: Shelf | None = None
        self.routes = [Route("/lessons", self.entries), Route("/lessons/{name}", self.lesson)]

    async def entries(self, request: Request) -> JSONResponse:
        """Answer with the list."""
        found = await asyncio.to_thread(lambda: self._open().entries(_language(request)))
        return JSONResponse({"lessons": found}, headers=_HEADERS)

    async def lesson(self, request: Request) -> JSONResponse:
        """Answer with one lesson, or with what is wrong with it."""
        status, answer = await asyncio.to_thread(self._one, request.path_params["name"], _language(request))
        return JSONResponse(answer, status, headers=_HEADERS)

    def _one(self, name: str, language: str) -> tuple[int, dict[str, Any]]:
        from ..lessons.faults import LessonError

        try:
            return 200, self._open().lesson(name, language)
        except KeyError:
            return 404, {"error": f"there is no lesson {name[:40]!r}"}
        except LessonError as error:
            return 422, {"error": str(error)}

    def _open(self) -> Shelf:
        from ..lessons.shelf import Shelf

        if self._shelf is None:
            self._shelf = Shelf(self._folders)
        return self._shelf


def _language(request: Request) -> str:
    return request.query_params.get("lang", "")
