"""How many digits the core keeps, over all of float64's range: activations and losses against mpmath."""

import mpmath as mp
import numpy as np
import pytest
from backscope.core import ConfigError, Network, RunConfig, Trainer
from backscope.core.nets.activations import ACTIVATIONS
from backscope.core.nets.differences import check_gradient, compare_gradient
from backscope.core.nets.elementwise import SELU_ALPHA, SELU_SCALE
from backscope.core.nets.losses import LOSSES
from backscope.core.surface.loss_function import LossFunction

mp.mp.dps = 60
#: Below this there is no relative size any more.
TINY = mp.mpf("1e-305")
#: Where exponentials are this far out, they are 0 for float64.
FAR = mp.mpf(3000)


def held(z):
    return max(min(z, FAR), -FAR)


def logistic(z):
    return 1 / (1 + mp.exp(-held(z)))


def softplus(z):
    return mp.log1p(mp.exp(held(z))) if z < 0 else z + mp.log1p(mp.exp(-held(z)))


def normal(z):
    return mp.erfc(-max(min(z, mp.mpf(300)), -mp.mpf(300)) / mp.sqrt(2)) / 2


def density(z):
    return mp.npdf(min(abs(z), mp.mpf(300)))


def mish_parts(z):
    """Return tanh(softplus(z)) and its derivative: with e = exp(z), 1 − t² = 4 (1 + e)² / (e² + 2e + 2)²."""
    e = mp.exp(min(held(z), mp.mpf(1000)))
    d = e * e + 2 * e + 2
    return (e * e + 2 * e) / d, 4 * (1 + e) * e / d**2 * (1 + e) / (1 + e)


#: f and f′ with 60 digits.
EXACT = {
    "identity": (lambda z: z, lambda z: mp.mpf(1)),
    "sigmoid": (logistic, lambda z: logistic(z) * logistic(-z)),
    "tanh": (lambda z: mp.tanh(held(z)), lambda z: mp.sech(held(z)) ** 2),
    "relu": (lambda z: max(z, mp.mpf(0)), lambda z: mp.mpf(z > 0)),
    "leaky_relu": (lambda z: z if z > 0 else mp.mpf(0.01) * z, lambda z: mp.mpf(1) if z > 0 else mp.mpf(0.01)),
    "elu": (lambda z: z if z > 0 else mp.expm1(held(z)), lambda z: mp.mpf(1) if z > 0 else mp.exp(held(z))),
    "selu": (
        lambda z: mp.mpf(SELU_SCALE) * (z if z > 0 else mp.mpf(SELU_ALPHA) * mp.expm1(held(z))),
        lambda z: mp.mpf(SELU_SCALE) * (1 if z > 0 else mp.mpf(SELU_ALPHA) * mp.exp(held(z))),
    ),
    "gelu": (lambda z: z * normal(z), lambda z: normal(z) + held(z) * density(z)),
    "silu": (lambda z: z * logistic(z), lambda z: logistic(z) * (1 + held(z) * logistic(-z))),
    "softplus": (softplus, logistic),
    "softsign": (lambda z: z / (1 + abs(z)), lambda z: 1 / (1 + abs(z)) ** 2),
    "hard_sigmoid": (
        lambda z: max(mp.mpf(0), min(mp.mpf(1), (z + 3) / 6)),
        lambda z: mp.mpf(1) / 6 if -3 < z < 3 else mp.mpf(0),
    ),
    "mish": (lambda z: z * mish_parts(z)[0], lambda z: mish_parts(z)[0] + held(z) * mish_parts(z)[1]),
}
#: Where terms cancel.
ROOTS = {"gelu": [-0.7517915], "silu": [-1.2784645], "mish": [-1.1924312], "hard_sigmoid": [-3.0]}
POWERS = 10.0 ** np.arange(-323, 309, 9)
RNG = np.random.default_rng(0)
RANGE = np.unique(np.concatenate([
    POWERS, -POWERS, RNG.uniform(-4, 4, 60), RNG.uniform(-40, 40, 60), RNG.uniform(-760, 760, 60),
    [0.0, 15.0, 19.0, 30.0, 37.0, -37.0, 1.7e308, -1.7e308],
]))  # fmt: skip


def wrong_by(found, exact, near_root):
    """Return the relative error of a number; beside a root, that of the terms that cancel."""
    assert np.isfinite(found)
    return abs(mp.mpf(float(found)) - exact) / max(abs(exact), mp.mpf(1) if near_root else TINY)


