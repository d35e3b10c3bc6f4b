"""The page of a watched run: its files, and the socket through which it asks."""

from __future__ import annotations

import numpy as np
import pytest
from backscope.server.notebook.hooks import Hooks
from backscope.server.notebook.watched_page import create_watched_page
from backscope.server.notebook.watched_run import WatchedRun
from backscope.server.wire.protocol import decode
from backscope.server.wire.settings import Settings
from little_torch import SGD, Linear, LittleNumbers, SquaredError, Tensor
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect


@pytest.fixture
def run():
    return WatchedRun(True, {"model": "Linear", "optimizer": "SGD"})


@pytest.fixture
def client(run):
    with TestClient(create_watched_page(run, Settings()), headers={"host": "127.0.0.1"}) as client:
        yield client


def one_step(run):
    model = Linear(np.ones((1, 2)), np.zeros(1))
    optimizer = SGD(model, 0.1)
    Hooks(model, optimizer, LittleNumbers(), run.take)
    SquaredError()(model(Tensor(np.ones((3, 2)))), np.zeros((3, 1))).backward()
    optimizer.step()


def test_the_page_and_its_modules_are_served_with_the_guards_headers(client):
    page = client.get("/watch.html")
    assert 'src="js/watch.js"' in page.text
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert client.get("/js/watch.js").status_code == 200


def test_a_page_is_told_when_there_is_something_new_and_asks_for_it(client, run):
    with client.websocket_connect("/watched") as socket:
        assert socket.receive_json()["step"] == 0
        socket.send_json({"id": 1, "op": "hello", "version": 1})
        assert socket.receive_json()["ok"] is True
        one_step(run)
        assert socket.receive_json()["step"] == 1
        socket.send_json({"id": 2, "op": "laboratory"})
        header, _ = decode(socket.receive_bytes())
        assert header["step"] == 1
        assert socket.receive_json() == {"kind": "reply", "id": 2, "ok": True}
        run.end()
        assert socket.receive_json()["ended"] is True
    assert run._listeners == []


@pytest.mark.parametrize(
    "command", ["", "no json", "[]", '{"id": "x"}', '{"op": "set"}', '{"id": 3, "op": "laboratory", "since": "a"}']
)
def test_what_it_does_not_understand_it_refuses_and_goes_on(client, command):
    with client.websocket_connect("/watched") as socket:
        socket.receive_json()
        socket.send_text(command)
        assert socket.receive_json()["ok"] is False
        socket.send_json({"id": 1, "op": "hello"})
        assert socket.receive_json()["ok"] is True


def test_a_page_of_another_origin_may_not_ask(client):
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect("/watched", headers={"origin": "http://evil.example"}),
    ):
        pass
