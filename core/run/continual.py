"""Continual backpropagation: after each step a small share of the least useful units begins anew.

Dohare, Hernandez-Garcia, Lan, Rahman, Mahmood & Sutton 2024, "Loss of plasticity in deep continual learning", Nature
632, 768–774, Methods, "Specifics of continual backpropagation" and Algorithm 1. For each hidden layer l, after the
optimizer's step of time t:

    a_l ← a_l + 1                                            ages
    u_l[i] ← η u_l[i] + (1 − η) |h_l,i,t| Σ_k |w_l,i,k,t|    contribution utilities
    c_l ← c_l + ρ · (units of the layer with a_l > m)        units that are due
    if c_l > 1: the unit r with the smallest utility of those with a_l > m gets incoming weights from the distribution
    that it began with and outgoing weights 0; u_l[r] = a_l[r] = 0; c_l ← c_l − 1

In words: what a unit gives to the next layer, on average, is its use; the least useful one is replaced now and then, in
a way that changes no answer, and left alone until it has had time to become useful.

What the paper leaves open is as its authors' program has it: of a batch, |h| is its mean; what an optimizer remembers
of the replaced weights is forgotten. Adam's count of steps stays that of the net. γ and β begin anew with their unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..config.config import RunConfig
from ..ground.streams import stream
from ..nets.activations import Array
from ..nets.arena import Block
from ..nets.initializers import INITIALIZERS
from ..nets.network import Network
from ..nets.passes import Pass
from ..optimizers.optimizer import Optimizer

Flat = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ContinualState:
    """What the next replacements depend on.

    Attributes
    ----------
    utility : array (n,)
        u of all hidden units, layer after layer.
    age : array (n,)
        Steps since each of them was new.
    due : array (layers,)
        c of each hidden layer.
    stream : dict
        State of the stream of new weights.
    """

    utility: Flat
    age: NDArray[np.int64]
    due: Flat
    stream: Mapping[str, Any]

    @property
    def nbytes(self) -> int:
        """About how much memory it takes."""
        return self.utility.nbytes + self.age.nbytes + self.due.nbytes


class Continual:
    """Continual backpropagation of a run.

    Parameters
    ----------
    config : RunConfig
        With a replacement rate above 0.
    network : Network
        The shape.
    theta : array (P,)
        Parameters, which are changed in place.
    state : ContinualState, optional
        Where it goes on; None begins with units of age 0.

    Attributes
    ----------
    replaced : int
        Units that the last step replaced.
    before : dict of int to float
        Of the parameters that the last step set anew, by index in θ: what they were before that, behind the update.
    """

    def __init__(self, config: RunConfig, network: Network, theta: Array, state: ContinualState | None = None) -> None:
        self._network, self._theta = network, theta
        sizes = network.sizes[1:-1]
        ends = np.cumsum([0, *sizes])
        self._utility, self._age = np.zeros(ends[-1]), np.zeros(ends[-1], np.int64)
        self._due = np.zeros(len(sizes))
        self._rng = stream(config.seed, "replacement")
        if state is not None:
            self._utility[...], self._age[...], self._due[...] = state.utility, state.age, state.due
            self._rng.bit_generator.state = state.stream
        self._layers = [slice(int(low), int(high)) for low, high in pairwise(ends)]
        ahead = zip(network.blocks[1:], sizes, strict=True)
        self._out = [(block.view(theta)[:size], np.ones(block.cols, theta.dtype)) for block, size in ahead]
        self._shares: dict[int, Array] = {}
        self.replaced = 0
        self.before: dict[int, float] = {}
        self.set(config)

    def ahead_of(self, update: Array) -> dict[int, float]:
        """Return what the parameters were, by index in θ, that the last step set anew behind its `update` (P,)."""
        return {index: value - float(update[index]) for index, value in self.before.items()}

    def set(self, config: RunConfig) -> None:
        """Go on with the numbers of another config of the run."""
        self._rate, self._threshold = config.replacement_rate, config.maturity_threshold
        self._decay, self._initializer = config.utility_decay, INITIALIZERS[config.initializer]
        self._scale = self._initializer.scale if config.initializer_scale is None else config.initializer_scale

    def state(self) -> ContinualState:
        """Return copies of all that the next replacements depend on."""
        now = self._rng.bit_generator.state
        return ContinualState(self._utility.copy(), self._age.copy(), self._due.copy(), now)

    def after(self, run: Pass, optimizer: Optimizer) -> None:
        """Look at the units after a step: `run` is its pass, `optimizer` what made it."""
        if self.replaced:
            self.replaced = 0
            self.before.clear()
        self._age += 1
        passed, share = run.passed, self._shares.get(run.batch)
        if share is None:
            share = self._shares[run.batch] = np.full(run.batch, 1 / run.batch, self._theta.dtype)
        for layer, units in enumerate(self._layers):
            utility, age = self._utility[units], self._age[units]
            out, ones = self._out[layer]
            given = np.abs(passed[run.arena.rows[layer]]).dot(share)  # the mean of |h|
            given *= np.abs(out).dot(ones)
            given *= 1 - self._decay
            utility *= self._decay
            utility += given
            mature = age > self._threshold
            self._due[layer] += self._rate * np.count_nonzero(mature)
            if self._due[layer] > 1:
                unit = int(np.where(mature, utility, np.inf).argmin())
                self._replace(layer, unit, optimizer)
                utility[unit] = age[unit] = 0
                self._due[layer] -= 1

    def _replace(self, layer: int, unit: int, optimizer: Optimizer) -> None:
        """Draw a unit's incoming weights anew, and set its outgoing ones to 0."""
        theta, blocks, n_in = self._theta, self._network.blocks, self._network.sizes[layer]
        here = _incoming(blocks[layer], unit)
        there = _outgoing(blocks[layer + 1], unit)
        self.before.update((int(index), float(theta[index])) for index in (*here, *there))
        self.replaced += 1
        theta[here] = self._fresh(layer, unit, n_in)
        theta[there] = 0.0
        optimizer.forget(theta, np.concatenate([here, there]))

    def _fresh(self, layer: int, unit: int, n_in: int) -> Flat:
        """Return a unit's weights, bias, γ and β as they begin, from a layer that is drawn whole."""
        block, drawn = self._network.blocks[layer], self._initializer
        column = drawn.weights(self._rng, n_in, block.cols, self._scale)[:, unit]
        bias = np.zeros(block.rows - n_in)
        if len(bias) and drawn.biases is not None and self._network.normalization[layer] != "batch":
            bias = drawn.biases(self._rng, n_in, block.cols)[unit : unit + 1]
        return np.concatenate([column, bias, [1.0, 0.0] if block.normalized else []])


def continual_of(
    config: RunConfig, network: Network, theta: Array, known: Continual | ContinualState | None = None
) -> Continual | None:
    """Return what replaces a run's units from here on, as it was `known`; None where none are replaced."""
    if not config.replacement_rate:
        return None
    if isinstance(known, Continual):
        known.set(config)
        return known
    return Continual(config, network, theta, known)


def _incoming(block: Block, unit: int) -> NDArray[np.int64]:
    """Return where a unit's incoming weights, its bias, γ and β lie in θ."""
    return np.arange(block.offset + unit, block.end, block.cols)


def _outgoing(block: Block, unit: int) -> NDArray[np.int64]:
    """Return where a unit's outgoing weights lie in θ."""
    return block.offset + unit * block.cols + np.arange(block.cols)
