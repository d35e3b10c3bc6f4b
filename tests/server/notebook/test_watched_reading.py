"""What is read off somebody's own model is what the laboratory reads off the same weights and samples."""

from __future__ import annotations

import math
from dataclasses import fields

import numpy as np
import pytest
from backscope.core import Network
from backscope.core.insight.health import DEAD_NEURON, SATURATED_NEURON
from backscope.core.insight.laboratory import Laboratory, Reading
from backscope.core.nets.arena import with_ones
from backscope.core.nets.losses import LOSSES
from backscope.server.notebook import hooks
from backscope.server.notebook.hooks import Hooks
from backscope.server.notebook.seen import Called, Seen
from backscope.server.notebook.watched_reading import function_of, read
from little_torch import SGD, Linear, LittleNumbers, Sequential, Sigmoid, SquaredError, Tensor

#: What a watched run does not tell.
UNTOLD = {"most_gain", "z_reach", "z_counts"}


def watched(sizes, theta, X, Y, batches=1):
    """A reading of the stand-in with the weights of the core's network."""
    network = Network(sizes, "sigmoid", "identity")
    parts = []
    for block, n_in in zip(network.blocks, network.sizes, strict=False):
        W = block.view(theta)
        parts += [Linear(W[:n_in].T.copy(), W[n_in].copy()), Sigmoid()]
    model = Sequential(*parts[:-1])
    seen = []
    optimizer = SGD(model, 0.0)
    looking = Hooks(model, optimizer, LittleNumbers(), seen.append)
    for rows in np.array_split(np.arange(len(X)), batches):
        SquaredError()(model(Tensor(X[rows])), Y[rows]).backward()
    optimizer.step()
    looking.remove()
    return network, read(seen[0], averaged=True)


@pytest.mark.parametrize("batches", [1, 4])
def test_twelve_sigmoid_layers_read_as_the_core_reads_them(batches):
    random = np.random.default_rng(0)
    sizes = [3] + [7] * 12 + [2]
    X, Y = random.normal(size=(64, 3)), random.normal(size=(64, 2))
    theta = Network(sizes, "sigmoid", "identity").initialize("xavier_uniform", 3)
    network, found = watched(sizes, theta, X, Y, batches)
    expected = Laboratory(network, LOSSES["mse"], with_ones(X, True, np.float64), Y).read(theta)
    scale = expected.delta[-1] / found.reading.delta[-1]  # the core's squared error may have another factor
    for field in fields(Reading):
        name = field.name
        if name in UNTOLD:
            continue
        mine, theirs = getattr(found.reading, name), getattr(expected, name)
        if name in ("delta", "gradient"):
            mine = mine * scale * (1 / batches if name == "gradient" else 1)
        np.testing.assert_allclose(mine, theirs, rtol=1e-9, atol=1e-300, err_msg=name)
    np.testing.assert_allclose(found.reading.factor, expected.factor, rtol=1e-9)
    assert found.sizes == sizes
    assert found.functions == ["sigmoid"] * 12 + ["identity"]


def test_saturated_neurons_are_counted_as_the_core_counts_them():
    sizes = [2, 5, 4, 1]
    X = np.random.default_rng(1).normal(size=(40, 2))
    theta = 30 * Network(sizes, "sigmoid", "identity").initialize("xavier_uniform", 1)
    network, found = watched(sizes, theta, X, np.zeros((40, 1)))
    health = Laboratory(network, LOSSES["mse"], with_ones(X, True, np.float64), np.zeros((40, 1))).read(theta).health
    first = health[:5]
    assert found.activity[2, 0] == np.mean(first == DEAD_NEURON)
    assert found.activity[3, 0] == np.mean(first == SATURATED_NEURON) > 0
    hidden = 1 / (1 + np.exp(-(X @ network.blocks[0].view(theta)[:2] + network.blocks[0].view(theta)[2])))
    np.testing.assert_allclose(found.activity[:2, 0], [hidden.mean(), hidden.std()])


@pytest.mark.parametrize(
    ("kind", "settings", "name"),
    [
        ("ReLU", {}, "relu"),
        ("LeakyReLU", {"negative_slope": 0.2}, "leaky_relu"),
        ("ELU", {"alpha": 1.0}, "elu"),
        ("ELU", {"alpha": 0.5}, "unseen"),
        ("GELU", {"approximate": "tanh"}, "unseen"),
        ("Hardswish", {}, "unseen"),
    ],
)
def test_activations_have_the_cores_names_where_they_are_the_same(kind, settings, name):
    layer = Seen("a", None, 1, 2, 2, activation=Called(kind, settings))
    found, function = function_of(layer, last=False)
    assert found == name
    assert (function is None) == (name == "unseen")
    if kind == "LeakyReLU":
        assert function.slope(np.array([-1.0]))[0] == 0.2


def test_a_layer_behind_which_something_unseen_was_called_has_no_slopes():
    layer = Seen("a", None, 1, 2, 2)
    assert function_of(layer, last=False) == ("unseen", None)
    layer.straight = True
    assert function_of(layer, last=False)[0] == function_of(Seen("b", None, 1, 2, 2), last=True)[0] == "identity"


def test_tiny_errors_are_pooled_without_becoming_zero():
    from backscope.server.notebook.watched_reading import _pooled

    layer = Seen("a", None, 1, 2, 2, sizes={"delta": [(3e-200, 10), (4e-200, 10)], "back": [], "inner": [(0.0, 5)]})
    assert _pooled(layer, "delta") == pytest.approx(math.sqrt(12.5) * 1e-200, rel=1e-12)
    assert math.isnan(_pooled(layer, "back"))
    assert _pooled(layer, "inner") == 0
    assert hooks.REST >= 0.2
