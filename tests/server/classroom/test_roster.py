"""Members: known by their secrets, told apart by their names, and forgotten when there is no room."""

import pytest
from backscope.server.classroom.roster import Roster
from backscope.server.wire.commands import CommandError


def test_a_member_is_who_has_the_secret() -> None:
    roster = Roster(5)
    ada, ben = roster.enter(b"a", "Ada"), roster.enter(b"b", "Ada")
    assert (ada.name, ben.name) == ("Ada", "Ada (2)")
    assert roster.enter(b"a", "Augusta") is ada
    assert ben.name == "Ada (2)"
    assert roster.known(b"c") is None
    with pytest.raises(CommandError, match="number 7"):
        roster.get(7)


def test_who_is_away_makes_room_and_who_is_here_does_not() -> None:
    roster = Roster(2)
    ada, ben = roster.enter(b"a", "Ada"), roster.enter(b"b", "Ben")
    ada.sockets.add(1)
    cem = roster.enter(b"c", "Cem")
    assert [member.name for member in roster] == ["Ada", "Cem"]
    assert cem.number == 3  # a number is nobody else's, ever
    assert not roster.has(ben.number)
    cem.sockets.add(2)
    with pytest.raises(CommandError, match="holds 2 people"):
        roster.enter(b"d", "Dee")


def test_what_is_told_of_members_and_what_is_kept_of_them() -> None:
    roster = Roster(9)
    for name in ("Ada", "Ben", "Cem", "Dee"):
        roster.enter(name.encode(), name)
    ada, ben, cem, _ = roster
    for member in (ada, ben, cem):
        member.sockets.add(member.number)
    ben.doing = "copy"
    told = roster.told(lambda member: member is cem)
    assert [one["state"] for one in told] == ["follows", "copy", "lags", "away"]
    again = Roster(9)
    again.take_json(roster.to_json())
    assert [(one.number, one.name, one.secret, one.doing, one.here) for one in again] == [
        (one.number, one.name, one.secret, one.doing, False) for one in roster
    ]
    assert again.enter(b"new", "Eve").number == 5
