"""The update rules against their formulas, and what is known about them."""

from fractions import Fraction

import numpy as np
import pytest
from backscope.core import OPTIMIZERS, ConfigError, Network, RunConfig, make_optimizer
from backscope.core.ground.expressions import expression

RATE = 0.1


def gradients(count=5, size=4):
    return np.random.default_rng(0).normal(size=(count, size))


def sgd(gs, h):
    return [-RATE * g for g in gs]


def momentum(gs, h):
    v, updates = gs[0], [-RATE * gs[0]]
    for g in gs[1:]:
        v = h["momentum"] * v + (1 - h["dampening"]) * g
        updates.append(-RATE * v)
    return updates


def nesterov(gs, h):
    v, updates = 0, []
    for g in gs:
        v = h["momentum"] * v + g
        updates.append(-RATE * (g + h["momentum"] * v))
    return updates


def adagrad(gs, h):
    return [
        -RATE / (1 + t * h["lr_decay"]) * g / (np.sqrt((gs[: t + 1] ** 2).sum(axis=0)) + h["eps"])
        for t, g in enumerate(gs)
    ]


def rmsprop(gs, h):
    s = m = v = 0
    updates = []
    for g in gs:
        s = h["alpha"] * s + (1 - h["alpha"]) * g**2
        m = h["alpha"] * m + (1 - h["alpha"]) * g
        root = np.sqrt(s - m**2 if h["centered"] else s) + h["eps"]
        v = h["momentum"] * v + g / root
        updates.append(-RATE * v)
    return updates


def adadelta(gs, h):
    s = u = 0
    updates = []
    for g in gs:
        s = h["rho"] * s + (1 - h["rho"]) * g**2
        d = np.sqrt(u + h["eps"]) / np.sqrt(s + h["eps"]) * g
        u = h["rho"] * u + (1 - h["rho"]) * d**2
        updates.append(-RATE * d)
    return updates


def moments(gs, h):
    """Yield t, m, v of Adam."""
    m = v = 0
    for t, g in enumerate(gs, start=1):
        m = h["beta1"] * m + (1 - h["beta1"]) * g
        v = h["beta2"] * v + (1 - h["beta2"]) * g**2
        yield t, m, v


def adam(gs, h):
    return [
        -RATE * m / (1 - h["beta1"] ** t) / (np.sqrt(v / (1 - h["beta2"] ** t)) + h["eps"])
        for t, m, v in moments(gs, h)
    ]


def amsgrad(gs, h):
    largest, updates = 0, []
    for t, m, v in moments(gs, h):
        largest = np.maximum(largest, v)
        root = np.sqrt(largest) / np.sqrt(1 - h["beta2"] ** t) + h["eps"]
        updates.append(-RATE / (1 - h["beta1"] ** t) * m / root)
    return updates


def adamw(gs, h):
    theta, updates = START, []
    for step in adam(gs, h):
        updates.append((1 - RATE * h["weight_decay"]) * theta + step - theta)
        theta = theta + updates[-1]
    return updates


def nadam(gs, h):
    product, updates = 1, []
    for (t, m, v), g in zip(moments(gs, h), gs, strict=True):
        now = h["beta1"] * (1 - 0.5 * 0.96 ** (t * h["momentum_decay"]))
        following = h["beta1"] * (1 - 0.5 * 0.96 ** ((t + 1) * h["momentum_decay"]))
        product *= now
        root = np.sqrt(v / (1 - h["beta2"] ** t)) + h["eps"]
        ahead = following * m / (1 - product * following) + (1 - now) * g / (1 - product)
        updates.append(-RATE * ahead / root)
    return updates


def lion(gs, h):
    m, theta, updates = 0, START, []
    for g in gs:
        c = h["beta1"] * m + (1 - h["beta1"]) * g
        m = h["beta2"] * m + (1 - h["beta2"]) * g
        updates.append(-RATE * (np.sign(c) + h["weight_decay"] * theta))
        theta = theta + updates[-1]
    return updates


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


def lbfgs(gs, h):
    """The inverse Hessian as a matrix, by the BFGS formula from the oldest pair on, instead of the two loops."""
    theta, at, slope, pairs, updates = START, START, gs[0], [], []
    for t, g in enumerate(gs):
        if t:
            s, y = theta - at, g - slope
            pairs += [(s, y)] if s @ y > 1e-10 else []
        H = np.eye(len(g)) * (pairs[-1][0] @ pairs[-1][1] / (pairs[-1][1] @ pairs[-1][1]) if pairs else 1.0)
        for s, y in pairs[-h["history"] :]:
            left = np.eye(len(g)) - np.outer(s, y) / (s @ y)
            H = left @ H @ left.T + np.outer(s, s) / (s @ y)
        d = H @ g if t else g * min(1, 1 / np.abs(g).sum())
        at, slope = theta, g
        updates.append(-RATE * d)
        theta = theta + updates[-1]
    return updates


