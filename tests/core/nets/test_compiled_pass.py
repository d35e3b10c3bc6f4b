"""The passes as loops fill the arena and the gradient as `Pass` does."""

import numpy as np
import pytest
from backscope.core import LOSSES, Network
from backscope.core.nets.arena import with_ones
from backscope.core.nets.compiled_pass import LOSSES as KINDS
from backscope.core.nets.compiled_pass import backward, dots, evaluate, few, forward, product, table_of
from backscope.core.nets.passes import Pass

OUTPUTS = {"bce": "sigmoid", "cross_entropy": "softmax", "hinge": "tanh", "mae": "sigmoid"}
SHAPES = {"small": ([2, 4, 2], 10), "one sample": ([3, 5, 6, 3], 1), "no hidden layer": ([3, 2], 7)}


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("loss", KINDS)
def test_they_are_those_of_the_pass(loss, shape, bias):
    sizes, batch = SHAPES[shape]
    rng = np.random.default_rng(1)
    net = Network(sizes, "softplus", OUTPUTS.get(loss, "identity"), bias)
    theta = rng.normal(size=net.parameter_count)
    x = np.ascontiguousarray(with_ones(rng.normal(size=(batch, sizes[0])), bias, np.float64).T)
    y = np.eye(sizes[-1])[rng.integers(sizes[-1], size=batch)].T.copy()
    if loss == "hinge":
        y = 2 * y - 1
    wanted, gradient = np.zeros_like(theta), np.zeros_like(theta)
    one, record = Pass(net, loss, theta, wanted, batch), LOSSES[loss]
    expected = one(x, y)
    arena = Pass(net, loss, theta, gradient, batch).arena
    A, Z, F, D = (buffer.reshape(-1) for buffer in (arena.A, arena.Z, arena.F, arena.D))
    layers, straight = table_of(net, record), net.output == "identity"
    count, first, size = record.count(sizes[-1], batch), layers[-1, 4] * batch, y.size
    with np.errstate(all="ignore"):
        forward(layers, 0.01, batch, theta, x.reshape(-1), A, Z, F)
        total = evaluate(
            KINDS[loss], 1.0, sizes[-1], batch, Z if straight else A, Z, A, D, first, y.reshape(-1)
        )  # fmt: skip
        D[first : first + size] *= record.factor / count
        if not straight and record.output is None:
            D[first : first + size] *= F[first : first + size]
        backward(layers, batch, theta, gradient, x.reshape(-1), A, F, D)
    assert total / count == pytest.approx(expected, rel=1e-13)
    np.testing.assert_allclose(gradient, wanted, rtol=1e-12, atol=1e-15)
    rows = [row for part in arena.rows for row in range(part.start, part.stop)]
    for name in "ZFD":
        here, there = getattr(arena, name)[rows], getattr(one.arena, name)[rows]
        np.testing.assert_allclose(here, there, rtol=1e-12, atol=1e-15)
    if not straight:
        np.testing.assert_allclose(arena.A, one.arena.A, rtol=1e-13)


@pytest.mark.parametrize("side", ["right", "left"])
def test_logits_far_apart_lose_no_digits(side):
    z = np.array([800.0, 0.0, -800.0]) * (1 if side == "right" else -1)
    y, a, delta = np.array([1.0, 0.0, 0.0]), np.empty(3), np.empty(3)
    with np.errstate(all="ignore"):
        loss = evaluate(KINDS["cross_entropy"], 1.0, 3, 1, a, z, a, delta, 0, y)
    assert loss == pytest.approx(0.0 if side == "right" else 1600.0, rel=1e-15, abs=1e-300)
    np.testing.assert_allclose(delta, [0, 0, 0] if side == "right" else [-1, 0, 1], rtol=1e-15, atol=1e-300)


@pytest.mark.parametrize(("rows", "cols", "depth"), [(1, 1, 1), (2, 4, 3), (3, 10, 5), (5, 7, 2), (8, 9, 9)])
def test_a_product_is_that_of_matrices_wherever_they_lie(rows, cols, depth):
    rng = np.random.default_rng(rows)
    left, right = rng.normal(size=(rows, depth)), rng.normal(size=(depth, cols))
    turned, flat, wanted = right.T.copy(), np.full(3 + rows * (cols + 2), 7.0), np.full((rows, cols + 2), 7.0)
    wanted[:, :cols] = left @ right
    dots(rows, cols, depth, flat, 3, cols + 2, left.reshape(-1), 0, depth, turned.reshape(-1), 0, depth)
    np.testing.assert_allclose(flat[3:].reshape(rows, -1), wanted, rtol=1e-13)
    flat[3:] = 7.0
    few(rows, cols, depth, flat, 3, cols + 2, 1, left.reshape(-1), 0, depth, 1, turned.reshape(-1), 0, 1, depth)
    np.testing.assert_allclose(flat[3:].reshape(rows, -1), wanted, rtol=1e-13)
    if cols >= 4:
        flat[3:] = 7.0
        product(rows, cols, depth, flat, 3, cols + 2, left.reshape(-1), 0, depth, 1, right.reshape(-1), 0, cols)
        np.testing.assert_allclose(flat[3:].reshape(rows, -1), wanted, rtol=1e-13)
    assert (flat[:3] == 7.0).all()


@pytest.mark.parametrize("batch", [1, 2, 3, 4, 6])
def test_any_batch_gives_the_gradient_of_the_pass(batch):
    sizes, rng = [3, 5, 2, 4], np.random.default_rng(batch)
    net = Network(sizes, "tanh", "identity")
    theta, x = rng.normal(size=net.parameter_count), rng.normal(size=(batch, 3))
    wanted, found = np.zeros_like(theta), np.zeros_like(theta)
    one, x = Pass(net, "mse", theta, wanted, batch), np.ascontiguousarray(with_ones(x, True, np.float64).T)
    one(x, rng.normal(size=(4, batch)))
    A, Z, F, D = (buffer.reshape(-1).copy() for buffer in (one.arena.A, one.arena.Z, one.arena.F, one.arena.D))
    layers = table_of(net, LOSSES["mse"])
    end = layers[-1, 4] * batch
    D[:end] = Z[:] = F[:] = 0.0
    with np.errstate(all="ignore"):
        forward(layers, 0.01, batch, theta, x.reshape(-1), A, Z, F)
        backward(layers, batch, theta, found, x.reshape(-1), A, F, D)
    np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-15)
