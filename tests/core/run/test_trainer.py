"""The trainer: steps, live edits, divergence, and what it tells about itself."""

import tracemalloc

import numpy as np
import oracle
import pytest
from backscope.core import OPTIMIZERS, ConfigError, Network, RunConfig, Trainer, make_optimizer
from backscope.core.ground.streams import stream
from backscope.core.insight.chain import Target
from twin import agreed_steps

CASES = {
    "default": {},
    "regression": {"data": {"name": "plane"}, "network": {"hidden": [5]}},
    "digits": {"data": {"name": "digits"}, "network": {"hidden": [7], "activation": "sigmoid"}},
    "no hidden layer": {"network": {"hidden": []}, "loss": "mse"},
    "no bias": {"network": {"hidden": [3, 3], "activation": ["relu", "tanh"], "bias": False}},
    "truth table": {"data": {"name": "truth_table"}, "loss": "half_squared_error", "batch_size": None},
    "tanh output": {"network": {"output": "tanh"}},
}


@pytest.fixture(params=CASES)
def trainer(request):
    return Trainer(RunConfig.from_json(CASES[request.param]))


def order_of_epochs(trainer):
    """Yield the batches that the trainer has to deal, from the stream alone."""
    rng, n = stream(trainer.config.seed, "batches"), len(trainer.dataset.X_train)
    size = min(trainer.config.batch_size or n, n)
    while True:
        order = np.arange(n)
        if size < n:
            rng.shuffle(order)
        for first in range(0, n, size):
            yield order[first : first + size]


def test_steps_as_textbook_numpy_does(trainer):
    data, rate = trainer.dataset, trainer.learning_rate
    book = oracle.Textbook(trainer.network, trainer.theta, trainer.loss_name)
    batches, steps = order_of_epochs(trainer), agreed_steps(trainer.config, 60)
    assert steps >= 40
    for _ in range(steps):
        rows = next(batches)
        assert trainer.step() == pytest.approx(book.step(data.X_train[rows], data.y_train[rows], rate), rel=1e-9)
    for layer, W in zip(trainer.network.unpack(np.array(trainer.theta)), book.W, strict=True):
        np.testing.assert_allclose(layer.W, W, rtol=1e-8, atol=1e-12)


def test_batch_normalization_steps_as_textbook_numpy_does(config):
    trainer = Trainer(config(data={"name": "plane"}, network={"hidden": [5, 4], "normalization": "batch"}))
    data = trainer.dataset
    book = oracle.TextbookBatchNorm(trainer.network, trainer.theta, "mse")
    batches, steps = order_of_epochs(trainer), agreed_steps(trainer.config, 60)
    assert steps >= 40
    for _ in range(steps):
        rows = next(batches)
        assert trainer.step() == pytest.approx(book.step(data.X_train[rows], data.y_train[rows], 0.03), rel=1e-8)
    for index, layer in enumerate(trainer.network.unpack(np.array(trainer.theta))[:-1]):
        np.testing.assert_allclose(layer.gamma, book.gamma[index], rtol=1e-8)
        np.testing.assert_allclose(layer.beta, book.beta[index], rtol=1e-7, atol=1e-12)
        np.testing.assert_allclose(trainer.view.running_statistics[index].mean, book.mean[index], rtol=1e-8)
        np.testing.assert_allclose(trainer.view.running_statistics[index].variance, book.variance[index], rtol=1e-8)


def test_a_step_adds_the_update_that_the_optimizer_returns(trainer):
    before = np.array(trainer.theta)
    trainer.step()
    optimizer = make_optimizer("sgd", trainer.learning_rate)
    np.testing.assert_array_equal(trainer.update, optimizer.step(before, trainer.gradient))
    np.testing.assert_array_equal(trainer.theta, before + trainer.update)


def test_views_cannot_be_written_to(trainer):
    for vector in (trainer.theta, trainer.gradient, trainer.update):
        assert vector.shape == (trainer.network.parameter_count,)
        with pytest.raises(ValueError, match="read-only"):
            vector[0] = 1


def test_epochs_count_short_batches(config):
    trainer = Trainer(config(data={"samples": 100, "test_fraction": 0.25}, batch_size=10))
    assert len(trainer.dataset.X_train) == 75
    trainer.run(7)
    assert trainer.epoch == 0
    trainer.run(1)
    assert trainer.epoch == 1
    trainer.run(16)
    assert (trainer.epoch, trainer.step_count) == (3, 24)


