"""The script that does a run again: executed with NumPy alone, it has the run's losses."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from backscope.core import (
    ACTIVATIONS,
    LOSSES,
    OPTIMIZERS,
    SCHEDULES,
    ConfigError,
    NetworkConfig,
    RunConfig,
    Trainer,
)  # fmt: skip
from backscope.core.export import numpy_script
from drawn_runs import check, random_run, run_script, trained


@pytest.mark.parametrize("seed", range(8))
def test_a_script_has_the_losses_of_its_run(seed: int) -> None:
    check(numpy_script, seed)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(8, 68))
def test_many_more_scripts_do(seed: int) -> None:
    check(numpy_script, seed)


def ordinary(**values: Any) -> Trainer:
    return Trainer(RunConfig.from_json({"data": {"name": "circle"}, "network": {"hidden": [4]}, "seed": 3, **values}))


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_rule_is_written_with_all_its_numbers(name: str) -> None:
    """Each number of a rule is moved in mid-run, which brings out all forms that its formula has."""
    trainer = ordinary(optimizer={"name": name, "learning_rate": 0.01})
    losses = [trainer.step() for _ in range(15)]
    for entry in OPTIMIZERS[name].hyperparameters:
        moved = 1 if entry.integer else float(np.clip(entry.default * 0.9 + 0.02, entry.low, entry.high))
        trainer.edit(**{entry.name: moved})
        losses += [trainer.step() for _ in range(10)]
    found = run_script(numpy_script(trainer))["losses"]
    assert found == pytest.approx(losses, rel=1e-9)


@pytest.mark.parametrize("name", [name for name, rule in OPTIMIZERS.items() if rule.asks or rule.point])
def test_gradients_of_other_points_are_written_with_all_that_is_random_in_them(name: str) -> None:
    network = {"hidden": [4, 3], "dropout": 0.3, "normalization": "batch"}
    more: dict[str, Any] = {"gradient_noise": 0.05, "clip_norm": 0.2, "l2": 0.05, "l1": 0.001}
    trainer = ordinary(optimizer={"name": "momentum", "learning_rate": 0.02}, network=network, batch_size=8, **more)
    edits: list[dict[str, Any]] = [{"optimizer": name}, {"parameters": {"2": 0.7}}, {"gradient_noise": 0.0}]
    losses = []
    for change in [*edits, {"optimizer": "adam"}]:
        losses += [trainer.step() for _ in range(12)]
        trainer.edit(**change)
    losses += [trainer.step() for _ in range(12)]
    assert run_script(numpy_script(trainer))["losses"] == pytest.approx(losses, rel=1e-9)


@pytest.mark.parametrize("name", SCHEDULES)
def test_every_schedule_is_written(name: str) -> None:
    period = {"period": 40} if name not in ("constant", "plateau") else {}
    waits = {"patience": 0, "threshold": 0.2, "min_lr": 0.001} if name == "plateau" else {}
    trainer = ordinary(schedule={"name": name, **period, **waits}, batch_size=100)
    losses = [trainer.step() for _ in range(60)]
    assert run_script(numpy_script(trainer))["losses"] == pytest.approx(losses, rel=1e-10)


@pytest.mark.parametrize("loss", LOSSES)
def test_every_loss_is_written(loss: str) -> None:
    data = "blobs" if loss == "cross_entropy" else "circle"
    trainer = ordinary(data={"name": data}, loss=loss, huber_delta=0.3)
    losses = [trainer.step() for _ in range(40)]
    namespace = run_script(numpy_script(trainer))
    assert namespace["losses"] == pytest.approx(losses, rel=1e-10)
    assert namespace["training_loss"]() == pytest.approx(trainer.evaluate().loss, rel=1e-10)


def test_activations_and_their_slopes_hold_for_all_sizes_of_z() -> None:
    z = np.concatenate([sign * np.logspace(-8, 2.7, 60) for sign in (-1, 1)])
    for name, record in ACTIVATIONS.items():
        trainer = ordinary(network={"hidden": [2], "activation": name})
        trainer.run(1)
        script = run_script(numpy_script(trainer))
        with np.errstate(all="ignore"):
            np.testing.assert_allclose(script["activate"][name](z), record.apply(z), rtol=1e-9, atol=1e-15)
            np.testing.assert_allclose(script["slope"][name](z), record.slope(z), rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize("name", ["clip_value", "clip_norm"])
@pytest.mark.parametrize("bound", [0.0, 1e-3])
def test_bounds_of_clipping_hold_at_nothing_too(name: str, bound: float) -> None:
    trainer = ordinary(**{name: bound})
    losses = [trainer.step() for _ in range(30)]
    assert run_script(numpy_script(trainer))["losses"] == pytest.approx(losses, rel=1e-10)


def test_a_script_imports_what_it_uses() -> None:
    small = ordinary(data={"name": "truth_xor"}, network={"hidden": [2]})
    small.run(3)
    large = ordinary(data={"name": "circle", "samples": 900})
    large.run(3)
    for trainer, packed in ((small, False), (large, True)):
        text = numpy_script(trainer)
        assert ("import zlib" in text) == ("unpacked(" in text.replace("def unpacked(", "")) == packed
        run_script(text)


def test_smoothing_and_single_precision_are_written() -> None:
    trainer = ordinary(label_smoothing=0.1, precision="float32")
    losses = [trainer.step() for _ in range(20)]
    trainer.edit(label_smoothing=0.2)
    trainer.edit(label_noise=0.1)
    losses += [trainer.step() for _ in range(20)]
    namespace = run_script(numpy_script(trainer))
    assert namespace["theta"].dtype == np.float32
    assert namespace["losses"] == pytest.approx(losses, rel=1e-4)


def test_noise_leaves_biases_before_batch_normalization_at_0() -> None:
    trainer = Trainer(
        RunConfig(network=NetworkConfig((5, 4), normalization="batch"), gradient_noise=0.3, clip_norm=0.2)
    )
    losses = [trainer.step() for _ in range(20)]
    namespace = run_script(numpy_script(trainer))
    assert namespace["losses"] == pytest.approx(losses, rel=1e-9)
    np.testing.assert_allclose(namespace["theta"], trainer.theta, rtol=1e-9, atol=1e-12)


def test_only_the_present_branch_up_to_the_present_step_counts() -> None:
    trainer = ordinary()
    trainer.run(30)
    trainer.edit(learning_rate=0.3)
    trainer.run(30)
    trainer.seek(20)
    losses = run_script(numpy_script(trainer))["losses"]
    assert len(losses) == 20
    assert "learning_rate = 0.3" not in numpy_script(trainer)


def test_a_script_runs_by_itself_and_says_what_it_found(tmp_path: Path) -> None:
    trainer = ordinary()
    trainer.run(50)
    script = tmp_path / "run.py"
    script.write_text(numpy_script(trainer), encoding="utf-8")
    done = subprocess.run([sys.executable, "-I", "-W", "error", script], capture_output=True, text=True, check=True)
    said = done.stdout.splitlines()
    assert said[0].startswith("step 1: loss ")
    for line in said[:-1]:
        loss, recorded = (float(part.split()[-1]) for part in line.split(", in Backscope "))
        assert loss == pytest.approx(recorded, rel=1e-6)
    assert float(said[-1].split()[-1]) == pytest.approx(trainer.evaluate().loss, rel=1e-9)
    assert done.stderr == ""


def test_a_landscape_is_refused_in_words() -> None:
    with pytest.raises(ConfigError, match="himmelblau is a function without a network"):
        numpy_script(Trainer(RunConfig.from_json({"data": {"name": "himmelblau"}})))


def test_lines_are_not_too_wide_to_read() -> None:
    config, edits = random_run(4)
    for line in numpy_script(trained(config, edits)[0]).splitlines():
        assert len(line) <= 130, line