@pytest.mark.parametrize("which", ["value", "slope"])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations_keep_their_digits_over_the_whole_range(name, which):
    assert name in EXACT, f"write f and f′ of {name} with mpmath, and enter them in EXACT"
    record, exact = ACTIVATIONS[name], EXACT[name][which == "slope"]
    found = record.apply(RANGE.copy()) if which == "value" else record.slope(RANGE)
    for z, number in zip(RANGE, found, strict=True):
        if which == "slope" and z in record.kinks:
            continue
        near = any(abs(z - root) < 0.25 for root in ROOTS.get(name, []))
        right = exact(mp.mpf(float(z)))
        if abs(right) < TINY:
            assert abs(number) <= 1e-304, (z, number)
        else:
            assert wrong_by(number, right, near) < mp.mpf(10) ** -record.digits, (z, number, right)


@pytest.mark.parametrize("name", [name for name, record in ACTIVATIONS.items() if record.keeping])
def test_the_cheaper_way_to_a_slope_keeps_them_too(name):
    record, a, kept = ACTIVATIONS[name], np.empty_like(RANGE), np.empty_like(RANGE)
    record.bind_before_slope(RANGE, a, kept)()
    np.testing.assert_array_equal(a, record.apply(RANGE))
    record.bind_slope_after(RANGE, a, kept)()
    np.testing.assert_allclose(kept, record.slope(RANGE), rtol=1e-14, atol=1e-304)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_second_derivatives_are_those_of_the_slope(name):
    record = ACTIVATIONS[name]
    for z in RNG.uniform(-12, 12, 40):
        if any(abs(z - kink) < 1e-3 for kink in record.kinks):
            continue
        exact = mp.diff(EXACT[name][1], mp.mpf(float(z)), h=mp.mpf(10) ** -20)
        assert float(record.second(np.array([z]))[0]) == pytest.approx(float(exact), rel=1e-11, abs=1e-14), z
    with np.errstate(all="raise", under="ignore"):
        assert np.isfinite(record.second(np.array([-1e300, -800.0, 0.0, 800.0, 1e300]))).all()


def test_the_slopes_of_the_reported_cases():
    right = [float(EXACT["sigmoid"][1](mp.mpf(z))) for z in (30, 37, -37)]
    assert right == pytest.approx([9.3576e-14, 8.533e-17, 8.533e-17], rel=1e-4)
    np.testing.assert_allclose(ACTIVATIONS["sigmoid"].slope(np.array([30.0, 37.0, -37.0])), right, rtol=1e-14)
    right = [float(mp.sech(z) ** 2) for z in (15, 19)]
    np.testing.assert_allclose(ACTIVATIONS["tanh"].slope(np.array([15.0, 19.0])), right, rtol=1e-14)


def logits_of(rng, n_out, n):
    """Draw logits of all sizes: fair, sure, and beyond all exponentials."""
    sizes = rng.choice([1.0, 10.0, 100.0, 300.0, 700.0, 5e4], size=n)
    return rng.normal(size=(n_out, n)) * sizes


def exact_loss(loss, z, y):
    """Return the loss of one sample and its derivative by z, with 60 digits."""
    z, y = [mp.mpf(float(v)) for v in z], [mp.mpf(float(v)) for v in y]
    if loss == "bce":
        total = sum(t * softplus(-v) + (1 - t) * softplus(v) for v, t in zip(z, y, strict=True))
        return total, [(1 - t) * logistic(v) - t * logistic(-v) for v, t in zip(z, y, strict=True)]
    most = max(z)
    e = [mp.exp(v - most) for v in z]
    log_sum = mp.log1p(sum(e[: z.index(most)]) + sum(e[z.index(most) + 1 :]))
    sums = sum(y)
    total = sum(t * ((most - v) + log_sum) for v, t in zip(z, y, strict=True))
    return total, [
        (e[j] * sum(y[i] for i in range(len(y)) if i != j) - y[j] * sum(e[i] for i in range(len(y)) if i != j)) / sum(e)
        for j in range(len(y))
    ] if sums else [mp.mpf(0)] * len(y)


def targets_of(rng, loss, kind, n_out, n):
    if loss == "bce":
        return rng.random((n_out, n)) if kind == "any" else rng.integers(2, size=(n_out, n)).astype(float)
    hard = np.eye(n_out)[rng.integers(n_out, size=n)].T.copy()
    return rng.integers(3, size=(n_out, n)) * rng.choice([0.5, 1.0, 2.0], size=n) if kind == "any" else hard


