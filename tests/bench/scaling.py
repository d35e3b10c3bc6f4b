"""What one machine holds, in units that add up: processor time and memory of a run, a follower, a net of an ensemble.

    python tests/bench/scaling.py [--seconds 6] [--followers 200] [--sessions 12]

Processor time is what the processes themselves used, so another program beside it disturbs little. `docs/scaling.md`
reckons with what this prints.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import time
from contextlib import AsyncExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import Any

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = "1"  # before NumPy is loaded

import numpy as np
from backscope.core import Ensemble, RunConfig, Trainer, gaussian_net, trainability_map
from backscope.core.ensemble.pixels import MapNet
from crowd import Crowd
from wire import children, client, server, used

#: Nets from small to large: data, layers, batch.
NETS: dict[str, dict[str, Any]] = {
    "2-6-3-1": {"data": {"name": "circle"}, "network": {"hidden": [6, 3]}},
    "64-30-10": {"data": {"name": "digits"}, "network": {"hidden": [30]}},
    "2-32×20-1": {"data": {"name": "circle"}, "network": {"hidden": [32] * 20}, "batch_size": 32},
}


def resident(process: int) -> float:
    """Return the megabytes of a process that are in memory."""
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * 4096 / 1e6


async def of_a_follower(net: str, seconds: float, followers: int) -> None:
    """Print what a frame costs the front, and how large it is: one run, many who draw 15 a second."""
    async with server(1) as port, AsyncExitStack() as stack:
        (front,) = children(os.getpid())
        room = f"bench-{random.getrandbits(40)}"
        teacher = await stack.enter_async_context(client(port, room, 0.05, config=NETS[net]))
        crowd = Crowd(port, (await teacher.ask("room_open"))["code"])
        each = [await crowd.join(stack, f"student {number}", 1 / 15) for number in range(followers)]
        await teacher.ask("speed", steps_per_second=60)
        await teacher.ask("play")
        await asyncio.sleep(2)
        frames, size, before = sum(one.frames for one in each), sum(one.bytes for one in each), used(front)
        begin = time.perf_counter()
        await asyncio.sleep(seconds)
        frames, size = sum(one.frames for one in each) - frames, sum(one.bytes for one in each) - size
        cost, rate = (used(front) - before) / frames, frames / followers / (time.perf_counter() - begin)
        print(f"| {net} | {size / frames / 1e3:.1f} | {1e6 * cost:.0f} | {rate:.1f} |", flush=True)


async def of_a_session(net: str, seconds: float, sessions: int) -> None:
    """Print what a run at 60 steps a second, drawn 20 times a second, takes of trainer and front, and of memory."""
    async with server(1) as port, AsyncExitStack() as stack:
        (front,) = children(os.getpid())
        first = await stack.enter_async_context(client(port, f"bench-{random.getrandbits(40)}", 0.05, config=NETS[net]))
        await first.ask("step", count=1)
        await asyncio.sleep(1)
        trainers = [process for process in children(front) if resident(process) > 30]
        memory = sum(map(resident, trainers))
        all_ = [first]
        for _ in range(sessions - 1):
            name = f"bench-{random.getrandbits(40)}"
            all_.append(await stack.enter_async_context(client(port, name, 0.05, config=NETS[net])))
        for one in all_:
            await one.ask("speed", steps_per_second=60)
            await one.ask("play")
        await asyncio.sleep(3)
        trainers = [process for process in children(front) if resident(process) > 30]
        before, at = sum(map(used, trainers)), time.perf_counter()
        served, frames = used(front), sum(one.frames for one in all_)
        await asyncio.sleep(seconds)
        served, frames = used(front) - served, sum(one.frames for one in all_) - frames
        share = (sum(map(used, trainers)) - before) / (time.perf_counter() - at) / sessions
        grown = (sum(map(resident, trainers)) - memory) / max(1, sessions - 1)
        print(f"| {net} | {100 * share:.2f} % | {1e6 * served / frames:.0f} | {grown:.1f} |", flush=True)


def time_of(call: Any, least: float = 0.4) -> float:
    """Return the processor time of a call: the least of some rounds."""
    best, spent = np.inf, 0.0
    while spent < least:
        before = time.process_time()
        call()
        took = time.process_time() - before
        best, spent = min(best, took), spent + took
    return best


def of_a_step() -> None:
    """Print how the cost of a step grows with width, alone and in an ensemble."""
    print("\n| net, batch 10 | parameters | µs a step | µs a step and member of 256 | kB a member |")
    print("| --- | --- | --- | --- | --- |")
    for width in (4, 8, 16, 32, 64, 128):
        config = RunConfig.from_json({"data": {"name": "circle"}, "network": {"hidden": [width, width]}})
        trainer, ensemble = Trainer(config), Ensemble([config] * 256)
        ensemble.run(5)
        alone = time_of(lambda trainer=trainer: trainer.run(300)) / 300
        together = time_of(lambda ensemble=ensemble: ensemble.run(5)) / 5 / 256
        count, size = trainer.theta.size, 6 * trainer.theta.nbytes / 1e3
        times = f"{1e6 * alone:.1f} | {1e6 * together:.2f}"
        print(f"| 2-{width}-{width}-1 | {count:,} | {times} | {size:.1f} |", flush=True)


def of_a_map() -> None:
    """Print the nets a second of trainability maps, with the engines that are installed."""
    engines = ["numpy", "compiled"] if find_spec("numba") else ["numpy"]
    print(f"\n| map of n-n-1 tanh nets, 500 steps | {' | '.join(engines)} |\n| --- |{' --- |' * len(engines)}")
    for n in (4, 8, 16):
        net, rates = gaussian_net(n, seed=0), []
        for engine in engines:

            def train(net: MapNet = net, engine: str = engine) -> None:
                trainability_map(net.W0, net.W1, net.X, net.Y, "tanh", steps=500, resolution=16, engine=engine)

            train()  # a compiled engine is made by the first call
            rates.append(f"{256 / time_of(train):,.0f}")
        print(f"| {n} | {' | '.join(rates)} |", flush=True)


async def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--followers", type=int, default=200)
    parser.add_argument("--sessions", type=int, default=12)
    options = parser.parse_args()
    print("| one run, followed | kB a frame | µs of the front a frame and follower | frames a second |")
    print("| --- | --- | --- | --- |")
    for net in NETS:
        await of_a_follower(net, options.seconds, options.followers)
    print("\n| runs at 60 steps/s, each drawn | of a core, a run | µs of the front a frame | MB a run |")
    print("| --- | --- | --- | --- |")
    for net in NETS:
        await of_a_session(net, options.seconds, options.sessions)
    of_a_step()
    of_a_map()


if __name__ == "__main__":
    asyncio.run(main())
