"""Event files in the gradient laboratory: our own as they were, other people's as far as they hold layers."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from backscope.core import RunConfig, Trainer
from backscope.server import log_events, show_events
from backscope.server.notebook import event_log
from backscope.server.notebook.event_files import EventFileError, read_events
from backscope.server.notebook.event_run import EventRun
from backscope.server.notebook.hooks import Hooks
from backscope.server.notebook.watched_run import WatchedRun
from backscope.server.wire.protocol import decode
from little_torch import SGD, Linear, LittleNumbers, Sequential, Sigmoid, SquaredError, Tensor

writing = pytest.importorskip("tensorboardX")


@pytest.fixture(autouse=True)
def _without_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_log, "REST", 0.0)
    monkeypatch.setattr("backscope.server.notebook.hooks.REST", 0.0)


def of(folder: Path) -> EventRun:
    return EventRun(read_events(folder), folder.name)


def test_a_trainers_run_comes_back_with_its_past_and_its_losses(tmp_path: Path) -> None:
    config = {"data": {"name": "circle", "samples": 60}, "network": {"hidden": [5, 4]}}
    trainer = Trainer(RunConfig.from_json(config))
    with log_events(trainer, tmp_path):
        for _ in range(6):
            trainer.run(10)
    run = of(tmp_path)
    header, arrays = decode(run.message(-1, -1))
    reading = trainer.view.laboratory.read(trainer.theta)
    assert (header["step"], header["untold"]) == (60, ["mean", "spread"])
    for row, name in enumerate(("delta", "gradient", "weight", "weights_part", "slope_part")):
        np.testing.assert_allclose(arrays["layers"][row], getattr(reading, name), rtol=1e-5, err_msg=name)
    np.testing.assert_array_equal(arrays["counts"], reading.input_counts)
    assert {0, 10, 60} <= set(arrays["history_steps"].tolist())
    assert arrays["losses"][-1] == pytest.approx(trainer.evaluate().loss, rel=1e-5)
    assert json.loads(run.news())["layout"]["sizes"] == [2, 5, 4, 1]
    later, _ = decode(run.message(1, header["serial"]))
    assert not later["more"]


def test_a_watched_training_writes_what_its_page_shows(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    layers = [Linear(random.normal(size=size), np.zeros(size[0])) for size in ((4, 3), (4, 4), (1, 4))]
    model = Sequential(*[part for layer in layers for part in (layer, Sigmoid())][:-1])
    optimizer, loss = SGD(model, 0.5), SquaredError()
    watched = WatchedRun(True, {"model": "Sequential", "optimizer": "SGD"}, event_log.EventLog(tmp_path))
    looking = Hooks(model, optimizer, LittleNumbers(), watched.take, loss)
    looking._share = 1.0
    for _ in range(4):
        optimizer.zero_grad()
        loss(model(Tensor(random.normal(size=(8, 3)))), random.normal(size=(8, 1))).backward()
        optimizer.step()
    watched.end()
    shown, read = decode(watched.message(-1, -1) or b""), decode(of(tmp_path).message(-1, -1))
    assert read[0]["step"] == shown[0]["step"] == 4
    known = ~np.isnan(shown[1]["layers"][:6])
    np.testing.assert_allclose(read[1]["layers"][:6][known], shown[1]["layers"][:6][known], rtol=1e-5)
    np.testing.assert_allclose(read[1]["activity"][:2], shown[1]["activity"][:2], rtol=1e-5)
    np.testing.assert_allclose(read[1]["losses"], shown[1]["losses"], rtol=1e-5)


@pytest.mark.parametrize(
    ("weight", "gradient"),
    [
        ("{}.weight", "{}.weight.grad"),
        ("{}/weight", "{}/weight/grad"),
        ("weights/{}.weight", "gradients/{}.weight"),
        ("parameters/{}.weight", "grads/{}.weight"),
        ("{}.weight", "grad/{}/weight"),
    ],
)
def test_histograms_of_others_tell_norms_by_the_names_of_parameters(tmp_path: Path, weight: str, gradient: str) -> None:
    writer = writing.SummaryWriter(str(tmp_path))
    random, norms = np.random.default_rng(2), {}
    for step in (0, 5):
        for name in ("conv1", "head.fc"):
            for tag in (weight, gradient):
                values = random.normal(size=(6, 7))
                norms[tag.format(name)] = np.linalg.norm(values)
                writer.add_histogram(tag.format(name), values, step)
        writer.add_histogram("conv1.bias", random.normal(size=6), step)
        writer.add_scalar("val/loss", 9, step)
        writer.add_scalar("train_loss", 1 / (1 + step), step)
    writer.close()
    header, arrays = decode(of(tmp_path).message(-1, -1))
    assert "delta" in header["untold"]
    assert not {"gradient", "weight"} & set(header["untold"])
    for row, tag in ((2, weight), (1, gradient)):
        expected = [norms[tag.format(name)] for name in ("conv1", "head.fc")]
        np.testing.assert_allclose(arrays["layers"][row], expected, rtol=1e-6)
    assert arrays["losses"].tolist() == pytest.approx([1, 1 / 6])
    assert json.loads(of(tmp_path).news())["layout"]["names"] == ["conv1", "head.fc"]


def test_scalars_of_norms_are_read_too_and_a_loss_alone(tmp_path: Path) -> None:
    writer = writing.SummaryWriter(str(tmp_path / "norms"))
    writer.add_scalar("grad_2.0_norm/fc1.weight", 0.5, 1)
    writer.add_scalar("fc1.weight", 7, 1)  # no norm by its name
    writer.close()
    header, arrays = decode(of(tmp_path / "norms").message(-1, -1))
    assert arrays["layers"][1].tolist() == [0.5]
    assert "weight" in header["untold"]
    writer = writing.SummaryWriter(str(tmp_path / "loss"))
    writer.add_scalar("my_loss", 0.5, 3)
    writer.close()
    header, arrays = decode(of(tmp_path / "loss").message(-1, -1))
    assert (header["step"], arrays["losses"].tolist()) == (3, [0.5])
    assert "gradient" in header["untold"]


def test_files_with_nothing_to_show_say_what_they_hold(tmp_path: Path) -> None:
    writer = writing.SummaryWriter(str(tmp_path))
    writer.add_scalar("speed", 3, 1)
    writer.close()
    with pytest.raises(EventFileError, match=r"holds no loss.* it holds speed"):
        show_events(tmp_path, browser=False)


@pytest.mark.parametrize(
    "told",
    ["[]", "{", '{"names": ["a"]}', '{"names": ["a"], "sizes": [1e9, 2], "activations": ["x"], "normalization": [1]}'],
)
def test_a_text_by_our_name_that_is_not_ours_is_left_aside(tmp_path: Path, told: str) -> None:
    writer = writing.SummaryWriter(str(tmp_path))
    writer.add_text(event_log.LAYOUT, told, 1)
    writer.add_scalar("loss", 3, 1)
    writer.close()
    assert json.loads(of(tmp_path).news())["layout"]["names"] == ["–"]
