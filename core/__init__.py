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
from .chain import Node, Target
from .config import LIMITS, DataConfig, NetworkConfig, OptimizerConfig, RunConfig, ScheduleConfig, StoppingConfig
from .csv_data import read_csv
from .curvature import Sharpness, sharpness
from .datasets import DATASETS, Dataset, make_dataset
from .diagnostics import LayerDiagnosis, diagnose
from .differences import check_gradient
from .errors import BackscopeError, ConfigError
from .evaluation import Metrics
from .explain import Explanation, explain
from .features import FEATURES
from .initializers import INITIALIZERS
from .landscapes import LANDSCAPES, descend
from .log import Branch, LogEntry
from .loss_function import LossFunction
from .losses import LOSSES
from .network import Network
from .normalization import NORMALIZATIONS
from .optimizers import OPTIMIZERS, make_optimizer
from .own_data import DataError, Table, forget, register, table_from_arrays
from .planes import Plane, make_plane
from .schedules import SCHEDULES
from .surface import SurfaceTask, loss_grid, loss_line, path_figures
from .trainer import Divergence, Stop, Trace, Trainer

__all__ = [
    "ACTIVATIONS",
    "DATASETS",
    "FEATURES",
    "INITIALIZERS",
    "LANDSCAPES",
    "LIMITS",
    "LOSSES",
    "NORMALIZATIONS",
    "OPTIMIZERS",
    "SCHEDULES",
    "BackscopeError",
    "Branch",
    "ConfigError",
    "DataConfig",
    "DataError",
    "Dataset",
    "Divergence",
    "Explanation",
    "LayerDiagnosis",
    "LogEntry",
    "LossFunction",
    "Metrics",
    "Network",
    "NetworkConfig",
    "Node",
    "OptimizerConfig",
    "Plane",
    "RunConfig",
    "ScheduleConfig",
    "Sharpness",
    "Stop",
    "StoppingConfig",
    "SurfaceTask",
    "Table",
    "Target",
    "Trace",
    "Trainer",
    "check_gradient",
    "descend",
    "diagnose",
    "explain",
    "forget",
    "loss_grid",
    "loss_line",
    "make_dataset",
    "make_optimizer",
    "make_plane",
    "path_figures",
    "read_csv",
    "register",
    "sharpness",
    "table_from_arrays",
]
