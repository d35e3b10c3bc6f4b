"""A trainer host: many sessions that share a core by time, in slices short enough for a hand on a slider.

The same host works in a process of its own and in the event loop of the front: see `link`.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from ...core.data.tables import forget, register
from ..wire.log import fault
from ..wire.messages import (
    Attendance,
    Broken,
    Forget,
    Give,
    JobAdvanced,
    JobDone,
    Open,
    Order,
    Take,
    ToFront,
    ToHost,
    Want,
)
from ..wire.pipe import Hangup
from ..wire.settings import Limits
from .session import Session

#: Seconds of training between two looks at the inbox; a session's turn has two of them,
SLICE = 0.0005
#: and less, down to this, where so many train that not all would have had one, and be drawn, within so many seconds.
_LEAST_TURN, _ROUND = SLICE / 2, 1 / 25
#: Seconds between two looks at how many sessions run.
_COUNT_REST = 0.1


class Host:
    """Sessions that share a core.

    Parameters
    ----------
    emit : callable
        Takes what the sessions have to say.
    limits : Limits
    clock : callable
        Seconds; what paces the sessions.
    """

    def __init__(
        self, emit: Callable[[ToFront], None], limits: Limits, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        self._emit, self._limits, self._clock = emit, limits, clock
        self._sessions: dict[str, Session] = {}
        self._due: dict[str, float] = {}  # when each has work; the order decides among equals
        # Fair queueing: of those that have work, the one goes on that has used the least; who comes back from a rest
        # begins at the present and saves up nothing.
        self._used: dict[str, float] = {}
        self._present = 0.0
        self._halfway: str | None = None  # whose turn has a second half
        self._crowd, self._count_again = 1, -math.inf

    def handle(self, message: ToHost) -> None:
        """Do what the front asks."""
        name = message.session
        if isinstance(message, Open):
            self._open(message)
        elif isinstance(message, Give):
            register(message.table)
        elif isinstance(message, Take):
            forget(message.name)
        elif isinstance(message, Forget):
            self._sessions.pop(name, None)
            self._due.pop(name, None)
            self._used.pop(name, None)
        elif (session := self._sessions.get(name)) is not None:
            self._try(session, lambda: _hand(session, message))

    def turn(self) -> float | None:
        """Work for one slice at most.

        Returns
        -------
        float or None
            Seconds until there is work again: 0 for at once, None for never unless a message comes.
        """
        now = self._clock()
        name = self._next(now)
        if name is not None:
            session, turn = self._sessions[name], self._turn_length()
            self._try(session, lambda: session.work(min(SLICE, turn)))
            spent = self._clock() - now
            self._used[name] += spent
            self._halfway = name if self._halfway is None and spent < turn >= 2 * SLICE else None
            if self._halfway is None:  # its turn is over: to the end of the line
                self._due[name] = self._due.pop(name)
        soonest = min(self._due.values(), default=math.inf)
        return None if soonest == math.inf else max(0.0, soonest - self._clock())

    def _next(self, now: float) -> str | None:
        """Return whose turn it is, and note how far time has come for all."""
        if self._halfway is not None and self._due.get(self._halfway, math.inf) <= now:
            return self._halfway
        self._halfway = None
        ready = [name for name, due in self._due.items() if due <= now]
        if not ready:
            return None
        name = min(ready, key=lambda name: max(self._present, self._used.get(name, 0.0)))
        self._used[name] = self._present = max(self._present, self._used.get(name, 0.0))
        return name

    def _turn_length(self) -> float:
        return max(_LEAST_TURN, min(2 * SLICE, _ROUND / self.crowd()))

    def crowd(self) -> int:
        """Return how many sessions share the time that frames may take: all that run, once one runs at full speed."""
        now = self._clock()
        if now >= self._count_again:
            self._count_again = now + _COUNT_REST
            busy = [session for session in self._sessions.values() if session.busy]
            self._crowd = max(1, len(busy)) if any(session.unpaced for session in busy) else 1
        return self._crowd

    def _open(self, message: Open) -> None:
        name = message.session
        try:
            record, reason = message.record, message.reason
            session = Session(name, record, self._limits, self._emit, self._clock, reason, self.crowd, message.kept)
        except Hangup:
            raise
        except Exception:
            fault("session_not_opened")
            self._emit(Broken(name))
        else:
            self._sessions[name] = session
            self._used[name] = self._present
            self._due[name] = session.due()

    def _try(self, session: Session, work: Callable[[], None]) -> None:
        """Keep what goes wrong inside the session that it is about."""
        try:
            work()
        except Hangup:
            raise
        except Exception:
            fault("session_failed")
            session.fail()
        self._due[session.name] = session.due()


def _hand(session: Session, message: ToHost) -> None:
    if isinstance(message, Order):
        session.obey(message.client, message.command, message.wish)
    elif isinstance(message, Want):
        session.want(message.positions)
    elif isinstance(message, Attendance):
        session.attended(message.clients, message.left)
    elif isinstance(message, JobDone):
        session.job_done(message.job, message.result)
    elif isinstance(message, JobAdvanced):
        session.job_advanced(message.job, message.share)
