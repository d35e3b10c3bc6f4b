"""Whole conversations over the socket, inside one process."""

import json
import random
import string
import time
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from backscope.core.run.trainer import Trainer
from backscope.server.front.app import create_app
from backscope.server.front.commands import COMMANDS
from backscope.server.wire.presets import PRESETS
from backscope.server.wire.protocol import Close, finite
from backscope.server.wire.settings import Limits, Settings
from starlette.websockets import WebSocketDisconnect
from talking import SECRET, SOCKETS, House, Talk, client_of, housed


def test_bad_command_is_answered_and_the_session_lives_on(house: House) -> None:
    with house.visit() as talk:
        talk.say({"op": "set", "learning_rate": -1})
        assert "learning_rate must lie in [0, 100], got -1" in talk.hear()["message"]
        assert talk.hello()["step"] == 0
        talk.do("step", count=3)
        assert talk.at(3)["loss"] > 0


def test_nothing_is_said_before_hello(house: House) -> None:
    with house.visit() as talk:
        assert talk.ask("play")["code"] == "hello_first"
        talk.say({"op": "ping"})
        assert talk.hear()["kind"] == "pong"


def test_a_hello_is_followed_by_all_that_a_page_needs_in_order(house: House) -> None:
    with house.enter() as talk:
        talk.kind("frame")
        kinds = [message["kind"] for message in talk.heard]
        assert kinds == ["reply", "welcome", "state", "layout", "data", "history", "frame"]
        welcome = talk.heard[1]
        assert welcome["version"] == 1
        assert {preset["name"] for preset in welcome["options"]["presets"]} == set(PRESETS)
        assert welcome["options"]["limits"]["layers"] == 64


def test_who_comes_back_is_not_sent_again_what_it_has(house: House) -> None:
    with house.enter() as talk:
        talk.kind("frame")
        marks = {"options": talk.heard[1]["mark"], "data": talk.heard[4]["mark"]}
    for has, sent in (
        (marks, set()),
        ({"options": "of another server", "data": marks["data"]}, {"options"}),
        ({"options": marks["options"], "data": ["00000000"]}, {"data"}),
        ({"surface": marks["data"]}, {"options", "data"}),
    ):
        with house.enter(has=has) as talk:
            talk.kind("frame")
            kinds = {message["kind"] for message in talk.heard}
            assert (kinds & {"data"}) | (talk.heard[1].keys() & {"options"}) == sent
    with house.enter() as talk, house.enter(has=marks) as other:
        talk.kind("frame")
        other.kind("frame")
        talk.do("configure", data={"noise": 0.3})
        assert other.kind("data")["mark"] != marks["data"], "another table has another mark"


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_opens_and_trains(house: House, name: str) -> None:
    with house.enter(preset=name) as talk:
        assert talk.kind("state")["config"] == PRESETS[name].to_json()
        talk.do("step", count=5)
        twin = Trainer(PRESETS[name])
        twin.run(5)
        assert talk.at(twin.step_count)["loss"] == finite(twin.evaluate().loss)  # one of them diverges at step 2


def test_playing_streams_frames_of_the_real_run(talk: Talk) -> None:
    talk.do("speed", steps_per_second=0)
    talk.do("play")
    talk.frame(lambda frame: frame["step"] > 500)
    talk.do("pause")
    state = talk.kind("state")
    last = talk.frame(lambda frame: frame["step"] == state["step"] and frame["status"] == "paused")
    twin = Trainer(PRESETS["circle"])
    twin.run(last["step"])
    assert last["arrays"]["P"].tobytes() == twin.theta.astype(np.float32).tobytes()
    tails = [(frame["tail"]["from"], frame["tail"]["to"]) for frame in talk.frames]
    assert all(before[1] == after[0] for before, after in pairwise(tails))


def test_a_client_that_does_not_draw_gets_no_second_frame(house: House) -> None:
    with house.enter() as slow, house.enter() as quick:
        slow.kind("frame")
        slow.draws = False
        quick.do("speed", steps_per_second=0)
        quick.do("play")
        quick.frame(lambda frame: frame["step"] > 3000)
        first = slow.kind("frame")
        quick.do("pause")
        quick.kind("state", playing=False)
        slow.until(lambda message: message["kind"] == "state" and not message["playing"])
        assert len(slow.frames) == 2
        slow.say({"op": "ack", "seq": first["seq"]})
        slow.draws = True
        newest = slow.kind("frame")
        assert newest["tail"]["from"] == first["step"]
        assert newest["step"] == quick.state["step"]


