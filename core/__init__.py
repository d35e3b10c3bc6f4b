"""The mathematics of Backscope: networks, their derivatives, optimizers, data and loss surfaces, in NumPy.

A network is a shape; its parameters are one flat vector θ, and every derivative can be checked on the spot:

>>> import numpy as np
>>> from backscope.core import Network, Trainer, RunConfig, check_gradient, make_optimizer
>>> net = Network([2, 4, 1], activation="tanh", output="sigmoid")
>>> theta = net.initialize("xavier_uniform", seed=0)
>>> X, y = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([[0.0], [1.0], [1.0], [0.0]])
>>> result = net.backpropagate(theta, X, y, loss="bce")
>>> result.layers[0].delta.shape, result.layers[0].dW.shape
((4, 4), (4, 2))
>>> bool(check_gradient(net, theta, X, y, loss="bce") < 1e-6)
True
>>> optimizer = make_optimizer("adam", learning_rate=0.1)
>>> for _ in range(300):
...     theta = theta + optimizer.step(theta, net.backpropagate(theta, X, y, loss="bce").gradient)
>>> net.predict(theta, X).round(1).ravel().tolist()
[0.0, 1.0, 1.0, 0.0]

A run is a pure function of its config and the log of live edits, so any step of it can be returned to, bit for bit:

>>> trainer = Trainer(RunConfig.from_json({"data": {"name": "spiral"}, "network": {"hidden": [8, 8]}}))
>>> trainer.run(200)
200
>>> config = trainer.edit(learning_rate=0.3, optimizer="adam")
>>> trainer.run(300)
300
>>> there = trainer.theta.tobytes()
>>> trainer.seek(120)
>>> trainer.seek(500)
>>> trainer.theta.tobytes() == there
True

Products of small matrices gain nothing from several threads, and lose their fixed order of rounding: if NumPy is not
yet loaded, its linear algebra is asked to run on one, unless the environment already says something else.
"""

import os
import sys

if "numpy" not in sys.modules:
    for _library in ("OPENBLAS", "MKL", "BLIS"):
        os.environ.setdefault(f"{_library}_NUM_THREADS", "1")

# ruff: isort: split
from .config.config import LIMITS, DataConfig, NetworkConfig, OptimizerConfig, RunConfig, ScheduleConfig, StoppingConfig
from .config.own import own_activation, own_loss, own_optimizer, own_points, own_schedule
from .config.registering import forget, register
from .data.csv_data import FileFormat, read_csv
from .data.dataset import Dataset
from .data.datasets import DATASETS, make_dataset
from .data.features import FEATURES
from .data.tables import DataError, Table, table_from_arrays
from .ensemble.boundary import BoxDimension, box_dimension
from .ensemble.ensemble import Ensemble
from .ensemble.trainability import TrainabilityMap, gaussian_net, trainability_map
from .ground.errors import BackscopeError, ConfigError
from .ground.geometry import Plane
from .ground.hyperparameters import Hyperparameter
from .insight.chain import Node, Target
from .insight.diagnostics import LayerDiagnosis, diagnose
from .insight.evaluation import Metrics
from .insight.explain import Explanation, explain
from .insight.laboratory import Laboratory, Reading
from .insight.theory import Expectation, expect, fitted_factor
from .landscapes.functions import LANDSCAPES, descend
from .nets.activations import ACTIVATIONS
from .nets.differences import check_gradient
from .nets.initializers import INITIALIZERS
from .nets.losses import LOSSES
from .nets.network import Network
from .nets.normalization import NORMALIZATIONS
from .optimizers.schedules import SCHEDULES
from .optimizers.table import OPTIMIZERS, make_optimizer
from .run.lanes import MOST_LANES, Lanes
from .run.log import Branch, LogEntry
from .run.trainer import Divergence, Stop, Trace, Trainer
from .surface.curvature import Sharpness, sharpness
from .surface.loss_function import LossFunction
from .surface.planes import make_plane
from .surface.surface import SurfaceTask, loss_grid, loss_line, path_figures

__all__ = [
    "ACTIVATIONS",
    "DATASETS",
    "FEATURES",
    "INITIALIZERS",
    "LANDSCAPES",
    "LIMITS",
    "LOSSES",
    "MOST_LANES",
    "NORMALIZATIONS",
    "OPTIMIZERS",
    "SCHEDULES",
    "BackscopeError",
    "BoxDimension",
    "Branch",
    "ConfigError",
    "DataConfig",
    "DataError",
    "Dataset",
    "Divergence",
    "Ensemble",
    "Expectation",
    "Explanation",
    "FileFormat",
    "Hyperparameter",
    "Laboratory",
    "Lanes",
    "LayerDiagnosis",
    "LogEntry",
    "LossFunction",
    "Metrics",
    "Network",
    "NetworkConfig",
    "Node",
    "OptimizerConfig",
    "Plane",
    "Reading",
    "RunConfig",
    "ScheduleConfig",
    "Sharpness",
    "Stop",
    "StoppingConfig",
    "SurfaceTask",
    "Table",
    "Target",
    "Trace",
    "TrainabilityMap",
    "Trainer",
    "box_dimension",
    "check_gradient",
    "descend",
    "diagnose",
    "expect",
    "explain",
    "fitted_factor",
    "forget",
    "gaussian_net",
    "loss_grid",
    "loss_line",
    "make_dataset",
    "make_optimizer",
    "make_plane",
    "own_activation",
    "own_loss",
    "own_optimizer",
    "own_points",
    "own_schedule",
    "path_figures",
    "read_csv",
    "register",
    "sharpness",
    "table_from_arrays",
    "trainability_map",
]
