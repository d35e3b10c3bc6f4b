"""What a server counts as it goes: plain numbers, so that counting costs nothing where it is done."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field

#: Bounds of the classes of seconds.
BOUNDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)


@dataclass
class Times:
    """How long something takes: how often it took up to each of `BOUNDS`, or longer, and the sum."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    total: float = 0.0

    def add(self, seconds: float) -> None:
        """Count one."""
        self.counts[bisect_left(BOUNDS, seconds)] += 1
        self.total += seconds


@dataclass
class Tally:
    """Since the start of the server.

    Parameters
    ----------
    steps : int
        By which the runs have gone on; to go back takes none away.
    frames, dropped : int
        Frames sent, and frames that a newer one replaced before they left.
    drawn : Times
        From the sending of a frame to the word that it is drawn.
    refused : Counter of str
        Commands that were not obeyed, by the code of the refusal.
    ended : Counter of str
        Sockets that the server has ended itself, by the name of the code.
    """

    steps: int = 0
    frames: int = 0
    dropped: int = 0
    drawn: Times = field(default_factory=Times)
    refused: Counter[str] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)
