"""The first minute: a page with what one needs first, and three hints that go as they are done."""

from collections.abc import Iterator

import pytest
from driver import Backscope, Tab
from playwright.sync_api import Browser

FOLDED = ("reseed", "settings", "network-form", "initializer", "lane-add")


@pytest.fixture
def newcomer(browser: Browser, server: Backscope) -> Iterator[Tab]:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="en-US")
    yield Tab(context.new_page(), first_visit=True).open(server.url)
    context.close()


def hint(tab: Tab) -> str | None:
    """What the hint speaks of, as the ring on the page shows it; its words must be seen with it."""
    name: str | None
    name, seen = tab.page.evaluate(
        "[document.documentElement.dataset.hint ?? null, document.querySelector('.hints')?.checkVisibility() ?? false]"
    )
    assert seen == (name is not None)
    return name


def test_three_hints_each_gone_when_done_and_none_at_the_next_visit(newcomer: Tab) -> None:
    page = newcomer.page
    newcomer.until(lambda: hint(newcomer) == "play")
    newcomer.play()
    newcomer.until(lambda: hint(newcomer) == "rate")
    newcomer.set_rate("0.3")
    newcomer.until(lambda: hint(newcomer) == "look")
    page.reload()
    newcomer.wait_ready()
    newcomer.until(lambda: hint(newcomer) == "look")
    page.focus(".network-stage")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    newcomer.until(lambda: hint(newcomer) is None)
    page.reload()
    newcomer.wait_ready()
    assert hint(newcomer) is None


def test_hints_go_at_a_press_and_the_page_shows_everything_at_another(newcomer: Tab) -> None:
    page = newcomer.page
    newcomer.until(lambda: hint(newcomer) == "play")
    newcomer.click("hints-close")
    newcomer.until(lambda: hint(newcomer) is None)
    assert not any(page.is_visible(newcomer.role(name)) for name in FOLDED)
    newcomer.click("page")
    assert all(page.is_visible(newcomer.role(name)) for name in FOLDED)
    page.reload()
    newcomer.wait_ready()
    assert hint(newcomer) is None
    assert all(page.is_visible(newcomer.role(name)) for name in FOLDED)
    newcomer.open(page.url.split("?")[0], "page=simple")
    assert not any(page.is_visible(newcomer.role(name)) for name in FOLDED)


def test_who_asks_for_everything_is_shown_no_hints(newcomer: Tab) -> None:
    newcomer.until(lambda: hint(newcomer) == "play")
    newcomer.click("page")
    newcomer.until(lambda: hint(newcomer) is None)
    assert newcomer.page.is_visible(newcomer.role("settings"))


def test_a_newcomer_finds_out_in_six_presses_why_the_first_layer_does_not_learn(newcomer: Tab) -> None:
    """Only what is visible and named for it is pressed: gallery, the vanishing net, Play, Cures."""
    page = newcomer.page
    page.get_by_role("button", name="Gallery of examples").click()
    page.get_by_role("button", name="Vanishing").click()
    newcomer.until(lambda: page.input_value(newcomer.role("dataset")) == "digits")
    page.get_by_role("button", name="Play", exact=True).click()
    newcomer.until(lambda: newcomer.step() > 20)
    factor = page.locator(".gradients-factor").inner_text()
    assert "0." in factor or "×" in factor, factor
    page.get_by_role("button", name="Cures").click()
    page.wait_for_selector(".cures-window[open]")
    assert "ReLU" in page.locator(".cures-window").inner_text()
    assert not newcomer.said