def there(point):
    """Another gradient, for rules that ask for one: that of a bowl which is bent."""
    return np.array([3.0, 0.5, -1.0, 2.0])[: len(point)] * point + 0.1


def sam(gs, h):
    theta, updates = START, []
    for g in gs:
        climb = h["radius"] * g / np.sqrt((g**2).sum())
        updates.append(-RATE * there(theta + climb))
        theta = theta + updates[-1]
    return updates


def schedule_free(gs, h):
    """Equations 3 to 5 of the paper; where the gradients are taken is another test's matter."""
    z, x, updates = START, START, []
    for t, g in enumerate(gs, start=1):
        z = z - RATE * g
        c = 1 / t
        updates.append((1 - c) * x + c * z - x)
        x = x + updates[-1]
    return updates


def schedule_free_adamw(gs, h):
    """Algorithm 1, line by line."""
    z, x, v, squares, updates = START, START, 0, 0, []
    for t, g in enumerate(gs, start=1):
        y = (1 - h["beta1"]) * z + h["beta1"] * x
        v = h["beta2"] * v + (1 - h["beta2"]) * g**2
        gamma = RATE * np.sqrt(1 - h["beta2"] ** t)
        z = z - gamma * g / (np.sqrt(v) + h["eps"]) - gamma * h["weight_decay"] * y
        squares += gamma**2
        c = gamma**2 / squares
        updates.append((1 - c) * x + c * z - x)
        x = x + updates[-1]
    return updates


RULES = {
    rule.__name__: rule
    for rule in (
        *(sgd, momentum, nesterov, adagrad, rmsprop, adadelta, adam, amsgrad, adamw, nadam, lion, muon),
        *(sam, schedule_free, schedule_free_adamw, lbfgs),
    )
}
START = np.array([1.0, -2.0, 0.5, 3.0])

#: Hyperparameters other than the defaults.
OTHERS = {
    "momentum": {"momentum": 0.7, "dampening": 0.2},
    "adagrad": {"lr_decay": 0.1},
    "rmsprop": {"alpha": 0.6, "momentum": 0.5, "centered": 1},
    "adadelta": {"rho": 0.5, "eps": 1e-3},
    "adam": {"beta1": 0.5, "beta2": 0.7, "eps": 0.1},
    "amsgrad": {"beta2": 0.3},
    "adamw": {"weight_decay": 0.5},
    "nadam": {"momentum_decay": 0.1},
    "lion": {"beta1": 0.5, "beta2": 0.7, "weight_decay": 0.3},
    "muon": {"momentum": 0.7},
    "lbfgs": {"history": 1},
    "sam": {"radius": 0.4},
    "schedule_free": {"beta": 0.5},
    "schedule_free_adamw": {"beta1": 0.6, "beta2": 0.7, "weight_decay": 0.5, "eps": 0.1},
}


def made(name, rate=RATE, **given):
    """A rule, which knows another gradient if it asks for one."""
    optimizer = make_optimizer(name, rate, **given)
    optimizer.elsewhere = there
    return optimizer


@pytest.mark.parametrize(("name", "given"), [*((name, {}) for name in OPTIMIZERS), *OTHERS.items()])
def test_follows_its_formula(name, given):
    optimizer, theta = made(name, **given), START
    values = {entry.name: getattr(optimizer, entry.name) for entry in optimizer.hyperparameters}
    assert given.items() <= values.items()
    for gradient, expected in zip(gradients(), RULES[name](gradients(), values), strict=True):
        update = optimizer.step(theta, gradient)
        np.testing.assert_allclose(update, expected, rtol=1e-11)
        theta = theta + update


