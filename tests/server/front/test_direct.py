"""The short way: what goes it means the same as by the long way, and all else goes the long way."""

import asyncio
import json
from collections.abc import Awaitable, Callable

import pytest
import uvicorn
from backscope.server.front.app import create_app
from backscope.server.front.audience import Audience
from backscope.server.front.client import Client
from backscope.server.front.commands import COMMANDS
from backscope.server.front.direct import DirectSocket, Pump, Rounds
from backscope.server.front.registry import Registry
from backscope.server.wire.commands import parse
from backscope.server.wire.protocol import Close
from backscope.server.wire.settings import Limits, Settings
from talking import SECRET
from websockets.frames import Frame, Opcode


class Line:
    """A connection that takes so many messages before it has to be resumed."""

    def __init__(self, room: int = 1000) -> None:
        self.room, self.written = room, list[str | bytes]()
        self.broken = False

    @property
    def takes(self) -> bool:
        return self.room > 0

    def write(self, message: str | bytes) -> None:
        if self.broken:
            raise ValueError("it cannot be written to")
        self.room -= 1
        self.written.append(message)

    def attach(self, hear: Callable[[bytes], bool], resume: Callable[[], None]) -> None:
        self.hear, self.resume = hear, resume

    def detach(self) -> None:
        self.hear = lambda words: False


def pumped(scene: Callable[[Client, Line, "asyncio.Task[None]"], Awaitable[None]], room: int = 1000) -> None:
    async def play() -> None:
        client, line = Client(1, Limits()), Line(room)
        task = asyncio.create_task(Pump(client, line, Rounds()).run())
        await asyncio.sleep(0)
        await scene(client, line, task)
        task.cancel()

    asyncio.run(asyncio.wait_for(play(), 20))


async def turns(count: int = 3) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


def test_what_a_client_may_have_leaves_in_its_order_and_nothing_large_without_credit() -> None:
    async def scene(client: Client, line: Line, task: "asyncio.Task[None]") -> None:
        client.offer("frame", b"1")
        client.reply("reply")
        await turns()
        assert line.written == ["reply", b"1"]
        client.offer("data", b"2")
        client.offer("data", b"3")
        client.offer("state", "state")
        await turns()
        assert line.written[2:] == ["state"]
        client.seq = 7
        assert client.acknowledge(7)
        await turns()
        assert line.written[3:] == [b"3"]

    pumped(scene)


def test_a_connection_that_is_full_keeps_the_newest_waiting_until_it_takes_more() -> None:
    async def scene(client: Client, line: Line, task: "asyncio.Task[None]") -> None:
        client.offer("state", "1")
        await turns()
        for number in (2, 3, 4):
            client.offer("state", str(number))
            await turns()
        assert line.written == ["1"]
        line.room = 1
        line.resume()
        await turns()
        assert line.written == ["1", "4"]

    pumped(scene, room=1)


def test_it_ends_when_the_client_is_to_be_closed_and_leaves_the_last_words_to_who_closes_it() -> None:
    async def scene(client: Client, line: Line, task: "asyncio.Task[None]") -> None:
        client.reply("last")
        client.close(Close.REMOVED)
        await asyncio.wait_for(task, 5)
        left = []
        while (message := client.take()) is not None:
            left.append(message)
        assert line.written + left == ["last"]
        assert not line.hear(b'{"op":"ack","seq":1}')

    pumped(scene)


def test_a_connection_that_breaks_ends_its_own_client_and_nobody_else(capsys: pytest.CaptureFixture[str]) -> None:
    async def play() -> None:
        rounds, lines = Rounds(), [Line() for _ in range(200)]
        clients = [Client(number, Limits()) for number in range(200)]
        tasks = [asyncio.create_task(Pump(one, line, rounds).run()) for one, line in zip(clients, lines, strict=True)]
        await asyncio.sleep(0)
        lines[3].broken = True
        for one in clients:
            one.offer("frame", b"frame")
        await turns(8)
        assert [one.closed for one in clients] == [Close.FAILED if one is clients[3] else None for one in clients]
        assert sum(line.written == [b"frame"] for line in lines) == 199
        for task in tasks:
            task.cancel()

    asyncio.run(play())
    assert "it cannot be written to" in capsys.readouterr().err


