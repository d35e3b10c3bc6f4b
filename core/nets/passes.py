"""The forward and backward pass of one batch size: what a training step spends its time in.

Forward, layer by layer: z = Wa + b, a = f(z). Backward, from the loss: δ = ∂C/∂z of the output, and for every layer
below δ ← (Wᵀδ) · f′(z), ∂C/∂W = δaᵀ, ∂C/∂b = δ (Nielsen, chapter 2, BP1 to BP4). Where a layer is normalized,
u = γẑ + β takes the place of z before the activation; where neurons drop out, a layer passes on f(u) · mask.

A layer with a skip (He et al. 2016) passes on a = f(u) · mask + a of the layer before: the sum stands behind everything
else, so the way through the skips is the identity from end to end. Going back, ∂C/∂a = Wᵀδ of the layer above, and
where that one has a skip also its own ∂C/∂a, unchanged.

All buffers are made beforehand, and their views are bound once to the operations on them: a pass allocates nothing.
`textbook` has the same in six lines, for layers without extras, and says why this form differs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from .activations import Array, Call
from .arena import Arena
from .batch_losses import softmax
from .losses import Loss, find_loss
from .normalization import Buffers, NetStatistics, Normalization, normalize

if TYPE_CHECKING:
    from .network import Network


@dataclass(frozen=True, slots=True)
class Training:
    """What only the passes of a training run have: a stream for dropout, and running statistics to keep."""

    rng: np.random.Generator
    running: NetStatistics


class Pass:
    """Forward and backward pass of batches of one size.

    Parameters
    ----------
    network : Network
        The shape.
    loss : str or Loss
        That fits the output.
    theta, gradient : array (P,)
        Parameters to read and gradient to write; the pass keeps views of both.
    batch : int
        Samples per batch.
    statistics : tuple, optional
        Statistics for batch normalization; None, or None for a layer, takes those of the batch itself.
    training : Training, optional
        Without it no neuron drops out, and no running statistics are kept.

    Attributes
    ----------
    arena : Arena
        Activations, weighted inputs, slopes and errors of the last batch. δ is ∂C/∂z with C the mean over the batch.
        A is f(u), before the mask of dropout and before the sum of a skip; with dropout, slopes hold f′ · mask. Slopes
        are there after a backward pass only.
    output : array (n_out, batch)
        Activations of the output layer.
    inputs : tuple of array (n_out, batch)
        What each layer's activation is taken of: u where it is normalized, else z.
    normalizations : tuple
        Of the hidden layers; None where there is none.
    given : tuple or None
        The statistics it was given.
    """

    def __init__(
        self,
        network: Network,
        loss: str | Loss,
        theta: Array,
        gradient: Array,
        batch: int,
        *,
        statistics: NetStatistics | None = None,
        training: Training | None = None,
    ) -> None:
        self.batch = batch
        self.arena = arena = Arena(network.sizes, network.bias, batch, theta.dtype)
        self._network, self._layers = network, len(network.blocks)
        self._theta, self._gradient = theta, gradient
        self.given = statistics
        self._prepare_dropout(training)
        self._prepare_skips()
        self._prepare_normalization(statistics, training)
        self._bind_forward()
        self._bind_backward()
        self._bind_output(find_loss(loss), arena)

    # Run

    def forward(self, x: Array) -> None:
        """Compute z and a of all layers up to the logits; `x` (n_in + 1, batch) ends in a row of ones."""
        if self._draw is not None:
            self._draw()
        for dot, z, activate, outgoing in self._hidden:
            dot(x, z)
            activate()
            x = outgoing
        self._logits(x, self._z)

    def predict(self, x: Array) -> Array:
        """Return the outputs (n_out, batch) for `x` (n_in + 1, batch); the buffer is the pass's own."""
        self.forward(x)
        self._output()
        return self.output

    def loss(self, x: Array, y: Array) -> float:
        """Return the mean loss of a batch; `y` is (n_out, batch)."""
        self.forward(x)
        if self._output_first is not None:
            self._output_first()
        return self._evaluate(y) * self._mean

    def nudged(self, x: Array, y: Array, layer: int, nudge: Array, behind: bool = False) -> float:
        """Return the mean loss of a batch in which one layer's z is moved, so that parts of it can be looked at alone.

        Parameters
        ----------
        x, y : array
            As for `loss`.
        layer : int
            From 0, the output included.
        nudge : array (n_out, batch)
            What is added.
        behind : bool
            Whether to what the activation of a hidden layer is taken of, behind its normalization, instead of to z.
        """
        stages = zip(self._hidden, self._stages, strict=True)
        for index, ((dot, z, _, outgoing), (to_u, activate)) in enumerate(stages):
            dot(x, z)
            if index == layer and not behind:
                np.add(z, nudge, z)
            if to_u is not None:
                to_u()
            if index == layer and behind:
                np.add(self.inputs[index], nudge, self.inputs[index])
            activate()
            x = outgoing
        self._logits(x, self._z)
        if layer == self._layers - 1:
            np.add(self._z, nudge, self._z)
        if self._output_first is not None:
            self._output_first()
        return self._evaluate(y) * self._mean

    def __call__(self, x: Array, y: Array) -> float:
        """Return the mean loss of a batch and write its gradient.

        Parameters
        ----------
        x : array (n_in + 1, batch)
            Inputs, ending in a row of ones if the net has biases.
        y : array (n_out, batch)
            Targets.
        """
        loss, multiply = self.loss(x, y), np.multiply
        multiply(self._delta, self._scale, self._delta)
        if self._output_slope is not None:
            self._output_slope()
        for write_slopes in self._slopes:
            write_slopes()
        for a_dot, delta, delta_T, dW, back, error, slope, below, denormalize in self._backward:
            a_dot(delta_T, dW)
            back(delta, error)
            multiply(error, slope, below)
            if denormalize is not None:
                denormalize()
        delta_T, dW, inputs = self._first
        (x if inputs is None else x[inputs]).dot(delta_T, dW)
        return loss

    def activations(self) -> Array:
        """Return f of all layers after the input (rows, batch), rows of ones included: before any mask and any skip."""
        self.arena.A[self.arena.rows[-1]] = self.output
        return self.arena.A

    @property
    def passed(self) -> Array:
        """What all layers after the input passed on, a (rows, batch): behind mask and skip; at last the output."""
        self._passed[self.arena.rows[-1]] = self.output
        return self._passed

    def reaching(self, layer: int) -> Array:
        """Return ∂C/∂a (n_out, batch) of a hidden layer, counted from 0; good until the parameters change."""
        rows, above = self.arena.rows[layer : layer + 2]
        if self._errors is not self.arena.D:
            return self._errors[rows]
        weights = self._network.blocks[layer + 1].view(self._theta)[: self._network.sizes[layer + 1]]
        error: Array = weights @ self.arena.D[above]
        return error

    @property
    def output_slopes(self) -> Array | None:
        """The slopes f′ (n_out, batch) of the output, after a backward pass that went through it; else None."""
        return None if self._output_slope is None else self.arena.F[self.arena.rows[-1]]

    @property
    def mask(self) -> Array | None:
        """The last mask of dropout over all hidden layers (rows, batch); None without dropout."""
        return self._mask

    @property
    def statistics(self) -> NetStatistics:
        """Mean and variance that batch-normalized layers took last, as views."""
        return tuple(getattr(layer, "statistics", None) for layer in self.normalizations)

    # Prepare

    def _prepare_dropout(self, training: Training | None) -> None:
        """Make a buffer for what layers pass on, and the draw of its mask; without dropout both are the activations."""
        arena, rate = self.arena, self._network.dropout
        self._passed, self._mask, self._draw = arena.A, None, None
        if any(self._network.residual):
            self._passed = arena.buffer(ones=True)
        if training is None or not rate or self._layers == 1:
            return
        self._passed = arena.buffer(ones=True)
        self._mask = mask = arena.buffer()[arena.hidden]
        random, kept, dtype = training.rng.random, 1.0 - rate, mask.dtype.type

        def draw() -> None:
            """Write 1 / (1 − p) where a neuron stays, with probability 1 − p, and else 0 (Srivastava et al. 2014)."""
            random(dtype=dtype, out=mask)
            np.add(mask, kept, mask)
            np.floor(mask, mask)
            np.multiply(mask, 1.0 / kept, mask)

        self._draw = draw

    def _prepare_skips(self) -> None:
        """Make a buffer for ∂C/∂a, which skips hand on as it is; without any it is the one that becomes δ."""
        self._skips = (*self._network.residual, False)
        self._errors = self.arena.buffer() if any(self._skips) else self.arena.D

    def _prepare_normalization(self, statistics: NetStatistics | None, training: Training | None) -> None:
        """Make the normalization of every hidden layer that has one."""
        net, arena = self._network, self.arena
        normalized = any(net.normalization)
        self._U = arena.buffer() if normalized else arena.Z  # u = γẑ + β
        z_hat = arena.buffer() if normalized else arena.Z
        layers: list[Normalization | None] = []
        for layer, kind in enumerate(net.normalization):
            if kind is None:
                layers.append(None)
                continue
            rows, block = arena.rows[layer], net.blocks[layer]
            buffers = Buffers(
                arena.Z[rows], z_hat[rows], self._U[rows], block.gamma(self._theta), block.beta(self._theta),
                block.gamma(self._gradient), block.beta(self._gradient), arena.D[rows],
            )  # fmt: skip
            given = statistics[layer] if statistics else None
            layers.append(normalize(kind, buffers, given, training.running[layer] if training else None))
            block.view(self._gradient)[self._trained_rows(layer).stop :] = 0.0
        self.normalizations = tuple(layers)
        sources = [*(arena.Z if layer is None else self._U for layer in layers), arena.Z]
        self.inputs = tuple(source[rows] for source, rows in zip(sources, arena.rows, strict=True))

    def _bind_forward(self) -> None:
        """Bind, for each hidden layer: z = Wa + b, what follows up to the activation, and what is passed on."""
        net, arena = self._network, self.arena
        self._stages = tuple(map(self._stages_of, range(self._layers - 1)))
        self._hidden = tuple(
            (
                block.view(self._theta).T.dot,
                arena.Z[arena.rows[layer]],
                _all_of([call for call in self._stages[layer] if call is not None]),
                self._passed[arena.outgoing[layer]],
            )
            for layer, block in enumerate(net.blocks[:-1])
        )
        self._logits = net.blocks[-1].view(self._theta).T.dot
        self._z = arena.Z[arena.rows[-1]]

    def _stages_of(self, layer: int) -> tuple[Call | None, Call]:
        """Return two calls that take a hidden layer from z to what it passes on: its normalization, and all else."""
        arena, rows, normalization = self.arena, self.arena.rows[layer], self.normalizations[layer]
        a, passed = arena.A[rows], self._passed[rows]
        calls = [self._network.functions[layer].bind_before_slope(self.inputs[layer], a, arena.F[rows])]
        if self._mask is not None:
            mask = self._mask[rows]
            calls.append(lambda: np.multiply(a, mask, passed))
        if self._skips[layer]:
            before, own = self._passed[arena.rows[layer - 1]], a if self._mask is None else passed
            calls.append(lambda: np.add(own, before, passed))
        elif self._mask is None and self._passed is not arena.A:
            calls.append(lambda: np.copyto(passed, a))
        return None if normalization is None else normalization.forward, _all_of(calls)

    def _bind_backward(self) -> None:
        """Bind, from the output down: ∂W = aδᵀ, then (Wᵀδ) · f′ for the layer below, through its normalization."""
        net, arena = self._network, self.arena
        W = [block.view(self._theta) for block in net.blocks]
        dW = [block.view(self._gradient) for block in net.blocks]
        delta, error = [arena.D[rows] for rows in arena.rows], [self._errors[rows] for rows in arena.rows]
        slope = [arena.F[rows] for rows in arena.rows]
        steps = []
        for layer in range(self._layers - 1, 0, -1):
            incoming, below = self._passed[arena.outgoing[layer - 1]], self.normalizations[layer - 1]
            trained, back = self._trained_rows(layer), W[layer][: net.sizes[layer]].dot
            steps.append(
                (incoming[trained].dot, delta[layer], delta[layer].T, dW[layer][trained],
                 _beside(back, error[layer]) if self._skips[layer] else back, error[layer - 1], slope[layer - 1],
                 delta[layer - 1], None if below is None else below.backward)
            )  # fmt: skip
        self._backward = tuple(steps)
        trained = self._trained_rows(0)
        self._first = delta[0].T, dW[0][trained], None if trained.stop == net.blocks[0].rows else trained
        self._slopes = self._bind_slopes()

    def _trained_rows(self, layer: int) -> slice:
        """Return the rows of a block that are trained: all, or the weights alone before batch normalization."""
        net = self._network
        only_weights = layer < self._layers - 1 and net.normalization[layer] == "batch"
        return slice(net.sizes[layer] if only_weights else net.blocks[layer].rows)

    def _bind_slopes(self) -> tuple[Call, ...]:
        """Bind the slopes of all hidden layers: one call for neighbours that have the same activation."""
        net, arena = self._network, self.arena
        calls: list[Call] = []
        kinds = [(name, block.normalized) for name, block in zip(net.activations, net.blocks[:-1], strict=False)]
        for (_, normalized), run in groupby(range(self._layers - 1), key=kinds.__getitem__):
            layers = list(run)
            rows = arena.run(layers[0], layers[-1])
            source = self._U if normalized else arena.Z
            calls.append(net.functions[layers[0]].bind_slope_after(source[rows], arena.A[rows], arena.F[rows]))
        if (mask := self._mask) is not None:
            F = arena.F[arena.hidden]
            calls.append(lambda: np.multiply(F, mask, F))
        return tuple(calls)

    def _bind_output(self, loss: Loss, arena: Arena) -> None:
        """Bind the output's activation, the loss, and the slope of both."""
        net, rows = self._network, arena.rows[-1]
        z, a, self._delta, slope = (buffer[rows] for buffer in (arena.Z, arena.A, arena.D, arena.F))
        self.output = z if net.output == "identity" else a
        from_logits = loss.output is not None
        self._output: Call
        self._output_slope: Call | None = None
        if net.output == "softmax":
            self._output = lambda: softmax(z, a)
        else:
            f, delta = net.functions[-1], self._delta
            self._output = f.bind_before_slope(z, self.output, slope)
            if not from_logits and net.output != "identity":
                write_slope = f.bind_slope_after(z, a, slope)
                self._output_slope = _all_of([write_slope, lambda: np.multiply(delta, slope, delta)])
        self._output_first = None if from_logits or net.output == "identity" else self._output
        self._evaluate = loss.bind(z, self.output, self._delta)
        count = loss.count(net.sizes[-1], self.batch)
        self._mean, self._scale = 1.0 / count, np.array(loss.factor / count, z.dtype)


def _beside(back: Callable[[Array, Array], object], handed_on: Array) -> Callable[[Array, Array], None]:
    """Return what writes Wᵀδ, and adds what a skip hands on."""

    def call(delta: Array, out: Array) -> None:
        back(delta, out)
        np.add(out, handed_on, out)

    return call


def _all_of(calls: list[Call]) -> Call:
    """Return one call that makes all of them in turn."""
    first, *rest = calls
    if not rest:
        return first

    def call() -> None:
        first()
        for following in rest:
            following()

    return call
