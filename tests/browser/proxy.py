"""A proxy before the server, as a school may have one: it says for whom it asks, and may let no socket through."""

import asyncio
import threading
from contextlib import suppress


class Proxy:
    """Forwards from a port of its own.

    `block` refuses sockets from then on, and cuts those that are open; `cut` only does the latter. `stall` keeps all
    lines open and lets nothing through, until `resume`.
    """

    def __init__(self, target: int) -> None:
        self._target = target
        self._loop = asyncio.new_event_loop()
        self._open: set[asyncio.StreamWriter] = set()
        self._blocks = False
        self._flows = asyncio.Event()
        self._flows.set()
        self.refused = 0
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        starting = asyncio.start_server(self._serve, "127.0.0.1", 0)
        self._server = asyncio.run_coroutine_threadsafe(starting, self._loop).result()
        self.port: int = self._server.sockets[0].getsockname()[1]

    def block(self) -> None:
        """Let no socket through any more."""
        self._blocks = True
        self.cut()

    def cut(self) -> None:
        """End what is open."""
        self._loop.call_soon_threadsafe(lambda: [writer.close() for writer in self._open])

    def stall(self) -> None:
        """Let nothing through."""
        self._loop.call_soon_threadsafe(self._flows.clear)

    def resume(self) -> None:
        """Let through what has come meanwhile, and all that comes."""
        self._loop.call_soon_threadsafe(self._flows.set)

    def close(self) -> None:
        """End it, and all that it serves."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        self._server.close()
        serving = asyncio.all_tasks() - {asyncio.current_task()}
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        below, above = await asyncio.open_connection("127.0.0.1", self._target)
        self._open |= {writer, above}
        with suppress(OSError):
            await asyncio.gather(self._up(reader, above, writer), self._down(below, writer))
        for one in (writer, above):
            self._open.discard(one)
            one.close()

    async def _up(self, reader: asyncio.StreamReader, above: asyncio.StreamWriter, back: asyncio.StreamWriter) -> None:
        while data := await reader.read(1 << 16):
            if self._blocks and b"upgrade: websocket" in data.lower():
                self.refused += 1
                back.write(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
                await back.drain()
                break
            await self._flows.wait()
            above.write(data.replace(b"\r\nHost: ", b"\r\nX-Forwarded-For: 203.0.113.9\r\nHost: ", 1))
            await above.drain()
        above.close()
        back.close()

    async def _down(self, below: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        while data := await below.read(1 << 16):
            await self._flows.wait()
            back.write(data)
            await back.drain()
        back.close()
