"""What the page costs in a real browser: until it is usable, per animation frame, and from the hand to the picture.

    python tests/bench/page.py [--seconds 6]
    python tests/bench/page.py --peer URL [--peer-live JS] [--rounds 5]

Prints a table. With `--peer` it is another one: a first visit to this page and to that one, by turns (`first_load.py`).
 Server and browser share the machine, as they do at home. Training runs as fast as it can.
"""

import argparse
import statistics

import first_load
from browsing import NETS, counting, heading, inspect_neuron, metrics, opened, row, running
from driver import Tab
from playwright.sync_api import Browser, CDPSession
from wire import percentile

# Moves the slider to a new place and waits until a frame that obeys it has been drawn.
MOVE = """place => new Promise(resolve => {
  const slider = document.querySelector('[data-role="learning-rate-slider"]');
  const rate = Number((10 ** place).toPrecision(3)), start = performance.now();
  slider.value = String(place);
  slider.dispatchEvent(new Event("input", {bubbles: true}));
  const deadline = start + 2000;
  (function look() {
    const hit = window.__watch.drawn.find(([time, told]) => time >= start && told?.rate === rate);
    if (hit) resolve(hit[0] - start);
    else if (performance.now() > deadline) resolve(null);
    else setTimeout(look, 1);
  })();
})"""


def costs(tab: Tab, session: CDPSession, seconds: int) -> tuple[float, list[float]]:
    """Medians over the seconds: ms of script per animation frame; animation frames, drawn frames and steps a second."""
    scripts, rates = [], []
    for _ in range(seconds):
        before, frames, drawn, step = (metrics(session), *counted(tab))
        tab.page.wait_for_timeout(1000)
        after, later = metrics(session), counted(tab)
        elapsed = after["Timestamp"] - before["Timestamp"]
        scripts.append((after["ScriptDuration"] - before["ScriptDuration"]) * 1000 / max(1, later[0] - frames))
        rates.append([(b - a) / elapsed for a, b in zip((frames, drawn, step), later, strict=True)])
    return statistics.median(scripts), [statistics.median(column) for column in zip(*rates, strict=True)]


def counted(tab: Tab) -> tuple[int, int, int]:
    """Animation frames, frames drawn, and steps so far."""
    return (*tab.page.evaluate("[__watch.frames, __watch.drawn.length]"), tab.step())


def measure(browser: Browser, url: str, name: str, seconds: int) -> str:
    """One row of the table."""
    tab = opened(browser, url, name)
    usable = tab.page.evaluate("performance.now() - performance.getEntriesByType('navigation')[0].responseStart")
    tab.choose("speed", "0")
    tab.play()
    tab.page.wait_for_timeout(1500)
    session = counting(tab)
    tab.page.evaluate("__watch.long.length = 0")
    script, rates = costs(tab, session, seconds)
    waits = []
    tab.page.evaluate("__watch.reads = true")
    for k in range(60):
        waits.append(tab.page.evaluate(MOVE, -3 + (k % 20) * 0.07))
        tab.page.wait_for_timeout(40)
    tab.page.evaluate("__watch.reads = false")
    inspect_neuron(tab)
    inspected, _ = costs(tab, session, seconds)
    long = tab.page.evaluate("__watch.long")
    tab.page.context.close()
    seen = [wait for wait in waits if wait is not None]
    return row(
        name,
        f"{usable:.0f}",
        f"{script:.2f}",
        f"{inspected:.2f}",
        f"{len(long)}, {max(long, default=0):.0f}",
        *(f"{rate:.0f}" for rate in rates),
        f"{statistics.median(seen):.1f}",
        f"{percentile(seen, 0.95):.1f}",
        len(waits) - len(seen),
    )


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--seconds", type=int, default=6, help="how long each net is watched, with and without inspector")
    ask.add_argument("--peer", metavar="URL", help="another page: measure first visits to both instead")
    ask.add_argument("--peer-live", metavar="JS", default=first_load.USUAL, help="what holds once it can be used")
    ask.add_argument("--rounds", type=int, default=5, help="visits to each page, of which the median is told")
    given = ask.parse_args()
    if given.peer:
        with running() as (server, browser):
            pages = {"Backscope": (f"{server.url}?lang=en", first_load.OURS), "peer": (given.peer, given.peer_live)}
            first_load.rounds(browser, pages, given.rounds)
        return
    seconds = given.seconds
    print(
        heading(
            "net",
            "usable after ms",
            "script ms/frame",
            "inspector open",
            "long tasks, longest ms",
            "animation frames/s",
            "drawn/s",
            "steps/s",
            "rate→drawn ms",
            "p95",
            "missed",
        )
    )
    with running() as (server, browser):
        for name in NETS:
            print(measure(browser, server.url, name, seconds), flush=True)


if __name__ == "__main__":
    main()
