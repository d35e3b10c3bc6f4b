"""What changes without a restart, and what says beforehand that it begins anew."""

import pytest
from driver import Backscope, Tab, long

ACTIVATIONS = ".network-activation"


def chosen(tab: Tab) -> list[str]:
    return list(tab.page.eval_on_selector_all(ACTIVATIONS, "all => all.map(each => each.value)"))


def test_an_activation_changes_while_training_goes_on(opened: Tab) -> None:
    opened.play()
    opened.until(lambda: opened.step() > 40)
    opened.page.locator(ACTIVATIONS).first.select_option("relu")
    opened.page.wait_for_selector(".timeline-label")
    assert opened.page.inner_text(".timeline-label") == "layer 1 ReLU"
    at = int(opened.page.get_attribute('.timeline-mark[data-kind="edit"]', "data-step") or -1)
    assert at > 40
    opened.until(lambda: opened.step() > at + 20)
    opened.pause()
    assert chosen(opened) == ["relu", "tanh"]
    end = opened.step()
    opened.page.focus(opened.role("timeline"))
    opened.page.keyboard.press("Home")
    opened.until(lambda: opened.step() == 0 and chosen(opened) == ["tanh", "tanh"])
    opened.page.keyboard.press("End")
    opened.until(lambda: opened.step() == end and chosen(opened) == ["relu", "tanh"])
    assert opened.said == []


@pytest.mark.long
def test_the_weights_outlive_a_change_of_the_activation(opened: Tab) -> None:
    opened.click("step")
    opened.until(lambda: opened.step() == 1)
    loss = opened.text("loss")
    stage = opened.page.locator(".network-stage")
    stage.focus()
    for words in ("input 1", "of layer 1"):
        opened.page.keyboard.press("ArrowRight")
        opened.page.locator('[data-part="voice"]', has_text=words).wait_for(state="attached")
    opened.page.keyboard.press("Enter")
    field = opened.role("inspector-value")
    opened.page.wait_for_selector(f"{field}:enabled")
    before = opened.page.input_value(field)
    for layer in range(2):
        opened.page.select_option(f"{ACTIVATIONS} >> nth={layer}", "relu")
    opened.until(lambda: opened.text("loss") != loss and chosen(opened) == ["relu", "relu"])
    opened.page.wait_for_selector('.inspector-title:has-text("ReLU")')
    assert opened.step() == 1
    assert opened.page.input_value(field) == before
    assert chosen(opened) == ["relu", "relu"]
    loss = opened.text("loss")
    opened.page.select_option(f"{ACTIVATIONS} >> nth=1", "tanh")
    opened.until(lambda: opened.text("loss") != loss)
    opened.until(lambda: opened.page.input_value(opened.role("activation")) == "mixed")
    opened.click("inspector-batch")
    opened.click("inspector-check")
    opened.page.wait_for_selector(opened.role("inspector-verdict") + '[data-agree="true"]')
    assert opened.said == []


DOTS = """() => {
    const sheets = document.querySelectorAll('[data-role="output"] .plot-sheet');
    return [...sheets].map(sheet => sheet.toDataURL()).join();
}"""


def test_noise_changes_while_training_goes_on_and_comes_back_with_the_step(opened: Tab) -> None:
    opened.train(40)
    noise = opened.page.locator(opened.role("noise") + ":visible")
    loss, dots = opened.text("loss"), opened.page.evaluate(DOTS)
    at = opened.step()
    noise.fill("0.4")
    opened.page.wait_for_selector(".timeline-label")
    assert opened.page.inner_text(".timeline-label") == "Noise 40 %"
    assert opened.page.get_attribute('.timeline-mark[data-kind="edit"]', "data-step") == str(at)
    opened.until(lambda: opened.text("loss") != loss and opened.page.evaluate(DOTS) != dots)
    assert opened.step() == at
    noisy, moved = opened.text("loss"), opened.page.evaluate(DOTS)
    opened.click("step-back")
    opened.until(lambda: opened.step() == at - 1 and noise.input_value() == "0.1")
    opened.until(lambda: opened.page.evaluate(DOTS) not in (dots, moved))
    opened.click("step")
    opened.until(lambda: opened.step() == at and opened.text("loss") == noisy and noise.input_value() == "0.4")
    opened.play()
    opened.until(lambda: opened.step() > at + 20)
    assert opened.said == []


@pytest.mark.parametrize(
    "control",
    [
        ".network-counter .network-button",
        ".network-normalization select",
        *map(long, (".network-remove", ".network-add", ".network-feature")),
    ],
)
def test_what_begins_anew_says_so_beforehand(opened: Tab, control: str) -> None:
    hint = opened.page.locator(".network-hint")
    assert "step 0" not in hint.inner_text()
    element = opened.page.locator(control).first
    element.hover()
    opened.page.wait_for_selector(".network.warned")
    assert "again from step 0" in hint.inner_text()
    opened.page.mouse.move(5, 5)
    opened.page.wait_for_selector(".network:not(.warned)")
    element.focus()
    opened.page.wait_for_selector(".network.warned")


@pytest.mark.parametrize(("lang", "words"), [("en", "again from step 0"), long("zh", "从第 0 步重新开始")])
def test_the_panel_says_what_restarts(tab: Tab, server: Backscope, lang: str, words: str) -> None:
    tab.open(server.url, f"lang={lang}&theme=light")
    for role in ("samples", "test-share", "initializer", "loss-function", "bias"):
        found = tab.page.locator(f"{tab.role(role)}:visible").evaluate(
            "control => control.closest('[data-tip]')?.dataset.tip"
        )
        assert words in found, role
    for role in ("noise", "batch-size", "optimizer", "activation"):
        control = tab.page.locator(f"{tab.role(role)}:visible")
        assert control.evaluate("control => control.closest('[data-tip]')") is None, role
    assert words in (tab.page.locator(".thumbnail").first.get_attribute("data-tip") or "")
