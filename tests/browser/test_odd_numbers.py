"""Whatever an array holds, every view still draws: the page is given odd numbers only, in every state."""

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import cycle, islice
from typing import Any

import numpy as np
import pytest
from backscope.server.wire.protocol import Arrays, DType, decode, encode
from driver import Backscope, Tab, long
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
#: Messages that hold nothing but what a run has computed, and commands that are answered by such numbers.
COMPUTED = {"frame", "surface", "history", "laboratory", "microscope"}
ANSWERED = {
    *("depth_map", "sweep", "map_tile", "map_run", "box_dimension", "cut", "sharpness", "anatomy", "difference"),
    "arrivals",
}
#: What takes the place of numbers in an answer: what is no number is null there.
ODD_ANSWERS = (None, 1e300, -1e300, 1e-300, 0.0)


def changed(value: Any, odd: float | None) -> Any:
    """The same with every number that is not whole replaced, and what is unknown too."""
    if isinstance(value, dict):
        return {key: changed(one, odd) for key, one in value.items()}
    if isinstance(value, list):
        return [changed(one, odd) for one in value]
    return odd if value is None or isinstance(value, float) else value


class Meddler:
    """Stands between server and page, and changes what arrays hold while `odd` says how."""

    def __init__(self, tab: Tab) -> None:
        self.odd = ""
        #: Whether answers are changed too, each in another way; how many were, and which of them are waited for.
        self.answers = False
        self.answered = 0
        self.answer = cycle(ODD_ANSWERS)
        self.asked: set[int] = set()
        tab.page.route_web_socket("**/ws/**", self.between)

    def between(self, page: WebSocketRoute) -> None:
        server = page.connect_to_server()
        server.on_message(lambda message: page.send(self.meddled(message)))
        page.on_message(lambda message: server.send(self.heard(message)))

    def heard(self, message: str | bytes) -> str | bytes:
        command = json.loads(message)
        if command.get("op") in ANSWERED:
            self.asked.add(command["id"])
        return message

    def reply(self, message: str) -> str:
        reply = json.loads(message)
        if not self.answers or reply["kind"] != "reply" or reply.get("id") not in self.asked or not reply["ok"]:
            return message
        self.answered += 1
        return json.dumps(changed(reply, next(self.answer)))

    def meddled(self, message: str | bytes) -> str | bytes:
        if isinstance(message, str):
            return self.reply(message)
        if not self.odd:
            return message
        header, arrays = decode(message)
        if header["kind"] not in COMPUTED:
            return message
        kinds, odd = {name: dtype for name, dtype, _ in header.pop("arrays")}, Arrays()
        for name, array in arrays.items():
            whole = kinds[name] == DType.INT32
            with np.errstate(all="ignore"):
                values = array if whole and self.odd != "empty" else ODD[self.odd](array)
            odd.add(name, values, DType.INT32 if whole else DType.FLOAT32)
        if header["kind"] == "microscope":
            header = changed(header, next(self.answer))
        return encode(header, odd)


def feed(tab: Tab, meddler: Meddler, state: str, odds: Iterable[str] = ODD) -> list[str]:
    """Take a step with each of these odd numbers, and return what broke."""
    broken = []
    for odd in odds:
        meddler.odd, before = odd, tab.step()
        tab.click("step")
        tab.until(lambda before=before: tab.step() > before, 5, f"a step with {odd} in {state}")
        tab.page.wait_for_timeout(60)
        broken += what_broke(tab, f"{state}, {odd}")
    meddler.odd = ""
    return broken


def what_broke(tab: Tab, where: str) -> list[str]:
    stopped = ["a panel has stopped"] if tab.page.locator(".panel-failed").count() else []
    broken = [f"{where}: {what}" for what in [*stopped, *tab.said]]
    tab.said.clear()
    return broken


def in_turn(each: bool) -> Iterator[list[str]]:
    """All odd numbers for one view after the other; or two of them for each, in turn."""
    odds = cycle(ODD)
    while True:
        yield list(ODD) if each else list(islice(odds, 2))


