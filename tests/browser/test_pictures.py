"""Pictures of panels: as SVG and PNG, as the page looks, with a title and the link to the run."""

from __future__ import annotations

import re
import struct
import xml.etree.ElementTree as ElementTree
import zlib
from pathlib import Path

from driver import Backscope, Tab, link

SVG = "{http://www.w3.org/2000/svg}"


def chunks(png: bytes) -> dict[str, list[bytes]]:
    found: dict[str, list[bytes]] = {}
    at = 8
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        name, data = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", png, at + 8 + length)[0] == zlib.crc32(name + data)
        found.setdefault(name.decode(), []).append(data)
        at += 12 + length
    return found


def test_every_panel_as_svg_and_png(tab: Tab, server: Backscope, tmp_path: Path) -> None:
    """Lines and letters of the page are in the picture, in the theme's colours, and its link opens this run."""
    page = tab.page
    page.goto(f"{server.url}?lang=en&theme=dark#{link({'data': {'name': 'spiral'}}, 12)}")
    tab.wait_ready()
    tab.until(lambda: tab.step() == 12)
    page.wait_for_selector(".surface-figures, [data-figure]")

    def saved(panel: str, form: str) -> Path:
        tab.click(f"picture-of-{panel}")
        with page.expect_download() as download:
            tab.click(f"picture-{form}")
        file = tmp_path / download.value.suggested_filename
        assert file.name == f"backscope-{panel}-step-12.{form}"
        download.value.save_as(file)
        return file

    ground = page.evaluate("getComputedStyle(document.querySelector('.panel-curves')).backgroundColor")
    words = {"network": "Log loss", "output": "Output", "surface": "off plane", "curves": "batch", "gradients": "error"}
    for panel, word in words.items():
        text = saved(panel, "svg").read_text("utf-8")
        root = ElementTree.fromstring(text)
        assert word in " ".join(node.text or "" for node in root.iter(f"{SVG}text")), panel
        assert next(root.iter(f"{SVG}rect")).get("fill") == ground
        assert "NaN" not in text
        assert "undefined" not in text
        assert len(list(root.iter(f"{SVG}path"))) > 3, f"{panel} has lines of its own, not a picture of them"
        title = root.findtext(f"{SVG}title") or ""
        assert "Spiral" in title
        assert "step 12" in title
    png = saved("network", "png").read_bytes()
    found = chunks(png)
    assert struct.unpack(">II", found["IHDR"][0][:8])[0] == 1920
    said = dict(re.split(b"\0{5}", text, maxsplit=1) for text in found["iTXt"])
    assert said[b"Title"].decode() == "Network · Spiral · step 12 · Backscope"
    page.goto("about:blank")
    page.goto(said[b"Source"].decode())
    tab.wait_ready()
    tab.until(lambda: tab.step() == 12)


def test_every_picture_has_a_table_of_its_numbers(opened: Tab) -> None:
    """By the same menu, with the numbers that the page shows elsewhere; Escape closes it."""
    page = opened.page
    opened.click("step")
    opened.until(lambda: opened.step() == 1)
    for panel in ("network", "output", "surface", "curves", "gradients"):
        opened.click(f"picture-of-{panel}")
        opened.click("picture-table")
        page.wait_for_selector('[data-part="table"] tbody tr')
        if panel == "curves":
            loss = page.locator('[data-part="table"] tbody tr').last.locator("td").first
            opened.until(lambda cell=loss: cell.inner_text() == opened.text("loss"))  # type: ignore[misc]
        page.keyboard.press("Escape")
        page.wait_for_selector('[data-part="table"]', state="hidden")
        assert page.evaluate("document.activeElement.dataset.role") == f"picture-of-{panel}"
    opened.click("picture-of-output")  # the menu stays at its button, however the window changes
    for width in (1366, 700, 360, 1920):
        page.set_viewport_size({"width": width, "height": 768})
        page.wait_for_timeout(60)
        button, menu = (
            page.locator(name).bounding_box() for name in (opened.role("picture-of-output"), ".picture-menu")
        )
        assert button is not None
        assert menu is not None
        assert 0 <= menu["x"] <= width - menu["width"], width
        assert (
            abs(menu["y"] - button["y"] - button["height"]) < 12 or abs(menu["y"] + menu["height"] - button["y"]) < 12
        ), width
    assert not opened.said
