"""Uploads: a file given by POST, trained on like any data set, kept as long as a session needs it."""

import io
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from backscope.core.data.tables import MOST_COLUMNS, UPLOADS
from backscope.core.data.text_files import ENCODINGS, LARGEST_FILE
from backscope.server.front import reader
from backscope.server.front.uploads import read_upload
from backscope.server.wire.settings import Limits, Settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from stage import CIRCLE
from talking import SECRET, House, Talk, housed, started

PLANE = "height,width,good\n" + "".join(f"{i % 7},{i % 5},{int(i % 7 > i % 5)}\n" for i in range(60))
WIDE = "a,b,c,d,price\n" + "".join(f"{i},{i * i % 11},{i % 3},{-i},{i * 1.5}\n" for i in range(50))


def give(house: House, content: str | bytes, session: str = "r1", secret: str = SECRET, **options: Any) -> Any:
    body = content.encode() if isinstance(content, str) else content
    return house.client.post(f"/upload/{session}", content=body, params=options, headers={"X-Backscope-Secret": secret})


def taken(house: House, content: str, **options: Any) -> dict[str, Any]:
    answer = give(house, content, **options)
    assert answer.json()["ok"], answer.text
    option: dict[str, Any] = answer.json()["option"]
    return option


@pytest.fixture(autouse=True)
def nothing_stays() -> Any:
    assert not UPLOADS
    yield
    UPLOADS.clear()