WORDS = [
    '{"op":"ack","seq":5}',
    '{"op": "ack", "seq": 5}',
    '{"op":"ack","seq":0}',
    '{"op":"ack","seq":999999999999999}',
    '{"op":"ack","seq":9999999999999999}',
    '{"op":"ack","seq":-5}',
    '{"op":"ack","seq":05}',
    '{"op":"ack","seq":5.0}',
    '{"op":"ack","seq":"5"}',
    '{"op":"ack","seq":5,"id":1}',
    '{"op":"ack"}',
    '{"op":"ack","seq":5}\n',
    '{"op":"ping","seq":5}',
    '{"seq":5,"op":"ack"}',
    '{"op":"play"}',
    "",
]


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("state", ["inside", "stranger", "busy", "closed"])
def test_only_the_word_that_a_frame_is_drawn_is_obeyed_at_once_and_as_the_long_way_would(
    words: str, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[int] = []
    monkeypatch.setattr(Audience, "acknowledge", lambda self, client, seq: drawn.append(seq))

    async def scene(client: Client, line: Line, task: "asyncio.Task[None]") -> None:
        if state != "stranger":
            Audience("r", lambda want: None).enter(client)
        client.busy = state == "busy"
        if state == "closed":
            client.closed = Close.REMOVED
        if line.hear(words.encode()):
            assert state == "inside"
            command = parse(words, COMMANDS)
            assert (command.op, command.number, drawn) == ("ack", None, [command.fields["seq"]])
            assert COMMANDS["ack"].free  # it costs nothing of what a client may send
            assert client.heard == 1
        else:
            assert (drawn, client.heard) == ([], 0)
            assert state != "inside" or words not in WORDS[:4]

    pumped(scene)


def ack(seq: int) -> bytes:
    return Frame(Opcode.TEXT, b'{"op":"ack","seq":%d}' % seq).serialize(mask=True)


def test_on_a_real_socket_words_are_heard_in_their_order_however_they_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """The short way is taken where words come one by one; where they are cut, glued or parted, the long one is."""
    drawn: list[int] = []
    obeyed: list[str] = []
    handle = Registry.handle

    async def handling(self: Registry, client: Client, name: str, message: str) -> None:
        obeyed.append(json.loads(message)["op"])
        await handle(self, client, name, message)

    monkeypatch.setattr(Audience, "acknowledge", lambda self, client, seq: drawn.append(seq))
    monkeypatch.setattr(Registry, "handle", handling)
    parted = b'{"op":"ack","seq":104}'
    begin = Frame(Opcode.TEXT, parted[:9], fin=False).serialize(mask=True)
    end = Frame(Opcode.CONT, parted[9:]).serialize(mask=True)
    ping = Frame(Opcode.PING, b"?").serialize(mask=True)
    cut = [
        (1, ack(101)[:1]),
        (3, ack(101)[1:] + ack(102)),
        (4, ack(103) + begin),
        (4, ping),
        (4, end[:7]),
        (5, end[7:]),
    ]
    other = [(5, b"\x82" + bytes([0x80 | len(ack(99))]) + bytes(4)), (5, ack(99))]  # the bytes of another message
    pieces = [(1, ack(100)), *cut, *other, *((seq - 99, ack(seq)) for seq in range(105, 115))]

    async def play() -> None:
        config = uvicorn.Config(create_app(Settings()), ws=DirectSocket, log_level="critical", port=0)
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        address = server.servers[0].sockets[0].getsockname()[:2]
        reader, writer = await asyncio.open_connection(*address, limit=1 << 24)
        head = "GET /ws/r1 HTTP/1.1\r\nhost: localhost\r\nupgrade: websocket\r\nconnection: upgrade\r\n"
        writer.write(
            (head + "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-version: 13\r\n\r\n").encode()
        )
        await reader.readuntil(b"\r\n\r\n")
        hello = json.dumps({"id": 1, "op": "hello", "secret": SECRET}).encode()
        writer.write(Frame(Opcode.TEXT, hello).serialize(mask=True))
        await reader.readuntil(b'"kind":"frame"')
        for count, piece in pieces:
            writer.write(piece)
            await asyncio.sleep(0.002)
            while len(drawn) < count:
                await asyncio.sleep(0.002)
        writer.close()
        server.should_exit = True
        await task

    asyncio.run(asyncio.wait_for(play(), 60))
    assert drawn == list(range(100, 115))
    assert obeyed == ["hello", "ack", "ack", "ack", "ack"]
