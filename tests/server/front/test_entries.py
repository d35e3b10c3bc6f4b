"""Who makes room for whom, and whose memory is wanted back."""

from typing import Any

import pytest
from backscope.server.front.audience import Audience
from backscope.server.front.client import Client
from backscope.server.front.entries import Entries, Entry, digest, member_place
from backscope.server.wire.commands import CommandError
from backscope.server.wire.messages import Cost, Record
from backscope.server.wire.settings import Limits


class Deaf:
    """A host that nobody needs."""

    alive = heard = True

    def send(self, message: Any) -> None: ...

    async def close(self) -> None: ...


def entry(name: str, address: str = "a", *, seen: float = 0.0, step: int = 0, attended: bool = False) -> Entry:
    audience = Audience(name, lambda want: None)
    if attended:
        audience.enter(Client(1, Limits()))
    record = Record({}, cost=Cost(0.001, 0.001, 100))
    return Entry(audience, digest(name), address, Deaf(), record, step, seen)


def of(*entries: Entry, **limits: int) -> Entries:
    found = Entries(Limits(**limits), lambda: 1000.0)
    for one in entries:
        found.add(one.audience.name, one)
    return found


def test_nobody_goes_while_there_is_room() -> None:
    assert of(entry("x"), sessions=2, address_sessions=2).who_makes_room("a") is None


def test_who_has_nothing_to_lose_goes_first_and_then_who_was_left_longest_ago() -> None:
    touched = [entry("old", seen=1, step=5), entry("older", seen=0, step=7)]
    fresh = [entry("new", seen=9), entry("newer", seen=10)]
    assert of(*touched, *fresh, sessions=4).who_makes_room("b") == "new"
    assert of(*touched, sessions=2).who_makes_room("b") == "older"


def test_an_address_makes_room_for_itself_and_never_takes_that_of_others() -> None:
    own = [entry(f"own{index}", "greedy", seen=index, step=1) for index in range(3)]
    other = entry("other", "calm")
    entries = of(other, *own, sessions=10, address_sessions=3)
    assert entries.who_makes_room("greedy") == "own0"
    assert entries.who_makes_room("calm") is None
    busy = [entry(f"own{index}", "greedy", attended=True) for index in range(3)]
    with pytest.raises(CommandError) as refused:
        of(other, *busy, sessions=10, address_sessions=3).who_makes_room("greedy")
    assert (refused.value.code, refused.value.params["high"]) == ("too_many_sessions", 3)


def test_copies_count_by_the_member_who_took_them_and_not_by_the_address_of_a_school() -> None:
    school = [entry(f"copy{index}", member_place("lesson", index), attended=True) for index in range(200)]
    entries = of(*school, sessions=600, address_sessions=2, copies=1)
    assert entries.who_makes_room(member_place("lesson", 200)) is None
    assert entries.who_makes_room("the school") is None
    with pytest.raises(CommandError, match="copies of one member"):
        entries.who_makes_room(member_place("lesson", 7))


def test_a_server_whose_sessions_are_all_looked_at_is_full() -> None:
    with pytest.raises(CommandError, match="all are in use"):
        of(entry("x", "a", attended=True), entry("y", "b", attended=True), sessions=2).who_makes_room("c")


@pytest.mark.parametrize("room", [0, 100, 250, 300, 1000])
def test_those_left_longest_ago_are_put_away_until_the_others_fit(room: int) -> None:
    entries = of(
        *(entry(f"left{index}", seen=float(index)) for index in range(4)),
        entry("watched", attended=True),
        entry("just left", seen=995.0),
        idle_bytes=room,
    )
    awake = 5 - len(entries.who_may_sleep())
    assert entries.who_may_sleep() == [f"left{index}" for index in range(5 - awake)]
    assert 100 * awake <= max(room, 100)
    entries.known("left0").asleep = True
    assert "left0" not in entries.who_may_sleep()


def test_the_secret_opens_a_session_and_nothing_else_does() -> None:
    entries = of(entry("x"))
    assert entries.check_secret("x", "x") is entries.known("x")
    for name, secret in (("x", "y"), ("y", "x"), ("x", "")):
        with pytest.raises(CommandError):
            entries.check_secret(name, secret)
