"""The coming step, opened up: what each layer makes of a sample of its batch, and what becomes of every parameter.

It is read from a twin of the run that has taken the step, so every number is the one that the run itself will compute.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..ground.errors import ConfigError
from ..nets.activations import Array
from ..nets.losses import find_loss
from ..nets.network import Network
from ..nets.normalization import EPSILON
from ..nets.passes import Pass
from ..optimizers.formula import formula_json, terms
from ..optimizers.optimizer import Optimizer
from .engine import Engine
from .gradient import GradientParts

if TYPE_CHECKING:
    from ..insight.evaluation import Metrics
    from .trainer import Trainer

Flat = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Units:
    """Numbers of all neurons (units,), layer after layer, the inputs first; Z, U, D and F of the inputs are 0.

    Attributes
    ----------
    A, Z, U, D, F : array (units,)
        f(u), before any mask and any skip; weighted inputs z; what the activation is taken of, u = γẑ + β where the
        layer is normalized, else z; errors δ = ∂C_x/∂z of the sample; slopes f′(u), without any mask.
    H : array (units,)
        Of a net with skips or dropout: what the layers pass on, behind mask and skip; empty without.
    E : array (units,)
        Of a single sample: ∂C_x/∂a, where δ = ∂C_x/∂a · f′ · mask (∂C_x/∂u where the layer is normalized); NaN for
        inputs and for an output whose loss is taken from logits. Empty for a mean.
    """

    A: Flat
    Z: Flat
    U: Flat
    D: Flat
    F: Flat
    H: Flat
    E: Flat


@dataclass(frozen=True, slots=True)
class Preview:
    """One training step that has not been taken yet.

    Attributes
    ----------
    step : int
        The number that the run will have reached by it.
    rows : array (n,)
        Training samples of its batch.
    row, index : int
        The chosen sample, and its place in the batch.
    sample, mean : Units
        What the net makes of the sample, and the means over the batch.
    after : Units
        What it makes of the sample when the step has been taken, nothing dropped.
    centre, spread : array (units,)
        Mean and √(variance + ε) that z is normalized with; 0 and 1 where it is not.
    mask : array (units,)
        What dropout multiplies the sample's activations with; 1 without.
    point : array (P,)
        The parameters that the pass runs with and the gradient is taken at: θ, unless the rule trains apart from it.
    theta, theta_after, update : array (P,)
        Parameters before and after; what the optimizer adds.
    parts : GradientParts
        What the gradient is made of that the optimizer gets.
    terms : mapping of str to array (P,)
        What the lines of the update rule name, of every parameter, besides the gradient, the parameter and the step.
    numbers : mapping of str to float
        What they name that is the same for all parameters: η, hyperparameters, the number of the step, NAdam's μ_t.
    formula : mapping
        The lines: see `formula_json`.
    learning_rate : float
        η of the step, with the factor of its schedule.
    batch_loss, sample_loss : float
        In the pass of the step, in which neurons drop out; of the sample alone.
    batch_loss_before, sample_loss_before, batch_loss_after, sample_loss_after : float
        At the parameters before and after the step, of the same samples, nothing dropped: these can be compared.
    before, metrics : Metrics
        Over the full sets, before and after.
    diverged : str or None
        What kind of no number the batch loss is: then no step is taken.
    """

    step: int
    rows: NDArray[np.int64]
    row: int
    index: int
    sample: Units
    mean: Units
    after: Units
    centre: Flat
    spread: Flat
    mask: Flat
    point: Array
    theta: Array
    theta_after: Array
    parts: GradientParts
    update: Array
    terms: Mapping[str, Flat]
    numbers: Mapping[str, float]
    formula: Mapping[str, Any]
    learning_rate: float
    batch_loss: float
    sample_loss: float
    batch_loss_before: float
    sample_loss_before: float
    batch_loss_after: float
    sample_loss_after: float
    before: Metrics
    metrics: Metrics
    diverged: str | None

    @property
    def gradient(self) -> Flat:
        """The gradient of the batch with penalties and noise (P,), before clipping."""
        return self.parts.gradient

    @property
    def step_gradient(self) -> Flat:
        """The same as the optimizer gets it (P,)."""
        return self.parts.clipped


def preview_of(trainer: Trainer, twin: Trainer, engine: Engine, row: int | None) -> Preview:
    """Return the step between a trainer and its twin, which is one step ahead.

    Parameters
    ----------
    trainer, twin : Trainer
        Before the step, and after it.
    engine : Engine
        The twin's.
    row : int, optional
        The sample to look at; the first of the batch if None.

    Raises
    ------
    ConfigError
        If the sample is not in the batch.
    """
    rows = twin.last_step.rows()
    if row is not None and row not in rows:
        raise ConfigError(f"row must be a sample of the coming batch, got {row}", "row", row)
    k = 0 if row is None else int(np.flatnonzero(rows == row)[0])
    run, batch = engine.last_pass, engine.last_batch
    assert run is not None  # one step has been tried
    assert batch is not None
    (x, y), net = batch, twin.network
    optimizer = engine.optimizer
    gone = None if twin.diverged is None or twin.diverged.taken else twin.diverged
    named, numbers = _terms(optimizer, engine.step_gradient, trainer.theta)
    (before, before_loss), (after, after_loss) = (
        _undropped(twin, theta, batch, k) for theta in (trainer.theta, engine.theta)
    )
    return Preview(
        step=trainer.step_count + 1,
        rows=rows,
        row=int(rows[k]),
        index=k,
        sample=replace(_units(net, run, x, [k]), E=_reaching(twin, run, engine.point, y, k)),
        mean=_units(net, run, x, slice(None)),
        after=_units(net, after, x, [k]),
        **_normalized(net, run, k),
        point=np.array(trainer.theta if optimizer.point is None else engine.point),
        theta=np.array(trainer.theta),
        theta_after=np.array(twin.theta),
        parts=engine.parts(),
        update=np.array(twin.update),
        terms={} if gone else named,
        numbers=numbers,
        formula=formula_json(optimizer),
        learning_rate=trainer.learning_rate,
        batch_loss=engine.last_loss,
        sample_loss=_own_loss(twin, run, y, k),
        batch_loss_before=before_loss,
        sample_loss_before=_own_loss(twin, before, y, k),
        batch_loss_after=after_loss,
        sample_loss_after=_own_loss(twin, after, y, k),
        before=trainer.evaluate(),
        metrics=twin.evaluate(),
        diverged=gone.loss if gone else None,
    )


def _undropped(twin: Trainer, theta: Array, batch: tuple[Array, Array], k: int) -> tuple[Pass, float]:
    """Return a pass over the batch in which nothing drops out, and its loss; a normalized layer takes the batch's own
    statistics, as in the step.
    """
    x, y = batch
    run = Pass(twin.network, twin.config.make_loss(), np.array(theta), np.zeros_like(theta), x.shape[1])
    with np.errstate(all="ignore"):
        return run, run(x, y)


def _units(net: Network, run: Pass, x: Array, columns: slice | list[int]) -> Units:
    """Return the mean over some samples of a pass; δ are those of single samples."""
    n_in, arena = net.sizes[0], run.arena

    def flat(inputs: Array, layers: Iterable[Array], factor: float = 1.0) -> Flat:
        parts = [part[:, columns].mean(axis=1) for part in (inputs, *layers)]
        return np.concatenate(parts).astype(np.float64) * factor

    nothing = np.zeros((n_in, run.batch))
    A, rows = run.activations(), arena.rows
    with np.errstate(all="ignore"):
        a, z = flat(x[:n_in], (A[layer] for layer in rows)), flat(nothing, (arena.Z[layer] for layer in rows))
        u = flat(nothing, run.inputs)
        delta = flat(nothing, (arena.D[layer] for layer in rows), run.batch)
        passed = np.zeros(0)
        if any(net.residual) or run.mask is not None:
            passed = flat(x[:n_in], (run.passed[layer] for layer in rows))
        return Units(a, z, u, delta, flat(nothing, _slopes(net, run)), passed, np.zeros(0))


def _slopes(net: Network, run: Pass) -> list[Array]:
    """Return f′ of every layer; that of an output whose loss is taken from logits is written here."""
    slopes = [run.arena.F[rows] for rows in run.arena.rows]
    if run.mask is not None:  # which is part of those of the pass
        slopes[:-1] = [f.slope(u) for u, f in zip(run.inputs[:-1], net.functions, strict=False)]
    last = slopes[-1] = np.ones_like(slopes[-1])
    if net.output not in ("softmax", "identity"):
        net.functions[-1].bind_slope(run.inputs[-1], np.array(run.output), last)()
    return slopes


def _reaching(trainer: Trainer, run: Pass, theta: Array, y: Array, k: int) -> Flat:
    """Return ∂C_x/∂a (units,) of sample k, at the parameters that the pass was made with."""
    net, loss = trainer.network, find_loss(trainer.config.make_loss())
    D, rows, none = run.arena.D, run.arena.rows, float("nan")
    at_outputs = np.full((net.sizes[-1], 1), none)
    if loss.output is None:
        z, a = (np.array(values[:, [k]]) for values in (run.inputs[-1], run.output))
        loss.bind(z, a, at_outputs := np.zeros_like(z))(np.array(y[:, [k]]))
        at_outputs = at_outputs * loss.factor / loss.count(len(y), 1)
    found = [at_outputs[:, 0].astype(np.float64)]
    with np.errstate(all="ignore"):
        for layer in range(len(rows) - 2, -1, -1):
            weights = net.blocks[layer + 1].view(theta)[: net.sizes[layer + 1]]
            own = weights.astype(np.float64) @ (D[rows[layer + 1], k].astype(np.float64) * run.batch)
            found.append(own + found[-1] if layer + 1 < len(net.residual) and net.residual[layer + 1] else own)
    return np.concatenate([np.full(net.sizes[0], none), *found[::-1]])


def _normalized(net: Network, run: Pass, k: int) -> dict[str, Flat]:
    """Return what z is normalized with, and the mask of dropout, for sample k."""
    units = sum(net.sizes)
    centre, spread, mask, start = np.zeros(units), np.ones(units), np.ones(units), net.sizes[0]
    for layer, kind in enumerate(net.normalization):
        rows = run.arena.rows[layer]
        z, here = run.arena.Z[rows], slice(start, start + net.sizes[layer + 1])
        if kind is not None:
            axis, own = (1, z) if kind == "batch" else (0, z[:, k])
            centre[here] = own.mean(axis=axis) if kind == "batch" else own.mean()
            spread[here] = np.sqrt((own.var(axis=axis) if kind == "batch" else own.var()) + EPSILON)
        if run.mask is not None:
            mask[here] = run.mask[rows, k]
        start = here.stop
    return {"centre": centre, "spread": spread, "mask": mask}


def _terms(optimizer: Optimizer, gradient: Array, before: Array) -> tuple[dict[str, Flat], dict[str, float]]:
    """Return what the lines of a rule name: terms of every parameter (P,), and those that all have in common."""
    found = terms(optimizer, gradient, before)
    lines = optimizer.lines()
    named = dict.fromkeys(name for line in lines for name in (line.name, *line.formula.names))
    each = {name: found[name] for name in named if name not in ("g", "w", "step") and np.ndim(found[name])}
    return each, {name: float(found[name]) for name in named if not np.ndim(found[name])}


def _own_loss(trainer: Trainer, run: Pass, y: Array, k: int) -> float:
    """Return the loss of one sample of a pass, from its outputs."""
    loss, n_out = find_loss(trainer.config.make_loss()), len(y)
    z, a = (np.array(values[:, [k]]) for values in (run.inputs[-1], run.output))
    with np.errstate(all="ignore"):
        return loss.bind(z, a, np.zeros_like(z))(np.array(y[:, [k]])) / loss.count(n_out, 1)
