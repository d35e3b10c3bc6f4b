"""A file that a page gives to its session: bounded before it is looked at; what is kept of it is its table."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.datastructures import QueryParams
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse

from ...core.data.csv_data import FileFormat
from ...core.data.numerals import DECIMAL_MARKS
from ...core.data.tables import KINDS, MOST_COLUMNS
from ...core.data.text_files import DELIMITERS, ENCODINGS, LARGEST_FILE
from ..wire.commands import CommandError
from ..wire.packing import Damaged
from .kept import table_from
from .registry import Registry
from .uploads import Choices, Upload, upload_of

#: Where the client's secret stands: no page of another origin can set it.
SECRET = "x-backscope-secret"

_STATUS = {"too_large": 413, "wrong_secret": 403, "uploads_full": 413, "uploads_busy": 429, "reader_lost": 422}
_HEADERS = {"names": True, "data": False}
_CHOICES = {
    "kind": KINDS,
    "encoding": ENCODINGS,
    "delimiter": DELIMITERS,
    "decimal": DECIMAL_MARKS,
    "header": tuple(_HEADERS),
}


async def receive(request: Request, registry: Registry, session: str) -> JSONResponse:
    """Answer a file with its columns and how it is written, and with the data set that it makes or with its defects.

    The body is the file. The query may name the `target` (number of a column from 1), the `kind` of it, with `ignore`
    the numbers of columns to be left out, and how the file is written: `encoding`, `delimiter`, `decimal`, `header`
    (``names`` or ``data``) and `sheet`.
    """

    async def read(secret: str) -> dict[str, Any]:
        choices = _choices(request.query_params)
        registry.check_secret(session, secret)  # before anything is taken in
        with registry.bodies.one(session, address_of(request)):
            return await registry.read(session, secret, await body_of(request), choices)

    return await answered(request, read)


async def receive_table(request: Request, registry: Registry, session: str) -> JSONResponse:
    """Answer a table that comes with a run's file, as JSON, with the name of the data set that it makes."""

    async def take(secret: str) -> dict[str, Any]:
        registry.check_secret(session, secret)  # before anything is taken in
        with registry.bodies.one(session, address_of(request)):
            body = await body_of(request)
            try:
                upload = await asyncio.to_thread(_table_of, body)
            except (Damaged, ValueError, RecursionError) as error:
                raise CommandError("bad_table", f"the data of this file cannot be read: {error}") from error
        registry.give(session, secret, upload)
        return {"ok": True, "name": upload.name}

    return await answered(request, take)


def _table_of(body: bytes) -> Upload:
    values = json.loads(body)
    if not isinstance(values, dict):
        raise Damaged("it holds no table")
    upload = upload_of(table_from(values))
    if values.get("name") != upload.name:
        raise Damaged("it is not the data that the run was trained on")
    return upload


async def answered(request: Request, work: Callable[[str], Awaitable[dict[str, Any]]]) -> JSONResponse:
    """Return what comes of a request, or in words why not; `work` is given the client's secret."""
    none = {"Cache-Control": "no-store"}
    try:
        reply = await work(request.headers.get(SECRET, ""))
    except CommandError as error:
        refusal = {"ok": False, "code": error.code, "message": str(error), "params": error.params}
        return JSONResponse(refusal, _STATUS.get(error.code, 400), headers=none)
    except ClientDisconnect:
        return JSONResponse({"ok": False}, 400, headers=none)
    return JSONResponse(reply, headers=none)


def address_of(request: Request) -> str:
    """Return the address that a request comes from."""
    return request.client.host if request.client else ""


async def body_of(request: Request, most: int = LARGEST_FILE) -> bytes:
    """Return what a page sends, if it is no larger than `most` bytes; all else is refused before it is taken in."""
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > most:
            high = most // 2**20
            words = f"a file must not be larger than {high} MB"
            raise CommandError("too_large", words, {"name": "file", "value": None, "low": 0, "high": high})
    return bytes(content)


def _choices(query: QueryParams) -> Choices:
    chosen = {name: _choice(name, query.get(name), choices) for name, choices in _CHOICES.items()}
    header = chosen.pop("header")
    kind = chosen.pop("kind")
    form = FileFormat(**chosen, header=None if header is None else _HEADERS[header], sheet=query.get("sheet") or None)
    target = _column(query["target"]) if query.get("target") else None
    ignore = tuple(_column(part) for part in query.get("ignore", "").split(",") if part)
    return Choices(target, kind, ignore, form)


def _choice(name: str, value: str | None, choices: tuple[str, ...]) -> str | None:
    if not value:
        return None
    if value not in choices:
        words = f"{name} must be one of {', '.join(choices)}, got {value[:40]!r}"
        raise CommandError("unknown_choice", words, {"name": name, "value": value[:40]})
    return value


def _column(word: str) -> int:
    if word.isascii() and word.isdecimal() and len(word) < 6 and 1 <= int(word) <= MOST_COLUMNS + 1:
        return int(word)
    words = f"a column must lie in [1, {MOST_COLUMNS + 1}], got {word[:40]!r}"
    raise CommandError(
        "out_of_range", words, {"name": "column", "value": word[:40], "low": 1, "high": MOST_COLUMNS + 1}
    )
