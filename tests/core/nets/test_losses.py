"""The whole table of losses: values, slopes, stability, and what goes with what."""

import numpy as np
import oracle
import pytest
from backscope.core import ConfigError
from backscope.core.nets.activations import ACTIVATIONS
from backscope.core.nets.losses import LOSSES, OUTPUTS, check_fit, fit_output_and_loss, huber, smooth

N_OUT, BATCH = 3, 4


def outputs_for(loss):
    """Return the outputs that the loss can be taken of."""

    def fits(output):
        try:
            check_fit(output, loss)
        except ConfigError:
            return False
        return True

    return [output for output in OUTPUTS if fits(output)]


def targets(loss, rng):
    if loss == "hinge":
        return rng.choice([-1.0, 1.0], size=(N_OUT, BATCH))
    if LOSSES[loss].output is None:
        return rng.normal(size=(N_OUT, BATCH))
    return np.eye(N_OUT)[rng.integers(N_OUT, size=BATCH)].T.copy()


def evaluate(loss, z, y):
    """Return the mean loss and its derivative by z (losses from logits) or by a = z (the rest)."""
    record = LOSSES[loss]
    a, slope = (np.empty_like(z), np.empty_like(z)) if record.output else (z.copy(), np.empty_like(z))
    count = record.count(*z.shape)
    return record.bind(z, a, slope)(y) / count, slope * record.factor / count


@pytest.mark.parametrize("loss", LOSSES)
def test_slope_matches_central_difference(loss):
    rng = np.random.default_rng(1)
    z, y, h = rng.normal(size=(N_OUT, BATCH)), targets(loss, rng), 1e-3

    def difference(at, h):
        step = np.zeros_like(z)
        step[at] = h
        return (evaluate(loss, z + step, y)[0] - evaluate(loss, z - step, y)[0]) / (2 * h)

    refined = [(4 * difference(at, h / 2) - difference(at, h)) / 3 for at in np.ndindex(z.shape)]
    np.testing.assert_allclose(evaluate(loss, z, y)[1].ravel(), refined, rtol=1e-8, atol=1e-11)


@pytest.mark.parametrize("loss", [loss for loss in LOSSES if loss in oracle.LOSSES])
def test_value_matches_textbook(loss):
    rng = np.random.default_rng(2)
    z, y = rng.normal(size=(N_OUT, BATCH)), targets(loss, rng)
    a = oracle.ACTIVATIONS[LOSSES[loss].output or "identity"][0](z.T)
    assert evaluate(loss, z, y)[0] == pytest.approx(oracle.LOSSES[loss][0](a, y.T), rel=1e-13)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("loss", [name for name, record in LOSSES.items() if record.output])
def test_stable_from_logits(loss, dtype):
    y = np.eye(N_OUT, dtype=dtype)
    for size in (30, 100, 800, 1e4):
        z = size * (2 * y - 1)
        with np.errstate(over="raise", invalid="raise", divide="raise"):
            right, _ = evaluate(loss, z, y)
            wrong, slope = evaluate(loss, -z, y)
        assert 0 <= right <= 3 * N_OUT * np.exp(-30.0)
        assert wrong == pytest.approx(2 * size + np.log(2) if loss == "cross_entropy" else N_OUT * size, rel=1e-6)
        assert np.isfinite(slope).all()


def test_bce_keeps_small_losses():
    z, y = np.array([[30.0, -40.0]]), np.array([[1.0, 0.0]])
    assert evaluate("bce", z, y)[0] == pytest.approx((np.exp(-30) + np.exp(-40)) / 2, rel=1e-9)


@pytest.mark.parametrize("delta", [0.1, 1.0, 3.0])
def test_huber_is_square_near_and_straight_far(delta):
    loss = huber(delta)
    z = np.array([[-5.0, -0.05, 0.0, 0.07, 4.0]])
    slope = np.empty_like(z)
    total = loss.bind(z, z, slope)(np.zeros_like(z))
    d = np.abs(z)
    assert total == pytest.approx(np.where(d <= delta, d**2 / 2, delta * (d - delta / 2)).sum())
    np.testing.assert_allclose(slope, np.clip(z, -delta, delta))


def test_smoothing_moves_targets_towards_the_middle():
    np.testing.assert_allclose(smooth(np.array([[0.0], [1.0]]), 0.2), [[0.1], [0.9]])
    np.testing.assert_allclose(smooth(np.eye(4), 0.2).sum(axis=1), 1)
    np.testing.assert_allclose(smooth(np.eye(4), 0.2)[0], [0.85, 0.05, 0.05, 0.05])
    y = np.eye(3)
    assert smooth(y, 0.0) is y


@pytest.mark.parametrize("loss", LOSSES)
def test_each_loss_has_an_output(loss):
    fitting = outputs_for(loss)
    assert set(fitting) == set(LOSSES[loss].outputs or ACTIVATIONS)


@pytest.mark.parametrize(
    ("kind", "default", "output", "loss", "expected"),
    [
        ("binary", "bce", None, None, ("sigmoid", "bce")),
        ("classes", "cross_entropy", None, None, ("softmax", "cross_entropy")),
        ("regression", "mse", None, None, ("identity", "mse")),
        ("binary", "bce", "tanh", None, ("tanh", "mse")),
        ("binary", "bce", "identity", None, ("identity", "mse")),
        ("binary", "bce", None, "mse", ("sigmoid", "mse")),
        ("binary", "mse", "sigmoid", None, ("sigmoid", "mse")),
        ("classes", "cross_entropy", "sigmoid", None, ("sigmoid", "bce")),
        ("classes", "cross_entropy", None, "half_squared_error", ("sigmoid", "half_squared_error")),
        ("classes", "cross_entropy", None, "bce", ("sigmoid", "bce")),
        ("binary", "bce", None, "hinge", ("identity", "hinge")),
        ("binary", "bce", "tanh", "hinge", ("tanh", "hinge")),
        ("binary", "bce", None, "huber", ("sigmoid", "huber")),
        ("regression", "mse", None, "mae", ("identity", "mae")),
        ("regression", "mse", "sigmoid", None, ("sigmoid", "mse")),
        ("regression", "mse", "tanh", "half_squared_error", ("tanh", "half_squared_error")),
    ],
)
def test_what_is_left_open_is_what_fits(kind, default, output, loss, expected):
    assert fit_output_and_loss(kind, default, output, loss) == expected


@pytest.mark.parametrize(
    ("kind", "output", "loss", "words"),
    [
        ("binary", "tanh", "bce", "bce needs a sigmoid output, got tanh"),
        ("classes", "sigmoid", "cross_entropy", "cross_entropy needs a softmax output, got sigmoid"),
        ("binary", "sigmoid", "hinge", "hinge needs an identity or tanh output, got sigmoid"),
        ("regression", None, "hinge", "hinge needs binary or classes targets, the data set has regression targets"),
        ("classes", "softmax", "mse", "a softmax output needs cross_entropy, got mse"),
        ("regression", None, "bce", "bce needs binary or classes targets, the data set has regression targets"),
        ("binary", "softmax", None, "cross_entropy needs classes targets, the data set has binary targets"),
    ],
)
def test_what_does_not_fit_is_refused_with_words(kind, output, loss, words):
    default = {"binary": "bce", "classes": "cross_entropy", "regression": "mse"}[kind]
    with pytest.raises(ConfigError, match=words):
        fit_output_and_loss(kind, default, output, loss)
