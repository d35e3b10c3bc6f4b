"""Loss grids against the network's own loss, and the figures beside a surface."""

import pickle

import numpy as np
import pytest
from backscope.core.config.config import RunConfig
from backscope.core.data.datasets import DATASETS, make_dataset
from backscope.core.nets.activations import ACTIVATIONS
from backscope.core.nets.losses import LOSSES, huber
from backscope.core.nets.network import Network
from backscope.core.run.trainer import Trainer
from backscope.core.surface import loss_function
from backscope.core.surface.loss_function import LossFunction
from backscope.core.surface.planes import make_plane
from backscope.core.surface.surface import SurfaceTask, loss_grid, loss_line, loss_points, path_figures

RNG = np.random.default_rng()


@pytest.fixture(autouse=True)
def same_numbers_whatever_ran_before(monkeypatch):
    monkeypatch.setitem(globals(), "RNG", np.random.default_rng(0))


CASES = {
    "mse": ([2, 4, 2, 1], "tanh", "identity"),
    "half_squared_error": ([3, 5, 2], "sigmoid", "sigmoid"),
    "bce": ([2, 6, 3, 1], "relu", "sigmoid"),
    "cross_entropy": ([4, 7, 3], "tanh", "softmax"),
}


def problem(loss, n=40, bias=True, sizes=None):
    shape, activation, output = CASES.get(loss, CASES["mse"])
    net = Network(sizes or shape, activation, output, bias)
    n_out = net.sizes[-1]
    X = RNG.standard_normal((n, net.sizes[0]))
    y = np.eye(max(2, n_out))[RNG.integers(0, max(2, n_out), n)][:, :n_out]
    y = 2 * y - 1 if loss == "hinge" else y
    theta = net.initialize("normal", seed=3)
    return net, X, y, theta


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("n", [1, 40, 700])
def test_grid_equals_the_networks_loss(loss, bias, n):
    net, X, y, theta = problem(loss, n, bias)
    plane = make_plane("random", net, theta, seed=1)
    grid = loss_grid(net, X, y, plane, resolution=9, loss=loss)
    alphas, betas = np.linspace(*plane.alpha, 9), np.linspace(*plane.beta, 9)
    expected = [[net.backpropagate(plane.point(a, b), X, y, loss).loss for a in alphas] for b in betas]
    np.testing.assert_allclose(grid, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("sizes", [[2, 1], [2, 3, 1], [2, 3, 5, 4, 2, 6, 1], [2, 1, 1, 1, 1]])
@pytest.mark.parametrize("bias", [True, False])
def test_any_depth(sizes, bias):
    net, X, y, theta = problem("mse", bias=bias, sizes=sizes)
    plane = make_plane("random", net, theta)
    value = LossFunction(net, X, y).on(plane, np.array([0.3]), np.array([-0.7]))
    assert value[0] == pytest.approx(net.backpropagate(plane.point(0.3, -0.7), X, y).loss, rel=1e-12)


def test_outputs_do_not_write_over_the_ones_of_a_layer_below():
    """A hidden layer with its row of ones is as high as the output, and takes turns with it; in more than one chunk."""
    net, X, y, theta = problem("half_squared_error", 700, sizes=[3, 5, 1, 4, 2])
    thetas = theta + RNG.standard_normal((30, len(theta)))
    expected = [net.backpropagate(one, X, y, "half_squared_error").loss for one in thetas]
    np.testing.assert_allclose(LossFunction(net, X, y, "half_squared_error").at(thetas), expected, rtol=1e-12)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_any_activation(activation):
    _, X, y, _ = problem("mse")
    net = Network([2, 4, 3, 1], activation, activation)
    plane = make_plane("random", net, net.initialize("normal", seed=3))
    value = LossFunction(net, X, y).on(plane, np.array([0.3, 1.0]), np.array([-0.7, 1.0]))
    assert value[0] == pytest.approx(net.backpropagate(plane.point(0.3, -0.7), X, y).loss, rel=1e-12)


@pytest.mark.parametrize("loss", LOSSES)
def test_losses_at_many_parameter_vectors(loss):
    net, X, y, theta = problem(loss, 600)
    thetas = theta + RNG.standard_normal((57, len(theta)))
    expected = [net.backpropagate(one, X, y, loss).loss for one in thetas]
    np.testing.assert_allclose(LossFunction(net, X, y, loss).at(thetas), expected, rtol=1e-12)


@pytest.mark.parametrize("loss", LOSSES)
def test_every_loss_has_a_form_for_many_points(loss):
    assert loss in loss_function._TOTALS


@pytest.mark.parametrize("loss", LOSSES)
def test_a_loss_without_a_form_of_its_own_is_taken_point_by_point(loss, monkeypatch):
    net, X, y, theta = problem(loss, 600)
    plane = make_plane("random", net, theta)
    expected = loss_grid(net, X, y, plane, 6, loss)
    monkeypatch.setattr(loss_function, "_TOTALS", {})
    np.testing.assert_allclose(loss_grid(net, X, y, plane, 6, loss), expected, rtol=1e-12)


@pytest.mark.parametrize("loss", LOSSES)
def test_huge_losses_stay_what_they_are(loss):
    net, X, y, theta = problem(loss)
    values = LossFunction(net, X, y, loss).at(np.stack([theta, theta + np.inf, theta * 1e200, theta * np.nan]))
    assert np.isfinite(values[0])
    assert np.isnan(values[3])
    with np.errstate(all="ignore"):
        expected = net.backpropagate(theta * 1e200, X, y, loss).loss
    np.testing.assert_equal(np.isfinite(values[2]), np.isfinite(expected))


def test_single_precision_is_close_and_stays_apart():
    net, X, y, theta = problem("bce", 300)
    plane = make_plane("random", net, theta)
    exact = loss_grid(net, X, y, plane, 12, "bce")
    coarse = loss_grid(net, X, y, plane, 12, "bce", dtype=np.float32)
    np.testing.assert_allclose(coarse, exact, rtol=1e-5)
    assert (coarse != exact).any()


def test_some_rows_are_those_of_the_whole():
    net, X, y, theta = problem("mse")
    plane = make_plane("random", net, theta)
    whole = loss_grid(net, X, y, plane, 10)
    np.testing.assert_array_equal(loss_grid(net, X, y, plane, 10, rows=(3, 7)), whole[3:7])


def test_rows_are_beta_and_columns_alpha():
    net = Network([1, 1])
    X, y = np.array([[1.0], [2.0]]), np.array([[2.0], [5.0]])
    plane = make_plane("weights", net, np.zeros(2), weights=(0, 1))
    grid = loss_grid(net, X, y, plane, 3)
    assert (plane.alpha, plane.beta) == ((-1, 1), (-1, 1))
    w, b = 1.0, -1.0
    assert grid[0, 2] == pytest.approx(((w + b - 2) ** 2 + (2 * w + b - 5) ** 2) / 2)


def test_figures_of_a_plane_that_shows_everything():
    net = Network([1, 1])
    X, y = RNG.standard_normal((20, 1)), RNG.standard_normal((20, 1))
    path = RNG.standard_normal((15, 2))
    figures = path_figures(make_plane("pca", net, path[-1], path), path, path[-1], LossFunction(net, X, y))
    assert figures.share == pytest.approx(1)
    assert figures.distance == pytest.approx(0, abs=1e-12)
    assert figures.plane_loss == pytest.approx(figures.loss, rel=1e-12)
    assert figures.loss == pytest.approx(net.backpropagate(path[-1], X, y).loss, rel=1e-12)
    assert figures.parameters == 2


def test_figures_of_a_plane_that_leaves_something_out():
    """A plane on the first two of three weights, one unit away from where the third now stands."""
    net = Network([3, 1], bias=False)
    X, y = np.eye(3), np.zeros((3, 1))
    plane = make_plane("weights", net, np.array([1.0, 1.0, 0.0]), weights=(0, 1))
    path = np.array([[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [1.0, 1.0, 0.0], [1.0, 1.0, 1.0]])
    figures = path_figures(plane, path, path[-1], LossFunction(net, X, y))
    assert figures.share == pytest.approx((0.75 + 1.0) / (0.75 + 1.0 + 0.75))
    assert figures.distance == pytest.approx(1.0)
    assert figures.plane_loss == pytest.approx(2 / 3)
    assert figures.loss == pytest.approx(1.0)


def test_no_path_no_share():
    net, X, y, theta = problem("mse")
    figures = path_figures(make_plane("pca", net, theta), theta[None], theta, LossFunction(net, X, y))
    assert np.isnan(figures.share)
    assert figures.plane_loss == pytest.approx(figures.loss)


@pytest.mark.parametrize("name", DATASETS)
def test_a_task_survives_the_way_to_another_process(name):
    config = RunConfig.from_json({"data": {"name": name}, "network": {"hidden": [3]}, "seed": 4})
    output, loss = config.output_and_loss()
    data = make_dataset(config.data, config.seed, output, loss)
    net = Network(config.sizes, "tanh", output)
    plane = make_plane("random", net, net.initialize(seed=1))
    task = pickle.loads(pickle.dumps(SurfaceTask.of(config, plane, resolution=6)))
    grid = loss_grid(net, data.X_train, data.y_train, plane, 6, loss)
    np.testing.assert_array_equal(loss_points(task, 0, 36), grid.ravel())
    for first, last in ((12, 24), (7, 11)):  # other products than those of the whole grid, and other last digits
        np.testing.assert_allclose(loss_points(task, first, last), grid.ravel()[first:last], rtol=1e-12)


def test_an_explicit_start_does_not_reach_the_task():
    config = RunConfig.from_json({"network": {"hidden": []}, "initial": [1, 2, 3]})
    plane = make_plane("random", Network([2, 1]), np.ones(3))
    assert np.isfinite(loss_points(SurfaceTask.of(config, plane, 4), 0, 16)).all()


def test_chunks_shrink_with_the_net_and_never_vanish():
    def task(hidden, data="circle", resolution=128):
        config = RunConfig.from_json({"data": {"name": data}, "network": {"hidden": hidden}})
        net = Network(config.sizes, "tanh", config.output_and_loss()[0])
        return SurfaceTask.of(config, make_plane("random", net, net.initialize()), resolution)

    small, large = task([4, 2]), task([128] * 12, "digits")
    assert small.points_in(0.05) > 20 * large.points_in(0.05) > 0
    assert small.points_in(0.05) >= 2 * 128 > large.points_in(0.05)  # rows of the grid
    assert large.points_in(1e-9) == 1
    assert small.seconds_per_point * small.points_in(0.05) <= 0.05


def test_the_line_between_two_points_ends_in_their_losses():
    net, X, y, start = problem("bce")
    end = net.initialize("normal", seed=9)
    alpha, losses = loss_line(LossFunction(net, X, y, "bce"), start, end, points=7, reach=(0.0, 1.0))
    assert alpha.tolist() == pytest.approx([0, 1 / 6, 1 / 3, 1 / 2, 2 / 3, 5 / 6, 1])
    for place, theta in ((0, start), (3, (start + end) / 2), (6, end)):
        assert losses[place] == pytest.approx(net.backpropagate(theta, X, y, "bce").loss, rel=1e-12)
    alpha, _ = loss_line(LossFunction(net, X, y, "bce"), start, end)
    assert (alpha[0], alpha[-1], len(alpha)) == (-0.25, 1.25, 101)


def test_a_loss_with_numbers_of_its_own_is_not_taken_for_the_tables():
    net, X, y, theta = problem("huber")
    own = huber(0.1)
    value = LossFunction(net, X, y, own).at(theta[None])[0]
    assert value == pytest.approx(net.backpropagate(theta, X, y, own).loss, rel=1e-12)
    assert value != pytest.approx(net.backpropagate(theta, X, y, "huber").loss, rel=1e-3)


NORMALIZED = ["batch", "layer", ["batch", None, "layer"], [None, "batch", "batch"]]


def normalized_problem(kind, loss="bce", n=700, bias=True):
    sizes, activation, output = CASES.get(loss, CASES["mse"])
    net = Network([sizes[0], 5, 1, 4, sizes[-1]], activation, output, bias, normalization=kind)
    _, X, y, _ = problem(loss, n, bias)
    theta = net.initialize("normal", seed=3)
    for layer in net.unpack(theta):
        if layer.gamma is not None:
            layer.gamma[...], layer.beta[...] = RNG.normal(1, 0.5, layer.gamma.shape), RNG.normal(size=layer.beta.shape)
    return net, X, y, theta


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("kind", NORMALIZED, ids=str)
@pytest.mark.parametrize("bias", [True, False])
def test_grid_of_a_normalized_net_is_its_loss_over_the_whole_training_set(loss, kind, bias):
    """More samples than go through the net at a time: the statistics are still those of all of them."""
    net, X, y, theta = normalized_problem(kind, loss, bias=bias)
    plane = make_plane("pca", net, theta, theta + 0.3 * RNG.standard_normal((5, len(theta))))
    grid = loss_grid(net, X, y, plane, resolution=5, loss=loss)
    alphas, betas = np.linspace(*plane.alpha, 5), np.linspace(*plane.beta, 5)
    expected = [[net.backpropagate(plane.point(a, b), X, y, loss).loss for a in alphas] for b in betas]
    np.testing.assert_allclose(grid, expected, rtol=1e-9, atol=1e-12)
    thetas = theta + 0.1 * RNG.standard_normal((7, len(theta)))
    expected = [net.backpropagate(one, X, y, loss).loss for one in thetas]
    np.testing.assert_allclose(LossFunction(net, X, y, loss).at(thetas), expected, rtol=1e-9)


def test_gamma_and_beta_are_parameters_like_any_other():
    net, X, y, theta = normalized_problem("batch")
    block = net.blocks[0]
    pair = block.end - 2 * block.cols, block.end - 1
    plane = make_plane("weights", net, theta, weights=pair)
    assert plane.axes == ("γ¹₁", "β¹₅")
    moved = theta.copy()
    moved[list(pair)] = 1.7, -0.4
    value = LossFunction(net, X, y, "bce").on(plane, np.array([1.7]), np.array([-0.4]))[0]
    assert value == pytest.approx(net.backpropagate(moved, X, y, "bce").loss, rel=1e-12)
    assert value != pytest.approx(net.backpropagate(theta, X, y, "bce").loss, rel=1e-3)


@pytest.mark.parametrize("kind", ["batch", "layer"])
def test_a_normalized_net_stays_close_in_single_precision(kind):
    net, X, y, theta = normalized_problem(kind)
    plane = make_plane("random", net, theta)
    exact, coarse = (loss_grid(net, X, y, plane, 8, "bce", dtype=dtype) for dtype in (np.float64, np.float32))
    np.testing.assert_allclose(coarse, exact, rtol=2e-4)


RUNS = {
    "batch": {"network": {"hidden": [4, 3], "normalization": "batch"}},
    "layer": {"network": {"hidden": [4, 3], "normalization": "layer"}},
    "both, dropout": {"network": {"hidden": [4, 3], "normalization": ["layer", "batch"], "dropout": 0.4}},
    "penalties": {"network": {"hidden": [4, 3]}, "l1": 0.01, "l2": 0.1},
    "smoothed targets": {"network": {"hidden": [4, 3]}, "label_smoothing": 0.2},
    "leaky slope": {"network": {"hidden": [4, 3], "activation": "leaky_relu", "leaky_slope": 0.3}},
    "Huber's delta": {"data": {"name": "plane"}, "loss": "huber", "huber_delta": 0.05},
    "single precision": {"network": {"hidden": [4, 3], "normalization": "batch"}, "precision": "float32"},
    "digits": {"data": {"name": "digits"}, "network": {"hidden": [8], "normalization": "batch"}},
}


@pytest.mark.parametrize("name", RUNS)
def test_the_surface_shows_the_loss_that_the_trainer_shows(name):
    """Without penalties, without dropout, over smoothed targets: one quantity under one name."""
    trainer = Trainer(RunConfig.from_json({"batch_size": 20, **RUNS[name]}))
    trainer.run(120)
    theta = np.array(trainer.theta, np.float64)
    plane = make_plane("weights", trainer.network, theta, weights=(0, 1))
    value = SurfaceTask.of(trainer.config, plane).function.on(plane, theta[:1], theta[1:2])[0]
    digits = 2e-6 if trainer.config.precision == "float32" else 1e-9
    assert value == pytest.approx(trainer.evaluate().loss, rel=digits)
