"""Every picture that a pointer reads is read by keys: each has a name, a role, and says what lies under its cursor."""

from collections.abc import Iterator

import pytest
from driver import Backscope, Tab

#: What can be reached by Tab and is a picture.
PICTURES = "canvas[tabindex], .plot-stage[tabindex], .network-stage, .boundary-stage, [data-i18n-keys]"
NAMED = """picture => ({
  name: picture.getAttribute("aria-label") ?? "", role: picture.getAttribute("role") ?? picture.localName,
  keys: picture.getAttribute("aria-description") ?? ""})"""
LISTEN = """() => {
  window.taken = new Set();
  window.heard = [];
  addEventListener("keydown", event => event.defaultPrevented && window.taken.add(event.key));
  new MutationObserver(() => window.heard.push(document.querySelector('[data-part="voice"]').textContent))
    .observe(document.querySelector('[data-part="voice"]'), {childList: true, subtree: true});
}"""
ARROWS = ("ArrowRight", "ArrowDown", "Shift+ArrowRight", "ArrowLeft")


def pictures(tab: Tab, server: Backscope) -> Iterator[tuple[str, str, str]]:
    """Each picture of the page: the state that it is in, its selector, and a part of what it says."""
    page = tab.page
    tab.open(server.url, "lang=en&theme=light")
    tab.train(30)
    page.evaluate(LISTEN)
    yield "page", ".network-stage", "x"
    yield "page", ".boundary-stage", "training"
    yield "page", ".boundary-probe", "x₁"
    yield "page", f"{tab.role('loss-curve')} .plot-stage", "training loss"
    yield "page", f"{tab.role('gradients')} .plot-stage", "δ"
    for mode in page.eval_on_selector_all(".panel-surface [data-mode]", "all => all.map(one => one.dataset.mode)"):
        page.click(f'.panel-surface [data-mode="{mode}"]')
        if mode in ("cut", "sharpness"):
            tab.until(lambda: page.text_content(".panel-surface .plot-empty strong") == "", what="the curve")
            page.wait_for_timeout(200)
        yield mode, ".surface-hand", {"sharpness": "λ"}.get(mode, "loss")
    tab.click("laboratory")
    page.wait_for_selector(".panel-lab canvas")
    for role in page.eval_on_selector_all('[role="tab"]', "tabs => tabs.map(tab => tab.dataset.role)"):
        tab.click(role)
        yield role, tab.role("lab-stage"), ""
    tab.click("laboratory-close")
    tab.click("lane-add")
    page.click(".lane-menu .lane-choice:enabled >> nth=0")
    tab.until(lambda: page.locator(".lane-chip").count() == 2, what="a second lane")
    tab.click("step")
    tab.click("race")
    page.wait_for_selector(tab.role("race-table"))
    yield "race", ".race-stage", "b "
    tab.click("race-close")
    tab.click("cures")
    tab.click("maps")
    page.wait_for_selector(tab.role("maps-picture"))
    yield "maps", tab.role("maps-picture"), "rate"
    page.keyboard.press("Escape")


def heard_at(tab: Tab, part: str) -> str:
    """What is said while arrow keys go through a picture; once more where its curve is still on its way."""
    heard = ""
    for _ in range(8):
        for key in ARROWS:
            tab.page.keyboard.press(key)
        tab.page.wait_for_timeout(1150)
        heard = " ".join(tab.page.evaluate("heard"))
        if part in heard.lower() and heard.strip():
            break
    return heard


@pytest.mark.long
def test_every_picture_has_a_name_a_role_and_keys_that_read_it(tab: Tab, server: Backscope) -> None:
    page = tab.page
    seen, wrong = set(), []
    for state, selector, part in pictures(tab, server):
        if selector == ".boundary-probe":
            page.keyboard.press("Enter")
        page.wait_for_selector(f"{selector}:visible")
        page.focus(selector)
        page.evaluate("() => { taken.clear(); heard.length = 0; }")
        heard = heard_at(tab, part)
        words = page.eval_on_selector(selector, NAMED)
        seen.add(page.eval_on_selector(selector, "picture => picture.dataset.i18nKeys"))
        where = f"{state}: {selector}"
        if not all(words.values()):
            wrong.append(f"{where} lacks a name, a role or a description: {words}")
        if not page.evaluate("[...taken].some(key => key.startsWith('Arrow'))") and "probe" not in selector:
            wrong.append(f"{where} takes no arrow key")
        if part not in heard.lower() or not heard.strip():
            wrong.append(f"{where} says {heard!r}, without {part!r}")
        nameless = page.eval_on_selector_all(
            PICTURES,
            "all => all.filter(one => one.checkVisibility() && !one.dataset.i18nKeys).map(one => one.className)",
        )
        wrong += [f"{state}: {name} says nothing of its keys" for name in nameless]
    assert not wrong, "\n".join(wrong)
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    page.wait_for_selector('[data-part="meanings"][open]')
    listed = set(
        page.eval_on_selector_all("[data-meaning^=keys-]", "all => all.map(one => one.dataset.meaning.slice(5))")
    )
    assert seen <= listed
    assert tab.said == []


def test_cells_of_a_table_are_walked_by_arrow_keys(opened: Tab) -> None:
    page = opened.page
    opened.click("cures")
    opened.click("depthmap")
    first = '.depthmap-table[data-kind="none"] .depthmap-cell[tabindex="0"]'
    page.wait_for_selector(f"{first}:enabled")
    page.focus(first)
    name = "document.activeElement.getAttribute('aria-label').split(':')[0]"
    told = [page.evaluate(name)]
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"):
        page.keyboard.press(key)
        told.append(page.evaluate(name))
    assert len(set(told[:4])) == 4
    assert told[4] == told[0]
    assert page.locator('.depthmap-table[data-kind="none"] .depthmap-cell[tabindex="0"]').count() == 1


#: Leave what is open, and go to a weight and into its inspector, faster than any frame is painted.
BURST = """() => {
  const press = (key, shiftKey = false) => document.activeElement.dispatchEvent(
    new KeyboardEvent("keydown", {key, shiftKey, bubbles: true, cancelable: true}));
  press("Escape");
  press("Tab"); // which the browser would take for going elsewhere
  document.activeElement.blur();
  document.querySelector(".network-stage").focus();
  ["ArrowRight", "ArrowRight"].forEach(key => press(key));
  press("ArrowLeft", true);
  press("Enter");
}"""


def test_a_key_meets_the_page_as_the_key_before_it_left_it(opened: Tab) -> None:
    page = opened.page
    reached = []
    for role, there in (
        (None, ".network-stage"),
        ("microscope", '[data-part="microscope"][data-phase="input:0"]'),
        ("laboratory", f"{opened.role('laboratory-close')}:visible"),
    ):
        if role:
            opened.click(role)
            page.mouse.move(2, 2)  # else its explanation may open meanwhile, and be what Escape closes
        page.wait_for_selector(there)
        page.evaluate(BURST)
        page.wait_for_selector(".inspector[data-step]")
        assert role is None or not page.is_visible(there)
        reached.append(page.text_content(".inspector-title"))
        page.evaluate(BURST)  # out of the inspector, and into it again
        page.wait_for_selector(".inspector[data-step]")
        reached.append(page.text_content(".inspector-title"))
        opened.click("inspector-close")
    assert reached == [reached[0]] * 6
    assert "from input" in (reached[0] or "")
