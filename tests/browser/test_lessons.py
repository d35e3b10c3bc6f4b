"""Lessons on the page: one is walked to its end by doing what it says; progress, slips, and what lies beside."""

import math

from backscope.core import Trainer
from backscope.server.wire.presets import PRESETS
from driver import Backscope, Tab
from playwright.sync_api import expect


def say(tab: Tab, number: float) -> str:
    """Type a number, have it checked, and return what is said of it."""
    tab.page.fill(tab.role("lesson-number"), f"{number:.4g}")
    tab.click("lesson-check")
    return tab.text("lesson-verdict")


def on(tab: Tab, done: bool = True) -> None:
    """To the next step, once this one is done."""
    if done:
        expect(tab.page.locator(tab.role("lesson-done"))).to_have_text("✓ Done")
    tab.click("lesson-next")


def test_a_lesson_is_walked_by_doing_what_it_says(tab: Tab, server: Backscope) -> None:
    trainer = Trainer(PRESETS["tutorial"])
    weight = float(trainer.theta[2])
    a = 1 / (1 + math.exp(-weight))
    tab.open(server.url, "lang=en&theme=light&lesson=one-neuron")
    expect(tab.page.locator("#title-lessons")).to_have_text("One neuron, by hand")
    expect(tab.page.locator(".lesson-live >> nth=5")).to_have_text(f"−{-weight:.4f}")
    expect(tab.page.locator(".panel-network.lesson-look")).to_be_visible()

    assert "Now put it into the sigmoid." in say(tab, weight)
    expect(tab.page.locator(tab.role("lesson-done"))).to_have_text("")
    assert say(tab, a).startswith("Right: 0.3710")
    on(tab)
    assert "It still has to pass the neuron" in say(tab, a)
    assert "the sign is not" in say(tab, -a * a * (1 - a))
    assert "decimal point" in say(tab, 10 * a * a * (1 - a))
    assert say(tab, a * a * (1 - a)).startswith("Right")
    on(tab)
    tab.page.check('.lesson-question input[value="1"]')
    expect(tab.page.locator(".lesson-mark >> nth=0")).to_have_text("Not quite")
    tab.page.check('.lesson-question input[value="3"]')
    expect(tab.page.locator(".lesson-reply >> nth=2")).to_be_visible()
    on(tab)

    tab.page.reload()  # leaving and coming back loses nothing
    tab.wait_ready()
    expect(tab.page.locator(tab.role("lesson-place"))).to_have_text("Step 4 of 7")
    expect(tab.page.locator(".lesson-body math")).to_have_count(1)
    on(tab, done=False)
    tab.click("step")
    on(tab)
    trainer.run(1)
    expect(tab.page.locator(".lesson-live >> nth=0")).to_have_text("0.4000")
    assert say(tab, -0.4 * float(trainer.gradient[2])).startswith("Right")
    on(tab)
    tab.page.click("text=My notes")
    tab.page.fill(tab.role("lesson-notes"), "δ = (a − y) σ′")
    on(tab, done=False)
    expect(tab.page.locator('[data-lesson="one-neuron"] .lesson-minutes')).to_have_text("9 min · 6 of 7 steps done")
    tab.page.click('[data-lesson="learning-rate"]')
    expect(tab.page.locator('[data-problem="landscape"] ' + tab.role("lesson-place"))).to_have_text("Step 1 of 7")
    expect(tab.page.locator(tab.role("learning-rate"))).to_have_value("0.001")
    tab.click("lessons-close")
    expect(tab.page.locator(".panel-lessons")).to_be_hidden()
    assert tab.page.locator(".lesson-look").count() == 0
    assert tab.said == []


def test_a_lesson_covers_nothing_and_folds_on_a_phone(tab: Tab, server: Backscope) -> None:
    tab.open(server.url, "lang=zh&theme=projector&lesson=vanishing")
    expect(tab.page.locator(tab.role("lesson-place"))).to_have_text("第 1 步，共 6 步")
    boxes = {
        name: tab.page.locator(f".panel-{name}").bounding_box()
        for name in ("lessons", "network", "output", "surface", "gradients", "curves", "timeline")
    }
    for name, box in boxes.items():
        assert box is not None, name
        assert box["x"] >= 0
        assert box["y"] + box["height"] <= 769, name
        lesson = boxes["lessons"]
        assert lesson is not None
        assert name == "lessons" or box["x"] >= lesson["x"] + lesson["width"], name
    tab.page.set_viewport_size({"width": 360, "height": 740})
    tab.click("lessons-fold")
    strip = tab.page.locator(".panel-lessons").bounding_box()
    assert strip is not None
    assert strip["height"] < 80
    assert strip["y"] + strip["height"] <= 741
    assert tab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert tab.said == []
