"""The gradient laboratory: how the error signal fares in every layer, and why, over a fixed set of samples.

Sizes are root mean squares over neurons and samples, so that layers of different width compare. A hidden layer's δ is
that of the layer above, sent back through its weights (beside which a skip hands on its own), times this layer's
slopes, and back through its normalization if it has one. Each of these multiplies the size by a part of its own; all
parts together are what the layer passes on.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ..nets.activations import Array
from ..nets.losses import Loss
from ..nets.network import Network
from ..nets.passes import Pass
from .health import FINE, flat_ends, health_of

#: Samples that the laboratory looks at, at most: every second, third, … of a larger set.
MOST_SAMPLES = 256
#: Large nets are looked at with fewer, so that samples × parameters stay below this; but with so many at least.
_MOST_WORK, _LEAST_SAMPLES = 5_000_000, 32
#: Bounded activation functions are looked at as far as this to both sides at least.
LEAST_REACH = 4.0


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What the laboratory reads off; (L,) per layer after the input, NaN for what does not exist there.

    Attributes
    ----------
    delta : array (L,)
        Root mean square of δ = ∂C_x/∂z.
    gradient, weight : array (L,)
        Euclidean norms of ∂C/∂W and W.
    weights_part, slope_part, normalization_part : array (L,)
        By what δ grows on its way from the layer above: through the weights between them (and the skip past the layer
        above, if it has one), this layer's slopes, and its normalization (1 where there is none). Their product is the
        ratio of the two `delta`.
    mean_gain, most_gain : array (L,)
        What the weights part would be for errors in every direction alike (Frobenius norm), and for the one direction
        that they stretch most (spectral norm).
    slope : array (L,)
        Mean |f′|.
    flat : array (L,)
        Share of neurons and samples on a flat end of a bounded activation.
    health : array (N,)
        For every neuron after the input what `health_of` says. Outputs are always fine.
    reach, input_counts : array (L,), (L, bins)
        Histogram of what the activation is taken of, from −reach to reach, a round number.
    z_reach, z_counts : array (L,), (L, bins)
        The same of z before normalization; NaN and zeros for layers without.
    """

    delta: NDArray[np.float64]
    gradient: NDArray[np.float64]
    weight: NDArray[np.float64]
    weights_part: NDArray[np.float64]
    slope_part: NDArray[np.float64]
    normalization_part: NDArray[np.float64]
    mean_gain: NDArray[np.float64]
    most_gain: NDArray[np.float64]
    slope: NDArray[np.float64]
    flat: NDArray[np.float64]
    health: NDArray[np.int32]
    reach: NDArray[np.float64]
    input_counts: NDArray[np.int64]
    z_reach: NDArray[np.float64]
    z_counts: NDArray[np.int64]

    @property
    def factor(self) -> NDArray[np.float64]:
        """By what each hidden layer multiplies the error that comes from above (L,); NaN for the output."""
        return self.weights_part * self.slope_part * self.normalization_part


