"""What goes wrong in a run is told soon, with what helps; and of what goes well nothing is told."""

import json
import random

import pytest
from backscope.core import RunConfig, Trainer
from backscope.core.optimizers.table import OPTIMIZERS
from backscope.core.run.symptoms import SYMPTOMS
from watched_runs import run_of, sgd, watched

SEEDS = range(3)
MORE_SEEDS = range(3, 12)


def relu(*hidden):
    return {"hidden": list(hidden), "activation": "relu"}


PULLED = {"network": {"hidden": [8, 8], "output": "tanh"}, "loss": "mse"}
#: name -> (symptom, by which step it is told, the config)
SICK = {
    "layers that a long step has killed": ("dead", 200, {
        "network": relu(8, 8), "optimizer": sgd(10), "initializer": "he_normal",
    }),
    "narrow and deep": ("dead", 100, {"network": relu(3, 3, 3, 3, 3, 3), "initializer": "he_normal"}),
    "regression at ten": ("saturated", 300, {
        "data": {"name": "gaussian"}, "network": {"hidden": [6, 4]}, "optimizer": {"name": "adam", "learning_rate": 10},
    }),
    "a rate of a hundred": ("saturated", 300, {"optimizer": sgd(100), "initializer": "he_normal"}),
    "huge weights": ("saturated", 500, {
        "network": {"hidden": [8, 8, 8]}, "initializer": "normal", "initializer_scale": 100,
    }),
    "weights of zero": ("silent", 300, {"initializer": "zeros"}),
    "leaky at a rate of thirty": ("thrown", 600, {
        "network": {"hidden": [8], "activation": "leaky_relu"}, "optimizer": sgd(30), "initializer": "he_normal",
    }),
    "thrown about, at times below a constant answer": ("thrown", 800, {
        "data": {"name": "xor"}, "network": {"hidden": [6], "activation": "softplus"}, "optimizer": sgd(20),
    }),
    "deep sigmoid": ("stuck", 1300, {
        "data": {"name": "digits"}, "network": {"hidden": [30] * 6, "activation": "sigmoid"}, "optimizer": sgd(0.03),
    }),
    "a straight line for XOR": ("stuck", 1300, {
        "data": {"name": "xor", "noise": 0.0, "samples": 1000}, "network": {"hidden": []}, "batch_size": None,
    }),
    "a penalty of ten": ("runaway", 64, {**PULLED, "l2": 10, "optimizer": sgd(0.3)}),
    "a penalty that barely throws": ("runaway", 200, {**PULLED, "l2": 2.1, "optimizer": sgd(1)}),
    "a decay": ("runaway", 64, {
        **PULLED, "optimizer": {"name": "adamw", "learning_rate": 1, "weight_decay": 10.0},
    }),
    "the edge of stability": ("oscillating", 400, {
        "batch_size": None, "optimizer": sgd(4), "network": {"hidden": [8, 8]}, "data": {"name": "spiral"},
        "initializer": "he_normal",
    }),
    "sixty samples for 300 weights": ("overfitting", 1200, {
        "data": {"name": "circle", "noise": 0.5, "samples": 60}, "network": relu(16, 16),
        "optimizer": {"name": "adam", "learning_rate": 0.03},
    }),
    "a tight bound": ("clipped", 400, {"clip_norm": 0.01}),
}  # fmt: skip


def cases(seeds, marks=()):
    return [pytest.param(name, seed, id=f"{name}-{seed}", marks=marks) for name in SICK for seed in seeds]


def born_dead(seed, config):
    """Return another seed, with which a layer is dead from the start: every second or so of such nets has one."""
    seeds = range(100 * seed, 100 * seed + 100)
    return next(k for k in seeds if (True, 0.0) in run_of(seed=k, **config).view.flatness())


def cured(trainer, step, remedy):
    """Return a run with the remedy: from the present step on, or begun with it."""
    json.dumps(dict(remedy.change), allow_nan=False)
    if remedy.here:
        trainer.seek(step)
        trainer.edit(**remedy.change)
        return trainer
    config = trainer.edits.start
    live = {
        name: value
        for name, value in remedy.change.items()
        if name in ("learning_rate", "l2", "weight_decay", "replacement_rate")
    }
    whole = {name: value for name, value in remedy.change.items() if name not in live}
    given = config.edited(live).to_json()
    for name, value in whole.items():
        given[name] = {**given[name], **value} if isinstance(value, dict) else value
    return Trainer(RunConfig.from_json(given))


def learnt(trainer):
    """The loss as a share of that of the best constant answer."""
    return trainer.evaluate().loss / trainer.view.constant_loss


