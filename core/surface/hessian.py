"""Exact products of the Hessian with a vector (Pearlmutter 1994, "Fast exact multiplication by the Hessian").

R{f} = ∂/∂r f(θ + rv) at r = 0 obeys the rules of differentiation, so it goes through a forward and a backward pass
beside the pass itself: from Rx = 0 up to the output, Rz = Vx + W Rx, Ra = f′ Rz; and from the loss down,
R{∂C/∂W} = Rδ aᵀ + δ Raᵀ, R{Wᵀδ} = Vᵀδ + Wᵀ Rδ, Rδ = R{Wᵀδ} f′ + Wᵀδ f″ Rz. Nothing is a difference, so no kink is ever
crossed: where f is made of straight lines, the product is that of the piece the point lies in.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from ..nets.activations import Array
from ..nets.arena import with_ones
from ..nets.losses import Loss, check_fit, check_targets, find_loss
from ..nets.network import Network, Pass
from ..nets.normalization import EPSILON


class HessianProduct:
    """The Hessian of the loss at one point, as a function of vectors.

    Batch normalization takes the statistics of all samples, so they move with the parameters; no neuron drops out.

    Parameters
    ----------
    net : Network
        The shape.
    theta : array (P,)
        The point.
    X : array (n, n_in)
        Inputs.
    y : array (n, n_out)
        Targets.
    loss : str or Loss
        A name in `LOSSES`, or a record of one's own.

    Attributes
    ----------
    theta, gradient : array (P,)
        The point, and the gradient there.
    count : int
        Products taken so far; each costs about two gradients.
    """

    def __init__(self, net: Network, theta: ArrayLike, X: ArrayLike, y: ArrayLike, loss: str | Loss = "mse") -> None:
        check_fit(net.output, loss)
        check_targets(loss, y)
        self.theta, self.gradient = np.array(theta, dtype=np.float64), np.empty(net.parameter_count)
        self.count = 0
        self._net, self._loss = net, find_loss(loss)
        self._x = with_ones(np.asarray(X, dtype=np.float64), net.bias, np.float64).T
        self._y = np.ascontiguousarray(np.asarray(y, dtype=np.float64).T)
        run = self._pass = Pass(net, loss, self.theta, self.gradient, self._x.shape[1])
        with np.errstate(all="ignore"):
            run(self._x, self._y)
            self._remember(run)

    def _remember(self, run: Pass) -> None:
        """Keep what every product needs of the pass: f′, f″, what layers passed on, ∂C/∂a and δ."""
        net, arena, passed = self._net, run.arena, run.passed
        last = len(net.blocks) - 1
        self._W = [block.view(self.theta)[:n] for block, n in zip(net.blocks, net.sizes, strict=False)]
        self._incoming = [self._x, *(passed[rows] for rows in arena.outgoing[:-1])]
        self._delta = [arena.D[rows] for rows in arena.rows]
        self._slopes = [f.slope(u) for f, u in zip(net.functions[:last], run.inputs, strict=False)]
        self._seconds = [f.second(u) for f, u in zip(net.functions[:last], run.inputs, strict=False)]
        self._errors = [run.reaching(layer) for layer in range(last)]
        self._norms: list[_Normalized | None] = [
            None if kind is None else _Normalized(kind, arena.Z[rows], block.gamma(self.theta), error * slope)
            for kind, rows, block, error, slope in zip(
                net.normalization, arena.rows, net.blocks, self._errors, self._slopes, strict=False
            )
        ]
        self._change = _output_change(net, self._loss, run, self._y)

    def __call__(self, vector: ArrayLike) -> Array:
        """Return Hv (P,) for `vector` (P,)."""
        V = np.ascontiguousarray(vector, dtype=np.float64).reshape(-1)
        self.count += 1
        out = np.zeros_like(self.theta)
        with np.errstate(all="ignore"):
            moves, inputs = self._forward(V)
            self._backward(V, moves, inputs, out)
        return out

    def _forward(self, V: Array) -> tuple[list[Array], list[Array]]:
        """Return R of what every layer passes on (inputs first), and of what each activation is taken of."""
        net, last = self._net, len(self._net.blocks) - 1
        moves: list[Array] = [np.zeros((net.sizes[0], self._x.shape[1]))]
        inputs: list[Array] = []
        for layer, block in enumerate(net.blocks):
            move: Array = block.view(V).T @ self._incoming[layer] + self._W[layer].T @ moves[-1]
            if layer == last:
                inputs.append(move)
                break
            if (norm := self._norms[layer]) is not None:
                move = norm.forward(move, block.gamma(V), block.beta(V))
            inputs.append(move)
            passed = self._slopes[layer] * move
            moves.append(passed + moves[-1] if net.residual[layer] else passed)
        return moves, inputs

    def _backward(self, V: Array, moves: list[Array], inputs: list[Array], out: Array) -> None:
        """Write R of the gradient into `out` (P,)."""
        net = self._net
        change = self._change(inputs[-1])
        error = np.zeros(0)  # R of ∂C/∂a of the layer above
        for layer in range(len(net.blocks) - 1, -1, -1):
            block, n_in, delta = net.blocks[layer], net.sizes[layer], self._delta[layer]
            hidden = layer < len(net.blocks) - 1
            d_block = block.view(out)
            d_block[:n_in] = moves[layer] @ delta.T + self._incoming[layer][:n_in] @ change.T
            if net.bias and not (hidden and net.normalization[layer] == "batch"):
                d_block[n_in] = change.sum(axis=1)
            if layer == 0:
                break
            below = block.view(V)[:n_in] @ delta + self._W[layer] @ change
            error = below + error if hidden and net.residual[layer] else below
            change = error * self._slopes[layer - 1]
            change += self._errors[layer - 1] * self._seconds[layer - 1] * inputs[layer - 1]
            if (norm := self._norms[layer - 1]) is not None:
                lower = net.blocks[layer - 1]
                change = norm.backward(change, lower.gamma(V), lower.gamma(out), lower.beta(out))


class _Normalized:
    """R of a normalized layer u = γẑ + β, with the statistics of the batch or of each sample.

    Parameters
    ----------
    kind : str
        ``"batch"`` or ``"layer"``.
    z : array (n, batch)
        Weighted inputs.
    gamma : array (n,)
        γ.
    to_u : array (n, batch)
        ∂C/∂u.
    """

    def __init__(self, kind: str, z: Array, gamma: Array, to_u: Array) -> None:
        self._axis = 1 if kind == "batch" else 0
        self._centred = z - self._mean(z)
        self._inverse = 1.0 / np.sqrt(self._mean(self._centred**2) + EPSILON)
        self._z_hat = self._centred * self._inverse
        self._gamma, self._to_u, self._to_z_hat = gamma[:, None], to_u, gamma[:, None] * to_u
        self._along = self._mean(self._to_z_hat * self._z_hat)
        self._inner = self._to_z_hat - self._mean(self._to_z_hat) - self._z_hat * self._along
        self._move_hat, self._move_inverse = np.zeros_like(z), np.zeros_like(self._inverse)

    def _mean(self, values: Array) -> Array:
        return np.asarray(values.mean(axis=self._axis, keepdims=True))

    def forward(self, move: Array, gamma: Array, beta: Array) -> Array:
        """Return Ru for Rz (n, batch), Rγ and Rβ (n,)."""
        move = move - self._mean(move)
        self._move_inverse = -(self._inverse**3) * self._mean(self._centred * move)
        self._move_hat = move * self._inverse + self._centred * self._move_inverse
        return np.asarray(gamma[:, None] * self._z_hat + self._gamma * self._move_hat + beta[:, None])

    def backward(self, change: Array, gamma: Array, d_gamma: Array, d_beta: Array) -> Array:
        """Return R{∂C/∂z} for R{∂C/∂u} and Rγ, after `forward`; write R{∂C/∂γ} and R{∂C/∂β} (n,)."""
        z_hat, move_hat, mean = self._z_hat, self._move_hat, self._mean
        d_gamma[:] = (change * z_hat + self._to_u * move_hat).sum(axis=1)
        d_beta[:] = change.sum(axis=1)
        inner = gamma[:, None] * self._to_u + self._gamma * change  # R{∂C/∂ẑ}
        along = mean(inner * z_hat + self._to_z_hat * move_hat)
        inner = inner - mean(inner) - move_hat * self._along - z_hat * along
        return np.asarray(self._move_inverse * self._inner + self._inverse * inner)


def _output_change(net: Network, loss: Loss, run: Pass, y: Array) -> Callable[[Array], Array]:
    """Return what turns Rz of the output into Rδ."""
    count = loss.count(*y.shape)
    z, a = run.arena.Z[run.arena.rows[-1]].copy(), run.output.copy()
    if loss.second is None:
        return _by_differences(loss, a, y, loss.factor / count)
    second, scale = loss.second, loss.factor / count
    if loss.output is not None or net.output == "identity":
        return lambda move: scale * second(a, y, move)
    f, written = net.functions[-1], np.empty_like(z)
    loss.bind(z, a, written)(y)
    slope, bend = f.slope(z), f.second(z)
    return lambda move: scale * (second(a, y, slope * move) * slope + written * bend * move)


def _by_differences(loss: Loss, a: Array, y: Array, scale: float) -> Callable[[Array], Array]:
    """Do so for a loss of one's own: what it says of its slope at a ± h, with as much accuracy as that has."""
    at, written = np.empty_like(a), np.empty_like(a)
    evaluate = loss.bind(at, at, written)

    def slope(point: Array) -> Array:
        at[...] = point
        evaluate(y)
        return written.copy()

    def change(move: Array) -> Array:
        size = float(np.abs(move).max(initial=0.0))
        if not 0.0 < size < np.inf:
            return np.asarray(0.0 * move)
        h = 1e-5 * (1.0 + float(np.abs(a).max(initial=0.0))) / size
        # five points: the error falls with h⁴
        near, far = slope(a + h * move) - slope(a - h * move), slope(a + 2 * h * move) - slope(a - 2 * h * move)
        return np.asarray(scale * (8.0 * near - far) / (12.0 * h))

    return change
