"""What nobody in good faith sends: it has no effect on others, and nothing grows or falls."""

import asyncio
import json
import os
import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import httpx
import numpy as np
import pytest
from backscope.core.run.trainer import Trainer
from backscope.server.front.commands import COMMANDS
from backscope.server.wire.presets import PRESETS
from talking import SECRET, Command, House, Talk, started
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

#: Hostile messages of a whole class.
MESSAGES = int(os.environ.get("MESSAGES", "100000"))

_DEEP: Any = 0
for _ in range(200):
    _DEEP = [_DEEP]
#: Values for any field.
ODD: tuple[Any, ...] = (
    *(None, True, -1, 0, 1, 0.5, -0.0, 2**31, 2**53 + 1, -(2**63), 10**400, 1e308, float("nan"), float("inf")),
    *("", "a", "\ud800", "\x00", "x" * 5000, "__proto__", "<script>", "../../etc/passwd", "inf", "upload-0", "circle"),
    *([], {}, [[]], [None] * 1000, {"a": {"b": {"c": []}}}, {"name": "circle"}, {"hidden": [128] * 65}, _DEEP),
)
#: What is no message at all.
NO_MESSAGE = ("", "{", "[]", "null", "1", '"op"', "{}", '{"op":1}', '{"op":"hello"', "\x00", "[" * 5000, '{"op":' * 500)


def hostile(chance: random.Random, known: bool) -> str:
    """A message that may be anything but well meant; `known` ones may be carried out in a session of their own."""
    if chance.random() < 0.1:
        return chance.choice(NO_MESSAGE)
    op = chance.choice([*COMMANDS, "eval", "hello", "__init__"])
    fields: dict[str, Any] = {"op": op}
    names = list(COMMANDS[op].fields) if op in COMMANDS else ["x"]
    for name in names:
        if chance.random() < 0.7:
            fields[name] = chance.choice(ODD)
    if chance.random() < 0.3:
        fields[chance.choice(["id", "token", "secret", "lane", "no such field"])] = chance.choice(ODD)
    if op == "hello" and not known and chance.random() < 0.8:
        fields["secret"] = "guessed " + "0123456789abcdef"[chance.randrange(16) :] * 3
    return json.dumps(fields)


def resident(command: Command) -> int:
    """Kilobytes of the front."""
    with open(f"/proc/{command.process.pid}/status") as file:
        return int(next(line.split()[1] for line in file if line.startswith("VmRSS")))


def send_all(command: Command, session: str, chance: random.Random, count: int, known: bool) -> int:
    """Send so many, over as many sockets as that takes; return how many were answered."""
    answered = 0
    while count > 0:
        try:
            with command.visit(session) as talk:
                if known:
                    talk.hello()
                while count > 0:
                    part = min(count, 50)
                    for _ in range(part):
                        talk.say(hostile(chance, known))
                    count -= part
                    number = 10**6 + count
                    talk.say({"op": "ping", "id": number})
                    answered += answers(talk, number)
                    time.sleep(0.1)  # within the rate, or all but the first would be refused alike
        except (ConnectionClosed, TimeoutError):
            pass
    return answered


def answers(talk: Talk, number: int) -> int:
    """Return how many replies come up to that of a ping, or its refusal."""
    found = 0
    while True:
        message = talk.hear()
        found += message["kind"] in ("reply", "pong")
        if message.get("id") == number:
            return found


@pytest.mark.long
@pytest.mark.timeout(900)
def test_thousands_of_hostile_messages_change_nothing_for_others() -> None:
    chance = random.Random(13)
    with started("--trainers", "1", "--root-path", "/lab", "--proxy", "203.0.113.1") as command:
        victim = {"token": command.token, "preset": "xor"}
        with command.visit("victim") as talk:
            talk.hello(**victim)
            talk.do("step", count=10)
            talk.at(10)
        send_all(command, "victim", chance, 500, known=False)
        before = resident(command)
        for _ in range(6):
            send_all(command, "victim", chance, 1500, known=False)
            send_all(command, "nobody", chance, 500, known=False)
        assert resident(command) < before + 30_000
        with command.visit("victim") as talk:
            reply = talk.hello(**victim)
            assert (reply["resumed"], reply["step"]) == (True, 10)
            talk.do("step", count=10)
            twin = Trainer(PRESETS["xor"])
            twin.run(20)
            assert talk.at(20)["arrays"]["P"].tobytes() == twin.theta.astype(np.float32).tobytes()
        code, _, said = command.end()
        assert (code, said) == (0, "")


@pytest.mark.long
@pytest.mark.timeout(900)
def test_who_is_let_in_can_break_nothing_but_his_own_run() -> None:
    chance = random.Random(31)
    with started("--trainers", "1") as command:
        with command.visit("calm") as calm:
            calm.hello(preset="xor")
            calm.do("step", count=10)
            for round_ in range(8):
                assert send_all(command, f"own{round_ % 3}", chance, 500, known=True) > 0
                calm.send("ping")  # who reads nothing for long is taken for gone
                calm.kind("pong")
            calm.do("step", count=10)
            twin = Trainer(PRESETS["xor"])
            twin.run(20)
            assert calm.at(20)["arrays"]["P"].tobytes() == twin.theta.astype(np.float32).tobytes()
        assert httpx.get(f"http://{command.host}:{command.port}/healthz").json()["trainers"] == 1
        code, _, said = command.end()
        assert (code, said) == (0, "")


