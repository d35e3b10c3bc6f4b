"""Penalties, clipping, dropout, smoothing and precision: what they do to a step."""

import numpy as np
import pytest
from backscope.core import ConfigError, RunConfig, Trainer


def make(**values):
    return Trainer(RunConfig.from_json(values))


def weights(trainer):
    """Return a mask of the parameters that are weights."""
    mask = np.zeros(trainer.network.parameter_count, bool)
    for layer in trainer.network.unpack(mask):
        layer.W[...] = True
    return mask


def stepped(**values):
    """Return the gradients of the first step with and without some settings, and the start parameters."""
    plain, other = make(), make(**values)
    theta = np.array(plain.theta)
    plain.step()
    other.step()
    return np.array(plain.gradient), other, theta


def test_penalties_pull_weights_and_nothing_else():
    plain, trainer, theta = stepped(l1=0.02, l2=0.3)
    w = weights(trainer)
    np.testing.assert_allclose(trainer.gradient[w], (plain + 0.02 * np.sign(theta) + 0.3 * theta)[w], rtol=1e-12)
    np.testing.assert_array_equal(trainer.gradient[~w], plain[~w])


def test_penalty_is_told_beside_the_loss():
    trainer = make(l1=0.02, l2=0.3, network={"normalization": "layer"})
    w = trainer.theta[weights(trainer)]
    assert trainer.view.penalty == pytest.approx(0.02 * np.abs(w).sum() + 0.15 * (w**2).sum())
    assert trainer.evaluate().loss == make(network={"normalization": "layer"}).evaluate().loss


def test_a_penalised_run_has_smaller_weights():
    free, held = make(), make(l2=0.05)
    free.run(2000)
    held.run(2000)
    assert held.view.penalty / 0.05 < 0.8 * 0.5 * (free.theta[weights(free)] ** 2).sum()


def test_clipping_by_value():
    plain, trainer, _ = stepped(clip_value=0.01)
    assert np.abs(plain).max() > 0.01
    np.testing.assert_array_equal(trainer.gradient, plain)
    np.testing.assert_allclose(trainer.update, -0.03 * np.clip(plain, -0.01, 0.01), rtol=1e-12)


def test_clipping_by_norm():
    plain, trainer, _ = stepped(clip_norm=0.05)
    norm = np.linalg.norm(plain)
    assert norm > 0.05
    np.testing.assert_allclose(trainer.update, -0.03 * plain * 0.05 / (norm + 1e-6), rtol=1e-12)
    plain, trainer, _ = stepped(clip_norm=100)
    np.testing.assert_allclose(trainer.update, -0.03 * plain, rtol=1e-12)


@pytest.mark.parametrize("size", [1e-300, 1e-170, 1.0, 1e160, 1e300])
def test_clipping_by_norm_holds_where_squares_overflow_or_vanish(size):
    """The gradient's norm is told as it is, and cut to the bound where it is above."""
    trainer = make(data={"name": "plane"}, loss="mse", clip_norm=0.5)
    engine = trainer._at.engine
    engine.gradient[:] = size * np.linspace(-1.0, 1.0, len(engine.gradient))
    norm = size * float(np.linalg.norm(np.linspace(-1.0, 1.0, len(engine.gradient))))
    clipped = engine.way._clip(engine.gradient).copy()
    assert engine.clipping.before == pytest.approx(norm, rel=1e-13)
    expected = min(norm, 0.5)
    scale = float(np.abs(clipped).max())
    assert scale * np.linalg.norm(clipped / scale) == pytest.approx(expected, rel=1e-5)
    assert engine.clipping.after == pytest.approx(expected, rel=1e-5)


def test_clipping_keeps_a_wild_run_within_the_numbers():
    run = {"data": {"name": "plane"}, "network": {"activation": "relu"}, "optimizer": {"learning_rate": 3}}
    wild, clipped = make(**run), make(**run, clip_norm=0.1)
    wild.run(1000)
    clipped.run(1000)
    assert wild.diverged
    assert clipped.diverged is None


@pytest.mark.parametrize(
    "change",
    [{"l1": 0.1}, {"l2": 0.1}, {"clip_value": 0.001}, {"clip_norm": 0.001}, {"dropout": 0.5}, {"label_smoothing": 0.3}],
)
def test_all_of_it_is_live(change):
    one, other = make(), make()
    one.run(10)
    other.run(10)
    other.edit(**change)
    one.step()
    other.step()
    assert not np.array_equal(one.update, other.update)
    (name,) = change
    other.edit(**{name: None if "clip" in name else 0})
    assert other.run(1) == 1


# Dropout


def masks(trainer, steps):
    """Return, for some steps, which hidden activations were passed on."""
    found = []
    for _ in range(steps):
        trainer.step()
        run = trainer._at.engine.last_pass
        found.append(run._mask[run.arena.rows[0]].copy())
    return np.array(found)


def test_dropout_leaves_out_its_share_and_scales_the_rest():
    trainer = make(network={"hidden": [20], "dropout": 0.3})
    found = masks(trainer, 200)
    assert set(np.unique(found)) == {0.0, 1 / 0.7}
    assert (found == 0).mean() == pytest.approx(0.3, abs=0.01)


def test_gradient_with_dropout_is_that_of_the_thinned_net():
    """With the mask as given factors, central differences of the batch loss agree with the gradient."""
    trainer = make(network={"hidden": [6, 5], "dropout": 0.4, "activation": "tanh"})
    trainer.run(3)
    run, engine = trainer._at.engine.last_pass, trainer._at.engine
    x, y, _ = engine.batches.views[engine.batches.index - 1]
    run._draw, theta = None, engine.theta
    run(x, y)
    gradient = engine.gradient.copy()
    for index in range(0, len(theta), 4):
        kept, h = theta[index], 1e-5
        theta[index] = kept + h
        above = run.loss(x, y)
        theta[index] = kept - h
        below = run.loss(x, y)
        theta[index] = kept
        assert (above - below) / (2 * h) == pytest.approx(gradient[index], rel=1e-6, abs=1e-9)