def test_glances_leave_the_frame_beyond_the_credit_to_edits(talk: Talk) -> None:
    talk.kind("frame")
    talk.draws = False
    talk.do("play")
    talk.say({"op": "ack", "seq": talk.kind("frame")["seq"]})
    talk.kind("frame")
    seen = len(talk.frames)
    for op in ("anatomy", "sharpness", "laboratory"):
        talk.ask(op)
    assert len(talk.frames) == seen
    talk.do("set", learning_rate=0.25)
    assert talk.frame()["learning_rate"] == 0.25


def test_a_surface_comes_by_itself(talk: Talk) -> None:
    surface = talk.kind("surface", progress=1.0)
    assert surface["arrays"]["grid"].shape == (128, 128)
    frame = talk.kind("frame")
    assert frame["plane_id"] == surface["plane_id"]


def test_a_gradient_check_is_answered(talk: Talk) -> None:
    talk.do("step", count=10)
    reply = talk.do("check")
    assert 0 <= reply["error"] < 1e-6
    assert reply["step"] == 10


def test_a_reload_comes_back_to_the_same_step(house: House) -> None:
    with house.enter("mine") as talk:
        talk.do("step", count=25)
        before = talk.at(25)
    with house.visit("mine") as talk:
        assert talk.ask("hello", secret="another secret of length")["code"] == "wrong_secret"
        reply = talk.hello()
        assert (reply["resumed"], reply["step"]) == (True, 25)
        history = talk.kind("history")
        assert history["step"] == 25
        after = talk.kind("frame")
        assert after["arrays"]["P"].tobytes() == before["arrays"]["P"].tobytes()
        assert talk.ask("hello", secret=SECRET)["code"] == "already_open"


def test_a_session_without_audience_rests_and_goes_on(house: House) -> None:
    with house.enter("mine") as talk:
        talk.do("speed", steps_per_second=0)
        talk.do("play")
        talk.frame(lambda frame: frame["step"] > 100)
    with house.enter("other") as other:
        other.do("step", count=50)
        other.at(50)
    with house.enter("mine") as talk:
        frame = talk.kind("frame")
        assert frame["status"] == "running"
        talk.frame(lambda later: later["step"] > frame["step"])


def test_a_restarted_server_goes_on_from_what_the_page_knows() -> None:
    with housed() as house, house.enter() as talk:
        talk.do("step", count=10)
        talk.do("set", learning_rate=0.2)
        talk.do("set", optimizer="adam")
        talk.do("step", count=400)
        before = talk.at(410)
        state = talk.state
    with housed() as house, house.enter(config=state["config"], log=state["log"], step=410, playing=False) as talk:
        after = talk.frame(lambda frame: frame["step"] == 410)
        assert after["arrays"]["P"].tobytes() == before["arrays"]["P"].tobytes()
        assert talk.state["log"] == state["log"]
        assert talk.state["config"] == state["config"]
        reasons = [message.get("reason") for message in talk.heard if message["kind"] == "state"]
        assert {"code": "rebuilt"} in reasons


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"config": {"loss": "magic"}}, "unknown_choice"),
        ({"config": {"network": {"hidden": [128] * 65}}}, "out_of_range"),
        ({"config": {}, "log": [{"step": 3}]}, "bad_config"),
        ({"config": {}, "log": [{"step": 3, "change": {"learning_rate": 1}}] * 20_000}, "log_full"),
        ({"version": 2}, "version"),
    ],
)
def test_a_hello_that_cannot_be_is_refused_and_opens_nothing(house: House, fields: dict[str, Any], code: str) -> None:
    with house.visit() as talk:
        assert talk.ask("hello", secret=SECRET, **fields)["code"] == code
        assert house.client.get("/healthz").json()["sessions"] == 0
        assert talk.hello()["resumed"] is False


def test_divergence_is_told_and_recovered_from(talk: Talk) -> None:
    talk.do("configure", loss="mse", network={"hidden": [4], "activation": "relu", "output": "identity"})
    talk.do("step", count=20)
    talk.do("set", learning_rate=100)
    talk.do("play")
    state = talk.until(lambda message: message["kind"] == "state" and message["status"]["kind"] == "diverged")
    assert state["status"]["good_step"] == 20
    assert not state["playing"]
    assert talk.ask("play")["code"] == "diverged"
    assert talk.do("recover")["learning_rate"] == 0.5
    frame = talk.frame(lambda frame: frame["step"] > 22 and frame["learning_rate"] == 0.5)  # not one from before
    assert np.isfinite(frame["loss"])


