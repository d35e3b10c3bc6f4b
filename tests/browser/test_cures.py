"""Cures in the browser: the deep sigmoid net that does not learn, and what two buttons make of it."""

import pytest
from driver import Backscope, Tab, value_of


def figure(tab: Tab, name: str) -> float:
    """A number of the table."""
    return value_of(tab.text(name).rstrip("%"))


def train_to(tab: Tab, steps: int) -> None:
    """Train fast, the last steps slowly, and stand still soon after so many."""
    tab.choose("speed", "300")
    tab.play()
    tab.until(lambda: tab.step() >= steps - 150, 60, f"nearly {steps} steps")
    tab.choose("speed", "60")
    tab.train(steps, 60)


@pytest.mark.long
def test_a_deep_sigmoid_net_is_cured_by_relu_he_and_adam(tab: Tab, server: Backscope) -> None:
    tab.open(server.url, "lang=en&theme=light&preset=deep_sigmoid")
    tab.click("cures")
    train_to(tab, 500)
    ratio = tab.page.evaluate("document.querySelector('[data-role=\"now-first\"]').textContent")
    assert ratio != "–"
    tab.click("cure-relu_he")
    tab.until(lambda: tab.step() == 0, what="a new beginning")
    tab.page.wait_for_selector('[data-role="cure-relu_he"][aria-pressed="true"]')
    tab.click("cure-adam")
    tab.page.wait_for_selector('[data-role="cure-adam"][aria-pressed="true"]')
    assert float(tab.page.input_value(tab.role("learning-rate"))) == 0.003
    train_to(tab, 500)
    tab.until(lambda: "500" in tab.page.inner_text(".cures-table thead") or tab.step() > 500)
    tab.until(lambda: figure(tab, "now-accuracy") > 80, what="what 500 steps with the cures have reached")
    assert figure(tab, "before-first") < 1e-6 * figure(tab, "before-last")
    assert 0.1 < figure(tab, "before-factor") < 0.35
    assert 0.5 < figure(tab, "now-factor") < 2
    assert figure(tab, "now-accuracy") > 80 > 30 > figure(tab, "before-accuracy")
    assert figure(tab, "now-loss") < 0.8 < figure(tab, "before-loss")
    assert tab.page.get_attribute(tab.role("now-factor"), "data-better") == "yes"
    assert "ReLU + He, Adam" in tab.page.inner_text(".cures-taken")
    tab.page.keyboard.press("Escape")
    assert tab.said == []


CHIPS = ".lane-chip"


def optimizer_of(tab: Tab, lane: int) -> str:
    """What the page says of the optimizer while it shows a lane."""
    tab.page.click(f'{CHIPS}[data-lane="{lane}"] .lane-focus')
    tab.page.wait_for_selector(f'{CHIPS}[data-lane="{lane}"] [aria-pressed="true"]')
    return tab.page.input_value(tab.role("optimizer"))


def test_cures_gather_in_one_lane_beside_the_run_at_the_same_step(tab: Tab, server: Backscope) -> None:
    tab.open(server.url, "lang=en&theme=light&preset=deep_sigmoid")
    tab.train(20, 60)
    here = tab.step()
    tab.click("cures")
    tab.click("cure-adam")
    tab.page.wait_for_selector('[data-role="cure-adam"][aria-pressed="true"]')
    assert tab.step() == here, "what acts at once begins from here"
    tab.train(here + 10, 60)
    assert (optimizer_of(tab, 0), optimizer_of(tab, 1)) == ("sgd", "adam")
    tab.click("cure-batch")
    tab.until(lambda: tab.step() == 0, what="both begin anew")
    tab.until(lambda: "Batch norm, Adam" in tab.page.inner_text(".cures-taken"))
    assert "Press play" in tab.text("cures-hint")
    assert tab.page.locator(CHIPS).count() == 2, "a second cure changes the lane that has the first"
    tab.train(15, 60)
    tab.until(lambda: tab.page.inner_text(".cures-table thead").count(f"step {tab.step()}") == 2, what="the same step")
    assert figure(tab, "now-loss") < 0.9 * figure(tab, "before-loss")
    tab.page.reload()
    tab.wait_ready()
    tab.click("cures")
    tab.until(lambda: "Batch norm, Adam" in tab.page.inner_text(".cures-taken"), what="the comparison comes back")
    tab.click("cures-keep")
    tab.until(lambda: not tab.page.locator(CHIPS).first.is_visible(), what="the cured run alone")
    assert tab.page.input_value(tab.role("optimizer")) == "adam"
    assert tab.said == []


@pytest.mark.long
def test_a_run_that_diverges_stands_beside_the_one_whose_gradient_is_clipped(tab: Tab, server: Backscope) -> None:
    tab.open(server.url, "lang=en&theme=light&preset=deep_linear")
    tab.click("play")  # it plays for two steps only: too short to be waited for
    tab.page.wait_for_selector(".notice:visible")
    tab.click("cures")
    tab.click("cure-clip")
    tab.until(lambda: tab.step() == 0 and tab.page.locator(CHIPS).count() == 2, what="both at step 0")
    tab.train(200)  # the clipped run goes on
    tab.until(lambda: "diverged at step" in tab.page.inner_text(".cures-table thead th:nth-child(2)"))
    assert figure(tab, "now-loss") < 0.2
    tab.click("cure-clip")
    tab.until(lambda: not tab.page.locator(CHIPS).first.is_visible(), what="without a cure there is one run")
    tab.until(lambda: "No cure taken yet" in tab.page.inner_text(".cures-taken"))
    assert tab.said == []


def test_a_cell_of_the_map_opens_its_net_and_the_map_can_be_cancelled(tab: Tab, server: Backscope) -> None:
    tab.open(server.url, "lang=en&theme=light&preset=deep_sigmoid")
    tab.click("cures")
    tab.click("depthmap")
    first = '.depthmap-table[data-kind="{}"] tbody tr:nth-child(1) td:nth-child(5) button'
    plain, normalized = (tab.page.locator(first.format(kind)) for kind in ("none", "batch"))
    tab.until(lambda: normalized.inner_text() != "", what="the first row of both maps")
    tab.click("depthmap-run")
    tab.page.wait_for_selector(".depthmap progress.idle", state="attached")
    assert tab.text("depthmap-run") == "Compute again"
    assert plain.inner_text().startswith("−0.")
    last = tab.page.locator('.depthmap-table[data-kind="none"] tbody tr:last-child td:last-child button')
    assert last.inner_text() == ""
    normalized.click()
    tab.page.wait_for_selector(".depthmap-cell.here >> nth=0")
    assert "2 layers of 16" in tab.text("depthmap-told")
    tab.page.keyboard.press("Escape")
    tab.page.wait_for_selector(".depthmap-window", state="hidden")
    tab.until(lambda: tab.page.locator(".network-group").count() == 2, what="the net of the cell")
    assert tab.said == []
