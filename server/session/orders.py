"""What clients have asked to be computed beside the training: in turn, one at a time, while they stay."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..wire.commands import Command, CommandError
from ..wire.messages import Cancel, Job, ToFront, Work
from ..wire.settings import Limits

Answer = Callable[[Any], dict[str, Any]]

_TOPIC = "order"


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """A piece of work, who asked for it with which command, and what makes the fields of the reply of its result."""

    job: int
    client: int
    command: Command
    work: Work
    answer: Answer


class Orders:
    """A queue of which the front sees one piece at a time: so sessions take turns, however much one asks for.

    Parameters
    ----------
    session : str
    emit : callable
        Takes what is for the front.
    limits : Limits
    """

    def __init__(self, session: str, emit: Callable[[ToFront], None], limits: Limits) -> None:
        self._session, self._emit, self._limits = session, emit, limits
        self._queue: list[Order] = []  # the first is being computed

    def __len__(self) -> int:
        return len(self._queue)

    def add(self, order: Order) -> None:
        """Have something computed.

        Raises
        ------
        CommandError
            If too much waits already.
        """
        own = sum(one.client == order.client for one in self._queue)
        for count, most in ((own, self._limits.client_jobs), (len(self._queue), self._limits.session_jobs)):
            if count >= most:
                words = f"{most} computations wait already: ask again when one is done"
                raise CommandError("too_many_jobs", words, {"name": order.command.op, "value": count, "high": most})
        self._queue.append(order)
        if len(self._queue) == 1:
            self._start()

    def take(self, job: int) -> Order | None:
        """Return the order that a job was about, and go on with the next; None if nobody wants it any more."""
        if not self._queue or self._queue[0].job != job:
            return None
        order = self._queue.pop(0)
        self._start()
        return order

    def drop(self, client: int) -> None:
        """A client has left: nobody wants what it asked for."""
        running = self._queue[:1]
        self._queue = [one for one in self._queue if one.client != client]
        if running and self._queue[:1] != running:
            self._emit(Cancel(self._session, _TOPIC))
            self._start()

    def _start(self) -> None:
        if self._queue:
            first = self._queue[0]
            self._emit(Job(self._session, first.job, _TOPIC, first.work))
