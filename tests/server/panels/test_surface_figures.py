"""The numbers beside a surface: right where it is read exactly, resting in between, another loss noticed."""

import itertools
from dataclasses import replace

import pytest
from backscope.core.run.trainer import Trainer
from backscope.server.panels import surface_figures as module
from backscope.server.panels.surface_choice import SurfaceChoice, here, lay
from backscope.server.panels.surface_figures import SurfaceFigures
from backscope.server.wire.presets import PRESETS

CIRCLE = PRESETS["circle"]


def walked(config=CIRCLE, steps: int = 60) -> Trainer:  # type: ignore[no-untyped-def]
    trainer = Trainer(config)
    trainer.run(steps)
    return trainer


def test_a_plane_through_the_run_has_its_loss_and_no_distance() -> None:
    trainer, choice = walked(), SurfaceChoice("random", through="current")
    plane, loss = lay(choice, trainer, None), trainer.evaluate().loss
    read = SurfaceFigures().read(plane, choice, trainer, loss, 0.0, exact=True, fresh=True)
    assert read["distance"] == pytest.approx(0.0, abs=1e-9)
    assert read["plane_loss"] == pytest.approx(read["loss"]) == pytest.approx(loss)
    assert read["step"] == 60
    assert read["parameters"] == trainer.network.parameter_count
    assert 0 <= read["share"] <= 1  # type: ignore[operator]


def test_aside_of_the_plane_the_distance_is_its_own() -> None:
    trainer, choice = walked(), SurfaceChoice("random", through="start")
    plane = lay(choice, trainer, None)
    read = SurfaceFigures().read(plane, choice, trainer, 1.0, 0.0, exact=True, fresh=True)
    assert read["distance"] == pytest.approx(float(plane.distance(here(trainer))))
    assert read["distance"] > 0  # type: ignore[operator]


def test_penalties_count_where_they_are_wished_for() -> None:
    trainer = walked(replace(CIRCLE, l2=0.01))
    for choice, extra in ((SurfaceChoice("random"), 0.0), (SurfaceChoice("random", penalties=True), None)):
        plane = lay(choice, trainer, None)
        read = SurfaceFigures().read(plane, choice, trainer, 0.5, 0.0, exact=True, fresh=True)
        assert read["loss"] == pytest.approx(0.5 + (trainer.view.penalty if extra is None else extra))


@pytest.mark.parametrize(("crowd", "cost"), [(1, 0.0), (1, 0.004), (100, 0.00004)])
def test_between_two_readings_the_last_ones_hold(crowd: int, cost: float, monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = itertools.count()
    monkeypatch.setattr(module, "spent", lambda: next(ticks) * cost)
    trainer, choice, figures = walked(), SurfaceChoice("random"), SurfaceFigures()
    plane = lay(choice, trainer, None)
    figures.read(plane, choice, trainer, 1.0, 0.0, exact=False, fresh=True)
    for now, fresh, loss in ((0.05, True, 1.0), (0.2, False, 1.0), (0.2, True, 2.0)):
        read = figures.read(plane, choice, trainer, 2.0, now, exact=False, fresh=fresh, crowd=crowd)
        assert read["loss"] == loss
    figures.renew()
    assert figures.read(plane, choice, trainer, 3.0, 0.21, exact=False, fresh=True)["loss"] == 3.0


@pytest.mark.parametrize("crowd", [1, 7, 200])
def test_among_many_readings_take_a_twentieth_of_the_core_together(crowd: int, monkeypatch: pytest.MonkeyPatch) -> None:
    ticks, cost = itertools.count(), 0.01
    monkeypatch.setattr(module, "spent", lambda: next(ticks) * cost)
    trainer, choice, figures = walked(), SurfaceChoice("random"), SurfaceFigures()
    plane = lay(choice, trainer, None)
    figures.read(plane, choice, trainer, 1.0, 0.0, exact=False, fresh=True, crowd=crowd)
    rest = 20 * crowd * cost
    for now, loss in ((rest - 0.01, 1.0), (rest, 2.0)):
        assert figures.read(plane, choice, trainer, 2.0, now, exact=False, fresh=True, crowd=crowd)["loss"] == loss


def test_only_what_changes_the_loss_makes_the_picture_wrong() -> None:
    figures, choice = SurfaceFigures(), SurfaceChoice()
    assert not figures.loss_changed(CIRCLE, choice)
    assert not figures.loss_changed(replace(CIRCLE, batch_size=3), choice)
    assert not figures.loss_changed(replace(CIRCLE, l2=0.1), choice), "penalties are no part of this picture"
    assert figures.loss_changed(replace(CIRCLE, label_smoothing=0.1), choice)
    assert figures.loss_changed(replace(CIRCLE, l2=0.1), replace(choice, penalties=True))
