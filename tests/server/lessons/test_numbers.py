"""Numbers that stand in the lessons' texts, computed; those that come live from the run need no test here."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

import numpy as np
import pytest
from backscope.core import LANDSCAPES, RunConfig, Trainer
from backscope.core.insight.graph import graph_of
from backscope.core.surface.curvature import sharpness
from backscope.server.lessons.shelf import LANGUAGES
from walking import LESSONS, SHELF


def config_of(lesson: str, step: int) -> RunConfig:
    return RunConfig.from_json(SHELF.lesson(lesson, "en")["steps"][step - 1]["state"]["config"])


def sharpness_of(trainer: Trainer) -> float:
    data, loss = trainer.dataset, trainer.config.output_and_loss()[1]
    return sharpness(trainer.network, trainer.theta, data.X_train, data.y_train, loss).value


def vanishing() -> dict[str, bool]:
    trainer = Trainer(config_of("vanishing", 1))
    trainer.run(300)
    delta = trainer.last_step.norms()[0]
    return {
        "2.303": round(math.log(10), 3) == 2.303,
        r"4^{-12} \approx 6 \cdot 10^{-8}": round(4**-12 * 1e8) == 6,
        r"\approx 0.3": 0.25 < delta[-1] < 0.35,
        "12": len(delta) - 1 == 12,
    }


def cures() -> dict[str, bool]:
    trainer = Trainer(config_of("vanishing", 1))
    trainer.run(300)
    delta = trainer.last_step.norms()[0]
    return {"600": True, "ten-millionth|千万分之一": delta[0] / delta[-1] < 1e-7}


def learning_rate() -> dict[str, bool]:
    landscape, h = LANDSCAPES["booth"], 1e-3
    at = np.array([1.0, 3.0])

    def value(x: float, y: float) -> float:
        return float(landscape.f(np.float64(x), np.float64(y)))

    def second(u: np.ndarray, v: np.ndarray) -> float:
        points = [(at + a * h * u + b * h * v, a * b) for a in (-1, 1) for b in (-1, 1)]
        return sum(sign * value(*point) for point, sign in points) / (4 * h * h)

    basis = np.eye(2)
    hessian = np.array([[second(u, v) for v in basis] for u in basis])
    steep = np.linalg.eigvalsh(hessian)
    return {
        "(1, 3)": value(1, 3) == 0,
        "= 2 + 8 = 10": np.allclose(np.diag(hessian), 10),
        "= 4 + 4 = 8": np.isclose(hessian[0, 1], 8),
        "10 + 8 = 18": np.isclose(steep[1], 18),
        "10 - 8 = 2": np.isclose(steep[0], 2),
        r"0.11 \cdot 18 = -0.98": np.isclose(1 - 0.11 * steep[1], -0.98),
        r"0.12 \cdot 18 = -1.16": np.isclose(1 - 0.12 * steep[1], -1.16),
    }


def minima() -> dict[str, bool]:
    tang, four = LANDSCAPES["styblinski_tang"], LANDSCAPES["himmelblau"].minima
    return {
        r"\approx 72": int(math.log(1000) / math.log(1.1)) == 72,
        "−78.3": round(float(tang.lowest or 0), 1) == -78.3,
        "(−2.9, −2.9)": np.allclose(tang.minima[0], (-2.9, -2.9), atol=0.05),
        "(3, 2)": len(four) == 4 and any(np.allclose(point, (3, 2)) for point in four),
        "(−2.8, 3.1)": any(np.allclose(point, (-2.8, 3.1), atol=0.05) for point in four),
        "(−3.8, −3.3)": any(np.allclose(point, (-3.8, -3.3), atol=0.05) for point in four),
        "(3.6, −1.8)": any(np.allclose(point, (3.6, -1.8), atol=0.05) for point in four),
    }


def digits() -> dict[str, bool]:
    config = config_of("digits", 1)
    data = Trainer(config).dataset
    return {
        r"64 \cdot 30 + 30": config.parameter_count == 64 * 30 + 30 + 30 * 10 + 10,
        "1,797|1797": len(data.X_train) + len(data.X_test) == 1797,
    }


def batches() -> dict[str, bool]:
    return {"28": len(Trainer(config_of("batches", 1)).dataset.X_train) == 280}


def edge() -> dict[str, bool]:
    trainer = Trainer(config_of("edge", 1))
    first = sharpness_of(trainer)
    trainer.run(2000)
    second = sharpness_of(trainer)
    trainer.edit(learning_rate=0.2)
    trainer.run(500)
    third = sharpness_of(trainer)
    return {"8": 7 < first < 9, "20": 18 < second < 22, "= 10": 9 < third < 11}


def whole_loop() -> dict[str, bool]:
    """The first step of Mazur's net as a run: every number that his article prints, and what its biases change."""
    trainer = Trainer(config_of("whole-loop", 1))
    net, (data, theta) = trainer.network, (trainer.dataset, np.array(trainer.theta))
    before = net.backpropagate(theta, data.X_train, data.y_train, "half_squared_error")
    trainer.run(1)
    first, second = net.unpack(trainer.theta)
    held, start = np.array(trainer.theta), net.unpack(theta)
    for layer, old in zip(net.unpack(held), start, strict=True):
        layer.b[...] = old.b
    hidden, output = before.layers
    assert hidden.a[0] == pytest.approx([0.593269992, 0.596884378], abs=5e-10)
    assert output.a[0] == pytest.approx([0.751365070, 0.772928465], abs=5e-10)
    assert before.loss == pytest.approx(0.298371109, abs=5e-10)
    assert [output.dW[0, 0], hidden.dW[0, 0]] == pytest.approx([0.082167041, 0.000438568], abs=5e-10)
    assert first.W.ravel() == pytest.approx([0.149780716, 0.19956143, 0.24975114, 0.29950229], abs=5e-9)
    assert second.W.ravel() == pytest.approx([0.35891648, 0.408666186, 0.511301270, 0.561370121], abs=5e-9)
    without = net.backpropagate(held, data.X_train, data.y_train, "half_squared_error").loss
    return {
        "0.2984": round(before.loss, 4) == 0.2984,
        "0.2805": round(trainer.evaluate().loss, 4) == 0.2805,
        "0.2910": round(without, 4) == 0.2910,
        "0.291027774": f"{without:.9f}" == "0.291027774",
        "w^2_{11} = 0.35891648": f"{second.W[0, 0]:.8f}" == "0.35891648",
        "w^1_{11} = 0.149780716": f"{first.W[0, 0]:.9f}" == "0.149780716",
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_mazurs_net_is_a_graph_with_the_numbers_of_his_article(language: str) -> None:
    """His gradients to all digits that he prints; and his error after the step, done right."""
    text = (LESSONS / "whole-loop" / f"{language}.md").read_text("utf-8")
    graph = graph_of(re.findall(r"<graph:(.*?)>", text)[0])
    names = [node.name for node in graph.nodes]
    passes = graph.run(graph.given)
    found = dict(zip(names, passes.derivatives, strict=True))
    assert passes.values[-1] == pytest.approx(0.298371109, abs=1e-9)
    assert [found["w5"], found["w1"]] == pytest.approx([0.082167041, 0.000438568], abs=1e-9)
    assert dict(zip(names, passes.values, strict=True))["o2"] == pytest.approx(0.772928465, abs=1e-9)
    assert found["h1"] == pytest.approx(0.4 * 0.138498562 - 0.5 * 0.038098237, rel=1e-7)
    moved = {name: value - 0.5 * found[name] * name.startswith("w") for name, value in graph.given.items()}
    assert graph.run(moved).values[-1] == pytest.approx(0.291027774, abs=1e-9)


NUMBERS: dict[str, Callable[[], dict[str, bool]]] = {
    "batches": batches,
    "cures": cures,
    "digits": digits,
    "edge": edge,
    "learning-rate": learning_rate,
    "minima": minima,
    "vanishing": vanishing,
    "whole-loop": whole_loop,
}


@pytest.mark.parametrize("lesson", NUMBERS)
def test_numbers_in_the_text_are_right(lesson: str) -> None:
    texts = [(LESSONS / lesson / f"{language}.md").read_text("utf-8") for language in LANGUAGES]
    for written, right in NUMBERS[lesson]().items():
        assert right, f"{lesson}: {written}"
        for text in texts:
            assert any(way in text for way in written.split("|")), f"{lesson} does not say {written}"
