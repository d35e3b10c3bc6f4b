"""What a trainer says about one of its numbers: the last batch's gradient, the step, edits of parameters."""

import numpy as np
import pytest
from backscope.core.config.config import RunConfig
from backscope.core.ground.errors import ConfigError
from backscope.core.insight.explain import Target, explained
from backscope.core.optimizers.table import OPTIMIZERS
from backscope.core.run.trainer import Trainer

VARIANTS = {
    "plain": {},
    "adam": {"optimizer": {"name": "adam", "learning_rate": 0.01}},
    "penalties": {"l1": 1e-3, "l2": 1e-2, "clip_norm": 0.1},
    "batch": {"network": {"hidden": [4, 3], "normalization": "batch"}},
    "layer": {"network": {"hidden": [4, 3], "normalization": "layer"}},
    "dropout": {"network": {"hidden": [8, 6], "dropout": 0.4}},
    "deep": {"network": {"hidden": [4] * 8, "activation": "sigmoid"}},
    "no bias": {"network": {"hidden": [4, 3], "bias": False}},
}


def trainer_of(name: str, **more) -> Trainer:
    return Trainer(RunConfig.from_json({"data": {"name": "circle"}, **VARIANTS[name], **more}))


def places(trainer: Trainer):
    net = trainer.network
    for layer, block in enumerate(net.blocks, start=1):
        for k in range(block.rows):
            for j in range(block.cols):
                target = Target(layer, j, k)
                if not net.is_fixed(target.index(net)):
                    yield target
        if block.normalized:
            yield from (Target(layer, j, which) for which in ("gamma", "beta") for j in range(block.cols))


@pytest.mark.parametrize("name", VARIANTS)
def test_the_tree_of_the_last_batch_is_its_gradient(name: str) -> None:
    trainer = trainer_of(name)
    assert trainer.last_step.tape() is None
    trainer.run(37)
    tape = trainer.last_step.tape()
    assert tape is not None
    size = np.abs(trainer.gradient).max()
    for target in places(trainer):
        index = target.index(trainer.network)
        tree = tape.gradient(target, None)
        parts = trainer.last_step.gradient_parts(index)
        assert tree.value == pytest.approx(parts.slope, rel=1e-11, abs=1e-11 * size)
        assert parts.slope + parts.penalty == pytest.approx(trainer.gradient[index], rel=1e-11, abs=1e-11 * size)
        assert tree.combined() == pytest.approx(tree.value, rel=1e-11, abs=1e-12 * size)


def test_the_parameters_before_the_last_step() -> None:
    trainer = trainer_of("adam")
    for _ in range(20):
        before = trainer.theta.copy()
        trainer.step()
        np.testing.assert_allclose(trainer.last_step.before, before, rtol=0, atol=1e-15)
        trainer.edit(parameters={"3": 0.25, "5": -1.0})
        np.testing.assert_allclose(trainer.last_step.before, before, rtol=0, atol=1e-15)
        assert trainer.theta[3] == 0.25


def test_rows_of_the_last_batch() -> None:
    trainer = trainer_of("plain", batch_size=7)
    for _ in range(90):
        trainer.step()
        rows, tape = trainer.last_step.rows(), trainer.last_step.tape()
        np.testing.assert_array_equal(tape.x[:-1].T, trainer.dataset.X_train[rows])
        np.testing.assert_array_equal(tape.y.T, trainer.dataset.y_train[rows])
    trainer.edit(batch_size=13)
    np.testing.assert_array_equal(trainer.last_step.rows(), rows)


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("steps", [1, 2, 30])
def test_the_terms_of_a_step_give_the_step(name: str, steps: int) -> None:
    trainer = trainer_of("plain", optimizer={"name": name, "learning_rate": 0.05}, schedule="cosine")
    assert np.isnan(trainer.last_step.terms(0)["step"])
    trainer.run(steps)
    for index in range(trainer.theta.size):
        terms = trainer.last_step.terms(index)
        assert list(terms)[-1] == "step"
        assert terms["step"] == pytest.approx(trainer.update[index], rel=1e-9, abs=1e-16)