@pytest.mark.parametrize("each", [False, long(True)])
def test_every_view_draws_whatever_arrays_hold_and_start_again_starts_again(
    tab: Tab, server: Backscope, each: bool
) -> None:
    meddler, turn = Meddler(tab), in_turn(each)
    tab.open(server.url, "lang=en&theme=light")
    tab.train(12)
    broken = feed(tab, meddler, "the page")
    for state, press in {
        "2-D": 'text="2-D"', "1-D": 'text="1-D"', "sharpness": '[data-role="surface"] >> text="λ"',
        "confusion": 'text="Confusion"', "cures": '[data-role="cures"]', "laboratory": '[data-role="laboratory"]',
    }.items():  # fmt: skip
        tab.page.locator(press).first.click()
        broken += feed(tab, meddler, state, next(turn))
    tab.page.focus(".network-stage")
    for key in ("ArrowRight", "ArrowRight", "Enter"):  # an input has no value to edit
        tab.page.keyboard.press(key)
    tab.page.wait_for_selector(tab.role("inspector-value"))
    broken += feed(tab, meddler, "inspector", next(turn))
    tab.click("reset")
    tab.until(lambda: tab.step() == 0, what="a new beginning")
    assert not broken, "\n".join(broken)


def through_slow_motion(tab: Tab, meddler: Meddler, odds: Iterable[str]) -> list[str]:
    """Walk through a step of which every number is odd."""
    page, broken = tab.page, []
    for odd in odds:
        meddler.odd = odd
        tab.click("microscope")
        page.wait_for_selector('.panel-microscope[data-phase="input:0"]')
        for _ in range(40):
            phase = page.get_attribute(".panel-microscope", "data-phase") or ""
            if phase.startswith("result") or broken:
                break
            page.keyboard.press("ArrowRight")
            page.wait_for_timeout(15)
            broken += what_broke(tab, f"slow motion, {odd}, {phase}")
        else:
            broken.append(f"slow motion, {odd}: stands still at {phase}")
        tab.click("microscope-close")
        meddler.odd = ""
    return broken


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("each", [False, True])
def test_slow_motion_and_race_draw_whatever_arrays_hold(tab: Tab, server: Backscope, each: bool) -> None:
    meddler = Meddler(tab)
    page = tab.open(server.url, "lang=en&theme=light&preset=xor").page
    tab.train(12)
    broken = through_slow_motion(tab, meddler, ODD if each else ("no numbers", "empty"))
    tab.click("lane-add")
    page.click(".lane-menu .lane-choice:enabled >> nth=0")
    tab.until(lambda: page.locator(".lane-chip").count() == 2, what="a second lane")
    tab.click("race")
    page.wait_for_selector(tab.role("race-table"))
    broken += feed(tab, meddler, "race")
    page.focus(".race-stage")
    page.keyboard.press("ArrowLeft")
    tab.click("race-close")
    tab.click("reset")
    tab.until(lambda: tab.step() == 0, what="a new beginning")
    broken += what_broke(tab, "race")
    assert not broken, "\n".join(broken)


@pytest.mark.long
def test_pictures_functions_and_numbers_in_words_draw_whatever_arrays_hold(tab: Tab, server: Backscope) -> None:
    meddler = Meddler(tab)
    page = tab.open(server.url, "lang=en&theme=light&preset=digits").page
    broken = []
    for form in page.eval_on_selector_all("[data-form]", "all => all.map(one => one.dataset.form)"):
        page.click(f'[data-form="{form}"]')
        broken += feed(tab, meddler, f"digits, {form}")
    tab.choose("preset", "tutorial")
    tab.until(lambda: tab.step() == 0, what="the truth table")
    tab.click("meanings")
    broken += feed(tab, meddler, "glossary")
    tab.click("meanings-close")
    tab.choose("preset", "rosenbrock")
    tab.until(lambda: tab.step() == 0, what="a function")
    broken += feed(tab, meddler, "landscape")
    tab.click("reset")
    tab.until(lambda: tab.step() == 0, what="a new beginning")
    broken += what_broke(tab, "landscape")
    assert not broken, "\n".join(broken)


@pytest.mark.long
def test_maps_and_sweep_draw_whatever_they_are_answered(tab: Tab, server: Backscope) -> None:
    meddler = Meddler(tab)
    page = tab.open(server.url, "lang=en&theme=light").page
    broken = []
    meddler.answers = True
    for window in ("depthmap", "sweep", "maps"):
        if not page.is_visible(tab.role(window)):
            tab.click("cures")
        before = meddler.answered
        tab.click(window)
        if window == "sweep":
            tab.click("sweep-run")
        for _ in ODD_ANSWERS:
            tab.until(lambda before=before: meddler.answered > before, what=f"an answer for the {window}")
            before = meddler.answered
            broken += what_broke(tab, window)
        if window == "maps":
            page.focus(tab.role("maps-picture"))
            for key in ("ArrowRight", "Enter", "Escape"):
                page.keyboard.press(key)
                page.wait_for_timeout(100)
        else:
            page.keyboard.press("Escape")
        broken += what_broke(tab, window)
    meddler.answers = False
    tab.click("step")
    tab.until(lambda: tab.step() > 0, what="a step")
    assert not broken, "\n".join(broken)
