"""A trainer host: many sessions, round robin, in slices short enough for a hand on a slider.

The same host works in a process of its own and in the event loop of the front: see `link`.
"""

from __future__ import annotations

import math
import sys
import time
import traceback
from collections.abc import Callable

from ...core.data.tables import forget, register
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

#: Seconds of training between two looks at the inbox; a session's turn has two of them.
SLICE = 0.0005


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
        self._due: dict[str, float] = {}  # when each has work; its order is the round robin
        self._second_half = False

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
        name = next((name for name, due in self._due.items() if due <= now), None)
        if name is not None:
            session = self._sessions[name]
            self._try(session, lambda: session.work(SLICE))
            if self._second_half:  # its turn is over: to the end of the line
                self._due[name] = self._due.pop(name)
            self._second_half = not self._second_half
        soonest = min(self._due.values(), default=math.inf)
        return None if soonest == math.inf else max(0.0, soonest - self._clock())

    def _open(self, message: Open) -> None:
        name = message.session
        try:
            session = Session(name, message.record, self._limits, self._emit, self._clock, message.reason)
        except Hangup:
            raise
        except Exception:
            traceback.print_exc(file=sys.stderr)
            self._emit(Broken(name))
        else:
            self._sessions[name] = session
            self._due[name] = session.due()

    def _try(self, session: Session, work: Callable[[], None]) -> None:
        """Keep what goes wrong inside the session that it is about."""
        try:
            work()
        except Hangup:
            raise
        except Exception:
            traceback.print_exc(file=sys.stderr)
            session.fail()
        self._due[session.name] = session.due()


def _hand(session: Session, message: ToHost) -> None:
    if isinstance(message, Order):
        session.obey(message.client, message.command)
    elif isinstance(message, Want):
        session.want(message.positions)
    elif isinstance(message, Attendance):
        session.attended(message.clients, message.left)
    elif isinstance(message, JobDone):
        session.job_done(message.job, message.result)
    elif isinstance(message, JobAdvanced):
        session.job_advanced(message.job, message.share)
