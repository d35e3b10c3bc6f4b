"""The trainer hosts, and which session goes to which: by cost, and heavy ones apart from all others."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from ..wire.messages import Cost, ToHost
from .link import Link

#: A session is heavy that holds its host up for more seconds than this at a time: no hand waits so long for another's.
HEAVY = 0.05
#: Seconds of a step that count as much as a whole session.
_UNIT = 0.005

_SPARE_AFTER = 1.2  # seconds: by then a page on this machine stands


def load_of(cost: Cost, attended: bool) -> float:
    """Return how much of a host a session takes; one that nobody looks at rests."""
    return 1.0 + cost.step / _UNIT if attended else 0.001


class Hosts:
    """Hosts for light sessions, up to a number, and besides half as many for heavy ones, once there are any.

    Parameters
    ----------
    make : callable
        Makes a host.
    most : int
        Hosts of light sessions; 0 is one inside this process, for all.
    load : callable
        Returns how much all sessions take of each host.
    """

    def __init__(self, make: Callable[[], Link], most: int, load: Callable[[], Mapping[Link, float]]) -> None:
        self._make, self._most, self._load = make, most, load
        self.light: list[Link] = []
        self.heavy: list[Link] = []
        self._spare: asyncio.TimerHandle | None = None

    @property
    def alive(self) -> int:
        """How many are alive."""
        return sum(link.alive for link in self.all)

    @property
    def all(self) -> list[Link]:
        """All of them."""
        return [*self.light, *self.heavy]

    def start(self) -> None:
        """Have a host ready before the first session comes."""
        if not self.light:
            self.light.append(self._make())

    def place(self, cost: Cost) -> Link:
        """Return the host with the least to do for a session; a new one while there may be more.

        Raises
        ------
        OSError
            If there is none, and none can be started.
        """
        load = self._load()
        pool, most = self._pool(cost)
        if len(pool) < max(1, most) and all(load.get(link, 0.0) for link in pool):
            pool.append(self._make())
            link = pool[-1]
        else:
            link = min(pool, key=lambda link: load.get(link, 0.0))
        if self._spare is None and len(self.light) < self._most:
            self._spare = asyncio.get_running_loop().call_later(_SPARE_AFTER, self._add_spare)
        return link

    def misplaced(self, link: Link, cost: Cost) -> bool:
        """Whether a session of this cost should be with another host."""
        return link not in self._pool(cost)[0]

    def _pool(self, cost: Cost) -> tuple[list[Link], int]:
        if self._most and cost.longest > HEAVY:
            return self.heavy, self._most // 2
        return self.light, self._most

    def remove(self, link: Link) -> None:
        """A host has ended."""
        for pool in (self.light, self.heavy):
            if link in pool:
                pool.remove(link)

    def send_all(self, message: ToHost) -> None:
        """Tell all of them."""
        for link in self.all:
            link.send(message)

    def close(self) -> None:
        """Start no more."""
        if self._spare is not None:
            self._spare.cancel()
        self._most = 0

    def _add_spare(self) -> None:
        """Start the host of the next session before it comes, but not while the page of this one loads."""
        self._spare = None
        load = self._load()
        if len(self.light) < self._most and all(load.get(link, 0.0) for link in self.light):
            self.light.append(self._make())
