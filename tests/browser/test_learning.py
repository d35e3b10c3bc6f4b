"""What the presets must reach, watched in the browser."""

import pytest
from backscope.server.wire.claims import CLAIMS, Learns
from driver import Backscope, Tab, long


@pytest.mark.parametrize("preset", ["spiral", *map(long, ("digits", "circle"))])
def test_preset_reaches_its_accuracy_on_the_test_set(tab: Tab, server: Backscope, preset: str) -> None:
    percent = max(100 * claim.accuracy for claim in CLAIMS[preset] if isinstance(claim, Learns))
    tab.open(server.url, f"lang=en&preset={preset}")
    tab.choose("speed", "0")
    tab.play()
    tab.until(lambda: tab.number("accuracy") >= percent, 60)
    assert tab.said == []


@pytest.mark.long
def test_the_tutorials_own_program_ends_where_it_must(tab: Tab, server: Backscope) -> None:
    """XOR of two columns: one neuron cannot learn it and ends at MSE .25; with one hidden layer it can."""
    tab.open(server.url, "lang=en&preset=tutorial")
    tab.choose("speed", "0")
    tab.train(10_000, 30)
    assert tab.number("loss") == pytest.approx(0.125, abs=1e-4)  # ½ (a − y)² at all a = ½
    tab.choose("dataset", "truth_table_column")
    tab.until(lambda: tab.step() == 0)
    tab.train(10_000, 30)
    assert tab.number("loss") < 0.001


def test_with_a_hidden_layer_the_same_table_is_learnt(tab: Tab, server: Backscope) -> None:
    tab.open(server.url, "lang=en&preset=tutorial")
    tab.page.get_by_text("Hidden layer").click()
    tab.page.wait_for_selector(".toast")
    tab.choose("speed", "0")
    tab.play()
    tab.until(lambda: tab.number("loss") < 0.002, 60)
    tab.pause()
    assert tab.text("accuracy").startswith("100")


def test_deep_sigmoid_shows_that_its_gradient_vanishes(tab: Tab, server: Backscope) -> None:
    tab.open(server.url, "lang=en&preset=deep-sigmoid")
    tab.play()
    tab.until(lambda: tab.step() > 60)
    assert "anish" in tab.page.inner_text(".panel-gradients")
