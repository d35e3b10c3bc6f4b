"""Questions to a class: counted unseen, closed by the next step, and revealed beside what the run really does."""

import numpy as np
from classes import Class, played


def test_only_counts_are_seen_until_the_answers_are_revealed_beside_what_the_run_does() -> None:
    async def scene(room: Class) -> None:
        people = [await room.join(name) for name in ("Ada", "Ben", "Cem")]
        await room.teacher.do("play")
        asked = await room.teacher.do("ask", kind="loss", step=5000)
        number = asked["question"]
        await room.teacher.until(lambda: not room.teacher.newest["state"]["playing"])
        for person, value in zip(people, (0.1, 0.2, 0.9), strict=True):
            await person.do("answer", number=number, value=value)
        await people[0].do("answer", number=number, value=0.15)
        for person in (room.teacher, *people):
            poll = (await person.room(lambda told: told["poll"] and told["poll"]["count"] == 3))["poll"]
            assert not {"histogram", "outcome", "answers"} & set(poll)
        await people[0].room(lambda told: told["you"]["answer"] == 0.15)
        before = room.teacher.newest["state"]["step"]
        await room.teacher.do("step", count=2)
        await people[0].room(lambda told: not told["poll"]["open"])
        assert (await people[0].ask("answer", number=number, value=0.3))["code"] == "question_closed"
        await room.teacher.do("reveal", number=number, named=True)
        poll = (await people[1].room(lambda told: told["poll"]["revealed"]))["poll"]
        assert sum(poll["histogram"]["counts"]) == 3
        assert poll["answers"] == [["Ada", 0.15], ["Ben", 0.2], ["Cem", 0.9]]
        await room.teacher.do("seek", step=5000)
        frame = await room.teacher.until(
            lambda: (
                (frame := room.teacher.newest.get("frame", {})).get("step") == 5000
                and frame["status"] == "paused"
                and frame
            )
        )
        assert before < 5000
        assert np.isclose(poll["outcome"]["value"], frame["loss"], rtol=0, atol=0)
        csv = (await room.teacher.do("answers"))["text"]
        assert csv.startswith("\ufeffquestion,")
        assert "Ada" not in csv
        assert "Ada" in (await room.teacher.do("answers", named=True))["text"]
        await room.teacher.do("ask_end", number=number, hide=True)
        assert (await people[2].room(lambda told: told["poll"] is None))["poll"] is None

    played(scene)


def test_what_is_asked_is_about_the_lane_that_was_shown_and_about_no_other_run() -> None:
    async def scene(room: Class) -> None:
        teacher, questions = room.teacher, room.registry.classroom.questions
        entry = room.registry._sessions.entries.known("lesson")

        async def ask() -> int:
            number: int = (await teacher.do("ask", kind="loss", step=300))["question"]
            return number

        async def outcome(number: int) -> object:
            await teacher.do("reveal", number=number)
            told = await teacher.room(lambda told: told["poll"]["number"] == number and told["poll"]["revealed"])
            return told["poll"]["outcome"]

        async def focus(lane: int) -> None:
            await teacher.do("lane_focus", lane=lane)
            await teacher.until(lambda: entry.record.lane == lane)

        await teacher.do("lane_add", change={"learning_rate": 1e-6})
        await teacher.until(lambda: len(entry.record.others) == 1)
        await focus(0)
        shown = await outcome(await ask())
        number = await ask()
        await focus(1)
        assert await outcome(number) == shown
        number = await ask()
        await teacher.do("preset", name="xor")
        await teacher.until(lambda: not questions._lanes_of(room.held, room.held.polls.get(number)))
        assert await outcome(number) == {"value": None, "gone": True}

    played(scene)
