"""Published numbers and laws, computed anew: the rows of `core.py` that say what is right.

python tests/bench/reference.py
"""

from __future__ import annotations

import sys
import tracemalloc
from typing import NamedTuple

import numpy as np
from backscope.core import ACTIVATIONS, LOSSES, NORMALIZATIONS, DataConfig, Network, RunConfig, Trainer, make_dataset
from backscope.core.insight.explain import Target, explain
from backscope.core.nets.differences import compare_gradient
from backscope.core.nets.normalization import EPSILON


class Row(NamedTuple):
    """What was computed, what came out, and what is published or asked for."""

    what: str
    found: str
    wanted: str


def problem(net: Network, loss: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return parameters, samples and targets that a loss can take."""
    rng, n_out = np.random.default_rng(3), net.sizes[-1]
    theta = net.initialize("nielsen", rng) + 0.1 * rng.normal(size=net.parameter_count)
    X, y = rng.normal(size=(4, net.sizes[0])), rng.normal(size=(4, n_out))
    if LOSSES[loss].output:
        y = np.eye(n_out)[rng.integers(n_out, size=4)]
    return theta, X, np.sign(y) if loss == "hinge" else y


def worst(net: Network, loss: str) -> float:
    """Return the largest error of the gradient of a net's parameters, those left out that are not trained."""
    theta, X, y = problem(net, loss)
    theta[[net.is_fixed(index) for index in range(len(theta))]] = 0.0
    trained = [index for index in range(net.parameter_count) if not net.is_fixed(index)]
    return compare_gradient(net, theta, X, y, loss, trained).error


def gradients() -> list[Row]:
    """Compare gradients with differences: all activations × losses × normalizations, and nets with skips."""
    kinds = (None, *NORMALIZATIONS)
    plain = [
        worst(Network([2, 3, 2], f, LOSSES[loss].output or "identity", normalization=kind), loss)
        for f in ACTIVATIONS
        for loss in LOSSES
        for kind in kinds
    ]
    skips = [
        worst(Network([2, 3, 3, 3, 2], f, normalization=kind, residual=True), "mse")
        for f in ACTIVATIONS
        for kind in kinds
    ]
    return [
        Row(f"worst gradient of {len(plain)} activations × losses × normalizations", f"{max(plain):.1e}", "< 1e-6"),
        Row(f"… of {len(skips)} nets with residual connections", f"{max(skips):.1e}", "< 1e-6"),
    ]


def trees() -> Row:
    """Compare the chain rule's trees of every parameter with the gradient: plain, normalized and with skips."""
    largest = 0.0
    for kind in (None, *NORMALIZATIONS):
        for residual in (False, True):
            net = Network([2, 3, 3, 2], "tanh", "sigmoid", normalization=kind, residual=residual)
            theta, X, y = problem(net, "bce")
            gradient = net.backpropagate(theta, X, y, "bce").gradient
            for layer, block in enumerate(net.blocks, start=1):
                for to, source in np.ndindex(block.cols, net.sizes[layer - 1]):
                    target = Target(layer, to, source)
                    value = explain(net, theta, X, y, "bce", target).value
                    largest = max(largest, abs(value - gradient[target.index(net)]))
            largest /= np.abs(gradient).max()
    return Row("products and sums of the chain rule's trees, from the gradient", f"{largest:.1e}", "< 1e-12")


def mazur() -> Row:
    """Return the error after Mazur's worked step (2015)."""
    net, loss = Network([2, 2, 2], "sigmoid", "sigmoid"), "half_squared_error"
    theta = net.pack([([[0.15, 0.20], [0.25, 0.30]], [0.35, 0.35]), ([[0.40, 0.45], [0.50, 0.55]], [0.60, 0.60])])
    gradient = net.backpropagate(theta, [[0.05, 0.10]], [[0.01, 0.99]], loss).gradient
    for layer in net.unpack(gradient):
        layer.b[...] = 0
    after = net.backpropagate(theta - 0.5 * gradient, [[0.05, 0.10]], [[0.01, 0.99]], loss).loss
    return Row("Mazur's worked step, error after it", f"{after:.9f}", ".291027774")


def saturating() -> Row:
    """Return the outputs of Nielsen's neuron (chapter 3) with x = 1, target 0, η = .15."""
    found = []
    for start, steps in (((0.6, 0.9), 300), ((2.0, 2.0), 150), ((2.0, 2.0), 300)):
        net, theta = Network([1, 1], output="sigmoid"), np.array(start)
        for _ in range(steps):
            theta = theta - 0.15 * net.backpropagate(theta, [[1.0]], [[0.0]], "half_squared_error").gradient
        found.append(f"{net.predict(theta, [[1.0]])[0, 0]:.4f}")
    return Row("Nielsen's saturating neuron, three outputs", ", ".join(found), ".0940, .9334, .2028")


def vanishing(seeds: int = 20) -> Row:
    """Return by what ‖δ‖ grows per sigmoid layer at Nielsen's start (chapter 5), on digits, three hidden layers."""
    data, factors = make_dataset(DataConfig("digits"), seed=0, output="sigmoid", loss="bce"), []
    net = Network([64, 30, 30, 30, 10], "sigmoid", "sigmoid")
    for seed in range(seeds):
        result = net.backpropagate(net.initialize("nielsen", seed), data.X_train[:1000], data.y_train[:1000], "bce")
        sizes = [np.sqrt(np.mean(layer.delta**2)) for layer in result.layers[:-1]]
        factors.append(np.exp(np.polyfit(range(3), np.log(sizes), 1)[0]))
    found = f"{np.mean(factors):.2f} ({min(factors):.2f} to {max(factors):.2f})"
    return Row(f"Nielsen's factor per sigmoid layer, mean of {seeds} seeds", found, "4.5 to 5.5 (3.5 to 7)")


def batch_normalization() -> Row:
    """Compare ∂C/∂z, ∂C/∂γ and ∂C/∂β with the closed form of Ioffe & Szegedy (2015)."""
    net, rng, n = Network([3, 5, 2], normalization="batch"), np.random.default_rng(0), 8
    theta, X, y = net.initialize(seed=1), rng.normal(size=(n, 3)), rng.normal(size=(n, 2))
    layer, above = net.unpack(theta)
    layer.gamma[...], layer.beta[...] = rng.normal(1, 0.3, 5), rng.normal(size=5)
    found, last = net.backpropagate(theta, X, y).layers
    spread = np.sqrt(found.z.var(axis=0) + EPSILON)
    z_hat = (found.z - found.z.mean(axis=0)) / spread
    dy = last.delta @ above.W * (1 - found.a**2)
    dz = layer.gamma / (n * spread) * (n * dy - dy.sum(axis=0) - z_hat * (dy * z_hat).sum(axis=0))
    pairs = (found.delta, dz), (found.dgamma, (dy * z_hat).sum(axis=0)), (found.dbeta, dy.sum(axis=0))
    largest = max(float(np.abs(one - other).max() / np.abs(other).max()) for one, other in pairs)
    return Row("batch normalization's backward pass, from its closed form", f"{largest:.1e}", "rounding")


def tutorials() -> Row:
    """Return the weights of the tutorials' neuron after 10,000 steps."""
    trainer = Trainer(RunConfig.from_json({
        "data": {"name": "truth_table_column"}, "network": {"hidden": [], "bias": False}, "batch_size": None,
        "loss": "half_squared_error", "initial": np.random.RandomState(1).randn(3).tolist(),
        "optimizer": {"learning_rate": 0.4},
    }))  # fmt: skip
    trainer.run(10_000)
    found = ", ".join(f"{w:.4f}" for w in trainer.theta)
    return Row("the tutorials' neuron on a table that it can learn", found, "7.2704, −.2254, −3.4153")


def scaling(seeds: int = 10) -> list[Row]:
    """Return what 50 layers of 256 neurons make of the size of signals and errors, as geometric means.

    The errors at the output are signs, so that they do not hang on the weights.
    """
    rows = []
    for initializer, activation in (("he_normal", "relu"), ("xavier_normal", "identity")):
        net, rng = Network([256] * 51, activation, bias=False), np.random.default_rng(0)
        X, y = rng.normal(size=(20, 256)), 1e9 * rng.choice([-1.0, 1.0], size=(20, 256))
        sizes, errors = [], []
        for seed in range(seeds):
            layers = net.backpropagate(net.initialize(initializer, seed), X, y, "mae").layers
            sizes.append([np.log(np.sqrt(np.mean(layer.z**2))) for layer in layers])
            errors.append([np.log(np.sqrt(np.mean(layer.delta**2))) for layer in layers])
        forward, back = (float(np.exp(np.mean([run[at] - run[other] for run in both])))
                         for both, at, other in ((sizes, -1, 0), (errors, 0, -1)))  # fmt: skip
        what = f"{initializer}, {activation}: z and δ through 50 layers, times"
        rows.append(Row(what, f"{forward:.2f}, {back:.2f}", "1, 1 (½ to 2)"))
    return rows


def allocated() -> Row:
    """Return the most that 40 steps of a net of 64 × 64 neurons allocate beside what they keep."""
    most = 0
    for network in ({}, {"normalization": "batch", "residual": True}, {"dropout": 0.3}):
        config = {"network": {"hidden": [64, 64], **network}, "batch_size": 50, "data": {"samples": 5000}}
        trainer = Trainer(RunConfig.from_json(config))
        trainer.run(1024 + 70)
        tracemalloc.start()
        trainer.run(1)
        kept, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        trainer.run(40)
        most = max(most, tracemalloc.get_traced_memory()[1] - kept)
        tracemalloc.stop()
    return Row("most bytes that 40 steps allocate; one buffer has 25,600", f"{most:,}", "no array")


def rows() -> list[Row]:
    """Return all rows."""
    return [
        *gradients(), trees(), mazur(), saturating(), vanishing(), batch_normalization(), tutorials(), *scaling(),
        allocated(),
    ]  # fmt: skip


def main() -> int:
    """Print the rows as a table."""
    print("| what | found | published or asked for |\n| --- | --- | --- |")
    for row in rows():
        print(f"| {row.what} | {row.found} | {row.wanted} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
