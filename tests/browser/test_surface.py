"""Beside the surface itself: planes picked on the diagram, the coming step in parts, the cut and the sharpness."""

import math

import pytest
from driver import Tab

PANEL = '[data-role="surface"]'


def rested(tab: Tab, steps: int = 60) -> Tab:
    tab.train(steps)
    tab.page.wait_for_selector(f"{PANEL} .plot-empty", state="hidden")
    return tab


def value(tab: Tab, name: str) -> str:
    """A number under the picture, by its name."""
    cell = tab.page.locator(f"{PANEL} .surface-figures > div", has=tab.page.locator("dt", has_text=name)).first
    return str(cell.locator("dd").inner_text()).strip()


def test_two_weights_are_picked_on_the_diagram(opened: Tab) -> None:
    page = rested(opened).page
    page.select_option(f"{PANEL} .surface-head select", "weights")
    page.wait_for_selector(".network.picking")
    page.focus(".network-stage")
    for key in ("ArrowRight", "ArrowRight", "Enter", "ArrowDown", "Enter"):
        page.keyboard.press(key)
        page.wait_for_timeout(60)
    page.wait_for_selector(".network:not(.picking)")
    page.click('[data-role="surface-options"]')
    opened.until(lambda: len({name for name in page.inner_text(".surface-axes").split() if name[0] == "b"}) == 2)
    page.select_option('[data-role="surface-through"]', "start")
    opened.until(lambda: float(page.inner_text('[data-figure="distance"] dd')) > 0)
    page.select_option('[data-role="surface-through"]', "current")
    opened.until(lambda: page.inner_text('[data-figure="plane"] dd') == page.inner_text('[data-figure="true"] dd'))
    page.keyboard.press("Escape")
    page.select_option(f"{PANEL} .surface-head select", "weights")
    assert opened.said == []


def test_the_coming_step_is_drawn_in_parts(opened: Tab) -> None:
    page = opened.page
    page.click('[data-mode="contour"]')
    opened.choose("optimizer", "adam")
    rested(opened)
    page.wait_for_selector('[data-part="update"]')
    for part in ("raw gradient", "momentum", "coming step", "η on α"):  # first it is the last step that is known
        opened.until(lambda part=part: part in page.inner_text(".surface-parts"))
    opened.choose("optimizer", "sgd")
    page.wait_for_selector('[data-part="momentum"]', state="hidden")
    opened.until(lambda: (words := page.inner_text(".surface-parts")) and "raw gradient" not in words)
    page.click('[data-mode="3d"]')
    page.wait_for_selector(".surface-parts", state="hidden")
    assert opened.said == []


@pytest.mark.long
def test_the_cut_and_the_sharpness_are_told_with_their_limit(opened: Tab) -> None:
    page = rested(opened).page
    page.click('[data-mode="cut"]')
    opened.until(lambda: value(opened, "now") not in ("", "–"))
    opened.until(lambda: abs(float(value(opened, "now")) - opened.number("loss")) < 0.002)
    page.click('[data-mode="sharpness"]')
    opened.until(lambda: value(opened, "sharpness") not in ("", "–"))
    assert float(value(opened, "limit")) == 4.0
    assert "Stable" in page.inner_text(".surface-words")
    sharp = float(value(opened, "sharpness"))
    rate = 2 / sharp * 1.5
    opened.set_rate(f"{rate:.3g}")
    opened.until(lambda: "Above the limit" in page.inner_text(".surface-words"))
    assert math.isclose(float(value(opened, "limit")), sharp / 1.5, rel_tol=0.02)
    opened.set_rate(f"{2 / sharp:.3g}")
    opened.until(lambda: "Edge of stability" in page.inner_text(".surface-words"))
    assert opened.said == []
