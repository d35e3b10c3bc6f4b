"""What a run shows of itself: losses, and what the net makes of its samples, at the present parameters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..insight.constant import constant_loss
from ..insight.diagnostics import LayerDiagnosis, confusion, diagnose, flatness
from ..insight.evaluation import Evaluator, Metrics
from ..insight.laboratory import Laboratory
from ..insight.tape import Tape
from ..insight.theory import Expectation, expect
from ..nets.activations import Array
from ..nets.normalization import NetStatistics
from ..nets.passes import Pass
from ..optimizers.clipping import Clipping
from .standing import Standing


@dataclass(frozen=True, slots=True)
class Trace:
    """What the net makes of one sample: flat over all layers, inputs included (their Z, U and D are 0), and its `loss`.

    A are activations, Z weighted inputs and D the errors ∂C/∂z.

    U is what activations are taken of: γẑ + β where a layer is normalized, else z.
    """

    A: NDArray[np.float64]
    Z: NDArray[np.float64]
    U: NDArray[np.float64]
    D: NDArray[np.float64]
    loss: float


class RunView:
    """What there is to see of a run. Reading changes nothing.

    Parameters
    ----------
    at : Standing
        Where it stands.
    """

    def __init__(self, at: Standing) -> None:
        self._at = at
        self.renew()

    def renew(self) -> None:
        """Make what looks at the data anew, when data, network or loss have changed.

        The training loss is a function of the parameters alone: batch normalization takes the statistics of the full
        training set. All that tells how the net answers takes the running ones, with which it predicts.
        """
        engine, samples, config = self._at.engine, self._at.samples, self._at.config
        net, theta, running, data = engine.network, engine.theta, engine.running, samples.dataset
        loss, (train, test) = config.make_loss(), samples.targets(config.label_smoothing)
        self._train = Evaluator(net, loss, theta, samples.rows, train, data)
        own = "batch" not in net.normalization
        self._answers = self._train if own else Evaluator(net, loss, theta, samples.rows, train, data, running)
        self._test = Evaluator(net, loss, theta, samples.test_rows, test, data, running)
        self._one = Pass(net, loss, theta, np.zeros_like(theta), 1, statistics=running)
        self._neurons = np.concatenate([np.arange(layer.start, layer.stop) for layer in self._one.arena.rows])
        self._metrics: Metrics | None = None
        self._laboratory: Laboratory | None = None
        self._constant: float | None = None
        self._begun: float | None = None

    def forget(self) -> None:
        """Take what was evaluated for old: the parameters have changed."""
        self._metrics = None

    # Numbers that training goes by

    @property
    def penalty(self) -> float:
        """λ₁ Σ|w| + ½ λ₂ Σw² at the present parameters; losses do not contain it, gradients do."""
        return self._at.engine.penalty()

    @property
    def running_statistics(self) -> NetStatistics:
        """Running mean and variance of each batch-normalized layer, None for the others."""
        return self._at.engine.running

    @property
    def clipping(self) -> Clipping | None:
        """What clipping did since it has held at its present bounds; None where nothing is clipped."""
        off = self._at.config.clip_value is None and self._at.config.clip_norm is None
        return None if off else self._at.engine.clipping

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

    def full_gradient(self) -> Array:
        """Return the gradient (P,) of the loss over the full training set."""
        return self._train.gradient()

    def trace(self, row: int) -> Trace:
        """Return what the net makes of one sample at the present parameters; nothing is changed by it.

        Batch normalization takes the running statistics, as the net predicts, and δ takes them as given.

        Parameters
        ----------
        row : int
            Training samples come first, then test samples.
        """
        x, _, loss = self._pass_one(row)
        one, network = self._one, self._at.engine.network
        n_in = network.sizes[0]
        found = np.zeros((4, n_in + len(self._neurons)))
        A, Z, U, D = found
        A[:n_in] = x[:n_in, 0]
        for to, buffer in ((A, one.passed), (Z, one.arena.Z), (D, one.arena.D)):
            to[n_in:] = buffer[self._neurons, 0]
        U[n_in:] = np.concatenate([layer[:, 0] for layer in one.inputs]) if any(network.normalization) else Z[n_in:]
        return Trace(A, Z, U, D, loss)

    def diagnose(self, bins: int = 24) -> tuple[LayerDiagnosis, ...]:
        """Return what the full training set says of every layer at the present parameters; see `diagnose`."""
        engine, samples, config = self._at.engine, self._at.samples, self._at.config
        train, (targets, _) = samples.dataset.X_train, samples.targets(config.label_smoothing)
        return diagnose(engine.network, engine.theta, train, targets, config.make_loss(), engine.update, bins)

    def confusion(self, test: bool = False) -> NDArray[np.int64]:
        """Return how many samples of each class (rows) are taken for each class (columns)."""
        self.evaluate()
        targets = self._at.samples.dataset.y_test if test else self._at.samples.dataset.y_train
        return confusion((self._test if test else self._answers).outputs(), targets, self._at.samples.dataset)

    def flatness(self) -> list[tuple[bool, float]]:
        """Return, per hidden layer, whether it is flat for all of the training set, and the share that is saturated.

        See `diagnostics.flatness`.
        """
        self.evaluate()
        network, passes = self._at.engine.network, self._train.passes
        with np.errstate(all="ignore"):
            return [flatness(network, passes, layer) for layer in range(len(network.sizes) - 2)]

    def spread(self) -> float:
        """Return how much the answers differ from one training sample to the next: see `Evaluator.spread`."""
        self.evaluate()
        return self._train.spread()

    @property
    def constant_loss(self) -> float:
        """The training loss of the best constant answer: see `constant_loss`."""
        if self._constant is None:
            targets = self._at.samples.targets(self._at.config.label_smoothing)[0]
            self._constant = constant_loss(self._at.config.make_loss(), targets)
        return self._constant

    def start_loss(self, start: Array) -> float:
        """Return the training loss of the parameters θ (P,) that the run began with."""
        if self._begun is None:
            network, samples, config = self._at.engine.network, self._at.samples, self._at.config
            targets = samples.targets(config.label_smoothing)[0]
            begun = Evaluator(network, config.make_loss(), start, samples.rows, targets, samples.dataset)
            with np.errstate(all="ignore"):
                self._begun, _ = begun()
        return self._begun

    def inputs_of(self, layer: int, i: int) -> Array:
        """Return what neuron i of layer 1, 2, … takes its activation of, for all training samples (n,)."""
        self.evaluate()
        return self._train.inputs_of(layer, i)

    # The laboratory

    @property
    def laboratory(self) -> Laboratory:
        """A fixed part of the training set, to look at the error signal in every layer."""
        if self._laboratory is None:
            samples, config = self._at.samples, self._at.config
            targets = samples.targets(config.label_smoothing)[0]
            self._laboratory = Laboratory(self._at.engine.network, config.make_loss(), samples.rows, targets)
        return self._laboratory

    def expectation(self) -> Expectation:
        """Return what theory expects of the error signal at the start of a run like this one."""
        config = self._at.config
        return expect(self._at.engine.network, config.initializer, self.laboratory.square, config.initializer_scale)

    # One sample

    def _pass_one(self, row: int) -> tuple[Array, Array, float]:
        """Pass one sample forward and back, and return it, its target and its loss."""
        samples = self._at.samples
        n, (train, test) = len(samples.rows), samples.targets(self._at.config.label_smoothing)
        rows, targets, index = (samples.rows, train, row) if row < n else (samples.test_rows, test, row - n)
        if not 0 <= index < len(rows):
            raise ValueError(f"row must lie in [0, {n + len(samples.test_rows) - 1}], got {row}")
        x, y = rows[index : index + 1].T, np.ascontiguousarray(targets[index : index + 1].T)
        with np.errstate(all="ignore"):
            return x, y, self._one(x, y)

    def tape(self, row: int) -> Tape:
        """Return the numbers of one sample's pass, as in `trace`, to `explain` what came of it; good until the next."""
        x, y, _ = self._pass_one(row)
        return Tape(self._at.engine.network, self._at.engine.theta, self._one, x, y)
