"""A copy of a room's run is that run, bit for bit, in a session of the student's own."""

import asyncio

from classes import Class, Person, played


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
