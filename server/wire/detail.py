"""Level of detail: which parameters of a large net travel while it trains.

A small net goes whole into every frame. Of a net whose numbers would fill a wire, a frame of a running run carries the
layers that somebody looks at, and of the others some in turn, so that every picture of weights is a few frames old at
most. Where the run rests, all is sent.
"""

from __future__ import annotations

import random
from collections.abc import Iterable

from ...core.nets.network import Network

#: A frame whose parameters, gradients and activations take more bytes than this as bfloat16 does not carry them whole.
MOST_WHOLE = 90_000
#: What blocks in turn fill it up to, with all else; one block goes in any case.
_FILL = 88_000
#: Layers that one client can look at closely, and clients that can; the newest are served.
MOST_LOOKED, _MOST_CLIENTS = 8, 8


class Detail:
    """What is looked at closely, and whose turn it is."""

    def __init__(self) -> None:
        self._looked: dict[int, frozenset[int]] = {}
        self._queue: list[int] = []
        # Not in order: a client that gets every seventh frame must not get the same layer in all of them.
        self._order = random.Random(0)

    @property
    def looked(self) -> frozenset[int]:
        """Layers, from 1, that somebody looks at."""
        return frozenset().union(*self._looked.values())

    def look(self, client: int, layers: Iterable[int]) -> None:
        """From now on a client looks at these layers; none ends it."""
        chosen = frozenset(layers)
        self._looked.pop(client, None)
        if chosen:
            self._looked[client] = chosen
            while len(self._looked) > _MOST_CLIENTS:
                del self._looked[next(iter(self._looked))]

    def forget(self) -> None:
        """Nobody looks at anything any more."""
        self._looked.clear()

    def restart(self) -> None:
        """It may be another network; who looks at a layer goes on looking at it."""
        self._queue.clear()

    def next(self, network: Network, others: int) -> tuple[list[int], list[int]]:
        """Return the layers whose parameters and gradients go into the next frame, and those of which parameters do.

        Parameters
        ----------
        network : Network
            Whose layers they are.
        others : int
            Bytes that the rest of the frame takes.
        """
        last = len(network.blocks)
        close = sorted(layer for layer in self.looked if layer <= last)
        room = _FILL - others
        turn: list[int] = []
        while True:
            if not self._queue:
                self._queue = list(range(1, last + 1))
                self._order.shuffle(self._queue)
            layer = self._queue[-1]
            block = network.blocks[layer - 1]
            size = 2 * (block.end - block.offset)
            if turn and (size > room or layer in turn):
                return close, turn
            self._queue.pop()
            if layer not in close:
                turn.append(layer)
                room -= size
            elif len(close) == last:
                return close, turn
