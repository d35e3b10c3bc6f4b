"""A trainer host's process: started from here, and what it does in there.

Nothing is imported that takes long, so that a process can load at the same time as the front that will speak to it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
from collections.abc import Iterator
from multiprocessing import get_context, resource_tracker

from ..wire.settings import ONE_THREAD, Limits

_LAST_SECONDS = 3  # whole ones, from SIGTERM to the end of a process whose front stays
_spawning = threading.Lock()  # the environment belongs to the whole process


class TrainerProcess:
    """A process with a host, and the front's end of a pair of sockets to it.

    The process ends when its socket does: also when the front is killed without a word.

    Parameters
    ----------
    limits : Limits
    """

    def __init__(self, limits: Limits) -> None:
        self.ours, self._theirs = socket.socketpair()
        self.ours.setblocking(False)
        self.process = get_context("spawn").Process(
            target=_serve, args=(self._theirs, limits), name="backscope trainer", daemon=True
        )
        self._starting = threading.Lock()

    def start(self) -> None:
        """Start the process, unless that has been done; it loads while this one goes on.

        Raises
        ------
        OSError
            If it cannot be started.
        """
        with self._starting:
            if self.process.pid is None:
                with quiet_start():
                    self.process.start()
                self._theirs.close()

    def close(self) -> None:
        """Hang up: the process, if there is one, ends by itself."""
        self.ours.close()
        self._theirs.close()


@contextlib.contextmanager
def quiet_start() -> Iterator[None]:
    """What is started meanwhile computes with one thread, and no signal to the group ends it while it loads."""
    masks = hasattr(signal, "pthread_sigmask")
    with _spawning:
        if masks:  # it comes with the first process that is started, and lets signals through again
            resource_tracker.ensure_running()
        before = {name: os.environ.get(name) for name in ONE_THREAD}
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM}) if masks else set()
        os.environ.update(ONE_THREAD)
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value
            if masks:
                signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def outlive_front() -> None:
    """Leave it to the front what a signal to the whole group means: this process ends when the front does.

    A SIGTERM that was for this process alone ends it after a moment, in which the front would have gone.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "alarm"):
        signal.signal(signal.SIGTERM, lambda *_: signal.alarm(_LAST_SECONDS))
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})


def _serve(theirs: socket.socket, limits: Limits) -> None:
    """Be a trainer process, until the front hangs up."""
    from ..session.host import Host  # here, because the front has no use for it
    from ..wire.messages import Ready
    from ..wire.pipe import Hangup, Pipe

    outlive_front()
    pipe = Pipe(theirs)
    host = Host(pipe.send, limits)
    delay: float | None = 0.0
    with contextlib.suppress(Hangup):
        pipe.send(Ready())
        while True:
            for message in pipe.receive(delay):
                host.handle(message)
            delay = host.turn()