def test_two_clients_of_a_session_see_the_same(house: House) -> None:
    with house.enter() as one, house.enter() as two:
        one.do("set", learning_rate=0.125)
        assert two.frame(lambda frame: frame["learning_rate"] == 0.125)["step"] == 0
        two.do("step", count=4)
        first, second = one.at(4), two.at(4)
        assert first["arrays"]["P"].tobytes() == second["arrays"]["P"].tobytes()


def test_sessions_do_not_know_each_other(house: House) -> None:
    with house.enter("a") as one, house.enter("b") as two:
        one.do("set", learning_rate=0.125)
        one.do("step", count=5)
        one.at(5)
        two.do("step", count=5)
        assert two.at(5)["learning_rate"] == 0.5


def test_limits_are_told_in_words() -> None:
    with housed(Settings(limits=Limits(sessions=2, clients=1))) as house, house.enter("a"), house.enter("b"):
        with house.visit("a") as talk:
            assert talk.ask("hello", secret=SECRET)["code"] == "too_many_clients"
        with house.visit("c") as talk:
            reply = talk.ask("hello", secret=SECRET)
            assert reply["code"] == "too_many_sessions"
            assert "2 sessions" in reply["message"]


def test_a_full_server_lets_the_session_go_that_was_abandoned_longest_and_finds_it_again() -> None:
    with housed(Settings(limits=Limits(sessions=2))) as house:
        for name in ("a", "b"):
            with house.enter(name) as talk:
                talk.do("step", count=5)
                talk.at(5)
        with house.enter("c"), house.visit("b") as talk:
            assert talk.hello()["resumed"]
        with house.visit("a") as talk:
            assert talk.ask("hello", secret="another secret of enough characters")["code"] == "wrong_secret"
        with house.visit("a") as talk:
            assert talk.hello()["resumed"]
            assert talk.at(5)["status"] == "paused"


def test_an_abandoned_session_expires() -> None:
    with housed(Settings(expiry=0.05)) as house:
        with house.enter("a"):
            assert house.client.get("/healthz").json()["sessions"] == 1
        deadline = time.monotonic() + 5
        while house.client.get("/healthz").json()["sessions"]:
            assert time.monotonic() < deadline
            time.sleep(0.01)


def test_every_socket_hears_a_heartbeat() -> None:
    with housed(Settings(heartbeat=0.02)) as house, house.enter() as talk:
        assert talk.kind("welcome")["heartbeat"] == 0.02
        talk.kind("beat")
        talk.kind("beat")


def test_a_hasty_client_is_told_and_not_thrown_out() -> None:
    with housed(Settings(limits=Limits(messages_per_second=50, messages_at_once=10))) as house, house.enter() as talk:
        begin = time.monotonic()
        numbers = [talk.send("sample", row=index) for index in range(40)]
        replies = [talk.until(lambda message: message["kind"] == "reply") for _ in numbers]
        refused = [reply for reply in replies if reply.get("code") == "too_many"]
        assert len(refused) >= 40 - 10 - 1 - 50 * (time.monotonic() - begin)
        assert len(refused) < 40
        assert all("50 commands per second" in reply["message"] for reply in refused)
        while not talk.ask("sample", row=7)["ok"]:
            time.sleep(0.02)


def test_acknowledgements_cost_nothing() -> None:
    with housed(Settings(limits=Limits(messages_per_second=0.001, messages_at_once=5))) as house, house.enter() as talk:
        talk.do("speed", steps_per_second=0)
        talk.do("play")
        talk.frame(lambda frame: len(talk.frames) > 20)
        assert talk.ask("pause")["ok"]
        assert talk.ask("play")["code"] == "too_many"


def test_binary_messages_are_answered_in_words(house: House) -> None:
    with house.client.websocket_connect(f"{SOCKETS}/ws/r1") as socket:
        socket.send_bytes(b"\x00\x01")
        assert socket.receive_json()["code"] == "bad_message"


def test_a_server_that_ends_while_a_socket_is_open_does_not_hang() -> None:
    with client_of(create_app()) as client, client.websocket_connect(f"{SOCKETS}/ws/r1") as socket:
        socket.send_json({"op": "hello", "secret": SECRET})
        assert socket.receive_json()["ok"]


# Fuzz: whatever comes, nothing is left behind but replies.

WORDS = [*COMMANDS, "", "go_on", "éø", "__class__", "\ud800", "op", "id"]
HARMLESS = {"ping", "ack", "hello", "check"}


