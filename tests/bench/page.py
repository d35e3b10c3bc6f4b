"""What the page costs in a real browser: until it is usable, per animation frame, and from the hand to the picture.

    python tests/bench/page.py [--seconds 6]

Prints a table. Server and browser share the machine, as they do at home. Training runs as fast as it can.
"""

import argparse
import base64
import json
import statistics
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))

from driver import FLAGS, Backscope, Tab, find_browser
from playwright.sync_api import Browser, CDPSession, sync_playwright

NETS: dict[str, dict[str, Any]] = {
    "2-8-8-8-1 circle": {"data": {"name": "circle"}, "network": {"hidden": [8, 8, 8]}},
    "64-30-10 digits": {"data": {"name": "digits"}, "network": {"hidden": [30]}},
    "2-(32×20)-1 sigmoid": {"data": {"name": "circle"}, "network": {"hidden": [32] * 20, "activation": "sigmoid"}},
}

# Counts animation frames, and notes when a frame of a given learning rate was drawn: the page acknowledges it then.
WATCH = """
(() => {
  const watch = {frames: 0, rates: new Map(), drawn: []};
  Object.defineProperty(window, "__watch", {value: watch});
  (function tick() { watch.frames++; requestAnimationFrame(tick); })();
  const {send} = WebSocket.prototype;
  WebSocket.prototype.send = function (text) {
    if (!this.__heard) {
      this.__heard = true;
      this.addEventListener("message", event => {
        if (typeof event.data === "string") return;
        const length = new DataView(event.data).getUint32(0, true);
        const header = JSON.parse(new TextDecoder().decode(new Uint8Array(event.data, 4, length)));
        if (header.kind === "frame") watch.rates.set(header.seq, header.learning_rate);
      });
    }
    const command = JSON.parse(text);
    if (command.op === "ack") watch.drawn.push([performance.now(), watch.rates.get(command.seq)]);
    return send.call(this, text);
  };
})();
"""

# Moves the slider to a new place and waits until a frame that obeys it has been drawn.
MOVE = """place => new Promise(resolve => {
  const slider = document.querySelector('[data-role="learning-rate-slider"]');
  const rate = Number((10 ** place).toPrecision(3)), start = performance.now();
  slider.value = String(place);
  slider.dispatchEvent(new Event("input", {bubbles: true}));
  const deadline = start + 2000;
  (function look() {
    const hit = window.__watch.drawn.find(([time, drawn]) => time >= start && drawn === rate);
    if (hit) resolve(hit[0] - start);
    else if (performance.now() > deadline) resolve(null);
    else setTimeout(look, 1);
  })();
})"""


def link(config: dict[str, Any]) -> str:
    """The fragment that carries a run."""
    run = json.dumps({"config": config, "log": [], "step": 0}).encode()
    return "run=" + base64.urlsafe_b64encode(run).decode().rstrip("=")


def metrics(session: CDPSession) -> dict[str, float]:
    return {entry["name"]: entry["value"] for entry in session.send("Performance.getMetrics")["metrics"]}


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def measure(browser: Browser, url: str, name: str, seconds: float) -> list[str]:
    """One row of the table."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    tab = Tab(context.new_page())
    tab.page.add_init_script(WATCH)
    tab.page.goto(f"{url}?lang=en#{link(NETS[name])}")
    tab.wait_ready()
    usable = tab.page.evaluate("performance.now() - performance.getEntriesByType('navigation')[0].responseStart")
    tab.choose("speed", "0")
    tab.play()
    tab.page.wait_for_timeout(1500)
    session = context.new_cdp_session(tab.page)
    session.send("Performance.enable")
    costs, rates = [], []
    for _ in range(max(3, int(seconds))):
        before, frames, drawn = (
            metrics(session),
            tab.page.evaluate("__watch.frames"),
            tab.page.evaluate("__watch.drawn.length"),
        )
        step = tab.step()
        tab.page.wait_for_timeout(1000)
        after = metrics(session)
        shown = tab.page.evaluate("__watch.frames") - frames
        elapsed = after["Timestamp"] - before["Timestamp"]
        costs.append((after["ScriptDuration"] - before["ScriptDuration"]) * 1000 / max(1, shown))
        rates.append(
            (
                shown / elapsed,
                (tab.page.evaluate("__watch.drawn.length") - drawn) / elapsed,
                (tab.step() - step) / elapsed,
            )
        )
    waits = []
    for k in range(60):
        waits.append(tab.page.evaluate(MOVE, -3 + (k % 20) * 0.07))
        tab.page.wait_for_timeout(40)
    missed = sum(wait is None for wait in waits)
    seen = [wait for wait in waits if wait is not None]
    context.close()
    column = [statistics.median(values) for values in zip(*rates, strict=True)]
    return [
        name,
        f"{usable:.0f}",
        f"{statistics.median(costs):.2f}",
        f"{column[0]:.0f}",
        f"{column[1]:.0f}",
        f"{column[2]:.0f}",
        f"{statistics.median(seen):.1f}",
        f"{percentile(seen, 0.95):.1f}",
        str(missed),
    ]


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--seconds", type=float, default=6, help="how long each net is watched")
    seconds = ask.parse_args().seconds
    server = Backscope().start()
    head = [
        "net",
        "usable after ms",
        "script ms/frame",
        "animation frames/s",
        "drawn/s",
        "steps/s",
        "rate→drawn ms",
        "p95",
        "missed",
    ]
    print("| " + " | ".join(head) + " |\n|" + " --- |" * len(head))
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find_browser(playwright), args=FLAGS)
            for name in NETS:
                print("| " + " | ".join(measure(browser, server.url, name, seconds)) + " |", flush=True)
    finally:
        server.stop()


if __name__ == "__main__":
    main()
