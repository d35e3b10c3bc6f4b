"""What a frame says of the lanes beside the one in focus."""

import time

import numpy as np
from backscope.server.panels.surface_choice import SurfaceChoice
from backscope.server.panels.surfaces import SurfaceView
from backscope.server.run.pace import Pace
from backscope.server.run.run import Run
from backscope.server.session.lane_frames import add_norms, add_tails, observe, position_of
from backscope.server.wire.edits import Edits
from backscope.server.wire.presets import PRESETS
from backscope.server.wire.protocol import Arrays, decode, encode

XOR = PRESETS["xor"]


def run_of(lanes: int, step: int = 20) -> tuple[Run, SurfaceView]:
    configs = [XOR.edited({"learning_rate": 0.1 * (number + 1)}) for number in range(lanes)]
    run = Run({number: (config, Edits()) for number, config in enumerate(configs)}, 0, Pace(0))
    go(run, step)
    surface = SurfaceView(SurfaceChoice())
    surface.show(0, run.trainer, run.company())
    return run, surface


def go(run: Run, step: int) -> None:
    run.go_to(step)
    run.advance(time.perf_counter() + 60, 0.0)
    for lane in run.lanes.values():
        lane.measure(0.0)


def sent(arrays: Arrays) -> dict[str, np.ndarray]:
    return decode(encode({}, arrays))[1]


def test_one_lane_has_nothing_beside_it() -> None:
    run, surface = run_of(1)
    arrays = Arrays()
    add_norms(arrays, run)
    add_tails(arrays, run, surface, None, 0)
    assert arrays.entries == []
    assert position_of(run, surface).others == ()


def test_every_lane_tells_its_own_numbers() -> None:
    run, surface = run_of(3)
    told = observe(run, surface, run.measure(1.0), 1.0)
    assert [(one["id"], one["step"], one["status"]) for one in told] == [(n, 20, "paused") for n in range(3)]
    for one, lane in zip(told, run.lanes.values(), strict=True):
        assert (one["loss"], one["test_loss"]) == lane.trainer.evaluate()[:2]
    assert len({one["loss"] for one in told}) == 3
    (nowhere, *_) = observe(run, surface, (20.0, np.nan, np.inf, 0.5, 0.5), 1.0)
    assert (nowhere["loss"], nowhere["test_loss"], nowhere["accuracy"]) == (None, None, 0.5)
    arrays = Arrays()
    add_norms(arrays, run)
    norms = sent(arrays)
    assert list(norms) == ["lane1_norms", "lane2_norms"]
    for number in (1, 2):
        expected = run.lanes[number].trainer.last_step.norms()[:2]
        np.testing.assert_allclose(norms[f"lane{number}_norms"], expected, rtol=1e-6)


def test_a_client_gets_what_it_has_not_seen_counted_as_the_focus_counts() -> None:
    run, surface = run_of(2)
    seen = position_of(run, surface)
    assert seen.others == ((1, 20),)
    go(run, 26)
    arrays = Arrays()
    add_tails(arrays, run, surface, seen, 20)
    rows = sent(arrays)["lane1_metrics"]
    assert rows[-1, 0] == 6
    assert (rows[:, 0] > 0).all()
    np.testing.assert_allclose(rows[-1, 1], run.lanes[1].trainer.evaluate()[0], rtol=1e-6)
    for position in (None, seen._replace(generation=seen.generation - 1)):
        other = Arrays()
        add_tails(other, run, surface, position, 20)
        assert sent(other)["lane1_metrics"].shape == (0, 5)
