"""What is in sight: cause beside effect, in every size, theme and language."""

import pytest
from driver import Backscope, Tab

Box = dict[str, float]

WIDE = ((1366, 768), (1920, 1080))
LOW = ((740, 360), (683, 384))  # a phone on its side; 1366 × 768 magnified twice
PHONE = (360, 740)
BOXES = "names => names.map(name => document.querySelector(name).getBoundingClientRect().toJSON())"


def boxes(tab: Tab, *selectors: str) -> list[Box]:
    found: list[Box] = tab.page.evaluate(BOXES, list(selectors))
    return found


def resize(tab: Tab, size: tuple[int, int]) -> None:
    tab.page.set_viewport_size({"width": size[0], "height": size[1]})
    tab.page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def apart(a: Box, b: Box) -> bool:
    return a["right"] <= b["left"] or b["right"] <= a["left"] or a["bottom"] <= b["top"] or b["bottom"] <= a["top"]


def inspect_by_keys(tab: Tab) -> None:
    tab.page.focus(".network-stage")
    for key in ("ArrowRight", "ArrowRight", "Enter"):
        tab.page.keyboard.press(key)
    tab.page.wait_for_selector(".inspector:visible")
    assert tab.page.evaluate("document.activeElement.matches('.inspector')"), "the keys that opened it go on in it"


@pytest.mark.parametrize(("theme", "lang"), [("light", "en"), ("projector", "zh")])
def test_the_inspector_leaves_what_a_weight_does_in_sight(tab: Tab, server: Backscope, theme: str, lang: str) -> None:
    tab.open(server.url, f"theme={theme}&lang={lang}")
    inspect_by_keys(tab)
    others = (".panel-network", ".panel-output", ".panel-surface", ".panel-curves", ".panel-gradients", ".bar")
    for width, height in WIDE:
        resize(tab, (width, height))
        card, *rest = boxes(tab, ".inspector", *others)
        assert card["bottom"] <= height
        for name, box in zip(others, rest, strict=True):
            assert apart(card, box), (name, width)
            assert box["bottom"] <= height, (name, width)
            assert box["right"] <= width, (name, width)
            assert box["width"] >= 340, (name, width)
    tab.page.keyboard.press("Escape")
    tab.page.wait_for_selector(".inspector", state="hidden")
    assert tab.page.evaluate("document.activeElement.matches('.network-stage')")
    assert tab.page.is_visible(".panel-data")
    resize(tab, PHONE)
    inspect_by_keys(tab)
    card, stage, output, bar = boxes(tab, ".inspector", ".network-stage", ".panel-output", ".bar-main")
    assert stage["top"] >= bar["bottom"] - 1
    assert stage["bottom"] <= card["top"]
    assert stage["height"] >= 100
    assert card["top"] - output["top"] >= 120, "what the network answers is seen below the diagram"
    assert card["bottom"] <= PHONE[1]
    assert tab.said == []


@pytest.mark.parametrize("theme", ["light", "projector"])
def test_the_bar_leaves_a_low_window_and_a_phone_to_the_network(tab: Tab, server: Backscope, theme: str) -> None:
    tab.open(server.url, f"theme={theme}&lang=en")
    for size in LOW:
        resize(tab, size)
        (bar,) = boxes(tab, ".bar")
        assert bar["height"] <= size[1] / 4, size
        for role in ("play", "learning-rate"):
            (control,) = boxes(tab, tab.role(role))
            assert control["left"] >= 0, role
            assert control["right"] <= size[0], role
        tab.page.focus(tab.role("theme"))  # what is out of sight is scrolled to
        (chosen,) = boxes(tab, tab.role("theme"))
        assert chosen["right"] <= size[0]
        tab.page.focus(tab.role("play"))
    resize(tab, PHONE)
    tops = tab.page.evaluate(
        """() => new Set([...document.querySelectorAll('.bar-top > *')].filter(e => e.getClientRects().length)
            .map(e => Math.round((e.getBoundingClientRect().top + e.getBoundingClientRect().bottom) / 2 / 12))).size"""
    )
    assert tops == 2, "rows of the bar on a phone"
    tab.play()
    tab.until(lambda: tab.step() > 5)
    stage, bar = boxes(tab, ".network-stage", ".bar-main")
    assert stage["top"] >= bar["bottom"]
    assert stage["bottom"] <= PHONE[1], "the network is in sight once Play was pressed"
    assert tab.said == []
