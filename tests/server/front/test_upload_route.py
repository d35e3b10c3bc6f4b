"""A file on its way in: who may send it, how much of it is read, and what is answered."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from backscope.core.data.text_files import LARGEST_FILE
from backscope.server.front.bodies import Bodies
from backscope.server.front.upload_route import SECRET, receive, receive_table
from backscope.server.front.uploads import Choices
from backscope.server.wire.commands import CommandError
from backscope.server.wire.settings import Limits
from starlette.requests import Request
from starlette.responses import JSONResponse

Route = Callable[[Request, Any, str], Awaitable[JSONResponse]]


class Desk:
    """The registry's part: knows one secret, and writes down what it is given."""

    def __init__(self) -> None:
        self.bodies = Bodies(Limits())
        self.read_in: list[tuple[bytes, Choices]] = []

    def check_secret(self, session: str, secret: str) -> None:
        if (session, secret) != ("r1", "mine"):
            raise CommandError("wrong_secret", "another secret")

    async def read(self, session: str, secret: str, content: bytes, choices: Choices) -> dict[str, Any]:
        self.read_in.append((content, choices))
        return {"ok": True}


def send(
    desk: Desk, *chunks: bytes, route: Route = receive, query: str = "", secret: str = "mine"
) -> tuple[int, Any, int]:
    """Status, answer, and how many chunks were read."""
    left = list(chunks)

    async def incoming() -> Any:
        if not left:
            return {"type": "http.disconnect"}
        body = left.pop(0)
        return {"type": "http.request", "body": body, "more_body": bool(left)}

    headers = [(SECRET.encode(), secret.encode())]
    scope = {"type": "http", "headers": headers, "query_string": query.encode(), "client": ("10.0.0.1", 1)}
    reply = asyncio.run(route(Request(scope, incoming), desk, "r1"))  # type: ignore[arg-type]
    assert reply.headers["cache-control"] == "no-store"
    return reply.status_code, json.loads(bytes(reply.body)), len(chunks) - len(left)


def test_a_whole_file_comes_with_what_is_said_of_it() -> None:
    desk = Desk()
    query = "target=3&kind=classes&ignore=1,5&header=data&decimal=,&sheet=Two"
    assert send(desk, b"1,", b"2", query=query) == (200, {"ok": True}, 2)
    ((content, choices),) = desk.read_in
    assert content == b"1,2"
    assert (choices.target, choices.kind, choices.ignore) == (3, "classes", (1, 5))
    assert (choices.form.header, choices.form.decimal, choices.form.sheet) == (False, ",", "Two")
    send(desk, b"x")
    assert desk.read_in[1] == (b"x", Choices())


@pytest.mark.parametrize("route", [receive, receive_table])
def test_nothing_is_read_of_what_may_not_come_and_no_more_than_a_file_may_hold(route: Route) -> None:
    desk = Desk()
    status, reply, chunks = send(desk, b"1,2", route=route, secret="another")
    assert (status, reply["code"], chunks) == (403, "wrong_secret", 0)
    with desk.bodies.one("r1", "elsewhere"):
        status, reply, chunks = send(desk, b"1,2", route=route)
    assert (status, reply["code"], chunks) == (429, "uploads_busy", 0)
    half = bytes(LARGEST_FILE // 2 + 1)
    status, reply, chunks = send(desk, half, half, half, route=route)
    assert (status, reply["code"], reply["params"]["high"], chunks) == (413, "too_large", 10, 2)
    assert desk.read_in == []


@pytest.mark.parametrize("query", ["target=0", "target=1e3", "ignore=1,x", "kind=guess", "encoding=rot13", "header=1"])
def test_a_choice_that_there_is_not_is_refused_before_the_file_is_read(query: str) -> None:
    desk = Desk()
    status, reply, chunks = send(desk, b"1,2", query=query)
    assert (status, reply["ok"], reply["params"]["value"], chunks) == (
        400,
        False,
        query[-len(reply["params"]["value"]) :],
        0,
    )


@pytest.mark.parametrize("body", [b"", b"[", b"[]", b'{"name": "x"}', b"[" * 100_000, b"\xff"])
def test_a_table_that_is_none_is_refused_in_words_and_its_place_is_free_again(body: bytes) -> None:
    desk = Desk()
    for _ in range(2):
        status, reply, _ = send(desk, body, route=receive_table)
        assert (status, reply["code"]) == (400, "bad_table")


def test_who_hangs_up_on_the_way_leaves_nothing_behind() -> None:
    desk = Desk()
    assert send(desk)[:2] == (400, {"ok": False})
    assert send(desk, b"1")[0] == 200
