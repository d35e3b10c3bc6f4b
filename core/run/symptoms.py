"""What people come to see going wrong in a run: one record for each symptom, with its bounds and what helps.

Each is told from `Signs` alone. Bounds are such that ordinary runs show none of them (`tests/core/run/test_symptoms.py`
asks 200), and that a run that has one shows it soon. Losses are held against that of the best constant answer, which is
what a net gets that has learnt nothing, so that bounds mean the same for every loss and data set.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from . import remedies
from .remedies import Remedy
from .signs import Signs

#: δ that is less than so much of the output's changes no digit of a weight (the spacing of float64 is 2.2e-16).
_SILENT = 1e-13
#: Share of neurons and samples on a flat end at which a whole layer is.
_ALL = 0.99
#: A run whose loss is below this share of the constant answer's has learnt: what it shows is no complaint.
_LEARNT = 0.5
#: Answers that differ by less than this share of what targets do are all the same.
_SAME = 0.15
#: A loss that is below that of the constant answer by less than the one share, and above it by less than the other, is
#: that: a slow start leaves it downwards, and single batches shake it upwards.
_BELOW, _ABOVE = 0.01, 0.03
#: A loss so many times that of the constant answer is worse than knowing nothing; so many times the least that there
#: was, it has been better: nets may begin above the constant answer, and are not thrown off while they come down.
_WORSE, _BETTER = 1.5, 1.1
#: Looks whose median is the loss of a run that jumps about: single batches throw it down too, for a step or two.
_LOOKS = 9
#: By how much parameters have grown where weights run away.
_GROWN = 2.0
#: Test loss against its least, and training loss against what it was there, where a run overfits.
_TEST_UP, _TRAIN_DOWN = 1.25, 0.8
#: Tasks whose losses make one number, of the first and of the last; how much worse the last must be, and by which share
#: of the constant answer's loss.
_TASKS, _DULLER, _DULLED = 5, 1.5, 0.3
#: A rise of the test loss that is less than this share of the constant answer's is none.
_RISE = 0.15
#: Share of a full-batch run's steps that go up, and what they add up to as a share of the constant answer's loss.
_UPS, _UPWARD = 0.3, 0.25


@dataclass(frozen=True, slots=True)
class Finding:
    """That a symptom is there.

    Attributes
    ----------
    layers : tuple of int
        The layers that show it, counted from 1; none where it is about the whole net.
    value : float or None
        The number that says how much.
    """

    layers: tuple[int, ...] = ()
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Symptom:
    """Something that goes wrong.

    Attributes
    ----------
    name : str
        Its key in `SYMPTOMS`.
    kind : str
        What it stands in the way of: of the symptoms of a kind the first is the cause of those behind it, and told.
    found : callable (Signs) -> Finding or None
        Whether a look shows it.
    patience : (steps, epochs)
        It must hold at every look for as long as both, before it is told; and be absent as long, before it is gone.
    helps : tuple of callables (Signs) -> Remedy or None
        What helps, the best first; None where it does not apply.
    """

    name: str
    kind: str
    found: Callable[[Signs], Finding | None]
    patience: tuple[int, int]
    helps: tuple[Callable[[Signs], Remedy | None], ...]

    def steps(self, signs: Signs) -> int:
        """Return for how many steps it must hold."""
        steps, epochs = self.patience
        return max(steps, epochs * signs.per_epoch)

    def remedies(self, signs: Signs) -> tuple[Remedy, ...]:
        """Return what helps this run."""
        return tuple(found for make in self.helps if (found := make(signs)) is not None)


def _learnt(signs: Signs) -> bool:
    return signs.loss < _LEARNT * signs.constant


def _runaway(signs: Signs) -> Finding | None:
    """Weights that a penalty or decay multiplies at each step, whatever the data say: see `runaway`."""
    start, now = signs.sizes
    return Finding((), signs.pull.pull) if signs.pull is not None and now > _GROWN * start else None


def _dead(signs: Signs) -> Finding | None:
    """A layer in which no training sample activates any neuron (Lu et al. 2019, "Dying ReLU and initialization")."""
    bounded = [share > 0 for share in signs.saturated]
    layers = tuple(k + 1 for k, flat in enumerate(signs.flat) if flat and not bounded[k])
    return Finding(layers) if layers else None


def _saturated(signs: Signs) -> Finding | None:
    """A layer with all neurons on a flat end, in a run that has not learnt (Glorot & Bengio 2010, section 3)."""
    layers = tuple(k + 1 for k, share in enumerate(signs.saturated) if share >= _ALL)
    return Finding(layers, min(signs.saturated[k - 1] for k in layers)) if layers and not _learnt(signs) else None


def _silent(signs: Signs) -> Finding | None:
    """Hidden layers whose error is 0 to the last digit of a weight, under an output that has one."""
    output = signs.delta[-1]
    layers = tuple(k + 1 for k, size in enumerate(signs.delta[:-1]) if size <= _SILENT * output)
    return Finding(layers) if output > 0 and layers and not _learnt(signs) else None


def _thrown(signs: Signs) -> Finding | None:
    """A loss far above that of the constant answer, and above what it has been: steps that are too long led there."""
    least = np.fmin.reduce(signs.past[:, 1], initial=signs.begun)
    loss = float(np.median(signs.past[-_LOOKS:, 1]))
    thrown = loss > max(_WORSE * signs.constant, _BETTER * least) and signs.constant > 0
    return Finding((), loss / signs.constant) if thrown else None


def _stuck(signs: Signs) -> Finding | None:
    """The same answer to every sample, at the loss of the best such answer."""
    near = (1 - _BELOW) * signs.constant <= signs.loss <= (1 + _ABOVE) * signs.constant
    return Finding((), signs.constant) if near and signs.spread < _SAME else None


def _oscillating(signs: Signs) -> Finding | None:
    """A full-batch loss that goes up and down: η is at the edge of stability, 2/λ (Cohen et al. 2021).

    Losses of other batches, or with other neurons left out or noise, go up and down without that.
    """
    shaken = signs.config.network.dropout > 0 or signs.config.gradient_noise > 0
    if signs.per_epoch > 1 or shaken or len(signs.recent) < 32:
        return None
    moves = np.diff(signs.recent.astype(np.float64))
    ups = moves[moves > 0]
    often, far = len(ups) >= _UPS * len(moves), ups.sum() >= _UPWARD * signs.constant
    return Finding((), float(signs.rate)) if often and far else None


def _overfitting(signs: Signs) -> Finding | None:
    """A test loss that has risen from its least while the training loss fell (Prechelt 1998, "Early stopping")."""
    steps, train, test = signs.past.T
    if not np.isfinite(test).all() or len(test) < 8:
        return None
    least = int(np.argmin(test))
    now = float(np.median(test[-3:]))
    risen = now > _TEST_UP * test[least] and now - test[least] > _RISE * signs.constant
    fallen = float(np.median(train[-3:])) < _TRAIN_DOWN * train[least]
    return Finding((), float(steps[least])) if risen and fallen else None


def _rigid(signs: Signs) -> Finding | None:
    """Tasks that are learnt worse and worse, each as hard as the others: plasticity is lost (Dohare et al. 2024)."""
    if len(signs.tasks) < 2 * _TASKS:
        return None
    first, last = float(np.median(signs.tasks[:_TASKS])), float(np.median(signs.tasks[-_TASKS:]))
    worse = last > _DULLER * first and last - first > _DULLED * signs.constant
    return Finding((), last / first) if worse else None


def _clipped(signs: Signs) -> Finding | None:
    """Clipping that makes every step shorter: the bound sets the length of steps, the gradient only their direction."""
    clipping = signs.clipping
    always = clipping is not None and clipping.clipped == clipping.steps > 0
    return Finding((), clipping.before) if always and clipping is not None else None


_FIRST = (remedies.continual, remedies.slower)
_TABLE = (
    Symptom("runaway", "learning", _runaway, (0, 0), (remedies.weaker_pull,)),
    Symptom("dead", "learning", _dead, (20, 1), (*_FIRST, remedies.normalized)),
    Symptom("saturated", "learning", _saturated, (50, 5), (*_FIRST, remedies.spread, remedies.relu)),
    Symptom("silent", "learning", _silent, (50, 5), (*_FIRST, remedies.spread)),
    Symptom("thrown", "learning", _thrown, (100, 10), (*_FIRST, remedies.spread)),
    Symptom("clipped", "clipping", _clipped, (200, 10), (remedies.looser,)),
    Symptom("stuck", "learning", _stuck, (800, 5), (*_FIRST, remedies.normalized, remedies.relu, remedies.hidden)),
    Symptom("oscillating", "step", _oscillating, (64, 0), (remedies.slower_here,)),
    Symptom("rigid", "tasks", _rigid, (0, 0), (remedies.continual,)),
    Symptom("overfitting", "test", _overfitting, (200, 10), (remedies.penalized,)),
)

#: name -> record; of a kind, the first of those that hold is the one to be told.
SYMPTOMS: Mapping[str, Symptom] = MappingProxyType({symptom.name: symptom for symptom in _TABLE})
