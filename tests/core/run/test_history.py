"""What is kept of the past: how much it takes, how it is thinned, and what is refused."""

import numpy as np
import pytest
from backscope.core import RunConfig, Trainer
from backscope.core.run.history import MOST_KEYFRAMES, Keyframes, Path


def make(**values):
    return Trainer(RunConfig.from_json(values))


def test_keyframes_fit_their_budget():
    trainer = make(network={"hidden": [64, 64]})
    frame = trainer._keyframe()
    keyframes = Keyframes(budget=10 * frame.engine.nbytes, gap=4)
    for step in range(0, 1000, 4):
        if step % keyframes.gap == 0:
            keyframes.add(type(frame)(step, *(getattr(frame, name) for name in frame.__slots__[1:])))
    assert 5 <= len(keyframes._frames) <= 10
    for step in range(1000):
        found = keyframes.before(step).step
        assert found <= step
        assert step - found <= 2 * keyframes.gap


def test_a_long_run_keeps_no_more_keyframes_than_one_of_an_hour_and_replays_little():
    frame, keyframes = make()._keyframe(), Keyframes(10**9)
    for step in range(0, 1_000_000, 64):
        if step % keyframes.gap == 0:
            keyframes.add(type(frame)(step, *(getattr(frame, name) for name in frame.__slots__[1:])))
        assert len(keyframes._frames) <= MOST_KEYFRAMES
        assert keyframes.gap <= max(64, step / (MOST_KEYFRAMES // 2))
    assert keyframes.steps == list(range(0, 1_000_000, keyframes.gap))


def test_a_path_fits_its_budget():
    path = Path(np.zeros(100), budget=100 * 8 * 16)
    for step in range(1, 1000):
        path.add(step, np.full(100, float(step)))
    steps, positions = path.until(999, np.full(100, 999.0), 10**6)
    assert 8 <= len(steps) <= 17
    np.testing.assert_array_equal(positions[:, 0], steps)
    steps, positions = path.until(500, np.full(100, 500.0), 5)
    assert len(steps) <= 5
    assert (steps[0], steps[-1]) == (0, 500)


def test_a_branch_forgets_what_lies_after_it_left():
    trainer = make()
    frame, keyframes, path = trainer._keyframe(), Keyframes(10**9, gap=4), Path(np.zeros(3))
    for step in range(21):
        if step % 4 == 0:
            keyframes.add(type(frame)(step, *(getattr(frame, name) for name in frame.__slots__[1:])))
        path.add(step, np.full(3, float(step)))
    assert keyframes.until(11, lambda step: step // 4).steps == [0, 4, 8]
    assert [frame.entries for frame in keyframes.until(11, lambda step: step // 4).frames] == [0, 1, 2]
    keyframes.truncate(12)
    path.truncate(12)
    assert keyframes.steps == [0, 4, 8, 12]
    assert path.last()[0] == 12
    np.testing.assert_array_equal(path.column(20, 1, 4)[1], [0, 4, 8, 12])


def test_another_runs_past_is_refused():
    trainer = make()
    with pytest.raises(ValueError, match=r"keyframes of step \[0\] with a gap of 64"):
        Keyframes(10**9).resume([trainer._keyframe()], 64, 200)
    path = Path(np.zeros(3))
    for positions in (np.zeros((3, 4)), np.zeros((2, 3)), np.zeros((3, 3), np.float32)):
        with pytest.raises(ValueError, match="with a gap of 1"):
            path.resume({"gap": 1, "positions": positions}, 2)
    path.resume({"gap": 1, "positions": np.arange(9.0).reshape(3, 3)}, 2)
    np.testing.assert_array_equal(path.last()[1], [6, 7, 8])
