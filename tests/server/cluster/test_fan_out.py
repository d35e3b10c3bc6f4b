"""Rooms handed on between servers: whoever follows elsewhere sees and does what those at the room's server do."""

import asyncio
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from backscope.server.cluster import fan_out, home, post, relay
from backscope.server.cluster.directory import Directory
from backscope.server.cluster.fan_out import FanOut
from backscope.server.cluster.post import Post
from backscope.server.front.registry import Registry
from backscope.server.wire.protocol import Close, decode
from backscope.server.wire.settings import Settings
from classes import Class, Person
from little_redis import Redis
from talking import free_port


def server(redis: Redis, name: str, **settings: Any) -> Registry:
    """A server that hands its rooms on."""
    address = f"https://{name}.school.example"
    directory = Directory(redis, address, told=0.05, name=name)
    abroad = FanOut(Post(redis, name), Directory(redis, address, name=name))
    return Registry(Settings(**settings), elsewhere=directory, abroad=abroad)


class Far(Class):
    """People at another server than the room's."""

    def __init__(self, registry: Registry, code: str) -> None:
        super().__init__(registry)
        self.code = code


async def until(condition: Callable[[], Any]) -> None:
    while not condition():
        await asyncio.sleep(0.005)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (fan_out, relay):
        monkeypatch.setattr(module, "BEAT", 0.05)
    for module in (home, relay):  # a machine that has much else to do is silent for long
        monkeypatch.setattr(module, "SILENCE", 20.0)
    monkeypatch.setattr(post, "_AGAIN", 0.02)
    monkeypatch.setattr(relay, "PATIENCE", 20.0)


def played(scene: Callable[[Class, Far, Redis], Awaitable[None]]) -> None:
    """A room at server A, and people at server B."""

    async def play() -> None:
        redis = Redis()
        registries = [server(redis, name) for name in ("a", "b")]
        try:
            room = await Class(registries[0]).begin()
            await until(lambda: redis.told())
            await scene(room, Far(registries[1], room.code), redis)
        finally:
            redis.gone = False
            await asyncio.gather(*(registry.close() for registry in registries))

    asyncio.run(asyncio.wait_for(play(), 60))


def raw_frames(person: Person) -> dict[tuple[int, int, str], bytes]:
    """Frames to come as they travel, by their number and by what they go on from, which differs between people: the
    step of the curves, and how much of the path there is to tell.
    """
    found: dict[tuple[int, int, str], bytes] = {}
    offer = person.client.offer

    def note(kind: str, payload: str | bytes) -> None:
        if kind == "frame":
            assert isinstance(payload, bytes)
            header = decode(payload)[0]
            found[header["seq"], header["tail"]["from"], str(header["arrays"])] = payload
        offer(kind, payload)

    person.client.offer = note  # type: ignore[method-assign]
    return found


def stand_at(step: int, *people: Person) -> bool:
    """Whether all see a step."""
    return all(person.newest.get("frame", {}).get("step") == step for person in people)


async def drawn(*people: Person, until: Callable[[], Any], seconds: float = 20) -> None:
    """Have several people draw until something is so."""
    end = time.monotonic() + seconds
    while not until():
        for person in people:
            person.draw()
        assert time.monotonic() < end, [person.newest for person in people]
        await asyncio.sleep(0.002)


def test_who_follows_elsewhere_sees_the_room_bit_for_bit() -> None:
    async def scene(room: Class, far: Far, redis: Redis) -> None:
        ada, ben = await room.join("Ada"), await far.join("Ben")
        told = await ben.room()
        assert (told["you"]["name"], told["code"], told["present"]) == ("Ben", room.code, 2)
        here, there = raw_frames(ada), raw_frames(ben)
        for count in range(1, 7):
            await room.teacher.do("step")
            await drawn(ada, ben, until=partial(stand_at, count, ada, ben))
            await asyncio.sleep(0.08)  # both wait for the next frame then
        both = here.keys() & there.keys()
        assert both
        assert [key for key in both if here[key] != there[key]] == []
        for kind in ("layout", "data", "state"):
            assert ben.newest[kind] == ada.newest[kind]
        assert ben.newest["welcome"].keys() == ada.newest["welcome"].keys()
        late = await far.join("Cem")
        await late.until(lambda: stand_at(6, late))
        assert late.newest["history"]["step"] == 6

    played(scene)


