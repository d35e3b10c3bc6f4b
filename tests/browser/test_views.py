"""The painted views under a hand: the loss surface, its large picture, the loss curves and the gradients."""

import re
import time

import pytest
from driver import Tab

STAGE = '[data-role="surface"] .plot-stage'
PICTURE = "selector => document.querySelector(selector + ' canvas').toDataURL()"


def trained(tab: Tab, steps: int = 80) -> Tab:
    """A run with a path, resting."""
    tab.train(steps)
    tab.page.wait_for_selector(f"{STAGE} .plot-empty", state="hidden")
    picture, since = "", 0.0

    def still() -> bool:
        nonlocal picture, since
        now, shown = time.monotonic(), tab.page.evaluate(PICTURE, STAGE)
        if shown != picture or tab.page.locator(".surface-progress").is_visible():
            picture, since = shown, now
        return now - since > 0.8

    tab.until(still, 30, "the surface stands still")
    return tab


def figure(tab: Tab, name: str) -> str:
    return tab.page.inner_text(f'[data-figure="{name}"] dd').strip()


@pytest.mark.long
def test_surface_turns_zooms_and_comes_home(opened: Tab) -> None:
    page = trained(opened).page
    home = page.evaluate(PICTURE, STAGE)
    box = page.locator(STAGE).bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 90, y + 20, steps=4)
    page.mouse.up()
    opened.until(lambda: page.evaluate(PICTURE, STAGE) != home)
    page.wait_for_timeout(100)
    turned = page.evaluate(PICTURE, STAGE)
    page.mouse.wheel(0, -400)
    opened.until(lambda: page.evaluate(PICTURE, STAGE) != turned)
    page.click(".surface-home")
    opened.until(lambda: page.evaluate(PICTURE, STAGE) == home)
    page.mouse.move(x, y)
    opened.until(lambda: re.search(r"α .+β .+\nloss [\d.]+", page.inner_text(f"{STAGE} .plot-tip")))
    page.click('[data-mode="contour"]')
    opened.until(lambda: page.evaluate(PICTURE, STAGE) != home)
    assert opened.said == []


@pytest.mark.long
def test_figures_beside_the_surface_are_the_runs_own(opened: Tab) -> None:
    trained(opened)
    opened.until(lambda: 50 < float(figure(opened, "share").split()[0].rstrip("%")) <= 100, 30, "the path's own plane")
    assert abs(float(figure(opened, "true")) - opened.number("loss")) < 0.01
    assert float(figure(opened, "distance")) >= 0
    words = opened.page.get_attribute('[data-figure="share"]', "data-tip")
    assert words is not None
    assert "76 %" in words
    opened.page.select_option('[data-role="surface"] select', "random")
    opened.until(lambda: "%" in figure(opened, "share") and float(figure(opened, "share").split()[0].rstrip("%")) < 50)


def test_large_picture_is_fetched_on_demand_within_the_content_policy(opened: Tab) -> None:
    page = trained(opened).page
    page.set_viewport_size({"width": 800, "height": 600})  # without a GPU every pixel takes its time
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    assert page.evaluate("typeof Plotly") == "undefined"
    # The window is there with the press, so that Escape right after it closes it, whatever is still on its way.
    there = "button => { button.click(); return document.querySelector('dialog.explore')?.open; }"
    assert page.eval_on_selector(".surface-explore", there)
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog.explore", state="detached")
    page.click('[data-role="surface"] .plot-icon')
    page.wait_for_selector(".explore-plot canvas", timeout=30_000)
    page.wait_for_selector(".explore-wait", state="detached")
    assert any(url.endswith("/plotly.min.js") for url in asked)
    assert page.evaluate("document.querySelectorAll('style').length") == 0
    assert page.evaluate("getComputedStyle(document.querySelector('.explore-plot .modebar')).position") == "absolute"
    with page.expect_download(timeout=30_000) as download:
        page.click(".explore-plot .modebar-btn >> nth=0")
    assert re.fullmatch(r"backscope-loss-surface-\d+\.png", download.value.suggested_filename)
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog.explore", state="detached")
    page.click('[data-role="surface"] .plot-icon')
    page.wait_for_selector(".explore-plot canvas", timeout=30_000)
    page.click(".explore-close")
    page.wait_for_selector("dialog.explore", state="detached")
    assert page.locator("script[src*=plotly]").count() == 1
    # Browsers without a GPU remark on WebGL's speed; a refused style or script is what must not happen.
    assert [words for words in opened.said if "WebGL" not in words and "willReadFrequently" not in words] == []


def test_curves_and_gradients_answer_the_pointer(opened: Tab) -> None:
    page = trained(opened).page
    for role, share, words in (
        ("loss-curve", 0.4, r"step \d+\nTraining loss [\d.]+\nTest loss [\d.]+\nBatch loss .+\nη [\d.]+"),
        ("gradients", 0.5, r"Layer \d+, \d+ × \w+\n‖δ‖ .+\n‖W‖ .+"),
    ):
        box = page.locator(f"{opened.role(role)} .plot-stage").bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + share * box["width"], box["y"] + box["height"] / 2)
        tip = f"{opened.role(role)} .plot-tip"
        opened.until(lambda words=words, tip=tip: re.fullmatch(words, page.inner_text(tip).strip()))
    assert opened.said == []


@pytest.mark.long
def test_the_layer_under_the_pointer_is_marked_in_the_gradients(opened: Tab) -> None:
    page = trained(opened).page
    stage = f"{opened.role('gradients')} .plot-stage"
    box = page.locator(stage).bounding_box()
    assert box is not None
    plain = page.evaluate(PICTURE, stage)
    seen = []
    for share in (0.3, 0.7):
        across = box["width"] >= 2.4 * box["height"]
        x, y = (share, 0.5) if across else (0.5, share)
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
        page.wait_for_selector(f"{stage} .plot-tip:not([hidden])")
        seen.append(page.evaluate(PICTURE, stage))
    assert len({plain, *seen}) == 3
    page.mouse.move(0, 0)
    opened.until(lambda: page.evaluate(PICTURE, stage) == plain)
    assert opened.said == []


@pytest.mark.long
def test_going_back_dims_the_future(opened: Tab) -> None:
    page = trained(opened).page
    stage = f"{opened.role('loss-curve')} .plot-stage"
    before = page.evaluate(PICTURE, stage)
    opened.click("step-back")
    opened.settle()
    opened.until(lambda: page.evaluate(PICTURE, stage) != before)
