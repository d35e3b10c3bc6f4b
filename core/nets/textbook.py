"""A step of gradient descent as the textbook writes it: six lines, with the names that they have in its formulas.

    zˡ = Wˡ aˡ⁻¹ + bˡ                 the weighted input
    aˡ = f(zˡ)                        the activation
    δᴸ = ∂C/∂aᴸ · f′(zᴸ)              the error of the output (Nielsen, chapter 2, BP1)
    δˡ = (Wˡ⁺¹ᵀ δˡ⁺¹) · f′(zˡ)        the error of a hidden layer (BP2)
    ∂W = δˡ aˡ⁻¹ᵀ,  ∂b = δˡ           the gradient (BP3, BP4)
    W ← W − η ∂W,  b ← b − η ∂b       the update

Samples are columns, so a product sums over them. This is to be read, and to hold the fast form against; `passes` has
that. It computes the same, but differs for speed: θ is one vector, of which W and b of all layers are views, so that an
optimizer takes one step for all; the ones that biases are multiplied with stand below a, so that one product makes z
and one makes ∂W and ∂b; all results go into buffers that were made beforehand, through operations that were bound to
them, for at these sizes it is Python's way to NumPy that costs, and slopes of neighbours are written in one call. And
it knows more: normalization, dropout and skips, and losses that take logits, where a and C lose their digits.
"""

from __future__ import annotations

import numpy as np

from .activations import Array
from .batch_losses import softmax
from .losses import Loss, find_loss
from .network import Network


def descend(network: Network, theta: Array, x: Array, y: Array, loss: str | Loss, eta: float) -> tuple[float, Array]:
    """Return the loss C of a batch, and the parameters (P,) after a step of gradient descent on it.

    Parameters
    ----------
    network : Network
        Without normalization and skips; nothing drops out.
    theta : array (P,)
        Parameters, which are left as they are.
    x, y : array (n_in, n), (n_out, n)
        Samples and their targets, one to a column.
    loss : str or Loss
        That fits the output.
    eta : float
        The learning rate η.

    Raises
    ------
    ValueError
        For a network with layers that the textbook does not know.
    """
    if any(network.normalization) or any(network.residual):
        raise ValueError("the textbook's step is for layers without normalization and skips")
    theta = np.array(theta)
    layers, last = network.unpack(theta), len(network.blocks) - 1
    zs, activations = [], [np.asarray(x, theta.dtype)]
    for l, layer in enumerate(layers):  # noqa: E741  # the formulas' letter
        z = layer.W @ activations[-1] + (0 if layer.b is None else layer.b[:, None])
        a = network.functions[l].apply(z) if l < last else _output(network, z)
        zs.append(z)
        activations.append(a)
    C, delta = _loss(network, find_loss(loss), zs[-1], activations[-1], np.asarray(y, theta.dtype))
    for l in reversed(range(last + 1)):  # noqa: E741
        layer, below = layers[l], activations[l]
        dW, db = delta @ below.T, delta.sum(axis=1)
        if l:
            delta = (layer.W.T @ delta) * network.functions[l - 1].slope(zs[l - 1])
        layer.W[...] -= eta * dW
        if layer.b is not None:
            layer.b[...] -= eta * db
    return C, theta


def _output(network: Network, z: Array) -> Array:
    """Return a of the output."""
    if network.output != "softmax":
        return network.functions[-1].apply(z)
    a = np.empty_like(z)
    softmax(z, a)
    return a


def _loss(network: Network, loss: Loss, z: Array, a: Array, y: Array) -> tuple[float, Array]:
    """Return C and δ of the output: ∂C/∂a · f′(z), or ∂C/∂z from a loss that is taken from logits."""
    slope, count = np.empty_like(z), loss.count(*z.shape)
    C = loss.bind(z.copy(), a.copy(), slope)(y) / count
    slope *= loss.factor / count
    return C, slope if loss.output else slope * network.functions[-1].slope(z)
