"""What a screen reader hears: what happened, and never more than one thing a second while the network trains."""

from itertools import pairwise

import pytest
from driver import Backscope, Tab, link
from states import SATURATED

LISTEN = """() => {
  window.heard = [];
  const live = '[aria-live="polite"], [aria-live="assertive"], [role="status"], [role="alert"], [role="log"], output';
  new MutationObserver(all => {
    const regions = new Set();
    for (const {target} of all) {
      const region = (target.nodeType === 3 ? target.parentElement : target)?.closest(live);
      if (region && region.getAttribute("aria-live") !== "off") regions.add(region);
    }
    for (const region of regions) window.heard.push([performance.now(), region.className, region.textContent]);
  }).observe(document.body, {subtree: true, childList: true, characterData: true});
}"""


@pytest.mark.long
@pytest.mark.parametrize("preset", ["circle", "rosenbrock"])
def test_at_most_one_thing_a_second_while_training(opened: Tab, preset: str) -> None:
    page = opened.page
    opened.choose("preset", preset)
    opened.until(lambda: opened.step() == 0)
    page.evaluate(LISTEN)
    if preset == "circle":
        page.focus(".network-stage")
        for key in ("ArrowRight", "ArrowDown", "ArrowDown", "Enter"):
            page.keyboard.press(key)
    opened.play()
    page.wait_for_timeout(4000)
    opened.pause()
    page.wait_for_timeout(1200)
    heard = page.evaluate("window.heard")
    times = [time for time, _, _ in heard]
    assert heard, "play and pause are heard"
    assert all(later - before > 900 for before, later in pairwise(times)), heard
    words = " ".join(text for _, _, text in heard)
    assert "training" in words.lower()
    assert "paused" in words.lower()


@pytest.mark.long
def test_a_run_that_reports_much_says_one_thing_a_second(tab: Tab, server: Backscope) -> None:
    """Two lanes, notices, an inspector, a probe, refused entries and changes while it trains."""
    page = tab.open(server.url, f"lang=en&theme=light#{link(SATURATED)}").page
    tab.choose("speed", "300")
    tab.click("lane-add")
    page.click(".lane-menu .lane-choice:enabled >> nth=0")
    tab.until(lambda: page.locator(".lane-chip").count() == 2, what="a second lane")
    page.click(".boundary-mark")
    page.focus(".network-stage")
    for key in ("ArrowRight", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    page.wait_for_selector(".inspector:visible")
    page.evaluate(LISTEN)
    tab.play()
    for rate in ("50", "abc", "60", "1e9", "70"):
        tab.set_rate(rate)
        page.wait_for_timeout(300)
    page.click('.lane-chip[data-lane="0"] .lane-focus')
    page.wait_for_selector(".notice:not([hidden])")
    page.wait_for_timeout(2500)
    tab.pause()
    page.wait_for_timeout(1200)
    heard = page.evaluate("window.heard")
    assert len(heard) >= 2  # a busy page says several things in one
    assert all(later - before > 900 for (before, *_), (later, *_) in pairwise(heard)), heard


def test_weights_are_reached_walked_heard_and_opened_by_keys(opened: Tab) -> None:
    page = opened.page
    page.focus(".network-stage")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowLeft")
    heard = set()
    for _ in range(3):
        page.wait_for_timeout(1100)
        heard.add(page.inner_text('[data-part="voice"]'))
        page.keyboard.press("ArrowDown")
    assert len(heard) == 3
    assert all("to neuron" in words or "bias" in words for words in heard), heard
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_selector(".inspector:visible input")
