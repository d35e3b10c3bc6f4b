"""`widget`: what it refuses without anywidget; with it (the extra `test-long`), that it follows the user's own loop."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from backscope.core import RunConfig, Trainer
from backscope.server import widget
from blocks import step_of

LONG = pytest.mark.long


def trainer_of(**more: Any) -> Trainer:
    return Trainer(RunConfig.from_json({"data": {"name": "circle", "samples": 40}, "network": {"hidden": [3]}, **more}))


@pytest.fixture
def without_anywidget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "anywidget", None)
    monkeypatch.delitem(sys.modules, "backscope.server.notebook.small_view", raising=False)


@pytest.mark.usefixtures("without_anywidget")
def test_without_anywidget_it_says_what_to_install() -> None:
    with pytest.raises(ImportError, match=r'needs anywidget.*pip install "backscope\[widget\]"'):
        widget(trainer_of())


def test_what_cannot_be_shown_is_refused_in_words() -> None:
    trainer = trainer_of()
    with pytest.raises(TypeError, match=r"must be a backscope\.core\.Trainer, got RunConfig"):
        widget(trainer.config)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="view must be one of network, gradients, loss, surface, got 'weights'"):
        widget(trainer, "weights")
    with pytest.raises(ValueError, match=r"height must lie in \[120, 2000\], got 20"):
        widget(trainer, height=20)
    with pytest.raises(ValueError, match="a landscape has no network"):
        widget(Trainer(RunConfig.from_json({"data": {"name": "rosenbrock"}})))


@LONG
def test_it_shows_how_the_run_stands_and_is_the_same_for_a_cell_that_is_executed_again() -> None:
    pytest.importorskip("anywidget")
    trainer = trainer_of()
    trainer.run(20)
    shown = widget(trainer)
    assert step_of(shown) == 20
    assert shown.height == 380
    trainer.run(5)
    again = widget(trainer, height=500)
    assert again is shown
    assert (step_of(shown), shown.height) == (25, 500)
    assert widget(trainer, "loss") is not shown
    assert widget(trainer_of()) is not shown


@LONG
def test_one_that_was_closed_follows_no_longer_and_gives_way() -> None:
    pytest.importorskip("anywidget")
    trainer = trainer_of()
    shown = widget(trainer)
    shown._due = 0.0  # it has rested
    trainer.run(5)
    assert step_of(shown) == 5
    shown.close()
    shown._due = 0.0
    trainer.run(5)
    assert step_of(shown) == 5
    assert widget(trainer) is not shown
