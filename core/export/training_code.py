"""The training of a run as source: its batches, its steps, and every change that was made on the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from textwrap import wrap
from typing import Any

import numpy as np

from ..config.config import LIVE_DATA, RunConfig
from ..ground.streams import STREAMS
from ..optimizers.table import OPTIMIZERS
from .arrays import number
from .described import Described, class_name
from .replacement_code import NUMBERS as OF_REPLACEMENT
from .replacement_code import replacement_code
from .rules import form_of, method, schedule_source
from .task_code import samples_code, smoothed

#: At so many steps the script says what the loss was in Backscope.
RECORDED = 10

#: Live numbers that are a variable of the script, by the name they have in a config.
_NUMBERS = ("l1", "l2", "clip_value", "clip_norm", "gradient_noise", "huber_delta")


def training_code(run: Described, training_loss: str = "") -> str:
    """Return how the run is trained; `training_loss` is how another script takes the loss over the training set."""
    start, order, noise = run.start, STREAMS.index("batches"), STREAMS.index("gradient_noise")
    lines = [f"learning_rate = {number(start.optimizer.learning_rate)}"]
    lines += [f"batch_size = {start.batch_size or len(run.data.X_train)}"]
    lines += [f"{name} = {_value(start, name)}" for name in _NUMBERS[:-1] if run.ever(name)]
    lines += [f"rule = {class_name(start.optimizer.name)}()", f"order_stream = stream({order})"]
    if run.dropout:
        lines += [f"dropout = {number(start.network.dropout)}", f"mask_stream = stream({STREAMS.index('dropout')})"]
    if run.ever("gradient_noise"):
        lines += [f"noise_stream = stream({noise})"]
    lines += ["step, losses = 0, []"]
    prepared = [_prepare(run)] if _prepared(run) else []
    elsewhere = [_elsewhere(run)] if run.any_rule("asks") else []
    replacing = [replacement_code(run)] if run.replacing else []
    parts = ["\n".join(lines), schedule_source(start.schedule), _BATCHES, *prepared, *elsewhere, *replacing]
    return "\n\n\n".join([*parts, _train(run, training_loss or _TRAINING_LOSS)])


def _value(config: RunConfig, name: str) -> str:
    value = getattr(config, name)
    return "None" if value is None else number(value)


_BATCHES = '''
def deal():
    """Deal the rows of one batch after the other, in a new order every epoch, and say whether it ends the epoch."""
    while True:
        order, position = np.arange(len(X)), 0
        if batch_size < len(X):
            order_stream.shuffle(order)
        while position < len(X):
            rows = order[position : position + batch_size]
            position += len(rows)
            yield rows, position == len(X)


batches = deal()
'''.strip()


def _prepared(run: Described) -> bool:
    return any(map(run.ever, ("l1", "l2", "gradient_noise", "clip_value", "clip_norm")))


def still(run: Described) -> list[tuple[int, int]]:
    """Return where the biases begin and end that nothing moves."""
    net = run.start.make_network()
    biases = [block.offset + n_in * block.cols for block, n_in in zip(net.blocks, net.sizes, strict=False)]
    ends = [start + block.cols for start, block in zip(biases, net.blocks, strict=True)]
    return [part for part in zip(biases, ends, strict=True) if net.is_fixed(part[0])]


def _prepare(run: Described) -> str:
    lines = [
        "def prepare(g):",
        '    """Return the gradient as the update rule sees it: with penalties and noise, then clipped."""',
    ]
    if run.ever("l2"):
        lines += ["    g = g + l2 * on_weights * theta"]
    if run.ever("l1"):
        lines += ["    g = g + l1 * on_weights * np.sign(theta)"]
    if run.ever("gradient_noise"):
        lines += [
            "    if gradient_noise:",
            "        noise = gradient_noise * noise_stream.standard_normal(theta.shape, dtype=dtype)",
            *(
                f"        noise[{start}:{stop}] = 0  # biases before batch normalization stay 0"
                for start, stop in still(run)
            ),
            "        g = g + noise",
        ]
    if run.ever("clip_value"):
        lines += ["    if clip_value is not None:", "        g = np.clip(g, -clip_value, clip_value)"]
    if run.ever("clip_norm"):
        lines += ["    if clip_norm is not None and np.linalg.norm(g) > clip_norm:"]
        lines += ["        g = g * (clip_norm / (np.linalg.norm(g) + 1e-6))"]
    return "\n".join([*lines, "    return g"])


def _elsewhere(run: Described) -> str:
    """Write the function that a rule calls for a second gradient: of the same batch, with the same random numbers."""
    streams = _drawn_from(run)
    lines = ["def gradient_at(point):", '    """Return the gradient of the same batch at other parameters."""']
    lines += [f"    {name}.bit_generator.state = drawn[{index}]" for index, name in enumerate(streams)]
    lines += ["    here = theta.copy()", "    theta[...] = point"]
    lines += [f"    {_of_pass(run, '_')} = backward(X[rows], Y[rows])"]
    lines += [f"    gradient = {_given(run)}", "    theta[...] = here", "    return gradient"]
    return "\n".join(lines)


def _drawn_from(run: Described) -> list[str]:
    """Return the streams that a pass draws from."""
    return [
        *(["mask_stream"] if run.dropout else []),
        *(["noise_stream"] if run.ever("gradient_noise") else []),
    ]


def _of_pass(run: Described, loss: str) -> str:
    """Return the names of what a pass is asked for: loss, gradient, and inputs if units are judged by them."""
    inputs = ["_" if loss == "_" else "inputs"] if run.replacing else []
    return ", ".join([loss, "gradient", *inputs])


def _given(run: Described) -> str:
    return "prepare(gradient)" if _prepared(run) else "gradient"


def _train(run: Described, training_loss: str) -> str:
    asked, apart = run.any_rule("asks"), run.any_rule("point")
    lines = ["def train(until):", '    """Take steps until so many have been taken."""']
    streams = _drawn_from(run) if asked else []
    told = {"step": True, "Y": run.tasks, "rows": asked, "drawn": bool(streams)}
    lines += [f"    global {', '.join(name for name, here in told.items() if here)}"]
    lines += ["    while step < until:", f"        rows, {'ended' if run.plateau else '_'} = next(batches)"]
    if streams:
        lines += [f"        drawn = [{', '.join(f'{name}.bit_generator.state' for name in streams)}]"]
    if apart:
        lines += ["        here = theta.copy()", '        if hasattr(rule, "point"):  # where it takes its gradients']
        lines += ["            theta[...] = rule.point(theta)"]
    lines += [f"        {_of_pass(run, 'C')} = backward(X[rows], Y[rows])", "        losses.append(float(C))"]
    if apart:
        lines += [f"        gradient = {_given(run)}", "        theta[...] = here"]
    given = "gradient" if apart else _given(run)
    lines += [f"        theta[...] += rule.step(theta, {given}, learning_rate * factor(step))", "        step += 1"]
    if run.replacing:
        lines += ["        if replacement_rate:", "            replace_units(inputs)"]
    if run.plateau:
        lines += ["        if ended and after_epoch is not None:", "            after_epoch(training_loss())"]
    if run.tasks:
        lines += ["        if step % steps_per_task == 0:", "            Y = dealt_out(step)"]
    after = "\n\n\nafter_epoch = None" if run.plateau and run.start.schedule.name != "plateau" else ""
    return "\n".join(lines) + "\n\n\n" + training_loss + after


_TRAINING_LOSS = '''
def training_loss():
    """Return the loss over the whole training set, penalties not counted and nothing dropped."""
    a, _, Z, *_ = forward(X)
    return float(loss_and_error(Z[-1], a, Y)[0])
'''.strip()


def course_code(run: Described) -> str:
    lines: list[str] = []
    for before, after, entry in zip(run.configs, run.configs[1:], run.entries, strict=False):
        if entry.step:
            lines.append(f"train({entry.step})")
        lines += [f"\n# Changed after step {entry.step}", *_edit(run, before, after, entry.change), ""]
    lines += [f"train({run.steps})", "", f"recorded = {_recorded(run)}  # batch losses in Backscope, to 7 digits"]
    return "\n".join(lines) + "\n" + _PRINT


_PRINT = """
for at, loss in recorded.items():
    print(f"step {at}: loss {losses[at - 1]:.10g}, in Backscope {loss:.7g}")
