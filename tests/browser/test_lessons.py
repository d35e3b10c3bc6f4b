"""Lessons on the page: one is walked to its end by doing what it says; progress, slips, and what lies beside."""

import math
import re
from typing import Any

import pytest
from backscope.core import Trainer
from backscope.server.wire.presets import PRESETS
from driver import Backscope, Tab
from playwright.sync_api import Route, expect
from walking import NAMES, SHELF, Student, judging
from walks import WALKS

#: ms until the first lesson is there, at most: the server loads what reads it, on a machine that does other things too.
FIRST = 20_000
PAUSE = 'play => { if (play.ariaPressed === "true" && !play.disabled) play.click(); }'


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
    expect(tab.page.locator("#title-lessons")).to_have_text("One neuron, by hand", timeout=FIRST)
    expect(tab.page.locator(".lesson-live >> nth=5")).to_have_text(f"−{-weight:.4f}")
    expect(tab.page.locator(".panel-network.lesson-look")).to_be_visible()

    assert "Now put it into the sigmoid." in say(tab, weight)
    expect(tab.page.locator(tab.role("lesson-done"))).to_have_text("")
    assert say(tab, a) == f"Right: {a:.4f}."
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
    held: list[Route] = []
    tab.page.route("**/lessons/vanishing*", lambda route: held.append(route))
    tab.open(server.url, "lang=zh&theme=projector&lesson=vanishing")
    expect(tab.page.locator(".lessons-content [role=status]")).to_have_text("正在从服务器取回……")
    held[0].continue_()
    expect(tab.page.locator(tab.role("lesson-place"))).to_have_text("第 1 步，共 6 步", timeout=FIRST)
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


def test_a_lesson_is_written_tried_and_sent_as_a_link(tab: Tab, server: Backscope) -> None:
    """What happened is offered as its condition; nothing is lost by reload; a link opens it anew, and a file."""
    page = tab.page
    tab.open(server.url, "lang=en&theme=light&page=full&preset=xor&lesson=")
    tab.click("lesson-write")
    text = page.locator(tab.role("writing-text"))
    preview = page.locator(tab.role("writing-preview"))
    expect(preview.locator(".lesson-live")).to_have_text(re.compile(r"^0\."), timeout=FIRST)
    text.nth(0).fill("# Faster\n\nOn one step.")
    text.nth(1).fill("## Go\n\nTake <b>one</b> step.")
    expect(page.locator(tab.role("writing-faults"))).to_contain_text("got HTML: <b> Step 1, line 3", timeout=FIRST)
    tab.click("writing-link")
    expect(page.locator(tab.role("writing-told"))).to_contain_text("Something in the lesson is wrong", timeout=FIRST)
    text.nth(1).fill("## Go\n\nTake *one* step.")
    expect(preview.locator("em")).to_have_text("one")
    tab.click("step")
    page.locator('[data-condition="step >= 1"]').click()
    tab.click("writing-point")
    page.click(tab.role("play"))
    expect(page.locator(tab.role("writing-unlook"))).to_have_text("Play ×")
    assert tab.step() == 1
    page.reload()
    tab.wait_ready()
    if not page.is_visible(".writing"):
        tab.click("lesson-write")
    expect(page.locator(tab.role("writing-until"))).to_have_value("step >= 1")
    tab.click("writing-link")
    expect(page.locator(tab.role("writing-address"))).to_have_value(re.compile("#lesson=z"))
    link = page.input_value(tab.role("writing-address"))

    tab.click("writing-play")
    expect(page.locator(tab.role("play") + ".lesson-look")).to_be_visible()
    tab.until(lambda: tab.step() == 0)
    tab.click("step")
    expect(page.locator(tab.role("lesson-done"))).to_have_text("✓ Done")
    page.goto("about:blank")
    page.goto(link)
    tab.wait_ready()
    expect(page.locator("#title-lessons")).to_have_text("Faster", timeout=FIRST)
    tab.click("lessons-all")
    expect(page.locator(tab.role("lesson-own") + " .lesson-name")).to_have_text("Faster")
    files = [
        {"name": "lesson.json", "mimeType": "application/json", "buffer": b'{"minutes": 3, "steps": [{"look": []}]}'},
        {"name": "en.md", "mimeType": "text/markdown", "buffer": b"# A\n\nB.\n\n## C\n"},
    ]
    page.set_input_files(tab.role("lesson-files"), files)  # type: ignore[arg-type]
    expect(page.locator(".lesson-broken")).to_have_text(
        "lesson.json, line 1: steps.0: expected a state, which the first step must have"
    )
    assert tab.said == []


