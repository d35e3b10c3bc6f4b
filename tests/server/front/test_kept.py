"""Runs outlive every process: killed without a word, all come back where they were, bit for bit."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest
from backscope.core.config.config import RunConfig
from backscope.core.data.tables import UPLOADS, Table
from backscope.core.run.log import LogEntry
from backscope.core.run.trainer import Trainer
from backscope.server.front.kept import (
    exported,
    record_from_json,
    record_to_json,
    table_from,
    table_from_bytes,
    table_to_bytes,
    table_to_json,
)
from backscope.server.wire.edits import Edit, beginning
from backscope.server.wire.messages import Record
from backscope.server.wire.packing import Damaged
from backscope.server.wire.presets import PRESETS
from talking import SECRET, Command, House, Talk, started

TABLE = "a,b,answer\n" + "\n".join(f"{i * 0.37},{(i * i) % 7},{'yes' if i % 3 else 'no'}" for i in range(60))


@pytest.fixture(autouse=True)
def no_upload_stays() -> Iterator[None]:
    yield
    UPLOADS.clear()


def kill_all(command: Command) -> None:
    os.killpg(command.process.pid, signal.SIGKILL)
    command.process.communicate()


def twin_of(talk: Talk, steps: int) -> Trainer:
    """Train what a client was told of a run, from step 0."""
    begun, edits = beginning(talk.state["config"], talk.state["log"])
    twin = Trainer.from_log(begun, [LogEntry(0, edit.step, 0, edit.change) for edit in edits])
    twin.run(steps)
    return twin


def play_to(talk: Talk, step: int) -> None:
    talk.do("speed", steps_per_second=0)
    talk.do("play")
    talk.frame(lambda frame: frame["step"] > step)


@pytest.mark.parametrize("who", ["all", pytest.param("front", marks=pytest.mark.long)])
def test_whoever_is_killed_a_run_goes_on_where_it_was(who: str, tmp_path: Path) -> None:
    with started("--trainers", "1", "--data-dir", str(tmp_path)) as command, command.visit("mine") as talk:
        talk.hello()
        assert talk.kind("welcome")["keeps"]
        play_to(talk, 2000)
        change = talk.send("set", learning_rate=0.017)
        talk.until(lambda message: message["kind"] == "saved" and message["id"] >= change)
        newest = talk.frame()["step"]
        if who == "all":
            kill_all(command)
        else:
            command.process.kill()
            command.process.communicate()
    with started("--trainers", "1", "--data-dir", str(tmp_path)) as command:
        with command.visit("mine") as talk:
            assert talk.ask("hello", secret="not its secret at all")["code"] == "wrong_secret"
        with command.visit("mine") as talk:
            assert talk.hello()["resumed"]
            assert talk.kind("state")["playing"]
            talk.frame(lambda frame: frame["step"] > newest)  # it plays on
            talk.do("pause")
            step = talk.kind("state", playing=False)["step"]
            assert talk.state["config"]["optimizer"]["learning_rate"] == 0.017
            last = talk.at(step)
            assert last["arrays"]["P"].tobytes() == twin_of(talk, step).theta.astype(np.float32).tobytes()


def test_own_data_come_back_too_and_another_process_begins_near_the_end(tmp_path: Path) -> None:
    with started("--trainers", "1", "--data-dir", str(tmp_path)) as command, command.visit("mine") as talk:
        talk.hello()
        url = f"http://{command.host}:{command.port}/upload/mine"
        option = httpx.post(url, content=TABLE, headers={"X-Backscope-Secret": SECRET}, timeout=60).json()["option"]
        talk.do("configure", data={"name": option["name"]})
        play_to(talk, 200)
        time.sleep(2.5)  # until a state has been packed up
        talk.do("pause")
        state = talk.kind("state", playing=False)
        before = talk.at(state["step"])["arrays"]["P"].tobytes()
        time.sleep(0.5)
        kill_all(command)
    with started("--trainers", "1", "--data-dir", str(tmp_path)) as command, command.visit("mine") as talk:
        assert talk.hello()["resumed"]
        assert talk.kind("state")["config"]["data"]["name"] == option["name"]
        assert talk.at(state["step"])["arrays"]["P"].tobytes() == before
        talk.do("seek", step=150)
        again = talk.at(150)["arrays"]["P"].tobytes()
        talk.do("seek", step=state["step"])
        assert talk.at(state["step"])["arrays"]["P"].tobytes() == before
        assert again != before
        talk.do("configure", data={"name": "circle"})
        change = talk.send("configure", network={"bias": False})
        talk.until(lambda message: message["kind"] == "saved" and message["id"] >= change)
        kill_all(command)
    with started("--trainers", "1", "--data-dir", str(tmp_path)) as command, command.visit("mine") as talk:
        talk.hello()  # what can be undone is there too, and the run that was left with its own data
        ghost = talk.kind("state")["ghost"]
        assert (talk.state["undo"]["change"], ghost["step"]) == ({"network": {"bias": False}}, state["step"])
        talk.do("undo", ghost=True)
        assert talk.at(state["step"])["arrays"]["P"].tobytes() == before
        talk.do("redo")
        talk.do("redo")
        assert talk.kind("state", redo=None)["config"]["network"]["bias"] is False


def test_runs_are_listed_named_given_and_deleted_by_the_browser_that_keeps_them(house: House) -> None:
    with house.enter("mine", owner="the secret of a browser") as talk:
        url, secret = "/upload/mine", {"X-Backscope-Secret": SECRET}
        option = house.client.post(url, content=TABLE, headers=secret).json()["option"]
        talk.do("configure", data={"name": option["name"]})
        talk.do("step", count=3)
        talk.at(3)
    with house.enter("other", owner="the secret of a browser") as talk:
        (run,) = talk.do("runs")["runs"]
        assert (run["session"], run["name"], run["data"], run["here"]) == ("mine", "", option["name"], False)
        talk.do("run_name", session="mine", name=" Über alles <b> ")
        assert talk.do("runs")["runs"][0]["name"] == "Über alles <b>"
        assert "tables" not in talk.do("run_export", session="mine")["file"]
        file = talk.do("run_export", session="mine", tables=True)["file"]
        assert file["run"]["config"]["data"]["name"] == option["name"]
        (table,) = file["tables"]
        with house.enter("third", owner="the secret of another browser") as stranger:
            assert stranger.do("runs")["runs"] == []
            for op, fields in (("run_name", {"name": "x"}), ("run_delete", {}), ("run_export", {})):
                assert stranger.ask(op, session="mine", **fields)["code"] == "no_such_run"
        with house.visit("mine") as again:
            assert again.ask("hello", secret="the secret of another browser")["code"] == "wrong_secret"
        with house.visit("mine") as again:
            assert again.hello(secret="the secret of a browser")["resumed"]
            assert talk.ask("run_delete", session="mine")["code"] == "run_open"
        talk.do("run_delete", session="mine")
        assert talk.do("runs")["runs"] == []
        answer = house.client.post("/table/other", json=table, headers=secret)
        assert answer.json() == {"ok": True, "name": option["name"]}
        for wrong in ({**table, "target": "else"}, {**table, "X": 3}, [], "text"):
            assert house.client.post("/table/other", json=wrong, headers=secret).json()["code"] == "bad_table"
        assert house.client.post("/table/other", json=table).json()["code"] == "wrong_secret"
    with house.enter("fourth") as talk:
        assert talk.ask("runs")["code"] == "no_owner"


@pytest.mark.long
def test_three_million_steps_are_back_within_five_seconds(tmp_path: Path) -> None:
    with started("--trainers", "1", "--data-dir", str(tmp_path)) as command, command.visit("far") as talk:
        talk.hello()
        play_to(talk, 3_000_000)
        kill_all(command)
    with started("--trainers", "1", "--data-dir", str(tmp_path)) as command, command.visit("far") as talk:
        begin = time.monotonic()
        assert talk.hello()["resumed"]
        talk.frame(lambda frame: frame["step"] > 3_000_000)
        seconds = time.monotonic() - begin
        talk.do("pause")
        step = talk.kind("state", playing=False)["step"]
        last = talk.at(step)["arrays"]["P"].tobytes()
        assert last == twin_of(talk, step).theta.astype(np.float32).tobytes()
        print(f"back after {seconds:.2f} s")
        assert seconds < 5


def test_a_record_comes_back_from_its_json() -> None:
    config = PRESETS["spiral"]
    edit = Edit(12, {"learning_rate": 0.5}, {"optimizer": config.to_json()["optimizer"]})
    other = config.edited({"learning_rate": 0.2})
    record = Record(config.to_json(), (edit,), 40, True, 0.0, 3, {}, 0, 1, {0: (other.to_json(), ())})
    found = record_from_json(record_to_json(record))
    assert (found.config, found.log, found.others) == (record.config, record.log, record.others)
    assert (found.step, found.playing, found.speed, found.sample, found.lane) == (40, True, 0.0, 3, 1)
    run = exported(record_to_json(record), 41)
    assert run["step"] == 41
    assert RunConfig.from_json(run["config"]).optimizer.learning_rate == 0.5
    assert beginning(run["config"], run["log"])[0] == config
    assert [lane["id"] for lane in run["lanes"]] == [1, 0]


def test_a_table_comes_back_by_its_name_and_what_is_none_is_refused() -> None:
    X = np.array([[0.1, 2.0], [1 / 3, -1.0], [5e-9, 0.0]])
    table = Table(("a", "b"), X, "y", "binary", np.array([0, 1, 1]), ("no", "yes"))
    assert table_from_bytes(table_to_bytes(table)).name == table.name
    values = table_to_json(table)
    assert table_from(values).name == table.name
    wrong = [{"answers": [0, 1]}, {"answers": [0, 1, 2]}, {"X": [[1, 2], [3]]}, {"kind": "?"}, {"columns": ["a", "a"]}]
    wrong += [{"X": [[1, float("nan")]] * 3}, {"X": "text"}, {"class_names": ["one"]}]
    for change in wrong:
        with pytest.raises(Damaged):
            table_from({**values, **change})
