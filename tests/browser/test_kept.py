"""Runs outlive the server and the page: both begin again, and My runs lists, opens, names, saves and deletes them."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from driver import Backscope, Tab


@pytest.fixture
def keeping(tmp_path: Path) -> Iterator[Backscope]:
    running = Backscope(data_dir=tmp_path).start()
    yield running
    running.stop()


def test_my_runs(tab: Tab, keeping: Backscope, tmp_path: Path) -> None:
    page = tab.open(keeping.url).page
    tab.train(60)
    first, loss = tab.step(), tab.text("loss")
    slow, weight = '[data-part="microscope"]', ("ArrowRight", "ArrowRight", "Shift+ArrowLeft", "Enter")

    def inspect() -> float:
        page.focus(".network-stage")
        for key in weight:
            page.keyboard.press(key)
        page.wait_for_selector(tab.role("inspector-product"))
        number = tab.number("inspector-product")
        tab.click("inspector-close")
        return number

    slope = inspect()
    tab.click("microscope")
    page.wait_for_selector(f"{slow}[data-phase='input:0']")
    keeping.stop(kill=True)  # the server is killed: the page says so, and what it holds can still be looked into
    page.wait_for_selector(".notice[data-kind=lost]:has-text('Nothing answers')")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector(f"{slow}[data-phase='sum:1']")
    page.keyboard.press("Escape")
    tab.click("microscope")
    page.wait_for_selector(f"{slow}[data-phase='input:0']")
    page.keyboard.press("Escape")
    assert inspect() == pytest.approx(slope, rel=2e-3)
    keeping.start()
    page.wait_for_selector(".toast:has-text('Nothing is lost')")
    tab.until(lambda: tab.step() == first and tab.text("loss") == loss)
    keeping.stop(kill=True)  # and once more, and the page is loaded anew
    keeping.start()
    page.reload()
    tab.wait_ready()
    tab.until(lambda: tab.step() == first and tab.text("loss") == loss)

    page.evaluate("sessionStorage.clear()")  # as in another tab
    page.reload()
    tab.wait_ready()
    assert tab.step() == 0
    tab.train(40)
    tab.click("share")
    rows = page.locator(f"{tab.role('runs')} li")
    tab.until(lambda: rows.count() == 2)
    name = rows.nth(1).locator("input")
    name.fill("My first")

    save = rows.nth(1).locator(tab.role("run-save"))
    with page.expect_download() as download:  # the field is left and the name taken while the button is held down
        save.click(delay=150)
    assert save.get_attribute("aria-label") == "Save: My first"
    assert download.value.suggested_filename == "My-first.backscope.json"
    path = tmp_path / "run.backscope.json"
    download.value.save_as(path)
    assert json.loads(path.read_text("utf-8"))["run"]["step"] == first

    rows.nth(1).locator(tab.role("run-open")).click()
    tab.wait_ready()
    tab.until(lambda: tab.step() == first and tab.text("loss") == loss)

    tab.click("share")
    tab.until(lambda: rows.count() == 2)
    other = rows.filter(has=page.locator(tab.role("run-delete")))
    other.locator(tab.role("run-delete")).click()
    other.locator(tab.role("run-delete")).click()
    tab.until(lambda: rows.count() == 1)

    with page.expect_navigation():
        page.set_input_files(tab.role("runs-file"), path)  # a run of its own, at the same step
    tab.wait_ready()
    tab.until(lambda: tab.step() == first and tab.text("loss") == loss)
    tab.click("share")
    tab.until(lambda: rows.count() == 2)
    assert not [line for line in tab.said if "WebSocket" not in line and "ERR_" not in line]