print(f"loss over the training set after {step} steps: {training_loss():.10g}")
""".strip()


def _recorded(run: Described) -> str:
    tail = run.trainer.losses.tail(0)
    count = len(tail.losses)
    chosen = np.unique(np.linspace(0, count - 1, min(RECORDED, count)).round().astype(int))
    entries = (f"{tail.first_step + int(index)}: {float(tail.losses[index]):.7g}" for index in chosen)
    return "{\n    " + "\n    ".join(wrap(", ".join(entries), 110)) + "\n}"


def _edit(run: Described, before: RunConfig, after: RunConfig, change: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines that make a change of the run."""
    yield from _edit_rule(run, before, after)
    if after.schedule != before.schedule:
        yield schedule_source(after.schedule)
        if run.plateau and after.schedule.name != "plateau":
            yield "after_epoch = None"
    for name in _NUMBERS:
        if getattr(after, name) != getattr(before, name):
            yield f"{name} = {_value(after, name)}"
    if run.replacing:
        for name in OF_REPLACEMENT:
            if getattr(after, name) != getattr(before, name):
                yield f"{name} = {_value(after, name)}"
        if after.replacement_rate and not before.replacement_rate:
            yield "begin_replacing()"
    if after.batch_size != before.batch_size:
        yield f"batch_size = {after.batch_size or len(run.data_of(after).X_train)}"
    yield from _edit_network(run, before, after)
    yield from _edit_samples(run, before, after)
    for index, value in before.replaced_parameters(change["parameters"]).items() if "parameters" in change else ():
        yield f"theta[{index}] = {number(value)}"
        yield from (f"rule.{name}[{index}] = {number(value)}" for name in OPTIMIZERS[after.optimizer.name].places)