def test_a_file_is_trained_on_like_any_data_set(house: House, talk: Talk) -> None:
    option = taken(house, PLANE)
    assert (option["kind"], option["inputs"], option["samples"], option["upload"]) == ("binary", 2, 60, True)
    assert [feature["label"] for feature in option["features"]] == ["height", "width"]
    assert talk.kind("uploads")["datasets"] == [option]
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
    assert talk.kind("layout", sizes=[2, *CIRCLE.network.hidden, 3])


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
    assert not UPLOADS
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
    assert house.client.post("/upload/r1", content=PLANE).status_code == 403
    answer = give(house, b"1,2\n" * (LARGEST_FILE // 4 + 1))
    assert answer.status_code == 413
    assert answer.json()["message"] == "a file must not be larger than 10 MB"
    assert house.client.post("/upload/..%2f..%2fetc", content=PLANE).status_code in (403, 404, 405)
    assert not UPLOADS


def test_a_server_keeps_no_more_than_it_has_room_for() -> None:
    with housed(Settings(limits=Limits(upload_bytes=2000))) as house, house.enter():
        assert give(house, PLANE).status_code == 200
        answer = give(house, WIDE)
        assert answer.status_code == 413
        assert answer.json()["code"] == "uploads_full"
        assert len(UPLOADS) == 1


def test_what_nobody_needs_is_dropped(house: House, talk: Talk) -> None:
    first = taken(house, PLANE)["name"]
    second = taken(house, WIDE)["name"]
    assert set(UPLOADS) == {second}
    talk.do("configure", data={"name": second})
    talk.kind("state")
    third = taken(house, PLANE)["name"]
    assert third == first
    assert set(UPLOADS) == {second, third}
    talk.do("configure", data={"name": "circle"})
    talk.until(lambda message: set(UPLOADS) == {third})


def test_a_client_that_comes_back_finds_its_data(house: House) -> None:
    with house.enter() as talk:
        option = taken(house, PLANE)
        talk.do("configure", data={"name": option["name"]})
        talk.do("step", count=3)
        loss = talk.at(3)["loss"]
    with house.enter() as talk:
        assert talk.kind("uploads")["datasets"] == [option]
        assert talk.at(3)["loss"] == loss


def test_a_link_to_an_upload_opens_where_they_are_and_says_so_where_not() -> None:
    with housed() as house, house.enter() as talk:
        talk.do("configure", data={"name": taken(house, PLANE)["name"]})
        config = talk.kind("state")["config"]
        while config["data"]["name"] == "circle":
            config = talk.kind("state")["config"]
        with house.enter("r2", config=config) as other:
            assert other.kind("uploads")["datasets"][0]["name"] == config["data"]["name"]
            assert other.frame()["loss"] > 0
    UPLOADS.clear()  # the first server has ended: in one process they share what is uploaded
    with housed() as elsewhere, elsewhere.visit() as talk:
        reply = talk.ask("hello", secret=SECRET, version=1, config=config)
        assert (reply["ok"], reply["code"]) == (False, "upload_gone")
        assert "give their file again" in reply["message"]
        assert talk.hello()["step"] == 0


def test_label_noise_and_lanes_work_on_uploads(house: House, talk: Talk) -> None:
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


def test_what_was_recognised_is_told_and_can_be_chosen_otherwise(house: House, talk: Talk) -> None:
    content = "2019;2020;größe\n1,234;7;0\n2,345;8;1\n3,456;9;0\n".encode("cp1252")
    reply = give(house, content).json()
    form = {"encoding": "windows-1252", "delimiter": ";", "decimal": None, "header": True, "sheet": None}
    assert (reply["ok"], reply["form"], reply["target"], reply["sheets"]) == (False, form, 3, [])
    (defect,) = reply["defects"]
    assert (defect["problem"], defect["row"], defect["column"]) == ("ambiguous", 2, 1)
    assert defect["params"] == {"value": "1,234", "one": "1234", "other": "1.234"}
    for decimal in (".", ","):
        reply = give(house, content, decimal=decimal).json()
        assert (reply["ok"], reply["form"]) == (True, {**form, "decimal": decimal})
    names = {"header": "names", "delimiter": ";", "encoding": "windows-1252", "decimal": ","}
    assert give(house, content, **names).json()["option"]["target"] == "größe"
    data = give(house, content, header="data", target=2, kind="classes").json()
    assert data["form"]["header"] is False
    assert give(house, content, delimiter="|").json()["form"]["delimiter"] == "|"


def test_a_workbook_can_be_given(house: House, talk: Talk) -> None:
    book = Workbook()
    book.active.append(["height", "kind"])
    for row in ([1.5, "a"], [2.5, "b"], [3, "a"]):
        book.active.append(row)
    book.create_sheet("Other").append(["x"])
    content = io.BytesIO()
    book.save(content)
    reply = give(house, content.getvalue()).json()
    assert (reply["ok"], reply["sheets"], reply["option"]["class_names"]) == (True, ["Sheet", "Other"], ["a", "b"])
    assert reply["form"]["sheet"] == "Sheet"
    reply = give(house, content.getvalue(), sheet="Other").json()
    assert (reply["ok"], reply["sheets"], reply["form"]["sheet"]) == (False, ["Sheet", "Other"], "Other")
    assert not give(house, content.getvalue(), sheet="none").json()["ok"]


def test_nothing_is_taken_in_from_who_does_not_know_the_secret(house: House, talk: Talk) -> None:
    taken_in = []

    def body() -> Iterator[bytes]:
        for _ in range(3):
            taken_in.append(1)
            yield b"1,2\n" * 1000

    answer = house.client.post("/upload/r1", content=body(), headers={"X-Backscope-Secret": "somebody else's"})
    assert answer.status_code == 403
    assert answer.json()["code"] == "wrong_secret"


def test_a_long_read_holds_up_no_surface(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = threading.Event()

    def slow(*arguments: Any) -> Any:
        assert drawn.wait(60)
        return read_upload(*arguments)

    monkeypatch.setattr(reader, "read_upload", slow)
    with house.enter() as talk, ThreadPoolExecutor(1) as pool:
        answer = pool.submit(give, house, PLANE)
        talk.do("configure", seed=7)
        talk.kind("surface")
        drawn.set()
        assert answer.result(60).json()["ok"]


CASES: dict[str, st.SearchStrategy[Any]] = {
    "content": st.one_of(
        st.binary(max_size=300),
        st.text(alphabet='1.5,;"\n\t ab-e\r\0é', max_size=300).map(lambda text: text.encode("utf-8", "replace")),
        st.lists(st.lists(st.floats(width=32), min_size=2, max_size=3), min_size=2, max_size=9).map(
            lambda rows: "\n".join(",".join(map(str, row)) for row in rows).encode()
        ),
        st.binary(max_size=100).map(lambda rest: b"PK\x03\x04" + rest),
    ),
    "target": st.sampled_from([None, 1, 2, 4, "0", "x", "é"]),
    "kind": st.sampled_from([None, "classes", "regression", "?"]),
    "ignore": st.sampled_from([None, "1", "1,2", ",", "a"]),
    "decimal": st.sampled_from([None, ",", ".", "x"]),
    "delimiter": st.sampled_from([None, ",", ";", "\t", " ", "|", "ab", "\0"]),
    "encoding": st.sampled_from([None, *ENCODINGS, "rot13", "\ud800".encode("utf-8", "surrogatepass")]),
    "header": st.sampled_from([None, "names", "data", "1"]),
    "sheet": st.sampled_from([None, "Sheet", "é"]),
}


@given(**CASES)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_file_gets_an_answer(house: House, talk: Talk, content: bytes, **options: Any) -> None:
    answer = give(house, content, **{name: value for name, value in options.items() if value is not None})
    assert answer.status_code in (200, 400)
    reply = json.loads(answer.text)
    if answer.status_code == 200:
        assert reply["ok"] or (reply["defects"] and all(one["words"] for one in reply["defects"]))
        assert set(reply["form"]) == {"encoding", "delimiter", "decimal", "header", "sheet"}
    else:
        assert (reply["ok"], reply["code"]) in [(False, "unknown_choice"), (False, "out_of_range")]
        assert reply["message"]


def test_with_processes_every_one_of_them_gets_the_data() -> None:
    import http.client

    with started("--trainers", "1") as command, command.visit("r1") as talk:
        talk.hello()
        connection = http.client.HTTPConnection(command.host, command.port, timeout=20)
        connection.request("POST", "/upload/r1", PLANE, {"X-Backscope-Secret": SECRET})
        name = json.loads(connection.getresponse().read())["option"]["name"]
        talk.do("configure", data={"name": name})
        surface = talk.kind("surface")
        assert np.isfinite(surface["arrays"]["grid"]).all()
        talk.do("step", count=5)
        assert talk.at(5)["loss"] > 0