class Walker:
    """Somebody who walks a lesson on the page; the right numbers come from a run of the same lesson beside it."""

    def __init__(self, tab: Tab, student: Student) -> None:
        self.tab, self.student = tab, student

    def walk(self, name: str, language: str) -> None:
        """Do what every step says, and go on as soon as the page says that it is done."""
        steps = SHELF.lesson(name, language)["steps"]
        for number, (step, actions) in enumerate(zip(steps, WALKS[name], strict=True), 1):
            self.tab.until(lambda n=number: f"{n}" in self.tab.text("lesson-place"))  # type: ignore[misc]
            self.arrive(step)
            for action in actions:
                self.act(action, step)
            if any(part in step for part in ("until", "question", "check")):
                expect(self.tab.page.locator(self.tab.role("lesson-done"))).to_have_text(
                    re.compile("✓"), timeout=20_000
                )
            self.tab.click("lesson-next")
        expect(self.tab.page.locator(self.tab.role("lesson-list"))).to_be_visible(timeout=FIRST)

    def arrive(self, step: dict[str, Any]) -> None:
        """Wait until the page is in the step's state."""
        if "state" not in step:
            return
        self.student.begin(step["state"])
        rate, at = step["state"]["config"]["optimizer"]["learning_rate"], step["state"]["step"]
        self.tab.until(
            lambda: float(self.tab.page.input_value(self.tab.role("learning-rate"))) == rate and self.tab.step() == at
        )

    def act(self, action: tuple[Any, ...], step: dict[str, Any]) -> None:
        """Do one thing by hand."""
        tab, page = self.tab, self.tab.page
        what, *rest = action
        if what != "check":
            self.student.act(action)
        if what == "train" and rest[0] == 1:
            tab.click("step")
        elif what == "train":
            start = tab.step()
            tab.choose("speed", "0" if rest[0] > 300 else "300")
            tab.click("play")  # a run that diverges may have done so before it is seen to play, and before it is paused
            tab.until(lambda: tab.step() >= start + rest[0] or page.is_disabled(tab.role("play")), 60)
            page.eval_on_selector(tab.role("play"), PAUSE)
            tab.until(lambda: page.get_attribute(tab.role("play"), "aria-pressed") == "false")
        elif what == "answer":
            page.check(f'.lesson-question input[value="{rest[0]}"]')
        elif what == "check":
            say(tab, self.student.values(step["check"]["value"]["text"])[0])
        elif what == "set" and "learning_rate" in rest[0]:
            tab.set_rate(str(rest[0]["learning_rate"]))
        elif what == "set":
            for select in page.locator(".network-activation").all():
                select.select_option(rest[0]["activation"])
        elif what == "configure":
            tab.click("cures")
            tab.click("cure-batch")
        elif rest[0].get("microscope"):
            tab.click("microscope")
        elif "surface" in rest[0]:
            page.click(f'[data-mode="{rest[0]["surface"]}"]')
        else:
            self.point(rest[0])

    def point(self, view: dict[str, Any]) -> None:
        """Open a weight by the keyboard, or draw a picture."""
        page = self.tab.page
        if "selected" in view:
            page.focus(".network-stage")
            page.keyboard.press("Shift+ArrowRight")
            page.keyboard.press("Enter")
        else:
            page.click("[data-form=pad]")
            box = page.locator(".boundary-ink").bounding_box()
            assert box is not None
            page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 20)
            page.mouse.down()
            page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] - 20, steps=8)
            page.mouse.up()


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", NAMES)
def test_every_lesson_is_walked_on_the_page(tab: Tab, server: Backscope, name: str, language: str) -> None:
    with judging() as judge:
        tab.open(server.url, f"lang={language}&theme=light&lesson={name}")
        Walker(tab, Student(judge)).walk(name, language)
    assert tab.said == []
