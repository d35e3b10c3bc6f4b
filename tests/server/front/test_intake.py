"""What is taken before anybody knows who is there: bounded in size, time and number, whatever comes."""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import uvicorn
from backscope.server.front.app import create_app
from backscope.server.front.intake import MOST_HEAD, BoundedHttp, BoundedSocket, most_connections
from backscope.server.wire.presets import PRESETS
from backscope.server.wire.protocol import Close
from backscope.server.wire.settings import Limits, Settings
from talking import SECRET, SOCKETS, House, housed

Scene = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[bytes]]


async def app(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] != "http":
        return
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


def served(scene: Scene, most: int = 100, beside: int = 0) -> bytes:
    """Return what comes of a connection to a server whose patience is a fifth of a second."""

    class Impatient(BoundedHttp):
        head_seconds = body_seconds = 0.2

    Impatient.most = most

    async def play() -> bytes:
        config = uvicorn.Config(app, http=Impatient, log_level="critical", lifespan="off", port=0)
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        others = [await asyncio.open_connection("127.0.0.1", port) for _ in range(beside)]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            return await asyncio.wait_for(scene(reader, writer), 20)
        finally:
            for one in (writer, *(other for _, other in others)):
                one.close()
            server.should_exit = True
            await task

    return asyncio.run(play())


async def rest(reader: asyncio.StreamReader) -> bytes:
    """Read until the server ends the connection."""
    try:
        return await reader.read()
    except ConnectionError:
        return b""


