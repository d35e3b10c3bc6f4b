"""What the benches in a browser share: nets, a server and a browser, a watch over what the page draws, and figures."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))

from driver import FLAGS, Backscope, Tab, find_browser, link
from playwright.sync_api import Browser, CDPSession, sync_playwright

NETS: dict[str, dict[str, Any]] = {
    "2-8-8-8-1 circle": {"data": {"name": "circle"}, "network": {"hidden": [8, 8, 8]}},
    "64-30-10 digits": {"data": {"name": "digits"}, "network": {"hidden": [30]}},
    "2-(32×20)-1 sigmoid": {"data": {"name": "circle"}, "network": {"hidden": [32] * 20, "activation": "sigmoid"}},
    "2-(64×50)-1 sigmoid": {"data": {"name": "circle"}, "network": {"hidden": [64] * 50, "activation": "sigmoid"}},
}

# Counts animation frames, keeps long tasks, and notes what each drawn frame told: the page acknowledges it then.
# It reads frames only where it is asked to, because that costs as much as a small view of the page.
WATCH = """
(() => {
  const watch = {frames: 0, reads: false, told: new Map(), drawn: [], long: []};
  new PerformanceObserver(list => {
    for (const task of list.getEntries()) watch.long.push(task.duration);
  }).observe({type: "longtask"});
  Object.defineProperty(window, "__watch", {value: watch});
  (function tick() { watch.frames++; requestAnimationFrame(tick); })();
  const {send} = WebSocket.prototype;
  WebSocket.prototype.send = function (text) {
    if (!this.__heard) {
      this.__heard = true;
      this.addEventListener("message", event => {
        if (!watch.reads || typeof event.data === "string") return;
        const length = new DataView(event.data).getUint32(0, true);
        const header = JSON.parse(new TextDecoder().decode(new Uint8Array(event.data, 4, length)));
        if (header.kind === "frame") {
          watch.told.set(header.seq, {rate: header.learning_rate, step: header.step, target: header.target});
          watch.told.delete(header.seq - 500);
        }
      });
    }
    const command = JSON.parse(text);
    if (command.op === "ack") watch.drawn.push([performance.now(), watch.told.get(command.seq)]);
    return send.call(this, text);
  };
})();
"""


@contextmanager
def running() -> Iterator[tuple[Backscope, Browser]]:
    """A server and a browser, both on this machine, for as long as a bench takes."""
    server = Backscope().start()
    try:
        with sync_playwright() as playwright:
            yield server, playwright.chromium.launch(executable_path=find_browser(playwright), args=FLAGS)
    finally:
        server.stop()


def counting(tab: Tab) -> CDPSession:
    """A line to the browser itself, which counts from now on what the tab costs."""
    session = tab.page.context.new_cdp_session(tab.page)
    session.send("Performance.enable")
    return session


def metrics(session: CDPSession) -> dict[str, float]:
    return {entry["name"]: entry["value"] for entry in session.send("Performance.getMetrics")["metrics"]}


def inspect_neuron(tab: Tab) -> None:
    """Open the inspector on a neuron of the first hidden layer, by the keyboard."""
    tab.page.locator(".network-stage").focus()
    for key in ("ArrowRight", "ArrowRight", "Enter"):
        tab.page.keyboard.press(key)
        tab.page.wait_for_timeout(200)
    if tab.page.is_visible(tab.role("network-whole")):  # it was drawn as matrices: the key has opened a layer
        tab.page.keyboard.press("Enter")
    tab.page.wait_for_selector(tab.role("inspector"))


def opened(browser: Browser, url: str, name: str) -> Tab:
    """A watched tab of its own on one of the nets, at the size of most laptops."""
    tab = Tab(browser.new_context(viewport={"width": 1366, "height": 768}).new_page())
    tab.page.add_init_script(WATCH)
    tab.page.goto(f"{url}?lang=en#{link(NETS[name])}")
    tab.wait_ready()
    return tab


def row(*cells: object) -> str:
    """A line of a Markdown table."""
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def heading(*cells: str) -> str:
    """The first two lines of a Markdown table."""
    return row(*cells) + "\n|" + " --- |" * len(cells)
