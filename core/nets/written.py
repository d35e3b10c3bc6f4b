"""How activations and losses are written: their formulas and those of their derivatives, served to be drawn.

An activation or a loss is stated twice, for two readers: what runs, in place and as fast as NumPy goes, and what is
shown. Tests hold the two together, number by number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..ground.expressions import expression


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """A function and its derivative as lines of arithmetic: see `ground.expressions`.

    Attributes
    ----------
    formula, derivative : str
        Of an activation f(z) and f′(z) in ``z``, the latter also in ``a`` = f(z). Of a loss C of one sample and ∂C/∂a
        (∂C/∂z of a loss from logits) in ``a`` and ``y``, over whose outputs ``sum`` and ``mean`` go; ``outputs`` is
        their number. Both may name settings of the run: ``leaky_slope``, ``huber_delta``.
    symbols : dict
        How further names are written, as in `optimizers.formula.SYMBOLS`.
    constants : dict
        Their values, where they are constants.
    """

    formula: str
    derivative: str
    symbols: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, float] = field(default_factory=dict)

    def values(self, **given: Any) -> tuple[Any, Any]:
        """Return what formula and derivative come to; arrays have the outputs along the first axis."""
        known = {**self.constants, **given}
        with np.errstate(all="ignore"):
            return expression(self.formula).value(known), expression(self.derivative).value(known)

    def to_json(self) -> dict[str, Any]:
        """Return it for the page to draw: see `Written` in `static/js/types.d.ts`."""
        return {
            "formula": expression(self.formula).tree,
            "derivative": expression(self.derivative).tree,
            "symbols": dict(self.symbols),
            "constants": dict(self.constants),
        }
