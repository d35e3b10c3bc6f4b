"""What goes wrong is said on the page, with a lane beside the run that does better; and the run itself stays."""

from typing import Any

from backscope.server.wire.presets import PRESETS
from driver import Backscope, Tab, link

SATURATED: dict[str, Any] = {
    "data": {"name": "circle"}, "network": {"hidden": [6, 3]}, "initializer": "he_normal",
    "optimizer": {"name": "sgd", "learning_rate": 100},
}  # fmt: skip
NOTICE = ".notice:not([hidden])"


def open_run(tab: Tab, server: Backscope, config: dict[str, Any]) -> None:
    tab.open(server.url, f"lang=en&theme=light#{link(config)}")


def test_saturated_layers_are_told_and_a_lane_at_a_smaller_rate_learns_beside_them(tab: Tab, server: Backscope) -> None:
    open_run(tab, server, SATURATED)
    tab.choose("speed", "300")
    tab.play()
    tab.page.wait_for_selector(f'{NOTICE}[data-kind="symptom"]')
    said = tab.page.inner_text(NOTICE)
    assert "Saturated since step" in said
    assert "layer" in said
    tab.page.click(f"{NOTICE} button.primary")
    tab.page.wait_for_selector('.lane-chip[data-lane="1"]')
    tab.until(lambda: float(tab.page.input_value(tab.role("learning-rate"))) == 0.1, what="the lane in focus")
    tab.until(lambda: tab.step() > 300, 30, "that both train on")
    tab.until(lambda: tab.page.locator(NOTICE).all_inner_texts() == [], what="nothing to say of the lane in focus")
    tab.pause()
    tab.page.click('.lane-chip[data-lane="0"] .lane-focus')
    tab.until(lambda: float(tab.page.input_value(tab.role("learning-rate"))) == 100, what="the run as it was")
    assert tab.step() > 300
    tab.page.wait_for_timeout(200)
    assert tab.page.locator(NOTICE).all_inner_texts() == []  # it has been read
    assert tab.said == []


def test_a_penalty_that_throws_weights_off_is_named_and_starting_again_starts_again(
    tab: Tab, server: Backscope
) -> None:
    open_run(tab, server, {**PRESETS["tutorial"].to_json(), "l2": 10.0})
    tab.choose("speed", "300")
    tab.play()
    tab.page.wait_for_selector(f'{NOTICE}[data-kind="diverged"]', timeout=15_000)
    assert "penalty" in tab.page.inner_text(NOTICE)
    tab.click("reset")
    tab.until(lambda: tab.step() == 0, what="a new beginning")
    tab.page.wait_for_selector(NOTICE, state="detached")
    tab.click("step")
    tab.until(lambda: tab.step() == 1, what="a step")
    assert tab.said == []
