"""Planes through parameter space: directions, windows, and figures worked by hand."""

import numpy as np
import pytest
from backscope.core.nets.network import Network
from backscope.core.surface import planes
from backscope.core.surface.planes import Plane, filter_normalized, make_plane, parameter_name

NET = Network([2, 3, 2], "tanh", "identity")
THETA = NET.initialize(seed=5) + np.where(np.arange(NET.parameter_count) % 7 == 0, 0.3, 0.0)


def walk(steps, parameters, seed=0):
    return np.cumsum(np.random.default_rng(seed).standard_normal((steps, parameters)), axis=0)


def plane_of(d1, d2, centre=None, **window):
    d1, d2 = np.array(d1, dtype=float), np.array(d2, dtype=float)
    return Plane(
        "random", "random", np.zeros_like(d1) if centre is None else np.array(centre, dtype=float), d1, d2, **window
    )


def test_share_of_a_known_path_in_three_dimensions():
    """About its mean, the corners (±3, 0, 0), (0, ±2, 0), (0, 0, ±1) have variances 18 : 8 : 2."""
    path = np.array([[3, 0, 0], [-3, 0, 0], [0, 2, 0], [0, -2, 0], [0, 0, 1], [0, 0, -1]]) + np.array([5.0, 6.0, 7.0])
    assert plane_of([1, 0, 0], [0, 1, 0]).share(path) == pytest.approx(26 / 28)
    assert plane_of([0, 2, 0], [0, 1, 1]).share(path) == pytest.approx(10 / 28)
    net = Network([2, 1])
    plane = make_plane("pca", net, path[-1], path)
    assert plane.share(path) == pytest.approx(26 / 28)
    np.testing.assert_allclose(plane.centre, [5, 6, 7])
    np.testing.assert_allclose(np.abs([plane.d1, plane.d2]), [[1, 0, 0], [0, 1, 0]], atol=1e-12)


def test_a_random_walk_in_a_thousand_dimensions_puts_76_percent_into_its_two_main_components():
    path = walk(500, 1000)
    net = Network([99, 10], bias=True)
    plane = make_plane("pca", net, path[-1], path)
    assert pytest.approx(0.76, abs=0.001) == planes.RANDOM_WALK_SHARE
    assert plane.share(path) == pytest.approx(planes.RANDOM_WALK_SHARE, abs=0.01)
    assert plane_of(plane.d1, np.roll(plane.d1, 1)).share(path) == pytest.approx(0.61, abs=0.02)


@pytest.mark.parametrize("steps", [6, 40])
def test_main_components_are_those_of_the_singular_value_decomposition(steps):
    path = walk(steps, NET.parameter_count)
    plane = make_plane("pca", NET, path[-1], path)
    _, _, rows = np.linalg.svd(path - path.mean(axis=0))
    assert abs(plane.d1 @ rows[0]) == pytest.approx(1)
    assert abs(plane.d2 @ rows[1]) == pytest.approx(1)
    assert plane.d1 @ plane.d2 == pytest.approx(0, abs=1e-12)
    assert plane.basis == "pca"


def test_a_path_along_a_line_lies_in_its_plane():
    path = THETA + np.arange(10)[:, None] * np.ones(len(THETA))
    plane = make_plane("pca", NET, path[-1], path)
    assert plane.share(path) == pytest.approx(1)
    assert np.linalg.matrix_rank(np.stack([plane.d1, plane.d2])) == 2


def test_main_components_keep_their_signs_as_the_path_grows():
    path = walk(60, NET.parameter_count)
    before = make_plane("pca", NET, path[39], path[:40])
    turned = Plane("pca", "pca", before.centre, -before.d1, before.d2)
    after = make_plane("pca", NET, path[-1], path, previous=turned)
    assert after.d1 @ turned.d1 > 0
    assert after.d2 @ turned.d2 > 0


@pytest.mark.parametrize("count", [0, 1, 2])
def test_before_there_is_a_path_the_gradient_shows_the_way(count):
    gradient = np.arange(len(THETA)) - 5.0
    path = np.repeat(THETA[None], count + 1, axis=0)
    path[:1] += 0.01
    plane = make_plane("pca", NET, path[-1], path, gradient=gradient)
    assert (plane.kind, plane.basis) == ("pca", "gradient")
    assert plane.d1 @ gradient == pytest.approx(-np.linalg.norm(plane.d1) * np.linalg.norm(gradient))
    assert plane.distance(path[-1]) < 1e-12
    assert plane.contains(path)


@pytest.mark.parametrize("gradient", [None, np.zeros(len(THETA)), np.full(len(THETA), np.nan)])
def test_without_path_and_gradient_directions_are_random(gradient):
    plane = make_plane("pca", NET, THETA, gradient=gradient)
    assert (plane.kind, plane.basis) == ("pca", "random")
    assert np.isfinite(plane.d1).all()