@pytest.mark.parametrize("kind", ["hard", "any"])
@pytest.mark.parametrize("loss", [name for name, record in LOSSES.items() if record.output])
def test_losses_from_logits_keep_their_digits(loss, kind):
    """Sample by sample, alone and in company: the loss and a − y at sure outputs, right or wrong."""
    rng, n = np.random.default_rng(3), 80
    n_out = 1 if loss == "bce" else 4
    z, y = logits_of(rng, n_out, n), targets_of(rng, loss, kind, n_out, n)
    for columns in [slice(i, i + 1) for i in range(n)] + [slice(0, n)]:
        part, targets = z[:, columns].copy(), np.ascontiguousarray(y[:, columns])
        a, slope = np.empty_like(part), np.empty_like(part)
        with np.errstate(all="raise", under="ignore"):
            total = LOSSES[loss].bind(part, a, slope)(targets)
        right = [exact_loss(loss, part[:, i], targets[:, i]) for i in range(part.shape[1])]
        assert wrong_by(total, sum(loss for loss, _ in right), near_root=False) < mp.mpf(10) ** -13
        for i, (_, slopes) in enumerate(right):
            for j, exact in enumerate(slopes):
                whole = 1.0 if loss == "bce" else targets[:, i].sum()
                between = 0.0 < targets[j, i] < whole
                scale = max(abs(exact), mp.mpf(float(targets[:, i].sum())) if between else TINY)
                assert abs(mp.mpf(float(slope[j, i])) - exact) < scale * mp.mpf(10) ** -13, (part[:, i], targets[:, i])


def test_cross_entropy_with_targets_of_any_sum_is_its_formula():
    net = Network([2, 3], output="softmax")
    theta = net.initialize("xavier_uniform", seed=1)
    X, y = [[0.5, -1.0], [1.5, 2.0]], [[1, 1, 0], [0, 1, 1]]
    result = net.backpropagate(theta, X, y, "cross_entropy")
    assert result.loss == pytest.approx(4.01161, abs=5e-6)
    a = net.predict(theta, X)
    assert result.loss == pytest.approx(-np.sum(y * np.log(a)) / 2, rel=1e-14)
    np.testing.assert_allclose(result.layers[-1].delta, (a * np.sum(y, axis=1, keepdims=True) - y) / 2, rtol=1e-13)
    for targets in (y, [[0, 0, 0], [0.2, 0, 2.5]], np.eye(3)[:2], np.full((2, 3), 1 / 3)):
        assert check_gradient(net, theta, X, targets, "cross_entropy") < 1e-6
        value = net.backpropagate(theta, X, targets, "cross_entropy").loss
        assert LossFunction(net, X, targets, "cross_entropy").at(theta[None])[0] == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    ("loss", "output", "bad", "words"),
    [
        ("hinge", "identity", 0.0, "hinge needs targets of -1 and 1, got 0"),
        ("hinge", "tanh", 0.5, "hinge needs targets of -1 and 1, got 0.5"),
        ("bce", "sigmoid", -1.0, r"bce needs targets in \[0, 1\], got -1"),
        ("cross_entropy", "softmax", -1.0, "cross_entropy needs targets of 0 or more, got -1"),
        *((loss, "identity", np.nan, f"{loss} needs targets that are numbers") for loss in ("mse", "mae", "huber")),
    ],
)
def test_targets_that_a_loss_has_no_meaning_for_are_refused_in_words(loss, output, bad, words):
    net = Network([2, 2], output=output)
    theta, X, y = net.initialize(seed=0), [[0.5, -1.0], [1.5, 2.0]], [[1.0, 1.0], [1.0, bad]]
    for call in (net.backpropagate, lambda *given: check_gradient(net, *given)):
        with pytest.raises(ConfigError, match=words):
            call(theta, X, y, loss)
    with pytest.raises(ConfigError, match=words):
        LossFunction(net, X, y, loss)


def on_truth_tables(**config):
    return Trainer(RunConfig.from_json({
        "data": {"name": "truth_xor"}, "optimizer": {"name": "adam", "learning_rate": 0.1}, "batch_size": None,
        "initializer": "xavier_uniform", **config,
    }))  # fmt: skip


def error_of(trainer):
    data = trainer.dataset
    return compare_gradient(
        trainer.network, trainer.theta, data.X_train, data.y_train, trainer.config.make_loss()
    ).error


@pytest.mark.parametrize("loss", [None, "mse"])
@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "silu"])
def test_the_gradient_check_of_a_well_trained_net_holds(activation, loss):
    trainer = on_truth_tables(network={"hidden": [4], "activation": activation, "output": "sigmoid"}, loss=loss)
    for steps in (20_000, 30_000):
        trainer.run(steps)
        assert trainer.evaluate().loss < 1e-7
        assert error_of(trainer) < 1e-6, trainer.step_count


def test_it_holds_after_a_hundred_thousand_steps_too():
    trainer = on_truth_tables(network={"hidden": [4], "activation": "tanh"})
    trainer.run(100_000)
    assert trainer.evaluate().loss < 1e-10
    assert error_of(trainer) < 1e-6
