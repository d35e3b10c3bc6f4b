"""All routes, called by schemathesis with what their description allows and with what it does not; needs the extra
`test-long`.

What a request meets, be it a session, a secret or a table of some columns, is no part of its description: that one as
described is refused is no fault, then. But no answer may be an error of ours, or of a status or a type of content that
is not described. The description itself is not served: pages have no use for it.
"""

from __future__ import annotations

import asyncio
import importlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from backscope.core.data.tables import KINDS
from backscope.core.data.text_files import DELIMITERS
from backscope.server.front.app import create_app
from backscope.server.notebook.served import Served, listen
from backscope.server.wire.protocol import VERSION
from backscope.server.wire.settings import Limits, Settings
from hypothesis import HealthCheck, settings
from talking import SECRET
from websockets.asyncio.client import connect

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed: no route was called")
positive_data_acceptance = importlib.import_module("schemathesis.specs.openapi.checks").positive_data_acceptance
pytestmark = [pytest.mark.long, pytest.mark.timeout(1800)]
#: A stream that says no hello ends soon, so that every request has an end.
SETTINGS = Settings(limits=Limits(hello_seconds=0.3))


def query(name: str, **schema: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": {"type": "string", **schema}}


def header(name: str, *values: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "schema": {"anyOf": [{"enum": list(values)}, {"type": "string"}]}}


def described() -> dict[str, Any]:
    """Return what the application says of itself, with what pages send, and with the routes that are no calls."""
    found: dict[str, Any] = create_app(SETTINGS).openapi()
    paths = found["paths"]
    for operations in paths.values():
        for operation in operations.values():
            for parameter in operation.get("parameters", ()):
                parameter["schema"] = {"anyOf": [{"enum": ["r1", "nobody"]}, {"type": "string", "minLength": 1}]}
    binary = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    table = {"application/json": {"schema": {}}}
    choices = [
        *(query("target"), query("ignore"), query("sheet"), query("decimal"), query("encoding", enum=["utf-8", "x"])),
        *(query("kind", enum=[*KINDS, "?"]), query("delimiter", enum=[*DELIMITERS, "?"])),
    ]
    for path, parameters, content in (
        ("/upload/{session}", choices, binary),
        ("/table/{session}", [], table),
        ("/lesson/{session}", [query("lang"), query("keep"), query("zip")], {**binary, **table}),
    ):
        paths[path]["post"]["parameters"] += [header("x-backscope-secret", SECRET), *parameters]
        paths[path]["post"]["requestBody"] = {"content": content}
    paths["/stream/{session}/up"]["post"]["parameters"].append(header("x-backscope-channel", "x"))
    paths["/stream/{session}/up"]["post"]["requestBody"] = {"content": {"text/plain": {"schema": {"type": "string"}}}}
    paths["/metrics"]["get"]["parameters"] = [header("authorization", "Bearer x")]
    shown = {"content": {"application/json": {"schema": {"type": "object"}}}}
    paths["/lessons"] = {"get": {"parameters": [query("lang")], "responses": {"200": {"description": "", **shown}}}}
    name = {"name": "name", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
    answers = {status: {"description": "", **shown} for status in ("200", "422")}
    paths["/lessons/{name}"] = {
        "get": {"parameters": [name, query("lang")], "responses": {**answers, "404": {"description": ""}}}
    }
    return found


schema = schemathesis.openapi.from_dict(described())


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where it is served, with a session that somebody has opened."""
    served = Served(listen(), create_app(SETTINGS), "", 1)

    async def open_session() -> None:
        async with connect(f"{served.url.replace('http', 'ws')}ws/r1") as socket:
            await socket.send(json.dumps({"id": 1, "op": "hello", "secret": SECRET, "version": VERSION}))
            while json.loads(text if isinstance(text := await socket.recv(), str) else "{}").get("kind") != "reply":
                pass

    asyncio.run(open_session())
    yield served.url.rstrip("/")
    served.end()


@schema.parametrize()
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_answer_is_other_than_described(case: Any, address: str) -> None:
    case.call_and_validate(base_url=address, timeout=30, excluded_checks=[positive_data_acceptance])
