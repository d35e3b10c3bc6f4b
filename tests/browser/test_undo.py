"""Nothing that a hand does is lost, Space plays after any press, and Escape closes the topmost of all that opens."""

import pytest
from driver import Tab

#: All that lies above the page: what opens it, and how it is known to be there.
OPENS = {
    "settings": ('[data-role="settings"]', 'dialog[data-part="settings"][open]'),
    "cures": ('[data-role="cures"]', 'dialog[data-part="cures"][open]'),
    "upload": ('[data-role="upload-open"]', 'dialog[data-part="upload"][open]'),
    "microscope": ('[data-role="microscope"]', ".panel-microscope:not([hidden])"),
    "laboratory": ('[data-role="laboratory"]', ".panel-lab:not([hidden])"),
}


@pytest.mark.long
def test_a_layer_that_was_removed_comes_back_with_its_run(opened: Tab) -> None:
    page = opened.page
    opened.train(60)
    step, loss = opened.step(), opened.text("loss")

    def preset() -> tuple[str, str]:
        chosen = page.locator(opened.role("preset")).locator("option:checked")
        return chosen.get_attribute("value") or "", chosen.inner_text()

    assert preset() == ("circle", "Circle")
    opened.choose("preset", "xor")
    opened.until(lambda: opened.step() == 0)
    assert preset() == ("xor", "XOR")
    assert "XOR" in (page.get_attribute(opened.role("undo"), "data-tip") or "")
    page.keyboard.press("Control+z")
    opened.until(lambda: opened.step() == step and opened.text("loss") == loss)
    assert page.is_disabled(opened.role("undo"))
    assert preset() == ("circle", "Circle")
    opened.set_rate("0.07")
    opened.until(lambda: preset() == ("", "Circle (changed)"))
    page.reload()
    opened.wait_ready()
    opened.until(lambda: preset() == ("", "Circle (changed)"))
    page.keyboard.press("Control+z")
    opened.until(lambda: preset() == ("circle", "Circle"))
    opened.choose("preset", "xor")
    opened.until(lambda: opened.step() == 0)
    page.keyboard.press("Control+z")
    opened.until(lambda: opened.step() == step)
    opened.click("redo")
    opened.until(lambda: opened.step() == 0)
    focused = "document.activeElement.dataset.role"
    opened.until(lambda: page.evaluate(focused) == "undo", what="the neighbour of what rests has the focus")
    page.keyboard.press("Control+z")
    opened.until(lambda: opened.step() == step)
    page.keyboard.press("Control+y")
    opened.until(lambda: opened.step() == 0)


@pytest.mark.long
@pytest.mark.parametrize("place", range(3))
def test_a_layer_that_was_added_goes_again_wherever_it_was(opened: Tab, place: int) -> None:
    """The focus stays on the button that was pressed: in a field, Ctrl+Z would be the field's own."""
    opened.train(20)
    step, loss = opened.step(), opened.text("loss")
    opened.page.click(f".network-add >> nth={place}")
    opened.until(lambda: opened.step() == 0 and opened.text("loss") != loss)
    opened.page.wait_for_timeout(300)
    assert opened.page.evaluate("document.activeElement.matches('.network-add')")
    opened.page.keyboard.press("Control+z")
    opened.until(lambda: opened.step() == step and opened.text("loss") == loss)


def test_a_drag_of_the_rate_is_undone_in_one_go(opened: Tab) -> None:
    page = opened.page
    before = page.input_value(opened.role("learning-rate"))
    opened.play()
    box = page.locator(opened.role("learning-rate-slider")).bounding_box()
    assert box is not None
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.5, y)
    page.mouse.down()
    for k in range(12):
        page.mouse.move(box["x"] + box["width"] * (0.5 - 0.01 * k), y)
        page.wait_for_timeout(700 if k == 6 else 60)
    page.mouse.up()
    opened.pause()
    assert page.input_value(opened.role("learning-rate")) != before
    page.keyboard.press("Control+z")
    opened.until(lambda: page.input_value(opened.role("learning-rate")) == before)
    opened.until(lambda: page.is_disabled(opened.role("undo")))


def test_space_plays_after_a_press_and_a_control_reached_by_keys_keeps_it(opened: Tab) -> None:
    page = opened.page
    playing = opened.role("play") + '[aria-pressed="true"]'
    page.click(".thumbnails button >> nth=1")
    opened.wait_ready()
    page.keyboard.press("Space")
    page.wait_for_selector(playing)
    opened.pause()
    page.focus(opened.role("step"))
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    step = opened.step()
    page.keyboard.press("Space")
    opened.until(lambda: opened.step() == step + 1)
    assert page.locator(playing).count() == 0


@pytest.mark.long
def test_keys_can_be_switched_off_for_good(opened: Tab) -> None:
    page = opened.page
    page.click('[data-role="settings"]')
    page.uncheck(opened.role("shortcuts"))
    page.keyboard.press("Escape")
    for _ in range(2):
        page.click("h1")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Space")
        page.wait_for_timeout(200)
        assert opened.step() == 0
        page.reload()
        opened.wait_ready()


@pytest.mark.long
def test_escape_closes_what_was_opened_and_the_focus_returns(opened: Tab) -> None:
    page = opened.page
    opened.train(5)
    for name, (opener, shown) in OPENS.items():
        page.focus(opener)
        page.keyboard.press("Enter")
        page.wait_for_selector(shown)
        page.wait_for_timeout(150)
        page.evaluate("document.activeElement.blur()")  # as after a press of what then rests
        page.keyboard.press("Escape")
        page.wait_for_selector(shown, state="detached")
        page.wait_for_timeout(150)
        assert page.evaluate("selector => document.activeElement.matches(selector)", opener), name
        assert page.locator(opened.role("play")).is_enabled(), name
    page.click(opened.role("lane-add"))
    page.click('[data-role="lane-menu"] button[data-shapes] >> nth=0')
    page.wait_for_selector(opened.role("race"))
    page.focus(opened.role("race"))
    page.keyboard.press("Enter")
    page.wait_for_selector(".panel-race:not([hidden])")
    page.wait_for_timeout(150)
    page.keyboard.press("Escape")
    page.wait_for_selector(".panel-race:not([hidden])", state="detached")


@pytest.mark.long
def test_escape_closes_the_newest_first(opened: Tab) -> None:
    page = opened.page
    opened.train(5)
    page.click(OPENS["laboratory"][0])
    page.wait_for_selector(OPENS["laboratory"][1])
    page.click(OPENS["settings"][0])
    page.wait_for_selector(OPENS["settings"][1])
    page.wait_for_timeout(150)
    page.keyboard.press("Escape")
    page.wait_for_selector(OPENS["settings"][1], state="detached")
    assert page.locator(OPENS["laboratory"][1]).count() == 1
    page.keyboard.press("Escape")
    page.wait_for_selector(OPENS["laboratory"][1], state="detached")


def test_a_run_that_was_left_is_one_press_away(opened: Tab) -> None:
    page = opened.page
    ghost = opened.role("ghost")
    assert page.is_hidden(ghost)
    opened.train(60)
    step, loss = opened.step(), opened.text("loss")
    page.click(".thumbnails button >> nth=1")
    page.wait_for_selector(ghost)
    opened.train(10)
    assert f"step {step}" in (page.text_content(ghost) or "")
    assert page.get_attribute(ghost, "data-tip")
    page.focus(ghost)
    page.keyboard.press("Enter")
    opened.until(lambda: opened.step() == step and opened.text("loss") == loss)
    page.wait_for_selector(ghost, state="hidden")
    assert page.evaluate("document.activeElement !== document.body")
