"""What front and hosts say to each other: records that survive the way to another process."""

import pickle
from typing import Any, get_args

import pytest
from backscope.server.wire import messages
from backscope.server.wire.messages import Cost, Frame, Open, Part, Position, Ready, Record, ToFront, ToHost, Work

SAID: list[Any] = [*get_args(ToHost), *get_args(ToFront)]


def test_both_ways_are_known_and_none_is_left_out() -> None:
    assert not set(get_args(ToHost)) & set(get_args(ToFront))
    named = {
        one for one in vars(messages).values() if isinstance(one, type) and "session" in getattr(one, "_fields", ())
    }
    assert named == set(SAID)


@pytest.mark.parametrize("kind", SAID, ids=lambda kind: kind.__name__)
def test_every_message_names_its_session_first_and_arrives_as_it_was_sent(kind: Any) -> None:
    assert kind._fields[0] == "session"
    message = kind(*(f"{name} of it" for name in kind._fields))
    found = pickle.loads(pickle.dumps(message))
    assert type(found) is kind
    assert found == message
    assert found.session == "session of it"


def test_what_is_not_told_is_nothing() -> None:
    assert Ready().session == ""
    assert Open("r", Record({}), None).kept is None
    record = Record({"seed": 1})
    assert (record.step, record.playing, record.lane, record.cost, record.deeds) == (0, False, 0, Cost(), ((), ()))
    assert Record({}).others is not record.others
    assert Position(1, 2, 3, 4).others == ()


def test_frames_and_work_arrive_whole() -> None:
    at = Position(1, 20, 3, 4, ((1, 18),))
    frame = Frame("r", 7, at, b"body", (Part(None, (("layout", b"l"),), b"head", b"tail"),))
    assert pickle.loads(pickle.dumps(frame)) == frame
    work = pickle.loads(pickle.dumps(Work(divmod, (7, 2), 10)))
    assert (work.function(*work.task), work.size, work.first) == ((3, 1), 10, 1)
