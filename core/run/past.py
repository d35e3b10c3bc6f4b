"""What a run remembers of its way: positions, keyframes and losses; and how that becomes plain data and comes back.

Plain data are dictionaries, lists, numbers, words and arrays: all that a later process needs to go on with the run at a
step, bit for bit, without taking the steps before it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import asdict
from typing import Any

import numpy as np

from ..config.config import RunConfig
from ..ground.errors import ConfigError
from ..nets.activations import Array
from ..nets.normalization import Statistics
from ..optimizers.clipping import Clipping
from ..optimizers.schedules import Plateau
from ..optimizers.table import OPTIMIZERS
from .batches import Place
from .continual import ContinualState
from .edits import Edits
from .engine_state import EngineState
from .history import Keyframe, Keyframes, Path
from .record import LossRecord
from .stopping import Patience
from .tasks import TaskRecord

#: How much of the past goes with a run at most: keyframes and their bytes, and the bytes of positions.
_MOST_FRAMES, _FRAME_BYTES, _PATH_BYTES = 64, 2**20, 2**20


class Past:
    """The past of a run on its present branch.

    Parameters
    ----------
    theta : array (P,)
        The position at step 0.
    budget : int
        Bytes that keyframes may take.

    Attributes
    ----------
    path : Path
    keyframes : Keyframes
    losses : LossRecord
    tasks : TaskRecord
    """

    def __init__(self, theta: Array, budget: int) -> None:
        self.path = Path(theta)
        self.keyframes = Keyframes(budget)
        self.losses = LossRecord()
        self.tasks = TaskRecord()
        self._noted: tuple[Keyframe, ...] = ()

    @property
    def nbytes(self) -> int:
        """Bytes that it takes, about."""
        return self.keyframes.nbytes + self.path.nbytes + self.losses.nbytes

    def note(self, frame: Keyframe) -> None:
        """Remember the present, until it is noted again twice: a run that goes on will be kept from there."""
        if not self._noted or self._noted[-1].step != frame.step:
            self._noted = (*self._noted, frame)[-2:]

    def truncate(self, step: int, tasks: int = 0) -> None:
        """Forget all after `step`, which is the present, and lies behind so many tasks."""
        self.tasks.truncate(tasks)
        self.keyframes.truncate(step)
        self.path.truncate(step)
        self.losses.truncate()
        self._noted = tuple(noted for noted in self._noted if noted.step <= step)

    def adopt(self, other: Past, step: int, edits: Edits, tasks: int = 0) -> None:
        """Take over the past of another run up to `step`, which lies behind so many tasks.

        That run may have taken more entries to say what the `edits` of this one say: a hand that moved while it stood.
        """
        self.tasks = deepcopy(other.tasks)
        self.tasks.truncate(tasks)
        room = self.keyframes.budget
        self.keyframes = other.keyframes.until(step, edits.before)
        self.keyframes.budget = room
        self.path, self.losses = deepcopy(other.path), deepcopy(other.losses)
        self.path.truncate(step)
        self.losses.truncate()
        self._noted = ()

    def before(self, step: int) -> Keyframe:
        """Return the last keyframe at or before `step`, a noted one among them."""
        near = [noted for noted in self._noted if noted.step <= step and self.losses.holds(noted.step)]
        return max([self.keyframes.before(step), *near], key=lambda frame: frame.step)

    def data(self, frame: Keyframe, edits: Edits) -> dict[str, Any]:
        """Return the past up to a keyframe, and all that the steps after it depend on, as plain data."""
        earlier = [kept for kept in self.keyframes.frames if 0 < kept.step < frame.step]
        size = max(1, frame.engine.nbytes)
        most = max(1, min(_MOST_FRAMES, _FRAME_BYTES // size))
        gap = self.keyframes.gap
        while len(earlier) > most:
            gap *= 2
            earlier = [kept for kept in earlier if kept.step % gap == 0]
        return {
            "run": edits.fingerprint(frame.entries),
            "frame": _data_of(frame),
            "gap": gap,
            "earlier": [_data_of(kept) for kept in earlier],
            "losses": self.losses.data(frame.step),
            "path": self.path.data(frame.step, _PATH_BYTES),
            "tasks": self.tasks.data(frame.step // (frame.config.data.steps_per_task or frame.step + 1)),
        }

    def take(self, values: Mapping[str, Any], edits: Edits, first: Keyframe) -> Keyframe:
        """Take over a past from plain data, and return the keyframe that it ends with.

        Parameters
        ----------
        values : mapping
            From `data`.
        edits : Edits
            Of the run.
        first : Keyframe
            That of step 0, which tells what the run is made of.

        Raises
        ------
        ConfigError
            If this is no past of the run. Nothing is changed then.
        """
        try:
            frame = _keyframe_of(values["frame"], edits, first)
            earlier = [_keyframe_of(kept, edits, first) for kept in values["earlier"]]
            keyframes = Keyframes(self.keyframes.budget)
            keyframes.resume([first, *earlier], int(values["gap"]), frame.step)
            losses = LossRecord.of(values["losses"])
            path = Path(first.engine.theta)
            path.resume(values["path"], frame.step)
            tasks = TaskRecord.of(values["tasks"])
            if losses.steps != frame.step or values["run"] != edits.fingerprint(frame.entries):
                raise ValueError("it is of another run")
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
            raise ConfigError(f"what was kept of a run does not fit it: {error}", "kept", None) from error
        self.keyframes, self.losses, self.path, self._noted = keyframes, losses, path, (frame,)
        self.tasks = tasks
        return frame


def _data_of(frame: Keyframe) -> dict[str, Any]:
    state = frame.engine
    place, plateau, clipping = state.place, state.plateau, state.clipping
    return {
        "step": frame.step,
        "entries": frame.entries,
        "theta": state.theta,
        "optimizer": {"t": state.optimizer[0], "memory": dict(state.optimizer[1])},
        "place": [place.epoch, place.position, place.drawn_from, place.stream],
        "dropout": state.dropout,
        "noise": state.noise,
        "running": [None if layer is None else [layer.mean, layer.variance] for layer in state.running],
        "plateau": [plateau.factor, plateau.best, plateau.waited],
        "clipping": [clipping.steps, clipping.clipped, clipping.before, clipping.after],
        "stopping": [frame.stopping.best, frame.stopping.waited],
        "continual": None if state.continual is None else asdict(state.continual),
    }


def _keyframe_of(values: Mapping[str, Any], edits: Edits, first: Keyframe) -> Keyframe:
    like = first.engine
    step, entries = int(values["step"]), int(values["entries"])
    config = edits.config_after(entries)
    epoch, position, drawn_from, stream = values["place"]
    running = values["running"]
    if len(running) != len(like.running):
        raise ValueError("another number of layers")
    optimizer = {name: np.array(array) for name, array in values["optimizer"]["memory"].items()}
    state = EngineState(
        _like(values["theta"], like.theta),
        (int(values["optimizer"]["t"]), optimizer),
        Place(int(epoch), int(position), _stream(drawn_from), _stream(stream) or {}),
        _stream(values["dropout"]),
        tuple(
            None
            if kept is None
            else Statistics(*(_like(new, old) for new, old in zip(now, _arrays(kept), strict=True)))
            for now, kept in zip(running, like.running, strict=True)
        ),
        Plateau(*values["plateau"]),
        Clipping(*values["clipping"]),
        _stream(values["noise"]),
        _continual(values["continual"], config),
    )
    rule = OPTIMIZERS[config.optimizer.name]
    shapes = {**dict.fromkeys(rule.memory, like.theta.shape), **dict.fromkeys(rule.numbers, (1,))}
    if {name: array.shape for name, array in optimizer.items()} != shapes:
        raise ValueError(f"not the memory of {rule.name}")
    return Keyframe(step, config, entries, state, Patience(*values["stopping"]))


def _continual(values: Mapping[str, Any] | None, config: RunConfig) -> ContinualState | None:
    """Return where continual backpropagation is, which a run has that replaces units."""
    if (values is None) != (not config.replacement_rate):
        raise ValueError("not where continual backpropagation is")
    if values is None:
        return None
    hidden = config.network.hidden
    utility, due = np.array(values["utility"], np.float64), np.array(values["due"], np.float64)
    age = np.array(values["age"], np.int64)
    if utility.shape != (sum(hidden),) or age.shape != utility.shape or due.shape != (len(hidden),):
        raise ValueError(f"utilities of {utility.size} units in {due.size} layers")
    return ContinualState(utility, age, due, _stream(values["stream"]) or {})


def _arrays(layer: Statistics) -> tuple[Array, Array]:
    return layer.mean, layer.variance


def _like(array: object, model: Array) -> Array:
    """Return a copy of an array that has to have the form of another."""
    found = np.array(array)
    if found.shape != model.shape or found.dtype != model.dtype:
        raise ValueError(f"{found.dtype} {found.shape} instead of {model.dtype} {model.shape}")
    return found


def _stream(state: Any) -> Mapping[str, Any] | None:
    """Return the state of a random stream, after it has been tried."""
    if state is not None:
        np.random.PCG64().state = state
    return None if state is None else dict(state)
