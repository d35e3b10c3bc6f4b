"""What an audience sees of a run: layout, data, and the frame that is due."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..panels.inspection import Watch, inspect
from ..panels.surfaces import SurfaceView
from ..run.run import Run
from ..run.spent import spent
from ..wire.detail import Detail
from ..wire.messages import Frame, Part, Position, Publish, ToFront
from ..wire.protocol import Arrays, head, text
from . import frames, lane_frames

#: Seconds between two frames of a session at least: nobody draws faster.
_REST = 1 / 125
#: And for each part of the host's time that the frames of all sessions take, so many are left for training,
_SHARE = 3
#: but nobody waits longer than this for the sake of others.
_MOST_REST = 1 / 25
#: Steps per second up to which a large net's frames are sent whole.
_SLOW = 4
#: Clients of a session that can look closer at the same time; the newest are served.
_MOST_WATCHES = 8


class Screen:
    """The frames of one session: made when somebody can take one, and something has changed for them.

    Parameters
    ----------
    name : str
        The session.
    run : Run
    surface : SurfaceView
    emit : callable
        Takes what is for the front.
    number : int
        Frames get numbers above this one.
    crowd : callable, optional
        Returns how many sessions share the time that frames may take.
    ghost : callable, optional
        Returns the curve of the run that can come back.
    """

    def __init__(
        self,
        name: str,
        run: Run,
        surface: SurfaceView,
        emit: Callable[[ToFront], None],
        number: int = 0,
        crowd: Callable[[], int] = lambda: 1,
        ghost: Callable[[], Mapping[str, Any] | None] = lambda: None,
    ) -> None:
        self.sample = 0
        self._name, self._run, self._surface, self._emit = name, run, surface, emit
        self._wanted: tuple[Position | None, ...] = ()
        self._seq = number
        self._layout = 0
        self._urgent = True
        self._next = -math.inf
        self._crowd, self._ghost = crowd, ghost
        self._watches: dict[int, Watch] = {}
        self._detail = Detail()

    @property
    def layout(self) -> int:
        """Number of the present layout."""
        return self._layout

    @property
    def seq(self) -> int:
        """Number of the last frame."""
        return self._seq

    def introduce(self) -> None:
        """Tell the front how frames are to be read, and the data that the run is about."""
        self._tell_layout()
        self._watches.clear()
        self._detail.restart()
        self._tell_data()
        self.sample = min(self.sample, self._run.rows - 1)
        self._urgent = True

    def renew(self) -> None:
        """Tell the front if a live edit, or a return to before one, has changed the network; its shape stays."""
        if self._run.trainer.network is not self._network:
            self._tell_layout(alike=True)

    def _tell_data(self) -> None:
        self._data = self._run.trainer.posed.data
        self._emit(Publish(self._name, "data", frames.data_message(self._run.trainer)))

    def _tell_layout(self, *, alike: bool = False) -> None:
        self._network = self._run.trainer.network
        layout = frames.layout_of(self._run.trainer)
        if layout["id"] != self._layout:
            self._layout = layout["id"]
            self._emit(Publish(self._name, "layout", text("layout", layout), alike=alike))

    def introduce_change(self) -> None:
        """Another net may be shown of the same data: tell the front where it is to be read otherwise."""
        net, before, layout = self._run.trainer.network, self._network, self._layout
        if net.sizes != before.sizes or net.blocks != before.blocks:
            self.introduce()
        else:
            self.renew()
            if self._layout != layout:  # targets may be coded otherwise
                self._tell_data()
        self._urgent = True

    def watch(self, client: int, watch: Watch | None) -> None:
        """From now on frames tell what a client looks at; None ends it."""
        self._watches.pop(client, None)
        if watch is not None:
            self._watches[client] = watch
            while len(self._watches) > _MOST_WATCHES:
                del self._watches[next(iter(self._watches))]

    def leave(self, client: int) -> None:
        """A client has left: it looks at nothing any more."""
        self.watch(client, None)
        self._detail.look(client, ())

    def forget_watches(self) -> None:
        """Nobody looks closer at anything any more."""
        self._watches.clear()
        self._detail.forget()

    def look(self, client: int, layers: Iterable[int]) -> None:
        """From now on frames of a large net carry the parameters of these layers every time; none ends it."""
        self._detail.look(client, layers)

    def hurry(self) -> None:
        """A hand has changed something: the next frame must not wait."""
        self._urgent = True

    def want(self, positions: tuple[Position | None, ...]) -> None:
        """Clients at these positions may have a frame."""
        self._wanted = positions

    def due(self) -> float:
        """Return from when on there is a frame to make; infinity for never."""
        if not any(self._stale(position) for position in self._wanted):
            return math.inf
        return -math.inf if self._urgent else self._next

    def show(self, now: float, status: str) -> None:
        """Make the frame that is due, for all who wait for one."""
        begin = spent()
        run, surface = self._run, self._surface
        self.renew()
        if run.trainer.posed.data != self._data:  # its noise or the task; both may change faster than frames come
            self._tell_data()
        waiting = tuple(position for position in self._wanted if self._stale(position))
        self._wanted = tuple(position for position in self._wanted if position not in waiting)
        self._urgent = False
        row = run.measure_now_and_then(now)
        fresh = row[0] == run.trainer.step_count
        if fresh:
            surface.observe(run.trainer, row[1])
        self._seq += 1
        meta: dict[str, Any] = {
            "seq": self._seq,
            **frames.header(run.trainer, self.sample, row, self._layout, run.lane.penalty),
            **({"symptoms": symptoms} if (symptoms := run.lane.symptoms()) else {}),
            "status": status,
            "target": run.target if status == "replaying" else None,
        }
        if len(run.lanes) > 1:
            meta["lanes"] = lane_frames.observe(run, surface, row, now)
        if surface.picture.plane is not None:
            figures = surface.figures(run.trainer, row[1], now, not run.playing, fresh, self._crowd())
            meta.update(plane_id=surface.picture.plane_id, figures=figures)
        if self._watches:
            meta["inspections"] = [inspect(run.trainer, watch, self.sample) for watch in self._watches.values()]
        body = self._body(waiting)
        lane_frames.add_norms(body, run)
        parts = tuple(self._part(position, meta, body) for position in waiting)
        here = lane_frames.position_of(run, surface)
        self._emit(Frame(self._name, self._seq, here, body.tobytes(), parts))
        share = _SHARE * (spent() - begin)
        self._next = now + max(_REST, share, min(_MOST_REST, share * self._crowd()))

    def _body(self, waiting: tuple[Position | None, ...]) -> Arrays:
        """Make the arrays that all share: whole for newcomers, where the run rests, and where it goes step by step."""
        run = self._run
        known = all(position is not None and position.generation == run.generation for position in waiting)
        whole = not known or 0 < run.pace.speed <= _SLOW
        rests = not run.playing and run.target is None
        return frames.body(run.trainer, self.sample, None if whole else self._detail, rests=rests)

    def _stale(self, position: Position | None) -> bool:
        run = self._run
        return (
            position is None
            or position.version != run.version
            or position.generation != run.generation
            or position.surface != self._surface.picture.version
        )

    def _part(self, position: Position | None, meta: dict[str, Any], body: Arrays) -> Part:
        """Make what a client at this position needs beside the body."""
        run, surface, before = self._run, self._surface, []
        trainer, found = run.trainer, None
        if position is not None and position.generation == run.generation:
            found = frames.tail(trainer, run.metrics, position.step)
        if found is None:
            others = {number: lane.metrics for number, lane in run.others()}
            before.append(("history", frames.history_message(trainer, run.metrics, others, self._ghost())))
            found = frames.tail(trainer, run.metrics, trainer.step_count)
            assert found is not None
        where, arrays = found
        if surface.picture.plane is not None:
            since = position.step if position is not None else trainer.step_count
            if position is None or position.surface != surface.picture.version:
                before.append(("surface", surface.message(meta["figures"])))
                since = trainer.step_count
            arrays.add("path", surface.paths.since(since))
        lane_frames.add_tails(arrays, run, surface, position, where["from"])
        return Part(position, tuple(before), head({**meta, "tail": where}, body, arrays), arrays.tobytes())
