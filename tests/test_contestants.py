"""Those who are timed beside our engine do the same work: textbook NumPy has the word."""

import sys
from pathlib import Path

import pytest
from backscope.core.run.trainer import Trainer

sys.path.append(str(Path(__file__).parent / "bench"))
import step_time
from bare_arena import BareArena
from plain_loop import plain_loop, unable

CASES = [case for case in step_time.CASES if case.normalization is None]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_plain_javascript_trains_as_the_textbook_does(case: step_time.Case) -> None:
    if (why := unable(case.config())) is not None:
        pytest.skip(why)
    trainer = Trainer(case.config())
    with plain_loop(trainer, step_time.RATE) as plain:
        step_time.check_plain(plain, trainer)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_the_bare_calls_train_as_the_textbook_does(case: step_time.Case) -> None:
    trainer = Trainer(case.config())
    step_time.check_bare(BareArena(trainer, step_time.RATE), trainer)