def _edit_rule(run: Described, before: RunConfig, after: RunConfig) -> Iterator[str]:
    old, new = before.optimizer, after.optimizer
    if new.learning_rate != old.learning_rate:
        yield f"learning_rate = {number(new.learning_rate)}"
    if new.name != old.name:
        yield f"rule = {class_name(new.name)}()"
        old = run.first(new.name)
    for name, value in new.hyperparameters.items():
        if value != old.hyperparameters[name]:
            yield f"rule.{name} = {number(value)}"
            if (new.name, name) == ("rmsprop", "centered") and value:
                yield "rule.c = np.maximum(rule.s - rule.m**2, 0)"
    if (form := form_of(new)) != form_of(old):
        yield f"rule.step = rule.{method(run.forms[new.name].index(form))}"


def _edit_network(run: Described, before: RunConfig, after: RunConfig) -> Iterator[str]:
    old, new = before.make_network(), after.make_network()
    if new.activations != old.activations:
        yield f"activations = {list(new.activations)}"
    if after.network.leaky_slope != before.network.leaky_slope and "leaky_relu" in run.activations:
        yield f"leaky_slope = {number(after.network.leaky_slope)}"
    if new.dropout != old.dropout and run.dropout:
        yield f"dropout = {number(new.dropout)}"


def _edit_samples(run: Described, before: RunConfig, after: RunConfig) -> Iterator[str]:
    if any(getattr(after.data, name) != getattr(before.data, name) for name in LIVE_DATA):
        data, drawn = run.data_of(after), run.data_of(before)
        yield from samples_code(run, after)[np.array_equal(data.X_train, drawn.X_train) :]
        if run.tasks:
            yield "Y = dealt_out(step)"
        if len(data.X_train) != len(drawn.X_train):
            if after.batch_size is None:
                yield f"batch_size = {len(data.X_train)}"
            yield "batches = deal()  # of other samples: the epoch ends here"
    elif after.label_smoothing != before.label_smoothing:
        yield smoothed(run, after, again=True)
        if run.tasks:
            yield "Y = dealt_out(step)"
