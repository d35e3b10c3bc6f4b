"""What the benchmarks of the server hold in their hands: the server as a process, and a client that speaks its wire."""

import asyncio
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import websockets
from backscope.server.wire.protocol import decode

#: Of processor time, as the system counts it.
_TICKS = os.sysconf("SC_CLK_TCK")


def children(process: int) -> list[int]:
    """Return the processes that one has started, those of all its threads."""
    tasks = Path(f"/proc/{process}/task").iterdir()
    return [int(word) for task in tasks for word in (task / "children").read_text().split()]


def used(process: int) -> float:
    """Return the seconds of processor time of a process."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


@asynccontextmanager
async def server(trainers: int, cores: str | None = None) -> AsyncIterator[int]:
    """Start `backscope` on a free port, kept to some processors if wanted, and end it afterwards."""
    options = ["--no-browser", "--ephemeral", "--port", "8900", "--trainers", str(trainers)]
    kept = ["taskset", "-c", cores] if cores else []
    command = [*kept, sys.executable, "-m", "backscope.server", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd="/")
    assert process.stdout is not None
    line = await asyncio.to_thread(process.stdout.readline)
    found = re.search(r":(\d+)/", line)
    assert found, line
    try:
        yield int(found.group(1))
    finally:
        process.terminate()
        process.wait()


class Client:
    """A socket in a session. `frame` is the newest frame's header, `bytes` what all frames took together."""

    def __init__(self, socket: Any, draw: float) -> None:
        self.socket, self.draw = socket, draw
        self.frame: dict[str, Any] = {}
        self.arrays: dict[str, Any] = {}
        self.frames = self.bytes = 0
        self.watch: Callable[[dict[str, Any]], None] | None = None
        self.replies: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self.next_id = 1

    async def read(self) -> None:
        """Take what comes; acknowledge each frame after `draw` seconds."""
        async for message in self.socket:
            if isinstance(message, str):
                value = json.loads(message)
                if value["kind"] == "reply" and value["id"] in self.replies:
                    self.replies.pop(value["id"]).set_result(value)
                continue
            header, arrays = decode(message)
            if header["kind"] != "frame":
                continue
            self.frame, self.arrays = header, arrays
            self.frames += 1
            self.bytes += len(message)
            if self.watch:
                self.watch(header)
            if self.draw:
                await asyncio.sleep(self.draw)
            await self.socket.send(json.dumps({"op": "ack", "seq": header["seq"]}))

    async def ask(self, op: str, **fields: Any) -> dict[str, Any]:
        """Send a command and return its reply."""
        number, self.next_id = self.next_id, self.next_id + 1
        reply = self.replies[number] = asyncio.get_running_loop().create_future()
        await self.socket.send(json.dumps({"id": number, "op": op, **fields}))
        return await reply

    async def until(self, wanted: Callable[[dict[str, Any]], bool], timeout: float = 10.0) -> float:
        """Wait for a frame, and return the time at which it came."""
        found: asyncio.Future[float] = asyncio.get_running_loop().create_future()

        def watch(header: dict[str, Any]) -> None:
            if wanted(header) and not found.done():
                found.set_result(time.perf_counter())

        self.watch = watch
        return await asyncio.wait_for(found, timeout)


@asynccontextmanager
async def client(
    port: int, session: str, draw: float = 0.0, greeting: str = "hello", address: str = "127.0.0.1", **fields: Any
) -> AsyncIterator[Client]:
    """Connect from an address of this computer, say hello or join a room, and read along."""
    url = f"ws://127.0.0.1:{port}/ws/{session}"
    async with websockets.connect(url, max_size=None, compression=None, local_addr=(address, 0)) as socket:
        speaker = Client(socket, draw)
        reader = asyncio.create_task(speaker.read())
        reply = await speaker.ask(greeting, **{"secret": "benchmark " * 3, "version": 1, **fields})
        assert reply["ok"], reply
        yield speaker
        reader.cancel()


def percentile(values: list[float], share: float) -> float:
    """Return the value below which `share` of them lie."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]
