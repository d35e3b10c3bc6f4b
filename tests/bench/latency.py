"""From a slider message to the first frame that obeys it, at the socket, while training runs as fast as it can.

    python tests/bench/latency.py [--changes 150] [--trainers 1] [--others 0]

The client acknowledges frames as soon as it has them. Client and server share the machine, as they do at home.
`--others` more sessions train beside the one that is measured, each watched by a client that draws 20 frames a second.
"""

import argparse
import asyncio
import random
import time
from contextlib import AsyncExitStack
from typing import Any

from wire import client, percentile, server

NETS: dict[str, dict[str, Any]] = {
    "2-4-2-1 circle": {"data": {"name": "circle"}, "network": {"hidden": [4, 2]}},
    "64-30-10 digits": {"data": {"name": "digits"}, "network": {"hidden": [30]}},
    "2-(32×20)-1 sigmoid": {"data": {"name": "circle"}, "network": {"hidden": [32] * 20, "activation": "sigmoid"}},
}


async def measure(port: int, name: str, changes: int, others: int) -> str:
    """Return a row of the table."""
    async with AsyncExitStack() as stack:
        session = f"bench-{random.getrandbits(40)}"
        hand = await stack.enter_async_context(client(port, session, config=NETS[name]))
        for index in range(others):
            other = await stack.enter_async_context(client(port, f"{session}-{index}", 0.05, config=NETS[name]))
            await other.ask("speed", steps_per_second=0)
            await other.ask("play")
        await hand.ask("speed", steps_per_second=0)
        await hand.ask("play")
        await asyncio.sleep(2)
        begin, first, drawn = time.perf_counter(), hand.frame["step"], hand.frames
        waits = []
        for index in range(changes):
            await asyncio.sleep(random.uniform(0.005, 0.03))
            rate = round(0.001 + 0.00001 * index, 6)
            seen = asyncio.ensure_future(hand.until(lambda header, rate=rate: header["learning_rate"] == rate))
            await asyncio.sleep(0)
            sent = time.perf_counter()
            await hand.ask("set", learning_rate=rate)
            waits.append(1e3 * (await seen - sent))
        seconds = time.perf_counter() - begin
        steps, frames = (hand.frame["step"] - first) / seconds, (hand.frames - drawn) / seconds
        figures = "  ".join(f"{percentile(waits, share):7.1f}" for share in (0.5, 0.95, 0.99))
        return f"{name:22s} {figures}  {max(waits):7.1f} {steps:11,.0f} {frames:8.0f}"


async def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--changes", type=int, default=150)
    parser.add_argument("--trainers", type=int, default=1)
    parser.add_argument("--others", type=int, default=0)
    options = parser.parse_args()
    print(f"{'ms to the frame':22s}  median      p95      p99    worst     steps/s frames/s")
    for name in NETS:
        async with server(options.trainers) as port:
            print(await measure(port, name, options.changes, options.others), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
