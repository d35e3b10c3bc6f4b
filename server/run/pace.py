"""How many steps are due by the clock."""

from __future__ import annotations

import math

#: What could not be done within this many seconds is not made up for.
_MOST_DEBT = 0.25


class Pace:
    """Steps at a given speed, without drift, and without a burst after a standstill.

    Times are seconds of any clock that does not go back.

    Parameters
    ----------
    speed : float
        Steps per second; 0 is as fast as possible.
    """

    def __init__(self, speed: float) -> None:
        self.speed = speed
        self._since = 0.0
        self._done = 0

    def start(self, now: float) -> None:
        """Begin anew: the first step is due at once."""
        self._since = now - (1 / self.speed if self.speed else 0.0)
        self._done = 0

    def due(self, now: float) -> int | None:
        """Steps that should be done by now and are not; None for any number."""
        if not self.speed:
            return None
        steps = math.floor((now - self._since) * self.speed + 1e-9) - self._done
        if steps > max(1.0, _MOST_DEBT * self.speed):
            self.start(now)
            return 1
        return max(0, steps)

    def next(self) -> float:
        """Time at which the next step is due."""
        return self._since + (self._done + 1) / self.speed if self.speed else -math.inf

    def count(self, steps: int) -> None:
        """So many steps were done."""
        self._done += steps
