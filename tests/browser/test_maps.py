"""Trainability maps in the browser: coarse first, zoomed by hand and by keys, a run watched, and cancelled."""

import pytest
from conftest import Backscope
from driver import Tab


@pytest.mark.long
def test_a_map_grows_is_zoomed_and_tells_a_pixels_run(tab: Tab, own_server: Backscope) -> None:
    tab.open(own_server.url, "lang=en&theme=light")
    tab.click("cures")
    tab.click("maps")
    page, picture = tab.page, tab.page.locator('[data-role="maps-picture"]')
    page.select_option('[data-role="maps-width"]', "2")
    page.select_option('[data-role="maps-steps"]', "50")
    page.select_option('[data-role="maps-size"]', "64")
    tab.until(lambda: tab.text("maps-state").startswith("All pixels trained"), 60, what="the whole map")
    tab.until(lambda: "box dimension: " in tab.text("maps-dimension"), what="the boundary's dimension")
    tab.click("maps-table")
    rows = page.locator(".maps-numbers tbody tr")
    assert rows.count() == 13
    assert "\tconverged, " in rows.last.inner_text()
    tab.click("maps-table")
    picture.focus()
    page.keyboard.press("ArrowRight")
    told = tab.text("maps-told")
    assert "converged; its losses add up to" in told
    page.keyboard.press("Enter")
    drawn = "c => [...c.getContext('2d').getImageData(50, 0, 240, 130).data].some((v, i) => i % 4 === 3 && v > 200)"
    tab.until(lambda: page.locator('[data-role="maps-run"]').evaluate(drawn), what="the curve of the run")
    box = picture.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.3)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.55, steps=4)
    page.mouse.up()
    tab.until(lambda: "of the rate of the input layer: −0." in page.inner_text(".maps-x"), what="the zoomed axis")
    assert page.locator('[data-role="maps-back"]').is_enabled()
    picture.focus()
    for _ in range(60):
        page.keyboard.press("+")
    tab.until(lambda: "as far as float64 goes" in tab.text("maps-state"), what="the limit of float64")
    for choice in ("maps-size", "maps-steps", "maps-width"):  # the largest of each: it is under way for long
        page.select_option(f'[data-role="{choice}"]', index=page.locator(f'[data-role="{choice}"] option').count() - 1)
    page.click('[data-role="maps-whole"]')
    tab.until(lambda: tab.text("maps-again") == "Cancel", what="a map that grows")
    page.click('[data-role="maps-again"]')
    tab.until(lambda: "cancelled" in tab.text("maps-state") or "first pixels" in tab.text("maps-state"))
    page.keyboard.press("Escape")
    page.wait_for_selector(".maps-window", state="hidden")
    assert tab.said == []


def test_a_sweep_fills_in_and_a_click_opens_the_cells_run_as_a_lane(tab: Tab, server: Backscope) -> None:
    tab.open(server.url, "lang=en&theme=light")
    tab.click("cures")
    tab.click("sweep")
    page = tab.page
    page.fill('[data-role="sweep-x-values"]', "0.01, 0.1, x")
    tab.click("sweep-run")
    assert "1 to 16 numbers" in tab.text("sweep-note")
    page.fill('[data-role="sweep-x-values"]', "0.01, 0.1, 1")
    page.fill('[data-role="sweep-y-values"]', "0.5 2")
    tab.click("sweep-run")
    cells = page.locator('[data-part="sweep"] .depthmap-cell')
    tab.until(lambda: cells.count() == 6 and all(cells.all_inner_texts()), what="all cells")
    assert all(float(text) > 0 for text in cells.all_inner_texts())
    cells.nth(1).focus()
    assert "learning rate 0.1, initial scale 2: final training loss" in tab.text("sweep-told")
    cells.nth(1).click()
    tab.until(lambda: page.locator(".lane-chip").count() == 2, what="the cell's lane")
    page.select_option('[data-role="sweep-y"]', "")
    page.select_option('[data-role="sweep-seeds"]', "3")
    tab.click("sweep-run")
    tab.until(lambda: page.locator('[data-part="sweep"] progress.idle').count() == 1, what="all curves")
    stage = page.locator('[data-role="sweep-stage"]')
    stage.focus()
    page.keyboard.press("ArrowRight")
    assert "learning rate 0.01: all seeds" in stage.inner_text()
    page.keyboard.press("ArrowDown")
    assert "learning rate 0.01, seed 0\nfinal training loss: " in stage.inner_text()
    page.keyboard.press("Enter")
    tab.until(lambda: page.locator(".lane-chip").count() == 3, what="the point's lane")
    tab.click("sweep-table")
    assert page.locator('[data-part="sweep"] .numbers tbody tr').count() == 3
    page.keyboard.press("Escape")
    page.wait_for_selector('[data-part="sweep"]', state="hidden")
    assert tab.said == []


@pytest.mark.long
def test_the_preset_of_double_descent_is_set_up_and_one_press_draws_it(tab: Tab, own_server: Backscope) -> None:
    tab.open(own_server.url, "lang=en&theme=light")
    page = tab.page
    page.select_option('[data-role="preset"]', "double_descent")
    page.wait_for_selector('[data-part="sweep"][open]')
    page.keyboard.press("Enter")
    tab.until(lambda: "of 120 runs" in tab.text("sweep-note"), 60, what="the first runs")
    tab.until(lambda: page.locator('[data-part="sweep"] progress.idle').count() == 1, 300, what="all curves")
    tab.click("sweep-table")
    rows = [row.split("\t") for row in page.locator('[data-part="sweep"] .numbers tbody').inner_text().splitlines()]
    parameters, losses = ({row[0]: float(row[k].replace(",", "")) for row in rows} for k in (1, 5))
    assert (parameters["9"], parameters["10"]) == (156, 173)
    assert max(losses[width] for width in "56789") > 1.5 * max(losses["2"], losses["96"])
    stage = page.locator('[data-role="sweep-stage"]')
    box = stage.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert "156 parameters" in stage.inner_text()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.6)
    tab.until(lambda: "opened as" in tab.text("sweep-note"), what="the run of a point")
    page.keyboard.press("Escape")
    page.select_option('[data-role="preset"]', "circle")
    page.select_option('[data-role="preset"]', "double_descent")
    page.wait_for_selector('[data-part="sweep"][open]')
    assert tab.said == []
