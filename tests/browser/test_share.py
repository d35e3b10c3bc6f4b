"""The run taken away: the dialog, and the files that the browser saves."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from driver import Backscope, Tab


def test_each_form_is_saved_and_the_script_prints_the_loss_of_the_page(opened: Tab, tmp_path: Path) -> None:
    page = opened.page
    opened.edited_run()
    opened.click("share")
    page.wait_for_selector(opened.role("share-step") + ':has-text("step 4")')
    assert "only here" in opened.text("share-here")
    forms = page.eval_on_selector_all("[data-role^=take-]", "all => all.map(one => one.dataset.role)")
    files = {}
    for role in forms:
        with page.expect_download() as saved:
            opened.click(role)
        files[role] = tmp_path / saved.value.suggested_filename
        saved.value.save_as(files[role])
        assert files[role].name.startswith("backscope-circle-step-4")
        assert files[role].stat().st_size > 40
    done = subprocess.run(
        [sys.executable, "-I", files["take-numpy"]], capture_output=True, text=True, check=True, timeout=60
    )
    loss = float(done.stdout.splitlines()[-1].split()[-1])
    assert loss == pytest.approx(float(opened.text("loss")), rel=6e-4)
    json.loads(files["take-notebook"].read_text("utf-8"))
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.role") == "share"


@pytest.mark.long
def test_a_function_offers_its_numbers_but_no_script(opened: Tab) -> None:
    opened.page.select_option(opened.role("preset"), "bowl")
    opened.until(lambda: opened.page.evaluate("document.documentElement.dataset.problem") == "landscape")
    opened.click("share")
    opened.page.wait_for_selector(opened.role("take-losses_csv") + ":enabled")
    assert opened.page.is_disabled(opened.role("take-numpy"))


def test_a_link_of_tensorflow_playground_opens_here(tab: Tab, server: Backscope) -> None:
    tab.page.goto(server.url + "?lang=en#activation=relu&dataset=xor&networkShape=5&learningRate=0.1&sinX=true")
    tab.wait_ready()
    tab.page.wait_for_selector('.toast:has-text("TensorFlow Playground")')
    assert tab.page.input_value(tab.role("dataset")) == "xor"
    assert tab.page.input_value(tab.role("learning-rate")) == "0.1"
    tab.click("step")
    tab.until(lambda: tab.step() == 1)
    tab.click("share")
    tab.page.fill(tab.role("share-open"), "https://example.org/#nothing")
    tab.click("share-open-link")
    tab.page.wait_for_selector(tab.role("share-open-told") + ':has-text("carries no run")')
    tab.page.fill(tab.role("share-open"), "https://playground.tensorflow.org/#dataset=spiral&networkShape=8")
    with tab.page.context.expect_page() as opened:
        tab.click("share-open-link")
    other = Tab(opened.value)
    other.wait_ready()
    assert other.page.input_value(other.role("dataset")) == "spiral"
    assert tab.page.input_value(tab.role("dataset")) == "xor"


def test_weights_that_were_saved_are_brought_in_again(opened: Tab, tmp_path: Path) -> None:
    page = opened.page
    opened.train(20)
    opened.click("share")
    page.wait_for_selector(opened.role("take-parameters_npz") + ":enabled")
    with page.expect_download() as saved:
        opened.click("take-parameters_npz")
    file = tmp_path / "weights.npz"
    saved.value.save_as(file)
    loss = opened.text("loss")
    opened.click("weights-use")
    page.wait_for_selector(opened.role("weights-told") + ':has-text("Choose a file")')
    page.set_input_files(opened.role("weights-file"), file)
    opened.click("weights-use")
    page.wait_for_selector(opened.role("weights-told") + ':has-text("2-6-3-1")')
    opened.until(lambda: opened.step() == 0 and opened.text("loss") == loss)
    page.fill(opened.role("weights-text"), "OrderedDict([('0.weight', tensor([[1.0, ..., 2.0]]))])")
    opened.click("weights-use")
    page.wait_for_selector(opened.role("weights-told") + ':has-text("cut when it was printed")')
