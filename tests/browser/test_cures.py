"""Cures in the browser: the deep sigmoid net that does not learn, and what two buttons make of it."""

import re

from driver import Backscope, Tab


def figure(tab: Tab, name: str) -> float:
    """A number of the table, as people write powers of ten."""
    text = tab.text(name).replace("−", "-").replace(" ", "").rstrip("%")
    found = re.fullmatch(r"([-\d.]+)×10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", text)
    if not found:
        return float(text)
    exponent = found.group(2).translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
    return float(found.group(1)) * 10 ** int(exponent)


def train(tab: Tab, steps: int) -> None:
    """Train until at least so many steps are taken, and stand still."""
    tab.play()
    tab.until(lambda: tab.step() >= steps, 60, f"{steps} steps")
    tab.pause()


def test_a_deep_sigmoid_net_is_cured_by_relu_he_and_adam(tab: Tab, server: Backscope) -> None:
    tab.open(server.url, "lang=en&theme=light&preset=deep_sigmoid")
    tab.choose("speed", "300")
    tab.click("cures")
    train(tab, 500)
    ratio = tab.page.evaluate("document.querySelector('[data-role=\"now-first\"]').textContent")
    assert ratio != "–"
    tab.click("cure-relu_he")
    tab.until(lambda: tab.step() == 0, what="a new beginning")
    tab.page.wait_for_selector('[data-role="cure-relu_he"][aria-pressed="true"]')
    tab.click("cure-adam")
    tab.page.wait_for_selector('[data-role="cure-adam"][aria-pressed="true"]')
    assert float(tab.page.input_value(tab.role("learning-rate"))) == 0.003
    train(tab, 500)
    tab.until(lambda: "500" in tab.page.inner_text(".cures-table thead") or tab.step() > 500)
    tab.page.wait_for_timeout(400)
    assert figure(tab, "before-first") < 1e-6 * figure(tab, "before-last")
    assert 0.1 < figure(tab, "before-factor") < 0.35
    assert 0.7 < figure(tab, "now-factor") < 1.3
    assert figure(tab, "now-accuracy") > 90 > 30 > figure(tab, "before-accuracy")
    assert figure(tab, "now-loss") < 0.5 < figure(tab, "before-loss")
    assert tab.page.get_attribute(tab.role("now-factor"), "data-better") == "yes"
    assert "ReLU + He, Adam" in tab.page.inner_text(".cures-taken")
    tab.page.keyboard.press("Escape")
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