def test_what_a_follower_elsewhere_asks_for_is_held_to_the_same_rights_and_limits() -> None:
    async def scene(room: Class, far: Far, redis: Redis) -> None:
        ben, dan = await far.join("Ben"), await far.join("ben")
        assert (await dan.room())["you"]["name"] == "ben (2)"
        for op, fields in (("play", {}), ("room_close", {}), ("set", {"learning_rate": 0.1}), ("runs", {})):
            assert (await ben.ask(op, **fields))["code"] == "no_right"
        assert (await ben.ask("dance"))["code"] == "unknown_op"
        assert (await ben.do("explain", target={"layer": 1, "to": 0}))["ok"]
        wrong, reply = await far.try_to_join("Eve", "AAAAAA")
        assert (reply["code"], wrong.client.closed) == ("no_such_room", None)
        await room.teacher.do("room_rules", door=True)
        assert (await far.try_to_join("Fay"))[1]["code"] == "room_locked"

    played(scene)


def test_questions_rules_and_what_a_teacher_shows_reach_everybody() -> None:
    async def scene(room: Class, far: Far, redis: Redis) -> None:
        ben, teacher = await far.join("Ben"), room.teacher
        await teacher.do("ask", kind="choice", text="Why?", choices=["so", "not so"], right=1)
        poll = (await ben.room(lambda told: bool(told["poll"])))["poll"]
        await ben.do("answer", number=poll["number"], value=1)
        assert (await ben.room(lambda told: told["you"]["answer"] == 1))["poll"]["count"] == 1
        await teacher.do("reveal", number=poll["number"], named=True)
        told = await ben.room(lambda told: told["poll"]["revealed"])
        assert told["poll"]["answers"] == [["Ben", 1]]
        await teacher.do("room_rules", paused=True, locked=True)
        assert (await ben.room(lambda told: told["paused"]))["locked"]
        await teacher.do("point", at={"panel": "curves", "x": 0.5, "y": 0.25})
        assert (await ben.until(lambda: ben.newest.get("point")))["at"]["panel"] == "curves"
        await teacher.do("glance", view={"selected": 3})
        await ben.until(lambda: ben.newest.get("glance", {}).get("view") == {"selected": 3})
        late = await far.join("Cem")
        await late.until(lambda: late.newest.get("glance") and late.newest.get("point"))
        await ben.do("doing", what="looks")

        def states(told: dict[str, Any]) -> dict[str, str]:
            for person in (ben, late):  # who draws nothing for long lags
                person.draw()
            return {one["name"]: one["state"] for one in told["you"]["members"]}

        await teacher.room(lambda told: states(told) == {"Ben": "looks", "Cem": "follows"})

    played(scene)


def test_a_student_elsewhere_drives_and_the_others_see_it() -> None:
    async def scene(room: Class, far: Far, redis: Redis) -> None:
        ada, ben, cem = await room.join("Ada"), await far.join("Ben"), await far.join("Cem")
        number = (await ben.room())["you"]["number"]
        await room.teacher.do("room_hand", member=number)
        await ben.room(lambda told: told["you"]["drives"])
        await ben.do("set", learning_rate=0.125)
        await drawn(ada, ben, cem, until=lambda: all(rate(one) == 0.125 for one in (ada, ben, cem)))
        await ben.do("glance", view={"selected": 2})
        for one in (ada, cem, room.teacher):
            await one.until(lambda who=one: who.newest.get("glance", {}).get("view") == {"selected": 2})
        ben.draw()
        assert "glance" not in ben.newest

    played(scene)


def rate(person: Person) -> float | None:
    found: float | None = person.newest.get("frame", {}).get("learning_rate")
    return found


def test_who_is_taken_out_or_whose_room_is_closed_goes() -> None:
    async def scene(room: Class, far: Far, redis: Redis) -> None:
        ben, cem = await far.join("Ben"), await far.join("Cem")
        await room.teacher.do("room_remove", member=(await ben.room())["you"]["number"])
        await until(lambda: ben.client.closed)
        assert ben.client.closed is Close.REMOVED
        ben.leave()
        assert (await far.try_to_join("Ben"))[1]["code"] == "removed"
        await room.teacher.do("room_close")
        await until(lambda: cem.client.closed)
        assert cem.client.closed is Close.SESSION_CLOSED
        cem.draw()
        assert cem.newest["room"]["open"] is False

    played(scene)