@pytest.mark.parametrize("more", [{"centered": 1}, {"momentum": 0.9}, {"centered": 1, "momentum": 0.5}])
def test_the_terms_of_rmsprop_in_all_its_forms(more) -> None:
    trainer = trainer_of("plain", optimizer={"name": "rmsprop", "learning_rate": 0.01, **more})
    trainer.run(20)
    for index in range(trainer.theta.size):
        terms = trainer.last_step.terms(index)
        assert terms["step"] == pytest.approx(trainer.update[index], rel=1e-7, abs=1e-16)
        if "momentum" in more:
            quotient = terms["g"] / (terms["c" if "centered" in more else "s"] ** 0.5 + terms["eps"])
            assert more["momentum"] * terms["v_before"] + quotient == pytest.approx(terms["v"], rel=1e-9)


def test_a_sample_is_explained_at_the_present_parameters() -> None:
    trainer = trainer_of("plain")
    trainer.run(10)
    found = explained(trainer.view.tape(3), Target(2, 0), 0, lambda: None)
    trace = trainer.view.trace(3)
    at = sum(trainer.network.sizes[:2])
    assert found.value == pytest.approx(trace.D[at], rel=1e-12)
    assert found.forward.value == trace.Z[at]


# Parameters changed by hand


def test_an_edit_of_a_parameter_is_an_event_like_any_other() -> None:
    trainer = trainer_of("adam")
    trainer.run(70)
    trainer.edit(parameters={"4": 1.5})
    assert trainer.theta[4] == 1.5
    trainer.run(80)
    end = trainer.theta.copy()
    for step in (70, 64, 71, 0, 150):
        trainer.seek(step)
        if step == 70:
            assert trainer.theta[4] == 1.5
            assert trainer.track.path()[1][-1][4] == 1.5
    np.testing.assert_array_equal(trainer.theta, end)
    rebuilt = Trainer.from_log(RunConfig.from_json(trainer.config.to_json()), [e.to_json() for e in trainer.edits.log])
    rebuilt.run(150)
    np.testing.assert_array_equal(rebuilt.theta, end)
    trainer.seek(69)
    assert trainer.theta[4] != 1.5


@pytest.mark.parametrize("step", [0, 64, 128])
def test_an_edit_at_a_keyframe_is_kept(step: int) -> None:
    trainer = trainer_of("plain")
    trainer.run(step)
    trainer.edit(parameters={"0": -2.0})
    loss = trainer.evaluate().loss
    trainer.run(100)
    end = trainer.theta.copy()
    trainer.seek(step)
    assert trainer.theta[0] == -2.0
    assert trainer.evaluate().loss == loss
    trainer.seek(step + 100)
    np.testing.assert_array_equal(trainer.theta, end)


def test_an_edit_in_the_past_starts_a_branch() -> None:
    trainer = trainer_of("plain")
    trainer.run(100)
    trainer.seek(50)
    trainer.edit(parameters={"1": 0.0})
    assert trainer.furthest == 50
    assert trainer.edits.branch == 1


@pytest.mark.parametrize(
    "bad", [{}, {"99": 1.0}, {"-1": 1.0}, {"x": 1.0}, {"1": 2e6}, {"1": float("nan")}, {"1": "2"}, [1], {"1.5": 0}]
)
def test_bad_parameters_are_refused_and_change_nothing(bad) -> None:
    trainer = trainer_of("plain")
    trainer.run(5)
    before = trainer.theta.copy()
    with pytest.raises(ConfigError):
        trainer.edit(parameters=bad)
    np.testing.assert_array_equal(trainer.theta, before)
    assert trainer.edits.log == []


def test_a_bias_that_beta_stands_in_for_cannot_be_set() -> None:
    trainer = trainer_of("batch")
    fixed = Target(1, 0, 2).index(trainer.network)
    with pytest.raises(ConfigError, match="β"):
        trainer.edit(parameters={str(fixed): 1.0})


def test_the_history_of_a_parameter() -> None:
    trainer = trainer_of("plain")
    trainer.run(333)
    steps, values = trainer.track.parameter(2, 50)
    assert steps[0] == 0
    assert steps[-1] == 333
    assert values[-1] == trainer.theta[2]
    assert len(steps) <= 52
    trainer.seek(int(steps[5]))
    assert trainer.theta[2] == values[5]
