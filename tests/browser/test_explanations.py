"""Every explanation of the page is told in the same way to a pointer, the keys, a finger and a screen reader."""

from collections.abc import Iterator

import pytest
from driver import Backscope, Tab
from playwright.sync_api import Browser, Page

CARD = ".tip-card"
LEGEND = ".network-legend[data-tip]"
RACE = '[data-role="race-open"]'


def shown(page: Page) -> str:
    """The words of the card, none when it is away."""
    return page.inner_text(CARD) if page.locator(CARD).is_visible() else ""


def come(page: Page) -> str:
    page.wait_for_selector(f"{CARD}:popover-open", timeout=3000)
    return page.inner_text(CARD)


def gone(page: Page) -> None:
    page.wait_for_selector(CARD, state="hidden", timeout=3000)


def test_a_pointer_may_rest_go_onto_the_card_and_send_it_away(opened: Tab) -> None:
    """WCAG 1.4.13: hoverable, persistent, dismissible."""
    page = opened.page
    place = page.locator('[data-role="learning-rate-slider"]')
    place.hover()
    words = come(page)
    assert words == place.get_attribute("data-tip")
    box = page.locator(CARD).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=4)
    page.wait_for_timeout(700)
    assert shown(page) == words
    page.keyboard.press("Escape")
    gone(page)
    place.hover(position={"x": 5, "y": 5})
    come(page)
    page.mouse.move(683, 5)
    gone(page)


def test_the_focus_brings_the_card_and_a_press_sends_it_away(opened: Tab) -> None:
    page = opened.page
    page.focus(opened.role("step"))
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    words = come(page)
    step = page.locator(opened.role("step"))
    assert words == step.get_attribute("data-tip") == step.get_attribute("aria-label")
    before = opened.step()
    page.keyboard.press("Enter")
    gone(page)
    opened.until(lambda: opened.step() > before)
    page.wait_for_timeout(700)
    assert shown(page) == "", "a card that comes back at every press is in the way"


@pytest.mark.long
def test_escape_closes_the_card_before_what_lies_below(opened: Tab) -> None:
    page = opened.page
    opened.click("laboratory")
    close = page.locator(opened.role("laboratory-close"))
    close.wait_for()
    close.hover()
    come(page)
    page.keyboard.press("Escape")
    gone(page)
    assert close.is_visible()
    page.keyboard.press("Escape")
    close.wait_for(state="hidden")


def test_numbers_and_labels_are_reached_by_keys(opened: Tab) -> None:
    """What is explained and is no control has a place in the order of the keys, and its words as a description."""
    left = opened.page.evaluate(
        """() => [...document.querySelectorAll('[data-tip]')].filter(e => e.getClientRects().length).filter(e => {
             const holds = [e, ...e.querySelectorAll('*')].some(x => x.tabIndex >= 0 || x.closest('table button'));
             const said = [e.ariaLabel, e.getAttribute('aria-description'), e.textContent.trim()];
             return !(holds || e.disabled) || !said.includes(e.dataset.tip);
           }).map(e => e.outerHTML.slice(0, 160))"""
    )
    assert left == []


@pytest.fixture
def finger(browser: Browser, server: Backscope) -> Iterator[Tab]:
    """A tab on a phone."""
    context = browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    tab = Tab(context.new_page()).open(server.url, "lang=en&theme=light")
    yield tab
    context.close()


def test_a_tap_tells_what_a_number_is_and_a_long_press_what_a_button_does(finger: Tab) -> None:
    page = finger.page
    number = page.locator(".readout-accuracy[data-tip]")
    number.tap()
    assert come(page) == number.get_attribute("data-tip")
    page.locator("#title-data").tap()
    gone(page)

    play = page.locator(finger.role("step"))
    box = play.bounding_box()
    assert box is not None
    before = finger.step()
    point = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    touch = page.context.new_cdp_session(page)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
    assert come(page) == play.get_attribute("data-tip")
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_timeout(300)
    assert finger.step() == before, "a long press asks; it does not press"
    play.tap()
    finger.until(lambda: finger.step() == before + 1)

    slider = page.locator(finger.role("learning-rate-slider"))
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box is not None
    y = box["y"] + box["height"] / 2
    for rest in (0, 700):  # a finger that drags does not ask, though it rested first
        touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": box["x"] + 40, "y": y}]})
        page.wait_for_timeout(rest)
        for far in (60, 80, 100):
            places = [{"x": box["x"] + far, "y": y}]
            touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": places})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        page.wait_for_timeout(600)
        assert shown(page) == "", f"after a rest of {rest} ms"


def test_what_is_this_leads_to_the_card_of_every_term_and_the_card_to_its_place(opened: Tab) -> None:
    page = opened.page
    opened.click("settings")
    page.wait_for_selector(opened.role("normalization"))
    missing = page.evaluate(
        """async () => {
            const {TERMS, DEFINED} = await import("./js/views/meanings/terms.js");
            const wanted = [...TERMS, ...DEFINED].flatMap(({place, look}) => [place, look]).filter(Boolean);
            return wanted.filter(selector => !document.querySelector(selector));
        }"""
    )
    assert missing == []
    opened.click("settings-close")

    page.locator('[data-role="learning-rate-slider"]').hover()
    come(page)
    page.locator(".tip-more").click()
    card = page.locator('.term[data-meaning="learning_rate"]')
    page.wait_for_function("document.activeElement?.dataset.meaning === 'learning_rate'")
    assert f"In this run: η = {page.input_value(opened.role('learning-rate'))}" in card.inner_text()
    page.fill(opened.role("term-find"), "softm")
    assert page.locator(".term:visible").count() == 1
    page.fill(opened.role("term-find"), "")
    card.locator(opened.role("term-show")).click()
    page.wait_for_selector(".rate.term-look")
    assert not page.locator('[data-part="meanings"][open]').count()

    page.keyboard.press("?")
    opened.click("meanings-tour")
    page.wait_for_selector('[data-part="hints"]:visible')
    opened.click("hints-close")
    page.wait_for_selector('[data-part="hints"]', state="hidden")
    assert not opened.said
