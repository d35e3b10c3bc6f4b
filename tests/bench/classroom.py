"""A class: many who have joined the room of a run, and others with runs of their own, driven from a second process.

    python tests/bench/classroom.py [--followers 100] [--fps 15] [--sessions 10] [--stalled 20] [--slow 20] [--rounds 3]
    taskset -c 1 python tests/bench/classroom.py --cores 0 --followers 300 --fps 30 --sessions 0 --trainers 1

Followers ask for so many frames a second, as a page does; with `--cores` all processes of the server are kept to those
processors, and whoever starts this keeps it to another. How they fare beside people on bad lines is told as ratios of
rounds that take turns: the followers alone; beside the stalled, who read nothing more after their first frame, and the
slow, who draw 5 frames a second; and beside as many more like themselves. The teacher's run trains as fast as it can,
and so do the other sessions. A change of the learning rate is timed from its sending to the frame that obeys it, at the
teacher's socket and at every follower's; a frame's age is how much later than the first who had it somebody has it.
Client and server share the machine: read the ratios.
"""

import argparse
import asyncio
import os
import random
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from statistics import median
from typing import Any

from crowd import Crowd, Follower
from uvloop import new_event_loop
from wire import Client, children, client, percentile, server, used

DIGITS: dict[str, Any] = {"data": {"name": "digits"}, "network": {"hidden": [30]}}
#: Kinds of rounds.
ALONE, BAD, GOOD = "alone", "beside those on bad lines", "beside as many on good ones"
#: Frames a second of those who are slow.
SLOW = 5
CIRCLE: dict[str, Any] = {"data": {"name": "circle"}, "network": {"hidden": [4, 2]}}


async def play(who: Client) -> None:
    """Train as fast as it can."""
    await who.ask("speed", steps_per_second=0)
    await who.ask("play")


async def change(teacher: Client, followers: list[Follower], rate: float) -> tuple[float, list[float]]:
    """Return the seconds until the teacher, and until each follower, has a frame with a new learning rate."""
    first = asyncio.ensure_future(teacher.until(lambda header: header["learning_rate"] == rate, 30.0))
    rest = [one.until(rate) for one in followers]
    await asyncio.sleep(0)
    sent, began = time.perf_counter(), time.monotonic()
    await teacher.ask("set", learning_rate=rate)
    async with asyncio.timeout(30):
        return await first - sent, [await one - began for one in rest]


def taken() -> tuple[float, float]:
    """Return the seconds of processor time of the front, the one process that this one has started, and of its own."""
    (front,) = children(os.getpid())
    return used(front), sum(map(used, children(front)))


@dataclass
class Round:
    """What was seen in some seconds.

    Frames a second of followers and of the others, ms from a change to its frame, ms by which others had a frame
    sooner, and the µs that a frame took of the front and the share of a processor that all took.
    """

    rates: list[float]
    firsts: list[float]
    waits: list[float]
    ages: list[float]
    teacher: float
    drawn: list[float]
    paces: list[float]
    cost: float
    front: float
    trainers: float

    def numbers(self) -> dict[str, float]:
        """Return what rounds are compared by."""
        found = {"teacher, frames a second": self.teacher, "teacher, rate to frame, ms": median(self.firsts)}
        if self.rates:
            found["followers, frames a second, median"] = median(self.rates)
            found["followers, frames a second, least"] = min(self.rates)
            for name, times in (("rate to frame", self.waits), ("age of a frame", self.ages)):
                found[f"followers, {name}, ms, median"] = median(times)
                for share in (0.95, 0.99):
                    found[f"followers, {name}, ms, p{100 * share:.0f}"] = percentile(times, share)
        if self.drawn:
            found["others, frames a second, median"] = median(self.drawn)
            found["others, frames a second, least"] = min(self.drawn)
        found["the front, µs of processor time a frame"] = self.cost
        return found | {"the front, of a processor": self.front, "the other processes": self.trainers}


