"""The coming step, opened up: bit for bit the one that is then taken, and nothing is changed by looking."""

from typing import Any

import numpy as np
import pytest
from backscope.core import OPTIMIZERS, DataConfig, NetworkConfig, OptimizerConfig, RunConfig, Trainer
from backscope.core.ground.errors import ConfigError

CONFIGS: dict[str, dict[str, Any]] = {
    "default": {},
    "full batch": {"batch_size": None},
    "no bias, two activations": {"network": NetworkConfig((5, 3), ("relu", "sigmoid"), bias=False)},
    "batch normalization": {"network": NetworkConfig((6, 4), "relu", normalization="batch")},
    "layer normalization": {"network": NetworkConfig((6, 4), normalization="layer")},
    "dropout": {"network": NetworkConfig((8, 8), dropout=0.4)},
    "one layer": {"network": NetworkConfig(())},
    "deep": {"network": NetworkConfig((4,) * 12, "sigmoid")},
    "regression": {"data": DataConfig("plane")},
    "digits": {"data": DataConfig("digits"), "network": NetworkConfig((8,), "relu")},
    "penalties and clipping": {"l1": 0.01, "l2": 0.02, "clip_norm": 0.05},
    "noise": {"gradient_noise": 0.3},
    **{f"optimizer {name}": {"optimizer": OptimizerConfig(name, 0.02)} for name in OPTIMIZERS},
}


@pytest.mark.parametrize("name", CONFIGS)
def test_it_is_the_step_that_is_taken_and_looking_changes_nothing(name: str) -> None:
    config = RunConfig(**CONFIGS[name])
    trainer, untouched = Trainer(config), Trainer(config)
    for steps in (0, 1, 27, 30):  # the first of all, in the first epoch, the first of the second, later
        for each in (trainer, untouched):
            each.run(steps)
        before = np.array(trainer.theta)
        preview = trainer.preview()
        assert trainer.step_count == untouched.step_count
        assert np.array_equal(trainer.theta, before)
        assert np.array_equal(trainer.gradient, untouched.gradient)
        assert np.array_equal(trainer.update, untouched.update)
        assert trainer.evaluate() == untouched.evaluate() == preview.before
        losses = [each.step() for each in (trainer, untouched)]
        assert losses == [preview.batch_loss] * 2
        assert preview.step == trainer.step_count
        assert np.array_equal(preview.theta, before)
        for found, taken in (
            (preview.theta_after, "theta"),
            (preview.gradient, "gradient"),
            (preview.update, "update"),
        ):
            assert np.array_equal(found, getattr(trainer, taken))
            assert np.array_equal(found, getattr(untouched, taken))
        assert preview.metrics == trainer.evaluate()


@pytest.mark.parametrize("name", ["default", "no bias, two activations", "one layer", "regression", "digits"])
def test_its_numbers_are_those_of_the_textbook(name: str) -> None:
    trainer = Trainer(RunConfig(**CONFIGS[name]))
    trainer.run(13)
    data, net, loss = trainer.dataset, trainer.network, trainer.loss_name
    rows = trainer.preview().rows
    assert len(set(rows.tolist())) == 10
    for row in rows[[0, 4, 9]]:
        preview = trainer.preview(int(row))
        X, y = data.X_train[rows], data.y_train[rows]
        whole, own = net.backpropagate(preview.theta, X, y, loss), {}
        alone = net.backpropagate(preview.theta, X[[preview.index]], y[[preview.index]], loss)
        for key, pick in (("A", "a"), ("Z", "z"), ("D", "delta")):
            own[key] = np.concatenate([getattr(layer, pick)[0] for layer in alone.layers])
            flat = getattr(preview.sample, key)[net.sizes[0] :]
            np.testing.assert_allclose(flat, own[key], rtol=1e-9, atol=1e-12)
            mean = np.concatenate([getattr(layer, pick).mean(axis=0) for layer in whole.layers])
            mean = mean * (len(rows) if key == "D" else 1)
            np.testing.assert_allclose(getattr(preview.mean, key)[net.sizes[0] :], mean, rtol=1e-9, atol=1e-12)
        assert np.array_equal(preview.sample.A[: net.sizes[0]], X[preview.index])
        assert preview.sample_loss == pytest.approx(alone.loss, rel=1e-9)
        assert preview.batch_loss == pytest.approx(whole.loss, rel=1e-12)
        np.testing.assert_allclose(preview.gradient, whole.gradient, rtol=1e-9, atol=1e-12)
        again = net.backpropagate(preview.theta_after, X, y, loss)
        assert preview.batch_loss_after == pytest.approx(again.loss, rel=1e-12)


