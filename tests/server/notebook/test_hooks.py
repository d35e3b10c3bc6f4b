"""Hooks on somebody's own model: what they see, what they leave alone, and that nothing stays behind."""

from __future__ import annotations

import gc
import weakref
from itertools import pairwise

import numpy as np
import pytest
from backscope.server.notebook import hooks as module
from backscope.server.notebook.hooks import Hooks
from little_torch import SGD, Linear, LittleNumbers, Sequential, Sigmoid, SquaredError, Tensor

X, Y = (np.random.default_rng(0).normal(size=size) for size in ((12, 3), (12, 2)))


def net(*widths: int, seed: int = 1) -> Sequential:
    random = np.random.default_rng(seed)
    layers = [Linear(random.normal(size=(n, m)), random.normal(size=n)) for m, n in pairwise(widths)]
    parts = [part for layer in layers for part in (layer, Sigmoid())]
    return Sequential(*parts[:-1])


class Watching:
    """A model in training, looked at in every step unless time says otherwise."""

    def __init__(self, model, monkeypatch, rest=0.0, numbers=None):
        monkeypatch.setattr(module, "REST", rest)
        self.model, self.loss, self.optimizer = model, SquaredError(), SGD(model, 0.1)
        self.seen = []
        self.numbers = numbers or LittleNumbers()
        self.hooks = Hooks(model, self.optimizer, self.numbers, self.seen.append, self.loss, share=0.5)
        self.hooks._share = 1.0  # no rest by cost either

    def forward_back(self, rows=slice(None)):
        loss = self.loss(self.model(Tensor(X[rows])), Y[rows])
        loss.backward()
        return loss

    def step(self):
        self.optimizer.zero_grad()
        loss = self.forward_back()
        self.optimizer.step()
        return float(loss.data)

    def lists(self):
        return [hooks for part in self.model.modules() for hooks in (part.before, part.after)] + [
            self.loss.after, self.optimizer.before, self.optimizer.after,
        ]  # fmt: skip


def rms(values):
    return float(np.sqrt(np.mean(np.square(values))))


def test_norms_of_weights_gradients_updates_and_the_way_are_those_of_the_step(monkeypatch):
    watching = Watching(net(3, 4, 2), monkeypatch)
    layer = watching.model.parts[0]
    start = layer.weight.data
    loss, _, before = watching.step(), watching.step(), layer.weight.data
    watching.step()
    first, _, third = watching.seen
    assert (first.step, third.step) == (1, 3)
    assert first.loss == loss
    norm = np.linalg.norm
    expected = [norm(a) for a in (before, layer.weight.grad.data, layer.weight.data - before)]
    np.testing.assert_allclose(third.norms[:, 0], [*expected, norm(layer.weight.data - start)], rtol=1e-12)
    np.testing.assert_allclose(third.starts[0], norm(start), rtol=1e-12)


def test_a_module_called_several_times_is_one_layer_of_all_its_calls(monkeypatch):
    first, shared, last = (Linear(np.eye(3) + 0.1 * k, np.zeros(3)) for k in range(3))
    squash = Sigmoid()
    watching = Watching(Sequential(first, squash, shared, squash, shared, squash, last), monkeypatch)
    monkeypatch.setitem(globals(), "Y", np.zeros((12, 3)))
    watching.step()
    (seen,) = watching.seen
    assert [layer.name for layer in seen.layers] == ["0", "2", "6"]
    assert [len(layer.sizes["delta"]) for layer in seen.layers] == [1, 2, 1]


def test_batches_whose_gradients_add_up_are_one_step(monkeypatch):
    watching = Watching(net(3, 4, 2), monkeypatch)
    watching.forward_back(slice(0, 6))
    watching.forward_back(slice(6, 12))
    watching.optimizer.step()
    (seen,) = watching.seen
    assert [len(layer.sizes["delta"]) for layer in seen.layers] == [2, 2]


def test_of_a_closure_the_last_evaluation_counts_and_its_loss_is_told(monkeypatch):
    watching = Watching(net(3, 4, 2), monkeypatch)
    told = []

    def closure():
        watching.optimizer.zero_grad()
        told.append(watching.forward_back())
        return told[-1]

    def twice():
        closure()
        return closure()

    watching.optimizer.step(twice)
    (seen,) = watching.seen
    assert [len(layer.sizes["delta"]) for layer in seen.layers] == [1, 1]
    assert seen.loss == float(told[-1].data)


def test_it_looks_when_it_is_time_and_a_step_in_between_has_no_hooks_within(monkeypatch):
    watching = Watching(net(3, 4, 2), monkeypatch, rest=1e9)
    between = []
    watching.model.parts[0].forward = lambda x, forward=watching.model.parts[0].forward: (
        between.append([len(part.after) for part in watching.model.parts]), forward(x))[1]  # fmt: skip
    for _ in range(4):
        watching.step()
    assert [seen.step for seen in watching.seen] == [1]
    assert watching.hooks.steps == 4
    assert between == [[1, 1, 1], [0, 0, 0], [0, 0, 0], [0, 0, 0]]
    assert watching.numbers.fetched == 1


def test_between_two_looks_neither_model_nor_loss_has_a_hook(monkeypatch):
    watching = Watching(net(3, 4, 2), monkeypatch, rest=1e9)
    watching.step()
    assert [len(hooks) for hooks in watching.lists()] == [0] * (len(watching.lists()) - 1) + [1]


def test_nothing_stays_when_they_are_removed_and_training_is_what_it_was(monkeypatch):
    alone, watching = Watching(net(3, 4, 2), monkeypatch), Watching(net(3, 4, 2), monkeypatch)
    alone.hooks.remove()
    losses = [[each.step() for _ in range(5)] for each in (alone, watching)]
    assert losses[0] == losses[1]
    assert alone.seen == []
    watching.hooks.remove()
    assert not any(watching.lists())
    watching.step()
    assert len(watching.seen) == 5


def test_no_tensor_of_a_step_is_kept(monkeypatch):
    watching = Watching(net(3, 4, 2), monkeypatch)
    kept = []
    for part in watching.model.parts:
        part.forward = lambda x, forward=part.forward: kept.append(weakref.ref(y := forward(x))) or y
    watching.step()
    gc.collect()
    assert len(kept) == 3
    assert [ref for ref in kept if ref() is not None] == []


@pytest.mark.parametrize("where", ["size", "rows", "fetch", "copy"])
def test_what_goes_wrong_with_looking_does_not_touch_the_training(where, monkeypatch):
    class Broken(LittleNumbers):
        pass

    def fail(*_):
        raise MemoryError("no room")

    setattr(Broken, where, fail)
    alone = Watching(net(3, 4, 2), monkeypatch)
    watching = Watching(net(3, 4, 2), monkeypatch, numbers=Broken())
    with pytest.warns(UserWarning, match="no longer watches: MemoryError: no room"):
        first = watching.step()
    assert [first, watching.step()] == [alone.step(), alone.step()]
    assert watching.seen == []
    assert not any(watching.lists())
