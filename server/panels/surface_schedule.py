"""When a surface is computed anew, and how fine its next picture is."""

from __future__ import annotations

import math

from .surface_choice import MOST_RESOLUTION, SurfaceChoice

#: Seconds between two computations of a run under way and of one that stands, at least so many times as long as the
#: first picture took, but not for ever.
_REST = 1.5
_STILL_REST = 0.1
_REST_SHARE = 4
_MOST_REST = 8.0

#: Points along each side, one picture after the other; a run under way stops at the second last.
LADDER = (16, 32, 64, MOST_RESOLUTION)
_MOVING = 64


class Schedule:
    """What is known of the last computation, and so when the next is due.

    Attributes
    ----------
    stale : bool
        The picture is of something else: a new one is wanted at once.
    resting : bool
        The picture is not made finer until the run has moved.
    step : int
        Where the run was when the last computation began.
    """

    def __init__(self) -> None:
        self.stale, self.resting = True, False
        self.step = 0
        self._started = self._ended = -math.inf
        self._cost = 0.0  # seconds that the last plane's first picture took

    def due(self, front: int, *, quick: bool, finer: bool) -> float:
        """Return from when on a computation should start; infinity for never.

        Parameters
        ----------
        front : int
            Where the run is.
        quick : bool
            The picture follows the run at once.
        finer : bool
            There is a finer picture to be made of the same.
        """
        if self.stale:
            return -math.inf
        if front != self.step:
            least = _STILL_REST if quick else _REST
            return self._started + max(least, min(_MOST_REST, _REST_SHARE * self._cost))
        return self._ended if finer and not self.resting else math.inf

    def displaced(self, front: int) -> float:
        """Return from when on it is to be asked whether a plane on its way still suits a run that stands at `front`."""
        return -math.inf if self.stale else math.inf if front == self.step else self._started + _STILL_REST

    def begin(self, now: float) -> None:
        """A plane is computed from now on."""
        self._started, self.resting = now, False

    def keep(self, now: float, moved: bool) -> None:
        """The plane still holds; if the run has `moved`, it is looked at again after a rest."""
        if moved:
            self._started = now
        self.resting = self.resting and not moved

    def end(self, now: float, *, first: bool) -> None:
        """A picture has come, perhaps the first of its plane."""
        self._ended = now
        if first:
            self._cost = now - self._started


def first_resolution(choice: SurfaceChoice, *, fresh: bool, cheap: bool) -> int:
    """Return the resolution of the first picture on a plane: coarse where there is none to be replaced.

    A landscape is `cheap`, and some have many hills: its picture is as fine as it becomes.
    """
    return choice.resolution if cheap else min(LADDER[0] if fresh else LADDER[1], choice.resolution)


def next_resolution(choice: SurfaceChoice, present: int, *, still: bool) -> int | None:
    """Return the next resolution on the ladder; None where there is none, or the run goes on."""
    most = choice.resolution if still else min(choice.resolution, _MOVING)
    return min(most, next((step for step in LADDER if step > present), most)) if present < most else None
