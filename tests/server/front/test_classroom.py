"""Rooms: codes and who comes in by them, who may do what, what everybody is told, and what outlives the server."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import backscope.server
import pytest
from backscope.server.classroom.tries import Tries
from backscope.server.front.client import Client
from backscope.server.front.commands import COMMANDS
from backscope.server.front.registry import Registry
from backscope.server.wire.commands import Command, CommandError
from backscope.server.wire.protocol import Close, decode
from backscope.server.wire.rights import Role
from backscope.server.wire.settings import Limits, Settings
from classes import SECRET, Class, Person, played


def states(room: dict[str, Any]) -> dict[str, str]:
    return {member["name"]: member["state"] for member in room["you"]["members"]}


def test_a_student_comes_with_code_and_nickname_and_sees_the_newest_at_once() -> None:
    async def scene(room: Class) -> None:
        await room.teacher.do("step", count=7)
        await room.teacher.do("glance", view={"surface": "contour"})
        ada = await room.join("Ada", f" {room.code[:3].lower()}-{room.code[3:].lower()} ")
        told = await ada.room()
        assert told["you"] == {"host": False, "drives": False, "number": 1, "name": "Ada", "answer": None}
        await ada.until(lambda: ada.newest.get("frame", {}).get("step") == 7)
        assert ada.newest["glance"]["view"] == {"surface": "contour"}
        assert ada.newest["welcome"]["session"] is None
        assert states(await room.teacher.room(lambda told: told["present"] == 1)) == {"Ada": "follows"}
        await room.teacher.do("point", at={"panel": "network", "x": 0.5, "y": 0.25})
        await ada.until(lambda: ada.newest.get("point", {}).get("at") == {"panel": "network", "x": 0.5, "y": 0.25})

    played(scene)


PARTS: dict[str, set[Role]] = {
    "stranger": {Role.STRANGER},
    "teacher": {Role.HOST, Role.DRIVER},
    "teacher whose run a student drives": {Role.HOST},
    "student who drives": {Role.FOLLOWER, Role.DRIVER},
    "student": {Role.FOLLOWER},
}


def test_every_command_is_refused_to_every_part_that_may_not_give_it() -> None:
    """All commands × all parts, from the records of the commands: what is refused reaches no trainer."""

    async def scene(room: Class) -> None:
        driver, follower = await room.join("Ada"), await room.join("Ben")
        people = {"stranger": Person(room.registry), "teacher": room.teacher, "student": follower}
        sent: list[object] = []
        link = room.registry._sessions.entries.known("lesson").link
        for handed in (False, True):
            await room.teacher.do("room_hand", member=1 if handed else None)
            if handed:
                people = {"teacher whose run a student drives": room.teacher, "student who drives": driver}
            honest, link.send = link.send, sent.append  # type: ignore[method-assign]
            for part, person in people.items():
                for op, operation in COMMANDS.items():
                    if bool(PARTS[part] & operation.who):
                        room.registry.classroom.check(person.client, operation)
                        continue
                    with pytest.raises(CommandError) as refused:
                        await room.registry._obey(person.client, "lesson", Command(op, 5, {}), "")
                    assert refused.value.code in ("no_right", "hello_first", "already_open"), (part, op)
            link.send = honest  # type: ignore[method-assign]
            assert sent == []

    played(scene)


def test_what_a_follower_may_give_only_looks() -> None:
    for op, operation in COMMANDS.items():
        if Role.FOLLOWER in operation.who:
            flags = operation.exact, operation.undoable, operation.picture_first, operation.standing
            assert not any(flags), op


def test_identity_is_the_browsers_own_secret_and_not_the_socket() -> None:
    async def scene(room: Class) -> None:
        ada = await room.join("Ada")
        await room.join("Ada (2)")
        ada.leave()
        assert states(await room.teacher.room(lambda told: told["present"] == 1))["Ada"] == "away"
        again, reply = await room.try_to_join("Ada L.", secret="the browser of Ada".ljust(30, "."))
        assert reply["ok"]
        assert (await again.room())["you"]["number"] == 1
        second, _ = await room.try_to_join("Ada L.", secret="the browser of Ada".ljust(30, "."))
        told = await room.teacher.room(lambda told: told["present"] == 2 and "Ada L." in states(told))
        assert len(told["you"]["members"]) == 2  # two tabs of hers are one person
        second.leave()
        assert room.held.roster.get(1).here

    played(scene)


def test_two_tabs_of_a_teacher_are_one_driver() -> None:
    async def scene(room: Class) -> None:
        other = await room.teach()
        assert (await other.room())["you"]["drives"]
        await other.do("step")
        await room.teacher.do("step")
        assert (await room.teacher.room())["present"] == 0

    played(scene)


def test_wrong_codes_take_a_second_each_and_two_hundred_right_ones_none() -> None:
    async def scene(room: Class) -> None:
        slept: list[float] = []
        go_on = asyncio.Event()

        async def sleep(seconds: float) -> None:
            slept.append(seconds)
            await go_on.wait()

        room.registry.classroom._tries = Tries(sleep)
        people = await asyncio.gather(*(room.try_to_join(f"student {n}") for n in range(200)))
        assert all(reply["ok"] for _, reply in people)
        assert slept == []
        wrong = [asyncio.create_task(room.try_to_join(f"x{n}", code="AAAAA3")) for n in range(4)]
        await people[0][0].until(lambda: slept)
        await room.join("student 1")  # who is known does not wait for them
        assert len(slept) == 1  # however many sockets try at once, they wait for one another
        go_on.set()
        assert {reply["code"] for _, reply in await asyncio.gather(*wrong)} == {"no_such_room"}
        assert slept == [1.0] * 4

    played(scene, limits=Limits(strangers=300))


def test_who_is_taken_out_does_not_walk_back_in_and_the_others_stay() -> None:
    async def scene(room: Class) -> None:
        ada, ben = await room.join("Ada"), await room.join("Ben")
        reply = await room.teacher.do("room_remove", member=1)
        assert reply["code"] != room.code
        assert ada.client.closed == Close.REMOVED
        assert ben.client.closed is None
        assert (await ben.room(lambda told: told["code"] == reply["code"]))["present"] == 1
        ada.leave()
        for code in (room.code, reply["code"]):
            assert (await room.try_to_join("Ada", code))[1]["code"] == "removed"
        assert (await room.try_to_join("Eve", room.code))[1]["code"] == "no_such_room"  # nobody new by the old code
        ben.leave()
        await room.join("Ben", room.code)  # who is known comes back with the code that they have

    played(scene)


def test_the_run_is_handed_over_and_taken_back() -> None:
    async def scene(room: Class) -> None:
        ada = await room.join("Ada")
        assert (await ada.ask("step"))["code"] == "no_right"
        await room.teacher.do("room_hand", member=1)
        assert (await ada.room(lambda told: told["driver"] is not None))["you"]["drives"]
        await ada.do("step", count=3)
        refused = await room.teacher.ask("step")
        assert refused["code"] == "no_right"
        await room.teacher.do("room_rules", paused=True)  # all are to look up: she as well
        assert (await ada.ask("step"))["code"] == "no_right"
        await room.teacher.do("room_rules", paused=False)
        await ada.do("step")
        await room.teacher.do("room_hand", member=None)
        assert (await ada.ask("step"))["code"] == "no_right"
        await room.teacher.do("step")
        assert (await room.teacher.ask("room_hand", member=7))["code"] == "no_such_member"

    played(scene)


def test_nobody_else_comes_in_while_the_door_is_locked_and_nobody_at_all_once_it_is_closed() -> None:
    async def scene(room: Class) -> None:
        ada = await room.join("Ada")
        await room.teacher.do("room_rules", door=True)
        assert (await room.try_to_join("Ben"))[1]["code"] == "room_locked"
        ada.leave()
        ada = await room.join("Ada")
        await room.teacher.do("room_close")
        assert ada.client.closed == Close.SESSION_CLOSED
        assert (await room.teacher.room(lambda told: not told["open"]))["open"] is False
        assert (await room.try_to_join("Ada"))[1]["code"] == "no_such_room"
        assert (await room.teacher.ask("room_close"))["code"] == "no_room"
        await room.teacher.do("step")

    played(scene)


def test_limits_are_told_in_words() -> None:
    async def scene(room: Class) -> None:
        await room.join("Ada")
        refused = (await room.try_to_join("Ben"))[1]
        assert (refused["code"], refused["params"]["high"]) == ("room_full", 1)
        other = Person(room.registry)
        await room.registry.handle(other.client, "another", json.dumps({"op": "hello", "secret": SECRET}))
        assert (await other.ask("room_open"))["code"] == "too_many_rooms"
        assert (await room.try_to_join("\u202e \u200b", secret="x" * 30))[1]["code"] == "bad_name"

    played(scene, limits=Limits(rooms=1, members=1))


def test_slow_motion_of_the_driver_is_seen_by_all_and_by_who_comes_late() -> None:
    async def scene(room: Class) -> None:
        ada = await room.join("Ada")
        await ada.until(lambda: "frame" in ada.newest)
        await room.teacher.do("microscope")
        await room.teacher.do("glance", view={"microscope": True, "phase": 3})
        await ada.until(lambda: "microscope" in ada.newest)
        late = await room.join("Late")
        await late.until(lambda: "microscope" in late.newest and late.newest["glance"]["view"]["phase"] == 3)
        await room.teacher.do("glance", view={})
        later = await room.join("Later")
        await later.until(lambda: "frame" in later.newest)
        assert "microscope" not in later.newest

    played(scene)


def test_who_draws_too_slowly_is_seen_to_lag(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backscope.server.front.client._LAG", 0.05)
    monkeypatch.setattr("backscope.server.front.classroom._LOOK", 0.1)

    async def scene(room: Class) -> None:
        ada = await room.join("Ada")
        while ada.client.take() is not None:  # draws nothing of it
            pass
        await room.teacher.do("play")
        await room.teacher.until(lambda: (ada.client.take(), ada.client.lags)[1])
        assert states(await room.teacher.room(lambda told: states(told) == {"Ada": "lags"}))

    played(scene)


def waiting(client: Client) -> int:
    """Return how many bytes wait for a client."""
    return sum(len(message) for _, message in client._replies) + sum(map(len, client._newest.values()))


def test_who_takes_nothing_any_more_holds_nobody_up_and_has_one_frame_waiting_and_every_answer() -> None:
    async def scene(room: Class) -> None:
        teacher, ada, bob = room.teacher, await room.join("Ada"), await room.join("Bob")
        await teacher.do("speed", steps_per_second=0)
        await teacher.do("play")
        await ada.until(lambda: "frame" in ada.newest)
        sizes, drawn = [], []
        for number in range(4):  # Bob's line is full: nothing of this is taken
            await room.registry.handle(bob.client, "room", json.dumps({"id": number, "op": "ping"}))
            await teacher.do("room_rules", door=bool(number % 2))
            for _ in range(25):
                last = ada.newest["frame"]
                await ada.until(lambda last=last: ada.newest["frame"]["seq"] > last["seq"])  # type: ignore[misc]
                assert ada.newest["frame"]["tail"]["from"] == last["step"]  # she misses none
                drawn.append(ada.newest["frame"]["step"])
                teacher.draw()
            sizes.append(waiting(bob.client))
        assert sizes[-1] - sizes[0] < 500, sizes
        await teacher.do("pause")
        rest = (await ada.until(lambda: ada.newest["frame"]["status"] == "paused" and ada.newest["frame"]))["step"]
        kinds = []
        while (message := bob.client.take()) is not None:  # it can take again
            told = json.loads(message) if isinstance(message, str) else decode(message)[0]
            kinds.append(told["kind"])
            bob.newest[told["kind"]] = told
            if told["kind"] == "pong":
                assert told["id"] == kinds.count("pong") - 1
        assert {kind: kinds.count(kind) for kind in ("pong", "state", "room", "frame")} == {
            "pong": 4,
            "state": 1,
            "room": 1,
            "frame": 1,
        }
        assert bob.newest["room"]["door"] is True
        assert bob.newest["state"]["playing"] is False
        assert bob.newest["frame"]["step"] < drawn[0]  # it was made for him before, and is all he has to draw
        assert bob.client.audience is not None
        bob.client.audience.acknowledge(bob.client, bob.newest["frame"]["seq"])
        await bob.until(lambda: bob.newest["frame"]["step"] == rest)  # the very next is the newest

    played(scene)


def test_a_room_outlives_the_server(tmp_path: Path) -> None:
    """Killed: what was acknowledged is there. The student is back before the teacher, and is the same person."""
    code: list[str] = []

    async def before(room: Class) -> None:
        code.append(room.code)
        await room.join("Ada")
        await room.teacher.do("step", count=30)
        await room.teacher.do("room_rules", locked=True)
        await room.registry._sessions.store.flush()

    async def after() -> None:
        registry = Registry(Settings(data_dir=tmp_path))
        try:
            room = Class(registry)
            ada = await room.join("Ada", code[0])
            told = await ada.room()
            assert (told["you"]["number"], told["locked"]) == (1, True)
            await ada.until(lambda: ada.newest.get("frame", {}).get("step") == 30)
            teacher = await room.teach()
            assert (await teacher.room())["code"] == code[0]
        finally:
            await registry.close()

    played(before, data_dir=tmp_path)
    asyncio.run(asyncio.wait_for(after(), 60))


def test_every_refusal_in_a_room_has_words_in_both_languages() -> None:
    """In the page's tables, with no placeholder that the refusal does not fill."""
    server, tables = Path(backscope.server.__file__).parent, Path(backscope.server.__file__).parents[1] / "static/i18n"
    front = ("classroom", "copies", "entries", "questions", "room_commands")
    sources = [*(server / "classroom").glob("*.py"), *(server / "front" / f"{name}.py" for name in front)]
    codes = {code for path in sources for code in re.findall(r'CommandError\(\s*"(\w+)"', path.read_text("utf-8"))}
    assert len(codes) > 20
    for language in ("en", "zh"):
        words = json.loads((tables / f"{language}.json").read_text("utf-8"))
        assert {code for code in codes if f"error.{code}" not in words} <= {"hello_first", "already_open"}
