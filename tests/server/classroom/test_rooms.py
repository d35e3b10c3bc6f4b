"""All rooms: found by codes, limited, and closed when nobody comes."""

import pytest
from backscope.server.classroom.rooms import EXPIRY, Rooms
from backscope.server.wire.commands import CommandError


def test_a_session_has_one_room_which_its_code_opens() -> None:
    rooms = Rooms(2, 9, lambda: 0.0)
    one, other = rooms.open("one"), rooms.open("other")
    assert rooms.open("one") is one
    assert rooms.find(one.code.lower(), b"x") is one
    assert rooms.find(other.code, b"x") is other
    assert rooms.find("", b"x") is None
    with pytest.raises(CommandError, match="holds 2 rooms"):
        rooms.open("third")
    assert rooms.close("one") is one
    assert rooms.find(one.code, b"x") is None
    assert rooms.close("one") is None


def test_a_room_that_nobody_comes_to_is_closed_in_the_end() -> None:
    now = [0.0]
    rooms = Rooms(2, 9, lambda: now[0])
    room = rooms.open("one")
    member = room.enter(b"a", "Ada")
    member.sockets.add(1)
    now[0] = EXPIRY + 1
    assert rooms.expired() == []
    member.sockets.clear()
    assert rooms.expired() == ["one"]
    rooms.touch(room)
    assert rooms.expired() == []


def test_what_was_kept_is_there_again_and_what_cannot_be_read_is_named() -> None:
    kept = Rooms(2, 9, lambda: 0.0).open("one")
    rooms = Rooms(2, 9, lambda: 0.0)
    assert rooms.take([("one", kept.to_json()), ("other", "{")]) == ["other"]
    assert rooms.find(kept.code, b"x") is rooms.of("one")
    assert rooms.of("other") is None