def anything(rng: random.Random, depth: int = 0) -> Any:
    """A value of any kind that JSON has."""
    kind = rng.randrange(9 if depth < 3 else 6)
    if kind == 0:
        return rng.choice([None, True, False])
    if kind == 1:
        return rng.choice([-1, 0, 1e308, -1e-308, 2**63, -(2**70), 0.5, 10**40])
    if kind == 2:
        return rng.randrange(-(10**6), 10**6)
    if kind in (3, 4):
        return "".join(rng.choices(string.printable + "é学\u0000\U0001f600", k=rng.randrange(30)))
    if kind == 5:
        return rng.choice(WORDS)
    if kind == 6:
        return [anything(rng, depth + 1) for _ in range(rng.randrange(4))]
    return {str(anything(rng, 3)): anything(rng, depth + 1) for _ in range(rng.randrange(4))}


def malformed(rng: random.Random) -> str:
    """A message that no session may obey."""
    kind = rng.randrange(6)
    if kind == 0:
        return "".join(rng.choices(string.printable, k=rng.randrange(200)))
    if kind == 1:
        return json.dumps(anything(rng))
    if kind == 2:
        whole = json.dumps({"id": 1, "op": rng.choice(WORDS), "x": anything(rng)})
        return whole[: rng.randrange(len(whole))]
    if kind == 3:
        return rng.choice(["[" * 5000, '{"a":' * 5000, '"' + "x" * 70_000 + '"', "NaN", '{"op":"play","id":1e400}'])
    op = rng.choice(sorted(COMMANDS))
    known = sorted(COMMANDS[op].fields)
    fields = {name: anything(rng) for name in rng.sample(known or ["x"], k=min(1, len(known)))}
    if kind == 4 or op in ("reset", "reseed", "play", "pause", "recover", "step", "step_back"):
        fields["nonsense " + str(rng.random())] = anything(rng)
    elif op not in HARMLESS:
        fields = dict.fromkeys(
            fields or ["x"], rng.choice([-5, "no such thing", [], {"no": {"such": "thing"}}, -(10**20)])
        )
        if op in ("set", "configure"):
            fields["learning_rate"] = rng.choice([-1, 101, "1", None, [], {}])
    return json.dumps({"id": rng.randrange(1000), "op": op, **fields})


def test_ten_thousand_malformed_messages_leave_no_trace_but_replies() -> None:
    rng = random.Random(7)
    limits = Limits(message_bytes=65_536, messages_per_second=1e9, messages_at_once=1e9)
    with housed(Settings(limits=limits)) as house, house.enter() as talk:
        talk.do("surface", off=True)
        talk.do("step", count=12)
        talk.do("set", learning_rate=0.25)
        before = talk.frame(lambda frame: frame["learning_rate"] == 0.25)
        state = {key: talk.state[key] for key in ("config", "log", "step", "playing", "status", "furthest")}
        for _ in range(100):
            for _ in range(100):
                talk.say(malformed(rng))
            number = talk.send("sample", row=0)
            talk.until(lambda message, number=number: message["kind"] == "reply" and message["id"] == number)
        replies = [message for message in talk.heard if message["kind"] == "reply"]
        refused = [reply for reply in replies if not reply["ok"]]
        assert len(refused) > 9000
        assert all(reply["code"] != "internal" and reply["message"] for reply in refused)
        talk.do("sample", row=1)
        after = talk.frame(lambda frame: frame["sample"] == 1)
        assert after["arrays"]["P"].tobytes() == before["arrays"]["P"].tobytes()
        assert {key: talk.state[key] for key in state} == state


def test_sockets_that_break_off_leave_the_session_sound(house: House) -> None:
    with house.enter("r1") as steady:
        for index in range(30):
            with house.visit("r1") as talk:
                if index % 3:
                    talk.hello()
                talk.send("step") if index % 2 else talk.say("{")
        steady.do("pause")
        steady.do("set", learning_rate=0.75)
        assert steady.frame(lambda frame: frame["learning_rate"] == 0.75)
        assert house.client.get("/healthz").json()["sessions"] == 1


def test_a_forgotten_session_closes_its_sockets() -> None:
    with housed() as house, house.enter("a") as talk:
        registry = house.client.app.state.opening.result()  # type: ignore[attr-defined]
        forget = partial(registry._sessions.forget, "a", Close.SESSION_CLOSED)
        house.client.portal.call(forget)  # type: ignore[union-attr]
        with pytest.raises((AssertionError, WebSocketDisconnect)):
            talk.until(lambda message: False, most=50)