def taken_at(optimizer, theta):
    """Where a rule wants its gradient."""
    point = theta.copy()
    if optimizer.point is not None:
        optimizer.place(theta, point)
    return point


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_finds_the_minimum_of_a_bowl(name):
    rate = {"adagrad": 1.0, "adadelta": 1.0, "lion": 0.003, "muon": 0.003}.get(
        name, RATE
    )  # their steps are never shorter
    optimizer, theta = make_optimizer(name, rate), np.array([1.0, -2.0])
    for _ in range(3000):
        theta = theta + optimizer.step_on(theta, lambda point: 2 * point)
    assert np.abs(theta).max() < 0.06


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_new_learning_rate_acts_at_once(name):
    one, other = made(name), made(name)
    for gradient in gradients():
        one.step(np.zeros(4), gradient)
        other.step(np.zeros(4), gradient)
    other.set(learning_rate=3 * RATE)
    moves = []
    for rule in (one, other):
        before = rule.z.copy() if rule.places else 0.0  # the rate moves z at once, and the answer as it follows
        step = rule.step(np.zeros(4), gradients()[0])
        moves.append((rule.z if rule.places else step) - before)
    np.testing.assert_allclose(moves[1], 3 * moves[0], rtol=1e-12)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_state_can_be_restored(name):
    optimizer = made(name)
    for gradient in gradients():
        optimizer.step(np.zeros(4), gradient)
    state = optimizer.state()
    first = [optimizer.step(np.zeros(4), gradient).copy() for gradient in gradients()]
    optimizer.restore(state)
    again = [optimizer.step(np.zeros(4), gradient).copy() for gradient in gradients()]
    np.testing.assert_array_equal(first, again)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_hyperparameter_refuses_what_is_out_of_range(name):
    for entry in OPTIMIZERS[name].hyperparameters:
        for value in (entry.low - 1, entry.high + 1, float("nan"), "much", True):
            if value is True and entry.name == "centered":
                continue  # what is 0 or 1 may be said so
            words = rf"{entry.name} must .*\[{entry.low:g}, {entry.high:g}[\])]"
            with pytest.raises(ConfigError, match=words) as caught:
                make_optimizer(name, **{entry.name: value})
            assert (caught.value.name, caught.value.low, caught.value.high) == (entry.name, entry.low, entry.high)


def test_beta_one_is_refused_because_it_never_learns():
    with pytest.raises(ConfigError, match=r"beta1 must lie in \[0, 1\), got 1"):
        make_optimizer("adam", beta1=1)


def test_a_refused_change_changes_nothing():
    optimizer = make_optimizer("adam", RATE)
    with pytest.raises(ConfigError):
        optimizer.set(learning_rate=0.5, beta1=2)
    assert (optimizer.learning_rate, optimizer.beta1) == (RATE, 0.9)
    assert optimizer.step(START, START)[0] == pytest.approx(-RATE, rel=1e-6)
    with pytest.raises(ConfigError, match="hyperparameter must be one of learning_rate, got 'momentum'"):
        make_optimizer("sgd").set(momentum=0.5)


@pytest.mark.parametrize(("product", "diverges"), [(1.9, False), (1.99, False), (2.01, True), (2.1, True)])
def test_gradient_descent_diverges_beyond_two_over_the_curvature(product, diverges):
    curvature, theta = 4.0, np.array([1.0])
    optimizer = make_optimizer("sgd", product / curvature)
    for _ in range(2000):
        theta = theta + optimizer.step(theta, curvature * theta)
    assert (abs(theta[0]) > 1) == diverges


@pytest.mark.parametrize(("product", "diverges"), [(3.7, False), (3.9, True)])
def test_heavy_ball_diverges_beyond_two_times_one_plus_mu(product, diverges):
    theta = np.array([1.0])
    optimizer = make_optimizer("momentum", product, momentum=0.9)
    for _ in range(2000):
        theta = theta + optimizer.step(theta, theta)
    assert (abs(theta[0]) > 1) == diverges


def test_centred_may_be_said_as_a_truth_value():
    assert make_optimizer("rmsprop", centered=True).centered == 1
    assert make_optimizer("rmsprop", centered=False).centered == 0
    config = RunConfig.from_json({"optimizer": {"name": "rmsprop", "centered": True}})
    assert config.optimizer.hyperparameters["centered"] == 1


@pytest.mark.parametrize("size", [1e-6, 1.0, 1e6])
def test_the_centred_variance_keeps_its_digits(size):
    """Gradients that hardly change: s − m² in fractions against the rule's own number."""
    rng, alpha = np.random.default_rng(0), 0.9
    optimizer = make_optimizer("rmsprop", 0.01, centered=True, alpha=alpha)
    theta, s, m = np.zeros(1), Fraction(0), Fraction(0)
    for t in range(400):
        gradient = size * (1 + 1e-9 * rng.normal(size=1))
        optimizer.step(theta, gradient)
        g, kept = Fraction(float(gradient[0])), Fraction(alpha)
        s, m = kept * s + (1 - kept) * g * g, kept * m + (1 - kept) * g
        s, m = s.limit_denominator(10**80), m.limit_denominator(10**80)
        variance = s - m * m
        assert optimizer.c[0] == pytest.approx(float(variance), rel=1e-6), t


