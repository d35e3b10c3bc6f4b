"""The timeline under a hand: scrubbing, the keyboard, marks, futures left behind, the way back."""

import math
import re

import pytest
from driver import USUAL_SPEED, Backscope, Tab

TRACK = '[data-role="timeline"]'
#: A mark of an edit: where numba is installed, machine code leaves a mark of its own where it takes over.
MARK = '.timeline-mark[data-kind="edit"]'


def now(tab: Tab) -> int:
    return int(tab.page.get_attribute(TRACK, "aria-valuenow") or -1)


def scrub(tab: Tab, share: float) -> int:
    """Drag the handle to a place on the bar, and return the step at which it rests."""
    box = tab.page.locator(f"{TRACK} .timeline-bar").bounding_box()
    assert box is not None
    y = box["y"] + box["height"] / 2
    tab.page.mouse.move(box["x"] + now(tab) / furthest(tab) * box["width"], y)
    tab.page.mouse.down()
    tab.page.mouse.move(box["x"] + share * box["width"], y, steps=12)
    tab.page.mouse.up()
    return arrive(tab, round(share * furthest(tab)))


def furthest(tab: Tab) -> int:
    return int(tab.page.get_attribute(TRACK, "aria-valuemax") or -1)


def arrive(tab: Tab, step: int) -> int:
    tab.until(lambda: abs(tab.step() - step) <= 1 and tab.step() == now(tab), what=f"step {step}")
    return tab.settle()


@pytest.mark.long
def test_scrubbing_back_and_forth_gives_the_same_loss(opened: Tab) -> None:
    opened.train(200)
    end = furthest(opened)
    losses = {}
    for share in (0.25, 0.5, 1.0):
        step = scrub(opened, share)
        losses[step] = opened.text("loss")
    assert len(set(losses.values())) == 3
    for step, loss in sorted(losses.items()):
        opened.page.focus(TRACK)
        opened.page.keyboard.press("Home")
        arrive(opened, 0)
        scrub(opened, step / end)
        while opened.step() != step:
            opened.page.keyboard.press("ArrowRight" if opened.step() < step else "ArrowLeft")
            opened.settle()
        assert opened.text("loss") == loss
        assert furthest(opened) == end
    assert opened.said == []


def test_keyboard_goes_by_steps_tenths_and_to_the_ends(opened: Tab) -> None:
    opened.train(100)
    end = furthest(opened)
    opened.page.focus(TRACK)
    for key, step in (
        ("Home", 0),
        ("ArrowRight", 1),
        ("PageUp", 1 + round(end / 10)),
        ("ArrowLeft", round(end / 10)),
        ("End", end),
        ("PageDown", end - round(end / 10)),
    ):
        opened.page.keyboard.press(key)
        opened.until(lambda step=step: opened.step() == step == now(opened), what=f"step {step}")  # type: ignore[misc]
        said = opened.page.get_attribute(TRACK, "aria-valuetext")
        assert said is not None
        assert said.startswith(f"step {step} of {end}")
    for _ in range(20):  # faster than anything can follow: the newest wish wins
        opened.page.keyboard.press("ArrowLeft")
    assert arrive(opened, end - round(end / 10) - 20) == end - round(end / 10) - 20


# Every message comes as late as over a bad line, in the order in which it was sent.
LATE = """
window.WebSocket = class extends WebSocket {
  set onmessage(hear) {
    super.onmessage = event => setTimeout(() => hear(event), window.late ?? 0);
  }
};
"""


