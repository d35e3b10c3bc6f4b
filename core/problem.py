"""The problem that a run is about: its network, training set and loss, for work in other processes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .config import RunConfig
from .datasets import make_dataset
from .network import Network

Array = NDArray[np.float64]

_PARTS = ("data", "network", "loss", "seed")


class Problem(NamedTuple):
    """Everything that decides the loss of parameters."""

    net: Network
    X: Array
    y: Array
    loss: str


def problem_key(config: Mapping[str, Any]) -> str:
    """Return the parts of a `RunConfig` as JSON on which the loss of parameters depends, as one text."""
    return json.dumps({name: config[name] for name in _PARTS if config.get(name) is not None}, sort_keys=True)


@lru_cache(maxsize=8)
def find_problem(key: str) -> Problem:
    """Return the problem of a `problem_key`; a process keeps the last few."""
    config = RunConfig.from_json(json.loads(key))
    output, loss = config.output_and_loss()
    data = make_dataset(config.data, config.seed, output, loss)
    net = config.make_network()
    return Problem(net, data.X_train, data.y_train, loss)
