"""A follower on a bad network: their line stalls, or is cut, while the class goes on.

Prints how long they take to be in step again.
"""

import threading
import time
from copy import copy
from typing import Any

import pytest
from proxy import Proxy
from talking import Talk, started


def in_step(follower: Talk, step: int) -> list[int]:
    """Return the steps of the frames that come, up to the first at this step or later."""
    steps: list[int] = []
    while not steps or steps[-1] < step:
        steps.append(follower.frame()["step"])
    return steps


@pytest.mark.long
def test_who_was_without_a_line_for_seconds_is_in_step_with_the_next_frame() -> None:
    with started("--trainers", "1", "--proxy", "127.0.0.1") as command, command.visit("lesson") as teacher:
        proxy = Proxy(command.port)
        around = copy(command)
        around.port = proxy.port
        teacher.hello(preset="xor", token=command.token)
        secret = "the browser of Ada".ljust(30, ".")
        join: dict[str, Any] = {"code": teacher.do("room_open")["code"], "name": "Ada", "secret": secret, "version": 1}
        teacher.do("speed", steps_per_second=300)
        teacher.do("play")
        over = threading.Event()

        def follow() -> None:
            """Read what comes to the teacher's page."""
            while not over.is_set():
                teacher.hear()

        page = threading.Thread(target=follow)
        page.start()
        try:
            with around.visit("room") as ada:
                number = ada.do("join", **join) and ada.kind("room")["you"]["number"]
                ada.frame()
                proxy.stall()
                time.sleep(5)
                here, begun = teacher.frames[-1]["step"], time.monotonic()
                proxy.resume()
                steps = in_step(ada, here)
                print(f"stalled: {time.monotonic() - begun:.2f} s, frames at {steps}, the teacher was at {here}")
                assert len(steps) <= 4  # what was on its way, what was lent, and then the newest
                proxy.cut()
            time.sleep(5)
            here, begun = teacher.frames[-1]["step"], time.monotonic()
            with around.visit("room") as ada:
                ada.do("join", **join)
                steps = in_step(ada, here)
                print(f"cut: {time.monotonic() - begun:.2f} s, frames at {steps}, the teacher was at {here}")
                assert len(steps) == 1
                kinds = [message["kind"] for message in ada.heard]
                assert kinds.index("state") < kinds.index("frame")
                assert ada.kind("room")["you"]["number"] == number
        finally:
            over.set()
            page.join()
            proxy.close()