def test_who_comes_back_elsewhere_is_who_they_were_and_who_goes_is_away() -> None:
    async def scene(room: Class, far: Far, redis: Redis) -> None:
        ben = await far.join("Ben")
        number = (await ben.room())["you"]["number"]
        ben.leave()
        await room.teacher.room(lambda told: [one["state"] for one in told["you"]["members"]] == ["away"])
        again = await far.join("Ben")
        assert (await again.room())["you"]["number"] == number
        await room.teacher.room(lambda told: [one["state"] for one in told["you"]["members"]] == ["follows"])

    played(scene)


def test_without_redis_followers_elsewhere_are_told_and_come_back_by_themselves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in (home, relay):
        monkeypatch.setattr(module, "SILENCE", 0.5)
    monkeypatch.setattr(relay, "PATIENCE", 2.0)

    async def scene(room: Class, far: Far, redis: Redis) -> None:
        ada, ben = await room.join("Ada"), await far.join("Ben")
        number = (await ben.room())["you"]["number"]
        redis.gone = True
        await ben.until(lambda: ben.newest.get("line", {}).get("cut") == "redis")
        assert (await ben.ask("doing", what="looks"))["code"] == "room_away"
        await room.teacher.do("step")
        await ada.until(lambda: stand_at(1, ada))
        await room.teacher.room(lambda told: [one["state"] for one in told["you"]["members"]] == ["follows", "away"])
        redis.kept.clear()
        redis.gone = False
        await ben.until(lambda: ben.newest["line"]["cut"] is None)
        await ben.until(lambda: stand_at(1, ben))
        assert (await ben.room())["you"]["number"] == number
        while not (await ben.ask("doing", what="looks"))["ok"]:
            await asyncio.sleep(0.02)

    played(scene)


def test_a_copy_is_made_and_trained_where_its_follower_is() -> None:
    async def scene(room: Class, far: Far, redis: Redis) -> None:
        ben = await far.join("Ben")
        for _ in range(3):
            await room.teacher.do("step")
        await ben.until(lambda: stand_at(3, ben))
        mine = {"session": "copy-of-ben", "secret": "the secret of this copy"}
        assert (await ben.do("copy", **mine, step=2))["step"] == 2
        assert (await ben.ask("copy", **mine, step=2))["code"] == "wrong_secret"
        ben.leave()
        at_home = Person(far.registry)
        await at_home.registry.handle(at_home.client, "copy-of-ben", hello(mine["secret"]))
        await at_home.until(lambda: stand_at(2, at_home))
        await at_home.do("step")
        await at_home.do("lesson_at", lesson="xor", step=2, of=9, done=False, stuck=True)

        def of_ben(told: dict[str, Any]) -> Any:
            return told["you"]["members"][0]

        told = await room.teacher.room(lambda told: "lesson" in of_ben(told) and of_ben(told)["state"] == "copy")
        assert {**of_ben(told)["lesson"], "minutes": 0} == {
            **{"lesson": "xor", "step": 2, "of": 9, "done": False, "stuck": True, "minutes": 0}
        }
        frame = await at_home.until(lambda: stand_at(3, at_home) and at_home.newest["frame"])
        theirs = await room.teacher.until(lambda: stand_at(3, room.teacher) and room.teacher.newest["frame"])
        assert frame["loss"] == theirs["loss"]
        assert room.registry.sessions == 1
        at_home.leave()
        await room.teacher.room(lambda told: of_ben(told)["state"] == "away")

    played(scene)


def test_who_plays_with_a_copy_elsewhere_hears_what_the_class_is_asked_and_answers() -> None:
    async def scene(room: Class, far: Far, redis: Redis) -> None:
        ben = await far.join("Ben")
        await ben.do("copy", session="copy-of-ben", secret="the secret of this copy", step=0)
        ben.leave()
        own = Person(far.registry)
        await own.registry.handle(own.client, "copy-of-ben", hello("the secret of this copy"))
        teacher, ask = room.teacher, {"kind": "choice", "text": "Which?", "choices": ["this", "that"]}
        number = (await teacher.do("ask", **ask))["question"]

        def heard(**wanted: Any) -> Callable[[], Any]:
            return lambda: (told := own.newest.get("copied_from")) and told.items() >= wanted.items() and told

        told = await own.until(lambda: (told := heard(open=True)()) and told["poll"] and told)
        assert (told["poll"]["text"], told["you"]["name"], told["you"]["answer"]) == ("Which?", "Ben", None)
        assert (await own.do("answer", number=number, value=1))["value"] == 1
        assert (await own.ask("answer", number=number, value=7))["code"] == "answer_choice"
        assert room.held.polls.newest.answers == {1: ("Ben", 1)}
        await own.until(lambda: own.newest["copied_from"]["you"]["answer"] == 1)
        late = Person(far.registry)
        await late.registry.handle(late.client, "copy-of-ben", hello("the secret of this copy"))
        await late.until(lambda: late.newest.get("copied_from", {}).get("poll"))
        await teacher.do("room_rules", paused=True)
        await own.until(heard(paused=True))
        await teacher.do("room_close")
        await own.until(heard(open=False))
        assert (await own.ask("answer", number=number, value=0))["ok"] is False

    played(scene)


