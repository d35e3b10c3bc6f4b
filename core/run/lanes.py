"""Lanes: several runs in lockstep on the same batches in the same order, so that only one thing differs.

Lanes agree in data, seed and batch size. So every epoch deals all of them the same batches, and where shapes and
initializers agree they start from the same weights. Each lane is bit for bit the run that it would be alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from time import perf_counter

from ..config.config import LIVE_DATA, RunConfig
from ..ground.errors import ConfigError, check_integer
from ..landscapes.functions import LANDSCAPES
from ..landscapes.problem import fitting_rate
from ..optimizers.table import OPTIMIZERS, usual_rate
from .trainer import Trainer

#: Lanes side by side at most: so many colours can be told apart.
MOST_LANES = 6

#: Entries of a config that all lanes share.
SHARED = ("data", "seed", "batch_size")

#: Live edits of what lanes share: they go to all.
SHARED_EDITS = ("batch_size", *LIVE_DATA)


class Lanes(Mapping[int, Trainer]):
    """Trainers side by side, by the number of their lane.

    Parameters
    ----------
    trainers : mapping of int to Trainer
        One to six; keys 0 to 5.

    Raises
    ------
    ConfigError
        If there are too many, or if they do not share data, seed and batch size.
    """

    def __init__(self, trainers: Mapping[int, Trainer]) -> None:
        self._trainers: dict[int, Trainer] = {}
        self._costs: dict[int, float] = {}  # seconds a step, of late
        for lane, trainer in trainers.items():
            self.add(trainer, lane)

    def __getitem__(self, lane: int) -> Trainer:
        return self._trainers[lane]

    def __iter__(self) -> Iterator[int]:
        return iter(self._trainers)

    def __len__(self) -> int:
        return len(self._trainers)

    @property
    def step_count(self) -> int:
        """Steps taken by the lane that is furthest: by all, but those that diverged or stopped before."""
        return max((trainer.step_count for trainer in self._trainers.values()), default=0)

    @property
    def furthest(self) -> int:
        """The furthest step that a lane has reached on its branch."""
        return max((trainer.furthest for trainer in self._trainers.values()), default=0)

    @property
    def able(self) -> list[int]:
        """Lanes that can take another step: neither diverged nor stopped by a rule."""
        return [lane for lane, held in self._trainers.items() if held.diverged is None and held.stopped is None]

    # Who is there

    def free(self) -> int:
        """Return the lowest number that no lane has.

        Raises
        ------
        ConfigError
            If all are taken.
        """
        for lane in range(MOST_LANES):
            if lane not in self._trainers:
                return lane
        message = f"there can be {MOST_LANES} lanes side by side: remove one first"
        raise ConfigError(message, "lanes", MOST_LANES + 1, 1, MOST_LANES)

    def add(self, trainer: Trainer, lane: int | None = None) -> int:
        """Put the run of `trainer` beside the others, and return its number, `lane`; `run` takes it to their step."""
        number = self.free() if lane is None else check_integer("lane", lane, 0, MOST_LANES - 1)
        for other in self._trainers.values():
            check_shared(other.edits.start, trainer.edits.start)
        self._trainers[number] = trainer
        share = len(self._trainers)
        for held in self._trainers.values():
            held.share_memory(share)
        return number

    def remove(self, lane: int) -> None:
        """Take a lane away."""
        del self._trainers[lane]
        self._costs.pop(lane, None)
        for held in self._trainers.values():
            held.share_memory(len(self._trainers))

    # Training

    def run(self, steps: int, deadline: float | None = None) -> int:
        """Take steps with every lane that can, side by side, and return by how many the furthest has moved.

        A lane that is behind is brought up first. One that diverges stays where it is; one that meets a stopping rule
        stays until `go_on`. The others train on.

        Parameters
        ----------
        steps : int
            To take at most.
        deadline : float, optional
            Of `time.perf_counter()`: about then it returns, with all lanes at the same step.
        """
        begin = self.step_count
        while able := self.able:
            here = self.step_count
            behind = min(able, key=lambda lane: self._trainers[lane].step_count)
            if (missing := here - self._trainers[behind].step_count) > 0:
                self._trainers[behind].run(missing, deadline)
            elif here - begin < steps:
                self._together(able, steps - (here - begin), deadline)
            else:
                break
            if deadline is not None and perf_counter() >= deadline:
                break
        return self.step_count - begin

    def go_on(self) -> None:
        """Let lanes that a rule has stopped take steps again."""
        for trainer in self._trainers.values():
            trainer.stopped = None

    def _together(self, able: list[int], steps: int, deadline: float | None) -> None:
        """Take as many steps as the slowest lane takes in its share of the time, with all."""
        able = sorted(able, key=lambda lane: -self._costs.get(lane, float("inf")))
        begin, count = perf_counter(), steps
        until = None if deadline is None else begin + max(0.0, deadline - begin) / len(able)
        if until is not None and self._costs.keys() < set(able):
            count = 1  # to know what they cost
        for k, lane in enumerate(able):
            taken = self._trainers[lane].run(count, until if k == 0 else None)
            begin, before = perf_counter(), begin
            if taken:
                cost = (begin - before) / taken
                self._costs[lane] = cost + 0.8 * (self._costs.get(lane, cost) - cost)
            if k == 0:
                count = taken
            if not count:
                break

    # Time travel

    def rewind(self, step: int) -> int:
        """Take all lanes to a step at or before `step` from which it is quick to train there; return the lowest."""
        return min(trainer.rewind(step) for trainer in self._trainers.values())

    def seek(self, step: int) -> None:
        """Take all lanes to a step, each with the same bits as the first time; one that diverges before ends there."""
        for trainer in self._trainers.values():
            trainer.seek(step)


def suiting_rates(config: RunConfig) -> dict[str, float]:
    """Return, by optimizer, the learning rate at which it would race against a run: on a landscape its own."""
    if config.on_landscape:
        landscape = LANDSCAPES[config.data.name]
        return {name: fitting_rate(landscape, name) for name in OPTIMIZERS}
    model = config.optimizer
    return {name: usual_rate(name, model.name, model.learning_rate) for name in OPTIMIZERS}


def check_shared(one: RunConfig, other: RunConfig) -> None:
    """Raise ConfigError, in words, if two runs cannot be lanes of the same race."""
    for name in SHARED:
        if getattr(one, name) != getattr(other, name):
            raise ConfigError(f"all lanes share {name}: it cannot differ in one of them", name, name)


def agree(one: Trainer, other: Trainer) -> bool:
    """Whether two runs live in the same parameter space: layer by layer, the same blocks of parameters."""
    a, b = one.network, other.network
    return a.sizes == b.sizes and a.blocks == b.blocks
