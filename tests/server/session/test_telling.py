"""What a session says of itself: the state to clients, and to the front what it can be built again from."""

import math
from dataclasses import replace

from backscope.server.wire.edits import beginning
from backscope.server.wire.messages import Progress, Publish, Record, Saved
from stage import Stage


def test_what_is_saved_builds_the_same_run_again() -> None:
    stage = Stage()
    stage.travel("step", count=40)
    stage.do("set", optimizer="adam")
    stage.do("set", learning_rate=0.01, beta1=0.5)
    stage.travel("step", count=300)
    stage.do("set", batch_size=3)
    stage.travel("step", count=20)
    stage.do("sample", row=17)
    stage.do("surface", plane="random", resolution=32)
    before = stage.see()
    record = stage.saved()
    stage.build(replace(record, number=before["seq"]), "trainer_restarted").attended(1)
    stage.finish()
    after = stage.see()
    for name in ("P", "G", "A", "Z", "D", "norms"):
        assert after["arrays"][name].tobytes() == before["arrays"][name].tobytes()
    for name in ("step", "sample", "loss", "layout", "learning_rate"):
        assert after[name] == before[name]
    assert after["seq"] > before["seq"]
    assert stage.state()["surface"]["plane"] == "random"
    assert {0, 50, 350, 360} <= set(after["before"]["history"][1]["metric_steps"])


def test_a_page_can_hand_its_run_back() -> None:
    stage = Stage()
    stage.travel("step", count=10)
    stage.do("set", learning_rate=0.05)
    stage.travel("step", count=10)
    state, frame = stage.state(), stage.see()
    config, edits = beginning(state["config"], state["log"])
    stage.build(Record(config.to_json(), edits, state["step"])).attended(1)
    stage.finish()
    assert stage.see()["arrays"]["P"].tobytes() == frame["arrays"]["P"].tobytes()


def steps_told(stage: Stage) -> list[int]:
    return [message.step for message in stage.said if isinstance(message, Progress)]


def test_the_step_is_reported_now_and_then_while_it_plays() -> None:
    stage = Stage()
    stage.do("speed", steps_per_second=50)
    stage.do("play")
    stage.said.clear()
    stage.pass_time(1.0)
    told = steps_told(stage)
    assert 3 <= len(told) <= 6
    assert told == sorted(set(told))
    stage.do("pause")
    stage.pass_time(10.0)
    assert set(steps_told(stage)) <= {stage.trainer.step_count}
    stage.said.clear()
    stage.pass_time(10.0)
    assert steps_told(stage) == []  # nothing new


def test_when_the_last_client_leaves_the_front_knows_where_the_run_stands() -> None:
    stage = Stage()
    stage.do("speed", steps_per_second=50)
    stage.do("play")
    stage.pass_time(0.5)
    stage.said.clear()
    stage.do("sample", row=3)
    stage.session.attended(0)
    assert stage.saved().sample == 3
    assert steps_told(stage)[-1:] in ([], [stage.trainer.step_count])


def test_the_longer_the_log_the_rarer_the_state_unless_it_is_urgent() -> None:
    def rest(edits: int) -> float:
        stage = Stage()
        for n in range(edits):
            stage.do("set", learning_rate=0.1 + 0.001 * n)
            stage.travel("step")
        stage.state()
        telling = stage.session.telling
        assert telling.due() == math.inf  # nothing has changed
        telling.note()
        gap = telling.due() - stage.now
        telling.urge()
        assert telling.due() == -math.inf
        return gap

    assert rest(40) > 10 * rest(2) > 0


def test_why_it_was_built_is_told_once() -> None:
    stage = Stage()
    stage.build(Record(stage.trainer.config.to_json()), "trainer_restarted").attended(1)
    reasons = ['"reason"' in str(m.payload) for m in stage.said if isinstance(m, Publish) and m.kind == "state"]
    assert reasons[-1:] == [True]
    stage.said.clear()
    stage.do("sample", row=2)
    stage.pass_time(1.0)
    states = [m for m in stage.said if isinstance(m, Publish) and m.kind == "state"]
    assert states
    assert not any('"reason"' in str(m.payload) for m in states)
    assert any(isinstance(m, Saved) for m in stage.said)
