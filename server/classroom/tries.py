"""Codes tried: wrong ones take a second each for their address, right ones no time at all.

Those who try from one address wait in one line, so that nobody learns more by trying on a hundred sockets at once. A
class that joins with the right code passes through the line as fast as it comes.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from ..wire.commands import CommandError

#: Seconds that a wrong code takes, and tries of one address that may wait.
SECONDS, MOST_WAITING = 1.0, 300

Found = TypeVar("Found")


@dataclass(eq=False)
class _Line:
    waiting: int = 0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Tries:
    """The lines of all addresses.

    Parameters
    ----------
    sleep : callable
        Waits for so many seconds.
    """

    def __init__(self, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._sleep = sleep
        self._lines: dict[str, _Line] = {}

    async def find(self, address: str, look: Callable[[], Found | None]) -> Found | None:
        """Return what `look` finds, when it is this address's turn; where that is nothing, the line stands for a while.

        Raises
        ------
        CommandError
            If too many wait already.
        """
        place = network_of(address)
        line = self._lines.setdefault(place, _Line())
        if line.waiting >= MOST_WAITING:
            words = (
                f"{MOST_WAITING} codes of your address wait to be looked up, one wrong one a second: try again later"
            )
            raise CommandError("too_many_tries", words, {"name": "code", "high": MOST_WAITING})
        line.waiting += 1
        try:
            async with line.turn:
                found = look()
                if found is None:
                    await self._sleep(SECONDS)
                return found
        finally:
            line.waiting -= 1
            if not line.waiting:
                self._lines.pop(place, None)


def network_of(address: str) -> str:
    """Return whose an address is: of IPv6, everybody has a network of 64 bits to choose addresses from."""
    try:
        known = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv6Address):
        if known.ipv4_mapped is not None:
            return str(known.ipv4_mapped)
        return str(ipaddress.ip_network((known, 64), strict=False))
    return str(known)
