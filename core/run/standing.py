"""Where a run stands: what its trainer changes, and what all that only looks at the run reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..config.config import RunConfig
from ..data.dataset import Dataset
from ..nets.activations import Array
from ..nets.network import Network
from .engine import Engine
from .samples import Samples
from .stopping import Divergence


@dataclass(slots=True)
class Standing:
    """The present of a run.

    Attributes
    ----------
    config : RunConfig
        With the edits applied.
    samples : Samples
        What is trained on.
    engine : Engine
        Parameters, gradient, optimizer and data in order: all that a step changes.
    step_count : int
        Steps taken.
    diverged : Divergence or None
        Once set, no step is taken until the run goes back.
    """

    config: RunConfig
    samples: Samples
    engine: Engine
    step_count: int = 0
    diverged: Divergence | None = None
    posed: tuple[RunConfig, int, RunConfig] | None = None  # of a config at a task: what `Present.posed` is


class Present:
    """The present of a run to be read: config, step, samples and parameters; and to be listened to."""

    _at: Standing
    _listeners: list[Callable[[], None]]

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call this from now on after a step or some, after an edit, and after a return to another step.

        Parameters
        ----------
        listener : callable
            May look at the run, but not change it. Called between two steps, in long runs of small nets after up to
            some hundreds of them.

        Returns
        -------
        callable
            Ends it.
        """
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def _tell(self) -> None:
        for listener in tuple(self._listeners):
            listener()

    @property
    def config(self) -> RunConfig:
        """The config, with the edits applied."""
        return self._at.config

    @property
    def posed(self) -> RunConfig:
        """The config of a run that begins with the task of the present step: what losses here are losses of."""
        at, task = self._at, self.task or 0
        if at.posed is None or at.posed[0] is not at.config or at.posed[1] != task:
            at.posed = at.config, task, at.config.at(at.step_count)
        return at.posed[2]

    @property
    def step_count(self) -> int:
        """Steps taken."""
        return self._at.step_count

    @property
    def task(self) -> int | None:
        """Number of the present task, the run's first being 0; None where there is but one."""
        length = self._at.config.data.steps_per_task
        return None if length is None else self._at.step_count // length

    @property
    def diverged(self) -> Divergence | None:
        """What became of the loss: once set, no step is taken until the run goes back."""
        return self._at.diverged

    @property
    def dataset(self) -> Dataset:
        """The samples as they were made."""
        return self._at.samples.dataset

    @property
    def network(self) -> Network:
        """The shape that is trained."""
        return self._at.engine.network

    @property
    def theta(self) -> Array:
        """The live parameters (P,), to be read only."""
        return _read_only(self._at.engine.theta)

    @property
    def gradient(self) -> Array:
        """Gradient (P,) of the last batch, with penalties and noise, before clipping; zeros before the first step."""
        return _read_only(self._at.engine.gradient)

    @property
    def update(self) -> Array:
        """What the last step added to θ (P,); zeros before the first step."""
        return _read_only(self._at.engine.update)

    @property
    def epoch(self) -> int:
        """Epochs completed."""
        return self._at.engine.batches.epoch

    @property
    def learning_rate(self) -> float:
        """η of the next step, with the factor of the schedule."""
        return self._at.engine.rate(self.step_count)


def _read_only(array: Array) -> Array:
    view = array.view()
    view.flags.writeable = False
    return view
