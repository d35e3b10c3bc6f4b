"""The work beside the training that the surface of a session asks for, and what is said of how far it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..panels.surfaces import SurfaceView
from ..wire.messages import Cancel, Job, Publish, ToFront, Work
from ..wire.protocol import text

_TOPIC = "surface"
#: Share and resolution that are told while nothing is on its way, and no step of a plane that is about to be replaced.
_NOTHING = 1.0, 0, None


class SurfaceJobs:
    """One piece of work at a time: ordered, taken when it is done, or dropped when nobody wants it any more.

    Parameters
    ----------
    session : str
    surface : SurfaceView
    emit : callable
        Takes what is for the front.
    numbers : iterator of int
        The numbers of this session's jobs, from 1 on.
    """

    def __init__(
        self, session: str, surface: SurfaceView, emit: Callable[[ToFront], None], numbers: Iterator[int]
    ) -> None:
        self._session, self._surface, self._emit, self._numbers = session, surface, emit, numbers
        self._job = 0  # being computed; 0 for none
        self._told: tuple[float, int, int | None] = _NOTHING

    def order(self, work: Work | None) -> None:
        """Have this done next, if there is anything to do."""
        if work is not None:
            self._job = next(self._numbers)
            self._emit(Job(self._session, self._job, _TOPIC, work))

    def go_on(self, work: Work | None) -> None:
        """After a piece of work was taken: have the next done, if there is one, and say how far the surface is."""
        self.order(work)
        self._tell()

    def take(self, job: int) -> bool:
        """Note that a job is done; return whether it was the surface's, and is wanted still."""
        if job != self._job:
            return False
        self._job = 0
        return True

    def advanced(self, job: int, share: float) -> None:
        """Take note of how much of a job is done, 0…1."""
        if job == self._job:
            self._surface.advanced(share)
            self._tell()

    def drop(self) -> None:
        """Compute no further on what the surface does not want any more."""
        if self._job and self._surface.idle:
            self._job = 0
            self._emit(Cancel(self._session, _TOPIC))
            self._tell()

    def _tell(self) -> None:
        """Say how far the surface on its way is; nothing is said of what takes less than the first report."""
        surface = self._surface
        busy = self._job and 0 < surface.progress < 1
        laid = surface.picture.laid if surface.outdated else None
        told = (surface.progress, surface.task.resolution, laid) if busy and surface.task else _NOTHING
        if told != self._told:
            self._told = told
            message = text("computing", dict(zip(("share", "resolution", "laid"), told, strict=True)))
            self._emit(Publish(self._session, "computing", message))
