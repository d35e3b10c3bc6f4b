"""A client that speaks the wire, and a server for it: inside this process, or a process with real sockets."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from backscope.server.front.app import create_app
from backscope.server.wire.protocol import decode
from backscope.server.wire.settings import Settings
from fastapi import FastAPI
from starlette.testclient import TestClient
from websockets.sync.client import connect

SECRET = "a secret of enough characters"


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


class Talk:
    """A client in a session: sends commands, keeps what comes, and acknowledges every frame at once.

    Parameters
    ----------
    send : callable
        Sends a text.
    receive : callable
        Returns the next message, text or bytes.
    """

    def __init__(self, send: Callable[[str], None], receive: Callable[[], str | bytes]) -> None:
        self._send, self._receive = send, receive
        self.heard: list[dict[str, Any]] = []
        self.frames: list[dict[str, Any]] = []
        self.state: dict[str, Any] = {}
        self.draws = True
        self._number = 0

    def send(self, op: str, **fields: Any) -> int:
        """Send a command, and return its id."""
        self._number += 1
        self.say({"id": self._number, "op": op, **fields})
        return self._number

    def say(self, message: Any) -> None:
        """Send anything."""
        self._send(message if isinstance(message, str) else json.dumps(message))

    def hear(self) -> dict[str, Any]:
        """Return the next message; arrays stand beside the fields of a binary one."""
        raw = self._receive()
        if isinstance(raw, str):
            message = json.loads(raw)
            if message["kind"] == "state":
                self.state = message
        else:
            header, arrays = decode(raw)
            message = {**header, "arrays": arrays, "bytes": len(raw)}
            if message["kind"] == "frame":
                self.frames.append(message)
                if self.draws:
                    self.say({"op": "ack", "seq": message["seq"]})
        self.heard.append(message)
        return message

    def until(self, wanted: Callable[[dict[str, Any]], bool], most: int = 20_000) -> dict[str, Any]:
        """Return the first message to come that is wanted."""
        for _ in range(most):
            message = self.hear()
            if wanted(message):
                return message
        raise AssertionError(f"not among {most} messages: {[m['kind'] for m in self.heard[-20:]]}")

    def kind(self, kind: str, **fields: Any) -> dict[str, Any]:
        """Return the next message of a kind, with these fields."""
        return self.until(lambda m: m["kind"] == kind and all(m.get(name) == value for name, value in fields.items()))

    def ask(self, op: str, **fields: Any) -> dict[str, Any]:
        """Send a command and return its reply."""
        number = self.send(op, **fields)
        return self.until(lambda message: message["kind"] == "reply" and message["id"] == number)

    def do(self, op: str, **fields: Any) -> dict[str, Any]:
        """Send a command that has to be obeyed."""
        reply = self.ask(op, **fields)
        assert reply["ok"], reply
        return reply

    def hello(self, **fields: Any) -> dict[str, Any]:
        """Open the session, or come back to it."""
        return self.do("hello", **{"secret": SECRET, "version": 1, **fields})

    def frame(self, wanted: Callable[[dict[str, Any]], bool] = lambda frame: True) -> dict[str, Any]:
        """Return the next frame that is wanted."""
        return self.until(lambda message: message["kind"] == "frame" and wanted(message))

    def at(self, step: int) -> dict[str, Any]:
        """Return the next frame at a step, once the run stands there."""
        return self.frame(lambda frame: frame["step"] == step and frame["status"] in ("paused", "diverged"))


#: The name of a server in this process: its own name for tests, "testserver", is anybody's to register.
PAGE, SOCKETS = "http://localhost", "ws://localhost"


def client_of(app: FastAPI) -> TestClient:
    """Return a client of an application in this process."""
    return TestClient(app, base_url=PAGE)


class House:
    """An application in this process."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    @contextmanager
    def visit(self, session: str = "r1", **headers: str) -> Iterator[Talk]:
        """Open a socket, without a hello."""
        with self.client.websocket_connect(f"{SOCKETS}/ws/{session}", headers=headers) as socket:

            def receive() -> str | bytes:
                message = socket.receive()
                assert message["type"] == "websocket.send", message
                words = message.get("text")
                return words if words is not None else message["bytes"]

            yield Talk(socket.send_text, receive)

    @contextmanager
    def enter(self, session: str = "r1", **hello: Any) -> Iterator[Talk]:
        """Open a socket and say hello."""
        with self.visit(session) as talk:
            talk.hello(**hello)
            yield talk


