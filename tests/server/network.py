"""A network between two namespaces of its own: its packets are late, get lost, or are all gone."""

import contextlib
import ctypes
import fcntl
import heapq
import os
import random
import select
import struct
import subprocess
import threading
import time

import pytest

_NAME = f"backscope-{os.getpid()}"
_NEAR, _FAR = f"bsnear{os.getpid()}", f"bsfar{os.getpid()}"
_TUNSETIFF, _TUN_WITHOUT_INFO = 0x400454CA, 0x1001
_CLONE_NEWNET = 0x40000000
_C = ctypes.CDLL(None, use_errno=True)


def _tun(name: str) -> int:
    """Return a device whose packets this process carries."""
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, _TUNSETIFF, struct.pack("16sH22x", name.encode(), _TUN_WITHOUT_INFO))
    return device


def _into(outcome: int) -> None:
    """Raise OSError if this thread could not go into another namespace."""
    if outcome != 0:
        raise OSError(ctypes.get_errno(), "no other network namespace")


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


class Network:
    """Carries packets between two addresses, in a thread of its own; this thread is at the near one until it is closed.

    It needs Linux, `ip`, and the right to make network devices; where they are missing, its test is skipped.

    Parameters
    ----------
    loss : float
        Share of packets that get lost, in each direction.
    delay : pair of float
        Seconds that a packet takes at least and at most; none overtakes another.
    """

    near, far = "10.203.0.1", "10.203.0.2"

    def __init__(self, loss: float, delay: tuple[float, float]) -> None:
        self._loss, self._delay = loss, delay
        self._cut = self._over = False
        self.carried = self.lost = 0
        try:
            self._home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
            _into(_C.unshare(_CLONE_NEWNET))  # browsers elsewhere would take its devices for another network of theirs
            _ip("link", "set", "lo", "up")
            self._ends = [_tun(_NEAR), _tun(_FAR)]
            _ip("netns", "add", _NAME)
        except (AttributeError, OSError, subprocess.CalledProcessError) as error:
            pytest.skip(f"no network can be made here: {error}")
        _ip("link", "set", _FAR, "netns", _NAME)
        for place, device, address in (((), _NEAR, self.near), (("-n", _NAME), _FAR, self.far)):
            _ip(*place, "addr", "add", f"{address}/30", "dev", device)
            _ip(*place, "link", "set", device, "up")
        self._thread = threading.Thread(target=self._carry, daemon=True)
        self._thread.start()

    def enter(self) -> None:
        """Sockets that this thread makes from now on are at the far end."""
        with open(f"/run/netns/{_NAME}") as space:
            _into(_C.setns(space.fileno(), _CLONE_NEWNET))

    def cut(self) -> None:
        """Let all packets vanish, and those on their way."""
        self._cut = True

    def resume(self) -> None:
        """Carry them again."""
        self._cut = False

    def close(self) -> None:
        """Take it down."""
        self._over = True
        self._thread.join()
        for end in self._ends:
            os.close(end)
        _ip("netns", "del", _NAME)
        _into(_C.setns(self._home, _CLONE_NEWNET))
        os.close(self._home)

    def _carry(self) -> None:
        across = dict(zip(self._ends, reversed(self._ends), strict=True))
        latest = dict.fromkeys(self._ends, 0.0)
        on_way: list[tuple[float, int, int, bytes]] = []
        while not self._over:
            wait = on_way[0][0] - time.monotonic() if on_way else 0.1
            ready, _, _ = select.select(self._ends, [], [], min(0.1, max(0.0, wait)))
            for end in ready:
                packet = os.read(end, 1 << 16)
                if self._cut or random.random() < self._loss:
                    self.lost += 1
                    continue
                self.carried += 1
                latest[end] = max(latest[end], time.monotonic() + random.uniform(*self._delay))
                heapq.heappush(on_way, (latest[end], self.carried, across[end], packet))
            if self._cut:
                on_way.clear()
            while on_way and on_way[0][0] <= time.monotonic():
                with contextlib.suppress(OSError):  # the device is not up any more
                    os.write(on_way[0][2], on_way[0][3])
                heapq.heappop(on_way)
