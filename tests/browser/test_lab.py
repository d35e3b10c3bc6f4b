"""The gradient laboratory in the browser: it says what the core measures, and costs nothing while it is closed."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from backscope.core import Trainer, fitted_factor
from backscope.core.insight.health import SATURATED_NEURON
from backscope.server.wire.presets import PRESETS
from driver import Backscope, Tab, value_of
from playwright.sync_api import WebSocket

DEEP = PRESETS["deep_sigmoid"]

MOVE = """(slider, value) => {
  slider.value = value;
  for (const kind of ["input", "change"]) slider.dispatchEvent(new Event(kind, {bubbles: true}));
}"""


def asked(tab: Tab) -> list[str]:
    """Collect the commands that the page sends about the laboratory from now on."""
    sent: list[str] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", lambda text: sent.append(str(text)) if '"op":"laboratory"' in str(text) else None)

    tab.page.on("websocket", listen)
    return sent


def sentence(tab: Tab) -> str:
    return tab.text("lab-sentence")


def opened(tab: Tab, server: Backscope, preset: str = "deep_sigmoid") -> None:
    tab.open(server.url, f"lang=en&preset={preset}")
    tab.click("laboratory")
    tab.until(lambda: sentence(tab) != "", what="a reading")


def past_in_strip(tab: Tab) -> tuple[int, float, float]:
    """What is said of the output layer at a step of the past, somewhere in the strip."""
    box = tab.page.locator(tab.role("lab-stage")).bounding_box()
    assert box is not None
    said = ""

    def found() -> bool:
        nonlocal said
        for place in range(40, 70, 3):
            tab.page.mouse.move(box["x"] + box["width"] * place / 100, box["y"] + box["height"] - 30)
            said = tab.page.inner_text('[data-part="laboratory"] .plot-tip')
            if re.search(r"step \d+:", said):
                return True
        return False

    tab.until(found, what="a step of the past under the pointer")
    delta, gradient = map(value_of, re.findall(r"[\d.]+×10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+", said))
    return int(re.search(r"step (\d+):", said)[1]), delta, gradient  # type: ignore[index]


def test_the_rows_say_what_the_core_measures_and_what_theory_expects(tab: Tab, server: Backscope) -> None:
    sent = asked(tab)
    tab.open(server.url, "lang=en&preset=deep_sigmoid")
    tab.train(20, 30)
    trainer = tab.twin(DEEP)
    assert not sent, "nothing is asked while the laboratory is closed"
    tab.click("laboratory")
    factor = fitted_factor(trainer.view.laboratory.norms(trainer.theta)[0])
    tab.until(lambda: f"passes on {factor:.2g} of the error" in sentence(tab), what=f"{factor:.2g}")
    expected = trainer.view.expectation().factor
    assert f"Theory expects {expected:.2g} at the start" in tab.page.inner_text(".lab-words small")
    assert json.loads(re.search(r"\{.*\}", sent[0])[0])["op"] == "laboratory"  # type: ignore[index]
    box = tab.page.locator(tab.role("lab-stage")).bounding_box()
    assert box is not None
    tab.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] - 30)
    tip = '[data-part="laboratory"] .plot-tip'
    assert "Output layer" in tab.page.inner_text(tip)
    step, *sizes = past_in_strip(tab)
    past = Trainer(DEEP)
    past.run(step)
    assert 0 <= step < trainer.step_count
    assert sizes == pytest.approx(past.view.laboratory.norms(past.theta)[:, -1].tolist(), rel=5e-3)
    for role, words in (("lab-axis", "Axis fixed"), ("lab-strip", "Strip: ‖∂W‖")):
        tab.click(role)
        assert tab.text(role) == words
    tab.page.keyboard.press("Escape")
    tab.page.wait_for_selector('[data-part="laboratory"]', state="hidden")
    count = len(sent)
    tab.click("step")
    tab.page.wait_for_timeout(400)
    assert len(sent) == count
    assert not tab.said


@pytest.mark.long
def test_with_several_lanes_it_measures_the_one_that_the_page_shows(tab: Tab, server: Backscope) -> None:
    cured = replace(DEEP, network=replace(DEEP.network, activation="relu"), initializer="he_uniform")
    tab.open(server.url, "lang=en&preset=deep_sigmoid")
    tab.click("laboratory")
    assert not tab.page.is_visible(tab.role("lab-lane"))
    tab.click("cures")
    tab.click("cure-relu_he")
    tab.page.wait_for_selector('[data-lane="1"] [aria-pressed="true"]')
    tab.click("cures-close")
    tab.train(20, 30)
    runs = {0: tab.twin(DEEP), 1: tab.twin(cured)}
    for lane in (1, 0, 1):
        tab.page.click(f'.lane-chip[data-lane="{lane}"] .lane-focus')
        factor = fitted_factor(runs[lane].view.laboratory.norms(runs[lane].theta)[0])
        words = f"{factor:#.2g} of the error"
        tab.until(lambda words=words: words in sentence(tab), what=words)  # type: ignore[misc]
        said = tab.page.inner_text(".lab-words small")
        assert f"Theory expects {runs[lane].view.expectation().factor:#.2g} at the start" in said
        assert tab.text("lab-lane") == "AB"[lane]
    assert not tab.said


def test_why_names_the_saturated_neurons_and_marks_them(tab: Tab, server: Backscope) -> None:
    opened(tab, server)
    tab.click("lab-why")
    tab.until(lambda: "None of the" in tab.page.inner_text(".lab-words small"))
    tab.choose("initializer", "normal")
    trainer = Trainer(replace(DEEP, initializer="normal"))
    reading = trainer.view.laboratory.read(trainer.theta)
    flat = int(np.count_nonzero(reading.health == SATURATED_NEURON))
    assert flat > 0
    tab.until(lambda: f"{flat} saturated" in tab.page.inner_text(".lab-words small"), what=f"{flat} saturated")
    stage = tab.page.locator(tab.role("lab-stage"))
    stage.focus()
    for _ in range(len(reading.delta)):
        stage.press("ArrowUp")
    first = np.flatnonzero(reading.health[: trainer.network.sizes[1]] == SATURATED_NEURON) + 1
    names = ", ".join(str(j) for j in first)
    expected = f"Saturated: {len(first)} of {trainer.network.sizes[1]} ({names})"
    tab.until(lambda: (expected if len(first) else "Layer 1: no neuron") in tab.text("lab-detail"), what=expected)
    parts = np.exp(np.log(reading.weights_part[:-1]).mean()), np.exp(np.log(reading.slope_part[:-1]).mean())
    assert sentence(tab) == f"On average, weights multiply the error by {parts[0]:.2g} and slopes by {parts[1]:.2g}"
    assert not tab.said


@pytest.mark.long
def test_the_first_layers_of_a_deep_sigmoid_net_learn_slowly(tab: Tab, server: Backscope) -> None:
    opened(tab, server)
    tab.click("lab-speed")
    tab.until(lambda: "No step has been taken" in sentence(tab))
    tab.train(30, 30)
    trainer = tab.twin(DEEP)
    ratios = trainer.last_step.norms()[3] / trainer.last_step.norms()[2]

    def times() -> float:
        found = re.search(r"learns ([\d.,]+)(k|M|) times more slowly", sentence(tab))
        return float(found[1].replace(",", "")) * {"": 1, "k": 1e3, "M": 1e6}[found[2]] if found else 0.0

    tab.until(lambda: times() == pytest.approx(ratios[-1] / ratios[0], rel=0.06), what=f"{ratios[-1] / ratios[0]}")
    assert not tab.said


def test_batch_normalization_is_shown_and_a_batch_of_one_explained(tab: Tab, server: Backscope) -> None:
    opened(tab, server, "spiral")
    tab.click("lab-noise")
    tab.until(lambda: "Noise scale" in sentence(tab))
    tab.click("lab-modes")
    tab.until(lambda: "Only nets of linear layers" in sentence(tab))
    tab.click("lab-norm")
    tab.until(lambda: "No layer is normalized" in sentence(tab))
    tab.click("lab-batchnorm")
    tab.until(lambda: "normalized with the mean and variance of its batch" in sentence(tab))
    tab.page.wait_for_selector(tab.role("lab-batchnorm"), state="hidden")
    for size, words in (("2", "every ẑ is +1 or −1"), ("1", "every ẑ is 0")):
        # In one go: between two calls the page may write the present value back.
        tab.page.locator(tab.role("batch-size")).evaluate(MOVE, size)
        tab.until(lambda words=words: words in sentence(tab), what=words)  # type: ignore[misc]
    assert not tab.said