class Pest:
    """A student who knows the room's code, or a stranger who guesses one, and means no good."""

    def __init__(self, address: str, code: str, number: int) -> None:
        self.address, self.code, self.number = address, code, number
        self.chance = random.Random(number)
        self.codes: Counter[str] = Counter()  # of what was answered
        self.sockets = 0

    async def send(self, count: int) -> None:
        """Send so many messages, within the rate, over as many sockets as that takes."""
        while count > 0:
            with suppress(ConnectionClosed, OSError, TimeoutError):
                async with connect(self.address, max_size=None, compression=None) as socket:
                    self.sockets += 1
                    name, secret = f"student {self.number}", f"the browser of {self.number}".ljust(30, ".")
                    code = self.code or "".join(self.chance.choices("ABCDEFGH", k=6))
                    join = {"id": 1, "op": "join", "code": code, "name": name, "secret": secret, "version": 1}
                    await socket.send(json.dumps(join))
                    while count > 0:
                        part, begun = min(count, 100), time.monotonic()
                        for _ in range(part):
                            await socket.send(hostile(self.chance, known=False))
                        count -= part
                        await socket.send(f'{{"op": "ping", "id": {10**6 + count}}}')
                        async with asyncio.timeout(60):
                            await self.hear(socket, 10**6 + count)
                        await asyncio.sleep(0.5 - (time.monotonic() - begun))

    async def hear(self, socket: ClientConnection, last: int) -> None:
        """Read up to a reply."""
        async for raw in socket:
            message = json.loads(raw) if isinstance(raw, str) else {"kind": "picture"}
            self.codes[message.get("code", "told") if message["kind"] == "reply" else message["kind"]] += 1
            if message.get("id") == last:
                return


@pytest.mark.long
@pytest.mark.timeout(900)
def test_a_class_goes_on_under_a_hundred_thousand_messages_of_students_who_mean_no_good() -> None:
    """Prints what they were answered, and what it took."""
    with started("--trainers", "1") as command, command.visit("lesson") as teacher:
        teacher.hello(preset="xor")
        code = teacher.do("room_open")["code"]
        teacher.do("step", count=10)
        teacher.at(10)
        address = f"ws://{command.host}:{command.port}/ws/room"
        students = [Pest(address, code, number) for number in range(8)]
        stranger = Pest(address, "", 8)

        async def misbehave(count: int) -> None:
            async with asyncio.TaskGroup() as group:
                for pest in students:
                    group.create_task(pest.send(count))
                group.create_task(stranger.send(count // 10))

        def played(count: int) -> None:
            """Let them send so many each, while the teacher's page reads what comes."""
            with ThreadPoolExecutor() as pool:
                done = pool.submit(asyncio.run, misbehave(count))
                while not done.done():
                    teacher.do("point", at=None)
                    time.sleep(0.2)
                done.result()

        played(1000)
        before = resident(command)
        played(MESSAGES // 8 - 1000)
        grown = resident(command) - before
        answered = sum((pest.codes for pest in students), Counter())
        print(answered.most_common(12), stranger.codes.most_common(4), stranger.sockets, f"{grown} kB")
        assert grown < 30_000
        assert answered["no_right"] > MESSAGES / 10
        assert stranger.codes["no_such_room"] > 0
        teacher.do("step", count=10)
        twin = Trainer(PRESETS["xor"])
        twin.run(20)
        assert teacher.at(20)["arrays"]["P"].tobytes() == twin.theta.astype(np.float32).tobytes()
        room = [message for message in teacher.heard if message["kind"] == "room"][-1]
        assert [room[name] for name in ("code", "driver", "paused", "locked", "door", "poll")] == [
            *(code, None, False, False, False, None)
        ]
        assert {member["name"] for member in room["you"]["members"]} == {f"student {n}" for n in range(8)}
        assert httpx.get(f"http://{command.host}:{command.port}/healthz").json()["trainers"] >= 1
        assert command.end()[::2] == (0, "")


@pytest.mark.long
def test_no_request_of_any_form_is_an_error_of_ours(house: House) -> None:
    """Over all routes, methods, headers and bodies; the client raises what the application does not handle."""
    chance = random.Random(7)
    paths = [getattr(route, "path", "/") for route in house.client.app.routes]  # type: ignore[attr-defined]
    words = ["r1", "a.b", "%00", "..%2f..", "x" * 300, "ä", "", "__init__.py", "types.d.ts"]
    names = ["x-backscope-secret", "x-backscope-channel", "authorization", "range", "if-none-match", "accept-encoding"]
    values = ["", "Bearer x", "bytes=0-", "bytes=9-1", "*", "x" * 2000, "gzip;q=x", '"', SECRET]
    for _ in range(3000):
        path = chance.choice(paths).replace("{session}", chance.choice(words)) or "/"
        if chance.random() < 0.3:
            path += "/" + chance.choice(words)
        method = chance.choice(["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "POST"])
        if method == "POST" and path.count("/") == 2 and path.startswith("/stream"):
            continue  # a response without an end
        headers = {chance.choice(names): chance.choice(values) for _ in range(chance.randrange(3))}
        query = chance.choice(["", "?plain", "?target=-1", "?target=99999999", "?kind=%00", "?sheet=" + "x" * 500])
        body = chance.choice([b"", b"{", b"\x00" * 100, b"a,b\n1,2\n", b"PK\x03\x04", b"[" * 10000])
        reply = house.client.request(method, path + query, headers=headers, content=body)
        assert reply.status_code < 500, (method, path, query, headers)
        assert reply.headers["x-content-type-options"] == "nosniff"
