"""A file that a page gives to its session: bounded before it is looked at, and never written to disk."""

from __future__ import annotations

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse

from ...core.data.csv_data import LARGEST_FILE
from ...core.data.tables import KINDS, MOST_COLUMNS
from ..wire.commands import CommandError
from .registry import Registry

#: Where the client's secret stands: no page of another origin can set it.
SECRET = "x-backscope-secret"

_STATUS = {"too_large": 413, "wrong_secret": 403, "own_data_full": 507}


async def receive(request: Request, registry: Registry, session: str) -> JSONResponse:
    """Answer a file with its columns, and with the data set that it makes or with its defects.

    The body is the file. The query may name the `target` (number of a column from 1), the `kind` of it, and with
    `ignore` the numbers of columns to be left out.
    """
    none = {"Cache-Control": "no-store"}
    try:
        options = _options(request)
        content = await _body(request)
        reply = await registry.read(session, request.headers.get(SECRET, ""), content, *options)
    except CommandError as error:
        refusal = {"ok": False, "code": error.code, "message": str(error), "params": error.params}
        return JSONResponse(refusal, _STATUS.get(error.code, 400), headers=none)
    except ClientDisconnect:
        return JSONResponse({"ok": False}, 400, headers=none)
    return JSONResponse(reply, headers=none)


async def _body(request: Request) -> bytes:
    content = bytearray()
    async for chunk in request.stream():
        content += chunk
        if len(content) > LARGEST_FILE:
            most = LARGEST_FILE // 2**20
            words = f"a file must not be larger than {most} MB"
            raise CommandError("too_large", words, {"name": "file", "value": None, "low": 0, "high": most})
    return bytes(content)


def _options(request: Request) -> tuple[int | None, str | None, tuple[int, ...]]:
    query = request.query_params
    kind = query.get("kind") or None
    if kind is not None and kind not in KINDS:
        words = f"kind must be one of {', '.join(KINDS)}, got {kind[:40]!r}"
        raise CommandError("unknown_choice", words, {"name": "kind", "value": kind[:40]})
    target = _column(query["target"]) if query.get("target") else None
    return target, kind, tuple(_column(part) for part in query.get("ignore", "").split(",") if part)


def _column(word: str) -> int:
    if word.isascii() and word.isdecimal() and len(word) < 6 and 1 <= int(word) <= MOST_COLUMNS + 1:
        return int(word)
    words = f"a column must lie in [1, {MOST_COLUMNS + 1}], got {word[:40]!r}"
    raise CommandError(
        "out_of_range", words, {"name": "column", "value": word[:40], "low": 1, "high": MOST_COLUMNS + 1}
    )
