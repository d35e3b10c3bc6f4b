"""What a room's server pays for its followers: all of them at home, or spread over servers with `--fan-out`.

    python tests/bench/fan_out.py [--servers 3] [--followers 1000] [--fps 1] [--rounds 2] [--seconds 15]

It starts Debian's redis-server and so many servers, opens a room of a small net at the first, and lets it train at 60
steps a second. Rounds take turns: all followers at the room's server, and as many at each server. Told is processor
time, of every process itself, for the same number of drawn frames: read the ratios, as client and servers share the
machine.
"""

import argparse
import asyncio
import contextlib
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path
from statistics import median
from typing import Any

import websockets
from wire import client

PORT = 8900
CIRCLE: dict[str, Any] = {"data": {"name": "circle"}, "network": {"hidden": [6, 3]}}
_SEQ = re.compile(rb'\{"seq":(\d+)[,}]')
_TICK = os.sysconf("SC_CLK_TCK")


def seconds_of(process: int) -> float:
    """Return the processor time that a process has used, in all of its threads."""
    rest = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(rest[11]) + int(rest[12])) / _TICK


def children_of(process: int) -> list[int]:
    """Return the processes that a process has started."""
    found = []
    for name in filter(str.isdecimal, os.listdir("/proc")):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            if int(Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()[1]) == process:
                found.append(int(name))
    return found


class Follower:
    """Somebody who draws so many frames a second."""

    def __init__(self, port: int, code: str, name: str, gap: float) -> None:
        self.port, self.code, self.name, self.gap = port, code, name, gap
        self.frames = 0
        self.there = asyncio.Event()

    async def follow(self) -> None:
        """Come in, again where that is refused as a page does, and draw until it ends."""
        while True:
            with contextlib.suppress(OSError, websockets.ConnectionClosed):
                await self._draw()
            await asyncio.sleep(1)

    async def _draw(self) -> None:
        url = f"ws://127.0.0.1:{self.port}/ws/room"
        secret = f"the browser of {self.name}".ljust(30, ".")
        options: dict[str, Any] = {"max_size": None, "compression": None, "ping_interval": None, "open_timeout": 120}
        async with websockets.connect(url, **options) as socket:
            await socket.send(
                json.dumps({"id": 1, "op": "join", "code": self.code, "name": self.name, "secret": secret})
            )
            async for message in socket:
                if not self.frames and isinstance(message, str) and '"ok":false' in message[:60]:
                    return
                found = _SEQ.match(message, 4) if isinstance(message, bytes) else None
                if found is not None:
                    self.frames += 1
                    self.there.set()
                    await asyncio.sleep(self.gap)
                    await socket.send(json.dumps({"op": "ack", "seq": int(found[1])}))


async def observe(code: str, ports: list[int], pids: list[int], options: argparse.Namespace) -> dict[str, float]:
    """Return what a round took, in µs of processor time for a drawn frame, with so many servers for the followers."""
    followers = [
        Follower(ports[number % len(ports)], code, f"student {number}", 1 / options.fps)
        for number in range(options.followers)
    ]
    tasks: list[asyncio.Task[None]] = []
    try:
        for number, one in enumerate(followers):  # fifty at a time
            tasks.append(asyncio.create_task(one.follow()))
            if number % 50 == 49:
                await asyncio.gather(*(other.there.wait() for other in followers[: number + 1]))
        await asyncio.gather(*(one.there.wait() for one in followers))
        await asyncio.sleep(3)
        before, frames = [seconds_of(pid) for pid in pids], [one.frames for one in followers]
        await asyncio.sleep(options.seconds)
        used = [seconds_of(pid) - early for pid, early in zip(pids, before, strict=True)]
        drawn = [one.frames - early for one, early in zip(followers, frames, strict=True)]
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    trainer, redis, *fronts = used
    per = 1e6 / max(1, sum(drawn))
    found = {"the room's front": fronts[0] * per, "the room's trainer": trainer * per, "redis-server": redis * per}
    found["the busiest of the other fronts"] = max(fronts[1:], default=0.0) * per
    found["all of it"] = sum(used) * per
    found["frames a second and follower, median"] = median(drawn) / options.seconds
    found["frames a second and follower, least"] = min(drawn) / options.seconds
    return found


async def measure(options: argparse.Namespace, ports: list[int], fronts: list[int], redis: int) -> None:
    """Print what came of it."""
    async with AsyncExitStack() as stack:
        teacher = await stack.enter_async_context(client(ports[0], "bench-room", 0.5, config=CIRCLE))
        code = (await teacher.ask("room_open"))["code"]
        await teacher.ask("speed", steps_per_second=60)
        await teacher.ask("play")
        await asyncio.sleep(2)
        trainer = max(children_of(fronts[0]), key=seconds_of)
        rounds: dict[str, list[dict[str, float]]] = {"spread over all servers": [], "all at the room's server": []}
        for _ in range(options.rounds):
            for used, found in zip((ports, ports[:1]), rounds.values(), strict=True):
                found.append(await observe(code, used, [trainer, redis, *fronts], options))
                print(f"round of {len(used)} server(s): {found[-1]}", flush=True)
        size = teacher.bytes / max(1, teacher.frames) / 1e3
    print(
        f"{options.followers} followers who draw {options.fps:g} frames of {size:.1f} kB a second, least of the rounds"
    )
    spread, home = rounds.values()
    for name in home[0]:
        best = max if "frames" in name else min
        one, all_of_them = (best(found[name] for found in kind) for kind in (home, spread))
        ratio = f"{all_of_them / one:.2f}" if one else "–"
        print(f"  {name}: {one:.1f} at home, {all_of_them:.1f} spread, {ratio} of it")


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--servers", type=int, default=3)
    parser.add_argument("--followers", type=int, default=1000)
    parser.add_argument("--fps", type=float, default=1.0)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=15.0)
    options = parser.parse_args()
    if shutil.which("redis-server") is None:
        sys.exit("redis-server is not installed")
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))  # a socket for each follower, at both ends
    own = f"redis://127.0.0.1:{PORT + 40}"
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        command = ["redis-server", "--port", str(PORT + 40), "--save", "", "--dir", folder, "--bind", "127.0.0.1"]
        redis = stack.enter_context(subprocess.Popen(command, stdout=subprocess.DEVNULL))
        stack.callback(redis.terminate)
        ports, fronts = [], []
        for number in range(options.servers):
            command = [sys.executable, "-m", "backscope.server", "--no-browser", "--ephemeral", "--trainers", "1"]
            address = f"http://127.0.0.1:{PORT + number}"
            command += ["--port", str(PORT + number), "--redis", own, "--address", address, "--fan-out"]
            server = stack.enter_context(subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd="/"))
            stack.callback(server.terminate)
            assert server.stdout is not None
            line = server.stdout.readline()
            assert f":{PORT + number}/" in line, line
            ports.append(PORT + number)
            fronts.append(server.pid)
        asyncio.run(measure(options, ports, fronts, redis.pid))


if __name__ == "__main__":
    main()
