"""The page of a training that somebody watches from their own program."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from backscope.server.notebook.watch import Watched
from driver import Tab, value_of
from little_torch import SGD, Linear, LittleNumbers, Sequential, Sigmoid, SquaredError, Tensor


class Training:
    """Seven layers of the stand-in for PyTorch, watched."""

    def __init__(self) -> None:
        random = np.random.default_rng(0)
        sizes = [3, 6, 6, 6, 6, 6, 6, 1]
        layers = [Linear(random.normal(size=(n, m)), np.zeros(n)) for m, n in pairwise(sizes)]
        self.model = Sequential(*[part for layer in layers for part in (layer, Sigmoid())][:-1])
        self.loss, self.optimizer = SquaredError(), SGD(self.model, 0.1)
        self.X, self.Y = random.normal(size=(16, 3)), random.normal(size=(16, 1))
        self.watched = Watched(
            self.model, self.optimizer, LittleNumbers(), loss=None, share=0.5, averaged=True, height=700
        )

    def step(self) -> None:
        if not self.watched._hooks._ready:  # every step is looked at
            self.watched._hooks._wait()
        self.optimizer.zero_grad()
        self.loss(self.model(Tensor(self.X)), self.Y).backward()
        self.optimizer.step()


@pytest.fixture
def training() -> Iterator[Training]:
    running = Training()
    yield running
    running.watched.close()


def test_a_watched_training_fills_the_laboratory_and_its_end_is_told(tab: Tab, training: Training) -> None:
    page = tab.page
    page.goto(f"{training.watched.url}?lang=en&theme=light")
    tab.until(lambda: "Waiting" in tab.text("watched-standing"), what="words before the first step")
    for _ in range(3):
        training.step()
    tab.until(lambda: "passes on" in tab.text("lab-sentence"), what="a factor")
    tab.until(lambda: tab.text("watched-step") == "step 3", what="the third step")
    assert "The loss is not known" in tab.text("watched-no-loss")
    assert page.locator('[role="tab"]').all_inner_texts() == ["Gradients", "Why", "How fast"]
    assert not page.locator(tab.role("laboratory-close")).is_visible()
    weights = [np.linalg.norm(part.weight.data) for part in training.model.parts if isinstance(part, Linear)]
    first = page.locator(f"{tab.role('watched-table')} tbody tr").first.locator("td").all_inner_texts()
    assert abs(value_of(first[0]) / weights[0] - 1) < 0.01
    training.watched.loss(0.25)
    training.step()
    tab.until(lambda: "loss 0.25" in tab.text("watched-loss-now"), what="the loss that was told")
    tab.click("lab-why")
    tab.until(lambda: "weights multiply" in tab.text("lab-sentence"), what="the reasons")
    training.watched.stop()
    tab.until(lambda: "No longer watched" in tab.text("watched-standing"), what="the end")
    training.watched.close()
    tab.until(lambda: "No longer watched" in tab.text("watched-standing"), what="the end, without a server")
