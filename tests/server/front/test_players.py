"""Who plays with a copy of a room's run hears what the class is asked, answers, and keeps the copy."""

import asyncio
import json
from typing import Any

from classes import Class, Person, played, take


def heard(person: Person) -> dict[str, Any]:
    told: dict[str, Any] = person.newest.get("copied_from", {})
    return told


def test_a_question_reaches_the_copy_is_answered_there_and_goes_when_it_is_over() -> None:
    async def scene(room: Class) -> None:
        own, teacher = await take(room, await room.join("Ada"), "mine"), room.teacher
        await own.until(lambda: heard(own).get("open") and heard(own)["poll"] is None)
        number = (await teacher.do("ask", kind="words", text="Why?"))["question"]
        await own.until(lambda: heard(own)["poll"])
        await own.do("step")  # the copy goes on; the question stands all the same
        assert (await own.do("answer", number=number, value="so"))["value"] == "so"
        await own.until(lambda: heard(own)["you"]["answer"] == "so")
        assert room.held.polls.newest.answers == {1: ("Ada", "so")}
        assert "room" not in own.newest  # it is no member's page, and no teacher's
        await teacher.do("reveal", number=number)
        await own.until(lambda: heard(own)["poll"]["revealed"])
        await teacher.do("ask_end", number=number, hide=True)
        await own.until(lambda: heard(own)["poll"] is None)

    played(scene)


def test_rules_the_driver_and_the_pointer_reach_copies_and_a_later_tab_hears_them_at_once() -> None:
    async def scene(room: Class) -> None:
        own, teacher = await take(room, await room.join("Ada"), "mine"), room.teacher
        at = {"panel": "network", "x": 0.5, "y": 0.5}
        for op, fields, wanted in (
            ("room_rules", {"paused": True}, {"paused": True}),
            ("room_rules", {"paused": False}, {"paused": False}),
            ("point", {"at": at}, {"pointed": True}),
        ):
            await teacher.do(op, **fields)
            await own.until(lambda wanted=wanted: heard(own).items() >= wanted.items())
        tab = Person(room.registry)
        secret = "a secret of mine".ljust(30, ".")
        await tab.registry.handle(tab.client, "mine", json.dumps({"op": "hello", "secret": secret}))
        await tab.until(lambda: heard(tab).get("pointed"))
        await teacher.do("room_hand", member=1)
        await own.until(lambda: heard(own)["you"]["drives"])
        teacher.leave()  # and with its page goes what it pointed at
        await own.until(lambda: not heard(own)["pointed"])

    played(scene)


def test_only_the_newest_copy_hears_and_nobody_does_whom_the_room_has_lost() -> None:
    async def scene(room: Class) -> None:
        first = await take(room, await room.join("Ada"), "first")
        second = await take(room, await room.join("Ada"), "second")
        await first.until(lambda: heard(first) == {"kind": "copied_from", "open": False})
        other = await take(room, await room.join("Ben"), "third")
        for person in (second, other):
            await person.until(lambda person=person: heard(person).get("open"))
        await room.teacher.do("room_remove", member=1)
        await second.until(lambda: heard(second)["open"] is False)
        assert (await second.ask("answer", number=1, value=0))["code"] == "no_right"
        assert (heard(other)["open"], heard(other)["you"]["name"]) == (True, "Ben")
        await room.teacher.do("room_close")
        await other.until(lambda: heard(other)["open"] is False)
        await asyncio.sleep(0)

    played(scene)
