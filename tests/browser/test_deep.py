"""A deep net in the browser: drawn whole as weight matrices, opened layer by layer, and still light on the wire."""

import pytest
from driver import Backscope, Tab, link

DEEP = {"data": {"name": "circle"}, "network": {"hidden": [64] * 50, "activation": "sigmoid"}}

# Notes the bytes of the frames that come while it trains.
WATCH = """
(() => {
  window.__sizes = [];
  const Real = WebSocket;
  window.WebSocket = class extends Real {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", ({data}) => {
        if (typeof data === "string") return;
        const length = new DataView(data).getUint32(0, true);
        const header = JSON.parse(new TextDecoder().decode(new Uint8Array(data, 4, length)));
        if (header.kind === "frame") window.__sizes.push([data.byteLength, header.arrays.map(([name]) => name)]);
      });
    }
  };
})();
"""


@pytest.mark.long
def test_fifty_layers_of_64_are_drawn_whole_opened_and_stream_in_small_frames(tab: Tab, server: Backscope) -> None:
    tab.page.add_init_script(WATCH)
    tab.open(server.url, f"lang=en&theme=light#{link(DEEP)}")
    assert tab.text("network-form") == "Columns of neurons"
    assert not tab.page.is_visible(tab.role("network-whole"))
    tab.choose("speed", "0")
    tab.play()
    tab.page.evaluate("__sizes.length = 0")
    tab.until(lambda: tab.page.evaluate("__sizes.length") > 12, what="frames of a deep net")
    sizes = tab.page.evaluate("__sizes")
    assert max(size for size, _ in sizes) < 100_000
    assert all("P" not in names for _, names in sizes)

    stage = tab.page.locator(".network-stage")
    box = stage.bounding_box()
    assert box is not None
    tab.page.mouse.click(box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.5)
    tab.page.wait_for_selector(tab.role("network-whole"), state="visible")
    assert "of 50" in tab.page.inner_text(".network-place")
    tab.page.evaluate("__sizes.length = 0")
    looked = "__sizes.some(([, names]) => names.some(name => name.startsWith('G:')))"
    tab.until(lambda: tab.page.evaluate(looked), what="the opened layers in every frame")
    tab.click("network-whole")
    assert not tab.page.is_visible(tab.role("network-whole"))
    tab.pause()
    tab.until(lambda: tab.page.evaluate("__sizes.at(-1)[1].includes('P')"), what="all parameters, once it rests")
    tab.click("network-form")
    assert tab.text("network-form") == "Weight matrices"
    assert tab.said == []
