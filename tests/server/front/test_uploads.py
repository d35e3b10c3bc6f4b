"""Own data: a file given by POST, trained on like any data set, kept as long as a session needs it."""

import json
from typing import Any

import numpy as np
import pytest
from backscope.core.data.csv_data import LARGEST_FILE
from backscope.core.data.tables import MOST_COLUMNS, OWN
from backscope.server.wire.settings import Limits, Settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from talking import SECRET, House, Talk, housed, started

PLANE = "height,width,good\n" + "".join(f"{i % 7},{i % 5},{int(i % 7 > i % 5)}\n" for i in range(60))
WIDE = "a,b,c,d,price\n" + "".join(f"{i},{i * i % 11},{i % 3},{-i},{i * 1.5}\n" for i in range(50))


def give(house: House, content: str | bytes, session: str = "r1", secret: str = SECRET, **options: Any) -> Any:
    body = content.encode() if isinstance(content, str) else content
    return house.client.post(f"/own/{session}", content=body, params=options, headers={"X-Backscope-Secret": secret})


def taken(house: House, content: str, **options: Any) -> dict[str, Any]:
    answer = give(house, content, **options)
    assert answer.json()["ok"], answer.text
    option: dict[str, Any] = answer.json()["option"]
    return option


@pytest.fixture(autouse=True)
def nothing_stays() -> Any:
    assert not OWN
    yield
    OWN.clear()


def test_a_file_is_trained_on_like_any_data_set(house: House, talk: Talk) -> None:
    option = taken(house, PLANE)
    assert (option["kind"], option["inputs"], option["samples"], option["own"]) == ("binary", 2, 60, True)
    assert [feature["label"] for feature in option["features"]] == ["height", "width"]
    assert talk.kind("own")["datasets"] == [option]
    assert talk.do("configure", data={"name": option["name"]})["restarted"]
    data = talk.kind("data", features=["height", "width"])
    assert data["n"] == 60
    assert data["domain"] is not None
    talk.do("step", count=20)
    assert 0 < talk.at(20)["loss"] < 1
    talk.do("check")


def test_columns_target_and_kind_can_be_chosen(house: House, talk: Talk) -> None:
    option = taken(house, WIDE)
    assert (option["kind"], option["inputs"], option["target"]) == ("regression", 4, "price")
    option = taken(house, WIDE, target=3, kind="classes", ignore="1,5")
    assert (option["kind"], option["class_names"], option["target"]) == ("classes", ["0", "1", "2"], "c")
    assert [feature["label"] for feature in option["features"]] == ["b", "d"]
    talk.do("configure", data={"name": option["name"]})
    assert talk.kind("layout", sizes=[2, 4, 2, 3])


def test_defects_are_told_by_row_and_column_with_the_columns_that_there_are(house: House, talk: Talk) -> None:
    answer = give(house, "a,b,y\n1,x,0\n,2,1\n3,4,1\n5,6\n")
    assert answer.status_code == 200
    reply = answer.json()
    assert not reply["ok"]
    assert [(one["problem"], one["row"], one["column"]) for one in reply["defects"]] == [
        ("not_a_number", 2, 2), ("empty", 3, 1), ("fields", 5, None),
    ]  # fmt: skip
    assert reply["count"] == 3
    assert [column["name"] for column in reply["columns"]] == ["a", "b", "y"]
    assert not OWN
    assert len(give(house, "a,y\n" + "x,1\n2,1\n" * 400).json()["defects"]) == 100


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"target": "0"}, "a column must lie in"),
        ({"target": "last"}, "a column must lie in"),
        ({"ignore": f"1,{MOST_COLUMNS + 2}"}, "a column must lie in"),
        ({"kind": "guess"}, "kind must be one of classes, regression, got 'guess'"),
    ],
)
def test_options_that_cannot_be_are_refused(house: House, talk: Talk, options: dict[str, Any], words: str) -> None:
    answer = give(house, PLANE, **options)
    assert answer.status_code == 400
    assert words in answer.json()["message"]
    assert not give(house, PLANE, target=9).json()["ok"]


