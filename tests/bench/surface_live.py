"""Training beside the finest surface: frames a second while 128×128 of digits is computed, and how soon it is given up.

    python tests/bench/surface_live.py

Asked for: at least 30 frames a second while the surface is computed, less than 100 ms until it is given up.
"""

import statistics

from browsing import opened, running
from driver import Tab

STOP = '[data-role="surface-stop"]'
WORDS = f"(() => {{ const stop = document.querySelector('{STOP}'); return stop.hidden ? '' : stop.textContent; }})()"

# Clicks, and waits until nothing more is said to be on its way.
GIVE_UP = f"""() => new Promise(resolve => {{
  const stop = document.querySelector('{STOP}'), start = performance.now();
  stop.click();
  (function look() {{
    if (stop.hidden) resolve(performance.now() - start);
    else setTimeout(look, 1);
  }})();
}})"""


def finest(tab: Tab) -> None:
    """Train anew, as a picture that still holds is not computed again, and wait until the finest one is on its way."""
    tab.pause()
    tab.click("reset")
    tab.train(300)
    tab.until(lambda: "128" in tab.page.evaluate(WORDS), 120, "128×128 on its way")


def frames(tab: Tab) -> tuple[float, float]:
    """Frames drawn, and the time in seconds."""
    return tuple(tab.page.evaluate("[__watch.drawn.length, performance.now() / 1000]"))


def rate_between(before: tuple[float, float], after: tuple[float, float]) -> float:
    return (after[0] - before[0]) / (after[1] - before[1])


def main() -> None:
    with running() as (server, browser):
        tab = opened(browser, server.url, "64-30-10 digits")
        tab.choose("speed", "0")
        tab.play()
        tab.until(lambda: tab.step() > 300, 60)
        before = frames(tab)
        tab.page.wait_for_timeout(3000)
        alone = rate_between(before, frames(tab))
        rates = []
        for _ in range(3):
            finest(tab)
            tab.play()
            before = frames(tab)
            while "128" in tab.page.evaluate(WORDS):
                tab.page.wait_for_timeout(50)
            rates.append(rate_between(before, frames(tab)))
        waits = []
        for _ in range(5):
            finest(tab)
            waits.append(tab.page.evaluate(GIVE_UP))
        print(f"frames a second while digits are learnt: {alone:.0f}")
        print(f"while 128×128 of their surface is computed: {statistics.median(rates):.0f}, least {min(rates):.0f}")
        print(f"ms until it is given up: {statistics.median(waits):.0f}, most {max(waits):.0f}")


if __name__ == "__main__":
    main()