def test_centred_from_the_middle_of_a_run_starts_with_what_is_known():
    optimizer, theta = make_optimizer("rmsprop", 0.01), np.zeros(2)
    for gradient in ([1.0, 2.0], [0.5, -1.0]):
        optimizer.step(theta, np.array(gradient))
    optimizer.set(centered=1)
    np.testing.assert_array_equal(optimizer.c, optimizer.s)


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


@pytest.mark.parametrize("history", [1, 3, 6])
def test_lbfgs_finds_newtons_step_on_a_bowl_that_is_stretched(history):
    """With as many pairs as there are directions it goes on as if the bowl were round, of many at once, too."""
    curvature, rng = np.array([100.0, 10.0, 1.0]), np.random.default_rng(5)
    optimizer, theta = make_optimizer("lbfgs", 0.5, history=history), rng.normal(size=(2, 3))
    alone, single = make_optimizer("lbfgs", 0.5, history=history), theta[1]
    optimizer.start(theta)
    for _ in range(60):
        theta = theta + optimizer.step(theta, curvature * theta)
        single = single + alone.step(single, curvature * single)
        np.testing.assert_allclose(theta[1], single, rtol=1e-6, atol=1e-12)
    assert np.abs(theta).max() < (1e-4 if history >= 3 else 0.1)


def test_lbfgs_keeps_no_step_along_which_the_slope_falls():
    optimizer, theta = make_optimizer("lbfgs", 0.1), np.array([1.0, -0.5])
    for _ in range(5):
        theta = theta + optimizer.step(theta, -theta)
    assert not any(getattr(optimizer, name).any() for name in ("s1", "y1"))
    np.testing.assert_array_equal(optimizer.d, -(theta - optimizer.update))


def test_a_rule_that_asks_says_so_where_nobody_answers():
    with pytest.raises(ConfigError, match="sam asks for the gradient at a second point in each step"):
        make_optimizer("sam").step(START, START)


@pytest.mark.parametrize("name", [name for name, rule in OPTIMIZERS.items() if rule.point is not None])
def test_the_place_of_a_gradient_is_what_its_formula_says(name):
    """Of one vector and of a stack with numbers in columns; the memory is left alone."""
    rng = np.random.default_rng(6)
    for shape in ((4,), (3, 4)):
        optimizer, theta, out = made(name), rng.normal(size=shape), np.empty(shape)
        optimizer.start(theta)
        for _ in range(4):
            theta = theta + optimizer.step(theta, rng.normal(size=shape))
        kept = optimizer.z.copy()
        optimizer.place(theta, out)
        expected = expression(optimizer.point).value({**vars(optimizer), "w": theta})
        np.testing.assert_allclose(out, expected, rtol=1e-14)
        np.testing.assert_array_equal(optimizer.z, kept)


def test_without_a_share_of_the_mean_schedule_free_is_gradient_descent_averaged():
    """β = 0: gradients are taken at z, which is gradient descent, and x is the mean of all its places (Polyak)."""
    optimizer, x, z, places = make_optimizer("schedule_free", 0.2, beta=0.0), START, START, []
    optimizer.start(x)
    for _ in range(30):
        x = x + optimizer.step_on(x, there)
        z = z - 0.2 * there(z)
        places.append(z)
        np.testing.assert_allclose(x, np.mean(places, axis=0), rtol=1e-12, atol=1e-14)


def test_what_is_put_in_the_place_of_a_parameter_moves_all_that_are_parameters():
    optimizer, theta = make_optimizer("schedule_free", RATE), START.copy()
    optimizer.start(theta)
    theta += optimizer.step(theta, START)
    told = optimizer.apart()
    theta[2] = 7.0
    optimizer.put(2, 7.0)
    np.testing.assert_allclose(taken_at(optimizer, theta)[2], 7.0)
    assert told.z[2] != 7.0


def test_sam_leaves_a_narrow_valley_that_gradient_descent_stays_in():
    """On ½h w² SAM moves on by at least ηhρ at the floor: it cannot rest where a distance of ρ costs much."""
    theta = np.array([1e-3])
    optimizer = make_optimizer("sam", 0.1, radius=0.5)
    sizes = []
    for _ in range(200):
        theta = theta + optimizer.step_on(theta, lambda point: 4.0 * point)
        sizes.append(abs(theta[0]))
    # |w| ← |(1 − ηh)|w| − ηhρ| has its rest at ηhρ / (2 − ηh): here 0.2 / 1.6.
    assert sizes[-1] == pytest.approx(0.125, rel=1e-9)
