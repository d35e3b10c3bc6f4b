"""A watched run on the wire: readings as the page reads those of its own runs, and their past."""

from __future__ import annotations

import json

import numpy as np
import pytest
from backscope.server.notebook.hooks import Hooks
from backscope.server.notebook.watched_run import WatchedRun
from backscope.server.panels.readings import MOST_ROWS
from backscope.server.wire.protocol import decode
from little_torch import SGD, Linear, LittleNumbers, Sequential, Sigmoid, SquaredError, Tensor


@pytest.fixture
def training(monkeypatch):
    monkeypatch.setattr("backscope.server.notebook.hooks.REST", 0.0)
    random = np.random.default_rng(0)
    layers = [Linear(random.normal(size=size), np.zeros(size[0])) for size in ((4, 3), (4, 4), (4, 4), (1, 4))]
    model = Sequential(*[part for layer in layers for part in (layer, Sigmoid())][:-1])
    run, optimizer = WatchedRun(True, {"model": "Sequential", "optimizer": "SGD"}), SGD(model, 0.5)
    loss = SquaredError()
    looking = Hooks(model, optimizer, LittleNumbers(), run.take, loss)
    looking._share = 1.0
    X, Y = random.normal(size=(8, 3)), random.normal(size=(8, 1))

    def steps(count):
        for _ in range(count):
            optimizer.zero_grad()
            loss(model(Tensor(X)), Y).backward()
            optimizer.step()

    return run, steps


def test_before_the_first_step_there_is_nothing_to_read(training):
    run, _ = training
    assert run.message(-1, -1) is None
    assert json.loads(run.news())["layout"] == {}


def test_a_page_gets_the_reading_its_past_and_the_loss(training):
    run, steps = training
    woken = []
    run.listen(lambda: woken.append(1))
    steps(5)
    assert len(woken) == 5
    news = json.loads(run.news())
    assert (news["step"], news["ended"], news["optimizer"]) == (5, False, "SGD")
    assert news["layout"]["sizes"] == [3, 4, 4, 4, 1]
    header, arrays = decode(run.message(-1, -1))
    assert (header["kind"], header["step"], header["layout"]) == ("laboratory", 5, news["number"])
    assert header["factor"] is not None
    assert arrays["layers"].shape == (14, 4)
    assert arrays["activity"].shape == (4, 4)
    assert list(arrays["history_steps"]) == [1, 2, 3, 4, 5] == list(arrays["loss_steps"])
    assert arrays["losses"][0] != arrays["losses"][4]
    steps(2)
    header, arrays = decode(run.message(header["number"], header["serial"]))
    assert list(arrays["history_steps"]) == [6, 7]


def test_a_long_run_keeps_a_past_that_stays_small(training):
    run, steps = training
    steps(3 * MOST_ROWS)
    known, found = -1, []
    for _ in range(20):
        header, arrays = decode(run.message(1, known))
        known = header["serial"]
        found += list(arrays["history_steps"])
        if not header["more"]:
            break
    assert len(found) <= MOST_ROWS + 1
    assert found[-1] == 3 * MOST_ROWS
    assert len(arrays["losses"]) <= 2 * MOST_ROWS + 1


def test_the_end_is_told(training):
    run, steps = training
    steps(1)
    run.end()
    assert json.loads(run.news())["ended"] is True
