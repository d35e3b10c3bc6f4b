"""The mathematics of Backscope: networks, their derivatives, optimizers, data and loss surfaces, in NumPy.

Products of small matrices gain nothing from several threads, and lose their fixed order of rounding: if NumPy is not
yet loaded, its linear algebra is asked to run on one, unless the environment already says something else.
"""

import os
import sys

if "numpy" not in sys.modules:
    for _library in ("OPENBLAS", "MKL", "BLIS"):
        os.environ.setdefault(f"{_library}_NUM_THREADS", "1")

# ruff: isort: split
from .activations import ACTIVATIONS
from .config import LIMITS, DataConfig, NetworkConfig, OptimizerConfig, RunConfig
from .datasets import DATASETS, Dataset, make_dataset
from .diagnostics import Metrics
from .differences import check_gradient
from .errors import BackscopeError, ConfigError
from .initializers import INITIALIZERS
from .log import Branch, LogEntry
from .losses import LOSSES
from .network import Network
from .optimizers import OPTIMIZERS, make_optimizer
from .surface import LossFunction, Plane, SurfaceTask, loss_grid, make_plane, path_figures
from .trainer import Divergence, Trace, Trainer

__all__ = [
    "ACTIVATIONS",
    "DATASETS",
    "INITIALIZERS",
    "LIMITS",
    "LOSSES",
    "OPTIMIZERS",
    "BackscopeError",
    "Branch",
    "ConfigError",
    "DataConfig",
    "Dataset",
    "Divergence",
    "LogEntry",
    "LossFunction",
    "Metrics",
    "Network",
    "NetworkConfig",
    "OptimizerConfig",
    "Plane",
    "RunConfig",
    "SurfaceTask",
    "Trace",
    "Trainer",
    "check_gradient",
    "loss_grid",
    "make_dataset",
    "make_optimizer",
    "make_plane",
    "path_figures",
]
