"""A field for a number says in words what is wrong with an entry, and has its last good value back when left."""

import pytest
from driver import Backscope, Tab

FIELDS = 'input[inputmode="decimal"]:visible:enabled'


def check_all_fields(tab: Tab) -> int:
    """Give every field in sight bad entries; return how many there were."""
    fields = tab.page.locator(FIELDS)
    count = fields.count()
    for k in range(count):
        field = fields.nth(k)
        before = field.input_value()
        for bad, said in (("abc", "“abc” is not a number"), ("1e999", "“1e999” is not a number")):
            field.fill(bad)
            field.press("Enter")
            tab.page.wait_for_selector(f'.toast:has-text("{said}")')
            assert field.get_attribute("aria-invalid") == "true"
            tab.page.focus(tab.role("play"))
            tab.until(lambda field=field, before=before: field.input_value() == before, what=f"{before} in its field")
            assert field.get_attribute("aria-invalid") is None
    return count


def test_every_field_says_what_is_wrong_and_has_its_last_good_value_back(tab: Tab, server: Backscope) -> None:
    tab.open(server.url, "lang=en&theme=light")
    tab.choose("optimizer", "adam")
    assert check_all_fields(tab) >= 2
    type_neurons(tab)
    rate = tab.page.locator(tab.role("learning-rate"))
    before = rate.input_value()
    for bad, said in (("", "needs a number"), ("1e9", "must lie in [0, 100]")):
        rate.fill(bad)
        rate.blur()
        tab.page.wait_for_selector(f'.toast:has-text("{said}")')
        tab.until(lambda: rate.input_value() == before, what="the rate that it trains with")
    tab.click("settings")
    tab.until(lambda: tab.page.locator(FIELDS).count() >= 6, what="the fields of the settings")
    check_all_fields(tab)
    tab.page.keyboard.press("Escape")
    tab.page.goto(f"{server.url}?lang=en&theme=light&preset=himmelblau")
    tab.wait_ready()
    tab.page.wait_for_selector(tab.role("start-x"))
    assert check_all_fields(tab) >= 3
    assert tab.said == []


def type_neurons(tab: Tab) -> None:
    """The number of a layer's neurons is typed, in words of its own where it is none."""
    count = tab.page.locator(tab.role("layer-neurons")).first
    for bad, said in (
        ("2.5", "“2.5” is not a whole number. It may lie between 1 and 4,096."),
        ("5,000", "out of range"),
    ):
        count.fill(bad)
        count.press("Enter")
        tab.page.wait_for_selector(f'.toast:has-text("{said}")')
    count.fill("1,000")
    count.press("Enter")
    tab.until(lambda: wide(tab) == "1000", what="the number that was typed, while the keys are in it")
    tab.page.focus(tab.role("play"))
    tab.until(lambda: wide(tab) == "1,000 neurons")


def wide(tab: Tab) -> str:
    return tab.page.locator(tab.role("layer-neurons")).first.input_value()


def test_fields_of_inspector_race_and_lanes_say_value_and_range(opened: Tab) -> None:
    page = opened.page
    opened.train(5)
    page.focus(".network-stage")
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowLeft", "Enter"):
        page.keyboard.press(key)
    page.wait_for_selector(f"{opened.role('inspector-value')}:enabled")
    refuse(
        opened,
        "inspector-value",
        {"abc": "“abc” is not a number. It may lie between −10⁶ and 10⁶", "1e7": "got 10,000,000"},
    )
    opened.click("inspector-close")
    opened.click("lane-add")
    refuse(opened, "lane-rate", {"abc": "“abc” is not a number. It may lie between 0 and 100"})
    page.fill(opened.role("lane-rate"), "1e9")
    page.press(opened.role("lane-rate"), "Enter")
    page.wait_for_selector('.toast:has-text("must lie in [0, 100]")')
    assert page.locator(".lane-chip").count() <= 1
    page.keyboard.press("Escape")
    opened.click("lane-add")
    page.click(".lane-menu .lane-choice:enabled >> nth=0")
    opened.until(lambda: page.locator(".lane-chip").count() == 2, what="a second lane")
    opened.click("step")
    opened.click("race")
    page.fill(opened.role("race-target"), "0.5")  # else the page chooses one that follows the lanes
    page.press(opened.role("race-target"), "Enter")
    refuse(opened, "race-target", {"abc": "“abc” is not a number"})
    assert opened.said == []


def refuse(tab: Tab, role: str, entries: dict[str, str]) -> None:
    """Give a field bad entries: it says what, and has what it had before."""
    field = tab.page.locator(tab.role(role))
    before = field.input_value()
    for bad, said in entries.items():
        field.fill(bad)
        field.press("Enter")
        tab.page.wait_for_selector(f'.toast:has-text("{said}")')
        assert field.get_attribute("aria-invalid") == "true"
        field.blur()
        tab.until(lambda: field.input_value() == before, what=f"{before} in {role}")


@pytest.mark.long
def test_the_step_that_a_lane_from_here_begins_at_goes_on_with_the_run(opened: Tab) -> None:
    opened.train(3)
    opened.page.click('[data-role="lane-add"]')
    here = opened.page.locator('[data-start="here"]')
    before = here.inner_text()
    opened.page.evaluate("document.querySelector('[data-role=\"play\"]').click()")
    opened.until(lambda: here.inner_text() != before, what="the step of the run")
