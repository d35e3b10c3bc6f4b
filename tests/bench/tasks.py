"""What the browser's main thread does in one go: its longest tasks by the clock and by the processor's time.

    python tests/bench/tasks.py [--seconds 8]

Where cores are shared, tasks look long that only wait for their turn: what they cost is the second number. Each net is
watched while it trains as fast as it can, while a hand moves the learning rate, and with a neuron under the inspector.
"""

import argparse
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from browsing import NETS, heading, inspect_neuron, opened, row, running
from driver import Tab
from page import MOVE
from playwright.sync_api import Browser
from wire import percentile

LONG = 50_000  # microseconds
FRAME = "FrameRequestCallbackCollection::ExecuteFrameCallbacks"


def traced(browser: Browser, tab: Tab, act: Callable[[], None]) -> list[dict[str, Any]]:
    """What happened on the page's main thread meanwhile: complete events with `dur` and `tdur` in microseconds."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trace.json"
        browser.start_tracing(page=tab.page, path=path, categories=["toplevel", "devtools.timeline", "blink"])
        act()
        browser.stop_tracing()
        events = json.loads(path.read_text())["traceEvents"]
    main = {
        (e["pid"], e["tid"]) for e in events if e["name"] == "thread_name" and e["args"]["name"] == "CrRendererMain"
    }
    page = [e["pid"] for e in events if e["name"] == FRAME]
    busiest = max(set(page), key=page.count)
    return [e for e in events if e["ph"] == "X" and "tdur" in e and e["pid"] == busiest and (busiest, e["tid"]) in main]


def told(name: str, phase: str, events: list[dict[str, Any]]) -> str:
    tasks = [e for e in events if e["name"] == "RunTask"] or [e for e in events if e["name"].endswith("::RunTask")]
    scripts = [e["tdur"] / 1000 for e in events if e["name"] == FRAME]
    return row(
        name,
        phase,
        f"{sum(e['dur'] > LONG for e in tasks)}, {max(e['dur'] for e in tasks) / 1000:.0f}",
        f"{sum(e['tdur'] > LONG for e in tasks)}, {max(e['tdur'] for e in tasks) / 1000:.0f}",
        *(f"{percentile(scripts, share):.1f}" for share in (0.5, 0.95, 0.99)),
        f"{max(scripts):.1f}",
    )


def measure(browser: Browser, url: str, name: str, seconds: int) -> None:
    """Print the rows of one net."""
    tab = opened(browser, url, name)
    tab.choose("speed", "0")
    tab.play()
    tab.page.wait_for_timeout(2000)

    def move() -> None:
        for k in range(30):
            tab.page.evaluate(MOVE, -3 + (k % 20) * 0.07)
            tab.page.wait_for_timeout(40)

    wait = lambda: tab.page.wait_for_timeout(1000 * seconds)  # noqa: E731
    phases = {"training": wait, "moving η": move, "opening": lambda: inspect_neuron(tab), "inspector": wait}
    for phase, act in phases.items():
        print(told(name, phase, traced(browser, tab, act)), flush=True)
    tab.page.context.close()


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--seconds", type=int, default=8, help="how long each net is watched")
    ask.add_argument("--net", choices=NETS, help="one net alone")
    given = ask.parse_args()
    print(
        heading(
            "net",
            "while",
            "tasks > 50 ms by the clock, longest",
            "by the processor",
            "script ms/frame",
            "p95",
            "p99",
            "max",
        )
    )
    with running() as (server, browser):
        for name in [given.net] if given.net else NETS:
            measure(browser, server.url, name, given.seconds)


if __name__ == "__main__":
    main()
