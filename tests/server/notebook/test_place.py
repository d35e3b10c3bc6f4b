"""Where a notebook's browser finds the page, by what the environment says."""

import asyncio
import base64
import json
import sys
from types import SimpleNamespace

import pytest
from backscope.server import show
from backscope.server.notebook.place import proxied
from websockets.asyncio.client import connect


@pytest.mark.parametrize(
    ("environment", "address"),
    [
        ({}, None),
        ({"JUPYTERHUB_SERVICE_PREFIX": "/user/ada/"}, "/user/ada/proxy/4567/"),
        ({"VSCODE_PROXY_URI": "https://code.example/proxy/{{port}}"}, "https://code.example/proxy/4567/"),
        (
            {"BACKSCOPE_PROXY": "https://{port}.example", "JUPYTERHUB_SERVICE_PREFIX": "/user/ada/"},
            "https://4567.example/",
        ),
    ],
)
def test_the_environment_tells_of_its_proxy(
    environment: dict[str, str], address: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert proxied(4567) == address


def test_colab_is_asked_for_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    colab = SimpleNamespace(eval_js=lambda words: f"https://colab.example/?{words}")
    monkeypatch.setitem(sys.modules, "google.colab.output", colab)
    assert proxied(4567) == "https://colab.example/?google.colab.kernel.proxyPort(4567)/"


def test_behind_a_proxy_nobody_has_the_run_without_the_token(monkeypatch: pytest.MonkeyPatch) -> None:
    """The proxy's own name is let in, though anybody could own it, but only who has the notebook's link."""
    monkeypatch.setenv("JUPYTERHUB_SERVICE_PREFIX", "/user/ada/")
    shown = show({"data": {"name": "xor"}}, browser=False)

    async def hello(**fields: str) -> str:
        port = int(shown.url.split(":")[2].partition("/")[0])
        headers = {"Origin": "https://hub.example", "X-Forwarded-Proto": "https"}
        page = "ws://hub.example/ws/0123456789abcdef01"
        async with connect(page, host="127.0.0.1", port=port, additional_headers=headers) as socket:
            await socket.send(json.dumps({"id": 1, "op": "hello", "secret": "00" * 24, "version": 1, **fields}))
            while True:
                told = await socket.recv()
                if isinstance(told, str) and (reply := json.loads(told))["kind"] == "reply":
                    return str(reply.get("code", "ok"))

    try:
        assert shown.address.startswith("/user/ada/proxy/")
        token = shown.url.partition("#token=")[2].partition("&run=")[0]
        assert len(base64.urlsafe_b64decode(token + "==")) == 16
        assert asyncio.run(asyncio.wait_for(hello(), 30)) == "token_required"
        assert asyncio.run(asyncio.wait_for(hello(token=token), 30)) == "ok"
    finally:
        shown.stop()
