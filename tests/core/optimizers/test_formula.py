"""The lines of every rule: reckoned from what a step left behind, they give the step and the memory."""

import json

import numpy as np
import pytest
from backscope.core.optimizers.formula import formula_json, part, terms
from backscope.core.optimizers.table import OPTIMIZERS, make_optimizer

#: Hyperparameters that give a rule another form.
FORMS = {
    **{name: (name, {}) for name in OPTIMIZERS},
    "momentum, dampened": ("momentum", {"dampening": 0.3}),
    "adagrad, decaying": ("adagrad", {"lr_decay": 0.1}),
    "rmsprop, centred": ("rmsprop", {"centered": 1}),
    "rmsprop with momentum": ("rmsprop", {"momentum": 0.8}),
    "rmsprop, centred, with momentum": ("rmsprop", {"centered": 1, "momentum": 0.8}),
    "adamw, decaying": ("adamw", {"weight_decay": 0.5}),
    "lion, decaying": ("lion", {"weight_decay": 0.5}),
    "nadam, decaying": ("nadam", {"momentum_decay": 0.3}),
    "schedule_free_adamw, decaying": ("schedule_free_adamw", {"weight_decay": 0.5}),
}


def made(form):
    """A rule, which knows another gradient if it asks for one: an odd function of where."""
    name, given = FORMS[form]
    optimizer = make_optimizer(name, 0.05, **given)
    optimizer.elsewhere = lambda point: 3.0 * point
    return optimizer


def steps(form, count, size=5):
    """Yield a rule after each of some steps, its gradient, the parameters and the memory before the step."""
    optimizer, rng = made(form), np.random.default_rng(3)
    theta = rng.normal(size=size)
    optimizer.start(theta)
    for _ in range(count):
        gradient, before, (_, kept) = rng.normal(size=size), theta, optimizer.state()
        theta = theta + optimizer.step(theta, gradient)
        yield optimizer, gradient, before, kept


@pytest.mark.parametrize("form", FORMS)
def test_the_lines_give_the_step(form):
    for optimizer, gradient, before, _ in steps(form, 40):
        found = terms(optimizer, gradient, before)
        assert list(found)[-1] == "step" == optimizer.lines()[-1].name
        np.testing.assert_allclose(found["step"], optimizer.update, rtol=1e-8, atol=1e-16)


@pytest.mark.parametrize("form", FORMS)
def test_one_parameter_is_told_as_all_are(form):
    for optimizer, gradient, before, _ in steps(form, 3):
        found = terms(optimizer, gradient, before)
        for index in range(len(before)):
            one = terms(optimizer, gradient[index], before[index], index)
            assert list(one) == list(found)
            for name, value in one.items():
                assert value == pytest.approx(float(np.broadcast_to(found[name], len(before))[index]), rel=1e-14), name


@pytest.mark.parametrize("form", FORMS)
def test_the_lines_of_the_memory_make_it_out_of_what_it_was(form):
    """A name that stands for what it was, such as ``v_before``, has the value that the memory had."""
    for optimizer, gradient, before, kept in steps(form, 12):
        found = terms(optimizer, gradient, before)
        for line in optimizer.lines():
            if line.kind != "memory":
                continue
            made = line.formula.value({**found, line.name: kept[line.name]})
            np.testing.assert_allclose(made, found[line.name] + 0 * made, rtol=1e-9, atol=1e-14)
            if f"{line.name}_before" in found:
                np.testing.assert_allclose(found[f"{line.name}_before"], kept[line.name], rtol=1e-6, atol=1e-12)


@pytest.mark.parametrize("form", FORMS)
def test_every_memory_in_use_has_a_line_and_every_name_a_value_and_a_symbol(form):
    optimizer, gradient, before, _ = [*steps(form, 2)][-1]
    lines, found = optimizer.lines(), terms(optimizer, gradient, before)
    unused = {"s", "m", "c", "v"} if optimizer.name == "rmsprop" else {*optimizer.unwritten}
    remembered = {*optimizer.memory, *optimizer.numbers}
    assert remembered - unused <= {line.name for line in lines if line.kind == "memory"} <= remembered
    for line in lines:
        assert {line.name, *line.formula.names} <= found.keys()
    written = formula_json(optimizer)
    assert json.loads(json.dumps(written, allow_nan=False))["lines"][-1]["name"] == "step"
    assert {name for line in lines for name in (line.name, *line.formula.names)} == written["symbols"].keys()
    assert "eta" in written["fixed"]
    assert "g" in written["gradients"]
    assert not {"g", "m", "v", "s", "step"} & {*written["fixed"]}


def test_before_the_first_step_there_is_none():
    for name in OPTIMIZERS:
        optimizer = make_optimizer(name)
        optimizer.start(np.zeros(3))
        assert np.isnan(terms(optimizer, np.ones(3), np.ones(3))["step"]).all()


@pytest.mark.parametrize("form", FORMS)
def test_what_follows_gradients_changes_its_sign_with_them(form):
    """The terms in the colour of gradients are those that are turned round when all gradients are."""
    one, other = made(form), made(form)
    rng, zero = np.random.default_rng(4), np.zeros(4)
    for _ in range(6):
        gradient = rng.normal(size=4)
        one.step(zero, gradient)
        other.step(zero, -gradient)
    here, there = terms(one, gradient, zero), terms(other, -gradient, zero)
    follows = {name for name in here if np.ndim(here[name]) and name != "w" and np.allclose(here[name], -there[name])}
    used = {line.name for line in one.lines()} - {*one.places, "y"} | {"g"}  # places are none, though they begin at 0
    assert {name for name in follows & used if not name.endswith("_before")} == {*formula_json(one)["gradients"]}


@pytest.mark.parametrize("form", FORMS)
def test_parts_are_formulas_of_the_terms(form):
    optimizer, gradient, before, _ = [*steps(form, 5)][-1]
    found = terms(optimizer, gradient, before)
    for formula in (optimizer.momentum_part, optimizer.rates):
        value = part(formula, found)
        assert (value is None) == (formula is None)
        assert value is None or (value.shape == before.shape and np.isfinite(value).all())
    assert part(None, found) is None


def test_symbols_are_texts_or_formulas():
    assert make_optimizer("adam").symbol("m_hat") == "^m"
    assert make_optimizer("sgd").symbol("unheard_of") == "unheard_of"
    assert make_optimizer("rmsprop").symbol("m_before") == "m_t-1"