@pytest.mark.parametrize("dropout", [0.0, 0.4])
@pytest.mark.parametrize("residual", [False, True])
@pytest.mark.parametrize(("data", "loss"), [("circle", "bce"), ("circle", "mse"), ("plane", "huber"), ("digits", None)])
def test_slopes_carry_the_error_back(dropout: float, residual: bool, data: str, loss: str | None) -> None:
    """δ = ∂C/∂a · f′ · mask at every layer, with ∂C/∂a = Wᵀδ, at the parameters before the step."""
    network = NetworkConfig((5, 4, 4), ("tanh", "sigmoid", "silu"), dropout=dropout, residual=residual)
    trainer = Trainer(RunConfig(data=DataConfig(data), network=network, loss=loss))
    trainer.run(5)
    preview, net = trainer.preview(), trainer.network
    starts, sample = np.cumsum([0, *net.sizes]), preview.sample
    layers, last = net.unpack(preview.theta), len(net.blocks)
    for layer in range(1, last + 1):
        here = slice(starts[layer], starts[layer + 1])
        carried = sample.E[here] * sample.F[here] * preview.mask[here]
        if layer < last:
            above = slice(starts[layer + 1], starts[layer + 2])
            handed = sample.E[above] if (*net.residual, False)[layer] else 0.0
            np.testing.assert_allclose(
                sample.E[here], layers[layer].W.T @ sample.D[above] + handed, rtol=1e-11, atol=1e-15
            )
        elif loss in (None, "bce"):
            assert np.isnan(sample.E[here]).all()
            continue
        np.testing.assert_allclose(sample.D[here], carried, rtol=1e-11, atol=1e-15)


def test_before_and_after_are_of_the_same_net_and_what_is_passed_on_is_behind_the_mask() -> None:
    """Nothing drops out of what is compared; of the case in which it did, the change had the wrong sign."""
    trainer = Trainer(
        RunConfig(
            network=NetworkConfig((6, 4), dropout=0.4),
            l2=0.05,
            optimizer=OptimizerConfig("sgd", 0.3),
            data=DataConfig("circle"),
        )
    )
    trainer.run(11)
    preview, data, net = trainer.preview(), trainer.dataset, trainer.network
    X, y = data.X_train[preview.rows], data.y_train[preview.rows]
    for theta, batch, sample in (
        (preview.theta, preview.batch_loss_before, preview.sample_loss_before),
        (preview.theta_after, preview.batch_loss_after, preview.sample_loss_after),
    ):
        assert batch == pytest.approx(net.backpropagate(theta, X, y, "bce").loss, rel=1e-12)
        one = [preview.index]
        assert sample == pytest.approx(net.backpropagate(theta, X[one], y[one], "bce").loss, rel=1e-12)
    assert preview.batch_loss != preview.batch_loss_before
    each = [trainer.preview(int(row)) for row in preview.rows]
    np.testing.assert_allclose(
        preview.mean.H[2:12], np.mean([seen.sample.A * seen.mask for seen in each], axis=0)[2:12]
    )


