"""A copy of a room's run is that run, bit for bit, in a session of the student's own."""

import asyncio
import gc
import json
import time
import weakref
from collections.abc import Callable
from typing import Any

from backscope.server.classroom.room import Room
from backscope.server.front.link import InlineLink
from backscope.server.wire.protocol import Close
from backscope.server.wire.settings import Limits
from classes import SECRET, Class, Person, played, take


def test_a_copy_stands_at_the_step_and_goes_on_as_the_original_does() -> None:
    async def scene(room: Class) -> None:
        await room.teacher.do("step", count=20)
        await room.teacher.do("set", learning_rate=0.3)
        await room.teacher.do("step", count=30)
        ada = await room.join("Ada")
        mine = {"session": "mine", "secret": "a secret of hers alone", "owner": "the owner's secret, hers"}
        reply = await ada.do("copy", **mine, step=37)
        assert reply["step"] == 37
        assert (await ada.ask("copy", **mine, step=37))["code"] == "wrong_secret"  # a name is used once
        own = Person(room.registry)
        await own.registry.handle(
            own.client,
            "mine",
            '{"op": "hello", "secret": "a secret of hers alone", "owner": "the owner\'s secret, hers"}',
        )
        frame = await own.until(lambda: (frame := own.newest.get("frame", {})).get("step") == 37 and frame)
        await room.teacher.do("seek", step=37)
        there = await ada.until(
            lambda: (frame := ada.newest.get("frame", {})).get("step") == 37 and frame["status"] == "paused" and frame
        )
        assert frame["loss"] == there["loss"]
        for person in (own, room.teacher):
            await person.registry.handle(
                person.client, "mine" if person is own else "lesson", '{"op": "step", "count": 63}'
            )
        ends = [
            await person.until(lambda person=person: (f := person.newest.get("frame", {})).get("step") == 100 and f)
            for person in (own, room.teacher)
        ]
        assert ends[0]["loss"] == ends[1]["loss"]
        assert (await own.ask("runs"))["runs"][0]["session"] == "mine"
        await asyncio.sleep(0)

    played(scene)


def test_who_plays_with_a_copy_is_there_and_is_seen_to_play() -> None:
    async def scene(room: Class) -> None:
        def seen(state: str, present: int) -> Callable[[dict[str, Any]], bool]:
            return lambda told: told["you"]["members"][0]["state"] == state and told["present"] == present

        own = await take(room, await room.join("Ada"), "mine")
        await room.teacher.room(seen("copy", 1))
        tab = Person(room.registry)
        secret = "a secret of mine".ljust(30, ".")
        await tab.registry.handle(tab.client, "mine", json.dumps({"op": "hello", "secret": secret}))
        own.leave()
        await room.join("Ben")
        await room.teacher.room(seen("copy", 2))
        tab.leave()
        await room.teacher.room(seen("away", 1))
        await room.join("Ada")
        await room.teacher.room(seen("follows", 2))
        kept = Room.from_json("lesson", room.held.to_json(), 10)
        assert [member.copy for member in kept.roster] == ["mine", ""]

    played(scene)


def test_a_class_behind_one_address_takes_its_copies_and_a_stranger_there_is_limited_as_before() -> None:
    async def scene(room: Class) -> None:
        copies = [await take(room, await room.join(f"student {n}"), f"copy{n}") for n in range(6)]
        strangers = [Person(room.registry) for _ in range(3)]
        for n, person in enumerate(strangers):
            await room.registry.handle(person.client, f"s{n}", json.dumps({"op": "hello", "secret": SECRET}))
        assert [person.client.audience is not None for person in strangers] == [True, True, False]
        student = await room.join("student 0")
        mine = {"secret": "x" * 30, "step": 0}
        assert (await student.ask("copy", session="second", **mine))["ok"]
        assert (await student.ask("copy", session="third", **mine))["ok"]  # the second, which nobody looks at, goes
        copies[0].leave()
        again = await take(room, student, "fourth")
        assert again.client.audience is not None
        assert "copy1" in room.registry._entries

    played(scene, limits=Limits(address_sessions=2, copies=2))


def test_the_teacher_sees_who_is_where_in_a_lesson_and_who_is_stuck() -> None:
    async def scene(room: Class) -> None:
        now = [1000.0]
        room.registry.classroom._clock = lambda: now[0]
        own = await take(room, await room.join("Ada"), "mine")

        async def at(step: int, **how: bool) -> None:
            place = {"lesson": "gradient", "step": step, "of": 7, "done": False, "stuck": False, **how}
            await own.registry.handle(own.client, "mine", json.dumps({"op": "lesson_at", **place}))

        async def seen(**wanted: object) -> dict[str, Any]:
            return await room.teacher.room(
                lambda told: wanted.items() <= (told["you"]["members"][0].get("lesson") or {}).items()
            )

        await at(2)
        await seen(lesson="gradient", step=2, of=7, stuck=False, minutes=0)
        now[0] += 150
        await at(2, stuck=True)
        await seen(step=2, stuck=True, minutes=2)
        await at(3)
        await seen(step=3, stuck=False, minutes=0)
        await room.teacher.do("room_rules", own_pace=True)
        assert (await room.teacher.room(lambda told: told["own_pace"]))["own_pace"]
        assert Room.from_json("lesson", room.held.to_json(), 10).own_pace
        await own.registry.handle(
            own.client,
            "mine",
            json.dumps({"op": "lesson_at", "lesson": "", "step": 1, "of": 1, "done": False, "stuck": False}),
        )
        await room.teacher.room(lambda told: "lesson" not in told["you"]["members"][0])
        # Of a session that is nobody's copy, and of a follower, nothing is heard.
        place = {"lesson": "x", "step": 1, "of": 1, "done": True, "stuck": False}
        assert (await (await room.join("Ben")).ask("lesson_at", **place))["code"] == "no_right"
        await room.teacher.do("lesson_at", **place)

    played(scene)


def test_nothing_is_left_of_copies_that_were_trained_looked_at_and_closed() -> None:
    async def scene(room: Class) -> None:
        await room.teacher.do("step", count=100)
        sessions = room.registry._sessions
        left: list[weakref.ref[Any]] = []
        for name in ("one", "two", "three"):
            own = await take(room, await room.join(name), name)
            for command in ('{"op": "set", "learning_rate": 0.2}', '{"op": "step", "count": 200}'):
                await own.registry.handle(own.client, name, command)
            await own.until(lambda own=own: own.newest.get("frame", {}).get("step") == 200)  # type: ignore[misc]
            await own.until(lambda own=own: "surface" in own.newest)  # type: ignore[misc]
            entry = sessions.entries.known(name)
            link = entry.link
            assert isinstance(link, InlineLink)
            session = link._host._sessions[name]
            parts = (session, session.run, session.run.trainer, session.run.trainer.theta.base, session.screen)
            left += [weakref.ref(part) for part in (*parts, session.surface, entry.audience, own.client)]
            own.leave()
            sessions.forget(name, Close.SESSION_CLOSED)
            del own, entry, link, session, parts
            await asyncio.sleep(0.02)  # the host hears of it
        end = time.monotonic() + 10
        while any(part() is not None for part in left) and time.monotonic() < end:  # a picture may still be computed
            gc.collect()
            await asyncio.sleep(0.02)
        assert [part() for part in left if part() is not None] == []

    played(scene)
