"""A user's own parts, made of formulas: what is shown of them is what runs.

They are records like those of the tables, in plain arithmetic instead of calls in place: a step with them takes longer,
and everything else is the same. `registering.register` puts them into the tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..data.dataset import PLANE_DOMAIN, DatasetRecord
from ..data.features import FEATURES
from ..data.plane_data import LIMIT, Labels, Shape
from ..ground.errors import ConfigError
from ..ground.expressions import Expression, expression
from ..ground.hyperparameters import Hyperparameter
from ..nets.activations import Activation, Array
from ..nets.batch_losses import Evaluate
from ..nets.losses import Loss
from ..nets.written import Written
from ..optimizers.formula import Line
from ..optimizers.optimizer import Optimizer, UsualRate
from ..optimizers.schedules import Schedule

Constants = Mapping[str, float]

#: A line of a rule: what the rule remembers, ``v <- …``, or a term of this step, ``d = …``.
_LINE = re.compile(r"\s*([A-Za-z_]\w*)\s*(<-|←|=)\s*(.+)")
#: How far apart the slopes are whose difference is the second derivative, of fourth order.
_APART = 1e-3


def own_activation(
    name: str,
    formula: str,
    derivative: str,
    *,
    second: str | None = None,
    constants: Constants | None = None,
    kinks: Sequence[float] = (),
    bounded: bool = False,
) -> Activation:
    """Return an activation f of ``z``, from its formula and that of its slope.

    Parameters
    ----------
    name : str
        Its key: small letters, digits and ``_``.
    formula, derivative : str
        f(z), and f′(z) in ``z`` and ``a`` = f(z): lines of arithmetic, see `ground.expressions.expression`.
    second : str, optional
        f″(z); left out, it is taken from differences of f′, to about nine digits.
    constants : mapping of str to float, optional
        Further names in the formulas.
    kinks : sequence of float
        Where f′ or f″ jumps.
    bounded : bool
        Whether f levels off on both sides, so that a neuron can saturate.

    Raises
    ------
    ConfigError
        If a formula cannot be read, or has a name that it does not know.
    """
    known = dict(constants or {})
    f = _read(f"formula of activation {name}", formula, ("z", *known))
    df = _read(f"derivative of activation {name}", derivative, ("z", "a", *known))
    ddf = None if second is None else _read(f"second derivative of activation {name}", second, ("z", "a", *known))

    def write(z: Array, out: Array) -> None:
        out[...] = _value(f, {**known, "z": z})

    def write_slope(z: Array, a: Array, out: Array) -> None:
        out[...] = _value(df, {**known, "z": z, "a": a})

    def slope(z: Array) -> Array:
        return np.asarray(_value(df, {**known, "z": z, "a": _value(f, {**known, "z": z})}) + 0.0 * z)

    def curvature(z: Array) -> Array:
        if ddf is not None:
            return np.asarray(_value(ddf, {**known, "z": z, "a": _value(f, {**known, "z": z})}) + 0.0 * z)
        h = _APART
        bent = (slope(z - 2 * h) - 8 * slope(z - h) + 8 * slope(z + h) - slope(z + 2 * h)) / (12 * h)
        beside = np.any([np.abs(z - kink) <= 2 * h for kink in kinks], axis=0) if kinks else False
        return np.where(beside, 0.0, bent)

    written = Written(formula, derivative, constants=known)
    return Activation(name, write, write_slope, curvature, written, 12, kinks=tuple(kinks), bounded=bounded)


def own_loss(
    name: str,
    formula: str,
    derivative: str,
    *,
    constants: Constants | None = None,
    kinds: Sequence[str] = ("binary", "classes", "regression"),
) -> Loss:
    """Return a loss of outputs ``a`` and targets ``y``, from its formula and that of its derivative.

    Parameters
    ----------
    name : str
        Its key: small letters, digits and ``_``.
    formula : str
        C of one sample, over whose outputs ``sum`` and ``mean`` go; the loss is the mean over samples.
    derivative : str
        ∂C/∂a of one output; ``outputs`` is their number.
    constants : mapping of str to float, optional
        Further names in the formulas.
    kinds : sequence of str
        The targets that it is for.

    Raises
    ------
    ConfigError
        If a formula cannot be read, or has a name that it does not know.
    """
    known = dict(constants or {})
    C = _read(f"formula of loss {name}", formula, ("a", "y", "outputs", *known))
    dC = _read(f"derivative of loss {name}", derivative, ("a", "y", "outputs", *known))

    def bind(z: Array, a: Array, slope: Array) -> Evaluate:
        names = {**known, "outputs": len(a), "a": a}

        def evaluate(y: Array) -> float:
            slope[...] = _value(dC, {**names, "y": y})
            return float(np.sum(_value(C, {**names, "y": y})))

        return evaluate

    return Loss(name, bind, kinds=tuple(kinds), written=Written(formula, derivative, constants=known))


def own_optimizer(
    name: str,
    lines: Sequence[str],
    hyperparameters: Iterable[Hyperparameter] = (),
    *,
    usual_rate: float = 0.1,
) -> type[Optimizer]:
    """Return an update rule, from the lines of its formula.

    Parameters
    ----------
    name : str
        Its key: small letters, digits and ``_``.
    lines : sequence of str
        In the order in which they are reckoned: ``"v <- 0.9 * v + g"`` is remembered for the next step and begins at
        0, ``"d = v / 2"`` is a term of this one. The last is the ``step`` that is added to the parameters. They know
        the gradient ``g``, the parameter ``w``, the rate ``eta``, the number of the step ``t``, the hyperparameters,
        what is remembered, and the terms above.
    hyperparameters : iterable of Hyperparameter
        Its numbers beside the rate.
    usual_rate : float
        A rate to begin with.

    Raises
    ------
    ConfigError
        If a line cannot be read, or stands before what it needs.
    """
    numbers = tuple(hyperparameters)
    parsed = [_line(name, text) for text in lines]
    remembered = tuple(dict.fromkeys(term for term, kind, _ in parsed if kind == "memory"))
    found = {"g", "w", "eta", "t", *(entry.name for entry in numbers)}
    made: list[Line] = []
    for term, kind, source in parsed:
        where = f"line {term} of optimizer {name}"
        waiting = {other for other in remembered if other not in found}
        before = waiting if kind == "memory" else set()
        hints = {other: f"the line of {other} must stand first" for other in waiting}
        formula = _read(where, source, (*found, *before), hints)
        made.append(Line(term, formula, kind, gradient="g" in formula.names))
        found.add(term)
    if not made or made[-1].name != "step" or made[-1].kind != "term":
        raise ConfigError(f'the last line of optimizer {name} must be "step = …"', "optimizer", name)

    class Own(_OfLines):
        pass

    Own.__name__ = Own.__qualname__ = "".join(part.capitalize() for part in name.split("_"))
    Own.__doc__ = "; ".join(text.strip() for text in lines) + "."
    Own.name, Own.hyperparameters, Own.memory, Own.made = name, numbers, remembered, tuple(made)
    Own.usual = UsualRate("own", usual_rate)
    return Own


class _OfLines(Optimizer):
    """A rule that reckons its own lines."""

    made: tuple[Line, ...] = ()

    def lines(self) -> tuple[Line, ...]:
        return self.made

    def _rule(self, theta: Array, gradient: Array) -> None:
        known: dict[str, Any] = {"g": gradient, "w": theta, "eta": self.learning_rate, "t": self.t}
        known |= {entry.name: getattr(self, entry.name) for entry in self.hyperparameters}
        known |= {name: getattr(self, name) for name in self.memory}
        for line in self.made:
            value = _value(line.formula, known)
            if line.kind == "memory":
                known[line.name][...] = value
            else:
                known[line.name] = np.array(value) if line.formula.tree in self.memory else value
        self.update[...] = known["step"]


def own_schedule(name: str, formula: str, hyperparameters: Iterable[Hyperparameter] = ()) -> Schedule:
    """Return a schedule: what multiplies the learning rate after ``t`` steps, as a line of arithmetic.

    Parameters
    ----------
    name : str
        Its key: small letters, digits and ``_``.
    formula : str
        In ``t`` and the hyperparameters.
    hyperparameters : iterable of Hyperparameter
        Its numbers.

    Raises
    ------
    ConfigError
        If the formula cannot be read, or has a name that it does not know.
    """
    numbers = tuple(hyperparameters)
    read = _read(f"formula of schedule {name}", formula, ("t", *(entry.name for entry in numbers)))
    return Schedule(name, numbers, lambda t, values: float(_value(read, {**values, "t": float(t)})), formula)


def own_points(
    place: Shape, *, class_names: Sequence[str] = ("0", "1"), samples: int = 400, noise: float = 0.1
) -> DatasetRecord:
    """Return a data set of classes in the plane, whose samples are drawn for each run.

    Parameters
    ----------
    place : callable (labels, rng) -> array (n, 2)
        Where samples of the given labels (n,) lie, without noise, within ±1.15. Whatever it draws comes from `rng`.
    class_names : sequence of str
        Of two classes or more.
    samples, noise : int, float
        What is offered at first.
    """

    def shape(labels: Labels, rng: np.random.Generator) -> NDArray[np.float64]:
        return _points(len(labels), place(labels, rng))

    two = len(class_names) == 2
    return DatasetRecord(
        "binary" if two else "classes",
        {key: feature.label for key, feature in FEATURES.items()},
        "bce" if two else "cross_entropy",
        samples,
        noise,
        class_names=tuple(class_names),
        domain=PLANE_DOMAIN,
        shape=shape,
    )


def _points(count: int, given: ArrayLike) -> NDArray[np.float64]:
    points = np.asarray(given, np.float64)
    if points.shape != (count, 2):
        message = f"{count} samples must be placed in an array of shape ({count}, 2), got {points.shape}"
        raise ConfigError(message, "data", list(points.shape))
    wrong = ~(np.abs(points) <= LIMIT).all(axis=1)
    if wrong.any():
        row = int(np.argmax(wrong))
        x, y = points[row]
        raise ConfigError(f"sample {row} is placed at ({x:g}, {y:g}), outside ±{LIMIT}", "data", row)
    return points


def _line(rule: str, text: str) -> tuple[str, Any, str]:
    match = _LINE.fullmatch(text)
    if match is None:
        raise ConfigError(f'a line of optimizer {rule} must be "name = …" or "name <- …", got {text!r}', "lines", text)
    term, sign, source = match.groups()
    return term, "term" if sign == "=" else "memory", source


def _read(where: str, source: str, names: Iterable[str], hints: Mapping[str, str] | None = None) -> Expression:
    """Return a formula if it can be read, and knows its names."""
    try:
        read = expression(source)
    except (SyntaxError, ValueError) as error:
        raise ConfigError(f"the {where} cannot be read: {error}", "formula", source) from None
    for name in read.names:
        if name not in {*names}:
            why = (hints or {}).get(name, f"it knows {', '.join(sorted(names))}")
            raise ConfigError(f"the {where} has the name {name}: {why}", "formula", source)
    return read


def _value(read: Expression, names: Mapping[str, Any]) -> Any:
    with np.errstate(all="ignore"):
        return read.value(names)
