"""The sharpest direction of the loss, on quadratics with known curvature and against the whole Hessian."""

import pickle

import numpy as np
import pytest
from backscope.core.config.config import RunConfig
from backscope.core.nets.network import Network
from backscope.core.run.trainer import Trainer
from backscope.core.surface import curvature
from backscope.core.surface.curvature import sharpness, sharpness_of_run
from backscope.core.surface.hessian import HessianProduct
from backscope.core.surface.planes import make_plane


def linear(columns, n=60, seed=0):
    """Least squares: the Hessian of the mean square is 2XᵀX/n everywhere."""
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((n, columns)) * np.linspace(0.5, 3, columns)
    return Network([columns, 1], bias=False), X, rng.standard_normal((n, 1)), 2 * X.T @ X / n


@pytest.mark.parametrize("columns", [2, 8, 60])
def test_least_squares_has_the_curvature_of_its_inputs(columns):
    net, X, y, hessian = linear(columns)
    found = sharpness(net, np.ones(columns), X, y)
    values, vectors = np.linalg.eigh(hessian)
    assert found.value == pytest.approx(values[-1], rel=1e-3)
    assert abs(found.direction @ vectors[:, -1]) == pytest.approx(1, abs=1e-2)
    assert np.linalg.norm(found.direction) == pytest.approx(1)
    assert found.exact


def test_a_product_is_that_of_the_hessian():
    net, X, y, hessian = linear(5)
    product = HessianProduct(net, np.ones(5), X, y)
    v = np.array([1.0, -2.0, 0.5, 0.0, 3.0])
    np.testing.assert_allclose(product(v), hessian @ v, rtol=1e-12)
    np.testing.assert_allclose(product(1e-6 * v), 1e-6 * (hessian @ v), rtol=1e-12)
    assert product(np.zeros(5)).tolist() == [0] * 5


@pytest.mark.parametrize(("activation", "loss", "output"), [("tanh", "bce", "sigmoid"), ("sigmoid", "mse", "identity")])
def test_lanczos_agrees_with_the_whole_hessian(activation, loss, output, monkeypatch):
    rng = np.random.default_rng(1)
    net = Network([2, 6, 5, 1], activation, output)
    X, y = rng.standard_normal((50, 2)), rng.integers(0, 2, (50, 1)).astype(float)
    theta = net.initialize("normal", seed=2)
    found = sharpness(net, theta, X, y, loss)
    assert len(theta) > curvature.SMALL
    monkeypatch.setattr(curvature, "SMALL", 1000)
    whole = sharpness(net, theta, X, y, loss)
    assert found.value == pytest.approx(whole.value, rel=1e-4)
    assert abs(found.direction @ whole.direction) == pytest.approx(1, abs=1e-3)
    assert found.products < whole.products


def test_gradient_descent_is_stable_below_two_over_the_sharpness():
    net, X, y, _ = linear(6)
    start = np.ones(6)
    limit = 2 / sharpness(net, start, X, y).value
    for factor, grows in ((0.99, False), (1.01, True)):
        theta = start.copy()
        for _ in range(3000):
            theta -= factor * limit * net.backpropagate(theta, X, y).gradient
        assert (np.abs(theta).max() > 1e3) == grows


def test_a_loss_that_is_flat_or_no_number():
    net = Network([2, 20, 1], "relu", "identity")
    X, y = np.ones((5, 2)), np.zeros((5, 1))
    flat = net.pack([(-np.ones((20, 2)), np.zeros(20)), (np.zeros((1, 20)), np.zeros(1))])
    found = sharpness(net, flat, X, y)
    assert found.value == pytest.approx(2, rel=1e-3)  # only the output's bias bends the loss
    broken = sharpness(net, flat * np.nan, X, y)
    assert np.isnan(broken.value)
    assert not broken.exact


def test_a_process_that_knows_the_config_alone_finds_the_same():
    config = RunConfig.from_json({"network": {"hidden": [5, 4]}, "loss": "mse"})
    trainer = Trainer(config)
    trainer.run(50)
    data = trainer.dataset
    wanted = sharpness(trainer.network, trainer.theta, data.X_train, data.y_train, "mse")
    found = pickle.loads(pickle.dumps(sharpness_of_run(config.to_json(), trainer.theta)))
    assert found.value == wanted.value
    again = sharpness_of_run(config.to_json(), trainer.theta, start=found.direction)
    assert again.value == pytest.approx(wanted.value, rel=1e-4)


def test_the_sharpest_plane_holds_the_gradient_and_the_direction():
    net, X, y, _ = linear(6)
    theta = np.ones(6)
    gradient = net.backpropagate(theta, X, y).gradient
    found = sharpness(net, theta, X, y)
    plane = make_plane("sharpest", net, theta, gradient=gradient, sharpest=found.direction)
    assert (plane.kind, plane.basis) == ("sharpest", "sharpest")
    for direction in (gradient, found.direction):
        assert plane.distance(theta + direction) == pytest.approx(0, abs=1e-9)
    alpha, beta = plane.project(theta - 1e-3 * gradient)
    assert alpha > 0
    assert beta == pytest.approx(0, abs=1e-12)
    assert make_plane("sharpest", net, theta, gradient=gradient).basis == "gradient"
    assert make_plane("sharpest", net, theta, gradient=found.direction, sharpest=found.direction).contains(theta)


def test_a_scale_is_that_of_the_parameters():
    net, X, y, hessian = linear(30)
    scale = np.linspace(0.1, 2.0, 30)
    found = sharpness(net, np.ones(30), X, y, scale=scale)
    assert found.value == pytest.approx(np.linalg.eigvalsh(scale[:, None] * hessian * scale)[-1], rel=1e-4)