def hello(secret: str) -> str:
    return json.dumps({"id": 1, "op": "hello", "secret": secret})


def test_what_is_lost_on_the_way_is_noticed_and_made_up_for() -> None:
    async def scene(room: Class, far: Far, redis: Redis) -> None:
        ben = await far.join("Ben")
        await ben.room()
        await asyncio.sleep(0.1)
        redis.lose = lambda channel, raw: "room-on" in channel
        await room.teacher.do("point", at={"panel": "curves", "x": 0.5, "y": 0.25})
        await asyncio.sleep(0.1)
        redis.lose = lambda channel, raw: False
        assert (await ben.until(lambda: ben.newest.get("point")))["at"]["panel"] == "curves"
        redis.lose = lambda channel, raw: channel.endswith(":b")
        await ben.registry.handle(ben.client, "", '{"id": 1, "op": "doing", "what": "looks"}')
        await asyncio.sleep(0.1)
        redis.lose = lambda channel, raw: False
        await room.teacher.do("room_rules", locked=True)
        await ben.room(lambda told: bool(told["locked"]))
        while not (await ben.ask("doing", what="looks"))["ok"]:  # until it has come in anew
            await asyncio.sleep(0.02)
        await room.teacher.room(lambda told: told["you"]["members"][0]["state"] == "looks")

    played(scene)


# With Debian's Redis and three servers


class Servers:
    """Three servers that hand rooms on, by their ports; each keeps its runs in a folder of its own."""

    def __init__(self, stack: ExitStack, folder: Path, redis: int) -> None:
        self.stack, self.folder, self.redis = stack, folder, redis
        self.ports = [free_port() for _ in range(3)]
        self.processes: dict[int, subprocess.Popen[bytes]] = {}
        for port in self.ports:
            self.start(port)

    def start(self, port: int) -> None:
        command = [
            sys.executable, "-m", "backscope.server", "--no-browser", "--port", str(port), "--trainers", "1",
            "--data-dir", str(self.folder / str(port)), "--fan-out",
            "--redis", f"redis://127.0.0.1:{self.redis}", "--address", f"http://127.0.0.1:{port}",
        ]  # fmt: skip
        process = self.stack.enter_context(subprocess.Popen(command, stdout=subprocess.DEVNULL))
        self.stack.callback(process.kill)
        self.processes[port] = process

    def kill(self, port: int) -> None:
        self.processes[port].kill()
        self.processes[port].wait()


class Screen:
    """Somebody at a server over a real socket, who draws all that comes, and notes frames as they travel."""

    def __init__(self, link: Any) -> None:
        self.link = link
        self.newest: dict[str, Any] = {}
        self.frames: dict[tuple[int, int], bytes] = {}
        self.replies: dict[int, dict[str, Any]] = {}
        self.number = 1
        self.task = asyncio.create_task(self.draw())

    async def draw(self) -> None:
        import websockets

        with suppress(websockets.ConnectionClosed):  # its server was killed
            await self._draw()

    async def _draw(self) -> None:
        async for raw in self.link:
            told = json.loads(raw) if isinstance(raw, str) else decode(raw)[0]
            self.newest[told["kind"]] = told
            if told["kind"] == "reply":
                self.replies[told["id"]] = told
            elif told["kind"] == "frame":
                self.frames[told["seq"], told["tail"]["from"]] = raw
                await self.link.send(json.dumps({"op": "ack", "seq": told["seq"]}))

    async def ask(self, op: str, **fields: Any) -> dict[str, Any]:
        self.number += 1
        number = self.number
        await self.link.send(json.dumps({"id": number, "op": op, **fields}))
        await until(lambda: number in self.replies)
        return self.replies[number]

    def stands(self, step: int) -> bool:
        return bool(self.newest.get("frame", {}).get("step") == step)


