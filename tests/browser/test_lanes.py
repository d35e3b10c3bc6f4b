"""Runs side by side: added in two clicks, in step with each other, raced, promoted, and apart when one diverges."""

import pytest
from driver import Tab

CHIPS = ".lane-chip"


def add(tab: Tab, group: str, label: str) -> None:
    """Two clicks: the same as the lane in focus, but for this."""
    count = max(1, tab.page.locator(CHIPS).count())
    tab.click("lane-add")
    tab.page.click(f'[data-group="{group}"] .lane-choice >> text="{label}"')
    tab.page.wait_for_selector(f"{tab.role('lane-menu')}", state="hidden")
    tab.until(lambda: tab.page.locator(CHIPS).count() == count + 1, what="a new chip")


def names(tab: Tab) -> list[str]:
    return tab.page.locator(f"{CHIPS} .lane-name").all_text_contents()


def cells(tab: Tab, lane: int) -> list[str]:
    """Of a lane in the race: training and test loss, accuracies, steps to the target."""
    row = tab.page.locator(f'{tab.role("race-table")} tr[data-lane="{lane}"] td')
    return [text.strip() for text in row.all_text_contents()][:5]


def lost(tab: Tab, lane: int) -> float:
    try:
        return float(cells(tab, lane)[0])
    except (IndexError, ValueError):  # no row yet, or no number in it
        return float("nan")


def test_one_lane_shows_one_button_and_nothing_more(opened: Tab) -> None:
    assert opened.page.locator(opened.role("lane-add")).is_visible()
    assert not opened.page.locator(opened.role("race")).is_visible()
    assert not opened.page.locator(CHIPS).first.is_visible()
    assert not opened.page.locator(".panel-race").is_visible()


def test_a_lane_is_added_in_two_clicks_and_runs_in_step(opened: Tab) -> None:
    page = opened.page
    opened.train(40)
    step, loss = opened.step(), opened.number("loss")
    add(opened, "optimizer", "Adam")
    assert names(opened)[1] == "Adam, η 0.01"  # the rate that suits it, and it says so
    assert names(opened)[0].startswith("SGD")
    opened.click("race")
    opened.until(lambda: lost(opened, 1) > 0, what="the new lane has caught up")
    assert opened.step() == step
    assert abs(lost(opened, 0) - loss) < 6e-4
    assert abs(lost(opened, 1) - loss) > 1e-3
    opened.train(step + 60)
    both = opened.step()
    page.click(f"{CHIPS} .lane-focus >> nth=1")
    page.wait_for_selector(f'{CHIPS}[data-lane="1"] [aria-pressed="true"]')
    opened.until(lambda: abs(opened.number("loss") - lost(opened, 1)) < 6e-4, what="the page shows the other lane")
    assert opened.step() == both
    assert page.input_value(opened.role("optimizer")) == "adam"
    opened.click("step-back")
    opened.until(lambda: opened.step() == both - 1)
    page.wait_for_timeout(200)
    page.click(f"{CHIPS} .lane-focus >> nth=0")
    page.wait_for_selector(f'{CHIPS}[data-lane="0"] [aria-pressed="true"]')
    assert opened.settle() == both - 1
    assert opened.said == []


@pytest.mark.long
def test_the_same_from_the_start_is_the_same_to_the_last_digit(opened: Tab) -> None:
    """Lockstep: a lane of another rate that is given the first one's at step 0 has the first one's losses."""
    page = opened.page
    add(opened, "learning_rate", "0.15")
    page.click(f"{CHIPS} .lane-focus >> nth=1")
    page.wait_for_selector(f'{CHIPS}[data-lane="1"] [aria-pressed="true"]')
    opened.set_rate("0.5")
    opened.until(lambda: names(opened)[1] == "the same settings", what="the lanes agree")
    opened.click("race")
    opened.train(50)
    opened.until(lambda: cells(opened, 0)[:4] == cells(opened, 1)[:4], what="lanes that differ in nothing agree")
    assert opened.said == []


@pytest.mark.long
def test_a_name_in_the_bar_is_whole_or_not_there(opened: Tab) -> None:
    page = opened.page
    for rule in ("Momentum", "RMSprop", "Adam"):
        add(opened, "optimizer", rule)
        for width in (1920, 1366, 1101, 800):
            page.set_viewport_size({"width": width, "height": 768})
            opened.until(
                lambda: page.evaluate("""() => {
                    const strip = document.querySelector(".lane-strip");
                    const shown = [...strip.querySelectorAll(".lane-name:not(.spoken)")];
                    return shown.every(e => e.scrollWidth <= e.clientWidth + 1)
                        && (strip.scrollWidth <= strip.clientWidth || !shown.length);
                }"""),
                what=f"names fit at {width}",
            )
        page.set_viewport_size({"width": 1920, "height": 768})
        opened.until(lambda: page.locator(".lane-name:not(.spoken)").count() >= 2, what="there is room again")


def test_another_rule_comes_with_a_rate_that_suits_it_or_with_the_same(opened: Tab) -> None:
    page = opened.page
    at_once = page.evaluate("""() => {
        const rate = document.querySelector('[data-role="learning-rate"]');
        rate.value = "3";
        rate.dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", bubbles: true}));
        document.querySelector('[data-role="lane-add"]').click();
        return document.querySelector('[data-choice="optimizer Momentum"] small').textContent;
    }""")
    assert at_once == "η 0.15"
    page.fill(opened.role("lane-rate"), "0.7")
    opened.until(lambda: "0.9" in page.inner_text('[data-choice="optimizer Momentum"]'), what="the menu follows")
    assert "0.01" in page.inner_text('[data-choice="optimizer Adam"]')
    assert page.input_value(opened.role("lane-rate")) == "0.7"
    page.click('[data-rates="same"]')
    assert page.inner_text('[data-choice="optimizer Adam"]').strip() == "Adam"
    page.click('[data-choice="optimizer RMSprop"]')
    opened.until(lambda: page.locator(CHIPS).count() == 2)
    assert names(opened)[1] == "RMSprop"
    opened.click("lane-add")
    page.click('[data-rates="suiting"]')
    page.click('[data-choice="optimizer Adam"]')
    opened.until(lambda: page.locator(CHIPS).count() == 3)
    assert names(opened)[2] == "Adam, η 0.01"
    assert opened.said == []


