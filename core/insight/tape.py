"""The numbers that a pass left behind, read as a chain rule: the rules between them are those of the textbook."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..nets.activations import Array
from ..nets.network import Network
from ..nets.normalization import EPSILON, NetStatistics, Statistics, fresh_statistics
from ..nets.passes import Pass, Training
from .chain import Node, Target


class _SameMask:
    """Stands in for a random generator: it draws what leaves out the same neurons every time."""

    def __init__(self, mask: Array, rate: float) -> None:
        self._draw = np.where(mask > 0, (1 + rate) / 2, rate / 2)

    def random(self, dtype: Any, out: Array) -> None:
        """Write numbers that become the mask when the share of those kept is added and they are rounded down."""
        out[...] = self._draw


def same_mask(mask: Array, network: Network) -> Training:
    """Return what makes passes use a mask of dropout (rows, batch) again; they keep no statistics."""
    running = fresh_statistics(network.normalization, network.sizes[1:-1], np.dtype(np.float64))
    return Training(_SameMask(mask, network.dropout), running)  # type: ignore[arg-type]


class Tape:
    """The numbers that a pass left behind, and the textbook's rules for what lies between them.

    Parameters
    ----------
    network : Network
    theta : array (P,)
        Parameters that the pass was made with.
    run : Pass
        After a forward and backward pass.
    x : array (n_in + 1, n)
        Its inputs.
    y : array (n_out, n)
        Its targets.
    """

    def __init__(self, network: Network, theta: Array, run: Pass, x: Array, y: Array) -> None:
        self.network, self._run, self.x, self.y, self.samples = network, run, x, y, run.batch
        self.last = len(network.blocks)
        self._weights = [block.view(theta) for block in network.blocks]
        self._gammas = [block.gamma(theta) if block.normalized else None for block in network.blocks]
        self._into_output = self._output_slopes()

    # Numbers of layer l = 1 … last, for sample x; loss and δ are those of single samples

    def weight(self, layer: int, i: int, k: int) -> float:
        """Weight from neuron k of the layer before into neuron i; k may be the constant 1."""
        return float(self._weights[layer - 1][k, i])

    def z(self, layer: int) -> Array:
        """Weighted inputs (n_out, n)."""
        return self._run.arena.Z[self._run.arena.rows[layer - 1]]

    def a(self, layer: int) -> Array:
        """What the layer passes on (n_out, n): f(z), masked where neurons drop out, and its skip; x for layer 0."""
        if layer == 0:
            return self.x[: self.network.sizes[0]]
        if layer == self.last:
            return self._run.output
        return self._run.passed[self._run.arena.rows[layer - 1]]

    def f(self, layer: int) -> Array:
        """What the activation makes (n_out, n): before any mask and any skip."""
        return self._run.output if layer == self.last else self._run.arena.A[self._run.arena.rows[layer - 1]]

    def delta(self, layer: int, i: int | slice, x: int | slice) -> Array:
        """δ = ∂C/∂z of single samples: of the loss of a batch of n, they contribute a part in n each."""
        delta: Array = np.asarray(self._run.arena.D[self._run.arena.rows[layer - 1]][i, x] * self.samples)
        return delta

    def input(self, layer: int) -> Array:
        """What the activation is taken of (n_out, n): u = γẑ + β of a normalized layer, else z."""
        values: Array = self._run.inputs[layer - 1]
        return values

    @property
    def mask(self) -> Array | None:
        """The mask of dropout (rows, n); None without dropout."""
        return self._run.mask

    def statistics(self) -> NetStatistics | None:
        """Copies of the statistics that batch normalization was given; None where it takes those of its batch."""
        given = self._run.given
        return None if given is None else tuple(layer and layer.copy() for layer in given)

    def slope(self, layer: int) -> Array:
        """∂a/∂z (n_out, n): f′, times the mask where neurons drop out."""
        if layer == self.last:
            return self._into_output
        return self._run.arena.F[self._run.arena.rows[layer - 1]]

    def to_activation(self, layer: int, i: int, x: int) -> float:
        """∂C/∂a of neuron i for sample x: the sum over the layer above and its skip, or the slope of the loss."""
        if layer == self.last:
            return float(self.delta(layer, i, x) / self._into_output[i, x])
        return float(self._reaching(layer, i, slice(x, x + 1))[0])

    def _reaching(self, layer: int, i: int, x: slice) -> Array:
        """∂C/∂a of neuron i of a hidden layer for some samples: what comes through the layer above, and past it."""
        through: Array = self._weights[layer][i] @ self.delta(layer + 1, slice(None), x)
        return through + self._reaching(layer + 1, i, x) if self._has_skip(layer + 1) else through

    def _has_skip(self, layer: int) -> bool:
        return layer < self.last and self.network.residual[layer - 1]

    def _output_slopes(self) -> Array:
        """∂a/∂z of the outputs, where each has one of its own."""
        z = self.z(self.last)
        if self.network.output == "softmax":
            return np.zeros_like(z)
        return self.network.functions[-1].slope(z)

    # Trees

    def gradient(self, target: Target, row: int | None) -> Node:
        """Return the tree of ∂C/∂w, ∂C/∂b or δ: of sample `row`, or the mean over all samples."""
        one = self._node
        if row is not None:
            return one(target, row)
        whole, rows = one(target, 0), range(self.samples)
        value = math.fsum(self.terms(target)) / self.samples
        return Node(whole.name, whole.at, value, "mean", lambda: [self.term(target, x) for x in rows])

    def terms(self, target: Target) -> Array:
        """Return the gradients (n,) of single samples, all at once."""
        layer, i = target.layer, target.to
        if layer == 0:
            return self._reaching(layer, i, slice(None))
        if isinstance(target.source, str):
            to_u: Array = self._reaching(layer, i, slice(None)) * self.slope(layer)[i]
            return to_u * self._normalized(layer)[i] if target.source == "gamma" else to_u
        delta = self.delta(layer, i, slice(None))
        if target.source is None or target.is_bias(self.network):
            return delta
        terms: Array = delta * self.a(layer - 1)[target.source]
        return terms

    def term(self, target: Target, x: int) -> Node:
        """Return what a sample of the batch contributes to the mean."""
        node = self._node(target, x)
        return Node("sample", (x,), node.value, node.combine, node.unfold)

    def direction(self, target: Target, x: int) -> tuple[Array, bool]:
        """Return how z (n_out, n), or if True is with it u, moves with the target for one sample alone.

        It is that of the target's layer; of the first one for an input.
        """
        layer, i, source = target.layer, target.to, target.source
        moves, behind = np.zeros_like(self.z(max(layer, 1))), isinstance(source, str)
        if layer == 0:
            moves[:, x] = self._weights[0][i]
        elif source == "gamma":
            moves[i, x] = self._normalized(layer)[i, x]
        elif source is None or source == "beta" or target.is_bias(self.network):
            moves[i, x] = 1.0
        else:
            moves[i, x] = self.a(layer - 1)[int(source), x]
        return moves, behind

    def training(self) -> Training | None:
        """Return what makes other passes leave out the neurons that this one left out; None without dropout."""
        mask = self._run.mask
        return None if mask is None else same_mask(mask.astype(np.float64), self.network)

    def _node(self, target: Target, x: int) -> Node:
        """The tree of one sample."""
        layer, i = target.layer, target.to
        if target.source is None:
            return self._error(layer, i, x) if layer else self._activation(layer, i, x)
        if isinstance(target.source, str):
            return self._scale_node(layer, i, target.source, x)
        return self._weight_node(target, target.source, x)

    def _weight_node(self, target: Target, k: int, x: int) -> Node:
        """∂C/∂w = ∂C/∂a · ∂a/∂z · ∂z/∂w; where z has more than one way to a, ∂C/∂z · ∂z/∂w."""
        layer, i = target.layer, target.to
        if target.is_bias(self.network):
            local = Node("dz_db", (layer, i), 1.0)
            name, at = "dC_db", (layer, i)
        else:
            local = Node("dz_dw", (layer - 1, k), float(self.a(layer - 1)[k, x]))
            name, at = "dC_dw", (layer, i, k)  # type: ignore[assignment]
        error = self._error(layer, i, x)
        factors = list(error.children) if error.combine == "product" else [error]
        factors.append(local)
        return Node(name, at, math.prod(f.value for f in factors), "product", lambda: factors)

    def _scale_node(self, layer: int, i: int, which: str, x: int) -> Node:
        """∂C/∂γ = ∂C/∂a · ∂a/∂u · ẑ, and ∂C/∂β = ∂C/∂a · ∂a/∂u · 1, with u = γẑ + β."""
        local = Node(f"du_d{which}", (layer, i), float(self._normalized(layer)[i, x]) if which == "gamma" else 1.0)
        factors = [*self._to_u(layer, i, x).children, local]
        return Node(f"dC_d{which}", (layer, i), math.prod(f.value for f in factors), "product", lambda: factors)

    def _error(self, layer: int, i: int, x: int) -> Node:
        """δ = ∂C/∂z = ∂C/∂a · ∂a/∂z, or what stands in its place at a softmax and behind a normalization."""
        at, value = (layer, i), float(self.delta(layer, i, x))
        if layer == self.last:
            if self.network.output == "softmax":
                return self._softmax_error(i, x)
            if self.slope(layer)[i, x] == 0.0 or not np.isfinite(self.to_activation(layer, i, x)):
                return Node("dC_dz", at, value)  # the output is saturated: of the product only a − y is left
        elif self.network.normalization[layer - 1] is not None:
            return self._normalized_error(layer, i, x)
        factors = [self._activation(layer, i, x), self._local_slope("da_dz", layer, i, x)]
        return Node("dC_dz", at, factors[0].value * factors[1].value, "product", lambda: factors)

    def _activation(self, layer: int, j: int, x: int) -> Node:
        """∂C/∂a: at the output the slope of the loss, else the sum over all paths through and past the layer above."""
        value, at = self.to_activation(layer, j, x), (layer, j)
        if layer == self.last:
            return Node("dC_da", at, value)
        above = range(self.network.sizes[layer + 1])

        def unfold() -> list[Node]:
            paths = [self._path(layer + 1, i, j, x) for i in above]
            return [*paths, self._skip(layer + 1, j, x)] if self._has_skip(layer + 1) else paths

        return Node("dC_da", at, value, "sum", unfold)

    def _skip(self, layer: int, j: int, x: int) -> Node:
        """What goes past a layer through its skip: ∂C/∂a of the neuron there, times 1."""
        value = self.to_activation(layer, j, x)
        one = Node("da_da", (layer, j), 1.0)
        return Node("skip", (layer, j), value, "product", lambda: [self._activation(layer, j, x), one])

    def _path(self, layer: int, i: int, j: int, x: int) -> Node:
        """What goes through neuron i: ∂C/∂zᵢ · ∂zᵢ/∂aⱼ, and the latter is the weight between the two."""
        weight = self.weight(layer, i, j)
        value = float(self.delta(layer, i, x)) * weight

        def unfold() -> list[Node]:
            return [self._error(layer, i, x), Node("dz_da", (layer, i, j), weight)]

        return Node("path", (layer, i, j), value, "product", unfold)

    def _local_slope(self, name: str, layer: int, i: int, x: int) -> Node:
        """f′; in a net that drops neurons out, f′ · mask."""
        value, mask = float(self.slope(layer)[i, x]), self._run.mask
        if layer == self.last or mask is None:
            return Node(name, (layer, i), value)
        kept = float(mask[self._run.arena.rows[layer - 1]][i, x])
        slope = float(self.network.functions[layer - 1].slope(self._run.inputs[layer - 1][i : i + 1, x : x + 1])[0, 0])
        parts = [Node("slope", (layer, i), slope), Node("mask", (layer, i), kept)]
        return Node(name, (layer, i), value, "product", lambda: parts)

    def _softmax_error(self, j: int, x: int) -> Node:
        """Every output hangs on every logit: ∂C/∂zⱼ = Σᵢ ∂C/∂aᵢ · ∂aᵢ/∂zⱼ with ∂C/∂aᵢ = −yᵢ/aᵢ; the sum is aⱼ − yⱼ."""
        layer, a, y = self.last, self.a(self.last)[:, x], self.y[:, x]
        value, at = float(self.delta(layer, j, x)), (layer, j)
        if np.any((a == 0.0) & (y != 0.0)) or not np.all(np.isfinite(a)):
            return Node("dC_dz", at, value)

        def unfold() -> list[Node]:
            nodes = []
            for i in range(len(a)):
                to_a = -float(y[i] / a[i]) if y[i] else 0.0
                to_z = float(a[i] * ((i == j) - a[j]))
                pair = [Node("dC_da", (layer, i), to_a), Node("output", (layer, j, i), to_z)]
                nodes.append(Node("path", (layer, i, j), to_a * to_z, "product", pair.copy))
            return nodes

        return Node("dC_dz", at, value, "sum", unfold)

    # Normalization

    def _to_u(self, layer: int, i: int, x: int) -> Node:
        """∂C/∂u = ∂C/∂a · ∂a/∂u, with u = γẑ + β what the activation is taken of."""
        factors = [self._activation(layer, i, x), self._local_slope("da_du", layer, i, x)]
        return Node("dC_du", (layer, i), factors[0].value * factors[1].value, "product", lambda: factors)

    def _normalized_error(self, layer: int, j: int, x: int) -> Node:
        """Behind a normalization: ∂C/∂zⱼ is a sum over all u that zⱼ has a part in, of this sample or of the batch."""
        value, at = float(self.delta(layer, j, x)), (layer, j)
        if self.network.normalization[layer - 1] == "layer":
            among = [(i, x) for i in range(self.network.sizes[layer])]
        elif self._given(layer) is None:
            among = [(j, other) for other in range(self.samples)]
        else:
            among = [(j, x)]

        def unfold() -> list[Node]:
            return [self._coupling(layer, i, other, j, x) for i, other in among]

        return Node("dC_dz", at, value, "sum", unfold)

    def _coupling(self, layer: int, i: int, other: int, j: int, x: int) -> Node:
        """∂C/∂u of neuron i and a sample, times the part that zⱼ of sample x has in it."""
        to_u = self._to_u(layer, i, other)
        local = Node("du_dz", (layer, i, j), self._through(layer, i, other, j, x))
        same = other == x
        name, at = ("path", (layer, i, j)) if same else ("sample", (other,))
        return Node(name, at, to_u.value * local.value, "product", lambda: [to_u, local])

    def _normalized(self, layer: int) -> Array:
        """Return ẑ (n_out, n) of a normalized layer."""
        z, given = self.z(layer), self._given(layer)
        if given is not None:
            by_given: Array = (z - given.mean[:, None]) / np.sqrt(given.variance + EPSILON)[:, None]
            return by_given
        axis = 0 if self.network.normalization[layer - 1] == "layer" else 1
        z_hat: Array = (z - z.mean(axis, keepdims=True)) / np.sqrt(z.var(axis, keepdims=True) + EPSILON)
        return z_hat

    def _given(self, layer: int) -> Statistics | None:
        """Given statistics of a batch-normalized layer; None where it takes those of its batch."""
        return self._run.given[layer - 1] if self._run.given else None

    def _through(self, layer: int, i: int, other: int, j: int, x: int) -> float:
        """∂u/∂z = γ/σ · ([same] − 1/N − ẑẑ′/N) with N numbers normalized together; γ/σ by given statistics."""
        gammas, z, given = self._gammas[layer - 1], self.z(layer), self._given(layer)
        assert gammas is not None
        gamma = float(gammas[i])
        if given is not None:
            return gamma / math.sqrt(float(given.variance[i]) + EPSILON)
        axis = 0 if self.network.normalization[layer - 1] == "layer" else 1
        here, there = ((i, x), (j, x)) if axis == 0 else ((i, other), (i, x))
        n, variance = z.shape[axis], float(z.var(axis)[x if axis == 0 else i])
        z_hat = self._normalized(layer)
        share: float = (here == there) - 1 / n - float(z_hat[here] * z_hat[there]) / n
        return gamma / math.sqrt(variance + EPSILON) * share

    # Forward

    def weighted_input(self, layer: int, i: int, x: int) -> Node:
        """Return z as the sum of its terms: a weight times what it weighs; the bias is the weight of the constant 1."""
        n_in = self.network.sizes[layer - 1]
        inputs = self.a(layer - 1)[:, x]

        def unfold() -> list[Node]:
            terms = []
            for k in range(n_in):
                w, a = self.weight(layer, i, k), float(inputs[k])
                pair = [Node("w", (layer, i, k), w), Node("a", (layer - 1, k), a)]
                terms.append(Node("term", (layer, i, k), w * a, "product", pair.copy))
            if self.network.bias:
                b = self.weight(layer, i, n_in)
                last = [Node("b", (layer, i), b), Node("one", (layer - 1, n_in), 1.0)]
                terms.append(Node("term", (layer, i, n_in), b, "product", lambda: last))
            return terms

        return Node("z", (layer, i), float(self.z(layer)[i, x]), "sum", unfold)
