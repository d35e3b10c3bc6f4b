"""`watch` on real PyTorch models, where it is installed: the core's own numbers, and a training that is left alone."""

from __future__ import annotations

import gc
import json
import time
import urllib.request
import weakref

import numpy as np
import pytest
from backscope.core import DataConfig, Network, make_dataset
from backscope.core.insight.laboratory import Laboratory
from backscope.core.nets.arena import with_ones
from backscope.core.nets.losses import LOSSES
from backscope.server import watch
from backscope.server.notebook.hooks import Hooks
from backscope.server.notebook.seen import StepSeen
from backscope.server.notebook.torch_numbers import TorchNumbers
from backscope.server.notebook.watched_reading import read


def test_what_is_no_model_is_refused_in_words():
    with pytest.raises(TypeError, match=r"model must be a torch.nn.Module, got int"):
        watch(3, None, browser=False)
    with pytest.raises(ValueError, match=r"share must lie in \(0, 0.5\], got 0.9"):
        watch(3, None, share=0.9, browser=False)


class TestTorch:
    """With PyTorch itself."""

    @pytest.fixture(autouse=True)
    def _torch(self, monkeypatch):
        self.torch = pytest.importorskip("torch")
        monkeypatch.setattr("backscope.server.notebook.hooks.REST", 0.0)

    def looked(self, model, step, optimizer=None, steps=1):
        """What is seen of some steps."""
        optimizer = optimizer or self.torch.optim.SGD(model.parameters(), lr=0.1)
        seen: list[StepSeen] = []
        hooks = Hooks(model, optimizer, TorchNumbers(), seen.append)
        hooks._share = 1.0
        for _ in range(steps):
            step(optimizer)
        hooks.remove()
        return seen

    def training(self, model, X, Y, loss):
        def step(optimizer):
            optimizer.zero_grad()
            loss(model(X), Y).backward()
            optimizer.step()

        return step

    @pytest.mark.parametrize(("precision", "bound"), [("float64", 1e-9), ("float32", 1e-5)])
    def test_twelve_sigmoid_layers_show_the_factors_that_the_core_computes(self, precision, bound):
        torch, dtype = self.torch, getattr(self.torch, precision)
        digits = make_dataset(DataConfig("digits"), seed=0)
        X, Y = digits.X_train[:200], digits.y_train[:200]
        network = Network([64] + [30] * 12 + [10], "sigmoid", "softmax")
        theta = network.initialize("xavier_uniform", 3)
        parts = []
        for block, n_in, n_out in zip(network.blocks, network.sizes, network.sizes[1:], strict=False):
            linear = torch.nn.Linear(n_in, n_out, dtype=dtype)
            W = torch.tensor(block.view(theta), dtype=dtype)
            with torch.no_grad():
                linear.weight.copy_(W[:n_in].T)
                linear.bias.copy_(W[n_in])
            parts += [linear, torch.nn.Sigmoid()]
        model = torch.nn.Sequential(*parts[:-1])
        step = self.training(
            model, torch.tensor(X, dtype=dtype), torch.tensor(Y, dtype=dtype), torch.nn.CrossEntropyLoss()
        )
        found = read(self.looked(model, step)[0], averaged=True).reading
        every = Laboratory(network, LOSSES["cross_entropy"], with_ones(X, True, np.float64), Y).read(theta)
        for name in ("factor", "weights_part", "slope_part", "delta", "gradient", "weight", "slope", "mean_gain"):
            np.testing.assert_allclose(getattr(found, name), getattr(every, name), rtol=bound, err_msg=name)
        np.testing.assert_array_equal(found.health, every.health)
        assert found.delta[0] < 1e-7

    def test_errors_whose_squares_underflow_are_not_called_zero(self):
        torch = self.torch
        tiny = torch.full((4, 3), 1e-30)
        assert float(TorchNumbers().size(tiny)) == pytest.approx(1e-30, rel=1e-6)
        assert float(TorchNumbers().size(torch.zeros(3))) == 0
        assert np.isinf(float(TorchNumbers().size(torch.tensor([1.0, float("inf")]))))

    @pytest.mark.parametrize("inplace", [False, True])
    def test_activations_called_as_functions_are_seen_as_modules_are(self, inplace):
        torch = self.torch

        class Functional(torch.nn.Module):
            def __init__(self):
                super().__init__()
                torch.manual_seed(1)
                self.first, self.second, self.last = (torch.nn.Linear(5, 5) for _ in range(3))

            def forward(self, x):
                x = torch.nn.functional.leaky_relu(self.first(x), 0.2, inplace=inplace)
                return self.last(torch.tanh(self.second(x)))

        model = Functional()
        same = torch.nn.Sequential(
            model.first, torch.nn.LeakyReLU(0.2, inplace=inplace), model.second, torch.nn.Tanh(), model.last
        )
        X, Y = torch.randn(20, 5), torch.randn(20, 5)
        readings = []
        for each in (model, same):
            step = self.training(each, X, Y, torch.nn.MSELoss())
            still = torch.optim.SGD(each.parameters(), lr=0.0)
            readings.append(read(self.looked(each, step, still)[0], averaged=True))
        assert readings[0].functions == readings[1].functions == ["leaky_relu", "tanh", "identity"]
        for name in ("delta", "factor", "slope", "input_counts"):
            np.testing.assert_array_equal(*(getattr(each.reading, name) for each in readings))
        np.testing.assert_array_equal(readings[0].activity, readings[1].activity)

    def test_convolutions_and_normalization_are_layers_with_their_parts(self):
        torch = self.torch
        model = torch.nn.Sequential(
            torch.nn.Conv2d(2, 6, 3), torch.nn.BatchNorm2d(6), torch.nn.ReLU(),
            torch.nn.Flatten(), torch.nn.Linear(6 * 36, 4),
        )  # fmt: skip
        step = self.training(model, torch.randn(9, 2, 8, 8), torch.randn(9, 4), torch.nn.MSELoss())
        found = read(self.looked(model, step)[0], averaged=True)
        assert found.sizes == [2, 6, 4]
        assert found.normalization == ["batch", None]
        assert len(found.reading.health) == 10
        np.testing.assert_allclose(found.reading.factor[0], found.reading.delta[0] / found.reading.delta[1], rtol=1e-5)
        assert found.reading.normalization_part[0] not in (1.0, np.nan)

    def test_lbfgs_evaluates_its_closure_many_times_and_the_last_counts(self):
        torch = self.torch
        model = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1))
        X, Y = torch.randn(10, 3), torch.randn(10, 1)
        calls = []

        def step(optimizer):
            def closure():
                optimizer.zero_grad()
                loss = torch.nn.functional.mse_loss(model(X), Y)
                loss.backward()
                calls.append(loss.item())
                return loss

            optimizer.step(closure)

        (seen,) = self.looked(model, step, torch.optim.LBFGS(model.parameters()))
        assert len(calls) > 3
        assert all(len(layer.sizes["delta"]) == 1 for layer in seen.layers)
        assert seen.loss == pytest.approx(calls[-1], rel=1e-6)

    def test_no_graph_lives_on_and_nothing_stays(self):
        torch = self.torch
        model = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Sigmoid(), torch.nn.Linear(4, 1))
        optimizer, criterion, kept = torch.optim.Adam(model.parameters()), torch.nn.MSELoss(), []
        with watch(model, optimizer, loss=criterion, browser=False) as watched:
            for _ in range(3):
                output = model(torch.randn(6, 3))
                loss = criterion(output, torch.randn(6, 1))
                kept += [weakref.ref(output), weakref.ref(loss)]
                loss.backward()
                optimizer.step()
                del output, loss
            gc.collect()
            assert [ref for ref in kept if ref() is not None] == []
            assert watched.steps == 3
        for module in [*model.modules(), criterion]:
            assert not module._forward_hooks
            assert not module._forward_pre_hooks
        assert not optimizer._optimizer_step_pre_hooks
        assert not optimizer._optimizer_step_post_hooks
        with urllib.request.urlopen(watched.url, timeout=20) as answer:
            assert b"watch.js" in answer.read()
        assert json.loads(watched._run.news())["ended"] is True
        watched.close()
        assert not watched.running

    def test_evaluating_without_gradients_is_not_looked_at(self):
        torch = self.torch
        model = torch.nn.Linear(3, 1)

        def step(optimizer):
            with torch.no_grad():
                model(torch.randn(500, 3))
            self.training(model, torch.randn(5, 3), torch.randn(5, 1), torch.nn.MSELoss())(optimizer)

        assert self.looked(model, step)[0].layers[0].batch == 5

    @pytest.mark.long
    @pytest.mark.parametrize(("width", "depth", "batch"), [(16, 3, 32), (64, 12, 128), (512, 6, 256)])
    def test_watching_costs_less_than_a_twentieth(self, width, depth, batch, monkeypatch):
        """Compared side by side, in turns, with the default rate; the median of the turns counts."""
        torch = self.torch
        monkeypatch.setattr("backscope.server.notebook.hooks.REST", 0.2)
        torch.set_num_threads(1)
        parts = [part for _ in range(depth) for part in (torch.nn.Linear(width, width), torch.nn.Sigmoid())]
        model, X = torch.nn.Sequential(*parts), torch.randn(batch, width)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
        step = self.training(model, X, torch.randn(batch, width), torch.nn.MSELoss())

        def rate(seconds):
            count, begin = 0, time.process_time()
            while time.process_time() - begin < seconds:
                step(optimizer)
                count += 1
            return count / (time.process_time() - begin)

        rate(1.0)
        shares = []
        for _ in range(9):
            alone = rate(2.0)
            hooks = Hooks(model, optimizer, TorchNumbers(), lambda seen: read(seen, averaged=True))
            watched = rate(2.0)
            hooks.remove()
            shares.append(alone / watched - 1)
        print(f"{width}-{depth}-{batch}: {100 * float(np.median(shares)):.1f} % of a step")
        assert np.median(shares) < 0.05
