"""Passes: the textbook's step in fast form, buffers that are used again and again, and what can be read from them."""

import tracemalloc

import numpy as np
import pytest
from backscope.core import ACTIVATIONS, LOSSES, Network
from backscope.core.nets.normalization import fresh_statistics
from backscope.core.nets.passes import Pass, Training
from backscope.core.nets.textbook import descend

RNG = np.random.default_rng(11)
SHAPES = {
    "plain": {},
    "no biases": {"bias": False},
    "batch": {"normalization": "batch"},
    "layer": {"normalization": "layer"},
    "skips": {"residual": (False, True, True)},
    "all": {"normalization": ("batch", None, "layer"), "residual": (False, True, True)},
}
FITTING = [(output, loss) for loss, record in LOSSES.items() for output in (record.outputs or ACTIVATIONS)]


def targets(loss, n_out, n, rng=RNG):
    """What each loss takes, one sample to a column."""
    if loss == "hinge":
        return rng.choice([-1.0, 1.0], size=(n_out, n))
    if LOSSES[loss].output is None:
        return rng.normal(size=(n_out, n))
    return np.eye(n_out)[:, rng.integers(n_out, size=n)]


def made(sizes=(3, 5, 5, 5, 2), activation="tanh", output="identity", loss="mse", batch=6, **extras):
    """A net, its parameters, a pass and a batch as it takes one."""
    net = Network(list(sizes), activation, output, **extras)
    theta = net.initialize("xavier_normal", 3) + 0.1 * RNG.normal(size=net.parameter_count)
    for index in range(theta.size):
        theta[index] *= not net.is_fixed(index)
    run = Pass(net, loss, theta, np.zeros_like(theta), batch)
    x = RNG.normal(size=(sizes[0] + net.bias, batch))
    x[sizes[0] :] = 1.0
    return net, theta, run, x, targets(loss, sizes[-1], batch)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(("output", "loss"), FITTING)
