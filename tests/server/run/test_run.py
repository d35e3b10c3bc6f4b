"""A run on its way: lanes in lockstep, by the clock or to where they are bound, and what each change leaves of it."""

import time

import pytest
from backscope.core.config.config import RunConfig
from backscope.core.ground.errors import ConfigError
from backscope.core.run import compiled
from backscope.core.run.trainer import Trainer
from backscope.server.run.pace import Pace
from backscope.server.run.run import Run
from backscope.server.wire.edits import Edits
from backscope.server.wire.presets import PRESETS

XOR = PRESETS["xor"]
OTHER = XOR.edited({"learning_rate": 0.2})


def run_of(*configs: RunConfig, speed: float = 10) -> Run:
    return Run({number: (config, Edits()) for number, config in enumerate(configs)}, 0, Pace(speed))


def soon() -> float:
    return time.perf_counter() + 60


def steps_of(run: Run) -> list[int]:
    return [lane.trainer.step_count for lane in run.lanes.values()]


def alone(config: RunConfig, steps: int) -> bytes:
    trainer = Trainer(config)
    trainer.run(steps)
    return trainer.theta.tobytes()


def test_lanes_keep_step_with_the_clock_and_each_is_what_it_would_be_alone() -> None:
    run = run_of(XOR, OTHER)
    run.advance(soon(), 0.0)
    assert steps_of(run) == [0, 0]
    run.play(100.0)
    run.advance(soon(), 100.0)
    for tenths in range(1, 11):
        run.advance(soon(), 100.05 + tenths / 10)
    assert steps_of(run) == [11, 11]
    for lane, config in zip(run.lanes.values(), (XOR, OTHER), strict=True):
        assert lane.trainer.theta.tobytes() == alone(config, 11)
    assert run.status() == {"kind": "running"}
    run.stop()
    run.advance(soon(), 200.0)
    assert (steps_of(run), run.status()["kind"]) == ([11, 11], "paused")


def test_it_goes_where_it_is_bound_before_all_else_and_back_is_another_past() -> None:
    run = run_of(XOR, OTHER)
    run.play(0.0)
    run.go_to(40)
    assert (run.status(), run.playing) == ({"kind": "replaying", "step": 40}, False)
    run.advance(time.perf_counter() - 1, 0.0)
    assert run.target == 40
    run.advance(soon(), 0.0)
    assert (run.target, steps_of(run), run.furthest) == (None, [40, 40], 40)
    generation, version = run.generation, run.version
    run.go_to(15)
    run.advance(soon(), 0.0)
    assert (steps_of(run), run.furthest) == ([15, 15], 40)
    assert run.generation > generation
    assert run.version > version
    assert run.trainer.theta.tobytes() == alone(XOR, 15)


def test_a_change_is_one_lanes_but_for_what_all_share_and_a_bad_one_changes_nothing() -> None:
    run = run_of(XOR, OTHER)
    version = run.version
    run.set({"learning_rate": 0.3}, 1)
    run.set({"batch_size": 5})
    configs = [lane.trainer.config for lane in run.lanes.values()]
    assert [config.batch_size for config in configs] == [5, 5]
    assert [config.optimizer.learning_rate for config in configs] == [XOR.optimizer.learning_rate, 0.3]
    assert run.edit_count == 3
    assert run.version == version + 2
    with pytest.raises(ConfigError):
        run.set({"learning_rate": -1})
    assert (run.edit_count, run.version) == (3, version + 2)


def test_lanes_come_beside_the_others_and_the_focus_stays_on_one_that_is_there() -> None:
    run = run_of(XOR, OTHER)
    run.go_to(20)
    run.advance(soon(), 0.0)
    assert run.add(XOR, Edits()) == 2
    assert run.newcomers
    assert run.lanes[2].trainer.step_count < 20
    run.advance(soon(), 0.0)
    assert (run.newcomers, steps_of(run)) == (False, [20, 20, 20])
    assert run.add(XOR, Edits(), past=0) == 3
    run.advance(soon(), 0.0)
    assert steps_of(run) == [20] * 4
    run.look_at(2)
    assert [number for number, _ in run.others()] == [0, 1, 3]
    run.remove(2)
    assert (run.focus, list(run.lanes)) == (1, [0, 1, 3])
    run.remove(0)
    run.promote(3)
    assert (run.focus, list(run.lanes), steps_of(run)) == (0, [0], [20])


def test_what_was_kept_goes_on_bit_for_bit_and_what_does_not_fit_is_told() -> None:
    run = run_of(XOR, OTHER)
    run.go_to(30)
    run.advance(soon(), 0.0)
    kept, twin = run.kept(), run_of(XOR, OTHER)
    twin.resume(kept)
    twin.go_to(30)
    twin.advance(soon(), 0.0)
    assert [lane.trainer.theta.tobytes() for lane in twin.lanes.values()] == [alone(XOR, 30), alone(OTHER, 30)]
    torn = run_of(XOR, OTHER)
    with pytest.raises(ConfigError):
        torn.resume({**kept, "1": {}})
    torn.go_to(30)
    torn.advance(soon(), 0.0)
    assert torn.lanes[1].trainer.theta.tobytes() == alone(OTHER, 30)


def test_machine_code_takes_over_at_the_front_alone_and_the_log_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "installed", lambda: True)
    monkeypatch.setattr(compiled.steps, "ready", lambda: True)
    large = XOR.edited({"dropout": 0.5})
    run = Run({0: (XOR, Edits()), 1: (large, Edits())}, 0, Pace(1000), machine_code=True)
    run.lane.trainer.run(4)
    run.lanes[1].trainer.run(4)
    run.lane.trainer.seek(2)
    run.lane.hand_over()
    assert run.edits.to_json() == []  # it has gone back: those two steps are known
    run.lane.trainer.seek(4)
    run.step_at_once()
    (entry,) = run.edits.to_json()
    assert (entry["step"], entry["change"]) == (4, {"engine": "compiled"})
    assert run.lane.engine() == {"name": "compiled", "lack": None}
    assert run.lanes[1].edits.to_json() == []
    assert run.lanes[1].engine()["name"] == "numpy"
    run.step_at_once()
    again = Trainer.from_log(XOR, run.edits.entries())
    again.run(6)
    assert again.theta.tobytes() == run.trainer.theta.tobytes()
    restarted = run.lane.restarted(run.lane.config)
    assert restarted.trainer.config.engine == "auto"


def test_a_run_that_leaves_no_choice_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "installed", lambda: True)
    monkeypatch.setattr(compiled.steps, "ready", lambda: True)
    for config, allowed in ((XOR.edited({"engine": "numpy"}), True), (XOR, False)):
        run = Run({0: (config, Edits())}, 0, Pace(10), machine_code=allowed)
        run.step_at_once()
        assert run.edits.to_json() == []
        assert run.lane.engine()["name"] == "numpy"
