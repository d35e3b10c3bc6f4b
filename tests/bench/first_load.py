"""How long a first visit takes until the page is live, what it fetches for that, and the same of another page by turns.

`python tests/bench/page.py --peer URL` calls it. Each visit is a browser context of its own, so nothing is kept from
the one before. Our page is live when it has drawn the first picture: it acknowledges it then. The other one is live
when an expression in JavaScript first holds (`--peer-live`), which is looked at before each picture of the screen.
Chromium slows the opening of a socket by the delay and what it brings by the rate, but no single message by the delay.
"""

import statistics
from dataclasses import dataclass, field
from typing import Any

from browsing import heading, row
from playwright.sync_api import Browser, BrowserContext

#: ms there and back added to each request, and Mbit/s.
NETWORKS = [(delay, rate) for rate in (8, 2) for delay in (0, 40, 100)]
#: Seconds for which what comes after the first picture is counted.
AFTER = 3
SCREENS = {"laptop": ({"width": 1366, "height": 768}, 1), "phone": ({"width": 360, "height": 740}, 4)}
OURS = "globalThis.__acknowledged === true"
USUAL = 'document.readyState === "complete"'
WATCH = """
(() => {
  const {send} = WebSocket.prototype;
  WebSocket.prototype.send = function (text) {
    if (JSON.parse(text).op === "ack") globalThis.__acknowledged = true;
    return send.call(this, text);
  };
  (function look() {
    if (document.body && (%s)) globalThis.__live = performance.now();
    else requestAnimationFrame(look);
  })();
})();
"""


@dataclass
class Visit:
    """What a visit took: ms until live, and when requests went out and bytes came; those of a socket are `told`."""

    live: float = 0.0
    begun: float = 0.0
    asked: list[float] = field(default_factory=list)
    came: list[tuple[float, float]] = field(default_factory=list)
    told: list[tuple[float, float]] = field(default_factory=list)

    def until(self, seconds: float) -> tuple[int, float, float]:
        """Requests, kB that answer them, and kB by socket, until so many seconds after the page was live."""
        end = self.begun + self.live / 1000 + seconds
        came, told = (sum(size for time, size in them if time <= end) / 1000 for them in (self.came, self.told))
        return sum(time <= end for time in self.asked), came, told


def visit(context: BrowserContext, url: str, live: str, network: tuple[int, int], slower: int) -> Visit:
    """Open a page once, and close it again."""
    page, seen = context.new_page(), Visit()
    page.add_init_script(WATCH % live)
    session = context.new_cdp_session(page)

    def asked(event: dict[str, Any]) -> None:
        if not event["request"]["url"].startswith(("data:", "blob:")):
            seen.begun = seen.begun or event["timestamp"]
            seen.asked.append(event["timestamp"])

    def frame(event: dict[str, Any]) -> None:
        response = event["response"]
        size = len(response["payloadData"]) * (0.75 if response["opcode"] == 2 else 1)
        seen.told.append((event["timestamp"], size))

    session.on("Network.requestWillBeSent", asked)
    session.on("Network.loadingFinished", lambda it: seen.came.append((it["timestamp"], it["encodedDataLength"])))
    session.on("Network.webSocketFrameReceived", frame)
    session.send("Network.enable")
    delay, rate = network
    bytes_per_second = rate * 1e6 / 8
    session.send(
        "Network.emulateNetworkConditions",
        {
            **{"offline": False, "latency": delay},
            **{"downloadThroughput": bytes_per_second, "uploadThroughput": bytes_per_second},
        },
    )
    session.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    page.goto(url, wait_until="commit", timeout=60_000)
    page.wait_for_function("() => globalThis.__live", timeout=60_000)
    seen.live = page.evaluate("globalThis.__live")
    page.wait_for_timeout(AFTER * 1000)
    page.close()
    return seen


def rounds(browser: Browser, pages: dict[str, tuple[str, str]], count: int) -> None:
    """Print a table: for each screen, network and page the medians of so many rounds, the pages by turns.

    `pages` holds, by name, the address and the expression that is true once the page is live.
    """
    sums = ("requests", "kB", "by socket")
    later = [f"{name} after {AFTER} s" for name in sums]
    print(heading("screen, delay, rate", "page", "live after ms", "again ms", *sums, *later))
    for screen, (size, slower) in SCREENS.items():
        for network in NETWORKS:
            visits: dict[str, list[tuple[Visit, Visit]]] = {name: [] for name in pages}
            for _ in range(count):
                for name, (url, live) in pages.items():
                    context = browser.new_context(viewport=size)
                    first = visit(context, url, live, network, slower)
                    visits[name].append((first, visit(context, url, live, network, slower)))
                    context.close()
            for name, seen in visits.items():
                firsts = [first for first, _ in seen]
                times = [statistics.median(one.live for one in them) for them in zip(*seen, strict=True)]
                figures = [
                    f"{statistics.median(one.until(seconds)[place] for one in firsts):.0f}"
                    for seconds in (0, AFTER)
                    for place in range(3)
                ]
                place = f"{screen}, {network[0]} ms, {network[1]} Mbit/s"
                print(row(place, name, *(f"{time:.0f}" for time in times), *figures), flush=True)