def test_a_step_is_the_textbooks(output, loss, bias):
    _, theta, run, x, y = made(output=output, loss=loss, bias=bias)
    net, eta = run._network, 0.3
    C, after = descend(net, theta, x[:3], y, loss, eta)
    assert run(x, y) == pytest.approx(C, rel=1e-12, abs=1e-15)
    np.testing.assert_allclose(theta - eta * run._gradient, after, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("sizes", [(2, 1), (1, 1, 1), (4, 7, 3), (2, 6, 5, 4, 3, 2)])
def test_every_activation_and_depth_is_the_textbooks(activation, sizes):
    net, theta, run, x, y = made(sizes, activation, "sigmoid", "bce")
    C, after = descend(net, theta, x[: sizes[0]], y, "bce", 1.0)
    assert run(x, y) == pytest.approx(C, rel=1e-12)
    np.testing.assert_allclose(theta - run._gradient, after, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("shape", SHAPES)
def test_what_a_pass_did_before_leaves_no_trace(shape):
    net, theta, run, x, y = made(**SHAPES[shape])
    loss, gradient = run(x, y), run._gradient.copy()
    run(-3.0 * x, 2.0 * y)
    run.predict(0.5 * x)
    run.loss(x, -y)
    assert run(x, y) == loss
    np.testing.assert_array_equal(run._gradient, gradient)
    fresh = Pass(net, "mse", theta, np.zeros_like(theta), run.batch)
    assert fresh(x, y) == loss
    np.testing.assert_array_equal(fresh._gradient, gradient)


@pytest.mark.parametrize("shape", SHAPES)
def test_parameters_are_read_where_they_are(shape):
    """A pass keeps views: numbers that are changed in θ count in its next call."""
    net, theta, run, x, y = made(**SHAPES[shape])
    run(x, y)
    theta += 0.05 * RNG.normal(size=theta.size) * (run._gradient != 0)
    fresh = Pass(net, "mse", theta.copy(), np.zeros_like(theta), run.batch)
    assert run(x, y) == fresh(x, y)
    np.testing.assert_array_equal(run._gradient, fresh._gradient)


@pytest.mark.parametrize("shape", SHAPES)
def test_forward_alone_gives_the_loss_and_writes_no_gradient(shape):
    _, _, run, x, y = made(**SHAPES[shape])
    loss = run(x, y)
    run._gradient.fill(np.pi)
    assert run.loss(x, y) == loss
    outputs = run.predict(x)
    assert (run._gradient == np.pi).all()
    np.testing.assert_allclose(((outputs - y) ** 2).mean(), loss, rtol=1e-12)


@pytest.mark.parametrize("shape", ["plain", "no biases", "skips"])
def test_a_pass_allocates_no_arrays(shape):
    _, _, run, x, y = made((40, 60, 60, 60, 30), batch=50, **SHAPES[shape])
    run(x, y)
    tracemalloc.start()
    run(x, y)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 60 * 50  # less than an eighth of the smallest buffer of a hidden layer


@pytest.mark.parametrize("shape", SHAPES)
def test_a_nudge_moves_the_loss_by_delta(shape):
    net, _, run, x, y = made(**SHAPES[shape])
    h = 1e-6
    for layer in range(len(net.blocks)):
        run(x, y)
        delta = run.arena.D[run.arena.rows[layer]].copy()
        nudge = np.zeros_like(delta)
        assert run.nudged(x, y, layer, nudge) == run.loss(x, y)
        for place in [(0, 0), (delta.shape[0] - 1, delta.shape[1] - 1)]:
            nudge[...] = 0.0
            nudge[place] = h
            up, down = run.nudged(x, y, layer, nudge), run.nudged(x, y, layer, -nudge)
            assert (up - down) / (2 * h) == pytest.approx(delta[place], rel=1e-5, abs=1e-9)


@pytest.mark.parametrize("shape", SHAPES)
def test_what_reaches_an_activation_becomes_its_error(shape):
    """δ = ∂C/∂a · f′(z), with the slopes that the pass wrote, where nothing stands between the two."""
    net, _, run, x, y = made(**SHAPES[shape])
    run(x, y)
    for layer, kind in enumerate(net.normalization):
        rows = run.arena.rows[layer]
        if kind is None:
            np.testing.assert_allclose(run.reaching(layer) * run.arena.F[rows], run.arena.D[rows], rtol=1e-12)


def test_dropout_multiplies_with_its_mask_and_the_gradient_goes_the_same_way():
    net = Network([3, 200, 2], "tanh", "identity", dropout=0.25)
    theta = net.initialize("xavier_normal", 3)
    running = fresh_statistics(net.normalization, net.sizes[1:-1], theta.dtype)
    run = Pass(net, "mse", theta, np.zeros_like(theta), 5, training=Training(np.random.default_rng(0), running))
    x = np.vstack([RNG.normal(size=(3, 5)), np.ones((1, 5))])
    run(x, targets("mse", 2, 5))
    rows, mask = run.arena.rows[0], run.mask[run.arena.rows[0]]
    assert {*np.unique(mask)} == {0.0, 1 / 0.75}
    assert (mask == 0).mean() == pytest.approx(0.25, abs=0.06)
    np.testing.assert_array_equal(run.passed[rows], run.activations()[rows] * mask)
    assert (run.arena.D[rows][mask == 0] == 0).all()
    assert (run.arena.D[rows][mask > 0] != 0).all()
    assert Pass(net, "mse", theta, np.zeros_like(theta), 5).mask is None


@pytest.mark.parametrize("shape", ["batch", "all"])
def test_given_statistics_take_the_place_of_the_batchs(shape):
    net, theta, run, x, y = made(**SHAPES[shape])
    loss = run(x, y)
    own = tuple(None if one is None else one.copy() for one in run.statistics)
    given = tuple(one if kind == "batch" else None for one, kind in zip(own, net.normalization, strict=True))
    told = Pass(net, "mse", theta, np.zeros_like(theta), run.batch, statistics=given)
    assert told(x, y) == pytest.approx(loss, rel=1e-12)
    one = Pass(net, "mse", theta, np.zeros_like(theta), 1, statistics=given)
    alone = np.hstack([one.predict(np.ascontiguousarray(x[:, k : k + 1])).copy() for k in range(run.batch)])
    np.testing.assert_allclose(alone, told.predict(x), rtol=1e-10, atol=1e-12)


def test_the_output_is_there_in_either_way_of_asking():
    for output, loss in (("softmax", "cross_entropy"), ("sigmoid", "bce"), ("tanh", "mse"), ("identity", "mae")):
        _, _, run, x, y = made(output=output, loss=loss)
        run(x, y)
        after = run.output.copy()
        np.testing.assert_allclose(run.predict(x), after, rtol=1e-12)
        np.testing.assert_array_equal(run.activations()[run.arena.rows[-1]], run.output)
        assert (run.output_slopes is None) == (output in ("softmax", "identity") or loss == "bce")
