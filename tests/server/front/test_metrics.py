"""The numbers for Prometheus, and a log in which no secret stands."""

import json
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from backscope.server.front.client import Client
from backscope.server.front.tally import BOUNDS, Tally, Times
from backscope.server.wire import log
from backscope.server.wire.settings import Limits, Settings
from prometheus_client.parser import text_string_to_metric_families
from talking import SECRET, House, housed, started


def numbers(house: House, **headers: str) -> dict[str, float]:
    reply = house.client.get("/metrics", headers=headers)
    assert reply.status_code == 200
    found = {}
    for family in text_string_to_metric_families(reply.text):
        for sample in family.samples:
            found[sample.name + "".join(f",{value}" for value in sample.labels.values())] = sample.value
    return found


def test_the_numbers_follow_what_happens(house: House) -> None:
    before = numbers(house)
    assert before["backscope_sessions"] == 0
    with house.enter("r1") as talk, house.enter("r1") as other:
        talk.do("step", count=40)
        talk.at(40)
        assert talk.ask("set", learning_rate=-1)["code"] == "out_of_range"
        now = numbers(house)
        assert (now["backscope_sessions"], now["backscope_sessions_watched"], now["backscope_clients"]) == (1, 1, 2)
        assert now["backscope_refused_total,out_of_range"] == 1
        assert now["backscope_frames_total"] >= 2
        for _ in range(500):
            if numbers(house)["backscope_steps_total"] == 40:
                break
            time.sleep(0.02)
        else:
            raise AssertionError("the steps were not counted")
        assert now["backscope_memory_estimated_bytes"] > 1e6
        code = talk.do("room_open")["code"]
        with house.visit("r2") as student:
            student.do("join", code=code, name="Ada", secret="the browser of Ada", version=1)
            now = numbers(house)
            assert (now["backscope_rooms"], now["backscope_members"], now["backscope_clients"]) == (1, 1, 3)
        assert other
        talk.do("play")
        for _ in range(5):
            talk.frame()
    drawn = numbers(house)
    assert drawn["backscope_frame_seconds_count"] >= 1
    assert drawn["backscope_frame_seconds_bucket,+Inf"] == drawn["backscope_frame_seconds_count"]
    assert drawn["backscope_sessions_watched"] == 0


def test_a_frame_that_was_replaced_is_counted_and_times_fall_into_their_classes() -> None:
    tally = Tally()
    client = Client(1, Limits(), tally=tally)
    for frame in (b"1", b"2", b"3"):
        client.offer("frame", frame)
    assert (client.take(), client.take()) == (b"3", None)
    assert (tally.frames, tally.dropped) == (1, 2)
    client.seq = 5
    assert client.acknowledge(5)
    assert sum(tally.drawn.counts) == 1
    times = Times()
    for bound in BOUNDS:
        times.add(bound)
    times.add(1e9)
    assert times.counts == [1] * (len(BOUNDS) + 1)


def test_where_a_token_is_asked_for_numbers_ask_for_it_too() -> None:
    with housed(Settings(local=False, token="right")) as house:
        for header in ({}, {"authorization": "Bearer wrong"}, {"authorization": "right"}):
            assert house.client.get("/metrics", headers=header).status_code == 401
        assert numbers(house, authorization="Bearer right")["backscope_sessions"] == 0


OWNER, NAME, PASSWORD_LIKE = "the secret of this browser", "a-session-name", "nobody-may-read-this"


def test_each_fact_is_a_line_and_no_secret_stands_in_any(tmp_path: Path) -> None:
    options = ("--trainers", "1", "--log-format", "json", "--root-path", "/lab", "--data-dir", str(tmp_path))
    with started(*options) as command:
        assert command.token is None  # what a service prints becomes a part of its log
        token = (tmp_path / "host-token").read_text().strip()
        url = f"http://{command.host}:{command.port}"
        with command.visit(NAME) as talk:
            for fields in ({}, {"token": "wrong" + PASSWORD_LIKE}, {"pass": PASSWORD_LIKE * 2}):
                assert not talk.ask("hello", secret=SECRET, owner=OWNER, **fields)["ok"]
            talk.say({"op": "hello", "secret": SECRET, "token": PASSWORD_LIKE + "\ud800"})
            talk.say("{" + PASSWORD_LIKE)
            talk.say({"op": PASSWORD_LIKE, PASSWORD_LIKE: 1})
            kept = talk.hello(token=token, owner=OWNER)["pass"]
            talk.do("step", count=3)
            assert not talk.ask("set", learning_rate=PASSWORD_LIKE)["ok"]
        with command.visit(NAME) as talk:
            assert not talk.ask("hello", secret="x" + PASSWORD_LIKE, owner=OWNER[::-1], token=token)["ok"]
            assert talk.hello(owner=OWNER, **{"pass": kept})["resumed"]
        with command.stream(NAME) as talk:
            talk.hello(token=token)
        httpx.post(f"{url}/upload/{NAME}", headers={"x-backscope-secret": PASSWORD_LIKE}, content=b"1")
        httpx.get(f"{url}/{PASSWORD_LIKE}?token={token}", headers={"cookie": PASSWORD_LIKE})
        _, _, said = command.end()
    facts: list[dict[str, Any]] = [json.loads(line) for line in said.splitlines()]
    events = [fact["event"] for fact in facts]
    assert (events[0], events[-1]) == ("server_started", "server_ended")
    assert {"session_opened", "client_entered", "client_left", "hello_refused"} <= set(events)
    assert all({"time", "level", "event"} <= fact.keys() for fact in facts)
    assert {fact["code"] for fact in facts if fact["event"] == "hello_refused"} >= {"token_wrong", "token_required"}
    for secret in (token, kept, SECRET, OWNER, NAME, PASSWORD_LIKE):
        assert secret not in command.line + said


def test_text_says_what_is_wrong_and_json_says_all(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def say_all() -> str:
        log.note("good", number=1)
        log.warn("bad", "this is bad", number=2)
        try:
            raise ValueError("worse\nstill")
        except ValueError:
            log.fault("worst")
        return capsys.readouterr().err

    monkeypatch.delenv(log.VARIABLE, raising=False)
    said = say_all()
    assert said.startswith("backscope: this is bad\nTraceback")
    assert "good" not in said
    monkeypatch.setenv(log.VARIABLE, "json")
    facts = [json.loads(line) for line in say_all().splitlines()]
    assert [(fact["level"], fact["event"]) for fact in facts] == [
        ("info", "good"),
        ("warning", "bad"),
        ("error", "worst"),
    ]
    assert "ValueError" in facts[2]["trace"]
