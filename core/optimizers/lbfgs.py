"""L-BFGS: Newton's direction from how the gradient changed over the last steps."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np

from ..ground.hyperparameters import Hyperparameter
from ..nets.activations import Array
from .formula import Line, known, term
from .optimizer import Matrices, Optimizer, UsualRate

#: Most steps that are looked back on.
MOST = 6
#: A step along which the slope did not rise by more than this tells nothing of a minimum, and is not kept.
_LEAST = 1e-10

_STEPS = tuple(f"s{k}" for k in range(1, MOST + 1))
_CHANGES = tuple(f"y{k}" for k in range(1, MOST + 1))

_SOURCE = f'''
def newton(rule, w, g):
    """The direction of L-BFGS: the two-loop recursion over the last steps s and changes y of the gradient."""
    def dot(a, b):
        return np.sum(a * b)

    if rule.t == 1:
        rule.pairs, rule.scale = [], 1.0
        d = g * min(1.0, 1.0 / np.sum(np.abs(g)))
    else:
        s, y = w - rule.before[0], g - rule.before[1]
        if dot(s, y) > {_LEAST}:
            rule.pairs = [(s, y), *rule.pairs][:{MOST}]
            rule.scale = dot(s, y) / dot(y, y)
        pairs, shares, d = rule.pairs[: rule.history], [], g
        for s, y in pairs:
            if dot(s, y) <= 0:  # new units have taken their parts of both away
                break
            shares.append(dot(s, d) / dot(s, y))
            d = d - shares[-1] * y
        d = rule.scale * d
        for (s, y), share in reversed([*zip(pairs, shares)]):
            d = d + (share - dot(y, d) / dot(s, y)) * s
    rule.before = w.copy(), g.copy()
    return d
'''.strip()


class LBFGS(Optimizer):
    """L-BFGS (Nocedal 1980; Nocedal & Wright 2006, Algorithm 7.4) without a line search: step −ηd.

    d is the gradient times an estimate of the inverse Hessian, by the two-loop recursion over the last steps s = Δw and
    the changes y = Δg that they made, of which those with s·y > 0 count. η = 1 would be Newton's step. As in PyTorch,
    the first d is no longer than 1 in sum. It is made for the full batch: from batch to batch g changes by chance too.
    """

    name = "lbfgs"
    hyperparameters = (Hyperparameter("history", MOST, 1, MOST, integer=True),)
    memory = ("w_before", "g_before", *_STEPS, *_CHANGES)
    numbers = ("scale",)
    unwritten = (*memory, *numbers)
    forgetting = ("for pair in (self.before, *self.pairs):", "    pair[0][new] = pair[1][new] = 0")
    told = ("d",)
    told_source = MappingProxyType({"d": ("newton(self, w, g)", _SOURCE)})
    usual = UsualRate("own", 0.03)  # at 1 it leaves every valley whose shape changes: nothing shortens a step
    history: float
    d: Array
    w_before: Array
    g_before: Array
    scale: Array

    def lines(self) -> tuple[Line, ...]:
        return known("d", "d", gradient=True), term("step", "-eta * d", gradient=True)

    def start(self, theta: Array, matrices: Matrices | None = None) -> None:
        super().start(theta, matrices)
        small = np.zeros((2, MOST, *theta.shape[:-1], 1), theta.dtype)
        vectors = ([getattr(self, name) for name in names] for names in (_STEPS, _CHANGES))
        self._pairs = list(zip(*vectors, *small, strict=True))

    def _rule(self, theta: Array, gradient: Array) -> None:
        if self.t == 1:
            np.abs(gradient, self._work)
            with np.errstate(divide="ignore"):
                np.multiply(gradient, np.minimum(1.0, 1.0 / self._work.sum(axis=-1, keepdims=True)), self.d)
        else:
            np.subtract(theta, self.w_before, self.w_before)
            np.subtract(gradient, self.g_before, self.g_before)
            self._keep(self.w_before, self.g_before)
            self._turn(gradient)
        np.copyto(self.w_before, theta)
        np.copyto(self.g_before, gradient)
        np.multiply(self.d, self._minus_rate, self.update)

    def _keep(self, s: Array, y: Array) -> None:
        """Put a step and its change of the gradient before the others, in each vector where the slope rose."""
        product = self._dot(s, y)
        rises = product > _LEAST
        for names, new in ((_STEPS, s), (_CHANGES, y)):
            for older, newer in zip(names[:0:-1], names[-2::-1], strict=True):
                np.copyto(getattr(self, older), getattr(self, newer), where=rises)
            np.copyto(getattr(self, names[0]), new, where=rises)
        with np.errstate(all="ignore"):
            np.copyto(self.scale, product / self._dot(y, y), where=rises)

    def _turn(self, gradient: Array) -> None:
        """Write the gradient times the estimate of the inverse Hessian into `d`; pairs that are still 0 do nothing."""
        d, work, count = self.d, self._work, 0
        np.copyto(d, gradient)
        for k, (s, y, product, share) in enumerate(self._pairs):
            self._dot(s, y, product)
            unused = (product <= 0) | (k >= np.asarray(self.history))
            if unused.all():
                break
            np.copyto(product, np.inf, where=unused)
            np.divide(self._dot(s, d, share), product, share)
            np.subtract(d, np.multiply(y, share, work), d)
            count += 1
        np.multiply(d, self.scale, d)
        for s, y, product, share in reversed(self._pairs[:count]):
            np.subtract(share, self._dot(y, d) / product, share)
            np.add(d, np.multiply(s, share, work), d)

    def _dot(self, a: Array, b: Array, out: Array | None = None) -> Array:
        """Return the product of vectors (…, P) as (…, 1)."""
        return np.asarray(np.multiply(a, b, self._work).sum(axis=-1, keepdims=True, out=out))
