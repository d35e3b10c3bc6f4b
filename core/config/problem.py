"""The problem that a run is about: its network, training set and loss, for work in other processes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple, Self

import numpy as np

from ..data.dataset import Dataset
from ..data.datasets import make_dataset
from ..ground.streams import stream
from ..landscapes.functions import LANDSCAPES
from ..landscapes.problem import start_of
from ..nets.activations import Array
from ..nets.losses import Loss, smooth
from ..nets.network import Network
from .config import RunConfig

_PARTS = ("data", "network", "loss", "huber_delta", "label_smoothing", "seed")


class Problem(NamedTuple):
    """Everything that decides the loss of parameters; the targets y are smoothed as the run's are."""

    net: Network
    X: Array
    y: Array
    loss: Loss

    @classmethod
    def of(cls, config: RunConfig, data: Dataset) -> Self:
        """Return the problem of a run whose data set is there already."""
        y = smooth(data.y_train, config.label_smoothing)
        return cls(config.make_network(), data.X_train, y, config.make_loss())


def problem_key(config: Mapping[str, Any]) -> str:
    """Return the parts of a `RunConfig` as JSON on which the loss of parameters depends, as one text.

    That is the loss that a trainer's `evaluate` gives: penalties are not in it, and no neuron drops out.
    """
    parts = {name: config[name] for name in _PARTS if config.get(name) is not None}
    if "network" in parts:
        parts["network"] = {**parts["network"], "dropout": 0.0}
    return json.dumps(parts, sort_keys=True)


@lru_cache(maxsize=8)
def find_problem(key: str) -> Problem:
    """Return the problem of a `problem_key`; a process keeps the last few."""
    config = RunConfig.from_json(json.loads(key))
    output, loss = config.output_and_loss()
    return Problem.of(config, make_dataset(config.data, config.seed, output, loss))


def start_parameters(config: RunConfig) -> Array:
    """Return the parameters (P,) that a run begins with, in its precision."""
    if config.initial is not None:
        theta = np.array(config.initial)
    elif config.on_landscape:
        theta = start_of(LANDSCAPES[config.data.name], config.seed)
    else:
        rng = stream(config.seed, "initialization")
        theta = config.make_network().initialize(config.initializer, rng, config.initializer_scale)
    return theta.astype(config.precision)