class Laboratory:
    """A fixed set of samples, sent through a network with any parameters.

    Batch normalization takes the statistics of the samples; no neuron drops out.

    Parameters
    ----------
    network : Network
        The shape.
    loss : Loss
        That fits its output.
    rows : array (n, n_in + 1)
        Samples, each ending in a one if the net has biases; of more than 256 (large nets: 32), evenly spaced ones are
        taken.
    targets : array (n, n_out)
        As the loss takes them.

    Attributes
    ----------
    samples : int
        How many are looked at.
    square : float
        Mean of Σ x² over them.
    """

    def __init__(self, network: Network, loss: Loss, rows: Array, targets: Array) -> None:
        most = min(MOST_SAMPLES, max(_LEAST_SAMPLES, _MOST_WORK // network.parameter_count))
        every = -(-len(rows) // most)
        self._spectral: list[float] = []
        self._turn = 0
        self._x = np.ascontiguousarray(rows[::every].T)
        self._y = np.ascontiguousarray(targets[::every].T)
        self._network = network
        self._theta = np.zeros(network.parameter_count, rows.dtype)
        self._gradient = np.zeros_like(self._theta)
        self.samples = self._x.shape[1]
        self.square = float(np.mean(np.sum(np.square(self._x[: network.sizes[0]]), axis=0)))
        self._pass = Pass(network, loss, self._theta, self._gradient, self.samples)

    def norms(self, theta: Array) -> NDArray[np.float64]:
        """Return the root mean square of δ and the norm of ∂W in every layer (2, L), at parameters θ (P,)."""
        self._run(theta)
        return np.stack([self._deltas(), self._weights_of(self._gradient)])

    def read(self, theta: Array, bins: int = 32, spectra: int | None = None) -> Reading:
        """Return what there is to see at parameters θ (P,).

        Parameters
        ----------
        theta : array (P,)
            Parameters.
        bins : int
            Of the histograms.
        spectra : int, optional
            In how many layers, in turn, the spectral norm is taken, which is costly; in the others the last one known
            stands. None, and the first time, takes all.
        """
        with np.errstate(all="ignore"):
            self._run(theta)
            layers = len(self._network.blocks)
            self._take_spectra(layers if spectra is None or not self._spectral else min(spectra, layers))
            parts = [self._parts(layer) for layer in range(layers)]
            states = [self._state(layer) for layer in range(layers)]
            arena = self._pass.arena
            least = [LEAST_REACH * function.bounded for function in self._network.functions]
            inputs = [
                histogram(values, bins, reach)
                for values, reach in zip(self._pass.inputs, [*least, 0.0][:layers], strict=True)
            ]
            normalized = [*(kind is not None for kind in self._network.normalization), False]
            z = [
                histogram(arena.Z[rows], bins) if there else (np.nan, np.zeros(bins, np.int64))
                for rows, there in zip(arena.rows, normalized, strict=True)
            ]
            weights, slopes, rest, mean_gain, most_gain = np.array(parts).T
            return Reading(
                delta=self._deltas(),
                gradient=self._weights_of(self._gradient),
                weight=self._weights_of(self._theta),
                weights_part=weights,
                slope_part=slopes,
                normalization_part=rest,
                mean_gain=mean_gain,
                most_gain=most_gain,
                slope=np.array([state[0] for state in states]),
                flat=np.array([state[1] for state in states]),
                health=np.concatenate([state[2] for state in states]),
                reach=np.array([reach for reach, _ in inputs]),
                input_counts=np.stack([counts for _, counts in inputs]),
                z_reach=np.array([reach for reach, _ in z]),
                z_counts=np.stack([counts for _, counts in z]),
            )

    def _run(self, theta: Array) -> None:
        self._theta[...] = theta
        with np.errstate(all="ignore"):
            self._pass(self._x, self._y)

    def _take_spectra(self, count: int) -> None:
        """Take the spectral norm of W in so many layers, going on where the last time ended."""
        blocks, sizes = self._network.blocks, self._network.sizes
        self._spectral = self._spectral or [np.nan] * len(blocks)
        for _ in range(count):
            layer = self._turn = (self._turn + 1) % len(blocks)
            self._spectral[layer] = _spectral(blocks[layer].view(self._theta)[: sizes[layer]])

    def _deltas(self) -> NDArray[np.float64]:
        arena = self._pass.arena
        return np.array([_rms(arena.D[rows]) * self.samples for rows in arena.rows])

    def _weights_of(self, vector: Array) -> NDArray[np.float64]:
        net = self._network
        pairs = zip(net.blocks, net.sizes, strict=False)
        return np.array([float(np.linalg.norm(block.view(vector)[:n_in])) for block, n_in in pairs])

    def _parts(self, layer: int) -> tuple[float, float, float, float, float]:
        """Return the parts of weights, slopes and normalization, and the weights' mean and largest gain."""
        net, arena = self._network, self._pass.arena
        if layer == len(net.blocks) - 1:
            return (np.nan,) * 5
        n_here, n_above = net.sizes[layer + 1], net.sizes[layer + 2]
        W = net.blocks[layer + 1].view(self._theta)[:n_here]
        above, here = arena.D[arena.rows[layer + 1]], arena.D[arena.rows[layer]]
        back = self._pass.reaching(layer)
        through = [above, back, back * arena.F[arena.rows[layer]], here]
        weights, slopes, rest = (
            after / before if before else np.nan for before, after in pairwise(_rms(values) for values in through)
        )
        wider = np.sqrt(n_above / n_here)
        mean_gain, most_gain = float(np.linalg.norm(W)) / np.sqrt(n_here), wider * self._spectral[layer + 1]
        return weights, slopes, rest if net.normalization[layer] else 1.0, mean_gain, most_gain

    def _state(self, layer: int) -> tuple[float, float, NDArray[np.int32]]:
        """Return mean |f′|, the share on flat ends, and how every neuron of a layer is."""
        net, rows = self._network, self._pass.arena.rows[layer]
        if layer == len(net.blocks) - 1:
            return np.nan, np.nan, np.full(net.sizes[layer + 1], FINE, np.int32)
        function, slopes = net.functions[layer], np.abs(self._pass.arena.F[rows])
        share = float(flat_ends(function, slopes).mean()) if function.bounded else np.nan
        return float(slopes.mean()), share, health_of(function, slopes)


def moved(network: Network, start: Array, theta: Array) -> NDArray[np.float64]:
    """Return by what share of its norm each layer's W has moved from where it started.

    Parameters
    ----------
    network : Network
        The shape.
    start : array (P,)
        Parameters at step 0.
    theta : array (P,) or (k, P)
        Parameters later on.

    Returns
    -------
    array (L,) or (k, L)
        ‖W − W₀‖ / ‖W₀‖; NaN where W₀ is 0.
    """
    found = []
    for block, n_in in zip(network.blocks, network.sizes, strict=False):
        part = slice(block.offset, block.offset + n_in * block.cols)
        size = np.linalg.norm(start[part])
        way = np.linalg.norm(theta[..., part] - start[part], axis=-1)
        found.append(way / size if size else np.full_like(way, np.nan))
    return np.stack(found, axis=-1)


def steps_to_move(steps: NDArray[np.int64], shares: NDArray[np.float64], least: float = 0.01) -> NDArray[np.float64]:
    """Return after how many steps each layer had first moved by a share; NaN for a layer that has not.

    Parameters
    ----------
    steps : array (k,)
        Where it is known how far the layers had moved.
    shares : array (k, L)
        See `moved`. Between two steps the way is taken as straight.
    least : float
        The share.
    """
    reached = shares >= least
    found = np.full(shares.shape[1], np.nan)
    for layer in np.flatnonzero(reached.any(axis=0)):
        k = int(reached[:, layer].argmax())
        if k == 0:
            found[layer] = steps[0]
            continue
        before, after = shares[k - 1 : k + 1, layer]
        found[layer] = steps[k - 1] + (least - before) / (after - before) * (steps[k] - steps[k - 1])
    return found


def _rms(values: Array) -> float:
    return float(np.sqrt(np.mean(np.square(values, dtype=np.float64))))


def _spectral(W: Array) -> float:
    """Return the largest singular value: the root of the largest eigenvalue of the smaller of WᵀW and WWᵀ."""
    if not np.isfinite(W).all():
        return float("nan")
    gram = W.T @ W if W.shape[0] >= W.shape[1] else W @ W.T
    return float(np.sqrt(max(0.0, np.linalg.eigvalsh(gram)[-1])))


def histogram(values: Array, bins: int, least: float = 0.0) -> tuple[float, NDArray[np.int64]]:
    """Return a round number that no value exceeds, `least` or more, and the counts between it and its negative.

    What is no number is left out; where there is nothing left, the counts are 0.
    """
    numbers = values[np.isfinite(values)]
    far = max(float(np.abs(numbers).max()), least) if numbers.size else least
    if not numbers.size or not 1e-290 < far < 1e290:
        return 1.0, np.zeros(bins, np.int64)
    unit = 10.0 ** math.floor(math.log10(far))
    reach = next(unit * step for step in (1, 2, 4, 6, 10, 20) if unit * step >= far)
    place = np.clip((numbers + reach) * (bins / (2 * reach)), 0, bins - 1).astype(np.int64)
    return float(reach), np.bincount(place.ravel(), minlength=bins).astype(np.int64)
