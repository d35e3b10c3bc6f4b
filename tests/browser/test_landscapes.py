"""Functions of two parameters in the place of a network: chosen, started by a click, followed, and left again."""

import math
import re

import pytest
from driver import Backscope, Tab, long, value_of

STAGE = '[data-role="surface"] .plot-stage'


def on(tab: Tab, server: Backscope, name: str) -> Tab:
    tab.open(server.url, f"preset={name}&lang=en&theme=light")
    tab.page.wait_for_selector(f"{STAGE} .plot-empty", state="hidden")
    tab.until(lambda: cell(tab, "now", "x") != "", what="the numbers of the graph")
    return tab


def cell(tab: Tab, what: str, parameter: str) -> str:
    return tab.text(f"landscape-{what}-{parameter}")


def where(tab: Tab) -> tuple[float, float]:
    return value_of(cell(tab, "now", "x")), value_of(cell(tab, "now", "y"))


def box(tab: Tab, name: str) -> float:
    return value_of(tab.page.inner_text(f'[data-role="landscape-{name}"] .landscape-value'))


def status(tab: Tab) -> str | None:
    return tab.page.get_attribute(tab.role("status"), "data-kind")


def test_a_landscape_takes_the_place_of_the_network_and_goes_again(opened: Tab) -> None:
    page = opened.page
    opened.choose("dataset", "himmelblau")
    page.wait_for_selector('[data-role="landscape-f"]')
    assert not page.is_visible('[data-role="network"]')
    assert not page.is_visible('[data-role="output"]')
    opened.until(lambda: where(opened) == (-0.3, -0.9))
    u, v = (-0.3) ** 2 - 0.9 - 11, -0.3 + 0.9**2 - 7
    assert (box(opened, "u"), box(opened, "v")) == pytest.approx((u, v), rel=0.01)
    assert opened.number("loss") == pytest.approx(u * u + v * v, rel=1e-3)
    opened.click("step")
    opened.until(lambda: opened.step() == 1 and cell(opened, "gradient", "x") != "–")
    slope = 4 * -0.3 * u + 2 * v
    assert value_of(cell(opened, "gradient", "x")) == pytest.approx(slope, rel=0.01)
    assert where(opened)[0] == pytest.approx(-0.3 - 0.005 * slope, rel=1e-4)
    opened.until(lambda: page.inner_text('[data-figure="share"] dd') == "exact")
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    opened.choose("dataset", "circle")
    page.wait_for_selector('[data-role="network"] canvas')
    assert page.is_visible('[data-role="output"]')
    assert not page.is_visible('[data-role="landscape"]')
    opened.click("step")
    opened.until(lambda: opened.step() == 1)
    assert opened.said == []


def test_a_click_on_the_contour_is_the_start_and_so_is_what_is_typed(tab: Tab, server: Backscope) -> None:
    page = on(tab, server, "booth").page
    page.click('[data-mode="contour"]')
    place = page.locator(STAGE).bounding_box()
    assert place is not None
    page.mouse.click(place["x"] + 0.75 * place["width"], place["y"] + 0.25 * place["height"])
    tab.until(lambda: where(tab)[0] > 2, what="a start on the right")
    x, y = where(tab)
    assert 2 < x < 8
    assert 2 < y < 8
    tab.until(lambda: math.isclose(float(page.input_value('[data-role="start-x"]')), x, rel_tol=1e-4))
    page.fill('[data-role="start-y"]', "-4.5")
    page.press('[data-role="start-y"]', "Enter")
    tab.until(lambda: where(tab)[1] == -4.5)
    assert where(tab)[0] == pytest.approx(x)
    tab.click("step")
    tab.until(lambda: tab.step() == 1)
    tab.click("reset")
    tab.until(lambda: tab.step() == 0 and where(tab)[1] == -4.5)
    tab.click("start-own")
    tab.until(lambda: where(tab) == (-8, -6))
    page.fill('[data-role="start-x"]', "1e9")
    page.press('[data-role="start-x"]', "Enter")
    page.wait_for_selector('.toast[data-kind="error"]')
    assert where(tab) == (-8, -6)
    assert tab.said == []


@pytest.mark.parametrize(("rate", "end"), [long("0.0796", "converges"), ("0.0804", "diverges")])
def test_gradient_descent_on_a_quadratic_diverges_just_above_two_over_its_curvature(
    tab: Tab, server: Backscope, rate: str, end: str
) -> None:
    """½x² + 12.5y² has curvature 25 across the valley: the edge is 2 / 25 = 0.08."""
    on(tab, server, "valley")
    tab.set_rate(rate)
    tab.until(lambda: tab.page.input_value(tab.role("learning-rate")) == rate)
    tab.page.select_option(".transport select", "0")
    tab.click("play")  # it may have diverged before it is seen to play
    if end == "diverges":
        tab.until(lambda: status(tab) == "diverged", 30)
        tab.until(lambda: tab.step() > 500)  # the last picture may come after the word
    else:
        tab.until(lambda: tab.step() > 3000, 30)
        tab.pause()
        assert status(tab) == "paused"
        assert tab.number("loss") < 1e-9
        x, y = where(tab)
        assert math.hypot(x, y) < 1e-4


@pytest.mark.long
def test_an_optimizer_comes_with_a_rate_that_fits_and_reaches_a_known_minimum(tab: Tab, server: Backscope) -> None:
    on(tab, server, "rosenbrock")
    tab.choose("optimizer", "adam")
    tab.until(lambda: tab.page.input_value(tab.role("learning-rate")) == "0.04")
    tab.page.select_option(".transport select", "0")
    tab.play()
    tab.until(lambda: where(tab) == pytest.approx((1, 1), abs=5e-4), 30, "the known minimum")
    tab.pause()
    said = tab.text("landscape-where")
    assert re.search(r"nearest minimum \(1\.000, 1\.000\)", said), said
    before = tab.step()
    tab.click("step-back")
    tab.until(lambda: tab.step() == before - 1)
    tab.settle()
    there = where(tab)
    tab.page.reload()
    tab.wait_ready()
    tab.until(lambda: tab.step() == before - 1)
    tab.until(lambda: where(tab) == there, what="the same place")
    assert tab.said == []
