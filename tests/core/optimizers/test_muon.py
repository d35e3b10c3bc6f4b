"""Muon against its formula and against singular values."""

import numpy as np
import pytest
from backscope.core import Network, make_optimizer
from update_rules import RATE, cases, follow


def pushed(s):
    """Singular values after the quintic iteration: all that it changes of a matrix."""
    for _ in range(5):
        s = 3.4445 * s - 4.775 * s**3 + 2.0315 * s**5
    return s


def muon(gs, h):
    v, updates = 0, []
    for g in gs:
        v = h["momentum"] * v + g
        u = g + h["momentum"] * v
        size = np.sqrt((u**2).sum())
        updates.append(-RATE * np.sqrt(len(u)) * u / size * pushed(size / (size + 1e-7)))
    return updates


FORMULAS = {"muon": muon}
OTHERS = [("muon", {"momentum": 0.7})]


@pytest.mark.parametrize(("name", "given"), cases("muon", OTHERS))
def test_follows_its_formula(name, given):
    follow(name, given, FORMULAS)


def orthogonal(matrix):
    """The same by its definition: singular vectors stay, singular values are pushed."""
    left, values, right = np.linalg.svd(matrix, full_matrices=False)
    pushed_values = pushed(values / (np.sqrt((matrix**2).sum()) + 1e-7))
    return np.sqrt(max(1, matrix.shape[1] / matrix.shape[0])) * (left * pushed_values) @ right


@pytest.mark.parametrize("stacked", [False, True])
@pytest.mark.parametrize("options", [{}, {"bias": False}, {"normalization": "layer"}])
def test_muon_takes_each_layer_as_a_matrix(options, stacked):
    """W of every layer becomes nearly orthogonal, b, γ and β keep their directions; of many nets at once, too."""
    network = Network([3, 5, 5, 2], **options)
    optimizer, size = make_optimizer("muon", RATE, momentum=0.6), network.parameter_count
    shape = (3, size) if stacked else (size,)
    rng, theta, v = np.random.default_rng(2), np.zeros(shape), 0
    optimizer.start(theta, network.matrices)
    assert sum(rows * cols for _, rows, cols in network.matrices) == size
    for _ in range(3):
        gradient = rng.normal(size=shape)
        v = 0.6 * v + gradient
        update = optimizer.step(theta, gradient)
        for net, (u, found) in enumerate(zip(*(np.atleast_2d(x) for x in (gradient + 0.6 * v, update)), strict=True)):
            layers = zip(network.unpack(u), network.unpack(found), strict=True)
            for before, after in layers:
                np.testing.assert_allclose(after.W.T, -RATE * orthogonal(before.W.T), rtol=1e-9, atol=1e-12)
                for one, other in ((before.b, after.b), (before.gamma, after.gamma), (before.beta, after.beta)):
                    if one is not None:
                        expected = -RATE * orthogonal(one[None, :])[0]
                        np.testing.assert_allclose(other, expected, rtol=1e-9, atol=1e-12, err_msg=str(net))


def test_muon_moves_all_directions_of_a_layer_about_equally_far():
    optimizer, rng = make_optimizer("muon", 1.0), np.random.default_rng(3)
    stretched = rng.normal(size=(6, 6)) @ np.diag([100.0, 30.0, 10.0, 3.0, 1.0, 1.0]) @ rng.normal(size=(6, 6))
    optimizer.start(np.zeros(36), ((0, 6, 6),))
    values = np.linalg.svd(optimizer.step(np.zeros(36), stretched.ravel()).reshape(6, 6), compute_uv=False)
    before = np.linalg.svd(stretched, compute_uv=False)
    assert before.max() / before.min() > 50
    assert values.max() < 1.3
    assert np.median(values) > 0.6