def test_explicit_start_parameters(config):
    initial = [0.1 * i for i in range(config().parameter_count)]
    np.testing.assert_array_equal(Trainer(config(initial=initial)).theta, initial)


def test_the_seed_decides_everything(config):
    one, same, other = (Trainer(config(seed=seed)) for seed in (1, 1, 2))
    for trainer in (one, same, other):
        trainer.run(50)
    np.testing.assert_array_equal(one.theta, same.theta)
    assert not np.array_equal(one.theta, other.theta)


def test_more_noise_leaves_the_start_parameters_alone(config):
    quiet, noisy = Trainer(config(data={"noise": 0})), Trainer(config(data={"noise": 0.5}))
    np.testing.assert_array_equal(quiet.theta, noisy.theta)


# Live edits


def test_the_next_step_obeys_a_new_learning_rate(config):
    one, other = Trainer(config()), Trainer(config())
    one.run(10)
    other.run(10)
    other.edit(learning_rate=0.3)
    one.step()
    other.step()
    np.testing.assert_allclose(other.update, 10 * one.update, rtol=1e-12)
    assert other.learning_rate == other.config.optimizer.learning_rate == 0.3


def test_a_new_batch_size_is_used_at_once(config):
    trainer = Trainer(config(data={"samples": 100, "test_fraction": 0}))
    trainer.run(3)
    trainer.edit(batch_size=35)
    trainer.run(2)
    assert trainer.epoch == 1
    trainer.edit(batch_size=None)
    trainer.run(2)
    assert trainer.epoch == 3


def test_a_new_optimizer_keeps_the_parameters(config):
    trainer = Trainer(config())
    trainer.run(10)
    theta, update = np.array(trainer.theta), np.array(trainer.update)
    trainer.edit(optimizer="adam", beta1=0.8)
    np.testing.assert_array_equal(trainer.theta, theta)
    np.testing.assert_array_equal(trainer.update, update)
    trainer.step()
    g = trainer.gradient
    np.testing.assert_allclose(trainer.update, -0.03 * g / (np.abs(g) + 1e-8), rtol=1e-6)


def test_hyperparameters_are_live(config):
    trainer = Trainer(config(optimizer={"name": "momentum", "learning_rate": 0.1}))
    trainer.run(5)
    last = np.array(trainer.update)
    trainer.edit(momentum=0.25)
    trainer.step()
    np.testing.assert_allclose(trainer.update, 0.25 * last - 0.1 * trainer.gradient, rtol=1e-12)


@pytest.mark.parametrize(
    ("name", "entry"),
    [(name, entry) for name, record in OPTIMIZERS.items() for entry in record.hyperparameters],
    ids=lambda part: part if isinstance(part, str) else part.name,
)
def test_the_next_step_obeys_every_hyperparameter(config, name, entry):
    one, other = (Trainer(config(optimizer={"name": name, "learning_rate": 0.05})) for _ in range(2))
    ends = [end for end in (entry.low, entry.high) if end != entry.default]
    value = int(ends[0]) if entry.integer else 0.37
    for trainer in (one, other):
        trainer.run(30)
    twin = make_optimizer(name, 0.05)
    twin.start(one.theta, one.network.matrices)
    twin.restore(one._at.engine.optimizer.state())
    twin.set(**{entry.name: value})
    one.edit(**{entry.name: value})
    before = np.array(one.theta)
    one.step()
    twin.elsewhere = one._at.engine.optimizer.elsewhere  # still of the same batch
    np.testing.assert_array_equal(one.update, twin.step(before, one.gradient))
    one.step()
    other.run(2)
    assert not np.array_equal(one.update, other.update)  # RMSprop's momentum has something to remember only now


def test_edits_are_logged_and_bad_ones_change_nothing(config):
    trainer = Trainer(config())
    trainer.run(7)
    trainer.edit(learning_rate=0.5)
    with pytest.raises(ConfigError, match=r"learning_rate must lie in \[0, 100\], got -1"):
        trainer.edit(learning_rate=-1, batch_size=3)
    with pytest.raises(ConfigError, match="unknown key 'speed'"):
        trainer.edit(speed=3)
    assert [entry.to_json() for entry in trainer.edits.log] == [
        {"branch": 0, "step": 7, "lane": 0, "change": {"learning_rate": 0.5}}
    ]
    assert trainer.config.batch_size == 10


# Divergence


