"""Residual connections in the browser: ticked, trained and looked at, with the numbers of the core's own run."""

import re
from dataclasses import replace

import pytest
from backscope.core import RunConfig, Trainer
from backscope.core.insight.explain import Target
from backscope.server.wire.presets import PRESETS
from driver import Backscope, Tab, link, value_of
from test_normalization import check_plane

BOX = '[data-role="residual"]'


def ticked(tab: Tab, server: Backscope) -> RunConfig:
    """Open a net of three equally wide layers and give it skips."""
    circle = PRESETS["circle"]
    config = replace(circle, network=replace(circle.network, hidden=(5, 5)))
    tab.open(server.url, "lang=en&theme=light&preset=circle")
    tab.click("settings")
    tab.page.wait_for_selector(f"{BOX}:disabled")
    tab.open(server.url, f"lang=en&theme=light#{link(config.to_json())}")
    tab.click("settings")
    tab.page.wait_for_selector(f"{BOX}:enabled")
    tab.page.check(BOX)
    tab.page.wait_for_timeout(300)
    assert tab.page.is_checked(BOX)
    tab.click("settings-close")
    return replace(config, network=replace(config.network, residual=True))


@pytest.mark.long
def test_a_net_with_skips_trains_as_the_core_says_and_its_pictures_are_its_own(tab: Tab, server: Backscope) -> None:
    config = ticked(tab, server)
    tab.choose("speed", "0")
    tab.train(600, 30)
    trainer = tab.twin(config)
    assert trainer.network.residual == (False, True)
    assert tab.number("loss") == pytest.approx(trainer.evaluate().loss, rel=6e-4, abs=6e-5)
    check_plane(tab, trainer, (0.3, 0.5, 0.7))
    check_inspector(tab, trainer)
    assert tab.said == []


def check_inspector(tab: Tab, trainer: Trainer) -> None:
    """The sum over paths has one more term, past the layer, and makes the same error."""
    tab.page.focus(".network-stage")
    for key in ("ArrowRight", "ArrowRight", "Enter"):
        tab.page.keyboard.press(key)
        tab.page.wait_for_timeout(100)
    tab.page.wait_for_selector(".inspector-title")
    found = re.search(r"neuron (\d+) of layer 1", tab.page.inner_text(".inspector-title"))
    assert found
    tab.click("inspector-factor-dC_da")
    tab.page.wait_for_selector(".inspector-chain .inspector-block .inspector-sum")
    block = tab.page.locator(".inspector-chain .inspector-block").first
    assert "past it through the skip" in block.locator(".inspector-sum").inner_text()
    assert block.locator(".inspector-terms > .inspector-term:not(.inspector-all)").count() == 6
    tape = trainer.view.tape(0)
    assert tape is not None
    error = tape.gradient(Target(1, int(found[1]) - 1), 0)
    assert value_of(tab.text("inspector-product")) == pytest.approx(error.value, rel=1e-3)
    whole = block.locator(".inspector-all output").inner_text()
    assert value_of(whole) == pytest.approx(error.children[0].value, rel=1e-3)
