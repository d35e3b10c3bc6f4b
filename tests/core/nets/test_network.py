"""Forward and backward pass against textbook NumPy and finite differences, and the shapes in between."""

import numpy as np
import oracle
import pytest
from backscope.core import ACTIVATIONS, LOSSES, ConfigError, Network
from backscope.core.nets.differences import compare_gradient
from backscope.core.nets.losses import check_fit
from backscope.core.nets.normalization import NORMALIZATIONS
from hypothesis import given, settings
from hypothesis import strategies as st

OUTPUTS_AND_LOSSES = [(output, loss) for loss, record in LOSSES.items() for output in (record.outputs or ACTIVATIONS)]

sizes = st.lists(st.integers(1, 6), min_size=2, max_size=6)


def targets(loss, n, n_out, rng):
    if loss == "hinge":
        return rng.choice([-1.0, 1.0], size=(n, n_out))
    if LOSSES[loss].output is None:
        return rng.normal(size=(n, n_out))
    return np.eye(n_out)[rng.integers(n_out, size=n)]


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(
    ("activation", "output", "loss"),
    [
        ("tanh", "identity", "mse"),
        ("sigmoid", "sigmoid", "half_squared_error"),
        ("relu", "sigmoid", "bce"),
        ("tanh", "softmax", "cross_entropy"),
        (("relu", "identity"), "tanh", "mse"),
    ],
)
def test_agrees_with_textbook(activation, output, loss, bias):
    rng = np.random.default_rng(0)
    net = Network([3, 5, 4, 2], activation, output, bias)
    theta = rng.normal(size=net.parameter_count)
    X, y = rng.normal(size=(7, 3)), targets(loss, 7, 2, rng)
    book = oracle.Textbook(net, theta, loss)
    value, deltas, dW, db = book.backward(X, y)
    z, a = book.forward(X)
    result = net.backpropagate(theta, X, y, loss)
    assert result.loss == pytest.approx(value, rel=1e-13)
    for index, layer in enumerate(result.layers):
        np.testing.assert_allclose(layer.z, z[index + 1], rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(layer.a, a[index + 1], rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(layer.delta, deltas[index], rtol=1e-11, atol=1e-14)
        np.testing.assert_allclose(layer.dW, dW[index], rtol=1e-11, atol=1e-14)
        if bias:
            np.testing.assert_allclose(layer.db, db[index], rtol=1e-11, atol=1e-14)
        else:
            assert layer.db is None
    np.testing.assert_allclose(net.predict(theta, X), a[-1], rtol=1e-12)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("normalization", [None, *NORMALIZATIONS])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_gradient_matches_finite_differences(activation, normalization, loss):
    """Every activation × loss × normalization."""
    check("identity" if LOSSES[loss].output is None else LOSSES[loss].output, activation, normalization, loss)


@pytest.mark.parametrize(("output", "loss"), OUTPUTS_AND_LOSSES)
def test_gradient_with_every_output(output, loss):
    check(output, "tanh", None, loss)


def check(output, activation, normalization, loss):
    rng = np.random.default_rng(3)
    net = Network([2, 3, 2], activation, output, normalization=normalization)
    theta = net.initialize("nielsen", rng) + 0.1 * rng.normal(size=net.parameter_count)
    X, y = rng.normal(size=(4, 2)), targets(loss, 4, 2, rng)
    trained = [index for index in range(net.parameter_count) if not net.is_fixed(index)]
    result = compare_gradient(net, theta, X, y, loss, parameters=trained)
    assert result.error < 1e-6
    assert result.skipped <= 1


@given(sizes=sizes, bias=st.booleans(), seed=st.integers(0, 999))
@settings(max_examples=30, deadline=None)
def test_pack_undoes_unpack(sizes, bias, seed):
    net = Network(sizes, bias=bias)
    theta = np.random.default_rng(seed).normal(size=net.parameter_count)
    layers = net.unpack(theta)
    assert [layer.W.shape for layer in layers] == list(zip(sizes[1:], sizes[:-1], strict=True))
    np.testing.assert_array_equal(net.pack([(layer.W, layer.b) for layer in layers]), theta)


@given(sizes=sizes, seed=st.integers(0, 999), data=st.data())
@settings(max_examples=30, deadline=None)
def test_order_of_samples_leaves_the_full_batch_gradient_unchanged(sizes, seed, data):
    rng = np.random.default_rng(seed)
    net = Network(sizes)
    theta, X, y = net.initialize(), rng.normal(size=(8, sizes[0])), rng.normal(size=(8, sizes[-1]))
    order = data.draw(st.permutations(range(8)))
    one, other = net.backpropagate(theta, X, y), net.backpropagate(theta, X[order], y[order])
    assert one.loss == pytest.approx(other.loss, rel=1e-12)
    np.testing.assert_allclose(one.gradient, other.gradient, rtol=1e-10, atol=1e-14)


def test_unpacked_layers_are_views():
    net = Network([2, 3, 1])
    theta = net.initialize()
    net.unpack(theta)[1].b[0] = 7
    assert theta[-1] == 7
    assert theta[net.blocks[0].offset + 2 * 3 + 1] == net.unpack(theta)[0].b[1]


def test_float32_stays_float32():
    net = Network([2, 3, 1], "sigmoid", "sigmoid")
    theta = net.initialize().astype(np.float32)
    result = net.backpropagate(theta, np.eye(2), np.ones((2, 1)), "bce")
    double = net.backpropagate(theta.astype(float), np.eye(2), np.ones((2, 1)), "bce")
    assert result.gradient.dtype == np.float32
    np.testing.assert_allclose(result.gradient, double.gradient, rtol=1e-5)


def test_wrong_shapes_say_expected_and_got():
    net = Network([2, 3, 1])
    theta = net.initialize()
    with pytest.raises(ValueError, match=r"X must have shape \(n, 2\) .* got \(4, 3\)"):
        net.predict(theta, np.ones((4, 3)))
    with pytest.raises(ValueError, match=r"theta must have shape \(13,\), got \(12,\)"):
        net.predict(theta[:-1], np.ones((4, 2)))
    with pytest.raises(ValueError, match=r"y must have shape \(4, 1\), got \(4,\)"):
        net.backpropagate(theta, np.ones((4, 2)), np.ones(4))
    with pytest.raises(ValueError, match=r"W must have shape \(3, 2\), got \(2, 3\)"):
        net.pack([(np.ones((2, 3)), np.ones(3)), (np.ones((1, 3)), np.ones(1))])
    with pytest.raises(ValueError, match="activation must name 1 hidden layers, got 2"):
        Network([2, 3, 1], ["tanh", "relu"])


def test_loss_and_output_have_to_fit():
    net = Network([2, 3, 1], output="tanh")
    with pytest.raises(ConfigError, match="bce needs a sigmoid output, got tanh"):
        net.backpropagate(net.initialize(), np.ones((1, 2)), np.ones((1, 1)), "bce")
    with pytest.raises(ConfigError):
        check_fit("softmax", "mse")
