"""Paths of lanes upon a plane: each its own, in the plane's coordinates, wherever its lane went."""

import numpy as np
import pytest
from backscope.core.surface.planes import Plane, make_plane
from backscope.server.panels.surface_paths import SurfacePaths
from backscope.server.run.lane import Lane
from backscope.server.wire.edits import Edits
from backscope.server.wire.presets import PRESETS

CIRCLE = PRESETS["circle"]


def lane_at(step: int) -> Lane:
    lane = Lane(CIRCLE, Edits())
    for at in range(step):
        lane.trainer.run(1)
        if at % 3 == 0:
            lane.measure(0.0)
    return lane


def plane_of(lane: Lane) -> Plane:
    trainer = lane.trainer
    _, positions = trainer.track.path(50)
    return make_plane("random", trainer.network, trainer.theta.copy(), positions, gradient=trainer.gradient, seed=3)


def test_every_lane_has_a_path_of_its_own_and_ends_it_where_it_goes_back() -> None:
    lanes = {number: lane_at(12 + 4 * number) for number in range(3)}
    paths = SurfacePaths()
    paths.show(1, {0: lanes[0], 2: lanes[2]})
    assert paths.front(lanes[1].trainer) == 20
    plane = plane_of(lanes[1])
    paths.trace(plane, lanes[1].trainer, lanes[1].metrics)
    assert paths.others() == {0, 2}
    for number, lane in lanes.items():
        _, positions = lane.trainer.track.path(500)
        rows = paths.since(-1, number)
        assert 1 < len(rows) <= len(positions)
        alpha, beta = plane.project(np.asarray(positions[-1], np.float64))
        np.testing.assert_allclose(rows[-1, :2], [alpha, beta])
    before = {number: len(paths.since(-1, number)) for number in lanes}
    assert paths.go_back({2: 5}) == 1
    assert paths.go_back({2: 5}) == 0
    assert len(paths.since(-1, 2)) < before[2]
    assert len(paths.since(-1)) == before[1]


@pytest.mark.parametrize("focus", [0, 1])
def test_another_focus_keeps_what_is_known_and_says_what_is_missing(focus: int) -> None:
    lanes = {number: lane_at(10) for number in range(3)}
    paths = SurfacePaths()
    paths.show(0, {1: lanes[1]})
    plane = plane_of(lanes[0])
    paths.trace(plane, lanes[0].trainer, lanes[0].metrics)
    paths.show(focus, {1 - focus: lanes[1 - focus]})
    assert paths.keep_shown()
    paths.show(focus, {2: lanes[2]})
    assert not paths.keep_shown()
    assert not paths.known(1 - focus)
    paths.renumber(focus)
    assert paths.known(0)
    assert not paths.others()


def test_a_plane_holds_for_the_lanes_that_it_was_laid_for() -> None:
    lanes = {number: lane_at(10) for number in range(2)}
    paths, plane = SurfacePaths(), plane_of(lanes[0])
    paths.show(0, {})
    assert paths.held_by(plane)
    paths.show(0, {1: lanes[1]})
    assert not paths.held_by(plane)
    assert paths.lay() == [lanes[1].trainer]
    assert paths.held_by(plane)
