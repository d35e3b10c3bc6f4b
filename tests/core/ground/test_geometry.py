"""A plane by its properties: points and their coordinates, the nearest point, shares, and windows."""

import numpy as np
import pytest
from backscope.core.ground.geometry import SLENDER, Plane

RNG = np.random.default_rng(4)


def plane_of(d1, d2, centre=None):
    d1, d2 = np.array(d1, dtype=float), np.array(d2, dtype=float)
    return Plane("random", "random", np.zeros_like(d1) if centre is None else np.array(centre, dtype=float), d1, d2)


def test_projection_and_distance_by_hand():
    plane = plane_of([2, 0, 0], [0, 1, 0], centre=[1, 1, 1])
    alpha, beta = plane.project(np.array([5.0, 0.0, 4.0]))
    assert (alpha, beta) == (2.0, -1.0)
    assert plane.distance(np.array([5.0, 0.0, 4.0])) == 3.0
    assert plane.point(2.0, -1.0).tolist() == [5.0, 0.0, 1.0]


def test_projection_onto_slanted_directions_is_the_nearest_point():
    plane = plane_of([1, 0, 0], [1, 1, 0])
    alpha, beta = plane.project(np.array([[3.0, 2.0, 7.0], [0.0, 1.0, 0.0]]))
    np.testing.assert_allclose(alpha, [1, -1])
    np.testing.assert_allclose(beta, [2, 1])
    np.testing.assert_allclose(plane.distance(np.array([[3.0, 2.0, 7.0]])), [7.0])


def test_no_point_of_the_plane_lies_nearer_than_the_projected_one():
    plane = plane_of(*RNG.normal(size=(3, 5)))
    theta = RNG.normal(size=(20, 5))
    alpha, beta = plane.project(theta)
    distance = plane.distance(theta)
    for a, b in RNG.normal(size=(30, 2)):
        assert (np.linalg.norm(theta - plane.point(alpha + a, beta + b), axis=1) >= distance).all()
    on_it = plane.point(alpha, beta)
    np.testing.assert_allclose(plane.project(on_it), (alpha, beta))
    np.testing.assert_allclose(plane.distance(on_it), 0, atol=1e-12)


def test_a_share_is_one_in_the_plane_nothing_beside_it_and_unknown_at_rest():
    plane = plane_of([1, 0, 0], [1, 1, 0], centre=[9, 9, 9])
    flat = RNG.normal(size=(8, 3)) * [1, 1, 0]
    assert plane.share(flat + 5) == pytest.approx(1)
    assert plane.share(RNG.normal(size=(8, 1)) * [0, 0, 1]) == pytest.approx(0)
    assert np.isnan(plane.share(np.ones((8, 3))))


def test_a_window_holds_its_points_with_room_and_is_not_too_slender():
    plane = plane_of([1, 0], [0, 2])
    path = np.array([[0.0, 0.0], [4.0, 0.2]])
    framed = plane.framed(path, margin=0.25)
    assert framed.alpha == pytest.approx((-1, 5))
    half = (framed.beta[1] - framed.beta[0]) / 2
    assert half * 2 == pytest.approx(SLENDER * 3)  # in lengths: d₂ is 2 long
    assert framed.contains(path)
    assert not plane.contains(path)
    assert plane.framed(path[:1]).alpha == (-1, 1)
    assert plane.framed(path, least=50).beta == pytest.approx((0.05 - 50, 0.05 + 50))
