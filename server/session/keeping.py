"""When a run is packed up to outlive its process: now and then while it trains, and soon after it has changed."""

from __future__ import annotations

import math
from collections.abc import Callable

from ...core.ground.errors import ConfigError
from ..run.run import Run
from ..run.spent import spent
from ..wire.log import warn
from ..wire.messages import Kept, ToFront
from ..wire.packing import Damaged, pack, unpack

#: Seconds between two states of a run; more where packing those of all takes more than a share of the time, or fills
#: disks.
_REST, _SHARE, _BYTES_PER_SECOND, _MOST_REST = 2.0, 0.01, 8e6, 20.0


class Keeping:
    """Packs up a run so that another process can go on with it from near where it stands.

    Parameters
    ----------
    name : str
        The session.
    run : Run
    emit : callable
        Takes what is for the front.
    crowd : callable
        Returns how many sessions share a disk.
    """

    def __init__(self, name: str, run: Run, emit: Callable[[ToFront], None], crowd: Callable[[], int]) -> None:
        self._name, self._run, self._emit, self._crowd = name, run, emit, crowd
        self._version = run.version
        self._noted: int | None = None
        self._next = 0.0

    def resume(self, payload: bytes) -> None:
        """Take the run to where it was packed up; what does not fit is trained again from the start."""
        try:
            values = unpack(payload)
            if not isinstance(values, dict):
                raise Damaged("it holds no run")
            self._run.resume(values)
        except (Damaged, ConfigError) as error:
            warn("state_unreadable", f"a run is trained again from its start: {error}")

    def due(self) -> float:
        """Return when there is something to do; infinity for never."""
        run = self._run
        waits = run.target is not None or (run.playing and run.front == self._noted)
        return math.inf if waits or run.version == self._version else self._next

    def noted(self) -> bool:
        """Note where the run stands, if it goes on; return whether it has been noted before."""
        if not self._run.playing or self._noted is not None:
            return True
        self._run.note()
        self._noted = self._run.front
        return False

    def pack(self, now: float) -> None:
        """Pack the run up."""
        begin = spent()
        payload = pack(self._run.kept())
        self._emit(Kept(self._name, payload))
        alone, crowd = (spent() - begin) / _SHARE, self._crowd()
        rest = max(_REST, crowd * alone, crowd * len(payload) / _BYTES_PER_SECOND)
        self._next = now + min(rest, max(_MOST_REST, alone))
        self._version, self._noted = self._run.version, None
