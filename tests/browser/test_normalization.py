"""Normalized nets in the browser: what is drawn and written is what the core computes for the same run."""

import re
from dataclasses import replace

import numpy as np
import pytest
from backscope.core import RunConfig, Trainer
from backscope.core.insight.explain import Target
from backscope.server.wire.presets import PRESETS
from driver import Backscope, Tab, long, value_of

BADGE = '[data-role="layer-normalization"]'


def figure(tab: Tab, name: str) -> float:
    return float(tab.page.inner_text(f'[data-figure="{name}"] dd').strip() or "nan")


def normalized(tab: Tab, server: Backscope, kind: str, preset: str = "circle") -> RunConfig:
    """Open a preset, and normalize its hidden layers one by one on the diagram."""
    tab.open(server.url, f"lang=en&preset={preset}")
    layers = tab.page.locator(BADGE)
    for layer in range(layers.count()):
        layers.nth(layer).select_option(kind)
        tab.page.wait_for_selector(f".network-normalization.on >> nth={layer}")
        tab.page.wait_for_timeout(150)
    config = PRESETS[preset]
    return replace(config, network=replace(config.network, normalization=kind))


def train(tab: Tab, config: RunConfig, steps: int) -> Trainer:
    """Let the page train as fast as it can, and return the core's own run of the same steps."""
    tab.choose("speed", "0")
    tab.train(steps, 30)
    return tab.twin(config)


def check_plane(tab: Tab, trainer: Trainer, shares: tuple[float, ...]) -> None:
    """Where the pointer rests on the plane, at these shares of its width, the answer written is the core's."""
    stage = tab.page.locator(".boundary-stage").bounding_box()
    assert stage is not None
    for share in shares:
        before = tab.page.inner_text(".boundary-readout")
        tab.page.mouse.move(stage["x"] + share * stage["width"], stage["y"] + 0.4 * stage["height"])
        tab.until(lambda before=before: tab.page.inner_text(".boundary-readout") != before, what="an answer")
        text = tab.page.inner_text(".boundary-readout")
        found = re.fullmatch(r"x₁ (\S+) +x₂ (\S+)\s+→ (\S+)", text)
        assert found, text
        x1, x2, shown = map(value_of, found.groups())
        # The point is written to two decimals: the answer must lie among those of its neighbours.
        around = [[x1 + dx, x2 + dy] for dx in (-0.005, 0, 0.005) for dy in (-0.005, 0, 0.005)]
        answers = trainer.network.predict(trainer.theta, around, statistics=trainer.view.running_statistics)
        assert answers.min() - 1e-3 <= shown <= answers.max() + 1e-3


@pytest.mark.parametrize("kind", ["batch", long("layer")])
def test_circle_learns_and_every_panel_agrees_with_the_core(tab: Tab, server: Backscope, kind: str) -> None:
    config = normalized(tab, server, kind)
    if kind == "layer":  # two neurons normalized over themselves are always 1 and −1: nothing to learn with
        tab.page.locator(BADGE).nth(1).select_option("")
        config = replace(config, network=replace(config.network, normalization=("layer", None)))
        tab.page.wait_for_function("document.querySelectorAll('.network-normalization.on').length === 1")
    trainer = train(tab, config, 2000)
    metrics, data = trainer.evaluate(), trainer.dataset
    assert tab.number("loss") == pytest.approx(metrics.loss, rel=6e-4, abs=6e-5)
    assert tab.number("test-loss") == pytest.approx(metrics.test_loss, rel=6e-4, abs=6e-5)

    tab.page.click('[data-form="matrix"]')
    right = int(trainer.view.confusion().diagonal().sum())
    tab.until(lambda: f"{right} of {len(data.X_train)}" in tab.page.inner_text(".boundary-total"), 10, "confusion")
    tab.page.click('[data-form="plane"]')

    check_plane(tab, trainer, (0.35, 0.5, 0.65, 0.8))
    running = tab.page.locator(".boundary-running")
    assert running.is_visible() == (kind == "batch")
    assert tab.said == []
    trainer.seek(2000)  # at some later step a single batch may have thrown it back for a moment
    assert trainer.evaluate().accuracy > 0.9


@pytest.mark.long
def test_loss_on_the_plane_is_the_true_loss_where_the_plane_holds_the_run(tab: Tab, server: Backscope) -> None:
    config = normalized(tab, server, "batch")
    trainer = train(tab, config, 400)
    tab.page.select_option('[data-role="surface"] .plot-select', "random")
    tab.until(lambda: figure(tab, "distance") == 0, 15, "a plane through the present point")
    loss = trainer.evaluate().loss
    tab.until(lambda: figure(tab, "true") == float(f"{loss:.3g}"), 15, "the true loss, as printed: three digits")
    tab.until(lambda: figure(tab, "plane") == figure(tab, "true"), 5, "loss on the plane")
    assert tab.number("loss") == float(f"{loss:.4g}")
    assert tab.said == []