class Room:
    """A teacher, followers and others with runs of their own.

    Parameters
    ----------
    stack : AsyncExitStack
        Holds those who stay.
    port : int
    options : Namespace
    """

    def __init__(self, stack: AsyncExitStack, port: int, options: argparse.Namespace) -> None:
        self.stack, self.port, self.options = stack, port, options
        self.followers: list[Follower] = []
        self.others: list[Client] = []
        self.changes = 0

    async def begin(self) -> None:
        """Bring in those who stay, and let all runs play."""
        room = f"bench-{random.getrandbits(40)}"
        self.teacher = await self.stack.enter_async_context(client(self.port, room, config=DIGITS))
        while not self.teacher.frames:
            await asyncio.sleep(0.01)
        for index in range(self.options.sessions):
            name, address = f"{room}-{index}", f"127.0.0.{2 + index // 50}"  # one address has 100 sessions at most
            other = client(self.port, name, 0.05, address=address, config=CIRCLE)
            self.others.append(await self.stack.enter_async_context(other))
        self.crowd = Crowd(self.port, (await self.teacher.ask("room_open"))["code"])
        for index in range(self.options.followers):
            self.followers.append(await self.crowd.join(self.stack, f"student {index}", 1 / self.options.fps))
        for one in (self.teacher, *self.others):
            await play(one)

    async def beside(self, stack: AsyncExitStack, kind: str) -> list[Follower]:
        """Bring in those who come for a round of a kind, until the stack ends."""
        slow, stalled = self.options.slow, self.options.stalled
        if kind == GOOD:
            return [await self.crowd.join(stack, f"more {n}", 1 / self.options.fps) for n in range(slow + stalled)]
        if kind != BAD:
            return []
        found = [await self.crowd.join(stack, f"slow {n}", 1 / SLOW) for n in range(slow)]
        return found + [await self.crowd.join(stack, f"asleep {n}", None) for n in range(stalled)]

    async def observe(self, guests: list[Follower]) -> Round:
        """Change the learning rate some times, and see how everybody fares meanwhile."""
        everybody = (self.teacher, *self.others, *self.followers, *guests)
        await asyncio.sleep(2)
        begin, before, (front, trainers) = time.perf_counter(), [one.frames for one in everybody], taken()
        self.crowd.seen.times, self.crowd.seen.watched = {}, True
        steps = [one.frame["step"] for one in self.others]
        firsts, waits = [], []
        for _ in range(self.options.changes):
            await asyncio.sleep(random.uniform(0.01, 0.05))
            self.changes += 1
            first, rest = await change(self.teacher, self.followers, round(0.001 + 1e-5 * self.changes, 6))
            firsts.append(1e3 * first)
            waits += [1e3 * one for one in rest]
        await asyncio.sleep(max(0.0, begin + self.options.seconds - time.perf_counter()))
        self.crowd.seen.watched = False
        seconds, (front_now, trainers_now) = time.perf_counter() - begin, taken()
        front, trainers = front_now - front, trainers_now - trainers
        ages = [1e3 * age for age in self.crowd.seen.ages()]
        drawn = [one.frames - count for one, count in zip(everybody, before, strict=True)]
        paces = [(one.frame["step"] - step) / seconds for one, step in zip(self.others, steps, strict=True)]
        rates = [count / seconds for count in drawn[len(self.others) + 1 :][: len(self.followers)]]
        cost = 1e6 * front / max(1, sum(drawn))
        others = [count / seconds for count in drawn[1 : len(self.others) + 1]]
        return Round(
            rates, firsts, waits, ages, drawn[0] / seconds, others, paces, cost, front / seconds, trainers / seconds
        )


def tell(rounds: list[Round]) -> None:
    """Print what came of rounds of one kind."""
    for name in rounds[0].numbers():
        found = [one.numbers()[name] for one in rounds]
        print(f"  {name}: median {median(found):.2f}, from {min(found):.2f} to {max(found):.2f}")
    if rounds[0].paces:
        share = [pace / (sum(one.paces) / len(one.paces)) for one in rounds for pace in one.paces]
        steps = median(sum(one.paces) for one in rounds)
        print(f"  others, of a fair share: least {min(share):.2f}, most {max(share):.2f}, {steps:,.0f} steps/s")


async def measure(port: int, options: argparse.Namespace) -> None:
    """Print what came of it."""
    async with AsyncExitStack() as stack:
        room = Room(stack, port, options)
        await room.begin()
        seen: dict[str, list[Round]] = {ALONE: [], BAD: [], GOOD: []}
        for _ in range(options.rounds):
            for kind, rounds in list(seen.items())[: 3 if options.slow + options.stalled else 1]:
                async with AsyncExitStack() as while_there:
                    rounds.append(await room.observe(await room.beside(while_there, kind)))
        size = room.teacher.bytes / max(1, room.teacher.frames) / 1e3
        print(f"{options.followers} followers at {options.fps:g} frames a second, {size:.1f} kB each")
        for kind, rounds in seen.items():
            if rounds:
                print(kind)
                tell(rounds)
        for other in (ALONE, GOOD) if seen[BAD] else ():
            print(f"{BAD}, of {other}: ratios, round by round")
            for name in seen[BAD][0].numbers():
                pairs = zip(seen[BAD], seen[other], strict=True)
                ratios = [one.numbers()[name] / two.numbers()[name] for one, two in pairs]
                print(f"  {name}: median {median(ratios):.2f} ({', '.join(f'{ratio:.2f}' for ratio in ratios)})")


async def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--followers", type=int, default=100)
    parser.add_argument("--fps", type=float, default=15.0)
    parser.add_argument("--sessions", type=int, default=10)
    parser.add_argument("--stalled", type=int, default=20)
    parser.add_argument("--slow", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--changes", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=3.0, help="of a round, at least")
    parser.add_argument("--trainers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--cores", help="processors of the server, as taskset takes them")
    options = parser.parse_args()
    async with server(options.trainers, options.cores) as port:
        await measure(port, options)


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(main())
