"""What a large class takes: followers of one run and copies of it, in one process.

    python tests/bench/class_memory.py [--followers 200] [--copies 60]

Everybody draws all they get. Read as bytes for each: what a follower and a copy add to the process that serves and
trains them all.
"""

import argparse
import asyncio
import gc
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "server"))

from backscope.server.front.registry import Registry
from backscope.server.wire.protocol import decode
from backscope.server.wire.settings import Limits, Settings
from classes import Class, Person


class Light(Person):
    """Somebody who draws and keeps nothing, so that what the server keeps is what is measured."""

    def draw(self) -> None:
        """Take all that waits."""
        while (message := self.client.take()) is not None:
            if isinstance(message, str):
                if message.startswith('{"kind":"reply"'):
                    self.replies.append(json.loads(message))
            else:
                header = decode(message)[0]
                if header["kind"] == "frame" and self.client.audience is not None:
                    self.client.audience.acknowledge(self.client, header["seq"])


def resident() -> int:
    """Return the bytes of this process that are in memory."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


async def rounds(people: list[Person], number: int) -> None:
    """Draw so often."""
    for _ in range(number):
        for person in people:
            person.draw()
        await asyncio.sleep(0.005)


async def measure(followers: int, copies: int) -> None:
    """Print what came of it."""
    registry = Registry(Settings(limits=Limits(strangers=1000)))
    room = await Class(registry).begin()
    await room.teacher.do("step", count=200)
    await rounds([room.teacher], 50)
    before = resident()
    class_ = []
    for n in range(followers):
        student = Light(registry)
        secret = f"the browser of {n}".ljust(30, ".")
        assert (await student.ask("join", code=room.code, name=f"student {n}", secret=secret))["ok"]
        class_.append(student)
    await rounds([room.teacher, *class_], 100)
    joined = resident()
    print(f"{followers} followers: {(joined - before) / followers / 1e3:.0f} kB each")
    players = []
    for n, student in enumerate(class_[:copies]):
        secret = f"a secret of copy {n}".ljust(30, ".")
        await student.do("copy", session=f"copy{n}", secret=secret, step=200)
        student.leave()
        players.append(Light(registry))
        await registry.handle(players[-1].client, f"copy{n}", json.dumps({"op": "hello", "secret": secret}))
    for person in players:
        await person.do("step", count=100)
    everybody = [room.teacher, *class_[copies:], *players]
    await rounds(everybody, 100)
    copied = resident()
    print(f"{copies} copies: {(copied - joined) / copies / 1e3:.0f} kB each, their training included")
    for minute in range(5):
        await room.teacher.do("step", count=200)
        for person in players:
            await person.do("step", count=50)
        await rounds(everybody, 100)
        print(f"and later, {minute + 1}: {(resident() - copied) / 1e6:+.1f} MB")
    await registry.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--followers", type=int, default=200)
    parser.add_argument("--copies", type=int, default=60)
    options = parser.parse_args()
    asyncio.run(measure(options.followers, options.copies))