def test_random_directions_are_filter_normalized():
    direction = NET.unpack(filter_normalized(NET, THETA, np.random.default_rng(0)))
    for found, layer in zip(direction, NET.unpack(THETA), strict=True):
        np.testing.assert_allclose(np.linalg.norm(found.W, axis=1), np.linalg.norm(layer.W, axis=1))
        assert np.abs(np.sum(found.W * layer.W)) < 0.999 * np.sum(layer.W**2)
        assert (found.b == 0).all()


@pytest.mark.parametrize("kind", ["batch", "layer"])
def test_random_directions_leave_biases_and_normalization_alone(kind):
    net = Network([2, 3, 4, 2], normalization=kind)
    theta = net.initialize("nielsen", seed=5)
    direction = filter_normalized(net, theta, np.random.default_rng(0))
    for layer, start in zip(net.unpack(direction), net.unpack(theta), strict=True):
        assert layer.b is not None
        assert not layer.b.any()
        if layer.gamma is not None:
            assert not layer.gamma.any()
            assert not layer.beta.any()
        np.testing.assert_allclose(np.linalg.norm(layer.W, axis=1), np.linalg.norm(start.W, axis=1))


def test_random_planes_go_through_the_current_point_and_follow_the_seed():
    first, again, other = (make_plane("random", NET, THETA, seed=seed) for seed in (1, 1, 2))
    assert first.distance(THETA) == 0
    assert first.d1.tolist() == again.d1.tolist()
    assert first.d1.tolist() != other.d1.tolist()
    assert abs(first.d1 @ first.d2) < 0.9 * np.linalg.norm(first.d1) * np.linalg.norm(first.d2)


def test_a_net_of_zeros_has_random_directions_too():
    plane = make_plane("random", NET, np.zeros(NET.parameter_count))
    assert np.linalg.matrix_rank(np.stack([plane.d1, plane.d2])) == 2


def test_chosen_weights_are_their_own_coordinates():
    plane = make_plane("weights", NET, THETA, weights=(1, 13))
    alpha, beta = plane.project(THETA)
    assert (alpha, beta) == (pytest.approx(THETA[1]), pytest.approx(THETA[13]))
    changed = plane.point(9.0, -9.0)
    assert (changed[1], changed[13]) == (9.0, -9.0)
    assert (np.flatnonzero(changed != THETA) == [1, 13]).all()
    assert plane.axes == ("w¹₂₁", "w²₁₃")


@pytest.mark.parametrize("weights", [(0, 0), (-1, 2), (0, 17)])
def test_weights_that_are_not_two_parameters_are_refused(weights):
    with pytest.raises(ValueError, match=r"two different parameters in \[0, 16\]"):
        make_plane("weights", NET, THETA, weights=weights)


@pytest.mark.parametrize("kind", planes.PLANES)
def test_two_parameters_are_shown_whole(kind):
    net = Network([1, 1])
    theta = np.array([2.0, 3.0])
    plane = make_plane(kind, net, theta, walk(5, 2))
    assert plane.share(walk(5, 2)) == pytest.approx(1)
    assert plane.point(0.25, 0.5).tolist() == [0.25, 0.5]


def test_one_parameter_has_no_plane():
    with pytest.raises(ValueError, match="at least 2 parameters, got 1"):
        make_plane("random", Network([1, 1], bias=False), np.ones(1))


def test_names_of_parameters():
    assert [parameter_name(NET, i) for i in range(17)] == [
        *("w¹₁₁", "w¹₂₁", "w¹₃₁", "w¹₁₂", "w¹₂₂", "w¹₃₂", "b¹₁", "b¹₂", "b¹₃"),
        *("w²₁₁", "w²₂₁", "w²₁₂", "w²₂₂", "w²₁₃", "w²₂₃", "b²₁", "b²₂"),
    ]
    assert parameter_name(Network([12, 2]), 23) == "w¹₂,₁₂"
    with pytest.raises(ValueError, match=r"\[0, 16\], got 17"):
        parameter_name(NET, 17)


@pytest.mark.parametrize("kind", planes.PLANES)
@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_the_window_holds_the_path_with_room_around_it(kind, scale):
    path = THETA + scale * walk(30, NET.parameter_count)
    plane = make_plane(kind, NET, path[-1], path)
    assert plane.contains(path)
    alpha, beta = plane.project(path)
    for found, (low, high) in ((alpha, plane.alpha), (beta, plane.beta)):
        assert low < found.min() - 0.1 * np.ptp(found)
        assert high > found.max() + 0.1 * np.ptp(found)
    if kind == "pca":
        assert plane.alpha[1] - plane.alpha[0] < 2 * np.ptp(alpha)
    assert not plane.contains(plane.point(plane.alpha[1] * 2 - plane.alpha[0], 0.0))
