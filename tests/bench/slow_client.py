"""What a slow client, and one that stopped reading, do to a quick one beside them; and how old their pictures are.

    python tests/bench/slow_client.py [--seconds 6] [--trainers 1]

All are in one session, which trains as fast as it can. The quick client draws 60 frames per second, the slow one 5, and
the third reads nothing after its first frame. A frame's age is the time since training passed its step, when the client
has drawn it.
"""

import argparse
import asyncio
import bisect
import json
import time
from contextlib import AsyncExitStack
from typing import Any

import websockets
from wire import Client, client, percentile, server

DEEP = {"data": {"name": "circle"}, "network": {"hidden": [32] * 20, "activation": "sigmoid"}}
NETS: dict[str, dict[str, Any]] = {
    "2-4-2-1 circle": {"data": {"name": "circle"}, "network": {"hidden": [4, 2]}},
    "64-30-10 digits": {"data": {"name": "digits"}, "network": {"hidden": [30]}},
    "2-(32×20)-1 sigmoid": DEEP,
}


class Watch:
    """When a client got its frames, and of which steps."""

    def __init__(self, who: Client) -> None:
        self.times: list[float] = []
        self.steps: list[int] = []
        who.watch = self.note

    def note(self, header: dict[str, Any]) -> None:
        """Keep the time and step of a frame."""
        self.times.append(time.perf_counter())
        self.steps.append(header["step"])

    def passed(self, step: int) -> float:
        """Return the time at which the run was first seen at a step or beyond it."""
        return self.times[min(bisect.bisect_left(self.steps, step), len(self.times) - 1)]

    def rate(self) -> float:
        """Return frames per second."""
        return (len(self.times) - 1) / (self.times[-1] - self.times[0])

    def worst_gap(self) -> float:
        """Return the longest time between two frames, in ms."""
        return 1e3 * max(after - before for before, after in zip(self.times, self.times[1:], strict=False))


async def silent(port: int, session: str, stack: AsyncExitStack) -> None:
    """Join a session, acknowledge one frame ahead of reading it, and never read again."""
    url = f"ws://127.0.0.1:{port}/ws/{session}"
    socket = await stack.enter_async_context(websockets.connect(url, max_size=None, compression=None, max_queue=1))
    await socket.send(json.dumps({"op": "hello", "secret": "benchmark " * 3}))
    for _ in range(4):
        await socket.recv()


async def measure(port: int, name: str, seconds: float) -> str:
    """Return a row of the table."""
    async with AsyncExitStack() as stack:
        session = name.split()[0].replace("(", "").replace(")", "").replace("×", "x")
        quick = await stack.enter_async_context(client(port, session, 1 / 60, config=NETS[name]))
        await quick.ask("speed", steps_per_second=0)
        await quick.ask("play")
        await asyncio.sleep(1.5)
        alone = Watch(quick)
        await asyncio.sleep(seconds / 2)
        slow = await stack.enter_async_context(client(port, session, 0.2))
        await silent(port, session, stack)
        await asyncio.sleep(0.5)
        beside, late = Watch(quick), Watch(slow)
        await asyncio.sleep(seconds)
        drawn = [shown + 0.2 for shown in late.times]
        ages = [1e3 * (at - beside.passed(step)) for at, step in zip(drawn, late.steps, strict=True)]
        return (
            f"{name:22s} {alone.rate():8.0f} {alone.worst_gap():8.0f} {beside.rate():10.0f} {beside.worst_gap():8.0f} "
            f"{late.rate():10.1f} {percentile(ages, 0.5):9.0f} {max(ages):8.0f}"
        )


async def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--trainers", type=int, default=1)
    options = parser.parse_args()
    print(f"{'':22s} {'quick alone':>17s} {'beside slow ones':>19s} {'slow client, draws in 200 ms':>30s}")
    print(f"{'':22s} frames/s  gap, ms   frames/s  gap, ms   frames/s   age, ms    worst")
    for name in NETS:
        async with server(options.trainers) as port:
            print(await measure(port, name, options.seconds), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