@contextmanager
def housed(settings: Settings | None = None) -> Iterator[House]:
    """Run an application in this process."""
    with client_of(create_app(settings)) as client:
        yield House(client)


class Command:
    """`backscope` as a process, with real sockets."""

    def __init__(self, *arguments: str, descriptors: int | None = None) -> None:
        kept = () if "--data-dir" in arguments else ("--ephemeral",)
        command = [sys.executable, "-m", "backscope.server", "--no-browser", *kept, *arguments]
        if descriptors is not None:
            command = ["sh", "-c", f'ulimit -n {descriptors}; exec "$@"', "sh", *command]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd="/", start_new_session=True
        )
        assert self.process.stdout is not None
        self.line = self.process.stdout.readline()
        found = re.search(r"http://([\d.]+):(\d+)/(?:[\w/-]*)(?:#token=(\S+?))?[ ;]", self.line)
        if found is None:
            self.process.kill()
            raise AssertionError(f"no address in {self.line!r}: {self.process.communicate()[1]}")
        self.host, self.port, self.token = found.group(1), int(found.group(2)), found.group(3)

    @contextmanager
    def visit(self, session: str) -> Iterator[Talk]:
        """Open a socket, without a hello; it asks for no sign of life, as a test may read nothing of it for long."""
        url = f"ws://{self.host}:{self.port}/ws/{session}"
        with connect(url, max_size=None, compression=None, ping_interval=None) as socket:
            yield Talk(socket.send, lambda: socket.recv(timeout=20))

    @contextmanager
    def stream(self, session: str) -> Iterator[Talk]:
        """Open what stands in for a socket, without a hello."""
        url = f"http://{self.host}:{self.port}/stream/{session}"
        with httpx.Client(timeout=20) as http, http.stream("POST", url) as response:
            parts = response.iter_bytes()
            buffer = bytearray()

            def receive() -> str | bytes:
                while len(buffer) < 5 or len(buffer) < 5 + (length := struct.unpack_from("<I", buffer, 1)[0]):
                    buffer.extend(next(parts))
                kind, payload = buffer[0], bytes(buffer[5 : 5 + length])
                del buffer[: 5 + length]
                assert kind in (0, 1), f"it was ended with code {struct.unpack('<H', payload)[0]}"
                return payload if kind else payload.decode()

            key = json.loads(receive())["key"]

            def send(words: str) -> None:
                httpx.post(f"{url}/up", content=words, headers={"x-backscope-channel": key}).raise_for_status()

            yield Talk(send, receive)

    def end(self, how: signal.Signals = signal.SIGINT) -> tuple[int, float, str]:
        """Send a signal to all of its processes that a terminal would reach; return code, seconds and what it said."""
        begin = time.monotonic()
        if self.process.poll() is None:
            if how is signal.SIGINT:
                os.killpg(self.process.pid, how)
            else:
                self.process.send_signal(how)
        said = self.process.communicate(timeout=10)[1]
        return self.process.returncode, time.monotonic() - begin, said

    def children(self) -> set[int]:
        """Return the ids of all processes in its group but itself that still run."""
        found = set()
        for name in os.listdir("/proc"):
            if name.isdecimal() and int(name) != self.process.pid:
                try:
                    with open(f"/proc/{name}/stat") as file:
                        rest = file.read().rpartition(")")[2].split()
                except OSError:
                    continue
                if int(rest[2]) == self.process.pid and rest[0] != "Z":
                    found.add(int(name))
        return found


@contextmanager
def started(*arguments: str, descriptors: int | None = None) -> Iterator[Command]:
    """Start `backscope`, which may have so many file descriptors, and end it whatever happens."""
    command = Command("--port", "8950", *arguments, descriptors=descriptors)
    try:
        yield command
    finally:
        if command.process.poll() is None:
            command.process.kill()
            command.process.communicate()


def trainers_of(command: Command) -> set[int]:
    """Return the trainer processes and the workers: all spawned Pythons but the tracker."""
    found = set()
    for child in command.children():
        with open(f"/proc/{child}/cmdline", "rb") as file:
            if b"spawn_main" in file.read():
                found.add(child)
    return found


def socket_of(process: int) -> bool:
    """Return whether a process holds a socket: trainers do, workers do not."""
    folder = f"/proc/{process}/fd"
    return any(os.readlink(f"{folder}/{name}").startswith("socket:") for name in os.listdir(folder))
