"""A net as formulas: its graph has the loss and the gradient that backpropagation finds."""

import numpy as np
import pytest
from backscope.core.ground.errors import ConfigError
from backscope.core.insight.explain import explain
from backscope.core.insight.graph import graph_of
from backscope.core.insight.network_formula import formula_of
from backscope.core.insight.tape import Tape
from backscope.core.nets.activations import ACTIVATIONS
from backscope.core.nets.losses import LOSSES, find_loss, huber
from backscope.core.nets.network import Network
from backscope.core.nets.passes import Pass

CASES = [
    *((name, "mse", (2, 3, 1), "identity") for name in ACTIVATIONS),
    *(("tanh", name, (3, 2, 2), loss.output or (loss.outputs or ("identity",))[0]) for name, loss in LOSSES.items()),
    ("tanh", "half_squared_error", (3, 1), "sigmoid"),
    ("relu", "huber", (2, 2, 2, 1), "identity"),
]


@pytest.mark.parametrize(("activation", "loss", "sizes", "output"), CASES)
@pytest.mark.parametrize("bias", [True, False])
def test_its_graph_has_the_gradient_of_the_net(
    activation: str, loss: str, sizes: tuple[int, ...], output: str, bias: bool
) -> None:
    network = Network(sizes, activation, output, bias, residual=len(sizes) == 4, leaky_slope=0.2)
    rng = np.random.default_rng(3)
    theta, x = rng.normal(size=network.parameter_count), rng.normal(size=(1, sizes[0]))
    y = np.eye(sizes[-1])[:1] if loss in ("bce", "cross_entropy") else rng.choice([-1.0, 1.0], size=(1, sizes[-1]))
    record = huber(0.7) if loss == "huber" else find_loss(loss)
    run = Pass(network, record, theta, np.empty_like(theta), 1)
    rows, targets = network.arguments(theta, x, y)[1:]
    value = run(rows, targets)
    graph = graph_of(formula_of(Tape(network, theta.copy(), run, rows, targets), record, huber_delta=0.7))
    passes = graph.run(graph.given)
    assert passes.values[-1] == pytest.approx(value, rel=1e-12)
    found = {graph.nodes[i].name: passes.derivatives[i] for i in graph.variables}
    alone = len(sizes) == 2 and sizes[-1] == 1
    for layer in range(1, len(sizes)):
        for i in range(sizes[layer]):
            for k in range(sizes[layer - 1] + bias):
                weight = f"w{k + 1}" if alone else f"w{layer}_{i + 1}{k + 1}"
                name = weight if k < sizes[layer - 1] else ("b" if alone else f"b{layer}_{i + 1}")
                expected = explain(network, theta, x, y, record, _target(layer, i, k), 0).value
                assert found[name] == pytest.approx(expected, rel=1e-9, abs=1e-13), name


def _target(layer: int, to: int, source: int):  # type: ignore[no-untyped-def]
    from backscope.core.insight.chain import Target

    return Target(layer, to, source)


def test_what_cannot_be_looked_through_is_refused() -> None:
    normalized = Network((2, 2, 1), "tanh", normalization="batch")
    for network, words in [(Network((10, 10, 1), "tanh"), "at most 60"), (normalized, "without norm")]:
        theta = np.zeros(network.parameter_count)
        run = Pass(network, "mse", theta, np.empty_like(theta), 2)
        x, y = network.arguments(theta, np.ones((2, network.sizes[0])), np.ones((2, 1)))[1:]
        run(x, y)
        with pytest.raises(ConfigError, match=words):
            formula_of(Tape(network, theta, run, x, y), find_loss("mse"))
