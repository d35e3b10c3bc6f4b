"""Lessons over HTTP: the list of them, one of them, and those that a page gives: by file, by link, or as it writes."""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from .files import STATIC

if TYPE_CHECKING:
    from ..lessons.given import Given
    from ..lessons.shelf import Shelf
    from .registry import Registry

_HEADERS = {"Cache-Control": "no-cache"}
#: What a .zip may be called, and the folder in it.
_FOLDER = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


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
        self._given: Given | None = None
        self._opening = Lock()
        self.routes = [Route("/lessons", self.entries), Route("/lessons/{name}", self.lesson)]

    async def entries(self, request: Request) -> JSONResponse:
        """Answer with the list."""
        found = await asyncio.to_thread(lambda: self._open()[0].entries(_language(request)))
        return JSONResponse({"lessons": found}, headers=_HEADERS)

    async def lesson(self, request: Request) -> JSONResponse:
        """Answer with one lesson, or with what is wrong with it."""
        status, answer = await asyncio.to_thread(self._one, request.path_params["name"], _language(request))
        return JSONResponse(answer, status, headers=_HEADERS)

    async def receive(self, request: Request, registry: Registry, session: str) -> JSONResponse:
        """Answer the files of a lesson with what a page shows of it, or with what is wrong with them.

        The body is a .zip, or a JSON object of names and texts. With `keep` in the query the lesson can then be had by
        its name, also by those who follow; with `zip` the answer holds a .zip with a folder of that name.
        """
        from .upload_route import address_of, answered, body_of

        async def read(secret: str) -> dict[str, Any]:
            registry.check_secret(session, secret)  # before anything is taken in
            with registry.bodies.one(session, address_of(request)):
                from ..lessons.given import MOST_SENT

                content = await body_of(request, MOST_SENT)
                query = request.query_params
                return await asyncio.to_thread(
                    self._take, content, _language(request), "keep" in query, query.get("zip", "")
                )

        return await answered(request, read)

    def _one(self, name: str, language: str) -> tuple[int, dict[str, Any]]:
        from ..lessons.faults import LessonError
        from ..lessons.given import OWN

        shelf, given = self._open()
        try:
            return 200, (given if name.startswith(OWN) else shelf).lesson(name, language)
        except KeyError:
            gone = name.startswith(OWN)  # nothing unusual: the page that has its files gives them again
            return 200 if gone else 404, {"error": f"there is no lesson {name[:40]!r}", "gone": gone}
        except LessonError as error:
            return 422, {"error": str(error), "fault": error.to_json()}

    def _take(self, content: bytes, language: str, keep: bool, folder: str) -> dict[str, Any]:
        from ..lessons.faults import LessonError
        from ..lessons.given import lesson_name, read_files, unpacked, zipped

        try:
            files = unpacked(content)
            lesson = read_files(files, language)
        except LessonError as error:
            return {"ok": False, "code": "bad_lesson", "message": str(error), "fault": error.to_json()}
        answer = {"ok": True, "name": lesson_name(files), "lesson": lesson, "files": dict(files)}
        if keep:
            self._open()[1].keep(files)
        if _FOLDER.fullmatch(folder):
            answer["zip"] = base64.b64encode(zipped(files, folder)).decode()
        return answer

    def _open(self) -> tuple[Shelf, Given]:
        from ..lessons.given import Given
        from ..lessons.shelf import Shelf

        with self._opening:
            if self._shelf is None or self._given is None:
                self._shelf, self._given = Shelf(self._folders), Given()
            return self._shelf, self._given


def _language(request: Request) -> str:
    return request.query_params.get("lang", "")