def test_nothing_drops_out_of_what_is_shown():
    trainer = make(network={"dropout": 0.5})
    data = trainer.dataset
    loss = trainer.network.backpropagate(trainer.theta, data.X_train, data.y_train, "bce").loss
    assert trainer.evaluate().loss == pytest.approx(loss)
    np.testing.assert_array_equal(trainer.view.trace(3).A, trainer.view.trace(3).A)


def test_dropout_leaves_the_order_of_batches_as_it_was():
    one, other = make(data={"samples": 50}), make(data={"samples": 50}, network={"dropout": 0.5})
    for trainer in (one, other):
        trainer.run(30)
    for (x, _, _), (other_x, _, _) in zip(one._at.engine.batches.views, other._at.engine.batches.views, strict=True):
        np.testing.assert_array_equal(x, other_x)


# Smoothing and Huber's delta


def test_label_smoothing_moves_the_targets_of_the_loss():
    trainer = make(label_smoothing=0.2)
    data = trainer.dataset
    smoothed = trainer.network.backpropagate(trainer.theta, data.X_train, 0.8 * data.y_train + 0.1, "bce")
    assert trainer.evaluate().loss == pytest.approx(smoothed.loss)
    assert trainer.evaluate().accuracy == make().evaluate().accuracy


def test_label_smoothing_needs_a_loss_from_logits():
    with pytest.raises(ConfigError, match="label_smoothing needs the loss bce or cross_entropy, got mse"):
        RunConfig.from_json({"data": {"name": "plane"}, "label_smoothing": 0.1})


def test_huber_delta_is_live():
    trainer = make(data={"name": "plane"}, loss="huber")
    before = trainer.evaluate().loss
    trainer.edit(huber_delta=0.01)
    assert trainer.evaluate().loss < before


# Precision and normalization in a run


def test_float32_runs_are_float32_and_close_to_float64():
    single, double = make(precision="float32"), make()
    for trainer in (single, double):
        trainer.run(100)
    assert single.theta.dtype == single.gradient.dtype == single.update.dtype == np.float32
    np.testing.assert_allclose(single.theta, double.theta, atol=1e-4)
    assert single.view.trace(0).A.dtype == np.float64
    assert single.evaluate().loss == pytest.approx(double.evaluate().loss, rel=1e-3)


@pytest.mark.parametrize("kind", ["batch", "layer"])
@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_normalized_runs_learn(kind, precision):
    trainer = make(
        data={"name": "circle"}, network={"hidden": [8, 8], "normalization": kind}, precision=precision,
        optimizer={"name": "adam", "learning_rate": 0.03}, batch_size=20,
    )  # fmt: skip
    before = np.array(trainer.theta)
    trainer.run(1500)
    assert trainer.evaluate().test_accuracy > 0.9
    first, start = trainer.network.unpack(np.array(trainer.theta))[0], trainer.network.unpack(before)[0]
    assert np.array_equal(first.b, start.b) == (kind == "batch")
    assert not np.array_equal(first.gamma, start.gamma)
    assert not np.array_equal(first.beta, start.beta)


def test_running_statistics_come_near_those_of_the_training_set():
    trainer = make(network={"hidden": [8], "normalization": "batch"}, batch_size=50, optimizer={"learning_rate": 0.01})
    trainer.run(500)
    trainer.evaluate()
    running, full = trainer.view.running_statistics[0], trainer.view._train.statistics[0]
    np.testing.assert_allclose(running.mean, full.mean, atol=0.3 * np.sqrt(full.variance).max())
    np.testing.assert_allclose(running.variance, full.variance, rtol=0.5)


def test_the_training_loss_takes_the_statistics_of_the_training_set_and_answers_take_the_running_ones():
    trainer = make(network={"hidden": [5], "normalization": "batch"})
    trainer.run(50)
    data, net = trainer.dataset, trainer.network
    assert trainer.evaluate().loss == pytest.approx(
        net.backpropagate(trainer.theta, data.X_train, data.y_train, "bce").loss
    )
    running = trainer.view.running_statistics
    assert running[0] is not None
    inside, outside = (net.predict(trainer.theta, X, statistics=running) for X in (data.X_train, data.X_test))
    assert trainer.evaluate().accuracy == np.mean((inside > 0.5) == data.y_train)
    assert trainer.evaluate().test_accuracy == np.mean((outside > 0.5) == data.y_test)
    loss = -np.mean(np.log(np.where(data.y_test > 0.5, outside, 1 - outside)))
    assert trainer.evaluate().test_loss == pytest.approx(loss)
    np.testing.assert_array_equal(trainer.view.confusion().diagonal().sum(), np.sum((inside > 0.5) == data.y_train))
    trace = trainer.view.trace(len(data.X_train))
    assert trace.A[-1] == pytest.approx(outside[0, 0])
    layer = net.unpack(trainer.theta)[0]
    z = data.X_test[0] @ layer.W.T
    u = layer.gamma * (z - running[0].mean) / np.sqrt(running[0].variance + 1e-5) + layer.beta
    np.testing.assert_allclose(trace.Z[2:7], z)
    np.testing.assert_allclose(trace.U[2:7], u)
    np.testing.assert_allclose(trace.A[2:7], np.tanh(u))
