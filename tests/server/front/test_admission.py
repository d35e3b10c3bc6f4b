"""The host token, and the pass that a browser gets for it."""

import asyncio
import json
from typing import Any

import pytest
from backscope.server.front.admission import Admission
from backscope.server.wire.commands import CommandError
from classes import SECRET, Class, Person, played, take

TOKEN = "the-right-token-of-this-server"
OWNER = "the secret of a browser"


def refused(admission: Admission, fields: dict[str, Any]) -> str:
    with pytest.raises(CommandError) as caught:
        admission.admit(fields)
    return caught.value.code


def test_nothing_is_asked_where_there_is_no_token() -> None:
    for fields in ({}, {"token": "any"}, {"pass": "any"}, {"owner": OWNER}):
        assert Admission(None).admit(fields) == {}


@pytest.mark.parametrize("token", ["", "wrong", "rïght", TOKEN + " ", TOKEN[:-1], "\ud800", "a" * 1000])
def test_a_wrong_token_is_told_apart_from_a_missing_one(token: str) -> None:
    admission = Admission(TOKEN)
    kept = admission.admit({"token": TOKEN, "owner": OWNER})
    assert refused(admission, {"token": token, "owner": OWNER, **kept}) == "token_wrong"
    assert refused(admission, {"owner": OWNER}) == "token_required"
    assert refused(admission, {"owner": OWNER, "pass": token}) == "token_required"
    assert refused(admission, {}) == "token_required"


def test_the_token_is_exchanged_for_a_pass_that_is_of_use_to_one_browser_and_one_token_alone() -> None:
    kept = Admission(TOKEN).admit({"token": TOKEN, "owner": OWNER})
    assert TOKEN not in kept["pass"]
    assert Admission(TOKEN).admit({"owner": OWNER, **kept}) == {}  # after a restart, too
    assert refused(Admission(TOKEN), {"owner": "another", **kept}) == "token_required"
    assert refused(Admission(TOKEN), kept) == "token_required"
    assert refused(Admission("another-token-of-it"), {"owner": OWNER, **kept}) == "token_required"
    assert Admission(TOKEN).admit({"token": TOKEN}) == {}  # a client without a secret has to bring it every time


def test_a_student_who_has_the_rooms_code_alone_opens_the_copy_that_is_theirs_and_nothing_else() -> None:
    async def scene(room: Class) -> None:
        own = await take(room, await room.join("Ada"), "mine")
        assert (await own.do("step"))["ok"]
        own.leave()
        for session, secret in (("mine", "not the secret of it".ljust(30, ".")), ("new", SECRET), ("lesson", SECRET)):
            person = Person(room.registry)
            await room.registry.handle(person.client, session, json.dumps({"op": "hello", "secret": secret}))
            person.draw()
            assert (person.client.audience is not None) == (session == "lesson"), session
            if session != "lesson":
                assert person.replies[-1]["code"] == "token_required"
        await room.teacher.do("room_close")
        again = Person(room.registry)
        secret = "a secret of mine".ljust(30, ".")
        await room.registry.handle(again.client, "mine", json.dumps({"op": "hello", "secret": secret}))
        assert again.client.audience is not None  # it stays theirs
        await asyncio.sleep(0)

    played(scene, token=TOKEN)
