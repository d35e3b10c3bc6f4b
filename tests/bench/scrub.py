"""How fast the page follows a hand on the timeline: to the nearest picture, and to the exact step.

    python tests/bench/scrub.py [--steps 3000] [--moves 80]

The run is trained so far, then the handle jumps to random places. Prints a table, milliseconds from the pointer's
move until a frame bound for that step has been drawn, and until the frame of that very step has.
"""

import argparse
import random
import statistics

from browsing import NETS, heading, opened, row, running
from playwright.sync_api import Browser
from wire import percentile

# Moves the handle that is held to a place on the bar; waits for the picture near it and for the one of the step.
MOVE = """share => new Promise(resolve => {
  const track = document.querySelector('[data-role="timeline"]');
  const {left, top, width} = track.querySelector(".timeline-bar").getBoundingClientRect(), start = performance.now();
  const place = {pointerId: 1, clientX: left + share * width, clientY: top};
  track.dispatchEvent(new PointerEvent("pointermove", {bubbles: true, ...place}));
  const wanted = Number(track.getAttribute("aria-valuenow"));
  let near = null;
  (function look() {
    const drawn = window.__watch.drawn.filter(([time]) => time >= start);
    near ??= drawn.find(([, told]) => told?.step === wanted || told?.target === wanted)?.[0] ?? null;
    const exact = drawn.find(([, told]) => told?.step === wanted);
    if (exact) resolve([near - start, exact[0] - start]);
    else if (performance.now() > start + 5000) resolve(null);
    else setTimeout(look, 1);
  })();
})"""


def measure(browser: Browser, url: str, name: str, steps: int, moves: int) -> str:
    """One row of the table."""
    tab = opened(browser, url, name)
    tab.choose("speed", "0")
    tab.play()
    tab.until(lambda: tab.step() > steps, seconds=300)
    tab.pause()
    box = tab.page.locator(tab.role("timeline")).bounding_box()
    assert box is not None
    tab.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    tab.page.mouse.down()
    tab.settle()
    tab.page.evaluate("__watch.reads = true")
    hand, waits = random.Random(1), []
    for _ in range(moves):
        waits.append(tab.page.evaluate(MOVE, hand.random()))
        tab.page.wait_for_timeout(60)
    last = tab.page.get_attribute(tab.role("timeline"), "aria-valuemax")
    tab.page.context.close()
    seen = [wait for wait in waits if wait is not None]
    figures = [
        f"{figure:.0f}"
        for column in zip(*seen, strict=True)
        for figure in (statistics.median(column), percentile(list(column), 0.95))
    ]
    return row(name, last, *figures, len(waits) - len(seen))


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--steps", type=int, default=3000)
    ask.add_argument("--moves", type=int, default=80)
    options = ask.parse_args()
    print(heading("net", "steps", "nearest picture ms", "p95", "exact step ms", "p95", "missed"))
    with running() as (server, browser):
        for name in NETS:
            print(measure(browser, server.url, name, options.steps, options.moves), flush=True)


if __name__ == "__main__":
    main()
