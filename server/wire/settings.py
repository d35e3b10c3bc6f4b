"""What a server allows: limits, each with its reason, and how it is reached."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

#: One thread per process for linear algebra: the nets are small, the bits of a run must not depend on threads,
#: and every trainer process has a core of its own. Read by the libraries when NumPy is loaded.
ONE_THREAD = {
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "BLIS_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds that keep one user from spoiling the server for others.

    Parameters
    ----------
    sessions : int
        Runs held at once; when full, the one abandoned longest makes room.
    address_sessions : int
        Runs of one address; the one abandoned longest makes room for its own.
    copies : int
        Copies of a room's run that one of its members may have at once: they count by their member, not by the address
        that a whole school may share.
    idle_bytes : int
        Memory of sessions that nobody looks at; above, the one abandoned longest is put away until somebody comes.
    clients : int
        Sockets in one session, its room's not counted.
    rooms, members : int
        Rooms, and people in one.
    layers, neurons, units, parameters, samples : int
        Size of a network and its data: hidden layers, neurons per layer and in all hidden layers, weights and biases
        together, rows.
    edits : int
        Live changes in one run; a run is replayed from them.
    message_bytes : int
        Longest command.
    upload_bytes : int
        Memory for the tables of all uploads together.
    uploads, address_uploads : int
        Files on their way at once, and those of one address; of one session there is one.
    memory_bytes : int
        Memory that all runs together may be expected to take; above, none is opened and none grows.
    strangers : int
        Sockets that have not yet said hello; when full, the address with the most makes room.
    hello_seconds : float
        How long they have for it.
    waiting_bytes : int
        Replies that may wait for one client; who leaves more unread is disconnected.
    client_jobs, session_jobs : int
        Computations beside the training that may wait at once: of one client, and of all clients of a session.
    messages_per_second, messages_at_once : float
        How fast commands may come in the long run, and how many in a burst. 16 kB of text count as one more.
    machine_code : bool
        Whether the compiled engine may take over a run that leaves the choice.
    """

    sessions: int = 600
    address_sessions: int = 100
    copies: int = 3
    idle_bytes: int = 1 << 29
    clients: int = 300
    rooms: int = 50
    members: int = 2000
    layers: int = 64
    neurons: int = 4096
    units: int = 8192
    parameters: int = 1_100_000
    samples: int = 5000
    edits: int = 10_000
    message_bytes: int = 1 << 20
    upload_bytes: int = 1 << 28
    uploads: int = 16
    address_uploads: int = 8
    memory_bytes: int = 1 << 33
    strangers: int = 300
    hello_seconds: float = 10.0
    waiting_bytes: int = 1 << 26
    client_jobs: int = 8
    session_jobs: int = 16
    messages_per_second: float = 200.0
    messages_at_once: float = 400.0
    machine_code: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """How this server runs.

    Parameters
    ----------
    trainers : int
        Trainer processes at most; 0 trains in the front process (tests, notebooks).
    local : bool
        Bound to a loopback address, with nothing before it. Then pages are served only under names that no stranger's
        site can take.
    token : str, optional
        What a client must know to control anything; None on loopback with nothing before it.
    root_path : str
        What the address of the page begins with behind a proxy, as in ``/backscope``; empty for nothing.
    origins : tuple of str
        Origins, besides the page's own, whose pages may connect.
    frames : tuple of str
        Origins whose pages may show this one in a frame.
    limits : Limits
    expiry : float
        Seconds after which a session without clients is forgotten.
    heartbeat : float
        Seconds in which something leaves on every socket, if only a sign of life: one that is quiet for half as long
        again makes the page look whether another gets through (`static/js/wire/rival.js`).
    data_dir : Path, optional
        Where runs are kept; None for nowhere: they last as long as the server.
    lessons : tuple of Path
        Folders with more lessons than the page brings.
    """

    trainers: int = 0
    local: bool = True
    token: str | None = None
    root_path: str = ""
    origins: tuple[str, ...] = ()
    frames: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    expiry: float = 3600.0
    heartbeat: float = 2.0
    data_dir: Path | None = None
    lessons: tuple[Path, ...] = ()


def cores() -> int:
    """Cores that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def half_of_memory() -> int:
    """Return half of the machine's memory in bytes, for all runs together; what is usual where nobody knows it."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    except (AttributeError, OSError, ValueError):  # another system
        return Limits().memory_bytes
