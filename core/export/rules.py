"""Update rules and schedules as Python source: a rule is written from its lines, so a new one needs nothing here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from ..config.parts import OptimizerConfig, ScheduleConfig
from ..ground.expressions import Expression, expression
from ..optimizers.optimizer import Matrices, Optimizer
from ..optimizers.schedules import SCHEDULES
from ..optimizers.table import make_optimizer
from .arithmetic import numpy_source
from .arrays import number


def rule_of(config: OptimizerConfig, t: int = 1) -> Optimizer:
    """Return an optimizer of a config, as it is at its step number t."""
    rule = make_optimizer(config.name, config.learning_rate, **config.hyperparameters)
    rule.t = t
    return rule


def form_of(config: OptimizerConfig) -> str:
    """Return the body of the method that takes a step with a rule at its present hyperparameters.

    A line's name within its own formula is what it was before, and so are the terms that the page is told of as
    known: ``m_before`` is m.
    """
    first, later = (_body(rule_of(config, t)) for t in (1, 2))
    if first == later:
        return _indented(later, 8)
    return f"        if self.t == 1:\n{_indented(first, 12)}\n        else:\n{_indented(later, 12)}"


def rule_source(name: str, forms: Iterable[str], config: OptimizerConfig, forgets: bool = False) -> str:
    """Return the class of a rule, with one method ``step`` for each form that the run needs of it.

    Where units are replaced, so that it `forgets`, also ``forget(w, new)``: see `Optimizer.forget`.
    """
    rule = rule_of(config)
    numbers = [f"    {entry} = {number(value)}" for entry, value in config.hyperparameters.items()]
    nothing = "np.zeros_like(theta)" if forgets else "0.0"
    starts = [
        f"self.{entry} = {'theta.copy()' if entry in rule.places else nothing}"
        for entry in rule.memory
        if entry not in rule.unwritten
    ]
    starts += [f"self.{entry} = 1.0" for entry in rule.numbers if entry not in rule.unwritten]
    lines = [
        f"class {name}:",
        f'    """The update rule {name}: what to add to the parameters w for their gradient g."""',
        "",
    ]
    lines += [*numbers, ""] if numbers else []
    lines += ["    def __init__(self):", "        self.t = 0", *(f"        {start}" for start in starts)]
    if rule.point is not None:
        lines += ["", "    def point(self, w):", f"        return {_source(expression(rule.point), rule)}"]
    if forgets:
        lines += ["", *_forget(rule)]
    for index, form in enumerate(forms):
        lines += ["", f"    def {method(index)}(self, w, g, eta):", "        self.t += 1", form]
    return "\n".join(lines)


def _forget(rule: Optimizer) -> list[str]:
    """Write the method that is told where in the parameters new ones have taken the place of those there were."""
    kept = [entry for entry in rule.memory if entry not in rule.unwritten]
    lines = ["    def forget(self, w, new):", '        """Remember nothing of parameters that are gone."""']
    lines += [f"        self.{entry}[new] = {'w[new]' if entry in rule.places else '0'}" for entry in kept]
    return [*lines, *(f"        {line}" for line in rule.forgetting)]


def functions_of(configs: Iterable[OptimizerConfig], matrices: Matrices) -> list[str]:
    """Return what rules call besides arithmetic, with the places of the matrices that they go over; [] for most."""
    told = [part for config in configs for part in rule_of(config).told_source.values()]
    sources = dict.fromkeys(source for _, source in told if source)
    if not any("in matrices:" in source for source in sources):
        return [*sources]
    return [f"matrices = {list(matrices)}  # where they begin in the parameters, their rows and columns", *sources]


def method(form: int) -> str:
    """Return what the step of a rule's form is called."""
    return "step" if form == 0 else f"step_{form + 1}"


def _body(rule: Optimizer) -> list[str]:
    lines = []
    for line in rule.lines():
        if line.name in rule.told:
            lines.append(f"{line.name} = {rule.told_source[line.name][0]}")
        if line.kind == "known":
            continue
        text = _source(line.formula, rule)
        if line.name == "step":
            lines.append(f"return {text}")
        else:
            lines.append(f"{'self.' if line.kind == 'memory' else ''}{line.name} = {text}")
    return lines


def _source(formula: Expression, rule: Optimizer) -> str:
    kept = {*rule.memory, *rule.numbers, *(entry.name for entry in rule.hyperparameters), "t"}
    own = {name: f"self.{kept_as}" for name in formula.names if (kept_as := name.removesuffix("_before")) in kept}
    return numpy_source(formula.source, own)


def _indented(lines: list[str], by: int) -> str:
    return "\n".join(" " * by + line for line in lines)


_PERIODIC: Mapping[str, str] = MappingProxyType(
    {
        "constant": "1.0",
        "step": "{factor} ** (t // {period})",
        "exponential": "{factor} ** (t / {period})",
        "cosine": "{floor} + (1 - {floor}) * (1 + math.cos(math.pi * min(t / {period}, 1))) / 2",
        "warmup": "min(1.0, (t + 1) / {period})",
    }
)

_ONE_CYCLE = """
    top, last = {rise} * {period} - 1, {period} - 1
    if t < top:
        return 1 + ({start} - 1) * (1 + math.cos(math.pi * min(t / top, 1))) / 2
    return {end} + (1 - {end}) * (1 + math.cos(math.pi * min((t - top) / (last - top), 1))) / 2
""".strip("\n")

_PLATEAU = '''
    return plateau["factor"]


plateau = {{"factor": 1.0, "best": math.inf, "waited": 0}}


def after_epoch(loss):
    """Lower the factor when {patience} epochs in a row have not improved on the best loss."""
    if loss < plateau["best"] * (1 - {threshold}):
        plateau.update(best=loss, waited=0)
    elif plateau["waited"] < {patience}:
        plateau["waited"] += 1
    else:
        before = plateau["factor"]
        after = before * {factor}
        if learning_rate * after < {min_lr}:
            after = {min_lr} / learning_rate if learning_rate else before
        lowered = learning_rate * before - learning_rate * after > 1e-8
        plateau.update(factor=after if lowered else before, waited=0)
'''.strip("\n")


def schedule_source(config: ScheduleConfig) -> str:
    """Return the function ``factor(t)`` of a schedule; for the plateau also ``after_epoch(loss)``."""
    numbers = {name: number(value) for name, value in config.hyperparameters.items()}
    head = f'def factor(t):\n    """The schedule {config.name}: what multiplies the learning rate after t steps."""'
    if config.name == "plateau":
        return f"{head}\n{_PLATEAU.format(**numbers)}"
    if config.name == "one_cycle":
        return f"{head}\n{_ONE_CYCLE.format(**numbers)}"
    formula = SCHEDULES[config.name].formula
    if formula is not None:
        return f"{head}\n    return float({numpy_source(formula, numbers)})"
    return f"{head}\n    return {_PERIODIC[config.name].format(**numbers)}"
