"""What a random walk shows in its own main components: by formula, by simulation, and by hand."""

import numpy as np
import pytest
from backscope.core.surface.planes import RANDOM_WALK_SHARE
from backscope.core.surface.random_walk import high_dimensional_share, walk_share


def share_of(path):
    variances = np.linalg.svd(path - path.mean(axis=0), compute_uv=False) ** 2
    return variances[:2].sum() / variances.sum()


def test_the_formula_by_hand():
    """Of n = 4 positions, the variances are 1 / (4 sin²(π/8)), 1 / (4 sin²(2π/8)) = ½ and 1 / (4 sin²(3π/8))."""
    first, second, third = 1 / (2 - 2**0.5), 0.5, 1 / (2 + 2**0.5)
    assert first + second + third == pytest.approx((4**2 - 1) / 6)
    assert high_dimensional_share(4) == pytest.approx((first + second) / 2.5)
    assert high_dimensional_share(3) == pytest.approx(1)
    assert high_dimensional_share(100_000) == pytest.approx(RANDOM_WALK_SHARE)


def test_a_walk_in_a_thousand_dimensions():
    path = np.cumsum(np.random.default_rng(3).standard_normal((400, 1000)), axis=0)
    assert share_of(path) == pytest.approx(walk_share(400, 1000), abs=0.01)


@pytest.mark.parametrize(("positions", "dimensions"), [(40, 3), (200, 25), (10, 25), (60, 300)])
def test_walks_in_few_dimensions(positions, dimensions):
    rng = np.random.default_rng(7)
    paths = np.cumsum(rng.standard_normal((400, positions, dimensions)), axis=1)
    mean = np.mean([share_of(path) for path in paths])
    assert walk_share(positions, dimensions) == pytest.approx(mean, abs=0.015)


def test_what_must_lie_in_a_plane_does():
    assert walk_share(3, 50) == walk_share(100, 2) == 1
    assert walk_share(4, 50) < 1
