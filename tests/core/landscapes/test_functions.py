"""The classic landscapes: slopes, known minima, and the paths of optimizers against rules written out."""

import numpy as np
import pytest
from backscope.core.landscapes.functions import LANDSCAPES, descend
from backscope.core.optimizers.table import OPTIMIZERS, make_optimizer

#: name, position of the minimum, its value: published.
PUBLISHED = [
    ("rosenbrock", (1, 1), 0),
    ("beale", (3, 0.5), 0),
    ("booth", (1, 3), 0),
    ("himmelblau", (3, 2), 0),
    ("himmelblau", (-2.805118, 3.131313), 0),
    ("himmelblau", (-3.779310, -3.283186), 0),
    ("himmelblau", (3.584428, -1.848127), 0),
    ("rastrigin", (0, 0), 0),
    ("ackley", (0, 0), 0),
    ("three_hump_camel", (0, 0), 0),
    ("styblinski_tang", (-2.903534, -2.903534), -78.332331),
]


def samples(landscape, count=400):
    (left, right), (bottom, top) = landscape.domain
    return np.random.default_rng(0).uniform([left, bottom], [right, top], (count, 2))


@pytest.mark.parametrize("name", LANDSCAPES)
def test_gradient_matches_central_difference(name):
    landscape = LANDSCAPES[name]
    theta, h = samples(landscape), 1e-5
    numeric = [(landscape.loss(theta + h * axis) - landscape.loss(theta - h * axis)) / (2 * h) for axis in np.eye(2)]
    scale = 1 + np.abs(landscape.gradient(theta)).max()
    np.testing.assert_allclose(landscape.gradient(theta), np.stack(numeric, axis=-1), atol=1e-7 * scale)


@pytest.mark.parametrize("name", LANDSCAPES)
def test_minima_are_where_it_is_lowest(name):
    landscape = LANDSCAPES[name]
    assert (landscape.loss(samples(landscape, 5000)) >= landscape.lowest - 1e-9).all()
    around = 1e-3 * np.column_stack([np.cos(np.arange(12)), np.sin(np.arange(12))])
    for minimum in np.array(landscape.minima):
        assert landscape.loss(minimum) == pytest.approx(landscape.lowest, abs=1e-12)
        assert landscape.gradient(minimum) == pytest.approx(0, abs=1e-9)
        assert (landscape.loss(minimum + around) > landscape.loss(minimum)).all()
    assert bool(landscape.minima) == bool(np.isfinite(landscape.lowest))


@pytest.mark.parametrize(("name", "minimum", "value"), PUBLISHED)
def test_published_minima(name, minimum, value):
    landscape = LANDSCAPES[name]
    assert min(np.abs(np.array(landscape.minima) - minimum).max(axis=1)) < 1e-6
    assert landscape.lowest == pytest.approx(value, abs=1e-6)


@pytest.mark.parametrize("name", LANDSCAPES)
def test_start_and_minima_can_be_seen(name):
    landscape = LANDSCAPES[name]
    assert landscape.plane.contains(np.array([landscape.start, *landscape.minima], dtype=float))
    assert np.abs(landscape.gradient(np.array(landscape.start))).max() > 1e-3


@pytest.mark.parametrize("name", LANDSCAPES)
def test_the_grid_is_the_function_and_the_plane_shows_all(name):
    landscape = LANDSCAPES[name]
    plane = landscape.plane
    grid = landscape.grid(plane, 5)
    (left, right), (bottom, top) = landscape.domain
    assert grid[0, 4] == pytest.approx(landscape.loss(np.array([right, bottom], dtype=float)))
    assert grid[3, 1] == pytest.approx(
        landscape.loss(np.array([left + (right - left) / 4, bottom + 3 * (top - bottom) / 4]))
    )
    assert plane.distance(samples(landscape)) == pytest.approx(0, abs=1e-12)


def test_saddles_rest_at_the_origin_without_a_minimum():
    for name in ("saddle", "monkey_saddle"):
        landscape = LANDSCAPES[name]
        assert landscape.gradient(np.zeros(2)).tolist() == [0, 0]
        assert landscape.minima == ()
        values = landscape.loss(0.1 * np.column_stack([np.cos(np.arange(9)), np.sin(np.arange(9))]))
        assert values.min() < 0 < values.max()


