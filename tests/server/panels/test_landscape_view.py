"""What is shown of a landscape: its window, and every step of the path at its own height."""

import numpy as np
import pytest
from backscope.core.landscapes.functions import LANDSCAPES
from backscope.core.run.trainer import Trainer
from backscope.server.panels import landscape_view
from backscope.server.panels.landscape_view import landscape_of, path_of, window_of
from backscope.server.wire.presets import PRESETS


def test_the_window_doubles_about_its_middle_until_it_holds_the_path() -> None:
    for landscape in LANDSCAPES.values():
        plane = landscape.plane
        kept = window_of(landscape, np.array([[plane.alpha[0], plane.beta[1]]]))
        assert (kept.alpha, kept.beta) == (plane.alpha, plane.beta)
        (left, right), (bottom, top) = plane.alpha, plane.beta
        width, height = right - left, top - bottom
        wide = window_of(landscape, np.array([[right + 0.4 * width, top]]))
        np.testing.assert_allclose(wide.alpha, (left - width / 2, right + width / 2))
        np.testing.assert_allclose(wide.beta, (bottom - height / 2, top + height / 2))
        far = window_of(landscape, np.array([[right + 0.6 * width, top]]))
        assert far.contains(np.array([[right + 0.6 * width, top]]))
        np.testing.assert_allclose(far.alpha[1] - far.alpha[0], 4 * width)


def test_a_path_without_bounds_does_not_keep_the_window_growing() -> None:
    plane = window_of(LANDSCAPES["bowl"], np.array([[1e300, 0.0]]))
    assert 1e6 < plane.alpha[1] < 1e12


def test_every_remembered_step_has_its_own_value_and_long_paths_are_evenly_picked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trainer = Trainer(PRESETS["bowl"])
    trainer.run(25)
    rows = path_of(trainer)
    assert rows[:, 0].tolist() == list(range(26))
    np.testing.assert_array_equal(rows[-1, 1:3], trainer.theta)
    np.testing.assert_allclose(rows[:, 3], landscape_of(trainer).loss(rows[:, 1:3]))
    assert rows[-1, 3] < rows[0, 3]
    monkeypatch.setattr(landscape_view, "_MOST_PATH", 5)
    few = path_of(trainer)
    assert len(few) <= 6
    assert (few[0, 0], few[-1, 0]) == (0, 25)
