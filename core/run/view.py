"""What a run shows of itself: parameters, losses, and what the net makes of a sample. Reading changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..config.config import RunConfig
from ..data.datasets import Dataset
from ..insight.diagnostics import LayerDiagnosis, confusion, diagnose, layer_norms
from ..insight.evaluation import Evaluator, Metrics
from ..insight.laboratory import Laboratory, moved, steps_to_move
from ..insight.tape import Tape
from ..insight.theory import Expectation, expect
from ..nets.activations import Array
from ..nets.arena import with_ones
from ..nets.losses import smooth
from ..nets.network import Network
from ..nets.normalization import NetStatistics
from ..nets.passes import Pass
from ..optimizers.clipping import Clipping
from ..optimizers.formula import formula_json, terms
from .anatomy import Anatomy, anatomy
from .engine import Engine
from .history import Path
from .stopping import Divergence


@dataclass(frozen=True, slots=True)
class Trace:
    """What the net makes of one sample: flat over all layers, inputs included (their Z, U and D are 0).

    U is what activations are taken of: γẑ + β where a layer is normalized, else z.
    """

    A: NDArray[np.float64]
    Z: NDArray[np.float64]
    U: NDArray[np.float64]
    D: NDArray[np.float64]
    loss: float


class RunView:
    """The part of a trainer that only looks.

    Attributes
    ----------
    config : RunConfig
        With the edits applied.
    dataset : Dataset
        The samples.
    step_count : int
        Steps taken.
    diverged : Divergence or None
        Once set, no step is taken until the run goes back.
    """

    config: RunConfig
    dataset: Dataset
    step_count: int
    diverged: Divergence | None
    _engine: Engine
    _theta: Array
    _rows: Array
    _test_rows: Array
    _smoothed: tuple[float, tuple[Array, Array]] | None
    _metrics: Metrics | None
    _path: Path
    _laboratory: Laboratory | None

    def _see(self, data: Dataset) -> None:
        """Take these samples for those of the run."""
        bias, dtype = self.config.network.bias, np.dtype(self.config.precision)
        self.dataset, self._smoothed = data, None
        self._rows, self._test_rows = (with_ones(X, bias, dtype) for X in (data.X_train, data.X_test))

    def _targets(self, config: RunConfig) -> tuple[Array, Array]:
        """Return training and test targets as the loss takes them."""
        if self._smoothed is None or self._smoothed[0] != config.label_smoothing:
            dtype, data = np.dtype(config.precision), self.dataset
            train, test = (smooth(y, config.label_smoothing).astype(dtype) for y in (data.y_train, data.y_test))
            self._smoothed = config.label_smoothing, (train, test)
        return self._smoothed[1]

    def _look(self) -> None:
        """Make what looks at the whole data, for the present network and loss.

        The training loss is a function of the parameters alone: batch normalization takes the statistics of the full
        training set. All that tells how the net answers takes the running ones, with which it predicts.
        """
        net, loss, (train, test) = self._engine.network, self.config.make_loss(), self._targets(self.config)
        running, data = self._engine.running, self.dataset
        self._train = Evaluator(net, loss, self._theta, self._rows, train, data)
        own = "batch" not in net.normalization
        self._answers = self._train if own else Evaluator(net, loss, self._theta, self._rows, train, data, running)
        self._test = Evaluator(net, loss, self._theta, self._test_rows, test, data, running)
        self._one = Pass(net, loss, self._theta, np.zeros_like(self._theta), 1, statistics=running)
        self._metrics: Metrics | None = None
        self._laboratory: Laboratory | None = None

    # Numbers of the run

    @property
    def network(self) -> Network:
        """The shape that is trained."""
        return self._engine.network

    @property
    def theta(self) -> Array:
        """The live parameters (P,), to be read only."""
        return _read_only(self._theta)

    @property
    def gradient(self) -> Array:
        """Gradient (P,) of the last batch, with penalties and noise, before clipping; zeros before the first step."""
        return _read_only(self._engine.gradient)

    @property
    def update(self) -> Array:
        """What the last step added to θ (P,); zeros before the first step."""
        return _read_only(self._engine.update)

    @property
    def epoch(self) -> int:
        """Epochs completed."""
        return self._engine.batches.epoch

    @property
    def learning_rate(self) -> float:
        """η of the next step, with the factor of the schedule."""
        return self._engine.rate(self.step_count)

    def anatomy(self) -> Anatomy | None:
        """Return the last step taken apart, None before the first."""
        engine = self._engine
        return None if engine.optimizer.t == 0 else anatomy(engine.optimizer, engine.step_gradient)

    @property
    def penalty(self) -> float:
        """λ₁ Σ|w| + ½ λ₂ Σw² at the present parameters; losses do not contain it, gradients do."""
        return self._engine.penalty()

    @property
    def running_statistics(self) -> NetStatistics:
        """Running mean and variance of each batch-normalized layer, None for the others."""
        return self._engine.running

    @property
    def clipping(self) -> Clipping | None:
        """What clipping did since it has held at its present bounds; None where nothing is clipped."""
        off = self.config.clip_value is None and self.config.clip_norm is None
        return None if off else self._engine.clipping

    # Over the data

    def evaluate(self) -> Metrics:
        """Return losses and accuracies over the full training and test sets at the present parameters.

        Nothing drops out. With batch normalization the training loss, which is that of loss surfaces, takes the
        statistics of the full training set; accuracies and the test loss take the running ones, as predictions do.
        """
        if self._metrics is None:
            with np.errstate(all="ignore"):
                (loss, accuracy), (test_loss, test_accuracy) = self._train(), self._test()
                if self._answers is not self._train:
                    _, accuracy = self._answers()
            self._metrics = Metrics(loss, test_loss, accuracy, test_accuracy)
        return self._metrics

    def trace(self, row: int) -> Trace:
        """Return what the net makes of one sample at the present parameters; nothing is changed by it.

        Batch normalization takes the running statistics, as the net predicts, and δ takes them as given.

        Parameters
        ----------
        row : int
            Training samples come first, then test samples.
        """
        x, _, loss = self._pass_one(row)
        one, n_in = self._one, self.network.sizes[0]
        A, Z, D = (
            np.concatenate([first, *(buffer[layer, 0] for layer in one.arena.rows)]).astype(np.float64)
            for first, buffer in (
                (x[:n_in, 0], one.passed), (np.zeros(n_in), one.arena.Z), (np.zeros(n_in), one.arena.D)
            )
        )  # fmt: skip
        U = np.concatenate([np.zeros(n_in), *(layer[:, 0] for layer in one.inputs)]).astype(np.float64)
        return Trace(A, Z, U, D, loss)

    def diagnose(self, bins: int = 24) -> tuple[LayerDiagnosis, ...]:
        """Return what the full training set says of every layer at the present parameters; see `diagnose`."""
        train, (targets, _) = self.dataset.X_train, self._targets(self.config)
        loss, update = self.config.make_loss(), self._engine.update
        return diagnose(self.network, self._theta, train, targets, loss, update, bins)

    def confusion(self, test: bool = False) -> NDArray[np.int64]:
        """Return how many samples of each class (rows) are taken for each class (columns)."""
        self.evaluate()
        targets = self.dataset.y_test if test else self.dataset.y_train
        return confusion((self._test if test else self._answers).outputs(), targets, self.dataset)

    # The laboratory

    @property
    def laboratory(self) -> Laboratory:
        """A fixed part of the training set, to look at the error signal in every layer."""
        if self._laboratory is None:
            targets = self._targets(self.config)[0]
            self._laboratory = Laboratory(self.network, self.config.make_loss(), self._rows, targets)
        return self._laboratory

    def expectation(self) -> Expectation:
        """Return what theory expects of the error signal at the start of a run like this one."""
        config = self.config
        return expect(self.network, config.initializer, self.laboratory.square, config.initializer_scale)

    def moved(self) -> NDArray[np.float64]:
        """Return by what share of its norm each layer's W (L,) has moved since step 0."""
        _, positions = self._path.kept(0)
        return moved(self.network, positions[0], self._theta)

    def steps_to_move(self, least: float = 0.01) -> NDArray[np.float64]:
        """Return after how many steps each layer's W (L,) had first moved by a share; NaN where it has not."""
        steps, positions = self._path.kept(self.step_count)
        shares = np.vstack([moved(self.network, positions[0], positions), self.moved()])
        return steps_to_move(np.append(steps, self.step_count), shares, least)

    def snapshots(self, most: int) -> list[int]:
        """Return at most `most` steps of this run whose parameters are still known, evenly, step 0 among them."""
        steps, _ = self._path.kept(self.step_count)
        return [int(step) for step in steps[:: -(-len(steps) // most)]]

    def snapshot(self, step: int) -> Array | None:
        """Return the parameters (P,) at a step, or None if they are no longer known."""
        steps, positions = self._path.kept(self.step_count)
        index = step // self._path.gap
        return positions[index].copy() if index < len(steps) and steps[index] == step else None

    @property
    def batch_statistics(self) -> NetStatistics:
        """Mean and biased variance that each batch-normalized layer took of the last batch, None for the others.

        Empty before the first step.
        """
        last = self._engine.last_pass
        return () if last is None else last.statistics

    # Samples and single parameters

    def _pass_one(self, row: int) -> tuple[Array, Array, float]:
        """Pass one sample forward and back, and return it, its target and its loss."""
        n, (train, test) = len(self._rows), self._targets(self.config)
        rows, targets, index = (self._rows, train, row) if row < n else (self._test_rows, test, row - n)
        if not 0 <= index < len(rows):
            raise ValueError(f"row must lie in [0, {n + len(self._test_rows) - 1}], got {row}")
        x, y = rows[index : index + 1].T, np.ascontiguousarray(targets[index : index + 1].T)
        with np.errstate(all="ignore"):
            return x, y, self._one(x, y)

    def tape(self, row: int | None = None) -> Tape | None:
        """Return the numbers of a pass, to `explain` what came of it; good until the next one.

        Parameters
        ----------
        row : int, optional
            One sample at the present parameters, as in `trace`. None is the last batch at the parameters that its
            gradient was taken at, and None is returned before the first step.
        """
        engine = self._engine
        if row is not None:
            x, y, _ = self._pass_one(row)
            return Tape(self.network, self._theta, self._one, x, y)
        if engine.last_pass is None or engine.last_batch is None:
            return None
        return Tape(engine.last_network, engine.before, engine.last_pass, *engine.last_batch)

    @property
    def batch_config(self) -> RunConfig:
        """The config of the last batch, which an edit since then has not touched."""
        return self._engine.last_config

    def inputs_of(self, layer: int, i: int) -> Array:
        """Return what neuron i of layer 1, 2, … takes its activation of, for all training samples (n,)."""
        self.evaluate()
        return self._train.inputs_of(layer, i)

    def last_rows(self) -> NDArray[np.int64]:
        """Return the rows of the samples in the last batch; none before the first step."""
        last = self._engine.last_pass
        dealt = self.diverged is None or self.diverged.taken
        return np.empty(0, np.int64) if last is None else self._engine.batches.rows_of_last(last.batch, dealt)

    def parameter_history(self, index: int, max_points: int = 200) -> tuple[NDArray[np.int64], Array]:
        """Return steps (k,) and one parameter's values (k,) along the run so far, the present among them."""
        steps, values = self._path.column(self.step_count, index, max_points)
        if steps[-1] != self.step_count:
            steps, values = np.append(steps, self.step_count), np.append(values, self._theta[index])
        return steps, values

    @property
    def before(self) -> Array:
        """The parameters (P,) that the last step started from."""
        return self._engine.before

    def update_terms(self, index: int) -> dict[str, float]:
        """Return the numbers in the last step of one parameter: see `terms`."""
        engine = self._engine
        return terms(engine.optimizer, engine.step_gradient[index], engine.before[index], index)

    def update_formula(self) -> dict[str, Any]:
        """Return the lines of the update rule that the terms are those of: see `formula_json`."""
        return formula_json(self._engine.optimizer)

    def penalty_slope(self, index: int) -> float:
        """Return what the penalties added to the last gradient of one parameter."""
        return self._engine.penalty_slope(index)

    def norms(self) -> NDArray[np.float64]:
        """Return, per layer after the input, norms of δ, ∂W, W and ΔW (4, L) of the last batch.

        δ is that of single samples, ∂C_x/∂z: its root mean square over neurons and samples. The rest are Euclidean
        norms of the weights, biases left out.
        """
        engine = self._engine
        return layer_norms(self.network, engine.last_pass, engine.gradient, self._theta, engine.update)

    def end(self) -> tuple[int, Array]:
        """Return the furthest step that is known of this branch, and the position θ (P,) there.

        After a return it is the last one that the path has kept, at most one of its gaps before `furthest`.
        """
        step, theta = self._path.last()
        return (step, theta) if step > self.step_count else (self.step_count, self._theta.copy())

    def path(self, max_points: int = 500) -> tuple[NDArray[np.int64], Array]:
        """Return steps (k,) and positions θ (k, P) along the run so far, from step 0 to the present, k ≤ max_points."""
        return self._path.until(self.step_count, self._theta, max_points)


def _read_only(array: Array) -> Array:
    view = array.view()
    view.flags.writeable = False
    return view
