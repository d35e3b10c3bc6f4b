"""Lanes side by side: steps a second in lockstep, frames a second, and bytes a frame, at the socket.

    python tests/bench/lanes.py [--seconds 5] [--speed 0]

The net is 2-8-8-1 in all lanes, each with an optimizer of its own. The client acknowledges frames as soon as it has
them; `--speed` is in steps a second, 0 as fast as possible. Six lanes have to stream at 30 frames a second and more.
"""

import argparse
import asyncio
import random
import time
from typing import Any

from wire import Client, client, server

CONFIG: dict[str, Any] = {"data": {"name": "circle"}, "network": {"hidden": [8, 8]}}
OPTIMIZERS = ("sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw")


async def measure(hand: Client, lanes: int, seconds: float) -> str:
    """Return a row of the table."""
    await hand.ask("seek", step=0)
    await hand.ask("play")
    await asyncio.sleep(1)
    begin, first, frames, size = time.perf_counter(), hand.frame["step"], hand.frames, hand.bytes
    await asyncio.sleep(seconds)
    passed, drawn = time.perf_counter() - begin, hand.frames - frames
    steps = [lane["step"] for lane in hand.frame.get("lanes", [{"step": hand.frame["step"]}])]
    assert max(steps) == min(steps), f"lanes are apart: {steps}"
    rate = (hand.frame["step"] - first) / passed
    await hand.ask("pause")
    return f"{lanes:5d} {rate:12,.0f} {rate * lanes:14,.0f} {drawn / passed:9.0f} {(hand.bytes - size) / drawn:12,.0f}"


async def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--speed", type=float, default=0.0)
    options = parser.parse_args()
    print("lanes  steps/s each  steps/s in all  frames/s  bytes a frame")
    async with (
        server(1) as port,
        client(port, f"bench-{random.getrandbits(40)}", config=CONFIG) as hand,
    ):
        await hand.ask("speed", steps_per_second=options.speed)
        for lanes, name in enumerate(OPTIMIZERS, start=1):
            if lanes > 1:
                reply = await hand.ask("lane_add", change={"optimizer": name, "learning_rate": 0.01})
                assert reply["ok"], reply
            print(await measure(hand, lanes, options.seconds), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
