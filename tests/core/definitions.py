"""What each loss and accuracy is defined as, in plain NumPy: the page's numbers are held against it by their names.

It takes parameters, samples and running statistics of a run, and nothing that the core computes from them.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from backscope.core import RunConfig, Trainer
from numpy.typing import NDArray
from oracle import ACTIVATIONS, LOSSES

Array = NDArray[np.float64]
TINY = 1e-5


def activate(name: str, u: Array, leaky: float) -> Array:
    if name == "leaky_relu":
        return np.where(u > 0, u, leaky * u)
    found: Array = ACTIVATIONS[name][0](u)
    return found


def pass_on(trainer: Trainer, X: Array, running: bool) -> tuple[Array, Array]:
    """Return what the outputs take their activation of, and what the network answers, with nothing dropped.

    Statistics are the running ones or those of X.
    """
    net, a = trainer.network, np.asarray(X, dtype=np.float64)
    z = a
    kept = trainer.view.running_statistics
    layers = net.unpack(np.asarray(trainer.theta, dtype=np.float64))
    for number, (layer, name) in enumerate(zip(layers, net.activations, strict=True)):
        z = a @ layer.W.T + (0 if layer.b is None else layer.b)
        kind = net.normalization[number] if number < len(net.normalization) else None
        if kind is not None:
            if kind == "layer":
                mean, variance = z.mean(axis=1, keepdims=True), z.var(axis=1, keepdims=True)
            elif running:
                mean, variance = kept[number].mean, kept[number].variance
            else:
                mean, variance = z.mean(axis=0), z.var(axis=0)
            z = layer.gamma * (z - mean) / np.sqrt(variance + TINY) + layer.beta
        passed = activate(name, z, net.leaky_slope)
        residual = number < len(net.residual) and net.residual[number]
        a = passed + a if residual else passed
    return z, a


def smoothed(config: RunConfig, y: Array) -> Array:
    """Return targets with a share s spread: y(1 − s) + s/K, where a single output counts for two classes."""
    return y * (1 - config.label_smoothing) + config.label_smoothing / max(2, y.shape[1])


def mean_loss(trainer: Trainer, X: Array, y: Array, running: bool) -> float:
    targets = smoothed(trainer.config, y) if trainer.config.label_smoothing else y
    z, a = pass_on(trainer, X, running)
    output, loss = trainer.config.output_and_loss()
    if output == "softmax":  # ln a itself: a may be 0
        return float(-np.sum(targets * (z - np.logaddexp.reduce(z, axis=1, keepdims=True))) / len(X))
    return float(LOSSES[loss][0](a, targets))


def share_right(trainer: Trainer, X: Array, y: Array) -> float:
    _, a = pass_on(trainer, X, running=True)
    if y.shape[1] > 1:
        return float(np.mean(a.argmax(axis=1) == y.argmax(axis=1)))
    middle = sum(trainer.dataset.target_range) / 2
    return float(np.mean((a > middle) == (y > middle)))


def r2(trainer: Trainer, X: Array, y: Array) -> float:
    _, a = pass_on(trainer, X, running=True)
    return float(1 - np.sum((a - y) ** 2) / np.sum((y - y.mean(axis=0)) ** 2))


def penalty(trainer: Trainer) -> float:
    weights = [layer.W for layer in trainer.network.unpack(np.asarray(trainer.theta, dtype=np.float64))]
    l1, l2 = trainer.config.l1, trainer.config.l2
    return float(sum(l1 * np.abs(W).sum() + l2 / 2 * (W**2).sum() for W in weights))


def _train(trainer: Trainer) -> tuple[Array, Array]:
    return trainer.dataset.X_train, trainer.dataset.y_train


def _test(trainer: Trainer) -> tuple[Array, Array]:
    return trainer.dataset.X_test, trainer.dataset.y_test


#: name of a measure, as the page's labels and `data-measure` have it -> its definition
DEFINITIONS: dict[str, Callable[[Trainer], float]] = {
    "train_loss": lambda run: mean_loss(run, *_train(run), running=False),
    "test_loss": lambda run: mean_loss(run, *_test(run), running=True),
    "objective": lambda run: mean_loss(run, *_train(run), running=False) + penalty(run),
    "train_accuracy": lambda run: share_right(run, *_train(run)),
    "test_accuracy": lambda run: share_right(run, *_test(run)),
    "train_r2": lambda run: r2(run, *_train(run)),
    "test_r2": lambda run: r2(run, *_test(run)),
}

#: Runs with all that could be meant otherwise: dropout, normalization, penalties, smoothing, no test set.
ODD: dict[str, RunConfig] = {
    name: RunConfig.from_json(changes)
    for name, changes in {
        "all": {
            "data": {"name": "circle"},
            "network": {"hidden": [4, 3], "normalization": "batch", "dropout": 0.2},
            "l1": 0.01,
            "l2": 0.05,
            "label_smoothing": 0.1,
        },
        "no test set": {"data": {"name": "xor", "test_fraction": 0.0}, "network": {"hidden": [4]}, "l2": 0.1},
        "classes": {
            "data": {"name": "blobs"},
            "network": {"hidden": [5, 5], "normalization": "layer", "residual": True, "dropout": 0.3},
            "label_smoothing": 0.2,
        },
        "regression": {
            "data": {"name": "plane"},
            "network": {"hidden": [4], "normalization": "batch", "dropout": 0.1},
            "loss": "huber",
            "l1": 0.02,
        },
        "sigmoid outputs": {
            "data": {"name": "blobs"},
            "network": {"hidden": [4], "output": "sigmoid"},
            "loss": "bce",
            "label_smoothing": 0.1,
        },
    }.items()
}
