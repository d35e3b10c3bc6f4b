"""The picture of a surface: numbered, of one parameter space, and sent whole."""

import numpy as np
from backscope.core.run.trainer import Trainer
from backscope.server.panels.surface_choice import SurfaceChoice, lay
from backscope.server.panels.surface_paths import SurfacePaths
from backscope.server.panels.surface_picture import PictureTask, SurfacePicture
from backscope.server.wire.presets import PRESETS
from backscope.server.wire.protocol import decode


def task_of(trainer: Trainer, resolution: int = 4) -> PictureTask:
    plane = lay(SurfaceChoice("random"), trainer, None)
    return PictureTask(plane, resolution, trainer.step_count, trainer.network)


def test_another_plane_has_another_number_a_finer_grid_only_another_version() -> None:
    trainer, picture = Trainer(PRESETS["circle"]), SurfacePicture(100)
    task = task_of(trainer)
    assert picture.take(task, np.zeros(16))
    assert (picture.plane_id, picture.version, picture.resolution) == (101, 101, 4)
    assert not picture.take(task._replace(resolution=8), np.zeros(64))
    assert (picture.plane_id, picture.version, picture.resolution) == (101, 102, 8)
    assert picture.take(task_of(trainer), np.zeros(16))
    assert (picture.plane_id, picture.version) == (102, 103)


def test_it_shows_nets_of_its_own_shape_only() -> None:
    circle, digits = Trainer(PRESETS["circle"]), Trainer(PRESETS["digits"])
    picture = SurfacePicture()
    assert not picture.shows(circle.network)
    picture.take(task_of(circle), np.zeros(16))
    assert picture.shows(Trainer(PRESETS["circle"]).network)
    assert not picture.shows(digits.network)


def test_the_message_holds_grid_plane_and_figures_whatever_is_too_large_for_float32() -> None:
    trainer, picture = Trainer(PRESETS["circle"]), SurfacePicture()
    picture.take(task_of(trainer), np.array([1.5] * 15 + [1e300]))
    header, arrays = decode(picture.message(SurfaceChoice("random"), 0.5, {"share": 0.25}, SurfacePaths()))
    assert (header["kind"], header["plane"], header["resolution"]) == ("surface", "random", 4)
    assert (header["progress"], header["figures"]) == (0.5, {"share": 0.25})
    assert arrays["grid"].shape == (4, 4)
    assert arrays["grid"].ravel()[0] == 1.5
    assert np.isinf(arrays["grid"].ravel()[-1])
