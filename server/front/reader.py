"""A process of its own that reads files of uploads: a long one holds up no picture, and a fall ends nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor
from typing import Any

from ..wire.commands import CommandError
from ..wire.log import warn
from .jobs import end_executor
from .uploads import Choices, Upload, read_upload

#: Seconds without a file after which the process ends: it holds a tenth of a gigabyte.
_IDLE = 60.0
_TRIES = 2


class Reader:
    """Reads one file at a time: a large one takes seconds, and thirty times its size.

    Parameters
    ----------
    make : callable
        Makes the executor, when a file comes; again when it broke, or after a rest.
    idle : float
        Seconds without a file after which the executor ends.
    """

    def __init__(self, make: Callable[[], Executor], idle: float = _IDLE) -> None:
        self._make, self._idle = make, idle
        self._executor: Executor | None = None
        self._turn = asyncio.Lock()
        self._rest: asyncio.TimerHandle | None = None

    async def read(self, content: bytes, choices: Choices) -> tuple[Upload | None, dict[str, Any]]:
        """Return what `read_upload` does; where the process dies, another has a second try.

        Raises
        ------
        CommandError
            If that one dies too.
        """
        async with self._turn:
            if self._rest is not None:
                self._rest.cancel()
            try:
                return await self._read(content, choices)
            finally:
                self._rest = asyncio.get_running_loop().call_later(self._idle, self._end)

    async def _read(self, content: bytes, choices: Choices) -> tuple[Upload | None, dict[str, Any]]:
        for _ in range(_TRIES):
            try:
                if self._executor is None:
                    self._executor = await asyncio.to_thread(self._make)
                return await asyncio.wrap_future(self._executor.submit(read_upload, content, choices))
            except BrokenExecutor:
                self._end()
                warn("reader_ended", "the process that reads files has ended; another takes its work")
        raise CommandError("reader_lost", "the process that read this file has died twice: try a smaller file")

    def _end(self) -> None:
        if self._executor is not None:
            end_executor(self._executor)
            self._executor = None

    async def close(self) -> None:
        """End the executor."""
        if self._rest is not None:
            self._rest.cancel()
        self._end()
