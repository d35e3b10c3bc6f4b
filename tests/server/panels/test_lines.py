"""The cut through the loss from start to now, and sharpness over time."""

from dataclasses import replace

import numpy as np
import pytest
from backscope.core import OPTIMIZERS, OptimizerConfig, make_optimizer
from backscope.core.run.trainer import Trainer
from backscope.core.surface.curvature import sharpness
from backscope.core.surface.hessian import HessianProduct
from backscope.server.wire.presets import PRESETS
from stage import Stage


def stage_at(step: int, preset: str = "circle") -> Stage:
    stage = Stage(PRESETS[preset])
    stage.do("surface", off=True)
    stage.travel("step", count=step)
    return stage


def test_the_ends_of_the_cut_are_the_runs_own_losses() -> None:
    stage = stage_at(70)
    first = Trainer(PRESETS["circle"])
    reply = stage.later("cut")
    alpha, loss = np.array(reply["alpha"]), np.array(reply["loss"], float)
    assert reply["at"] == 70
    assert np.interp(0, alpha, loss) == pytest.approx(first.evaluate().loss, rel=1e-3)
    assert np.interp(1, alpha, loss) == pytest.approx(stage.trainer.evaluate().loss, rel=1e-3)
    middle = stage.trainer.network.backpropagate(
        first.theta + alpha[30] * (stage.trainer.theta - first.theta),
        stage.trainer.dataset.X_train,
        stage.trainer.dataset.y_train,
        "bce",
    ).loss
    assert loss[30] == pytest.approx(middle, abs=1e-9)
    assert reply["length"] == pytest.approx(float(np.linalg.norm(stage.trainer.theta - first.theta)))


def test_sharpness_is_told_for_now_first_and_then_for_the_whole_way() -> None:
    stage = stage_at(70)
    reply = stage.later("sharpness")
    data = stage.trainer.dataset
    here = sharpness(stage.trainer.network, stage.trainer.theta, data.X_train, data.y_train, "bce")
    assert reply["points"] == [[70, pytest.approx(here.value, rel=1e-3), True]]
    assert reply["more"]
    assert reply["factor"] == 1.0
    reply = stage.later("sharpness")
    assert [step for step, *_ in reply["points"]] == [0, 70]
    while reply["more"]:
        reply = stage.later("sharpness")
    assert 30 < len(reply["points"]) <= 61
    assert stage.later("sharpness")["points"] == reply["points"]


def test_a_new_branch_forgets_the_sharpness_of_the_future() -> None:
    stage = stage_at(40)
    stage.later("sharpness")
    stage.travel("seek", step=20)
    stage.later("sharpness")
    stage.do("set", learning_rate=0.7)
    stage.travel("step", count=30)
    assert [step for step, *_ in stage.later("sharpness")["points"]] == [20, 50]


def test_sharpness_is_that_of_the_loss_in_force_at_its_step() -> None:
    stage = stage_at(40)
    before = stage.later("sharpness")["points"]
    old = stage.trainer.dataset
    stage.do("set", noise=0.6)
    reply = stage.later("sharpness")
    trainer = stage.trainer
    here = sharpness(trainer.network, trainer.theta, trainer.dataset.X_train, trainer.dataset.y_train, "bce")
    assert reply["points"] == [[40, pytest.approx(here.value, rel=1e-3), True]]
    assert reply["points"] != before
    reply = stage.later("sharpness")
    start = sharpness(trainer.network, Trainer(PRESETS["circle"]).theta, old.X_train, old.y_train, "bce")
    assert reply["points"][0] == [0, pytest.approx(start.value, rel=1e-3), True]


def test_another_run_begins_without_any() -> None:
    stage = stage_at(40)
    stage.later("sharpness")
    stage.do("configure", network={"hidden": [3]}, optimizer={"name": "adam"})
    reply = stage.later("sharpness")
    assert reply["points"] == [[0, None, False]]  # Adam remembers nothing yet
    assert (reply["factor"], reply["rescaled"]) == (pytest.approx(19.0), True)


@pytest.mark.parametrize("name", [name for name, rule in OPTIMIZERS.items() if rule.rates])
def test_the_sharpness_of_a_rule_that_rescales_is_that_of_what_it_sees(name: str) -> None:
    """λ_max of P^-½ H P^-½ now and at every step whose memory is kept, beside the rule's own limit."""
    stage = Stage(replace(PRESETS["circle"], optimizer=OptimizerConfig(name, 0.01)))
    stage.do("surface", off=True)
    stage.travel("step", count=130)
    reply = stage.later("sharpness")
    trainer, data = stage.trainer, stage.trainer.dataset
    rates = trainer.last_step.anatomy().rates
    product = HessianProduct(trainer.network, trainer.theta, data.X_train, data.y_train, "bce")
    hessian = np.stack([product(row) for row in np.eye(len(trainer.theta))])
    if name != "adadelta":  # whose rate is that of the coming step, not of the last
        scale = np.sqrt(rates / 0.01)
        right = np.linalg.eigvalsh(scale[:, None] * hessian * scale)[-1]
        assert reply["points"] == [[130, pytest.approx(right, rel=1e-3), True]]
    while reply["more"]:
        reply = stage.later("sharpness")
    assert [step for step, *_ in reply["points"]] == [0, 64, 128, 130]
    assert reply["points"][0][1] is None
    assert all(value is not None for _, value, _ in reply["points"][1:])
    assert reply["rescaled"]
    assert reply["factor"] == pytest.approx(make_optimizer(name, 0.01).limit() / 2)


def test_the_coming_step_on_the_plane_is_the_one_that_comes() -> None:
    stage = Stage(PRESETS["circle"])
    stage.travel("step", count=60)
    stage.do("surface", plane="weights", weights=[3, 8], resolution=16)
    stage.now += 10
    stage.work()
    stage.serve_jobs()
    stage.do("set", optimizer="adam", learning_rate=0.1)
    reply = stage.do("anatomy")
    parts, before = reply["anatomy"], np.array(stage.trainer.theta)
    assert parts["coming"]
    stage.travel("step", count=1)
    moved = stage.trainer.theta - before
    np.testing.assert_allclose(parts["update"], moved[[3, 8]], rtol=1e-12)
    np.testing.assert_allclose(parts["gradient"], -0.1 * stage.trainer.gradient[[3, 8]], rtol=1e-12)
    np.testing.assert_allclose(np.abs(np.array(parts["momentum"]) * parts["rates"] / 0.1), np.abs(moved[[3, 8]]))


def test_a_run_under_way_shows_its_last_step() -> None:
    stage = stage_at(10)
    assert stage.do("anatomy")["anatomy"] is None
    stage.do("surface", plane="random", resolution=16)
    stage.now += 10
    stage.work()
    stage.serve_jobs()
    stage.do("play")
    parts = stage.do("anatomy")["anatomy"]
    assert not parts["coming"]
    shown = stage.session.surface.picture.plane
    assert shown is not None
    np.testing.assert_allclose(parts["update"], shown.project(shown.centre + stage.trainer.update))
