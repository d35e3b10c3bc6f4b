"""Whatever an array holds, every view still draws: the page is given frames full of odd numbers, in every state."""

from collections.abc import Callable
from typing import Any

import numpy as np
from backscope.server.wire.protocol import Arrays, DType, decode, encode
from driver import Backscope, Tab
from playwright.sync_api import WebSocketRoute

#: What takes the place of an array's numbers.
ODD: dict[str, Callable[[Any], Any]] = {
    "no numbers": lambda array: np.full_like(array, np.nan),
    "infinite": lambda array: np.full_like(array, np.inf),
    "every second one infinite": lambda array: np.where(np.arange(array.size).reshape(array.shape) % 2, array, -np.inf),
    "huge": lambda array: array * 1e37,
    "zero": np.zeros_like,
    "empty": lambda array: array[:0],
}
#: Messages that hold nothing but what a run has computed.
COMPUTED = {"frame", "surface", "history", "laboratory", "microscope"}


class Meddler:
    """Stands between server and page, and changes what arrays hold while `odd` says how."""

    def __init__(self, tab: Tab) -> None:
        self.odd = ""
        tab.page.route_web_socket("**/ws/**", self.between)

    def between(self, page: WebSocketRoute) -> None:
        server = page.connect_to_server()
        server.on_message(lambda message: page.send(self.meddled(message)))
        page.on_message(server.send)

    def meddled(self, message: str | bytes) -> str | bytes:
        if not self.odd or isinstance(message, str):
            return message
        header, arrays = decode(message)
        if header["kind"] not in COMPUTED:
            return message
        kinds, changed = {name: dtype for name, dtype, _ in header.pop("arrays")}, Arrays()
        for name, array in arrays.items():
            whole = kinds[name] == DType.INT32
            with np.errstate(all="ignore"):
                values = array if whole and self.odd != "empty" else ODD[self.odd](array)
            changed.add(name, values, DType.INT32 if whole else DType.FLOAT32)
        return encode(header, changed)


def feed(tab: Tab, meddler: Meddler, state: str) -> list[str]:
    """Take a step with every odd number, and return what broke."""
    broken = []
    for odd in ODD:
        meddler.odd, before = odd, tab.step()
        tab.click("step")
        tab.until(lambda before=before: tab.step() > before, 5, f"a step with {odd} in {state}")
        tab.page.wait_for_timeout(60)
        if tab.page.locator(".panel-failed").count():
            broken.append(f"{state}, {odd}: a panel has stopped")
        broken += [f"{state}, {odd}: {said}" for said in tab.said]
        tab.said.clear()
    meddler.odd = ""
    return broken


def test_every_view_draws_whatever_arrays_hold_and_start_again_starts_again(tab: Tab, server: Backscope) -> None:
    meddler = Meddler(tab)
    tab.open(server.url, "lang=en&theme=light")
    tab.train(12)
    broken = feed(tab, meddler, "the page")
    for state, press in {
        "2-D": 'text="2-D"', "1-D": 'text="1-D"', "sharpness": '[data-role="surface"] >> text="λ"',
        "confusion": 'text="Confusion"', "cures": '[data-role="cures"]', "laboratory": '[data-role="laboratory"]',
    }.items():  # fmt: skip
        tab.page.locator(press).first.click()
        broken += feed(tab, meddler, state)
    tab.page.focus(".network-stage")
    tab.page.keyboard.press("ArrowRight")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_selector(tab.role("inspector-value"))
    broken += feed(tab, meddler, "inspector")
    tab.click("reset")
    tab.until(lambda: tab.step() == 0, what="a new beginning")
    assert not broken, "\n".join(broken)
