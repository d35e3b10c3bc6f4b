"""A small view as a widget of Jupyter. Imports anywidget: only `widget` imports this, when it is asked for."""

from __future__ import annotations

import asyncio
import base64
import json
import time
import zlib
from functools import lru_cache
from importlib import import_module
from typing import Any

from ...core.run.trainer import Trainer
from ..front.files import STATIC
from ..front.joined import script, sources
from ..front.replay import LANGUAGES, one_file, words_of
from .small_numbers import SmallNumbers

_anywidget: Any = import_module("anywidget")
_traitlets: Any = import_module("traitlets")

#: Seconds between two pictures at least, and how many times as long as a picture took it then rests.
_REST, _CALM = 0.1, 9.0
#: What fetches more than a small view has.
_WITHOUT = frozenset({"js/views/surface/plotly.js"})
#: What the notebook executes: a frame with the page, which is told of every change. A frame that a notebook moves about
#: begins anew, says so, and is told again.
_FRAME = """
const PACKED = "@PAGE@";
let unpacking = null;
async function unpack() {
  const bytes = Uint8Array.from(atob(PACKED), letter => letter.charCodeAt(0));
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Response(plain).text();
}

/** Whether what lies behind an element is dark. */
function isDark(element) {
  for (let at = element; at; at = at.parentElement ?? at.getRootNode().host) {
    const [r, g, b, a = 1] = (getComputedStyle(at).backgroundColor.match(/[\\d.]+/g) ?? [0, 0, 0, 0]).map(Number);
    if (a > 0.5) return 0.3 * r + 0.6 * g + 0.1 * b < 128;
  }
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

const bytesOf = view => view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);

async function render({model, el}) {
  const frame = document.createElement("iframe");
  const place = () => Object.assign(frame.style, {height: `${model.get("height")}px`});
  Object.assign(frame, {title: "Backscope"});
  Object.assign(frame.style, {width: "100%", border: "0", display: "block", colorScheme: "normal"});
  place();
  let asked = 0;
  const send = () => {
    asked = 0;
    const [setting, numbers] = ["setting", "numbers"].map(name => bytesOf(model.get(name)));
    const theme = isDark(el) ? "dark" : "light";
    frame.contentWindow?.postMessage({backscope: "show", view: model.get("view"), theme, setting, numbers}, "*");
  };
  const tell = () => (asked ||= requestAnimationFrame(send));
  const hear = ({source, data}) => source === frame.contentWindow && data?.backscope === "ready" && send();
  window.addEventListener("message", hear);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", tell);
  const looks = new MutationObserver(tell);
  for (const element of [document.documentElement, document.body]) looks.observe(element, {attributes: true});
  model.on("change:setting", tell);
  model.on("change:numbers", tell);
  model.on("change:height", place);
  el.append(frame);
  frame.srcdoc = await (unpacking ??= unpack());
  return () => {
    window.removeEventListener("message", hear);
    dark.removeEventListener("change", tell);
    looks.disconnect();
    model.off("change:setting", tell);
    model.off("change:numbers", tell);
    model.off("change:height", place);
    frame.remove();
  };
}
export default {render};
"""


class SmallView(_anywidget.AnyWidget):  # type: ignore[misc]
    """One view of a run, as `widget` returns it; it shows itself as the last line of a cell.

    Parameters
    ----------
    trainer : Trainer
        Whose run it is.
    view : str
        Which of `VIEWS`.
    """

    view = _traitlets.Unicode().tag(sync=True)
    height = _traitlets.Int().tag(sync=True)
    setting = _traitlets.Bytes().tag(sync=True)
    numbers = _traitlets.Bytes().tag(sync=True)

    def __init__(self, trainer: Trainer, view: str) -> None:
        self._small = SmallNumbers(trainer, view)
        self._due, self._late = 0.0, False
        self._deaf = trainer.listen(self._follow)
        super().__init__(view=view, _esm=_frame(tuple(sources(STATIC))))

    @property
    def alive(self) -> bool:
        """Whether it still has a way to its pictures: `close` ends that."""
        return self.comm is not None

    def update(self) -> None:
        """Show how the run stands now."""
        begin = time.perf_counter()
        look = self._small.look()
        with self.hold_sync():
            self.setting, self.numbers = look
        now = time.perf_counter()
        self._due = now + max(_REST, _CALM * (now - begin))

    def close(self) -> None:
        """Take it away, and follow the run no longer."""
        self._deaf()
        super().close()

    def _follow(self) -> None:
        """The run has changed: show it, unless that was just done; then once the notebook has time."""
        if time.perf_counter() >= self._due:
            self.update()
        elif not self._late:
            try:
                asyncio.get_running_loop().call_soon(self._catch_up)
            except RuntimeError:  # nothing runs behind this code, or it is in a thread of its own
                return
            self._late = True

    def _catch_up(self) -> None:
        self._late = False
        self.update()


@lru_cache(maxsize=2)
def _frame(_made_of: tuple[tuple[str, int], ...]) -> str:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = base64.b64encode(packer.compress(small_page().encode()) + packer.flush()).decode()
    return _FRAME.replace("@PAGE@", packed)


def small_page() -> str:
    """Return the page of a small view, as one file."""
    code = script(STATIC, _WITHOUT, "js/small.js")
    families = {family for family in (key.partition(".")[0] for key in words_of(STATIC, "en")) if f"{family}." in code}
    words = {lang: words_of(STATIC, lang, families=families) for lang in LANGUAGES}
    told = json.dumps(words, ensure_ascii=False, separators=(",", ":"))
    return one_file(STATIC, "small.html", code, {"words": ("application/json", told)})
