"""A training written as TensorBoard's event files: of somebody's own model while it is watched, or of a trainer."""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...core.insight.health import DEAD_NEURON, FINE
from ...core.insight.laboratory import Reading
from ...core.run.trainer import Trainer
from .event_files import needs
from .watched_reading import WatchedReading

#: Seconds between two steps that are written, at least.
REST = 1.0
#: The text that says what the layers are, as JSON.
LAYOUT = "backscope"
#: Scalars of each layer that are fields of a reading, and of the two other arrays their rows.
OF_READING = ("delta", "gradient", "weight", "weights_part", "slope_part", "normalization_part", "slope", "flat")
OF_PACE = ("update", "update_ratio", "way")
OF_ACTIVITY = ("mean", "spread", "dead", "saturated")
#: The histogram of what the activation is taken of.
INPUT = "input"


class EventLog:
    """Event files of a run, until `close`; in a ``with`` until the end of that.

    Parameters
    ----------
    folder : Path
        Made where it is not there yet.
    """

    def __init__(self, folder: Path) -> None:
        self._writer = needs("tensorboardX").SummaryWriter(str(folder))
        self.folder = folder
        self._layout = ""
        self._due = -math.inf
        self._last = -1
        self._deaf: Callable[[], None] | None = None

    def due(self) -> bool:
        """Whether it has rested since the last step that was written."""
        return time.monotonic() >= self._due

    def write(
        self,
        step: int,
        names: list[str],
        layout: dict[str, Any],
        reading: Reading,
        rows: dict[str, NDArray[np.float64]],
        scalars: dict[str, float],
    ) -> None:
        """Write a step.

        Parameters
        ----------
        step : int
            Its number.
        names : list of str
            Of the layers.
        layout : dict
            What else is to be known of them, as JSON.
        reading : Reading
            Of L layers.
        rows : dict of str to array (L,)
            What else there is of each layer: see `OF_PACE` and `OF_ACTIVITY`.
        scalars : dict of str to float
            Of the run as a whole; what is NaN is left out.
        """
        told = json.dumps({**layout, "names": names})
        if told != self._layout:
            self._layout = told
            self._writer.add_text(LAYOUT, told, step)
        layers = {name: getattr(reading, name) for name in OF_READING} | rows
        for name, value in scalars.items():
            self._scalar(name, value, step)
        for name, values in layers.items():
            for k, value in enumerate(values):
                self._scalar(f"{name}/{place_of(k, names[k])}", float(value), step)
        for k, (reach, counts) in enumerate(zip(reading.reach, reading.input_counts, strict=True)):
            if math.isfinite(reach) and counts.any():
                self._histogram(f"{INPUT}/{place_of(k, names[k])}", float(reach), counts, step)
        self._due, self._last = time.monotonic() + REST, step

    def take(self, step: int, found: WatchedReading, loss: float) -> None:
        """Write a step of a training that is watched.

        Parameters
        ----------
        step : int
            Its number.
        found : WatchedReading
            What was seen of it.
        loss : float
            NaN where nobody tells.
        """
        layout = {"sizes": found.sizes, "activations": found.functions, "normalization": found.normalization}
        rows = dict(zip(OF_PACE, found.pace, strict=False)) | dict(zip(OF_ACTIVITY, found.activity, strict=True))
        self.write(step, found.names, {**layout, "leaky_slope": found.leaky_slope}, found.reading, rows, {"loss": loss})

    def follow(self, trainer: Trainer) -> None:
        """Write a trainer's run from now on, its losses so far and where it stands."""
        series = trainer.losses.series(1000)
        for step, loss, rate in zip(series.step_high, series.last, series.rate, strict=True):
            self._scalar("batch_loss", float(loss), int(step))
            self._scalar("learning_rate", float(rate), int(step))
        self._trainer = trainer
        self._note()
        self._deaf = trainer.listen(lambda: self._note() if self.due() else None)

    def _note(self) -> None:
        trainer = self._trainer
        if trainer.step_count == self._last:
            return
        net, metrics, norms = trainer.network, trainer.evaluate(), trainer.last_step.norms()
        reading = trainer.view.laboratory.read(trainer.theta, 32, 0)
        layout = {
            "sizes": list(net.sizes),
            "activations": list(net.activations),
            "normalization": [*net.normalization, None],
            "leaky_slope": net.leaky_slope,
        }
        ends = np.cumsum(net.sizes[1:])[:-1]
        health = np.split(reading.health, ends)
        dead = np.array([float((layer == DEAD_NEURON).mean()) for layer in health])
        idle = np.array([float((layer != FINE).mean()) for layer in health])
        with np.errstate(all="ignore"):
            ratio = norms[3] / np.where(norms[2] > 0, norms[2], np.nan)
        rows = {"update": norms[3], "update_ratio": ratio, "way": trainer.track.moved()}
        rows |= {"dead": dead, "saturated": idle - dead}
        scalars = {
            "loss": metrics.loss,
            "test_loss": metrics.test_loss,
            "accuracy": metrics.accuracy,
            "test_accuracy": metrics.test_accuracy,
            "learning_rate": trainer.learning_rate,
        }
        if trainer.step_count:
            scalars["batch_loss"] = trainer.losses.tail(trainer.step_count - 1).losses[-1]
        names = ["hidden"] * (len(net.sizes) - 2) + ["output"]
        self.write(trainer.step_count, names, layout, reading, rows, scalars)

    def _scalar(self, tag: str, value: float, step: int) -> None:
        if not math.isnan(value):
            self._writer.add_scalar(tag, value, step)

    def _histogram(self, tag: str, reach: float, counts: NDArray[np.int64], step: int) -> None:
        """Write counts of equal bins from −reach to reach: what lies outside is in the outermost."""
        edges = np.linspace(-reach, reach, len(counts) + 1)
        middles = (edges[1:] + edges[:-1]) / 2
        sums = [float(counts @ middles**power) for power in (1, 2)]
        self._writer.add_histogram_raw(
            tag, -reach, reach, int(counts.sum()), *sums, edges[1:].tolist(), counts.tolist(), step
        )

    def flush(self) -> None:
        """Have all of it on the disk."""
        self._writer.flush()

    def close(self) -> None:
        """Write the last step of a trainer, and end."""
        if self._deaf is not None:
            self._deaf()
            self._deaf = None
            self._note()
        self._writer.close()

    def __enter__(self) -> EventLog:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def place_of(layer: int, name: str) -> str:
    """Return what a layer is called in tags, which are words, stops, hyphens and slashes: from 1 on, and its name."""
    return f"{layer + 1}_{re.sub(r'[^-/.a-zA-Z0-9_]', '_', name)}"


def log_events(trainer: Trainer, folder: str | Path) -> EventLog:
    """Write a trainer's run as event files, which TensorBoard shows; needs the extra ``tensorboard``.

    Losses, accuracies and learning rate; of every layer the norms of δ, ∂W, W and ΔW, by what the error is multiplied,
    shares of dead and saturated neurons, and histograms of what activations are taken of. A step now and then is
    written, at most one a second, and the last.

    Parameters
    ----------
    trainer : Trainer
        Of a network; it is followed while it trains.
    folder : str or Path
        Where to write.

    Returns
    -------
    EventLog
        To `close`, or as ``with log_events(trainer, "runs/one"):``.

    Raises
    ------
    ImportError
        If tensorboardX is not installed.
    ValueError
        If the run is on a landscape, which has no layers.
    """
    if trainer.config.on_landscape:
        raise ValueError("a landscape has no layers to write")
    log = EventLog(Path(folder))
    log.follow(trainer)
    return log
