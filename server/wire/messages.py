"""What the front and a trainer host say to each other. Plain records: they are pickled between the processes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from numpy.typing import NDArray

from ...core.data.tables import Table
from .commands import Command
from .edits import Edit


@dataclass(frozen=True, slots=True)
class Work:
    """Something to compute in units 0…size: ``function(task, start, stop)`` gives the results of some of them.

    The function is one of a module, so that it can be sent to another process. `first` units are a cautious beginning.
    What is `far` may be computed on several machines at once. What is `common` many ask for, as all do who open the
    same run; it hangs on nothing but its task, so that its results can be kept for a while.
    """

    function: Callable[[Any, int, int], NDArray[Any]]
    task: Any
    size: int
    first: int = 1
    far: bool = False
    common: bool = False


class Cost(NamedTuple):
    """What a run asks of a machine: seconds of a step of all lanes, of the longest piece of work, and bytes."""

    step: float = 0.0
    longest: float = 0.0
    memory: int = 0


_UNKNOWN = Cost()


@dataclass(frozen=True, slots=True)
class Record:
    """All that is needed to build a session again: a run is its config and its log.

    Parameters
    ----------
    config : mapping
        The run's starting config as JSON.
    log : tuple of Edit
        The live edits, oldest first.
    step : int
        The step reached.
    lane : int
        The number of this lane, which is in focus.
    others : mapping of int to (mapping, tuple of Edit)
        Config and log of the other lanes.
    playing, speed, sample, surface
        What the user had chosen: see `Session`.
    number : int
        All numbers given after a rebuild are above this one: of frames, histories, changes and surfaces.
    cost : Cost
        What it asks of a host.
    deeds : tuple of (tuple, tuple)
        What can be undone and what can be done again, as the session keeps it.
    """

    config: Mapping[str, Any]
    log: tuple[Edit, ...] = ()
    step: int = 0
    playing: bool = False
    speed: float = 60.0
    sample: int = 0
    surface: Mapping[str, Any] = field(default_factory=dict)
    number: int = 0
    lane: int = 0
    others: Mapping[int, tuple[Mapping[str, Any], tuple[Edit, ...]]] = field(default_factory=dict)
    cost: Cost = _UNKNOWN
    deeds: tuple[tuple[Any, ...], tuple[Any, ...]] = ((), ())


class Position(NamedTuple):
    """What a client has seen.

    Parameters
    ----------
    generation : int
        Number of the history that its curves continue.
    step : int
        Up to where they reach.
    version : int
        Number of the last change that it was shown.
    surface : int
        Number of the last surface that it was shown.
    others : tuple of (int, int)
        Up to where the curves of the other lanes reach.
    """

    generation: int
    step: int
    version: int
    surface: int
    others: tuple[tuple[int, int], ...] = ()


# From the front to a host


class Open(NamedTuple):
    """Build a session, from what was `Kept` of it if possible; `reason` is told to its clients."""

    session: str
    record: Record
    reason: str | None
    kept: bytes | None = None


class Order(NamedTuple):
    """A client's command, and with it the wish for the frame that shows what came of it, as in `Want`."""

    session: str
    client: int
    command: Command
    wish: tuple[Position | None, ...] | None = None


class Give(NamedTuple):
    """A table of somebody's own, before a run needs it."""

    session: str
    table: Table


class Take(NamedTuple):
    """A table, by name, that nobody needs any more."""

    session: str
    name: str


class Want(NamedTuple):
    """Clients at these positions may have a frame; None is one that has nothing yet. Replaces an earlier wish."""

    session: str
    positions: tuple[Position | None, ...]


class Attendance(NamedTuple):
    """How many clients look at a session, and which has just `left`; with none it rests."""

    session: str
    clients: int
    left: int | None = None


class Forget(NamedTuple):
    """Drop a session."""

    session: str


class JobDone(NamedTuple):
    """The result of a job, or None where it failed."""

    session: str
    job: int
    result: Any


class JobAdvanced(NamedTuple):
    """How much of a job is done, 0…1."""

    session: str
    job: int
    share: float


ToHost = Open | Give | Take | Order | Want | Attendance | Forget | JobDone | JobAdvanced

# From a host to the front


class Reply(NamedTuple):
    """The answer to one client's command with the id `number`; or, without one, what it asked for besides.

    Of that, only the newest of a `kind` is of use. After a `change`, what is `Saved` next knows of it.
    """

    session: str
    client: int
    number: int | None
    text: str | bytes
    kind: str | None = None
    change: bool = False


class Publish(NamedTuple):
    """The newest of something that every client of a session has to know: "state", "layout" or "data".

    Where those who come later hear something else, nobody who is there misses what is told once.
    """

    session: str
    kind: str
    payload: str | bytes
    later: str | None = None  # what those hear who come later, where that is something else
    alike: bool = False  # a layout with which frames can be read that were made before it


class Saved(NamedTuple):
    """What the front keeps in case the host dies."""

    session: str
    record: Record


class Kept(NamedTuple):
    """All that it takes to go on with a session's run from near here, packed: see `packing`."""

    session: str
    payload: bytes


class Progress(NamedTuple):
    """The step a session has reached since it was saved."""

    session: str
    step: int


class Part(NamedTuple):
    """What clients at one position need beside the body that all share: whole messages before it, header and tail."""

    position: Position | None
    before: tuple[tuple[str, bytes], ...]
    head: bytes
    tail: bytes


class Frame(NamedTuple):
    """The newest frame, number `seq`. A client's message is head + body + tail of the part made for its position."""

    session: str
    seq: int
    position: Position
    body: bytes
    parts: tuple[Part, ...]


class Job(NamedTuple):
    """Work that would hold a host up. A newer job of the same topic takes the place of one that still waits."""

    session: str
    job: int
    topic: str
    work: Work


class Cancel(NamedTuple):
    """Nobody wants the result of a topic's job any more."""

    session: str
    topic: str


class Ready(NamedTuple):
    """A host can be spoken to; it is about no session."""

    session: str = ""


class Broken(NamedTuple):
    """A session could not be built."""

    session: str


ToFront = Reply | Publish | Saved | Kept | Progress | Frame | Job | Cancel | Ready | Broken
