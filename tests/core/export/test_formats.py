"""The other forms of a run: the notebook, its losses and its parameters."""

from __future__ import annotations

import csv
import json
from io import BytesIO, StringIO
from typing import Any

import numpy as np
import pytest
from backscope.core import ConfigError, RunConfig, Trainer
from backscope.core.config.weights import read_weights
from backscope.core.export import (
    FORMS,
    file_name,
    losses_csv,
    parameters_json,
    parameters_npz,
    parameters_safetensors,
)
from safetensors.numpy import load


def trained(steps: int = 40, **values: Any) -> Trainer:
    normal = {"data": {"name": "circle"}, "network": {"hidden": [4, 4], "normalization": "batch"}}
    trainer = Trainer(RunConfig.from_json({**normal, **values}))
    trainer.run(steps)
    return trainer


def test_losses_are_a_row_for_each_step() -> None:
    trainer = trained(0)
    losses = [trainer.step() for _ in range(20)]
    rows = list(csv.DictReader(StringIO(losses_csv(trainer))))
    assert [int(row["step"]) for row in rows] == list(range(1, 21))
    assert [float(row["batch_loss"]) for row in rows] == pytest.approx(losses, rel=1e-6)
    assert {float(row["learning_rate"]) for row in rows} == {trainer.learning_rate}
    assert losses_csv(trained(0)).count("\n") == 1


def test_parameters_come_back_to_the_last_bit() -> None:
    trainer = trained()
    layers = trainer.network.unpack(trainer.theta)
    archive = np.load(BytesIO(parameters_npz(trainer)), allow_pickle=False)
    told = json.loads(parameters_json(trainer))
    assert told["step"] == 40
    assert told["sizes"] == list(trainer.network.sizes)
    names = set()
    for number, layer in enumerate(layers, 1):
        for name in ("W", "b", "gamma", "beta"):
            values = getattr(layer, name)
            if values is None:
                assert name not in told["layers"][number - 1]
                continue
            names.add(f"{name}{number}")
            np.testing.assert_array_equal(archive[f"{name}{number}"], values)
            np.testing.assert_array_equal(np.array(told["layers"][number - 1][name]), values)
    assert set(archive.files) == names
    assert "gamma1" in names
    assert "gamma3" not in names


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_the_library_of_the_format_reads_safetensors_to_the_last_bit(precision: str) -> None:
    trainer = trained(precision=precision)
    content = parameters_safetensors(trainer)
    found, archive = load(content), np.load(BytesIO(parameters_npz(trainer)), allow_pickle=False)
    assert set(found) == set(archive.files)
    for name in archive.files:
        assert found[name].dtype == precision
        np.testing.assert_array_equal(found[name], archive[name])
    read = read_weights(content).layers
    np.testing.assert_array_equal(read[0].W, archive["W1"])
    np.testing.assert_array_equal(read[1].gamma, archive["gamma2"])


def test_parameters_that_are_no_numbers_are_json_still() -> None:
    trainer = trained(1, network={"hidden": [3]})
    trainer._at.engine.theta[:3] = np.nan, np.inf, -np.inf
    row = json.loads(parameters_json(trainer))["layers"][0]["W"]
    assert [row[0][0], row[1][0], row[2][0]] == ["NaN", "Infinity", "-Infinity"]


@pytest.mark.parametrize("name", FORMS)
def test_every_form_has_a_file_at_step_0_and_says_so_where_it_cannot(name: str) -> None:
    form = FORMS[name]
    trainer = trained(0)
    assert form.make(trainer)
    assert file_name(trainer, form) == f"backscope-circle-step-0{form.suffix}"
    landscape = Trainer(RunConfig.from_json({"data": {"name": "bowl"}}))
    landscape.run(3)
    if form.needs_network:
        with pytest.raises(ConfigError, match="bowl is a function"):
            form.make(landscape)
    else:
        assert form.make(landscape)
