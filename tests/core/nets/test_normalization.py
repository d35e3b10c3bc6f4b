"""Batch and layer normalization against their definitions, written out naively."""

import numpy as np
import pytest
from backscope.core import Network
from backscope.core.nets.normalization import EPSILON, fresh_statistics
from backscope.core.nets.passes import Pass, Training

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(6, 3)), RNG.normal(size=(6, 2))


def make(kind, **options):
    net = Network([3, 5, 4, 2], "tanh", normalization=kind, **options)
    theta = net.initialize(seed=1) + 0.3 * np.random.default_rng(2).normal(size=net.parameter_count)
    for layer, normalization in zip(net.unpack(theta), (*net.normalization, None), strict=True):
        if layer.b is not None and normalization == "batch":
            layer.b[...] = 0
    return net, theta


def normalized(z, axis):
    return (z - z.mean(axis=axis, keepdims=True)) / np.sqrt(z.var(axis=axis, keepdims=True) + EPSILON)


@pytest.mark.parametrize(("kind", "axis"), [("batch", 0), ("layer", 1)])
def test_forward_pass(kind, axis):
    net, theta = make(kind)
    a = X
    for layer in net.unpack(theta)[:-1]:
        a = np.tanh(layer.gamma * normalized(a @ layer.W.T + layer.b, axis) + layer.beta)
    last = net.unpack(theta)[-1]
    np.testing.assert_allclose(net.predict(theta, X), a @ last.W.T + last.b, rtol=1e-12)


def test_backward_pass_in_closed_form():
    """Ioffe & Szegedy: dx = γ / (N √(var + ε)) (N dy − Σdy − x̂ Σ(dy x̂)); dγ = Σ dy x̂; dβ = Σ dy."""
    net, theta = make("batch")
    result = net.backpropagate(theta, X, Y)
    layers = net.unpack(theta)
    for index in (0, 1):
        layer, above, n = layers[index], layers[index + 1], len(X)
        z = result.layers[index].z
        x_hat, deviation = normalized(z, 0), np.sqrt(z.var(axis=0) + EPSILON)
        dy = result.layers[index + 1].delta @ above.W * (1 - result.layers[index].a ** 2)
        dx = layer.gamma / (n * deviation) * (n * dy - dy.sum(axis=0) - x_hat * (dy * x_hat).sum(axis=0))
        np.testing.assert_allclose(result.layers[index].delta, dx, rtol=1e-10, atol=1e-14)
        np.testing.assert_allclose(result.layers[index].dgamma, (dy * x_hat).sum(axis=0), rtol=1e-10)
        np.testing.assert_allclose(result.layers[index].dbeta, dy.sum(axis=0), rtol=1e-10)
        np.testing.assert_array_equal(result.layers[index].db, 0)


@pytest.mark.parametrize("kind", ["batch", "layer"])
@pytest.mark.parametrize("bias", [True, False])
def test_parameters_are_packed_behind_their_layer(kind, bias):
    net, theta = make([kind, None], bias=bias)
    first, second, _ = net.unpack(theta)
    assert (first.W.shape, first.gamma.shape, second.gamma) == ((5, 3), (5,), None)
    assert net.parameter_count == 5 * (3 + bias) + 2 * 5 + 4 * (5 + bias) + 2 * (4 + bias)
    layers = [(layer.W, layer.b, layer.gamma, layer.beta) for layer in net.unpack(theta)]
    np.testing.assert_array_equal(net.pack(layers), theta)
    start = net.unpack(net.initialize())[0]
    np.testing.assert_array_equal(start.gamma, 1)
    np.testing.assert_array_equal(start.beta, 0)


def test_running_statistics_follow_batches_as_pytorch_has_it():
    net, theta = make("batch")
    running = fresh_statistics(net.normalization, net.sizes[1:-1], theta.dtype)
    run = Pass(net, "mse", theta, np.zeros_like(theta), 6, training=Training(np.random.default_rng(0), running))
    z = X @ net.unpack(theta)[0].W.T
    mean, variance = np.zeros(5), np.ones(5)
    x = np.column_stack([X, np.ones(6)]).T
    for _ in range(3):
        run.loss(x, Y.T.copy())
        mean = 0.9 * mean + 0.1 * z.mean(axis=0)
        variance = 0.9 * variance + 0.1 * z.var(axis=0, ddof=1)
    np.testing.assert_allclose(running[0].mean, mean, rtol=1e-12)
    np.testing.assert_allclose(running[0].variance, variance, rtol=1e-12)
    np.testing.assert_allclose(run.statistics[0].mean, z.mean(axis=0), rtol=1e-12)

    one = Pass(net, "mse", theta, np.zeros_like(theta), 1, training=Training(np.random.default_rng(0), running))
    one.loss(x[:, :1], Y[:1].T.copy())
    np.testing.assert_allclose(running[0].mean, mean, rtol=1e-12)


def test_given_statistics_make_samples_independent():
    net, theta = make("batch")
    run = Pass(net, "mse", theta, np.zeros_like(theta), 6)
    together = run.predict(np.column_stack([X, np.ones(6)]).T).T.copy()
    alone = [net.predict(theta, X[i : i + 1], statistics=run.statistics)[0] for i in range(6)]
    np.testing.assert_allclose(alone, together, rtol=1e-12)
    assert not np.allclose(net.predict(theta, X[:2]), together[:2])


def test_gradient_with_given_statistics():
    net, theta = make("batch")
    statistics = Pass(net, "mse", theta, np.zeros_like(theta), 6)
    statistics.predict(np.column_stack([X, np.ones(6)]).T)
    fixed = tuple(None if s is None else s.copy() for s in statistics.statistics)
    gradient = np.zeros_like(theta)
    run = Pass(net, "mse", theta, gradient, 6, statistics=fixed)
    x, y = np.column_stack([X, np.ones(6)]).T, Y.T.copy()
    run(x, y)
    found = gradient.copy()
    for index in range(0, len(theta), 3):
        kept, h = theta[index], 1e-5
        theta[index] = kept + h
        above = run.loss(x, y)
        theta[index] = kept - h
        below = run.loss(x, y)
        theta[index] = kept
        if found[index]:
            assert (above - below) / (2 * h) == pytest.approx(found[index], rel=1e-6, abs=1e-9)


def test_layer_normalization_trains_its_bias():
    net, theta = make("layer")
    result = net.backpropagate(theta, X, Y)
    assert np.abs(result.layers[0].db).min() > 0
    np.testing.assert_allclose(result.layers[0].db, result.layers[0].delta.sum(axis=0), rtol=1e-12)
    assert not net.is_fixed(3 * 5)
    assert make("batch")[0].is_fixed(3 * 5)


def test_layer_normalization_does_not_mix_samples():
    net, theta = make("layer")
    np.testing.assert_allclose(net.predict(theta, X)[:2], net.predict(theta, X[:2]), rtol=1e-12)


def test_deep_nets_keep_their_signal():
    plain, batch = (Network([8, *[8] * 30, 1], "sigmoid", normalization=kind) for kind in (None, "batch"))
    samples = np.random.default_rng(0).normal(size=(50, 8))
    norms = []
    for net in (plain, batch):
        layers = net.backpropagate(net.initialize(), samples, np.ones((50, 1))).layers
        norms.append(np.linalg.norm(layers[0].dW) / np.linalg.norm(layers[-2].dW))
    assert norms[0] < 1e-12
    assert norms[1] > 1e-3
