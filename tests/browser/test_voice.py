"""What a screen reader hears: what happened, and never more than one thing a second while the network trains."""

from itertools import pairwise

import pytest
from driver import Tab

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
