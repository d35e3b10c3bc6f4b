"""A class: many who have joined the room of a run, and others with runs of their own, driven from a second process.

    python tests/bench/classroom.py [--followers 100] [--fps 15] [--sessions 10] [--stalled 5] [--changes 60]

Followers draw so many frames a second; the stalled read nothing more after their first frame. The teacher's run trains
as fast as it can, and so do the other sessions. A change of the learning rate is timed from its sending to the frame
that obeys it, at the teacher's socket and at every follower's. Client and server share the machine: read the ratios.
"""

import argparse
import asyncio
import os
import random
import time
from contextlib import AsyncExitStack
from pathlib import Path
from statistics import median
from typing import Any

from wire import Client, client, percentile, server

DIGITS: dict[str, Any] = {"data": {"name": "digits"}, "network": {"hidden": [30]}}
CIRCLE: dict[str, Any] = {"data": {"name": "circle"}, "network": {"hidden": [4, 2]}}


async def play(who: Client) -> None:
    """Train as fast as it can."""
    await who.ask("speed", steps_per_second=0)
    await who.ask("play")


async def change(teacher: Client, followers: list[Client], rate: float) -> tuple[float, list[float]]:
    """Return the seconds until the teacher, and until each follower, has a frame with a new learning rate."""
    waits = [
        asyncio.ensure_future(one.until(lambda header: header["learning_rate"] == rate, 30.0))
        for one in (teacher, *followers)
    ]
    await asyncio.sleep(0)
    sent = time.perf_counter()
    await teacher.ask("set", learning_rate=rate)
    first, *rest = [await wait - sent for wait in waits]
    return first, rest


def front_seconds() -> float:
    """Return the processor time of the front, the one process that this one has started; 0 where nobody tells it."""
    try:
        (front,) = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
        return int(Path(f"/proc/{front}/schedstat").read_text().split()[0]) / 1e9
    except (OSError, ValueError):
        return 0.0


async def measure(port: int, options: argparse.Namespace) -> None:
    """Print what came of it."""
    async with AsyncExitStack() as stack:
        room = f"bench-{random.getrandbits(40)}"
        teacher = await stack.enter_async_context(client(port, room, config=DIGITS))
        while not teacher.frames:
            await asyncio.sleep(0.01)
        names = [f"{room}-{index}" for index in range(options.sessions)]
        others = [await stack.enter_async_context(client(port, name, 0.05, config=CIRCLE)) for name in names]
        code = (await teacher.ask("room_open"))["code"]

        async def joined(name: str, draw: float) -> Client:
            secret = f"the browser of {name}".ljust(30, ".")
            return await stack.enter_async_context(
                client(port, "room", draw, "join", code=code, name=name, secret=secret)
            )

        followers = [await joined(f"student {n}", 1 / options.fps) for n in range(options.followers)]
        for n in range(options.stalled):
            await joined(f"asleep {n}", 1e6)
        for one in (teacher, *others):
            await play(one)
        await asyncio.sleep(2)
        begin, drawn, own = time.perf_counter(), [one.frames for one in followers], teacher.frames
        steps = [one.frame["step"] for one in others]
        sent, used = sum(one.frames for one in (teacher, *others, *followers)), front_seconds()
        firsts, ages = [], []
        for index in range(options.changes):
            await asyncio.sleep(random.uniform(0.01, 0.05))
            first, rest = await change(teacher, followers, round(0.001 + 1e-5 * index, 6))
            firsts.append(1e3 * first)
            ages += [1e3 * one for one in rest]
        seconds = time.perf_counter() - begin
        sent, used = sum(one.frames for one in (teacher, *others, *followers)) - sent, front_seconds() - used
        rates = [(one.frames - before) / seconds for one, before in zip(followers, drawn, strict=True)]
        print(f"teacher, frames a second: {(teacher.frames - own) / seconds:.1f}")
        print(f"teacher, rate to frame:   median {median(firsts):6.1f} ms, p95 {percentile(firsts, 0.95):6.1f} ms")
        if followers:
            size = teacher.bytes / max(1, teacher.frames) / 1e3
            print(f"followers, rate to frame: median {median(ages):6.1f} ms, p95 {percentile(ages, 0.95):6.1f} ms")
            print(f"frames a second:          median {median(rates):6.1f}, least {min(rates):.1f}, {size:.1f} kB each")
        print(f"the front, a frame:       {1e6 * used / max(1, sent):.0f} µs of processor time, {sent:,} frames")
        if others:
            paces = [(one.frame["step"] - before) / seconds for one, before in zip(others, steps, strict=True)]
            share = [pace / (sum(paces) / len(paces)) for pace in paces]
            print(f"others, of a fair share:  least {min(share):.2f}, most {max(share):.2f}, {sum(paces):,.0f} steps/s")


async def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--followers", type=int, default=100)
    parser.add_argument("--fps", type=float, default=15.0)
    parser.add_argument("--sessions", type=int, default=10)
    parser.add_argument("--stalled", type=int, default=5)
    parser.add_argument("--changes", type=int, default=60)
    parser.add_argument("--trainers", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    async with server(options.trainers) as port:
        await measure(port, options)


if __name__ == "__main__":
    asyncio.run(main())