def diverge(config, **values):
    trainer = Trainer(config(data={"name": "plane"}, network={"activation": "relu"}, **values))
    trainer.run(1000)
    return trainer


def test_divergence_stops_at_once_and_is_told(config):
    trainer = diverge(config, optimizer={"learning_rate": 100})
    steps = trainer.step_count
    assert steps < 100
    assert trainer.diverged.step == steps
    assert trainer.diverged.loss in ("nan", "infinite", "huge")
    assert trainer.diverged.learning_rate == 100
    assert trainer.run(10) == 0
    assert trainer.step_count == steps
    assert np.isfinite(trainer.losses.series().high).all()


@pytest.mark.parametrize(("value", "kind"), [(1e5, "huge"), (1e6, "infinite")])
def test_kinds_of_divergence(config, value, kind):
    layers = 2 if kind == "huge" else 64
    network = {"hidden": [1] * layers, "activation": "identity"}
    shape = config(data={"name": "plane"}, network=network)
    trainer = Trainer(config(data={"name": "plane"}, network=network, initial=[value] * shape.parameter_count))
    trainer.step()
    assert (trainer.diverged.step, trainer.diverged.loss) == (0, kind)
    assert trainer.step_count == 0


def test_a_diverged_run_can_go_back_and_on(config):
    trainer = diverge(config, optimizer={"learning_rate": 0.01})
    assert trainer.diverged is None
    trainer.edit(learning_rate=0.02)
    trainer.run(100)
    trainer.edit(learning_rate=90)
    trainer.run(1000)
    assert trainer.diverged
    step, rate = trainer.edits.good_step()
    assert (step, rate) == (1100, 0.02)
    trainer.seek(step)
    trainer.edit(learning_rate=rate)
    assert trainer.diverged is None
    assert trainer.run(500) == 500
    assert trainer.edits.branch == 1


def test_a_good_step_without_a_raised_rate_is_the_start_with_a_tenth_of_it(config):
    trainer = diverge(config, optimizer={"learning_rate": 50})
    assert trainer.edits.good_step() == (0, 5.0)
    trainer.seek(0)
    trainer.edit(learning_rate=20)
    trainer.run(1000)
    assert trainer.edits.good_step() == (0, 2.0)


# What it tells


def test_norms_of_the_last_batch(config):
    trainer = Trainer(config(network={"hidden": [3, 2]}))
    np.testing.assert_array_equal(trainer.last_step.norms()[[0, 1, 3]], 0)
    before, rows = np.array(trainer.theta), next(order_of_epochs(trainer))
    trainer.step()
    data, net = trainer.dataset, trainer.network
    result = net.backpropagate(before, data.X_train[rows], data.y_train[rows], trainer.loss_name)
    delta, gradient, weight, update = trainer.last_step.norms()
    for index, layer in enumerate(result.layers):
        assert delta[index] == pytest.approx(np.sqrt(np.mean((len(rows) * layer.delta) ** 2)))
        assert gradient[index] == pytest.approx(np.linalg.norm(layer.dW))
        assert weight[index] == pytest.approx(np.linalg.norm(net.unpack(np.array(trainer.theta))[index].W))
        assert update[index] == pytest.approx(0.03 * gradient[index])


def test_every_step_is_recorded(config):
    trainer = Trainer(config())
    losses = [trainer.step() for _ in range(5)]
    trainer.edit(learning_rate=0.5)
    losses.append(trainer.step())
    first, kept, rates = trainer.losses.tail(0)
    assert first == 1
    np.testing.assert_allclose(kept, losses, rtol=1e-6)
    np.testing.assert_allclose(rates, [0.03] * 5 + [0.5], rtol=1e-6)
    assert trainer.losses.tail(5).losses.shape == (1,)


def test_the_path_is_thinned_and_ends_at_the_present(config):
    trainer = Trainer(config())
    start = np.array(trainer.theta)
    for step in (0, 1, 700, 1500, 5001):
        trainer.run(step - trainer.step_count)
        steps, positions = trainer.track.path(100)
        assert len(steps) == len(positions) <= 100
        assert (steps[0], steps[-1]) == (0, step)
        assert (np.diff(steps) > 0).all()
        np.testing.assert_array_equal(positions[0], start)
        np.testing.assert_array_equal(positions[-1], trainer.theta)


