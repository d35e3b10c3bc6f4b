"""What a small view is sent: the same as a page would be, of a run that is trained elsewhere and left as it is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from backscope.core import RunConfig, Trainer
from backscope.server.notebook.small_numbers import VIEWS, SmallNumbers
from blocks import opened

CONFIG = {"data": {"name": "circle", "samples": 60}, "network": {"hidden": [4]}, "optimizer": {"name": "adam"}}


def trainer_of(**more: Any) -> Trainer:
    return Trainer(RunConfig.from_json({**CONFIG, **more}))


def test_it_holds_all_that_a_view_is_drawn_of() -> None:
    trainer = trainer_of()
    trainer.run(30)
    setting, numbers = SmallNumbers(trainer, "network").look()
    told, binary = opened(setting)
    assert told["layout"]["sizes"] == [2, 4, 1]
    assert [entry["name"] for entry in told["welcome"]["options"]["datasets"]] == ["circle"]
    assert binary["data"][0]["n"] == 60
    texts, news = opened(numbers)
    assert texts["state"]["config"] == trainer.config.to_json()
    header, arrays = news["frame"]
    assert (header["step"], header["layout"]) == (30, told["layout"]["id"])
    assert header["loss"] == pytest.approx(trainer.evaluate().loss)
    np.testing.assert_array_equal(arrays["P"], trainer.theta.astype(np.float32))
    assert len(news["history"][1]["batch"]) == 30


def test_the_setting_is_the_same_until_the_net_or_its_data_are_others() -> None:
    trainer = trainer_of()
    small = SmallNumbers(trainer, "loss")
    before = small.look().setting
    trainer.run(20)
    trainer.edit(learning_rate=0.02)
    assert small.look().setting == before
    trainer.edit(noise=0.3)
    assert small.look().setting != before


@pytest.mark.parametrize("view", VIEWS)
def test_a_run_that_is_looked_at_goes_its_way_bit_by_bit(view: str) -> None:
    alone, seen = trainer_of(), trainer_of()
    small = SmallNumbers(seen, view)
    seen.listen(lambda: None if seen.step_count % 7 else small.look() and None)
    for run in (alone, seen):
        run.run(40)
        run.edit(learning_rate=0.03)
        run.seek(20)
        run.run(25)
    np.testing.assert_array_equal(seen.theta, alone.theta)
    assert len(opened(small.look().numbers)[1].get("surface", ())) == (2 if view == "surface" else 0)


def test_what_was_left_for_another_branch_is_on_no_curve() -> None:
    trainer = trainer_of()
    small = SmallNumbers(trainer, "loss")
    for _ in range(5):
        trainer.run(20)
        small.look()
    trainer.seek(50)
    trainer.edit(learning_rate=0.3)
    trainer.run(5)
    header, arrays = opened(small.look().numbers)[1]["history"]
    assert arrays["metric_steps"].tolist() == [20, 40, 55]
    assert [ghost["step"] for ghost in header["ghosts"]] == [[40, 60, 80, 100]]
    state = opened(small.look().numbers)[0]["state"]
    assert [(entry["step"], entry["change"]) for entry in state["log"]] == [(50, {"learning_rate": 0.3})]


def test_a_surface_is_laid_anew_where_the_path_leaves_it_and_ends_where_the_run_went_back() -> None:
    trainer = trainer_of()
    small = SmallNumbers(trainer, "surface")
    paths = []
    for step in (0, 40, 400, 40):
        trainer.seek(step)
        header, arrays = opened(small.look().numbers)[1]["surface"]
        paths.append(arrays["path"].reshape(-1, 3))
        assert header["figures"]["share"] is None or header["figures"]["share"] > 0.5
    assert len(paths[2]) > len(paths[3]) > 0
    assert trainer.step_count == 40


def test_a_landscape_has_its_surface_and_its_value() -> None:
    trainer = Trainer(RunConfig.from_json({"data": {"name": "rosenbrock"}}))
    for view in ("gradients", "loss", "surface"):
        told, _ = opened(SmallNumbers(trainer, view).look().setting)
        assert told["layout"]["landscape"] == "rosenbrock"
        assert [entry["name"] for entry in told["welcome"]["options"]["landscapes"]] == ["rosenbrock"]


def test_a_run_that_diverged_says_so() -> None:
    steep = {"data": {"name": "rosenbrock"}, "optimizer": {"name": "sgd", "learning_rate": 1.0}}
    trainer = Trainer(RunConfig.from_json(steep))
    small = SmallNumbers(trainer, "gradients")
    trainer.run(3000)
    assert trainer.diverged is not None
    assert opened(small.look().numbers)[0]["state"]["status"]["kind"] == "diverged"
