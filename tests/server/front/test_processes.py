"""The command with real sockets and trainer processes: how it starts, how it ends, and what it survives."""

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import numpy as np
import pytest
from backscope.core.run.trainer import Trainer
from backscope.server.wire.presets import PRESETS
from talking import SECRET, Command, socket_of, started, trainers_of
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

#: Far above the second that it takes at most on a quiet machine, far below any wait for something that hangs.
QUICK = 8.0


@pytest.fixture(scope="module")
def command() -> Iterator[Command]:
    """A server with two trainer processes, for tests that leave it whole."""
    with started("--trainers", "2") as running:
        yield running


def wait(wanted: Callable[[], object], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not wanted():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_training_in_a_process_gives_the_same_bits_as_here(command: Command) -> None:
    with command.visit("same-bits") as talk:
        talk.hello(preset="spiral")
        talk.do("step", count=200)
        frame = talk.at(200)
    twin = Trainer(PRESETS["spiral"])
    twin.run(200)
    assert frame["arrays"]["P"].tobytes() == twin.theta.astype(np.float32).tobytes()


def test_sessions_are_spread_over_the_trainers(command: Command) -> None:
    with command.visit("one") as one, command.visit("two") as two:
        for talk in (one, two):
            talk.hello()
            talk.do("speed", steps_per_second=0)
            talk.do("play")
        for talk in (one, two):
            talk.frame(lambda frame: frame["step"] > 200)
        assert len(trainers_of(command)) >= 2


def test_the_trainer_of_the_next_session_starts_before_it_comes() -> None:
    with started("--trainers", "2") as command, command.visit("one") as talk:
        talk.hello()
        wait(lambda: httpx.get(f"http://{command.host}:{command.port}/healthz").json()["trainers"] == 2)


def test_an_oversized_message_ends_the_socket_and_not_the_session(command: Command) -> None:
    with command.visit("oversized") as talk:
        talk.hello()
        talk.do("step", count=9)
        talk.say('{"op":"set","learning_rate":' + " " * 2_000_000 + "1}")
        assert talk.until(lambda message: message["kind"] == "reply")["code"] == "too_large"
        with suppress(ConnectionClosed):
            talk.say(" " * 17_000_000)
        with pytest.raises(ConnectionClosed):
            talk.until(lambda message: False)
    with command.visit("oversized") as talk:
        reply = talk.hello()
        assert (reply["resumed"], reply["step"]) == (True, 9)


def test_a_trainer_that_is_killed_comes_back_with_its_sessions() -> None:
    with started("--trainers", "1") as command, command.visit("mine") as talk:
        talk.hello()
        talk.do("step", count=40)
        talk.do("set", learning_rate=0.25)
        talk.do("step", count=60)
        before = talk.at(100)
        surface = talk.kind("surface", progress=1.0)
        pool = trainers_of(command)
        (trainer,) = [child for child in pool if socket_of(child)]
        os.kill(trainer, signal.SIGKILL)
        state = talk.until(lambda message: message["kind"] == "state" and message.get("reason") is not None)
        assert state["reason"] == {"code": "trainer_restarted"}
        after = talk.frame(lambda frame: frame["step"] == 100 and frame["seq"] > before["seq"])
        for name in ("P", "G", "A", "Z", "D", "norms"):
            assert after["arrays"][name].tobytes() == before["arrays"][name].tobytes()
        assert after["learning_rate"] == 0.25
        talk.do("step")
        assert talk.at(101)["step"] == 101
        assert talk.kind("surface")["plane_id"] > surface["plane_id"]


def test_a_session_that_plays_goes_on_after_its_trainer_was_killed() -> None:
    with started("--trainers", "1") as command, command.visit("mine") as talk:
        talk.hello()
        talk.do("play")
        talk.frame(lambda frame: frame["step"] > 20)
        (trainer,) = [child for child in trainers_of(command) if socket_of(child)]
        os.kill(trainer, signal.SIGKILL)
        state = talk.until(lambda message: message["kind"] == "state" and message.get("reason") is not None)
        assert state["playing"]
        frame = talk.frame(lambda frame: frame["status"] == "running" and frame["step"] > state["step"] + 25)
        talk.do("pause")
        twin = Trainer(PRESETS["circle"])
        twin.run(frame["step"])
        assert frame["arrays"]["P"].tobytes() == twin.theta.astype(np.float32).tobytes()


def test_a_heavy_net_trains_in_a_process_of_its_own_and_comes_back_from_it() -> None:
    with started("--trainers", "1") as command, command.visit("heavy") as heavy, command.visit("light") as light:
        for talk in (heavy, light):
            talk.hello()
            talk.do("surface", off=True)
        wait(lambda: len(trainers_of(command)) >= 2)
        before = trainers_of(command)
        heavy.do("configure", network={"hidden": [128] * 30}, data={"samples": 2000}, batch_size=None)
        heavy.frame(lambda frame: frame["step"] == 0 and len(frame["arrays"]["A"]) > 3000)
        (own,) = trainers_of(command) - before
        heavy.do("step", count=1)
        deep = heavy.at(1)
        assert deep["loss"] > 0
        heavy.do("play")
        light.do("step", count=50)
        assert light.at(50)["step"] == 50
        heavy.do("configure", network={"hidden": [3]}, data={"samples": 200}, batch_size=10)
        heavy.do("pause")
        here = heavy.frame(lambda frame: len(frame["arrays"]["A"]) < 20)["step"]
        os.kill(own, signal.SIGKILL)
        heavy.do("step", count=5)
        assert heavy.frame(lambda frame: frame["status"] == "paused")["step"] >= here


def test_sockets_without_number_leave_enough_for_another_trainer() -> None:
    with started("--trainers", "1", descriptors=256) as command, command.visit("mine") as talk:
        talk.hello()
        talk.do("step", count=9)
        talk.at(9)
        flood = [socket.create_connection(("127.0.0.1", command.port)) for _ in range(400)]
        before = trainers_of(command)
        (trainer,) = [child for child in before if socket_of(child)]
        os.kill(trainer, signal.SIGKILL)
        wait(lambda: trainers_of(command) - before)
        talk.do("step", count=1)
        assert talk.at(10)["step"] == 10
        for one in flood:
            one.close()
        assert talk.do("step")


def test_ctrl_c_ends_everything_within_a_second_and_without_a_word() -> None:
    with started("--trainers", "1") as command, command.visit("mine") as talk:
        talk.hello()
        talk.do("speed", steps_per_second=0)
        talk.do("play")
        talk.kind("surface")
        children = command.children()
        assert len(children) >= 2
        code, seconds, said = command.end(signal.SIGINT)
        assert code == 0
        assert said == ""
        assert seconds < QUICK
        with pytest.raises(ConnectionClosed) as closed:
            talk.until(lambda message: False)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1012
        wait(lambda: not command.children())


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_running(how: signal.Signals) -> None:
    with started("--trainers", "1") as command:
        with connect(f"ws://127.0.0.1:{command.port}/ws/mine", max_size=None) as silent:
            silent.send('{"op":"hello","secret":"' + SECRET + '"}')
            silent.send('{"op":"speed","steps_per_second":0}')
            silent.send('{"op":"play"}')
            wait(lambda: len(trainers_of(command)) == 2)  # the trainer, and the worker of surfaces
            code, _, said = command.end(how)
        assert (code, said) == (0, "") if how is signal.SIGTERM else code == -how
        wait(lambda: not command.children())


@pytest.mark.parametrize("begun", [False, True])
def test_a_signal_to_the_whole_group_ends_everything_without_a_word(begun: bool) -> None:
    with started("--trainers", "1") as command:
        if begun:
            with command.visit("mine") as talk:
                talk.hello()
                talk.do("play")
                talk.kind("surface")
        os.killpg(command.process.pid, signal.SIGTERM)
        said = command.process.communicate(timeout=10)[1]
        assert (command.process.returncode, said) == (0, "")
        wait(lambda: not command.children())


def test_a_trainer_that_is_told_to_end_ends_and_another_takes_its_run() -> None:
    with started("--trainers", "1") as command, command.visit("mine") as talk:
        talk.hello()
        talk.do("step", count=40)
        before = talk.at(40)["seq"]
        (trainer,) = [child for child in trainers_of(command) if socket_of(child)]
        os.kill(trainer, signal.SIGTERM)
        state = talk.until(lambda message: message["kind"] == "state" and message.get("reason") is not None)
        assert state["reason"] == {"code": "trainer_restarted"}
        assert talk.frame(lambda frame: frame["seq"] > before and frame["step"] == 40)


def test_it_ends_at_once_also_when_it_has_just_begun() -> None:
    with started() as command:
        code, seconds, said = command.end(signal.SIGINT)
    assert (code, said) == (0, "")
    assert seconds < QUICK


def test_a_taken_port_is_told_and_the_next_one_is_used() -> None:
    with started("--trainers", "0") as first, started("--trainers", "0") as second:
        assert second.port > first.port
        assert "is taken" in second.line
        assert second.line.count("\n") == 1


def test_another_address_gets_a_token_that_has_to_be_known() -> None:
    with started("--trainers", "0", "--host", "0.0.0.0") as command:
        assert command.token is not None
        assert len(command.token) >= 16
        with command.visit("r1") as talk:
            assert talk.ask("hello", secret=SECRET)["code"] == "token_required"
            assert talk.hello(token=command.token)["ok"]


def test_behind_a_proxy_a_token_is_asked_for_which_outlives_the_server(tmp_path: Path) -> None:
    tokens = set()
    for _ in range(2):
        options = ("--trainers", "0", "--root-path", "/lab/", "--proxy", "127.0.0.1", "--data-dir", str(tmp_path))
        with started(*options) as command:
            tokens.add(command.token)
            assert "/lab/#token=" in command.line
            with command.visit("r1") as talk:
                assert talk.ask("hello", secret=SECRET)["code"] == "token_required"
                assert talk.hello(token=command.token)["ok"]
    assert len(tokens) == 1
    assert None not in tokens


def test_a_server_can_allow_smaller_networks_only_and_still_shows_its_first_picture() -> None:
    with started("--trainers", "0", "--max-layers", "2", "--max-neurons", "8") as command, command.visit("r1") as talk:
        assert talk.hello()["ok"]
        refused = talk.ask("configure", network={"hidden": [4, 4, 4]})
        assert (refused["code"], refused["params"]["high"]) == ("out_of_range", 2)
        assert talk.ask("configure", network={"hidden": [9]})["params"]["high"] == 8
