"""What makes the past reachable: keyframes to replay from, and snapshots of the path through parameter space.

Both are kept at the multiples of a gap. When their memory is full, every other one is dropped and the gap doubles:
memory stays bounded, and what is kept stays even.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..config.config import RunConfig
from ..nets.activations import Array
from .engine_state import EngineState
from .stopping import Patience

#: Keyframes kept at most. A return replays a 256th of the run at the longest: 40 ms of a million steps of a small net.
#: Its keyframes take 2.4 kB each, so it takes no more from some 30,000 steps on. Those of large nets meet their budget
#: first.
MOST_KEYFRAMES = 512


@dataclass(frozen=True, slots=True)
class Keyframe:
    """All that the steps after `step` depend on.

    Attributes
    ----------
    step : int
        Steps taken.
    config : RunConfig
        With the edits applied so far.
    entries : int
        How many log entries those are.
    engine : EngineState
        Parameters, memories, streams.
    stopping : Patience
        State of the rule that waits for improvement.
    """

    step: int
    config: RunConfig
    entries: int
    engine: EngineState
    stopping: Patience


class Keyframes:
    """Keyframes of the present branch, at step 0 and at the multiples of `gap`.

    Parameters
    ----------
    budget : int
        Bytes they may take; two are kept in any case.
    most : int
        How many are kept at most, 2 or more.
    gap : int
        Steps between two at first; a power of two.
    """

    def __init__(self, budget: int, most: int = MOST_KEYFRAMES, gap: int = 64) -> None:
        self.gap = gap
        self.budget, self._most = budget, most
        self._frames: list[Keyframe] = []

    def add(self, frame: Keyframe) -> None:
        """Keep a keyframe of a step that is a multiple of the gap, later than all that are kept."""
        while len(self._frames) > 1 and (len(self._frames) >= self._most or self._size(frame) > self.budget):
            self.gap *= 2
            self._frames = [kept for kept in self._frames if kept.step % self.gap == 0]
        if frame.step % self.gap == 0:
            self._frames.append(frame)

    @property
    def nbytes(self) -> int:
        """Bytes that they take, about."""
        return sum(frame.engine.nbytes for frame in self._frames)

    def _size(self, frame: Keyframe) -> int:
        """Return about how many bytes they would take with another one like `frame`."""
        return (len(self._frames) + 1) * frame.engine.nbytes

    def before(self, step: int) -> Keyframe:
        """Return the last keyframe at or before `step`."""
        index = min(step // self.gap, len(self._frames) - 1)
        return self._frames[index]

    @property
    def last(self) -> int:
        """Step of the last keyframe."""
        return self._frames[-1].step

    @property
    def frames(self) -> list[Keyframe]:
        """All of them, in order."""
        return list(self._frames)

    @property
    def steps(self) -> list[int]:
        """The steps that there are keyframes of."""
        return [frame.step for frame in self._frames]

    def resume(self, frames: list[Keyframe], gap: int, step: int) -> None:
        """Take over keyframes of a run that stands at `step`: all at the multiples of `gap` up to before it.

        Raises
        ------
        ValueError
            If there are others, or some are missing.
        """
        if gap < self.gap or gap % self.gap or [frame.step for frame in frames] != list(range(0, max(step, 1), gap)):
            raise ValueError(f"keyframes of step {[frame.step for frame in frames][:9]} with a gap of {gap}")
        self.gap, self._frames = gap, list(frames)

    def until(self, step: int, entries: Callable[[int], int]) -> Keyframes:
        """Return the keyframes up to `step`, for another run, whose log has so many `entries` before each."""
        other = Keyframes(self.budget, self._most, self.gap)
        shared = self._frames[: step // self.gap + 1]
        other._frames = [replace(frame, entries=entries(frame.step)) for frame in shared]
        return other

    def truncate(self, step: int) -> None:
        """Forget all keyframes after `step`."""
        self._frames = self._frames[: step // self.gap + 1]


class Path:
    """Positions θ of the present branch at the multiples of a gap, thinned to fit a given number of bytes.

    Parameters
    ----------
    theta : array (P,)
        The position at step 0.
    budget : int
        Bytes they may take.
    points : int
        How many are kept at most.
    """

    def __init__(self, theta: Array, budget: int = 16 * 2**20, points: int = 1024) -> None:
        capacity = max(2, min(points, budget // theta.nbytes))
        self.gap, self._count = 1, 1
        self._positions = np.empty((capacity, theta.size), theta.dtype)
        self._positions[0] = theta

    def add(self, step: int, theta: Array) -> None:
        """Keep the position at a step, if it is the next multiple of the gap."""
        if step != self._count * self.gap:
            return
        if self._count == len(self._positions):
            kept = (self._count + 1) // 2
            self._positions[:kept] = self._positions[: 2 * kept : 2]
            self._count, self.gap = kept, self.gap * 2
            if step != self._count * self.gap:
                return
        self._positions[self._count] = theta
        self._count += 1

    def room(self) -> tuple[int, Array]:
        """Return the next step whose position is kept, and where it and those after it go (k, P): see `added`."""
        return self._count * self.gap, self._positions[self._count :]

    def added(self, count: int) -> None:
        """Note that so many of those positions have been written."""
        self._count += count

    @property
    def nbytes(self) -> int:
        """Bytes that the positions take."""
        return int(self._positions[: self._count].nbytes)

    def replace(self, step: int, theta: Array) -> None:
        """Correct the position at a step, if it is kept."""
        if step % self.gap == 0 and step // self.gap < self._count:
            self._positions[step // self.gap] = theta

    def column(self, step: int, index: int, max_points: int) -> tuple[NDArray[np.int64], Array]:
        """Return at most about `max_points` steps (k,) up to `step` and one parameter's values (k,) there."""
        count = min(self._count, step // self.gap + 1)
        stride = -(-count // max(max_points, 1))
        return np.arange(0, count, stride) * self.gap, self._positions[:count:stride, index].copy()

    def kept(self, step: int) -> tuple[NDArray[np.int64], Array]:
        """Return the steps (k,) up to `step` that are kept, and a view of the positions (k, P), good until the next."""
        count = min(self._count, step // self.gap + 1)
        return np.arange(count) * self.gap, self._positions[:count]

    def data(self, step: int, most_bytes: int) -> dict[str, Any]:
        """Return the positions up to `step` as plain data, thinned to take at most so many bytes, where two fit."""
        positions, gap = self._positions[: min(self._count, step // self.gap + 1)], self.gap
        while len(positions) > 2 and positions.nbytes > most_bytes:
            positions, gap = positions[::2], gap * 2
        return {"gap": gap, "positions": positions.copy()}

    def resume(self, values: Mapping[str, Any], step: int) -> None:
        """Take over positions, from `data`, of a run that stands at `step`.

        Raises
        ------
        ValueError
            If they are of another run.
        """
        gap, positions = int(values["gap"]), values["positions"]
        count, capacity = len(positions), len(self._positions)
        fits = positions.dtype == self._positions.dtype and positions.shape[1:] == self._positions.shape[1:]
        if not fits or gap < 1 or not 1 <= count <= capacity or count != step // gap + 1:
            raise ValueError(f"positions {positions.dtype} {positions.shape} with a gap of {gap}")
        self.gap, self._count = gap, count
        self._positions[:count] = positions

    def truncate(self, step: int) -> None:
        """Forget all positions after `step`."""
        self._count = min(self._count, step // self.gap + 1)

    def last(self) -> tuple[int, Array]:
        """Return the last step that is kept, and its position (P,)."""
        return (self._count - 1) * self.gap, self._positions[self._count - 1].copy()

    def until(self, step: int, theta: Array, max_points: int) -> tuple[NDArray[np.int64], Array]:
        """Return at most `max_points` ≥ 2 steps (k,) with their positions (k, P), from 0 to the present `step`."""
        count = min(self._count, step // self.gap + 1)
        stride = -(-count // max(max_points - 1, 1))
        steps = np.arange(0, count, stride) * self.gap
        positions = self._positions[:count:stride]
        if steps[-1] == step:
            return steps, positions.copy()
        return np.append(steps, step), np.concatenate([positions, theta[None]])
