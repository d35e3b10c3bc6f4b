"""A user's own parts: checked when they are registered, then like all others in runs, scripts and lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from backscope.core import (
    ACTIVATIONS,
    DATASETS,
    LOSSES,
    OPTIMIZERS,
    SCHEDULES,
    ConfigError,
    Hyperparameter,
    Network,
    RunConfig,
    Trainer,
    check_gradient,
    forget,
    make_optimizer,
    own_activation,
    own_loss,
    own_optimizer,
    own_points,
    own_schedule,
    register,
    table_from_arrays,
)
from backscope.core.config.registering import (
    TABLES,
    check_activation,
    check_loss,
    check_optimizer,
    check_schedule,
)
from backscope.core.export import numpy_script
from backscope.core.ground.expressions import expression
from backscope.core.optimizers.formula import terms

PULL = (Hyperparameter("pull", 0.6, 0.0, 0.9), Hyperparameter("floor", 0.5, 1e-6, 10.0))


def bend() -> Any:
    return own_activation("bend", "z / sqrt(1 + z**2)", "1 / sqrt(1 + z**2)**3", bounded=True)


def soft() -> Any:
    return own_loss(
        "soft", "mean(scale * (sqrt(1 + (a - y)**2) - 1))", "scale * (a - y) / sqrt(1 + (a - y)**2) / outputs",
        constants={"scale": 2.0},
    )  # fmt: skip


def drift() -> Any:
    return own_optimizer("drift", ["v <- pull * v + g", "step = -eta * v / (abs(v) + floor)"], PULL, usual_rate=0.02)


def fading() -> Any:
    return own_schedule("fading", "1 / (1 + t / period)", [Hyperparameter("period", 100, 1, 1e6)])


def corners(labels: Any, rng: np.random.Generator) -> Any:
    return rng.uniform(-0.3, 0.3, (len(labels), 2)) + (1.4 * labels[:, None] - 0.7)


@pytest.fixture
def registered() -> Iterator[None]:
    for part in (bend(), soft(), drift(), fading()):
        register(part)
    register(own_points(corners, class_names=("left", "right")), name="corners", words={"en": "Corners", "zh": "两角"})
    yield
    for name in ("bend", "soft", "drift", "fading", "corners"):
        forget(name)


@pytest.mark.usefixtures("registered")
def test_own_parts_train_come_back_to_the_bit_and_are_taken_away() -> None:
    start = {"data": {"name": "corners"}, "network": {"activation": "bend", "output": "bend"}, "loss": "soft"}
    trainer = Trainer(RunConfig.from_json({**start, "optimizer": {"name": "drift"}, "schedule": "fading"}))
    losses = [trainer.step() for _ in range(30)]
    trainer.edit(floor=0.25)
    losses += [trainer.step() for _ in range(30)]
    assert trainer.evaluate().loss < losses[0]
    end = trainer.theta.tobytes()
    trainer.seek(7)
    trainer.seek(60)
    assert trainer.theta.tobytes() == end
    script: dict[str, Any] = {"print": lambda *_: None}
    exec(compile(numpy_script(trainer), "script", "exec"), script)
    np.testing.assert_allclose(script["losses"], losses, rtol=1e-9)

    rng = np.random.default_rng(0)
    net = Network([2, 4, 3], activation="bend", output="bend")
    theta = net.initialize("xavier_uniform", seed=1)
    assert check_gradient(net, theta, rng.normal(size=(9, 2)), rng.normal(size=(9, 3)), loss="soft") < 1e-6


def test_a_part_is_what_runs_and_what_is_written() -> None:
    z = np.linspace(-5, 5, 101)
    np.testing.assert_allclose(bend().apply(z), z / np.sqrt(1 + z * z), rtol=1e-15)
    np.testing.assert_allclose(bend().second(z), -3 * z / np.sqrt(1 + z * z) ** 5, atol=1e-9)
    told = own_activation("bend", "z / sqrt(1 + z**2)", "1 / sqrt(1 + z**2)**3", second="-3 * z / sqrt(1 + z**2)**5")
    np.testing.assert_allclose(told.second(z), -3 * z / np.sqrt(1 + z * z) ** 5, rtol=1e-14)

    rule, v, w = drift()(0.1), 0.0, np.array([0.3])
    for g in (1.0, -0.5, 2.0):
        v = 0.6 * v + g
        step = rule.step(w, np.array([g]))
        np.testing.assert_allclose(step, -0.1 * v / (abs(v) + 0.5))
        np.testing.assert_allclose(terms(rule, np.array([g]), w)["step"], step)
    assert rule.state()[1]["v"][0] == v


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.kind)
def test_own_parts_stand_last_replace_their_like_and_leave(table: Any) -> None:
    parts = {"activation": bend(), "loss": soft(), "optimizer": drift(), "schedule": fading()}
    part, name = parts.get(table.kind, own_points(corners)), "corners" if table.kind == "dataset" else None
    before = list(table)
    key = register(part, name=name, words="Mine")
    changed = table.changes
    register(part, name=name)
    assert [*table] == [*before, key]
    assert table.words[key] == {"en": key.capitalize()}
    assert table.changes > changed
    forget(key)
    assert [*table] == before
    forget(before[0])
    assert [*table] == before, "what was there from the beginning stays"


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.kind)
def test_a_name_that_is_taken_or_cannot_be_is_refused_in_words(table: Any) -> None:
    for name in table:
        with pytest.raises(ConfigError, match=rf"there is an? {table.kind} {name} already: choose a name other than"):
            table.check_name(name)
    for name in ("", "Two words", "1st", "x" * 33, None, "a-b"):
        with pytest.raises(ConfigError, match="the name of a part must be"):
            table.check_name(name)


REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "slope": (lambda: own_activation("bad", "z**2", "z"), r"activation bad: at z = -?[\d.]+ the slope is \S+, and a"),
    "kink": (lambda: own_activation("bad", "abs(z)", "1"), r"at z = -[\d.]+ the slope is 1, and .* gives -1"),
    "second": (lambda: own_activation("bad", "z**3", "3*z**2", second="1"), "the second derivative is 1, and"),
    "no number": (lambda: own_activation("bad", "sqrt(z)", "1/2/sqrt(z)"), "activation bad: f is nan at z = -60"),
    "loss": (lambda: own_loss("bad", "mean((a - y)**2)", "a - y"), r"loss bad: at a = [\d.]+, y = \d the deriv"),
    "schedule": (lambda: own_schedule("bad", "1 - t / 100"), "the factor after 999 steps must be 0 or more, got -8.99"),
    "rule": (lambda: own_optimizer("bad", ["step = -eta * g / (g - g)"]), "optimizer bad: the step is -?inf at param"),
    "place": (lambda: own_points(lambda labels, rng: labels), r"array of shape \(\d+, 2\), got \(\d+,\)"),
    "outside": (lambda: own_points(lambda labels, rng: labels[:, None] + [3, 4]), r"sample 0 is placed at \(3, 4\)"),
}


@pytest.mark.parametrize(("make", "words"), REFUSED.values(), ids=REFUSED)
def test_a_part_that_is_not_what_it_says_is_refused_with_the_place(make: Callable[[], Any], words: str) -> None:
    before = [list(table) for table in TABLES]
    part = make()
    with pytest.raises(ConfigError, match=words):
        register(part, name="bad")
    assert [list(table) for table in TABLES] == before


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: own_activation("bad", "z + q", "1"), "has the name q: it knows z"),
        (lambda: own_activation("bad", "import os", "1"), "cannot be read"),
        (lambda: own_loss("bad", "sum(z)", "1"), "has the name z"),
        (lambda: own_optimizer("bad", ["c = v + g", "v <- c", "step = -eta * c"]), "the line of v must stand first"),
        (lambda: own_optimizer("bad", ["v <- g"]), 'the last line of optimizer bad must be "step = …"'),
        (lambda: own_optimizer("bad", ["step"]), 'must be "name = …" or "name <- …"'),
        (lambda: register(3), "what is registered must be an activation, a loss"),
        (lambda: register(own_points(corners)), "data need a name"),
    ],
)
def test_what_cannot_be_a_part_is_refused(make: Callable[[], Any], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        make()


def test_a_rule_in_python_is_held_against_its_lines() -> None:
    class Half(type(make_optimizer("sgd"))):  # type: ignore[misc]  # a class that is found when the test runs
        name = "half"

        def _rule(self, theta: Any, gradient: Any) -> None:
            super()._rule(theta, gradient / 2)

    with pytest.raises(ConfigError, match=r"optimizer half: at parameter \d the step is \S+, and its lines give "):
        register(Half)


def test_a_table_by_a_name_is_a_data_set() -> None:
    points = np.random.default_rng(0).normal(size=(60, 3))
    table = table_from_arrays(points, points[:, 0] > 0, columns=["a", "b", "c"])
    register(table, name="measured")
    try:
        trainer = Trainer(RunConfig.from_json({"data": {"name": "measured"}}))
        trainer.run(20)
        assert trainer.dataset.features == ("a", "b", "c")
    finally:
        forget("measured")
    with pytest.raises(ConfigError, match="data must be one of"):
        RunConfig.from_json({"data": {"name": "measured"}})


def test_all_that_is_there_passes_the_checks_of_own_parts() -> None:
    for activation in ACTIVATIONS.values():
        if activation.name != "leaky_relu":  # its formula has a number of the run's
            check_activation(activation)
    for loss in LOSSES.values():
        check_loss(loss)
    for rule in OPTIMIZERS.values():
        if not rule.told:  # those take matrices whole
            check_optimizer(rule)
    for schedule in SCHEDULES.values():
        with pytest.raises(ConfigError, match="needs a formula"):
            check_schedule(replace(schedule))
    assert "circle" in DATASETS
    assert expression("z").names == ("z",)
