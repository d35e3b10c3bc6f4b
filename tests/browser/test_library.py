"""What a script does with the page: `show` opens it on a run with parts of the script's own."""

from collections.abc import Iterator
from typing import Any

import pytest
from backscope.core import RunConfig, Trainer, forget, own_activation, own_points, register
from backscope.server import Shown, show
from driver import Tab


@pytest.fixture
def shown() -> Iterator[Shown]:
    def corners(labels: Any, rng: Any) -> Any:
        return rng.uniform(-0.3, 0.3, (len(labels), 2)) + (1.4 * labels[:, None] - 0.7)

    register(own_activation("bend", "z / sqrt(1 + z**2)", "1 / sqrt(1 + z**2)**3"), words={"en": "Bend", "zh": "弯曲"})
    register(own_points(corners), name="corners")
    network = {"hidden": [3], "activation": "bend"}
    trainer = Trainer(RunConfig.from_json({"data": {"name": "corners"}, "network": network}))
    trainer.run(5)
    page = show(trainer, browser=False)
    yield page
    page.stop()
    forget("bend")
    forget("corners")


def test_own_parts_are_in_the_lists_with_their_formula(tab: Tab, shown: Shown) -> None:
    address, _, run = shown.url.partition("#")
    tab.open(address, f"lang=zh&theme=light&page=full#{run}")
    tab.until(lambda: tab.step() == 5)
    for label in ("弯曲", "Corners"):
        assert tab.page.locator("option", has_text=label).count() >= 1, label
    tab.click("microscope")
    tab.page.wait_for_selector('[data-part="microscope"][data-phase="input:0"]')
    for _ in range(2):
        tab.page.keyboard.press("ArrowRight")
    tab.page.wait_for_selector('[data-part="microscope"][data-phase="activate:1"] .microscope-formulas msqrt')
