"""A room by itself: its rules, and what is kept of it."""

import pytest
from backscope.server.classroom.room import Room
from backscope.server.wire.rights import Role


def room() -> Room:
    return Room("lesson", 5.0, 9)


def test_one_drives() -> None:
    held = room()
    ada, ben = held.enter(b"a", "Ada"), held.enter(b"b", "Ben")
    assert held.roles_of(None) == {Role.HOST, Role.DRIVER}
    held.hand_to(ada.number)
    assert held.roles_of(None) == {Role.HOST}
    assert held.roles_of(ada) == {Role.FOLLOWER, Role.DRIVER}
    assert held.roles_of(ben) == {Role.FOLLOWER}
    held.paused = True
    assert held.roles_of(ada) == {Role.FOLLOWER}
    held.remove(ada.number, lambda: "NEWONE")
    assert held.driver is None


def test_an_old_code_lets_in_who_is_known_and_nobody_else() -> None:
    held = room()
    first = held.code
    ada = held.enter(b"a", "Ada")
    held.enter(b"b", "Ben")
    held.remove(ada.number, lambda: "NEWONE")
    assert held.answers_to(first, b"b")
    assert held.answers_to("NEWONE", b"x")
    assert not held.answers_to(first, b"x")


def test_what_is_kept_is_the_same_room() -> None:
    held = room()
    ada = held.enter(b"a", "Ada")
    ben = held.enter(b"b", "Ben")
    held.hand_to(ada.number)
    held.locked = held.closed_door = True
    held.remove(ben.number, lambda: "NEWONE")
    held.polls.ask("choice", 3, {"text": "Why?", "choices": ["a", "b"], "right": 1}, [0])
    held.polls.answer(1, ada.number, "Ada", 1)
    again = Room.from_json("lesson", held.to_json(), 9)
    assert again.told() == {**held.told(), "present": 0}
    assert again.to_json() == held.to_json()
    for wrong in ("", "{}", '{"code": 3}', held.to_json().replace('"roster"', '"rooster"')):
        with pytest.raises(ValueError, match="cannot be read"):
            Room.from_json("lesson", wrong, 9)