@pytest.mark.parametrize(("case", "seed"), [*cases(SEEDS[:1]), *cases([*SEEDS[1:], *MORE_SEEDS], pytest.mark.long)])
def test_a_run_that_has_a_symptom_shows_it_soon_and_what_is_offered_helps(case, seed):
    name, latest, config = SICK[case]
    if case == "narrow and deep":
        seed = born_dead(seed, config)
    sick = run_of(seed=seed, **config)
    _, first = watched(sick, latest)
    assert name in first, f"told were {list(first)}"
    step, told = first[name]
    assert 0 < told.step <= step <= latest
    layers = len(sick.config.network.hidden)
    assert all(1 <= layer <= layers for layer in told.finding.layers)
    assert bool(told.finding.layers) == (name in ("dead", "saturated", "silent"))
    assert told.remedies, "nothing is offered"
    sick.run(max(0, 1000 - sick.step_count))
    for remedy in told.remedies:
        before = sick.evaluate()
        well = cured(run_of(seed=seed, **config), step, remedy)
        watch, _ = watched(well, 1000)
        assert well.diverged is None
        left = {one.name for one in watch.told}
        if name == "overfitting":
            assert well.evaluate().test_loss < before.test_loss, remedy.name
            continue
        assert name not in left, f"{remedy.name} leaves it"
        if name != "oscillating":  # which learns on, and smoothly afterwards
            assert not left, f"{remedy.name} leaves {left}"
            assert learnt(well) < 0.97, remedy.name


#: Labels that mean nothing, dealt out anew every fifty epochs, at a rate at which units die of it.
TASKS = {
    "data": {"name": "wine", "steps_per_task": 600}, "network": relu(32), "batch_size": 16, "optimizer": sgd(0.3),
    "initializer": "he_uniform",
}  # fmt: skip
TASK_SEEDS = [SEEDS[0], *(pytest.param(seed, marks=pytest.mark.long) for seed in (*SEEDS[1:], *MORE_SEEDS))]


@pytest.mark.parametrize("seed", TASK_SEEDS)
def test_tasks_that_are_learnt_worse_and_worse_are_told_and_replaced_units_help(seed):
    sick = run_of(seed=seed, **TASKS)
    _, first = watched(sick, 13_000)
    step, told = first["rigid"]
    assert 6000 <= step < 13_000
    assert [one.name for one in told.remedies] == ["continual"]
    assert all(one.remedies[0].name == "continual" for _, one in first.values())
    assert set(first) <= {"rigid", "dead", "silent", "stuck"}, "what is left of the last task is no sign"
    well = cured(run_of(seed=seed, **TASKS), step, told.remedies[0])
    _, first = watched(well, 13_000)
    assert not first


def ordinary(k):
    """Return run k of many: data sets, shapes, activations and rules at usual rates, as a lesson would have them."""
    draw = random.Random(k)
    data = draw.choice(["circle", "xor", "gauss", "spiral", "moons", "plane", "gaussian", "digits"])
    large = data == "digits"
    activation = draw.choice(["tanh", "relu", "sigmoid", "leaky_relu", "elu", "gelu", "silu", "softplus", "softsign"])
    depth = draw.choice([1, 1, 2] if activation == "sigmoid" else [1, 1, 2, 2, 3])
    network = {
        "hidden": [draw.choice([30] if large else [4, 6, 8, 12]) for _ in range(depth)], "activation": activation,
    }  # fmt: skip
    rule = draw.choice(["sgd", "momentum", "nesterov", "adam", "rmsprop", "adagrad", "adamw"])
    changes = {
        "seed": k, "data": {"name": data}, "network": network,
        "optimizer": {"name": rule, "learning_rate": OPTIMIZERS[rule].usual.rate * draw.choice([0.3, 1, 1])},
        "batch_size": draw.choice([16, 32] if large else [10, 16, 32, None]),
        "initializer": "xavier_normal" if activation in ("tanh", "sigmoid", "softsign") else "he_normal",
    }  # fmt: skip
    if draw.random() < 0.2:
        changes["l2"] = draw.choice([0.001, 0.003])
    if draw.random() < 0.2:
        changes["clip_norm"] = 1.0
    if draw.random() < 0.1:
        network["dropout"] = 0.2
    if draw.random() < 0.15:
        network["normalization"] = draw.choice(["batch", "layer"])
    return changes


def false_alarms(numbers, wanted, steps=1500):
    """Return what is told in so many runs that learn; one that has learnt nothing at its end is not ordinary."""
    found, counted = [], 0
    for k in numbers:
        trainer = run_of(**ordinary(k))
        _, first = watched(trainer, steps)
        if trainer.diverged is None and learnt(trainer) > 0.9:
            continue
        counted += 1
        found += [(k, name, step) for name, (step, _) in first.items()]
        if counted == wanted:
            break
    assert counted == wanted
    return found


def test_nothing_is_told_of_a_dozen_ordinary_runs():
    assert not false_alarms(range(1000, 1016), 12, steps=800)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_nothing_is_told_of_200_ordinary_runs():
    assert not false_alarms(range(230), 200)


def test_every_symptom_has_a_run_that_shows_it():
    assert {"rigid", *(name for name, *_ in SICK.values())} == set(SYMPTOMS)