def test_a_neurons_card_shows_gamma_beta_and_what_the_activation_is_taken_of(tab: Tab, server: Backscope) -> None:
    config = normalized(tab, server, "batch")
    trainer = train(tab, config, 300)
    tab.page.focus(".network-stage")
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
        tab.page.keyboard.press(key)
        tab.page.wait_for_timeout(100)
    tab.page.wait_for_selector(".network-card:visible")
    tab.page.wait_for_timeout(200)
    terms = tab.page.locator(".network-card dt").all_inner_texts()
    symbols = [re.sub(r"[\s\d]", "", term).translate(str.maketrans("𝑧𝛾𝛽𝑢𝑎𝛿", "zγβuaδ"))[0] for term in terms]
    numbers = tab.page.locator(".network-card dd").all_inner_texts()
    shown = {symbol: value_of(number) for symbol, number in zip(symbols, numbers, strict=True)}
    found = re.search(r"neuron (\d+) of layer (\d+)", tab.page.inner_text(".network-card-head"))
    assert found
    index, layer = int(found[1]) - 1, int(found[2])
    net, trace = trainer.network, trainer.view.trace(0)
    unit = sum(net.sizes[:layer]) + index
    own = net.unpack(trainer.theta)[layer - 1]
    assert own.gamma is not None
    assert own.beta is not None
    expected = {
        "z": trace.Z[unit], "γ": own.gamma[index], "β": own.beta[index],
        "u": trace.U[unit], "a": trace.A[unit], "δ": trace.D[unit],
    }  # fmt: skip
    assert set(shown) == set(expected)
    for name, value in expected.items():
        assert shown[name] == pytest.approx(value, rel=6e-3, abs=1e-12), name
    assert tab.said == []


@pytest.mark.long
@pytest.mark.parametrize(("kind", "which"), [("batch", "gamma"), ("layer", "beta")])
def test_scale_and_shift_have_a_chain_rule_of_their_own(tab: Tab, server: Backscope, kind: str, which: str) -> None:
    trainer = train(tab, normalized(tab, server, kind), 200)
    tab.page.focus(".network-stage")
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "Enter"):
        tab.page.keyboard.press(key)
        tab.page.wait_for_timeout(100)
    tab.click(f"inspector-of-{which}")
    tab.click("inspector-batch")
    tab.page.wait_for_selector(tab.role(f"inspector-of-{which}") + '[aria-pressed="true"]')
    tab.page.wait_for_selector(tab.role("inspector-streamed"))
    found = re.search(r"of neuron (\d+), layer (\d+)", tab.page.inner_text(".inspector-title"))
    assert found
    index = Target(int(found[2]), int(found[1]) - 1, which).index(trainer.network)
    assert index is not None
    letter = {"gamma": "γ", "beta": "β"}[which]
    assert f"∂C/∂{letter}" in tab.page.inner_text(".inspector-streamed")
    for role in ("inspector-product", "inspector-streamed"):
        assert value_of(tab.text(role)) == pytest.approx(trainer.gradient[index], rel=1e-3, abs=1e-12)
    step = tab.page.text_content(tab.role("inspector-step")) or ""
    assert value_of(step) == pytest.approx(trainer.update[index], rel=1e-3, abs=1e-12)
    tab.click("inspector-check")
    tab.page.wait_for_selector(".inspector-verdict[data-agree]", timeout=20_000)
    assert tab.page.get_attribute(".inspector-verdict", "data-agree") == "true"
    tab.page.fill(tab.role("inspector-value"), "1.5")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_selector('.timeline-mark[data-kind="edit"]')
    trainer.edit(parameters={str(index): 1.5})
    loss = pytest.approx(trainer.evaluate().loss, rel=6e-4, abs=6e-5)
    tab.until(lambda: tab.number("loss") == loss, 5, "the loss with the edit")
    tab.click("inspector-of-neuron")
    tab.page.wait_for_selector(tab.role("inspector-of-neuron") + '[aria-pressed="true"]')
    assert tab.said == []


@pytest.mark.long
def test_batches_of_one_keep_going(tab: Tab, server: Backscope) -> None:
    """A batch of one is its own mean: nothing below β learns from it, running statistics stay, and nothing breaks."""
    config = normalized(tab, server, "batch")
    tab.page.fill('[data-role="batch-size"]', "1")
    tab.choose("speed", "0")
    tab.train(tab.step() + 500, 20)
    assert np.isfinite(tab.number("loss"))
    trainer = Trainer(config)
    start = [layer.copy() for layer in trainer.view.running_statistics if layer is not None]
    trainer.edit(batch_size=1)
    trainer.run(tab.step())
    for layer, first in zip(trainer.view.running_statistics, start, strict=True):
        assert layer is not None
        np.testing.assert_array_equal(layer.mean, first.mean)
    assert tab.number("loss") == pytest.approx(trainer.evaluate().loss, rel=6e-4, abs=6e-5)
    assert tab.said == []
