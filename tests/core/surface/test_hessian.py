"""Products with the Hessian against differences of gradients: all parts, and ReLU nets beside their kinks."""

import numpy as np
import pytest
from backscope.core import ConfigError, RunConfig, Trainer
from backscope.core.landscapes.functions import LANDSCAPES
from backscope.core.nets.activations import ACTIVATIONS
from backscope.core.nets.losses import LOSSES, OUTPUTS, check_fit
from backscope.core.nets.network import Network, Pass
from backscope.core.surface.curvature import sharpness
from backscope.core.surface.hessian import HessianProduct

FITS = []
for _loss in LOSSES:
    for _output in OUTPUTS:
        try:
            check_fit(_output, _loss)
        except ConfigError:
            continue
        FITS.append((_loss, _output))


def problem(rng, net, loss, n=9):
    X = rng.normal(size=(n, net.sizes[0]))
    if loss in ("bce", "cross_entropy"):
        y = rng.random((n, net.sizes[-1]))
    else:
        y = rng.choice([-1.0, 1.0], size=(n, net.sizes[-1]))
    theta = net.initialize("xavier_normal", seed=rng) + 0.2 * rng.normal(size=net.parameter_count)
    return theta, X, y


def pieces(net, theta, X, y, loss):
    """Return between which kinks all activations lie, and on which side of its bends the loss: as one tuple."""
    rows, x, targets = net.arguments(theta, X, y)
    run = Pass(net, loss, rows, np.empty_like(rows), x.shape[1])
    run(x, targets)
    found = [np.sign(u - kink).tobytes() for u, f in zip(run.inputs, net.functions, strict=False) for kink in f.kinks]
    bends = LOSSES[loss].bends
    return (*found, bends(run.output, targets).tobytes() if bends else b"")


def dense(net, theta, X, y, loss, h=2e-4):
    """Return the Hessian from differences of gradients of fourth order, with steps that cross no kink."""
    size, here = len(theta), pieces(net, theta, X, y, loss)
    rows = np.empty((size, size))
    for i in range(size):
        step = h
        while any(pieces(net, theta + k * step * np.eye(size)[i], X, y, loss) != here for k in (-2, -1, 1, 2)):
            step /= 4
            assert step > 1e-9
        g = {k: net.backpropagate(theta + k * step * np.eye(size)[i], X, y, loss).gradient for k in (-2, -1, 1, 2)}
        rows[i] = (8 * (g[1] - g[-1]) - (g[2] - g[-2])) / (12 * step)
    return rows, step


def assert_same(net, theta, X, y, loss):
    product = HessianProduct(net, theta, X, y, loss)
    whole = np.stack([product(row) for row in np.eye(len(theta))])
    expected, step = dense(net, theta, X, y, loss)
    scale = np.abs(expected).max()
    np.testing.assert_allclose(whole, expected, rtol=1e-6, atol=max(1e-8 * scale, 1e-14 / step) + 1e-12)
    np.testing.assert_allclose(whole, whole.T, atol=1e-12 * max(scale, 1.0))
    np.testing.assert_allclose(product.gradient, net.backpropagate(theta, X, y, loss).gradient, rtol=1e-12)


@pytest.mark.parametrize("normalization", [None, "batch", "layer"])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_with_every_normalization_and_skips(activation, normalization):
    rng = np.random.default_rng(1)
    net = Network([2, 3, 3, 3, 1], activation, normalization=normalization, residual=True)
    assert_same(net, *problem(rng, net, "mse"), "mse")


@pytest.mark.parametrize(("loss", "output"), FITS)
def test_every_loss_with_every_output(loss, output):
    rng = np.random.default_rng(2)
    net = Network([2, 4, 3], "tanh", output)
    assert_same(net, *problem(rng, net, loss), loss)


@pytest.mark.parametrize("bias", [True, False])
def test_nets_of_mixed_layers(bias):
    rng = np.random.default_rng(3)
    net = Network(
        [3, 4, 4, 2], ["silu", "softplus"], bias=bias, normalization=["batch", "layer"], residual=[False, True]
    )
    assert_same(net, *problem(rng, net, "huber"), "huber")


@pytest.mark.parametrize("seeds", [range(6), pytest.param(range(6, 36), marks=pytest.mark.long)])
@pytest.mark.parametrize("activation", ["relu", "leaky_relu"])
def test_the_sharpness_of_nets_with_kinks_is_that_of_the_piece_they_lie_in(activation, seeds):
    """36 nets each, where differences crossed kinks and were up to 23 times too large."""
    for seed in seeds:
        rng = np.random.default_rng(seed)
        net = Network([2, 8, 8, 1], activation, "sigmoid")
        X, y = rng.normal(size=(60, 2)), rng.integers(2, size=(60, 1)).astype(float)
        theta = net.initialize("he_normal", seed=seed) + 0.01 * rng.normal(size=net.parameter_count)
        product = HessianProduct(net, theta, X, y, "bce")
        expected, step = dense(net, theta, X, y, "bce")
        vector = rng.normal(size=len(theta))
        atol = 1e-6 * np.abs(expected @ vector).max() + 1e-13 / step
        np.testing.assert_allclose(product(vector), expected @ vector, rtol=1e-5, atol=atol)
        whole = np.stack([product(row) for row in np.eye(len(theta))])
        right = np.linalg.eigvalsh((whole + whole.T) / 2)[-1]
        assert sharpness(net, theta, X, y, "bce").value == pytest.approx(right, rel=1e-3)


def test_the_reported_run_has_the_curvature_of_its_hessian():
    trainer = Trainer(RunConfig.from_json({
        "data": {"name": "circle"}, "network": {"hidden": [8, 8], "activation": "leaky_relu"}, "seed": 2,
        "initializer": "he_normal", "optimizer": {"name": "sgd", "learning_rate": 0.03},
    }))  # fmt: skip
    trainer.run(200)
    data, net = trainer.dataset, trainer.network
    product = HessianProduct(net, trainer.theta, data.X_train, data.y_train, "bce")
    whole = np.stack([product(row) for row in np.eye(net.parameter_count)])
    right = np.linalg.eigvalsh((whole + whole.T) / 2)[-1]
    assert right == pytest.approx(0.871, abs=0.02)
    assert sharpness(net, trainer.theta, data.X_train, data.y_train, "bce").value == pytest.approx(right, rel=1e-3)


@pytest.mark.parametrize("name", LANDSCAPES)
def test_a_loss_of_its_own_is_as_exact_as_its_slope(name):
    landscape, net = LANDSCAPES[name], Network([1, 2], bias=False)
    point, h = np.array([0.3, -0.7]), 1e-4
    product = HessianProduct(net, point, [[1.0]], [[0.0, 0.0]], name)

    def slope(at):
        return np.array([float(d) for d in landscape.df(np.float64(at[0]), np.float64(at[1]))])

    for i, row in enumerate(np.eye(2)):
        near, far = (slope(point + k * h * row) - slope(point - k * h * row) for k in (1, 2))
        expected = (8 * near - far) / (12 * h)
        np.testing.assert_allclose(product(np.eye(2)[i]), expected, rtol=1e-6, atol=1e-6 * np.abs(expected).max())
