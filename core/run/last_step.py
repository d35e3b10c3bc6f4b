"""The last step of a run: its batch, the pass that it made, and what the update rule did with its gradient."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..config.config import RunConfig
from ..insight.diagnostics import layer_norms
from ..insight.tape import Tape
from ..nets.activations import Array
from ..nets.normalization import NetStatistics
from ..optimizers.formula import formula_json, terms
from ..optimizers.optimizer import Optimizer
from .anatomy import Anatomy, anatomy
from .gradient import GradientParts
from .standing import Standing


class LastStep:
    """What a run did last. Reading changes nothing.

    Parameters
    ----------
    at : Standing
        Where that has led.
    """

    def __init__(self, at: Standing) -> None:
        self._at = at

    @property
    def before(self) -> Array:
        """The parameters (P,) that the step started from."""
        return self._at.engine.before

    @property
    def point(self) -> Array:
        """The parameters (P,) that its gradient was taken at: `before`, unless the rule trains apart from there."""
        return self._at.engine.point

    @property
    def config(self) -> RunConfig:
        """The config of its batch, which an edit since then has not touched."""
        return self._at.engine.last_config

    @property
    def optimizer(self) -> Optimizer:
        """The update rule with its memory, as the next step takes it."""
        return self._at.engine.optimizer

    @property
    def statistics(self) -> NetStatistics:
        """Mean and biased variance that each batch-normalized layer took of the batch, None for the others.

        Empty before the first step.
        """
        last = self._at.engine.last_pass
        return () if last is None else last.statistics

    def rows(self) -> NDArray[np.int64]:
        """Return the rows of the samples in the batch, −1 for one that is gone since; none before the first step."""
        engine = self._at.engine
        if engine.last_rows is not None:
            return engine.last_rows
        dealt = self._at.diverged is None or self._at.diverged.taken
        if engine.last_pass is None:
            return np.empty(0, np.int64)
        return engine.batches.rows_of_last(engine.last_pass.batch, dealt)

    def tape(self) -> Tape | None:
        """Return the numbers of the pass, to `explain` what came of it; None before the first step.

        They are those at the parameters that its gradient was taken at, good until the next step.
        """
        engine = self._at.engine
        if engine.last_pass is None or engine.last_batch is None:
            return None
        return Tape(engine.last_network, engine.point, engine.last_pass, *engine.last_batch)

    def norms(self) -> NDArray[np.float64]:
        """Return, per layer after the input, norms of δ, ∂W, W and ΔW (4, L) of the batch.

        δ is that of single samples, ∂C_x/∂z: its root mean square over neurons and samples. The rest are Euclidean
        norms of the weights, biases left out.
        """
        engine = self._at.engine
        return layer_norms(engine.network, engine.last_pass, engine.gradient, engine.theta, engine.update)

    def anatomy(self) -> Anatomy | None:
        """Return the step taken apart, None before the first."""
        engine = self._at.engine
        return None if engine.last_optimizer.t == 0 else anatomy(engine.last_optimizer, engine.step_gradient)

    def terms(self, index: int) -> dict[str, float]:
        """Return the numbers in the step of one parameter: see `terms`."""
        engine = self._at.engine
        return terms(engine.last_optimizer, engine.step_gradient[index], engine.before[index], index)

    def formula(self) -> dict[str, Any]:
        """Return the lines of the update rule that the terms are those of: see `formula_json`."""
        return formula_json(self._at.engine.last_optimizer)

    @property
    def changed_gradient(self) -> bool:
        """Whether penalties, noise or clipping had a hand in its gradient."""
        return self._at.engine.last_pass is not None and self._at.engine.way.changed

    def gradient_parts(self, index: int | slice = slice(None)) -> GradientParts | None:
        """Return what its gradient was made of, of one parameter or all (P,); None before the first step."""
        engine = self._at.engine
        return None if engine.last_pass is None else engine.parts(index)