def test_a_deadline_ends_a_run_early(config):
    trainer = Trainer(config())
    assert trainer.run(1000, deadline=0.0) == 1
    assert trainer.run(5, deadline=float("inf")) == 5


EXTRAS = {
    "plain": {},
    "penalties and clipping": {"l1": 1e-3, "l2": 1e-3, "clip_norm": 0.1, "clip_value": 0.1},
    "dropout": {"network": {"dropout": 0.3}},
    "batch normalization": {"network": {"normalization": "batch"}},
    "layer normalization": {"network": {"normalization": "layer", "activation": "mish"}},
    "residual connections": {"network": {"residual": True}},
    "residual connections, batch normalization, dropout": {
        "network": {"residual": True, "normalization": "batch", "dropout": 0.3}
    },
    "schedule": {"schedule": {"name": "one_cycle"}},
    "float32": {"precision": "float32"},
    **{name: {"optimizer": {"name": name}} for name in OPTIMIZERS},
}


@pytest.mark.parametrize("extra", EXTRAS)
def test_a_step_allocates_no_array(config, extra):
    """On a net whose smallest buffer would be seen: 64 neurons × 50 samples are 25 kB, or 13 kB in float32."""
    values = {"batch_size": 50, "data": {"samples": 5000}, **EXTRAS[extra]}
    values["network"] = {"hidden": [64, 64], **values.get("network", {})}
    trainer = Trainer(config(**values))
    trainer.run(1024 + 70)
    tracemalloc.start()
    trainer.run(1)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.reset_peak()
    trainer.run(40)
    after, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert trainer.step_count % 64 > 41
    assert after - kept < 2000
    assert peak - kept < 4000


def test_the_network_is_public(trainer):
    assert isinstance(trainer.network, Network)
    data = trainer.dataset
    result = trainer.network.backpropagate(trainer.theta, data.X_train, data.y_train, trainer.loss_name)
    assert result.loss == pytest.approx(trainer.evaluate().loss)


def test_an_activation_changes_live_and_the_weights_stay(config):
    trainer = Trainer(config(network={"hidden": [5, 4], "activation": "tanh"}))
    trainer.run(30)
    before, tanh = np.array(trainer.theta), trainer.evaluate().loss
    trainer.edit(activation=["relu", "sigmoid"])
    np.testing.assert_array_equal(trainer.theta, before)
    data, rows = trainer.dataset, trainer.preview().rows
    other = Network(trainer.network.sizes, ["relu", "sigmoid"], trainer.network.output)
    assert trainer.network.activations == other.activations
    assert trainer.evaluate().loss == pytest.approx(
        other.backpropagate(before, data.X_train, data.y_train, "bce").loss, rel=1e-12
    )
    assert trainer.evaluate().loss != tanh
    trainer.step()
    expected = other.backpropagate(before, data.X_train[rows], data.y_train[rows], "bce").gradient
    np.testing.assert_allclose(trainer.gradient, expected, rtol=1e-9, atol=1e-15)
    after = np.array(trainer.theta)
    trainer.seek(10)
    assert set(trainer.network.activations[:-1]) == {"tanh"}
    trainer.seek(31)
    np.testing.assert_array_equal(trainer.theta, after)


def test_the_last_batch_is_told_with_the_activation_that_it_had(config):
    trainer = Trainer(config(network={"hidden": [5, 4], "activation": "tanh"}))
    trainer.run(30)
    trainer.edit(activation="relu")
    tape = trainer.last_step.tape()
    for target in (Target(1, 2, 0), Target(2, 3, 5), Target(3, 0, 1)):
        gradient = trainer.gradient[target.index(trainer.network)]
        assert float(np.mean(tape.terms(target))) == pytest.approx(gradient, rel=1e-10)
        slopes = tape.slope(1)
        np.testing.assert_allclose(slopes, 1 - tape.a(1) ** 2, rtol=1e-12)
    assert trainer.last_step.config.network.activation == "tanh"
    trainer.step()
    assert trainer.last_step.config.network.activation == "relu"


@pytest.mark.parametrize("bad", ["softmax", "nothing", ["tanh"], 3, None])
def test_an_activation_that_cannot_be_is_refused_and_changes_nothing(config, bad):
    trainer = Trainer(config(network={"hidden": [5, 4], "activation": "tanh"}))
    with pytest.raises(ConfigError, match="activation"):
        trainer.edit(activation=bad)
    assert trainer.network.activations[:2] == ("tanh", "tanh")
    assert not trainer.edits.log
