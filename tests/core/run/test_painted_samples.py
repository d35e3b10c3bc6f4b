"""Samples painted and erased by hand while a run goes on: exact in time, in links, in scripts, in all lanes."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from backscope.core import DATASETS, ConfigError, RunConfig, Trainer, make_dataset
from backscope.core.export import numpy_script
from hypothesis import given, settings
from hypothesis import strategies as st

CONFIG: dict[str, Any] = {
    "data": {"name": "moons", "samples": 60, "test_fraction": 0.3},
    "network": {"hidden": [5, 3], "normalization": ["batch", None], "dropout": 0.1},
    "optimizer": {"name": "adam", "learning_rate": 0.02},
    "batch_size": 9,
}
EDITS: dict[int, dict[str, Any]] = {
    0: {"painted": [[0.5, 0.5, 1]]},
    5: {"painted": [[0.5, 0.5, 1], [-0.5, 0.25, 0]], "erased": [0, 3, 7]},
    17: {"painted": [[-0.5, 0.25, 0], [0.1, 0.1, 1]], "erased": [3]},
    40: {"painted": [], "erased": []},
    44: {"batch_size": None},
    46: {"painted": [[0.0, 0.0, 1]], "noise": 0.3},
    64: {"erased": [11]},
}


def make(**values: Any) -> Trainer:
    return Trainer(RunConfig.from_json({**CONFIG, **values}))


def state(trainer: Trainer) -> tuple[Any, ...]:
    data = trainer.dataset
    arrays = (data.X_train, data.y_train, data.X_test, data.y_test, data.places)
    return (
        json.dumps(trainer.config.to_json()),
        trainer.theta.tobytes(),
        [array.tobytes() for array in arrays],
        repr(trainer.evaluate()),
        trainer.last_step.rows().tolist(),
    )


@pytest.fixture(scope="module")
def travelled() -> tuple[Trainer, dict[int, tuple[Any, ...]], list[float]]:
    trainer, states, losses = make(), {}, []
    for step in range(91):
        if step in EDITS:
            trainer.edit(**EDITS[step])
        states[step] = state(trainer)
        if step < 90:
            losses.append(trainer.step())
    return trainer, states, losses


@given(st.lists(st.sampled_from([0, 1, 4, 5, 6, 16, 17, 18, 40, 41, 46, 47, 63, 64, 65, 90]), min_size=1, max_size=5))
@settings(max_examples=25, deadline=None)
def test_every_step_comes_back_with_its_own_samples(travelled: Any, steps: list[int]) -> None:
    trainer, states, _ = travelled
    for step in steps:
        trainer.seek(step)
        assert state(trainer) == states[step]


def test_a_run_is_rebuilt_from_its_log_and_done_again_by_its_script(travelled: Any) -> None:
    trainer, states, losses = travelled
    trainer.seek(90)
    entries = [json.loads(json.dumps(entry.to_json())) for entry in trainer.edits.entries]
    again = Trainer.from_log(RunConfig.from_json(CONFIG), entries, reached=90)
    again.run(90)
    assert state(again) == states[90]
    script: dict[str, Any] = {"print": lambda *_: None}
    exec(compile(numpy_script(trainer), "script", "exec"), script)
    np.testing.assert_allclose(script["losses"], losses, rtol=1e-8)


@pytest.mark.parametrize("name", [name for name, record in DATASETS.items() if record.paintable])
@pytest.mark.parametrize("standardize", [False, True])
def test_painted_samples_follow_the_others_which_stay_as_they_are(name: str, standardize: bool) -> None:
    data = {"name": name, "samples": 40, "standardize": standardize, "label_noise": 0.2, "features": ["x1", "product"]}
    plain = RunConfig.from_json({"data": data})
    made = make_dataset(plain.data, 3)
    changed = RunConfig.from_json({"data": {**data, "painted": [[0.5, -0.25, 1]], "erased": [2, 5, 900]}})
    found = make_dataset(changed.data, 3)
    kept = ~np.isin(made.places, [2, 5])
    train = len(made.X_train)
    assert np.array_equal(found.X_train[:-1], made.X_train[kept[:train]])
    assert np.array_equal(found.y_train[:-1], made.y_train[kept[:train]])
    assert np.array_equal(found.X_test, made.X_test[kept[train:]])
    assert found.points_train is not None
    assert found.points_train[-1].tolist() == [0.5, -0.25]
    assert found.places[len(found.X_train) - 1] == -1
    assert sorted([*found.places[found.places >= 0], 2, 5]) == list(range(40))
    scaled = (np.array([0.5, -0.125]) - found.input_scaling.shift) / found.input_scaling.scale
    np.testing.assert_allclose(found.X_train[-1], scaled)


def test_the_last_batch_tells_where_its_samples_stand_now() -> None:
    trainer = make(batch_size=None)
    trainer.step()
    before = trainer.dataset
    gone = int(before.places[0])
    trainer.edit(erased=[gone], painted=[[0.0, 0.0, 0]])
    trainer.edit(erased=[gone], painted=[])
    rows = trainer.last_step.rows()
    assert rows[0] == -1
    assert np.array_equal(trainer.dataset.X_train[rows[1:]], before.X_train[1:])


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"painted": [[1.3, 0, 0]]}, r"place of a painted sample must lie in \[-1.19, 1.19\], got 1.3"),
        ({"painted": [[0, 0, 2]]}, r"class of a painted sample must be a whole number in \[0, 1\], got 2"),
        ({"painted": [[0, 0]]}, r"a painted sample must be \[x1, x2, class\], got \[0, 0\]"),
        ({"painted": [[0, float("nan"), 0]]}, "place of a painted sample must lie in"),
        ({"painted": [[0, 0, 0]] * 501}, r"number of painted samples must be a whole number in \[0, 500\], got 501"),
        ({"painted": "x"}, "painted must be a list of samples"),
        ({"erased": [-1]}, "place of an erased sample must be a whole number"),
        ({"erased": list(range(60))}, "one training sample must stay"),
        ({"name": "digits", "erased": [1]}, "samples of digits cannot be painted or erased"),
        ({"name": "sine", "painted": [[0, 0, 0]]}, "samples of sine cannot be painted or erased"),
        ({"name": "himmelblau", "erased": [1]}, "samples of himmelblau cannot be painted or erased"),
    ],
)
def test_what_cannot_be_painted_is_refused(data: dict[str, Any], words: str) -> None:
    values = {"data": {**CONFIG["data"], **data}}
    with pytest.raises(ConfigError, match=words):
        RunConfig.from_json(values)
    if "name" not in data:
        trainer = make()
        before = state(trainer)
        with pytest.raises(ConfigError, match=words):
            trainer.edit(**data)
        assert state(trainer) == before
