"""What a notebook keeps of a page: while it is served the page itself, later a recording, and at least a picture.

A saved notebook is opened again without its kernel, exported, or not trusted. So the output holds, one above the other,
a picture that needs nothing, and a frame that looks whether this very page is still served; if not, it plays the
recording that it has in itself.
"""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import dataclass
from html import escape

#: The frame's own page. A picture of the server's answers across origins, which no other request does without being
#: allowed to; its name is secret, so that whoever has the port by then does not pass for it.
_CHOOSER = """<!doctype html><html><meta charset="utf-8"><title>Backscope</title><style>
html, body { margin: 0; height: 100% }
body { display: flex; flex-direction: column; font: 13px system-ui, sans-serif }
iframe { flex: 1; border: 0; background: #fff }
p { margin: 0; padding: 4px 8px; background: #fff; color: #333 }
</style><body><script type="text/plain" id="recording">@RECORDING@</script><script>
const [live, sign] = @LIVE@;
const frame = fields => {
  document.body.append(Object.assign(document.createElement("iframe"), {title: "Backscope"}, fields));
};
async function replay() {
  const packed = document.getElementById("recording").textContent;
  const words = document.body.appendChild(document.createElement("p"));
  const chinese = navigator.language.startsWith("zh");
  words.append(chinese ? "它的内核已不在运行：这是保存下来的内容。" : "It is no longer served: this was kept of it.");
  if (!packed) return;
  const bytes = Uint8Array.from(atob(packed), letter => letter.charCodeAt(0));
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  frame({srcdoc: await new Response(plain).text()});
}
const join = () => frame({src: live, allow: "fullscreen; clipboard-read; clipboard-write"});
const alive = Object.assign(new Image(), {onload: join, onerror: replay, src: sign});
</script></body></html>"""
#: The smallest picture, which says that a page is served.
SIGN = b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'


@dataclass(frozen=True, slots=True)
class Kept:
    """What stays of a page.

    Parameters
    ----------
    picture : str, optional
        SVG.
    replay : str, optional
        A whole page of HTML that needs no server.
    words : str
        What the picture shows, for where not even that is let through.
    """

    picture: str | None = None
    replay: str | None = None
    words: str = "Backscope"


def output(kept: Kept, live: str, sign: str, height: int) -> str:
    """Return what a notebook shows, as HTML.

    Parameters
    ----------
    kept : Kept
        What there is.
    live, sign : str
        Addresses: of the page, and of the picture `SIGN` beside it.
    height : int
        In CSS pixels.
    """
    chooser = _CHOOSER.replace("@LIVE@", json.dumps([live, sign]).replace("<", "\\u003c"))
    chooser = chooser.replace("@RECORDING@", "" if kept.replay is None else _packed(kept.replay))
    below = ""
    if kept.picture is not None:
        source = f"data:image/svg+xml;base64,{base64.b64encode(kept.picture.encode()).decode()}"
        below = f'<img alt="{escape(kept.words)}" src="{source}" style="max-width: 100%">'
    over = "position: absolute; inset: 0; width: 100%; height: 100%; border: 0"
    frame = f'<iframe title="Backscope" width="100%" height="{height}" style="{over}" srcdoc="{escape(chooser)}">'
    return f'<div style="position: relative; min-height: {height}px">{below}{frame}</iframe></div>'


def _packed(page: str) -> str:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return base64.b64encode(packer.compress(page.encode()) + packer.flush()).decode()
