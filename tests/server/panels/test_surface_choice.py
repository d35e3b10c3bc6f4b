"""Which plane is looked at: through which point it goes, and how long it holds."""

import numpy as np
import pytest
from backscope.core.run.trainer import Trainer
from backscope.server.panels.surface_choice import SurfaceChoice, here, holds, lay, penalized, point_of, positions_of
from backscope.server.wire.presets import PRESETS


def walked(steps: int = 60, preset: str = "circle") -> Trainer:
    trainer = Trainer(PRESETS[preset])
    trainer.run(steps)
    return trainer


def test_whoever_asks_for_a_plane_wants_to_see_it() -> None:
    hidden = SurfaceChoice(off=True)
    assert not hidden.changed({"plane": "random"}).off
    assert hidden.changed({"off": True}).off
    assert SurfaceChoice().same_plane(SurfaceChoice(resolution=16))
    assert not SurfaceChoice().same_plane(SurfaceChoice("random"))


@pytest.mark.parametrize("plane", ["random", "weights", "pca"])
@pytest.mark.parametrize("through", ["start", "mean", "end", "current"])
def test_the_plane_goes_through_the_chosen_point(plane: str, through: str) -> None:
    trainer = walked()
    trainer.seek(30)
    choice = SurfaceChoice(plane, through=through)
    laid, point = lay(choice, trainer, None), point_of(choice, trainer)
    expected = {
        "start": trainer.track.path(2)[1][0],
        "mean": positions_of(trainer).mean(axis=0),
        "end": trainer.track.end()[1],
        "current": here(trainer),
    }[through]
    assert float(laid.distance(np.asarray(expected, np.float64))) < 1e-9
    assert point is None or np.allclose(point, expected)


def test_a_plane_through_the_current_point_holds_while_the_run_stands() -> None:
    trainer, choice = walked(), SurfaceChoice("random", through="current")
    laid = lay(choice, trainer, None)
    assert holds(choice, laid, trainer, 60, still=True)
    trainer.run(1)
    assert holds(choice, laid, trainer, 60, still=False)
    assert not holds(choice, laid, trainer, 60, still=True)


def test_main_components_are_laid_anew_when_the_path_has_doubled() -> None:
    trainer, choice = walked(), SurfaceChoice()
    laid = lay(choice, trainer, None)
    assert holds(choice, laid, trainer, 60, still=True)
    assert not holds(choice, laid, trainer, 30, still=True)
    assert not holds(choice, laid, trainer, 121, still=True)


def test_weights_that_the_net_does_not_have_are_replaced_by_its_first() -> None:
    trainer = walked()
    one, other = (lay(SurfaceChoice("weights", weights), trainer, None) for weights in ((0, 1), (0, 10**6)))
    assert one.axes == other.axes


def test_a_landscape_has_no_penalties_and_its_own_window() -> None:
    trainer, choice = walked(5, "beale"), SurfaceChoice(penalties=True)
    assert not penalized(choice, trainer.config)
    assert penalized(choice, PRESETS["circle"])
    laid = lay(choice, trainer, None)
    assert laid.contains(positions_of(trainer))
    assert holds(choice, laid, trainer, 0, still=True)
