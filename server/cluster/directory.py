"""A directory of rooms in Redis (``--redis URL``, ``pip install "backscope[redis]"``): which server has which code.

Every server writes its own codes, as keys that expire, and writes them again every few seconds: so what a server that
was killed has left behind goes by itself, and a Redis that comes back empty is soon full again. Without Redis rooms go
on where they are; only who types a code at another server is not led there.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

from ..classroom.elsewhere import DirectoryLost
from ..wire.log import note, warn

#: Seconds after which a code is told once more, and after which one that is not told any more is forgotten.
TOLD, FORGOTTEN = 5.0, 20
#: Seconds in which Redis has to answer: somebody waits at the door.
_PATIENCE = 1.0
#: Seconds for which an answer is not asked for again: a whole class types the same code.
_HOLDS = 1.0
_KEY = "backscope:room:{}"


class Directory:
    """The directory, and this server's part in it.

    Parameters
    ----------
    client : object
        A client of `redis.asyncio`, whose answers are text.
    address : str
        Of this server's page, as students come to it.
    told : float
        Seconds after which codes are told once more.
    name : str
        By which other servers speak to this one; empty where rooms are not handed on.
    """

    def __init__(self, client: Any, address: str, told: float = TOLD, name: str = "") -> None:
        self._client, self._address, self._told = client, address, told
        self._here = f"{address} {name}".strip()  # an address has no blank
        self._codes: Callable[[], Iterable[str]] = tuple
        self._found: dict[str, tuple[float, str]] = {}  # the code that was asked for last, for a class that types it
        self._known: set[str] = set()  # codes that are told of this server
        self._fresh = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._lost = False

    def begin(self, codes: Callable[[], Iterable[str]]) -> None:
        """Tell from now on which codes open rooms here: `codes` returns them."""
        self._codes = codes
        self._task = asyncio.get_running_loop().create_task(self._tell_on())

    def changed(self) -> None:
        """The codes may be others now."""
        if set(self._codes()) != self._known:
            self._fresh.set()

    async def address_of(self, code: str) -> str | None:
        """Return the address of the server that has the room of a code; None where no other one has it.

        Raises
        ------
        DirectoryLost
            If Redis does not answer.
        """
        address, _ = await self._home_of(code)
        return None if address in ("", self._address) else address

    async def name_of(self, code: str) -> str:
        """Return the name of the server that has the room of a code; empty where none has it, or hands it on.

        Raises
        ------
        DirectoryLost
            If Redis does not answer.
        """
        return (await self._home_of(code))[1]

    async def _home_of(self, code: str) -> tuple[str, str]:
        now = time.monotonic()
        if code in self._found and self._found[code][0] > now:
            found = self._found[code][1]
        else:
            found = str(await self._ask(self._client.get(_KEY.format(code))) or "")
            self._found = {code: (now + _HOLDS, found)} if found else {}
        address, _, name = found.partition(" ")
        return address, name

    async def close(self) -> None:
        """Tell no more; the rooms here are not to be found any longer."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        with contextlib.suppress(DirectoryLost):
            await self._forget(self._known)
        with contextlib.suppress(Exception):  # it may have gone; there is nothing left to close then
            await self._client.aclose()

    async def _tell_on(self) -> None:
        while True:
            with contextlib.suppress(DirectoryLost):
                await self._tell()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._told):  # `wait_for` of Python 3.11 may swallow the end of this task
                    await self._fresh.wait()
            self._fresh.clear()

    async def _tell(self) -> None:
        codes = set(self._codes())
        gone, self._known = self._known - codes, codes
        for code in codes:
            await self._ask(self._client.set(_KEY.format(code), self._here, ex=FORGOTTEN))
        await self._forget(gone)

    async def _forget(self, codes: Iterable[str]) -> None:
        for code in codes:
            if await self._ask(self._client.get(_KEY.format(code))) == self._here:
                await self._ask(self._client.delete(_KEY.format(code)))

    async def _ask(self, answer: Any) -> Any:
        """Return what Redis answers, and say once that it does not."""
        try:
            async with asyncio.timeout(_PATIENCE):
                found = await answer
        except Exception as error:  # of many classes: it is not there, it is full, it wants a password
            if not self._lost:
                warn("directory_lost", f"Redis does not answer ({error!r}): no code leads to a room of another server")
            self._lost = True
            raise DirectoryLost(str(error)) from error
        if self._lost:
            self._lost = False
            note("directory_back")
        return found


def directory_at(url: str, address: str, name: str = "") -> Directory:
    """Return the directory in the Redis at a URL; nothing is asked yet."""
    redis = import_module("redis.asyncio")
    client = redis.from_url(url, decode_responses=True, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE)
    return Directory(client, address, name=name)
