"""The chain rule on a graph: formulas are typed, walked, dragged, checked, and told where they are wrong."""

import math

from driver import Tab
from playwright.sync_api import expect

NODE = '.graph-node[data-node="{}"]'


def numbers(tab: Tab, name: str) -> list[str]:
    return [
        tab.page.locator(f"{NODE.format(name)} .graph-{what}").text_content() or "" for what in ("value", "derivative")
    ]


def test_a_formula_is_typed_walked_dragged_and_checked(opened: Tab) -> None:
    page = opened.page
    page.keyboard.press("?")
    opened.click("meanings-graph")
    expect(page.locator(NODE.format("C"))).to_be_visible()  # of the run's own sample
    assert page.input_value(opened.role("graph-text")).startswith("z1_1 = w1_11·x1")

    page.select_option(opened.role("graph-example"), "neuron")
    a = 1 / (1 + math.exp(-1.5))
    back = 2 * a * a * (1 - a)
    expect(page.locator(f"{NODE.format('w')} .graph-derivative")).to_have_text(f"∂ {back:.4f}")
    assert numbers(opened, "C") == [f"{a * a:.4f}", "∂ 1"]

    opened.click("graph-first")
    assert numbers(opened, "C") == ["·", ""]
    for _ in range(5):
        opened.click("graph-step")  # v1 = w·x, v2 = v1 + b, v3 = σ(v2), v4 = v3 − y, C
    assert numbers(opened, "C") == [f"{a * a:.4f}", ""]
    opened.click("graph-step")
    opened.click("graph-step")
    assert numbers(opened, "v4") == [f"{a:.4f}", f"∂ {2 * a:.3f}"]
    opened.click("graph-last")

    page.fill(opened.role("graph-value-w"), "0")
    a = 1 / (1 + math.exp(-0.9))
    expect(page.locator(f"{NODE.format('w')} .graph-derivative")).to_have_text(f"∂ {2 * a * a * (1 - a):.4f}")
    page.locator(NODE.format("C")).focus()
    for _ in range(8):  # from the last node to the first, by keys
        page.keyboard.press("ArrowLeft")
    expect(page.locator(NODE.format("w"))).to_be_focused()
    expect(page.locator(opened.role("graph-lines"))).to_contain_text("∂C")
    opened.click("graph-check")
    expect(page.locator(opened.role("graph-verdict"))).to_contain_text("They agree.")
    page.locator(f"{opened.role('graph-table')} summary").click()
    expect(page.locator(f"{opened.role('graph-table')} tbody tr")).to_have_count(9)

    page.fill(opened.role("graph-text"), "C = (w·x")
    expect(page.locator(opened.role("graph-fault"))).to_have_text("Column 5: this bracket is never closed.")
    page.fill(opened.role("graph-text"), "C = max(w, x)")
    expect(page.locator(opened.role("graph-fault"))).to_have_text("")
    page.keyboard.press("Escape")
    page.wait_for_selector(".graph-window", state="hidden")
    assert not opened.said