def test_the_slope_of_ackleys_funnel_is_taken_as_zero_at_its_point():
    assert LANDSCAPES["ackley"].gradient(np.zeros((3, 2))).tolist() == [[0, 0]] * 3


def by_the_rules(landscape, name, learning_rate, steps):
    """Positions by the update rules written out (PyTorch's), component by component."""
    x = list(landscape.start)
    m, v = [0.0, 0.0], [0.0, 0.0]
    positions = [tuple(x)]
    for t in range(1, steps + 1):
        g = [float(d) for d in landscape.df(np.float64(x[0]), np.float64(x[1]))]
        for i in range(2):
            if name == "sgd":
                x[i] -= learning_rate * g[i]
            elif name == "momentum":
                v[i] = 0.9 * v[i] + g[i]
                x[i] -= learning_rate * v[i]
            elif name == "adam":
                m[i] = 0.9 * m[i] + 0.1 * g[i]
                v[i] = 0.999 * v[i] + 0.001 * g[i] ** 2
                x[i] -= learning_rate * (m[i] / (1 - 0.9**t)) / ((v[i] / (1 - 0.999**t)) ** 0.5 + 1e-8)
        positions.append(tuple(x))
    return np.array(positions)


@pytest.mark.parametrize("name", LANDSCAPES)
@pytest.mark.parametrize(("optimizer", "learning_rate"), [("sgd", 5e-4), ("momentum", 5e-5), ("adam", 0.05)])
def test_first_and_hundredth_point_of_a_path(name, optimizer, learning_rate):
    landscape = LANDSCAPES[name]
    path = descend(landscape, make_optimizer(optimizer, learning_rate=learning_rate))
    expected = by_the_rules(landscape, optimizer, learning_rate, 100)
    np.testing.assert_allclose(path[[0, 1, 100]], expected[[0, 1, 100]], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimizer_goes_down_the_bowl(optimizer):
    landscape = LANDSCAPES["bowl"]
    rate = 1.0 if optimizer == "adadelta" else 0.1
    path = descend(landscape, make_optimizer(optimizer, learning_rate=rate), steps=300)
    assert landscape.loss(path[-1]) < landscape.loss(path[0])
    assert (descend(landscape, make_optimizer(optimizer, learning_rate=rate), steps=300) == path).all()


@pytest.mark.parametrize(("name", "curvature"), [("bowl", 1.0), ("valley", 25.0)])
def test_gradient_descent_diverges_just_above_two_over_the_curvature(name, curvature):
    landscape = LANDSCAPES[name]
    for factor, grows in ((0.999, False), (1.001, True)):
        path = descend(landscape, make_optimizer("sgd", learning_rate=factor * 2 / curvature), steps=2000)
        assert (np.abs(path[-1]).max() > np.abs(path[0]).max()) == grows


def test_heavy_ball_diverges_just_above_two_times_one_plus_momentum():
    landscape, momentum = LANDSCAPES["valley"], 0.5
    for factor, grows in ((0.99, False), (1.01, True)):
        rate = factor * 2 * (1 + momentum) / 25
        path = descend(landscape, make_optimizer("momentum", learning_rate=rate, momentum=momentum), steps=2000)
        assert (np.abs(path[-1]).max() > 10) == grows


def test_noise_on_the_gradient_follows_the_seed():
    landscape = LANDSCAPES["bowl"]
    first, again, other = (
        descend(landscape, make_optimizer("sgd", learning_rate=0.1), noise=0.5, seed=seed) for seed in (1, 1, 2)
    )
    assert (first == again).all()
    assert (first[1:] != other[1:]).all()


def test_a_start_of_ones_own():
    path = descend(LANDSCAPES["bowl"], make_optimizer("sgd", learning_rate=0.5), start=(1.0, -2.0), steps=2)
    assert path.tolist() == [[1, -2], [0.5, -1], [0.25, -0.5]]
