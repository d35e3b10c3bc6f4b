"""What six lanes of 2-8-8-1 cost the page: script per animation frame, with the diagram and with the race in its place.

    python tests/bench/race.py [--seconds 5] [--speed 0]

Prints a table. The goal is less than 8 ms of script a frame at 30 drawn frames a second. Server and browser share the
machine.
"""

import argparse

from browsing import NETS, counting, heading, opened, row, running
from driver import Tab
from page import costs
from playwright.sync_api import Browser

NAME = "2-8-8-1 circle"
NETS[NAME] = {"data": {"name": "circle"}, "network": {"hidden": [8, 8]}}
LANES = [
    ("optimizer", "Adam"),
    ("optimizer", "Momentum"),
    ("optimizer", "RMSprop"),
    ("activation", "ReLU"),
    ("optimizer", "Nesterov"),
]


def started(browser: Browser, url: str, lanes: int, speed: str) -> Tab:
    """A tab with so many lanes, training."""
    tab = opened(browser, url, NAME)
    for group, label in LANES[: lanes - 1]:
        tab.click("lane-add")
        tab.page.click(f'[data-group="{group}"] .lane-choice >> text="{label}"')
        tab.page.wait_for_selector(tab.role("lane-menu"), state="hidden")
    tab.choose("speed", speed)
    tab.play()
    return tab


def measure(browser: Browser, url: str, lanes: int, view: str, seconds: int, speed: str) -> str:
    """One row of the table."""
    tab = started(browser, url, lanes, speed)
    if view == "race":
        tab.click("race")
    if view == "contour":
        tab.page.click('[data-mode="contour"]')
    tab.page.wait_for_timeout(2500)
    session = counting(tab)
    tab.page.evaluate("__watch.long.length = 0")
    script, (frames, drawn, steps) = costs(tab, session, seconds)
    long = tab.page.evaluate("__watch.long")
    tab.page.context.close()
    return row(
        lanes,
        view,
        f"{script:.2f}",
        f"{frames:.0f}",
        f"{drawn:.0f}",
        f"{steps:.0f}",
        f"{len(long)}, {max(long, default=0):.0f}",
    )


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--seconds", type=int, default=5, help="how long each row is watched")
    ask.add_argument("--speed", default="60", help="steps a second, as the page offers them; 0 is as fast as possible")
    asked = ask.parse_args()
    print(
        heading(
            "lanes", "view", "script ms/frame", "animation frames/s", "drawn/s", "steps/s", "long tasks, longest ms"
        )
    )
    with running() as (server, browser):
        for lanes, view in ((1, "3-D"), (6, "3-D"), (6, "contour"), (6, "race")):
            print(measure(browser, server.url, lanes, view, asked.seconds, asked.speed), flush=True)


if __name__ == "__main__":
    main()
