"""One name, one number: what stands beside the words loss and accuracy is what the label's definition says."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from backscope.core import RunConfig
from backscope.server.wire.presets import PRESETS
from definitions import DEFINITIONS, ODD
from driver import Backscope, Tab, link, long, value_of

WORDS = json.loads((Path(__file__).parents[2] / "static/i18n/en.json").read_text("utf-8"))
STEPS = 7
#: What every run of the tests looks at: of all classes of the others, the two that hold the most.
SHOWN = ("all", "classes")

#: All numbers that stand under the name of a measure, with what stands beside them, as they are on the page at once.
SEEN = """() => [...document.querySelectorAll('[data-measure]')].filter(e => e.offsetParent && e.textContent.trim())
  .map(e => ({measure: e.dataset.measure, text: e.textContent, label: e.parentElement.textContent,
    tip: e.closest('[data-tip]')?.dataset.tip ?? ''}))"""
#: Visible texts with the words, and whether a number under the name of a measure stands beside each.
NAMED = """() => [...document.querySelectorAll('dt, .plot-legend span, .network-loss span')]
  .filter(e => e.offsetParent && !e.children.length && /\\b(loss|accuracy|R²)\\b/i.test(e.textContent))
  .filter(e => !e.parentElement.querySelector('[data-measure]')).map(e => e.textContent)"""
#: Labels with the word that name no number: the loss function, and the loss of a point that is not the run's.
OTHER = {*(text for key, text in WORDS.items() if key.startswith("loss.")), WORDS["surface.figure_plane"]}


def shown(text: str) -> tuple[float, float]:
    """A number as it is written, and half a unit of its last digit."""
    percent = "%" in text
    value = value_of(text.replace("%", "").strip())
    mantissa = re.match(r"[^×e]*", text.replace(",", "").replace("%", "").strip())
    assert mantissa is not None
    decimals = len(mantissa.group().partition(".")[2])
    unit = 10.0 ** (exponent_of(text) - decimals)
    return (value / 100, unit / 200) if percent else (value, unit / 2)


def exponent_of(text: str) -> int:
    return int(text.partition("×10")[2].translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")) or 0)


def hold(tab: Tab, config: RunConfig) -> set[str]:
    """Fail unless each number on the page is what its name defines; return the names."""
    trainer = tab.twin(config)
    seen: list[dict[str, Any]] = tab.page.evaluate(SEEN)
    for one in seen:
        value, half = shown(one["text"])
        assert value == pytest.approx(DEFINITIONS[one["measure"]](trainer), abs=1.01 * half + 1e-9), one
    assert not set(tab.page.evaluate(NAMED)) - OTHER
    return {one["measure"] for one in seen}


def steps(tab: Tab, count: int) -> None:
    for n in range(count):
        tab.click("step")
        tab.until(lambda n=n: tab.step() == n + 1)
    tab.settle()


@pytest.mark.parametrize("name", [*(name if name in SHOWN else long(name) for name in ODD), *map(long, PRESETS)])
def test_each_number_is_what_its_name_defines(tab: Tab, server: Backscope, name: str) -> None:
    config = ODD.get(name) or PRESETS[name]
    tab.open(f"{server.url}?lang=en&theme=light#{link(config.to_json())}")
    names = hold(tab, config)
    steps(tab, STEPS)
    names |= hold(tab, config)
    regression = name == "regression"
    expected = {"train_loss", f"test_{'r2' if regression else 'accuracy'}", "test_loss"}
    if name == "no test set":
        expected = {"train_loss", "train_accuracy"}
    if config.l1 or config.l2:
        expected |= {"objective"}
    if name in ODD:
        assert expected <= names


def test_while_it_trains_all_losses_are_of_the_same_step_or_say_of_which(opened: Tab) -> None:
    """Those of the surface take a little longer: their label has their step."""

    def losses() -> list[dict[str, str]]:
        return [one for one in opened.page.evaluate(SEEN) if one["measure"] == "train_loss"]

    opened.until(lambda: len(losses()) == 3, what="bar, card and, once it is computed, surface")
    opened.play()
    for _ in range(20):
        seen = losses()
        same = [shown(one["text"])[0] for one in seen if not re.search(r"· \d+", one["label"])]
        assert len(same) == len(seen) - 1 >= 2
        assert max(same) - min(same) <= 6e-4
        opened.page.wait_for_timeout(37)


def test_what_the_numbers_mean_is_one_click_away_with_this_runs_values(tab: Tab, server: Backscope) -> None:
    config = ODD["all"]
    tab.open(f"{server.url}?lang=en&theme=light#{link(config.to_json())}")
    tab.click("meanings")
    page = tab.page
    page.wait_for_selector('[data-meaning="smoothing"]')
    samples = len(tab.twin(config).dataset.X_train)
    assert f"{samples} samples" in page.inner_text('[data-meaning="epoch"]')
    assert "1 becomes 0.950" in page.inner_text('[data-meaning="smoothing"]')
    assert "penalties are not counted" in page.inner_text('[data-meaning="train_loss"]')
    epoch = page.query_selector('[data-meaning="epoch"] p:last-child')
    assert epoch is not None
    before = epoch.inner_text()
    page.evaluate("document.querySelector('[data-role=play]').click()")  # the run goes on below the page
    tab.until(lambda: page.inner_text('[data-meaning="epoch"] p:last-child') != before)
    assert epoch.inner_text() != before  # and what is being read stays where it is
    page.keyboard.press("Escape")
    page.wait_for_selector(".meanings-window", state="hidden")
    assert tab.said == []