def test_normalization_is_told_with_its_centre_and_spread() -> None:
    trainer = Trainer(RunConfig(network=NetworkConfig((4,), "relu", normalization="batch")))
    trainer.run(20)
    preview = trainer.preview()
    layer, here = trainer.network.unpack(preview.theta)[0], slice(2, 6)
    assert layer.gamma is not None
    assert layer.beta is not None
    z_hat = (preview.sample.Z[here] - preview.centre[here]) / preview.spread[here]
    np.testing.assert_allclose(preview.sample.U[here], layer.gamma * z_hat + layer.beta, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(preview.centre[here], preview.mean.Z[here], rtol=1e-12)


def test_adam_tells_its_moments() -> None:
    trainer = Trainer(RunConfig(optimizer=OptimizerConfig("adam", 0.02)))
    trainer.run(3)
    preview = trainer.preview()
    m_hat, v_hat = preview.terms["m_hat"], preview.terms["v_hat"]
    assert preview.numbers["t"] == 4
    np.testing.assert_allclose(m_hat, preview.terms["m"] / (1 - 0.9**4), rtol=1e-12)
    np.testing.assert_allclose(preview.update, -0.02 * m_hat / (np.sqrt(v_hat) + 1e-8), rtol=1e-9)


def test_nadam_tells_the_mean_that_looks_ahead() -> None:
    trainer = Trainer(RunConfig(optimizer=OptimizerConfig("nadam", 0.02)))
    trainer.run(3)
    preview = trainer.preview()
    mu, following, product = (preview.numbers[name] for name in ("mu", "mu_next", "product"))
    momenta = [0.9 * (1 - 0.5 * 0.96 ** (0.004 * t)) for t in range(1, 6)]
    assert (mu, following) == pytest.approx((momenta[3], momenta[4]), rel=1e-12)
    assert product == pytest.approx(np.prod(momenta[:4]), rel=1e-12)
    m_hat, v_hat = preview.terms["m_hat"], preview.terms["v_hat"]
    ahead = following * preview.terms["m"] / (1 - product * following)
    np.testing.assert_allclose(m_hat, ahead + (1 - mu) * preview.gradient / (1 - product), rtol=1e-12)
    np.testing.assert_allclose(preview.update, -0.02 * m_hat / (np.sqrt(v_hat) + 1e-8), rtol=1e-9)


def test_dropped_neurons_are_marked() -> None:
    trainer = Trainer(RunConfig(network=NetworkConfig((40,), dropout=0.5)))
    preview = trainer.preview()
    assert set(preview.mask[2:42]) == {0.0, 2.0}
    assert set(preview.mask[:2]) == set(preview.mask[42:]) == {1.0}


def test_a_step_that_would_diverge_is_shown_as_none() -> None:
    trainer = Trainer(RunConfig(data=DataConfig("plane"), optimizer=OptimizerConfig("sgd", 100.0)))
    while trainer.preview().diverged is None:
        trainer.step()
    preview = trainer.preview()
    assert np.array_equal(preview.theta_after, preview.theta)
    trainer.step()
    assert trainer.diverged is not None
    assert trainer.diverged.loss == preview.diverged


def test_a_sample_of_another_batch_is_refused() -> None:
    trainer = Trainer(RunConfig())
    with pytest.raises(ConfigError, match="row must be a sample of the coming batch"):
        trainer.preview(next(row for row in range(280) if row not in trainer.preview().rows))


def test_it_obeys_an_edit_at_once() -> None:
    trainer = Trainer(RunConfig())
    trainer.run(10)
    trainer.edit(optimizer="adam", learning_rate=0.2, batch_size=7)
    preview = trainer.preview()
    assert len(preview.rows) == 7
    trainer.step()
    assert np.array_equal(preview.theta_after, trainer.theta)


def test_a_change_right_after_the_step_is_no_part_of_it() -> None:
    """Scrubbed back to before another update rule: the coming step is made by the one that it had."""
    trainer = Trainer(RunConfig.from_json({"data": {"name": "circle", "samples": 40}}))
    trainer.run(19)
    before = trainer.preview()
    trainer.run(1)
    trainer.edit(optimizer="adam", learning_rate=0.2)
    trainer.run(5)
    trainer.seek(19)
    again = trainer.preview()
    assert again.formula == before.formula
    assert again.terms.keys() == before.terms.keys()
    np.testing.assert_array_equal(again.theta_after, before.theta_after)
