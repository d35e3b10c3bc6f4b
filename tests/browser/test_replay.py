"""The offline page: a recorded run without a server, from a file and in a frame."""

from __future__ import annotations

import json
from pathlib import Path

from driver import Backscope, Tab, link
from playwright.sync_api import Browser

CARD = '[data-role="inspector"]'
#: What of the page does not fit onto a phone: "" for all well.
FITS = """() => {
  const box = selector => document.querySelector(selector).getBoundingClientRect();
  if (document.documentElement.scrollWidth > innerWidth) return "wider than the window";
  if (box(".bar-top").height > 50) return "the bar's first row is two";
  const [title, legend] = [box("#title-gradients"), box(".panel-gradients .plot-legend")];
  return legend.left < title.right && legend.top < title.bottom ? "the legend lies over the title" : "";
}"""


def test_a_recorded_run_plays_without_a_server(tab: Tab, server: Backscope, browser: Browser, tmp_path: Path) -> None:
    """Timeline, playing, inspector and slow motion; nothing is asked of anybody, and the console stays empty."""
    config = {"data": {"name": "circle", "samples": 60}, "network": {"hidden": [3]}}
    tab.page.goto(f"{server.url}?lang=en&theme=light#{link(config, 80)}")
    tab.wait_ready()
    tab.until(lambda: tab.step() == 80)
    loss = tab.text("loss")
    tab.click("share")
    tab.page.wait_for_selector(tab.role("take-replay") + ":enabled")
    with tab.page.expect_download(timeout=60_000) as saved:
        tab.click("take-replay")
    file = tmp_path / saved.value.suggested_filename
    saved.value.save_as(file)
    assert file.name == "backscope-circle-step-80.html"
    assert file.stat().st_size < 3_000_000

    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="en-US", offline=True)
    page = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    replay = Tab(page)
    replay.until(lambda: page.query_selector(replay.role("loss")) is not None and replay.text("loss") == loss)
    assert replay.step() == 80
    replay.click("reset")
    replay.until(lambda: replay.step() == 0)
    assert replay.text("loss") != loss
    replay.click("play")
    replay.until(lambda: 20 < replay.step() < 80, what="the recording to play")
    replay.click("play")
    replay.click("microscope")
    page.wait_for_selector(replay.role("microscope-caption") + ":not(:empty)")
    replay.click("microscope")
    page.wait_for_selector(CARD, state="attached")
    page.focus(".network-stage")
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    page.wait_for_selector(f"{CARD} math")
    before = page.inner_text(CARD)
    replay.click("step-back")
    replay.until(lambda: page.inner_text(CARD) != before, what="the inspector's numbers of another step")
    replay.click("inspector-close")
    page.select_option(replay.role("language"), "zh")
    replay.until(lambda: page.inner_text("#title-network") == "网络")

    page.set_viewport_size({"width": 360, "height": 740})
    replay.until(lambda: page.evaluate(FITS) == "", what="a phone to fit")
    assert not page.is_visible(replay.role("dataset"))
    assert said == []
    assert [url for url in asked if not url.startswith(("data:", "blob:"))] == [file.as_uri()]

    page.goto("about:blank")
    frame = f"<iframe sandbox='allow-scripts' width=1300 height=700 srcdoc={json.dumps('')}></iframe>"
    page.set_content(frame)
    page.evaluate("html => { document.querySelector('iframe').srcdoc = html; }", file.read_text("utf-8"))
    inner = page.frame_locator("iframe")
    inner.locator('[data-measure="loss"], [data-role="loss"]').first.wait_for()
    replay.until(lambda: loss in inner.locator('[data-role="loss"]').first.inner_text())
    assert said == []
    context.close()