def test_strangers_and_large_files_are_turned_away(house: House, talk: Talk) -> None:
    assert give(house, PLANE, secret="another secret of enough").status_code == 403
    assert give(house, PLANE, session="r2").status_code == 403
    assert house.client.post("/own/r1", content=PLANE).status_code == 403
    answer = give(house, b"1,2\n" * (LARGEST_FILE // 4 + 1))
    assert answer.status_code == 413
    assert answer.json()["message"] == "a file must not be larger than 10 MB"
    assert house.client.post("/own/..%2f..%2fetc", content=PLANE).status_code in (403, 404, 405)
    assert not OWN


def test_a_server_keeps_no_more_than_it_has_room_for() -> None:
    with housed(Settings(limits=Limits(own_bytes=2000))) as house, house.enter():
        assert give(house, PLANE).status_code == 200
        answer = give(house, WIDE)
        assert answer.status_code == 507
        assert answer.json()["code"] == "own_data_full"
        assert len(OWN) == 1


def test_what_nobody_needs_is_dropped(house: House, talk: Talk) -> None:
    first = taken(house, PLANE)["name"]
    second = taken(house, WIDE)["name"]
    assert set(OWN) == {second}
    talk.do("configure", data={"name": second})
    talk.kind("state")
    third = taken(house, PLANE)["name"]
    assert third == first
    assert set(OWN) == {second, third}
    talk.do("configure", data={"name": "circle"})
    talk.until(lambda message: set(OWN) == {third})


def test_a_client_that_comes_back_finds_its_data(house: House) -> None:
    with house.enter() as talk:
        option = taken(house, PLANE)
        talk.do("configure", data={"name": option["name"]})
        talk.do("step", count=3)
        loss = talk.at(3)["loss"]
    with house.enter() as talk:
        assert talk.kind("own")["datasets"] == [option]
        assert talk.at(3)["loss"] == loss


def test_a_link_to_own_data_opens_where_they_are_and_says_so_where_not(house: House) -> None:
    with house.enter() as talk:
        talk.do("configure", data={"name": taken(house, PLANE)["name"]})
        config = talk.kind("state")["config"]
        while config["data"]["name"] == "circle":
            config = talk.kind("state")["config"]
        with house.enter("r2", config=config) as other:
            assert other.kind("own")["datasets"][0]["name"] == config["data"]["name"]
            assert other.frame()["loss"] > 0
    with housed() as elsewhere, elsewhere.visit() as talk:
        OWN.clear()
        reply = talk.ask("hello", secret=SECRET, version=1, config=config)
        assert (reply["ok"], reply["code"]) == (False, "own_data")
        assert "give their file again" in reply["message"]
        assert talk.hello()["step"] == 0


def test_label_noise_and_lanes_work_on_own_data(house: House, talk: Talk) -> None:
    talk.do("configure", data={"name": taken(house, PLANE)["name"]})
    talk.do("lane_add", change={"learning_rate": 0.1})
    talk.do("set", label_noise=0.2)
    talk.do("step", count=5)
    assert talk.at(5)["loss"] > 0
    assert talk.ask("set", noise=0.2)["code"] == "bad_config"


def test_many_samples_need_a_smaller_net() -> None:
    with housed(Settings(limits=Limits(samples=400, layers=2, neurons=8))) as house, house.enter() as talk:
        many = "x,y\n" + "".join(f"{i},{i % 7 + 0.5}\n" for i in range(600))
        name = taken(house, many)["name"]
        reply = talk.ask("configure", data={"name": name}, network={"hidden": [8, 8]})
        assert "samples must be a whole number in [1, 355], got 600" in reply["message"]
        talk.do("configure", data={"name": name}, network={"hidden": [4]})


@given(
    content=st.one_of(
        st.binary(max_size=300),
        st.text(alphabet='1.5,;"\n\t ab-e\r\0é', max_size=300).map(lambda text: text.encode("utf-8", "replace")),
        st.lists(st.lists(st.floats(width=32), min_size=2, max_size=3), min_size=2, max_size=9).map(
            lambda rows: "\n".join(",".join(map(str, row)) for row in rows).encode()
        ),
    ),
    target=st.one_of(st.none(), st.integers(1, 4)),
    kind=st.sampled_from([None, "classes", "regression"]),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_file_gets_an_answer(house: House, talk: Talk, content: bytes, target: int | None, kind: str) -> None:
    options = {name: value for name, value in (("target", target), ("kind", kind)) if value is not None}
    answer = give(house, content, **options)
    assert answer.status_code == 200
    reply = json.loads(answer.text)
    assert reply["ok"] or (reply["defects"] and all(one["words"] for one in reply["defects"]))


def test_with_processes_every_one_of_them_gets_the_data() -> None:
    import http.client

    with started("--trainers", "1") as command, command.visit("r1") as talk:
        talk.hello()
        connection = http.client.HTTPConnection(command.host, command.port, timeout=20)
        connection.request("POST", "/own/r1", PLANE, {"X-Backscope-Secret": SECRET})
        name = json.loads(connection.getresponse().read())["option"]["name"]
        talk.do("configure", data={"name": name})
        surface = talk.kind("surface")
        assert np.isfinite(surface["arrays"]["grid"]).all()
        talk.do("step", count=5)
        assert talk.at(5)["loss"] > 0
