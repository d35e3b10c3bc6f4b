"""Members side by side in machine code, here in plain Python where there is no numba, are those of NumPy."""

from dataclasses import replace

import numpy as np
import pytest
from backscope.core import ConfigError, DataConfig, Ensemble, NetworkConfig, OptimizerConfig, RunConfig, ScheduleConfig
from backscope.core.ensemble import side_by_side
from backscope.core.nets.compiled_activations import KINDS
from backscope.core.nets.compiled_pass import LOSSES
from backscope.core.optimizers.compiled_rules import RULES
from members import varied

BASE = RunConfig(DataConfig("circle", 30), NetworkConfig((3,)), batch_size=5)


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(side_by_side, "installed", lambda: True)


def assert_alike(configs: list[RunConfig], steps: int = 7, rtol: float = 1e-8) -> None:
    """Hold machine code to NumPy: losses, parameters and where members diverged."""
    one, other = Ensemble(configs, "numpy"), Ensemble(configs, "compiled")
    assert (one.engine, other.engine) == ("numpy", "compiled")
    expected = one.run(steps)
    with np.errstate(all="ignore"):
        found = other.run(steps)
    np.testing.assert_allclose(found, expected, rtol=rtol, atol=1e-12)
    np.testing.assert_allclose(other.thetas, one.thetas, rtol=rtol, atol=1e-11)
    np.testing.assert_array_equal(other.diverged, one.diverged)
    assert (one.thetas != Ensemble(configs, "numpy").thetas).any()


@pytest.mark.parametrize("rule", RULES)
def test_any_rule_with_numbers_of_its_own(rule: str) -> None:
    assert_alike(varied(replace(BASE, optimizer=OptimizerConfig(rule, 0.01)), RULES[rule]))


@pytest.mark.parametrize("activation", KINDS)
def test_any_activation(activation: str) -> None:
    assert_alike(varied(replace(BASE, network=NetworkConfig((3, 2), activation)), KINDS[activation]), steps=3)


@pytest.mark.parametrize("loss", LOSSES)
def test_any_loss(loss: str) -> None:
    data = DataConfig("iris") if loss == "cross_entropy" else BASE.data
    assert_alike(varied(replace(BASE, data=data, loss=loss), LOSSES[loss]), steps=3)


@pytest.mark.parametrize(
    "change",
    [
        {"batch_size": None},
        {"batch_size": 1},
        {"batch_size": 7},
        {"network": NetworkConfig((), bias=False)},
        {"network": NetworkConfig((2, 4), ("leaky_relu", "tanh"), output="tanh"), "loss": "mse"},
        {"schedule": ScheduleConfig("cosine", {"period": 5})},
        {"optimizer": OptimizerConfig("rmsprop", 0.01, {"centered": 1, "momentum": 0.5})},
    ],
)
def test_other_parts_with_samples_in_common_and_with_seeds_of_their_own(change: dict[str, object]) -> None:
    base = replace(BASE, **change)  # type: ignore[arg-type]
    together = [replace(base, optimizer=replace(base.optimizer, learning_rate=rate)) for rate in (0.003, 0.03, 0.3)]
    assert_alike(together)
    assert_alike([replace(config, seed=k) for k, config in enumerate(together)], steps=3)


def test_a_member_has_the_same_bits_beside_any_others_and_in_steps_of_any_number() -> None:
    configs = varied(replace(BASE, optimizer=OptimizerConfig("adam", 0.01)), 3, count=11)
    whole, pieces, one = (Ensemble(part, "compiled") for part in (configs, configs, configs[9:10]))
    losses = whole.run(9)
    np.testing.assert_array_equal(np.concatenate([pieces.run(steps) for steps in (1, 0, 5, 3)]), losses)
    np.testing.assert_array_equal(one.run(9)[:, 0], losses[:, 9])
    np.testing.assert_array_equal(pieces.thetas, whole.thetas)
    np.testing.assert_array_equal(one.thetas[0], whole.thetas[9])


def test_a_member_that_diverges_stands_still_and_the_others_go_on() -> None:
    base = RunConfig(DataConfig("gaussian", 30), NetworkConfig((3,), "identity"), batch_size=None)
    configs = [replace(base, optimizer=OptimizerConfig("sgd", rate)) for rate in (0.01, 100.0, 0.02)]
    with np.errstate(all="ignore"):
        assert_alike(configs, 12)
        alone = Ensemble(configs[1:2], "compiled")
        losses = alone.run(20)
    assert 0 <= alone.diverged[0] < 12
    assert np.isnan(losses[alone.diverged[0] :]).all()
    assert np.isfinite(losses[: alone.diverged[0]]).all()


def test_what_it_does_not_know_numpy_does_and_it_says_why() -> None:
    for change in ({"precision": "float32"}, {"optimizer": OptimizerConfig("muon", 0.01)}):
        config = replace(BASE, **change)  # type: ignore[arg-type]
        assert Ensemble([config]).engine == "numpy"
        with pytest.raises(ConfigError, match="the compiled engine of ensembles does not know"):
            Ensemble([config], "compiled")
    large = replace(BASE, network=NetworkConfig((64, 64)))
    assert str(side_by_side.missing_for(large)) == "leaves larger nets and batches to the matrix products of NumPy"
    assert (Ensemble([large]).engine, Ensemble([large], "compiled").engine) == ("numpy", "compiled")
    assert Ensemble([BASE]).engine == "compiled"
    with pytest.raises(ConfigError, match="engine"):
        Ensemble([BASE], "fast")


def test_without_numba_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(side_by_side, "installed", lambda: False)
    assert Ensemble([BASE]).engine == "numpy"
    with pytest.raises(ConfigError, match="needs numba, which is not installed"):
        Ensemble([BASE], "compiled")