def test_no_key_is_lost_while_answers_are_late(tab: Tab, server: Backscope) -> None:
    page = tab.page
    page.add_init_script(LATE)
    tab.open(server.url, "lang=en&theme=light")
    tab.train(100)
    end = furthest(tab)
    page.evaluate("window.late = 120")

    def press(key: str, times: int, rest: int) -> None:
        for _ in range(times):
            page.keyboard.press(key)
            page.wait_for_timeout(rest)

    page.focus(TRACK)
    for key, times, way in (("ArrowLeft", 21, -1), ("ArrowRight", 9, 1), ("ArrowLeft", 4, -1)):
        press(key, times, 35)
        end += way * times
    tab.until(lambda: tab.step() == now(tab))
    page.wait_for_timeout(300)
    assert (tab.step(), now(tab)) == (end, end)

    page.focus(tab.role("learning-rate"))
    before = float(page.input_value(tab.role("learning-rate")))
    press("ArrowUp", 6, 35)
    page.wait_for_timeout(500)
    rate = float(page.input_value(tab.role("learning-rate")))
    assert abs(math.log10(rate / before) - 6 * 0.05) < 0.004

    page.focus(".boundary-stage")
    press("ArrowRight", 7, 35)
    page.wait_for_timeout(500)
    press("ArrowLeft", 3, 35)
    press("Enter", 1, 500)
    assert page.inner_text(".boundary-mark").endswith("sample 5")


def test_edits_leave_marks_and_an_edit_in_the_past_leaves_a_ghost(opened: Tab) -> None:
    opened.train(60)
    opened.set_rate("0.2")
    opened.page.wait_for_selector(".timeline-label")
    assert opened.page.inner_text(".timeline-label") == "η 0.2"
    opened.train(160)
    end, at = furthest(opened), int(opened.page.get_attribute(MARK, "data-step") or -1)
    assert 60 < at < end
    opened.page.focus(TRACK)
    opened.page.keyboard.press("Home")
    arrive(opened, 0)
    opened.page.keyboard.press("Shift+ArrowRight")
    assert arrive(opened, at) == at
    assert "η 0.2" in (opened.page.get_attribute(TRACK, "aria-valuetext") or "")
    assert opened.page.locator(".timeline-ghost:visible").count() == 0
    opened.page.keyboard.press("ArrowLeft")
    arrive(opened, at - 1)
    opened.choose("language", "zh")
    opened.page.wait_for_selector('html[lang="zh"]')
    opened.choose("optimizer", "momentum")
    opened.until(lambda: furthest(opened) == at - 1)
    opened.train(at + 5)
    assert opened.page.locator(".timeline-ghost:visible").count() == 1
    assert opened.page.locator(MARK).count() == 1
    assert re.search("[\u4e00-\u9fff]", opened.page.inner_text(".timeline-label"))
    assert opened.said == []


@pytest.mark.long
def test_playing_on_from_the_past_keeps_the_future(opened: Tab) -> None:
    opened.train(120)
    end, loss = furthest(opened), opened.text("loss")
    scrub(opened, 0.8)
    assert furthest(opened) == end
    opened.train(end - 6, speed=USUAL_SPEED)
    opened.page.focus(TRACK)
    while opened.step() != end:
        opened.page.keyboard.press("ArrowRight" if opened.step() < end else "ArrowLeft")
        if opened.step() == furthest(opened) < end:
            opened.click("step")
        opened.settle()
    assert opened.text("loss") == loss
    assert opened.page.locator(".timeline-ghost:visible").count() == 0


@pytest.mark.long
def test_plays_backwards_until_the_start_or_a_hand(opened: Tab) -> None:
    opened.train(60)
    end = opened.step()
    opened.click("play-back")
    opened.until(lambda: opened.step() < end - 10)
    opened.click("play-back")
    rest = opened.settle()
    assert 0 < rest < end
    opened.click("play-back")
    opened.until(lambda: opened.step() == 0)
    assert opened.page.get_attribute(opened.role("play-back"), "aria-pressed") == "false"
    assert furthest(opened) == end


def test_strip_is_slim_and_a_card_on_the_phone(tab: Tab, server: Backscope) -> None:
    tab.open(server.url, "lang=zh&theme=projector")
    box = tab.page.locator(".panel-timeline").bounding_box()
    assert box is not None
    assert 34 <= box["height"] <= 44
    assert tab.page.evaluate("document.documentElement.scrollHeight - innerHeight") <= 0
    tab.page.set_viewport_size({"width": 360, "height": 740})
    tab.page.wait_for_timeout(300)
    box = tab.page.locator(TRACK).bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert box["width"] > 200
    assert tab.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
