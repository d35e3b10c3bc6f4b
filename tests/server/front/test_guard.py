"""Before every route: who is let in, and what every answer carries."""

import asyncio
from typing import Any

import pytest
from backscope.server.front.guard import Guard, from_one_of, headers_of, safe_name, same_origin
from backscope.server.wire.settings import Settings
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

HERE = "localhost:8765"


async def told_where(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that answers with the path that it sees."""
    await PlainTextResponse(scope["path"], headers={"Referrer-Policy": "its own"})(scope, receive, send)


def answer(settings: Settings, path: str = "/", method: str = "GET", **headers: str) -> tuple[int, dict[str, str], str]:
    """Status, headers and text of what comes back through the guard."""
    said: list[Any] = []
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in {"host": HERE, **headers}.items()]

    async def ask() -> None:
        async def send(message: Any) -> None:
            said.append(message)

        scope = {"type": "http", "method": method, "path": path, "query_string": b"x=1", "headers": named}
        await Guard(told_where, settings)(scope, None, send)  # type: ignore[arg-type]

    asyncio.run(ask())
    start, body = said
    return start["status"], {name.decode(): value.decode() for name, value in start["headers"]}, body["body"].decode()


@pytest.mark.parametrize(
    ("host", "safe"),
    [
        ("localhost:8765", True),
        ("127.0.0.1:8765", True),
        ("[::1]:8765", True),
        ("192.168.1.7", True),
        ("backscope.localhost", True),
        ("testserver", False),
        ("evil.example:8765", False),
        ("localhost.evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("", False),
        ("[", False),
    ],
)
def test_a_name_that_somebody_could_register_is_not_answered(host: str, safe: bool) -> None:
    assert safe_name(host) is safe


def test_every_answer_has_the_headers_but_for_what_the_route_says_itself() -> None:
    for host, status in ((HERE, 200), ("evil.example", 400)):
        found, headers, _ = answer(Settings(frames=("https://a.example",)), host=host)
        assert found == status
        assert headers["content-security-policy"].endswith("frame-ancestors https://a.example")
        assert headers["referrer-policy"] == ("its own" if status == 200 else "no-referrer")
    assert headers_of(Settings())["Content-Security-Policy"].endswith("frame-ancestors 'none'")


def test_a_page_of_another_origin_looks_and_changes_nothing_unless_it_is_allowed() -> None:
    strange = {"origin": "https://School.example"}
    assert answer(Settings(), method="GET", **strange)[0] == 200
    assert answer(Settings(), method="POST", **strange)[0] == 400
    assert answer(Settings(origins=("https://school.example",)), method="POST", **strange)[0] == 200
    assert answer(Settings(), method="POST", origin=f"http://{HERE}")[0] == 200
    assert not same_origin("http://localhost:1", HERE)
    assert not same_origin("null", "")
    assert not from_one_of("https://school.example.evil", ("https://school.example",))


def test_a_proxy_that_nobody_named_is_refused_and_behind_a_named_one_the_path_is_taken_off() -> None:
    assert answer(Settings(), x_forwarded_for="10.0.0.1")[0] == 400
    proxied = Settings(local=False, root_path="/lab")
    assert answer(proxied, "/lab/js/main.js", x_forwarded_for="10.0.0.1")[::2] == (200, "/js/main.js")
    assert answer(proxied, "/js/main.js")[::2] == (200, "/js/main.js")
    assert answer(proxied, "/laboratory/x")[::2] == (200, "/laboratory/x")
    status, headers, _ = answer(proxied, "/lab")
    assert (status, headers["location"]) == (307, "lab/?x=1")
