"""Trainability maps in the browser: coarse first, zoomed by hand and by keys, a run watched, and cancelled."""

import base64
import re
from pathlib import Path

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
    tab.until(lambda: page.locator('[data-part="sweep"] .numbers tbody tr').count() == 3, what="the table")
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


#: The map on each picture of a film, and pictures of the whole window beside it, at one small size.
FRAMES = """async ([film, ...maps]) => {
  const small = (source, box) => {
    const canvas = new OffscreenCanvas(64, 64);
    const ctx = canvas.getContext('2d', {willReadFrequently: true});
    Object.assign(ctx, {fillStyle: 'white', imageSmoothingQuality: 'high'});
    ctx.fillRect(0, 0, 64, 64);
    ctx.drawImage(source, ...box, 0, 0, 64, 64);
    return ctx.getImageData(0, 0, 64, 64).data;
  };
  const apart = (a, b) => a.reduce((sum, x, k) => sum + Math.abs(x - b[k]), 0) / a.length / 255;
  const seen = await Promise.all(maps.map(async address => {
    const image = Object.assign(new Image(), {src: address});
    await image.decode();
    return small(image, [0, 0, image.width, image.height]);
  }));
  const data = Uint8Array.from(atob(film.split(',')[1]), letter => letter.charCodeAt(0));
  const decoder = new ImageDecoder({data, type: 'image/gif'});
  await Promise.all([decoder.completed, decoder.tracks.ready]);
  const frames = [];
  for (let k = 0; k < decoder.tracks.selectedTrack.frameCount; k++) {
    const {image} = await decoder.decode({frameIndex: k});
    frames.push({width: image.displayWidth, height: image.displayHeight, map: small(image, [0, 40, 720, 720])});
  }
  return {
    size: [frames[0].width, frames[0].height],
    count: frames.length,
    apart: frames.map(({map}) => seen.map(one => apart(map, one))),
    ends: apart(...seen),
  };
}"""


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_zoom_film_goes_from_the_window_to_the_whole_map(
    tab: Tab, own_server: Backscope, tmp_path: Path, theme: str
) -> None:
    """Out and in; its first and last picture are the maps that the page shows there; cancelled, and the server gone."""
    tab.open(own_server.url, f"lang=en&theme={theme}")
    page, picture = tab.page, tab.page.locator('[data-role="maps-picture"]')
    tab.click("cures")
    tab.click("maps")
    for choice, value in (("width", "2"), ("steps", "50"), ("size", "64")):
        tab.choose(f"maps-{choice}", value)

    def map_there() -> str:
        tab.until(lambda: tab.text("maps-state").startswith("All pixels trained"), 120, what="the whole map")
        return str(picture.evaluate("canvas => canvas.toDataURL()"))

    whole = map_there()
    tab.click("maps-film")
    page.wait_for_selector(tab.role("zoom-form") + ' option[value="gif"]', state="attached")
    assert "Zoom in first" in tab.text("zoom-told")
    assert page.is_disabled(tab.role("zoom-begin"))
    box = picture.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.45, box["y"] + box["height"] * 0.3)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + box["height"] * 0.55, steps=4)
    page.mouse.up()
    tab.until(lambda: not tab.text("maps-state").startswith("All pixels trained"), what="the map of the window")
    near = map_there()
    assert near != whole
    tab.choose("maps-film-size", "64")
    tab.choose("zoom-form", "gif")
    tab.choose("zoom-rate", "5")

    page.fill(tab.role("zoom-seconds"), "0")
    page.keyboard.press("Tab")
    assert page.is_disabled(tab.role("zoom-begin"))
    page.fill(tab.role("zoom-seconds"), "60")
    tab.click("zoom-begin")
    tab.until(lambda: re.match("[1-9].* of 300 pictures", tab.text("zoom-told")) is not None, 60, "progress")
    assert page.is_disabled(tab.role("zoom-seconds"))
    tab.click("zoom-begin")
    tab.until(lambda: "Cancelled" in tab.text("zoom-told"))
    assert page.is_enabled(tab.role("zoom-seconds"))

    page.fill(tab.role("zoom-seconds"), "1")
    page.keyboard.press("Tab")
    for way in ("out", "in"):
        tab.choose("maps-film-way", way)
        with page.expect_download(timeout=300_000) as download:
            tab.click("zoom-begin")
        file = tmp_path / f"{way}.gif"
        download.value.save_as(file)
        film = "data:image/gif;base64," + base64.b64encode(file.read_bytes()).decode()
        tab.until(lambda: "5 pictures, 1 s" in tab.text("zoom-told"))
        found = page.evaluate(FRAMES, [film, near, whole])
        assert (found["size"], found["count"]) == ([720, 800], 5)
        to_near, to_whole = zip(*found["apart"][:: 1 if way == "out" else -1], strict=True)
        assert 4 * max(to_near[0], to_whole[-1]) < found["ends"], "ends look as the maps that the page shows there"
        assert all(min(apart) > 2 * to_near[0] for apart in found["apart"][1:-1]), "each between them is of its own"
    assert not [words for words in tab.said if "WebSocket" not in words]  # on a busy machine it connects once more

    page.fill(tab.role("zoom-seconds"), "60")
    tab.click("zoom-begin")
    tab.until(lambda: re.match("[1-9].* of 300 pictures", tab.text("zoom-told")) is not None, 60, "progress")
    own_server.stop(kill=True)
    tab.until(lambda: page.is_enabled(tab.role("zoom-seconds")), 60, "the end of a film without a server")
    assert "A map did not come" in tab.text("zoom-told")