@pytest.mark.parametrize("name", ["x", "cookie", "host"])
def test_a_head_without_end_is_refused_long_before_it_ends(name: str) -> None:
    sent = 0

    async def scene(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        nonlocal sent
        writer.write(f"GET / HTTP/1.1\r\n{name}: ".encode())
        try:
            while sent < 40_000_000 and not reader.at_eof():
                writer.write(b"a" * 50_000)
                sent += 50_000
                await asyncio.wait_for(writer.drain(), 5)
                await asyncio.sleep(0)
        except ConnectionError:
            pass
        return await rest(reader)

    answer = served(scene)
    assert b"200" not in answer
    assert sent < 20_000_000


def test_many_headers_are_as_bad_as_a_long_one() -> None:
    async def scene(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        lines = "".join(f"x{index}: {'a' * 90}\r\n" for index in range(MOST_HEAD // 90))
        writer.write(f"GET / HTTP/1.1\r\nhost: localhost\r\n{lines}\r\n".encode())
        return await rest(reader)

    assert b" 200 " not in served(scene)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "GET",
        "GET / HTTP/1.1\r\nhost: localhost\r\n",
        "POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\nabc",
        "GET / HTTP/1.1\r\nhost: localhost\r\n\r\nGET / HT",
    ],
)
def test_who_does_not_finish_a_request_is_cut_off(words: str) -> None:
    async def scene(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write(words.encode())
        return await rest(reader)

    assert served(scene).count(b" 200 ") == (1 if words.endswith("HT") else 0)


def test_who_drips_is_cut_off_too() -> None:
    async def scene(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        for letter in b"GET / HTTP/1.1\r\nhost: localhost\r\nx: " + b"y" * 200:
            writer.write(bytes([letter]))
            await asyncio.sleep(0.02)
            if reader.at_eof() or writer.is_closing():
                break
        else:
            raise AssertionError("it was let drip")
        return b""

    served(scene)


def test_a_whole_request_is_answered_and_the_connection_is_kept_for_the_next() -> None:
    async def scene(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        found = b""
        for body in (b"", b"x" * 300_000):
            head = f"POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: {len(body)}\r\n\r\n"
            writer.write(head.encode() + body)
            found += await reader.readuntil(b"ok")
        return found

    assert served(scene).count(b" 200 ") == 2


def test_connections_are_limited_in_number() -> None:
    async def scene(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write(b"GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
        return await rest(reader)

    assert b" 200 " in served(scene, most=4, beside=3)
    assert b" 200 " not in served(scene, most=4, beside=4)
    assert most_connections() >= 96


# Sockets


def closing_code(house: House, *said: str) -> int:
    with house.client.websocket_connect(f"{SOCKETS}/ws/r1") as socket:
        for words in said:
            socket.send_text(words)
        while True:
            message = socket.receive()
            if message["type"] == "websocket.close":
                return int(message["code"])


@pytest.mark.parametrize("said", [[], ["{"], ['{"op":"play"}'], ['{"op":"hello","secret":"short"}'], ['{"op":"ping"}']])
def test_a_socket_without_a_hello_is_ended(said: list[str]) -> None:
    with housed(Settings(limits=Limits(hello_seconds=0.1))) as house:
        assert closing_code(house, *said) == Close.NO_HELLO


def test_who_has_said_hello_stays() -> None:
    with housed(Settings(limits=Limits(hello_seconds=0.1))) as house, house.enter() as talk:
        talk.do("play")
        talk.frame(lambda frame: frame["step"] > 30)
        assert talk.do("pause")


def test_sockets_without_a_hello_are_limited_in_number() -> None:
    with housed(Settings(limits=Limits(strangers=2))) as house, house.enter() as known, house.visit():
        with house.visit() as second:
            assert closing_code(house) == Close.TOO_MANY
            assert second.hello()["ok"]
            with house.visit() as third:
                assert third.hello()["ok"]
        assert known.do("step")


class Hasty(BoundedSocket):
    """A socket that cuts a connection soon."""

    linger = 0.4


async def upgraded(port: int) -> socket.socket:
    """Return a socket that has shaken hands, has little room for what comes, and has said hello."""
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(line, ("127.0.0.1", port))
    head = "GET /ws/r1 HTTP/1.1\r\nhost: localhost\r\nupgrade: websocket\r\nconnection: upgrade\r\n"
    key = "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-version: 13\r\n\r\n"
    await loop.sock_sendall(line, (head + key).encode())
    found = b""
    while not found.endswith(b"\r\n\r\n"):
        found += await loop.sock_recv(line, 1)
    assert b" 101 " in found
    await loop.sock_sendall(line, said(f'{{"id": 1, "op": "hello", "secret": "{SECRET}"}}'))
    return line


def said(words: str) -> bytes:
    """Return a short text as a client sends it."""
    raw = words.encode()
    assert len(raw) < 126
    return bytes([0x81, 0x80 | len(raw), 0, 0, 0, 0]) + raw


async def flood(scope: Any, receive: Any, send: Any) -> None:
    """An application that never ends by itself."""
    await send({"type": "websocket.accept"})
    while True:
        await send({"type": "websocket.send", "bytes": bytes(1 << 18)})


@pytest.mark.parametrize("reads", [True, False])
def test_who_gives_no_sign_of_life_is_told_so_and_who_takes_no_word_is_cut_off(reads: bool) -> None:
    async def play() -> bytes:
        served = create_app(Settings()) if reads else flood
        pings: dict[str, Any] = {"ws_ping_interval": 0.1, "ws_ping_timeout": 0.1, "lifespan": "on" if reads else "off"}
        config = uvicorn.Config(served, ws=Hasty, log_level="critical", port=0, **pings)
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        loop, found = asyncio.get_running_loop(), b""
        with await upgraded(server.servers[0].sockets[0].getsockname()[1]) as line:
            if reads:  # nothing answers the server's pings; and what is said meanwhile takes no word back
                while b"too slow" not in found:
                    await loop.sock_sendall(line, said('{"op": "ping"}'))
                    found += await loop.sock_recv(line, 1 << 16)
            else:
                while not server.server_state.connections:
                    await asyncio.sleep(0.01)
            while server.server_state.connections:
                await asyncio.sleep(0.01)
        server.should_exit = True
        await task
        return found

    found = asyncio.run(asyncio.wait_for(play(), 30))
    assert not reads or bytes([0x88, 2 + len("too slow"), *struct.pack(">H", Close.TOO_SLOW)]) in found


def long_log(count: int) -> list[dict[str, Any]]:
    return [{"step": at, "change": {"learning_rate": 0.1 + 1e-6 * at}} for at in range(count)]


def test_a_long_log_is_read_while_others_are_served() -> None:
    with housed(Settings(limits=Limits(messages_at_once=1e6))) as house, house.enter("other") as other:
        other.do("surface", off=True)
        registry = house.client.app.state.opening.result()  # type: ignore[attr-defined]
        with house.visit("long") as talk:
            talk.send("hello", secret=SECRET, config=PRESETS["circle"].to_json(), log=long_log(8000))
            answered = 0
            while registry.sessions == 1:
                other.do("pause")
                answered += 1
            assert answered > 1  # read in one go, the first answer would come after all of it
            assert talk.kind("reply")["ok"]
