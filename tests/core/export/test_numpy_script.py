"""The script that does a run again: executed with NumPy alone, it has the run's losses."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from backscope.core import ACTIVATIONS, LOSSES, OPTIMIZERS, SCHEDULES, ConfigError, NetworkConfig, RunConfig, Trainer
from backscope.core.export import numpy_script

STEPS = 140

HIDDEN = [name for name in ACTIVATIONS if name != "identity"]
SETS = ["circle", "spiral", "xor", "plane", "digits", "blobs"]


def random_run(seed: int) -> tuple[RunConfig, list[tuple[int, dict[str, Any]]]]:
    """Return a config and edits at their steps, drawn so that all parts of a run come in turn."""
    rng = np.random.default_rng(seed)

    def chance(share: float) -> bool:
        return bool(rng.random() < share)

    data = SETS[seed % len(SETS)]
    optimizers, schedules = list(OPTIMIZERS), list(SCHEDULES)
    width = int(rng.integers(2, 6))
    network: dict[str, Any] = {
        "hidden": [width] * int(rng.integers(1, 4)),
        "activation": HIDDEN[seed % len(HIDDEN)],
        "bias": not chance(0.15),
        "dropout": 0.3 if chance(0.3) else 0.0,
        "residual": chance(0.3),
        "normalization": [None, "batch", "layer"][int(rng.integers(3))] if chance(0.6) else None,
    }
    values: dict[str, Any] = {
        "data": {"name": data, **({"noise": 0.2} if data not in ("digits",) else {})},
        "network": network,
        "optimizer": {"name": optimizers[seed % len(optimizers)], "learning_rate": 0.01},
        "schedule": {"name": schedules[seed % len(schedules)]},
        "batch_size": [None, 7, 10, 16, 1][int(rng.integers(5))],
        "l1": 0.01 if chance(0.2) else 0.0,
        "l2": 0.02 if chance(0.3) else 0.0,
        "clip_value": 0.2 if chance(0.2) else None,
        "clip_norm": 0.5 if chance(0.3) else None,
        "gradient_noise": 0.05 if chance(0.2) else 0.0,
        "seed": seed,
    }
    later: list[dict[str, Any]] = [
        {"learning_rate": 0.02},
        {"batch_size": 12},
        {"optimizer": optimizers[(seed * 7 + 3) % len(optimizers)]},
        {"activation": HIDDEN[(seed + 5) % len(HIDDEN)]},
        {"dropout": 0.2},
        {"l2": 0.01, "clip_norm": 1.0},
        {"schedule": {"name": schedules[(seed + 3) % len(schedules)]}},
        {"parameters": {"0": 0.5}},
        *([{"noise": 0.4}] if data != "digits" else []),
    ]
    chosen = rng.permutation(len(later))[: int(rng.integers(0, 5))]
    steps = sorted(rng.integers(1, STEPS, size=len(chosen)).tolist())
    return RunConfig.from_json(values), [(step, later[index]) for step, index in zip(steps, chosen, strict=True)]


def trained(config: RunConfig, edits: list[tuple[int, dict[str, Any]]]) -> tuple[Trainer, list[float]]:
    trainer, losses = Trainer(config), []
    waiting = list(edits)
    for step in range(STEPS):
        while waiting and waiting[0][0] == step:
            trainer.edit(**waiting.pop(0)[1])
        loss = trainer.step()
        if trainer.diverged:
            break
        losses.append(loss)
    return trainer, losses


def run_script(text: str) -> dict[str, Any]:
    namespace: dict[str, Any] = {"print": lambda *_: None}
    exec(compile(text, "script", "exec"), namespace)
    return namespace


def check(seed: int) -> None:
    config, edits = random_run(seed)
    trainer, losses = trained(config, edits)
    found = run_script(numpy_script(trainer))["losses"]
    assert len(found) == len(losses) == trainer.step_count
    start = Trainer(config).theta
    away = np.random.default_rng(seed).choice([-np.inf, np.inf], size=len(start))
    _, twin = trained(replace(config, initial=tuple(np.nextafter(start, away).tolist())), edits)
    count = min(len(losses), len(twin))
    apart = np.maximum.accumulate(np.abs(np.array(twin[:count]) - losses[:count]))
    near = 1e-10 * np.maximum(1, np.abs(losses[:count])) + 1000 * apart
    assert np.all(np.abs(np.array(found[:count]) - losses[:count]) <= near)
    assert apart[0] < 1e-12  # so that the first steps are held to something


@pytest.mark.parametrize("seed", range(8))
def test_a_script_has_the_losses_of_its_run(seed: int) -> None:
    check(seed)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(8, 68))
def test_many_more_scripts_do(seed: int) -> None:
    check(seed)


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