async def enter(port: int, op: str, session: str = "room", **fields: Any) -> Screen:
    """Come to a server, once it is there."""
    import websockets

    while True:
        with suppress(OSError):  # it is not there yet
            link = await websockets.connect(f"ws://127.0.0.1:{port}/ws/{session}", max_size=None, open_timeout=60)
            screen = Screen(link)
            reply = await screen.ask(op, **fields)
            if reply["ok"]:
                return screen
            screen.task.cancel()
            assert reply["code"] in ("room_away", "directory_lost", "no_such_room"), reply
        await asyncio.sleep(0.3)


@pytest.mark.long
@pytest.mark.timeout(600)
def test_three_servers_through_the_end_of_redis_of_the_room_s_server_and_of_another(tmp_path: Path) -> None:
    pytest.importorskip("redis")
    if shutil.which("redis-server") is None:
        pytest.skip("redis-server is not installed")
    port = free_port()
    command = ["redis-server", "--port", str(port), "--save", "", "--dir", str(tmp_path), "--bind", "127.0.0.1"]

    def redis_begins(stack: ExitStack) -> subprocess.Popen[bytes]:
        process = stack.enter_context(subprocess.Popen(command, stdout=subprocess.DEVNULL))
        stack.callback(process.kill)
        return process

    async def scene(servers: Servers, redis: "subprocess.Popen[bytes]", stack: ExitStack) -> None:
        home, *others = servers.ports
        teaching = {"session": "lesson", "secret": "the teacher's own secret"}
        teacher = await enter(home, "hello", **teaching)
        code = (await teacher.ask("room_open"))["code"]
        people = [
            await enter(at, "join", code=code, name=f"{who} {at}", secret=f"the browser of {who} at {at}".ljust(30))
            for at in servers.ports
            for who in ("Ada", "Ben")
        ]
        await until(lambda: all(one.newest.get("room", {}).get("present") == 6 for one in people))
        assert [one.newest["room"]["you"]["number"] for one in people] == [1, 2, 3, 4, 5, 6]

        async def together(step: int) -> None:
            await until(lambda: all(one.stands(step) for one in people))

        for step in range(1, 9):
            await teacher.ask("step")
            await together(step)
            await asyncio.sleep(0.3)
        shared = [key for key in people[0].frames if all(key in one.frames for one in people)]
        assert shared
        assert {len({one.frames[key] for one in people}) for key in shared} == {1}

        await teacher.ask("ask", kind="choice", text="Why?", choices=["so", "not so"])
        await until(lambda: all(one.newest["room"]["poll"] for one in people))
        for value, one in enumerate(people):
            assert (await one.ask("answer", number=1, value=value % 2))["ok"]
        await teacher.ask("reveal", number=1, named=True)
        await until(lambda: all(one.newest["room"]["poll"]["revealed"] for one in people))
        assert people[5].newest["room"]["poll"]["histogram"]["counts"] == [3, 3]

        redis.kill()
        redis.wait()
        far = people[2:]
        await until(lambda: all(one.newest.get("line", {}).get("cut") == "redis" for one in far))
        await teacher.ask("step")
        await until(lambda: all(one.stands(9) for one in people[:2]))
        assert not any(one.stands(9) for one in far)
        redis_begins(stack)
        await until(lambda: all(one.newest["line"]["cut"] is None for one in far))
        await together(9)
        assert [one.newest["room"]["you"]["number"] for one in people] == [1, 2, 3, 4, 5, 6]

        await asyncio.sleep(3)  # what is kept is written
        servers.kill(home)
        await until(lambda: all(one.newest["line"]["cut"] == "server" for one in far))
        servers.start(home)
        teacher = await enter(home, "hello", **teaching)
        await until(lambda: all(one.newest["line"]["cut"] is None for one in far))
        step = teacher.newest.get("frame", {}).get("step", 9) + 1
        await teacher.ask("step")
        await until(lambda: all(one.stands(step) for one in far))
        assert [one.newest["room"]["you"]["number"] for one in far] == [3, 4, 5, 6]

        servers.kill(others[0])
        await until(lambda: sum(one["state"] == "away" for one in teacher.newest["room"]["you"]["members"]) == 4)
        await teacher.ask("step")
        await until(lambda: all(one.stands(step + 1) for one in far[2:]))
        servers.start(others[0])
        again = await enter(
            others[0], "join", code=code, name="Ada", secret=f"the browser of Ada at {others[0]}".ljust(30)
        )
        await until(lambda: again.stands(step + 1) and "room" in again.newest)
        assert again.newest["room"]["you"]["number"] == 3

    with ExitStack() as stack:
        redis = redis_begins(stack)
        servers = Servers(stack, tmp_path, port)
        asyncio.run(asyncio.wait_for(scene(servers, redis, stack), 500))
