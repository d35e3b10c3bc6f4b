"""Films of panels: decoded again by the browser, and held against pictures of their first and last step."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import Any

from driver import Backscope, Tab, link

LAST = 200

#: How far a picture is from a saved one, as the mean over channels 0…1 of both drawn at the same small size.
SEEN = """
const small = source => {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [96, 64];
  const ctx = canvas.getContext('2d', {willReadFrequently: true});
  Object.assign(ctx, {fillStyle: 'white', imageSmoothingQuality: 'high'});
  ctx.fillRect(0, 0, 96, 64);
  ctx.drawImage(source, 0, 0, 96, 64);
  return ctx.getImageData(0, 0, 96, 64).data;
};
const apart = (a, b) => a.reduce((sum, x, k) => sum + Math.abs(x - b[k]), 0) / a.length / 255;
const picture = async address => {
  const image = new Image();
  image.src = address;
  await image.decode();
  return small(image);
};
"""

GIF = (
    "async ([film, ...pngs]) => {"
    + SEEN
    + """
  const data = Uint8Array.from(atob(film.split(',')[1]), letter => letter.charCodeAt(0));
  const decoder = new ImageDecoder({data, type: 'image/gif'});
  await Promise.all([decoder.completed, decoder.tracks.ready]);
  const {frameCount} = decoder.tracks.selectedTrack;
  const frames = [];
  for (let k = 0; k < frameCount; k++) frames.push((await decoder.decode({frameIndex: k})).image);
  const [first, last] = await Promise.all(pngs.map(picture));
  return {
    size: [frames[0].displayWidth, frames[0].displayHeight],
    lasts: frames.map(frame => frame.duration / 1e6),
    apart: [apart(small(frames[0]), first), apart(small(frames.at(-1)), last), apart(first, last)],
  };
}"""
)

WEBM = (
    "async ([film, ...pngs]) => {"
    + SEEN
    + """
  const video = document.createElement('video');
  video.src = film;
  await new Promise((resolve, reject) => Object.assign(video, {onloadeddata: resolve, onerror: reject}));
  const at = async seconds => {
    video.currentTime = seconds;
    await new Promise(resolve => (video.onseeked = resolve));
    return small(video);
  };
  const [first, last] = await Promise.all(pngs.map(picture));
  const [end, begin] = [await at(video.duration - 0.01), await at(0.01)];
  return {
    size: [video.videoWidth, video.videoHeight],
    seconds: video.duration,
    apart: [apart(begin, first), apart(end, last), apart(first, last)],
  };
}"""
)


def saved(tab: Tab, role: str, folder: Path) -> str:
    """What a press saves, as an address that holds it."""
    with tab.page.expect_download(timeout=60_000) as download:
        tab.click(role)
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    kind = {".png": "image/png", ".gif": "image/gif", ".webm": "video/webm"}[file.suffix]
    return f"data:{kind};base64,{base64.b64encode(file.read_bytes()).decode()}"


def test_films_hold_the_steps_and_leave_the_run_as_it_was(tab: Tab, server: Backscope, tmp_path: Path) -> None:
    """WebM and GIF, each with its length and the pictures of its ends; one that is cancelled leaves nothing behind."""
    page = tab.page
    config: dict[str, Any] = {"data": {"name": "circle"}, "optimizer": {"name": "adam", "learning_rate": 0.1}}
    page.goto(f"{server.url}?lang=en&theme=light#{link(config, LAST)}")
    tab.wait_ready()
    tab.until(lambda: tab.step() == LAST)

    def png() -> str:
        """The picture of the step once it is painted whole."""
        tab.settle()
        pictures = [""]
        while len(pictures) < 3 or pictures[-1] != pictures[-2]:
            tab.click("picture-of-output")
            pictures.append(saved(tab, "picture-png", tmp_path))
        return pictures[-1]

    last = png()
    page.focus(tab.role("timeline"))
    page.keyboard.press("Home")
    tab.until(lambda: tab.step() == 0)
    first = png()
    page.keyboard.press("Escape")
    tab.click("picture-of-output")
    tab.click("picture-film")
    page.wait_for_selector(tab.role("film-form") + ' option[value="webm"]', state="attached")
    assert page.input_value(tab.role("film-last")) == str(LAST)
    page.fill(tab.role("film-last"), str(LAST + 1))
    page.keyboard.press("Tab")
    assert f"≤ {LAST}" in tab.text("film-told")
    assert page.is_disabled(tab.role("film-begin"))
    page.fill(tab.role("film-last"), str(LAST))
    page.fill(tab.role("film-seconds"), "1")
    tab.choose("film-rate", "5")
    tab.choose("film-size", "looks")
    webm = saved(tab, "film-begin", tmp_path)
    tab.until(lambda: "5 pictures, 1 s" in tab.text("film-told"))
    tab.choose("film-form", "gif")
    page.fill(tab.role("film-seconds"), "0.4")
    gif = page.evaluate(GIF, [saved(tab, "film-begin", tmp_path), first, last])
    tab.until(lambda: tab.step() == 0, what="the step at which the film was asked for")
    assert gif["lasts"] == [0.2] * 2

    page.fill(tab.role("film-seconds"), "60")
    tab.click("film-begin")
    tab.until(lambda: re.match("[1-9].* of [0-9]+ pictures", tab.text("film-told")) is not None)
    tab.click("film-begin")
    tab.until(lambda: "Cancelled" in tab.text("film-told"))
    tab.until(lambda: tab.step() == 0)
    assert len(list(tmp_path.iterdir())) == 4
    assert not tab.said

    page.goto("about:blank")  # the page itself lets no film in
    found = page.evaluate(WEBM, [webm, first, last])
    assert found["seconds"] == 1
    assert found["size"] == gif["size"]
    assert found["size"][0] == 2 * round(found["size"][0] / 2) <= 1280
    for begin, end, way in (gif["apart"], found["apart"]):
        assert 4 * max(begin, end) < way, "ends look as the pictures of their steps, which differ"
