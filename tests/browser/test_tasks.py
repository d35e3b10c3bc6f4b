"""Runs that first learn one thing and then another: what the page says of them is what the core has measured."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np
import pytest
from backscope.core import RunConfig, Trainer
from backscope.server.wire.presets import PRESETS
from driver import Backscope, Tab, link, value_of

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

#: As the cure has it, and what machine code, which rounds otherwise, does not take over.
TASKS = replace(PRESETS["plasticity"], engine="numpy")
CURED = replace(TASKS, replacement_rate=3e-4)


def percent(share: float) -> str:
    """A share as the page writes it."""
    value = 100 * float(np.float32(share))
    if value < 10 or 99 < value < 100:
        value = min(math.floor(10 * value + 0.5) / 10, 99.9 if value < 100 else 100)
        return f"{value:g}\u202f%"
    return f"{math.floor(value + 0.5)}\u202f%"


def wrong(config: RunConfig, steps: int) -> list[float]:
    """Share of wrong samples at the end of each task of a run."""
    trainer = Trainer(config)
    trainer.run(steps)
    return [1 - accuracy for accuracy in trainer.track.tasks()[:, 2]]


def test_each_tasks_end_is_told_of_every_lane_beside_fresh_nets(tab: Tab, server: Backscope) -> None:
    tab.page.goto(f"{server.url}?lang=en#{link(TASKS.to_json())}")
    tab.wait_ready()
    tab.click("cures")
    tab.click("cure-continual")
    tab.page.wait_for_selector('.lane-chip[data-lane="1"]')
    tab.click("cures-close")
    tab.click("laboratory")
    tab.click("lab-tasks")
    tab.until(lambda: "it ends at step 600" in tab.text("lab-sentence"), what="words of the first task")
    tab.train(1800, 300, speed="1000")
    steps = tab.step()
    n = steps // TASKS.data.steps_per_task
    fresh = [wrong(replace(TASKS, data=replace(TASKS.data, first_task=k)), 600)[0] for k in range(n)]
    below = f"Fresh nets end these tasks at {percent(np.mean(np.float32(fresh)))}, the mean of {n}"
    for lane, config in ((1, CURED), (0, TASKS)):
        tab.page.click(f'.lane-chip[data-lane="{lane}"] .lane-focus')
        errors, most = wrong(config, steps), min(5, n)
        said = (
            f"{percent(errors[-1])} of the samples are wrong at the end of task {n}; of the first {most} tasks it was "
            f"{percent(np.mean(np.float32(errors[:most])))} on average"
        )
        tab.until(lambda said=said: said in tab.text("lab-sentence"), 60, said)  # type: ignore[misc]
        tab.until(lambda: below in tab.page.inner_text(".lab-words small"), 120, below)
    assert wrong(CURED, steps) != wrong(TASKS, steps)  # so that the lanes are told apart
    box = tab.page.locator(tab.role("lab-stage")).bounding_box()
    assert box is not None
    tip, told = tab.page.locator('[data-part="laboratory"] .plot-tip'), set()
    for place in range(5, 100, 2):
        tab.page.mouse.move(box["x"] + box["width"] * place / 100, box["y"] + box["height"] / 2)
        told.add(tip.inner_text())
    for k, error in enumerate(wrong(TASKS, steps)):
        ended = f"task {k + 1}, ended at step {600 * (k + 1):,}: {percent(error)}\na fresh net: {percent(fresh[k])}"
        assert ended in told, (ended, told)
    assert not tab.said


def test_the_delay_until_the_test_set_follows_is_that_of_the_run(tab: Tab, server: Backscope) -> None:
    config = PRESETS["grokking"]
    tab.open(server.url, "lang=en&preset=grokking")
    stage = tab.page.locator(".curves-stage")

    def delay() -> tuple[str, int, int, float] | None:
        """What is said of the delay: whether it goes on, its first step, its steps, and how many times as many."""
        words = (stage.get_attribute("aria-label") or "").replace(",", "")
        found = re.search(
            r"right at step (\d+) of the test set later; (delay|delay so far): (\d+) steps? (\S+)×", words
        )
        return found and (found[2], int(found[1]), int(found[3]), value_of(found[4]))  # type: ignore[return-value]

    tab.train(500, 300, speed="0")
    so_far = delay()
    assert so_far is not None
    assert so_far[0] == "delay so far"
    for most in range(1000, 8000, 500):
        if (said := delay()) and said[0] == "delay":
            break
        tab.train(max(most, tab.step()), 300, speed="0")
    assert said is not None
    kind, known, steps, times = said
    assert kind == "delay"
    trainer, shares = Trainer(config), {}
    for step in sorted({known, known + steps // 2, known + steps}):
        trainer.run(step - trainer.step_count)
        metrics = trainer.evaluate()
        shares[step] = metrics.accuracy, metrics.test_accuracy
    assert shares[known][0] >= 0.95 > shares[known][1]
    assert shares[known + steps // 2][1] < 0.95 <= shares[known + steps][1]
    assert times == pytest.approx((known + steps) / known, rel=0.06)
    assert times >= 2
    assert not tab.said
