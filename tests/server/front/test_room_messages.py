"""Whatever is sent to a room by whoever is in it: it is answered, never fails inside, and a follower changes no run."""

import json
from typing import Any

from backscope.server.classroom.room import Room
from backscope.server.front.commands import COMMANDS
from backscope.server.front.room_commands import OF_ROOMS
from backscope.server.wire.rights import Role
from classes import Class, played
from hypothesis import given, settings
from hypothesis import strategies as st

#: Numbers that are near to right, and far from it; a step far ahead would be trained for its answer.
NUMBERS = st.sampled_from([-1, 0, 1, 2, 3, 40, 2**31, 2**53 + 1, 0.5, -0.25, 1e308])
WORDS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["loss", "choice", "words", "lane", "rate", "converge", "network", "copy", "\u202e", "=1+1", "x" * 900]
    ),
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, WORDS),
    lambda inner: st.one_of(st.lists(inner, max_size=9), st.dictionaries(WORDS, inner, max_size=4)),
    max_leaves=12,
)
#: What some fields are when they are right: else hardly a message would come further than the check of its fields.
RIGHT: dict[str, st.SearchStrategy[Any]] = {
    "kind": st.sampled_from(["loss", "choice", "words", "converge"]),
    "text": st.just("Why?"),
    "choices": st.just(["yes", "no", "=cmd()"]),
    "step": st.sampled_from([1, 20]),
    "number": st.sampled_from([1, 2]),
    "member": st.sampled_from([1, 2, None]),
    "view": st.dictionaries(WORDS, VALUES, max_size=5),
}
#: Not the end of the room, after which nobody is in it; nor a second beginning, for which others have tests.
ROOM = sorted(op for op in OF_ROOMS if op not in ("join", "room_close"))
RUN = ["step", "reset", "set", "configure", "seek", "play", "undo"]


@st.composite
def messages(draw: st.DrawFn, ops: list[str]) -> dict[str, Any]:
    """A command with some of its fields, right or wrong."""
    op = draw(st.sampled_from(ops))
    fields = {
        name: draw(st.one_of(VALUES, RIGHT[name]) if name in RIGHT else VALUES)
        for name in COMMANDS[op].fields
        if draw(st.integers(0, 4))
    }
    return {"op": op, **fields}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["teacher", "Ada", "Ben"]), messages(ROOM)), max_size=30))
def test_every_message_is_answered_and_the_room_is_kept_as_it_is(sent: list[tuple[str, dict[str, Any]]]) -> None:
    async def scene(room: Class) -> None:
        people = {"teacher": room.teacher, "Ada": await room.join("Ada"), "Ben": await room.join("Ben")}
        for who, message in sent:
            person = people[who]
            if person.client.closed is None:
                reply = await person.ask(**message)
                assert reply["ok"] or reply["code"] != "internal", (message, reply)
        held = room.held
        told = json.dumps([held.told(), held.roster.told(lambda member: False)], allow_nan=False)
        again = Room.from_json("lesson", held.to_json(), 500)
        for one, other in zip(held.roster, again.roster, strict=True):
            assert (one.number, one.name, one.secret) == (other.number, other.name, other.secret)
        assert again.polls.told() == held.polls.told()
        assert json.loads(told)
        for line in held.polls.csv(named=True).splitlines():
            assert not line.startswith(("=", "+", "-", "@"))

    played(scene)


@settings(max_examples=30, deadline=None)
@given(st.lists(messages([*ROOM, *RUN]), max_size=30))
def test_what_a_follower_sends_changes_neither_run_nor_rules(sent: list[dict[str, Any]]) -> None:
    async def scene(room: Class) -> None:
        ada = await room.join("Ada")
        await room.teacher.do("step", count=5)
        entry, held = room.registry._sessions.entries.known("lesson"), room.held
        rules = (held.code, held.paused, held.locked, held.closed_door, held.own_pace, held.driver)
        before = entry.record.config, entry.record.log, entry.step
        for message in sent:
            reply = await ada.ask(**message)
            if Role.FOLLOWER not in COMMANDS[message["op"]].who:
                assert not reply["ok"]
        assert (entry.record.config, entry.record.log, entry.step) == before
        assert (held.code, held.paused, held.locked, held.closed_door, held.own_pace, held.driver) == rules

    played(scene)