def test_only_the_lane_that_diverges_stops(opened: Tab) -> None:
    page = opened.page
    opened.choose("dataset", "plane")
    page.wait_for_timeout(300)
    opened.until(lambda: opened.step() == 0)
    opened.click("lane-add")
    page.fill(opened.role("lane-rate"), "90")
    page.press(opened.role("lane-rate"), "Enter")
    opened.until(lambda: page.locator(CHIPS).count() == 2)
    opened.click("race")
    opened.train(120)  # the other lane goes on
    opened.until(lambda: "diverged at step" in cells(opened, 1)[4], what="the table says who diverged, and where")
    assert page.locator(f'{CHIPS}[data-lane="1"]').get_attribute("data-kind") == "diverged"
    assert page.locator(f'{CHIPS}[data-lane="0"]').get_attribute("data-kind") != "diverged"
    assert not page.locator(".notice").is_visible()
    assert lost(opened, 0) < 1e3


def test_target_promotion_and_removal(opened: Tab) -> None:
    page = opened.page
    add(opened, "learning_rate", "0.05")
    add(opened, "activation", "ReLU")
    opened.click("race")
    opened.train(150)
    page.fill(opened.role("race-target"), "0.6")
    page.press(opened.role("race-target"), "Enter")
    assert "0.6" in page.inner_text(f"{opened.role('race-table')} thead")
    opened.until(lambda: cells(opened, 0)[4] not in ("", "not yet"), what="the step at which the target was met")
    opened.until(lambda: "≤" not in cells(opened, 0)[4], what="the first step, found on the way taken once more")
    assert 0 < int(cells(opened, 0)[4].replace(",", "")) <= opened.step()
    stage = page.locator(".race-stage").bounding_box()
    assert stage is not None
    page.mouse.click(stage["x"] + stage["width"] / 2, stage["y"] + 30)
    dragged = float(page.input_value(opened.role("race-target")))
    assert dragged > 0.6
    page.click(f'{opened.role("race-table")} tr[data-lane="1"] [data-act="remove"]')
    opened.until(lambda: page.locator(CHIPS).count() == 2)
    assert [page.locator(CHIPS).nth(k).get_attribute("data-lane") for k in (0, 1)] == ["0", "2"]
    page.click(f'{CHIPS}[data-lane="2"] .lane-focus')
    page.wait_for_selector(f'{CHIPS}[data-lane="2"] [aria-pressed="true"]')
    opened.until(lambda: abs(opened.number("loss") - lost(opened, 2)) < 6e-4)
    loss = opened.number("loss")
    opened.click("lane-more")
    opened.click("lane-keep")
    opened.until(lambda: not page.locator(opened.role("lanes")).is_visible(), what="one lane alone")
    assert page.input_value(opened.role("activation")) == "relu"
    assert abs(opened.number("loss") - loss) < 6e-4
    assert page.locator(".panel-network").is_visible()
    assert opened.said == []


def test_lanes_come_back_after_a_reload(opened: Tab) -> None:
    add(opened, "learning_rate", "5")
    opened.click("step")
    opened.until(lambda: opened.step() == 1)
    opened.page.reload()
    opened.wait_ready()
    opened.until(lambda: opened.page.locator(CHIPS).count() == 2)
    assert names(opened)[1] == "η 5"
    assert opened.step() == 1


def test_gradients_of_all_lanes_stand_in_one_panel(opened: Tab) -> None:
    """Marks in the lanes' colours, letters in the legend, numbers in the readout; none for a net of another depth."""
    page = opened.page
    add(opened, "activation", "Sigmoid")
    opened.click("lane-add")
    page.click('[data-choice="architecture 2-6-1"]')
    opened.until(lambda: page.locator(CHIPS).count() == 3)
    opened.click("step")
    opened.until(lambda: opened.step() == 1)
    letters = page.locator(".gradients-lanes .lane-badge")
    opened.until(lambda: letters.all_text_contents() == ["B"], what="the lane with as many layers is in the legend")
    page.hover(f"{opened.role('gradients')} .plot-stage", position={"x": 200, "y": 50})
    tip = page.locator(f"{opened.role('gradients')} .plot-tip")
    opened.until(lambda: "\nB:" in (tip.text_content() or ""))
    painted = """sheet => {
      const badge = getComputedStyle(document.querySelector('.lane-badge[data-lane="1"]'));
      const [r, g, b] = badge.backgroundColor.match(/\\d+/g).map(Number);
      const {data} = sheet.getContext("2d").getImageData(0, 0, sheet.width, sheet.height);
      let count = 0;
      const far = (k, colour) => Math.abs(data[k] - colour);
      for (let k = 0; k < data.length; k += 4) count += far(k, r) + far(k + 1, g) + far(k + 2, b) < 12;
      return count;
    }"""
    sheet = page.locator(f"{opened.role('gradients')} canvas").first
    assert sheet.evaluate(painted) > 10
    page.click(f'{CHIPS}[data-lane="2"] .lane-focus')
    opened.until(lambda: letters.count() == 0, what="no lane has as many layers as the one in focus")
    assert opened.said == []
